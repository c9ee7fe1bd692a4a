#include "core/snapshot.h"

#include <math.h>
#include <string.h>

#include "core/snapshot_filter.h"
#include "core/snapshot_order.h"
#include "core/snapshot_shot.h"

const char *shot_copy(struct shot *shot, const char *text)
{
    return arena_text(&shot->out->arena, text, strlen(text));
}

void *shot_array(struct shot *shot, size_t count, size_t size)
{
    return memset(arena_alloc(&shot->out->arena, count * size), 0, count * size);
}

struct history shot_history(const struct shot *shot, const struct series *series)
{
    struct history history = series->history;
    if (shot->past)
        history.count = history_until(&series->history, shot->now);
    return history;
}

/* A series says nothing between two readings, which is no silence yet: empty buckets hold the value
 * before them for as long as it takes to be late. */
static void hold_values(const struct shot *shot, const struct history *history,
                        struct bucket *buckets, unsigned n, timestamp start, timestamp width,
                        timestamp patience)
{
    uint32_t seen = history_until(history, start);
    for (unsigned i = 0; i < n; i++, start += width) {
        if (buckets[i].count > 0) {
            seen += buckets[i].count;
            continue;
        }
        if (seen == 0 || start > shot->now)
            continue;
        const struct sample *before = history_at(history, seen - 1);
        if (start - before->time > patience)
            continue;
        buckets[i] = (struct bucket){
            .min = before->value, .max = before->value, .last = before->value, .count = 1};
    }
}

const struct bucket *shot_buckets(struct shot *shot, const struct series *series, unsigned n,
                                  timestamp moment, timestamp span)
{
    timestamp width = n > 0 ? span / n : 0;
    if (width <= 0)
        return shot_array(shot, n, sizeof(struct bucket));
    struct bucket *buckets = shot_array(shot, n, sizeof *buckets);
    struct history history = shot_history(shot, series);
    timestamp end = (moment / width + 1) * width;
    history_buckets(&history, end, width * n, buckets, n);
    timestamp patience = cadence_late_after(&series->cadence);
    if (patience > 0)
        hold_values(shot, &history, buckets, n, end - width * n, width, patience);
    return buckets;
}

timestamp shot_oldest(const struct series *series)
{
    return series->history.count > 0 ? history_at(&series->history, 0)->time : TIMESTAMP_NONE;
}

static struct numbers numbers_live(const struct series *series)
{
    const struct verdict *verdict = &series->verdict;
    return (struct numbers){
        .value = series->value,
        .z = verdict->z,
        .low = verdict->low,
        .high = verdict->high,
        .window = window_stats(&series->window),
        .arrival = series->retained ? TIMESTAMP_NONE : series->arrival,
        .state = series_state(series),
        .last_anomaly = series->last_anomaly,
    };
}

static enum state state_then(const struct shot *shot, const struct series *series,
                             const struct history *history, bool scored)
{
    const struct twin *twin = series->twin;
    const struct sample *last = history_at(history, history->count - 1);
    if (twin->presence == STATUS_OFFLINE && twin->presence_since <= shot->now)
        return STATE_OFFLINE;
    struct cadence cadence = series->cadence; /* the period as learned by now */
    cadence.last = last->time;
    enum beat beat = cadence_judge(&cadence, shot->now);
    if (beat == BEAT_LOST || beat == BEAT_LATE)
        return beat == BEAT_LOST ? STATE_LOST : STATE_LATE;
    if (history_mark(history, history->count - 1) != MARK_NONE)
        return STATE_ANOMALY;
    return scored ? STATE_OK : STATE_LEARNING;
}

static timestamp anomaly_then(const struct history *history)
{
    for (uint32_t i = history->count; i > 0; i--)
        if (history_mark(history, i - 1) != MARK_NONE)
            return history_at(history, i - 1)->time;
    return TIMESTAMP_NONE;
}

