#include "ui/ui_state.h"

#include <stdio.h>

/* A key at the top level, with all that carrying it out may need. */
struct turn {
    struct ui *ui;
    struct engine *engine;
    const struct ui_facts *facts;
    timestamp now;
};

int ui_clamp(int64_t value, int64_t least, int64_t most)
{
    return (int)(value < least ? least : value > most ? most : value);
}

void ui_say(struct ui *ui, enum prompt_kind kind, const char *text)
{
    ui->prompt.kind = kind;
    snprintf(ui->prompt.text, sizeof ui->prompt.text, "%s", text);
}

void ui_message(struct ui *ui, const char *text)
{
    ui_say(ui, PROMPT_MESSAGE, text);
}

/* What each command does: a function, and its line in the table below. */

static enum intent on_up(const struct turn *turn)
{
    ui_scroll(turn->ui, -1);
    return INTENT_NONE;
}

static enum intent on_down(const struct turn *turn)
{
    ui_scroll(turn->ui, 1);
    return INTENT_NONE;
}

static enum intent on_page_up(const struct turn *turn)
{
    if (!ui_chart_move(turn->ui, -1, true))
        ui_scroll(turn->ui, -ui_page(turn->ui));
    return INTENT_NONE;
}

static enum intent on_page_down(const struct turn *turn)
{
    if (!ui_chart_move(turn->ui, 1, true))
        ui_scroll(turn->ui, ui_page(turn->ui));
    return INTENT_NONE;
}

static enum intent on_home(const struct turn *turn)
{
    if (ui_chart_first(turn->ui))
        return INTENT_NONE;
    ui_scroll(turn->ui, MOVE_HOME);
    if (turn->ui->focus == PANE_TABLE)
        ui_scroll_columns(turn->ui, MOVE_HOME);
    return INTENT_NONE;
}

static enum intent on_end(const struct turn *turn)
{
    if (!ui_chart_last(turn->ui))
        ui_scroll(turn->ui, MOVE_END);
    return INTENT_NONE;
}

static enum intent on_open_selected(const struct turn *turn)
{
    struct ui *ui = turn->ui;
    if (ui->screen == SCREEN_MAIN && ui->focus == PANE_EVENTS)
        ui_open_event(ui, turn->engine);
    else
        ui_open(ui);
    return INTENT_NONE;
}

static enum intent on_decoded(const struct turn *turn)
{
    ui_show_decoded(turn->ui, turn->engine, turn->facts);
    return INTENT_NONE;
}

static enum intent on_back(const struct turn *turn)
{
    if (!ui_back(turn->ui))
        turn->ui->event = 0;
    return INTENT_NONE;
}

static enum intent on_quit(const struct turn *turn)
{
    return ui_back(turn->ui) ? INTENT_NONE : INTENT_QUIT;
}

static enum intent on_interrupt(const struct turn *turn)
{
    (void)turn;
    return INTENT_QUIT;
}

static enum intent on_help(const struct turn *turn)
{
    ui_help(turn->ui);
    return INTENT_NONE;
}

static enum intent on_sort_menu(const struct turn *turn)
{
    ui_sort_menu(turn->ui);
    return INTENT_NONE;
}

static enum intent on_sort_next(const struct turn *turn)
{
    ui_sort_step(turn->ui, 1);
    return INTENT_NONE;
}

static enum intent on_sort_previous(const struct turn *turn)
{
    ui_sort_step(turn->ui, -1);
    return INTENT_NONE;
}

static enum intent on_sort_invert(const struct turn *turn)
{
    turn->ui->descending = !turn->ui->descending;
    return INTENT_NONE;
}

static enum intent on_pause(const struct turn *turn)
{
    ui_pause(turn->ui, turn->engine, turn->now);
    return INTENT_NONE;
}

static enum intent on_live(const struct turn *turn)
{
    ui_live(turn->ui);
    return INTENT_NONE;
}

static enum intent on_zoom_in(const struct turn *turn)
{
    ui_zoom(turn->ui, -1);
    return INTENT_NONE;
}

static enum intent on_zoom_out(const struct turn *turn)
{
    ui_zoom(turn->ui, 1);
    return INTENT_NONE;
}

