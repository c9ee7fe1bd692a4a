/* The inside of struct ui, shared by ui.c, the files ui_*.c and tests that look at each pane. */
#ifndef DT_UI_UI_STATE_H
#define DT_UI_UI_STATE_H

#include "core/text.h"
#include "ui/ui.h"

enum ui_screen {
    SCREEN_MAIN,
    SCREEN_DETAIL,
    SCREEN_BROKER,
    SCREEN_DECODED,
    SCREEN_SETUP,
    SCREEN_HELP
};

struct ui {
    struct canvas canvas;
    int width, height;
    struct layout main;   /* of the main screen: decides how the table scrolls */
    struct layout layout; /* of what is shown now */
    enum ui_screen screen, behind_help;
    enum pane focus;
    bool maximised;
    bool notice; /* the first line is needed, whatever the size */

    uint32_t selected, other_row, first_row; /* as in struct snapshot_request */
    int32_t move;                            /* not answered yet */
    uint32_t selected_row, total_rows;       /* of the last answer */
    bool has_twin, twin_simulated;           /* of the selected series */
    bool lone_twin; /* the selected row is a twin without one: twin, twin_simulated hold */
    char twin[TEXT_NAME_BYTES], series[TEXT_NAME_BYTES];
    struct limits limits; /* of it */
    bool muted;
    unsigned sideways; /* steps that the table is scrolled to the right */
    int name_width;    /* the widest name seen: columns don't jump back and forth */

    enum sort_key sort;
    bool descending;
    bool follow;       /* the selection goes to each new alarm */
    uint64_t followed; /* event: alarms up to it are done with */
    bool tree;
    struct bits tagged;        /* series */
    struct bits folded;        /* groups of the tree, */
    struct bits folded_before; /* as the prompt of the search found them */
    uint32_t above;            /* the heading above the selected row, ROW_NONE */
    unsigned span;             /* which of the list */
    bool zoomed;               /* the user has chosen it */
    timestamp began;           /* the moment first shown */

    timestamp as_of;
    timestamp set_back; /* fleet_totals.set_back of the last answer */
    uint64_t messages_at_pause;

    struct chart_choices chart;
    struct chart_stretch stretch;  /* that the chart showed last */
    uint32_t others[CHART_OTHERS]; /* series beside the selected one in it */
    unsigned other_count;
    timestamp oldest; /* reading that is kept of what is visible; TIMESTAMP_NONE: none */

    unsigned ahead;        /* buckets that the chart looks ahead, */
    uint32_t ahead_series; /* for this series */

    uint64_t events_top; /* as in struct snapshot_request: */
    int32_t events_scroll, event_move;
    uint32_t event_line;
    bool events_all;
    bool event_sought; /* e or E has just gone there */
    uint64_t event;    /* the selected one, 0: none */
    uint32_t sought;   /* the row that an event led to; ROW_NONE: none, or it was found */
    struct query event_filter;
    uint64_t anomalies, anomalies_read; /* totals: of the last answer, at the last key */

    bool menu; /* of what to sort by */
    enum sort_key menu_at;
    bool faults;              /* the menu of them */
    unsigned fault_at, fault; /* the chosen one, the one injected last */
    unsigned fault_count;     /* of the last frame */

    struct query filter; /* as it applies */
    struct query search;
    bool finding; /* not answered yet: */
    int find_step;
    bool found;
    enum ask ask;
    struct input input;
    char input_error[160];
    struct input_history filters, searches, limit_lines, event_filters;
    uint32_t *targets; /* series that the question is about */
    uint32_t target_count;
    struct listing target_twins; /* the simulated twins of them, by name */
    struct query filter_before;  /* the prompt: what Esc goes back to */
    uint64_t event_before;
    uint32_t selected_before, other_before;

    bool no_mouse;
    int click_x, click_y; /* the last press: */
    timestamp clicked;
    bool sim_running; /* as of the last key or frame */

    struct prompt prompt;
    enum intent asked; /* what a yes to the prompt means */
    bool consent;      /* given once for the whole run */
    unsigned help_scroll;
    char help_wanted[INPUT_TEXT];
    struct input_history help_words;
    struct setup setup;

    enum detail detail; /* of the detail view: */
    uint32_t detail_row;
    uint32_t readings_skip; /* as in struct snapshot_request */
    uint64_t readings_seen;
    unsigned payload_skip;

    struct listing payload, decoded; /* of the message that was asked about last */
    unsigned decoded_scroll;
    enum ui_screen behind_decoded;
};

/* Computes both layouts anew: the size, the screen or the data changed. */
void ui_arrange(struct ui *ui);

/* ui_filter.c: the prompts of filter and search. A key of an open prompt goes to ui_ask_key(). */
void ui_ask(struct ui *ui, enum ask what);
void ui_ask_key(struct ui *ui, uint32_t key);
void ui_search(struct ui *ui, int step);

/* ui_keys.c */
int ui_clamp(int64_t value, int64_t least, int64_t most);
void ui_say(struct ui *ui, enum prompt_kind kind, const char *text);

/* ui_table.c */
void ui_move(struct ui *ui, int32_t rows);
void ui_open(struct ui *ui);
void ui_scroll_columns(struct ui *ui, int steps); /* MOVE_HOME, MOVE_END: all the way */
void ui_tag(struct ui *ui);
void ui_follow(struct ui *ui);

