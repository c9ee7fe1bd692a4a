#include "ui/chart_frame.h"

#include <math.h>
#include <string.h>

#include "core/unit.h"

#define LINES_ROWS 5 /* of the pane: lower ones are too small for more lines */

enum company chart_frame_company(const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    if (frame->snapshot->card.other_count == 0)
        return COMPANY_NONE;
    return chart_company(frame->chart->company, layout->width, layout->height);
}

unsigned chart_frame_style(unsigned i)
{
    static const unsigned styles[CHART_OTHERS] = {STYLE_GOOD, STYLE_SIM, STYLE_ACCENT, STYLE_NORMAL,
                                                  STYLE_DIM};
    return styles[i % CHART_OTHERS];
}

char chart_frame_mark(unsigned i)
{
    return (char)('2' + i % CHART_OTHERS);
}

static timestamp span_of(const struct snapshot_request *request)
{
    return request->chart_span > 0 ? request->chart_span : request->span;
}

/* Statistics of the readings within the chart, whose first buckets may make room for what is to
 * come. */
static void take_statistics(const struct card *card, struct chart_frame *out)
{
    const struct chart *chart = &out->chart;
    uint32_t first = 0;
    while (first < card->sample_count && card->samples[first].time <= chart->end - chart->span)
        first++;
    out->samples = card->samples + first;
    statistics_of(out->samples, card->sample_count - first, &out->statistics);
}

static void set_scale(const struct chart_choices *choices, uint32_t series, struct chart *chart)
{
    double reach = 3 * chart->sigma;
    if (choices->y == Y_FIXED && choices->held && choices->held_series == series) {
        chart->has_range = true;
        chart->y_low = choices->y_low;
        chart->y_high = choices->y_high;
    } else if (choices->y == Y_SIGMA && chart->has_lines && reach > 0 && isfinite(reach)) {
        chart->has_range = true;
        chart->y_low = chart->mean - reach;
        chart->y_high = chart->mean + reach;
    }
}

static void set_cursor(const struct frame *frame, struct chart *chart)
{
    const struct chart_choices *choices = frame->chart;
    struct chart_stretch shown = {.start = chart->end - chart->span,
                                  .width = chart->span / chart->count,
                                  .count = (int)chart->count};
    chart->has_cursor = choices->window.has_cursor;
    if (chart->has_cursor)
        chart->cursor = chart_window_bucket(&shown, choices->window.cursor);
    chart->has_choice = choices->dragging;
    if (!chart->has_choice)
        return;
    chart->from = chart_window_bucket(&shown, choices->from);
    chart->to = chart_window_bucket(&shown, choices->to);
}

static void set_others(const struct frame *frame, struct chart_frame *out)
{
    const struct card *card = &frame->snapshot->card;
    struct chart *chart = &out->chart;
    size_t skip = (size_t)(chart->buckets - card->chart);
    if (chart_frame_company(frame) != COMPANY_OVERLAY)
        return;
    chart->has_lines = chart->has_lines && frame->chart->y == Y_SIGMA;
    chart->mark = '1';
    chart->others = out->others;
    for (unsigned i = 0; i < card->other_count && i < CHART_OTHERS; i++) {
        const struct other_series *other = &card->others[i];
        bool same = strcmp(unit_symbol(other->unit), unit_symbol(card->row.unit)) == 0;
        out->others[chart->other_count++] = (struct chart_other){.buckets = other->chart + skip,
                                                                 .own_scale = !same,
                                                                 .style = chart_frame_style(i),
                                                                 .mark = chart_frame_mark(i)};
    }
}

/* The more is ahead, the less of the past is shown: the scale stays. Returns the buckets left out
 * at the beginning. */
static unsigned fit(const struct frame *frame, int width, struct chart *chart)
{
    unsigned count = frame->snapshot->request.chart_columns, ahead = frame->ahead;
    unsigned wanted = (unsigned)chart_plot_columns(width) * 2;
    if (ahead * 2 > wanted || ahead > frame->snapshot->card.ahead_count)
        ahead = 0; /* the chart has just changed its size */
    wanted -= ahead;
    chart->ahead_count = ahead;
    chart->count = count > wanted ? wanted : count;
    return count - chart->count;
}

/* Its buckets and their time. */
static bool take_buckets(const struct frame *frame, int width, struct chart *chart)
{
    const struct snapshot *snapshot = frame->snapshot;
    const struct snapshot_request *request = &snapshot->request;
    const struct card *card = &snapshot->card;
    timestamp span = span_of(request), end = request->chart_end;
    if (!card->valid || !card->chart || request->chart_columns == 0 ||
        span < request->chart_columns || chart_plot_columns(width) < 1)
        return false;
    /* Buckets stand at whole multiples of their width, so that they keep their readings. */
    timestamp bucket = span / request->chart_columns;
    chart->buckets = card->chart + fit(frame, width, chart);
    chart->end = ((end != 0 ? end : snapshot->now) / bucket + 1) * bucket;
    chart->last = end != 0 ? end : snapshot->now;
    chart->span = bucket * chart->count;
    chart->behind = end != 0 ? snapshot->now - end : 0;
    chart->live = !frame->paused && end == 0;
    return chart->count > 0;
}

bool chart_frame(const struct frame *frame, int width, struct chart_frame *out)
{
    const struct card *card = &frame->snapshot->card;
    enum state state = card->row.state;
    struct chart *chart = &out->chart;
    *out = (struct chart_frame){0};
    if (!take_buckets(frame, width, chart))
        return false;
    chart->has_band = card->has_band;
    chart->low = card->low;
    chart->high = card->high;
    chart->limits = &card->limits;
    chart->off = state == STATE_LATE || state == STATE_LOST || state == STATE_OFFLINE;
    chart->ahead = card->ahead;
    take_statistics(card, out);
    chart->has_lines = out->statistics.stdev > 0 &&
                       (frame->chart->y == Y_SIGMA || frame->layout->chart.height > LINES_ROWS);
    chart->mean = out->statistics.mean;
    chart->sigma = out->statistics.stdev;
    set_others(frame, out);
    set_scale(frame->chart, card->row.series, chart);
    set_cursor(frame, chart);
    return true;
}

void chart_frame_other(const struct frame *frame, unsigned i, struct chart_frame *out)
{
    const struct card *card = &frame->snapshot->card;
    const struct other_series *other = &card->others[i];
    struct chart *chart = &out->chart;
    unsigned skip = frame->snapshot->request.chart_columns - chart->count;
    *chart = (struct chart){
        .buckets = other->chart + skip,
        .count = chart->count,
        .end = chart->end,
        .span = chart->span,
        .behind = chart->behind,
        .off = other->off,
        .live = chart->live,
        .ahead_count = chart->ahead_count,
        .has_cursor = chart->has_cursor,
        .has_choice = chart->has_choice,
        .cursor = chart->cursor,
        .from = chart->from,
        .to = chart->to,
    };
}

void chart_frame_stretch(const struct frame *frame, struct chart_stretch *out)
{
    struct rect rect = frame->layout->chart;
    struct chart chart = {0};
    *out = (struct chart_stretch){0};
    if (rect.height < 2 || !take_buckets(frame, rect.width, &chart))
        return;
    int columns = chart_plot_columns(rect.width);
    *out = (struct chart_stretch){.start = chart.end - chart.span,
                                  .width = chart.span / chart.count,
                                  .count = (int)chart.count,
                                  .room = columns * 2,
                                  .now = frame->snapshot->now,
                                  .oldest = frame->snapshot->card.oldest,
                                  .x = rect.x + rect.width - columns,
                                  .columns = columns - (int)chart.ahead_count / 2};
}
