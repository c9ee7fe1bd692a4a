#include "core/detector_auto.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/bounds.h"
#include "core/detector_auto_state.h"
#include "core/reason.h"

/* The first readings: judged by the window before them, more cautiously than the lab does. */
#define EARLY_FROM 10 /* the n-th reading is the first */
#define EARLY_Z 6     /* a notice beyond, */
#define EARLY_ALARM 10
#define EARLY_ROUNDING 0.35 /* of a quantum: no smaller deviation is believed */

#define VIEWS_FROM 30 /* values: then the views judge, and the state is `learning` no more */
#define NAMED_FROM 80 /* values: then the named detectors, in the place of the early rule */
#define ROUNDING 0.5f /* of a quantum: smaller distances are none */
#define FREAK 1000 /* spreads, or units (front.h): farther values count as this far in averages */
#define BAND_RARITY 2 /* the expected band holds 99 of 100 readings */

#define BAR 5 /* severity of an alarm */
#define BELOW_BAR 4.9f
#define SILENT_SEVERITY 10
#define NAMED_WEIGHT 0.7f     /* severity of a rarity that one statistic alone has found */
#define TOGETHER_WEIGHT 0.25f /* of what the views add to it */

#define REST_LEAST 30 /* values after an alarm without another one, */
#define REST_MOST 600
#define REST_SHARE 20 /* in between this share of the history, */
#define ESCALATION 3  /* but for an alarm that is so many times as severe */

/* Rarities are worth less in a longer history than usual, as it makes more room for chance, and in
 * a shorter one, which knows little. Counted in values. */
#define HISTORY_USUAL 1000
#define HISTORY_LEAST 100
#define HISTORY_MOST 1000000
#define PRICE_EVERY 16 /* values it is worked out anew */

/* Rarities of independent views add up to 2.75 + .75 for each view about equally often, in a few of
 * 10,000 values, however many there are. The severity of a sum is its distance from that, plus BAR.
 */
#define VIEW_PRICE 0.75f
#define VIEWS_GRANT (BAR - 2.75f)

static const enum voter named[] = {VOTER_SPIKE, VOTER_SHIFT, VOTER_DRIFT, VOTER_BURST};
#define NAMED (sizeof named / sizeof *named)

static float price_of(uint32_t seen)
{
    uint32_t history = seen < HISTORY_LEAST ? HISTORY_LEAST : seen;
    history = history > HISTORY_MOST ? HISTORY_MOST : history;
    return fabsf(log10f((float)history / HISTORY_USUAL));
}

static uint16_t rest_after(uint32_t seen)
{
    uint32_t rest = seen / REST_SHARE;
    return (uint16_t)(rest < REST_LEAST ? REST_LEAST : rest > REST_MOST ? REST_MOST : rest);
}

static void learn_named(struct hearing *hearing)
{
    struct memory *memory = hearing->memory;
    const struct named_input *input = &hearing->input;
    hearing->findings[VOTER_SPIKE] = spike_step(&memory->spike, input);
    hearing->findings[VOTER_SHIFT] = shift_step(&memory->shift, input);
    hearing->findings[VOTER_DRIFT] = drift_step(&memory->drift, input);
    hearing->findings[VOTER_BURST] = burst_step(&memory->burst, input);
    for (size_t i = 0; i < NAMED; i++)
        memory->votes[named[i]] = hearing->findings[named[i]].rarity;
    if (memory->spike.tail.unfitted == 0)
        memory->reach = tail_size(&memory->spike.tail, BAND_RARITY);
}

static void learn_views(struct hearing *hearing, double value)
{
    struct memory *memory = hearing->memory;
    struct full_memory *full = hearing->full;
    float *votes = memory->votes;
    const float least = ROUNDING * memory->predictor.quantum, spread = memory->level.spread;
    votes[VOTER_LEVEL] = expert_level_step(&memory->level, value, memory->seen, least);
    float sum = votes[VOTER_LEVEL] + votes[VOTER_BURST] - 2 * VIEW_PRICE;
    if (full) {
        votes[VOTER_DAYTIME] =
            expert_daytime_step(&full->daytime, hearing->seen->time, (float)value, least);
        votes[VOTER_SHAPE] = expert_shape_step(&full->shape, (float)value, spread, least);
        sum += votes[VOTER_DAYTIME] + votes[VOTER_SHAPE] - 2 * VIEW_PRICE;
    } else {
        votes[VOTER_DAYTIME] = votes[VOTER_SHAPE] = 0; /* the state may have been a large one */
    }
    hearing->together = sum + VIEWS_GRANT - hearing->input.price;
}

