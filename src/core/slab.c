#include "core/slab.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "core/xalloc.h"

#define LINE 64
#define FINE 8 /* classes of 1 to 8 lines; then each is twice as large as the one before */
#define LARGEST ((size_t)LINE << (SLAB_CLASSES - FINE + 3))
#define FIRST_BLOCK ((size_t)256 << 10) /* a few sensors need no more */
#define HUGE_BLOCK ((size_t)2 << 20)

struct slab_block {
    struct slab_block *next;
};

/* What stands in a piece that is free. */
struct slab_piece {
    struct slab_piece *next;
};

/* Tools that watch over each piece of the heap are to see each of these. */
#if defined(__SANITIZE_ADDRESS__)
#define WATCHED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED true
#endif
#endif
#ifndef WATCHED
#define WATCHED false
#endif

bool slab_is_watched(void)
{
    return WATCHED;
}

static bool is_slabbed(const struct slab *slab, size_t size)
{
    return slab && size <= LARGEST && !WATCHED;
}

static size_t bytes_of(unsigned class)
{
    return class < FINE ? (class + 1) * (size_t)LINE : (size_t)FINE * LINE << (class - FINE + 1);
}

static unsigned class_of(size_t size)
{
    unsigned class = size > 0 ? (unsigned)((size - 1) / LINE) : 0;
    if (class >= FINE)
        for (class = FINE; bytes_of(class) < size; class ++)
            ;
    return class;
}

static void keep(struct slab *slab, void *piece, unsigned class)
{
    struct slab_piece *spare = piece;
    spare->next = slab->spare[class];
    slab->spare[class] = spare;
}

/* What is left of a block goes to those that need less. */
static void share_out(struct slab *slab)
{
    for (unsigned class = SLAB_CLASSES; class -- > 0;) {
        size_t bytes = bytes_of(class);
        for (; slab->left >= bytes; slab->at += bytes, slab->left -= bytes)
            keep(slab, slab->at, class);
    }
}

/* A piece that is too large is cut up before new memory is asked for. */
static bool cut_up(struct slab *slab, unsigned class)
{
    while (++class < SLAB_CLASSES) {
        struct slab_piece *piece = slab->spare[class];
        if (!piece)
            continue;
        slab->spare[class] = piece->next;
        share_out(slab);
        slab->at = (char *)piece;
        slab->left = bytes_of(class);
        return true;
    }
    return false;
}

static void grow(struct slab *slab)
{
    size_t size = slab->blocks ? HUGE_BLOCK : FIRST_BLOCK;
    share_out(slab);
    struct slab_block *block = xaligned(size < HUGE_BLOCK ? LINE : HUGE_BLOCK, size);
#ifdef MADV_HUGEPAGE
    if (size == HUGE_BLOCK)
        (void)madvise(block, size, MADV_HUGEPAGE); /* where that is not to be had, small ones do */
#endif
    block->next = slab->blocks;
    slab->blocks = block;
    slab->at = (char *)block + LINE;
    slab->left = size - LINE;
}

void *slab_take(struct slab *slab, size_t size)
{
    if (!is_slabbed(slab, size))
        return xmalloc(size);
    unsigned class = class_of(size);
    size_t bytes = bytes_of(class);
    struct slab_piece *spare = slab->spare[class];
    if (spare) {
        slab->spare[class] = spare->next;
        return spare;
    }
    if (bytes > slab->left && !cut_up(slab, class))
        grow(slab);
    void *piece = slab->at;
    slab->at += bytes;
    slab->left -= bytes;
    return piece;
}

void slab_give(struct slab *slab, void *piece, size_t size)
{
    if (!piece)
        return;
    if (!is_slabbed(slab, size))
        free(piece);
    else
        keep(slab, piece, class_of(size));
}

void slab_fini(struct slab *slab)
{
    while (slab->blocks) {
        struct slab_block *next = slab->blocks->next;
        free(slab->blocks);
        slab->blocks = next;
    }
    *slab = (struct slab){0};
}
