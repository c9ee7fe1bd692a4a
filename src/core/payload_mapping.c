#include "core/payload_mapping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/mapping.h"
#include "core/plain.h"
#include "core/topic.h"

#define MAX_LEVELS 64

/* The member at a path. A key may hold dots itself, so every key that the path begins with is
 * tried. */
static const cJSON *at_path(const cJSON *root, const char *path)
{
    size_t i = 0;
    const cJSON *member;
    if (json_is(root, cJSON_Array)) {
        char *end;
        unsigned long wanted = strtoul(path, &end, 10);
        if (end == path || (*end && *end != '.'))
            return NULL;
        cJSON_ArrayForEach(member, root)
        {
            if (i++ == wanted)
                return *end ? at_path(member, end + 1) : member;
        }
        return NULL;
    }
    cJSON_ArrayForEach(member, root)
    {
        size_t len = member->string ? strlen(member->string) : 0;
        if (!member->string || strncmp(path, member->string, len) != 0)
            continue;
        if (path[len] == '\0')
            return member;
        const cJSON *inner = path[len] == '.' ? at_path(member, path + len + 1) : NULL;
        if (inner)
            return inner;
    }
    return NULL;
}

static void add_level(struct growing *name, const char *topic, int number)
{
    struct topic_level levels[MAX_LEVELS];
    size_t count = topic_split(topic, levels, MAX_LEVELS);
    size_t at = number > 0 ? (size_t)number - 1 : count - (size_t)-number;
    if (count <= MAX_LEVELS && at < count)
        growing_add(name, levels[at].at, levels[at].len);
}

void decoding_map_sensor(struct decoding *decoding, const void *root)
{
    const struct mapping *mapping = decoding->mapping;
    struct growing *name = decoding->name;
    growing_cut(name, 0);
    for (size_t i = 0; i < mapping->part_count; i++) {
        const struct mapping_part *part = &mapping->sensor[i];
        size_t before = name->len;
        if (before > 0)
            growing_add(name, "/", 1);
        size_t joined = name->len;
        if (!part->path) {
            add_level(name, decoding->message->topic, part->level);
        } else {
            const char *words = json_words(decoding, root ? at_path(root, part->path) : NULL);
            if (words)
                growing_add(name, words, strlen(words));
        }
        if (name->len == joined)
            growing_cut(name, before);
    }
    decoding->sensor = NULL;
    if (name->len > 0) {
        decoding->sensor = batch_name(decoding->batch, name->text, name->len);
        decoding_trace(decoding, "sensor", "", "the mapping's");
    }
}

void mapped_look(struct decoding *decoding, const cJSON *root)
{
    const struct mapping *mapping = decoding->mapping;
    if (mapping->part_count > 0)
        decoding_map_sensor(decoding, root);
    if (!mapping->time)
        return;
    decoding->time_is_mapped = true;
    decoding->time = decoding->message->arrival;
    if (strcmp(mapping->time, "-") == 0)
        return;
    if (json_time(decoding, at_path(root, mapping->time), false, &decoding->time))
        decoding_trace(decoding, "time", mapping->time, "the mapping's place of the time");
    else
        decoding_trace(decoding, "time", mapping->time,
                       "no plausible time at the mapping's place: the arrival");
}

void mapped_presence(struct decoding *decoding, const cJSON *root, const char *sensor)
{
    const struct mapping *mapping = decoding->mapping;
    const cJSON *member = at_path(root, mapping->presence);
    const char *words = json_words(decoding, member);
    if (!words)
        return;
    decoding->consumed = member;
    enum status status = mapping_word(mapping, words, strlen(words));
    decoding_trace(decoding, "presence", mapping->presence,
                   status == STATUS_UNKNOWN ? "none of the mapping's words" : "the mapping's word");
    if (status != STATUS_UNKNOWN)
        decoding_presence(decoding, sensor, status);
}

static double number_of(const cJSON *member, bool *state)
{
    *state = json_is(member, cJSON_True | cJSON_False);
    if (*state)
        return json_is(member, cJSON_True);
    if (json_is(member, cJSON_Number))
        return member->valuedouble;
    if (!json_is(member, cJSON_String))
        return NAN;
    struct plain plain = plain_read(member->valuestring, strlen(member->valuestring));
    *state = plain.kind == PLAIN_STATE;
    return plain.kind == PLAIN_NUMBER || *state ? plain.value : NAN;
}

void mapped_rest(struct decoding *decoding, const cJSON *root, const char *sensor, const char *path)
{
    const struct mapping *mapping = decoding->mapping;
    for (size_t i = 0; i < mapping->series_count; i++) {
        const struct mapping_series *series = &mapping->series[i];
        bool state;
        if (series->wild || decoding->mapped >> i & 1)
            continue;
        double value = number_of(at_path(root, series->path), &state);
        if (!isfinite(value))
            continue;
        growing_cut(decoding->path, 0);
        growing_add(decoding->path, path, strlen(path));
        growing_add(decoding->path, ".", *path ? 1 : 0);
        growing_add(decoding->path, series->path, strlen(series->path));
        decoding_trace(decoding, "series", decoding->path->text, "the mapping lists it");
        struct item *item =
            decoding_reading(decoding, sensor, series->path, decoding->path->text, "", value);
        if (item)
            item->binary_state = state && series->scale == 1 && series->offset == 0;
    }
}
