/* Which topics, twins and series there are: finds them by name and makes the missing ones. They are
 * never moved or removed before registry_fini(). Part of the fleet (fleet_state.h); one thread at a
 * time. */
#ifndef DT_CORE_REGISTRY_H
#define DT_CORE_REGISTRY_H

#include "core/arena.h"
#include "core/fleet.h"
#include "core/hash.h"
#include "core/slab.h"

#define REGISTRY_CHUNK 128 /* series allocated together, so that walking over them is quick */

struct registry {
    struct series **chunks;
    struct twin **twins;
    struct topic **topics;
    uint32_t series_count, twin_count, topic_count;
    uint32_t chunk_room, twin_room, topic_room;
    struct hash series_hash, twin_hash, topic_hash, unit_hash;
    const char **units; /* each unit once: thousands of series share a few */
    uint32_t unit_count, unit_room;
    struct arena names; /* what never changes */
    struct slab slab;   /* what every reading touches */
    uint32_t limit;     /* of series and of twins; there may be twice as many topics */
    size_t memory;      /* all that hangs on this struct */
    size_t budget;      /* bytes; beyond, nothing new is made */
};

void registry_init(struct registry *registry, uint32_t limit, size_t budget);
void registry_fini(struct registry *registry);

/* Is the budget used up? */
bool registry_full(const struct registry *registry);

/* Finds or makes. NULL where it would be one too many, or the budget is used up. New ones are
 * zeroed but for their identity and index: messages and count are 0. */
struct topic *registry_topic(struct registry *registry, const struct decoded *message);
struct twin *registry_twin(struct registry *registry, const char *name);
struct series *registry_series(struct registry *registry, const struct topic *topic,
                               struct twin *twin, const char *path, const char *name);

/* This unit's one copy, which lives as long as the registry. NULL where it would be one too many,
 * or the budget is used up. */
const char *registry_unit(struct registry *registry, const char *unit);

/* The topic that most likely has this hash, NULL if none has. */
const struct topic *registry_guess_topic(const struct registry *registry, uint32_t hash);

/* NULL if there is none of this name. */
struct twin *registry_find_twin(const struct registry *registry, const char *name);
struct topic *registry_find_topic(const struct registry *registry, const char *name);

struct series *registry_at(const struct registry *registry, uint32_t index);

/* The n-th reading of the topic's messages belongs to this series: where to look first next time.
 */
void registry_remember(struct registry *registry, struct topic *topic, unsigned n,
                       struct series *series);

#endif