/* The value as the averages see it: a freak one moves them no more than a very large one. */
static double tamed(const struct memory *memory, double value)
{
    double most = FREAK * larger_of(memory->level.spread, 1), slow = memory->level.slow;
    if (memory->seen < VIEWS_FROM || fabs(value - slow) <= most)
        return value;
    return value > slow ? slow + most : slow - most;
}

/* Every statistic scores the value by what was there before, then learns it, unless the sensor is
 * known to be stuck. */
static void learn(struct hearing *hearing, double value)
{
    struct memory *memory = hearing->memory;
    if (memory->seen % PRICE_EVERY == 0)
        memory->price = price_of(memory->seen);
    hearing->input = (struct named_input){
        .time = hearing->seen->time,
        .value = tamed(memory, value),
        .slow = memory->seen > 0 ? memory->level.slow : value,
        .prediction = hearing->frozen ? predictor_look(&memory->predictor, value, memory->seen)
                                      : predictor_step(&memory->predictor, value, memory->seen),
        .seen = memory->seen,
        .price = memory->price,
    };
    if (hearing->frozen) {
        if (hearing->full)
            expert_daytime_pass(&hearing->full->daytime, hearing->seen->time, (float)value);
        return;
    }
    learn_named(hearing);
    learn_views(hearing, hearing->input.value);
    memory->seen += memory->seen < UINT32_MAX;
    memory->rest -= memory->rest > 0;
    for (int i = 0; i < VOTERS; i++)
        memory->pause[i] -= memory->pause[i] > 0;
}

static void accuse(struct hearing *hearing, enum voter voter, float severity)
{
    severity = larger_of(severity, 0.01f);
    if (severity > BAR && severity <= hearing->bar)
        severity = BELOW_BAR;
    if (severity <= hearing->severity)
        return;
    hearing->voter = voter;
    hearing->severity = severity;
}

static float named_severity(const struct hearing *hearing, enum voter voter)
{
    float severity = NAMED_WEIGHT * (hearing->findings[voter].rarity - hearing->input.price);
    if (voter == VOTER_SPIKE || voter == VOTER_SHIFT)
        severity += TOGETHER_WEIGHT * larger_of(hearing->together, 0);
    return severity;
}

/* The new level is the level from now on. */
static void settle(struct memory *memory, const struct finding *shift)
{
    shift_reset(&memory->shift);
    predictor_move(&memory->predictor, shift->start + shift->change);
}

static void hear_named(struct hearing *hearing)
{
    static const uint16_t pauses[VOTERS] = {
        [VOTER_SPIKE] = 15, [VOTER_SHIFT] = 40, [VOTER_DRIFT] = 300, [VOTER_BURST] = 60};
    struct memory *memory = hearing->memory;
    for (size_t i = 0; i < NAMED; i++) {
        enum voter voter = named[i];
        float severity = named_severity(hearing, voter);
        hearing->strangest = larger_of(hearing->strangest, severity);
        if (!hearing->findings[voter].told || memory->pause[voter] > 0)
            continue;
        accuse(hearing, voter, severity);
        memory->pause[voter] = pauses[voter];
        if (voter == VOTER_SHIFT)
            settle(memory, &hearing->findings[voter]);
    }
}

/* A run is told once, and once more when it comes to be an alarm. */
static void hear_stuck(struct hearing *hearing)
{
    struct memory *memory = hearing->memory;
    const struct finding *finding = &hearing->findings[VOTER_STUCK];
    float severity = finding->rarity - hearing->input.price;
    if (!finding->told || (hearing->full && expert_daytime_rests(&hearing->full->daytime)))
        return;
    hearing->strangest = larger_of(hearing->strangest, severity);
    uint8_t tier = severity > hearing->bar ? SEVERITY_ALARM : SEVERITY_NOTICE;
    if (tier <= memory->stuck.told)
        return;
    accuse(hearing, VOTER_STUCK, severity);
    memory->stuck.told = tier;
}

/* The lab's rule (design.md, section 5) with a higher bar; leaves the verdict alone where the
 * window is too short, or where there is no size to judge. Needs no more than a tiny_memory. */
