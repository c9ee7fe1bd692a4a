#include "ui/ui_state.h"

#include <stdio.h>
#include <string.h>

#include "core/explanation.h"
#include "ui/format.h"

#define PAGE_OVERLAP 1
#define NAME_COLUMNS 40 /* of a twin in a question */

static void say(struct ui *ui, enum prompt_kind kind, const char *text)
{
    ui->prompt.kind = kind;
    snprintf(ui->prompt.text, sizeof ui->prompt.text, "%s", text);
}

void ui_message(struct ui *ui, const char *text)
{
    say(ui, PROMPT_MESSAGE, text);
}

static int clamp(int64_t value, int64_t least, int64_t most)
{
    return (int)(value < least ? least : value > most ? most : value);
}

/* Several keys may come between two frames: their moves add up. Home and End are places, so what
 * follows them counts from the rows of the last answer. */
static void move(struct ui *ui, int32_t rows)
{
    int64_t before = ui->move;
    if (rows == MOVE_HOME || rows == MOVE_END || ui->move == 0) {
        ui->move = rows;
        return;
    }
    if (ui->move == MOVE_HOME)
        before = -(int64_t)ui->selected_row;
    else if (ui->move == MOVE_END)
        before = (int64_t)ui->total_rows - 1 - (int64_t)ui->selected_row;
    ui->move = clamp(before + rows, MOVE_HOME + 1, MOVE_END - 1);
}

static void scroll_events(struct ui *ui, int32_t lines)
{
    if (lines == MOVE_HOME)
        ui->events_skip = 0;
    else
        ui->events_skip = (uint32_t)clamp((int64_t)ui->events_skip + lines, 0, JOURNAL_EVENTS);
}

static void scroll(struct ui *ui, int32_t lines)
{
    if (ui->screen == SCREEN_HELP) {
        int most = (int)view_help_scroll_most(&ui->layout);
        ui->help_scroll = (unsigned)clamp((int64_t)ui->help_scroll + lines, 0, most);
    } else if (ui->screen == SCREEN_DECODED) {
        int most = (int)view_decoded_scroll_most(&ui->layout, &ui->payload, &ui->decoded);
        ui->decoded_scroll = (unsigned)clamp((int64_t)ui->decoded_scroll + lines, 0, most);
    } else if (ui->screen == SCREEN_MAIN && ui->focus == PANE_EVENTS) {
        scroll_events(ui, lines);
    } else if (ui->screen != SCREEN_BROKER) {
        move(ui, lines);
    }
}

static int page(const struct ui *ui)
{
    int lines = ui->main.table.height - ui->main.table_heading;
    if (ui->screen == SCREEN_HELP || ui->screen == SCREEN_DECODED)
        lines = ui->height - 6;
    else if (ui->screen == SCREEN_MAIN && ui->focus == PANE_EVENTS)
        lines = ui->layout.events.height;
    return lines - PAGE_OVERLAP < 1 ? 1 : lines - PAGE_OVERLAP;
}

/* One level back. false: there was nothing to come back from. */
static bool back(struct ui *ui)
{
    if (ui->screen == SCREEN_HELP)
        ui->screen = ui->behind_help;
    else if (ui->screen == SCREEN_DECODED)
        ui->screen = ui->behind_decoded;
    else if (ui->screen != SCREEN_MAIN)
        ui->screen = SCREEN_MAIN;
    else if (ui->maximised)
        ui->maximised = false;
    else if (ui->focus == PANE_EVENTS || ui->events_skip > 0) {
        ui->focus = PANE_TABLE;
        ui->events_skip = 0;
    } else
        return false;
    return true;
}

static void toggle_help(struct ui *ui)
{
    if (ui->screen == SCREEN_HELP) {
        ui->screen = ui->behind_help;
        return;
    }
    ui->behind_help = ui->screen;
    ui->screen = SCREEN_HELP;
    ui->help_scroll = 0;
}

/* One pane for itself; the table brings all of them back. */
static void show_pane(struct ui *ui, enum pane pane)
{
    ui->screen = SCREEN_MAIN;
    ui->maximised = pane != PANE_TABLE;
    ui->focus = pane == PANE_EVENTS ? PANE_EVENTS : PANE_TABLE;
}

