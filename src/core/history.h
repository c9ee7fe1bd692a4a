/* The past of one series: a ring of (arrival time, value, mark) that grows by doubling up to a
 * limit. Times never fall: an earlier one is stored as the latest. Plain data, one thread at a
 * time. */
#ifndef DT_CORE_HISTORY_H
#define DT_CORE_HISTORY_H

#include "core/slab.h"
#include "core/timestamp.h"

#include <stdbool.h>
#include <stdint.h>

#define HISTORY_LIMIT 4096 /* samples a series, while the memory budget lasts */

/* What a sample was, for its colour on the screen. */
enum mark {
    MARK_NONE,
    MARK_HUSHED, /* an anomaly of a series that is muted or chronic */
    MARK_NOTICE,
    MARK_ALARM,
};

/* Time and mark share a word, so that a reading costs one place in memory: 56 bits of microseconds
 * last a thousand years either way. */
struct sample {
    int64_t time : 56;
    uint64_t mark : 2; /* enum mark */
    uint64_t kind : 6;
    double value;
};

struct history {
    struct slab *slab;      /* where they stand; NULL: on the heap */
    struct sample *samples; /* ring */
    uint32_t room;          /* 0 or a power of two */
    uint32_t count;
    uint32_t start; /* index of the oldest */
};

/* What one column of a sparkline or chart shows: the extremes and the last value of an interval. */
struct bucket {
    double min, max, last;
    uint32_t count; /* 0: silence */
    enum mark mark; /* the worst inside, */
    uint8_t kind;   /* and its kind; 0: none was told */
};

/* A zeroed struct is an empty history, and so is one with nothing but a slab that outlives it. */
void history_fini(struct history *history);

/* Adds a sample. May grow (doubling) while below limit and allowed; when not, the oldest goes.
 * Returns by how many bytes the history grew. */
size_t history_add(struct history *history, timestamp time, double value, enum mark mark,
                   bool may_grow);

/* Says of what kind the newest sample's mark is: a number below 64 that means nothing here. */
void history_tag(struct history *history, uint8_t kind);

/* The clock that times are told by was set back by this much: they keep their distance from now. */
void history_set_back(struct history *history, timestamp step);

/* Asks the processor to have the next sample's place at hand soon: with thousands of series,
 * waiting for it would be the slowest part of history_add(). */
void history_prefetch(const struct history *history);

/* The i-th sample, 0 the oldest. */
const struct sample *history_at(const struct history *history, uint32_t i);
enum mark history_mark(const struct history *history, uint32_t i);
uint8_t history_kind(const struct history *history, uint32_t i);

/* How many samples have a time ≤ when. */
uint32_t history_until(const struct history *history, timestamp when);

/* Fills buckets[0..n) with n equal intervals of (end - span, end], oldest first. O(samples inside).
 */
void history_buckets(const struct history *history, timestamp end, timestamp span,
                     struct bucket *buckets, unsigned n);

#endif
