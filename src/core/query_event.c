#include "core/query.h"

#include <stdio.h>

#define EVENT_KEYS                                                                                 \
    (QUERY_FIXED | QUERY_USES(QUERY_STATE) | QUERY_USES(QUERY_KIND) | QUERY_USES(QUERY_SEVERITY) | \
     QUERY_USES(QUERY_AGE))

/* What the event says has become of its subject; -1: nothing. */
static int state_of(const struct event *event)
{
    bool cadence = event->type == EVENT_CADENCE;
    if (event->type == EVENT_ANOMALY)
        return event->kind == ANOMALY_STUCK ? STATE_STUCK : STATE_ANOMALY;
    if (!cadence && event->type != EVENT_PRESENCE)
        return -1;
    if (event->status == STATUS_ONLINE)
        return STATE_OK;
    if (event->status == STATUS_OFFLINE)
        return cadence ? STATE_LOST : STATE_OFFLINE;
    return cadence ? STATE_LATE : -1;
}

void query_row_event(struct query_row *row, const struct fleet *fleet, const struct event *event,
                     timestamp now)
{
    query_row_clear(row);
    row->twin = row->topic = event->subject; /* "broker", or a topic that nothing is known of */
    if (event->twin != JOURNAL_NONE) {
        const struct twin *twin = fleet_twin(fleet, event->twin);
        row->twin = twin->name;
        row->topic = event->type == EVENT_MALFORMED ? event->subject : twin->topic;
    }
    if (event->series != JOURNAL_NONE) {
        const struct series *series = fleet_series(fleet, event->series);
        row->twin = series->twin->name;
        row->series = series->name;
        row->topic = series->topic;
        row->unit = series->unit;
    }
    row->text = event->text;
    row->event = (int)event->type;
    row->kind = event->kind;
    row->severity = event->severity;
    row->state = state_of(event);
    if (event->time <= now)
        QUERY_NUMBER(row, QUERY_AGE) = (double)(now - event->time) / (double)TIMESTAMP_SECOND;
}

bool query_suits_events(const struct query *query, char *error, size_t size)
{
    for (unsigned i = 0; i < query->count; i++) {
        enum query_key key = query->terms[i].key;
        if (QUERY_USES(key) & EVENT_KEYS)
            continue;
        snprintf(error, size, "events have no %s: try a word, kind= severity= state= topic= age<",
                 query_key_name(key));
        return false;
    }
    return true;
}
