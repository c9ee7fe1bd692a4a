#include "core/snapshot_twins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/snapshot_order.h"
#include "core/xalloc.h"

void snapshot_twins_fini(struct snapshot_twins *twins)
{
    free(twins->list);
    free(twins->entries);
    *twins = (struct snapshot_twins){0};
}

static void reserve(struct snapshot_twins *twins)
{
    if (twins->count < twins->room)
        return;
    twins->room = twins->room > 0 ? 2 * twins->room : 16;
    twins->list = xrealloc(twins->list, twins->room * sizeof *twins->list);
    twins->entries = xrealloc(twins->entries, twins->room * sizeof *twins->entries);
}

/* A twin comes without a series, and gets its first one sooner or later; series never go. */
static void find_twins(struct snapshot_twins *twins, const struct fleet *fleet)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < twins->count; i++)
        if (fleet_twin(fleet, twins->list[i])->series_count == 0)
            twins->list[kept++] = twins->list[i];
    twins->count = kept;
    for (; twins->known < fleet_twin_count(fleet); twins->known++) {
        if (fleet_twin(fleet, twins->known)->series_count > 0)
            continue;
        reserve(twins);
        twins->list[twins->count++] = twins->known;
    }
}

enum state snapshot_twin_state(const struct twin *twin)
{
    return twin->presence == STATUS_OFFLINE  ? STATE_OFFLINE
           : twin->presence == STATUS_ONLINE ? STATE_OK
                                             : STATE_LEARNING;
}

static double sort_value(const struct twin *twin, enum sort_key sort)
{
    if (sort == SORT_STATE)
        return snapshot_urgency(snapshot_twin_state(twin));
    return sort == SORT_AGE ? -(double)twin->last_seen : NAN;
}

static int by_key(const void *left, const void *right)
{
    const struct order_entry *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->series < b->series ? -1 : a->series > b->series;
}

void snapshot_twins_update(struct snapshot_twins *twins, const struct snapshot_order *order,
                           const struct fleet *fleet, const struct snapshot_request *request)
{
    twins->listed = 0;
    if (!request->twins)
        return;
    find_twins(twins, fleet);
    for (uint32_t i = 0; i < twins->count; i++) {
        const struct twin *twin = fleet_twin(fleet, twins->list[i]);
        struct query_row row;
        query_row_twin(&row, twin,
                       request->as_of != TIMESTAMP_NONE ? request->as_of : request->now);
        if (request->filter && !query_matches(request->filter, &row))
            continue;
        double value = sort_value(twin, request->sort);
        double key = request->sort == SORT_NAME ? 0 : INFINITY;
        twins->entries[twins->listed++] = (struct order_entry){
            .key = isnan(value)          ? key
                   : request->descending ? -value
                                         : value,
            .rank = snapshot_order_rank(order, fleet, twin->name),
            .series = ROW_ID(ROW_TWIN, twin->index),
        };
    }
    if (twins->listed > 0)
        qsort(twins->entries, twins->listed, sizeof *twins->entries, by_key);
}
