#include "ui/ui_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"
#include "ui/chart.h"
#include "ui/group_row.h"
#include "ui/layout_scroll.h"

#define FIRST_SPAN 1          /* 30 seconds: a young session fills the picture ... */
#define DEFAULT_SPAN 3        /* ... and widens it up to 5 minutes as it grows */
#define CALM TIMESTAMP_SECOND /* rows that change places more often cannot be read */
#define AHEAD_LEAST 6         /* buckets: fewer are not worth a place of their own */
#define AHEAD_WORTH 0.95f     /* of the naive error */

static const int spans[] = {10, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600};

/* What is drawn on which screen, in this order: later ones lie on top. */
static const struct view *const main_views[] = {&view_table, &view_chart, &view_card, &view_events,
                                                NULL};
static const struct view *const detail_views[] = {&view_detail, NULL};
static const struct view *const broker_views[] = {&view_broker, NULL};
static const struct view *const decoded_views[] = {&view_decoded, NULL};
static const struct view *const help_views[] = {&view_help, NULL};
static const struct view *const setup_views[] = {&view_setup, NULL};

timestamp ui_span(unsigned index)
{
    return spans[index] * TIMESTAMP_SECOND;
}

unsigned ui_span_count(void)
{
    return sizeof spans / sizeof *spans;
}

struct ui *ui_new(bool ascii)
{
    struct ui *ui = xcalloc(1, sizeof *ui);
    canvas_init(&ui->canvas, ascii);
    ui->selected = SNAPSHOT_NO_SERIES;
    columns_init(&ui->setup.columns);
    ui->other_row = ui->sought = ROW_NONE;
    ui->as_of = TIMESTAMP_NONE;
    ui->span = FIRST_SPAN;
    ui->began = ui->oldest = TIMESTAMP_NONE;
    ui_resize(ui, 80, 24);
    return ui;
}

void ui_free(struct ui *ui)
{
    if (!ui)
        return;
    canvas_fini(&ui->canvas);
    bits_fini(&ui->folded);
    bits_fini(&ui->folded_before);
    bits_fini(&ui->tagged);
    listing_fini(&ui->target_twins);
    free(ui->targets);
    listing_fini(&ui->payload);
    listing_fini(&ui->decoded);
    free(ui);
}

void ui_resize(struct ui *ui, int width, int height)
{
    ui->width = width < 1 ? 1 : width;
    ui->height = height < 1 ? 1 : height;
    ui_arrange(ui);
}

void ui_arrange(struct ui *ui)
{
    layout_compute_for(&ui->main, ui->width, ui->height, ui->name_width, ui->total_rows,
                       &ui->setup.columns);
    ui->sideways = layout_scroll(&ui->main, ui->name_width, &ui->setup.columns, ui->sideways);
    ui_chart_gather(ui);
    if (ui->notice)
        layout_notice(&ui->main);
    if (ui->screen == SCREEN_DETAIL)
        (ui->lone_twin ? layout_twin : layout_detail)(&ui->layout, ui->width, ui->height);
    else if (ui->maximised)
        layout_maximise(&ui->layout, ui->width, ui->height, ui->focus);
    else
        ui->layout = ui->main;
    bool gone = (ui->focus == PANE_EVENTS && ui->main.events.height == 0) ||
                (ui->focus == PANE_CHART && ui->main.chart.height == 0);
    if (gone && !ui->maximised)
        ui->focus = PANE_TABLE; /* keys never go to what cannot be seen */
}

