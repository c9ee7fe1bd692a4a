#include "source/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/text.h"
#include "core/topic.h"
#include "core/xalloc.h"
#include "source/recording.h"

#define BURST 256                          /* messages a batch, at most */
#define TICK ((timestamp)250000)           /* recorded time between two looks at the timers */
#define SILENCE_PARTS 128                  /* in a gap: a tick each 1/128 of the silence so far */
#define PROBLEMS_TOLD 50                   /* bad lines told one by one; the rest is counted */
#define LEAP (86400 * TIMESTAMP_SECOND)    /* a longer gap is not waited for */
#define WAIT_MAX (3600 * TIMESTAMP_SECOND) /* at one go, so that poll()'s int is enough */

struct filters {
    char **list;
    int count;
};

struct replay {
    struct engine *engine;
    void (*on_burst)(void *context, uint64_t messages);
    void (*on_end)(void *context);
    void *context;
    double speed;
    struct filters topics, filter_out;
    uint64_t count;
    struct recording *recording;
    int wake[2];
    pthread_t thread;
    atomic_bool stopping;
    atomic_bool failed; /* nothing was understood, or the file broke off */

    /* The thread's own from here on. */
    struct decoder *decoder;
    struct batch batch;
    struct connection connection;
    timestamp clock;     /* of the last message, never falling; TIMESTAMP_NONE before the first */
    timestamp ticked;    /* of the last tick */
    timestamp first;     /* recorded time of the first message ... */
    timestamp wall;      /* ... and when it was played, monotonic */
    bool leaping;        /* over a gap that is not waited for */
    bool broken;         /* the file cannot be read on */
    uint64_t messages;   /* ingested */
    uint64_t lines, bad; /* of the file */
    char first_problem[224];
};

static struct filters copy_filters(char **list, int count)
{
    struct filters filters = {.list = xcalloc((size_t)count + 1, sizeof(char *)), .count = count};
    for (int i = 0; i < count; i++)
        filters.list[i] = xstrdup(list[i]);
    return filters;
}

static void free_filters(struct filters *filters)
{
    for (int i = 0; i < filters->count; i++)
        free(filters->list[i]);
    free(filters->list);
}

static bool any_matches(const struct filters *filters, const char *topic)
{
    for (int i = 0; i < filters->count; i++) {
        if (topic_passes(filters->list[i], topic))
            return true;
    }
    return false;
}

static bool is_wanted(const struct replay *replay, const char *topic)
{
    return (replay->topics.count == 0 || any_matches(&replay->topics, topic)) &&
           !any_matches(&replay->filter_out, topic);
}

static timestamp wall_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (timestamp)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

static bool is_stopping(const struct replay *replay)
{
    return atomic_load_explicit(&replay->stopping, memory_order_relaxed);
}

static void flush(struct replay *replay)
{
    if (replay->batch.message_count == 0)
        return;
    engine_ingest(replay->engine, &replay->batch);
    replay->messages += replay->batch.message_count;
    batch_reset(&replay->batch);
    if (replay->on_burst != NULL)
        replay->on_burst(replay->context, replay->messages);
}

/* Waits until the recorded moment is due. false: stopped. */
static bool wait_until(struct replay *replay, timestamp when)
{
    if (replay->speed <= 0)
        return !is_stopping(replay);
    for (;;) {
        double passed = (double)(when - replay->first) / replay->speed;
        double left = passed - (double)(wall_clock() - replay->wall);
        if (is_stopping(replay))
            return false;
        if (left <= 0)
            return true;
        struct pollfd wake = {.fd = replay->wake[0], .events = POLLIN};
        poll(&wake, 1, (int)(ceil(fmin(left, WAIT_MAX) / 1000)));
    }
}

/* How long the next tick may wait. Timers wait for a multiple of a sensor's period, so in a long
 * silence ever longer steps keep the same relative accuracy: a year takes some 2,000 ticks. Played
 * in real time the screen's clock is to move at least four times a second. */
static timestamp tick_step(const struct replay *replay)
{
    timestamp step = (replay->ticked - replay->clock) / SILENCE_PARTS;
    if (step < TICK)
        step = TICK;
    double real = replay->speed * (double)TICK;
    return replay->speed > 0 && !replay->leaping && real < (double)step ? (timestamp)ceil(real)
                                                                        : step;
}

/* Runs the timers of the recorded time up to `when`, short of it: a reading that comes on the very
 * moment of a deadline has kept it. false: stopped. */
