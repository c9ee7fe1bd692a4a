#include "core/snapshot_filter.h"
#include "core/snapshot_order.h"
#include "core/tree.h"
#include "core/xalloc.h"

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

static const struct tree_past *find_past(struct tree *tree, const struct fleet *fleet,
                                         timestamp then, uint32_t series)
{
    uint32_t total = fleet_series_count(fleet);
    if (tree->then != then)
        tree->past_count = 0;
    tree->then = then;
    if (total > tree->past_room) {
        tree->past_room = 2 * total;
        tree->past = xrealloc(tree->past, tree->past_room * sizeof *tree->past);
    }
    for (; tree->past_count < total; tree->past_count++) {
        const struct series *at = fleet_series(fleet, tree->past_count);
        struct tree_past *past = &tree->past[tree->past_count];
        *past = (struct tree_past){.anomalies = anomalies_then(at, then)};
        past->heard = snapshot_state_then(fleet, at, then, &past->state);
    }
    return &tree->past[series];
}

static bool is_worse(enum state state, enum state than)
{
    return snapshot_urgency(state) > snapshot_urgency(than);
}

/* A row that had been heard of, and what it was like. */
static void add(struct tree_node *leaf, uint32_t id, enum state state, uint64_t anomalies)
{
    if (leaf->heard == 0 || is_worse(state, leaf->worst)) {
        leaf->worst = state;
        leaf->worst_row = id;
    }
    leaf->heard++;
    leaf->anomalies += anomalies;
}

/* Series of one topic share its messages. */
static void add_series(struct tree_node *leaf, const struct series *series, enum state state,
                       uint64_t anomalies)
{
    timestamp period = 0;
    if (state != STATE_OFFLINE && state != STATE_LOST)
        period = cadence_period(&series->cadence);
    double rate = period > 0 ? (double)TIMESTAMP_SECOND / (double)period : 0;
    if (rate > leaf->rate)
        leaf->rate = rate;
    add(leaf, ROW_ID(ROW_SERIES, series->index), state, anomalies);
}

void tree_count_row(struct tree *tree, const struct fleet *fleet, timestamp then, uint32_t id,
                    struct tree_node *leaf)
{
    bool past = then != TIMESTAMP_NONE;
    leaf->rows++;
    if (leaf->rows == 1)
        leaf->worst = STATE_OK;
    if (ROW_KIND(id) != ROW_SERIES) {
        const struct twin *twin = fleet_twin(fleet, ROW_INDEX(id));
        if (!past || twin->first_seen <= then)
            add(leaf, id, snapshot_twin_state(twin), 0);
        return;
    }
    const struct series *series = fleet_series(fleet, id);
    if (!past) {
        add_series(leaf, series, series_state(series), series->anomalies);
        return;
    }
    const struct tree_past *was = find_past(tree, fleet, then, id);
    if (was->heard)
        add_series(leaf, series, was->state, was->anomalies);
}

void tree_add_sums(struct tree_node *to, const struct tree_node *from)
{
    if (to->rows == 0)
        to->worst = STATE_OK;
    to->rows += from->rows;
    if (from->heard > 0 && (to->heard == 0 || is_worse(from->worst, to->worst))) {
        to->worst = from->worst;
        to->worst_row = from->worst_row;
    }
    to->heard += from->heard;
    to->anomalies += from->anomalies;
    to->rate += from->rate;
}
