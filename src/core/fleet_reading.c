#include "core/fleet_state.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/unit.h"
#include "core/xalloc.h"

/* A series has just been made. */
static void series_init(struct fleet *fleet, struct series *series, bool binary_state)
{
    if (fleet->totals.series == 0)
        incidents_init(&fleet->incidents, fleet->now);
    window_init(&series->window, fleet->options.window, &fleet->registry.slab);
    series->history.slab = &fleet->registry.slab;
    cadence_init(&series->cadence);
    series->last_anomaly = TIMESTAMP_NONE;
    series->unit = "";
    verdict_clear(&series->verdict);
    series->verdict.learning = true;
    fleet->registry.memory += series->window.capacity * sizeof(double);
    fleet_detector_init(fleet, series);
    if (series->index >= fleet->due_room) {
        uint32_t room = fleet->due_room > 0 ? fleet->due_room * 2 : REGISTRY_CHUNK;
        fleet->due = xrealloc(fleet->due, room * sizeof *fleet->due);
        fleet->registry.memory += (room - fleet->due_room) * sizeof *fleet->due;
        fleet->due_room = room;
    }
    fleet->due[series->index] = FLEET_NEVER;
    fleet->totals.series++;
    series->twin->series_count++;
    fleet_rule(fleet, series, binary_state);
}

/* The n-th reading of a topic's messages nearly always belongs to the same series, so that is
 * looked at before the hash table. */
static struct series *find_series(struct intake *in, struct twin *twin, const struct item *item)
{
    unsigned n = in->readings - 1;
    if (n < in->topic->slot_count) {
        struct series *series = in->topic->slots[n];
        if (series && series->twin == twin && strcmp(series->path, item->path) == 0 &&
            strcmp(series->name, item->series) == 0)
            return series;
    }
    struct fleet *fleet = in->fleet;
    uint32_t known = fleet->registry.series_count;
    struct series *series =
        registry_series(&fleet->registry, in->topic, twin, item->path, item->series);
    if (!series)
        return NULL;
    if (fleet->registry.series_count > known)
        series_init(fleet, series, item->binary_state);
    registry_remember(&fleet->registry, in->topic, n, series);
    return series;
}

/* Degrees of two scales have no common mean: the statistics begin anew. A sensor that goes to and
 * fro is logged at its 1st, 2nd, 4th, 8th ... change. */
static void tell_unit_change(struct fleet *fleet, struct series *series, const char *unit)
{
    window_clear(&series->window);
    series->lifetime = (struct lifetime){0};
    series->stuck = false;
    fleet_look_anew(series);
    fleet_detector_forget(fleet, series);
    verdict_clear(&series->verdict);
    series->verdict.learning = true;
    uint32_t changes = ++series->unit_changes;
    if ((changes & (changes - 1)) != 0)
        return;
    struct event *event = fleet_log_series(fleet, fleet->now, EVENT_NOTE, series);
    if (changes == 1)
        fleet_log_text(event, "unit changed from %s to %s: statistics begin anew", series->unit,
                       unit);
    else
        fleet_log_text(event, "unit changed from %s to %s, %u times so far", series->unit, unit,
                       (unsigned)changes);
}

static void update_unit(struct fleet *fleet, struct series *series, const char *unit)
{
    if (!unit || unit[0] == '\0' || strcmp(series->unit, unit) == 0)
        return;
    const char *kept = registry_unit(&fleet->registry, unit);
    if (!kept) {
        fleet->totals.overflow++;
        return;
    }
    if (series->unit[0] != '\0' && strcmp(unit_symbol(series->unit), unit_symbol(unit)) != 0)
        tell_unit_change(fleet, series, unit);
    series->unit = kept;
}

/* Every series may keep its first few samples; what else grows leaves room for new ones. */
static bool history_may_grow(const struct fleet *fleet, const struct series *series)
{
    return series->history.room == 0 || fleet->registry.memory < fleet->options.memory / 16 * 15;
}

/* A retained reading was taken some time ago; its own clock, if it has one, tells when. */
static timestamp sampled(const struct decoded *message, const struct item *item)
{
    return message->retain && item->time < message->arrival ? item->time : message->arrival;
}

/* The mean that the window will have with the value in it. Taken anew from exact statistics at each
 * reading, so nothing drifts. */
static double next_mean(const struct window *window, const struct window_stats *before,
                        double value)
{
    if (window->count < window->capacity)
        return before->mean + (value - before->mean) / (window->count + 1);
    return before->mean + (value - window->values[window->next]) / window->count;
}

static enum mark mark_of(const struct fleet *fleet)
{
    static const enum mark marks[] = {[SEVERITY_NONE] = MARK_NONE,
                                      [SEVERITY_NOTICE] = MARK_NOTICE,
                                      [SEVERITY_ALARM] = MARK_ALARM};
    bool hushed = fleet->verdict.kind != ANOMALY_NONE && fleet->hushed;
    return hushed ? MARK_HUSHED : marks[fleet->verdict.severity];
}

