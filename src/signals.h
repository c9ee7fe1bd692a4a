/* Signals as bytes in a pipe, so that the poll loop sees them like any other event. What is here,
 * what restores the terminal and the private broker at hand are the mutable globals of the program:
 * a signal handler has no context of its own. Main thread. */
#ifndef DT_SIGNALS_H
#define DT_SIGNALS_H

#include <stdbool.h>

/* Catches what asks a program to end (INT, TERM, HUP, QUIT, USR1, USR2, ALRM), and with a screen
 * also WINCH, TSTP and CONT; ignores PIPE. Call before any thread starts. */
bool signals_open(bool screen);

/* Back to the defaults; takes back signals_insist(). */
void signals_close(void);

/* From now on the main thread has so long, once it was asked to end, to come to signals_close(): it
 * may hang in a write to a terminal that nobody reads. Then overdue() runs, in a signal handler:
 * only what is async-signal-safe, and at its end _exit(). Should it hang, too, the process is
 * killed 0.1 s later. */
#define SIGNALS_PATIENCE_MS 850
void signals_insist(void (*overdue)(void));

/* To poll for reading. */
int signals_fd(void);

/* The next signal that came, 0 if none is left; SIGNALS_WAKE for signals_wake(). */
#define SIGNALS_WAKE 255
int signals_next(void);

/* Is this one of those that ask to end? */
bool signals_asks_to_end(int number);

/* Makes signals_fd() readable. Any thread. */
void signals_wake(void);

/* Stops this process as its default TSTP action would, returns after CONT. */
void signals_stop_here(void);

#endif
