#include "ui/ui_state.h"

#include "ui/headings.h"

#define DOUBLE_CLICK (TIMESTAMP_SECOND * 2 / 5)
#define WHEEL_ROWS 3

static bool is_in(struct rect rect, int x, int y)
{
    return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

/* A second press on the same cell soon after the first. A third one begins anew. */
static bool is_double(struct ui *ui, int x, int y, timestamp now)
{
    timestamp since = now - ui->clicked;
    bool again = ui->click_x == x && ui->click_y == y && since >= 0 && since < DOUBLE_CLICK;
    ui->click_x = x;
    ui->click_y = y;
    ui->clicked = again ? TIMESTAMP_NONE / 2 : now;
    return again;
}

/* The column whose heading covers x: from behind the one before it to its own end. */
static void click_heading(struct ui *ui, int x)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        const struct column_place *at = &ui->layout.columns[i];
        if (at->width == 0 || x >= at->x + at->width)
            continue;
        enum sort_key sort = headings_sort((enum column)i);
        if (sort == SORT_KEYS)
            return;
        if (sort == ui->sort)
            ui->descending = !ui->descending;
        else
            ui_sort_by(ui, sort);
        return;
    }
}

static void click_row(struct ui *ui, int line, bool twice)
{
    int64_t row = (int64_t)ui->first_row + line;
    if (row >= (int64_t)ui->total_rows)
        return;
    int32_t distance = (int32_t)(row - (int64_t)ui->selected_row);
    ui->focus = PANE_TABLE;
    ui->move = distance;
    if (distance == 0 && twice)
        ui_open(ui);
}

static void click_menu(struct ui *ui, int x, int y)
{
    struct rect menu = view_menu_place(&ui->layout);
    ui->menu = false;
    if (!is_in(menu, x, y) || y == menu.y)
        return;
    int sort = view_menu_first(ui->menu_at, menu.height - 1) + y - menu.y - 1;
    if (sort < SORT_KEYS && (enum sort_key)sort != ui->sort)
        ui_sort_by(ui, (enum sort_key)sort);
}

/* On a line of the menu of faults: it is chosen, and Enter injects it. */
static uint32_t click_faults(struct ui *ui, int x, int y)
{
    const struct ui_facts facts = {.fault_count = ui->fault_count};
    struct rect menu = view_faults_place(&ui->layout, &facts);
    if (!is_in(menu, x, y)) {
        ui->faults = false;
        return KEY_NONE;
    }
    int lines = menu.height - 1, at = (int)ui->fault_at;
    int first = at >= lines ? at - lines + 1 : 0;
    if (y == menu.y)
        return KEY_NONE;
    ui->fault_at = (unsigned)(first + y - menu.y - 1);
    return KEY_RETURN;
}

/* Returns the key that the click stands for. */
static uint32_t click_main(struct ui *ui, int x, int y, bool twice)
{
    const struct layout *layout = &ui->layout;
    if (is_in(layout->table, x, y)) {
        int line = y - layout->table.y - layout->table_heading;
        if (line < 0)
            click_heading(ui, x);
        else
            click_row(ui, line, twice);
    } else if (is_in(layout->events, x, y) || is_in(layout->events_title, x, y)) {
        ui->focus = PANE_EVENTS;
        if (twice && ui->event > 0)
            return KEY_RETURN;
        if (y >= layout->events.y)
            ui->event_line = (uint32_t)(y - layout->events.y) + 1;
    }
    return KEY_NONE;
}

static void turn_wheel(struct ui *ui, int x, int y, int rows)
{
    if (ui->screen == SCREEN_MAIN && is_in(ui->layout.events, x, y))
        ui_scroll_events(ui, rows);
    else if (ui->screen == SCREEN_MAIN)
        ui_move(ui, rows);
    else
        ui_scroll(ui, rows);
}

uint32_t ui_mouse(struct ui *ui, uint32_t key, int x, int y, timestamp now)
{
    enum prompt_kind prompt = ui->prompt.kind;
    bool busy = (prompt != PROMPT_NONE && prompt != PROMPT_MESSAGE) || ui->ask;
    if (key == KEY_DRAG || key == KEY_DROP) {
        if (key == KEY_DRAG)
            ui_chart_drag(ui, x);
        else
            ui_chart_release(ui);
        return KEY_NONE;
    }
    ui->anomalies_read = ui->anomalies;
    if (ui->prompt.kind == PROMPT_MESSAGE)
        ui->prompt.kind = PROMPT_NONE;
    if (busy)
        return KEY_NONE; /* a prompt takes its answers from keys */
    if (key == KEY_WHEEL_UP || key == KEY_WHEEL_DOWN) {
        if (!ui->menu && !ui->faults)
            turn_wheel(ui, x, y, key == KEY_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
        return KEY_NONE;
    }
    bool twice = is_double(ui, x, y, now);
    if (is_in(ui->layout.keys, x, y))
        return view_keys_at(&ui->layout, ui->sim_running, x);
    key = KEY_NONE;
    if (ui->faults)
        key = click_faults(ui, x, y);
    else if (ui->menu)
        click_menu(ui, x, y);
    else if (ui_chart_press(ui, x, y))
        ui_arrange(ui);
    else if (ui->screen == SCREEN_MAIN)
        key = click_main(ui, x, y, twice);
    ui_arrange(ui);
    return key;
}

bool ui_wants_mouse(const struct ui *ui)
{
    return !ui->no_mouse;
}

enum intent ui_toggle_mouse(struct ui *ui)
{
    ui->no_mouse = !ui->no_mouse;
    ui_message(ui, ui->no_mouse
                       ? "Mouse off: the terminal selects text with it. M: on again."
                       : "Mouse on: click, double click, drag in a chart, wheel, headings.");
    return INTENT_MOUSE;
}
