#include "source/capture.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#define TOPIC_MAX_BYTES 65535 /* MQTT's own limit */

void capture_fini(struct capture *capture)
{
    cJSON_Delete(capture->tree);
    cJSON_free(capture->bytes);
    *capture = (struct capture){0};
}

/* cJSON ends a string at an escaped NUL without a word, so it has to be found here: an escape whose
 * backslash is not itself escaped. */
static bool holds_nul(const char *line, size_t len)
{
    static const char escape[] = "\\u0000";
    const char *at = line;
    const char *end = line + len;
    while ((at = memmem(at, (size_t)(end - at), escape, sizeof(escape) - 1)) != NULL) {
        const char *first = at;
        while (first > line && first[-1] == '\\')
            first--;
        if ((at - first) % 2 == 0)
            return true;
        at++;
    }
    return false;
}

static bool is_blank(const char *text, const char *end)
{
    while (text < end && (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n'))
        text++;
    return text == end;
}

static cJSON *parse_object(const char *line, size_t len)
{
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(line, len, &end, false);
    if (tree != NULL && (!cJSON_IsObject(tree) || !is_blank(end, line + len))) {
        cJSON_Delete(tree);
        return NULL;
    }
    return tree;
}

/* The one pass over the members of a line. */
struct members {
    const cJSON *time, *topic, *qos, *retain, *payload, *base64, *bytes;
};

static struct members find_members(const cJSON *tree)
{
    struct members found = {0};
    const struct {
        const char *name;
        const cJSON **slot;
    } known[] = {
        {"tst", &found.time},
        {"topic", &found.topic},
        {"qos", &found.qos},
        {"retain", &found.retain},
        {"payloadlen", &found.bytes},
        {"payload", &found.payload},
        {"payload_base64", &found.base64},
    };
    const size_t count = sizeof(known) / sizeof(known[0]);
    size_t at = 0; /* members mostly come in this order, so each look starts where the last ended */
    const cJSON *member;
    cJSON_ArrayForEach(member, tree)
    {
        for (size_t tries = 0; tries < count; tries++, at = (at + 1) % count) {
            if (strcmp(member->string, known[at].name) == 0) {
                if (*known[at].slot == NULL)
                    *known[at].slot = member;
                break;
            }
        }
    }
    return found;
}

/* The clock of a machine before it was set, or none that anybody means, is no time. */
static timestamp read_time(const cJSON *time)
{
    timestamp when = TIMESTAMP_NONE;
    const char *text = cJSON_GetStringValue(time);
    if (text != NULL)
        timestamp_parse(text, strlen(text), &when);
    else if (cJSON_IsNumber(time))
        timestamp_from_epoch(cJSON_GetNumberValue(time), &when);
    return timestamp_plausible(when) ? when : TIMESTAMP_NONE;
}

static int base64_digit(char character)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = character != '\0' ? strchr(digits, character) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* RFC 4648, section 4, padding required. Returns the decoded bytes or NULL. */
static char *decode_base64(const char *text, size_t *out_len)
{
    size_t len = strlen(text);
    if (len % 4 != 0)
        return NULL;
    size_t padding = len > 0 ? (text[len - 1] == '=') + (text[len - 2] == '=') : 0;
    unsigned char *out = cJSON_malloc(len / 4 * 3 + 1);
    if (out == NULL)
        return NULL;
    size_t used = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < len; i++) {
        int digit = i >= len - padding ? 0 : base64_digit(text[i]);
        if (digit < 0) {
            cJSON_free(out);
            return NULL;
        }
        bits = bits << 6 | (uint32_t)digit;
        if (i % 4 == 3) {
            out[used++] = (unsigned char)(bits >> 16);
            out[used++] = (unsigned char)(bits >> 8);
            out[used++] = (unsigned char)bits;
        }
    }
    *out_len = used - padding;
    return (char *)out;
}

static bool fail(char *error, size_t size, const char *what)
{
    snprintf(error, size, "%s", what);
    return false;
}

/* A payload in a string: the bytes themselves. One that is shorter than payloadlen says was cut at
 * a NUL when it was captured; a longer one was mended by hand and is taken as it stands. */
static bool take_text(const char *text, const cJSON *bytes, bool nul, struct message *out,
                      char *error, size_t size)
{
    double expected = cJSON_GetNumberValue(bytes); /* NAN if it is none */
    out->payload = text;
    out->bytes = strlen(text);
    if (nul)
        return fail(error, size, "a NUL in it, which only payload_base64 can carry");
    if (expected > (double)out->bytes) {
        snprintf(error, size, "the payload was cut at a NUL: %zu bytes of %.0f are left",
                 out->bytes, expected);
        return false;
    }
    return true;
}

static bool take_base64(struct capture *capture, const struct members *members, struct message *out,
                        char *error, size_t size)
{
    const char *text = cJSON_GetStringValue(members->base64);
    if (text != NULL)
        capture->bytes = decode_base64(text, &out->bytes);
    out->payload = capture->bytes;
    return capture->bytes != NULL || fail(error, size, "payload_base64 is not base64");
}

/* JSON nested in JSON, printed again without blanks. */
static bool take_nested(struct capture *capture, const struct members *members, struct message *out,
                        char *error, size_t size)
{
    if (cJSON_IsNull(members->payload) &&
        !(cJSON_GetNumberValue(members->bytes) > 0)) { /* how an empty payload is captured */
        out->payload = "";
        return true;
    }
    capture->bytes = cJSON_PrintUnformatted(members->payload);
    if (capture->bytes == NULL)
        return fail(error, size, "the payload cannot be written as text");
    out->payload = capture->bytes;
    out->bytes = strlen(capture->bytes);
    return true;
}

bool capture_read(struct capture *capture, const char *line, size_t len, struct message *out,
                  char *error, size_t size)
{
    capture_fini(capture);
    *out = (struct message){.arrival = TIMESTAMP_NONE};
    capture->tree = parse_object(line, len);
    if (capture->tree == NULL)
        return fail(error, size, "not a JSON object");
    struct members members = find_members(capture->tree);
    out->topic = cJSON_GetStringValue(members.topic);
    if (out->topic == NULL || out->topic[0] == '\0' || strlen(out->topic) > TOPIC_MAX_BYTES)
        return fail(error, size, "no topic");
    out->arrival = read_time(members.time);
    double qos = cJSON_GetNumberValue(members.qos);
    out->qos = qos == 1 || qos == 2 ? (int)qos : 0;
    out->retain = cJSON_IsTrue(members.retain) || cJSON_GetNumberValue(members.retain) > 0;

    const char *text = cJSON_GetStringValue(members.payload);
    if (members.base64 != NULL)
        return take_base64(capture, &members, out, error, size);
    if (text != NULL)
        return take_text(text, members.bytes, holds_nul(line, len), out, error, size);
    if (members.payload == NULL)
        return fail(error, size, "no payload");
    return take_nested(capture, &members, out, error, size);
}
