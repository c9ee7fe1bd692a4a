/* How rare is a size, in everything that was seen before it? A histogram over quarter octaves, with
 * a generalised Pareto distribution fitted to its upper tenth, so that sizes beyond all that were
 * seen get a probability too. Fixed size, one pass, slow forgetting. Plain data (zeroed = nothing
 * seen), one thread at a time.
 *
 * A size is any finite number >= 0. Its rarity is -log10 of the probability to see one as large or
 * larger: 3 is one in a thousand; 0 for all that is usual. */
#ifndef DT_CORE_TAIL_H
#define DT_CORE_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#define TAIL_BINS 52
#define TAIL_FORGETS_AT 12000 /* sizes; then every count is halved */

struct tail {
    uint16_t bins[TAIL_BINS];
    float edge;         /* the size where the fitted tail begins */
    float edge_rarity;  /* of that size */
    float shape, scale; /* of the excess over the edge, in edges */
    uint16_t count;     /* of sizes, zeros included */
    uint8_t unfitted;   /* sizes learnt since the last fit */
    bool placed;        /* a size above zero has been seen: middle is set */
    int16_t middle;     /* bin TAIL_BINS / 2 begins at 2^middle */
};

/* 0 while fewer than 10 sizes were learnt. */
float tail_rarity(const struct tail *tail, float size);

/* The size that has this rarity: the inverse of tail_rarity(), at least the tail's edge. */
float tail_size(const struct tail *tail, float rarity);

void tail_learn(struct tail *tail, float size);

/* The rarity of a size by what came before, which is then learnt. */
float tail_judge(struct tail *tail, float size);

/* The same, but no size teaches more than one of rarity `most` would: what was told as an anomaly
 * becomes usual slowly, and does not blind the tail for the next one. */
float tail_judge_capped(struct tail *tail, float size, float most);

#endif
