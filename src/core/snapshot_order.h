/* Puts the series of a fleet in the order of a table (struct snapshot_order in snapshot.h). One
 * thread at a time. */
#ifndef DT_CORE_SNAPSHOT_ORDER_H
#define DT_CORE_SNAPSHOT_ORDER_H

#include "core/snapshot.h"

/* Brings order->series up to date: sorted and filtered as the request asks. As of a moment the rows
 * stay where they are, if it is the same sort and filter. */
void snapshot_order_update(struct snapshot_order *order, const struct fleet *fleet,
                           const struct snapshot_request *request);

/* Compares two names as people sort them: runs of digits by their number ("s2" before "s10"). */
int natural_compare(const char *a, const char *b);

#endif
