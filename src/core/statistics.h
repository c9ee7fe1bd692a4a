/* Statistics of a stretch of a series, over all its readings there. Pure. */
#ifndef DT_CORE_STATISTICS_H
#define DT_CORE_STATISTICS_H

#include "core/history.h"

struct statistics {
    uint32_t count; /* 0: nothing else holds */
    double mean;
    double stdev; /* sample deviation, divisor n - 1; 0 below two readings */
    double min, max;
    double p5, median, p95; /* statistics_sorted() fills these */
    double slope;           /* a second; NAN where all readings are of one moment */
};

/* Mean, deviation, extremes and slope of samples in the order of their times. Two passes: the mean
 * first, then squares about it (Chan, Golub & LeVeque 1983, "Algorithms for computing the sample
 * variance"). The slope is that of the line of least squares (Legendre 1805), value on time. */
void statistics_of(const struct sample *samples, uint32_t count, struct statistics *out);

/* Fills in median and percentiles from the same values, which it sorts: quantile p of n values is
 * at (n - 1) p between neighbours, linearly (type 7 of Hyndman & Fan 1996, "Sample quantiles in
 * statistical packages", as R and NumPy have it). */
void statistics_sorted(double *values, uint32_t count, struct statistics *out);

/* The quantile p (0 to 1) of count ≥ 1 sorted values. */
double statistics_quantile(const double *sorted, uint32_t count, double p);

#endif
