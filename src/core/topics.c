#include "core/topics.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/text.h"
#include "core/xalloc.h"

#define LONGEST_KEPT 1024 /* bytes; longer topics are looked into each time */
#define LONGEST_UNIT 64   /* bytes, NUL included */
#define UNIT_COLUMNS 16

struct hint {
    char *topic, *path;
    char unit[LONGEST_UNIT];
};

struct topics {
    const struct mappings *mappings;
    struct topic_info *known;
    uint32_t count, room;
    struct hash by_name;
    struct topic_info passing; /* the topic that is too long to be kept */
    struct hint *hints;
    uint32_t hint_count, hint_room;
    struct hash hints_by_place; /* topic and path */
};

struct topics *topics_new(const struct mappings *mappings)
{
    struct topics *topics = xcalloc(1, sizeof *topics);
    topics->mappings = mappings;
    return topics;
}

static void info_fini(struct topic_info *info)
{
    free(info->topic);
    free(info->names[SCOPE_VALUE].memory);
    free(info->names[SCOPE_OBJECT].memory);
    free(info->subject.memory);
    *info = (struct topic_info){.topic = NULL};
}

static void forget_all(struct topics *topics)
{
    for (uint32_t i = 0; i < topics->count; i++)
        info_fini(&topics->known[i]);
    topics->count = 0;
    hash_fini(&topics->by_name);
}

void topics_free(struct topics *topics)
{
    if (!topics)
        return;
    forget_all(topics);
    info_fini(&topics->passing);
    free(topics->known);
    for (uint32_t i = 0; i < topics->hint_count; i++) {
        free(topics->hints[i].topic);
        free(topics->hints[i].path);
    }
    free(topics->hints);
    hash_fini(&topics->hints_by_place);
    free(topics);
}

static void info_init(const struct topics *topics, struct topic_info *info, const char *topic,
                      size_t len)
{
    *info = (struct topic_info){.topic = xmalloc(len + 1), .len = len};
    memcpy(info->topic, topic, len + 1);
    info->sense = identity_sense(topic);
    if (topics->mappings)
        info->mapping = mappings_find(topics->mappings, topic);
}

struct sought_topic {
    const struct topics *topics;
    const char *topic;
};

static bool same_topic(const void *context, uint32_t number)
{
    const struct sought_topic *sought = context;
    return strcmp(sought->topics->known[number].topic, sought->topic) == 0;
}

static struct topic_info *keep_topic(struct topics *topics, const char *topic, size_t len,
                                     uint32_t hash)
{
    if (topics->count == TOPICS_KEPT)
        forget_all(topics);
    if (topics->count == topics->room) {
        topics->room = topics->room > 0 ? topics->room * 2 : 64;
        topics->known = xrealloc(topics->known, topics->room * sizeof *topics->known);
    }
    struct topic_info *info = &topics->known[topics->count];
    info_init(topics, info, topic, len);
    hash_add(&topics->by_name, hash, topics->count++);
    return info;
}

struct topic_info *topics_find(struct topics *topics, const char *topic, uint32_t hash)
{
    struct sought_topic sought = {topics, topic};
    uint32_t number = hash_find(&topics->by_name, hash, same_topic, &sought);
    if (number != HASH_NONE)
        return &topics->known[number];
    size_t len = strlen(topic);
    if (len <= LONGEST_KEPT)
        return keep_topic(topics, topic, len, hash);
    info_fini(&topics->passing);
    info_init(topics, &topics->passing, topic, len);
    return &topics->passing;
}

/* Sanitises both names and keeps them in one piece of memory. */
static void keep_names(struct topic_names *names, const char *sensor, const char *series)
{
    char safe[2][TEXT_NAME_BYTES];
    text_name(safe[0], sensor, strlen(sensor));
    text_name(safe[1], series, strlen(series));
    size_t first = strlen(safe[0]), second = strlen(safe[1]);
    names->memory = xmalloc(first + second + 2);
    memcpy(names->memory, safe[0], first + 1);
    memcpy(names->memory + first + 1, safe[1], second + 1);
    names->sensor = (struct topic_name){names->memory, first};
    names->series = (struct topic_name){names->memory + first + 1, second};
}

const struct topic_names *topic_names(struct topic_info *info, enum scope scope)
{
    struct topic_names *names = &info->names[scope];
    if (!names->memory) {
        char *sensor = xmalloc(2 * (info->len + IDENTITY_SPARE));
        char *series = sensor + info->len + IDENTITY_SPARE;
        identity_split(info->topic, scope, sensor, series);
        keep_names(names, sensor, series);
        free(sensor);
    }
    return names;
}

const struct topic_name *topic_subject(struct topic_info *info)
{
    if (!info->subject.memory) {
        char *sensor = xmalloc(info->len + IDENTITY_SPARE);
        if (!identity_subject(info->topic, info->sense.role, sensor))
            sensor[0] = '\0';
        keep_names(&info->subject, sensor, "");
        free(sensor);
    }
    return info->subject.sensor.len > 0 ? &info->subject.sensor : NULL;
}

struct sought_hint {
    const struct topics *topics;
    const char *topic, *path;
};

static bool same_place(const void *context, uint32_t number)
{
    const struct sought_hint *sought = context;
    const struct hint *hint = &sought->topics->hints[number];
    return strcmp(hint->topic, sought->topic) == 0 && strcmp(hint->path, sought->path) == 0;
}

static uint32_t place_hash(const char *topic, const char *path)
{
    return hash_text(path, hash_text(topic, 1));
}

void topics_hint(struct topics *topics, const char *topic, const char *path, const char *unit,
                 size_t unit_len)
{
    struct sought_hint sought = {topics, topic, path};
    uint32_t hash = place_hash(topic, path);
    uint32_t number = hash_find(&topics->hints_by_place, hash, same_place, &sought);
    if (number == HASH_NONE) {
        if (topics->hint_count == HINTS_KEPT || strlen(topic) + strlen(path) > LONGEST_KEPT)
            return;
        if (topics->hint_count == topics->hint_room) {
            topics->hint_room = topics->hint_room > 0 ? topics->hint_room * 2 : 64;
            topics->hints = xrealloc(topics->hints, topics->hint_room * sizeof *topics->hints);
        }
        number = topics->hint_count++;
        topics->hints[number] = (struct hint){.topic = xstrdup(topic), .path = xstrdup(path)};
        hash_add(&topics->hints_by_place, hash, number);
    }
    text_sanitise(topics->hints[number].unit, LONGEST_UNIT, unit, unit_len, UNIT_COLUMNS);
}

const char *topics_unit(const struct topics *topics, const char *topic, const char *path)
{
    if (topics->hint_count == 0)
        return "";
    struct sought_hint sought = {topics, topic, path};
    uint32_t number =
        hash_find(&topics->hints_by_place, place_hash(topic, path), same_place, &sought);
    return number == HASH_NONE ? "" : topics->hints[number].unit;
}
