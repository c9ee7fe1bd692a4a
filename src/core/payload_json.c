#include "core/payload_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/json_scan.h"
#include "core/payload.h"
#include "core/payload_quick.h"
#include "core/plain.h"
#include "core/xalloc.h"

#define FUTURE_SECONDS ((timestamp)366 * 86400) /* a number that far ahead is a counter */
#define TIME_DEPTH 4                            /* objects deep that a message time is looked for */
#define DATE_BYTES 10                           /* 2018-02-15 */
#define LONGEST_TIME 40

/* A document lives as long as one message: its dozen small pieces come from an arena and die
 * together, which saves a quarter of the time that decoding takes. cJSON's hooks know no context,
 * so that the arena in use has to stand here; one a thread, set while a document is made. */
static _Thread_local struct arena *memory;

static void *take(size_t size)
{
    return memory ? arena_alloc(memory, size) : malloc(size);
}

static void give_back(void *piece)
{
    if (!memory)
        free(piece);
}

void json_install_memory(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = take, .free_fn = give_back});
}

void json_use_memory(const struct decoding *decoding)
{
    memory = decoding ? decoding->scratch : NULL;
}

void json_done(struct decoding *decoding)
{
    arena_reset(decoding->scratch);
}

static cJSON *parse_whole(const char *text, size_t len, size_t *stopped)
{
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    *stopped = end ? (size_t)(end - text) : 0;
    if (root && *stopped == len)
        return root;
    cJSON_Delete(root);
    return NULL;
}

/* What many send and JSON has not, or cJSON cannot hold, in a copy that says it otherwise. */
static cJSON *parse_mended(const struct decoding *decoding, const struct json_scan *scan)
{
    size_t stopped, len = decoding->len;
    char *copy = xmalloc(JSON_GAPS_ROOM(len));
    if (scan->nul) {
        memcpy(copy, decoding->text, len);
        json_scan_mark_nuls(copy, len);
    } else {
        len = json_scan_gaps(decoding->text, len, copy);
    }
    cJSON *root = len > 0 ? parse_whole(copy, len, &stopped) : NULL;
    free(copy);
    return root;
}

cJSON *json_parse(struct decoding *decoding)
{
    struct json_scan scan;
    if (!json_scan(decoding->text, decoding->len, PAYLOAD_MAX_DEPTH, &scan)) {
        decoding_malformed(decoding, "JSON with %s at byte %zu", scan.fault, scan.at);
        return NULL;
    }
    if (scan.plain)
        decoding_set_plain(decoding);
    size_t stopped = 0;
    memory = decoding->scratch;
    cJSON *root = NULL;
    if (scan.plain)
        root = quick_read(decoding->scratch, decoding->text, decoding->len);
    if (!root && !scan.nul)
        root = parse_whole(decoding->text, decoding->len, &stopped);
    if (!root)
        root = parse_mended(decoding, &scan);
    if (!root)
        decoding_malformed(decoding, "invalid JSON at byte %zu of %zu", stopped, decoding->len);
    memory = NULL;
    return root;
}

/* Reads a time as sensors write it: ISO 8601, also with dots or slashes in the date. utc: without a
 * zone it is not local. */
static bool read_time_words(const char *text, bool utc, timestamp *out)
{
    char copy[LONGEST_TIME + 2];
    size_t len = strlen(text);
    if (len < DATE_BYTES || len > LONGEST_TIME)
        return false;
    if (text[4] == '-' && (!utc || text[len - 1] == 'Z'))
        return timestamp_parse(text, len, out);
    memcpy(copy, text, len + 1);
    if ((copy[4] == '.' || copy[4] == '/') && copy[7] == copy[4])
        copy[4] = copy[7] = '-';
    if (utc && !strpbrk(copy + DATE_BYTES, "Zz+-"))
        memcpy(copy + len++, "Z", 2);
    return timestamp_parse(copy, len, out);
}

bool json_time(const struct decoding *decoding, const cJSON *item, bool utc, timestamp *out)
{
    double number = NAN;
    timestamp when;
    if (json_is(item, cJSON_String)) {
        if (read_time_words(item->valuestring, utc, &when)) {
            if (!timestamp_plausible(when))
                return false;
            *out = when;
            return true;
        }
        struct plain plain = plain_read(item->valuestring, strlen(item->valuestring));
        if (plain.kind == PLAIN_NUMBER && plain.unit_len == 0)
            number = plain.value;
    } else if (json_is(item, cJSON_Number)) {
        number = item->valuedouble;
    }
    if (!timestamp_from_epoch(number, &when))
        return false;
    timestamp arrival = decoding->message->arrival;
    if (timestamp_plausible(arrival) && when - arrival > FUTURE_SECONDS * TIMESTAMP_SECOND)
        return false;
    *out = when;
    return true;
}

