#include "ui/view.h"

#include <stdio.h>

#include "core/text.h"
#include "core/unit.h"
#include "ui/card.h"
#include "ui/chart_frame.h"
#include "ui/chart_legend.h"
#include "ui/chart_panel.h"
#include "ui/draw.h"
#include "ui/format.h"

#define STRIP 4   /* lines of the lowest of several charts: a title, a plot of three */
#define VALUE 12  /* columns */
#define TITLE 160 /* bytes */

/* The sums over a group in the place of a chart. */
static void draw_group(struct canvas *canvas, const struct frame *frame)
{
    struct rect rect = frame->layout->chart, rule = frame->layout->chart_title;
    struct card_line lines[CARD_LINES];
    int count = card_group(frame, lines);
    rect = (struct rect){rect.x + 3, rect.y + (rect.height > count), rect.width - 4,
                         rect.height - (rect.height > count)};
    draw_title_right(canvas, rule.x + rule.width / 2, rule.y, rule.x + rule.width - 2, STYLE_DIM,
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
    draw_title(canvas, rule.x + 2, rule.y, rule.x + rule.width, STYLE_ACCENT, name);
    if (snapshot->group.valid)
        draw_group(canvas, frame);
    else if (rect.height > 1)
        canvas_text(canvas, rect.x + 3, rect.y + 1, rect.width - 4, STYLE_DIM,
                    "No number has come from it yet.");
}

/* When the bucket's last reading came; where it has none of its own, the middle of the bucket. */
static timestamp cursor_time(const struct card *card, const struct chart *chart)
{
    timestamp width = chart->span / chart->count;
    timestamp start = chart->end - chart->span + chart->cursor * width;
    for (uint32_t i = card->sample_count; i > 0 && card->samples[i - 1].time > start; i--)
        if (card->samples[i - 1].time <= start + width)
            return card->samples[i - 1].time;
    return start + width / 2;
}

/* What stands under the cursor: when, the last value of the bucket, its least and largest. */
static void cursor_words(const struct frame *frame, const struct chart *chart, char out[TITLE])
{
    const struct row *row = &frame->snapshot->card.row;
    const struct bucket *bucket = &chart->buckets[chart->cursor];
    char clock[FORMAT_TEXT], value[FORMAT_TEXT], min[FORMAT_TEXT], max[FORMAT_TEXT];
    int precision = format_precision(row->value, row->stdev, row->min, row->max);
    format_clock(cursor_time(&frame->snapshot->card, chart), clock);
    format_value(bucket->last, precision, VALUE, value);
    format_value(bucket->min, precision, VALUE, min);
    format_value(bucket->max, precision, VALUE, max);
    if (bucket->count == 0)
        snprintf(out, TITLE, "%s  no reading", clock);
    else if (bucket->count == 1)
        snprintf(out, TITLE, "%s  %s %s", clock, value, unit_symbol(row->unit));
    else
        snprintf(out, TITLE, "%s  %s %s  min %s  max %s", clock, value, unit_symbol(row->unit), min,
                 max);
}

/* How much time is shown; where that is not the time up to now, from when to when. */
static unsigned span_words(const struct frame *frame, const struct chart *chart, char out[TITLE])
{
    const struct snapshot_request *request = &frame->snapshot->request;
    char from[FORMAT_TEXT], to[FORMAT_TEXT], span[FORMAT_TEXT];
    format_span(request->chart_span > 0 ? request->chart_span : request->span, span);
    if (request->chart_end == 0 || chart->count == 0) {
        snprintf(out, TITLE, "%s", span);
        return STYLE_DIM;
    }
    format_clock(chart->end - chart->span, from);
    format_clock(chart->end, to);
    snprintf(out, TITLE, "%s to %s", from, to);
    return STYLE_WARN;
}

/* The rule above chart and card: whose chart, over which time, and how it is doing in words; with a
 * cursor, what stands there. */
static void draw_rule_line(struct canvas *canvas, const struct frame *frame,
                           const struct chart *chart)
{
    const char *const modes[Y_MODES] = {
        [Y_AUTO] = "y auto", [Y_FIXED] = "y fixed", [Y_SIGMA] = canvas->ascii ? "y ±3sd" : "y ±3σ"};
    const struct card *card = &frame->snapshot->card;
    struct rect rule = frame->layout->chart_title;
    int end = rule.x + rule.width;
    if (rule.height <= 0)
        return;
    draw_rule(canvas, rule);
    if (!card->valid) {
        draw_other_row(canvas, frame);
        return;
    }
    char words[48], text[TITLE], name[2 * TEXT_NAME_BYTES];
    bool focus = frame->focus == PANE_CHART;
    draw_name(card->row.twin, card->row.name, (unsigned)rule.width / 2, name, sizeof name);
    int x = draw_title(canvas, rule.x + 2, rule.y, end, STYLE_ACCENT | (focus ? STYLE_REVERSE : 0),
                       name);
    if (chart->has_cursor) {
        cursor_words(frame, chart, text);
        draw_title_right(canvas, x, rule.y, end - 2, STYLE_STRONG, text);
        return;
    }
    unsigned style = draw_state_words(&card->row, words);
    int right = draw_title_right(canvas, x, rule.y, end - 2, style, words);
    style = span_words(frame, chart, text);
    right = draw_title_right(canvas, x, rule.y, right, style, text);
    if (frame->layout->chart.height > 0)
        draw_title_right(canvas, x, rule.y, right,
                         frame->chart->y == Y_AUTO ? STYLE_DIM : STYLE_NORMAL,
                         modes[frame->chart->y]);
}

/* How many strips there is room for, and lines of each but the last, which may have more. */
static int count_strips(const struct frame *frame, struct rect rect, int *height)
{
    int count = 1 + (int)frame->snapshot->card.other_count, room = (rect.height - 1) / STRIP;
    if (count > 1 + CHART_OTHERS)
        count = 1 + CHART_OTHERS;
    if (count > room)
        count = room > 0 ? room : 1;
    *height = (rect.height - 1) / count;
    return count;
}

/* One below the other, on one time axis. */
static void draw_strips(struct canvas *canvas, struct rect rect, const struct frame *frame,
                        const struct chart_frame *shown)
{
    struct chart_frame strip = *shown;
    int height, count = count_strips(frame, rect, &height);
    int axis = rect.width - chart_plot_columns(rect.width);
    for (int i = 0; i < count; i++, rect.y += height, rect.height -= height) {
        bool last = i == count - 1;
        if (i > 0)
            chart_frame_other(frame, (unsigned)i - 1, &strip);
        strip.chart.bare = !last;
        chart_legend_line(canvas, rect.x + axis, rect.y, rect.width - axis, frame, i - 1,
                          &strip.chart);
        chart_draw(canvas,
                   (struct rect){rect.x, rect.y + 1, rect.width, (last ? rect.height : height) - 1},
                   &strip.chart);
    }
}

/* What is beside the chart stands beside the plot of the selected series. */
static void draw_pane(struct canvas *canvas, const struct frame *frame,
                      const struct chart_frame *shown)
{
    struct rect rect = frame->layout->chart, panel = frame->layout->statistics;
    int above = chart_legend_lines(frame, rect), height = rect.height - above, count = 1;
    bool strips = chart_frame_company(frame) == COMPANY_MULTIPLES;
    canvas_clip(canvas, rect);
    if (strips) {
        draw_strips(canvas, rect, frame, shown);
        count = count_strips(frame, rect, &height);
        above = 1;
    } else {
        chart_legend_draw(canvas, rect, frame, shown);
        rect.y += above;
        rect.height = height;
        chart_draw(canvas, rect, &shown->chart);
    }
    canvas_unclip(canvas);
    panel.y += above;
    panel.height -= above + 1; /* and the time axis */
    if (panel.height < 1)
        return;
    canvas_clip(canvas, panel);
    chart_panel_draw(canvas, panel, count > 1 ? height - 1 : panel.height, shown);
    canvas_unclip(canvas);
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    struct chart_frame shown;
    bool has_chart = chart_frame(frame, frame->layout->chart.width, &shown);
    draw_rule_line(canvas, frame, &shown.chart);
    if (has_chart && frame->layout->chart.height > 0)
        draw_pane(canvas, frame, &shown);
}

const struct view view_chart = {"chart", draw};