static enum intent on_next_span(const struct turn *turn)
{
    ui_next_span(turn->ui);
    return INTENT_NONE;
}

static enum intent on_scale(const struct turn *turn)
{
    ui_toggle_scale(turn->ui);
    return INTENT_NONE;
}

static enum intent on_next_pane(const struct turn *turn)
{
    ui_next_pane(turn->ui);
    return INTENT_NONE;
}

static enum intent on_maximise(const struct turn *turn)
{
    turn->ui->maximised = !turn->ui->maximised;
    return INTENT_NONE;
}

static enum intent on_table(const struct turn *turn)
{
    ui_show_pane(turn->ui, PANE_TABLE);
    return INTENT_NONE;
}

static enum intent on_chart(const struct turn *turn)
{
    ui_show_pane(turn->ui, PANE_CHART);
    return INTENT_NONE;
}

static enum intent on_events(const struct turn *turn)
{
    ui_show_pane(turn->ui, PANE_EVENTS);
    return INTENT_NONE;
}

static enum intent on_broker(const struct turn *turn)
{
    ui_show_broker(turn->ui, turn->engine);
    return INTENT_NONE;
}

static enum intent on_sim_toggle(const struct turn *turn)
{
    return ui_publish(turn->ui, INTENT_SIM_TOGGLE, turn->engine, turn->facts);
}

static enum intent on_sim_spawn(const struct turn *turn)
{
    return ui_publish(turn->ui, INTENT_SIM_SPAWN, turn->engine, turn->facts);
}

static enum intent on_sim_kill(const struct turn *turn)
{
    ui_ask_kill(turn->ui, turn->engine);
    return INTENT_NONE;
}

static enum intent on_sim_fault(const struct turn *turn)
{
    ui_ask_fault(turn->ui, turn->engine, turn->facts);
    return INTENT_NONE;
}

static enum intent on_sim_fault_again(const struct turn *turn)
{
    return ui_fault_again(turn->ui, turn->engine, turn->facts);
}

static enum intent on_next_anomaly(const struct turn *turn)
{
    ui_hop(turn->ui, turn->engine, turn->now, 1);
    return INTENT_NONE;
}

static enum intent on_previous_anomaly(const struct turn *turn)
{
    ui_hop(turn->ui, turn->engine, turn->now, -1);
    return INTENT_NONE;
}

static enum intent on_bookmark(const struct turn *turn)
{
    ui_bookmark(turn->ui, turn->engine, turn->now);
    return INTENT_NONE;
}

static enum intent on_tag(const struct turn *turn)
{
    ui_tag(turn->ui);
    return INTENT_NONE;
}

static enum intent on_follow(const struct turn *turn)
{
    ui_follow(turn->ui);
    return INTENT_NONE;
}

static enum intent on_untag(const struct turn *turn)
{
    bits_fini(&turn->ui->tagged);
    return INTENT_NONE;
}

static enum intent on_mouse(const struct turn *turn)
{
    return ui_toggle_mouse(turn->ui);
}

static enum intent on_tree(const struct turn *turn)
{
    ui_tree_toggle(turn->ui);
    return INTENT_NONE;
}

static enum intent on_left(const struct turn *turn)
{
    if (!ui_chart_move(turn->ui, -1, false) && turn->ui->screen == SCREEN_MAIN)
        ui_fold(turn->ui);
    return INTENT_NONE;
}

static enum intent on_right(const struct turn *turn)
{
    if (!ui_chart_move(turn->ui, 1, false) && turn->ui->screen == SCREEN_MAIN)
        ui_unfold(turn->ui);
    return INTENT_NONE;
}

static enum intent on_leftmost(const struct turn *turn)
{
    ui_scroll_columns(turn->ui, MOVE_HOME);
    return INTENT_NONE;
}

static enum intent on_rightmost(const struct turn *turn)
{
    ui_scroll_columns(turn->ui, MOVE_END);
    return INTENT_NONE;
}

static enum intent on_left_far(const struct turn *turn)
{
    ui_chart_move(turn->ui, -1, true);
    return INTENT_NONE;
}

static enum intent on_right_far(const struct turn *turn)
{
    ui_chart_move(turn->ui, 1, true);
    return INTENT_NONE;
}

