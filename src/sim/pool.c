#include "sim/pool.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

/* What falls due within one tick is done in one wake-up: polling many sockets costs more than all
 * that the sensors do. Readings that come fast get shorter ticks. */
#define TICK_MAX (TIMESTAMP_SECOND / 20)
#define TICK_MIN (TIMESTAMP_SECOND / 200)
#define TICKS_A_PERIOD 10
#define CONNECTS_A_TICK 16 /* so that many sensors do not stampede */
#define FIRST_SPIKE_WITHIN (15 * TIMESTAMP_SECOND)
#define SPIKE_GAP TIMESTAMP_SECOND /* at least */
#define LEARNED 12                 /* readings after which a detector can tell a spike */
#define LONGEST_POLL (3600 * TIMESTAMP_SECOND)

/* Independent events with this mean gap between them: how long until the next. */
static timestamp random_gap(struct random *random, timestamp mean)
{
    return (timestamp)(-log(1.0 - random_uniform(random)) * (double)mean);
}

static void make_room(struct pool *pool, size_t room)
{
    pool->room = room;
    pool->sensors = xrealloc(pool->sensors, room * sizeof(struct sensor *));
    pool->polls = xrealloc(pool->polls, (room + 1) * sizeof(*pool->polls));
}

void pool_init(struct pool *pool, const struct sim_options *options, struct tls *tls, int wake,
               timestamp now)
{
    memset(pool, 0, sizeof(*pool));
    pool->options = options;
    pool->tls = tls;
    make_room(pool, 16);
    pool->polls[0] = (struct pollfd){.fd = wake, .events = POLLIN};
    random_init(&pool->random, options->seed);
    pool->tick = options->period / TICKS_A_PERIOD;
    if (pool->tick > TICK_MAX)
        pool->tick = TICK_MAX;
    if (pool->tick < TICK_MIN)
        pool->tick = TICK_MIN;
    pool->spike_due = SENSOR_NEVER;
    if (options->spike_every > 0) {
        timestamp first = random_gap(&pool->random, options->spike_every);

        pool->spike_due = now + (first < FIRST_SPIKE_WITHIN ? first : FIRST_SPIKE_WITHIN);
    }
}

void pool_fini(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        sensor_free(pool->sensors[i]);
    free(pool->sensors);
    free(pool->polls);
}

void pool_spawn(struct pool *pool, enum sim_kind kind, const char *id, uint32_t number,
                timestamp now)
{
    struct sensor *sensor = sensor_new(pool->options, pool->tls, kind, id, number);

    if (pool->count == pool->room)
        make_room(pool, 2 * pool->room);
    pool->sensors[pool->count++] = sensor;
    sensor_switch(sensor, true, now);
}

/* Drops the sensors that were killed and are off. */
static void bury(struct pool *pool)
{
    size_t kept = 0;

    for (size_t i = 0; i < pool->count; i++) {
        struct sensor *sensor = pool->sensors[i];

        if (!sensor->doomed || sensor->state != SENSOR_OFF) {
            pool->sensors[kept++] = sensor;
            continue;
        }
        pool->published += sensor->readings;
        sensor_free(sensor);
    }
    pool->count = kept;
}

static struct sensor *find(struct pool *pool, const char *id)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (strcmp(pool->sensors[i]->id, id) == 0)
            return pool->sensors[i];
    }
    return NULL;
}

void pool_kill(struct pool *pool, const char *id, enum sim_end how, timestamp now)
{
    struct sensor *sensor = find(pool, id);

    if (!sensor)
        return;
    sensor->doomed = true;
    if (how == SIM_END_CRASH)
        sensor_crash(sensor);
    else
        sensor_switch(sensor, false, now);
    bury(pool);
}

/* A random sensor that is online, no door, and has sent at least so many readings; NULL if none. */
static struct sensor *any_sensor(struct pool *pool, uint64_t readings)
{
    struct sensor *chosen = NULL;
    unsigned candidates = 0;

