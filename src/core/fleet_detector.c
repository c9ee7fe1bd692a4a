#include "core/fleet_state.h"

#include <stdlib.h>
#include <string.h>

#include "core/detector_auto.h"
#include "core/xalloc.h"

/* Of the memory budget: from a half on, new series get the small detector; from three quarters on,
 * each of them takes the large one from another. Series that came first, and so have learnt most,
 * keep it longest. */
#define SPARE(budget) ((budget) / 2)
#define SHORT(budget) ((budget) / 4 * 3)

const struct detector_type *fleet_detector(const struct fleet *fleet, const struct series *series)
{
    return series->small_detector ? &detector_auto_small : fleet->options.detector;
}

/* The small state is the first part of the large one: what was learnt in it stays. */
static void shrink_one(struct fleet *fleet)
{
    while (fleet->full_detectors > 0) {
        struct series *series = registry_at(&fleet->registry, --fleet->full_detectors);
        if (series->small_detector)
            continue;
        series->detector = xrealloc(series->detector, detector_auto_small.state_size);
        series->small_detector = true;
        fleet->registry.memory -= detector_auto.state_size - detector_auto_small.state_size;
        fleet->totals.small_detectors++;
        return;
    }
}

void fleet_detector_init(struct fleet *fleet, struct series *series)
{
    const struct registry *registry = &fleet->registry;
    if (fleet->options.detector == &detector_auto && registry->memory > SPARE(registry->budget)) {
        series->small_detector = true;
        fleet->totals.small_detectors++;
        if (registry->memory > SHORT(registry->budget))
            shrink_one(fleet);
    } else {
        fleet->full_detectors = series->index + 1;
    }
    size_t size = fleet_detector(fleet, series)->state_size;
    series->detector = size > 0 ? xcalloc(1, size) : NULL;
    fleet->registry.memory += size;
}

void fleet_detector_forget(struct fleet *fleet, struct series *series)
{
    size_t size = fleet_detector(fleet, series)->state_size;
    if (size > 0)
        memset(series->detector, 0, size);
}
