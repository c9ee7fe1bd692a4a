/* Why a session could not be had, or ended, in words for a person: what happened and what to do.
 * Texts of a broker are sanitised here. Pure; any thread. */
#ifndef DT_SOURCE_SESSION_FAILURE_H
#define DT_SOURCE_SESSION_FAILURE_H

#include <stdbool.h>

struct link_options;

/* Ordered: of the failures at several addresses of one host, the later kind tells a person more. */
enum failure_kind {
    FAILURE_NONE,
    FAILURE_ROUTE,   /* no way to the host */
    FAILURE_TIMEOUT, /* the host does not answer at all */
    FAILURE_ABSENT,  /* nobody listens there */
    FAILURE_LOST,    /* the peer closed or reset the connection */
    FAILURE_OTHER,   /* somebody listens, and something else is wrong */
};

struct failure {
    enum failure_kind kind;
    char words[192];
};

/* Each of these leaves a failure alone that has been told already: the first cause counts. `where`
 * is the address for people, "pi4:1883" or a socket's path. */
void failure_tell(struct failure *failure, enum failure_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A system call failed with this errno; live tells whether the broker had let us in. */
void failure_from_errno(struct failure *failure, int error, const char *where, bool live);

/* Nothing came within the time for an answer: tells how far this socket got. */
void failure_no_answer(struct failure *failure, int socket, const char *where);

/* A name could not be looked up: a code of getaddrinfo(). */
void failure_from_lookup(struct failure *failure, int code, const char *host);

/* A call of libmosquitto returned this code (errno in error). */
void failure_from_library(struct failure *failure, int code, int error, const char *where,
                          bool live);

/* What TLS knows of the failure, in its own words; "" is none. */
void failure_from_tls(struct failure *failure, const char *words);

/* CONNACK with this code, in a session of MQTT version 4 (3.1.1) or 5; reason is the broker's own
 * text or NULL, id the client id. */
void failure_from_connack(struct failure *failure, int version, int code, const char *reason,
                          const char *id);

/* libmosquitto returned this code between our SUBSCRIBE and its answer. Some brokers hang up on who
 * asks for what he may not have; every other code is left alone. */
void failure_from_subscribing(struct failure *failure, int code, int error,
                              const struct link_options *options);

/* An MQTT 5 DISCONNECT from the broker. */
void failure_from_disconnect(struct failure *failure, int code, const char *id);

/* Words for a code ≥ 0x80 of MQTT 5, or 0x80 of 3.1.1, in lower case. */
const char *failure_reason(int code);

#endif