static bool run_timers(struct replay *replay, timestamp when)
{
    for (;;) {
        timestamp step = tick_step(replay);
        if (when - replay->ticked <= (step < TICK ? step : TICK))
            return true;
        timestamp next = replay->ticked + step < when ? replay->ticked + step : when - 1;
        if (!wait_until(replay, next))
            return false;
        flush(replay);
        engine_tick(replay->engine, next);
        replay->ticked = next;
    }
}

static void announce(struct replay *replay)
{
    char text[sizeof(replay->connection.where) + 16];
    snprintf(text, sizeof(text), "replaying %s", replay->connection.where);
    replay->connection.state = CONNECTION_REPLAYING;
    replay->connection.since = replay->clock;
    engine_connection(replay->engine, &replay->connection, replay->clock, text);
}

/* A clock that was set, or days of silence: nobody wants to sit through them. What comes after is
 * played as if it came at once; the timers see the whole gap. */
static bool leap(struct replay *replay, timestamp when)
{
    char text[64];
    snprintf(text, sizeof(text), "%.1f days without a message, not waited for",
             (double)(when - replay->clock) / (double)LEAP);
    flush(replay);
    replay->first = when;
    replay->wall = wall_clock();
    replay->leaping = true;
    bool going = run_timers(replay, when);
    replay->leaping = false;
    replay->wall = wall_clock();
    engine_note(replay->engine, when, EVENT_NOTE, replay->connection.where, text);
    return going;
}

/* Moves the clock to an entry's time; without one it stands still. */
static bool advance(struct replay *replay, timestamp when)
{
    if (replay->clock == TIMESTAMP_NONE) {
        replay->clock = when != TIMESTAMP_NONE ? when : recording_written(replay->recording);
        replay->first = replay->ticked = replay->clock;
        replay->wall = wall_clock();
        announce(replay);
        return true;
    }
    if (when < replay->clock) /* TIMESTAMP_NONE too */
        when = replay->clock;
    if (replay->speed > 0 && when - replay->clock > LEAP && !leap(replay, when))
        return false;
    if (!run_timers(replay, when) || !wait_until(replay, when))
        return false;
    replay->clock = when;
    return true;
}

static void tell_problem(struct replay *replay, const struct recording_entry *entry)
{
    char text[sizeof(replay->first_problem)];
    snprintf(text, sizeof(text), "line %" PRIu64 ": %s", entry->line, entry->problem);
    if (replay->bad++ == 0)
        memcpy(replay->first_problem, text, sizeof(text));
    timestamp now =
        replay->clock != TIMESTAMP_NONE ? replay->clock : recording_written(replay->recording);
    if (replay->bad <= PROBLEMS_TOLD)
        engine_note(replay->engine, now, EVENT_NOTE, replay->connection.where, text);
}

/* Takes a message in; false when the replay is to end here. */
static bool take_message(struct replay *replay, struct recording_entry *entry)
{
    if (!is_wanted(replay, entry->message.topic))
        return true;
    if (!advance(replay, entry->message.arrival))
        return false;
    entry->message.arrival = replay->clock;
    recording_decode(replay->recording, entry, replay->decoder, &replay->batch);
    uint64_t so_far = replay->messages + replay->batch.message_count;
    if (replay->batch.message_count == BURST || replay->speed > 0)
        flush(replay);
    return replay->count == 0 || so_far < replay->count;
}

/* false when there is nothing more to play. */
static bool take_entry(struct replay *replay, struct recording_entry *entry)
{
    enum recording_result result = recording_next(replay->recording, entry);
    replay->lines += result <= RECORDING_BAD;
    switch (result) {
    case RECORDING_MESSAGE:
        return take_message(replay, entry);
    case RECORDING_CLOCK:
        return !is_wanted(replay, entry->message.topic) || advance(replay, entry->message.arrival);
    case RECORDING_BAD:
        tell_problem(replay, entry);
        return !is_stopping(replay);
    case RECORDING_FAILED:
        tell_problem(replay, entry);
        replay->broken = true;
        snprintf(replay->first_problem, sizeof(replay->first_problem), "line %" PRIu64 ": %s",
                 entry->line, entry->problem);
        return false;
    case RECORDING_END:
    case RECORDING_STOPPED:
        break;
    }
    return false;
}

