/* The inside of a fleet, shared by the files that make it up and by nobody else: fleet.c (life,
 * dispatch, totals), fleet_clock.c (time), fleet_reading.c (a reading's way), fleet_detector.c
 * (detectors' states), fleet_presence.c (status messages and silence), fleet_timing.c (haste, and
 * sensors' clocks), fleet_forecast.c (where series are heading), fleet_limits.c (what series may
 * do), fleet_unrest.c (who is alarmed by them), fleet_peers.c (series of one kind against each
 * other), fleet_log.c (what the event log says). */
#ifndef DT_CORE_FLEET_STATE_H
#define DT_CORE_FLEET_STATE_H

#include "core/fleet.h"
#include "core/registry.h"

#define FLEET_NEVER INT64_MAX

/* Arrivals and ticks may come this much out of order; a time that lies further back means that the
 * clock was set back. */
#define FLEET_UNORDERED (5 * TIMESTAMP_SECOND)

/* The log has room for this many undecodable messages a minute, so that a flood of them over many
 * topics leaves the rest of the log readable. All are counted. */
#define FLEET_MALFORMED_A_MINUTE 100

#define FLEET_LOGGED_A_PASS 20 /* more that change together get one line */

/* A SET_THRESHOLD that was seen. */
struct threshold {
    char *prefix; /* of the topics that it is for */
    char *sensor; /* "" for all */
    double max;
};

struct families {
    struct hash hash;
    struct family *list;
    uint32_t count, room;
    uint32_t known; /* series before this one have joined theirs */
    uint32_t next;  /* to be looked at */
};

struct fleet {
    struct fleet_options options;
    struct registry registry;
    struct fleet_totals totals;
    struct journal journal;
    timestamp *due; /* by series: when its silence will mean something new, or FLEET_NEVER */
    uint32_t due_room;
    uint32_t detectors_end[DETECTOR_SIZES]; /* no series from this index on has one so large */
    timestamp due_first;                    /* no series is due before this */
    timestamp now;                          /* of the message or tick at hand */
    timestamp clock;        /* the latest of them, since the clock was set back last */
    timestamp judged;       /* when silence was judged last */
    uint32_t back;          /* series that came back since, */
    uint32_t hasty, off;    /* got too fast, twins whose clock turned out to be wrong */
    struct verdict verdict; /* of the reading at hand: kept here because it stays in the cache */
    bool hushed;            /* nobody is to be alarmed by it */
    struct incidents incidents;
    struct families families;
    uint64_t incident, incident_event; /* the newest in the log, and where */
    struct threshold *thresholds;      /* for series still to come */
    uint32_t threshold_count;
    char **simulated; /* names of our own sensors */
    uint32_t simulated_count;
    timestamp malformed_since; /* when the minute of FLEET_MALFORMED_A_MINUTE began */
    uint32_t malformed_logged; /* in it */
};

/* The message at hand. */
struct intake {
    struct fleet *fleet;
    const struct decoded *message;
    struct topic *topic;  /* NULL: one topic too many */
    struct twin *twin;    /* that the item before named */
    const char *sensor;   /* and how: the next one often shares the very string */
    unsigned facts;       /* taken so far */
    bool facts_known;     /* the twin has all of this message's */
    bool facts_refused;   /* there was no room for one of them */
    unsigned readings;    /* likewise */
    struct outcomes *out; /* may be NULL */
};

/* fleet.c */

/* The next outcome: type, time and twin set, the rest to be filled in, the verdict untouched. NULL
 * if nobody listens. */
struct outcome *fleet_outcome(struct outcomes *out, enum outcome_type type, timestamp time,
                              const struct twin *twin);

/* The twin that an item names, known to be in this message; NULL for none, or one too many. */
struct twin *fleet_item_twin(struct intake *in, const char *sensor);

/* Counts the twin as online or not, after its presence or its silence changed. */
void fleet_count_online(struct fleet *fleet, struct twin *twin);

/* fleet_clock.c */

/* The second it counts for in the rings of fleet_totals: times before 1970 have none of their own.
 */
int64_t fleet_second(timestamp time);

/* fleet_reading.c */
void fleet_reading(struct intake *in, const struct item *item);

/* Counts and tells what fleet->verdict says of this series. when: by the clock of arrivals; time:
 * of the outcome. */
void fleet_tell_anomaly(struct fleet *fleet, struct series *series, timestamp when, timestamp time,
                        struct outcomes *out);

/* fleet_detector.c */

/* The detector of a series: with little memory left, a cheaper one than fleet_options says. */
const struct detector_type *fleet_detector(const struct fleet *fleet, const struct series *series);

/* The same calls for all detectors of a series: theirs, and those that run beside. */
timestamp fleet_detector_due(const struct fleet *fleet, const struct series *series);
void fleet_detector_pardon(struct fleet *fleet, struct series *series, timestamp length);
void fleet_detector_set_back(struct fleet *fleet, struct series *series, timestamp step);

/* Asks the detectors that are due. true: its own one has an anomaly to tell, in fleet->verdict. */
bool fleet_detector_elapse(struct fleet *fleet, struct series *series, timestamp now,
                           struct outcomes *out);

