#include "core/fleet_state.h"

#include <string.h>

#define LARGEST_RING FLEET_WRONG_SLOTS

/* Those of a ring that stood for something else: from the one after `from` until `to`. */
static void clear_slots(uint32_t *ring, int64_t size, int64_t from, int64_t to)
{
    for (int64_t i = to - from >= size ? to - size + 1 : from + 1; i <= to; i++)
        ring[(i % size + size) % size] = 0;
}

/* Zeroes the seconds and minutes that were skipped. */
static void roll_rates(struct fleet_totals *totals, int64_t second)
{
    int64_t at = totals->rate_at;
    if (second <= at)
        return;
    clear_slots(totals->rate, FLEET_RATE_SECONDS, at, second);
    clear_slots(totals->byte_rate, FLEET_RATE_SECONDS, at, second);
    clear_slots(totals->anomalies_minute, FLEET_ANOMALY_SLOTS, at / 60, second / 60);
    clear_slots(totals->wrong, FLEET_WRONG_SLOTS, at / FLEET_WRONG_SECONDS,
                second / FLEET_WRONG_SECONDS);
    totals->rate_at = second;
}

int64_t fleet_second(timestamp time)
{
    return time > 0 ? time / TIMESTAMP_SECOND : 0;
}

static uint32_t in_second(const struct fleet_totals *totals, const uint32_t *ring, int64_t second)
{
    int64_t last = totals->rate_at;
    if (second > last || second <= last - FLEET_RATE_SECONDS || second < 0)
        return 0;
    return ring[second % FLEET_RATE_SECONDS];
}

uint32_t fleet_messages_in(const struct fleet_totals *totals, int64_t second)
{
    return in_second(totals, totals->rate, second);
}

uint32_t fleet_bytes_in(const struct fleet_totals *totals, int64_t second)
{
    return in_second(totals, totals->byte_rate, second);
}

/* What was counted at `from` is found at `to`, and all before it likewise. */
static void turn_ring(uint32_t *ring, size_t size, int64_t from, int64_t to)
{
    uint32_t old[LARGEST_RING];
    memcpy(old, ring, size * sizeof *ring);
    size_t by = (size_t)(from - to) % size;
    for (size_t i = 0; i < size; i++)
        ring[i] = old[(i + by) % size];
}

static void shift_rates(struct fleet_totals *totals, int64_t second)
{
    _Static_assert(FLEET_ANOMALY_SLOTS <= LARGEST_RING && FLEET_RATE_SECONDS <= LARGEST_RING,
                   "all rings turn in one buffer");
    if (second >= totals->rate_at)
        return;
    turn_ring(totals->rate, FLEET_RATE_SECONDS, totals->rate_at, second);
    turn_ring(totals->byte_rate, FLEET_RATE_SECONDS, totals->rate_at, second);
    turn_ring(totals->anomalies_minute, FLEET_ANOMALY_SLOTS, totals->rate_at / 60, second / 60);
    turn_ring(totals->wrong, FLEET_WRONG_SLOTS, totals->rate_at / FLEET_WRONG_SECONDS,
              second / FLEET_WRONG_SECONDS);
    totals->rate_at = second;
}

static void shift(timestamp *time, timestamp step)
{
    if (*time != TIMESTAMP_NONE)
        *time -= step;
}

static void shift_series(struct fleet *fleet, struct series *series, timestamp step, int64_t slots)
{
    history_set_back(&series->history, step);
    cadence_set_back(&series->cadence, step);
    lag_set_back(&series->lag, step);
    if (series->forecast)
        forecast_set_back(series->forecast, step);
    shift(&series->arrival, step);
    shift(&series->last_anomaly, step);
    fleet_shift_unrest(series, step, slots);
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
static void shift_log(struct fleet *fleet, timestamp when)
{
    timestamp step = fleet->clock - when;
    journal_set_back(&fleet->journal, fleet->clock, when);
    fleet->malformed_since -= step;
    incidents_set_back(&fleet->incidents, step);
}

/* The clock ran on until it was set back, at most a tick ago: what was measured by it keeps its
 * distance from now. */
static void set_back(struct fleet *fleet, timestamp when)
{
    timestamp step = fleet->clock - when;
    /* By as much as the ring of the slots will turn. */
    int64_t slots =
        fleet->totals.rate_at / FLEET_WRONG_SECONDS - fleet_second(when) / FLEET_WRONG_SECONDS;
    for (uint32_t i = 0; i < fleet->registry.series_count; i++)
        shift_series(fleet, registry_at(&fleet->registry, i), step, slots);
    for (uint32_t i = 0; i < fleet->registry.twin_count; i++)
        shift_twin(fleet->registry.twins[i], step);
    shift_log(fleet, when);
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