static void hear_early(struct hearing *hearing, struct verdict *out)
{
    const struct window_stats *before = &hearing->seen->before;
    const struct front *front = &hearing->memory->front;
    if (before->count + 1 < EARLY_FROM || front->form == FRONT_COUNTER)
        return;
    double scale = fmax(before->stdev, EARLY_ROUNDING * front->quantum);
    double z = scale > 0 ? (hearing->seen->value - before->mean) / scale : 0;
    if (!isfinite(z))
        return;
    bool odd = fabs(z) > EARLY_Z && !front_is_switch(front);
    if (!isnan(out->z) && !odd)
        return;
    out->z = z;
    out->low = before->mean - EARLY_Z * scale;
    out->high = before->mean + EARLY_Z * scale;
    float severity = (float)fmin(fabs(z) * BAR / EARLY_ALARM, 1e6);
    hearing->strangest = larger_of(hearing->strangest, severity);
    if (odd)
        accuse(hearing, VOTER_SPIKE, severity);
}

static void judge(struct hearing *hearing, struct verdict *out)
{
    struct memory *memory = hearing->memory;
    const struct prediction *prediction = &hearing->input.prediction;
    const bool sized = !front_is_switch(&memory->front);
    hearing->bar = memory->rest > 0 ? ESCALATION * memory->alarm : BAR;
    if (!out->learning) {
        out->z = prediction->z;
        auto_set_band(hearing, prediction->expected, memory->reach * prediction->scale, out);
        hearing->strangest = sized ? larger_of(hearing->together, 0) : 0;
    }
    if (memory->seen <= NAMED_FROM) {
        hear_early(hearing, out);
    } else {
        if (sized && !hearing->frozen)
            hear_named(hearing);
        hear_stuck(hearing);
    }
    if (!out->learning && sized && hearing->together > hearing->bar)
        hearing->severity = larger_of(hearing->severity, hearing->together);
    if (hearing->severity > hearing->bar) {
        memory->alarm = hearing->severity;
        memory->rest = rest_after(memory->seen);
    }
}

/* The values are of another kind from now on: only what is about time stays. */
static void restart(struct hearing *hearing)
{
    struct memory *memory = hearing->memory;
    struct full_memory *full = hearing->full;
    *memory =
        (struct memory){.front = memory->front, .silence = memory->silence, .stuck = memory->stuck};
    if (!full)
        return;
    memset(&full->daytime, 0, sizeof full->daytime);
    memset(&full->shape, 0, sizeof full->shape);
}

/* Takes the reading in: whatever learns, learns. */
static void take(struct hearing *hearing)
{
    struct memory *memory = hearing->memory;
    const struct observation *seen = hearing->seen;
    bool same = memory->silence.count > 0 && seen->value == memory->front.last;
    float usual = memory->silence.interval, interval = silence_beat(&memory->silence, seen->time);
    double value = 0;
    hearing->last = memory->front.last;
    hearing->frozen = same && memory->stuck.told != SEVERITY_NONE;
    hearing->findings[VOTER_STUCK] = stuck_step(&memory->stuck, seen->time, same, memory->price);
    enum front_result result =
        front_step(&memory->front, seen->value, usual > 0 ? interval / usual : 1, &value);
    if (result == FRONT_RESTART)
        restart(hearing);
    memory->votes[VOTER_STUCK] = hearing->findings[VOTER_STUCK].rarity;
    if (result != FRONT_NOTHING) {
        learn(hearing, value);
        return;
    }
    hearing->input = (struct named_input){.seen = memory->seen};
    memset(hearing->findings, 0, sizeof hearing->findings);
}

/* Sets score, severity and words by what was heard. */
static void conclude(const struct hearing *hearing, struct verdict *out)
{
    if (isnan(out->z))
        return;
    bool alarm = hearing->severity > BAR;
    float severity = alarm ? hearing->severity : smaller_of(hearing->strangest, BELOW_BAR);
    out->score = severity / (severity + BAR);
    if (hearing->severity <= 0)
        return;
    out->severity = alarm ? SEVERITY_ALARM : SEVERITY_NOTICE;
    auto_tell(hearing, out);
}

static void hear(struct hearing *hearing, struct verdict *out)
{
    verdict_clear(out);
    out->learning = hearing->memory->seen < VIEWS_FROM;
    if (!isfinite(hearing->seen->value))
        return;
    hearing->voter = VOTERS;
    hearing->severity = hearing->strangest = hearing->together = 0;
    take(hearing);
    judge(hearing, out);
    conclude(hearing, out);
}

