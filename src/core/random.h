/* Seeded randomness: the same seed gives the same numbers on every machine (normal ones up to the
 * rounding of its math library). A plain struct, owned and passed by whoever draws. xoshiro256** by
 * Blackman and Vigna (2018), seeded with splitmix64. */
#ifndef DT_CORE_RANDOM_H
#define DT_CORE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

void random_init(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);

/* Uniform in [0, 1). */
double random_uniform(struct random *random);

/* Standard normal (Marsaglia's polar method; draws a varying count of numbers, keeps no spare). */
double random_normal(struct random *random);

#endif
