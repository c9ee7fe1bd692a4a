/* The screen's state: what is selected, paused, asked; turns keys into intents and frames into
 * cells. Owns no terminal and no thread: app.c moves keys in, canvases out and carries out the
 * intents. Main thread. */
#ifndef DT_UI_UI_H
#define DT_UI_UI_H

#include "ui/view.h"

enum intent {
    INTENT_NONE,
    INTENT_QUIT,
    INTENT_SUSPEND,
    INTENT_REDRAW,
    INTENT_COPY,  /* topic and value of the selected series to the clipboard */
    INTENT_THEME, /* ui_setup() names another one */
    INTENT_SAVE,  /* what ui_setup() holds, into the configuration file */
    INTENT_MOUSE, /* on or off: ui_wants_mouse() */
    INTENT_SIM_TOGGLE,
    INTENT_SIM_SPAWN,
    INTENT_SIM_KILL,  /* ui_targets() */
    INTENT_SIM_CRASH, /* ui_targets() */
    INTENT_SIM_FAULT, /* ui_fault(), ui_targets(); none: any simulated sensor */
};

struct ui;

struct ui *ui_new(bool ascii);
void ui_free(struct ui *ui);

void ui_resize(struct ui *ui, int width, int height);

/* What to ask the engine for, for the next frame. */
void ui_request(const struct ui *ui, timestamp now, struct snapshot_request *request);

/* Takes the answer: the selection as resolved. Call once after each snapshot. */
void ui_answer(struct ui *ui, const struct snapshot *snapshot);

/* A key. Returns what the wiring has to do; everything else is done here. facts tell whether to ask
 * for consent first (a broker that dt-top did not start) and what can be killed. */
enum intent ui_key(struct ui *ui, uint32_t key, struct engine *engine, const struct ui_facts *facts,
                   timestamp now);

/* What is set on the setup screen; the wiring fills it at the start and clears `changed` after it
 * has saved. Call ui_set_up() after a change from outside. */
struct setup *ui_setup(struct ui *ui);
void ui_set_up(struct ui *ui);

/* The mouse: KEY_CLICK or a turn of its wheel, at this cell. Returns the key of the bar that was
 * clicked, to be given to ui_key(), or KEY_NONE. now: the wall clock. */
uint32_t ui_mouse(struct ui *ui, uint32_t key, int x, int y, timestamp now);

/* Or does the user want it for the terminal's own selection of text? */
bool ui_wants_mouse(const struct ui *ui);

/* The simulated twins that an intent is about. */
const char *const *ui_targets(const struct ui *ui, size_t *count);

/* Which of ui_facts.faults; 0: the next one in turn. */
unsigned ui_fault(const struct ui *ui);

/* Shows only what a filter (core/query.h) lets through. false: error says what is wrong with it. */
bool ui_set_filter(struct ui *ui, const char *text, char *error, size_t size);

/* Shows a line to the user until the next key. */
void ui_message(struct ui *ui, const char *text);

/* Draws the whole screen. */
const struct canvas *ui_draw(struct ui *ui, const struct snapshot *snapshot,
                             const struct connection *connection, const struct ui_facts *facts,
                             timestamp clock);

#endif
