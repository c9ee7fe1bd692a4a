#include "sim/model.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define TEMPERATURE_NOISE 0.3
#define TEMPERATURE_REACH 3.0
#define HUMIDITY_PERIOD 600.0
#define LEVEL_PERIOD 260.0
#define LEVEL_DRAINS 0.78 /* this part of the period; then it refills */
#define LEVEL_LOW 1.2
#define MEMORY 25.0 /* values: how fast mean and variance forget */
#define PACE 0.3    /* of faults: nobody wants to watch one for an hour */
#define DOOR_PACE 1.0

struct kind {
    const char *quantity, *prefix, *unit, *sensor_type;
    int decimals;
    double scale;     /* ten to the decimals */
    double deviation; /* at least, when a spike is measured out */
    double low, high; /* what the quantity can be */
};

static const struct kind kinds[SIM_KINDS] = {
    [SIM_TEMPERATURE] = {"temperature", "TEMP", "Celsius", "Simulated Thermistor", 2, 100.0, 0.3,
                         -273.15, 1000.0},
    [SIM_HUMIDITY] = {"humidity", "HUM", "percent", "Simulated Hygrometer", 1, 10.0, 0.4, 0.0,
                      100.0},
    [SIM_PRESSURE] = {"pressure", "PRES", "hPa", "Simulated Barometer", 2, 100.0, 0.1, 0.0, 2000.0},
    [SIM_VIBRATION] = {"vibration", "VIB", "mm/s", "Simulated Accelerometer", 3, 1000.0, 0.08, 0.0,
                       200.0},
    [SIM_LEVEL] = {"level", "LEVEL", "m", "Simulated Level Gauge", 2, 100.0, 0.02, 0.0, 50.0},
    [SIM_DOOR] = {"door", "DOOR", "", "Simulated Door Contact", 0, 1.0, 0.0, 0.0, 1.0},
};

static const struct kind *kind_of(enum sim_kind kind)
{
    assert((unsigned)kind < SIM_KINDS);
    return &kinds[kind];
}

static double between(struct random *random, double low, double high)
{
    return low + (high - low) * random_uniform(random);
}

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static double base_of(enum sim_kind kind, struct random *random)
{
    switch (kind) {
    case SIM_TEMPERATURE:
        return between(random, 18.0, 26.0);
    case SIM_HUMIDITY:
        return between(random, 45.0, 60.0);
    case SIM_PRESSURE:
        return between(random, 1010.0, 1016.0);
    case SIM_VIBRATION:
        return between(random, 0.6, 1.0);
    case SIM_LEVEL:
        return between(random, 3.2, 3.8);
    default:
        return 0.0;
    }
}

void model_init(struct model *model, enum sim_kind kind, uint64_t seed)
{
    struct random first;

    memset(model, 0, sizeof(*model));
    model->kind = kind;
    random_init(&first, seed);
    random_init(&model->noise, random_next(&first));
    random_init(&model->course, random_next(&first));
    model->start = TIMESTAMP_NONE;
    model->base = base_of(kind, &first);
    model->phase = random_uniform(&first);
    model->gain = 1.0;
}

/* One second further. Only additions and comparisons of uniform numbers: no rounding of a C library
 * can make the course of two machines part. */
static void follow_second(struct model *model)
{
    double uniform = random_uniform(&model->course);
    /* The noise needs room within the reach, or the walk would stick to its end. */
    double reach = TEMPERATURE_REACH - 3.0 * TEMPERATURE_NOISE;

    if (model->left > 0)
        model->left--;
    switch (model->kind) {
    case SIM_TEMPERATURE:
        model->drift = clamp(model->drift + 0.2 * uniform - 0.1, -reach, reach);
        break;
    case SIM_PRESSURE:
        model->drift = 0.998 * model->drift + 0.1 * uniform - 0.05;
        break;
    case SIM_VIBRATION:
        if (model->left == 0)
            model->gain = 1.0;
        if (model->left == 0 && uniform < 1.0 / 150.0) {
            model->gain = between(&model->course, 4.0, 6.0);
            model->left = (int)between(&model->course, 3.0, 7.0);
        }
        break;
    case SIM_DOOR:
        if (model->left == 0)
            model->open = false;
        if (model->left == 0 && uniform < 1.0 / 15.0) {
            model->open = true;
            model->left = (int)between(&model->course, 4.0, 13.0);
        }
        break;
    default:
        break;
    }
}

static double level(const struct model *model, double seconds)
{
    double place = fmod(seconds / LEVEL_PERIOD + model->phase, 1.0);
    double full = place < LEVEL_DRAINS ? 1.0 - place / LEVEL_DRAINS
                                       : (place - LEVEL_DRAINS) / (1.0 - LEVEL_DRAINS);

    return LEVEL_LOW + (model->base - LEVEL_LOW) * full;
}

/* Returns what the value would be without noise. */
static double usual(struct model *model, double seconds, double *noise)
{
    const double turn = 6.283185307179586;
    double normal = random_normal(&model->noise), inside;

    *noise = 0.0;
    switch (model->kind) {
    case SIM_TEMPERATURE:
        inside =
            clamp(model->drift + TEMPERATURE_NOISE * normal, -TEMPERATURE_REACH, TEMPERATURE_REACH);
        *noise = inside - model->drift;
        return model->base + model->drift;
    case SIM_HUMIDITY:
        *noise = 0.4 * normal;
        return model->base + 8.0 * sin(turn * (seconds / HUMIDITY_PERIOD + model->phase));
    case SIM_PRESSURE:
        *noise = 0.05 * normal;
        return model->base + model->drift;
    case SIM_VIBRATION:
        *noise = model->gain * model->base * 0.1 * normal;
        return model->gain * model->base;
    case SIM_LEVEL:
        *noise = 0.01 * normal;
        return level(model, seconds);
    default:
        return model->open ? 1.0 : 0.0;
    }
}

