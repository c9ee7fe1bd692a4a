/* All sensors of the simulator and what they wait for. The sim thread's own; no lock. Times are of
 * the monotonic clock. */
#ifndef DT_SIM_POOL_H
#define DT_SIM_POOL_H

#include "core/random.h"
#include "sim/sensor.h"
#include "sim/sim.h"

struct pollfd;

struct pool {
    const struct sim_options *options;
    struct tls *tls;
    struct sensor **sensors; /* in the order of their spawning */
    struct pollfd *polls;    /* the wake fd, then the sensors in their order */
    size_t count, room;
    timestamp tick;     /* how coarsely it sleeps */
    int64_t current;    /* the tick in which the last work was done */
    unsigned connects;  /* attempts in it */
    uint64_t published; /* readings of sensors that are gone */
    timestamp spike_due;
    struct random random; /* of spikes */
};

/* options must outlive the pool; they hold no zero that stands for a default. */
void pool_init(struct pool *pool, const struct sim_options *options, struct tls *tls, int wake,
               timestamp now);

/* Sessions still open end without a word. */
void pool_fini(struct pool *pool);

void pool_spawn(struct pool *pool, enum sim_kind kind, const char *id, uint32_t number,
                timestamp now);
void pool_kill(struct pool *pool, const char *id, enum sim_end how, timestamp now);

/* "" for a random sensor that is online and not a door. */
void pool_inject(struct pool *pool, const char *id, enum fault_kind kind);

void pool_switch(struct pool *pool, bool on, timestamp now);

/* Kills all gracefully. */
void pool_dismiss(struct pool *pool, timestamp now);

/* Waits until a sensor has something to do, the wake fd fires (true) or `until` comes
 * (SENSOR_NEVER: no limit). */
bool pool_wait(struct pool *pool, timestamp now, timestamp until);

/* Lets the sensors do what is due, and forgets those that were killed and are off. */
void pool_work(struct pool *pool, timestamp now);

/* Fills in connected, published and trouble. */
void pool_report(const struct pool *pool, struct sim_status *out);

#endif
