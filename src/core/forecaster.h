/* Eight cheap ways to guess where a series is heading: four levels that forget at different speeds
 * (exponentially weighted averages; the naive one is the last value itself) and four that also
 * follow a trend (Holt 1957; the last lets it die out, Gardner and McKenzie 1985). Which of them to
 * believe is not their business (forecast.h). Sizes are relative to the last value, so that nothing
 * depends on where zero is and single precision is enough. Plain data (zeroed = nothing seen), one
 * thread at a time. */
#ifndef DT_CORE_FORECASTER_H
#define DT_CORE_FORECASTER_H

#include <stdint.h>

enum forecaster {
    FORECASTER_NAIVE,       /* it stays as it is */
    FORECASTER_QUICK,       /* average over about 7 values */
    FORECASTER_MEDIUM,      /* over about 20 */
    FORECASTER_SLOW,        /* over about 200: far ahead only the usual level counts */
    FORECASTER_TREND_QUICK, /* for clean ramps */
    FORECASTER_TREND_MEDIUM,
    FORECASTER_TREND_SLOW, /* for drifts under noise */
    FORECASTER_TREND_DAMPED,
    FORECASTERS,
};

/* Less is nothing: a constant series must not end in denormal numbers, which are slow. */
#define FORECASTER_TINY 1e-30f

#define FORECASTER_TRENDS (FORECASTERS - FORECASTER_TREND_QUICK)

struct forecasters {
    float level[FORECASTERS];       /* minus the last value */
    float trend[FORECASTER_TRENDS]; /* a step */
};

/* What a forecaster expects so many steps (0 or more) after the last value, minus that value. */
float forecaster_at(const struct forecasters *forecasters, enum forecaster which, float steps);

/* The steps until it expects a value `away` from the last one: 0 if it is there or past it already,
 * INFINITY if it never will be. */
float forecaster_reach(const struct forecasters *forecasters, enum forecaster which, float away);

/* A value came, `change` above the last one and `steps` (1 or more) after it: by how much it
 * surpasses what each forecaster expected. */
void forecasters_miss(const struct forecasters *forecasters, float change, unsigned steps,
                      float miss[FORECASTERS]);

/* Learns that value; miss is forecasters_miss() of it. seen: values before it, at least 1. usual:
 * the usual size of each one's miss. A trend learns at most three times that at once, so that a
 * spike does not tilt it. */
void forecasters_learn(struct forecasters *forecasters, const float miss[FORECASTERS],
                       unsigned steps, uint32_t seen, const float usual[FORECASTERS]);

#endif
