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

    uint32_t selected, first_row;
    int32_t move;                      /* not answered yet */
    uint32_t selected_row, total_rows; /* of the last answer */
    bool has_twin, twin_simulated;     /* of the selected series */
    char twin[TEXT_NAME_BYTES], series[TEXT_NAME_BYTES];
    struct limits limits; /* of it */
    bool muted;
    int name_width; /* the widest name seen: columns don't jump back and forth */

    enum sort_key sort;
    bool descending;
    unsigned span;   /* which of the list */
    bool zoomed;     /* the user has chosen it */
    timestamp began; /* the moment first shown */

    timestamp as_of;
    timestamp set_back; /* fleet_totals.set_back of the last answer */
    uint64_t messages_at_pause;

    unsigned ahead;        /* buckets that the chart looks ahead, */
    uint32_t ahead_series; /* for this series */

    uint32_t events_skip;
    uint64_t event_total;
    uint64_t hop_event;
    uint64_t anomalies, anomalies_read; /* totals: of the last answer, at the last key */

    struct query filter; /* as it applies */
    struct query search;
    bool finding; /* not answered yet: */
    int find_step;
    bool found;
    enum ask ask;
    struct input input;
    char input_error[160];
    struct input_history filters, searches, limit_lines;
    uint32_t asked_series;      /* the one that the question is about */
    struct query filter_before; /* the prompt: what Esc goes back to */
    uint32_t selected_before;

    struct prompt prompt;
    enum intent asked; /* what a yes to the prompt means */
    bool consent;      /* given once for the whole run */
    char target[TEXT_NAME_BYTES];
    unsigned help_scroll;
    struct setup setup;

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
