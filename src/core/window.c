#include "core/window.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define FIRST_ROOM 16

/* Two lanes of arithmetic in one instruction where the processor has that (gcc and clang both know
 * vector_size, and fall back to plain code elsewhere). */
typedef double pair __attribute__((vector_size(2 * sizeof(double))));

void window_init(struct window *window, uint16_t capacity, struct slab *slab)
{
    if (capacity == 0)
        capacity = WINDOW_DEFAULT;
    if (capacity > WINDOW_MAX)
        capacity = WINDOW_MAX;
    *window = (struct window){.slab = slab, .capacity = capacity};
}

void window_fini(struct window *window)
{
    slab_give(window->slab, window->values, window->room * sizeof *window->values);
    window->values = NULL;
    window->room = window->count = window->next = 0;
}

static void window_grow(struct window *window)
{
    unsigned room = window->room > 0 ? window->room * 2u : FIRST_ROOM;
    if (room > window->capacity)
        room = window->capacity;
    double *values = slab_take(window->slab, room * sizeof *values);
    if (window->count > 0)
        memcpy(values, window->values, window->count * sizeof *values);
    slab_give(window->slab, window->values, window->room * sizeof *values);
    window->values = values;
    window->room = (uint16_t)room;
}

void window_clear(struct window *window)
{
    window->count = window->next = 0;
}

void window_add(struct window *window, double value)
{
    if (window->count == window->capacity) {
        window->values[window->next] = value;
        window->next = (uint16_t)(window->next + 1 == window->capacity ? 0 : window->next + 1);
        return;
    }
    if (window->count == window->room)
        window_grow(window);
    window->values[window->count++] = value;
}

struct window_stats window_stats(const struct window *window)
{
    return window_stats_of(window->values, window->count);
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* First pass. Independent chains, because one chain of additions would wait for each of them in
 * turn, and this runs once a reading. */
static double first_pass(const double *values, unsigned count, double *min, double *max)
{
    pair sum0 = {0, 0}, sum1 = {0, 0};
    double low0 = values[0], low1 = low0, high0 = low0, high1 = low0;
    unsigned i = 0;
    for (; i + 4 <= count; i += 4) {
        double a = values[i], b = values[i + 1], c = values[i + 2], d = values[i + 3];
        sum0 += (pair){a, b};
        sum1 += (pair){c, d};
        low0 = smaller(smaller(a, b), low0);
        low1 = smaller(smaller(c, d), low1);
        high0 = larger(larger(a, b), high0);
        high1 = larger(larger(c, d), high1);
    }
    for (; i < count; i++) {
        sum0[0] += values[i];
        low0 = smaller(values[i], low0);
        high0 = larger(values[i], high0);
    }
    *min = smaller(low0, low1);
    *max = larger(high0, high1);
    sum0 += sum1;
    return sum0[0] + sum0[1];
}

/* Second pass: the sum of the squared differences from mean, and in *rest of the differences
 * themselves, which is what rounding left in the mean. */
static double second_pass(const double *values, unsigned count, double mean, double *rest)
{
    const pair middle = {mean, mean};
    pair square0 = {0, 0}, square1 = {0, 0}, sum0 = {0, 0}, sum1 = {0, 0};
    unsigned i = 0;
    for (; i + 4 <= count; i += 4) {
        pair a = (pair){values[i], values[i + 1]} - middle;
        pair b = (pair){values[i + 2], values[i + 3]} - middle;
        sum0 += a;
        sum1 += b;
        square0 += a * a;
        square1 += b * b;
    }
    for (; i < count; i++) {
        double d = values[i] - mean;
        sum0[0] += d;
        square0[0] += d * d;
    }
    sum0 += sum1;
    square0 += square1;
    *rest = sum0[0] + sum0[1];
    return square0[0] + square0[1];
}

/* Values near the end of the range of a double overflow the sums: the same, on values scaled down
 * by a power of two, which loses nothing that matters beside values so large. */
static struct window_stats scaled_stats(const double *values, uint16_t count)
{
    const double scale = 0x1p-600;
    struct window_stats stats = {.count = count, .min = values[0], .max = values[0]};
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < count; i++) {
        sum += values[i] * scale;
        stats.min = smaller(values[i], stats.min);
        stats.max = larger(values[i], stats.max);
    }
    double mean = sum / count;
    for (unsigned i = 0; i < count; i++) {
        double d = values[i] * scale - mean;
        squares += d * d;
    }
    stats.mean = mean / scale;
    if (count > 1)
        stats.stdev = smaller(sqrt(squares / (count - 1)) / scale, DBL_MAX);
    return stats;
}

/* The corrected two-pass algorithm (Chan, Golub, LeVeque: "Algorithms for computing the sample
 * variance", The American Statistician 37, 1983, equation 1.7). */
struct window_stats window_stats_of(const double *values, uint16_t count)
{
    struct window_stats stats = {.count = count};
    if (count == 0)
        return stats;
    double sum = first_pass(values, count, &stats.min, &stats.max);
    double inverse = 1.0 / count;
    double mean = sum * inverse; /* what this rounds off comes back with the rest */
    double rest;
    double squares = second_pass(values, count, mean, &rest);
    if (!isfinite(sum) || !isfinite(squares))
        return scaled_stats(values, count);
    stats.mean = mean + rest * inverse;
    if (stats.min == stats.max)
        stats.mean = stats.min; /* exactly, and without a deviation made of rounding */
    else if (count > 1)
        stats.stdev = sqrt(larger(squares - rest * rest * inverse, 0) / (count - 1));
    return stats;
}

double window_z(const struct window_stats *stats, double value)
{
    if (stats->stdev <= 0)
        return 0;
    double z = (value - stats->mean) / stats->stdev;
    if (isfinite(z))
        return z;
    z = value / stats->stdev - stats->mean / stats->stdev;
    return isfinite(z) ? z : copysign(DBL_MAX, value - stats->mean);
}

void lifetime_add(struct lifetime *lifetime, double value)
{
    if (lifetime->count++ == 0)
        lifetime->min = lifetime->max = value;
    long double distance = value - lifetime->mean;
    lifetime->mean += distance / (long double)lifetime->count;
    lifetime->squares += distance * (value - lifetime->mean);
    if (value < lifetime->min)
        lifetime->min = value;
    if (value > lifetime->max)
        lifetime->max = value;
}

double lifetime_mean(const struct lifetime *lifetime)
{
    double mean = (double)lifetime->mean;
    return mean < lifetime->min ? lifetime->min : mean > lifetime->max ? lifetime->max : mean;
}

double lifetime_stdev(const struct lifetime *lifetime)
{
    if (lifetime->count < 2)
        return 0;
    long double stdev = sqrtl(lifetime->squares / (long double)(lifetime->count - 1));
    return stdev < DBL_MAX ? (double)stdev : DBL_MAX;
}
