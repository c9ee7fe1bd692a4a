/* How long after a reading's own time it arrived: the median of the last few, so that one late
 * message does not move it. Negative where the sensor's clock is ahead. Plain data (zeroed =
 * nothing seen), one thread at a time. */
#ifndef DT_CORE_LAG_H
#define DT_CORE_LAG_H

#include "core/timestamp.h"

#include <stdbool.h>

#define LAG_READINGS 9 /* the median is over so many */

struct lag {
    float seconds[LAG_READINGS]; /* a ring */
    uint8_t count, next;
    timestamp middle; /* arrival of the reading in the middle: those since are the majority */
};

/* A reading of this time arrived. true once in LAG_READINGS: all of them are new since. */
bool lag_add(struct lag *lag, timestamp time, timestamp arrival);

/* In µs; false: no reading with a time of its own so far. */
bool lag_median(const struct lag *lag, timestamp *median);

/* The clock that arrivals are told by was set back by this much. */
void lag_set_back(struct lag *lag, timestamp step);

#endif
