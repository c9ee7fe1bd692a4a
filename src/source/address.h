/* Where a broker may be reached: the addresses of a host, and whether somebody listens there.
 * libmosquitto tries only the first address of a name when it connects without blocking, and a
 * broker often listens on one of IPv4 and IPv6 alone, so names are looked up here. */
#ifndef DT_SOURCE_ADDRESS_H
#define DT_SOURCE_ADDRESS_H

#include "core/timestamp.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define ADDRESS_MAX 4 /* of one host; more are left out */

struct address {
    struct sockaddr_storage at;
    socklen_t len;
    char text[256]; /* numeric, or the path of a unix socket: what libmosquitto is given */
};

/* Looks a host up; port 0: it is the path of a unix socket. May block for as long as the name
 * service likes. Returns how many addresses it wrote; 0: *code is one of getaddrinfo()'s. */
int address_resolve(const char *host, int port, struct address list[ADDRESS_MAX], int *code);

/* "host:port", "[v6]:port" or the socket's path, sanitised. */
void address_show(const char *host, int port, char *out, size_t size);

/* While the link waits for its next attempt: has somebody begun to listen again? Knocks on the port
 * now and then and hangs up; only a port that was closed and then opens counts as news, so that a
 * broker that stays up is knocked on once. Link thread. */
struct lookout {
    const struct address *address;
    int fd;         /* a connection under way, to be polled for POLLOUT; else -1 */
    bool absent;    /* nobody was listening when we last looked */
    bool idle;      /* somebody listened all along: nothing to look out for */
    timestamp next; /* steady time of the next knock */
};

void lookout_begin(struct lookout *lookout, const struct address *address, bool absent,
                   timestamp steady);

/* Does what is due; true: a broker is back. */
bool lookout_look(struct lookout *lookout, timestamp steady);

/* When to look next if its descriptor stays quiet, at the latest `until`; steady times. */
timestamp lookout_due(const struct lookout *lookout, timestamp until);
void lookout_end(struct lookout *lookout);

#endif
