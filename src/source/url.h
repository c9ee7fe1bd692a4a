/* Broker addresses: mqtt://user:password@host:port/topic, mqtts://, unix:///path. Pure. */
#ifndef DT_SOURCE_URL_H
#define DT_SOURCE_URL_H

#include <stdbool.h>
#include <stddef.h>

struct url {
    bool tls;
    bool unix_socket;
    char host[256];                    /* or the socket's path */
    int port;                          /* 0 for a unix socket; 1883 or 8883 by default */
    char username[256], password[256]; /* percent-decoded; "" if absent */
    bool has_username, has_password;
    char topic[1024]; /* "" if absent */
};

/* false: error says what is wrong, in words that never hold the password. IPv6 hosts stand in [].
 */
bool url_parse(const char *text, struct url *out, char *error, size_t size);

/* Writes it for people: without user, password and topic. */
void url_show(const struct url *url, char *out, size_t size);

#endif
