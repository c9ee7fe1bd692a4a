#include "engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/xalloc.h"

struct engine {
    pthread_mutex_t lock; /* over all that follows, up to the generation */
    struct fleet *fleet;
    struct snapshot_order order;
    struct connection connection;
    timestamp now;
    timestamp gone; /* when the connection was lost; TIMESTAMP_NONE if never */
    _Atomic uint64_t generation;
    atomic_bool closed;
    atomic_bool wants_sys;
    struct engine_tap tap;    /* never changes */
    struct outcomes outcomes; /* of the thread that ingests or ticks */
};

struct engine *engine_new(const struct fleet_options *options, const struct engine_tap *tap)
{
    struct engine *engine = xcalloc(1, sizeof *engine);
    pthread_mutex_init(&engine->lock, NULL);
    engine->fleet = fleet_new(options);
    engine->now = engine->gone = TIMESTAMP_NONE;
    if (tap)
        engine->tap = *tap;
    engine->outcomes.readings = engine->tap.readings;
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    outcomes_fini(&engine->outcomes);
    snapshot_order_fini(&engine->order);
    fleet_free(engine->fleet);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

static void changed(struct engine *engine)
{
    atomic_fetch_add_explicit(&engine->generation, 1, memory_order_release);
}

uint64_t engine_generation(const struct engine *engine)
{
    return atomic_load_explicit(&engine->generation, memory_order_acquire);
}

void engine_want_sys(struct engine *engine)
{
    atomic_store(&engine->wants_sys, true);
}

bool engine_wants_sys(const struct engine *engine)
{
    return atomic_load(&engine->wants_sys);
}

/* Nobody listens: nothing has to be written down. */
static struct outcomes *wanted_outcomes(struct engine *engine)
{
    return engine->tap.on_outcomes ? &engine->outcomes : NULL;
}

/* After the lock was released, so that a tap may take its time. Twins and series stay where they
 * are, and only this thread changes them. */
static void tell(struct engine *engine)
{
    if (engine->outcomes.count == 0)
        return;
    engine->tap.on_outcomes(engine->tap.context, &engine->outcomes);
    engine->outcomes.count = 0;
}

void engine_close(struct engine *engine)
{
    atomic_store(&engine->closed, true);
}

void engine_ingest(struct engine *engine, const struct batch *batch)
{
    if (batch->message_count == 0 || atomic_load(&engine->closed))
        return;
    timestamp arrival = batch->messages[batch->message_count - 1].arrival;
    pthread_mutex_lock(&engine->lock);
    fleet_ingest(engine->fleet, batch, wanted_outcomes(engine));
    if (arrival > engine->now)
        engine->now = arrival;
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
    tell(engine);
}

void engine_tick(struct engine *engine, timestamp now)
{
    if (atomic_load(&engine->closed))
        return;
    pthread_mutex_lock(&engine->lock);
    const struct fleet_totals *totals = fleet_totals(engine->fleet);
    const struct journal *journal = fleet_journal(engine->fleet);
    uint64_t event = journal->next_id;
    int64_t second = totals->rate_at;
    fleet_tick(engine->fleet, now, wanted_outcomes(engine));
    bool visible = journal->next_id != event || totals->rate_at != second;
    if (now > engine->now)
        engine->now = now;
    pthread_mutex_unlock(&engine->lock);
    if (visible)
        changed(engine);
    tell(engine);
    if (visible && engine->tap.on_tick)
        engine->tap.on_tick(engine->tap.context, now);
}

void engine_connection(struct engine *engine, const struct connection *connection, timestamp now,
                       const char *text)
{
    pthread_mutex_lock(&engine->lock);
    bool was_live = engine->connection.state == CONNECTION_LIVE;
    bool is_live = connection->state == CONNECTION_LIVE;
    bool lost = was_live && !is_live, back = is_live && !was_live;
    /* A clock that was set back meanwhile, or just before, must not count as an outage. */
    if (lost || (back && engine->gone != TIMESTAMP_NONE))
        fleet_clock(engine->fleet, now);
    if (lost)
        engine->gone = now;
    if (back && engine->gone != TIMESTAMP_NONE)
        fleet_resume(engine->fleet, engine->gone, now);
    engine->connection = *connection;
    if (text)
        fleet_note(engine->fleet, now, EVENT_CONNECTION, "broker", text);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

void engine_skip(struct engine *engine, timestamp gone, timestamp now)
{
    pthread_mutex_lock(&engine->lock);
    fleet_skip(engine->fleet, gone, now);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

void engine_get_connection(struct engine *engine, struct connection *out)
{
    pthread_mutex_lock(&engine->lock);
    *out = engine->connection;
    pthread_mutex_unlock(&engine->lock);
}

void engine_snapshot(struct engine *engine, const struct snapshot_request *request,
                     struct snapshot *out)
{
    pthread_mutex_lock(&engine->lock);
    snapshot_take(engine->fleet, request, &engine->order, out);
    pthread_mutex_unlock(&engine->lock);
}

uint32_t engine_hop(struct engine *engine, const struct query *filter, timestamp now, int step,
                    uint64_t from, uint64_t *id)
{
    pthread_mutex_lock(&engine->lock);
    uint32_t row = snapshot_hop(engine->fleet, filter, now, step, from, id);
    pthread_mutex_unlock(&engine->lock);
    return row;
}

bool engine_event(struct engine *engine, uint64_t id, struct event *out, uint32_t *row)
{
    pthread_mutex_lock(&engine->lock);
    const struct event *event = journal_find(fleet_journal(engine->fleet), id);
    if (event) {
        *out = *event;
        *row = snapshot_event_row(engine->fleet, event);
    }
    pthread_mutex_unlock(&engine->lock);
    return event != NULL;
}

void engine_bookmark(struct engine *engine, timestamp when, uint32_t series, uint32_t twin)
{
    pthread_mutex_lock(&engine->lock);
    fleet_bookmark(engine->fleet, when, series, twin);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

bool engine_bookmark_event(struct engine *engine, uint64_t id)
{
    pthread_mutex_lock(&engine->lock);
    bool found = fleet_bookmark_event(engine->fleet, id);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
    return found;
}

void engine_note(struct engine *engine, timestamp time, enum event_type type, const char *subject,
                 const char *text)
{
    pthread_mutex_lock(&engine->lock);
    fleet_note(engine->fleet, time, type, subject, text);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

void engine_mark_simulated(struct engine *engine, const char *twin, bool simulated)
{
    pthread_mutex_lock(&engine->lock);
    fleet_mark_simulated(engine->fleet, twin, simulated);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

void engine_limit(struct engine *engine, uint32_t series, const struct limits *limits)
{
    pthread_mutex_lock(&engine->lock);
    if (series < fleet_series_count(engine->fleet))
        fleet_limit(engine->fleet, series, limits);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

void engine_set_threshold(struct engine *engine, double threshold)
{
    pthread_mutex_lock(&engine->lock);
    fleet_set_threshold(engine->fleet, threshold);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

bool engine_acknowledge(struct engine *engine, uint32_t series)
{
    pthread_mutex_lock(&engine->lock);
    bool done =
        series < fleet_series_count(engine->fleet) && fleet_acknowledge(engine->fleet, series);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
    return done;
}

void engine_get_series(struct engine *engine, uint32_t index, struct engine_series *out)
{
    pthread_mutex_lock(&engine->lock);
    const struct series *series = fleet_series(engine->fleet, index);
    snprintf(out->twin, sizeof out->twin, "%s", series->twin->name);
    snprintf(out->name, sizeof out->name, "%s", series->name);
    out->simulated = series->twin->simulated;
    out->muted = series_hush(series, engine->now) == HUSH_MUTED;
    pthread_mutex_unlock(&engine->lock);
}

void engine_mute(struct engine *engine, uint32_t series, timestamp duration)
{
    pthread_mutex_lock(&engine->lock);
    if (series < fleet_series_count(engine->fleet))
        fleet_mute(engine->fleet, series, duration);
    pthread_mutex_unlock(&engine->lock);
    changed(engine);
}

void engine_totals(struct engine *engine, struct fleet_totals *out)
{
    pthread_mutex_lock(&engine->lock);
    *out = *fleet_totals(engine->fleet);
    pthread_mutex_unlock(&engine->lock);
}

timestamp engine_now(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    timestamp now = engine->now;
    pthread_mutex_unlock(&engine->lock);
    return now;
}

bool engine_tally(struct engine *engine, char *out, size_t size)
{
    pthread_mutex_lock(&engine->lock);
    bool several = fleet_tally(engine->fleet, out, size);
    pthread_mutex_unlock(&engine->lock);
    return several;
}

size_t engine_last_messages(struct engine *engine, uint32_t series, struct arena *arena,
                            struct message **out, size_t *kept)
{
    pthread_mutex_lock(&engine->lock);
    const struct series *wanted = fleet_series(engine->fleet, series);
    size_t count = fleet_last_messages(engine->fleet, wanted, arena, out, kept);
    pthread_mutex_unlock(&engine->lock);
    return count;
}

void engine_each_series(struct engine *engine,
                        void (*visit)(void *context, const struct series *series), void *context)
{
    pthread_mutex_lock(&engine->lock);
    for (uint32_t i = 0; i < fleet_series_count(engine->fleet); i++)
        visit(context, fleet_series(engine->fleet, i));
    pthread_mutex_unlock(&engine->lock);
}

bool engine_matches(struct engine *engine, const struct query *query, timestamp now, char *who,
                    size_t size)
{
    bool found = false;
    pthread_mutex_lock(&engine->lock);
    for (uint32_t i = 0; !found && i < fleet_series_count(engine->fleet); i++) {
        struct query_row row;
        query_row_series(&row, fleet_series(engine->fleet, i), now, query->uses);
        found = query_matches(query, &row);
        if (found && who)
            series_title(fleet_series(engine->fleet, i), who, size);
    }
    pthread_mutex_unlock(&engine->lock);
    return found;
}