static void show_broker(struct ui *ui, struct engine *engine)
{
    engine_want_sys(engine);
    ui->screen = SCREEN_BROKER;
}

/* Told once, of the message that is the last one now: it holds still while it is read. */
static void show_decoded(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    struct arena arena = {0};
    struct message *messages;
    size_t kept, count = engine_last_messages(engine, ui->selected, &arena, &messages, &kept);
    listing_reset(&ui->payload);
    listing_reset(&ui->decoded);
    ui->decoded_scroll = 0;
    if (ui->screen != SCREEN_DECODED)
        ui->behind_decoded = ui->screen;
    ui->screen = SCREEN_DECODED;
    if (count > 0) {
        const struct message *last = &messages[count - 1];
        listing_format(&ui->payload, "topic %s, %zu bytes", last->topic, last->bytes);
        listing_payload(&ui->payload, last->payload, kept, last->bytes);
        if (kept == last->bytes)
            explanation_write(facts->mappings, messages, count, &ui->decoded);
        else
            listing_format(&ui->decoded, "not all of it is kept: dt-top --explain tells");
    }
    arena_fini(&arena);
}

static void set_sort(struct ui *ui, int step)
{
    ui->sort = (enum sort_key)(((int)ui->sort + step + SORT_KEYS) % SORT_KEYS);
    /* Names from A on, what comes soon, of everything else the most first: that is what one looks
     * for. */
    ui->descending = ui->sort != SORT_NAME && ui->sort != SORT_ETA;
}

static void zoom(struct ui *ui, int step)
{
    ui->zoomed = true;
    ui->span = (unsigned)clamp((int64_t)ui->span + step, 0, (int64_t)ui_span_count() - 1);
}

static void pause(struct ui *ui, struct engine *engine, timestamp now)
{
    struct fleet_totals totals;
    if (ui->as_of != TIMESTAMP_NONE) {
        ui->as_of = TIMESTAMP_NONE;
        return;
    }
    engine_totals(engine, &totals);
    ui->as_of = now;
    ui->set_back = totals.set_back;
    ui->messages_at_pause = totals.messages;
}

static void live(struct ui *ui)
{
    ui->as_of = TIMESTAMP_NONE;
    ui->events_skip = 0;
}

/* To the series of the next anomaly in the log, and to its line there. The log has the newest on
 * top, so the next one is older: the first e goes to the newest, further ones down. */
static void hop(struct ui *ui, struct engine *engine, int step)
{
    uint64_t id = 0;
    uint32_t series = engine_hop(engine, -step, ui->hop_event, &id);
    if (series == SNAPSHOT_NO_SERIES) {
        ui_message(ui,
                   ui->hop_event ? "No further anomaly in this direction." : "No anomaly so far.");
        return;
    }
    ui->selected = series;
    ui->move = 0;
    ui->hop_event = id;
    uint64_t newer = ui->event_total > id ? ui->event_total - id : 0;
    uint64_t shown = (uint64_t)ui->layout.events.height;
    if (newer < ui->events_skip)
        ui->events_skip = (uint32_t)newer;
    else if (shown > 0 && newer >= ui->events_skip + shown)
        ui->events_skip = (uint32_t)(newer - shown + 1);
}

/* What publishes asks once on a broker that is not ours. */
static enum intent publish(struct ui *ui, enum intent intent, struct engine *engine,
                           const struct ui_facts *facts)
{
    if (facts->readonly) {
        ui_message(ui, "Read-only: nothing is published from here.");
        return INTENT_NONE;
    }
    /* Sensors that run already were asked for on the command line. */
    if (facts->own_broker || ui->consent || facts->sim_running || facts->sim_sensors > 0)
        return intent;
    struct connection connection;
    char text[sizeof ui->prompt.text];
    engine_get_connection(engine, &connection);
    snprintf(text, sizeof text,
             "Publish simulated sensors to %s? Everyone on that broker will see them.  y yes  n no",
             connection.where);
    say(ui, PROMPT_CONSENT, text);
    ui->asked = intent;
    return INTENT_NONE;
}

