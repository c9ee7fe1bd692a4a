/* The wiring: starts broker, engine, source and simulator in this order, runs the screen or batch
 * mode, and stops everything in reverse. Main thread. */
#ifndef DT_APP_H
#define DT_APP_H

#include "engine.h"
#include "options.h"
#include "sim/sim.h"
#include "source/broker.h"
#include "source/link.h"
#include "source/replay.h"

enum exit_status { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_UNMET = 3 };

struct app {
    const struct options *options;
    struct engine *engine;
    struct broker *broker; /* NULL unless private */
    struct link *link;     /* one of link and replay */
    struct replay *replay;
    struct sim *sim; /* NULL until the first simulated sensor */
    unsigned spawned;
    bool link_hangs; /* its thread could not be ended */
    timestamp started;
    char host[256];            /* of the broker in use, or a socket's path */
    int port;                  /* 0 for a socket */
    char where[320];           /* the address for people */
    char *username, *password; /* NULL if none */
    struct tls_options tls;    /* as options have it, and whether it is on */
};

/* The wall clock. */
timestamp app_clock(void);

/* What the wiring wants to hear from the source, on the source's thread. */
struct app_hooks {
    void (*on_burst)(void *context, uint64_t messages); /* after each burst; may be NULL */
    void (*on_end)(void *context);                      /* the recording is through */
    void *context;
};

/* tap may be NULL. false: error says why; nothing is left running. */
bool app_start(struct app *app, const struct options *options, const struct engine_tap *tap,
               const struct app_hooks *hooks, char *error, size_t size);

/* Ends source and simulator, in this order: that our own sensors go offline now is nothing to tell.
 * What the engine knows stays to be read. */
void app_end_source(struct app *app);
void app_stop(struct app *app);

/* Simulator: starts it when needed. kind < 0: the next kind in turn. */
void app_spawn(struct app *app, int kind);
bool app_kill(struct app *app, const char *id, enum sim_end how);

/* Injects a fault of this kind, FAULT_NONE for the next one in turn, into the sensor, or any one
 * (""). NULL, or why not. */
const char *app_inject(struct app *app, const char *id, enum fault_kind kind);
void app_toggle(struct app *app);

/* The two ways to run. They return the exit status. */
int app_run_screen(const struct options *options);
int app_run_batch(const struct options *options);

#endif
