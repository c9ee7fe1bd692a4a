/* How much of the last hour a series has been anomalous. One that is so half of the time is
 * chronic: further alarms of it would tell nobody anything new. Plain data, one thread at a time.
 */
#ifndef DT_CORE_UNREST_H
#define DT_CORE_UNREST_H

#include "core/timestamp.h"

#include <stdbool.h>
#include <stdint.h>

#define UNREST_SLOTS 60 /* of a minute, or longer ones for a series with a longer period */

/* Zeroed: never anomalous. */
struct unrest {
    uint64_t slots;    /* bit i: anomalous in the i-th slot before `at` */
    int64_t at;        /* the slot of the last mark, since the epoch */
    uint8_t doublings; /* a slot is a minute, doubled so often */
    bool chronic;
};

/* It is anomalous at this moment. period: its learned one, 0 while unknown. Returns whether it has
 * come to be chronic by that: in half of the slots. */
bool unrest_mark(struct unrest *unrest, timestamp now, timestamp period);

/* Returns whether it has ceased to be chronic by now: anomalous in less than a quarter of the
 * slots, so that it does not go to and fro. */
bool unrest_pass(struct unrest *unrest, timestamp now);

/* In how many slots it was anomalous lately, and how long they are all together. */
unsigned unrest_count(const struct unrest *unrest, timestamp now);
timestamp unrest_span(const struct unrest *unrest);

/* The clock was set back by this much. */
void unrest_set_back(struct unrest *unrest, timestamp step);

#endif
