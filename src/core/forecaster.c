#include "core/forecaster.h"

#include <math.h>

#include "core/average.h"

#define MISS_CUT 3
#define YOUNG 200       /* values: with as many even the slowest forgets */
#define SETTLED_FROM 10 /* values: before, nobody knows the usual miss */

/* The weight of the newest value in each level and of its slope in each trend, and what is left of
 * a trend a step later. */
struct gains {
    float level[FORECASTERS];
    float trend[FORECASTER_TRENDS], damping[FORECASTER_TRENDS];
};

static const struct gains usual_gains = {
    .level = {1, .15f, .05f, .005f, .5f, .3f, .1f, .3f},
    .trend = {.3f, .05f, .02f, .05f},
    .damping = {1, 1, 1, .97f},
};

/* How many steps' worth of trend is travelled in so many steps. */
static float travel(float damping, float steps)
{
    if (damping == 1)
        return steps;
    if (steps == 1)
        return damping;
    return damping * (1 - powf(damping, steps)) / (1 - damping);
}

float forecaster_at(const struct forecasters *forecasters, enum forecaster which, float steps)
{
    float level = forecasters->level[which];
    if (which < FORECASTER_TREND_QUICK)
        return level;
    unsigned i = which - FORECASTER_TREND_QUICK;
    return level + forecasters->trend[i] * travel(usual_gains.damping[i], steps);
}

float forecaster_reach(const struct forecasters *forecasters, enum forecaster which, float away)
{
    float way = away - forecasters->level[which];
    if (which < FORECASTER_TREND_QUICK)
        return way == 0 ? 0 : INFINITY;
    unsigned i = which - FORECASTER_TREND_QUICK;
    way /= forecasters->trend[i];
    float damping = usual_gains.damping[i];
    if (isnan(way) || way <= 0)
        return 0;
    if (damping == 1)
        return way;
    float left = 1 - way * (1 - damping) / damping; /* of the trend, there */
    return left > 0 ? logf(left) / logf(damping) : INFINITY;
}

void forecasters_miss(const struct forecasters *restrict forecasters, float change, unsigned steps,
                      float miss[restrict FORECASTERS])
{
    for (unsigned i = 0; i < FORECASTERS; i++)
        miss[i] = change - forecasters->level[i];
    float way[FORECASTER_TRENDS];
    for (unsigned i = 0; i < FORECASTER_TRENDS; i++)
        way[i] = steps == 1 ? usual_gains.damping[i] : travel(usual_gains.damping[i], (float)steps);
    for (unsigned i = 0; i < FORECASTER_TRENDS; i++)
        miss[FORECASTER_TREND_QUICK + i] -= forecasters->trend[i] * way[i];
}

/* The gains for a value that comes after more than one step: what is older has lost so much more of
 * its weight. The trend's is divided by the steps in which the miss arose (Wright 1986). */
static struct gains late_gains(float steps)
{
    struct gains late;
    for (unsigned i = 0; i < FORECASTERS; i++)
        late.level[i] = 1 - powf(1 - usual_gains.level[i], steps);
    for (unsigned i = 0; i < FORECASTER_TRENDS; i++) {
        late.trend[i] = (1 - powf(1 - usual_gains.trend[i], steps)) / steps;
        late.damping[i] = powf(usual_gains.damping[i], steps);
    }
    return late;
}

static float settle(float size)
{
    return fabsf(size) < FORECASTER_TINY ? 0 : size;
}

static float clip(float value, float limit)
{
    return value > limit ? limit : value < -limit ? -limit : value;
}

/* Loops over everybody without a branch: a processor does four at once. */
static void learn(struct forecasters *restrict forecasters, const float *restrict miss,
                  const struct gains *restrict gains, uint32_t seen, const float *restrict usual)
{
    const float *surprise = miss + FORECASTER_TREND_QUICK, *size = usual + FORECASTER_TREND_QUICK;
    const float *level = gains->level + FORECASTER_TREND_QUICK;
    float cut = seen < SETTLED_FROM ? INFINITY : MISS_CUT;
    for (unsigned i = 0; i < FORECASTER_TRENDS; i++) {
        float step = clip(surprise[i], cut * size[i]);
        forecasters->trend[i] =
            settle(gains->damping[i] * forecasters->trend[i] + level[i] * gains->trend[i] * step);
    }
    for (unsigned i = 0; i < FORECASTERS; i++)
        forecasters->level[i] = settle((gains->level[i] - 1) * miss[i]);
}

/* While young, everybody weighs all that came the same. */
static void learn_young(struct forecasters *forecasters, const float miss[FORECASTERS],
                        struct gains gains, uint32_t seen, const float usual[FORECASTERS])
{
    for (unsigned i = 0; i < FORECASTERS; i++)
        gains.level[i] = average_gain(gains.level[i], seen);
    learn(forecasters, miss, &gains, seen, usual);
}

void forecasters_learn(struct forecasters *forecasters, const float miss[FORECASTERS],
                       unsigned steps, uint32_t seen, const float usual[FORECASTERS])
{
    if (steps > 1)
        learn_young(forecasters, miss, late_gains((float)steps), seen, usual);
    else if (seen < YOUNG)
        learn_young(forecasters, miss, usual_gains, seen, usual);
    else
        learn(forecasters, miss, &usual_gains, seen, usual);
}
