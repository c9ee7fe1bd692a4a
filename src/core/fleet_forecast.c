#include "core/fleet_state.h"

#include <math.h>

#define WORTH_FROM 3 /* readings: many topics speak only once */
#define BAND_STEPS 3

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
        series->forecast = slab_take(&fleet->registry.slab, sizeof *series->forecast);
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

static const struct limits *limits_of(const struct series *series)
{
    return series->guard ? &series->guard->limits.limits : &limits_none;
}

static double bound(double limit, double edge, double none)
{
    return !isnan(limit) ? limit : !isnan(edge) ? edge : none;
}

/* What a person has set takes the place of the expected band's edge. */
void series_bounds(const struct series *series, double *low, double *high)
{
    const struct verdict *verdict = &series->verdict;
    const struct limits *limits = limits_of(series);
    *low = bound(limits->min, verdict->low, -INFINITY);
    *high = bound(limits->max, verdict->high, INFINITY);
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

/* A limit stays where it is. The band is the detector's for the next reading or two, and it moves:
 * an edge that is nearer than that, or as near as the ETA is wrong, is no news. */
static bool is_news(const struct series *series, const struct forecast_eta *eta)
{
    const struct limits *limits = limits_of(series);
    if (eta->limit == limits->min || eta->limit == limits->max)
        return true;
    return eta->spread * 2 <= eta->time &&
           (double)eta->time >= BAND_STEPS * forecast_step(series->forecast);
}

bool series_outlook(const struct series *series, timestamp now, struct forecast_eta *out)
{
    double low, high;
    struct forecast_eta eta;
    series_bounds(series, &low, &high);
    if (!series_eta(series, low, high, now, &eta) || !is_news(series, &eta))
        return false;
    *out = eta;
    return true;
}
