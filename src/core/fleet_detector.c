#include "core/fleet_state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bounds.h"
#include "core/detector_auto.h"
#include "core/xalloc.h"

/* Shares of the memory budget, in sixteenths. Beyond the first, a new series gets the small
 * detector; beyond the second, each new one takes the large detector from another; once all are
 * small, new ones get the tiny detector, and beyond the third each of them makes some others tiny.
 * Series that came first, and so have learnt most, keep theirs longest. */
#define SPARE 8
#define SHORT 12
#define SCARCE 15
#define TINY_AT_ONCE 3 /* that is about what a series takes without its detector */

static const struct detector_type *const sizes[] = {
    [DETECTOR_FULL] = &detector_auto,
    [DETECTOR_SMALL] = &detector_auto_small,
    [DETECTOR_TINY] = &detector_auto_tiny,
};

const struct detector_type *fleet_detector(const struct fleet *fleet, const struct series *series)
{
    return series->detector_size > DETECTOR_FULL ? sizes[series->detector_size]
                                                 : fleet->options.detector;
}

static void count_in(struct fleet *fleet, const struct series *series)
{
    enum detector_size size = series->detector_size;
    fleet->totals.detectors[size]++;
    if (fleet->detectors_end[size] <= series->index)
        fleet->detectors_end[size] = series->index + 1;
}

/* A smaller state is the first part of a larger one: what was learnt in it stays. */
static void shrink(struct fleet *fleet, struct series *series)
{
    size_t before = sizes[series->detector_size]->state_size;
    fleet->totals.detectors[series->detector_size++]--;
    size_t after = sizes[series->detector_size]->state_size;
    void *larger = series->detector;
    series->detector = slab_take(&fleet->registry.slab, after);
    memcpy(series->detector, larger, after);
    slab_give(&fleet->registry.slab, larger, before);
    series->detector_bytes = (uint32_t)after;
    fleet->registry.memory -= before - after;
    count_in(fleet, series);
}

/* Makes the last series of this size one smaller. */
static void shrink_last(struct fleet *fleet, enum detector_size size)
{
    while (fleet->totals.detectors[size] > 0) {
        struct series *series = registry_at(&fleet->registry, --fleet->detectors_end[size]);
        if (series->detector_size == size) {
            shrink(fleet, series);
            return;
        }
    }
}

/* What the budget has for a new series. */
static enum detector_size afford(struct fleet *fleet)
{
    size_t sixteenths = fleet->registry.memory / (fleet->registry.budget / 16);
    if (fleet->options.detector != &detector_auto || sixteenths < SPARE)
        return DETECTOR_FULL;
    if (sixteenths < SHORT)
        return DETECTOR_SMALL;
    if (fleet->totals.detectors[DETECTOR_FULL] > 0) {
        shrink_last(fleet, DETECTOR_FULL);
        return DETECTOR_SMALL;
    }
    for (int i = 0; sixteenths >= SCARCE && i < TINY_AT_ONCE; i++)
        shrink_last(fleet, DETECTOR_SMALL);
    return DETECTOR_TINY;
}

static void beside_init(struct fleet *fleet, struct series *series)
{
    const struct detector_type *const *types = fleet->options.beside;
    size_t count = 0;
    while (types[count])
        count++;
    if (count == 0)
        return;
    series->beside = xcalloc(count + 1, sizeof *series->beside);
    fleet->registry.memory += (count + 1) * sizeof *series->beside;
    for (size_t i = 0; i < count; i++) {
        size_t size = types[i]->state_size;
        series->beside[i].type = types[i];
        series->beside[i].state = size > 0 ? xcalloc(1, size) : NULL;
        fleet->registry.memory += size;
    }
}

void fleet_detector_init(struct fleet *fleet, struct series *series)
{
    series->detector_size = afford(fleet);
    size_t size = fleet_detector(fleet, series)->state_size;
    if (size > 0)
        series->detector = memset(slab_take(&fleet->registry.slab, size), 0, size);
    series->detector_bytes = (uint32_t)size;
    fleet->registry.memory += size;
    count_in(fleet, series);
    beside_init(fleet, series);
}

void fleet_detector_forget(struct fleet *fleet, struct series *series)
{
    size_t size = fleet_detector(fleet, series)->state_size;
    if (size > 0)
        memset(series->detector, 0, size);
    for (struct beside *other = series->beside; other && other->type; other++)
        if (other->type->state_size > 0)
            memset(other->state, 0, other->type->state_size);
}

