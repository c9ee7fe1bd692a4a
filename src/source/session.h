/* One MQTT session: one client of libmosquitto from birth to death, on one connection. It never
 * reconnects; a new attempt is a new session. Link thread alone, from open to free. */
#ifndef DT_SOURCE_SESSION_H
#define DT_SOURCE_SESSION_H

#include "core/payload.h"
#include "source/link.h"
#include "source/moment.h"
#include "source/outbox.h"
#include "source/session_failure.h"

#define SESSION_BURST 256                     /* packets read before the batch goes on */
#define SESSION_ANSWER (5 * TIMESTAMP_SECOND) /* to the CONNECT */
#define SESSION_PACKET_MAX (1024 * 1024)      /* bytes; MQTT 5: the broker keeps larger ones */
#define SESSION_MISC (TIMESTAMP_SECOND / 4)   /* pings and waits are looked after this often */

/* What the sessions of one link share. All of it belongs to the link. */
struct session_setup {
    const struct link_options *options;
    const char *id;          /* client id */
    const char *where;       /* host:port for people */
    struct tls *tls;         /* NULL: in the clear */
    struct decoder *decoder; /* keeps its hints from session to session */
    struct batch *batch;     /* messages are decoded into it as they arrive */
    struct outbox *outbox;   /* told of what has gone */
    uint64_t *messages;      /* counts those that were not filtered out */
    uint32_t *sessions;      /* that subscribed so far, this one included */
    struct connection *told; /* granted and sys are written by the session */
    bool *news;              /* set when they were */
};

struct session;

/* Begins to connect to a numeric address or a socket's path, without waiting. NULL: failure says
 * why. */
struct session *session_open(const struct session_setup *setup, const char *address,
                             struct failure *failure);
void session_free(struct session *session);

/* Waits for the broker or the wake descriptor, at most timeout ms, then does all that is due and
 * reads one burst at most. now is read once, after the wait: it is the burst's arrival time.
 * Returns whether wake is readable. */
bool session_turn(struct session *session, int wake, int timeout, struct moment *now);

/* Messages flow, or could: the broker let us in and took a subscription. Also true of a session
 * that was live and failed in the same turn. */
bool session_live(const struct session *session, const struct moment *now);

/* The broker has answered the subscription: with a yes, a no, or messages. */
bool session_answered(const struct session *session);

/* NULL while all is well. */
const struct failure *session_failed(const struct session *session);

/* Something to tell that ended nothing, such as a filter that was refused; NULL if there is none.
 * Good until the next turn. */
const char *session_notice(struct session *session);

/* Asks what the broker says of itself, with QoS 0. Its refusal ends nothing. */
void session_ask_sys(struct session *session);

/* Sends a message; what cannot be sent becomes a notice. */
void session_publish(struct session *session, const struct outgoing *message);

/* Sends what is queued, for at most 0.3 s, then DISCONNECT. */
void session_finish(struct session *session);

#endif
