#include "core/expert_level.h"

#include <math.h>

#include "core/average.h"

#define FAST 0.1f
#define SLOW 0.002f

float expert_level_step(struct expert_level *expert, double value, uint32_t seen, float least)
{
    float slow = average_gain(SLOW, seen);
    double away = value - expert->slow;
    expert->fast += average_gain(FAST, seen) * (value - expert->fast);
    float distance = (float)fabs(expert->fast - expert->slow);
    float rarity = tail_judge(&expert->tail, distance);
    expert->spread += slow * ((float)fabs(away) - expert->spread);
    expert->slow += slow * away;
    return distance > least ? rarity : 0;
}
