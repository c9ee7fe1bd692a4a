/* A view: a table of functions that draws a const frame on a canvas. Adding one touches one file
 * and one line of the list in ui.c. Main thread. */
#ifndef DT_UI_VIEW_H
#define DT_UI_VIEW_H

#include "core/listing.h"
#include "core/mapping.h"
#include "core/snapshot.h"
#include "engine.h"
#include "ui/canvas.h"
#include "ui/chart_window.h"
#include "ui/input.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/setup.h"
#include "ui/traffic.h"

/* What the wiring tells the screen beyond the snapshot. */
struct ui_facts {
    bool sim_running;
    uint32_t sim_sensors;
    bool own_broker;   /* a private one: nobody else's sensors are on it */
    bool readonly;     /* nothing may be published: asked for, or a replay */
    timestamp started; /* of this program */
    uint64_t dropped;
    const struct usage *usage; /* what this program takes; may be NULL */
    char sim_trouble[160];
    const char *detector; /* its name, and what it goes by */
    int window;
    const char *const *faults; /* names of what can be injected, from 1; 0: the next one in turn */
    unsigned fault_count;
    const struct mappings *mappings; /* by which messages are decoded; may be NULL */
};

enum prompt_kind { PROMPT_NONE, PROMPT_KILL, PROMPT_CONSENT, PROMPT_MUTE, PROMPT_MESSAGE };

struct prompt {
    enum prompt_kind kind;
    char text[320]; /* the question, its answers' keys in it */
};

/* A line that is being typed at the bottom of the screen. */
enum ask { ASK_NOTHING, ASK_FILTER, ASK_EVENTS, ASK_SEARCH, ASK_HELP, ASK_LIMITS };

/* What the arrow keys scroll in the detail view; the first one nothing: they go to the next series.
 */
enum detail { DETAIL_TWIN, DETAIL_READINGS, DETAIL_PAYLOAD, DETAILS };

/* All that one frame shows. */
struct frame {
    const struct snapshot *snapshot;
    const struct connection *connection;
    const struct ui_facts *facts;
    const struct layout *layout;
    const struct prompt *prompt;
    timestamp clock; /* the wall clock, for the header */
    bool paused;
    const struct chart_choices *chart;
    unsigned ahead;           /* buckets to come that the chart shows, an even number */
    uint64_t buffered;        /* messages since the pause */
    uint64_t new_anomalies;   /* since the user's last key */
    const char *event_filter; /* of the log, as it applies; "": all events are listed */
    enum pane focus;          /* whose rows the arrow keys move */
    unsigned help_scroll;
    const char *help_wanted; /* only lines with this word are shown */
    enum detail detail;
    unsigned payload_skip;     /* its lines that are scrolled away */
    const struct bits *tagged; /* series */
    bool follow;               /* the selection goes to each new alarm */
    bool menu;                 /* of what to sort by, one line of it chosen */
    enum sort_key menu_at;
    bool faults; /* the menu of them, one line of it chosen */
    unsigned fault_at;
    uint32_t targets;                   /* series that what is asked is about */
    const struct listing *target_twins; /* the simulated twins of them */
    const char *filter;                 /* as it applies; "": all rows are shown */
    enum ask ask;
    const struct input *input;               /* what is typed */
    bool found;                              /* what is searched for */
    const char *input_error;                 /* why it does not apply; "" if it does */
    const struct listing *payload, *decoded; /* of the message that was asked about last */
    unsigned decoded_scroll;
    const struct setup *setup;
};

struct view {
    const char *name;
    void (*draw)(struct canvas *canvas, const struct frame *frame);
};

extern const struct view view_header, view_table, view_chart, view_card, view_events, view_keys,
    view_help, view_detail, view_broker, view_decoded, view_filter, view_menu, view_setup,
    view_faults;

/* Where the menu is on this screen, its title in the first line, and the first line's order in the
 * so many lines below it. */
struct rect view_menu_place(const struct layout *layout);
int view_menu_first(enum sort_key chosen, int lines);

/* Where the menu of faults is, its title in the first line. */
struct rect view_faults_place(const struct layout *layout, const struct ui_facts *facts);

/* The letter that chooses the i-th of its lines. */
char view_faults_letter(const struct ui_facts *facts, unsigned i);

/* The key whose label in the bar covers column x, KEY_NONE if none does. */
uint32_t view_keys_at(const struct layout *layout, bool sim_running, int x);

/* How far the help can be scrolled on this screen. */
unsigned view_help_scroll_most(const struct layout *layout, const char *wanted);

/* The same for the payload in the detail view. */
unsigned view_detail_payload_most(const struct layout *layout, const struct card *card);

/* The same for the last message and its decoding. */
unsigned view_decoded_scroll_most(const struct layout *layout, const struct listing *payload,
                                  const struct listing *decoded);

#endif
