#include "hostile/attacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

#define BYTES(text) text, sizeof text - 1
#define LAB(name) "digital_twin/hall/sensor/" name "/temperature"
#define GOOD .series = 1, .malformed = 0
#define MALFORMED .series = 0, .malformed = 1
#define NOTHING .series = 0, .malformed = 0

struct own {
    const char *id, *topic, *payload;
    size_t bytes;
    bool retain;
    unsigned checks;
    int series, malformed;
};

static const struct own table[] = {
    /* terminal control */
    {"clear", LAB("o1"), BYTES("{\"sensor_id\":\"A\\u001b[3J\\u001b[1;1H\",\"value\":1}"), GOOD},
    {"title in a unit", LAB("o2"),
     BYTES("{\"sensor_id\":\"A2\",\"value\":1,\"unit\":\"\\u001b]2;x\\u0007K\"}"), GOOD},
    {"cursor report", LAB("o3"), BYTES("{\"sensor_id\":\"\\u001b[5n\\u001b[>c\",\"value\":1}"),
     GOOD},
    {"C1 controls", LAB("o4"),
     BYTES("{\"sensor_id\":\"A\xC2\x9B"
           "5mB\xC2\x85"
           "C\",\"value\":1}"),
     GOOD},
    {"charset switch", LAB("o5"), BYTES("{\"sensor_id\":\"\\u000e\\u001b(0qqq\",\"value\":1}"),
     GOOD},
    {"key with escapes", "yard/o6", BYTES("{\"\\u001b[?1049l\":1,\"\\u001bc\":2}"), .series = 2,
     .malformed = 0},
    {"raw escape as text", "yard/o7/note", BYTES("\x1B]52;c;QUJD\x07 done"), .series = 0,
     .malformed = 0},
    {"coloured number", "yard/o8/level", BYTES("\x1B[1;32m17\x1B[0m"), .series = 0,
     .malformed = NOT_SAID},
    {"metadata", LAB("o9"),
     BYTES("{\"sensor_id\":\"A9\",\"value\":1,\"metadata\":{\"fw\":\"\\u001b[7m1.0\\r\\n\"}}"),
     GOOD},
    {"command", "digital_twin/hall/control/commands",
     BYTES("{\"command\":\"\\u001b[2J\\u0007REBOOT\",\"value\":1}"), NOTHING},
    {"escape over two fields", LAB("o10"),
     BYTES("{\"sensor_id\":\"A\\u001b\",\"value\":1,\"unit\":\"]0;x\\u0007\"}"), GOOD},
    {"tabs and line ends", LAB("o11"), BYTES("{\"sensor_id\":\"x\\ty\\nz\\r\",\"value\":1}"), GOOD},
    /* a binary format that is guessed by its bytes */
    {"MessagePack with escapes", "yard/o90/box", BYTES("\x81\xA5t\x1B[2J\x07"), .series = 1,
     .malformed = 0},
    {"MessagePack of gigabytes", "yard/o91/box", BYTES("\x81\xA1t\xDD\xFF\xFF\xFF\xFF\xDF\xFF\xFF"),
     .series = 0, .malformed = 0},
    {"MessagePack without an end", "yard/o92/box", BYTES("\x8F\xA1t\x01\xA1u\xDB\x7F\xFF\xFF\xFF"),
     .series = 0, .malformed = 0},
    {"MessagePack with a bidi name", "yard/o93/box", BYTES("\x81\xA4\xE2\x80\xAEt\x07"),
     .series = 1, .malformed = 0},
    /* encodings */
    {"overlong solidus", "yard/o12/path", BYTES("\xC0\xAF\xC0\xAE"), NOTHING},
    {"bad byte in JSON", LAB("o13"), BYTES("{\"sensor_id\":\"A\xFF\",\"value\":1}"),
     .series = NOT_SAID, .malformed = NOT_SAID},
    {"NUL in an id", LAB("o14"), BYTES("{\"sensor_id\":\"TEMP_SENSOR_001\\u0000\",\"value\":1}"),
     .checks = NO_ALIAS, GOOD},
    {"NUL and more", "yard/o15/temp",
     BYTES("17\0"
           "18"),
     .series = 0, .malformed = NOT_SAID},
    {"lone surrogate", LAB("o16"), BYTES("{\"sensor_id\":\"\\udc80\",\"value\":1}"),
     .series = NOT_SAID, .malformed = NOT_SAID},
    {"cut sequence", "yard/o17/temp", BYTES("17\xF0\x9F\x8C"), .series = NOT_SAID,
     .malformed = NOT_SAID},
    {"Devanagari digits", "yard/o18/temp", BYTES("\xE0\xA5\xA7\xE0\xA5\xAD"), .series = 0,
     .malformed = NOT_SAID},
    /* look-alikes */
    {"right to left override", LAB("o19"),
     BYTES("{\"sensor_id\":\"TEMP\xE2\x80\xAE_SENSOR_001\",\"value\":1}"), .checks = NO_ALIAS,
     GOOD},
    {"zero-width joiner", LAB("o20"),
     BYTES("{\"sensor_id\":\"TEMP_SENSOR\xE2\x80\x8D_001\",\"value\":1}"), .checks = NO_ALIAS,
     GOOD},
    {"trailing blank", LAB("o21"), BYTES("{\"sensor_id\":\"TEMP_SENSOR_001 \",\"value\":1}"),
     .checks = NO_ALIAS, GOOD},
    {"blank alone", LAB("o22"), BYTES("{\"sensor_id\":\"  \",\"value\":1}"), GOOD},
    {"no-break blank", LAB("o23"), BYTES("{\"sensor_id\":\"TEMP\xC2\xA0SENSOR\",\"value\":1}"),
     GOOD},
    {"tag letters", LAB("o24"),
     BYTES("{\"sensor_id\":\"TEMP_SENSOR_001\xF3\xA0\x81\x81\",\"value\":1}"), .checks = NO_ALIAS,
     GOOD},
    {"wide name", LAB("o25"),
     BYTES("{\"sensor_id\":\"\xE6\xB0\xB4\xE4\xBD\x8D\xE8\xA8\x88\",\"value\":1,\"unit\":"
           "\"\xE3\x8E\x9D\"}"),
     GOOD},
    {"marks on marks", LAB("o26"),
     BYTES("{\"sensor_id\":\"a\xCC\x80\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86\",\"value\":"
           "1}"),
     GOOD},
    {"family", LAB("o27"),
     BYTES("{\"sensor_id\":\"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA6\xF0\x9F\x8F\xBD\","
           "\"value\":1}"),
     GOOD},
    {"Hebrew", LAB("o28"),
     BYTES("{\"sensor_id\":\"\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D\",\"value\":1}"), GOOD},
    {"separators", LAB("o29"),
     BYTES("{\"sensor_id\":\"a\xE2\x80\xA8"
           "b\xE2\x80\xA9"
           "c\",\"value\":1}"),
     GOOD},
    /* JSON that is none, or too much */
    {"two documents", LAB("o30"), BYTES("{\"value\":1}{\"value\":2}"), MALFORMED},
    {"cut off", LAB("o31"), BYTES("{\"value\":17."), MALFORMED},
    {"comment", LAB("o32"), BYTES("{\"value\":17 /* */}"), MALFORMED},
    {"infinity", LAB("o33"), BYTES("{\"sensor_id\":\"A33\",\"value\":-1e999}"), .series = 0,
     .malformed = NOT_SAID},
    {"largest number", LAB("o34"),
     BYTES("{\"sensor_id\":\"A34\",\"value\":1.7976931348623157e308}"), GOOD},
    {"its opposite", LAB("o34"), BYTES("{\"sensor_id\":\"A34\",\"value\":-1.7976931348623157e308}"),
     GOOD},
    {"smallest number", LAB("o34"), BYTES("{\"sensor_id\":\"A34\",\"value\":5e-324}"), GOOD},
    {"hexadecimal", LAB("o35"), BYTES("{\"sensor_id\":\"A35\",\"value\":\"0x10\"}"), .series = 0,
     .malformed = NOT_SAID},
    {"wrong types", LAB("o36"), BYTES("{\"sensor_id\":[1],\"value\":{},\"unit\":5}"),
     .series = NOT_SAID, .malformed = NOT_SAID},
    {"dotted keys", "yard/o37", BYTES("{\"x.y\":1,\"x\":{\"y\":2},\"\":3,\".\":4}"), .series = 4,
     .malformed = 0},
    /* times */
    {"year 9999", LAB("o38"),
     BYTES("{\"sensor_id\":\"A38\",\"value\":1,\"timestamp_utc\":\"9999-12-31T23:59:59Z\"}"), GOOD},
    {"before time began", LAB("o39"), BYTES("{\"sensor_id\":\"A39\",\"value\":1,\"ts\":-9e18}"),
     .series = NOT_SAID, .malformed = 0},
    {"month 13", LAB("o40"),
     BYTES("{\"sensor_id\":\"A40\",\"value\":1,\"timestamp_utc\":\"2024-13-01T00:00:00Z\"}"), GOOD},
    /* identity */
    {"printf", "yard/%s%n%n/%99999d", BYTES("17"), GOOD},
    {"shell and SQL", LAB("o41"), BYTES("{\"sensor_id\":\"$(id)`id`'; DROP TABLE x\",\"value\":1}"),
     GOOD},
    {"slashes", "//", BYTES("17"), GOOD},
    {"a blank topic", "   ", BYTES("17"), GOOD},
    {"empty level", "a//b", BYTES("17"), .checks = NO_ALIAS, GOOD},
    {"wildcards in an id", LAB("o42"), BYTES("{\"sensor_id\":\"#\",\"value\":1}"), GOOD},
    {"formula", LAB("o43"), BYTES("{\"sensor_id\":\"=1+1\\\"\\\\,\\n\",\"value\":1}"), GOOD},
    /* presence */
    {"nobody is offline", "digital_twin/hall/sensor/status", BYTES("{\"status\":\"offline\"}"),
     true, NO_PRESENCE, 0, 0},
    {"unknown word", "digital_twin/hall/sensor/status",
     BYTES("{\"sensor_id\":\"BYSTANDER\",\"status\":\"off\\u001bline\"}"), true, NO_PRESENCE, 0, 0},
    {"wrong type", "digital_twin/hall/sensor/status",
     BYTES("{\"sensor_id\":\"BYSTANDER\",\"status\":[\"offline\"]}"), true, NO_PRESENCE, 0, 0},
    {"gone", "digital_twin/hall/sensor/status", BYTES(""), true, NO_PRESENCE, 0, 0},
    {"old and retained", LAB("o44"),
     BYTES("{\"sensor_id\":\"A44\",\"value\":1,\"timestamp_utc\":\"2019-01-01T00:00:00Z\"}"), true,
     0, 1, 0},
};