/* Lets all detectors judge a reading; its own one fills fleet->verdict, the others out. */
void fleet_detector_observe(struct fleet *fleet, struct series *series,
                            const struct observation *seen, struct verdict beside[DETECTORS_MOST]);

/* Tells of the anomalies that the others found. */
void fleet_detector_tell(struct fleet *fleet, struct series *series, timestamp time,
                         const struct verdict beside[DETECTORS_MOST], struct outcomes *out);

/* How rare each voter found the last reading, in tenths (detector_auto.h); 0 for all if the
 * detector does not vote. */
void fleet_detector_votes(const struct fleet *fleet, const struct series *series,
                          uint8_t votes[VOTERS]);

/* The name to tell with a verdict of its own detector; NULL if there is no other. */
const char *fleet_detector_name(const struct fleet *fleet);

/* Makes the state for a new series; forgets all that was learnt. */
void fleet_detector_init(struct fleet *fleet, struct series *series);
void fleet_detector_forget(struct fleet *fleet, struct series *series);

/* fleet_presence.c */
void fleet_presence(struct intake *in, const struct item *item);

/* A live reading arrived: judges the silence before it, learns the interval. A twin told offline is
 * not offline any more. */
void fleet_beat(struct fleet *fleet, struct series *series, timestamp arrival,
                struct outcomes *out);

/* Cadence and detector have taken in a reading: sets the time at which silence after it will mean
 * something new. */
void fleet_wind(struct fleet *fleet, const struct series *series);

/* Judges the silence of every series, if enough time has passed since the last time. */
void fleet_judge(struct fleet *fleet, timestamp now, struct outcomes *out);

/* fleet_limits.c */

/* What a person said of the series; made if there is nothing yet. */
struct guard *fleet_guard(struct fleet *fleet, struct series *series);

/* What rules and commands say of a series that has just been made. */
void fleet_rule(struct fleet *fleet, struct series *series, bool binary_state);

/* Is this the lab's SET_THRESHOLD? Then it is an upper limit of the numeric series of its sensors,
 * also of those to come; *changed gets how many there are. */
bool fleet_threshold(struct fleet *fleet, const struct decoded *message, const struct item *item,
                     uint32_t *changed);
void fleet_forget_thresholds(struct fleet *fleet);

/* Judges the reading of a series that has a guard: a limit that it breaks becomes fleet->verdict.
 */
void fleet_check_limits(struct fleet *fleet, const struct series *series, const struct item *item,
                        bool retained);

/* fleet_unrest.c */

/* Of a series that is or was anomalous, or is chronic: takes fleet->verdict into account, and
 * settles whether anybody is to be alarmed. */
void fleet_mind(struct fleet *fleet, struct series *series, timestamp when);

/* An anomaly has been counted: is it part of an incident? */
void fleet_take_incident(struct fleet *fleet, const struct series *series, timestamp when);

/* The clock was set back by this much, and by so many slots of FLEET_WRONG_SECONDS. */
void fleet_shift_unrest(struct series *series, timestamp step, int64_t slots);

/* fleet_peers.c */

/* Compares the series of each family, once a minute. */
void fleet_compare(struct fleet *fleet, timestamp now, struct outcomes *out);
void fleet_free_families(struct fleet *fleet);

/* fleet_forecast.c */

/* The series took in a live reading. */
void fleet_look_ahead(struct fleet *fleet, struct series *series, timestamp arrival, double value);

/* Its values have no past any more: the unit changed. */
void fleet_look_anew(struct series *series);

/* fleet_timing.c */

/* The series has just turned out to be too fast. */
void fleet_pace(struct fleet *fleet, struct series *series, timestamp arrival);

/* A live reading of this time arrived: learns how late they come, and tells of a clock that is off.
 * Nothing else goes by the times that sensors tell. */
void fleet_sensor_clock(struct fleet *fleet, struct series *series, timestamp time,
                        timestamp arrival);

/* fleet_payload.c */

/* The topic keeps the message's payload; items are those of the message. */
void fleet_keep_payload(struct intake *in, const struct item *items);

/* fleet_log.c */

/* Formats into event->text; what does not fit ends in '…'. */
void fleet_log_text(struct event *event, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Opens an event about a series, a twin, or a topic. */
struct event *fleet_log_series(struct fleet *fleet, timestamp time, enum event_type type,
                               const struct series *series);
struct event *fleet_log_twin(struct fleet *fleet, timestamp time, enum event_type type,
                             const struct twin *twin);
struct event *fleet_log_topic(struct fleet *fleet, timestamp time, enum event_type type,
                              const char *topic);

/* Of what fleet->verdict says. */
void fleet_log_anomaly(struct fleet *fleet, const struct series *series, timestamp time);

/* The topic's message at this time was not decoded. Its first few get an event each; then the
 * newest of them keeps count. */
void fleet_log_malformed(struct fleet *fleet, struct topic *topic, const char *reason,
                         timestamp time);

#define FLEET_DURATION_TEXT 32

/* A duration in words: "5.0 s", "31 s", "2m10", "3h12", "3d02h". */
void fleet_duration(timestamp duration, char out[FLEET_DURATION_TEXT]);

/* The same, finer below a second: "0.20 s", "5 ms". */
void fleet_period(timestamp period, char out[FLEET_DURATION_TEXT]);

#endif