/* The statistics of up to `window` values before position end. */
static struct window_stats stats_then(struct shot *shot, const struct history *history,
                                      uint32_t end, uint16_t window)
{
    uint32_t count = end < window ? end : window;
    double *values = shot_array(shot, count, sizeof *values);
    for (uint32_t i = 0; i < count; i++)
        values[i] = history_at(history, end - count + i)->value;
    return window_stats_of(values, (uint16_t)count);
}

static struct numbers numbers_then(struct shot *shot, const struct series *series)
{
    const struct fleet_options *options = fleet_options(shot->fleet);
    struct history history = shot_history(shot, series);
    struct numbers numbers = {.value = NAN,
                              .z = NAN,
                              .low = NAN,
                              .high = NAN,
                              .arrival = TIMESTAMP_NONE,
                              .state = STATE_LEARNING,
                              .last_anomaly = TIMESTAMP_NONE};
    if (history.count == 0)
        return numbers;
    const struct sample *last = history_at(&history, history.count - 1);
    struct window_stats before = stats_then(shot, &history, history.count - 1, options->window);
    const struct detector_options *detection =
        series->guard ? &series->guard->detection : &options->detection;
    double reach = detection->threshold * before.stdev;
    numbers.value = last->value;
    /* A value that was retained then still is, unless something newer has come. */
    bool retained = series->retained && history.count == series->history.count;
    numbers.arrival = retained ? TIMESTAMP_NONE : last->time;
    numbers.window = stats_then(shot, &history, history.count, options->window);
    bool scored = before.count > 0 && before.count + 1u >= options->detection.min_samples;
    if (scored) {
        numbers.z = window_z(&before, last->value);
        numbers.low = before.mean - reach;
        numbers.high = before.mean + reach;
    }
    numbers.state = state_then(shot, series, &history, scored);
    numbers.last_anomaly = anomaly_then(&history);
    return numbers;
}

timestamp shot_since(const struct shot *shot, timestamp when)
{
    if (when == TIMESTAMP_NONE)
        return TIMESTAMP_NONE;
    return when < shot->now ? shot->now - when : 0;
}

static void take_eta(const struct shot *shot, const struct series *series, struct row *row)
{
    struct forecast_eta eta;
    row->has_eta = !shot->past && series_outlook(series, shot->now, &eta);
    if (!row->has_eta)
        return;
    row->eta = eta.time;
    row->eta_spread = eta.spread;
    row->eta_limit = eta.limit;
}

void shot_row(struct shot *shot, const struct series *series, const struct numbers *numbers,
              struct row *row)
{
    const struct twin *twin = series->twin;
    timestamp period = cadence_period(&series->cadence);
    *row = (struct row){
        .id = ROW_ID(ROW_SERIES, series->index),
        .series = series->index,
        .twin = shot_copy(shot, twin->name),
        .name = shot_copy(shot, series->name),
        .unit = shot_copy(shot, series->unit),
        .value = numbers->value,
        .z = numbers->z,
        .has_z = !isnan(numbers->z),
        .mean = numbers->window.mean,
        .stdev = numbers->window.stdev,
        .min = numbers->window.min,
        .max = numbers->window.max,
        .rate = period > 0 ? (double)TIMESTAMP_SECOND / (double)period : 0,
        .age = shot_since(shot, numbers->arrival),
        .state = numbers->state,
        .simulated = twin->simulated,
        .binary_state = series->binary_state,
        .count = numbers->window.count > 0 ? series->count : 0,
        .anomalies = series->anomalies,
        .since_anomaly = shot_since(shot, numbers->last_anomaly),
        .last_severity = series->last_severity,
        .hush = series_hush(series, shot->now),
        .last_kind = series->last_kind,
        .spark = shot_buckets(shot, series, shot->out->request.spark_columns, shot->now,
                              shot->out->request.span),
    };
    take_eta(shot, series, row);
}

