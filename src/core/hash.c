#include "core/hash.h"

#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

#define FIRST_ROOM 64

void hash_fini(struct hash *hash)
{
    free(hash->slots);
    *hash = (struct hash){0};
}

/* One multiplication for each eight bytes: an odd constant carries every bit upwards, the shift
 * brings the upper ones back down. */
static uint64_t stir(uint64_t state, uint64_t word)
{
    state = (state ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return state ^ (state >> 32);
}

uint32_t hash_text(const char *text, uint32_t seed)
{
    return hash_bytes(text, strlen(text), seed);
}

/* The last bytes of a text, fewer than eight: an overlapping look takes two steps at most. */
static uint64_t tail_word(const char *text, size_t len)
{
    uint32_t first, last;
    if (len >= sizeof first) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + len - sizeof last, sizeof last);
        return first | (uint64_t)last << 32;
    }
    if (len == 0)
        return 0;
    const unsigned char *bytes = (const unsigned char *)text;
    return bytes[0] | (uint64_t)bytes[len / 2] << 8 | (uint64_t)bytes[len - 1] << 16;
}

uint64_t hash_more(uint64_t state, const char *text, size_t len)
{
    uint64_t word;
    state = stir(state, len);
    for (; len >= sizeof word; len -= sizeof word, text += sizeof word) {
        memcpy(&word, text, sizeof word);
        state = stir(state, word);
    }
    return stir(state, tail_word(text, len));
}

uint32_t hash_bytes(const char *text, size_t len, uint32_t seed)
{
    return (uint32_t)stir(hash_more(seed, text, len), 0);
}

void hash_prefetch(const struct hash *hash, uint32_t value)
{
    if (hash->room > 0)
        __builtin_prefetch(&hash->slots[value & (hash->room - 1)]);
}

static bool any(const void *context, uint32_t number)
{
    (void)context;
    (void)number;
    return true;
}

uint32_t hash_guess(const struct hash *hash, uint32_t value)
{
    return hash_find(hash, value, any, NULL);
}

uint32_t hash_find(const struct hash *hash, uint32_t value,
                   bool (*same)(const void *context, uint32_t number), const void *context)
{
    if (hash->room == 0)
        return HASH_NONE;
    uint32_t mask = hash->room - 1;
    for (uint32_t i = value & mask;; i = (i + 1) & mask) {
        const struct hash_slot *slot = &hash->slots[i];
        if (slot->number == HASH_NONE || (slot->hash == value && same(context, slot->number)))
            return slot->number;
    }
}

static void put(struct hash *hash, struct hash_slot slot)
{
    uint32_t mask = hash->room - 1;
    uint32_t i = slot.hash & mask;
    while (hash->slots[i].number != HASH_NONE)
        i = (i + 1) & mask;
    hash->slots[i] = slot;
}

static size_t grow(struct hash *hash)
{
    struct hash old = *hash;
    hash->room = old.room > 0 ? old.room * 2 : FIRST_ROOM;
    hash->slots = xmalloc(hash->room * sizeof *hash->slots);
    memset(hash->slots, 0xff, hash->room * sizeof *hash->slots); /* HASH_NONE everywhere */
    for (uint32_t i = 0; i < old.room; i++)
        if (old.slots[i].number != HASH_NONE)
            put(hash, old.slots[i]);
    free(old.slots);
    return (hash->room - old.room) * sizeof *hash->slots;
}

size_t hash_add(struct hash *hash, uint32_t value, uint32_t number)
{
    size_t growth = 0;
    if (hash->count + 1 > hash->room - hash->room / 4)
        growth = grow(hash);
    put(hash, (struct hash_slot){value, number});
    hash->count++;
    return growth;
}
