#include "ui/view.h"

#include "ui/card.h"
#include "ui/draw.h"

#define TWO_COLUMNS 64

/* Where the statistics stand beside the twin; width 0: below it. */
static struct rect statistics_place(struct rect card)
{
    if (card.width < TWO_COLUMNS)
        return (struct rect){0};
    int left = card.width / 2;
    return (struct rect){card.x + left, card.y, card.width - left - 1, card.height};
}

static void draw_titles(struct canvas *canvas, const struct layout *layout, int right)
{
    int y = layout->card_title.y;
    if (layout->card_title.height == 0)
        return;
    draw_rule(canvas, layout->card_title);
    draw_title(canvas, 2, y, layout->width, STYLE_ACCENT, "Twin");
    if (right > 0)
        draw_title(canvas, right - 1, y, layout->width, STYLE_ACCENT, "Series");
}

/* One series over the whole screen: its chart, then the twin beside the statistics. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    struct rect left = layout->card, right = statistics_place(layout->card);
    struct card_line twin[CARD_LINES], statistics[CARD_LINES];
    view_chart.draw(canvas, frame);
    draw_titles(canvas, layout, right.x);
    if (left.height <= 0 || !frame->snapshot->card.valid)
        return;
    int twins = card_twin(frame, twin), numbers = card_statistics(frame, statistics);
    canvas_clip(canvas, left);
    left.x += 2;
    left.width = right.width > 0 ? right.x - left.x - 2 : left.width - 3;
    if (right.width > 0) {
        card_draw_lines(canvas, right, statistics, numbers);
    } else {
        int used = card_draw_lines(canvas, left, statistics, numbers);
        left.y += used;
        left.height -= used;
    }
    card_draw_lines(canvas, left, twin, twins);
    canvas_unclip(canvas);
}

const struct view view_detail = {"detail", draw};
