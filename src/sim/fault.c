#include "sim/fault.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define GAP_LEAST 450 /* values between two faults of a plan */
#define GAP_MORE 250
#define SWITCH_STUCK 4 /* a switch rests often: it takes so much longer until it is stuck */

static const struct about {
    const char *name;
    bool for_switch;
    bool either_way; /* up or down */
    double shortest, longest;
    double smallest, largest;
} about[FAULT_KINDS] = {
    [FAULT_NONE] = {.name = ""},
    [FAULT_SPIKE] = {"spike", false, true, 1, 2, 6, 12},
    [FAULT_LEVEL] = {"level", false, true, 150, 300, 4, 8},
    [FAULT_DRIFT] = {"drift", false, true, 200, 400, 8, 15},
    [FAULT_BURST] = {"burst", false, false, 30, 80, 4, 8},
    [FAULT_STUCK] = {"stuck", true, false, 80, 200, 0, 0},
    [FAULT_SILENT] = {"silent", true, false, 40, 120, 0, 0},
};

static double between(struct random *random, double low, double high)
{
    return low + (high - low) * random_uniform(random);
}

const char *fault_name(enum fault_kind kind)
{
    return about[kind].name;
}

bool fault_suits_switch(enum fault_kind kind)
{
    return about[kind].for_switch;
}

struct fault fault_draw(enum fault_kind kind, uint64_t start, double pace, struct random *random)
{
    const struct about *of = &about[kind];
    double length = between(random, of->shortest, of->longest);
    if (kind != FAULT_SPIKE)
        length *= pace;
    struct fault fault = {
        .kind = kind, .start = start, .end = start + (uint64_t)fmax(1, round(length))};
    fault.size = between(random, of->smallest, of->largest);
    if (of->either_way && random_uniform(random) < 0.5)
        fault.size = -fault.size;
    return fault;
}

bool fault_running(const struct fault *fault, uint64_t at)
{
    return fault->kind != FAULT_NONE && at >= fault->start && at < fault->end;
}

bool fault_apply(const struct fault *fault, uint64_t at, double course, double noise,
                 double deviation, double before, double *value)
{
    *value = course + noise;
    if (!fault_running(fault, at))
        return true;
    double done = (double)(at - fault->start + 1) / (double)(fault->end - fault->start);
    switch (fault->kind) {
    case FAULT_SPIKE:
    case FAULT_LEVEL:
        *value += fault->size * deviation;
        break;
    case FAULT_DRIFT:
        *value += fault->size * deviation * done;
        break;
    case FAULT_BURST:
        *value = course + noise * fault->size;
        break;
    case FAULT_STUCK:
        *value = before;
        break;
    default:
        return false;
    }
    return true;
}

void fault_plan_init(struct fault_plan *plan, bool on_off, uint64_t quiet, uint64_t seed)
{
    memset(plan, 0, sizeof *plan);
    random_init(&plan->random, seed);
    plan->on_off = on_off;
    plan->next = quiet;
}

static void fill_bag(struct fault_plan *plan)
{
    for (int kind = FAULT_NONE + 1; kind < FAULT_KINDS; kind++)
        if (!plan->on_off || about[kind].for_switch)
            plan->bag[plan->left++] = (uint8_t)kind;
}

struct fault fault_plan_next(struct fault_plan *plan)
{
    if (plan->left == 0)
        fill_bag(plan);
    assert(plan->left > 0);
    unsigned drawn = (unsigned)(random_uniform(&plan->random) * plan->left);
    enum fault_kind kind = plan->bag[drawn];
    plan->bag[drawn] = plan->bag[--plan->left];
    uint64_t start = plan->next + (uint64_t)between(&plan->random, 0, GAP_MORE);
    double pace = plan->on_off && kind == FAULT_STUCK ? SWITCH_STUCK : 1;
    struct fault fault = fault_draw(kind, start, pace, &plan->random);
    plan->next = fault.end + GAP_LEAST;
    return fault;
}