static struct attack *add_text(struct attacks *attacks, const char *id, const char *topic,
                               const char *payload)
{
    return attacks_add(attacks, id, topic, strlen(topic), payload, strlen(payload));
}

/* head, n times the middle, tail. */
static char *repeat(const char *head, const char *middle, size_t n, const char *tail)
{
    size_t len = strlen(middle), at = strlen(head);
    char *out = xmalloc(at + n * len + strlen(tail) + 1);
    memcpy(out, head, at);
    for (size_t i = 0; i < n; i++, at += len)
        memcpy(out + at, middle, len);
    memcpy(out + at, tail, strlen(tail) + 1);
    return out;
}

static void add_many_keys(struct attacks *attacks)
{
    size_t used = 0, size = 20000;
    char *payload = xmalloc(size);
    for (int i = 0; i < 1000; i++)
        used += (size_t)snprintf(payload + used, size - used, "%c\"k%d\":%d", i ? ',' : '{', i, i);
    snprintf(payload + used, size - used, "}");
    struct attack *attack = add_text(attacks, "1000 keys", "yard/keys", payload);
    attack->checks = CAPPED;
    attack->malformed = 1;
    free(payload);
}

static void add_repeated(struct attacks *attacks)
{
    static const struct {
        const char *id, *head, *middle, *tail;
        size_t n;
        int series, malformed;
    } bombs[] = {
        {"arrays in arrays", "", "[", "", 60000, 0, 1},
        {"objects in objects", "", "{\"a\":", "1", 12000, 0, 1},
        {"bells", "{\"sensor_id\":\"T", "\\u0007", "\",\"value\":1}", 5000, 1, 0},
        {"long id and unit", "{\"value\":1,\"unit\":\"V\",\"sensor_id\":\"", "S", "\"}", 60000, 1,
         0},
        {"long key", "{\"", "k", "\":1}", 60000, 1, 0},
        {"wide and long", "{\"value\":1,\"sensor_id\":\"", "\xE6\xB0\xB4", "\"}", 5000, 1, 0},
        {"many digits", "0.", "0", "1", 60000, NOT_SAID, NOT_SAID},
        {"large integer", "{\"value\":1", "0", "}", 300, 1, 0},
        {"many marks", "{\"value\":1,\"sensor_id\":\"e", "\xCC\xB6", "\"}", 9000, 1, 0},
        {"oversize", "\"", "A", "\"", 3000000, 0, 1},
    };
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        char topic[64];
        char *payload = repeat(bombs[i].head, bombs[i].middle, bombs[i].n, bombs[i].tail);
        snprintf(topic, sizeof topic, "yard/bomb%zu/size", i);
        struct attack *attack = add_text(attacks, bombs[i].id, topic, payload);
        attack->series = bombs[i].series;
        attack->malformed = bombs[i].malformed;
        free(payload);
    }
}

