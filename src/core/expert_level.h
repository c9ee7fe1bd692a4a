/* Asks of each value: is the level of the last few rare for this series? The distance between a
 * fast and a slow average, against all such distances before. Values in any unit that stays the
 * same. Plain data (zeroed = nothing seen), one thread at a time. */
#ifndef DT_CORE_EXPERT_LEVEL_H
#define DT_CORE_EXPERT_LEVEL_H

#include "core/tail.h"

struct expert_level {
    double fast, slow; /* averages over about 10 and 500 values */
    float spread;      /* mean distance of a value from the slow average */
    struct tail tail;
};

/* Judges the level that value leads to, then learns it. seen: values before it. least: a smaller
 * distance is a matter of rounding and not rare. Returns the rarity (tail.h). */
float expert_level_step(struct expert_level *expert, double value, uint32_t seen, float least);

#endif
