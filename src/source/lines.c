#include "source/lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/xalloc.h"

#define LINES_FIRST_ROOM ((size_t)256 << 10)

void lines_init(struct lines *lines, int fd, int wake)
{
    *lines = (struct lines){
        .fd = fd, .wake = wake, .buffer = xmalloc(LINES_FIRST_ROOM), .room = LINES_FIRST_ROOM};
}

void lines_fini(struct lines *lines)
{
    free(lines->buffer);
    *lines = (struct lines){.fd = -1, .wake = -1};
}

/* Makes room behind end for more bytes and a NUL: moves what is left to the front, or grows. */
static void make_room(struct lines *lines)
{
    if (lines->start > 0) {
        memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    if (lines->room - lines->end < lines->room / 2) {
        lines->room *= 2;
        lines->buffer = xrealloc(lines->buffer, lines->room);
    }
}

/* LINES_LINE when bytes came or the file ended. */
static enum lines_result read_more(struct lines *lines)
{
    struct pollfd fds[] = {{.fd = lines->fd, .events = POLLIN},
                           {.fd = lines->wake, .events = POLLIN}};
    make_room(lines);
    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return LINES_FAILED;
        if (fds[1].revents != 0)
            return LINES_STOPPED;
        if (fds[0].revents == 0)
            continue;
        ssize_t got = read(lines->fd, lines->buffer + lines->end, lines->room - lines->end - 1);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return LINES_FAILED;
        lines->ended = got == 0;
        lines->end += (size_t)got;
        return LINES_LINE;
    }
}

/* Gives out buffer[start .. start + len), whose end takes `skip` bytes in the file. */
static void give(struct lines *lines, size_t len, size_t skip, char **line, size_t *out_len)
{
    *line = lines->buffer + lines->start;
    lines->start += len + skip;
    lines->scanned = 0;
    if (len > 0 && (*line)[len - 1] == '\r')
        len--;
    (*line)[len] = '\0';
    *out_len = len;
}

enum lines_result lines_next(struct lines *lines, char **line, size_t *len)
{
    bool too_long = false;
    lines->number++;
    for (;;) {
        size_t have = lines->end - lines->start;
        char *from = lines->buffer + lines->start;
        char *found = memchr(from + lines->scanned, '\n', have - lines->scanned);
        if (found != NULL || (lines->ended && have > 0)) {
            give(lines, found != NULL ? (size_t)(found - from) : have, found != NULL, line, len);
            return too_long || *len > LINES_MAX_BYTES ? LINES_TOO_LONG : LINES_LINE;
        }
        if (lines->ended)
            return too_long ? LINES_TOO_LONG : LINES_END;
        lines->scanned = have;
        if (have > LINES_MAX_BYTES) {
            too_long = true;
            lines->start = lines->end = lines->scanned = 0;
        }
        enum lines_result result = read_more(lines);
        if (result != LINES_LINE)
            return result;
    }
}
