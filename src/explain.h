/* --explain TOPIC PAYLOAD: how a message is decoded and which rule decided each part. Main thread.
 */
#ifndef DT_EXPLAIN_H
#define DT_EXPLAIN_H

#include "options.h"

/* Prints to standard output; the exit status: EXIT_FAILED for a malformed payload. */
int explain(const struct options *options);

#endif
