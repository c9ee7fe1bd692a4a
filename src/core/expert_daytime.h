/* Asks of each value: is it rare for this time of the day? A profile of the UTC day in quarters of
 * an hour; the smoothed distance from it, against all such distances before. Silent on the first
 * day. Plain data (zeroed = nothing seen), one thread at a time. */
#ifndef DT_CORE_EXPERT_DAYTIME_H
#define DT_CORE_EXPERT_DAYTIME_H

#include "core/tail.h"
#include "core/timestamp.h"

#define DAYTIME_BINS 96

struct expert_daytime {
    float usual[DAYTIME_BINS];
    uint8_t visits[DAYTIME_BINS]; /* stops at 255 */
    float distance;               /* of the last few values from the profile */
    float expected;               /* of the last value, before it was learnt */
    uint8_t bin;                  /* of the last value */
    bool started;
    bool still;                       /* the present visit of the bin has seen one value only: */
    float held;                       /* this one */
    uint8_t stills[DAYTIME_BINS / 8]; /* a bit for each bin whose last visit was such a one */
    bool rested_before; /* the visit of the bin before this one, a day ago, was one too */
    struct tail tail;
};

/* Judges value at this time, then learns it. least: a smaller distance is a matter of rounding and
 * not rare. Returns the rarity (tail.h). */
float expert_daytime_step(struct expert_daytime *expert, timestamp time, float value, float least);

/* The same for a value that is not to be learnt: only whether the series rests. */
void expert_daytime_pass(struct expert_daytime *expert, timestamp time, float value);

/* Did this quarter of an hour, or the one before it, see a single value only when it came last,
 * like that of a light sensor at night? Then it is no wonder if the same happens today. */
bool expert_daytime_rests(const struct expert_daytime *expert);

#endif
