/* Memory for pieces that come by the thousand and are each touched at every reading. They stand on
 * whole cache lines, close together, in blocks that the system may map as huge pages: with
 * thousands of series, finding out where a page is takes as long as fetching what is on it. Pieces
 * that are given back serve the next ones of their size. A zeroed struct is an empty slab. One
 * thread at a time. */
#ifndef DT_CORE_SLAB_H
#define DT_CORE_SLAB_H

#include <stdbool.h>
#include <stddef.h>

#define SLAB_CLASSES 15

struct slab_block;
struct slab_piece;

struct slab {
    struct slab_block *blocks; /* the newest first */
    char *at;                  /* the first free byte of that one, */
    size_t left;               /* and how many follow */
    struct slab_piece *spare[SLAB_CLASSES];
};

/* A piece of size bytes, not zeroed. Without a slab (NULL) it comes from the heap. */
void *slab_take(struct slab *slab, size_t size);

/* Gives back a piece of that size; NULL is none. */
void slab_give(struct slab *slab, void *piece, size_t size);

/* Does a tool watch over the heap, so that each piece is taken from there? */
bool slab_is_watched(void);

/* Frees all of it, whatever was not given back. */
void slab_fini(struct slab *slab);

#endif
