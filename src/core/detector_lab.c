#include "core/detector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/unit.h"

#define UNIT_COLUMNS 16
#define MAX_DECIMALS 6
#define NUMBER_TEXT 24

static double bounded(double value)
{
    return fmax(-DBL_MAX, fmin(DBL_MAX, value));
}

static double rounded(double value, int decimals)
{
    double scale = pow(10, decimals);
    return round(value * scale) / scale;
}

/* As many decimals as a tenth of the band's width needs, and then as many as it takes for the value
 * to read as the outsider that it is. */
static int reason_decimals(double value, double low, double high)
{
    double width = high - low;
    int decimals = 0;
    if (width > 0)
        decimals = (int)fmax(0, fmin(MAX_DECIMALS, -floor(log10(width / 10))));
    while (decimals < MAX_DECIMALS && rounded(value, decimals) >= rounded(low, decimals) &&
           rounded(value, decimals) <= rounded(high, decimals))
        decimals++;
    return decimals;
}

static void write_number(char out[NUMBER_TEXT], double value, int decimals)
{
    if (fabs(value) >= 1e9 || decimals == MAX_DECIMALS)
        snprintf(out, NUMBER_TEXT, "%.9g", value);
    else
        snprintf(out, NUMBER_TEXT, "%.*f", decimals, rounded(value, decimals) + 0.0);
}

static void write_reason(const struct observation *seen, struct verdict *out)
{
    char value[NUMBER_TEXT], low[NUMBER_TEXT], high[NUMBER_TEXT];
    char unit[UNIT_COLUMNS * 4 + 1];
    int decimals = reason_decimals(seen->value, out->low, out->high);
    write_number(value, seen->value, decimals);
    write_number(low, out->low, decimals);
    write_number(high, out->high, decimals);
    const char *symbol = unit_symbol(seen->unit);
    text_sanitise(unit, sizeof unit, symbol, strlen(symbol), UNIT_COLUMNS);
    snprintf(out->reason, sizeof out->reason, "spike: %s%s%s, expected %s to %s", value,
             *unit ? " " : "", unit, low, high);
}

/* design.md, section 5: z over the window before the reading, an anomaly where |z| > threshold. */
static void lab_observe(const struct detector_options *options, void *state,
                        const struct observation *seen, struct verdict *out)
{
    (void)state; /* the window is all that this rule remembers */
    const struct window_stats *before = &seen->before;
    verdict_clear(out);
    out->learning = before->count + 1u < options->min_samples || before->count == 0;
    if (out->learning)
        return;
    double reach = options->threshold * before->stdev;
    out->z = window_z(before, seen->value);
    out->low = bounded(before->mean - reach);
    out->high = bounded(before->mean + reach);
    double size = fabs(out->z), sum = size + options->threshold;
    out->score = isfinite(sum) ? size / sum : 1;
    if (size <= options->threshold)
        return;
    out->kind = ANOMALY_SPIKE;
    out->severity = SEVERITY_ALARM;
    write_reason(seen, out);
}

const struct detector_type detector_lab = {.name = "lab", .observe = lab_observe};
