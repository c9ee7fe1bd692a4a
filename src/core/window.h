/* The last n readings of a series and their statistics. Mean and deviation come from two passes
 * over the kept values each time, so they are exact after any number of readings: no running sum
 * can drift. Plain data, one thread at a time. */
#ifndef DT_CORE_WINDOW_H
#define DT_CORE_WINDOW_H

#include "core/slab.h"

#include <stdint.h>

#define WINDOW_DEFAULT 50 /* the lab's */
#define WINDOW_MAX 10000

struct window {
    struct slab *slab; /* where they stand; NULL: on the heap */
    double *values;    /* a ring that grows up to capacity, in no particular order */
    uint16_t capacity;
    uint16_t room; /* allocated */
    uint16_t count;
    uint16_t next; /* where the next value goes once full */
};

struct window_stats {
    uint16_t count; /* 0: the other fields are 0 */
    double mean;
    double stdev; /* sample deviation, divisor n - 1; 0 below two values */
    double min;
    double max;
};

/* The slab, which may be NULL, must outlive the window. */
void window_init(struct window *window, uint16_t capacity, struct slab *slab);
void window_fini(struct window *window);

/* Forgets all values. */
void window_clear(struct window *window);

/* Adds a finite value; the oldest leaves when the window is full. */
void window_add(struct window *window, double value);

struct window_stats window_stats(const struct window *window);

/* The same statistics of any count values (two passes). */
struct window_stats window_stats_of(const double *values, uint16_t count);

/* How many deviations value lies from the mean; 0 where the deviation is 0. */
double window_z(const struct window_stats *stats, double value);

/* The statistics of all values that a series ever had, in one pass: each moves the mean and the sum
 * of squares about it by a small step (Welford 1962), so that there is no large sum to lose digits
 * in. long double, so that squares of the largest numbers fit. A zeroed struct has seen nothing. */
struct lifetime {
    uint64_t count;
    long double mean;
    long double squares; /* sum of squared distances from the mean */
    double min, max;
};

void lifetime_add(struct lifetime *lifetime, double value);

/* Within min and max; 0 where nothing was seen. */
double lifetime_mean(const struct lifetime *lifetime);

/* Sample deviation, divisor n - 1; 0 below two values. Always finite. */
double lifetime_stdev(const struct lifetime *lifetime);

#endif