struct numbers shot_numbers(struct shot *shot, const struct series *series)
{
    if (!shot->past)
        return numbers_live(series);
    struct numbers numbers = numbers_then(shot, series);
    shot_take_held(shot, series, &numbers);
    return numbers;
}

/* A twin without a series: its presence and when it was heard last. */
static void take_twin(struct shot *shot, const struct twin *twin, struct row *row)
{
    *row = (struct row){
        .id = ROW_ID(ROW_TWIN, twin->index),
        .series = SNAPSHOT_NO_SERIES,
        .twin = shot_copy(shot, twin->name),
        .name = "",
        .unit = "",
        .value = NAN,
        .z = NAN,
        .age = shot_since(shot, twin->last_seen),
        .state = snapshot_twin_state(twin),
        .simulated = twin->simulated,
        .since_anomaly = TIMESTAMP_NONE,
    };
}

static void take_group(struct shot *shot, const struct snapshot_order *order, uint32_t number,
                       struct row *row)
{
    const struct tree_node *node = &order->tree.nodes[number];
    size_t len;
    const char *name = tree_name(&order->tree, number, &len);
    *row = (struct row){
        .id = ROW_ID(ROW_GROUP, number),
        .series = SNAPSHOT_NO_SERIES,
        .twin = arena_text(&shot->out->arena, name, len),
        .name = "",
        .unit = "",
        .value = NAN,
        .z = NAN,
        .age = TIMESTAMP_NONE,
        .since_anomaly = TIMESTAMP_NONE,
        .state = node->worst,
        .rate = node->rate,
        .rows = node->heard,
        .folded = bits_has(shot->out->request.folded, number),
    };
}

/* Where the row stands in the tree. */
static void take_place(struct shot *shot, const struct snapshot_order *order, struct row *row)
{
    row->above = ROW_NONE;
    if (!shot->out->request.tree)
        return;
    uint32_t above = tree_above(&order->tree, shot->fleet, row->id);
    row->above = above == TREE_ROOT ? ROW_NONE : ROW_ID(ROW_GROUP, above);
    row->depth = tree_depth(&order->tree, shot->fleet, row->id);
}

static void take_any_row(struct shot *shot, const struct snapshot_order *order, uint32_t id,
                         struct row *row)
{
    if (ROW_KIND(id) == ROW_SERIES) {
        const struct series *series = fleet_series(shot->fleet, id);
        struct numbers numbers = shot_numbers(shot, series);
        timestamp oldest = shot_oldest(series);
        shot_row(shot, series, &numbers, row);
        if (shot->out->oldest == TIMESTAMP_NONE ||
            (oldest != TIMESTAMP_NONE && oldest < shot->out->oldest))
            shot->out->oldest = oldest;
    } else if (ROW_KIND(id) == ROW_TWIN) {
        take_twin(shot, fleet_twin(shot->fleet, ROW_INDEX(id)), row);
    } else {
        take_group(shot, order, ROW_INDEX(id), row);
    }
    take_place(shot, order, row);
}

static void take_rows(struct shot *shot, const struct snapshot_order *order)
{
    struct snapshot *out = shot->out;
    uint32_t first = out->request.first_row, left = order->count - first;
    out->row_count = left < out->request.rows ? left : out->request.rows;
    out->rows = shot_array(shot, out->row_count, sizeof *out->rows);
    for (uint32_t i = 0; i < out->row_count; i++)
        take_any_row(shot, order, order->rows[first + i], &out->rows[i]);
}

bool shot_find_row(const struct snapshot_order *order, uint32_t id, uint32_t *row)
{
    for (*row = 0; id != ROW_NONE && *row < order->count; ++*row)
        if (order->rows[*row] == id)
            return true;
    *row = 0;
    return false;
}

