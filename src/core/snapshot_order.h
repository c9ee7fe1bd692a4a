/* Puts the series of a fleet in the order of a table (struct snapshot_order in snapshot.h). One
 * thread at a time. */
#ifndef DT_CORE_SNAPSHOT_ORDER_H
#define DT_CORE_SNAPSHOT_ORDER_H

#include "core/snapshot.h"

/* Brings order->series up to date. frozen: leaves the rows where they are, if they are in this sort
 * at all. */
void snapshot_order_update(struct snapshot_order *order, const struct fleet *fleet,
                           enum sort_key sort, bool descending, bool frozen);

/* Compares two names as people sort them: runs of digits by their number ("s2" before "s10"). */
int natural_compare(const char *a, const char *b);

#endif