static void auto_observe(const struct detector_options *options, void *state,
                         const struct observation *seen, struct verdict *out)
{
    (void)options;
    struct hearing
        hearing; /* set as it goes on: clearing it would take as long as some detectors */
    hearing.full = state;
    hearing.memory = &hearing.full->common;
    hearing.seen = seen;
    hear(&hearing, out);
}

static void small_observe(const struct detector_options *options, void *state,
                          const struct observation *seen, struct verdict *out)
{
    (void)options;
    struct hearing hearing;
    hearing.full = NULL;
    hearing.memory = state;
    hearing.seen = seen;
    hear(&hearing, out);
}

/* The early rule for ever, and silence. */
static void tiny_observe(const struct detector_options *options, void *state,
                         const struct observation *seen, struct verdict *out)
{
    (void)options;
    struct tiny_memory *memory = state;
    struct hearing hearing = {.memory = state, .seen = seen, .voter = VOTERS, .bar = BAR};
    verdict_clear(out);
    out->learning = seen->before.count + 1 < EARLY_FROM;
    if (!isfinite(seen->value))
        return;
    double value;
    silence_beat(&memory->silence, seen->time);
    front_step(&memory->front, seen->value, 1, &value);
    hear_early(&hearing, out);
    conclude(&hearing, out);
}

static timestamp auto_due(const void *state)
{
    const struct tiny_memory *memory = state;
    return silence_due(&memory->silence);
}

static bool auto_elapse(const struct detector_options *options, void *state, timestamp now,
                        struct verdict *out)
{
    (void)options;
    struct tiny_memory *memory = state;
    if (now < silence_due(&memory->silence))
        return false;
    memory->silence.told = true;
    verdict_clear(out);
    out->score = (double)SILENT_SEVERITY / (SILENT_SEVERITY + BAR);
    out->kind = ANOMALY_SILENT;
    out->severity = SEVERITY_ALARM;
    reason_silent(out, now - memory->silence.last - (timestamp)memory->silence.pardoned,
                  (timestamp)memory->silence.interval);
    return true;
}

static void auto_pardon(void *state, timestamp length)
{
    struct tiny_memory *memory = state;
    silence_pardon(&memory->silence, length);
}

static void tiny_set_back(void *state, timestamp step)
{
    struct tiny_memory *memory = state;
    memory->silence.last -= step;
}

static void auto_set_back(void *state, timestamp step)
{
    struct memory *memory = state;
    memory->silence.last -= step;
    memory->stuck.since -= step;
    memory->stuck.last -= step;
    memory->shift.up.since -= step;
    memory->shift.down.since -= step;
    memory->drift.since -= step;
}

const char *voter_name(enum voter voter)
{
    static const char *const names[VOTERS] = {
        [VOTER_LEVEL] = "level", [VOTER_DAYTIME] = "time of day", [VOTER_SHAPE] = "shape",
        [VOTER_BURST] = "noise", [VOTER_SPIKE] = "spike",         [VOTER_SHIFT] = "shift",
        [VOTER_DRIFT] = "drift", [VOTER_STUCK] = "stuck"};
    return names[voter];
}

void detector_auto_votes(const void *state, float votes[VOTERS])
{
    const struct memory *memory = state;
    memcpy(votes, memory->votes, sizeof memory->votes);
}

const struct detector_type detector_auto = {.name = "auto",
                                            .state_size = sizeof(struct full_memory),
                                            .observe = auto_observe,
                                            .elapse = auto_elapse,
                                            .due = auto_due,
                                            .pardon = auto_pardon,
                                            .set_back = auto_set_back};

const struct detector_type detector_auto_small = {.name = "auto-small",
                                                  .state_size = sizeof(struct memory),
                                                  .observe = small_observe,
                                                  .elapse = auto_elapse,
                                                  .due = auto_due,
                                                  .pardon = auto_pardon,
                                                  .set_back = auto_set_back};

const struct detector_type detector_auto_tiny = {.name = "auto-tiny",
                                                 .state_size = sizeof(struct tiny_memory),
                                                 .observe = tiny_observe,
                                                 .elapse = auto_elapse,
                                                 .due = auto_due,
                                                 .pardon = auto_pardon,
                                                 .set_back = tiny_set_back};
