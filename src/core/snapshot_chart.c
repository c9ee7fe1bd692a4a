#include "core/snapshot_shot.h"

#include <math.h>

#define WAITING 2 /* steps that the last reading may be ago, and mostly is not */

static timestamp span_of(const struct snapshot_request *request)
{
    return request->chart_span > 0 ? request->chart_span : request->span;
}

/* The moment in the chart's last bucket. */
static timestamp end_of(const struct shot *shot)
{
    timestamp end = shot->out->request.chart_end;
    return end == 0 ? shot->now : end;
}

static const struct bucket *take_buckets(struct shot *shot, const struct series *series)
{
    const struct snapshot_request *request = &shot->out->request;
    return shot_buckets(shot, series, request->chart_columns, end_of(shot), span_of(request));
}

/* The very readings that are in the buckets. */
static void take_samples(struct shot *shot, const struct series *series, struct card *card)
{
    const struct snapshot_request *request = &shot->out->request;
    timestamp width = request->chart_columns > 0 ? span_of(request) / request->chart_columns : 0;
    if (!request->samples || width <= 0)
        return;
    struct history history = shot_history(shot, series);
    timestamp end = (end_of(shot) / width + 1) * width;
    uint32_t from = history_until(&history, end - width * request->chart_columns);
    uint32_t to = history_until(&history, end);
    struct sample *samples = shot_array(shot, to - from, sizeof *samples);
    for (uint32_t i = from; i < to; i++)
        samples[i - from] = *history_at(&history, i);
    card->samples = samples;
    card->sample_count = to - from;
}

static void take_others(struct shot *shot, const struct series *selected, struct card *card)
{
    const struct snapshot_request *request = &shot->out->request;
    struct other_series *others = shot_array(shot, request->other_count, sizeof *others);
    card->others = others;
    for (unsigned i = 0; i < request->other_count; i++) {
        if (request->others[i] == selected->index ||
            request->others[i] >= fleet_series_count(shot->fleet))
            continue;
        const struct series *series = fleet_series(shot->fleet, request->others[i]);
        struct numbers numbers = shot_numbers(shot, series);
        others[card->other_count++] = (struct other_series){
            .series = series->index,
            .twin = shot_copy(shot, series->twin->name),
            .name = shot_copy(shot, series->name),
            .unit = shot_copy(shot, series->unit),
            .value = numbers.value,
            .off = numbers.state == STATE_LATE || numbers.state == STATE_LOST ||
                   numbers.state == STATE_OFFLINE,
            .chart = take_buckets(shot, series),
        };
    }
}

/* The middle of each bucket that follows the chart's last one, as far ahead as the forecast was
 * measured. */
static void take_ahead(struct shot *shot, const struct series *series, struct card *card)
{
    const struct snapshot_request *request = &shot->out->request;
    unsigned most = request->chart_columns / SNAPSHOT_AHEAD;
    timestamp width = most > 0 ? span_of(request) / request->chart_columns : 0;
    double step = series->forecast ? forecast_step(series->forecast) : 0;
    if (shot->past || request->chart_end != 0 || width <= 0 || !(step > 0) ||
        series->binary_state || !series_live(series))
        return;
    float reach = forecast_reach(series->forecast);
    /* Not less the longer ago the last reading is: the picture would tremble. */
    double room = (reach - WAITING) * step / (double)width - 1;
    most = room < most ? room > 0 ? (unsigned)room : 0 : most;
    struct prospect *ahead = shot_array(shot, most, sizeof *ahead);
    timestamp end = (shot->now / width + 1) * width;
    for (unsigned i = 0; i < most; i++) {
        double way = (double)(end - series->arrival) + (i + 0.5) * (double)width;
        float steps = (float)fmin(way / step, reach);
        struct prospect *at = &ahead[i];
        if (!forecast_at(series->forecast, steps, &at->value, &at->low, &at->high))
            return;
        card->skill = forecast_skill(series->forecast, steps);
    }
    card->ahead = ahead;
    card->ahead_count = most;
}

void shot_chart(struct shot *shot, const struct series *series)
{
    struct card *card = &shot->out->card;
    card->chart = take_buckets(shot, series);
    card->oldest = shot_oldest(series);
    take_samples(shot, series, card);
    take_others(shot, series, card);
    take_ahead(shot, series, card);
}
