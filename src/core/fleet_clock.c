#include "core/fleet_state.h"

#include <string.h>

/* Zeroes the seconds and minutes that were skipped. */
static void roll_rates(struct fleet_totals *totals, int64_t second)
{
    if (second <= totals->rate_at)
        return;
    int64_t minute = second / 60, minute_at = totals->rate_at / 60;
    if (second - totals->rate_at >= FLEET_RATE_SECONDS)
        memset(totals->rate, 0, sizeof totals->rate);
    else
        for (int64_t i = totals->rate_at + 1; i <= second; i++)
            totals->rate[i % FLEET_RATE_SECONDS] = 0;
    if (minute - minute_at >= FLEET_ANOMALY_SLOTS)
        memset(totals->anomalies_minute, 0, sizeof totals->anomalies_minute);
    else
        for (int64_t i = minute_at + 1; i <= minute; i++)
            totals->anomalies_minute[i % FLEET_ANOMALY_SLOTS] = 0;
    totals->rate_at = second;
}

int64_t fleet_second(timestamp time)
{
    return time > 0 ? time / TIMESTAMP_SECOND : 0;
}

/* What was counted at `from` is found at `to`, and all before it likewise. */
static void turn_ring(uint32_t *ring, size_t size, int64_t from, int64_t to)
{
    uint32_t old[FLEET_RATE_SECONDS];
    memcpy(old, ring, size * sizeof *ring);
    size_t by = (size_t)(from - to) % size;
    for (size_t i = 0; i < size; i++)
        ring[i] = old[(i + by) % size];
}

static void shift_rates(struct fleet_totals *totals, int64_t second)
{
    _Static_assert(FLEET_ANOMALY_SLOTS <= FLEET_RATE_SECONDS, "both rings turn in one buffer");
    if (second >= totals->rate_at)
        return;
    turn_ring(totals->rate, FLEET_RATE_SECONDS, totals->rate_at, second);
    turn_ring(totals->anomalies_minute, FLEET_ANOMALY_SLOTS, totals->rate_at / 60, second / 60);
    totals->rate_at = second;
}

static void shift(timestamp *time, timestamp step)
{
    if (*time != TIMESTAMP_NONE)
        *time -= step;
}

static void shift_series(struct fleet *fleet, struct series *series, timestamp step)
{
    history_set_back(&series->history, step);
    cadence_set_back(&series->cadence, step);
    lag_set_back(&series->lag, step);
    if (series->forecast)
        forecast_set_back(series->forecast, step);
    shift(&series->arrival, step);
    shift(&series->last_anomaly, step);
    if (fleet->due[series->index] != FLEET_NEVER)
        fleet->due[series->index] -= step;
    fleet_detector_set_back(fleet, series, step);
}

static void shift_twin(struct twin *twin, timestamp step)
{
    shift(&twin->presence_since, step);
    shift(&twin->first_seen, step);
    shift(&twin->last_seen, step);
    shift(&twin->session_start, step);
}

/* The log goes along: from an event one looks up the moment in the histories. */
static void shift_log(struct fleet *fleet, timestamp step)
{
    const struct journal *journal = &fleet->journal;
    for (size_t i = 1; i <= journal->count; i++)
        shift(&journal_find(journal, journal->next_id - i)->time, step);
    fleet->malformed_since -= step;
}

/* The clock ran on until it was set back, at most a tick ago: what was measured by it keeps its
 * distance from now. */
static void set_back(struct fleet *fleet, timestamp when)
{
    timestamp step = fleet->clock - when;
    for (uint32_t i = 0; i < fleet->registry.series_count; i++)
        shift_series(fleet, registry_at(&fleet->registry, i), step);
    for (uint32_t i = 0; i < fleet->registry.twin_count; i++)
        shift_twin(fleet->registry.twins[i], step);
    shift_log(fleet, step);
    shift_rates(&fleet->totals, fleet_second(when));
    if (fleet->due_first != FLEET_NEVER)
        fleet->due_first -= step;
    fleet->judged -= step;
    fleet->totals.set_back += step;
    fleet->clock = when;
    char words[FLEET_DURATION_TEXT];
    fleet_duration(step + TIMESTAMP_SECOND / 2, words);
    struct event *event = fleet_log_topic(fleet, when, EVENT_NOTE, "clock");
    fleet_log_text(event, "the clock was set back by %s", words);
}

void fleet_clock(struct fleet *fleet, timestamp when)
{
    if (when < fleet->clock - FLEET_UNORDERED)
        set_back(fleet, when);
    if (when > fleet->clock)
        fleet->clock = when;
    fleet->now = when;
    roll_rates(&fleet->totals, fleet_second(when));
}

void fleet_skip(struct fleet *fleet, timestamp gone, timestamp now)
{
    fleet_resume(fleet, gone, now);
    char words[FLEET_DURATION_TEXT];
    fleet_duration(now - gone, words);
    struct event *event = fleet_log_topic(fleet, now, EVENT_NOTE, "clock");
    fleet_log_text(event, "%s passed at once: this machine slept, or its clock was set", words);
}