/* Does no member of this class ever hold data? The value itself, asked for by its name, is left out
 * too. */
static bool is_inert(const cJSON *member, enum key_class class)
{
    switch (class) {
    case KEY_TIME:
    case KEY_UNIT_OF:
    case KEY_VALUE:
        return true;
    case KEY_UNIT:
    case KEY_SENSOR:
    case KEY_DEVICE:
    case KEY_NAME:
    case KEY_ID:
    case KEY_REFERENCE:
    case KEY_MODEL:
    case KEY_LABEL:
    case KEY_KIND:
        return json_is(member, cJSON_String);
    default:
        return false;
    }
}

static void look_at_member(struct decoding *decoding, const cJSON *member, struct key key,
                           struct json_look *out)
{
    if (key.meta && json_is(member, cJSON_Object)) {
        out->by_class[KEY_META] = member;
        return;
    }
    if (json_is_container(member) || !is_inert(member, key.class))
        out->several = true;
    switch (key.class) {
    case KEY_META:
    case KEY_DATA:
    case KEY_OPAQUE:
    case KEY_CLOCK:
    case KEY_REFERENCE:
        return;
    case KEY_TIME:
    case KEY_TIME_MAYBE:
        if (out->time == TIMESTAMP_NONE)
            (void)json_time(decoding, member, key.utc, &out->time);
        return;
    case KEY_SEEN:
        if (out->seen == TIMESTAMP_NONE)
            (void)json_time(decoding, member, false, &out->seen);
        return;
    case KEY_UNIT_OF:
        if (json_is_filled(member) && out->unit_count < JSON_UNITS) {
            out->units[out->unit_count].unit = member;
            out->units[out->unit_count++].stem = key.stem;
        }
        return;
    case KEY_NAME:
    case KEY_KIND:
    case KEY_MODEL:
        if (!json_is_filled(member))
            return;
        break;
    case KEY_SENSOR:
    case KEY_DEVICE:
    case KEY_ID:
        if (!json_is_filled(member) && !(json_is(member, cJSON_Number) && !key.may_count))
            return;
        break;
    default:
        break;
    }
    out->by_class[key.class] = member;
}

void json_look(struct decoding *decoding, const cJSON *object, struct json_look *out)
{
    memset(out->by_class, 0, sizeof out->by_class);
    out->time = out->seen = TIMESTAMP_NONE;
    out->unit_count = 0;
    out->several = false;
    size_t i = 0;
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        struct key key = keys_find(decoding->keys, member->string);
        if (i < JSON_KEYS)
            out->keys[i++] = key;
        look_at_member(decoding, member, key, out);
    }
}

/* The message time nearest to the root, for a root that has none. */
static bool find_time(struct decoding *decoding, const cJSON *object, unsigned depth,
                      timestamp *out)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        if (!json_is(member, cJSON_Object))
            continue;
        if (depth > 1) {
            if (!keys_find(decoding->keys, member->string).meta &&
                find_time(decoding, member, depth - 1, out))
                return true;
            continue;
        }
        struct json_look look;
        json_look(decoding, member, &look);
        *out = look.time != TIMESTAMP_NONE ? look.time : look.seen;
        if (*out != TIMESTAMP_NONE)
            return true;
    }
    return false;
}

void json_message_time(struct decoding *decoding, const cJSON *root, const struct json_look *look)
{
    timestamp when = look->time != TIMESTAMP_NONE ? look->time : look->seen;
    for (unsigned depth = 1; when == TIMESTAMP_NONE && depth <= TIME_DEPTH; depth++)
        if (!find_time(decoding, root, depth, &when))
            when = TIMESTAMP_NONE;
    if (when != TIMESTAMP_NONE)
        decoding->time = when;
    decoding_trace(decoding, "time", "", "%s",
                   when == TIMESTAMP_NONE ? "no plausible one in it: the arrival"
                   : when == look->time   ? "a key at the root that tells times"
                   : when == look->seen   ? "a key at the root that tells when it was seen"
                                          : "the nearest one inside of it");
}

const char *json_words(struct decoding *decoding, const cJSON *item)
{
    char number[32];
    if (json_is(item, cJSON_String))
        return item->valuestring;
    if (json_is(item, cJSON_True | cJSON_False))
        return json_is(item, cJSON_True) ? "true" : "false";
    if (!json_is(item, cJSON_Number))
        return NULL;
    int len = snprintf(number, sizeof number, "%.15g", item->valuedouble);
    return arena_text(&decoding->batch->arena, number, len < 0 ? 0 : (size_t)len);
}

bool json_is_value(const struct json_look *look)
{
    const cJSON *value = look->by_class[KEY_VALUE];
    return value && !json_is_container(value);
}
