/* What the tests of the fleet share: a fleet, a batch to build in, and what came of it. */
#ifndef DT_TESTS_UNIT_FLEET_FIXTURE_H
#define DT_TESTS_UNIT_FLEET_FIXTURE_H

#include <check.h>

#include "core/fleet.h"
#include "unit/build.h"

#define SECOND TIMESTAMP_SECOND
#define TOPIC "digital_twin/lab/sensor/T1/temperature"
#define STATUS "digital_twin/lab/sensor/T1/status"

extern struct fleet *fleet;
extern struct batch batch;
extern struct outcomes out; /* of the last ingest() or tick_at() */
extern timestamp now;

/* A test case whose tests each start with a fresh fleet. */
TCase *fleet_case(const char *name);

/* Begins again with a fleet of these options; the detector is the lab's rule unless they say. */
void fleet_with(struct fleet_options options);

/* Ingests what was built. */
void ingest(void);
void tick_at(timestamp when);

/* One reading of T1, two seconds after the last; ten of about 20; a status message a second later.
 */
void reading(double value);
void learn(void);
void status(enum status what);

/* The first outcome of a type, NULL if there is none; how many there are. */
const struct outcome *outcome_of(enum outcome_type type);
size_t outcomes_of(enum outcome_type type);

/* The i-th newest event; how many of a type the log holds. */
const struct event *newest(size_t i);
size_t events_of(enum event_type type);

/* Of test_fleet_presence.c, test_fleet_silence.c, test_fleet_timing.c, test_fleet_forecast.c and
 * test_fleet_bounds.c and test_fleet_limits.c. */
TCase *fleet_presence_case(void);
TCase *fleet_silence_case(void);
TCase *fleet_timing_case(void);
TCase *fleet_forecast_case(void);
TCase *fleet_bounds_case(void);
TCase *fleet_limits_case(void);

#endif
