#include "core/snapshot_shot.h"

#include <math.h>
#include <stdlib.h>

#include "core/xalloc.h"

static void hold(const struct series *series, timestamp moment, struct held *out)
{
    const struct verdict *verdict = &series->verdict;
    *out = (struct held){.valid = series->count > 0 && series->arrival <= moment};
    if (!out->valid)
        return;
    out->z = verdict->z;
    out->low = verdict->low;
    out->high = verdict->high;
    out->state = series_state(series);
}

void shot_hold(struct shot *shot, struct snapshot_held *held)
{
    if (!shot->past) {
        held->moment = TIMESTAMP_NONE;
        return;
    }
    shot->held = held;
    if (held->moment == shot->now)
        return;
    uint32_t count = fleet_series_count(shot->fleet);
    if (count > held->room) {
        held->room = count;
        held->list = xrealloc(held->list, count * sizeof *held->list);
    }
    held->moment = shot->now;
    held->count = count;
    for (uint32_t i = 0; i < count; i++)
        hold(fleet_series(shot->fleet, i), shot->now, &held->list[i]);
}

static bool is_silent(enum state state)
{
    return state == STATE_LATE || state == STATE_LOST || state == STATE_OFFLINE;
}

void shot_take_held(const struct shot *shot, const struct series *series, struct numbers *numbers)
{
    if (!shot->held || series->index >= shot->held->count)
        return;
    const struct held *held = &shot->held->list[series->index];
    if (!held->valid)
        return;
    numbers->z = held->z;
    numbers->low = held->low;
    numbers->high = held->high;
    if (!is_silent(numbers->state) && !is_silent(held->state)) /* that goes by the moment alone */
        numbers->state = held->state;
}

void snapshot_held_fini(struct snapshot_held *held)
{
    free(held->list);
    *held = (struct snapshot_held){0};
}
