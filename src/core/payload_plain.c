#include "core/decoding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/plain.h"
#include "core/text.h"
#include "core/words.h"

#define LONGEST_LIST 4096 /* bytes that are looked through for numbers */
#define ESCAPE 0x1B       /* coloured log lines carry it; they are text all the same */

static bool is_binary(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != ESCAPE)
            return true;
    }
    return !text_is_utf8(text, len);
}

static void tell_text(struct decoding *decoding, const char *sensor)
{
    char words[48];
    decoding_trace(decoding, "no series", "", "neither a number nor a state word: a text");
    if (!is_binary(decoding->text, decoding->len)) {
        decoding_text(decoding, sensor, decoding->text, decoding->len);
        return;
    }
    int len = snprintf(words, sizeof words, "binary, %zu bytes", decoding->message->bytes);
    decoding_text(decoding, sensor, words, len < 0 ? 0 : (size_t)len);
}

/* Presence, or a text that says nothing about it. */
static bool decode_presence(struct decoding *decoding)
{
    struct topic_info *topic = decoding->topic;
    const struct mapping *mapping = decoding->mapping;
    if (mapping && mapping->presence && *mapping->presence == '\0') {
        enum status told = mapping_word(mapping, decoding->text, decoding->len);
        if (told != STATUS_UNKNOWN)
            decoding_presence(
                decoding, decoding_own_name(decoding, &topic_names(topic, SCOPE_OBJECT)->sensor),
                told);
        return told != STATUS_UNKNOWN;
    }
    if (topic->sense.role != ROLE_PRESENCE)
        return false;
    const struct topic_name *subject = topic_subject(topic);
    enum status status = words_presence(decoding->text, decoding->len, topic->sense.loose);
    if (status != STATUS_UNKNOWN)
        decoding_trace(decoding, "presence", "", "the topic asks for it, and this word tells it");
    if (status != STATUS_UNKNOWN && subject)
        decoding_presence(decoding, decoding_own_name(decoding, subject), status);
    return status != STATUS_UNKNOWN;
}

/* What the last level of the topic promises, as a JSON key would. */
static enum key_class class_of_topic(const struct decoding *decoding)
{
    const char *slash = strrchr(decoding->topic->topic, '/');
    return keys_find(decoding->keys, slash ? slash + 1 : decoding->topic->topic).class;
}

/* A value that its topic calls a time or an identity is no quantity. */
static bool is_no_quantity(enum key_class class, double number)
{
    timestamp ignored;
    switch (class) {
    case KEY_TIME:
    case KEY_TIME_MAYBE:
    case KEY_SEEN:
    case KEY_CLOCK:
        return timestamp_from_epoch(number, &ignored);
    case KEY_ID:
    case KEY_NAME:
    case KEY_MODEL:
    case KEY_LABEL:
    case KEY_REFERENCE:
        return true;
    default:
        return false;
    }
}

static void tell_reading(struct decoding *decoding, const struct topic_names *names,
                         const struct plain *plain)
{
    char unit[64];
    struct topic_info *topic = decoding->topic;
    int len = snprintf(unit, sizeof unit, "%.*s", (int)plain->unit_len, plain->unit);
    bool latin1 = len == 1 && plain->unit > decoding->text && plain->unit[-1] == (char)0xB0;
    if (latin1)
        snprintf(unit, sizeof unit, "\xC2\xB0%c", *plain->unit); /* ° as UTF-8 */
    decoding_trace(decoding, "decoder", "", "one value");
    decoding_trace(decoding, "sensor", "", "%s",
                   decoding->sensor ? "the mapping's" : "the topic, less verbs and its last part");
    decoding_trace(decoding, "series", "", "%s, the topic's last part", names->series.text);
    size_t suffix = len > 0 ? 0 : keys_classify(names->series.text, names->series.len).unit;
    struct item *item =
        decoding_reading(decoding, decoding_own_name(decoding, &names->sensor), names->series.text,
                         "", suffix > 0 ? names->series.text + suffix : unit, plain->value);
    if (item)
        item->binary_state = plain->kind == PLAIN_STATE;
    topic->named_sensor = true;
    topic->scope = SCOPE_VALUE;
    if (plain->kind == PLAIN_NUMBER) {
        topic->delivered_number = true;
        topic->delivered_measure =
            topic->delivered_measure || (plain->value != 0 && plain->value != 1);
    }
}

