#include "core/detector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/reason.h"
#include "core/xalloc.h"

#define MAD_TO_DEVIATION 1.4826  /* of a normal distribution: 1 / its third quartile */
#define MEAN_TO_DEVIATION 1.2533 /* of the mean absolute deviation: sqrt(pi / 2) */

static double bounded(double value)
{
    return fmax(-DBL_MAX, fmin(DBL_MAX, value));
}

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

/* Puts the k-th smallest of values[0..count) in its place (Hoare's selection, pivot in the middle:
 * sorted input is no bad case). */
static double kth_smallest(double *values, int count, int k)
{
    int low = 0, high = count - 1;
    while (low < high) {
        double pivot = values[low + (high - low) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i <= j)
                swap(&values[i++], &values[j--]);
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return values[k];
}

/* Changes the order of values. */
static double median(double *values, int count)
{
    double upper = kth_smallest(values, count, count / 2);
    if (count % 2 == 1)
        return upper;
    double lower = values[0];
    for (int i = 1; i < count / 2; i++)
        lower = fmax(lower, values[i]);
    return lower / 2 + upper / 2;
}

/* The middle of a window and a standard deviation that a few outliers do not move. Where more than
 * half of the values are the same (MAD 0), the mean deviation stands in. */
static double middle_of(const struct window *window, double *deviation)
{
    double *values = xmalloc(window->count * sizeof *values);
    memcpy(values, window->values, window->count * sizeof *values);
    double middle = median(values, window->count), mean = 0;
    for (int i = 0; i < window->count; i++) {
        values[i] = fabs(values[i] - middle);
        mean += values[i] / window->count;
    }
    double mad = median(values, window->count);
    free(values);
    *deviation = mad > 0 ? MAD_TO_DEVIATION * mad : MEAN_TO_DEVIATION * mean;
    return middle;
}

/* The lab's rule with median and MAD: |z| > threshold over the window before the reading. */
static void robust_observe(const struct detector_options *options, void *state,
                           const struct observation *seen, struct verdict *out)
{
    (void)state; /* the window is all that this rule remembers */
    verdict_clear(out);
    out->learning = seen->window->count + 1u < options->min_samples || seen->window->count == 0;
    if (out->learning || !isfinite(seen->value))
        return;
    double deviation, middle = middle_of(seen->window, &deviation);
    double z = deviation > 0 ? (seen->value - middle) / deviation : 0;
    out->z = isnan(z) ? 0 : bounded(z);
    out->low = bounded(middle - options->threshold * deviation);
    out->high = bounded(middle + options->threshold * deviation);
    double size = fabs(out->z), sum = size + options->threshold;
    out->score = size == 0 ? 0 : isfinite(sum) ? size / sum : 1;
    if (size <= options->threshold)
        return;
    out->kind = ANOMALY_SPIKE;
    out->severity = SEVERITY_ALARM;
    reason_spike(out, seen->value, seen->unit);
}

const struct detector_type detector_robust = {.name = "robust", .observe = robust_observe};
