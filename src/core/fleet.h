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
#include "core/forecast.h"
#include "core/history.h"
#include "core/incident.h"
#include "core/journal.h"
#include "core/lag.h"
#include "core/limit_rules.h"
#include "core/peers.h"
#include "core/unrest.h"
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
    uint32_t clock_times;   /* how often its clock turned out to be off */
    bool clock_off;         /* it is now */
    bool online;            /* as counted in fleet_totals.online */
    bool simulated;         /* by this program */
    bool last_retain;       /* of the last message */
    int last_qos;
    uint8_t fact_count;
    uint64_t facts_told; /* the hash of those that a message told last, 0: of several messages */
    struct fact facts[TWIN_FACTS];
};

#define MUTED_FOR_GOOD INT64_MAX

/* What a person said of a series. */
struct guard {
    struct limit_watch limits;
    struct detector_options detection; /* the fleet's, with its own threshold */
    timestamp muted_until;             /* TIMESTAMP_NONE: not muted; MUTED_FOR_GOOD */
};

/* The past of a series that was ever anomalous. */
struct trouble {
    struct unrest unrest;
    int64_t slot; /* the last of FLEET_WRONG_SLOTS in which it was, since the epoch */
};

/* Why nobody is alarmed by a series. */
enum hush {
    HUSH_NONE,
    HUSH_ACKNOWLEDGED, /* somebody has seen its last anomaly; the next one alarms */
    HUSH_MUTED,
    HUSH_CHRONIC, /* anomalous half of the time */
};

/* How large a detector a series has: without memory for the full one it gets a cheaper one. */
enum detector_size { DETECTOR_FULL, DETECTOR_SMALL, DETECTOR_TINY, DETECTOR_SIZES };

/* What a detector that runs beside the one that counts makes of a series. */
struct beside {
    const struct detector_type *type; /* NULL after the last */
    void *state;
    uint64_t anomalies;
};

/* One measured quantity of a twin. Identity: topic, twin, name and path (a.b and a holding b have
 * the same path), where a plain number and a lone "value" are the same place. What every reading
 * touches comes first, so that it shares few cache lines. */
struct series {
    struct twin *twin;
    char *path;       /* of its first reading */
    const char *unit; /* as the sensor wrote it */
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
    bool stuck;        /* told as stuck, and the value is still the same */
    bool wrong;        /* the last reading left it anomalous */
    bool chronic, acknowledged;
    enum severity last_severity;
    struct guard *guard; /* NULL: nobody said anything of it, as of most */
    bool heading;        /* as its forecast says: it may have an ETA */
    void *detector;      /* its state */
    enum detector_size detector_size;
    uint32_t detector_bytes;
    struct beside *beside;     /* one for each of fleet_options.beside, then one without a type */
    struct forecast *forecast; /* NULL: few readings so far, a binary state, or no room */
    struct cadence cadence;    /* its last: TIMESTAMP_NONE while at rest */
    struct lag lag;
    char *topic;
    char *literal_topic;
    char *name;
    uint32_t unit_changes; /* to a unit of another meaning */
    uint32_t hasty_times;  /* how often it turned out to be too fast */
    uint64_t anomalies;
    timestamp last_anomaly; /* arrival, TIMESTAMP_NONE if never */
    enum anomaly_kind last_kind;
    struct trouble *trouble; /* NULL: never anomalous */
    uint32_t family;         /* 1 + which of them; 0: none (yet) */
    struct verdict verdict;  /* of the last reading; its reason is only in the journal */
};

/* Series of one kind: one quantity in one unit. */
struct family {
    const char *name;
    char *unit; /* as the screen has it */
    struct peers peers;
    timestamp checked;
};

/* What is known of one topic, decoded or not. */
struct topic {
    char *name;
    char *literal; /* the same as it came: NOT sanitised */
    uint64_t messages, bytes, malformed;
    struct twin *twin;     /* that its messages named last; NULL if none ever */
    struct series **slots; /* the n-th reading of its last messages belongs to the n-th of these */
    uint16_t slot_count;   /* entries may be NULL */
    uint32_t index;
    uint32_t session;     /* that it was heard in last */
    bool context;         /* its last message says something of other messages */
    uint16_t payload_len; /* bytes of the last payload that are kept: its first BATCH_KEPT, or
                             none where memory is short */
    uint16_t payload_room;
    size_t payload_bytes;     /* that it had */
    char *payload;            /* as it came, not terminated */
    timestamp arrival;        /* of the last message */
    uint64_t malformed_event; /* id of the newest in the journal */
};

