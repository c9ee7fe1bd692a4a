/* One line of text being typed, and the lines before it: what a prompt edits. Knows nothing of what
 * the text means. Pure. */
#ifndef DT_UI_INPUT_H
#define DT_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INPUT_TEXT 256 /* bytes of a line, NUL included */
#define INPUT_LINES 16 /* remembered */

struct input_history {
    char lines[INPUT_LINES][INPUT_TEXT]; /* the oldest first */
    unsigned count;
};

struct input {
    char text[INPUT_TEXT]; /* UTF-8, every character of it can be shown */
    size_t len, cursor;    /* bytes; the cursor stands before the character at it */
    const struct input_history *history;
    unsigned back;          /* how many lines of the history it has gone back */
    char draft[INPUT_TEXT]; /* what was being typed before that */
};

/* Begins with this text, the cursor behind it. history may be NULL. */
void input_begin(struct input *input, const char *text, const struct input_history *history);

/* A key: characters, arrows, Home, End, Backspace, Delete, ^A ^E ^B ^F ^D ^H ^K ^U ^W. Returns
 * whether the text has changed. */
bool input_key(struct input *input, uint32_t key);

/* Remembers a line, unless it is empty; one that was there already becomes the newest. */
void input_remember(struct input_history *history, const char *line);

#endif
