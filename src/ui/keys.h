/* Keys and what they mean at the top level. Pure. */
#ifndef DT_UI_KEYS_H
#define DT_UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key is its Unicode code point, or one of these. */
enum key {
    KEY_NONE = 0,
    KEY_CTRL_A = 1,
    KEY_CTRL_C = 3,
    KEY_CTRL_E = 5,
    KEY_TAB_ = 9,
    KEY_CTRL_L = 12,
    KEY_RETURN = 13,
    KEY_CTRL_Z = 26,
    KEY_ESC = 27,
    KEY_SPECIAL = 0x110000, /* above every code point */
    KEY_ARROW_UP,
    KEY_ARROW_DOWN,
    KEY_ARROW_LEFT,
    KEY_ARROW_RIGHT,
    KEY_SHIFT_LEFT,
    KEY_SHIFT_RIGHT,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_HOME_,
    KEY_END_,
    KEY_BACKSPACE_,
    KEY_DELETE_,
    KEY_RESIZE_,
    KEY_CLICK, /* the mouse: where, only the terminal knows */
    KEY_WHEEL_UP,
    KEY_WHEEL_DOWN,
    KEY_DRAG,     /* the pointer moved with the button down, */
    KEY_DROP,     /* which is up again now */
    KEY_CLOSED,   /* the terminal has gone */
    KEY_FUNCTION, /* F1 is KEY_FUNCTION + 1, up to F12 */
};

enum command {
    COMMAND_NONE,
    COMMAND_UP,
    COMMAND_DOWN,
    COMMAND_PAGE_UP,
    COMMAND_PAGE_DOWN,
    COMMAND_HOME,
    COMMAND_END,
    COMMAND_OPEN,
    COMMAND_DECODED, /* how the last message is decoded */
    COMMAND_BACK,
    COMMAND_QUIT,      /* back, at top level quit */
    COMMAND_INTERRUPT, /* quit always */
    COMMAND_HELP,
    COMMAND_SORT_MENU,
    COMMAND_SORT_NEXT,
    COMMAND_SORT_PREVIOUS,
    COMMAND_SORT_INVERT,
    COMMAND_PAUSE,
    COMMAND_LIVE,
    COMMAND_ZOOM_IN,
    COMMAND_ZOOM_OUT,
    COMMAND_NEXT_SPAN,
    COMMAND_SCALE, /* of sparklines */
    COMMAND_NEXT_PANE,
    COMMAND_MAXIMISE,
    COMMAND_TABLE, /* these four show a pane */
    COMMAND_CHART,
    COMMAND_EVENTS,
    COMMAND_BROKER,
    COMMAND_SIM_TOGGLE,
    COMMAND_SIM_SPAWN,
    COMMAND_SIM_KILL,
    COMMAND_SIM_FAULT,
    COMMAND_SIM_FAULT_AGAIN,
    COMMAND_NEXT_ANOMALY,
    COMMAND_PREVIOUS_ANOMALY,
    COMMAND_BOOKMARK,
    COMMAND_TAG,
    COMMAND_UNTAG,
    COMMAND_FOLLOW,
    COMMAND_MOUSE,
    COMMAND_TREE,
    COMMAND_LEFT,
    COMMAND_RIGHT,
    COMMAND_LEFTMOST,
    COMMAND_RIGHTMOST,
    COMMAND_LEFT_FAR,
    COMMAND_RIGHT_FAR,
    COMMAND_SCRUB_BACK,
    COMMAND_SCRUB_ON,
    COMMAND_SCRUB_FAR_BACK,
    COMMAND_SCRUB_FAR_ON,
    COMMAND_CHART_SCALE,
    COMMAND_CHART_COMPANY,
    COMMAND_FILTER,
    COMMAND_SEARCH,
    COMMAND_SEARCH_NEXT,
    COMMAND_SEARCH_PREVIOUS,
    COMMAND_ACKNOWLEDGE,
    COMMAND_MUTE,
    COMMAND_LIMITS,
    COMMAND_COPY,
    COMMAND_SETUP,
    COMMAND_REDRAW,
    COMMAND_SUSPEND,
};

enum command keys_command(uint32_t key);

/* Does it come with a place on the screen? */
bool keys_of_mouse(uint32_t key);

/* The help screen's lines: keys, then what they do. */
struct key_help {
    const char *keys, *does;
};
const struct key_help *keys_help(size_t *count);

/* The function-key bar: ten labels at most. sim_running decides F7's word. */
struct key_label {
    int number;
    const char *label;
};
const struct key_label *keys_bar(bool sim_running, size_t *count);

#endif
