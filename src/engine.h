/* The one monitor between threads: a fleet, its mutex, its clock. Sources bring batches, the screen
 * takes snapshots, nobody else touches the fleet. Any thread may call any function; no lock is held
 * across I/O, and none inside another. */
#ifndef DT_ENGINE_H
#define DT_ENGINE_H

#include "core/snapshot.h"
#include "core/sys.h"
#include "core/text.h"

struct engine;

/* Whoever wants to know everything that happens (batch output, the recorder). on_outcomes runs on
 * the thread that ingested or ticked, after the lock was released. */
struct engine_tap {
    void (*on_outcomes)(void *context, const struct outcomes *outcomes);
    void *context;
    bool readings; /* whether readings are wanted, or only what is rarer */
    /* Likewise, once a second of its time, or when a tick has changed something; may be NULL. */
    void (*on_tick)(void *context, timestamp now);
};

enum connection_state {
    CONNECTION_NONE, /* no source yet */
    CONNECTION_TRYING,
    CONNECTION_LIVE,
    CONNECTION_WAITING, /* between attempts; next_try says until when */
    CONNECTION_REPLAYING,
    CONNECTION_ENDED, /* the replay is over, or the source gave up for good */
};

struct connection {
    enum connection_state state;
    timestamp since;
    timestamp next_try; /* WAITING */
    unsigned attempts;  /* failed ones since the last success */
    bool insecure;      /* TLS does not check the name in the broker's certificate */
    char where[128];    /* "mqtt://pi4:1883", a file name */
    char filter[128];   /* the subscriptions, joined with blanks */
    char hint[384];     /* live, but nothing comes: what to try; "" if messages came */
    char reason[192];   /* why it is not live, and what to do; "" when it is */
    char granted[512];  /* a line for each filter, as the broker took it: "plant/#  QoS 1" */
    struct sys sys;     /* what the broker says of itself, if it was asked */
};

struct engine *engine_new(const struct fleet_options *options, const struct engine_tap *tap);
void engine_free(struct engine *engine);

/* Source thread. Ticks and batches must come from one thread at a time. */
void engine_ingest(struct engine *engine, const struct batch *batch);
void engine_tick(struct engine *engine, timestamp now);

/* Source thread: the connection changed. Logged as an event when text is not NULL. */
void engine_connection(struct engine *engine, const struct connection *connection, timestamp now,
                       const char *text);

/* Source thread, still connected: from gone until now nothing could be heard, because this machine
 * slept, or none of that time was, because its clock was set ahead. Logged. */
void engine_skip(struct engine *engine, timestamp gone, timestamp now);

/* Any thread: nothing is taken in from now on. What is being ingested is told whole. Lock-free. */
void engine_close(struct engine *engine);

/* Any thread. */
void engine_get_connection(struct engine *engine, struct connection *out);

/* Somebody looks at the broker: from now on its $SYS topics are worth a subscription. Lock-free. */
void engine_want_sys(struct engine *engine);
bool engine_wants_sys(const struct engine *engine);

/* Main thread. */
void engine_snapshot(struct engine *engine, const struct snapshot_request *request,
                     struct snapshot *out);
uint32_t engine_hop(struct engine *engine, const struct query *filter, timestamp now, int step,
                    uint64_t from, uint64_t *id); /* snapshot_hop() */
/* The event of this id; *row is what snapshot_event_row() says. false: it has left the log. */
bool engine_event(struct engine *engine, uint64_t id, struct event *out, uint32_t *row);
void engine_bookmark(struct engine *engine, timestamp when, uint32_t series, uint32_t twin);
bool engine_bookmark_event(struct engine *engine, uint64_t id);
void engine_note(struct engine *engine, timestamp time, enum event_type type, const char *subject,
                 const char *text);
void engine_mark_simulated(struct engine *engine, const char *twin, bool simulated);
void engine_totals(struct engine *engine, struct fleet_totals *out);

/* What a person does about a series (fleet.h): limits, "I have seen it", "not now". */
void engine_limit(struct engine *engine, uint32_t series, const struct limits *limits);
bool engine_acknowledge(struct engine *engine, uint32_t series);
void engine_set_threshold(struct engine *engine, double threshold);

/* A series as questions about it name it. */
struct engine_series {
    char twin[TEXT_NAME_BYTES], name[TEXT_NAME_BYTES];
    bool simulated, muted;
};
void engine_get_series(struct engine *engine, uint32_t series, struct engine_series *out);
void engine_mute(struct engine *engine, uint32_t series, timestamp duration);

/* The latest time that a batch or a tick brought: the clock of a replay. */
timestamp engine_now(struct engine *engine);

/* Does any series match? who, NULL or of size bytes, gets the name of the first. */
bool engine_matches(struct engine *engine, const struct query *query, timestamp now, char *who,
                    size_t size);

/* Grows whenever something changed that a screen could show. Lock-free. */
uint64_t engine_generation(const struct engine *engine);

/* fleet_tally(). */
bool engine_tally(struct engine *engine, char *out, size_t size);

/* As fleet_last_messages(), for a series by its index. */
size_t engine_last_messages(struct engine *engine, uint32_t series, struct arena *arena,
                            struct message **out, size_t *kept);

/* Calls visit for each series, under the lock: for summaries after the sources have ended. */
void engine_each_series(struct engine *engine,
                        void (*visit)(void *context, const struct series *series), void *context);

#endif
