#include "core/tail.h"

#include <math.h>
#include <string.h>

#include "core/bounds.h"

#define OCTAVES_A_DECADE 3.32192809f
#define DECADES_AN_OCTAVE 0.30103f
#define PER_OCTAVE 4     /* bins */
#define SHIFT_FROM 100   /* sizes: fewer do not show that all have moved up */
#define SHIFT 16         /* bins at a time, when sizes outgrow the histogram */
#define KNOWN_FROM 10    /* sizes */
#define TAIL_SHARE 0.1f  /* of the sizes, the largest, make the tail */
#define FIT_ALWAYS 200   /* up to so many sizes every new one is fitted, */
#define FIT_EVERY 16     /* then so many together, */
#define FIT_SHARE 64     /* or this share of all */
#define PRIOR_WEIGHT 15  /* sizes that the prior counts for */
#define PRIOR_MEAN 0.19f /* excess, in edges: a quarter of an octave */
#define PRIOR_SHAPE 0.3f
#define EXCESS_MOST 1e30f
#define SHAPE_LEAST 0.02f
#define SHAPE_MOST 0.5f /* beyond, the variance that the fit goes by does not exist */

/* The excess over the lower edge of a bin, in edges, of a size in the middle of the bin `i` bins
 * above it: 2^((i + 1/2) / 4) - 1. */
static const float excesses[TAIL_BINS] = {
#define EXCESS(octave, a, b, c, d)                                      \
    (a) * (float)(1 << (octave)) - 1, (b) * (float)(1 << (octave)) - 1, \
        (c) * (float)(1 << (octave)) - 1, (d) * (float)(1 << (octave)) - 1
#define OCTAVE(octave) EXCESS(octave, 1.09050773f, 1.29683955f, 1.54221083f, 1.83400809f)
    OCTAVE(0), OCTAVE(1), OCTAVE(2), OCTAVE(3),  OCTAVE(4),  OCTAVE(5),  OCTAVE(6),
    OCTAVE(7), OCTAVE(8), OCTAVE(9), OCTAVE(10), OCTAVE(11), OCTAVE(12),
};

/* The bin where the upper tenth begins, or the lowest one used if less than a tenth is above 0. */
static int edge_bin(const struct tail *tail)
{
    int wanted = (int)(TAIL_SHARE * (float)tail->count) + 1;
    int sum = 0, lowest = 0;
    for (int i = TAIL_BINS - 1; i >= 0; i--) {
        if (tail->bins[i] == 0)
            continue;
        lowest = i;
        sum += tail->bins[i];
        if (sum >= wanted)
            break;
    }
    return lowest;
}

/* How many sizes a shift upwards would throw together. */
static unsigned lowest_count(const struct tail *tail)
{
    unsigned lowest = 0;
    for (int i = 0; i <= SHIFT; i++)
        lowest += tail->bins[i];
    return lowest;
}

/* Makes room above. What the lowest bins held is not told apart any more. */
static void shift_up(struct tail *tail)
{
    tail->bins[0] = (uint16_t)lowest_count(tail);
    memmove(tail->bins + 1, tail->bins + 1 + SHIFT, (TAIL_BINS - 1 - SHIFT) * sizeof *tail->bins);
    memset(tail->bins + TAIL_BINS - SHIFT, 0, SHIFT * sizeof *tail->bins);
    tail->middle = (int16_t)(tail->middle + SHIFT / PER_OCTAVE);
}

/* The first sizes were far larger than what followed, and most are in the lowest bin: makes room
 * below. What that bin held is not told apart, so it is forgotten. */
static void shift_down(struct tail *tail)
{
    unsigned highest = 0;
    for (int i = TAIL_BINS - 1 - SHIFT; i < TAIL_BINS; i++)
        highest += tail->bins[i];
    tail->count = (uint16_t)(tail->count - tail->bins[0]);
    memmove(tail->bins + 1 + SHIFT, tail->bins + 1, (TAIL_BINS - 2 - SHIFT) * sizeof *tail->bins);
    memset(tail->bins, 0, (1 + SHIFT) * sizeof *tail->bins);
    tail->bins[TAIL_BINS - 1] = (uint16_t)highest;
    tail->middle = (int16_t)(tail->middle - SHIFT / PER_OCTAVE);
}

/* Generalised Pareto by moments (Hosking and Wallis 1987), with a prior that counts for
 * PRIOR_WEIGHT sizes: short histories get a sober tail, long ones their own. */
