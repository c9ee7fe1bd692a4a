/* A small program for the terminal in the test: shows samples of everything that a canvas can hold,
 * names each key that comes, and ends as the key says: q orderly, S and A by a signal, X by exit().
 */
#ifndef DT_TESTS_SCREEN_STAGE_H
#define DT_TESTS_SCREEN_STAGE_H

enum { STAGE_NO_TERM = 7, STAGE_HUNG_UP = 42 }; /* exit statuses */

/* For vt_fork(); context is a struct term_options. Says "before" on the plain screen and waits for
 * a line, so that the test can look around before the terminal is taken over. */
int stage_play(void *context);

#endif
