#include "core/fleet_state.h"

#include <math.h>

#include "core/xalloc.h"

#define WORTH_FROM 3 /* readings: many topics speak only once */

/* Where the budget gets short, new series do without a look ahead before they do without a past. */
static bool has_room(const struct fleet *fleet)
{
    return fleet->registry.memory < fleet->options.memory / 4 * 3;
}

void fleet_look_ahead(struct fleet *fleet, struct series *series, timestamp arrival, double value)
{
    if (series->binary_state)
        return;
    if (!series->forecast) {
        if (series->lifetime.count < WORTH_FROM || !has_room(fleet))
            return;
        series->forecast = xmalloc(sizeof *series->forecast);
        forecast_init(series->forecast);
        fleet->registry.memory += sizeof *series->forecast;
    }
    forecast_add(series->forecast, arrival, value);
    series->heading = series->forecast->heading;
}

void fleet_look_anew(struct series *series)
{
    series->heading = false;
    if (series->forecast)
        forecast_init(series->forecast);
}

bool series_live(const struct series *series)
{
    return series->beat == BEAT_LIVE && series->twin->presence != STATUS_OFFLINE;
}

void series_bounds(const struct series *series, double *low, double *high)
{
    const struct verdict *verdict = &series->verdict;
    *low = isnan(verdict->low) ? -INFINITY : verdict->low;
    *high = isnan(verdict->high) ? INFINITY : verdict->high;
}

bool series_eta(const struct series *series, double low, double high, timestamp now,
                struct forecast_eta *out)
{
    if (!series->heading || series->binary_state || !series_live(series) ||
        !forecast_eta(series->forecast, low, high, out))
        return false;
    timestamp age = now > series->arrival ? now - series->arrival : 0;
    out->time = out->time > age ? out->time - age : 0;
    return true;
}
