/* Messages on their way out: put in by any thread, taken by the link thread, counted until they
 * have gone. At most OUTBOX_MAX are outstanding, because libmosquitto's own queue knows no bound.
 */
#ifndef DT_SOURCE_OUTBOX_H
#define DT_SOURCE_OUTBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTBOX_MAX 1000

/* One message; topic and payload follow it in the same piece of memory. Released with free(). */
struct outgoing {
    struct outgoing *next;
    size_t bytes;
    int qos;
    bool retain;
    const char *topic;
    const void *payload;
};

struct outbox {
    pthread_mutex_t mutex;
    struct outgoing *first, *last; /* not yet taken */
    unsigned outstanding;          /* these and those taken but not yet gone */
    uint64_t lost;                 /* refused, or outstanding when a connection ended */
    bool open;                     /* there is a connection */
};

void outbox_init(struct outbox *outbox);
void outbox_fini(struct outbox *outbox);

/* Copies a message in. false: no connection, or too many outstanding; then it counts as lost. */
bool outbox_put(struct outbox *outbox, const char *topic, const void *payload, size_t bytes,
                int qos, bool retain);

/* Link thread: takes all that wait, oldest first; the caller frees each. */
struct outgoing *outbox_take(struct outbox *outbox);

/* Link thread: one of those taken has gone. */
void outbox_gone(struct outbox *outbox);

/* Link thread: the connection came or went. Closing forgets what is outstanding and returns how
 * many messages that were. */
void outbox_open(struct outbox *outbox);
unsigned outbox_close(struct outbox *outbox);

uint64_t outbox_lost(struct outbox *outbox);

#endif
