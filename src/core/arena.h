/* A bump allocator: many small pieces with one common end of life (a batch, a snapshot). Pieces are
 * aligned for any type, stay where they are, and die together in arena_reset() or arena_fini().
 * A zeroed struct is an empty arena. One thread at a time. */
#ifndef DT_CORE_ARENA_H
#define DT_CORE_ARENA_H

#include <stddef.h>

#define ARENA_ALIGNMENT _Alignof(max_align_t)

struct arena_block;

struct arena {
    struct arena_block *first;   /* the chain, kept across resets */
    struct arena_block *current; /* where the next piece comes from: */
    char *at;                    /* its first free byte, */
    size_t left;                 /* and how many follow */
};

/* A piece from another block: for arena_alloc(), when this one is used up. */
void *arena_alloc_slowly(struct arena *arena, size_t size);

/* A piece of size bytes, not zeroed; never NULL. Here, because a JSON document has dozens of them.
 */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    size_t whole = (size + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1);
    if (whole - 1 >= arena->left) /* or nothing is asked for, or rounding up went around */
        return arena_alloc_slowly(arena, size);
    char *piece = arena->at;
    arena->at += whole;
    arena->left -= whole;
    return piece;
}

/* Copies len bytes of text and ends them with a NUL. */
char *arena_text(struct arena *arena, const char *text, size_t len);

/* Forgets every piece and keeps the memory for the next round. */
void arena_reset(struct arena *arena);
void arena_fini(struct arena *arena);

#endif