static void fit(struct tail *tail)
{
    int edge = edge_bin(tail);
    if (edge == TAIL_BINS - 1 && tail->count >= SHIFT_FROM) {
        shift_up(tail);
        edge -= SHIFT;
    } else if (edge == 0 && tail->bins[0] > tail->count / 2) {
        shift_down(tail);
        edge = edge_bin(tail);
    }
    float above = 0, sum = 0, squares = 0;
    for (int i = edge; i < TAIL_BINS; i++) {
        float count = tail->bins[i], excess = excesses[i - edge];
        above += count;
        sum += count * excess;
        squares += count * excess * excess;
    }
    float weight = above + PRIOR_WEIGHT;
    float mean = (sum + PRIOR_WEIGHT * PRIOR_MEAN) / weight;
    float square = (squares + PRIOR_WEIGHT * 3 * PRIOR_MEAN * PRIOR_MEAN) / weight;
    float variance = larger_of(square - mean * mean, 1e-9f);
    float shape = 0.5f * (1 - mean * mean / variance);
    shape = (above * shape + PRIOR_WEIGHT * PRIOR_SHAPE) / weight;
    tail->shape = smaller_of(larger_of(shape, SHAPE_LEAST), SHAPE_MOST);
    tail->scale = mean * (1 - tail->shape);
    int quarters = edge - TAIL_BINS / 2;
    tail->edge = exp2f((float)tail->middle + (float)quarters / PER_OCTAVE);
    tail->edge_rarity = -log10f((above + 1) / ((float)tail->count + 1));
    tail->unfitted = 0;
}

float tail_rarity(const struct tail *tail, float size)
{
    if (tail->count < KNOWN_FROM || !(size > 0))
        return 0;
    if (!tail->placed)
        return log10f((float)tail->count + 1); /* the first that is not zero */
    if (size <= tail->edge)
        return 0;
    float excess = smaller_of(size / tail->edge, EXCESS_MOST) - 1;
    return tail->edge_rarity +
           DECADES_AN_OCTAVE * log2f(1 + tail->shape * excess / tail->scale) / tail->shape;
}

float tail_size(const struct tail *tail, float rarity)
{
    float further = larger_of(rarity - tail->edge_rarity, 0);
    float excess =
        tail->scale / tail->shape * (exp2f(OCTAVES_A_DECADE * tail->shape * further) - 1);
    return tail->edge * (1 + excess);
}

/* floor(4 log2(size)), read off the bits of an IEEE 754 number: its exponent, and in which quarter
 * of the octave its fraction lies. Subnormal sizes count as the smallest normal ones. */
static int quarter_octaves(float size)
{
    uint32_t bits;
    memcpy(&bits, &size, sizeof bits);
    uint32_t fraction = bits & 0x7fffff;
    int quarter = (fraction >= 0x1837f0) + (fraction >= 0x3504f3) + (fraction >= 0x5744fd);
    return ((int)(bits >> 23) - 127) * PER_OCTAVE + quarter;
}

/* The bin of a size. The histogram moves up to it as long as most sizes stay told apart; beyond,
 * and below, the outermost bins take it. */
static int place(struct tail *tail, float size)
{
    int quarters = quarter_octaves(size);
    if (!tail->placed) {
        tail->middle = (int16_t)floorf((float)quarters / PER_OCTAVE);
        tail->placed = true;
        tail->unfitted = UINT8_MAX;
    }
    int bin = TAIL_BINS / 2 + quarters - PER_OCTAVE * tail->middle;
    for (; bin >= TAIL_BINS && lowest_count(tail) <= tail->count / 2u; bin -= SHIFT) {
        shift_up(tail);
        tail->unfitted = UINT8_MAX;
    }
    return bin < 0 ? 0 : bin < TAIL_BINS ? bin : TAIL_BINS - 1;
}

static void forget(struct tail *tail)
{
    unsigned zeros = tail->count, left = 0;
    for (int i = 0; i < TAIL_BINS; i++) {
        zeros -= tail->bins[i];
        tail->bins[i] /= 2;
        left += tail->bins[i];
    }
    tail->count = (uint16_t)(left + zeros / 2);
    tail->unfitted = UINT8_MAX;
}

/* After how many new sizes the fit is done again: it would change little before. */
static unsigned fit_after(unsigned count)
{
    if (count < FIT_ALWAYS)
        return 1;
    return count < FIT_EVERY * FIT_SHARE ? FIT_EVERY : count / FIT_SHARE;
}

void tail_learn(struct tail *tail, float size)
{
    tail->count++;
    tail->unfitted += tail->unfitted < UINT8_MAX;
    if (size > 0)
        tail->bins[place(tail, size)]++;
    if (tail->count > TAIL_FORGETS_AT)
        forget(tail);
    if (tail->placed && tail->unfitted >= fit_after(tail->count))
        fit(tail);
}

float tail_judge(struct tail *tail, float size)
{
    float rarity = tail_rarity(tail, size);
    tail_learn(tail, size);
    return rarity;
}

float tail_judge_capped(struct tail *tail, float size, float most)
{
    float rarity = tail_rarity(tail, size);
    bool capped = rarity > most && tail->placed;
    tail_learn(tail, capped ? smaller_of(size, tail_size(tail, most)) : size);
    return rarity;
}
