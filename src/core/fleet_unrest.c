#include "core/fleet_state.h"

#include <stdio.h>

#include "core/xalloc.h"

#define NAMED 5 /* members of an incident that its line in the log names */

bool series_broken(const struct series *series)
{
    return series->guard && series->guard->limits.broken;
}

enum hush series_hush(const struct series *series, timestamp now)
{
    if (series->guard && now < series->guard->muted_until)
        return HUSH_MUTED;
    if (series->chronic)
        return HUSH_CHRONIC;
    return series->acknowledged ? HUSH_ACKNOWLEDGED : HUSH_NONE;
}

/* ---- how many are anomalous ---- */

static int64_t slot_now(const struct fleet_totals *totals)
{
    return totals->rate_at / FLEET_WRONG_SECONDS;
}

/* Each series stands in the ring once, at the last slot in which it was anomalous. */
static void move_in_ring(struct fleet *fleet, struct trouble *trouble)
{
    struct fleet_totals *totals = &fleet->totals;
    int64_t now = slot_now(totals), before = trouble->slot;
    if (before == now && now > 0)
        return;
    if (before > 0 && before > now - FLEET_WRONG_SLOTS && before <= now)
        totals->wrong[before % FLEET_WRONG_SLOTS]--;
    totals->wrong[now % FLEET_WRONG_SLOTS]++;
    trouble->slot = now;
}

uint32_t fleet_anomalous(const struct fleet_totals *totals, unsigned seconds)
{
    int64_t now = slot_now(totals);
    uint32_t sum = 0;
    for (int64_t i = 0; i < seconds / FLEET_WRONG_SECONDS && i < FLEET_WRONG_SLOTS && i <= now; i++)
        sum += totals->wrong[(now - i) % FLEET_WRONG_SLOTS];
    return sum;
}

static void log_chronic(struct fleet *fleet, struct series *series, bool chronic)
{
    struct event *event = fleet_log_series(fleet, fleet->now, EVENT_NOTE, series);
    char span[FLEET_DURATION_TEXT];
    fleet_duration(unrest_span(&series->trouble->unrest), span);
    series->chronic = chronic;
    if (chronic)
        fleet_log_text(event, "chronic: anomalous half of the last %s, alarms no more", span);
    else
        fleet_log_text(event, "no longer chronic: alarms again");
}

static struct trouble *get_trouble(struct fleet *fleet, struct series *series)
{
    if (!series->trouble) {
        series->trouble = xcalloc(1, sizeof *series->trouble);
        fleet->registry.memory += sizeof *series->trouble;
    }
    return series->trouble;
}

void fleet_mind(struct fleet *fleet, struct series *series, timestamp when)
{
    struct verdict *verdict = &fleet->verdict;
    bool wrong = verdict->kind != ANOMALY_NONE || series->stuck || series_broken(series);
    if (series->trouble && unrest_pass(&series->trouble->unrest, when))
        log_chronic(fleet, series, false);
    if (wrong) {
        struct trouble *trouble = get_trouble(fleet, series);
        move_in_ring(fleet, trouble);
        if (unrest_mark(&trouble->unrest, when, cadence_period(&series->cadence)))
            log_chronic(fleet, series, true);
    }
    series->wrong = wrong;
    if (verdict->kind == ANOMALY_NONE)
        return;
    series->acknowledged = false;
    fleet->hushed = series_hush(series, when) != HUSH_NONE;
    if (fleet->hushed) {
        fleet->totals.hushed++;
        verdict->severity = SEVERITY_NOTICE;
    }
}

void fleet_shift_unrest(struct series *series, timestamp step, int64_t slots)
{
    struct trouble *trouble = series->trouble;
    struct guard *guard = series->guard;
    if (trouble) {
        unrest_set_back(&trouble->unrest, step);
        trouble->slot -= trouble->slot > 0 ? slots : 0;
    }
    if (guard && guard->muted_until != TIMESTAMP_NONE && guard->muted_until != MUTED_FOR_GOOD)
        guard->muted_until -= step;
}

/* ---- incidents ---- */

/* "4 series within 12 s: first boiler/pressure, then pump/flow +3.0 s, ..." */
static void say_incident(struct fleet *fleet, const struct incident *incident, struct event *event)
{
    char text[1024], time[FLEET_DURATION_TEXT];
    fleet_duration(incident->last - incident->first, time);
    int len =
        snprintf(text, sizeof text, "%u series within %s: first", (unsigned)incident->count, time);
    uint32_t named = incident->listed < NAMED ? incident->listed : NAMED;
    for (uint32_t i = 0; i < named && len < (int)sizeof text; i++) {
        const struct incident_member *member = &incident->members[i];
        const struct series *series = registry_at(&fleet->registry, member->series);
        fleet_duration(member->time - incident->first, time);
        len += snprintf(text + len, sizeof text - (size_t)len, "%s %.60s/%.60s",
                        i == 0   ? ""
                        : i == 1 ? ", then"
                                 : ",",
                        series->twin->name, series->name);
        if (i > 0 && len < (int)sizeof text)
            len += snprintf(text + len, sizeof text - (size_t)len, " +%s", time);
    }
    if (incident->count > named && len < (int)sizeof text)
        snprintf(text + len, sizeof text - (size_t)len, " and %u more",
                 (unsigned)(incident->count - named));
    fleet_log_text(event, "%s", text);
}

/* One line an incident, that grows with it: at its end in the log as long as it is the newest of
 * its kind. */
void fleet_take_incident(struct fleet *fleet, const struct series *series, timestamp when)
{
    uint64_t before = series->anomalies - 1;
    if (fleet->hushed) {
        incidents_count(&fleet->incidents, before);
        return;
    }
    const struct incident *incident =
        incidents_take(&fleet->incidents, series->index, when, before);
    if (!incident)
        return;
    struct event *event = NULL;
    if (incident->id == fleet->incident)
        event = journal_find(&fleet->journal, fleet->incident_event);
    if (!event)
        event = fleet_log_topic(fleet, when, EVENT_INCIDENT, "incident");
    event->severity = SEVERITY_ALARM;
    event->series = incident->members[0].series;
    fleet->incident = incident->id;
    fleet->incident_event = event->id;
    say_incident(fleet, incident, event);
}

const struct incident *fleet_incident_of(const struct fleet *fleet, uint32_t series)
{
    return incidents_of(&fleet->incidents, series);
}

/* ---- what a person does ---- */

bool fleet_acknowledge(struct fleet *fleet, uint32_t index)
{
    struct series *series = registry_at(&fleet->registry, index);
    if (series->last_anomaly == TIMESTAMP_NONE || series->acknowledged)
        return false;
    series->acknowledged = true;
    fleet_log_text(fleet_log_series(fleet, fleet->now, EVENT_NOTE, series), "anomaly acknowledged");
    return true;
}

void fleet_mute(struct fleet *fleet, uint32_t index, timestamp duration)
{
    struct series *series = registry_at(&fleet->registry, index);
    struct event *event = fleet_log_series(fleet, fleet->now, EVENT_NOTE, series);
    timestamp *until = &fleet_guard(fleet, series)->muted_until;
    char span[FLEET_DURATION_TEXT];
    if (duration == MUTED_FOR_GOOD) {
        *until = MUTED_FOR_GOOD;
        fleet_log_text(event, "muted until further notice");
    } else if (duration > 0) {
        fleet_duration(duration, span);
        *until = fleet->now + duration;
        fleet_log_text(event, "muted for %s", span);
    } else {
        *until = TIMESTAMP_NONE;
        fleet_log_text(event, "no longer muted");
    }
}
