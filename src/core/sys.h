/* What a broker tells of itself, on the few topics below $SYS/broker that are asked for: a table of
 * fixed size, no matter what comes. Pure; the link thread fills it, copies travel. */
#ifndef DT_CORE_SYS_H
#define DT_CORE_SYS_H

#include <stdbool.h>
#include <stddef.h>

enum sys_value {
    SYS_VERSION,
    SYS_UPTIME,
    SYS_CLIENTS,
    SYS_SUBSCRIPTIONS,
    SYS_RETAINED,
    SYS_DROPPED,
    SYS_MESSAGES_IN, /* this and the next three: a minute, averaged over the last one */
    SYS_MESSAGES_OUT,
    SYS_BYTES_IN,
    SYS_BYTES_OUT,
    SYS_VALUES,
};

enum sys_state {
    SYS_UNASKED,
    SYS_ASKED,   /* subscribed, no answer yet */
    SYS_GRANTED, /* which does not say that anything will come */
    SYS_REFUSED,
    SYS_HUNG_UP, /* the broker ended the connection rather than answer: not asked again */
};

#define SYS_TEXT 64

struct sys {
    enum sys_state state;
    char text[SYS_VALUES][SYS_TEXT]; /* sanitised; "" while unknown */
};

/* The topic that tells a value. */
const char *sys_topic(enum sys_value value);

/* A message; false: none of our topics. An empty one takes its value back. */
bool sys_take(struct sys *sys, const char *topic, const void *payload, size_t bytes);

/* The number in a value, as far as it begins with one ≥ 0; -1 if it does not, or is unknown. */
double sys_number(const struct sys *sys, enum sys_value value);

#endif
