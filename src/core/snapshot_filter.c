#include "core/snapshot_filter.h"

#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

#define SLOW_SERIES 1000 /* so many have their slow terms asked in one frame */

void snapshot_filter_fini(struct snapshot_filter *filter)
{
    free(filter->fixed);
    free(filter->passes);
    *filter = (struct snapshot_filter){0};
}

bool snapshot_filter_same(const struct snapshot_filter *filter,
                          const struct snapshot_request *request)
{
    return strcmp(filter->query.text, request->filter ? request->filter->text : "") == 0;
}

static void reserve(struct snapshot_filter *filter, uint32_t count)
{
    if (count <= filter->room)
        return;
    uint32_t room = filter->room > 0 ? filter->room : 64;
    while (room < count)
        room *= 2;
    filter->fixed = xrealloc(filter->fixed, room);
    filter->passes = xrealloc(filter->passes, room);
    filter->room = room;
}

static void ask_fixed(struct snapshot_filter *filter, const struct fleet *fleet, uint32_t index)
{
    struct query_row row;
    query_row_series(&row, fleet_series(fleet, index), 0, QUERY_FIXED);
    filter->fixed[index] = query_matches_keys(&filter->query, &row, QUERY_FIXED);
}

static bool ask_live(const struct snapshot_filter *filter, const struct fleet *fleet,
                     uint32_t index, const struct snapshot_request *request)
{
    struct query_row row;
    const struct series *series = fleet_series(fleet, index);
    if (request->as_of != TIMESTAMP_NONE)
        snapshot_row_then(fleet, series, request->as_of, &row);
    else
        query_row_series(&row, series, request->now, filter->query.uses);
    return query_matches_keys(&filter->query, &row, ~QUERY_FIXED);
}

/* Slow terms: from where the last frame ended, as many series as one frame may ask. */
static void ask_some(struct snapshot_filter *filter, const struct fleet *fleet, uint32_t old,
                     const struct snapshot_request *request)
{
    uint32_t share = filter->known / 16 > SLOW_SERIES ? filter->known / 16 : SLOW_SERIES;
    for (uint32_t i = old; i < filter->known; i++)
        filter->passes[i] = filter->fixed[i] && ask_live(filter, fleet, i, request);
    for (uint32_t i = 0; i < share && i < old; i++, filter->turn++) {
        if (filter->turn >= old)
            filter->turn = 0;
        ask_fixed(filter, fleet, filter->turn);
        filter->passes[filter->turn] =
            filter->fixed[filter->turn] && ask_live(filter, fleet, filter->turn, request);
    }
}

void snapshot_filter_update(struct snapshot_filter *filter, const struct fleet *fleet,
                            const struct snapshot_request *request)
{
    if (!snapshot_filter_same(filter, request)) {
        filter->known = filter->turn = 0;
        if (request->filter)
            filter->query = *request->filter;
        else
            filter->query = (struct query){0};
    }
    if (filter->query.count == 0)
        return;
    uint32_t old = filter->known, total = fleet_series_count(fleet);
    reserve(filter, total);
    for (uint32_t i = old; i < total; i++)
        ask_fixed(filter, fleet, i);
    filter->known = total;
    if (filter->query.uses & QUERY_SLOW) {
        ask_some(filter, fleet, old, request);
        return;
    }
    bool live = (filter->query.uses & ~QUERY_FIXED) != 0;
    for (uint32_t i = live ? 0 : old; i < total; i++)
        filter->passes[i] = filter->fixed[i] && (!live || ask_live(filter, fleet, i, request));
}
