#include "core/bits.h"

#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

void bits_fini(struct bits *bits)
{
    free(bits->words);
    *bits = (struct bits){0};
}

bool bits_has(const struct bits *bits, uint32_t number)
{
    uint32_t word = number / 64;
    return word < bits->room && (bits->words[word] >> number % 64 & 1);
}

uint32_t bits_next(const struct bits *bits, uint32_t from)
{
    uint32_t word = from / 64;
    if (word >= bits->room)
        return UINT32_MAX;
    uint64_t left = bits->words[word] >> from % 64 << from % 64;
    while (left == 0 && ++word < bits->room)
        left = bits->words[word];
    return left == 0 ? UINT32_MAX : word * 64 + (uint32_t)__builtin_ctzll(left);
}

void bits_set(struct bits *bits, uint32_t number, bool in)
{
    uint32_t word = number / 64;
    if (bits_has(bits, number) == in)
        return;
    if (word >= bits->room) {
        uint32_t room = word * 2 + 4;
        bits->words = xrealloc(bits->words, room * sizeof *bits->words);
        memset(bits->words + bits->room, 0, (room - bits->room) * sizeof *bits->words);
        bits->room = room;
    }
    bits->words[word] ^= UINT64_C(1) << number % 64;
    bits->count += in ? 1 : UINT32_MAX;
}

void bits_copy(struct bits *to, const struct bits *from)
{
    bits_fini(to);
    *to = *from;
    to->words = NULL;
    if (from->room == 0)
        return;
    to->words = xmalloc(from->room * sizeof *to->words);
    memcpy(to->words, from->words, from->room * sizeof *to->words);
}
