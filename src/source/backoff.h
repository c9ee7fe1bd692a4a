/* How long to wait before the next attempt to connect: from 0.5 s after the first failure, doubling
 * up to 10 s, each spread by chance so that many clients of one broker don't come back in step.
 * Pure: the caller brings the randomness. */
#ifndef DT_SOURCE_BACKOFF_H
#define DT_SOURCE_BACKOFF_H

#include "core/random.h"
#include "core/timestamp.h"

#define BACKOFF_FIRST (TIMESTAMP_SECOND / 2)
#define BACKOFF_LAST (10 * TIMESTAMP_SECOND)
#define BACKOFF_STEADY (10 * TIMESTAMP_SECOND) /* a connection that lived longer is sound */

/* A zeroed struct is a fresh start. */
struct backoff {
    unsigned doublings;
};

/* The wait before the next attempt in µs: the step that is due and up to half as much again, by
 * chance; within BACKOFF_FIRST and BACKOFF_LAST. Moves on to the next step. */
timestamp backoff_next(struct backoff *backoff, struct random *random);

/* A connection was live for this long (µs): the broker is there, so the next wait is short, at most
 * 1.5 s. A steady one starts the waits afresh; one that broke at once does not, or a broker that
 * drops us each time would be called every half second. */
void backoff_lived(struct backoff *backoff, timestamp lived);

#endif
