#include "core/fleet_state.h"

#include <math.h>
#include <stdio.h>

#include "core/unit.h"

/* What a series said at that moment, or had said last. */
static double value_then(const struct series *series, timestamp when)
{
    uint32_t seen = history_until(&series->history, when);
    return seen > 0 ? history_at(&series->history, seen - 1)->value : NAN;
}

static void say_moment(struct event *event, const struct series *series, timestamp when)
{
    double value = value_then(series, when);
    const char *unit = unit_symbol(series->unit);
    if (isnan(value))
        fleet_log_text(event, "marked");
    else
        fleet_log_text(event, "marked at %.6g%s%s", value, *unit ? " " : "", unit);
}

void fleet_bookmark(struct fleet *fleet, timestamp when, uint32_t series, uint32_t twin)
{
    if (series != JOURNAL_NONE) {
        const struct series *at = registry_at(&fleet->registry, series);
        say_moment(fleet_log_series(fleet, when, EVENT_BOOKMARK, at), at, when);
    } else if (twin != JOURNAL_NONE) {
        fleet_log_text(fleet_log_twin(fleet, when, EVENT_BOOKMARK, fleet_twin(fleet, twin)),
                       "marked");
    } else {
        fleet_log_text(fleet_log_topic(fleet, when, EVENT_BOOKMARK, "bookmark"),
                       "this moment is marked");
    }
}

bool fleet_bookmark_event(struct fleet *fleet, uint64_t id)
{
    const struct event *found = journal_find(&fleet->journal, id);
    if (!found)
        return false;
    struct event of = *found; /* the place in the ring may be the new one's */
    struct event *event = journal_add(&fleet->journal, of.time, EVENT_BOOKMARK);
    event->series = of.series;
    event->twin = of.twin;
    snprintf(event->subject, sizeof event->subject, "%s", of.subject);
    fleet_log_text(event, of.type == EVENT_BOOKMARK ? "%s" : "marked: %s", of.text);
    return true;
}