/* The row of this name, or the heading that it is folded under, or the first. */
static uint32_t find_row_or_heading(const struct shot *shot, const struct snapshot_order *order,
                                    uint32_t id)
{
    uint32_t row;
    while (!shot_find_row(order, id, &row)) {
        if (!shot->out->request.tree || id == ROW_NONE)
            return 0;
        uint32_t above = tree_above(&order->tree, shot->fleet, id);
        id = above == TREE_ROOT ? ROW_NONE : ROW_ID(ROW_GROUP, above);
    }
    return row;
}

void shot_select(struct snapshot_request *request, uint32_t id)
{
    bool series = ROW_KIND(id) == ROW_SERIES;
    request->selected = series ? id : SNAPSHOT_NO_SERIES;
    request->other_row = series ? ROW_NONE : id;
}

/* Settles which row is selected. */
static void resolve(struct shot *shot, const struct snapshot_order *order, uint32_t *selected)
{
    struct snapshot_request *request = &shot->out->request;
    *selected = 0;
    if (order->count == 0) {
        shot_select(request, ROW_NONE);
        return;
    }
    int64_t last = (int64_t)order->count - 1;
    bool series = request->selected != SNAPSHOT_NO_SERIES;
    uint32_t id = series ? request->selected : request->other_row;
    if (!series && ROW_KIND(id) == ROW_SERIES) /* not set */
        id = ROW_NONE;
    int64_t row = (int64_t)find_row_or_heading(shot, order, id) + request->move;
    row = row < 0 ? 0 : row > last ? last : row;
    *selected = (uint32_t)row;
    shot_select(request, order->rows[row]);
}

/* Scrolls no more than it takes to see the selected row. */
static void show_selected(struct snapshot_request *request, const struct snapshot_order *order,
                          uint32_t selected)
{
    if (request->rows == 0 || request->rows >= order->count) {
        request->first_row = 0;
        return;
    }
    uint32_t top = order->count - request->rows;
    if (request->first_row > selected)
        request->first_row = selected;
    if (selected - request->first_row >= request->rows)
        request->first_row = selected - request->rows + 1;
    if (request->first_row > top)
        request->first_row = top;
}

bool snapshot_state_then(const struct fleet *fleet, const struct series *series, timestamp then,
                         enum state *state)
{
    const struct fleet_options *options = fleet_options(fleet);
    struct shot shot = {.fleet = fleet, .now = then, .past = true};
    struct history history = shot_history(&shot, series);
    if (history.count == 0)
        return false;
    uint32_t before = history.count - 1 < options->window ? history.count - 1 : options->window;
    *state = state_then(&shot, series, &history,
                        before > 0 && before + 1 >= options->detection.min_samples);
    return true;
}

void snapshot_row_then(const struct fleet *fleet, const struct series *series, timestamp then,
                       struct query_row *row)
{
    struct snapshot scratch = {.now = then};
    struct shot shot = {.fleet = fleet, .out = &scratch, .now = then, .past = true};
    struct numbers numbers = numbers_then(&shot, series);
    bool heard = numbers.window.count > 0;
    query_row_series(row, series, then,
                     UINT32_MAX &
                         ~(QUERY_USES(QUERY_SD) | QUERY_USES(QUERY_MIN) | QUERY_USES(QUERY_MAX)));
    row->state = (int)numbers.state;
    QUERY_NUMBER(row, QUERY_VALUE) = numbers.value;
    QUERY_NUMBER(row, QUERY_Z) = numbers.z;
    QUERY_NUMBER(row, QUERY_SCORE) = NAN;
    QUERY_NUMBER(row, QUERY_MEAN) = heard ? numbers.window.mean : NAN;
    QUERY_NUMBER(row, QUERY_SD) = heard ? numbers.window.stdev : NAN;
    QUERY_NUMBER(row, QUERY_MIN) = heard ? numbers.window.min : NAN;
    QUERY_NUMBER(row, QUERY_MAX) = heard ? numbers.window.max : NAN;
    QUERY_NUMBER(row, QUERY_AGE) =
        numbers.arrival == TIMESTAMP_NONE
            ? NAN
            : (double)shot_since(&shot, numbers.arrival) / (double)TIMESTAMP_SECOND;
    snapshot_fini(&scratch);
}

