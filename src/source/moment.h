/* One look at both clocks: the wall's for people and readings, the steady one for waits. Taken once
 * a burst, not once a message. Any thread. */
#ifndef DT_SOURCE_MOMENT_H
#define DT_SOURCE_MOMENT_H

#include "core/timestamp.h"

struct moment {
    timestamp wall;   /* µs since 1970 */
    timestamp steady; /* µs since some start; never jumps */
};

struct moment moment_now(void);

/* By how much the wall's clock went further than the steady one between two looks: it was set
 * ahead, or the machine slept, during which the steady one stands. Negative: set back. In µs. */
timestamp moment_jump(const struct moment *before, const struct moment *now);

#endif
