#include "core/history.h"

#include <string.h>

#define FIRST_ROOM 16
#define LAST_TIME ((INT64_C(1) << 55) - 1) /* that a sample can have; the first is as far back */

void history_fini(struct history *history)
{
    slab_give(history->slab, history->samples, history->room * sizeof *history->samples);
    *history = (struct history){.slab = history->slab};
}

/* Where the i-th oldest lies. room is a power of two. */
static uint32_t slot(const struct history *history, uint32_t i)
{
    return (history->start + i) & (history->room - 1);
}

/* Doubles the room. Only called when empty or full: then the ring is two runs, which go one behind
 * the other. */
static size_t history_grow(struct history *history)
{
    uint32_t room = history->room > 0 ? history->room * 2 : FIRST_ROOM;
    struct sample *samples = slab_take(history->slab, room * sizeof *samples);
    uint32_t head = history->count - history->start;
    if (history->count > 0) {
        memcpy(samples, history->samples + history->start, head * sizeof *samples);
        memcpy(samples + head, history->samples, history->start * sizeof *samples);
    }
    slab_give(history->slab, history->samples, history->room * sizeof *samples);
    size_t growth = (room - history->room) * sizeof *samples;
    history->samples = samples;
    history->room = room;
    history->start = 0;
    return growth;
}

size_t history_add(struct history *history, timestamp time, double value, enum mark mark,
                   bool may_grow)
{
    size_t growth = 0;
    if (history->count == history->room) {
        if (may_grow && history->room < HISTORY_LIMIT)
            growth = history_grow(history);
        else if (history->room == 0)
            return 0;
    }
    time = time > LAST_TIME ? LAST_TIME : time < -LAST_TIME ? -LAST_TIME : time;
    if (history->count > 0) {
        timestamp latest = history_at(history, history->count - 1)->time;
        if (time < latest)
            time = latest;
    }
    if (history->count == history->room) {
        history->start = slot(history, 1);
        history->count--;
    }
    uint32_t at = slot(history, history->count++);
    history->samples[at] = (struct sample){.time = time, .mark = mark & 3, .value = value};
    return growth;
}

void history_tag(struct history *history, uint8_t kind)
{
    if (history->count == 0)
        return;
    history->samples[slot(history, history->count - 1)].kind = kind & 63;
}

void history_set_back(struct history *history, timestamp step)
{
    for (uint32_t i = 0; i < history->count; i++)
        history->samples[slot(history, i)].time -= step;
}

void history_prefetch(const struct history *history)
{
    if (history->room == 0)
        return;
    uint32_t next = slot(history, history->count);
    __builtin_prefetch(&history->samples[next], 1);
}

const struct sample *history_at(const struct history *history, uint32_t i)
{
    return &history->samples[slot(history, i)];
}

enum mark history_mark(const struct history *history, uint32_t i)
{
    return (enum mark)history->samples[slot(history, i)].mark;
}

uint8_t history_kind(const struct history *history, uint32_t i)
{
    return history->samples[slot(history, i)].kind;
}

uint32_t history_until(const struct history *history, timestamp when)
{
    uint32_t low = 0, high = history->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (history_at(history, middle)->time <= when)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void bucket_add(struct bucket *bucket, double value, enum mark mark, uint8_t kind)
{
    if (bucket->count == 0)
        bucket->min = bucket->max = value;
    if (value < bucket->min)
        bucket->min = value;
    if (value > bucket->max)
        bucket->max = value;
    if (mark > bucket->mark) {
        bucket->mark = mark;
        bucket->kind = kind;
    }
    bucket->last = value;
    bucket->count++;
}

/* The end of the i-th of n intervals, without the overflow that span * n could bring. */
static timestamp edge(timestamp start, timestamp span, unsigned n, unsigned i)
{
    return start + span / n * (i + 1) + span % n * (i + 1) / n;
}

void history_buckets(const struct history *history, timestamp end, timestamp span,
                     struct bucket *buckets, unsigned n)
{
    if (n == 0)
        return;
    memset(buckets, 0, n * sizeof *buckets);
    if (span <= 0)
        return;
    timestamp start = end - span;
    unsigned column = 0;
    timestamp column_end = edge(start, span, n, column);
    for (uint32_t i = history_until(history, start); i < history->count; i++) {
        const struct sample *sample = history_at(history, i);
        if (sample->time > end)
            break;
        while (sample->time > column_end)
            column_end = edge(start, span, n, ++column);
        bucket_add(&buckets[column], sample->value, history_mark(history, i),
                   history_kind(history, i));
    }
}
