/* A terminal in the test: runs a program on a pseudo-terminal, understands what it draws
 * (libvterm), types for it. Every wait has a deadline in milliseconds; a wait that fails prints the
 * screen on stderr. Columns and rows count from 0. One thread at a time. */
#ifndef DT_TESTS_SCREEN_VT_H
#define DT_TESTS_SCREEN_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>

#include <vterm.h>

struct vt;

/* Runs argv[0] (found in PATH) with our environment, TERM=xterm-256color, and then `env`: strings
 * "NAME=value", or "NAME" to take it away; NULL ends the list, NULL alone is no list. */
struct vt *vt_start(const char *const *argv, const char *const *env, int columns, int rows);

/* Runs a function in a forked child on the terminal; what it returns is the exit status. */
struct vt *vt_fork(int (*child)(void *context), void *context, const char *const *env, int columns,
                   int rows);

/* Kills the program if it still runs. NULL is fine. */
void vt_free(struct vt *vt);

/* Reads all that the program has written by now; false once it has closed the terminal. */
bool vt_drain(struct vt *vt);

/* Reads at most so many bytes of it: a slow line. Returns how many there were. */
size_t vt_drain_some(struct vt *vt, size_t most);

/* From now on the terminal answers no question. */
void vt_mute(struct vt *vt);

/* Waits until a condition holds. */
bool vt_wait(struct vt *vt, bool (*met)(struct vt *vt, const void *context), const void *context,
             int deadline);
bool vt_wait_text(struct vt *vt, const char *text, int deadline);
bool vt_wait_gone(struct vt *vt, const char *text, int deadline);
bool vt_wait_row(struct vt *vt, int row, const char *text, int deadline);

/* Bytes that the program has written and vt_drain() has not read. */
int vt_unread(const struct vt *vt);

/* The first row that shows text, -1 if none does; *column (may be NULL) is where it begins. */
int vt_find(struct vt *vt, const char *text, int *column);

/* A row without its trailing blanks; good until the next call for this terminal. */
const char *vt_row_text(struct vt *vt, int row);

#define VT_DEFAULT (-1)   /* a colour: the terminal's own */
#define VT_RGB 0x01000000 /* a colour above this is VT_RGB | red << 16 | green << 8 | blue */

struct vt_cell {
    char text[32]; /* UTF-8; "" in the right half of a wide character or where nothing is */
    int width;
    int foreground, background; /* palette index, VT_DEFAULT or VT_RGB | ... */
    bool bold, underline, reverse;
};
struct vt_cell vt_cell(struct vt *vt, int column, int row);

bool vt_in_alternate_screen(const struct vt *vt);
bool vt_cursor_visible(const struct vt *vt);
bool vt_mouse_wanted(const struct vt *vt); /* by the program */
void vt_size(const struct vt *vt, int *columns, int *rows);

void vt_type(struct vt *vt, const char *bytes);
void vt_key(struct vt *vt, VTermKey key); /* VTERM_KEY_UP ..., as an xterm sends it */
void vt_key_f(struct vt *vt, int number); /* F1 to F12 */
/* A press of the left button, or a turn of the wheel (4 up, 5 down), if the program asked for it.
 */
void vt_mouse(struct vt *vt, int column, int row, int button);
void vt_resize(struct vt *vt, int columns, int rows);
void vt_hang_up(
    struct vt *vt); /* the terminal goes away; only vt_exit_status() makes sense after */

pid_t vt_pid(const struct vt *vt);

/* The terminal's modes as the program has left them. */
struct termios vt_modes(const struct vt *vt);

/* Changes them behind the program's back, as a shell does while a job is stopped. */
void vt_set_modes(struct vt *vt, const struct termios *modes);

/* All bytes that the program has written so far. */
const char *vt_raw(const struct vt *vt, size_t *len);

/* Waits for the program's end. Its exit status, or 128 + the signal that killed it; -1 if it still
 * runs at the deadline. */
int vt_exit_status(struct vt *vt, int deadline);

/* A folder with all that is in it, as programs leave it that were killed. */
void vt_remove_folder(const char *folder);

void vt_dump(struct vt *vt, FILE *out);

/* Writes a picture of the screen. */
void vt_svg(struct vt *vt, FILE *out);

#endif