static void remember(struct model *model, double value)
{
    double weight = ++model->seen < MEMORY ? 1.0 / model->seen : 1.0 / MEMORY;
    double step = value - model->mean;

    model->mean += weight * step;
    model->variance = (1.0 - weight) * (model->variance + weight * step * step);
}

static double deviation_of(const struct model *model)
{
    return fmax(sqrt(model->variance), kind_of(model->kind)->deviation);
}

/* Away from the mean on the side where the value is already, unless only the other has room. */
static double spiked(const struct model *model, double value)
{
    const struct kind *kind = kind_of(model->kind);
    double height = fabs(model->fault.size) * deviation_of(model);
    double up = fmax(value, model->mean) + height;
    double down = fmin(value, model->mean) - height;
    bool upwards = down < kind->low || (value >= model->mean && up <= kind->high);

    return clamp(upwards ? up : down, kind->low, kind->high);
}

void model_inject(struct model *model, enum fault_kind kind)
{
    const struct kind *about = kind_of(model->kind);
    bool door = model->kind == SIM_DOOR;

    if (door && kind == FAULT_SPIKE)
        model->turns = true;
    if (door && !fault_suits_switch(kind))
        return;
    model->fault = fault_draw(kind, model->count, door ? DOOR_PACE : PACE, &model->noise);
    if (kind == FAULT_SPIKE) {
        model->fault.end = model->fault.start + 1;
        model->fault.size = between(&model->noise, 8.0, 12.0);
    } else if (kind != FAULT_BURST) {
        double away = model->mean + model->fault.size * deviation_of(model);

        if (away < about->low || away > about->high)
            model->fault.size = -model->fault.size;
    }
}

/* What the sensor says, as the fault, if one is at work, would have it. */
static bool say(struct model *model, double course, double noise, double *value)
{
    const struct kind *about = kind_of(model->kind);

    if (!fault_running(&model->fault, model->count)) {
        *value = model->kind == SIM_VIBRATION ? fabs(course + noise) : course + noise;
        remember(model, *value);
        return true;
    }
    if (model->fault.kind == FAULT_SPIKE)
        *value = spiked(model, course + noise);
    else if (!fault_apply(&model->fault, model->count, course, noise, deviation_of(model),
                          model->last, value))
        return false;
    *value = clamp(*value, about->low, about->high);
    return true;
}

bool model_next(struct model *model, timestamp now, double *value)
{
    timestamp elapsed;
    double course, noise;
    bool said;

    if (model->start == TIMESTAMP_NONE)
        model->start = now;
    elapsed = now > model->start ? now - model->start : 0;
    for (; model->seconds < elapsed / TIMESTAMP_SECOND; model->seconds++)
        follow_second(model);
    if (model->turns) {
        model->turns = false;
        model->open = !model->open;
        model->left = 5;
    }
    course = usual(model, (double)elapsed / (double)TIMESTAMP_SECOND, &noise);
    said = say(model, course, noise, value);
    model->count++;
    if (said)
        model->last = *value;
    return said;
}

const char *model_quantity(enum sim_kind kind)
{
    return kind_of(kind)->quantity;
}

const char *model_prefix(enum sim_kind kind)
{
    return kind_of(kind)->prefix;
}

const char *model_unit(enum sim_kind kind)
{
    return kind_of(kind)->unit;
}

const char *model_sensor_type(enum sim_kind kind)
{
    return kind_of(kind)->sensor_type;
}

/* As the lab's publisher writes a rounded number: 22.4 and 22.0, never 22.40. */
static void format_value(const struct kind *kind, double value, char *out, size_t size)
{
    /* Adding zero makes a plain 0 of a negative one. */
    double rounded = round(value * kind->scale) / kind->scale + 0.0;
    size_t len = (size_t)snprintf(out, size, "%.*f", kind->decimals, rounded);

    if (kind->decimals == 0 || len >= size)
        return;
    while (out[len - 1] == '0' && out[len - 2] != '.')
        out[--len] = '\0';
}

size_t model_message(const char *id, enum sim_kind kind, double value, timestamp now, char *out,
                     size_t size)
{
    const struct kind *about = kind_of(kind);
    char time[TIMESTAMP_TEXT], number[48];
    int len;

    timestamp_format(now, time);
    format_value(about, value, number, sizeof(number));
    len = snprintf(out, size,
                   "{\"timestamp_utc\":\"%s\",\"sensor_id\":\"%s\",\"value\":%s,\"unit\":\"%s\","
                   "\"metadata\":{\"location\":\"Lab Environment\",\"sensor_type\":\"%s\","
                   "\"firmware_version\":\"1.0.0\"}}",
                   time, id, number, about->unit, about->sensor_type);
    assert(len > 0 && (size_t)len < size);
    return (size_t)len;
}

size_t model_presence(const char *id, bool online, char *out, size_t size)
{
    int len = snprintf(out, size, "{\"sensor_id\":\"%s\",\"status\":\"%s\"}", id,
                       online ? "online" : "offline");

    assert(len > 0 && (size_t)len < size);
    return (size_t)len;
}
