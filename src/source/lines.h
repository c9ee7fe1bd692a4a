/* Lines of a file of any length, one at a time: what is longer than LINES_MAX_BYTES is skipped, not
 * kept. Reading from a pipe can be interrupted through a second descriptor. One thread at a time.
 */
#ifndef DT_SOURCE_LINES_H
#define DT_SOURCE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_MAX_BYTES ((size_t)16 << 20)

enum lines_result {
    LINES_LINE,
    LINES_TOO_LONG, /* there was a line here, but not one to keep */
    LINES_END,
    LINES_STOPPED, /* the wake descriptor became readable */
    LINES_FAILED,  /* errno says why */
};

struct lines {
    int fd, wake;
    char *buffer;
    size_t room;
    size_t start, end; /* bytes read and not yet given out */
    size_t scanned;    /* of them, from start, known to hold no line end */
    bool ended;        /* the file has no more */
    uint64_t number;   /* of the line given last, from 1 */
};

/* fd stays the caller's; wake is -1 when nothing interrupts. */
void lines_init(struct lines *lines, int fd, int wake);
void lines_fini(struct lines *lines);

/* The next line without its end (LF or CRLF), with a NUL at line[len]; good until the next call.
 * The caller may write to it. */
enum lines_result lines_next(struct lines *lines, char **line, size_t *len);

#endif
