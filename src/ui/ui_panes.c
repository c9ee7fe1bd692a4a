#include "core/explanation.h"
#include "ui/ui_state.h"

#define PAGE_OVERLAP 1

void ui_scroll(struct ui *ui, int32_t lines)
{
    if (ui->screen == SCREEN_HELP) {
        int most = (int)view_help_scroll_most(&ui->layout, ui->help_wanted);
        ui->help_scroll = (unsigned)ui_clamp((int64_t)ui->help_scroll + lines, 0, most);
    } else if (ui->screen == SCREEN_DECODED) {
        int most = (int)view_decoded_scroll_most(&ui->layout, &ui->payload, &ui->decoded);
        ui->decoded_scroll = (unsigned)ui_clamp((int64_t)ui->decoded_scroll + lines, 0, most);
    } else if (ui->screen == SCREEN_MAIN && ui->focus == PANE_EVENTS) {
        ui_select_event(ui, lines);
    } else if (ui->screen == SCREEN_DETAIL) {
        ui_detail_scroll(ui, lines);
    } else if (ui->screen != SCREEN_BROKER) {
        ui_move(ui, lines);
    }
}

int ui_page(const struct ui *ui)
{
    int lines = ui->main.table.height - ui->main.table_heading;
    if (ui->screen == SCREEN_HELP || ui->screen == SCREEN_DECODED)
        lines = ui->height - 6;
    else if (ui->screen == SCREEN_DETAIL && ui->detail != DETAIL_TWIN)
        lines = ui->layout.card.height;
    else if (ui->screen == SCREEN_MAIN && ui->focus == PANE_EVENTS)
        lines = ui->layout.events.height;
    return lines - PAGE_OVERLAP < 1 ? 1 : lines - PAGE_OVERLAP;
}

bool ui_back(struct ui *ui)
{
    if (ui_chart_back(ui))
        return true;
    if (ui->screen == SCREEN_HELP)
        ui->screen = ui->behind_help;
    else if (ui->screen == SCREEN_DECODED)
        ui->screen = ui->behind_decoded;
    else if (ui->screen != SCREEN_MAIN)
        ui->screen = SCREEN_MAIN;
    else if (ui->maximised) {
        ui->maximised = false;
        ui->focus = PANE_TABLE;
        ui_newest_events(ui);
    } else if (ui->focus != PANE_TABLE || ui->events_top > 0) {
        ui->focus = PANE_TABLE;
        ui_newest_events(ui);
    } else
        return false;
    return true;
}

/* One pane for itself; the table brings all of them back. */
void ui_show_pane(struct ui *ui, enum pane pane)
{
    ui->screen = SCREEN_MAIN;
    ui->maximised = pane != PANE_TABLE;
    ui->focus = pane == PANE_EVENTS ? PANE_EVENTS : PANE_TABLE;
}

void ui_show_broker(struct ui *ui, struct engine *engine)
{
    engine_want_sys(engine);
    ui->screen = SCREEN_BROKER;
}

void ui_next_pane(struct ui *ui)
{
    static const enum pane after[] = {
        [PANE_TABLE] = PANE_CHART, [PANE_CHART] = PANE_EVENTS, [PANE_EVENTS] = PANE_TABLE};
    if (ui->screen == SCREEN_DETAIL) {
        ui_detail_next(ui);
        return;
    }
    ui->focus = after[ui->focus];
    /* What is not there is passed over; the chart that is maximised has the table's keys, too. */
    if (ui->focus == PANE_CHART && (ui->maximised || ui->main.chart.height == 0))
        ui->focus = PANE_EVENTS;
}

/* Told once, of the message that is the last one now: it holds still while it is read. */
void ui_show_decoded(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    struct arena arena = {0};
    struct message *messages;
    size_t kept, count;
    if (!ui->has_twin || ui->screen == SCREEN_HELP || ui->screen == SCREEN_BROKER)
        return;
    count = engine_last_messages(engine, ui->selected, &arena, &messages, &kept);
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
