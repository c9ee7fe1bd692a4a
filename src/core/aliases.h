/* Short numbers that stand for names: announced once in a birth certificate, used from then on.
 * Bounded. Owned and used by one thread. */
#ifndef DT_CORE_ALIASES_H
#define DT_CORE_ALIASES_H

#include <stdint.h>

#define ALIASES_KEPT 65536

struct aliases;

struct aliases *aliases_new(void);
void aliases_free(struct aliases *aliases);

/* What a number means to this owner. A second meaning replaces the first; beyond ALIASES_KEPT new
 * ones are not taken. */
void aliases_set(struct aliases *aliases, const char *owner, uint64_t number, const char *name,
                 const char *unit, uint32_t type);

struct alias {
    char *owner, *name, *unit;
    uint64_t number;
    uint32_t type; /* how values are encoded: the owner's own code */
};

/* NULL: never announced. Holds until the next aliases_set(). */
const struct alias *aliases_find(const struct aliases *aliases, const char *owner, uint64_t number);

#endif
