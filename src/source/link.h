/* The MQTT session on a thread of its own: connects, subscribes, decodes bursts, feeds the engine,
 * and comes back after every failure. With its session.c the only user of libmosquitto beside sim/.
 * The client lives and dies on the link thread; the functions here may be called from the main
 * thread.
 *
 * Ticks go to the engine every 250 ms while the link is live, and only then: a broker that is away
 * says nothing about its sensors. Waits between attempts are those of backoff.h; a broker that was
 * gone and listens again is noticed within half a second, however long the wait. */
#ifndef DT_SOURCE_LINK_H
#define DT_SOURCE_LINK_H

#include "core/mapping.h"
#include "engine.h"
#include "source/tls.h"

#include <stdbool.h>

/* What the broker says in our name when we vanish. */
struct will {
    char *topic; /* NULL: none */
    char *payload;
    int qos;
    bool retain;
};

struct link_options {
    char *host; /* or the path of a unix socket, then port is 0 */
    int port;
    char **topics; /* filters to subscribe */
    int topic_count;
    char **filter_out; /* messages on these are dropped */
    int filter_out_count;
    int qos;
    char *username, *password; /* NULL if none */
    char *id;                  /* NULL: dt-top-XXXXXX, random; else used as it stands */
    char *id_prefix;           /* NULL: dt-top-; six random characters follow it where id is NULL */
    bool keep_session; /* the broker keeps subscriptions and QoS 1 and 2 messages while we are away;
                          needs an id */
    struct will will;
    struct tls_options tls;
    int keepalive; /* seconds, ≥ 5: a broker that is silent for so long, pings included, is given up
                      (from 8 s on); CONNECT carries half of it, so that pings go out in time */
    int version;   /* MQTT_PROTOCOL_V311 (4) or _V5 (5) */
    uint64_t count; /* so many messages are taken in, what comes after them is dropped; 0: all */
    const struct mappings *mappings; /* NULL, or they live longer */
    const char *show;                /* the address for people */
};

struct link;

/* Starts the thread. Copies the options. Never fails but for memory: trouble is told through
 * engine_connection(). on_burst, if not NULL, runs on the link thread after each ingested burst
 * with the count of messages so far, those of filter_out not counted (batch mode's -C). Every
 * signal that a program handles stays with the other threads. */
struct link *link_start(const struct link_options *options, struct engine *engine,
                        void (*on_burst)(void *context, uint64_t messages), void *context);

/* Disconnects, ends the thread and frees the link. Waits at most 0.5 s; a thread that hangs in a
 * name look-up, or in a tap of the engine, is left behind to die with the process (false): then the
 * engine and the context of on_burst must stay. */
bool link_stop(struct link *link);

/* Publishes from any thread: copied to a bounded queue, sent by the link thread. false when there
 * is no connection or 1,000 messages are outstanding. What a lost connection leaves unsent is told
 * in the event log. */
bool link_publish(struct link *link, const char *topic, const void *payload, size_t bytes, int qos,
                  bool retain);

/* Messages to be published that never went out: refused by link_publish(), or outstanding when a
 * connection was lost. 0 for NULL. */
uint64_t link_dropped(struct link *link);

#endif
