#include "core/snapshot_shot.h"

#include <string.h>

#include "core/snapshot_order.h"

static void take_names(struct shot *shot, const struct snapshot_order *order, uint32_t id,
                       struct query_row *row)
{
    size_t len;
    if (ROW_KIND(id) == ROW_SERIES) {
        query_row_series(row, fleet_series(shot->fleet, id), shot->now, QUERY_FIXED);
    } else if (ROW_KIND(id) == ROW_TWIN) {
        query_row_twin(row, fleet_twin(shot->fleet, ROW_INDEX(id)), shot->now);
    } else {
        const char *name = tree_name(&order->tree, ROW_INDEX(id), &len);
        query_row_clear(row);
        row->twin = arena_text(&shot->out->arena, name, len);
    }
}

/* The rows to look through: what is folded counts as well. */
static const uint32_t *list_all(struct shot *shot, const struct snapshot_order *order,
                                uint32_t *count)
{
    *count = order->count;
    if (!shot->out->request.tree || shot->out->request.folded->count == 0)
        return order->rows;
    uint32_t *rows = shot_array(shot, order->listed + order->tree.group_count, sizeof *rows);
    *count = tree_list_all(&order->tree, rows);
    return rows;
}

/* The next row that matches, once around the table at most; ROW_NONE: none does. */
static uint32_t find(struct shot *shot, const struct snapshot_order *order)
{
    const struct snapshot_request *request = &shot->out->request;
    uint32_t count, at = 0, selected = order->rows[shot->out->selected_row];
    const uint32_t *rows = list_all(shot, order, &count);
    while (at < count && rows[at] != selected)
        at++;
    int64_t row = at, step = request->find_step < 0 ? -1 : 1;
    if (request->find_step != 0)
        row += step;
    for (uint32_t i = 0; i < count; i++, row += step) {
        struct query_row names;
        uint32_t id = rows[(row + count) % count];
        take_names(shot, order, id, &names);
        if (query_matches(request->find, &names))
            return id;
    }
    return ROW_NONE;
}

/* Opens the groups above a row that are folded. */
static void unfold(struct shot *shot, struct snapshot_order *order, uint32_t id)
{
    struct snapshot *out = shot->out;
    struct bits *open = shot_array(shot, 1, sizeof *open);
    uint32_t above = tree_above(&order->tree, shot->fleet, id);
    *open = *out->request.folded;
    open->words = shot_array(shot, open->room, sizeof *open->words);
    if (open->room > 0) /* nothing has been folded yet: there are no words at all */
        memcpy(open->words, out->request.folded->words, open->room * sizeof *open->words);
    while (above != TREE_ROOT) {
        bits_set(open, above, false);
        above = tree_above(&order->tree, shot->fleet, ROW_ID(ROW_GROUP, above));
    }
    out->request.folded = open;
    out->unfolded = true;
    snapshot_order_arrange(order, shot->fleet, &out->request);
}

/* Selects a row, wherever it is; not one that the filter leaves out. */
static void show(struct shot *shot, struct snapshot_order *order, uint32_t id)
{
    struct snapshot *out = shot->out;
    uint32_t row;
    if (!shot_find_row(order, id, &row) && out->request.tree)
        unfold(shot, order, id);
    if (!shot_find_row(order, id, &row))
        return;
    out->selected_row = row;
    shot_select(&out->request, id);
}

/* The newest alarm since that one; NULL: none. */
static const struct event *newest_alarm(const struct journal *journal, uint64_t since)
{
    for (size_t i = 0; i < journal->count; i++) {
        const struct event *event = journal_newest(journal, i);
        if (event->id <= since)
            return NULL;
        if (event->type == EVENT_ANOMALY && event->severity == SEVERITY_ALARM && !event->hushed &&
            event->series != JOURNAL_NONE)
            return event;
    }
    return NULL;
}

void shot_follow(struct shot *shot, struct snapshot_order *order)
{
    struct snapshot *out = shot->out;
    const struct journal *journal = fleet_journal(shot->fleet);
    if (!out->request.follow || shot->past)
        return;
    const struct event *alarm = newest_alarm(journal, out->request.followed);
    out->request.followed = journal->next_id - 1;
    if (alarm)
        show(shot, order, alarm->series);
}

void shot_search(struct shot *shot, struct snapshot_order *order)
{
    struct snapshot *out = shot->out;
    const struct query *query = out->request.find;
    if (!query || query->count == 0 || order->count == 0)
        return;
    uint32_t id = find(shot, order);
    if (id == ROW_NONE)
        return;
    out->found = true;
    show(shot, order, id);
}
