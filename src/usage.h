/* What this program itself takes: processor and memory, looked at once a second. Main thread. */
#ifndef DT_USAGE_H
#define DT_USAGE_H

#include "core/timestamp.h"
#include "ui/traffic.h"

/* Looks if it is due. now: a steady clock. A zeroed struct has not looked yet. */
void usage_look(struct usage *usage, timestamp now);

/* The same with what the system says: microseconds of processor so far, bytes resident. */
void usage_take(struct usage *usage, timestamp now, timestamp busy, uint64_t resident);

#endif
