#include "core/payload_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/payload_mapping.h"
#include "core/text.h"
#include "core/words.h"

/* InfluxDB's line protocol: "measurement,tag=value field=1.5,other=2i 1700000000000000000", a
 * backslash before a comma, blank or '=' that is none. */

#define LONGEST_NUMBER 40
#define MOST_TAGS 32

/* A piece of a line, still with its backslashes. */
struct piece {
    const char *at;
    size_t len;
};

struct pair {
    struct piece key, value;
};

struct line {
    struct piece measurement;
    struct pair tags[MOST_TAGS];
    size_t tag_count;
    struct piece fields, time;
};

/* Bytes up to the first of some characters that has no backslash and is in no quotes. */
static size_t run(const char *text, size_t len, const char *ends)
{
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\' && i + 1 < len)
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && strchr(ends, text[i]) && text[i] != '\0')
            return i;
    }
    return len;
}

static bool read_pair(struct piece *rest, struct pair *out)
{
    size_t key = run(rest->at, rest->len, "=,");
    if (key == 0 || key == rest->len || rest->at[key] != '=')
        return false;
    out->key = (struct piece){rest->at, key};
    rest->at += key + 1;
    rest->len -= key + 1;
    out->value = (struct piece){rest->at, run(rest->at, rest->len, ",")};
    size_t step = out->value.len + (out->value.len < rest->len);
    rest->at += step;
    rest->len -= step;
    return out->value.len > 0;
}

/* A field's value. false if it is none in this protocol; *text: it is a string. */
static bool read_value(struct piece value, double *number, bool *state, bool *text)
{
    char copy[LONGEST_NUMBER + 1], *end;
    *state = *text = false;
    if (value.at[0] == '"') {
        *text = value.len >= 2 && value.at[value.len - 1] == '"';
        return *text;
    }
    *state = words_in("t|true|f|false", value.at, value.len);
    *number = *state && (value.at[0] | 0x20) == 't';
    if (*state)
        return true;
    if (value.len > LONGEST_NUMBER)
        return false;
    memcpy(copy, value.at, value.len);
    copy[value.len] = '\0';
    if (strpbrk(copy, "xXnNpP")) /* no hexadecimal, no nan, no inf */
        return false;
    *number = strtod(copy, &end);
    if (end > copy && (*end == 'i' || *end == 'u'))
        end++;
    return end > copy && *end == '\0' && isfinite(*number);
}

static bool read_time(struct piece time, timestamp *out)
{
    char copy[LONGEST_NUMBER + 1], *end;
    if (time.len == 0 || time.len > LONGEST_NUMBER)
        return false;
    memcpy(copy, time.at, time.len);
    copy[time.len] = '\0';
    double number = strtod(copy, &end);
    return *end == '\0' && timestamp_from_epoch(number, out);
}

static bool read_line(const char *text, size_t len, struct line *out)
{
    *out = (struct line){.measurement = {text, run(text, len, ", ")}};
    size_t head = run(text, len, " ");
    if (out->measurement.len == 0 || head == len || out->measurement.len > TEXT_NAME_BYTES)
        return false;
    struct piece tags = {text + out->measurement.len, head - out->measurement.len};
    if (tags.len > 0) {
        tags.at++;
        tags.len--;
        if (tags.len == 0)
            return false;
    }
    while (tags.len > 0)
        if (out->tag_count == MOST_TAGS || !read_pair(&tags, &out->tags[out->tag_count++]))
            return false;
    const char *fields = text + head + 1;
    size_t rest = len - head - 1, used = run(fields, rest, " ");
    out->fields = (struct piece){fields, used};
    if (used < rest)
        out->time = (struct piece){fields + used + 1, rest - used - 1};
    timestamp ignored;
    if (out->time.len > 0 && !read_time(out->time, &ignored))
        return false;

    struct piece left = out->fields;
    struct pair field;
    double number;
    bool state, string;
    if (left.len == 0)
        return false;
    while (left.len > 0)
        if (!read_pair(&left, &field) || !read_value(field.value, &number, &state, &string))
            return false;
    return true;
}

static void add_piece(struct growing *name, struct piece piece)
{
    for (size_t i = 0; i < piece.len; i++) {
        if (piece.at[i] == '\\' && i + 1 < piece.len && strchr(",= ", piece.at[i + 1]))
            i++;
        growing_add(name, piece.at + i, 1);
    }
}

/* The tags as an object, for a mapping and for the keys that name a sensor. */
static cJSON *tags_of(struct decoding *decoding, const struct line *line)
{
    cJSON *tags = cJSON_CreateObject();
    for (size_t i = 0; i < line->tag_count; i++) {
        growing_cut(decoding->path, 0);
        growing_cut(decoding->name, 0);
        add_piece(decoding->path, line->tags[i].key);
        add_piece(decoding->name, line->tags[i].value);
        cJSON_AddStringToObject(tags, decoding->path->text, decoding->name->text);
    }
    return tags;
}

