/* Golden screens: a whole screen as text, its cells first, below them its looks, to be compared
 * with a file that people have read and found good. */
#ifndef DT_TESTS_SCREEN_GOLDEN_H
#define DT_TESTS_SCREEN_GOLDEN_H

#include "screen/vt.h"

/* The screen as such a text, to be freed: its rows; then a letter for the look of each cell, and
 * what the letters mean. '.' is a cell that looks as the terminal's own text; blanks at a row's end
 * are left out. How much memory a machine needs is not told ("###K of 256M"). */
char *golden_text(struct vt *vt, const char *title);

/* Waits until the screen is the text of the file; what differs is told on stderr if it is not so
 * within the deadline. */
bool golden_wait(struct vt *vt, const char *title, const char *path, int deadline);

/* Waits until the screen has come to rest and writes it. */
bool golden_write(struct vt *vt, const char *title, const char *path, int deadline);

/* Until it has come to rest: several frames in a row are the same. */
bool golden_settle(struct vt *vt, int deadline);

#endif