void ui_request(const struct ui *ui, timestamp now, struct snapshot_request *request)
{
    int rows = ui->main.table.height - ui->main.table_heading;
    int chart = ui->layout.chart.height > 0 ? chart_plot_columns(ui->layout.chart.width) * 2 : 0;
    *request = (struct snapshot_request){
        .now = now,
        .as_of = ui->as_of,
        .set_back = ui->set_back,
        .selected = ui->selected,
        .other_row = ui->other_row,
        .move = ui->move,
        .first_row = ui->first_row,
        .rows = rows < 1 ? 1 : (uint32_t)rows,
        .spark_columns = trend_buckets(&ui->setup.trend, ui->layout.columns[COLUMN_TREND].width),
        .span = ui_span(ui->span),
        .chart_columns = (unsigned)chart,
        .chart_end = ui->chart.window.end,
        .chart_span = ui->chart.window.span,
        .samples = true,
        .others = ui->others,
        .other_count = ui->other_count,
        .events = (uint32_t)ui->layout.events.height,
        .follow = ui->follow,
        .followed = ui->followed,
        .calm = ui->filter.count > 0 ? 0 : CALM, /* what a filter says holds at once */
        .events_top = ui->events_top,
        .events_scroll = ui->events_scroll,
        .event = ui->event,
        .event_move = ui->event_move,
        .event_line = ui->event_line,
        .event_seen = ui->event_sought || ui->focus == PANE_EVENTS,
        .events_all = ui->events_all,
        .event_filter = &ui->event_filter,
        .sort = ui->sort,
        .descending = ui->descending,
        .twins = true,
        .tree = ui->tree,
        .folded = &ui->folded,
        .filter = &ui->filter,
        .find = ui->finding ? &ui->search : NULL,
        .find_step = ui->find_step,
        .payload = ui->screen == SCREEN_DETAIL,
        .readings = ui->screen == SCREEN_DETAIL ? (uint32_t)ui->layout.card.height : 0,
        .readings_skip = ui->readings_skip,
        .readings_seen = ui->readings_seen,
    };
}

/* Until the user has chosen a span, it is the shortest that holds the session so far. */
static void widen_span(struct ui *ui, const struct snapshot *snapshot)
{
    timestamp now = snapshot->now, first = now;
    if (ui->zoomed || now == TIMESTAMP_NONE)
        return;
    if (snapshot->card.valid && snapshot->card.first_seen < now)
        first = snapshot->card.first_seen;
    if (ui->began == TIMESTAMP_NONE || first < ui->began)
        ui->began = first;
    while (ui->span < DEFAULT_SPAN && now - ui->began > ui_span(ui->span))
        ui->span++;
}

static void widen_names(struct ui *ui, const struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->row_count; i++) {
        const struct row *row = &snapshot->rows[i];
        int width = (int)(text_width(row->twin) + (*row->name != '\0') + text_width(row->name));
        width += (int)row->depth * GROUP_INDENT + (ROW_KIND(row->id) == ROW_GROUP ? GROUP_MARK : 0);
        if (width > ui->name_width)
            ui->name_width = width;
    }
}

/* The chart looks ahead where that beats saying that all stays as it is. What is a tie comes and
 * goes, and so does a column more or less; the picture is not to jump with it. */
static void decide_ahead(struct ui *ui, const struct card *card)
{
    unsigned before = ui->ahead_series == card->row.series ? ui->ahead : 0;
    unsigned count = card->ahead_count / 2 * 2; /* two a column */
    if (!card->valid || count < AHEAD_LEAST || card->skill >= (before > 0 ? 1 : AHEAD_WORTH))
        count = 0;
    ui->ahead = before > 0 && count == before + 2 ? before : count;
    ui->ahead_series = card->row.series;
}

void ui_answer(struct ui *ui, const struct snapshot *snapshot)
{
    ui->selected = snapshot->request.selected;
    ui->other_row = snapshot->request.other_row;
    ui->first_row = snapshot->request.first_row;
    ui->followed = snapshot->request.followed;
    ui->move = 0;
    ui->events_top = snapshot->request.events_top;
    ui->event = snapshot->request.event;
    ui->events_scroll = ui->event_move = 0;
    ui->event_line = 0;
    ui->event_sought = false;
    ui_check_sought(ui);
    if (ui->finding)
        ui->found = snapshot->found;
    ui->finding = false;
    if (snapshot->unfolded)
        bits_copy(&ui->folded, snapshot->request.folded);
    ui->as_of = snapshot->request.as_of;
    ui->chart.window.end = snapshot->request.chart_end;
    ui->chart.window.cursor -= snapshot->request.set_back - ui->set_back;
    ui->set_back = snapshot->request.set_back;
    ui->oldest = snapshot->oldest;
    ui->selected_row = snapshot->selected_row;
    ui->total_rows = snapshot->total_rows;
    uint32_t at = snapshot->selected_row - snapshot->request.first_row;
    ui->above = at < snapshot->row_count ? snapshot->rows[at].above : ROW_NONE;
    ui->anomalies = snapshot->totals.anomalies - snapshot->totals.hushed;
    if (ui->anomalies_read > ui->anomalies)
        ui->anomalies_read = ui->anomalies;
    ui->has_twin = snapshot->card.valid;
    ui->lone_twin = snapshot->card.twin;
    if (ui->has_twin || ui->lone_twin) {
        ui->twin_simulated = snapshot->card.row.simulated;
        snprintf(ui->twin, sizeof ui->twin, "%s", snapshot->card.row.twin);
        snprintf(ui->series, sizeof ui->series, "%s", snapshot->card.row.name);
        ui->limits = snapshot->card.limits;
        ui->muted = snapshot->card.muted_until != TIMESTAMP_NONE;
    }
    ui_detail_answer(ui, snapshot);
    decide_ahead(ui, &snapshot->card);
    widen_names(ui, snapshot);
    widen_span(ui, snapshot);
    ui_chart_settle(ui, snapshot);
}