static void learn(struct intake *in, struct series *series, const struct item *item,
                  const struct window_stats *before)
{
    struct fleet *fleet = in->fleet;
    const struct decoded *message = in->message;
    series->stuck =
        fleet->verdict.kind == ANOMALY_STUCK || (series->stuck && item->value == series->value);
    series->value = item->value;
    series->mean = next_mean(&series->window, before, item->value);
    series->time = item->time;
    series->arrival = message->arrival;
    series->retained = message->retain;
    series->binary_state = item->binary_state;
    window_add(&series->window, item->value);
    lifetime_add(&series->lifetime, item->value);
    if (!message->retain)
        fleet_look_ahead(fleet, series, message->arrival, item->value);
    fleet->registry.memory += history_add(&series->history, sampled(message, item), item->value,
                                          mark_of(fleet), history_may_grow(fleet, series));
    if (fleet->verdict.kind != ANOMALY_NONE)
        history_tag(&series->history, (uint8_t)fleet->verdict.kind);
    memcpy(&series->verdict, &fleet->verdict, offsetof(struct verdict, reason));
}

void fleet_tell_anomaly(struct fleet *fleet, struct series *series, timestamp when, timestamp time,
                        struct outcomes *out)
{
    const struct verdict *verdict = &fleet->verdict;
    series->anomalies++;
    series->last_anomaly = when;
    series->last_kind = verdict->kind;
    series->last_severity = verdict->severity;
    fleet->totals.anomalies++;
    fleet->totals.alarms += verdict->severity == SEVERITY_ALARM;
    fleet->totals.anomalies_minute[fleet->totals.rate_at / 60 % FLEET_ANOMALY_SLOTS]++;
    fleet_take_incident(fleet, series, when);
    struct outcome *outcome = fleet_outcome(out, OUTCOME_ANOMALY, time, series->twin);
    if (!outcome)
        return;
    outcome->series = series;
    outcome->topic = series->literal_topic;
    outcome->value = series->value;
    outcome->verdict = *verdict;
    outcome->detector = fleet_detector_name(fleet);
}

static void tell_reading(struct intake *in, const struct series *series, const struct item *item,
                         const struct window_stats *before)
{
    if (!in->out || !in->out->readings)
        return;
    struct outcome *outcome = fleet_outcome(in->out, OUTCOME_READING, item->time, series->twin);
    outcome->series = series;
    outcome->topic = series->literal_topic;
    outcome->path = item->path;
    outcome->unit = *item->unit ? item->unit : series->unit;
    outcome->value = item->value;
    outcome->before = *before;
    memcpy(&outcome->verdict, &in->fleet->verdict, offsetof(struct verdict, reason));
    outcome->verdict.reason[0] = '\0';
    outcome->detector = fleet_detector_name(in->fleet);
    outcome->state = series_state(series);
}

/* What a broker hands out again at every connect is told, but it is no second reading. */
static bool is_repeat(const struct series *series, const struct decoded *message,
                      const struct item *item)
{
    return message->retain && series->count > 0 && series->value == item->value;
}

static void take(struct intake *in, struct series *series, const struct item *item)
{
    struct fleet *fleet = in->fleet;
    struct observation seen = {.time = in->message->arrival,
                               .value = item->value,
                               .unit = series->unit,
                               .window = &series->window,
                               .before = window_stats(&series->window)};
    bool repeat = is_repeat(series, in->message, item);
    series->count++;
    if (repeat) {
        verdict_clear(&fleet->verdict);
        fleet->verdict.learning = true;
        tell_reading(in, series, item, &seen.before);
        return;
    }
    struct verdict beside[DETECTORS_MOST];
    fleet_detector_observe(fleet, series, &seen, beside);
    if (series->guard)
        fleet_check_limits(fleet, series, item, in->message->retain);
    if (fleet->verdict.kind != ANOMALY_NONE || series->wrong || series->chronic || series->guard)
        fleet_mind(fleet, series, fleet->now);
    learn(in, series, item, &seen.before);
    tell_reading(in, series, item, &seen.before);
    fleet_wind(fleet, series);
    if (fleet->verdict.kind != ANOMALY_NONE) {
        fleet_log_anomaly(fleet, series, fleet->now);
        fleet_tell_anomaly(fleet, series, fleet->now, item->time, in->out);
    }
    fleet_detector_tell(fleet, series, item->time, beside, in->out);
}

void fleet_reading(struct intake *in, const struct item *item)
{
    struct fleet *fleet = in->fleet;
    in->readings++;
    struct twin *twin = fleet_item_twin(in, item->sensor ? item->sensor : in->message->topic);
    struct series *series = twin && in->topic ? find_series(in, twin, item) : NULL;
    if (!series) {
        fleet->totals.overflow++;
        return;
    }
    fleet->totals.readings++;
    update_unit(fleet, series, item->unit);
    if (!in->message->retain) {
        fleet_beat(fleet, series, in->message->arrival, in->out);
        fleet_sensor_clock(fleet, series, item->time, in->message->arrival);
    }
    take(in, series, item);
}
