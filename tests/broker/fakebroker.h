/* A broker that follows a script, byte by byte, for what a real one never does. It listens on a
 * free port of the loopback and plays the script anew for each connection that sends a CONNECT; one
 * that hangs up before (somebody knocks to see whether we listen) is passed over. */
#ifndef DT_TESTS_BROKER_FAKEBROKER_H
#define DT_TESTS_BROKER_FAKEBROKER_H

#include <stddef.h>
#include <stdint.h>

enum fake_act {
    FAKE_CLOSE,           /* the end of every script; so a zeroed step ends one */
    FAKE_CONNACK,         /* code, and in MQTT 5 text as its reason string */
    FAKE_SUBACK,          /* awaits SUBSCRIBE; codes[] answer its filters in turn */
    FAKE_AWAIT_SUBSCRIBE, /* and leaves it without an answer */
    FAKE_SEND,            /* bytes as they are */
    FAKE_CUTS,  /* bytes as often as they have places to be cut in two; the second piece of each
                   goes when the client has taken the first off its socket */
    FAKE_FLOOD, /* bytes again and again until the client hangs up */
    FAKE_HOLD,  /* reads (and answers no ping) until the client hangs up */
    FAKE_DEAF,  /* reads nothing until the client hangs up or the broker is stopped */
};

struct fake_step {
    enum fake_act act;
    int code;
    const char *text;
    uint8_t codes[4];
    const void *bytes;
    size_t size;
};

/* What a client said; copied out by fake_heard(). */
struct fake_record {
    unsigned connects; /* CONNECT packets so far */
    int version;       /* of the last CONNECT: 4 or 5 */
    int keepalive;
    char id[64];
    unsigned subscribed; /* filters in the last SUBSCRIBE */
    unsigned publishes, disconnects;
};

struct fake;

/* script ends with FAKE_CLOSE and must outlive the broker. */
struct fake *fake_start(const struct fake_step *script);
int fake_port(const struct fake *fake);
void fake_heard(struct fake *fake, struct fake_record *out);
void fake_stop(struct fake *fake);

#endif