static void take_group_card(struct shot *shot, const struct snapshot_order *order, uint32_t number)
{
    const struct tree_node *node = &order->tree.nodes[number];
    struct group_card *group = &shot->out->group;
    *group = (struct group_card){.valid = true,
                                 .path = arena_text(&shot->out->arena, node->path, node->len),
                                 .rows = node->heard,
                                 .state = node->worst,
                                 .twin = "",
                                 .name = "",
                                 .rate = node->rate,
                                 .anomalies = node->anomalies};
    if (node->heard == 0)
        return;
    if (ROW_KIND(node->worst_row) == ROW_SERIES) {
        const struct series *series = fleet_series(shot->fleet, node->worst_row);
        group->twin = shot_copy(shot, series->twin->name);
        group->name = shot_copy(shot, series->name);
    } else {
        group->twin = shot_copy(shot, fleet_twin(shot->fleet, ROW_INDEX(node->worst_row))->name);
    }
}

/* The selected row in full, whatever it is. */
static void take_selected(struct shot *shot, const struct snapshot_order *order)
{
    const struct snapshot_request *request = &shot->out->request;
    if (request->selected != SNAPSHOT_NO_SERIES) {
        shot_card(shot, fleet_series(shot->fleet, request->selected));
        shot_readings(shot, fleet_series(shot->fleet, request->selected));
    } else if (request->other_row != ROW_NONE && ROW_KIND(request->other_row) == ROW_TWIN) {
        const struct twin *twin = fleet_twin(shot->fleet, ROW_INDEX(request->other_row));
        shot_twin_card(shot, twin);
        take_twin(shot, twin, &shot->out->card.row);
    } else if (request->other_row != ROW_NONE && ROW_KIND(request->other_row) == ROW_GROUP) {
        take_group_card(shot, order, ROW_INDEX(request->other_row));
    }
}

void snapshot_take(const struct fleet *fleet, const struct snapshot_request *request,
                   struct snapshot_order *order, struct snapshot *out)
{
    struct arena arena = out->arena;
    arena_reset(&arena);
    bool past = request->as_of != TIMESTAMP_NONE;
    struct fleet_totals totals = *fleet_totals(fleet);
    timestamp as_of =
        past ? request->as_of - (totals.set_back - request->set_back) : TIMESTAMP_NONE;
    *out = (struct snapshot){.request = *request,
                             .now = past ? as_of : request->now,
                             .totals = totals,
                             .oldest = TIMESTAMP_NONE,
                             .history_limit_kb = (uint32_t)(fleet_options(fleet)->memory / 1024),
                             .arena = arena};
    out->request.as_of = as_of;
    if (request->chart_end != 0)
        out->request.chart_end -= totals.set_back - request->set_back;
    if (out->request.chart_end >= out->now)
        out->request.chart_end = 0;
    out->request.set_back = totals.set_back;
    struct shot shot = {.fleet = fleet, .out = out, .now = out->now, .past = past};
    shot_hold(&shot, &order->held);
    snapshot_order_update(order, fleet, &out->request);
    resolve(&shot, order, &out->selected_row);
    shot_follow(&shot, order);
    shot_search(&shot, order);
    show_selected(&out->request, order, out->selected_row);
    out->request.move = 0;
    out->total_rows = order->count;
    out->matches = order->listed;
    out->all = order->known + (request->twins ? order->twins.count : 0);
    take_rows(&shot, order);
    take_selected(&shot, order);
    shot_events(&shot);
}

void snapshot_fini(struct snapshot *snapshot)
{
    arena_fini(&snapshot->arena);
    *snapshot = (struct snapshot){0};
}
