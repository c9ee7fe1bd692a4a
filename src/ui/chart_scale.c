#include "ui/chart_plot.h"

#include <math.h>

double chart_nice_step(double low, double high, int ticks, double *first)
{
    double raw = (high - low) / ticks;
    double power = pow(10, floor(log10(raw)));
    double fraction = raw / power;
    /* A hair of room: 0.2 / 0.1 must count as 2, not as 2.0000000000000004. */
    double nice = fraction <= 1 + 1e-9   ? 1
                  : fraction <= 2 + 1e-9 ? 2
                  : fraction <= 5 + 1e-9 ? 5
                                         : 10;
    double step = nice * power;
    if (first)
        *first = ceil(low / step - 1e-9) * step;
    return step;
}

/* A range that has a height, whatever the data: a series that never changes lies in its middle. */
static void open_range(double *low, double *high)
{
    if (!isfinite(*low) || !isfinite(*high)) {
        *low = 0;
        *high = 1;
    }
    double least = fmax(fabs(*low), fabs(*high)) * 1e-9;
    if (*high - *low > least)
        return;
    double middle = *low / 2 + *high / 2;
    double margin = middle == 0 ? 1 : fmax(fmin(fabs(middle) * 0.05, 1), least);
    *low = middle - margin;
    *high = middle + margin;
}

/* Does the scale hold [low, high] in `rows` rows? Half a dot of rounding is no loss. */
static bool scale_holds(const struct chart_scale *scale, double low, double high, int rows)
{
    double dot = scale->step / (scale->every * DOTS);
    return low >= scale->base - (CENTRE + 0.5) * dot &&
           high <= scale->base + (rows * DOTS - CENTRE - 0.5) * dot;
}

/* The middle of what is free: lower by whole steps while that leaves more above than below. */
static void centre_scale(struct chart_scale *scale, double low, double high, int rows)
{
    double height = scale->step / scale->every * rows;
    for (;;) {
        struct chart_scale lower = *scale;
        lower.base -= lower.step;
        double bottom = scale->base - scale->step / scale->every / 2;
        if (!scale_holds(&lower, low, high, rows) ||
            bottom + height - high < low - bottom + scale->step)
            return;
        *scale = lower;
    }
}

struct chart_scale chart_scale(double low, double high, int rows)
{
    struct chart_scale best = {0};
    double least = INFINITY;
    open_range(&low, &high);
    int most = rows < 3 ? 1 : rows - 1 < 5 ? rows - 1 : 5;
    for (int every = most > 1 ? 2 : 1; every <= most; every++) {
        for (int ticks = rows / every + 1; ticks >= 1; ticks--) {
            struct chart_scale scale = {.every = every};
            scale.step = chart_nice_step(low, high, ticks, NULL);
            double dot = scale.step / (every * DOTS);
            scale.base = floor((low + (CENTRE + 0.5) * dot) / scale.step) * scale.step;
            /* The tallest picture, though not at the price of an axis with two numbers. */
            double cost = scale.step / every * (1 + 0.12 * every);
            if (scale_holds(&scale, low, high, rows) && cost < least * (1 - 1e-9)) {
                best = scale;
                least = cost;
            }
        }
    }
    if (best.every > 0)
        centre_scale(&best, low, high, rows);
    /* No round step fits so few rows: from end to end, or the middle in a single row. */
    if (best.every == 0 && rows < 2)
        best = (struct chart_scale){low / 2 + high / 2, high - low, 1};
    else if (best.every == 0)
        best = (struct chart_scale){low, (high - low) / (rows - 1), 1};
    return best;
}

struct chart_scale chart_scale_of(const struct chart *chart, int rows)
{
    double low = chart->y_low, high = chart->y_high;
    if (!chart->has_range)
        chart_range(chart, &low, &high);
    return chart_scale(low, high, rows);
}

int chart_scale_row(const struct chart_scale *scale, double value, int rows)
{
    double row = floor((value - scale->base) / scale->step * scale->every + 0.5);
    return row < 0 ? -1 : row >= rows ? rows : (int)row;
}
