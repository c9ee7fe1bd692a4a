#include "source/packet.h"

#include <stdint.h>
#include <string.h>

#include "core/text.h"

#define PUBLISH 0x30 /* of QoS 0, neither a duplicate nor retained */
#define RETAIN 0x01

enum property {
    PAYLOAD_FORMAT = 0x01,
    MESSAGE_EXPIRY = 0x02,
    CONTENT_TYPE = 0x03,
    RESPONSE_TOPIC = 0x08,
    CORRELATION_DATA = 0x09,
    SUBSCRIPTION_ID = 0x0b,
    USER_PROPERTY = 0x26,
};

/* What is left of a packet. A step beyond its end takes nothing and says false. */
struct rest {
    unsigned char *at;
    size_t len;
};

static bool step(struct rest *rest, size_t bytes)
{
    if (bytes > rest->len)
        return false;
    rest->at += bytes;
    rest->len -= bytes;
    return true;
}

/* A number of one to four bytes, in its shortest form. */
static bool take_number(struct rest *rest, size_t *out)
{
    size_t number = 0;

    for (size_t i = 0; i < 4 && i < rest->len; i++) {
        unsigned char byte = rest->at[i];
        number |= (size_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *out = number;
            return (byte != 0 || i == 0) && step(rest, i + 1);
        }
    }
    return false;
}

/* Two bytes of length, then so many bytes. */
static bool take_binary(struct rest *rest, char **out, size_t *len)
{
    if (rest->len < 2)
        return false;
    *len = (size_t)rest->at[0] << 8 | rest->at[1];
    *out = (char *)rest->at + 2;
    return step(rest, 2 + *len);
}

/* MQTT lets a receiver refuse controls and non-characters, and libmosquitto does. */
static bool is_fit(uint32_t code)
{
    bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    bool no_character = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;

    return !control && !no_character;
}

static bool is_text(const char *text, size_t len)
{
    if (text_is_plain(text, len))
        return true;
    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t used = text_decode(text + at, len - at, &code);
        if (used == 0 || !is_fit(code))
            return false;
        at += used;
    }
    return true;
}

static bool take_text(struct rest *rest, char **out, size_t *len)
{
    return take_binary(rest, out, len) && is_text(*out, *len);
}

/* Steps over one property. seen: a bit for each that comes once at most. */
static bool take_property(struct rest *rest, uint64_t *seen)
{
    unsigned char property = rest->at[0];
    size_t number, len;
    char *text;

    if (property >= 64 || (property != USER_PROPERTY && *seen & UINT64_C(1) << property))
        return false;
    *seen |= UINT64_C(1) << property;
    step(rest, 1);
    switch (property) {
    case PAYLOAD_FORMAT:
        return step(rest, 1);
    case MESSAGE_EXPIRY:
        return step(rest, 4);
    case CONTENT_TYPE:
    case RESPONSE_TOPIC:
        return take_text(rest, &text, &len);
    case CORRELATION_DATA:
        return take_binary(rest, &text, &len);
    case SUBSCRIPTION_ID:
        return take_number(rest, &number);
    case USER_PROPERTY:
        if (!take_text(rest, &text, &len))
            return false;
        return take_text(rest, &text, &len);
    default:
        return false;
    }
}

static bool take_properties(struct rest *rest)
{
    struct rest properties;
    uint64_t seen = 0;
    size_t len;

    if (!take_number(rest, &len))
        return false;
    properties = (struct rest){rest->at, len};
    if (!step(rest, len))
        return false;
    while (properties.len > 0)
        if (!take_property(&properties, &seen))
            return false;
    return true;
}

bool packet_read(unsigned char *bytes, size_t len, int version, struct packet *out)
{
    struct rest rest = {bytes, len};
    size_t body, topic_len;
    char *topic;

    if (len == 0 || (bytes[0] & ~RETAIN) != PUBLISH)
        return false;
    step(&rest, 1);
    if (!take_number(&rest, &body) || body > rest.len)
        return false;
    rest.len = body;
    out->size = (size_t)(rest.at - bytes) + body;
    if (!take_text(&rest, &topic, &topic_len) || topic_len == 0)
        return false;
    if (version == 5 && !take_properties(&rest))
        return false;
    out->retain = (bytes[0] & RETAIN) != 0;
    out->payload = rest.len > 0 ? rest.at : NULL;
    out->bytes = rest.len;
    memmove(topic - 1, topic, topic_len); /* its length is no longer needed: room for the NUL */
    topic[topic_len - 1] = '\0';
    out->topic = topic - 1;
    return true;
}
