#include "core/xalloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*restore_terminal)(void);

void xalloc_on_failure(void (*restore)(void))
{
    restore_terminal = restore;
}

/* Nothing here may allocate, so the line is a constant and goes out by write(2). A second thread
 * that fails meanwhile waits for the first one's abort(), so that the line comes once. */
_Noreturn static void out_of_memory(void)
{
    static const char line[] = "dt-top: out of memory: watch fewer topics (-t) or keep less "
                               "history (--memory), then start again\n";
    static atomic_flag failing = ATOMIC_FLAG_INIT;

    while (atomic_flag_test_and_set(&failing))
        pause();
    if (restore_terminal)
        restore_terminal();
    if (write(STDERR_FILENO, line, sizeof line - 1) < 0) {
        /* There is nowhere left to complain. */
    }
    abort();
}

/* malloc(0) may return NULL without having failed, so every request asks for a byte at least. */
void *xmalloc(size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *xcalloc(size_t count, size_t size)
{
    void *memory = count > 0 && size > 0 ? calloc(count, size) : calloc(1, 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *xrealloc(void *old, size_t size)
{
    void *memory = realloc(old, size > 0 ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *xaligned(size_t alignment, size_t size)
{
    void *memory;
    if (posix_memalign(&memory, alignment, size) != 0)
        out_of_memory();
    return memory;
}

char *xstrdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(xmalloc(size), text, size);
}