struct fleet_options {
    const struct detector_type *detector;
    /* Judge the same readings, to be compared: their anomalies are outcomes and are counted, but
     * nothing else comes of them. NULL after the last. */
    const struct detector_type *beside[DETECTORS_MOST];
    struct detector_options detection;
    const struct limit_rules *limits; /* must outlive the fleet; NULL: none */
    uint16_t window;                  /* readings; 0 = WINDOW_DEFAULT */
    uint32_t max_series;              /* 0 = 100,000; beyond, readings are counted as overflow */
    /* Bytes for all that messages make us keep; 0 = 256 MiB. At 15/16 of it histories stop growing,
     * so that a sensor still to come finds room; beyond it, and never below 1 MiB, new series, and
     * texts that want more room, are counted as overflow. */
    size_t memory;
};

#define FLEET_RATE_SECONDS 180 /* of messages and bytes counted by the second */
#define FLEET_ANOMALY_SLOTS 60 /* per-minute anomaly counts kept: one hour */
#define FLEET_WRONG_SECONDS 20 /* of a slot of series counted as anomalous ... */
#define FLEET_WRONG_SLOTS 180  /* ... for an hour */

struct fleet_totals {
    uint64_t messages, bytes, readings, malformed, anomalies, overflow;
    uint64_t hushed;                    /* of the anomalies: of series that were muted or chronic */
    uint64_t alarms;                    /* those of the anomalies that are no mere notices */
    uint32_t twins, series, online;     /* online: neither told offline nor silent */
    uint32_t detectors[DETECTOR_SIZES]; /* series by the size of theirs */
    uint64_t beside[DETECTORS_MOST];    /* anomalies that those of fleet_options.beside found */
    uint32_t rate[FLEET_RATE_SECONDS];  /* messages by second, ring over epoch seconds */
    uint32_t byte_rate[FLEET_RATE_SECONDS];         /* their bytes, likewise */
    uint32_t anomalies_minute[FLEET_ANOMALY_SLOTS]; /* ring over epoch minutes */
    uint32_t wrong[FLEET_WRONG_SLOTS]; /* series by the slot in which they were anomalous last, ring
                                          over FLEET_WRONG_SECONDS of the epoch */
    int64_t rate_at; /* epoch second (not µs) that the rings have come to: rate[rate_at %
                        FLEET_RATE_SECONDS] is still being counted, and so is
                        anomalies_minute[rate_at / 60 % FLEET_ANOMALY_SLOTS] */
    size_t memory;
    timestamp set_back; /* by how much, in all, the clock was set back */
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
    const char *topic;           /* READING, ANOMALY, MALFORMED: as it came, NOT sanitised */
    const char *path;            /* READING: where it stood in its message */
    const char *unit;            /* READING: as of that reading */
    double value;
    struct window_stats before; /* READING: the window that it was scored against */
    const char *detector;       /* READING, ANOMALY: whose verdict; NULL if there is only one */
    bool beside;                /* ANOMALY: of one that runs beside, to be compared */
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

/* The clock shows this, as each message and each tick tell by themselves. Far before what it showed
 * last, it was set back: every time that was kept goes back by as much, once, and the log says so.
 * A detector keeps its own times. */
void fleet_clock(struct fleet *fleet, timestamp when);

/* The source was away from gone until now, so that nothing could be heard: no sensor is late for
 * it. */
void fleet_resume(struct fleet *fleet, timestamp gone, timestamp now);

/* The clock went from gone to now at once: this machine slept, or its clock was set ahead. No
 * sensor is late for it, and the log says so. */
void fleet_skip(struct fleet *fleet, timestamp gone, timestamp now);

/* Writes to the event log; subject and text are copied and must be sanitised. */
struct event *fleet_note(struct fleet *fleet, timestamp time, enum event_type type,
                         const char *subject, const char *text);

/* The twin of this name is (not) one of our simulated sensors; remembered for twins still to come.
 */
void fleet_mark_simulated(struct fleet *fleet, const char *name, bool simulated);

/* How far from its mean a reading may lie, for detectors that go by a threshold: of all series but
 * those that have one of their own. */
void fleet_set_threshold(struct fleet *fleet, double threshold);

/* The series may do this from now on; limits_none: what it likes. */
void fleet_limit(struct fleet *fleet, uint32_t series, const struct limits *limits);

/* Somebody has seen its last anomaly. false: there is none, or it was seen. */
bool fleet_acknowledge(struct fleet *fleet, uint32_t series);

/* Its anomalies alarm nobody for so long: MUTED_FOR_GOOD until further notice, 0 no longer. */
void fleet_mute(struct fleet *fleet, uint32_t series, timestamp duration);

/* A person wants to come back to this moment, of this series or else twin (either may be
 * JOURNAL_NONE); or to what an event is about. false: it has left the log. */
void fleet_bookmark(struct fleet *fleet, timestamp when, uint32_t series, uint32_t twin);
bool fleet_bookmark_event(struct fleet *fleet, uint64_t id);

/* How many messages, and bytes, came in this second of the epoch; 0 where that is not kept. */
uint32_t fleet_messages_in(const struct fleet_totals *totals, int64_t second);
uint32_t fleet_bytes_in(const struct fleet_totals *totals, int64_t second);

/* How many series were anomalous in the last so many seconds (at most an hour), give or take
 * FLEET_WRONG_SECONDS. */
uint32_t fleet_anomalous(const struct fleet_totals *totals, unsigned seconds);

/* The newest incident that lists the series; NULL if none does. */
const struct incident *fleet_incident_of(const struct fleet *fleet, uint32_t series);

/* The family that the series is compared within; NULL: none. */
const struct family *fleet_family_of(const struct fleet *fleet, const struct series *series);

uint32_t fleet_twin_count(const struct fleet *fleet);
uint32_t fleet_series_count(const struct fleet *fleet);
const struct twin *fleet_twin(const struct fleet *fleet, uint32_t index);
const struct series *fleet_series(const struct fleet *fleet, uint32_t index);
const struct journal *fleet_journal(const struct fleet *fleet);
const struct fleet_totals *fleet_totals(const struct fleet *fleet);
const struct fleet_options *fleet_options(const struct fleet *fleet); /* defaults filled in */

/* The last message of a series' topic as it came, behind those of other topics that may say
 * something about it, such as discovery and birth certificates (a few thousand at most); all in the
 * arena. Returns how many, the series' own last, of whose payload the first *kept bytes are there;
 * 0 if its topic is not known. */
size_t fleet_last_messages(const struct fleet *fleet, const struct series *series,
                           struct arena *arena, struct message **out, size_t *kept);

uint32_t fleet_topic_count(const struct fleet *fleet);
const struct topic *fleet_topic(const struct fleet *fleet, uint32_t index);
const struct topic *fleet_find_topic(const struct fleet *fleet, const char *name); /* NULL: none */

/* "auto 12, lab 420": how many anomalies each detector has found. false: there is only one. */
bool fleet_tally(const struct fleet *fleet, char *out, size_t size);

/* Is at least one of its series LOST, and none heard of? */
bool twin_silent(const struct twin *twin);

/* Does it break a limit right now? */
bool series_broken(const struct series *series);

enum hush series_hush(const struct series *series, timestamp now);

/* Is it heard as often as usual, and nobody told it offline? */
bool series_live(const struct series *series);

/* What counts as out of bounds for a series: its limits, else the edges of its expected band;
 * infinite where none is known. */
void series_bounds(const struct series *series, double *low, double *high);

/* When a series that is live will reach one of these bounds, as forecast_eta() has it but from now
 * on. false where that is not worth telling. */
bool series_eta(const struct series *series, double low, double high, timestamp now,
                struct forecast_eta *out);

/* The same for series_bounds(); an edge of its band only where it is far enough to mean something.
 */
bool series_outlook(const struct series *series, timestamp now, struct forecast_eta *out);

/* The state to show for a series: offline before lost before late before anomaly before learning.
 */
enum state series_state(const struct series *series);
/* "twin/series" */
void series_title(const struct series *series, char *out, size_t size);
const char *state_name(enum state state); /* "ok", "anomaly", ... as in JSON lines */

#endif
