#include "core/fleet_state.h"

#include <stdio.h>
#include <stdlib.h>

#define CLOCK_LEAST TIMESTAMP_SECOND /* many sensors tell whole seconds only */
#define FRESH_PERIODS 2

/* At the 1st, 2nd, 4th, 8th ... time. */
static bool worth_telling(uint32_t times)
{
    return (times & (times - 1)) == 0;
}

void fleet_pace(struct fleet *fleet, struct series *series, timestamp arrival)
{
    uint32_t times = ++series->hasty_times;
    if (!worth_telling(times) || ++fleet->hasty > FLEET_LOGGED_A_PASS)
        return;
    char now[FLEET_DURATION_TEXT], usual[FLEET_DURATION_TEXT];
    struct event *event = fleet_log_series(fleet, arrival, EVENT_NOTE, series);
    fleet_period(cadence_period(&series->cadence), now);
    fleet_period(cadence_usual(&series->cadence), usual);
    if (times == 1)
        fleet_log_text(event, "too fast: one every %s, usually every %s", now, usual);
    else
        fleet_log_text(event, "too fast: one every %s, usually every %s, %u times so far", now,
                       usual, (unsigned)times);
}

/* Did the readings that make the median come at their usual pace? What was kept during an outage
 * and comes all at once is old, whatever the clock. */
static bool is_flowing(const struct series *series, timestamp arrival)
{
    timestamp period = cadence_period(&series->cadence), usual = cadence_usual(&series->cadence);
    timestamp gap = cadence_gap(&series->cadence);
    timestamp least = FRESH_PERIODS * (usual > 0 ? usual : period);
    return period > 0 && arrival - series->lag.middle >= (gap > least ? gap : least);
}

/* More than the time between two readings, so that not even their order can be told by it. A sensor
 * that gathers readings and sends them together is as late as its usual gap is long. */
static bool is_off(const struct series *series, timestamp lag)
{
    timestamp allowed = cadence_period(&series->cadence), gap = cadence_gap(&series->cadence);
    allowed = gap > allowed ? gap : allowed;
    return llabs(lag) > (allowed > CLOCK_LEAST ? allowed : CLOCK_LEAST);
}

static void log_clock(struct fleet *fleet, const struct twin *twin, timestamp lag,
                      timestamp arrival)
{
    if (!worth_telling(twin->clock_times) || ++fleet->off > FLEET_LOGGED_A_PASS)
        return;
    char words[FLEET_DURATION_TEXT], times[32] = "";
    struct event *event = fleet_log_twin(fleet, arrival, EVENT_NOTE, twin);
    fleet_duration(llabs(lag), words);
    if (twin->clock_times > 1)
        snprintf(times, sizeof times, ", %u times so far", (unsigned)twin->clock_times);
    if (lag < 0)
        fleet_log_text(event, "its clock is %s ahead%s", words, times);
    else
        fleet_log_text(event, "its clock is %s behind, or its readings come late%s", words, times);
}

void fleet_sensor_clock(struct fleet *fleet, struct series *series, timestamp time,
                        timestamp arrival)
{
    timestamp lag;
    if (time == arrival) /* it has none of its own */
        return;
    if (!lag_add(&series->lag, time, arrival) || !is_flowing(series, arrival) ||
        !lag_median(&series->lag, &lag))
        return;
    struct twin *twin = series->twin;
    bool off = is_off(series, lag);
    if (off && !twin->clock_off) {
        twin->clock_times++;
        log_clock(fleet, twin, lag, arrival);
    }
    twin->clock_off = off;
}
