#include "core/snapshot_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/snapshot_filter.h"
#include "core/snapshot_shot.h"
#include "core/snapshot_twins.h"
#include "core/unit.h"
#include "core/xalloc.h"

/* Of many series so many keys, or such a part of all, are found out anew in one frame: */
#define SLOW_SERIES 1000 /* keys that take long ... */
#define SLOW_PARTS 16
#define LIVE_SERIES 10000 /* ... and those that are at hand */
#define LIVE_PARTS 4

void snapshot_order_fini(struct snapshot_order *order)
{
    free(order->rows);
    free(order->list);
    free(order->names);
    free(order->ranks);
    free(order->keys);
    free(order->entries);
    free(order->spare);
    snapshot_filter_fini(&order->filter);
    snapshot_twins_fini(&order->twins);
    tree_fini(&order->tree);
    snapshot_held_fini(&order->held);
    *order = (struct snapshot_order){0};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Compares the numbers that start at *a and *b, of any length, and steps over them. */
static int compare_numbers(const char **a, const char **b)
{
    while (**a == '0')
        ++*a;
    while (**b == '0')
        ++*b;
    int first = 0;
    for (; is_digit(**a) && is_digit(**b); ++*a, ++*b)
        if (first == 0 && **a != **b)
            first = **a < **b ? -1 : 1;
    if (is_digit(**a) || is_digit(**b))
        return is_digit(**a) ? 1 : -1; /* the longer number is the larger */
    return first;
}

int natural_compare(const char *a, const char *b)
{
    const char *whole_a = a, *whole_b = b;
    while (*a != '\0' && *b != '\0') {
        if (is_digit(*a) && is_digit(*b)) {
            int result = compare_numbers(&a, &b);
            if (result != 0)
                return result;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    if (*a != *b)
        return *a == '\0' ? -1 : 1;
    return strcmp(whole_a, whole_b); /* "01" and "1" are not the same name */
}

static int compare_names(const struct series *a, const struct series *b)
{
    int result = natural_compare(a->twin->name, b->twin->name);
    if (result == 0)
        result = natural_compare(a->name, b->name);
    if (result == 0)
        result = natural_compare(a->topic, b->topic);
    if (result == 0)
        result = a->index < b->index ? -1 : a->index > b->index;
    return result;
}

static int by_name(const void *a, const void *b)
{
    return compare_names(*(const struct series *const *)a, *(const struct series *const *)b);
}

static void reserve(struct snapshot_order *order, uint32_t count)
{
    if (count <= order->room)
        return;
    uint32_t room = order->room > 0 ? order->room : 64;
    while (room < count)
        room *= 2;
    order->names = xrealloc(order->names, room * sizeof *order->names);
    order->ranks = xrealloc(order->ranks, room * sizeof *order->ranks);
    order->keys = xrealloc(order->keys, room * sizeof *order->keys);
    order->entries = xrealloc(order->entries, room * sizeof *order->entries);
    order->spare = xrealloc(order->spare, room * sizeof *order->spare);
    order->room = room;
}

/* How many of the first count names come before this series. */
static uint32_t names_before(const struct snapshot_order *order, const struct fleet *fleet,
                             uint32_t count, const struct series *series)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_names(fleet_series(fleet, order->names[middle]), series) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Names never change, so new series are sorted among themselves and put in their places, the last
 * first: few comparisons, and every old name moves once. */
static void add_names(struct snapshot_order *order, const struct fleet *fleet)
{
    uint32_t total = fleet_series_count(fleet), old = order->known, fresh = total - old;
    if (fresh == 0)
        return;
    reserve(order, total);
    const struct series **added = xmalloc(fresh * sizeof(const struct series *));
    for (uint32_t i = 0; i < fresh; i++)
        added[i] = fleet_series(fleet, old + i);
    qsort(added, fresh, sizeof(const struct series *), by_name);
    while (fresh > 0) {
        const struct series *series = added[--fresh];
        uint32_t at = names_before(order, fleet, old, series);
        memmove(order->names + at + fresh + 1, order->names + at,
                (old - at) * sizeof *order->names);
        order->names[at + fresh] = series->index;
        old = at;
    }
    free(added);
    for (uint32_t i = order->known; i < total; i++)
        order->entries[i] = (struct order_entry){.series = i};
    order->known = total;
    for (uint32_t i = 0; i < total; i++)
        order->ranks[order->names[i]] = i;
    for (uint32_t i = 0; i < total; i++)
        order->entries[i].rank = order->ranks[order->entries[i].series];
}

double snapshot_urgency(enum state state)
{
    static const double table[] = {
        [STATE_OK] = 0,   [STATE_LEARNING] = 1, [STATE_OFFLINE] = 2, [STATE_LATE] = 3,
        [STATE_LOST] = 4, [STATE_STUCK] = 5,    [STATE_ANOMALY] = 6};
    return table[state];
}

/* Text as a number that sorts like it, as far as one holds it; NAN for none. */
static double letters(const char *text)
{
    double number = 0;
    for (int i = 0; i < 6; i++)
        number = number * 256 + (*text ? (unsigned char)*text++ : 0);
    return number > 0 ? number : NAN;
}

/* The moment, so that rows do not change places as time goes by. */
static double sort_eta(const struct series *series)
{
    struct forecast_eta eta;
    if (!series_outlook(series, series->arrival, &eta))
        return NAN;
    return (double)series->arrival + (double)eta.time;
}

/* NAN where there is no such value. */
static double sort_value(const struct series *series, enum sort_key sort)
{
    switch (sort) {
    case SORT_STATE:
        return snapshot_urgency(series_state(series));
    case SORT_VALUE:
        return series->value;
    case SORT_Z:
        return fabs(series->verdict.z);
    case SORT_MEAN:
        return series->mean;
    case SORT_SD:
        return window_stats(&series->window).stdev;
    case SORT_MIN:
        return window_stats(&series->window).min;
    case SORT_MAX:
        return window_stats(&series->window).max;
    case SORT_UNIT:
        return letters(unit_symbol(series->unit));
    case SORT_RATE: {
        timestamp period = cadence_period(&series->cadence);
        return period > 0 ? 1.0 / (double)period : NAN;
    }
    case SORT_AGE:
        return series->retained ? NAN : -(double)series->arrival;
    case SORT_ANOMALIES:
        return (double)series->anomalies;
    case SORT_ETA:
        return sort_eta(series);
    case SORT_NAME:
    case SORT_KEYS:
        break;
    }
    return NAN;
}

static bool is_slow(enum sort_key sort)
{
    return sort == SORT_SD || sort == SORT_MIN || sort == SORT_MAX || sort == SORT_UNIT ||
           sort == SORT_ETA;
}

static void renew_key(struct snapshot_order *order, const struct fleet *fleet, uint32_t i)
{
    double value = sort_value(fleet_series(fleet, i), order->sort);
    order->keys[i] = isnan(value) ? INFINITY : order->descending ? -value : value;
}

/* How many of so many series have their keys found out in one frame. */
static uint32_t share_of(const struct snapshot_order *order, uint32_t count)
{
    bool slow = is_slow(order->sort);
    uint32_t part = count / (slow ? SLOW_PARTS : LIVE_PARTS);
    uint32_t least = slow ? SLOW_SERIES : LIVE_SERIES;
    return part > least ? part : least;
}

/* A share of the first count series, in turn. */
static void renew_some(struct snapshot_order *order, const struct fleet *fleet, uint32_t count)
{
    uint32_t share = share_of(order, count);
    for (uint32_t i = 0; i < share && i < count; i++, order->turn++) {
        if (order->turn >= count)
            order->turn = 0;
        renew_key(order, fleet, order->turn);
    }
}

/* Walks over the series as they lie in memory, not as they are sorted: with 100,000 of them the
 * wait for memory is most of the work. The first `old` have keys that were right a frame ago. */
static void renew_keys(struct snapshot_order *order, const struct fleet *fleet, uint32_t old)
{
    bool slow = is_slow(order->sort), filtered = order->filter.query.count > 0;
    if (old <= share_of(order, old))
        old = 0;
    renew_some(order, fleet, old);
    for (uint32_t i = slow || !filtered ? old : 0; i < order->known; i++) {
        if (!slow && !snapshot_filter_passes(&order->filter, i))
            order->keys[i] = INFINITY;              /* it is not shown, wherever it stands */
        else if (i >= old || isinf(order->keys[i])) /* or it was not, a frame ago */
            renew_key(order, fleet, i);
    }
    for (uint32_t i = 0; i < order->known; i++)
        order->entries[i].key = order->keys[order->entries[i].series];
}

/* While rows stay where they are: what takes long is done meanwhile. */
static void prepare(struct snapshot_order *order, const struct fleet *fleet,
                    const struct snapshot_request *request)
{
    if (order->filter.query.uses & QUERY_SLOW)
        snapshot_filter_update(&order->filter, fleet, request);
    if (is_slow(order->sort) || order->known > share_of(order, order->known))
        renew_some(order, fleet, order->known);
}

static bool before(const struct order_entry *a, const struct order_entry *b)
{
    return a->key < b->key || (a->key == b->key && a->rank < b->rank);
}

static int by_key(const void *left, const void *right)
{
    const struct order_entry *a = left, *b = right;
    return before(a, b) ? -1 : before(b, a);
}

/* Takes both of every pair that is out of order aside, sorts these and merges them back: few
 * comparisons when little has changed since the last time, and never worse than sorting all. (Cook
 * and Kim: "Best sorting algorithm for nearly sorted lists", Communications of the ACM 23, 1980.)
 */
static void mend(struct snapshot_order *order)
{
    struct order_entry *entries = order->entries, *aside = order->spare;
    uint32_t kept = 0, moved = 0;
    for (uint32_t i = 0; i < order->known; i++) {
        if (kept > 0 && before(&entries[i], &entries[kept - 1])) {
            aside[moved++] = entries[--kept];
            aside[moved++] = entries[i];
        } else {
            entries[kept++] = entries[i];
        }
    }
    if (moved == 0)
        return;
    qsort(aside, moved, sizeof *aside, by_key);
    for (uint32_t to = order->known; moved > 0;) {
        if (kept > 0 && before(&aside[moved - 1], &entries[kept - 1]))
            entries[--to] = entries[--kept];
        else
            entries[--to] = aside[--moved];
    }
}

uint32_t snapshot_order_rank(const struct snapshot_order *order, const struct fleet *fleet,
                             const char *twin)
{
    uint32_t low = 0, high = order->known;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct series *series = fleet_series(fleet, order->names[middle]);
        if (natural_compare(series->twin->name, twin) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void reverse(uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        uint32_t row = rows[i];
        rows[i] = rows[count - 1 - i];
        rows[count - 1 - i] = row;
    }
}

/* The rows that pass the filter, in the order that the entries or names have now; twins without a
 * series, which are few, among them. */
static void list_rows(struct snapshot_order *order)
{
    const struct order_entry *twin = order->twins.entries, *end = twin + order->twins.listed;
    uint32_t most = order->known + order->twins.listed;
    if (most > order->list_room) {
        order->list_room = 2 * most;
        order->list = xrealloc(order->list, order->list_room * sizeof *order->list);
    }
    order->listed = 0;
    for (uint32_t i = 0; i < order->known; i++) {
        struct order_entry entry = {.rank = i, .series = order->names[i]};
        if (order->sort != SORT_NAME)
            entry = order->entries[i];
        while (twin != end && !before(&entry, twin))
            order->list[order->listed++] = (twin++)->series;
        if (snapshot_filter_passes(&order->filter, entry.series))
            order->list[order->listed++] = entry.series;
    }
    while (twin != end)
        order->list[order->listed++] = (twin++)->series;
    if (order->sort == SORT_NAME && order->descending)
        reverse(order->list, order->listed);
}

/* Sorts and filters; what has not changed is left as it is. */
static void update_list(struct snapshot_order *order, const struct fleet *fleet,
                        const struct snapshot_request *request)
{
    bool same = (order->known > 0 || order->listed > 0) && order->sort == request->sort &&
                order->descending == request->descending &&
                snapshot_filter_same(&order->filter, request);
    if (request->as_of != TIMESTAMP_NONE && same) {
        order->mended = TIMESTAMP_NONE;
        return;
    }
    bool grown = order->known < fleet_series_count(fleet) ||
                 (request->twins && order->twins.known < fleet_twin_count(fleet));
    bool calm = order->mended != TIMESTAMP_NONE && request->now >= order->mended &&
                request->now < order->mended + request->calm;
    if (same && !grown && calm) {
        prepare(order, fleet, request);
        return;
    }
    order->mended = request->now;
    uint32_t old = same ? order->known : 0;
    add_names(order, fleet);
    bool lonely =
        request->twins && (order->twins.count > 0 || order->twins.known < fleet_twin_count(fleet));
    if (same && !grown && request->sort == SORT_NAME && !order->filter.query.count && !lonely)
        return; /* names don't move */
    order->sort = request->sort;
    order->descending = request->descending;
    snapshot_filter_update(&order->filter, fleet, request);
    snapshot_twins_update(&order->twins, order, fleet, request);
    if (request->sort != SORT_NAME) {
        renew_keys(order, fleet, old);
        mend(order);
    }
    list_rows(order);
}

void snapshot_order_arrange(struct snapshot_order *order, const struct fleet *fleet,
                            const struct snapshot_request *request)
{
    if (order->listed > order->rows_room) {
        order->rows_room = 2 * order->listed;
        order->rows = xrealloc(order->rows, order->rows_room * sizeof *order->rows);
    }
    order->count = order->listed;
    if (order->listed > 0)
        memcpy(order->rows, order->list, order->listed * sizeof *order->rows);
    if (request->tree)
        order->count = tree_arrange(&order->tree, fleet, request->folded, request->as_of,
                                    &order->rows, &order->rows_room, order->listed);
    order->tree.stale = !request->tree;
}

void snapshot_order_update(struct snapshot_order *order, const struct fleet *fleet,
                           const struct snapshot_request *request)
{
    update_list(order, fleet, request);
    snapshot_order_arrange(order, fleet, request);
}
