#include "core/decoding.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/payload.h"
#include "core/text.h"
#include "core/xalloc.h"

#define UNIT_COLUMNS 16
#define FACT_COLUMNS 128
#define TEXT_COLUMNS 200
#define REASON_BYTES 200
#define NAMES_ROOM 64             /* bytes in a strip for what does not come from the payload */
#define NOW_SECONDS (2.0 * 86400) /* sunrise and sunset are within a day of now */
#define FIRST_EPOCH 9e8           /* smaller numbers are no seconds since 1970 of our days */

void growing_fini(struct growing *growing)
{
    free(growing->text);
    *growing = (struct growing){.text = NULL};
}

void growing_add(struct growing *growing, const char *text, size_t len)
{
    if (growing->len + len + 1 > growing->room) {
        growing->room = (growing->len + len + 1) * 2;
        growing->text = xrealloc(growing->text, growing->room);
    }
    memcpy(growing->text + growing->len, text, len);
    growing->len += len;
    growing->text[growing->len] = '\0';
}

void growing_cut(struct growing *growing, size_t len)
{
    growing->len = len;
    if (growing->room > 0)
        growing->text[len] = '\0';
}

void decoding_set_plain(struct decoding *decoding)
{
    decoding->plain = true;
    decoding->spare = decoding->len + NAMES_ROOM;
    decoding->strip = arena_alloc(&decoding->batch->arena, decoding->spare);
}

/* A copy of text that is safe as it is. */
static const char *copy(struct decoding *decoding, const char *text, size_t len)
{
    if (len >= decoding->spare)
        return arena_text(&decoding->batch->arena, text, len);
    char *out = decoding->strip;
    memcpy(out, text, len);
    out[len] = '\0';
    decoding->strip += len + 1;
    decoding->spare -= len + 1;
    return out;
}

const char *decoding_own_name(struct decoding *decoding, const struct topic_name *name)
{
    if (decoding->sensor)
        return decoding->sensor;
    return copy(decoding, name->text, name->len);
}

