#include "core/fleet_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/unit.h"

#define MALFORMED_EACH 3 /* of a topic get an event of their own */
#define MALFORMED_FRESH (60 * TIMESTAMP_SECOND)
#define REASON_COLUMNS 160
#define OUTLOOK_TEXT 160
#define LINE_BYTES 2048 /* two names and some words */

void fleet_log_text(struct event *event, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    text_sanitise(event->text, sizeof event->text, line, strlen(line), sizeof event->text);
}

static void set_subject(struct event *event, const char *subject)
{
    text_sanitise(event->subject, sizeof event->subject, subject, strlen(subject),
                  sizeof event->subject);
}

struct event *fleet_log_series(struct fleet *fleet, timestamp time, enum event_type type,
                               const struct series *series)
{
    char subject[2 * TEXT_NAME_BYTES];
    snprintf(subject, sizeof subject, "%s/%s", series->twin->name, series->name);
    struct event *event = journal_add(&fleet->journal, time, type);
    event->series = series->index;
    event->twin = series->twin->index;
    set_subject(event, subject);
    return event;
}

struct event *fleet_log_twin(struct fleet *fleet, timestamp time, enum event_type type,
                             const struct twin *twin)
{
    struct event *event = journal_add(&fleet->journal, time, type);
    event->twin = twin->index;
    set_subject(event, twin->name);
    return event;
}

struct event *fleet_log_topic(struct fleet *fleet, timestamp time, enum event_type type,
                              const char *topic)
{
    struct event *event = journal_add(&fleet->journal, time, type);
    set_subject(event, topic);
    return event;
}

struct event *fleet_note(struct fleet *fleet, timestamp time, enum event_type type,
                         const char *subject, const char *text)
{
    const struct twin *twin = registry_find_twin(&fleet->registry, subject);
    struct event *event = twin ? fleet_log_twin(fleet, time, type, twin)
                               : fleet_log_topic(fleet, time, type, subject);
    fleet_log_text(event, "%s", text);
    return event;
}

/* "; crosses 75 °C in 4m10", of a series that moves; else "". */
static void outlook_words(const struct series *series, timestamp now, enum anomaly_kind kind,
                          char out[OUTLOOK_TEXT])
{
    struct forecast_eta eta;
    char time[FLEET_DURATION_TEXT];
    out[0] = '\0';
    if ((kind != ANOMALY_DRIFT && kind != ANOMALY_LEVEL) || !series_outlook(series, now, &eta))
        return;
    fleet_duration(eta.time, time);
    snprintf(out, OUTLOOK_TEXT, "; crosses %.4g %s in %s", eta.limit, unit_symbol(series->unit),
             time);
}

void fleet_log_anomaly(struct fleet *fleet, const struct series *series, timestamp time)
{
    const struct verdict *verdict = &fleet->verdict;
    struct event *event = fleet_log_series(fleet, time, EVENT_ANOMALY, series);
    event->kind = verdict->kind;
    event->severity = verdict->severity;
    event->hushed = fleet->hushed;
    if (verdict->kind != ANOMALY_SILENT && verdict->kind != ANOMALY_LIMIT)
        fleet_detector_votes(fleet, series, event->votes);
    char ahead[OUTLOOK_TEXT];
    outlook_words(series, fleet->now, verdict->kind, ahead);
    fleet_log_text(event, "%s%s", verdict->reason, ahead);
}

/* Does the log have room for one more this minute? */
static bool malformed_room(struct fleet *fleet, timestamp time)
{
    if (time - fleet->malformed_since >= MALFORMED_FRESH || time < fleet->malformed_since) {
        fleet->malformed_since = time;
        fleet->malformed_logged = 0;
    }
    if (fleet->malformed_logged >= FLEET_MALFORMED_A_MINUTE)
        return false;
    fleet->malformed_logged++;
    return true;
}

void fleet_log_malformed(struct fleet *fleet, struct topic *topic, const char *reason,
                         timestamp time)
{
    struct event *event = NULL;
    if (topic->malformed > MALFORMED_EACH) {
        event = journal_find(&fleet->journal, topic->malformed_event);
        if (event && (time - event->time > MALFORMED_FRESH || time < event->time))
            event = NULL;
    }
    if (!event) {
        if (!malformed_room(fleet, time))
            return;
        event = fleet_log_topic(fleet, time, EVENT_MALFORMED, topic->name);
        event->twin = topic->twin ? topic->twin->index : JOURNAL_NONE;
        topic->malformed_event = event->id;
    }
    char cut[REASON_COLUMNS + 1]; /* the count must stay in sight, however long the reason is */
    text_sanitise(cut, sizeof cut, reason, strlen(reason), REASON_COLUMNS);
    if (topic->malformed == 1)
        fleet_log_text(event, "not decoded: %s", cut);
    else
        fleet_log_text(event, "not decoded: %s, %llu so far", cut,
                       (unsigned long long)topic->malformed);
}

void fleet_duration(timestamp duration, char out[FLEET_DURATION_TEXT])
{
    long long seconds = duration / TIMESTAMP_SECOND;
    if (seconds < 10)
        snprintf(out, FLEET_DURATION_TEXT, "%.1f s", (double)duration / TIMESTAMP_SECOND);
    else if (seconds < 60)
        snprintf(out, FLEET_DURATION_TEXT, "%lld s", seconds);
    else if (seconds < 3600 && seconds % 60 == 0)
        snprintf(out, FLEET_DURATION_TEXT, "%lldm", seconds / 60);
    else if (seconds < 3600)
        snprintf(out, FLEET_DURATION_TEXT, "%lldm%02lld", seconds / 60, seconds % 60);
    else if (seconds < 86400)
        snprintf(out, FLEET_DURATION_TEXT, "%lldh%02lld", seconds / 3600, seconds / 60 % 60);
    else
        snprintf(out, FLEET_DURATION_TEXT, "%lldd%02lldh", seconds / 86400, seconds / 3600 % 24);
}

void fleet_period(timestamp period, char out[FLEET_DURATION_TEXT])
{
    if (period >= TIMESTAMP_SECOND)
        fleet_duration(period, out);
    else if (period >= TIMESTAMP_SECOND / 10)
        snprintf(out, FLEET_DURATION_TEXT, "%.2f s", (double)period / TIMESTAMP_SECOND);
    else
        snprintf(out, FLEET_DURATION_TEXT, "%.0f ms", (double)period * 1000 / TIMESTAMP_SECOND);
}
