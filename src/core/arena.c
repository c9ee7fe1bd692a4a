#include "core/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

#define FIRST_ROOM ((size_t)4096)
#define LARGEST_STEP ((size_t)256 * 1024) /* blocks double up to here, then grow by this much */

struct arena_block {
    struct arena_block *next;
    size_t room;
    max_align_t data[];
};

static struct arena_block *block_new(size_t room)
{
    struct arena_block *block = xmalloc(sizeof *block + room);
    block->next = NULL;
    block->room = room;
    return block;
}

static void use(struct arena *arena, struct arena_block *block)
{
    arena->current = block;
    arena->at = (char *)block->data;
    arena->left = block->room;
}

/* The rest of a block that is too small for the piece stays unused until the next reset. */
static void arena_grow(struct arena *arena, size_t size)
{
    size_t room = FIRST_ROOM;
    if (arena->current)
        room = arena->current->room < LARGEST_STEP / 2 ? arena->current->room * 2 : LARGEST_STEP;
    struct arena_block *block = block_new(size > room ? size : room);
    if (arena->current)
        arena->current->next = block;
    else
        arena->first = block;
    use(arena, block);
}

void *arena_alloc_slowly(struct arena *arena, size_t size)
{
    if (size == 0)
        return arena_alloc(arena, 1); /* of an arena that has nothing yet, too */
    if (size > SIZE_MAX / 2)
        return xmalloc(SIZE_MAX); /* rounding up would wrap; this says that memory ran out */
    arena_grow(arena, (size + ARENA_ALIGNMENT - 1) & ~(ARENA_ALIGNMENT - 1));
    return arena_alloc(arena, size);
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

/* A round that needed several blocks gets one as large as all of them for the next: soon every
 * piece comes from the quick path, and the memory is bounded by the largest round. */
void arena_reset(struct arena *arena)
{
    if (!arena->first)
        return;
    if (arena->first->next) {
        size_t room = 0;
        for (const struct arena_block *block = arena->first; block; block = block->next)
            room += block->room;
        arena_fini(arena);
        arena->first = block_new(room);
    }
    use(arena, arena->first);
}

void arena_fini(struct arena *arena)
{
    struct arena_block *next;
    for (struct arena_block *block = arena->first; block; block = next) {
        next = block->next;
        free(block);
    }
    arena->first = NULL;
    arena->current = NULL;
    arena->left = 0;
}
