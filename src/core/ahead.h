/* Looks ahead in a batch. What a message touches lies scattered over more memory than a processor
 * keeps at hand, and each step on the way to it (name, topic, series, window) waits for the one
 * before. So while one message is worked on, the next few take one of these steps each: when it is
 * their turn, their memory has come. This only guesses and asks; nothing changes, and a wrong guess
 * does no harm. Part of the fleet; one thread at a time. */
#ifndef DT_CORE_AHEAD_H
#define DT_CORE_AHEAD_H

#include "core/batch.h"
#include "core/registry.h"

#define AHEAD_STEPS 5

struct ahead {
    const struct registry *registry;
    const struct batch *batch;
    const struct topic *topics[AHEAD_STEPS]; /* of the messages on their way; NULL: not known */
};

/* Before the first message of a batch is worked on; both must stay where they are. */
void ahead_begin(struct ahead *ahead, const struct registry *registry, const struct batch *batch);

/* Message i is about to be worked on. */
void ahead_go(struct ahead *ahead, size_t i);

#endif
