/* The digital twins: every twin and series that the messages told of, their statistics, their
 * states and their event log. Pure and without a lock: engine.h guards one, tests use it bare. Time
 * comes with the messages. Readers may look at every field; only fleet_*() calls change them. Twins
 * and series are never moved or removed while the fleet lives, so pointers and indices to them stay
 * good. */
#ifndef DT_CORE_FLEET_H
#define DT_CORE_FLEET_H

#include "core/batch.h"
#include "core/cadence.h"
#include "core/detector.h"
#include "core/history.h"
#include "core/journal.h"
#include "core/window.h"

#include <stdbool.h>
#include <stdint.h>

enum state {
    STATE_OK,
    STATE_LEARNING,
    STATE_ANOMALY,
    STATE_STUCK,
    STATE_LATE,
    STATE_LOST,
    STATE_OFFLINE,
};

#define TWIN_FACTS 16

struct fact {
    char *name;
    char *text;
};

/* One sensor or device. */
struct twin {
    uint32_t index;
    char *name;      /* identity, sanitised */
    char *topic;     /* of the first message */
    char *last_text; /* last text or binary state; NULL if none */
    enum status presence;
    timestamp presence_since;        /* TIMESTAMP_NONE until a status message */
    timestamp first_seen, last_seen; /* arrivals */
    timestamp session_start;         /* first message after the last offline (or ever) */
    uint64_t messages;
    uint64_t malformed; /* of its topics */
    uint32_t series_count;
    uint32_t beating, lost; /* series that are LIVE or LATE, and LOST ones */
    uint64_t last_message;  /* which of the fleet's messages it was in last */
    bool online;            /* as counted in fleet_totals.online */
    bool simulated;         /* by this program */
    bool last_retain;       /* of the last message */
    int last_qos;
    uint8_t fact_count;
    struct fact facts[TWIN_FACTS];
};

/* One measured quantity of a twin. Identity: topic, twin, name and path (a.b and a holding b have
 * the same path), where a plain number and a lone "value" are the same place. What every reading
 * touches comes first, so that it shares few cache lines. */
struct series {
    struct twin *twin;
    char *path; /* of its first reading */
    char *unit; /* as the sensor wrote it */
    struct window window;
    struct lifetime lifetime;
    struct history history;
    double value;
    double mean;       /* of the window, the last reading in it */
    timestamp time;    /* of the last reading, its own clock or arrival */
    timestamp arrival; /* of the last reading */
    uint64_t count;
    uint32_t index;
    enum beat beat;
    bool binary_state; /* 0/1 from a boolean or a word */
    bool retained;     /* the last reading was a retained one: it has no age */
    enum severity last_severity;
    void *detector;         /* state of fleet_options.detector */
    struct cadence cadence; /* its last: TIMESTAMP_NONE while at rest */
    char *topic;
    char *name;
    uint32_t unit_changes; /* to a unit of another meaning */
    uint64_t anomalies;
    timestamp last_anomaly; /* arrival, TIMESTAMP_NONE if never */
    enum anomaly_kind last_kind;
    struct verdict verdict; /* of the last reading; its reason is only in the journal */
};

/* What is known of one topic, decoded or not. */
struct topic {
    char *name;
    uint64_t messages, bytes, malformed;
    struct twin *twin;     /* that its messages named last; NULL if none ever */
    struct series **slots; /* the n-th reading of its last messages belongs to the n-th of these */
    uint16_t slot_count;   /* entries may be NULL */
    uint32_t index;
    uint64_t malformed_event; /* id of the newest in the journal */
};

struct fleet_options {
    const struct detector_type *detector;
    struct detector_options detection;
    uint16_t window;     /* readings; 0 = WINDOW_DEFAULT */
    uint32_t max_series; /* 0 = 100,000; beyond, readings are counted as overflow */
    /* Bytes for all that messages make us keep; 0 = 256 MiB. At 15/16 of it histories stop growing,
     * so that a sensor still to come finds room; beyond it, and never below 1 MiB, new series, and
     * texts that want more room, are counted as overflow. */
    size_t memory;
};

#define FLEET_RATE_SECONDS 64  /* per-second message counts kept for the header */
#define FLEET_ANOMALY_SLOTS 60 /* per-minute anomaly counts kept: one hour */

