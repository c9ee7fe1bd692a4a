/* The inside of the default detector, shared by the files that make it up and by nobody else:
 * detector_auto.c (learns and judges), detector_auto_tell.c (says what was found). */
#ifndef DT_CORE_DETECTOR_AUTO_STATE_H
#define DT_CORE_DETECTOR_AUTO_STATE_H

#include <stddef.h>

#include "core/detector_auto.h"
#include "core/expert_daytime.h"
#include "core/expert_level.h"
#include "core/expert_shape.h"
#include "core/front.h"
#include "core/named.h"
#include "core/silence.h"

/* What is kept of each series, by the three sizes of the detector: each is the first part of the
 * next, so that a series can go from a larger to a smaller one and keep what it learnt. */
struct tiny_memory {
    struct front front;
    struct silence silence;
};

struct memory {
    struct front front;
    struct silence silence;
    struct predictor predictor;
    struct expert_level level;
    struct spike spike;
    struct shift shift;
    struct drift drift;
    struct burst burst;
    struct stuck stuck;
    float votes[VOTERS];
    float reach;            /* scales from the prediction to the edge of the expected band */
    float alarm;            /* severity of the last one */
    float price;            /* that a rarity pays for the length of the history */
    uint32_t seen;          /* values that the statistics saw */
    uint16_t rest;          /* values until the next alarm */
    uint16_t pause[VOTERS]; /* values until this voter speaks for itself again */
};

struct full_memory {
    struct memory common;
    struct expert_daytime daytime;
    struct expert_shape shape;
};

_Static_assert(offsetof(struct memory, silence) == offsetof(struct tiny_memory, silence),
               "the tiny memory is the first part of the small one");

/* A reading while it is judged. */
struct hearing {
    struct memory *memory;    /* of the tiny detector: no more than a tiny_memory of it */
    struct full_memory *full; /* NULL for the small detector */
    const struct observation *seen;
    double last; /* value before this one */
    struct named_input input;
    struct finding findings[VOTERS];
    float together;   /* severity of the views' sum */
    enum voter voter; /* that speaks for itself; VOTERS: none */
    float severity;   /* of the anomaly; 0: none */
    float strangest;  /* severity of all that was found, told or not */
    float bar;        /* severity that the next alarm needs */
    bool frozen;      /* the same as before, which is known to be stuck: it teaches nothing */
};

/* detector_auto_tell.c */

/* Sets the band to middle ± reach, which are on the scale that the statistics see. */
void auto_set_band(const struct hearing *hearing, double middle, double reach, struct verdict *out);

/* Sets the kind and the reason of an anomaly, and the band that belongs to them. */
void auto_tell(const struct hearing *hearing, struct verdict *out);

#endif
