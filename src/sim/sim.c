#include "sim/sim.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <mosquitto.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/xalloc.h"
#include "sim/model.h"
#include "sim/pool.h"

#define PERIOD_DEFAULT (2 * TIMESTAMP_SECOND)
#define PERIOD_MIN (TIMESTAMP_SECOND / 1000)
#define KEEPALIVE_DEFAULT 60
#define KEEPALIVE_MIN 5                            /* the library refuses less */
#define LEAVE_PATIENCE (7 * TIMESTAMP_SECOND / 10) /* of the thread with its sensors at the end */
#define HEAR_PATIENCE (3 * TIMESTAMP_SECOND / 10)  /* of sim_stop() until the thread has heard */
#define STOP_PATIENCE (19 * TIMESTAMP_SECOND / 20) /* ... and until it has ended */
#define TAG 8

enum command_type { COMMAND_SPAWN, COMMAND_KILL, COMMAND_INJECT, COMMAND_SWITCH };

struct command {
    enum command_type type;
    char id[SIM_ID];
    enum sim_kind kind;
    uint32_t number;
    enum sim_end how;
    enum fault_kind fault;
    bool on;
};

struct commands {
    struct command *items;
    size_t count, room;
};

/* A sensor as the callers know it. */
struct member {
    char id[SIM_ID];
    enum sim_kind kind;
    enum fault_kind fault; /* injected last */
};

struct sim {
    struct sim_options options; /* constant once the thread runs */
    char *strings[5];           /* that options points to */
    struct tls *tls;            /* NULL: in the clear */
    int wake;
    pthread_t thread;

    pthread_mutex_t mutex; /* guards what follows; never held across a call to the network */
    pthread_cond_t ending; /* one of heard and ended has become true */
    bool quit, heard, ended, abandoned;
    struct commands inbox;
    struct member *members;
    size_t member_count, member_room;
    uint32_t number; /* of the sensor spawned last */
    struct sim_status status;
};

static timestamp monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (timestamp)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

static void free_sim(struct sim *sim)
{
    tls_free(sim->tls);
    tls_options_fini(&sim->options.tls);
    for (size_t i = 0; i < sizeof(sim->strings) / sizeof(sim->strings[0]); i++)
        free(sim->strings[i]);
    free(sim->inbox.items);
    free(sim->members);
    pthread_cond_destroy(&sim->ending);
    pthread_mutex_destroy(&sim->mutex);
    if (sim->wake >= 0)
        close(sim->wake);
    free(sim);
}

static void obey(struct pool *pool, const struct command *command, timestamp now)
{
    switch (command->type) {
    case COMMAND_SPAWN:
        pool_spawn(pool, command->kind, command->id, command->number, now);
        break;
    case COMMAND_KILL:
        pool_kill(pool, command->id, command->how, now);
        break;
    case COMMAND_INJECT:
        pool_inject(pool, command->id, command->fault);
        break;
    case COMMAND_SWITCH:
        pool_switch(pool, command->on, now);
        break;
    }
}

/* Takes the inbox away (spare, empty, in its place) and carries it out without the lock. Returns
 * true once sim_stop() was called. */
static bool obey_all(struct sim *sim, struct pool *pool, struct commands *spare, timestamp now)
{
    struct commands taken;
    uint64_t wakes;
    bool quit;

    /* Before the inbox is taken: a command that comes later wakes anew. */
    if (read(sim->wake, &wakes, sizeof(wakes)) < 0)
        assert(errno == EAGAIN);
    pthread_mutex_lock(&sim->mutex);
    taken = sim->inbox;
    sim->inbox = *spare;
    quit = sim->quit;
    if (quit) {
        sim->heard = true;
        pthread_cond_signal(&sim->ending);
    }
    pthread_mutex_unlock(&sim->mutex);

    for (size_t i = 0; i < taken.count; i++)
        obey(pool, &taken.items[i], now);
    taken.count = 0;
    *spare = taken;
    return quit;
}

static void report(struct sim *sim, const struct pool *pool)
{
    struct sim_status seen;

    pool_report(pool, &seen);
    pthread_mutex_lock(&sim->mutex);
    seen.running = sim->status.running;
    seen.sensors = sim->status.sensors;
    sim->status = seen;
    pthread_mutex_unlock(&sim->mutex);
}

static void leave(struct pool *pool)
{
    timestamp now = monotonic();
    timestamp deadline = now + LEAVE_PATIENCE;

    pool_dismiss(pool, now);
    while (pool->count > 0 && now < deadline) {
        pool_wait(pool, now, deadline);
        now = monotonic();
        pool_work(pool, now);
    }
}

