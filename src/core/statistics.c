#include "core/statistics.h"

#include <math.h>
#include <stdlib.h>

/* Times are told from the first reading, in seconds: as such they are small numbers. */
static double seconds_at(const struct sample *samples, uint32_t i)
{
    return (double)(samples[i].time - samples[0].time) / (double)TIMESTAMP_SECOND;
}

static void find_means(const struct sample *samples, uint32_t count, double *value, double *time)
{
    *value = *time = 0;
    for (uint32_t i = 0; i < count; i++) {
        /* Divided one by one: the sum of large numbers may be too large. */
        *value += samples[i].value / count;
        *time += seconds_at(samples, i) / count;
    }
}

void statistics_of(const struct sample *samples, uint32_t count, struct statistics *out)
{
    double middle, squares = 0, times = 0, products = 0;
    *out = (struct statistics){.count = count, .slope = NAN};
    if (count == 0)
        return;
    find_means(samples, count, &out->mean, &middle);
    out->min = out->max = samples[0].value;
    for (uint32_t i = 0; i < count; i++) {
        double value = samples[i].value - out->mean, time = seconds_at(samples, i) - middle;
        squares += value * value;
        times += time * time;
        products += value * time;
        out->min = fmin(out->min, samples[i].value);
        out->max = fmax(out->max, samples[i].value);
    }
    out->mean = fmin(fmax(out->mean, out->min), out->max); /* rounding put it outside */
    out->stdev = count > 1 && out->max > out->min ? sqrt(squares / (count - 1)) : 0;
    if (times > 0)
        out->slope = products / times;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double statistics_quantile(const double *sorted, uint32_t count, double p)
{
    double at = (count - 1) * p;
    uint32_t below = (uint32_t)at;
    if (below + 1 >= count)
        return sorted[count - 1];
    double part = at - below;
    return sorted[below] * (1 - part) + sorted[below + 1] * part;
}

void statistics_sorted(double *values, uint32_t count, struct statistics *out)
{
    if (count == 0)
        return;
    qsort(values, count, sizeof *values, by_size);
    out->p5 = statistics_quantile(values, count, 0.05);
    out->median = statistics_quantile(values, count, 0.5);
    out->p95 = statistics_quantile(values, count, 0.95);
}
