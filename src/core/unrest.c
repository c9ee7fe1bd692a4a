#include "core/unrest.h"

#define MINUTE (60 * TIMESTAMP_SECOND)
#define ALL ((UINT64_C(1) << UNREST_SLOTS) - 1)
#define LONGEST 12 /* doublings: slots of three days */
#define CHRONIC (UNREST_SLOTS / 2)
#define CALM (UNREST_SLOTS / 4)

static timestamp slot_width(const struct unrest *unrest)
{
    return MINUTE << unrest->doublings;
}

/* The slots as seen from `now`. */
static uint64_t slots_at(const struct unrest *unrest, timestamp now)
{
    int64_t passed = now / slot_width(unrest) - unrest->at;
    if (passed <= 0)
        return unrest->slots;
    return passed >= UNREST_SLOTS ? 0 : unrest->slots << passed & ALL;
}

unsigned unrest_count(const struct unrest *unrest, timestamp now)
{
    return (unsigned)__builtin_popcountll(slots_at(unrest, now));
}

timestamp unrest_span(const struct unrest *unrest)
{
    return slot_width(unrest) * UNREST_SLOTS;
}

/* A series that speaks less than once a slot could not fill them: its slots are longer, and what
 * was counted in others does not fit in. */
static void widen(struct unrest *unrest, timestamp period)
{
    while (slot_width(unrest) < period && unrest->doublings < LONGEST) {
        unrest->doublings++;
        unrest->slots = 0;
    }
}

bool unrest_mark(struct unrest *unrest, timestamp now, timestamp period)
{
    widen(unrest, period);
    uint64_t slots = slots_at(unrest, now);
    int64_t at = now / slot_width(unrest);
    if (unrest->slots == 0 || at > unrest->at)
        unrest->at = at;
    unrest->slots = slots | 1;
    if (unrest->chronic || __builtin_popcountll(unrest->slots) < CHRONIC)
        return false;
    unrest->chronic = true;
    return true;
}

bool unrest_pass(struct unrest *unrest, timestamp now)
{
    if (!unrest->chronic || unrest_count(unrest, now) >= CALM)
        return false;
    unrest->chronic = false;
    return true;
}

void unrest_set_back(struct unrest *unrest, timestamp step)
{
    unrest->at -= step / slot_width(unrest);
}
