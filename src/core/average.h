/* Running averages that forget at a fixed rate once they have seen enough, and until then weigh
 * every value the same. Pure; any thread. */
#ifndef DT_CORE_AVERAGE_H
#define DT_CORE_AVERAGE_H

#include <stdint.h>

/* The weight of the next value after `seen` others: 1 / (seen + 1), at least `usual`. */
static inline float average_gain(float usual, uint32_t seen)
{
    float count = (float)seen + 1;
    return usual * count >= 1 ? usual : 1 / count;
}

#endif
