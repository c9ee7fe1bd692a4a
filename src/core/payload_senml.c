#include "core/payload_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/words.h"

/* SenML (RFC 8428): an array of records; base values hold for the records that follow. */

#define RELATIVE_BELOW 268435456.0 /* 2^28: smaller times are seconds from now (section 4.5.3) */
#define ABSOLUTE_FROM 9e8          /* and these are surely seconds since 1970, in both */

struct base {
    const cJSON *name, *unit;
    double time, value, sum;
};

static const cJSON *member(const cJSON *record, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(record, key);
}

static double number_in(const cJSON *record, const char *key, double otherwise)
{
    const cJSON *item = member(record, key);
    return json_is(item, cJSON_Number) && isfinite(item->valuedouble) ? item->valuedouble
                                                                      : otherwise;
}

/* Every element holds fields of SenML alone, and one of them is a base field: nobody else writes
 * those. */
bool senml_is(const cJSON *array)
{
    bool base = false;
    const cJSON *record, *item;
    cJSON_ArrayForEach(record, array)
    {
        if (!json_is(record, cJSON_Object))
            return false;
        cJSON_ArrayForEach(item, record)
        {
            size_t len = strlen(item->string);
            bool is_base = words_in("bn|bt|bu|bv|bs|bver", item->string, len);
            base = base || is_base;
            if (!is_base && !words_in("n|u|v|vs|vb|vd|s|t|ut", item->string, len))
                return false;
        }
    }
    return base;
}

static void take_base(const cJSON *record, struct base *base)
{
    if (json_is(member(record, "bn"), cJSON_String))
        base->name = member(record, "bn");
    if (json_is(member(record, "bu"), cJSON_String))
        base->unit = member(record, "bu");
    base->time = number_in(record, "bt", base->time);
    base->value = number_in(record, "bv", base->value);
    base->sum = number_in(record, "bs", base->sum);
}

static timestamp time_of(const struct decoding *decoding, const cJSON *record,
                         const struct base *base)
{
    timestamp when;
    double seconds = base->time + number_in(record, "t", 0);
    if (seconds >= ABSOLUTE_FROM && timestamp_from_epoch(seconds, &when))
        return when;
    if (seconds != 0 && fabs(seconds) < RELATIVE_BELOW)
        return decoding->message->arrival + (timestamp)llround(seconds * (double)TIMESTAMP_SECOND);
    return decoding->message->arrival;
}

/* The sensor is the base name, less the separator at its end; the topic's where there is none. */
static const char *sensor_of(struct decoding *decoding, const struct base *base)
{
    if (decoding->sensor)
        return decoding->sensor;
    size_t len = base->name ? strlen(base->name->valuestring) : 0;
    while (len > 0 && strchr(":/.-_", base->name->valuestring[len - 1]))
        len--;
    if (len > 0) {
        decoding_trace(decoding, "sensor", "bn", "the base name");
        return batch_name(decoding->batch, base->name->valuestring, len);
    }
    decoding_trace(decoding, "sensor", "", "no base name: the topic");
    return decoding_own_name(decoding, &topic_names(decoding->topic, SCOPE_OBJECT)->sensor);
}

/* Adds the record's values: "v", "vb" and "s" are readings, "vs" is a fact, "vd" is for machines.
 */
static void tell_record(struct decoding *decoding, const cJSON *record, size_t i,
                        const struct base *base, const char *sensor)
{
    char path[40];
    const cJSON *named = member(record, "n"), *unit = member(record, "u"), *item;
    const char *name = json_is_filled(named) ? named->valuestring : "value";
    if (!json_is(unit, cJSON_String))
        unit = base->unit;
    cJSON_ArrayForEach(item, record)
    {
        bool state = json_is(item, cJSON_True | cJSON_False);
        bool sum = strcmp(item->string, "s") == 0;
        double value = json_is(item, cJSON_True);
        if (json_is(item, cJSON_String) && strcmp(item->string, "vs") == 0)
            decoding_fact(decoding, sensor, name, item->valuestring, strlen(item->valuestring));
        if (strcmp(item->string, "v") == 0 && json_is(item, cJSON_Number))
            value = item->valuedouble + base->value;
        else if (sum && json_is(item, cJSON_Number))
            value = item->valuedouble + base->sum;
        else if (strcmp(item->string, "vb") != 0 || !state)
            continue;
        snprintf(path, sizeof path, "%zu.%s", i, item->string);
        growing_cut(decoding->name, 0);
        growing_add(decoding->name, name, strlen(name));
        growing_add(decoding->name, ".sum", sum ? 4 : 0);
        struct item *reading =
            isfinite(value) ? decoding_reading(decoding, sensor, decoding->name->text, path,
                                               unit && !state ? unit->valuestring : "", value)
                            : NULL;
        if (reading)
            reading->binary_state = state;
    }
}

void senml_tell(struct decoding *decoding, const cJSON *array)
{
    struct base base = {.name = NULL};
    size_t i = 0;
    const cJSON *record;
    decoding_trace(decoding, "decoder", "", "SenML: base values hold for the records behind them");
    cJSON_ArrayForEach(record, array)
    {
        take_base(record, &base);
        decoding->time = time_of(decoding, record, &base);
        tell_record(decoding, record, i++, &base, sensor_of(decoding, &base));
    }
}
