/* Faults of sensors with a known start, end, kind and size, for the simulator and for measuring
 * detectors. Pure functions of seeded randomness: no I/O, no clock. Time is counted in values: the
 * n-th that the sensor would say, from 0. */
#ifndef DT_SIM_FAULT_H
#define DT_SIM_FAULT_H

#include "core/random.h"

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_SPIKE,  /* a value or two far away */
    FAULT_LEVEL,  /* all values moved, then back */
    FAULT_DRIFT,  /* ever further away, then back at once */
    FAULT_BURST,  /* much more noise */
    FAULT_STUCK,  /* the same value again and again */
    FAULT_SILENT, /* no value at all */
    FAULT_KINDS,
};

struct fault {
    enum fault_kind kind;
    uint64_t start, end; /* the first value that is touched, and the first that is not any more */
    double size; /* deviations of the usual noise: how far away (drift: at its end); burst: so many
                    times the noise */
};

const char *fault_name(enum fault_kind kind); /* "spike", ...; "" for none */

/* May a sensor that knows only on and off have it? Faults of size mean nothing to it. */
bool fault_suits_switch(enum fault_kind kind);

/* A fault of this kind that begins with value `start`: length, size and direction are drawn. pace:
 * 1 for a length of hours and minutes at the usual periods; smaller ones are over sooner. */
struct fault fault_draw(enum fault_kind kind, uint64_t start, double pace, struct random *random);

bool fault_running(const struct fault *fault, uint64_t at);

/* What the sensor says as its at-th value. course: what it would say without noise, noise: by how
 * much it would be off; deviation: of that noise usually; before: what it said last. false: it says
 * nothing. */
bool fault_apply(const struct fault *fault, uint64_t at, double course, double noise,
                 double deviation, double before, double *value);

/* Faults one after the other, with time in between for a detector to settle. */
struct fault_plan {
    struct random random;
    bool on_off;   /* the sensor knows only on and off */
    uint64_t next; /* the value from which on the next one may begin */
    uint8_t bag[FAULT_KINDS];
    unsigned left; /* kinds in the bag: all come once before any comes again */
};

/* The first fault begins after `quiet` values. */
void fault_plan_init(struct fault_plan *plan, bool on_off, uint64_t quiet, uint64_t seed);
struct fault fault_plan_next(struct fault_plan *plan);

#endif
