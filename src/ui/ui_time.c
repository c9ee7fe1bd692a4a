#include <string.h>

#include "ui/ui_state.h"

#define SMALL_STEPS 60 /* of a span; and never less than a second */
#define BIG_STEPS 5

/* From the chart's own span, which need not be in the list, to the next one there. */
void ui_zoom(struct ui *ui, int step)
{
    struct chart_window *window = &ui->chart.window;
    timestamp span = window->span > 0 ? window->span : ui_span(ui->span);
    int64_t at = 0, most = (int64_t)ui_span_count() - 1;
    while (at < most && ui_span((unsigned)at) < span)
        at++;
    if (ui_span((unsigned)at) == span || step < 0)
        at += step;
    if (step > 0 && ui_span((unsigned)ui_clamp(at, 0, most)) < span)
        return;
    if (at < 0)
        return;
    ui->zoomed = true;
    ui->span = (unsigned)ui_clamp(at, 0, most);
    if (ui->stretch.count > 0)
        chart_window_zoom(window, &ui->stretch, ui_span(ui->span));
    window->span = 0;
}

/* Straight to one of the spans of the setup. */
void ui_next_span(struct ui *ui)
{
    timestamp next = setup_next_span(ui_span(ui->span));
    while (ui_span(ui->span) != next)
        ui->span = (ui->span + 1) % ui_span_count();
    ui->chart.window.span = 0;
    ui->zoomed = true;
}

/* Holds at once; the setup saves it. */
void ui_toggle_scale(struct ui *ui)
{
    ui->setup.trend.common = !ui->setup.trend.common;
    ui->setup.changed |= SETUP_SCALE;
}

/* What keys have set is what is saved there. */
void ui_open_setup(struct ui *ui)
{
    timestamp span = ui_span(ui->span);
    if (ui->screen != SCREEN_SETUP && ui->zoomed && ui->setup.span != span &&
        strcmp(setup_span_name(span), setup_span_name(0)) != 0) {
        ui->setup.span = span;
        ui->setup.changed |= SETUP_SPAN;
    }
    ui->screen = ui->screen == SCREEN_SETUP ? SCREEN_MAIN : SCREEN_SETUP;
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

/* Back until the first reading that is kept, on until now: from there on it is live. */
void ui_scrub(struct ui *ui, struct engine *engine, timestamp now, int direction, bool far)
{
    timestamp step = ui_span(ui->span) / (far ? BIG_STEPS : SMALL_STEPS);
    timestamp from = ui->as_of != TIMESTAMP_NONE ? ui->as_of : now, to;
    if (step < TIMESTAMP_SECOND)
        step = TIMESTAMP_SECOND;
    to = from + direction * step;
    if (direction < 0 && ui->oldest != TIMESTAMP_NONE && to < ui->oldest)
        to = ui->oldest < from ? ui->oldest : from;
    if (to >= now) {
        ui->as_of = TIMESTAMP_NONE;
    } else {
        ui->events_all = false;
        ui_pause_at(ui, engine, to);
    }
}

void ui_live(struct ui *ui)
{
    ui->as_of = TIMESTAMP_NONE;
    ui_newest_events(ui);
    ui->chart.window = (struct chart_window){0};
}