/* ui_panes.c */
void ui_scroll(struct ui *ui, int32_t lines);
int ui_page(const struct ui *ui); /* lines to scroll by */
bool ui_back(struct ui *ui);      /* one level; false: there was nothing to come back from */
void ui_next_pane(struct ui *ui);
void ui_show_pane(struct ui *ui, enum pane pane);
void ui_show_broker(struct ui *ui, struct engine *engine);
void ui_show_decoded(struct ui *ui, struct engine *engine, const struct ui_facts *facts);

/* ui_help.c */
void ui_help(struct ui *ui);
void ui_ask_help(struct ui *ui);
void ui_help_key(struct ui *ui, uint32_t key);

/* ui_detail.c: scrolling in the detail view */
void ui_detail_next(struct ui *ui);
void ui_detail_scroll(struct ui *ui, int32_t lines);
void ui_detail_answer(struct ui *ui, const struct snapshot *snapshot);

/* ui_events.c */
void ui_scroll_events(struct ui *ui, int32_t lines);
void ui_select_event(struct ui *ui, int32_t lines);
void ui_newest_events(struct ui *ui);
void ui_hop(struct ui *ui, struct engine *engine, timestamp now, int step);
void ui_open_event(struct ui *ui, struct engine *engine);
void ui_bookmark(struct ui *ui, struct engine *engine, timestamp now);
void ui_check_sought(struct ui *ui);

/* ui_time.c */
void ui_zoom(struct ui *ui, int step);
void ui_open_setup(struct ui *ui);
void ui_next_span(struct ui *ui);
void ui_toggle_scale(struct ui *ui);
void ui_pause(struct ui *ui, struct engine *engine, timestamp now);
void ui_pause_at(struct ui *ui, struct engine *engine, timestamp when);
void ui_live(struct ui *ui);
void ui_scrub(struct ui *ui, struct engine *engine, timestamp now, int direction, bool far);

/* ui_chart.c: the cursor of the chart, its scale and its company */
bool ui_chart_has_keys(const struct ui *ui); /* is it what arrows and page keys move in? */
bool ui_chart_move(struct ui *ui, int direction, bool far); /* these: false: it is not */
bool ui_chart_first(struct ui *ui);
bool ui_chart_last(struct ui *ui);
bool ui_chart_back(struct ui *ui); /* one level; false: there was nothing to come back from */
void ui_chart_scale(struct ui *ui);
void ui_chart_company(struct ui *ui);
void ui_chart_gather(struct ui *ui); /* the tagged series that it shows */
void ui_chart_settle(struct ui *ui, const struct snapshot *snapshot);
bool ui_chart_press(struct ui *ui, int x, int y);
void ui_chart_drag(struct ui *ui, int x);
void ui_chart_release(struct ui *ui);

/* ui_publish.c: what publishes, and the questions before it */
enum intent ui_publish(struct ui *ui, enum intent intent, struct engine *engine,
                       const struct ui_facts *facts);
void ui_ask_kill(struct ui *ui, struct engine *engine);
enum intent ui_answer_prompt(struct ui *ui, uint32_t key, struct engine *engine);

/* ui_targets.c: what an action is about. */
uint32_t ui_aim(struct ui *ui); /* 0: nothing, and that has been said */
uint32_t ui_aim_twins(struct ui *ui, struct engine *engine);

/* ui_faults.c: faults for simulated sensors, and their menu */
void ui_ask_fault(struct ui *ui, struct engine *engine, const struct ui_facts *facts);
enum intent ui_fault_again(struct ui *ui, struct engine *engine, const struct ui_facts *facts);
enum intent ui_fault_key(struct ui *ui, uint32_t key, struct engine *engine,
                         const struct ui_facts *facts);

/* ui_mouse.c */
enum intent ui_toggle_mouse(struct ui *ui);

/* ui_tree.c */
void ui_tree_toggle(struct ui *ui);
bool ui_fold_toggle(struct ui *ui); /* false: the selected row is no group */
/* Without a tree both scroll the columns. */
void ui_fold(struct ui *ui);   /* or to the heading above */
void ui_unfold(struct ui *ui); /* or into the group */

/* ui_sort.c */
void ui_sort_by(struct ui *ui, enum sort_key sort);
void ui_sort_step(struct ui *ui, int step);
void ui_sort_menu(struct ui *ui);
void ui_menu_key(struct ui *ui, uint32_t key);

/* ui_rules.c: what a person says of the selected series. */
void ui_acknowledge(struct ui *ui, struct engine *engine);
void ui_mute(struct ui *ui, struct engine *engine);
void ui_mute_answer(struct ui *ui, uint32_t key, struct engine *engine);
void ui_ask_limits(struct ui *ui);
void ui_limits_key(struct ui *ui, uint32_t key, struct engine *engine);

/* What the views are handed; it points into ui and to the arguments. */
void ui_frame(const struct ui *ui, const struct snapshot *snapshot,
              const struct connection *connection, const struct ui_facts *facts, timestamp clock,
              struct frame *frame);

timestamp ui_span(unsigned index);
unsigned ui_span_count(void);

#endif
