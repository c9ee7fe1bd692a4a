/* Allocation that cannot fail: when memory runs out the program ends, with the terminal restored
 * and a line on stderr. Any thread. What these return is released with free(). */
#ifndef DT_CORE_XALLOC_H
#define DT_CORE_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
void *xaligned(size_t alignment, size_t size); /* a power of two; at least a pointer's size */

/* Called once, without memory to spare, before the program aborts: the terminal registers here what
 * restores it. NULL for none. Main thread, before others start. */
void xalloc_on_failure(void (*restore)(void));

#endif
