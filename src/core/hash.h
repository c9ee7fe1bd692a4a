/* A table from text to small numbers, for names that come by the million and are never forgotten:
 * open addressing, hash and number side by side. It holds no text: whoever asks says what is equal.
 * A zeroed struct is an empty table. One thread at a time. */
#ifndef DT_CORE_HASH_H
#define DT_CORE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASH_NONE UINT32_MAX

struct hash_slot {
    uint32_t hash;
    uint32_t number; /* HASH_NONE: free */
};

struct hash {
    struct hash_slot *slots;
    uint32_t room; /* 0 or a power of two */
    uint32_t count;
};

void hash_fini(struct hash *hash);

/* The hash of a text; seed makes another one of the same text. */
uint32_t hash_text(const char *text, uint32_t seed);
uint32_t hash_bytes(const char *text, size_t len, uint32_t seed);

/* The hash of all that came so far (at first any number) and of this text behind it. */
uint64_t hash_more(uint64_t state, const char *text, size_t len);

/* Asks for the memory in which a look for this hash begins. */
void hash_prefetch(const struct hash *hash, uint32_t value);

/* The first number under this hash, most likely the one that is meant, or HASH_NONE. */
uint32_t hash_guess(const struct hash *hash, uint32_t value);

/* The number under this hash for which same() holds, or HASH_NONE. */
uint32_t hash_find(const struct hash *hash, uint32_t value,
                   bool (*same)(const void *context, uint32_t number), const void *context);

/* Adds a number that is not in the table yet. Returns by how many bytes the table grew. */
size_t hash_add(struct hash *hash, uint32_t value, uint32_t number);

#endif
