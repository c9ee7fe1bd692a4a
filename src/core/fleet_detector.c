#include "core/fleet_state.h"

#include <stdlib.h>
#include <string.h>

#include "core/detector_auto.h"
#include "core/xalloc.h"

/* Shares of the memory budget, in eighths. Beyond the first, a new series gets the small detector;
 * beyond the second, each new one takes the large detector from another; once all are small, new
 * ones get the tiny detector, and beyond the third each of them makes another one tiny. Series that
 * came first, and so have learnt most, keep theirs longest. */
#define SPARE 4
#define SHORT 6
#define SCARCE 7

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
    series->detector = xrealloc(series->detector, after);
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
    size_t eighths = fleet->registry.memory / (fleet->registry.budget / 8);
    if (fleet->options.detector != &detector_auto || eighths < SPARE)
        return DETECTOR_FULL;
    if (eighths < SHORT)
        return DETECTOR_SMALL;
    if (fleet->totals.detectors[DETECTOR_FULL] > 0) {
        shrink_last(fleet, DETECTOR_FULL);
        return DETECTOR_SMALL;
    }
    if (eighths >= SCARCE)
        shrink_last(fleet, DETECTOR_SMALL);
    return DETECTOR_TINY;
}

void fleet_detector_init(struct fleet *fleet, struct series *series)
{
    series->detector_size = afford(fleet);
    size_t size = fleet_detector(fleet, series)->state_size;
    series->detector = size > 0 ? xcalloc(1, size) : NULL;
    fleet->registry.memory += size;
    count_in(fleet, series);
}

void fleet_detector_forget(struct fleet *fleet, struct series *series)
{
    size_t size = fleet_detector(fleet, series)->state_size;
    if (size > 0)
        memset(series->detector, 0, size);
}
