/* What the statistics get to see of a series: its values on a scale of their own (so that no
 * detector depends on units, and single precision is enough), or the increments of a counter. The
 * first readings decide which. Plain data (zeroed = nothing seen), one thread at a time. */
#ifndef DT_CORE_FRONT_H
#define DT_CORE_FRONT_H

#include <stdbool.h>
#include <stdint.h>

#define FRONT_FEW 3 /* so many distinct values, or fewer, make a switch */

enum front_form {
    FRONT_UNDECIDED, /* the first readings */
    FRONT_GAUGE,
    FRONT_COUNTER, /* never falls, but when it starts anew at 0 */
};

struct front {
    double last;             /* value as it came */
    double origin, unit;     /* what the statistics see: (value - origin) / unit; 0: no unit yet */
    double quantum;          /* smallest change so far: what the values are rounded to */
    double travelled;        /* while undecided: sum of all changes */
    double first[FRONT_FEW]; /* distinct values or increments */
    uint8_t distinct;        /* how many there were, FRONT_FEW + 1 for more */
    uint8_t form;            /* enum front_form */
    uint8_t readings;        /* while undecided */
    uint8_t rises;
    bool fell;
};

enum front_result {
    FRONT_NOTHING, /* no value for the statistics: undecided, or nothing to compare with */
    FRONT_VALUE,   /* *out is set */
    FRONT_RESTART, /* *out is set, but is of another kind than all before: statistics start anew */
};

/* Takes in a finite value. intervals: usual intervals since the last reading, for counters (1 if
 * not known). */
enum front_result front_step(struct front *front, double value, float intervals, double *out);

/* On and off, or some more: no size to judge, only time. */
bool front_is_switch(const struct front *front);

/* The value (as it would come next) of which the statistics would see `seen`. last: the value
 * before it. */
double front_value(const struct front *front, double seen, double last);

#endif
