#include "core/predictor.h"

#include <math.h>

#include "core/average.h"
#include "core/bounds.h"

#define LEVEL_GAIN 0.15f
#define TREND_GAIN 0.006f
#define ERROR_GAIN 0.02f
#define TREND_FROM 10   /* values */
#define SETTLED_FROM 20 /* values: then errors are cut and z is told */
#define ERROR_CUT 4
#define STEP_CUT 6 /* scales */
#define SURPRISE 5 /* scales: more is learnt at half the gain */
#define DEVIATION \
    1.2533f            /* standard deviation / mean error, of a normal distribution: sqrt(pi/2) */
#define ROUNDING 0.35f /* of a quantum: more than the deviation of a rounding error, .29 */

float predictor_scale(const struct predictor *predictor)
{
    return larger_of(DEVIATION * predictor->error, ROUNDING * predictor->quantum);
}

void predictor_move(struct predictor *predictor, double level)
{
    predictor->level = level;
    predictor->trend = 0;
}

static void learn(struct predictor *predictor, const struct prediction *told, uint32_t seen)
{
    float size = fabsf(told->residual), step = told->residual;
    if (seen > SETTLED_FROM) {
        size = smaller_of(size, ERROR_CUT * predictor->error + ROUNDING * predictor->quantum);
        step = clipped(step, STEP_CUT * told->scale);
    }
    predictor->error += average_gain(ERROR_GAIN, seen) * (size - predictor->error);
    float gain = average_gain(LEVEL_GAIN, seen);
    if (fabsf(told->z) > SURPRISE)
        gain /= 2;
    predictor->level = told->expected + gain * step;
    if (seen > TREND_FROM)
        predictor->trend += TREND_GAIN * step;
}

struct prediction predictor_look(const struct predictor *predictor, double value, uint32_t seen)
{
    struct prediction told = {.expected = predictor->level + predictor->trend,
                              .scale = predictor_scale(predictor),
                              .change = (float)(value - predictor->previous),
                              .quantum = predictor->quantum};
    told.residual = (float)(value - told.expected);
    if (seen >= SETTLED_FROM && told.scale > 0)
        told.z = told.residual / told.scale;
    return told;
}

struct prediction predictor_step(struct predictor *predictor, double value, uint32_t seen)
{
    if (seen == 0)
        predictor->level = predictor->previous = value;
    float change = fabsf((float)(value - predictor->previous));
    if (change > 0 && (predictor->quantum == 0 || change < predictor->quantum))
        predictor->quantum = change;
    struct prediction told = predictor_look(predictor, value, seen);
    predictor->previous = value;
    learn(predictor, &told, seen);
    return told;
}
