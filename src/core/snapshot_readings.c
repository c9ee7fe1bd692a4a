#include "core/snapshot_shot.h"

/* How far a reading was from those before it: as the lab's rule has it, which needs no more than
 * the history. */
static void score(struct shot *shot, const struct history *history, uint32_t at, uint16_t window,
                  uint16_t min_samples, struct reading_row *out)
{
    uint32_t count = at < window ? at : window;
    double *values = shot_array(shot, count, sizeof *values);
    for (uint32_t i = 0; i < count; i++)
        values[i] = history_at(history, at - count + i)->value;
    struct window_stats before = window_stats_of(values, (uint16_t)count);
    out->has_z = before.count > 0 && before.count + 1u >= min_samples;
    if (out->has_z)
        out->z = window_z(&before, out->value);
}

/* A list that is scrolled away from its newest line stands still while new ones come. */
static void settle_skip(struct snapshot_request *request, const struct series *series,
                        uint32_t total)
{
    uint64_t more = series->count > request->readings_seen && request->readings_seen > 0
                        ? series->count - request->readings_seen
                        : 0;
    uint32_t most = total > request->readings ? total - request->readings : 0;
    if (request->readings_skip > 0 && request->as_of == TIMESTAMP_NONE)
        request->readings_skip += (uint32_t)(more < total ? more : total);
    if (request->readings_skip > most)
        request->readings_skip = most;
    request->readings_seen = series->count;
}

void shot_readings(struct shot *shot, const struct series *series)
{
    const struct fleet_options *options = fleet_options(shot->fleet);
    const struct history *history = &series->history;
    struct snapshot_request *request = &shot->out->request;
    struct card *card = &shot->out->card;
    uint32_t total = shot->past ? history_until(history, shot->now) : history->count;
    settle_skip(request, series, total);
    uint32_t left = total - request->readings_skip;
    card->reading_total = total;
    card->reading_count = left < request->readings ? left : request->readings;
    struct reading_row *rows = shot_array(shot, card->reading_count, sizeof *rows);
    for (uint32_t i = 0; i < card->reading_count; i++) {
        uint32_t at = left - 1 - i;
        rows[i] = (struct reading_row){.time = history_at(history, at)->time,
                                       .value = history_at(history, at)->value,
                                       .mark = history_mark(history, at),
                                       .kind = (enum anomaly_kind)history_kind(history, at)};
        score(shot, history, at, options->window, (uint16_t)options->detection.min_samples,
              &rows[i]);
    }
    card->readings = rows;
}