static enum intent on_scrub_back(const struct turn *turn)
{
    ui_scrub(turn->ui, turn->engine, turn->now, -1, false);
    return INTENT_NONE;
}

static enum intent on_scrub_on(const struct turn *turn)
{
    ui_scrub(turn->ui, turn->engine, turn->now, 1, false);
    return INTENT_NONE;
}

static enum intent on_scrub_far_back(const struct turn *turn)
{
    ui_scrub(turn->ui, turn->engine, turn->now, -1, true);
    return INTENT_NONE;
}

static enum intent on_scrub_far_on(const struct turn *turn)
{
    ui_scrub(turn->ui, turn->engine, turn->now, 1, true);
    return INTENT_NONE;
}

static enum intent on_chart_scale(const struct turn *turn)
{
    ui_chart_scale(turn->ui);
    return INTENT_NONE;
}

static enum intent on_chart_company(const struct turn *turn)
{
    ui_chart_company(turn->ui);
    return INTENT_NONE;
}

static enum intent on_filter(const struct turn *turn)
{
    struct ui *ui = turn->ui;
    bool events = ui->screen == SCREEN_MAIN && ui->focus == PANE_EVENTS;
    ui_ask(ui, events ? ASK_EVENTS : ASK_FILTER);
    return INTENT_NONE;
}

static enum intent on_search(const struct turn *turn)
{
    if (turn->ui->screen == SCREEN_HELP)
        ui_ask_help(turn->ui);
    else
        ui_ask(turn->ui, ASK_SEARCH);
    return INTENT_NONE;
}

static enum intent on_search_next(const struct turn *turn)
{
    ui_search(turn->ui, 1);
    return INTENT_NONE;
}

static enum intent on_search_previous(const struct turn *turn)
{
    ui_search(turn->ui, -1);
    return INTENT_NONE;
}

static enum intent on_acknowledge(const struct turn *turn)
{
    ui_acknowledge(turn->ui, turn->engine);
    return INTENT_NONE;
}

static enum intent on_mute(const struct turn *turn)
{
    ui_mute(turn->ui, turn->engine);
    return INTENT_NONE;
}

static enum intent on_ask_limits(const struct turn *turn)
{
    ui_ask_limits(turn->ui);
    return INTENT_NONE;
}

static enum intent on_copy(const struct turn *turn)
{
    (void)turn;
    return INTENT_COPY;
}

static enum intent on_setup(const struct turn *turn)
{
    ui_open_setup(turn->ui);
    return INTENT_NONE;
}

static enum intent on_redraw(const struct turn *turn)
{
    (void)turn;
    return INTENT_REDRAW;
}

static enum intent on_suspend(const struct turn *turn)
{
    (void)turn;
    return INTENT_SUSPEND;
}

