/* dt-top on the terminal in the test, and what must hold of its screen whatever comes in. */
#ifndef DT_TESTS_HOSTILE_SCREEN_H
#define DT_TESTS_HOSTILE_SCREEN_H

#include "hostile/attacks.h"
#include "screen/vt.h"

/* Subscribed to everything on this port of the loopback. */
struct vt *screen_start(int port, const char *locale);

/* With more arguments; NULL ends them. */
struct vt *screen_start_with(int port, const char *locale, const char *const *arguments);

/* Fails, naming who was at work, unless each part of the screen is in its place: header, titles,
 * columns, keys; and every row as wide as the screen. */
void screen_check(struct vt *vt, const char *who);

/* Fails unless a key is answered within a second. */
void screen_is_alive(struct vt *vt, const char *who);

/* Quits; fails unless the terminal is as it was, and all that was ever written to it were
 * sequences that a screen needs. */
void screen_quit(struct vt *vt, const char *who);

/* Fails if the stream holds a control of the message with what stands around it there. */
void screen_never_wrote(struct vt *vt, const struct attack *attack);

#endif
