#include "unit/build.h"

#include <string.h>

#define BUILD_BYTES 180 /* as long as a lab message is */

static const char *copy(struct batch *batch, const char *text)
{
    return text ? arena_text(&batch->arena, text, strlen(text)) : NULL;
}

struct decoded *build_message(struct batch *batch, const char *topic, timestamp arrival)
{
    static const char payload[BUILD_BYTES]; /* nobody decodes it, but it is kept */
    struct message message = {
        .topic = topic, .payload = payload, .bytes = BUILD_BYTES, .arrival = arrival};
    return batch_open(batch, &message);
}

static void add_reading(struct batch *batch, const char *sensor, const char *series,
                        const char *path, const char *unit, double value, timestamp time)
{
    struct item *item = batch_add(batch, ITEM_READING);
    item->sensor = copy(batch, sensor);
    item->series = copy(batch, series);
    item->path = copy(batch, path);
    item->unit = copy(batch, unit);
    item->value = value;
    item->time = time;
}

void build_reading(struct batch *batch, const char *topic, const char *sensor, const char *series,
                   const char *unit, double value, timestamp arrival)
{
    build_message(batch, topic, arrival);
    add_reading(batch, sensor, series, "value", unit, value, arrival);
}

void build_retained(struct batch *batch, const char *topic, const char *sensor, const char *series,
                    const char *unit, double value, timestamp arrival)
{
    build_message(batch, topic, arrival)->retain = true;
    add_reading(batch, sensor, series, "value", unit, value, arrival);
}

void build_lab(struct batch *batch, const char *topic, const char *sensor, const char *series,
               const char *unit, double value, timestamp arrival)
{
    build_message(batch, topic, arrival);
    build_fact(batch, sensor, "location", "Lab Environment");
    build_fact(batch, sensor, "sensor_type", "Simulated Thermistor");
    build_fact(batch, sensor, "firmware_version", "1.0.0");
    add_reading(batch, sensor, series, "value", unit, value, arrival);
}

void build_presence(struct batch *batch, const char *topic, const char *sensor, enum status status,
                    timestamp arrival)
{
    build_message(batch, topic, arrival);
    struct item *item = batch_add(batch, ITEM_PRESENCE);
    item->sensor = copy(batch, sensor);
    item->status = status;
    item->time = arrival;
}

void build_malformed(struct batch *batch, const char *topic, const char *reason, timestamp arrival)
{
    build_message(batch, topic, arrival);
    struct item *item = batch_add(batch, ITEM_MALFORMED);
    item->text = copy(batch, reason);
    item->time = arrival;
}

void build_fact(struct batch *batch, const char *sensor, const char *name, const char *text)
{
    struct item *item = batch_add(batch, ITEM_FACT);
    item->sensor = copy(batch, sensor);
    item->series = copy(batch, name);
    item->text = copy(batch, text);
}

void build_value(struct batch *batch, const char *sensor, const char *series, const char *path,
                 double value, timestamp time)
{
    add_reading(batch, sensor, series, path, "", value, time);
}
