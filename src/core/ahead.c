#include "core/ahead.h"

#include <stddef.h>

#define LINE 64 /* bytes that come together; where they are other than this, it asks more often */
#define LEAST_MESSAGES 4 /* of fewer, each is worked on before anything has come */
#define SERIES 2         /* of a message, whose memory is asked for */
#define WINDOW_BYTES 512
#define DETECTOR_BYTES 1024

static void ask(const void *memory, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += LINE)
        __builtin_prefetch((const char *)memory + i, 1);
}

static const struct series *series_of(const struct topic *topic, unsigned n)
{
    return n < topic->slot_count ? topic->slots[n] : NULL;
}

static void ask_series(const struct series *series)
{
    size_t window = series->window.count * sizeof *series->window.values;
    ask(series->window.values, window < WINDOW_BYTES ? window : WINDOW_BYTES);
    ask(series->detector, series->detector ? DETECTOR_BYTES : 0);
    if (series->forecast)
        forecast_prefetch(series->forecast);
    ask(series->path, 1);
    ask(series->name, 1);
    history_prefetch(&series->history);
}

/* Each step follows the pointers that came with the one before. */
static void take_step(const struct registry *registry, unsigned step, uint32_t hash,
                      const struct topic **topic)
{
    switch (step) {
    case 0:
        *topic = NULL;
        hash_prefetch(&registry->topic_hash, hash);
        return;
    case 1:
        *topic = registry_guess_topic(registry, hash);
        if (*topic)
            ask(*topic, sizeof **topic);
        return;
    case 2:
        ask((*topic)->name, 2 * LINE);
        ask((*topic)->slots, 1);
        ask((*topic)->payload, (*topic)->payload_len);
        if ((*topic)->twin)
            ask((*topic)->twin, offsetof(struct twin, facts));
        return;
    case 3:
        for (unsigned n = 0; n < SERIES && series_of(*topic, n); n++)
            ask(series_of(*topic, n), offsetof(struct series, verdict.reason));
        if ((*topic)->twin)
            ask((*topic)->twin->name, 1);
        return;
    default:
        for (unsigned n = 0; n < SERIES && series_of(*topic, n); n++)
            ask_series(series_of(*topic, n));
        return;
    }
}

void ahead_go(struct ahead *ahead, size_t i)
{
    if (!ahead->batch)
        return;
    for (unsigned step = 0; step < AHEAD_STEPS; step++) {
        size_t at = i + AHEAD_STEPS - step;
        const struct topic **topic = &ahead->topics[at % AHEAD_STEPS];
        if (at < ahead->batch->message_count && (step < 2 || *topic))
            take_step(ahead->registry, step, ahead->batch->messages[at].hash, topic);
    }
}

void ahead_begin(struct ahead *ahead, const struct registry *registry, const struct batch *batch)
{
    *ahead = (struct ahead){.registry = registry};
    if (batch->message_count < LEAST_MESSAGES)
        return;
    ahead->batch = batch;
    for (size_t i = 0; i < AHEAD_STEPS; i++)
        ahead_go(ahead, i - AHEAD_STEPS); /* wraps to before the first message, and back */
}
