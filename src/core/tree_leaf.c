#include "core/snapshot_filter.h"
#include "core/tree.h"

/* Anomalies by that moment: those after it are still in the history, mostly. */
static uint32_t anomalies_then(const struct series *series, timestamp then)
{
    const struct history *history = &series->history;
    uint64_t count = series->anomalies;
    if (series->last_anomaly == TIMESTAMP_NONE || series->last_anomaly <= then)
        return (uint32_t)count;
    for (uint32_t i = history->count; i > 0 && history_at(history, i - 1)->time > then; i--)
        count -= count > 0 && history_mark(history, i - 1) != MARK_NONE;
    return (uint32_t)count;
}

void tree_leaf_ask(struct tree_leaf *leaf, const struct fleet *fleet, const struct series *series,
                   timestamp then)
{
    timestamp period = 0;
    bool past = then != TIMESTAMP_NONE;
    leaf->state = STATE_OK;
    leaf->heard = !past || snapshot_state_then(fleet, series, then, &leaf->state);
    if (!past)
        leaf->state = series_state(series);
    if (leaf->heard && leaf->state != STATE_OFFLINE && leaf->state != STATE_LOST)
        period = cadence_period(&series->cadence);
    leaf->rate = period > 0 ? (float)TIMESTAMP_SECOND / (float)period : 0;
    leaf->anomalies = past ? anomalies_then(series, then) : (uint32_t)series->anomalies;
}