static void take_target(struct ui *ui)
{
    memcpy(ui->target, ui->twin, sizeof ui->target);
}

static void ask_kill(struct ui *ui)
{
    char name[4 * NAME_COLUMNS + 8], text[sizeof ui->prompt.text];
    if (!ui->has_twin) {
        ui_message(ui, "No sensor is selected.");
        return;
    }
    format_middle(ui->twin, NAME_COLUMNS, name, sizeof name);
    if (!ui->twin_simulated) {
        snprintf(text, sizeof text, "%s is a real sensor: only simulated ones can be killed.",
                 name);
        ui_message(ui, text);
        return;
    }
    take_target(ui);
    snprintf(text, sizeof text, "Kill %s?  y graceful   c crash   n no", name);
    say(ui, PROMPT_KILL, text);
}

static enum intent fault(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    if (facts->sim_sensors == 0) {
        ui_message(ui, "No simulated sensor to inject a fault into: F8 spawns one.");
        return INTENT_NONE;
    }
    ui->target[0] = '\0';
    if (ui->has_twin && ui->twin_simulated)
        take_target(ui);
    return publish(ui, INTENT_SIM_FAULT, engine, facts);
}

/* A prompt swallows every key but its answers. */
static enum intent answer(struct ui *ui, uint32_t key, struct engine *engine)
{
    enum prompt_kind kind = ui->prompt.kind;
    if (key == KEY_ESC || key == 'n' || key == 'N') {
        ui->prompt.kind = PROMPT_NONE;
        return INTENT_NONE;
    }
    if (kind == PROMPT_KILL && (key == 'y' || key == 'Y' || key == 'c' || key == 'C')) {
        ui->prompt.kind = PROMPT_NONE;
        return key == 'y' || key == 'Y' ? INTENT_SIM_KILL : INTENT_SIM_CRASH;
    }
    if (kind == PROMPT_MUTE)
        ui_mute_answer(ui, key, engine);
    if (kind == PROMPT_CONSENT && (key == 'y' || key == 'Y')) {
        ui->prompt.kind = PROMPT_NONE;
        ui->consent = true;
        return ui->asked;
    }
    return INTENT_NONE;
}

