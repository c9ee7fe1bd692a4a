/* Hand-made batches for tests: each call opens one message and adds what it says, without a
 * payload decoder in between. Strings are copied into the batch. */
#ifndef DT_TESTS_UNIT_BUILD_H
#define DT_TESTS_UNIT_BUILD_H

#include "core/batch.h"

/* A live message (not retained, QoS 0) with nothing in it yet. */
struct decoded *build_message(struct batch *batch, const char *topic, timestamp arrival);

/* A live message with one reading at path "value", taken at its arrival. */
void build_reading(struct batch *batch, const char *topic, const char *sensor, const char *series,
                   const char *unit, double value, timestamp arrival);

/* The same, as a retained message. */
void build_retained(struct batch *batch, const char *topic, const char *sensor, const char *series,
                    const char *unit, double value, timestamp arrival);

/* The lab's message: facts location, sensor_type and firmware_version, then the reading. */
void build_lab(struct batch *batch, const char *topic, const char *sensor, const char *series,
               const char *unit, double value, timestamp arrival);

/* A live status message. */
void build_presence(struct batch *batch, const char *topic, const char *sensor, enum status status,
                    timestamp arrival);

/* A live message that could not be decoded. */
void build_malformed(struct batch *batch, const char *topic, const char *reason, timestamp arrival);

/* One more item for the message opened last. */
void build_fact(struct batch *batch, const char *sensor, const char *name, const char *text);
void build_value(struct batch *batch, const char *sensor, const char *series, const char *path,
                 double value, timestamp time);

#endif
