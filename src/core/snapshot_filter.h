/* The rows that a filter lets through. For snapshot_order.c alone. */
#ifndef DT_CORE_SNAPSHOT_FILTER_H
#define DT_CORE_SNAPSHOT_FILTER_H

#include "core/snapshot.h"

void snapshot_filter_fini(struct snapshot_filter *filter);

/* Is it the filter of this request already? */
bool snapshot_filter_same(const struct snapshot_filter *filter,
                          const struct snapshot_request *request);

/* Asks all series of the fleet. As of a moment, what they were then. With many series, terms of
 * QUERY_SLOW are asked of a part of them each time, so that an answer may be some frames old. */
void snapshot_filter_update(struct snapshot_filter *filter, const struct fleet *fleet,
                            const struct snapshot_request *request);

/* For a series that was there at the last update. */
static inline bool snapshot_filter_passes(const struct snapshot_filter *filter, uint32_t series)
{
    return filter->query.count == 0 || filter->passes[series];
}

/* In snapshot.c: how a series was at a moment. false: it had not been heard of. */
bool snapshot_state_then(const struct fleet *fleet, const struct series *series, timestamp then,
                         enum state *state);

/* In snapshot.c: what is asked of a series as of a moment. */
void snapshot_row_then(const struct fleet *fleet, const struct series *series, timestamp then,
                       struct query_row *row);

#endif