static enum intent command(struct ui *ui, enum command what, struct engine *engine,
                           const struct ui_facts *facts, timestamp now)
{
    switch (what) {
    case COMMAND_UP:
        scroll(ui, -1);
        break;
    case COMMAND_DOWN:
        scroll(ui, 1);
        break;
    case COMMAND_PAGE_UP:
        scroll(ui, -page(ui));
        break;
    case COMMAND_PAGE_DOWN:
        scroll(ui, page(ui));
        break;
    case COMMAND_HOME:
        scroll(ui, MOVE_HOME);
        break;
    case COMMAND_END:
        scroll(ui, MOVE_END);
        break;
    case COMMAND_OPEN:
        if (ui->screen == SCREEN_MAIN && ui->has_twin)
            ui->screen = SCREEN_DETAIL;
        break;
    case COMMAND_DECODED:
        if (ui->has_twin && ui->screen != SCREEN_HELP && ui->screen != SCREEN_BROKER)
            show_decoded(ui, engine, facts);
        break;
    case COMMAND_BACK:
        if (!back(ui))
            ui->hop_event = 0;
        break;
    case COMMAND_QUIT:
        return back(ui) ? INTENT_NONE : INTENT_QUIT;
    case COMMAND_INTERRUPT:
        return INTENT_QUIT;
    case COMMAND_HELP:
        toggle_help(ui);
        break;
    case COMMAND_SORT_NEXT:
        set_sort(ui, 1);
        break;
    case COMMAND_SORT_PREVIOUS:
        set_sort(ui, -1);
        break;
    case COMMAND_SORT_INVERT:
        ui->descending = !ui->descending;
        break;
    case COMMAND_PAUSE:
        pause(ui, engine, now);
        break;
    case COMMAND_LIVE:
        live(ui);
        break;
    case COMMAND_ZOOM_IN:
        zoom(ui, -1);
        break;
    case COMMAND_ZOOM_OUT:
        zoom(ui, 1);
        break;
    case COMMAND_NEXT_PANE:
        ui->focus = ui->focus == PANE_TABLE ? PANE_EVENTS : PANE_TABLE;
        break;
    case COMMAND_MAXIMISE:
        ui->maximised = !ui->maximised;
        break;
    case COMMAND_TABLE:
        show_pane(ui, PANE_TABLE);
        break;
    case COMMAND_CHART:
        show_pane(ui, PANE_CHART);
        break;
    case COMMAND_EVENTS:
        show_pane(ui, PANE_EVENTS);
        break;
    case COMMAND_BROKER:
        show_broker(ui, engine);
        break;
    case COMMAND_SIM_TOGGLE:
        return publish(ui, INTENT_SIM_TOGGLE, engine, facts);
    case COMMAND_SIM_SPAWN:
        return publish(ui, INTENT_SIM_SPAWN, engine, facts);
    case COMMAND_SIM_KILL:
        ask_kill(ui);
        break;
    case COMMAND_SIM_FAULT:
        return fault(ui, engine, facts);
    case COMMAND_NEXT_ANOMALY:
        hop(ui, engine, 1);
        break;
    case COMMAND_PREVIOUS_ANOMALY:
        hop(ui, engine, -1);
        break;
    case COMMAND_SETUP:
        ui->screen = ui->screen == SCREEN_SETUP ? SCREEN_MAIN : SCREEN_SETUP;
        break;
    case COMMAND_FILTER:
        ui_ask(ui, ASK_FILTER);
        break;
    case COMMAND_SEARCH:
        ui_ask(ui, ASK_SEARCH);
        break;
    case COMMAND_SEARCH_NEXT:
        ui_search(ui, 1);
        break;
    case COMMAND_SEARCH_PREVIOUS:
        ui_search(ui, -1);
        break;
    case COMMAND_ACKNOWLEDGE:
        ui_acknowledge(ui, engine);
        break;
    case COMMAND_MUTE:
        ui_mute(ui, engine);
        break;
    case COMMAND_LIMITS:
        ui_ask_limits(ui);
        break;
    case COMMAND_COPY:
        return INTENT_COPY;
    case COMMAND_REDRAW:
        return INTENT_REDRAW;
    case COMMAND_SUSPEND:
        return INTENT_SUSPEND;
    case COMMAND_NONE:
        break;
    }
    return INTENT_NONE;
}

/* A key on the setup screen. false: it is one of those that work everywhere. */
static bool set_up(struct ui *ui, uint32_t key, enum intent *intent)
{
    *intent = INTENT_NONE;
    switch (setup_key(&ui->setup, key)) {
    case SETUP_KEY_NOT_MINE:
        return false;
    case SETUP_KEY_NEW_THEME:
        *intent = INTENT_THEME;
        break;
    case SETUP_KEY_NEW_SPAN:
        ui_set_up(ui);
        break;
    case SETUP_KEY_SAVE:
        *intent = INTENT_SAVE;
        break;
    case SETUP_KEY_DONE:
        break;
    }
    return true;
}

enum intent ui_key(struct ui *ui, uint32_t key, struct engine *engine, const struct ui_facts *facts,
                   timestamp now)
{
    enum intent intent = INTENT_NONE;
    if (key == KEY_NONE || key == KEY_RESIZE_)
        return INTENT_NONE;
    if (key == KEY_CLOSED)
        return INTENT_QUIT;
    ui->anomalies_read = ui->anomalies;
    if (ui->prompt.kind == PROMPT_MESSAGE)
        ui->prompt.kind = PROMPT_NONE;
    if (ui->prompt.kind != PROMPT_NONE && key != KEY_CTRL_C)
        intent = answer(ui, key, engine);
    else if (ui->ask == ASK_LIMITS && key != KEY_CTRL_C)
        ui_limits_key(ui, key, engine);
    else if (ui->ask != ASK_NOTHING && key != KEY_CTRL_C)
        ui_ask_key(ui, key);
    else if (ui->screen != SCREEN_SETUP || !set_up(ui, key, &intent))
        intent = command(ui, keys_command(key), engine, facts, now);
    ui_arrange(ui);
    return intent;
}
