/* A set of small numbers that grows. A zeroed struct is empty. One thread at a time. */
#ifndef DT_CORE_BITS_H
#define DT_CORE_BITS_H

#include <stdbool.h>
#include <stdint.h>

struct bits {
    uint64_t *words;
    uint32_t room;  /* words */
    uint32_t count; /* numbers in it */
};

void bits_fini(struct bits *bits); /* empties it, too */
bool bits_has(const struct bits *bits, uint32_t number);
void bits_copy(struct bits *to, const struct bits *from); /* not onto itself */

/* The first number in it from this one on; UINT32_MAX: none. */
uint32_t bits_next(const struct bits *bits, uint32_t from);

void bits_set(struct bits *bits, uint32_t number, bool in);

#endif