static void add_topics(struct attacks *attacks)
{
    char *deep = repeat("", "b/", 200, "x"), *longest = repeat("", "b", 65535, "");
    struct attack *attack = add_text(attacks, "200 slashes", deep, "17");
    attack->series = 1;
    attack = add_text(attacks, "longest topic", longest, "17");
    attack->series = 1;
    attack = add_text(attacks, "wide topic", "yard/\xE6\xB0\xB4/\xE2\x80\xAEgnp/x", "17");
    attack->series = 1;
    free(deep);
    free(longest);
}

/* Values of every kind from one topic: one attack for its numbers. */
static void add_mixed(struct attacks *attacks)
{
    static const char *const payloads[] = {"21.5", "\"hot\"", "{\"value\":22}", "true", "null"};
    for (size_t i = 0; i < sizeof payloads / sizeof *payloads; i++)
        add_text(attacks, "mixed", "yard/mixed/value", payloads[i]);
}

void attacks_own(struct attacks *attacks)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct own *own = &table[i];
        struct attack *attack =
            attacks_add(attacks, own->id, own->topic, strlen(own->topic), own->payload, own->bytes);
        attack->retain = own->retain;
        attack->checks = own->checks;
        attack->series = own->series;
        attack->malformed = own->malformed;
    }
    add_many_keys(attacks);
    add_repeated(attacks);
    add_topics(attacks);
    add_mixed(attacks);
}

void attacks_own_raw(struct attacks *attacks)
{
    static const struct {
        const char *id, *topic;
        size_t len;
    } topics[] = {
        {"controls", BYTES("yard/\x1B[2J/temp")},
        {"C1 in a topic", BYTES("yard/\xC2\x9B"
                                "2J/temp")},
        {"bad UTF-8", BYTES("yard/\xFF/temp")},
        {"surrogate", BYTES("yard/\xED\xA0\x80/temp")},
        {"NUL in a topic", BYTES("a/b\0c")},
        {"no topic", BYTES("")},
        {"wildcard", BYTES("yard/+/temp")},
    };
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        attacks_add(attacks, topics[i].id, topics[i].topic, topics[i].len, "17", 2)->raw = true;
    char *deep = repeat("", "/", 65535, "");
    add_text(attacks, "65535 levels", deep, "17")->raw = true;
    free(deep);
}
