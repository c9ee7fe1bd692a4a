#include "core/random.h"

#include <math.h>

/* splitmix64 (Steele, Lea and Flood, 2014): spreads any seed over the whole state, and never makes
 * it all zero, where xoshiro would stay. */
static uint64_t split_next(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ mixed >> 31;
}

void random_init(struct random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        random->state[i] = split_next(&seed);
}

static uint64_t rotate_left(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

uint64_t random_next(struct random *random)
{
    uint64_t *state = random->state;
    uint64_t result = rotate_left(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;

    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

/* The upper 53 bits fill a double's mantissa, so every step of 2^-53 is equally likely. */
double random_uniform(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

/* A point in the unit disc, its distance from the centre turned into a normal one (Marsaglia and
 * Bray, 1964). The second number of the pair is let go: the state stays the generator alone. */
double random_normal(struct random *random)
{
    double x, y, square;
    do {
        x = 2 * random_uniform(random) - 1;
        y = 2 * random_uniform(random) - 1;
        square = x * x + y * y;
    } while (square >= 1 || square <= 0);
    return x * sqrt(-2 * log(square) / square);
}
