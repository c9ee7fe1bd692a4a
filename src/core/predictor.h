/* The next value from the ones before: level and trend (Holt 1957) with the usual size of the
 * error. Errors beyond six times that are cut before they teach, so that a spike does not drag the
 * prediction along. Plain data (zeroed = nothing seen), one thread at a time. */
#ifndef DT_CORE_PREDICTOR_H
#define DT_CORE_PREDICTOR_H

#include <stdint.h>

struct predictor {
    double level;
    double previous; /* the last value */
    float trend;     /* of the level, a value */
    float error;     /* mean size of the prediction's error */
    float quantum;   /* the smallest change between two values so far: what they are rounded to */
};

struct prediction {
    double expected; /* before the value was seen */
    float scale;    /* standard deviation of the error, at least what rounding makes; 0: none yet */
    float residual; /* value - expected */
    float z;        /* residual / scale; 0 while fewer than 20 values were seen */
    float change;   /* since the last value */
    float quantum;  /* the smallest change so far */
};

/* What is predicted of value, without learning it. seen: values before it, at least one. */
struct prediction predictor_look(const struct predictor *predictor, double value, uint32_t seen);

/* Predicts value, then learns it. seen: values before it. */
struct prediction predictor_step(struct predictor *predictor, double value, uint32_t seen);

/* The level is known to have moved: to this one. */
void predictor_move(struct predictor *predictor, double level);

/* The standard deviation of the prediction's error as it is now. */
float predictor_scale(const struct predictor *predictor);

#endif