bool decode_plain(struct decoding *decoding)
{
    if (decode_presence(decoding))
        return true;
    struct topic_info *topic = decoding->topic;
    const struct topic_names *names = topic_names(topic, SCOPE_VALUE);
    struct plain plain = plain_read(decoding->text, decoding->len);
    enum key_class class = class_of_topic(decoding);
    timestamp ignored;
    bool is_time = timestamp_parse(decoding->text, decoding->len, &ignored);

    if (plain.kind == PLAIN_GAP) { /* the sensor speaks, and has no number to tell */
        decoding_trace(decoding, "no series", "", "no value just now");
        tell_text(decoding, decoding_own_name(decoding, &names->sensor));
        return true;
    }
    if (is_no_quantity(class, plain.kind == PLAIN_NUMBER ? plain.value : NAN)) {
        decoding_trace(decoding, "no series", "", "the topic calls it a time or an identity");
        const char *sensor = decoding_own_name(decoding, &names->sensor);
        decoding_fact(decoding, sensor, names->series.text, decoding->text, decoding->len);
    } else if (plain.kind == PLAIN_NUMBER ||
               (plain.kind == PLAIN_STATE && !topic->delivered_measure)) {
        tell_reading(decoding, names, &plain);
    } else if (decoding_wants_number(decoding) && plain.kind == PLAIN_TEXT && !is_time) {
        decoding_malformed(decoding, "%s of %zu bytes, not a number",
                           is_binary(decoding->text, decoding->len) ? "binary" : "text",
                           decoding->len);
    } else {
        tell_text(decoding, decoding_own_name(decoding, &names->sensor));
    }
    return true;
}

/* Bytes of the field that begins at text[at]. */
static size_t field_length(const char *text, size_t len, size_t at, char separator)
{
    const char *end = memchr(text + at, separator, len - at);
    return end ? (size_t)(end - text) - at : len - at;
}

/* "1,234,567" is one number to some and three to others: it stays a text. */
static bool is_grouped(const char *text, size_t len)
{
    size_t first = field_length(text, len, 0, ',');
    for (size_t at = first + 1; at < len; at += 4)
        if (field_length(text, len, at, ',') != 3 || text[at] == '-' || memchr(text + at, '.', 3))
            return false;
    return first <= 3 + (size_t)(text[0] == '-');
}

/* How many fields text has, if every one of them is a number; else 0. */
static size_t count_fields(const char *text, size_t len, char separator)
{
    size_t count = 0;
    for (size_t at = 0; at <= len; count++) {
        size_t field = field_length(text, len, at, separator);
        struct plain plain = plain_read(text + at, field);
        if (plain.kind != PLAIN_NUMBER || plain_is_label(text + at, field))
            return 0;
        at += field + 1;
    }
    return count;
}

bool decode_list(struct decoding *decoding)
{
    const char *text = decoding->text;
    size_t len = decoding->len;
    const char *separator = ";,|";
    while (*separator && !memchr(text, *separator, len))
        separator++;
    if (!*separator || len > LONGEST_LIST)
        return false;
    size_t fields = count_fields(text, len, *separator);
    if (fields < 2 || (*separator == ',' && (fields < 3 || is_grouped(text, len))))
        return false;

    decoding_trace(decoding, "decoder", "", "numbers parted by '%c'", *separator);
    const struct topic_names *names = topic_names(decoding->topic, SCOPE_VALUE);
    const char *sensor = decoding_own_name(decoding, &names->sensor);
    for (size_t i = 0, at = 0; i < fields; i++) {
        char place[24], name[TEXT_NAME_BYTES + sizeof place];
        size_t field = field_length(text, len, at, *separator);
        struct plain plain = plain_read(text + at, field);
        snprintf(place, sizeof place, "%zu", i);
        snprintf(name, sizeof name, "%s.%s", names->series.text, place);
        decoding_reading(decoding, sensor, name, place, "", plain.value);
        at += field + 1;
    }
    decoding->topic->named_sensor = true;
    decoding->topic->scope = SCOPE_VALUE;
    return true;
}
