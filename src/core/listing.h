/* Lines of text to look at, whatever they were made of: each is sanitised and bounded as it comes.
 * Owned by one thread. */
#ifndef DT_CORE_LISTING_H
#define DT_CORE_LISTING_H

#include "core/arena.h"

#include <stddef.h>

#define LISTING_COLUMNS 400 /* of a line; longer ones are cut */
#define LISTING_LINES 8192  /* more are not taken */

/* A zeroed struct is an empty one. */
struct listing {
    struct arena arena;
    const char **lines;
    size_t count, room;
};

void listing_reset(struct listing *listing);
void listing_fini(struct listing *listing);

/* Adds one line of foreign text. */
void listing_add(struct listing *listing, const char *text, size_t len);
void listing_format(struct listing *listing, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds a payload as people read it: JSON with a member a line, text as its lines, anything else in
 * hexadecimal. bytes says how long it was, len how much of it is there. */
void listing_payload(struct listing *listing, const void *payload, size_t len, size_t bytes);

#endif
