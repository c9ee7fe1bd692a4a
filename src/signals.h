/* Signals as bytes in a pipe, so that the poll loop sees them like any other event. The pipe is one
 * of the two mutable globals of the program (the other is what restores the terminal). Main thread.
 */
#ifndef DT_SIGNALS_H
#define DT_SIGNALS_H

#include <stdbool.h>

/* Catches INT, TERM, HUP, and with a screen also WINCH, TSTP and CONT; ignores PIPE. Call before
 * any thread starts. */
bool signals_open(bool screen);
void signals_close(void);

/* To poll for reading. */
int signals_fd(void);

/* The next signal that came, 0 if none is left; SIGNALS_WAKE for signals_wake(). */
#define SIGNALS_WAKE 255
int signals_next(void);

/* Makes signals_fd() readable. Any thread. */
void signals_wake(void);

/* Stops this process as its default TSTP action would, returns after CONT. */
void signals_stop_here(void);

#endif
