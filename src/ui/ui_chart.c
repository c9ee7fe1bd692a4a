#include "ui/chart_frame.h"
#include "ui/ui_state.h"

#define TENTH 10

static bool is_shown(const struct ui *ui)
{
    return (ui->screen == SCREEN_DETAIL || ui->screen == SCREEN_MAIN) && ui->stretch.count > 0;
}

bool ui_chart_has_keys(const struct ui *ui)
{
    if (!is_shown(ui))
        return false;
    if (ui->screen == SCREEN_DETAIL)
        return ui->detail == DETAIL_TWIN;
    return ui->maximised ? ui->focus != PANE_EVENTS : ui->focus == PANE_CHART;
}

bool ui_chart_move(struct ui *ui, int direction, bool far)
{
    int tenth = ui->stretch.count / TENTH;
    if (!ui_chart_has_keys(ui))
        return false;
    chart_window_move(&ui->chart.window, &ui->stretch, direction * (far && tenth > 0 ? tenth : 1));
    return true;
}

bool ui_chart_first(struct ui *ui)
{
    if (!ui_chart_has_keys(ui))
        return false;
    chart_window_first(&ui->chart.window, &ui->stretch);
    return true;
}

bool ui_chart_last(struct ui *ui)
{
    if (!ui_chart_has_keys(ui))
        return false;
    chart_window_last(&ui->chart.window, &ui->stretch);
    return true;
}

/* The cursor goes first, then what was zoomed or moved to. */
bool ui_chart_back(struct ui *ui)
{
    struct chart_window *window = &ui->chart.window;
    if (!ui_chart_has_keys(ui))
        return false;
    if (window->has_cursor)
        window->has_cursor = false;
    else if (window->end != 0 || window->span != 0)
        *window = (struct chart_window){0};
    else
        return false;
    return true;
}

void ui_chart_scale(struct ui *ui)
{
    ui->chart.y = (ui->chart.y + 1) % Y_MODES;
    ui->chart.held = false;
}

void ui_chart_company(struct ui *ui)
{
    if (ui->tagged.count == 0) {
        ui_message(ui, "Tag series with Space to chart them together.");
        return;
    }
    enum company now = chart_company(ui->chart.company, ui->width, ui->height);
    ui->chart.company = now == COMPANY_NONE ? COMPANY_OVERLAY : now + 1;
}

void ui_chart_gather(struct ui *ui)
{
    uint32_t next = 0;
    ui->other_count = 0;
    if (ui->tagged.count == 0 || ui->chart.company == COMPANY_NONE)
        return;
    while (ui->other_count < CHART_OTHERS && (next = bits_next(&ui->tagged, next)) != UINT32_MAX) {
        if (next != ui->selected)
            ui->others[ui->other_count++] = next;
        next++;
    }
}

/* What the next frame shows of time is what keys and mouse move in; a scale is held as it is first
 * seen with this series. */
void ui_chart_settle(struct ui *ui, const struct snapshot *snapshot)
{
    struct chart_choices *choices = &ui->chart;
    uint32_t series = snapshot->card.row.series;
    const struct frame frame = {.snapshot = snapshot,
                                .layout = &ui->layout,
                                .chart = choices,
                                .ahead = ui->ahead,
                                .paused = ui->as_of != TIMESTAMP_NONE};
    struct chart_frame shown;
    chart_frame_stretch(&frame, &ui->stretch);
    if (ui->stretch.count == 0) {
        choices->dragging = false;
        return;
    }
    chart_window_settle(&choices->window, &ui->stretch);
    if (choices->y != Y_FIXED || (choices->held && choices->held_series == series))
        return;
    choices->held_series = series;
    choices->held = chart_frame(&frame, ui->layout.chart.width, &shown) &&
                    chart_range(&shown.chart, &choices->y_low, &choices->y_high);
}

static bool is_in_plot(const struct ui *ui, int x, int y)
{
    const struct rect *chart = &ui->layout.chart;
    return is_shown(ui) && y >= chart->y && y < chart->y + chart->height && x >= ui->stretch.x &&
           x < ui->stretch.x + ui->stretch.columns;
}

/* A press puts the cursor there; what follows may turn out to be a drag. */
bool ui_chart_press(struct ui *ui, int x, int y)
{
    struct chart_choices *choices = &ui->chart;
    choices->dragging = false;
    choices->pressed = is_in_plot(ui, x, y);
    if (!choices->pressed)
        return false;
    if (ui->screen == SCREEN_MAIN && !ui->maximised)
        ui->focus = PANE_CHART;
    chart_window_point(&choices->window, &ui->stretch, chart_window_at(&ui->stretch, x));
    choices->from = choices->to = choices->window.cursor;
    return true;
}

void ui_chart_drag(struct ui *ui, int x)
{
    struct chart_choices *choices = &ui->chart;
    if (!choices->pressed || !is_shown(ui))
        return;
    int from = chart_window_bucket(&ui->stretch, choices->from);
    int to = chart_window_at(&ui->stretch, x);
    choices->dragging = choices->dragging || to < from - 1 || to > from + 1;
    choices->to = chart_window_moment(&ui->stretch, to);
}

void ui_chart_release(struct ui *ui)
{
    struct chart_choices *choices = &ui->chart;
    if (choices->dragging && is_shown(ui))
        chart_window_choose(&choices->window, &ui->stretch,
                            chart_window_bucket(&ui->stretch, choices->from),
                            chart_window_bucket(&ui->stretch, choices->to));
    choices->dragging = choices->pressed = false;
}