struct fleet_totals {
    uint64_t messages, bytes, readings, malformed, anomalies, overflow;
    uint64_t alarms;                   /* those of the anomalies that are no mere notices */
    uint32_t twins, series, online;    /* online: neither told offline nor silent */
    uint32_t rate[FLEET_RATE_SECONDS]; /* messages by second, ring over epoch seconds */
    uint32_t anomalies_minute[FLEET_ANOMALY_SLOTS]; /* ring over epoch minutes */
    int64_t rate_at; /* epoch second (not µs) that the rings have come to: rate[rate_at %
                        FLEET_RATE_SECONDS] is still being counted, and so is
                        anomalies_minute[rate_at / 60 % FLEET_ANOMALY_SLOTS] */
    size_t memory;
};

/* What happened, in order: filled by fleet_ingest() and fleet_tick() for whoever taps the engine.
 * Pointers are good until the next call that changes the fleet. */
enum outcome_type {
    OUTCOME_READING,
    OUTCOME_ANOMALY,
    OUTCOME_PRESENCE,
    OUTCOME_MALFORMED,
};

struct outcome {
    enum outcome_type type;
    timestamp time;              /* READING: the reading's own; else when it happened */
    const struct series *series; /* READING, ANOMALY */
    const struct twin *twin;     /* READING, ANOMALY, PRESENCE */
    const char *topic;
    const char *path; /* READING: where it stood in its message */
    const char *unit; /* READING: as of that reading */
    double value;
    struct window_stats before; /* READING: the window that it was scored against */
    struct verdict verdict;     /* READING, ANOMALY */
    enum state state;           /* READING */
    enum status status;         /* PRESENCE */
    bool by_cadence;            /* PRESENCE: silence or readings told it, no status message */
    size_t bytes;               /* MALFORMED */
    const char *reason;         /* MALFORMED */
};

struct outcomes {
    struct outcome *list;
    size_t count, room;
    bool readings; /* whether OUTCOME_READING is wanted (it costs) */
};

void outcomes_fini(struct outcomes *outcomes);

struct fleet;

struct fleet *fleet_new(const struct fleet_options *options);
void fleet_free(struct fleet *fleet);

/* Takes in a batch. out may be NULL; else its list is appended to. An arrival or a tick more than a
 * few seconds before the latest means that the clock was set back: whatever was kept goes along. */
void fleet_ingest(struct fleet *fleet, const struct batch *batch, struct outcomes *out);

/* Time went on to now (same clock as arrivals): judges silence, late and lost. */
void fleet_tick(struct fleet *fleet, timestamp now, struct outcomes *out);

/* The source was away from gone until now, so that nothing could be heard: no sensor is late for
 * it. */
void fleet_resume(struct fleet *fleet, timestamp gone, timestamp now);

/* Writes to the event log; subject and text are copied and must be sanitised. */
struct event *fleet_note(struct fleet *fleet, timestamp time, enum event_type type,
                         const char *subject, const char *text);

/* The twin of this name is (not) one of our simulated sensors; remembered for twins still to come.
 */
void fleet_mark_simulated(struct fleet *fleet, const char *name, bool simulated);

uint32_t fleet_twin_count(const struct fleet *fleet);
uint32_t fleet_series_count(const struct fleet *fleet);
const struct twin *fleet_twin(const struct fleet *fleet, uint32_t index);
const struct series *fleet_series(const struct fleet *fleet, uint32_t index);
const struct journal *fleet_journal(const struct fleet *fleet);
const struct fleet_totals *fleet_totals(const struct fleet *fleet);
const struct fleet_options *fleet_options(const struct fleet *fleet); /* defaults filled in */

uint32_t fleet_topic_count(const struct fleet *fleet);
const struct topic *fleet_topic(const struct fleet *fleet, uint32_t index);

/* Is at least one of its series LOST, and none heard of? */
bool twin_silent(const struct twin *twin);

/* The state to show for a series: offline before lost before late before anomaly before learning.
 */
enum state series_state(const struct series *series);
const char *state_name(enum state state); /* "ok", "anomaly", ... as in JSON lines */

#endif
