#include "ui/view.h"

#include <stdio.h>

#include "ui/card.h"
#include "ui/draw.h"
#include "ui/format.h"
#include "ui/glyph.h"

#define BAR 0x2502   /* │ */
#define STATISTICS 2 /* lines */

/* The window's statistics in two lines, at the bottom of the card. */
static void draw_statistics(struct canvas *canvas, const struct row *row, struct rect rect)
{
    int precision = format_precision(row->value, row->stdev, row->min, row->max);
    const double numbers[] = {row->mean, row->stdev, row->min, row->max};
    const char *const labels[] = {"mean", glyph_sigma(canvas->ascii), "min", "max"};
    int half = rect.width / 2 < 16 ? rect.width / 2 : 16;
    for (int i = 0; i < 4; i++) {
        char text[FORMAT_TEXT];
        int x = rect.x + i % 2 * half, y = rect.y + i / 2;
        format_value(numbers[i], precision, 8, text);
        canvas_text(canvas, x, y, 5, STYLE_DIM, labels[i]);
        canvas_text(canvas, x + 5, y, half - 6, STYLE_NORMAL, text);
    }
}

/* What sets it off from the chart: beside it a line, below it a rule with a title. */
static void draw_edge(struct canvas *canvas, const struct layout *layout)
{
    struct rect rect = layout->card, rule = layout->card_title;
    if (rule.height > 0) {
        draw_rule(canvas, rule);
        draw_title(canvas, rule.x + 2, rule.y, rule.x + rule.width, STYLE_ACCENT, "Twin");
    } else if (rect.height > 0) {
        canvas_fill(canvas, (struct rect){rect.x, rect.y, 1, rect.height}, STYLE_BAND, BAR);
    }
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct card *card = &frame->snapshot->card;
    struct rect rect = frame->layout->card;
    if (rect.height <= 0 || (!card->valid && !card->twin))
        return;
    draw_edge(canvas, frame->layout);
    struct rect inside = {rect.x + 2, rect.y, rect.width - 3, rect.height};
    struct card_line lines[CARD_LINES];
    int count = card_twin(frame, lines);
    if (count < CARD_LINES)
        count += card_ahead(frame, lines + count);
    canvas_clip(canvas, inside);
    if (rect.height < STATISTICS + 2 || !card->valid) {
        card_draw_lines(canvas, inside, lines, count);
    } else {
        struct rect top = inside;
        top.height -= STATISTICS + (inside.height > 9); /* room to breathe, where there is room */
        inside.y += card_draw_lines(canvas, top, lines, count) + (inside.height > 9);
        draw_statistics(canvas, &card->row, inside);
    }
    canvas_unclip(canvas);
}

const struct view view_card = {"card", draw};
