/* The detectors that know what they are looking for: each follows one statistic of a series and
 * tells when it is rare for the series' own history and large enough to matter. Values are in any
 * unit that stays the same. Plain data (zeroed = nothing seen), one thread at a time. */
#ifndef DT_CORE_NAMED_H
#define DT_CORE_NAMED_H

#include "core/predictor.h"
#include "core/tail.h"
#include "core/timestamp.h"

/* The value at hand, as all of them see it. */
struct named_input {
    timestamp time;
    double value;
    double slow; /* its average over some 500 values, before this one */
    struct prediction prediction;
    uint32_t seen; /* values before it */
    float price;   /* rarity that the length of the history takes away: in a long one chance brings
                      about more (detector_auto.c) */
};

/* What a detector says of one value. */
struct finding {
    float rarity;    /* of its statistic (tail.h) */
    float size;      /* the statistic */
    bool told;       /* rare and large enough to be told */
    double start;    /* shift, drift: level before it moved, */
    timestamp since; /* since when, */
    float change;    /* and by how much; shift: only when told */
};

/* A single value far from the prediction. Statistic: |z|. */
struct spike {
    struct tail tail;
};

struct finding spike_step(struct spike *spike, const struct named_input *in);

/* The level has moved. Statistic: the larger of two one-sided cumulative sums of z (CUSUM, Page
 * 1954). */
struct shift_side {
    float sum;
    float total;     /* of the departures from start, since the sum began to grow */
    double start;    /* the level expected then */
    timestamp since; /* when that was */
    uint32_t count;  /* values since */
};

struct shift {
    struct shift_side up, down;
    struct tail tail;
};

struct finding shift_step(struct shift *shift, const struct named_input *in);

/* After it was told: the new level is the level. */
void shift_reset(struct shift *shift);

/* The level creeps away. Statistic: the distance of a medium average from the slow one. */
struct drift {
    double medium;   /* average over about 30 values */
    double start;    /* of medium, when it left the slow average */
    timestamp since; /* when that was */
    bool above;
    struct tail tail;
};

struct finding drift_step(struct drift *drift, const struct named_input *in);

/* The noise has grown. Statistic: the mean size of the last changes, as a multiple of the usual
 * one. */
struct burst {
    float fast, slow;
    struct tail tail;
};

struct finding burst_step(struct burst *burst, const struct named_input *in);

/* The very same value again and again. Statistic: how often it was repeated so far. What is usual
 * comes from all runs of equal values: a few more readings of the same are nothing where values
 * often repeat, or where runs vary much in length. */
struct stuck {
    float mean, square; /* of the runs' repeats */
    float longest;      /* usual longest run, in repeats; fades */
    uint32_t run;       /* repeats of the present value */
    uint32_t runs;      /* that have ended */
    timestamp since;    /* first reading of the present value */
    timestamp last;     /* reading */
    float ever, usual;  /* longest time that a value was held so far, µs; and untold */
    uint8_t told;       /* of the present run, by the caller: enum severity */
};

/* same: value equals the one before (never for the first). */
struct finding stuck_step(struct stuck *stuck, timestamp time, bool same, float price);

#endif