static enum intent (*const commands[])(const struct turn *turn) = {
    [COMMAND_UP] = on_up,
    [COMMAND_DOWN] = on_down,
    [COMMAND_PAGE_UP] = on_page_up,
    [COMMAND_PAGE_DOWN] = on_page_down,
    [COMMAND_HOME] = on_home,
    [COMMAND_END] = on_end,
    [COMMAND_OPEN] = on_open_selected,
    [COMMAND_DECODED] = on_decoded,
    [COMMAND_BACK] = on_back,
    [COMMAND_QUIT] = on_quit,
    [COMMAND_INTERRUPT] = on_interrupt,
    [COMMAND_HELP] = on_help,
    [COMMAND_SORT_MENU] = on_sort_menu,
    [COMMAND_SORT_NEXT] = on_sort_next,
    [COMMAND_SORT_PREVIOUS] = on_sort_previous,
    [COMMAND_SORT_INVERT] = on_sort_invert,
    [COMMAND_PAUSE] = on_pause,
    [COMMAND_LIVE] = on_live,
    [COMMAND_ZOOM_IN] = on_zoom_in,
    [COMMAND_ZOOM_OUT] = on_zoom_out,
    [COMMAND_NEXT_SPAN] = on_next_span,
    [COMMAND_SCALE] = on_scale,
    [COMMAND_NEXT_PANE] = on_next_pane,
    [COMMAND_MAXIMISE] = on_maximise,
    [COMMAND_TABLE] = on_table,
    [COMMAND_CHART] = on_chart,
    [COMMAND_EVENTS] = on_events,
    [COMMAND_BROKER] = on_broker,
    [COMMAND_SIM_TOGGLE] = on_sim_toggle,
    [COMMAND_SIM_SPAWN] = on_sim_spawn,
    [COMMAND_SIM_KILL] = on_sim_kill,
    [COMMAND_SIM_FAULT] = on_sim_fault,
    [COMMAND_SIM_FAULT_AGAIN] = on_sim_fault_again,
    [COMMAND_NEXT_ANOMALY] = on_next_anomaly,
    [COMMAND_PREVIOUS_ANOMALY] = on_previous_anomaly,
    [COMMAND_BOOKMARK] = on_bookmark,
    [COMMAND_TAG] = on_tag,
    [COMMAND_FOLLOW] = on_follow,
    [COMMAND_UNTAG] = on_untag,
    [COMMAND_MOUSE] = on_mouse,
    [COMMAND_TREE] = on_tree,
    [COMMAND_LEFT] = on_left,
    [COMMAND_RIGHT] = on_right,
    [COMMAND_LEFTMOST] = on_leftmost,
    [COMMAND_RIGHTMOST] = on_rightmost,
    [COMMAND_LEFT_FAR] = on_left_far,
    [COMMAND_RIGHT_FAR] = on_right_far,
    [COMMAND_SCRUB_BACK] = on_scrub_back,
    [COMMAND_SCRUB_ON] = on_scrub_on,
    [COMMAND_SCRUB_FAR_BACK] = on_scrub_far_back,
    [COMMAND_SCRUB_FAR_ON] = on_scrub_far_on,
    [COMMAND_CHART_SCALE] = on_chart_scale,
    [COMMAND_CHART_COMPANY] = on_chart_company,
    [COMMAND_FILTER] = on_filter,
    [COMMAND_SEARCH] = on_search,
    [COMMAND_SEARCH_NEXT] = on_search_next,
    [COMMAND_SEARCH_PREVIOUS] = on_search_previous,
    [COMMAND_ACKNOWLEDGE] = on_acknowledge,
    [COMMAND_MUTE] = on_mute,
    [COMMAND_LIMITS] = on_ask_limits,
    [COMMAND_COPY] = on_copy,
    [COMMAND_SETUP] = on_setup,
    [COMMAND_REDRAW] = on_redraw,
    [COMMAND_SUSPEND] = on_suspend,
};

static enum intent carry_out(enum command what, const struct turn *turn)
{
    return commands[what] ? commands[what](turn) : INTENT_NONE;
}

/* A key on the setup screen. false: it is one of those that work everywhere. */
static bool set_up(struct ui *ui, uint32_t key, struct engine *engine, enum intent *intent)
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
    case SETUP_KEY_NEW_THRESHOLD:
        engine_set_threshold(engine, ui->setup.threshold);
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
    const struct turn turn = {ui, engine, facts, now};
    enum intent intent = INTENT_NONE;
    if (key == KEY_NONE || key == KEY_RESIZE_)
        return INTENT_NONE;
    if (key == KEY_CLOSED)
        return INTENT_QUIT;
    ui->anomalies_read = ui->anomalies;
    if (ui->prompt.kind == PROMPT_MESSAGE)
        ui->prompt.kind = PROMPT_NONE;
    if (ui->prompt.kind != PROMPT_NONE && key != KEY_CTRL_C)
        intent = ui_answer_prompt(ui, key, engine);
    else if (ui->ask == ASK_HELP && key != KEY_CTRL_C)
        ui_help_key(ui, key);
    else if (ui->ask == ASK_LIMITS && key != KEY_CTRL_C)
        ui_limits_key(ui, key, engine);
    else if (ui->ask != ASK_NOTHING && key != KEY_CTRL_C)
        ui_ask_key(ui, key);
    else if (ui->menu && key != KEY_CTRL_C)
        ui_menu_key(ui, key);
    else if (ui->faults && key != KEY_CTRL_C)
        intent = ui_fault_key(ui, key, engine, facts);
    else if (ui->screen != SCREEN_SETUP || !set_up(ui, key, engine, &intent))
        intent = carry_out(keys_command(key), &turn);
    ui_arrange(ui);
    return intent;
}