static void *run(void *context)
{
    struct sim *sim = context;
    struct commands spare = {0};
    struct pool pool;
    timestamp now = monotonic();
    bool quit = false, abandoned;

    pool_init(&pool, &sim->options, sim->tls, sim->wake, now);
    while (!quit) {
        bool woken = pool_wait(&pool, now, SENSOR_NEVER);

        now = monotonic();
        pool_work(&pool, now);
        if (woken)
            quit = obey_all(sim, &pool, &spare, now);
        report(sim, &pool);
    }
    leave(&pool);
    pool_fini(&pool);
    free(spare.items);

    pthread_mutex_lock(&sim->mutex);
    sim->ended = true;
    abandoned = sim->abandoned;
    pthread_cond_signal(&sim->ending);
    pthread_mutex_unlock(&sim->mutex);
    if (abandoned)
        free_sim(sim);
    return NULL;
}

static const char *keep(struct sim *sim, unsigned slot, const char *text)
{
    sim->strings[slot] = text ? xstrdup(text) : NULL;
    return sim->strings[slot];
}

static void copy_options(struct sim *sim, const struct sim_options *from)
{
    struct sim_options *to = &sim->options;

    *to = *from;
    to->host = keep(sim, 0, from->host);
    to->username = keep(sim, 1, from->username);
    to->password = keep(sim, 2, from->password);
    to->place = keep(sim, 3, from->place ? from->place : "lab");
    to->tag = keep(sim, 4, from->tag ? from->tag : "");
    tls_options_copy(&to->tls, &from->tls);
    if (to->period <= 0)
        to->period = PERIOD_DEFAULT;
    if (to->period < PERIOD_MIN)
        to->period = PERIOD_MIN;
    if (to->keepalive <= 0)
        to->keepalive = KEEPALIVE_DEFAULT;
    if (to->keepalive < KEEPALIVE_MIN)
        to->keepalive = KEEPALIVE_MIN;
    if (to->version == 0)
        to->version = MQTT_PROTOCOL_V311;
}

/* Signals are for the main thread; a broken pipe becomes an error of the write. Returns an errno
 * value, 0 when it runs. */
static int start_thread(struct sim *sim)
{
    sigset_t all, before;
    int why;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    why = pthread_create(&sim->thread, NULL, run, sim);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return why;
}

struct sim *sim_start(const struct sim_options *options, char *error, size_t size)
{
    struct sim *sim = xcalloc(1, sizeof(*sim));
    pthread_condattr_t clock;
    char ignored[8];
    int why;

    mosquitto_lib_init();
    copy_options(sim, options);
    /* Whoever starts us has looked at these options: without a context no sensor connects. */
    if (sim->options.tls.on)
        sim->tls = tls_new(&sim->options.tls, sim->options.host, ignored, sizeof(ignored));
    sim->status.running = true;
    sim->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    why = sim->wake < 0 ? errno : 0;
    pthread_mutex_init(&sim->mutex, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&sim->ending, &clock);
    pthread_condattr_destroy(&clock);
    if (why == 0)
        why = start_thread(sim);
    if (why == 0)
        return sim;
    snprintf(error, size, "cannot start the simulator: %s", strerror(why));
    free_sim(sim);
    mosquitto_lib_cleanup();
    return NULL;
}

static void wake(struct sim *sim)
{
    uint64_t one = 1;

    /* Full means that the thread has been woken often enough. */
    if (write(sim->wake, &one, sizeof(one)) < 0)
        assert(errno == EAGAIN);
}

/* Waits until a flag of the mutex, which the caller holds, becomes true. */
static bool wait_for(struct sim *sim, const bool *flag, timestamp deadline)
{
    struct timespec until = {.tv_sec = deadline / TIMESTAMP_SECOND,
                             .tv_nsec = deadline % TIMESTAMP_SECOND * 1000};

    while (!*flag && pthread_cond_timedwait(&sim->ending, &sim->mutex, &until) == 0)
        ;
    return *flag;
}

void sim_stop(struct sim *sim)
{
    timestamp now = monotonic();
    bool ended;

    if (!sim)
        return;
    pthread_mutex_lock(&sim->mutex);
    sim->quit = true;
    wake(sim);
    ended = wait_for(sim, &sim->heard, now + HEAR_PATIENCE) &&
            wait_for(sim, &sim->ended, now + STOP_PATIENCE);
    sim->abandoned = !ended;
    if (!ended)
        pthread_detach(sim->thread);
    pthread_mutex_unlock(&sim->mutex);
    if (!ended)
        return;
    pthread_join(sim->thread, NULL);
    free_sim(sim);
    mosquitto_lib_cleanup();
}

/* Appends an empty command; the caller holds the lock, and wakes the thread when done. */
static struct command *post(struct sim *sim, enum command_type type)
{
    struct commands *inbox = &sim->inbox;

    if (inbox->count == inbox->room) {
        inbox->room = inbox->room ? 2 * inbox->room : 16;
        inbox->items = xrealloc(inbox->items, inbox->room * sizeof(*inbox->items));
    }
    inbox->items[inbox->count] = (struct command){.type = type};
    return &inbox->items[inbox->count++];
}