timestamp fleet_detector_due(const struct fleet *fleet, const struct series *series)
{
    const struct detector_type *type = fleet_detector(fleet, series);
    timestamp first = type->due ? type->due(series->detector) : DETECTOR_NEVER;
    for (const struct beside *other = series->beside; other && other->type; other++) {
        timestamp due = other->type->due ? other->type->due(other->state) : DETECTOR_NEVER;
        first = due < first ? due : first;
    }
    return first;
}

void fleet_detector_pardon(struct fleet *fleet, struct series *series, timestamp length)
{
    const struct detector_type *type = fleet_detector(fleet, series);
    if (type->pardon)
        type->pardon(series->detector, length);
    for (struct beside *other = series->beside; other && other->type; other++)
        if (other->type->pardon)
            other->type->pardon(other->state, length);
}

void fleet_detector_set_back(struct fleet *fleet, struct series *series, timestamp step)
{
    const struct detector_type *type = fleet_detector(fleet, series);
    if (type->set_back)
        type->set_back(series->detector, step);
    for (struct beside *other = series->beside; other && other->type; other++)
        if (other->type->set_back)
            other->type->set_back(other->state, step);
}

static void tell_beside(struct fleet *fleet, struct series *series, size_t i, timestamp time,
                        const struct verdict *verdict, struct outcomes *out)
{
    series->beside[i].anomalies++;
    fleet->totals.beside[i]++;
    struct outcome *outcome = fleet_outcome(out, OUTCOME_ANOMALY, time, series->twin);
    if (!outcome)
        return;
    outcome->series = series;
    outcome->topic = series->literal_topic;
    outcome->value = series->value;
    outcome->verdict = *verdict;
    outcome->detector = series->beside[i].type->name;
    outcome->beside = true;
}

bool fleet_detector_elapse(struct fleet *fleet, struct series *series, timestamp now,
                           struct outcomes *out)
{
    const struct detector_options *options = &fleet->options.detection;
    for (size_t i = 0; series->beside && series->beside[i].type; i++) {
        const struct beside *other = &series->beside[i];
        struct verdict verdict;
        if (other->type->elapse && other->type->elapse(options, other->state, now, &verdict))
            tell_beside(fleet, series, i, now, &verdict, out);
    }
    const struct detector_type *type = fleet_detector(fleet, series);
    return type->elapse && type->elapse(options, series->detector, now, &fleet->verdict);
}

void fleet_detector_observe(struct fleet *fleet, struct series *series,
                            const struct observation *seen, struct verdict beside[DETECTORS_MOST])
{
    const struct detector_options *options =
        series->guard ? &series->guard->detection : &fleet->options.detection;
    fleet_detector(fleet, series)->observe(options, series->detector, seen, &fleet->verdict);
    for (size_t i = 0; series->beside && series->beside[i].type; i++)
        series->beside[i].type->observe(options, series->beside[i].state, seen, &beside[i]);
}

void fleet_detector_tell(struct fleet *fleet, struct series *series, timestamp time,
                         const struct verdict beside[DETECTORS_MOST], struct outcomes *out)
{
    for (size_t i = 0; series->beside && series->beside[i].type; i++)
        if (beside[i].kind != ANOMALY_NONE)
            tell_beside(fleet, series, i, time, &beside[i], out);
}

void fleet_detector_votes(const struct fleet *fleet, const struct series *series,
                          uint8_t votes[VOTERS])
{
    const struct detector_type *type = fleet_detector(fleet, series);
    float rarities[VOTERS] = {0};
    if (type == &detector_auto || type == &detector_auto_small)
        detector_auto_votes(series->detector, rarities);
    for (int i = 0; i < VOTERS; i++)
        votes[i] = (uint8_t)lroundf(10 * clipped(rarities[i], UINT8_MAX / 10));
}

const char *fleet_detector_name(const struct fleet *fleet)
{
    return fleet->options.beside[0] ? fleet->options.detector->name : NULL;
}

bool fleet_tally(const struct fleet *fleet, char *out, size_t size)
{
    const struct fleet_options *options = &fleet->options;
    int at = snprintf(out, size, "%s %" PRIu64, options->detector->name, fleet->totals.anomalies);
    for (size_t i = 0; options->beside[i] && at >= 0 && (size_t)at < size; i++)
        at += snprintf(out + at, size - (size_t)at, ", %s %" PRIu64, options->beside[i]->name,
                       fleet->totals.beside[i]);
    return options->beside[0] != NULL;
}
