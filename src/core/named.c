#include "core/named.h"

#include <math.h>

#include "core/average.h"
#include "core/bounds.h"

#define CAP 3         /* rarity that a value may teach at most: see tail_judge_capped() */
#define JUDGE_FROM 20 /* values: before, z means little */

#define SPIKE_Z 5
#define SPIKE_RARITY 2.7f

#define SHIFT_CUT 3 /* scales: a single spike is no shift */
#define SHIFT_SLACK 0.5f
#define SHIFT_SUM 8
#define SHIFT_BEGINS 2
#define SHIFT_RARITY 3

#define DRIFT_GAIN 0.03f
#define DRIFT_CAP 2    /* lower than CAP, as one departure has many values */
#define DRIFT_FROM 500 /* values: what the slow average needs to be slow */
#define DRIFT_RARITY 4.5f
#define DRIFT_SCALES 1.5f

#define BURST_FAST 0.2f
#define BURST_SLOW 0.005f
#define BURST_FAST_CUT 6 /* usual changes */
#define BURST_SLOW_CUT 3
#define BURST_RATIO 2
#define BURST_ROUND 0.35f
#define BURST_RARITY 3.5f

#define STUCK_GAIN 0.002f
#define STUCK_KNOWN 10 /* runs */
#define STUCK_MEAN_LEAST 0.02f
#define STUCK_PRIOR 15 /* runs that the prior of the shape counts for */
#define STUCK_SHAPE 0.3f
#define STUCK_CAP 2 /* rarity among runs that a run may teach at most */
#define STUCK_RUN 5
#define STUCK_RARITY 4
#define STUCK_GROWTH 1.5f
#define STUCK_FADE 0.999f

struct finding spike_step(struct spike *spike, const struct named_input *in)
{
    struct finding finding = {.size = fabsf(in->prediction.z)};
    if (in->seen >= JUDGE_FROM)
        finding.rarity = tail_judge_capped(&spike->tail, finding.size, CAP);
    finding.told = finding.size >= SPIKE_Z && finding.rarity - in->price / 2 >= SPIKE_RARITY;
    return finding;
}

static void shift_side_step(struct shift_side *side, float z, const struct named_input *in)
{
    if (side->sum < SHIFT_BEGINS) { /* what the noise makes */
        side->start = in->prediction.expected;
        side->since = in->time;
        side->total = 0;
        side->count = 0;
    }
    side->sum = larger_of(side->sum + z - SHIFT_SLACK, 0);
    side->total += (float)(in->value - side->start);
    side->count++;
}

struct finding shift_step(struct shift *shift, const struct named_input *in)
{
    float z = clipped(in->prediction.z, SHIFT_CUT);
    shift_side_step(&shift->up, z, in);
    shift_side_step(&shift->down, -z, in);
    const struct shift_side *side = shift->up.sum >= shift->down.sum ? &shift->up : &shift->down;
    struct finding finding = {.size = side->sum, .start = side->start, .since = side->since};
    if (in->seen >= JUDGE_FROM)
        finding.rarity = tail_judge_capped(&shift->tail, finding.size, CAP);
    finding.told = finding.size >= SHIFT_SUM && finding.rarity >= SHIFT_RARITY;
    if (finding.told)
        finding.change = side->total / (float)side->count;
    return finding;
}

void shift_reset(struct shift *shift)
{
    shift->up.sum = shift->down.sum = 0;
}

struct finding drift_step(struct drift *drift, const struct named_input *in)
{
    drift->medium += average_gain(DRIFT_GAIN, in->seen) * (in->value - drift->medium);
    float away = (float)(drift->medium - in->slow);
    if (in->seen == 0 || (away > 0) != drift->above) {
        drift->start = drift->medium;
        drift->since = in->time;
        drift->above = away > 0;
    }
    struct finding finding = {.size = fabsf(away),
                              .start = drift->start,
                              .change = (float)(drift->medium - drift->start),
                              .since = drift->since};
    finding.rarity = tail_judge_capped(&drift->tail, finding.size, DRIFT_CAP);
    finding.told = in->seen >= DRIFT_FROM && finding.rarity - in->price >= DRIFT_RARITY &&
                   finding.size > DRIFT_SCALES * in->prediction.scale;
    return finding;
}

