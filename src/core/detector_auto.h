/* What the default detector keeps of a series, for whoever wants to know who voted for an anomaly
 * and how strongly. One thread at a time, like the state. */
#ifndef DT_CORE_DETECTOR_AUTO_H
#define DT_CORE_DETECTOR_AUTO_H

#include "core/detector.h"

enum voter {
    VOTER_LEVEL,   /* views, whose votes add up: the level, */
    VOTER_DAYTIME, /* the value for this time of the day, */
    VOTER_SHAPE,   /* the shape of the curve, */
    VOTER_BURST,   /* the size of the changes; */
    VOTER_SPIKE,   /* and what speaks for itself, as the last view does too */
    VOTER_SHIFT,
    VOTER_DRIFT,
    VOTER_STUCK,
    VOTERS,
};

const char *voter_name(enum voter voter);

/* How rare each voter found the last reading: -log10 of its probability, 3 = one in a thousand; 0
 * while it has nothing to say. state: of a series whose detector is detector_auto or
 * detector_auto_small. */
void detector_auto_votes(const void *state, float votes[VOTERS]);

/* For when there are more series than memory. Small: the same without the memory of days and
 * shapes, in a quarter of the bytes. Tiny: silence, and what sticks out far from the last window,
 * in a fortieth. Their states are the first part of the large one, so that a series can change to
 * them and keep what it learnt. */
extern const struct detector_type detector_auto_small;
extern const struct detector_type detector_auto_tiny;

#endif