void decoding_tell(const struct decoding *decoding, const char *part, const char *place,
                   const char *format, ...)
{
    char why[REASON_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    decoding->trace->tell(decoding->trace->context, part, place, why);
}

const char *decoding_name(struct decoding *decoding, const char *text, size_t len)
{
    bool blank_end = len > 0 && (text[0] == ' ' || text[len - 1] == ' ');
    if (decoding->plain && len <= TEXT_NAME_COLUMNS && !blank_end)
        return copy(decoding, text, len);
    return batch_name(decoding->batch, text, len);
}

static const char *words(struct decoding *decoding, const char *text, size_t len, unsigned columns)
{
    if (decoding->plain && len <= columns)
        return copy(decoding, text, len);
    return batch_words(decoding->batch, text, len, columns);
}

/* What the mapping says of one reading. false: nothing of it is wanted. */
static bool map_reading(struct decoding *decoding, const char *path, const char **series,
                        const char **unit, double *value)
{
    const struct mapping *mapping = decoding->mapping;
    const char *place = strlen(path) >= decoding->root ? path + decoding->root : path;
    const struct mapping_series *listed = mapping_at(mapping, place);
    if (!listed) {
        bool ignored = mapping_ignores(mapping, place);
        if (ignored)
            decoding_trace(decoding, "no series", path, "the mapping ignores it");
        return !ignored;
    }
    size_t number = (size_t)(listed - mapping->series);
    decoding->mapped |= UINT64_C(1) << number;
    if (listed->name && *listed->name)
        *series = listed->name;
    if (listed->unit)
        *unit = listed->unit;
    *value = *value * listed->scale + listed->offset;
    decoding_trace(decoding, "series", path, "the mapping's: %s%s × %g + %g",
                   listed->name ? "name " : "", listed->name ? listed->name : "", listed->scale,
                   listed->offset);
    return isfinite(*value);
}

struct item *decoding_reading(struct decoding *decoding, const char *sensor, const char *series,
                              const char *path, const char *unit, double value)
{
    struct batch *batch = decoding->batch;
    if (decoding->mapping && !map_reading(decoding, path, &series, &unit, &value))
        return NULL;
    if (++decoding->readings > PAYLOAD_MAX_SERIES)
        return NULL;
    bool own_unit = *unit != '\0';
    if (!own_unit)
        unit = topics_unit(decoding->topics, decoding->message->topic, path);
    if (!own_unit && *unit != '\0')
        decoding_trace(decoding, "unit", path, "%s, from another message (discovery)", unit);
    struct item *item = batch_add(batch, ITEM_READING);
    item->sensor = sensor;
    item->series = decoding_name(decoding, series, strlen(series));
    item->path =
        strcmp(path, series) == 0 ? item->series : decoding_name(decoding, path, strlen(path));
    item->unit = *unit == '\0' ? "" : words(decoding, unit, strlen(unit), UNIT_COLUMNS);
    item->value = value + 0.0; /* no negative zero */
    item->time = decoding->time;
    return item;
}

void decoding_presence(struct decoding *decoding, const char *sensor, enum status status)
{
    struct item *item = batch_add(decoding->batch, ITEM_PRESENCE);
    item->sensor = sensor;
    item->status = status;
    item->time = decoding->message->arrival; /* a last will was written when the session began */
}

static struct item *add_words(struct decoding *decoding, enum item_type type, const char *sensor,
                              const char *text, size_t len, unsigned columns)
{
    struct item *item = batch_add(decoding->batch, type);
    item->sensor = sensor;
    item->text = words(decoding, text, len, columns);
    item->time = decoding->time;
    return item;
}

/* A sensor says the same of itself with every reading: a hash of all of it tells at one look. */
static void sum_up_fact(struct decoding *decoding, const char *sensor, const char *name,
                        size_t name_len, const char *text, size_t len)
{
    struct decoded *message = &decoding->batch->messages[decoding->batch->message_count - 1];
    bool first = !decoding->facts_of;
    if (first)
        decoding->facts_of = sensor;
    if (decoding->facts_of != sensor || (!first && message->facts == 0))
        message->facts = 0;
    else
        message->facts = hash_more(hash_more(message->facts, name, name_len), text, len) | 1;
}

void decoding_fact(struct decoding *decoding, const char *sensor, const char *name,
                   const char *text, size_t len)
{
    struct item *item = add_words(decoding, ITEM_FACT, sensor, text, len, FACT_COLUMNS);
    size_t name_len = strlen(name);
    item->series = decoding_name(decoding, name, name_len);
    sum_up_fact(decoding, sensor, name, name_len, text, len);
}

void decoding_text(struct decoding *decoding, const char *sensor, const char *text, size_t len)
{
    add_words(decoding, ITEM_TEXT, sensor, text, len, TEXT_COLUMNS);
}

void decoding_command(struct decoding *decoding, const char *sensor, const char *text, size_t len,
                      double value)
{
    add_words(decoding, ITEM_COMMAND, sensor, text, len, TEXT_COLUMNS)->value = value;
}

struct item *decoding_malformed(struct decoding *decoding, const char *format, ...)
{
    char reason[REASON_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    struct item *item = add_words(decoding, ITEM_MALFORMED, NULL, reason,
                                  len < 0 ? 0 : strlen(reason), REASON_BYTES);
    struct topic_info *topic = decoding->topic;
    if (topic && topic->named_sensor)
        item->sensor = decoding_own_name(decoding, &topic_names(topic, topic->scope)->sensor);
    return item;
}

bool decoding_wants_number(const struct decoding *decoding)
{
    return decoding->topic->delivered_number || decoding->topic->sense.numbers;
}

bool decoding_is_now(const struct decoding *decoding, double number)
{
    timestamp when;
    if (number < FIRST_EPOCH || !timestamp_from_epoch(number, &when))
        return false;
    double from_own = (double)(when - decoding->time);
    double from_arrival = (double)(when - decoding->message->arrival);
    return fmin(fabs(from_own), fabs(from_arrival)) < NOW_SECONDS * (double)TIMESTAMP_SECOND;
}

void decoding_finish(struct decoding *decoding)
{
    if (decoding->readings > PAYLOAD_MAX_SERIES)
        decoding_malformed(decoding, "%zu readings beyond the first %d of a message",
                           decoding->readings - PAYLOAD_MAX_SERIES, PAYLOAD_MAX_SERIES);
}
