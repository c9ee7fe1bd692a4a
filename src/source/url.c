#include "source/url.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "core/text.h"

/* A stretch of the address that is being taken apart. */
struct part {
    const char *at;
    size_t len;
};

static bool fail(char *error, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(char *error, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, size, format, args);
    va_end(args);
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes percent-encoding. `what` names the part in an error, which never quotes it: it may be the
 * password. */
static bool decode(struct part part, char *out, size_t room, const char *what, char *error,
                   size_t size)
{
    size_t written = 0;

    for (size_t i = 0; i < part.len; i++) {
        unsigned char c = (unsigned char)part.at[i];
        if (c == '%') {
            bool whole = part.len - i > 2;
            int high = whole ? hex_digit(part.at[i + 1]) : -1;
            int low = whole ? hex_digit(part.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return fail(error, size,
                            "the %s in the address holds a %% without two hex digits after it: "
                            "write %%25 for a plain one",
                            what);
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        if (c < 0x20 || c == 0x7f)
            return fail(error, size, "the %s in the address holds a control character", what);
        if (written + 1 >= room)
            return fail(error, size, "the %s in the address is longer than %zu bytes", what,
                        room - 1);
        out[written++] = (char)c;
    }
    out[written] = '\0';
    return true;
}

static bool parse_user(struct part part, struct url *out, char *error, size_t size)
{
    const char *colon = memchr(part.at, ':', part.len);
    struct part name = {part.at, colon ? (size_t)(colon - part.at) : part.len};

    out->has_username = true;
    if (!decode(name, out->username, sizeof(out->username), "user name", error, size))
        return false;
    if (!colon)
        return true;
    struct part password = {colon + 1, part.len - name.len - 1};
    out->has_password = true;
    return decode(password, out->password, sizeof(out->password), "password", error, size);
}

static bool parse_port(struct part part, struct url *out, char *error, size_t size)
{
    int port = 0;

    for (size_t i = 0; i < part.len && port <= 65535; i++) {
        if (part.at[i] < '0' || part.at[i] > '9')
            return fail(error, size, "the port in the address is not a number from 1 to 65535");
        port = port * 10 + (part.at[i] - '0');
    }
    if (port < 1 || port > 65535)
        return fail(error, size, "the port in the address is not a number from 1 to 65535");
    out->port = port;
    return true;
}

static bool parse_host(struct part part, struct url *out, char *error, size_t size)
{
    struct part host = part;
    const char *rest = part.at + part.len;

    if (part.len > 0 && part.at[0] == '[') {
        const char *close = memchr(part.at, ']', part.len);
        if (!close)
            return fail(error, size, "the IPv6 host in the address has no closing ]");
        host = (struct part){part.at + 1, (size_t)(close - part.at - 1)};
        rest = close + 1;
    } else {
        const char *colon = memchr(part.at, ':', part.len);
        if (colon) {
            host.len = (size_t)(colon - part.at);
            rest = colon;
            if (memchr(colon + 1, ':', part.len - host.len - 1))
                return fail(error, size, "an IPv6 host stands in brackets: mqtt://[::1]:1883");
        }
    }
    if (host.len == 0)
        return fail(error, size, "the address names no host: mqtt://host:port");
    if (!decode(host, out->host, sizeof(out->host), "host", error, size))
        return false;
    if (strchr(out->host, ' '))
        return fail(error, size, "the host in the address holds a blank");

    struct part port = {rest, (size_t)(part.at + part.len - rest)};
    if (port.len == 0)
        return true;
    if (port.at[0] != ':')
        return fail(error, size, "only a colon and a port may follow the ] of an IPv6 host");
    return parse_port((struct part){port.at + 1, port.len - 1}, out, error, size);
}

static bool parse_unix(const char *rest, struct url *out, char *error, size_t size)
{
    struct part path = {rest, strlen(rest)};
    size_t room = sizeof(((struct sockaddr_un *)NULL)->sun_path);

    out->unix_socket = true;
    out->port = 0;
    if (path.at[0] != '/')
        return fail(error, size, "the path of a unix socket starts with a slash: unix:///run/x");
    return decode(path, out->host, room, "socket path", error, size);
}

static bool parse_network(const char *rest, struct url *out, char *error, size_t size)
{
    const char *slash = strchr(rest, '/');
    struct part authority = {rest, slash ? (size_t)(slash - rest) : strlen(rest)};
    const char *at = NULL;

    for (size_t i = 0; i < authority.len; i++)
        if (rest[i] == '@')
            at = rest + i;
    if (at) {
        if (!parse_user((struct part){rest, (size_t)(at - rest)}, out, error, size))
            return false;
        authority = (struct part){at + 1, authority.len - (size_t)(at + 1 - rest)};
    }
    if (!parse_host(authority, out, error, size))
        return false;
    if (!slash)
        return true;
    struct part topic = {slash + 1, strlen(slash + 1)};
    return decode(topic, out->topic, sizeof(out->topic), "topic", error, size);
}

bool url_parse(const char *text, struct url *out, char *error, size_t size)
{
    const char *end = strstr(text, "://");
    size_t len = end ? (size_t)(end - text) : 0;

    *out = (struct url){.port = 1883};
    if (len == 4 && strncasecmp(text, "mqtt", len) == 0)
        return parse_network(end + 3, out, error, size);
    if (len == 5 && strncasecmp(text, "mqtts", len) == 0) {
        out->tls = true;
        out->port = 8883;
        return parse_network(end + 3, out, error, size);
    }
    if (len == 4 && strncasecmp(text, "unix", len) == 0)
        return parse_unix(end + 3, out, error, size);
    return fail(error, size, "an address starts with mqtt://, mqtts:// or unix://");
}

void url_show(const struct url *url, char *out, size_t size)
{
    char host[2 * sizeof(url->host)];
    bool brackets = !url->unix_socket && strchr(url->host, ':') != NULL;

    text_sanitise(host, sizeof(host), url->host, strlen(url->host), sizeof(url->host));
    if (url->unix_socket)
        snprintf(out, size, "unix://%s", host);
    else
        snprintf(out, size, "%s://%s%s%s:%d", url->tls ? "mqtts" : "mqtt", brackets ? "[" : "",
                 host, brackets ? "]" : "", url->port);
}
