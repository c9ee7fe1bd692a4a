#include "ui/ui_state.h"

void ui_zoom(struct ui *ui, int step)
{
    ui->zoomed = true;
    ui->span = (unsigned)ui_clamp((int64_t)ui->span + step, 0, (int64_t)ui_span_count() - 1);
}

/* Straight to one of the spans of the setup. */
void ui_next_span(struct ui *ui)
{
    timestamp next = setup_next_span(ui_span(ui->span));
    while (ui_span(ui->span) != next)
        ui->span = (ui->span + 1) % ui_span_count();
    ui->zoomed = true;
}

/* Holds at once; the setup saves it. */
void ui_toggle_scale(struct ui *ui)
{
    ui->setup.trend.common = !ui->setup.trend.common;
    ui->setup.changed |= SETUP_SCALE;
}

void ui_pause(struct ui *ui, struct engine *engine, timestamp now)
{
    if (ui->as_of != TIMESTAMP_NONE) {
        ui->as_of = TIMESTAMP_NONE;
        return;
    }
    ui->events_all = false;
    ui_pause_at(ui, engine, now);
}

void ui_pause_at(struct ui *ui, struct engine *engine, timestamp when)
{
    struct fleet_totals totals;
    engine_totals(engine, &totals);
    if (ui->as_of == TIMESTAMP_NONE)
        ui->messages_at_pause = totals.messages;
    ui->as_of = when;
    ui->set_back = totals.set_back;
}

void ui_live(struct ui *ui)
{
    ui->as_of = TIMESTAMP_NONE;
    ui_newest_events(ui);
}
