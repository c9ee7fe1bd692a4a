/* Twins without a series, such as those of which only a status message came: rows of their own. For
 * snapshot_order.c alone. */
#ifndef DT_CORE_SNAPSHOT_TWINS_H
#define DT_CORE_SNAPSHOT_TWINS_H

#include "core/snapshot.h"

void snapshot_twins_fini(struct snapshot_twins *twins);

/* Finds them, and sorts those that pass the filter into twins->entries: keys as those of series,
 * rank the place of the first name in order->names that is not before theirs. */
void snapshot_twins_update(struct snapshot_twins *twins, const struct snapshot_order *order,
                           const struct fleet *fleet, const struct snapshot_request *request);

#endif
