/* Gives the terminal back when the program dies. Holds what that needs, built while all is well, so
 * that it can be done with async-signal-safe calls alone. Arming and disarming: main thread;
 * crash_restore(): any thread, any signal handler. */
#ifndef DT_UI_CRASH_H
#define DT_UI_CRASH_H

#include <stddef.h>
#include <termios.h>

#define CRASH_RESET 256

/* From now on crash_restore() writes reset[0..len) to fd and sets its modes; len ≤ CRASH_RESET.
 * Also leads the fatal signals (SEGV, BUS, FPE, ILL, ABRT) there, on a stack of their own: they
 * restore, write a line on stderr and then end the process as they would have. */
void crash_arm(int fd, const char *reset, size_t len, const struct termios *modes);

/* The terminal has been given back in an orderly way: nothing is left to restore. */
void crash_disarm(void);

/* Restores the terminal if crash_arm() is in force, and once. */
void crash_restore(void);

#endif
