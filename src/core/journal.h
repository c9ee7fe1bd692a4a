/* The event log: a ring of the last events of the fleet, each a copy that stands for itself. Plain
 * data, one thread at a time. */
#ifndef DT_CORE_JOURNAL_H
#define DT_CORE_JOURNAL_H

#include "core/batch.h"
#include "core/detector.h"
#include "core/detector_auto.h"

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_EVENTS 2000
#define JOURNAL_HOURS 24        /* whose events are counted, also those that have left the ring */
#define JOURNAL_NONE UINT32_MAX /* no series, no twin */

enum event_type {
    EVENT_ANOMALY,
    EVENT_INCIDENT,   /* several series; grows while it lasts */
    EVENT_PRESENCE,   /* online, offline */
    EVENT_CADENCE,    /* late, lost, back */
    EVENT_CONNECTION, /* of the broker */
    EVENT_MALFORMED,
    EVENT_COMMAND,  /* seen on the wire, or sent by us */
    EVENT_NOTE,     /* what the program itself did: spawned, killed, injected */
    EVENT_BOOKMARK, /* a moment that a person wants to come back to */
    EVENT_TYPES,
};

struct event {
    uint64_t id; /* counts from 1, never reused */
    timestamp time;
    enum event_type type;
    uint32_t series; /* index in the fleet or JOURNAL_NONE */
    uint32_t twin;   /* likewise */
    enum anomaly_kind kind;
    enum severity severity;
    bool hushed;           /* ANOMALY: of a series that is muted or chronic */
    uint8_t votes[VOTERS]; /* ANOMALY: how rare each voter found it, in tenths; 0: nothing to say */
    enum status status;    /* PRESENCE; CADENCE: ONLINE back, UNKNOWN late, OFFLINE lost */
    char subject[96];      /* "twin/series", a topic or "broker" */
    char text[224];        /* in words, sanitised */
};

struct journal {
    struct event *events; /* ring */
    size_t count;
    uint64_t next_id;              /* of the event to come; the newest has next_id - 1 */
    uint32_t hours[JOURNAL_HOURS]; /* events by hour, ring over the hours since the epoch ... */
    int64_t hour;                  /* ... that has come to this one */
};

void journal_init(struct journal *journal);
void journal_fini(struct journal *journal);

/* Opens the next event, zeroed but for id, series and twin (JOURNAL_NONE); the oldest goes when
 * full. */
struct event *journal_add(struct journal *journal, timestamp time, enum event_type type);

/* The i-th newest event, 0 the newest. i < count. */
const struct event *journal_newest(const struct journal *journal, size_t i);

/* The clock was set back from one moment to another: all that was logged goes along. */
void journal_set_back(struct journal *journal, timestamp from, timestamp to);

/* Events of each of the last JOURNAL_HOURS hours up to the one of `when`, the oldest first. */
void journal_hours(const struct journal *journal, timestamp when, uint32_t out[JOURNAL_HOURS]);

/* "anomaly", "incident", ...: as the filter language has it. */
const char *event_type_name(enum event_type type);

/* The event of this id; NULL once it has left the ring. */
struct event *journal_find(const struct journal *journal, uint64_t id);

#endif
