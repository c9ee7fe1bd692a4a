/* Anomalies of several series close in time: incidents. An anomaly begins one when so many series
 * in so short a time would hardly come together by chance, each at its own rate; it joins one when
 * it would hardly have come by chance since the last. No window is given: the anomalies at hand say
 * how long it is. Plain data, one thread at a time. */
#ifndef DT_CORE_INCIDENT_H
#define DT_CORE_INCIDENT_H

#include "core/timestamp.h"

#include <stdbool.h>
#include <stdint.h>

#define INCIDENT_MEMBERS 24 /* listed by name; more are counted */
#define INCIDENTS_KEPT 16
#define INCIDENT_RECENT 32 /* anomalies that may become one */

struct incident_member {
    uint32_t series;
    timestamp time; /* of its first anomaly in it */
};

struct incident {
    uint64_t id; /* counts from 1 */
    timestamp first, last;
    uint32_t count;  /* of its series */
    uint32_t listed; /* of them below, in the order of their times */
    struct incident_member members[INCIDENT_MEMBERS];
};

/* An anomaly that is in no incident yet. */
struct stray {
    uint32_t series;
    timestamp time;
    uint64_t before; /* anomalies of the series until then */
};

#define INCIDENT_CLASSES 48

/* The series by how many anomalies they had, in powers of two: what chance brings about is reckoned
 * class by class, however many series there are. */
struct tally {
    uint32_t series[INCIDENT_CLASSES];
    uint64_t anomalies[INCIDENT_CLASSES];
};

struct incidents {
    timestamp start;                      /* since when anomalies are counted */
    struct tally tally;                   /* of all */
    struct tally usual;                   /* of those before the incident that is open */
    struct stray recent[INCIDENT_RECENT]; /* oldest first */
    uint32_t recent_count;
    struct incident kept[INCIDENTS_KEPT]; /* a ring over their ids */
    uint64_t last_id;                     /* 0: none so far */
    bool open;                            /* the last one may still grow */
};

/* Anomalies are counted from this moment on. */
void incidents_init(struct incidents *incidents, timestamp start);

/* A series became anomalous; before: how many anomalies it had until then. Returns the incident
 * that began or grew by that, NULL if none did. */
const struct incident *incidents_take(struct incidents *incidents, uint32_t series, timestamp time,
                                      uint64_t before);

/* The same of one that nobody is told of: it counts for what is usual, and is in no incident. */
void incidents_count(struct incidents *incidents, uint64_t before);

/* The newest that lists this series; NULL if none does. */
const struct incident *incidents_of(const struct incidents *incidents, uint32_t series);

/* The clock was set back by this much. */
void incidents_set_back(struct incidents *incidents, timestamp step);

/* The probability of k or more where `expected` are expected and they come independently (Poisson).
 */
double incident_chance(unsigned k, double expected);

#endif