struct finding burst_step(struct burst *burst, const struct named_input *in)
{
    const float change = fabsf(in->prediction.change), quantum = in->prediction.quantum;
    const float usual = burst->slow;
    bool settled = in->seen > JUDGE_FROM;
    float fast = settled ? smaller_of(change, BURST_FAST_CUT * usual + quantum) : change;
    float slow = settled ? smaller_of(fast, BURST_SLOW_CUT * usual + quantum) : change;
    burst->fast += average_gain(BURST_FAST, in->seen) * (fast - burst->fast);
    burst->slow += average_gain(BURST_SLOW, in->seen) * (slow - usual);
    struct finding finding = {.size = usual > 0 ? burst->fast / usual : 1};
    if (in->seen >= JUDGE_FROM)
        finding.rarity = tail_judge_capped(&burst->tail, finding.size, CAP);
    /* A single step of a rounded value is no noise, however rare it is. */
    float least = larger_of(usual, BURST_ROUND * quantum);
    finding.told = finding.rarity >= BURST_RARITY && burst->fast >= BURST_RATIO * least;
    return finding;
}

/* Run lengths as a generalised Pareto distribution of their mean and variance: P(run >= n) =
 * (1 + shape rate n)^(-1 / shape). Runs that vary no more than geometric ones (each value repeats
 * by the same chance) come close to an exponential one. */
struct run_model {
    float shape, rate;
};

static struct run_model run_model(const struct stuck *stuck)
{
    float mean = larger_of(stuck->mean, STUCK_MEAN_LEAST), runs = (float)stuck->runs;
    float variance = stuck->square - stuck->mean * stuck->mean;
    variance -= mean; /* what whole numbers add to it: geometric runs have mean + mean^2 */
    float shape = variance > 0 ? larger_of(0.5f * (1 - mean * mean / variance), 0) : 0;
    shape = (runs * shape + STUCK_PRIOR * STUCK_SHAPE) / (runs + STUCK_PRIOR);
    return (struct run_model){.shape = shape, .rate = logf(1 + 1 / mean) / (1 - shape)};
}

/* The run as it is to be learnt: a stuck sensor is not to become usual at once. */
static float capped_run(const struct stuck *stuck)
{
    float run = (float)stuck->run;
    if (stuck->runs < STUCK_KNOWN || stuck->run < STUCK_RUN)
        return run;
    struct run_model model = run_model(stuck);
    float most = (powf(10, STUCK_CAP * model.shape) - 1) / (model.shape * model.rate);
    return smaller_of(run, most + 1);
}

static void end_run(struct stuck *stuck)
{
    float held = (float)(stuck->last - stuck->since);
    stuck->ever = larger_of(stuck->ever, held);
    if (stuck->told == 0)
        stuck->usual = larger_of(stuck->usual, held);
    stuck->told = 0;
    float longest = smaller_of((float)stuck->run, STUCK_GROWTH * stuck->longest + 8);
    stuck->longest = longest > stuck->longest ? longest : stuck->longest * STUCK_FADE;
    float run = capped_run(stuck), gain = average_gain(STUCK_GAIN, stuck->runs);
    stuck->mean += gain * (run - stuck->mean);
    stuck->square += gain * (run * run - stuck->square);
    stuck->runs += stuck->runs < UINT32_MAX;
    stuck->run = 0;
}

struct finding stuck_step(struct stuck *stuck, timestamp time, bool same, float price)
{
    if (!same) {
        if (stuck->since != 0)
            end_run(stuck);
        stuck->since = time;
    } else if (stuck->run < UINT32_MAX) {
        stuck->run++;
    }
    stuck->last = time;
    struct finding finding = {.size = (float)stuck->run, .since = stuck->since};
    if (stuck->run < STUCK_RUN || stuck->runs < STUCK_KNOWN || finding.size <= stuck->longest)
        return finding;
    struct run_model model = run_model(stuck);
    float among_runs = log10f(1 + model.shape * model.rate * finding.size) / model.shape;
    finding.rarity =
        among_runs + log10f(1 + stuck->mean); /* of all readings: fewer are in its place */
    finding.told = finding.rarity - price >= STUCK_RARITY;
    return finding;
}