struct setup *ui_setup(struct ui *ui)
{
    return &ui->setup;
}

void ui_set_up(struct ui *ui)
{
    for (unsigned i = 0; ui->setup.span > 0 && i < ui_span_count(); i++)
        if (ui_span(i) == ui->setup.span) {
            ui->span = i;
            ui->zoomed = true;
        }
    ui_arrange(ui);
}

static void draw_views(struct ui *ui, const struct frame *frame)
{
    const struct view *const *views = ui->screen == SCREEN_HELP      ? help_views
                                      : ui->screen == SCREEN_DETAIL  ? detail_views
                                      : ui->screen == SCREEN_BROKER  ? broker_views
                                      : ui->screen == SCREEN_DECODED ? decoded_views
                                      : ui->screen == SCREEN_SETUP   ? setup_views
                                                                     : main_views;
    for (size_t i = 0; views[i]; i++)
        views[i]->draw(&ui->canvas, frame);
    view_header.draw(&ui->canvas, frame);
    view_keys.draw(&ui->canvas, frame);
    view_filter.draw(&ui->canvas, frame);
    view_menu.draw(&ui->canvas, frame);
    view_faults.draw(&ui->canvas, frame);
}

void ui_frame(const struct ui *ui, const struct snapshot *snapshot,
              const struct connection *connection, const struct ui_facts *facts, timestamp clock,
              struct frame *frame)
{
    *frame = (struct frame){
        .snapshot = snapshot,
        .connection = connection,
        .facts = facts,
        .layout = &ui->layout,
        .prompt = &ui->prompt,
        .clock = clock,
        .paused = ui->as_of != TIMESTAMP_NONE,
        .chart = &ui->chart,
        .ahead = ui->ahead,
        .buffered = snapshot->totals.messages - ui->messages_at_pause,
        .new_anomalies = ui->anomalies - ui->anomalies_read,
        .event_filter = ui->event_filter.count > 0 ? ui->event_filter.text : "",
        .focus = ui->focus,
        .detail = ui->detail,
        .payload_skip = ui->payload_skip,
        .help_scroll = ui->help_scroll,
        .help_wanted = ui->help_wanted,
        .tagged = &ui->tagged,
        .follow = ui->follow,
        .menu = ui->menu,
        .menu_at = ui->menu_at,
        .faults = ui->faults,
        .fault_at = ui->fault_at,
        .targets = ui->target_count,
        .target_twins = &ui->target_twins,
        .filter = ui->filter.count > 0 ? ui->filter.text : "",
        .ask = ui->ask,
        .input = &ui->input,
        .found = ui->found,
        .input_error = ui->input_error,
        .payload = &ui->payload,
        .decoded = &ui->decoded,
        .decoded_scroll = ui->decoded_scroll,
        .setup = &ui->setup,
    };
}

const struct canvas *ui_draw(struct ui *ui, const struct snapshot *snapshot,
                             const struct connection *connection, const struct ui_facts *facts,
                             timestamp clock)
{
    struct frame frame;
    ui->sim_running = facts->sim_running;
    ui_frame(ui, snapshot, connection, facts, clock, &frame);
    canvas_resize(&ui->canvas, ui->width, ui->height);
    draw_views(ui, &frame);
    /* What was learnt from this frame places the next one: this one's snapshot was made for the
     * layout that it was asked with. */
    ui->notice =
        frame.paused || *frame.filter ||
        (connection->state != CONNECTION_LIVE && connection->state != CONNECTION_REPLAYING &&
         connection->state != CONNECTION_NONE);
    ui_arrange(ui);
    return &ui->canvas;
}
