#include "core/aliases.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/xalloc.h"

struct aliases {
    struct alias *list;
    uint32_t count, room;
    struct hash by_number;
};

struct sought {
    const struct aliases *aliases;
    const char *owner;
    uint64_t number;
};

struct aliases *aliases_new(void)
{
    return xcalloc(1, sizeof(struct aliases));
}

void aliases_free(struct aliases *aliases)
{
    if (!aliases)
        return;
    for (uint32_t i = 0; i < aliases->count; i++) {
        free(aliases->list[i].owner);
        free(aliases->list[i].name);
        free(aliases->list[i].unit);
    }
    free(aliases->list);
    hash_fini(&aliases->by_number);
    free(aliases);
}

static bool same(const void *context, uint32_t number)
{
    const struct sought *sought = context;
    const struct alias *alias = &sought->aliases->list[number];
    return alias->number == sought->number && strcmp(alias->owner, sought->owner) == 0;
}

static uint32_t hash_of(const char *owner, uint64_t number)
{
    return hash_text(owner, (uint32_t)(number * 2654435761U ^ number >> 32));
}

const struct alias *aliases_find(const struct aliases *aliases, const char *owner, uint64_t number)
{
    struct sought sought = {aliases, owner, number};
    uint32_t at = hash_find(&aliases->by_number, hash_of(owner, number), same, &sought);
    return at == HASH_NONE ? NULL : &aliases->list[at];
}

void aliases_set(struct aliases *aliases, const char *owner, uint64_t number, const char *name,
                 const char *unit, uint32_t type)
{
    struct sought sought = {aliases, owner, number};
    uint32_t hash = hash_of(owner, number);
    uint32_t at = hash_find(&aliases->by_number, hash, same, &sought);
    if (at == HASH_NONE) {
        if (aliases->count == ALIASES_KEPT)
            return;
        if (aliases->count == aliases->room) {
            aliases->room = aliases->room > 0 ? aliases->room * 2 : 64;
            aliases->list = xrealloc(aliases->list, aliases->room * sizeof *aliases->list);
        }
        at = aliases->count++;
        aliases->list[at] = (struct alias){.owner = xstrdup(owner), .number = number};
        hash_add(&aliases->by_number, hash, at);
    }
    struct alias *alias = &aliases->list[at];
    free(alias->name);
    free(alias->unit);
    alias->name = xstrdup(name);
    alias->unit = xstrdup(unit);
    alias->type = type;
}
