/* A way past libmosquitto for what makes up nearly all that a session hears: messages of QoS 0. The
 * library (2.0) takes each packet off the socket in three or four reads; here a whole run of them
 * is looked at in the socket's buffer, told, and taken off in one piece. All else is left where it
 * is for mosquitto_loop_read(): other packets, those that are not whole yet or too large, whatever
 * is not plainly right, and the end of the connection. So the library keeps the session, its errors
 * included; QoS 0 has no part in its state. It sends pings by the time of its own last packet, in
 * and out, and hears the answers, as ever: without the messages it may ask a little more often.
 *
 * Both read one stream, so each must begin where the other has stopped: between two packets. For us
 * this is so because only whole packets are taken off. For the library it is not always so, as it
 * keeps the beginning of a packet whose rest has not come; shortcut_heard() tells. Its reader sets
 * errno to 0 before each read(2), and leaves a packet in the middle without an error only where a
 * read failed with EAGAIN or EINTR: success with errno still 0 means that the last read of all
 * succeeded and completed a packet. Anything else is taken for the middle of one, and the way stays
 * closed until a call has ended so. Before CONNACK, when it may succeed without reading, the way is
 * closed as well.
 *
 * Not for TLS, whose bytes are not on the socket, and not for a library that reads ahead (2.1).
 * Link thread alone. */
#ifndef DT_SOURCE_SHORTCUT_H
#define DT_SOURCE_SHORTCUT_H

#include "source/packet.h"

struct shortcut;

/* version: of MQTT, 4 or 5. */
struct shortcut *shortcut_new(int version);
void shortcut_free(struct shortcut *shortcut);

/* What a call of mosquitto_loop_read() came to, once the broker has let us in: did it succeed, and
 * errno, which was 0 before. */
void shortcut_heard(struct shortcut *shortcut, bool well, int error);

enum shortcut_end {
    SHORTCUT_FULL,    /* as many were taken as were wanted, or more may wait */
    SHORTCUT_DRAINED, /* nothing to be read just now, but maybe the beginning of a packet */
    SHORTCUT_CLOSED,  /* nothing was taken: it is the library's turn */
    SHORTCUT_BROKEN,  /* the socket gave bytes only to look at; errno says why. The session is over
                       */
};

/* Takes at most so many messages off the socket and hands each to tell(), with its context. *taken
 * counts them, after whatever end. */
enum shortcut_end shortcut_take(struct shortcut *shortcut, int fd, unsigned most,
                                void (*tell)(void *context, const struct packet *packet),
                                void *context, unsigned *taken);

#endif
