#include "ui/view.h"

#include <stdio.h>

#include "core/text.h"
#include "ui/card.h"
#include "ui/chart.h"
#include "ui/draw.h"
#include "ui/format.h"

/* The sums over a group in the place of a chart. */
static void draw_group(struct canvas *canvas, const struct frame *frame)
{
    struct rect rect = frame->layout->chart, rule = frame->layout->chart_title;
    struct card_line lines[CARD_LINES];
    int count = card_group(frame, lines);
    rect = (struct rect){rect.x + 3, rect.y + (rect.height > count), rect.width - 4,
                         rect.height - (rect.height > count)};
    draw_title_right(canvas, rule.x + rule.width / 2, rule.y, rule.width - 2, STYLE_DIM,
                     "Enter folds and unfolds");
    if (rect.height <= 0 || rect.width <= 0)
        return;
    canvas_clip(canvas, rect);
    card_draw_lines(canvas, rect, lines, count);
    canvas_unclip(canvas);
}

/* Where the selected row is no series: whose name stands there, and why there is no chart. */
static void draw_other_row(struct canvas *canvas, const struct frame *frame)
{
    const struct snapshot *snapshot = frame->snapshot;
    struct rect rule = frame->layout->chart_title, rect = frame->layout->chart;
    uint32_t i = snapshot->selected_row - snapshot->request.first_row;
    char name[TEXT_NAME_BYTES];
    if (i >= snapshot->row_count)
        return;
    format_middle(snapshot->rows[i].twin, (unsigned)rule.width / 2, name, sizeof name);
    draw_title(canvas, rule.x + 2, rule.y, rule.width, STYLE_ACCENT, name);
    if (snapshot->group.valid)
        draw_group(canvas, frame);
    else if (rect.height > 1)
        canvas_text(canvas, rect.x + 3, rect.y + 1, rect.width - 4, STYLE_DIM,
                    "No number has come from it yet.");
}

/* The rule above chart and card: whose chart, over which time, and how it is doing in words. */
static void draw_rule_line(struct canvas *canvas, const struct frame *frame)
{
    const struct card *card = &frame->snapshot->card;
    struct rect rule = frame->layout->chart_title;
    if (rule.height <= 0)
        return;
    draw_rule(canvas, rule);
    if (!card->valid) {
        draw_other_row(canvas, frame);
        return;
    }
    char words[48], span[FORMAT_TEXT], name[2 * TEXT_NAME_BYTES];
    unsigned style = draw_state_words(&card->row, words);
    format_span(frame->snapshot->request.span, span);
    draw_name(card->row.twin, card->row.name, (unsigned)rule.width / 2, name, sizeof name);
    int x = draw_title(canvas, rule.x + 2, rule.y, rule.width, STYLE_ACCENT, name);
    int right = draw_title_right(canvas, x, rule.y, rule.width - 2, style, words);
    draw_title_right(canvas, x, rule.y, right, STYLE_DIM, span);
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct snapshot *snapshot = frame->snapshot;
    const struct card *card = &snapshot->card;
    struct rect rect = frame->layout->chart;
    draw_rule_line(canvas, frame);
    if (rect.height <= 0 || !card->valid || !card->chart)
        return;
    const struct row *row = &card->row;
    /* The more is ahead, the less of the past is shown: the scale stays. */
    unsigned ahead = frame->ahead;
    unsigned wanted = (unsigned)chart_plot_columns(rect.width) * 2;
    if (ahead * 2 > wanted || ahead > card->ahead_count) /* the chart has just changed its size */
        ahead = 0;
    wanted -= ahead;
    unsigned count = snapshot->request.chart_columns;
    unsigned skip = count > wanted ? count - wanted : 0;
    if (count == 0 || snapshot->request.span < count)
        return;
    /* Buckets stand at whole multiples of their width, so that they keep their readings. */
    timestamp width = snapshot->request.span / count;
    struct chart chart = {
        .buckets = card->chart + skip,
        .count = count - skip,
        .end = (snapshot->now / width + 1) * width,
        .span = width * (count - skip),
        .has_band = card->has_band,
        .low = card->low,
        .high = card->high,
        .limits = &card->limits,
        .off = row->state == STATE_LATE || row->state == STATE_LOST || row->state == STATE_OFFLINE,
        .live = !frame->paused,
        .ahead = card->ahead,
        .ahead_count = ahead,
    };
    canvas_clip(canvas, rect);
    chart_draw(canvas, rect, &chart);
    canvas_unclip(canvas);
}

const struct view view_chart = {"chart", draw};
