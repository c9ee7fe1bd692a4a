/* Smaller, larger and in between, in a few instructions: fminf() and fmaxf() are calls, because
 * they see to NaN. No argument may be NaN. Pure; any thread. */
#ifndef DT_CORE_BOUNDS_H
#define DT_CORE_BOUNDS_H

static inline float smaller_of(float a, float b)
{
    return a < b ? a : b;
}

static inline float larger_of(float a, float b)
{
    return a > b ? a : b;
}

/* value, but no more than limit away from 0. */
static inline float clipped(float value, float limit)
{
    return value > limit ? limit : value < -limit ? -limit : value;
}

#endif
