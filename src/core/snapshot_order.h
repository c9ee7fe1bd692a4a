/* Puts the series of a fleet in the order of a table (struct snapshot_order in snapshot.h). One
 * thread at a time. */
#ifndef DT_CORE_SNAPSHOT_ORDER_H
#define DT_CORE_SNAPSHOT_ORDER_H

#include "core/snapshot.h"

/* Brings order->rows up to date: sorted and filtered as the request asks. As of a moment the rows
 * stay where they are, if it is the same sort and filter. */
void snapshot_order_update(struct snapshot_order *order, const struct fleet *fleet,
                           const struct snapshot_request *request);

/* The rows anew, headings of groups among them, after folds have changed. */
void snapshot_order_arrange(struct snapshot_order *order, const struct fleet *fleet,
                            const struct snapshot_request *request);

/* How many series' names come before this one. */
uint32_t snapshot_order_rank(const struct snapshot_order *order, const struct fleet *fleet,
                             const char *twin);

/* How much a state asks for attention. */
double snapshot_urgency(enum state state);

/* Of a twin without a series: what its presence says. */
enum state snapshot_twin_state(const struct twin *twin);

/* Compares two names as people sort them: runs of digits by their number ("s2" before "s10"). */
int natural_compare(const char *a, const char *b);

#endif