    for (size_t i = 0; i < pool->count; i++) {
        struct sensor *sensor = pool->sensors[i];

        if (sensor->state != SENSOR_ONLINE || sensor->kind == SIM_DOOR ||
            sensor->readings < readings)
            continue;
        if (random_uniform(&pool->random) * ++candidates < 1.0)
            chosen = sensor;
    }
    return chosen;
}

void pool_inject(struct pool *pool, const char *id, enum fault_kind kind)
{
    struct sensor *sensor = id[0] == '\0' ? any_sensor(pool, 0) : find(pool, id);

    if (sensor)
        sensor->inject = kind;
}

void pool_switch(struct pool *pool, bool on, timestamp now)
{
    for (size_t i = 0; i < pool->count; i++) {
        if (!pool->sensors[i]->doomed)
            sensor_switch(pool->sensors[i], on, now);
    }
}

void pool_dismiss(struct pool *pool, timestamp now)
{
    pool_switch(pool, false, now);
    for (size_t i = 0; i < pool->count; i++)
        pool->sensors[i]->doomed = true;
    bury(pool);
}

/* Tells poll() of the sensors. Returns when the first of them, or the pool, has something to do. */
static timestamp line_up(struct pool *pool)
{
    timestamp due = pool->spike_due;

    for (size_t i = 0; i < pool->count; i++) {
        const struct sensor *sensor = pool->sensors[i];

        if (sensor->due < due)
            due = sensor->due;
        pool->polls[i + 1] = (struct pollfd){.fd = sensor->fd, .events = sensor->events};
    }
    return due;
}

bool pool_wait(struct pool *pool, timestamp now, timestamp until)
{
    timestamp due = line_up(pool);

    if (due > until)
        due = until;
    if (due < now)
        due = now;
    if (due - now > LONGEST_POLL)
        due = now + LONGEST_POLL;
    due = (due / pool->tick + 1) * pool->tick;
    if (poll(pool->polls, pool->count + 1, (int)((due - now + 999) / 1000)) <= 0) {
        for (size_t i = 0; i <= pool->count; i++)
            pool->polls[i].revents = 0;
    }
    return pool->polls[0].revents != 0;
}

static void spike_now_and_then(struct pool *pool, timestamp now)
{
    struct sensor *sensor;

    if (now < pool->spike_due)
        return;
    pool->spike_due = now + SPIKE_GAP;
    sensor = any_sensor(pool, LEARNED);
    if (sensor) {
        sensor->inject = FAULT_SPIKE;
        pool->spike_due += random_gap(&pool->random, pool->options->spike_every);
    }
}

void pool_work(struct pool *pool, timestamp now)
{
    if (now / pool->tick != pool->current) {
        pool->current = now / pool->tick;
        pool->connects = 0;
    }
    for (size_t i = 0; i < pool->count; i++) {
        struct sensor *sensor = pool->sensors[i];
        short revents = pool->polls[i + 1].revents;
        bool connects = sensor->state == SENSOR_WAITING;

        if (revents == 0 && sensor->due > now)
            continue;
        if (connects && ++pool->connects > CONNECTS_A_TICK)
            continue;
        sensor_work(sensor, revents, now);
        /* It failed at once, perhaps after a long look-up of a name: the others would, too. */
        if (connects && sensor->state == SENSOR_WAITING)
            pool->connects = CONNECTS_A_TICK;
    }
    bury(pool);
    spike_now_and_then(pool, now);
}

void pool_report(const struct pool *pool, struct sim_status *out)
{
    out->connected = 0;
    out->published = pool->published;
    out->trouble[0] = '\0';
    for (size_t i = 0; i < pool->count; i++) {
        const struct sensor *sensor = pool->sensors[i];

        out->connected += sensor->state == SENSOR_ONLINE;
        out->published += sensor->readings;
        if (out->trouble[0] == '\0')
            snprintf(out->trouble, sizeof(out->trouble), "%s", sensor->trouble);
    }
}
