/* What the broker tests share: brokers that can be killed, frozen and restarted on the same port, a
 * publisher, and waiting for a condition with a deadline. Every helper fails the test by itself. A
 * test process that dies takes its brokers along. */
#ifndef DT_TESTS_BROKER_SUPPORT_H
#define DT_TESTS_BROKER_SUPPORT_H

#include "engine.h"
#include "source/link.h"

#include <check.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct mosquitto;

/* Look-ups of the name "hangs.invalid" so far; each takes 3 s. */
extern atomic_int hanging_lookups;

/* Seconds on the steady clock. */
double steady_seconds(void);

/* Looks every 2 ms until met(context) is true, at most for so many seconds; returns whether it came
 * true. */
bool wait_for(bool (*met)(void *context), void *context, double seconds);

/* A mosquitto on a port of the loopback. */
struct server {
    int port;
    pid_t pid;
    char directory[64];
};

/* Starts one on a free port and waits until it listens. extra: more lines of its configuration, or
 * NULL. server_stop() ends it and cleans up. */
void server_start(struct server *server, const char *extra);
void server_stop(struct server *server);

/* Ends it with this signal, waits for its end, and leaves the port closed. */
void server_end(struct server *server, int signal);

/* On the same port again. */
void server_restart(struct server *server);
void server_freeze(struct server *server);
void server_thaw(struct server *server);

/* A port of the loopback where nobody listens. */
int closed_port(void);

/* A port that takes no connection and refuses none: its queue is full, the kernel drops each SYN.
 * Close both descriptors at the end. */
struct blackhole {
    int port;
    int descriptors[8];
};

void blackhole_open(struct blackhole *hole);
void blackhole_close(struct blackhole *hole);

/* A client that publishes and waits until each message has arrived at the broker. port 0: host is
 * the path of a unix socket. */
struct publisher {
    struct mosquitto *client;
    int unconfirmed;
};

void publisher_open(struct publisher *publisher, const char *host, int port);
void publisher_open_as(struct publisher *publisher, const char *host, int port, int version);
void publisher_open_user(struct publisher *publisher, int port, const char *user,
                         const char *password);
void publish(struct publisher *publisher, const char *topic, const char *payload, bool retain);
void publish_bytes(struct publisher *publisher, const char *topic, const void *payload,
                   size_t bytes, int qos, bool retain);
/* Waits until all of QoS 1 are confirmed. */
void publisher_flush(struct publisher *publisher);
void publisher_close(struct publisher *publisher);

/* A link with an engine of its own. Change options before watch_start(). */
struct watch {
    struct link_options options;
    char *topics[4];
    char *filter_out[4];
    struct engine_tap tap; /* zeroed: none */
    struct engine *engine;
    struct link *link;
    uint64_t wanted;      /* for watch_messages() */
    const char *expected; /* for watch_reason() and watch_event() */
    enum connection_state state;
};

/* For filter "#", QoS 0, keepalive 60, MQTT 3.1.1. */
void watch_init(struct watch *watch, char *host, int port);
void watch_start(struct watch *watch);

/* Stops the link, asserting that it ends within 1 s, and frees the engine. */
void watch_stop(struct watch *watch);

/* Each asserts that it comes true in time (seconds). */
void watch_state(struct watch *watch, enum connection_state state, double seconds);
void watch_reason(struct watch *watch, const char *part, double seconds);
void watch_event(struct watch *watch, const char *part, double seconds);
void watch_messages(struct watch *watch, uint64_t at_least, double seconds);

/* How many of the last 200 events hold this text. */
unsigned count_events(struct engine *engine, const char *part);
uint64_t count_messages(struct engine *engine);

/* The part of link_suite that plays against scripted brokers (test_link_scripted.c). */
TCase *link_scripted_case(void);

#endif
