#include "core/detector_auto_state.h"

#include "core/reason.h"

void auto_set_band(const struct hearing *hearing, double middle, double reach, struct verdict *out)
{
    const struct front *front = &hearing->memory->front;
    out->low = front_value(front, middle - reach, hearing->last);
    out->high = front_value(front, middle + reach, hearing->last);
}

/* A distance on the scale of the statistics, as the series counts it. */
static double raw_size(const struct hearing *hearing, double size)
{
    return size * hearing->memory->front.unit;
}

static void tell_level(const struct hearing *hearing, const struct finding *finding,
                       struct verdict *out)
{
    double reach = hearing->memory->reach * hearing->input.prediction.scale;
    auto_set_band(hearing, finding->start, reach, out);
    out->kind = ANOMALY_LEVEL;
    reason_level(out, raw_size(hearing, finding->change), finding->since, hearing->seen->unit);
}

static void tell_drift(const struct hearing *hearing, const struct finding *finding,
                       struct verdict *out)
{
    auto_set_band(hearing, hearing->input.slow, hearing->memory->drift.tail.edge, out);
    out->kind = ANOMALY_DRIFT;
    reason_drift(out, raw_size(hearing, finding->change), hearing->seen->time - finding->since,
                 hearing->seen->unit);
}

static void tell_stuck(const struct hearing *hearing, struct verdict *out)
{
    const struct stuck *stuck = &hearing->memory->stuck;
    out->kind = ANOMALY_STUCK;
    reason_stuck(out, hearing->seen->value, hearing->seen->unit, hearing->seen->time - stuck->since,
                 (timestamp)stuck->ever, (timestamp)stuck->usual);
}

/* By the strongest of the views that look at values. */
static void tell_unusual(const struct hearing *hearing, struct verdict *out)
{
    const struct memory *memory = hearing->memory;
    const struct full_memory *full = hearing->full;
    const float level = memory->votes[VOTER_LEVEL], daytime = memory->votes[VOTER_DAYTIME];
    const float shape = memory->votes[VOTER_SHAPE];
    const struct observation *seen = hearing->seen;
    out->kind = ANOMALY_UNUSUAL;
    if (level >= daytime && level >= shape) {
        double now = front_value(&memory->front, memory->level.fast, hearing->last);
        auto_set_band(hearing, hearing->input.slow, memory->level.tail.edge, out);
        reason_unusual_level(out, now, seen->unit);
    } else if (daytime >= shape) {
        auto_set_band(hearing, full->daytime.expected, full->daytime.tail.edge, out);
        reason_unusual_time(out, seen->time, seen->value, seen->unit);
    } else {
        reason_unusual_shape(out, SHAPE_VALUES);
    }
}

void auto_tell(const struct hearing *hearing, struct verdict *out)
{
    const struct finding *finding = &hearing->findings[hearing->voter % VOTERS];
    switch (hearing->voter) {
    case VOTER_SPIKE:
        out->kind = ANOMALY_SPIKE;
        reason_spike(out, hearing->seen->value, hearing->seen->unit);
        break;
    case VOTER_SHIFT:
        tell_level(hearing, finding, out);
        break;
    case VOTER_DRIFT:
        tell_drift(hearing, finding, out);
        break;
    case VOTER_BURST:
        out->kind = ANOMALY_BURST;
        reason_burst(out, finding->size);
        break;
    case VOTER_STUCK:
        tell_stuck(hearing, out);
        break;
    default:
        tell_unusual(hearing, out);
    }
}