static void post_switch(struct sim *sim, bool on)
{
    post(sim, COMMAND_SWITCH)->on = on;
    sim->status.running = on;
}

/* Ids stand in topics and JSON: only letters and digits of the tag are taken. */
static void make_id(const struct sim *sim, enum sim_kind kind, char id[SIM_ID])
{
    char tag[TAG + 2] = "";
    size_t len = 0;

    for (const char *c = sim->options.tag; *c != '\0' && len <= TAG; c++) {
        if (!isalnum((unsigned char)*c))
            continue;
        if (len == 0)
            tag[len++] = '_';
        tag[len++] = *c;
    }
    snprintf(id, SIM_ID, "SIM_%s_%03u%s", model_prefix(kind), sim->number, tag);
}

void sim_spawn(struct sim *sim, enum sim_kind kind, char id[SIM_ID])
{
    struct command *command;

    pthread_mutex_lock(&sim->mutex);
    if (!sim->status.running)
        post_switch(sim, true);
    sim->number++;
    make_id(sim, kind, id);
    if (sim->member_count == sim->member_room) {
        sim->member_room = sim->member_room ? 2 * sim->member_room : 16;
        sim->members = xrealloc(sim->members, sim->member_room * sizeof(*sim->members));
    }
    sim->members[sim->member_count].kind = kind;
    memcpy(sim->members[sim->member_count++].id, id, SIM_ID);
    sim->status.sensors = (uint32_t)sim->member_count;
    command = post(sim, COMMAND_SPAWN);
    memcpy(command->id, id, SIM_ID);
    command->kind = kind;
    command->number = sim->number;
    wake(sim);
    pthread_mutex_unlock(&sim->mutex);
}

/* The caller holds the lock. */
static struct member *find(struct sim *sim, const char *id)
{
    for (size_t i = 0; i < sim->member_count; i++) {
        if (strcmp(sim->members[i].id, id) == 0)
            return &sim->members[i];
    }
    return NULL;
}

bool sim_kill(struct sim *sim, const char *id, enum sim_end how)
{
    struct member *member;

    pthread_mutex_lock(&sim->mutex);
    member = find(sim, id);
    if (member) {
        struct command *command = post(sim, COMMAND_KILL);

        memcpy(command->id, member->id, SIM_ID);
        command->how = how;
        *member = sim->members[--sim->member_count];
        sim->status.sensors = (uint32_t)sim->member_count;
        wake(sim);
    }
    pthread_mutex_unlock(&sim->mutex);
    return member != NULL;
}

/* The kind after this one that such a sensor can have. */
static enum fault_kind next_fault(enum fault_kind kind, enum sim_kind sensor)
{
    do
        kind = kind + 1 < FAULT_KINDS ? kind + 1 : FAULT_NONE + 1;
    while (sensor == SIM_DOOR && !fault_suits_switch(kind));
    return kind;
}

bool sim_inject(struct sim *sim, const char *id, enum fault_kind *kind)
{
    bool any = !id || id[0] == '\0';
    struct member *member = NULL;

    pthread_mutex_lock(&sim->mutex);
    for (size_t i = 0; i < sim->member_count && any && !member; i++)
        member = sim->members[i].kind != SIM_DOOR ? &sim->members[i] : NULL;
    if (!any)
        member = find(sim, id);
    if (member) {
        struct command *command = post(sim, COMMAND_INJECT);

        if (*kind == FAULT_NONE)
            *kind = member->fault = next_fault(member->fault, member->kind);
        snprintf(command->id, SIM_ID, "%s", any ? "" : id);
        command->fault = *kind;
        wake(sim);
    }
    pthread_mutex_unlock(&sim->mutex);
    return member != NULL;
}

bool sim_suits(struct sim *sim, const char *id, enum fault_kind kind)
{
    pthread_mutex_lock(&sim->mutex);
    const struct member *member = find(sim, id);
    bool door = member && member->kind == SIM_DOOR;
    pthread_mutex_unlock(&sim->mutex);
    return !door || kind == FAULT_NONE || fault_suits_switch(kind);
}

void sim_toggle(struct sim *sim)
{
    pthread_mutex_lock(&sim->mutex);
    post_switch(sim, !sim->status.running);
    wake(sim);
    pthread_mutex_unlock(&sim->mutex);
}

bool sim_has(struct sim *sim, const char *id)
{
    bool found;

    pthread_mutex_lock(&sim->mutex);
    found = find(sim, id) != NULL;
    pthread_mutex_unlock(&sim->mutex);
    return found;
}

void sim_get_status(struct sim *sim, struct sim_status *out)
{
    pthread_mutex_lock(&sim->mutex);
    *out = sim->status;
    pthread_mutex_unlock(&sim->mutex);
}

const char *sim_kind_name(enum sim_kind kind)
{
    return model_quantity(kind);
}
