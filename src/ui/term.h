/* The terminal: the only place that knows curses. Opens it, shows a canvas, reads keys, and gives
 * it back as it was, whatever ends the program. Main thread, but for term_restore(). */
#ifndef DT_UI_TERM_H
#define DT_UI_TERM_H

#include "core/timestamp.h"
#include "ui/canvas.h"
#include "ui/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct term_options {
    bool ascii;                /* never send a byte above 0x7E, whatever the canvas holds */
    bool colour;               /* false: mono, whatever the terminal can */
    const struct theme *theme; /* copied; NULL: the dark one */
    bool slow;                 /* the line is slow: few frames */
};

struct term;

/* Takes over the terminal on stdin and stdout. NULL: error says why (not a terminal, unknown TERM).
 * Also arms the fatal signals (SEGV, BUS, FPE, ILL, ABRT) so that they restore it before they kill.
 * Install handlers for SIGINT, SIGTERM, SIGTSTP and SIGWINCH before: curses sets its own where it
 * finds none. */
struct term *term_open(const struct term_options *options, char *error, size_t size);
void term_close(struct term *term);

void term_size(const struct term *term, int *width, int *height);

/* Microseconds until the next frame should be shown, 0 for now: a line that is slow, or a terminal
 * that does not read, gets no more frames than it can carry (ui/pace.h). key: the frame shows what
 * a key has done. An answer of the terminal, which ends the waiting, comes with term_key(). */
timestamp term_wait(struct term *term, bool key);

/* Shows the canvas: only what changed is sent. */
void term_show(struct term *term, const struct canvas *canvas);

/* Another look, from the next term_show() on. */
void term_set_theme(struct term *term, const struct theme *theme);

/* One bell. */
void term_bell(struct term *term);

/* Sanitised text to the clipboard of whoever sits before the terminal, if that allows it. */
void term_copy(struct term *term, const char *text);

/* Forgets what is on the screen: the next term_show() draws all of it. Sets the modes again too, in
 * case others changed them while the process was stopped. */
void term_redraw(struct term *term);

/* Asks the terminal to send the mouse, or to keep it for itself. */
void term_mouse(struct term *term, bool on);

/* Where KEY_CLICK, KEY_WHEEL_UP or KEY_WHEEL_DOWN was. */
void term_pointer(const struct term *term, int *x, int *y);

/* The next key (keys.h) that is waiting, KEY_NONE when there is none; KEY_RESIZE_ after the size
 * changed; KEY_CLOSED when the terminal has gone. Never blocks. */
uint32_t term_key(struct term *term);

/* Gives the terminal back while the process is stopped, and takes it again (and then its size,
 * which may have changed). */
void term_suspend(struct term *term);
void term_resume(struct term *term);

/* Tells term that SIGWINCH came: takes the new size. */
void term_resized(struct term *term);

/* Async-signal-safe: writes the prebuilt reset string and restores the tty modes; nothing if the
 * terminal is not open. */
void term_restore(void);

#endif
