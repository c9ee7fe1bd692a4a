#include "core/registry.h"

#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

#define FIRST_ROOM 32
#define UNITS_MOST 4096
#define LARGEST_SLOT 1024 /* readings of a message whose places are remembered */

void registry_init(struct registry *registry, uint32_t limit, size_t budget)
{
    *registry = (struct registry){.limit = limit, .budget = budget};
}

bool registry_full(const struct registry *registry)
{
    return registry->memory >= registry->budget;
}

static void series_fini(struct registry *registry, struct series *series)
{
    slab_give(&registry->slab, series->detector, series->detector_bytes);
    if (series->guard)
        limit_watch_fini(&series->guard->limits);
    free(series->guard);
    free(series->trouble);
    for (struct beside *other = series->beside; other && other->type; other++)
        free(other->state);
    free(series->beside);
    slab_give(&registry->slab, series->forecast, sizeof *series->forecast);
    window_fini(&series->window);
    history_fini(&series->history);
}

static void twin_free(struct registry *registry, struct twin *twin)
{
    for (unsigned i = 0; i < twin->fact_count; i++) {
        free(twin->facts[i].name);
        free(twin->facts[i].text);
    }
    free(twin->last_text);
    slab_give(&registry->slab, twin, sizeof *twin);
}

static void topic_free(struct registry *registry, struct topic *topic)
{
    free(topic->slots);
    slab_give(&registry->slab, topic->payload, topic->payload_room);
    slab_give(&registry->slab, topic, sizeof *topic);
}

void registry_fini(struct registry *registry)
{
    for (uint32_t i = 0; i < registry->series_count; i++)
        series_fini(registry, registry_at(registry, i));
    for (uint32_t i = 0; i < registry->series_count; i += REGISTRY_CHUNK)
        free(registry->chunks[i / REGISTRY_CHUNK]);
    for (uint32_t i = 0; i < registry->twin_count; i++)
        twin_free(registry, registry->twins[i]);
    for (uint32_t i = 0; i < registry->topic_count; i++) {
        topic_free(registry, registry->topics[i]);
    }
    free(registry->chunks);
    free(registry->twins);
    free(registry->topics);
    free(registry->units);
    hash_fini(&registry->series_hash);
    hash_fini(&registry->twin_hash);
    hash_fini(&registry->topic_hash);
    hash_fini(&registry->unit_hash);
    arena_fini(&registry->names);
    slab_fini(&registry->slab);
    *registry = (struct registry){0};
}

struct series *registry_at(const struct registry *registry, uint32_t index)
{
    return &registry->chunks[index / REGISTRY_CHUNK][index % REGISTRY_CHUNK];
}

static char *keep_name(struct registry *registry, const char *name)
{
    size_t len = strlen(name);
    registry->memory += len + 1;
    return arena_text(&registry->names, name, len);
}

/* Makes room for one more in a list of pointers. */
static void *list_grow(struct registry *registry, void *list, uint32_t count, uint32_t *room)
{
    if (count < *room)
        return list;
    uint32_t grown = *room > 0 ? *room * 2 : FIRST_ROOM;
    registry->memory += (grown - *room) * sizeof(void *);
    *room = grown;
    return xrealloc(list, grown * sizeof(void *));
}

static void *take_zeroed(struct registry *registry, size_t size)
{
    return memset(slab_take(&registry->slab, size), 0, size);
}

/* What is looked for, as the hash tables hand it to the functions that compare. */
struct wanted {
    const struct registry *registry;
    const char *name;
    const char *path; /* of a series */
    const struct topic *topic;
    struct twin *twin;
};

static bool same_topic(const void *context, uint32_t number)
{
    const struct wanted *wanted = context;
    return strcmp(wanted->registry->topics[number]->name, wanted->name) == 0;
}

static bool same_twin(const void *context, uint32_t number)
{
    const struct wanted *wanted = context;
    return strcmp(wanted->registry->twins[number]->name, wanted->name) == 0;
}

/* A sensor that sends now "21.5", now {"value":21.5}, means one quantity. */
static const char *place_of(const char *path)
{
    return strcmp(path, "value") == 0 ? "" : path;
}

static bool same_series(const void *context, uint32_t number)
{
    const struct wanted *wanted = context;
    const struct series *series = registry_at(wanted->registry, number);
    return series->topic == wanted->topic->name && series->twin == wanted->twin &&
           strcmp(series->name, wanted->name) == 0 &&
           strcmp(place_of(series->path), place_of(wanted->path)) == 0;
}

static struct topic *new_topic(struct registry *registry, const char *name, const char *literal,
                               uint32_t hash)
{
    registry->topics =
        list_grow(registry, registry->topics, registry->topic_count, &registry->topic_room);
    struct topic *topic = take_zeroed(registry, sizeof *topic);
    topic->name = keep_name(registry, name);
    topic->literal = strcmp(name, literal) == 0 ? topic->name : keep_name(registry, literal);
    topic->index = registry->topic_count;
    registry->topics[registry->topic_count++] = topic;
    registry->memory += sizeof *topic + hash_add(&registry->topic_hash, hash, topic->index);
    return topic;
}

