#include "source/shortcut.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "core/xalloc.h"

#define LOOK_BYTES 65536 /* larger packets are the library's */

struct shortcut {
    int version;
    bool between; /* the library is between two packets */
    unsigned char bytes[LOOK_BYTES];
};

struct shortcut *shortcut_new(int version)
{
    struct shortcut *shortcut = xmalloc(sizeof(*shortcut));

    shortcut->version = version;
    shortcut->between = false;
    return shortcut;
}

void shortcut_free(struct shortcut *shortcut)
{
    free(shortcut);
}

void shortcut_heard(struct shortcut *shortcut, bool well, int error)
{
    shortcut->between = well && error == 0;
}

/* Takes what was looked at off the socket: it is all there, so that it only fails when the
 * connection does. */
static bool take_off(struct shortcut *shortcut, int fd, size_t bytes)
{
    while (bytes > 0) {
        ssize_t got = recv(fd, shortcut->bytes, bytes, MSG_DONTWAIT);
        if (got == 0)
            errno = ECONNRESET;
        if (got == 0 || (got < 0 && errno != EINTR))
            return false;
        bytes -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

enum shortcut_end shortcut_take(struct shortcut *shortcut, int fd, unsigned most,
                                void (*tell)(void *context, const struct packet *packet),
                                void *context, unsigned *taken)
{
    struct packet packet;
    size_t used = 0;

    *taken = 0;
    if (!shortcut->between)
        return SHORTCUT_CLOSED;
    ssize_t got = recv(fd, shortcut->bytes, LOOK_BYTES, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return SHORTCUT_DRAINED;
    size_t len = got > 0 ? (size_t)got : 0;
    while (*taken < most &&
           packet_read(shortcut->bytes + used, len - used, shortcut->version, &packet)) {
        tell(context, &packet);
        used += packet.size;
        ++*taken;
    }
    if (*taken == 0)
        return SHORTCUT_CLOSED;
    if (!take_off(shortcut, fd, used))
        return SHORTCUT_BROKEN;
    return *taken < most && len < LOOK_BYTES ? SHORTCUT_DRAINED : SHORTCUT_FULL;
}
