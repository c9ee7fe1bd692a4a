#include "core/expert_daytime.h"

#include <math.h>

#define DAY (86400 * TIMESTAMP_SECOND)
#define SMOOTH 0.1f
#define LEARN 0.15f
#define LEARN_FIRST 0.3f /* during the first visit of a bin */
#define JUDGE_FROM 2     /* visits: on the first one the profile is made from what it judges */

static unsigned bin_of(timestamp time)
{
    timestamp in_day = time % DAY;
    if (in_day < 0)
        in_day += DAY;
    return (unsigned)(in_day * DAYTIME_BINS / DAY);
}

static bool was_still(const struct expert_daytime *expert, unsigned bin)
{
    return expert->stills[bin / 8] >> bin % 8 & 1;
}

/* Keeps what the visit that ends was like, and begins one. */
static void enter(struct expert_daytime *expert, unsigned bin, float value)
{
    unsigned left = expert->bin, bit = 1u << left % 8;
    bool next = expert->started && bin == (left + 1) % DAYTIME_BINS;
    expert->rested_before = next && was_still(expert, left);
    if (expert->started) {
        unsigned others = expert->stills[left / 8] & ~bit;
        expert->stills[left / 8] = (uint8_t)(expert->still ? others | bit : others);
    }
    if (expert->visits[bin] == 0)
        expert->usual[bin] = value;
    if (expert->visits[bin] < UINT8_MAX)
        expert->visits[bin]++;
    expert->bin = (uint8_t)bin;
    expert->held = value;
    expert->started = expert->still = true;
}

static void follow(struct expert_daytime *expert, unsigned bin, float value)
{
    if (!expert->started || bin != expert->bin)
        enter(expert, bin, value);
    expert->still &= value == expert->held;
}

void expert_daytime_pass(struct expert_daytime *expert, timestamp time, float value)
{
    follow(expert, bin_of(time), value);
}

bool expert_daytime_rests(const struct expert_daytime *expert)
{
    return was_still(expert, expert->bin) || expert->rested_before;
}

float expert_daytime_step(struct expert_daytime *expert, timestamp time, float value, float least)
{
    unsigned bin = bin_of(time);
    float rarity = 0;
    expert->expected = expert->usual[bin];
    if (expert->visits[bin] > 0) {
        float distance = value - expert->usual[bin];
        expert->distance += SMOOTH * (distance - expert->distance);
        if (expert->visits[bin] >= JUDGE_FROM)
            rarity = tail_judge(&expert->tail, fabsf(expert->distance));
    }
    follow(expert, bin, value);
    float gain = expert->visits[bin] == 1 ? LEARN_FIRST : LEARN;
    expert->usual[bin] += gain * (value - expert->usual[bin]);
    return fabsf(expert->distance) > least ? rarity : 0;
}