static uint32_t find_topic(const struct registry *registry, const char *name, uint32_t hash)
{
    struct wanted wanted = {.registry = registry, .name = name};
    return hash_find(&registry->topic_hash, hash, same_topic, &wanted);
}

struct topic *registry_find_topic(const struct registry *registry, const char *name)
{
    uint32_t number = find_topic(registry, name, hash_text(name, 0));
    return number == HASH_NONE ? NULL : registry->topics[number];
}

const struct topic *registry_guess_topic(const struct registry *registry, uint32_t hash)
{
    uint32_t number = hash_guess(&registry->topic_hash, hash);
    return number == HASH_NONE ? NULL : registry->topics[number];
}

struct topic *registry_topic(struct registry *registry, const struct decoded *message)
{
    uint32_t number = find_topic(registry, message->topic, message->hash);
    if (number != HASH_NONE)
        return registry->topics[number];
    if (registry->topic_count / 2 >= registry->limit || registry_full(registry))
        return NULL;
    return new_topic(registry, message->topic, message->literal, message->hash);
}

static struct twin *new_twin(struct registry *registry, const char *name, uint32_t hash)
{
    registry->twins =
        list_grow(registry, registry->twins, registry->twin_count, &registry->twin_room);
    struct twin *twin = take_zeroed(registry, sizeof *twin);
    twin->name = keep_name(registry, name);
    twin->index = registry->twin_count;
    registry->twins[registry->twin_count++] = twin;
    registry->memory += sizeof *twin + hash_add(&registry->twin_hash, hash, twin->index);
    return twin;
}

static uint32_t find_twin(const struct registry *registry, const char *name, uint32_t hash)
{
    struct wanted wanted = {.registry = registry, .name = name};
    return hash_find(&registry->twin_hash, hash, same_twin, &wanted);
}

struct twin *registry_find_twin(const struct registry *registry, const char *name)
{
    uint32_t number = find_twin(registry, name, hash_text(name, 0));
    return number != HASH_NONE ? registry->twins[number] : NULL;
}

struct twin *registry_twin(struct registry *registry, const char *name)
{
    uint32_t hash = hash_text(name, 0);
    uint32_t number = find_twin(registry, name, hash);
    if (number != HASH_NONE)
        return registry->twins[number];
    if (registry->twin_count >= registry->limit || registry_full(registry))
        return NULL;
    return new_twin(registry, name, hash);
}

static bool same_unit(const void *context, uint32_t number)
{
    const struct wanted *wanted = context;
    return strcmp(wanted->registry->units[number], wanted->name) == 0;
}

const char *registry_unit(struct registry *registry, const char *unit)
{
    struct wanted wanted = {.registry = registry, .name = unit};
    uint32_t hash = hash_text(unit, 0);
    uint32_t number = hash_find(&registry->unit_hash, hash, same_unit, &wanted);
    if (number != HASH_NONE)
        return registry->units[number];
    if (registry->unit_count == UNITS_MOST || registry_full(registry))
        return NULL;
    registry->units =
        list_grow(registry, registry->units, registry->unit_count, &registry->unit_room);
    registry->memory += hash_add(&registry->unit_hash, hash, registry->unit_count);
    return registry->units[registry->unit_count++] = keep_name(registry, unit);
}

static struct series *new_series(struct registry *registry, const struct wanted *wanted,
                                 uint32_t hash)
{
    uint32_t index = registry->series_count;
    if (index % REGISTRY_CHUNK == 0) {
        uint32_t chunk = index / REGISTRY_CHUNK;
        registry->chunks = list_grow(registry, registry->chunks, chunk, &registry->chunk_room);
        registry->chunks[chunk] = xcalloc(REGISTRY_CHUNK, sizeof(struct series));
    }
    registry->series_count++;
    struct series *series = registry_at(registry, index);
    series->index = index;
    series->topic = wanted->topic->name;
    series->literal_topic = wanted->topic->literal;
    series->twin = wanted->twin;
    series->path = keep_name(registry, wanted->path);
    series->name = keep_name(registry, wanted->name);
    registry->memory += sizeof *series + hash_add(&registry->series_hash, hash, index);
    return series;
}

struct series *registry_series(struct registry *registry, const struct topic *topic,
                               struct twin *twin, const char *path, const char *name)
{
    struct wanted wanted = {
        .registry = registry, .name = name, .path = path, .topic = topic, .twin = twin};
    uint32_t hash = hash_text(name, hash_text(twin->name, topic->index));
    uint32_t number = hash_find(&registry->series_hash, hash, same_series, &wanted);
    if (number != HASH_NONE)
        return registry_at(registry, number);
    if (registry->series_count >= registry->limit || registry_full(registry))
        return NULL;
    return new_series(registry, &wanted, hash);
}

void registry_remember(struct registry *registry, struct topic *topic, unsigned n,
                       struct series *series)
{
    if (n >= LARGEST_SLOT)
        return;
    if (n >= topic->slot_count) {
        unsigned room = n + 1;
        topic->slots = xrealloc(topic->slots, room * sizeof(struct series *));
        registry->memory += (room - topic->slot_count) * sizeof(struct series *);
        while (topic->slot_count < room)
            topic->slots[topic->slot_count++] = NULL;
    }
    topic->slots[n] = series;
}
