/* When a series should be heard of again: its usual interval and its longest one. For the timer of
 * a detector; what the screen calls LATE and LOST is cadence.h. Plain data (zeroed = nothing seen),
 * one thread at a time. */
#ifndef DT_CORE_SILENCE_H
#define DT_CORE_SILENCE_H

#include "core/timestamp.h"

#define SILENCE_NEVER INT64_MAX

struct silence {
    timestamp last; /* reading; meaningless before the first */
    float pardoned; /* so many µs since then are no silence; INFINITY: all */
    float interval; /* usual, µs */
    float longest;  /* usual longest, µs; fades */
    uint16_t count; /* of readings; stays at its largest */
    bool told;      /* that it is silent now */
};

/* A reading came at this time. Returns the interval that it ended, µs; 0 if there was none or the
 * clock was set back. */
float silence_beat(struct silence *silence, timestamp time);

/* So much of the time until the next reading is no silence: it teaches nothing either.
 * SILENCE_NEVER: all of it. */
void silence_pardon(struct silence *silence, timestamp length);

/* When silence means something: SILENCE_NEVER while too little is known, or if it was told. */
timestamp silence_due(const struct silence *silence);

#endif
