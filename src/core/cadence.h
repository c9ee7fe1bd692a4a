/* The learned period of a series, and what its silence, or its haste, means. Arrivals in, a period
 * out: the running median of the intervals, so that a gap, a burst or jitter does not move it.
 * Plain data. */
#ifndef DT_CORE_CADENCE_H
#define DT_CORE_CADENCE_H

#include "core/timestamp.h"

#define CADENCE_INTERVALS 15 /* the median is over so many */

enum beat { BEAT_UNKNOWN, BEAT_LIVE, BEAT_LATE, BEAT_LOST };
enum pace { PACE_USUAL, PACE_FAST };

struct cadence {
    timestamp last;                        /* last arrival, TIMESTAMP_NONE before the first */
    uint32_t intervals[CADENCE_INTERVALS]; /* milliseconds, a ring */
    uint32_t sorted[CADENCE_INTERVALS];    /* the same in ascending order */
    uint8_t count, next;
    uint32_t longest; /* the longest interval lately, milliseconds, decaying */
    float usual;      /* the median interval of long ago, milliseconds; 0 while not known */
    enum pace pace;
    timestamp hasty; /* since when the median is short; TIMESTAMP_NONE: it is not */
};

void cadence_init(struct cadence *cadence);

/* A beat arrived (never for retained messages: they were not sent just now). */
void cadence_beat(struct cadence *cadence, timestamp arrival);

/* The period that it had before it changed its pace, in µs, which follows a lasting change slowly;
 * 0 while not known. PACE_FAST in cadence.pace: for at least 5 of these periods the median has been
 * less than a third of one. A burst is over before that, and a change that lasts for 30 of them is
 * the new usual. */
timestamp cadence_usual(const struct cadence *cadence);

/* The sensor is known to rest: the time until its next beat is no interval, and until then there is
 * nothing to judge. What was learned stays. */
void cadence_rest(struct cadence *cadence);

/* This long nobody could have heard a beat: it counts neither as silence nor as an interval. */
void cadence_pardon(struct cadence *cadence, timestamp length);

/* The clock that arrivals are told by was set back by this much. */
void cadence_set_back(struct cadence *cadence, timestamp step);

/* The median interval in µs; 0 while fewer than 5 are known. */
timestamp cadence_period(const struct cadence *cadence);

/* A silence longer than this, in µs, makes a series LATE: 3 periods, at least 1 s, and the longest
 * usual gap (up to what makes it LOST). LOST: 10 periods, at least 30 s. 0 while the period is not
 * known. */
timestamp cadence_late_after(const struct cadence *cadence);
timestamp cadence_lost_after(const struct cadence *cadence);

/* The longest interval lately, in µs. */
timestamp cadence_gap(const struct cadence *cadence);

/* What the silence until now means. BEAT_UNKNOWN while the period is not known, or at rest. */
enum beat cadence_judge(const struct cadence *cadence, timestamp now);

#endif
