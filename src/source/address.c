#include "source/address.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/text.h"

#define KNOCK_EVERY (TIMESTAMP_SECOND / 2)

static int resolve_unix(const char *path, struct address *out, int *code)
{
    struct sockaddr_un *at = (struct sockaddr_un *)&out->at;
    int len = snprintf(at->sun_path, sizeof(at->sun_path), "%s", path);

    *code = EAI_NONAME;
    if (len <= 0 || (size_t)len >= sizeof(at->sun_path))
        return 0;
    at->sun_family = AF_UNIX;
    out->len = sizeof(*at);
    snprintf(out->text, sizeof(out->text), "%s", path);
    return 1;
}

int address_resolve(const char *host, int port, struct address list[ADDRESS_MAX], int *code)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;
    char service[16];
    int count = 0;

    memset(list, 0, ADDRESS_MAX * sizeof(*list));
    if (port == 0)
        return resolve_unix(host, list, code);
    snprintf(service, sizeof(service), "%d", port);
    *code = getaddrinfo(host, service, &hints, &found);
    if (*code != 0)
        return 0;
    for (struct addrinfo *i = found; i && count < ADDRESS_MAX; i = i->ai_next) {
        struct address *address = &list[count];
        if ((i->ai_family != AF_INET && i->ai_family != AF_INET6) ||
            getnameinfo(i->ai_addr, i->ai_addrlen, address->text, sizeof(address->text), NULL, 0,
                        NI_NUMERICHOST) != 0)
            continue;
        memcpy(&address->at, i->ai_addr, i->ai_addrlen);
        address->len = i->ai_addrlen;
        count++;
    }
    freeaddrinfo(found);
    if (count == 0)
        *code = EAI_NONAME;
    return count;
}

void address_show(const char *host, int port, char *out, size_t size)
{
    char shown[512];
    bool brackets = port != 0 && strchr(host, ':') != NULL;

    text_sanitise(shown, sizeof(shown), host, strlen(host), 100);
    if (port == 0)
        snprintf(out, size, "%s", shown);
    else
        snprintf(out, size, "%s%s%s:%d", brackets ? "[" : "", shown, brackets ? "]" : "", port);
}

void lookout_begin(struct lookout *lookout, const struct address *address, bool absent,
                   timestamp steady)
{
    *lookout = (struct lookout){.address = address, .fd = -1, .absent = absent, .next = steady};
}

/* Hangs up and notes what was heard. */
static bool note(struct lookout *lookout, bool listening)
{
    bool back = listening && lookout->absent;

    lookout_end(lookout);
    lookout->absent = !listening;
    lookout->idle = listening;
    return back;
}

static bool knock(struct lookout *lookout)
{
    const struct address *address = lookout->address;
    int flags = 0;

    lookout->fd = socket(address->at.ss_family, SOCK_STREAM, 0);
    if (lookout->fd < 0 || (flags = fcntl(lookout->fd, F_GETFL)) < 0 ||
        fcntl(lookout->fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(lookout->fd, F_SETFD, FD_CLOEXEC) < 0)
        return note(lookout, false);
    if (connect(lookout->fd, (const struct sockaddr *)&address->at, address->len) == 0)
        return note(lookout, true);
    if (errno != EINPROGRESS)
        return note(lookout, false);
    return false;
}

bool lookout_look(struct lookout *lookout, timestamp steady)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);
    int error = 0;
    socklen_t error_len = sizeof(error);

    if (lookout->fd >= 0) {
        getsockopt(lookout->fd, SOL_SOCKET, SO_ERROR, &error, &error_len);
        if (error != 0)
            return note(lookout, false);
        if (getpeername(lookout->fd, (struct sockaddr *)&peer, &len) == 0)
            return note(lookout, true);
        return false;
    }
    if (lookout->idle || steady < lookout->next)
        return false;
    lookout->next = steady + KNOCK_EVERY;
    return knock(lookout);
}

timestamp lookout_due(const struct lookout *lookout, timestamp until)
{
    bool waits = lookout->idle || lookout->fd >= 0;

    return waits || lookout->next > until ? until : lookout->next;
}

void lookout_end(struct lookout *lookout)
{
    if (lookout->fd >= 0)
        close(lookout->fd);
    lookout->fd = -1;
}
