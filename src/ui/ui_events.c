#include "ui/ui_state.h"

void ui_scroll_events(struct ui *ui, int32_t lines)
{
    if (lines == MOVE_HOME)
        ui->events_skip = 0;
    else
        ui->events_skip = (uint32_t)ui_clamp((int64_t)ui->events_skip + lines, 0, JOURNAL_EVENTS);
}

/* To the series of the next anomaly in the log, and to its line there. The log has the newest on
 * top, so the next one is older: the first e goes to the newest, further ones down. */
void ui_hop(struct ui *ui, struct engine *engine, int step)
{
    uint64_t id = 0;
    uint32_t series = engine_hop(engine, -step, ui->hop_event, &id);
    if (series == SNAPSHOT_NO_SERIES) {
        ui_message(ui,
                   ui->hop_event ? "No further anomaly in this direction." : "No anomaly so far.");
        return;
    }
    ui->selected = series;
    ui->follow = false;
    ui->move = 0;
    ui->hop_event = id;
    uint64_t newer = ui->event_total > id ? ui->event_total - id : 0;
    uint64_t shown = (uint64_t)ui->layout.events.height;
    if (newer < ui->events_skip)
        ui->events_skip = (uint32_t)newer;
    else if (shown > 0 && newer >= ui->events_skip + shown)
        ui->events_skip = (uint32_t)(newer - shown + 1);
}