static void conclude(struct replay *replay)
{
    struct connection *connection = &replay->connection;
    char text[sizeof(connection->reason)];
    if (replay->clock == TIMESTAMP_NONE)
        replay->clock = recording_written(replay->recording);
    connection->state = CONNECTION_ENDED;
    connection->since = replay->clock;
    if (replay->broken)
        snprintf(connection->reason, sizeof(connection->reason), "%.180s", replay->first_problem);
    else if (replay->bad > 0)
        snprintf(connection->reason, sizeof(connection->reason),
                 "%" PRIu64 " of %" PRIu64 " lines were not understood; first %.120s", replay->bad,
                 replay->lines, replay->first_problem);
    else if (replay->messages == 0)
        snprintf(connection->reason, sizeof(connection->reason), "no message in it%s",
                 replay->topics.count > 0 || replay->filter_out.count > 0
                     ? " passes the topic filters"
                     : "");
    atomic_store(&replay->failed,
                 replay->broken || (replay->bad > 0 && replay->bad == replay->lines));
    snprintf(text, sizeof(text), "replay ended: %" PRIu64 " messages", replay->messages);
    engine_connection(replay->engine, connection, replay->clock, text);
    if (engine_tally(replay->engine, text, sizeof(text)))
        engine_note(replay->engine, replay->clock, EVENT_NOTE, "anomalies by detector", text);
}

static void *play(void *context)
{
    struct replay *replay = context;
    struct recording_entry entry;
    while (take_entry(replay, &entry))
        ;
    flush(replay);
    if (is_stopping(replay))
        return NULL;
    conclude(replay);
    if (replay->on_end != NULL)
        replay->on_end(replay->context);
    return NULL;
}

static void join_filters(const struct filters *filters, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < filters->count && used < size; i++)
        used +=
            (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? " " : "", filters->list[i]);
}

static void replay_free(struct replay *replay)
{
    recording_close(replay->recording);
    decoder_free(replay->decoder);
    batch_fini(&replay->batch);
    free_filters(&replay->topics);
    free_filters(&replay->filter_out);
    for (int i = 0; i < 2; i++) {
        if (replay->wake[i] >= 0)
            close(replay->wake[i]);
    }
    free(replay);
}

/* false: no descriptors left. */
static bool open_wake(int wake[2])
{
    if (pipe(wake) != 0) {
        wake[0] = wake[1] = -1;
        return false;
    }
    for (int i = 0; i < 2; i++)
        fcntl(wake[i], F_SETFD, FD_CLOEXEC);
    return true;
}

struct replay *replay_start(const struct replay_options *options, struct engine *engine,
                            void (*on_burst)(void *context, uint64_t messages),
                            void (*on_end)(void *context), void *context, char *error, size_t size)
{
    struct replay *replay = xcalloc(1, sizeof(*replay));
    replay->engine = engine;
    replay->on_burst = on_burst;
    replay->on_end = on_end;
    replay->context = context;
    replay->speed = options->speed;
    replay->count = options->count;
    replay->topics = copy_filters(options->topics, options->topic_count);
    replay->filter_out = copy_filters(options->filter_out, options->filter_out_count);
    replay->clock = TIMESTAMP_NONE;
    replay->decoder = decoder_new(options->mappings);
    int failed = 0;
    if (!open_wake(replay->wake)) {
        snprintf(error, size, "cannot start the replay: %s", strerror(errno));
        goto fail;
    }
    replay->recording = recording_open(options->path, replay->wake[0], error, size);
    if (replay->recording == NULL)
        goto fail;
    const char *name = recording_name(replay->recording);
    text_sanitise(replay->connection.where, sizeof(replay->connection.where), name, strlen(name),
                  TEXT_NAME_COLUMNS);
    join_filters(&replay->topics, replay->connection.filter, sizeof(replay->connection.filter));
    failed = pthread_create(&replay->thread, NULL, play, replay);
    if (failed == 0)
        return replay;
    snprintf(error, size, "cannot start the replay: %s", strerror(failed));
fail:
    replay_free(replay);
    return NULL;
}

bool replay_failed(const struct replay *replay)
{
    return atomic_load(&replay->failed);
}

void replay_stop(struct replay *replay)
{
    if (replay == NULL)
        return;
    atomic_store(&replay->stopping, true);
    ssize_t woken;
    do {
        woken = write(replay->wake[1], "", 1);
    } while (woken < 0 && errno == EINTR);
    pthread_join(replay->thread, NULL);
    replay_free(replay);
}
