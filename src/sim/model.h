/* The sensors' values and messages: pure functions of a seeded state and time. No I/O, no clock,
 * one thread at a time. The course of a model (drift, wave, burst, door) depends on the seconds
 * that passed, not on how often it was asked; only the noise on top is drawn anew with each value.
 */
#ifndef DT_SIM_MODEL_H
#define DT_SIM_MODEL_H

#include "core/random.h"
#include "sim/fault.h"
#include "sim/sim.h"

#define MODEL_MESSAGE 384 /* bytes: holds any message of this module, NUL included */

struct model {
    enum sim_kind kind;
    struct random noise;   /* drawn with each value */
    struct random course;  /* drawn once a second of elapsed time */
    timestamp start;       /* of the first value; TIMESTAMP_NONE before it */
    int64_t seconds;       /* how far the course has been followed */
    double base;           /* the middle that values wander around; of a tank: full */
    double drift;          /* away from base */
    double phase;          /* of waves and saw-teeth, 0 to 1 */
    double gain;           /* of the burst of vibration, 1 outside one */
    int left;              /* seconds left of a burst or of an open door */
    bool open;             /* door */
    bool turns;            /* it opens or closes with the next value */
    unsigned seen;         /* values so far, those of faults not counted */
    double mean, variance; /* of about the last 50 of them, older ones fading */
    uint64_t count;        /* of all values so far */
    double last;           /* of them */
    struct fault fault;    /* at work, over, or none yet */
};

/* Temperature is the lab's (design.md, section 5): base 18 to 26, gaussian noise of deviation 0.3,
 * each second a step of up to 0.1 either way, never more than 3 from base. Humidity: a wave of
 * amplitude 8 in 10 minutes. Pressure: a slow walk around 1013 hPa. Vibration: low, with bursts of
 * 4 to 6 times the amplitude for some seconds. Level: a tank that drains in minutes and refills in
 * less than one. Door: 0 or 1. */
void model_init(struct model *model, enum sim_kind kind, uint64_t seed);

/* The value at this moment, in the model's unit (never before the last one asked for). false: a
 * fault keeps the sensor silent. */
bool model_next(struct model *model, timestamp now, double *value);

/* A fault of this kind begins with the next value, in the place of one that is still at work. Its
 * size is in deviations of the recent values, and the values stay within what the quantity can be.
 * A spike is a single value, 8 to 12 deviations away from the usual. A door knows stuck and silent;
 * in the place of a spike it opens or closes, and nothing comes of the others. */
void model_inject(struct model *model, enum fault_kind kind);

const char *model_quantity(enum sim_kind kind);    /* "temperature", ... = the topic's last level */
const char *model_prefix(enum sim_kind kind);      /* "TEMP", ... as it stands in ids */
const char *model_unit(enum sim_kind kind);        /* "Celsius", "percent", ...; "" for a door */
const char *model_sensor_type(enum sim_kind kind); /* "Simulated Thermistor", ... */

/* Writes the lab's reading message, the value (finite) rounded to decimals that suit its kind, with
 * at least one but for a door; returns its length. id needs no escaping. */
size_t model_message(const char *id, enum sim_kind kind, double value, timestamp now, char *out,
                     size_t size);

/* Writes the lab's presence message; returns its length. */
size_t model_presence(const char *id, bool online, char *out, size_t size);

#endif
