#include "ui/ui_state.h"

#include <stdio.h>

/* Several keys may come between two frames. */
static int32_t add_up(int32_t before, int32_t lines)
{
    if (lines == MOVE_HOME || lines == MOVE_END || before == MOVE_HOME || before == MOVE_END)
        return lines;
    return ui_clamp((int64_t)before + lines, -JOURNAL_EVENTS, JOURNAL_EVENTS);
}

void ui_scroll_events(struct ui *ui, int32_t lines)
{
    ui->events_scroll = add_up(ui->events_scroll, lines);
}

void ui_select_event(struct ui *ui, int32_t lines)
{
    ui->event_move = add_up(ui->event_move, lines);
}

void ui_newest_events(struct ui *ui)
{
    ui->events_top = 0;
    ui->events_scroll = ui->event_move = 0;
    ui->event = 0;
    ui->event_sought = false;
}

/* Selects a row of the table. */
static void seek(struct ui *ui, uint32_t row)
{
    ui->follow = false;
    if (row == ROW_NONE)
        return;
    bool series = ROW_KIND(row) == ROW_SERIES;
    ui->selected = series ? row : SNAPSHOT_NO_SERIES;
    ui->other_row = series ? ROW_NONE : row;
    ui->move = 0;
    ui->sought = row;
}

/* A filter of the table may hide what an event is about. */
void ui_check_sought(struct ui *ui)
{
    uint32_t at = ui->selected != SNAPSHOT_NO_SERIES ? ui->selected : ui->other_row;
    bool hidden = ui->sought != ROW_NONE && ui->sought != at && !ui->tree;
    ui->sought = ROW_NONE;
    if (hidden && ui->filter.count > 0 && ui->prompt.kind == PROMPT_NONE)
        ui_message(ui, "The filter of the table hides what this event is about: F4 changes it.");
}

/* To the next anomaly or bookmark in the log, or whatever the log's filter lets through, and to its
 * series. The log has the newest on top, so the next one is older: the first e goes to the newest,
 * further ones down. */
void ui_hop(struct ui *ui, struct engine *engine, timestamp now, int step)
{
    uint64_t id = 0;
    if (ui->as_of != TIMESTAMP_NONE && !ui->events_all)
        now = ui->as_of; /* as the list has it */
    uint32_t row = engine_hop(engine, &ui->event_filter, now, -step, ui->event, &id);
    bool filtered = ui->event_filter.count > 0;
    if (id == 0) {
        ui_message(ui, ui->event  ? (filtered ? "No further event in this direction."
                                              : "No further anomaly in this direction.")
                       : filtered ? "No event passes the filter of the log."
                                  : "No anomaly so far.");
        return;
    }
    seek(ui, row);
    ui->event = id;
    ui->event_move = 0;
    ui->event_sought = true;
}

/* Table and chart go to where and when it happened; the log stays as it is. */
void ui_open_event(struct ui *ui, struct engine *engine)
{
    struct event event;
    uint32_t row;
    if (ui->event == 0) {
        ui_message(ui, "No event is selected: ↑ and ↓ select one.");
        return;
    }
    if (!engine_event(engine, ui->event, &event, &row)) {
        ui_message(ui, "This event has left the log.");
        return;
    }
    seek(ui, row);
    ui_pause_at(ui, engine, event.time);
    ui->events_all = true;
    ui->chart.window = (struct chart_window){0}; /* which ends at that moment */
    ui->maximised = false;
}

/* Marks the selected event, or else the moment shown, of the selected series. */
void ui_bookmark(struct ui *ui, struct engine *engine, timestamp now)
{
    bool twin = ROW_KIND(ui->other_row) == ROW_TWIN;
    if (ui->screen == SCREEN_MAIN && ui->focus == PANE_EVENTS && ui->event > 0) {
        engine_bookmark_event(engine, ui->event);
    } else {
        if (ui->as_of != TIMESTAMP_NONE)
            now = ui->as_of;
        engine_bookmark(
            engine, now, ui->selected == SNAPSHOT_NO_SERIES ? JOURNAL_NONE : ui->selected,
            ui->selected == SNAPSHOT_NO_SERIES && twin ? ROW_INDEX(ui->other_row) : JOURNAL_NONE);
    }
    ui_message(ui, "Bookmarked: e and E come by, kind=bookmark in the log's filter lists all.");
}