/* The tag that names the sender; the others tell its series apart. */
static const cJSON *sender_in(const struct json_look *look)
{
    static const enum key_class asked[] = {KEY_SENSOR, KEY_DEVICE, KEY_NAME, KEY_ID};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        if (look->by_class[asked[i]])
            return look->by_class[asked[i]];
    return NULL;
}

static void tell_line_fields(struct decoding *decoding, const struct line *line, const char *sensor,
                             const cJSON *tags, const cJSON *sender)
{
    growing_cut(decoding->name, 0);
    growing_cut(decoding->path, 0);
    add_piece(decoding->name, line->measurement);
    add_piece(decoding->path, line->measurement);
    const cJSON *tag;
    cJSON_ArrayForEach(tag, tags)
    {
        if (tag == sender)
            continue;
        growing_add(decoding->name, ".", 1);
        growing_add(decoding->name, tag->valuestring, strlen(tag->valuestring));
    }
    growing_add(decoding->name, ".", 1);
    growing_add(decoding->path, ".", 1);
    struct growing *path = decoding->path, *name = decoding->name;
    size_t path_len = path->len, name_len = name->len;
    struct piece left = line->fields;
    struct pair field;
    while (left.len > 0 && read_pair(&left, &field)) {
        double number;
        bool state, text;
        add_piece(name, field.key);
        add_piece(path, field.key);
        if (!read_value(field.value, &number, &state, &text))
            break;
        if (text) {
            decoding_fact(decoding, sensor, name->text, field.value.at + 1, field.value.len - 2);
        } else {
            size_t unit = keys_find(decoding->keys, path->text + path_len).unit;
            struct item *item = decoding_reading(decoding, sensor, name->text, path->text,
                                                 unit ? path->text + path_len + unit : "", number);
            if (item)
                item->binary_state = state;
        }
        growing_cut(name, name_len);
        growing_cut(path, path_len);
    }
}

static void tell_line(struct decoding *decoding, const struct line *line)
{
    struct json_look look;
    cJSON *tags = tags_of(decoding, line);
    decoding->time = decoding->message->arrival;
    if (read_time(line->time, &decoding->time))
        decoding_trace(decoding, "time", "", "the number at the end of the line");
    if (decoding->mapping)
        mapped_look(decoding, tags);
    json_look(decoding, tags, &look);
    const cJSON *sender = sender_in(&look);
    const char *sensor = decoding->sensor;
    if (!sensor && sender) {
        sensor = batch_name(decoding->batch, sender->valuestring, strlen(sender->valuestring));
        decoding_trace(decoding, "sensor", sender->string, "this tag names the sender");
    } else if (!sensor) {
        sensor = decoding_own_name(decoding, &topic_names(decoding->topic, SCOPE_OBJECT)->sensor);
        decoding_trace(decoding, "sensor", "", "no tag names the sender: the topic");
    }
    tell_line_fields(decoding, line, sensor, tags, sender);
    cJSON_Delete(tags);
}

/* Steps over one line of the text, without its end; false if none is left. */
static bool next_line(const struct decoding *decoding, size_t *at, struct piece *out)
{
    while (*at < decoding->len) {
        size_t len = run(decoding->text + *at, decoding->len - *at, "\n");
        *out = (struct piece){decoding->text + *at, len};
        *at += len + 1;
        while (out->len > 0 && strchr("\r ", out->at[out->len - 1]))
            out->len--;
        if (out->len > 0 && out->at[0] != '#')
            return true;
    }
    return false;
}

/* Without a tag and without a time "door open=1" would do, and may as well be words. */
bool decode_line(struct decoding *decoding)
{
    struct line line;
    struct piece text;
    size_t at = 0, count = 0;
    bool announced = decoding->mapping && decoding->mapping->split == SPLIT_LINE;
    if (!memchr(decoding->text, '=', decoding->len) || memchr(decoding->text, '\0', decoding->len))
        return false;
    for (; next_line(decoding, &at, &text); count++)
        if (!read_line(text.at, text.len, &line) ||
            (line.tag_count == 0 && line.time.len == 0 && !announced))
            return false;
    if (count == 0)
        return false;
    decoding_trace(decoding, "decoder", "", "InfluxDB line protocol");
    decoding->plain = false;
    for (at = 0; next_line(decoding, &at, &text);)
        if (read_line(text.at, text.len, &line))
            tell_line(decoding, &line);
    return true;
}
