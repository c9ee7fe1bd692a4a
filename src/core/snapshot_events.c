#include "core/snapshot.h"
#include "core/snapshot_shot.h"

/* The ids of the events that are listed, the newest first. */
struct list {
    uint64_t *ids;
    int64_t count;
};

/* Looks at the event itself only where something hangs on it: the log is a megabyte. */
static bool is_listed(const struct shot *shot, uint64_t id)
{
    const struct snapshot_request *request = &shot->out->request;
    bool filtered = request->event_filter && request->event_filter->count > 0;
    bool past = shot->past && !request->events_all;
    struct query_row row;
    if (!past && !filtered)
        return true;
    const struct event *event = journal_find(fleet_journal(shot->fleet), id);
    if (past && event->time > shot->now)
        return false;
    if (!filtered)
        return true;
    query_row_event(&row, shot->fleet, event, past ? shot->now : request->now);
    return query_matches(request->event_filter, &row);
}

static struct list list_events(struct shot *shot)
{
    const struct journal *journal = fleet_journal(shot->fleet);
    struct list list = {.ids = shot_array(shot, journal->count, sizeof *list.ids)};
    for (size_t i = 1; i <= journal->count; i++)
        if (is_listed(shot, journal->next_id - i))
            list.ids[list.count++] = journal->next_id - i;
    return list;
}

static int64_t clamp(int64_t value, int64_t most)
{
    return value > most ? (most > 0 ? most : 0) : value < 0 ? 0 : value;
}

/* Where an event stands, or the next older one if it is not listed. */
static int64_t place_of(const struct list *list, uint64_t id)
{
    int64_t low = 0, high = list->count;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (list->ids[middle] > id)
            low = middle + 1;
        else
            high = middle;
    }
    return clamp(low, list->count - 1);
}

static int64_t moved(int64_t from, int32_t by, int64_t most)
{
    return by == MOVE_HOME ? 0 : clamp(by == MOVE_END ? most : from + by, most);
}

/* Settles which events are in sight, and which one is selected. Returns the first one's place. */
static int64_t resolve(struct snapshot_request *request, const struct list *list)
{
    /* Where no line is wanted there is still a first one. */
    int64_t rows = request->events > 0 ? request->events : 1;
    int64_t least = list->count - rows, selected = -1;
    int64_t top = request->events_top > 0 ? place_of(list, request->events_top) : 0;
    top = moved(clamp(top, least), request->events_scroll, clamp(least, least));
    if (request->event_line > 0)
        selected = clamp(top + request->event_line - 1, list->count - 1);
    else if (request->event > 0)
        selected = moved(place_of(list, request->event), request->event_move, list->count - 1);
    else if (request->event_move != 0)
        selected = request->event_move == MOVE_END ? list->count - 1 : top;
    if (list->count == 0)
        selected = -1;
    if (selected >= 0 && (request->event_seen || request->event_move != 0)) {
        top = selected < top ? selected : top;
        top = selected >= top + rows ? clamp(selected - rows + 1, least) : top;
    }
    request->events_top = top > 0 ? list->ids[top] : 0;
    request->event = selected >= 0 ? list->ids[selected] : 0;
    request->events_scroll = request->event_move = 0;
    request->event_line = 0;
    return top;
}

void shot_events(struct shot *shot)
{
    const struct journal *journal = fleet_journal(shot->fleet);
    struct snapshot *out = shot->out;
    struct list list = list_events(shot);
    int64_t top = resolve(&out->request, &list);
    int64_t left = list.count - top;
    out->event_total = journal->next_id - 1;
    out->event_all = (uint32_t)journal->count;
    out->event_matches = (uint32_t)list.count;
    out->events_newer = (uint32_t)top;
    out->event_count = left < out->request.events ? (uint32_t)left : out->request.events;
    out->events = shot_array(shot, out->event_count, sizeof *out->events);
    for (uint32_t i = 0; i < out->event_count; i++)
        out->events[i] = *journal_find(journal, list.ids[top + i]);
    journal_hours(journal, shot->now, out->event_hours);
}

uint32_t snapshot_event_row(const struct fleet *fleet, const struct event *event)
{
    if (event->series != JOURNAL_NONE)
        return ROW_ID(ROW_SERIES, event->series);
    if (event->twin == JOURNAL_NONE)
        return ROW_NONE;
    const struct twin *twin = fleet_twin(fleet, event->twin);
    for (uint32_t i = 0; twin->series_count > 0 && i < fleet_series_count(fleet); i++)
        if (fleet_series(fleet, i)->twin == twin)
            return ROW_ID(ROW_SERIES, i);
    return ROW_ID(ROW_TWIN, event->twin);
}

static bool is_stop(const struct fleet *fleet, const struct query *filter, timestamp now,
                    const struct event *event)
{
    struct query_row row;
    if (!filter || filter->count == 0)
        return event->type == EVENT_ANOMALY || event->type == EVENT_BOOKMARK;
    query_row_event(&row, fleet, event, now);
    return query_matches(filter, &row);
}

uint32_t snapshot_hop(const struct fleet *fleet, const struct query *filter, timestamp now,
                      int step, uint64_t from, uint64_t *id)
{
    const struct journal *journal = fleet_journal(fleet);
    uint64_t oldest = journal->next_id - journal->count;
    uint64_t at = from > 0 ? from + (uint64_t)(int64_t)step : journal->next_id - 1;
    if (from == 0)
        step = -1; /* the newest there is, whichever way */
    if (at < oldest && step > 0)
        at = oldest; /* it has left the log meanwhile */
    for (; at >= oldest && at < journal->next_id; at += (uint64_t)(int64_t)step) {
        const struct event *event = journal_find(journal, at);
        if (event && is_stop(fleet, filter, now, event)) {
            *id = at;
            return snapshot_event_row(fleet, event);
        }
    }
    return ROW_NONE;
}
