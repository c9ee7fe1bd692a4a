#include "options_values.h"

#include "core/query.h"
#include "core/xalloc.h"
#include "out/jsonl.h"
#include "ui/setup.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An option whose value is being set. */
struct given_value {
    struct options *options;
    const struct spec *spec;
    const char *text;
    char *error;
    size_t size;
};

bool values_fail(char *error, size_t size, const struct spec *spec, const char *value,
                 const char *expected)
{
    snprintf(error, size, "--%s %s: expected %s", spec->name, value, expected);
    return false;
}

static bool refuse(const struct given_value *value, const char *expected)
{
    return values_fail(value->error, value->size, value->spec, value->text, expected);
}

bool values_number(const char *text, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    return end != text && !*end && !errno && isfinite(*out);
}

bool values_whole(const char *text, double low, double high, double *out)
{
    return values_number(text, out) && *out == floor(*out) && *out >= low && *out <= high;
}

bool values_bytes(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    if (end == text || !isfinite(*out))
        return false;
    static const char units[] = "kMG";
    const char *unit = *end ? strchr(units, *end) : NULL;
    if (*end && (!unit || (end[1] && strcmp(end + 1, "B") != 0 && strcmp(end + 1, "iB") != 0)))
        return false;
    for (const char *u = units; unit && u <= unit; u++)
        *out *= 1024;
    return true;
}

static bool set_version(const struct given_value *value)
{
    static const struct {
        const char *word;
        int version;
    } words[] = {{"311", 4}, {"mqttv311", 4}, {"3.1.1", 4}, {"4", 4}, {"5", 5}, {"mqttv5", 5}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(value->text, words[i].word) == 0) {
            value->options->version = words[i].version;
            return true;
        }
    return refuse(value, "311 or 5");
}

static bool set_sensors(const struct given_value *value)
{
    struct options *options = value->options;
    double number;
    bool demo = strcmp(value->spec->name, "demo") == 0;
    if (!values_whole(value->text, 0, 10000, &number))
        return refuse(value, "a number of sensors, at most 10000");
    *(demo ? &options->demo : &options->sim) = true;
    options->sim_count = (int)number;
    return true;
}

static bool set_seed(const struct given_value *value)
{
    char *end;
    errno = 0;
    value->options->seed = strtoull(value->text, &end, 0);
    value->options->has_seed = true;
    return (*value->text && *value->text != '-' && !*end && !errno) ||
           refuse(value, "a whole number from 0 to 2^64 - 1");
}

static bool set_count(const struct given_value *value)
{
    double number;
    if (!values_whole(value->text, 1, 1e15, &number))
        return refuse(value, "a number of messages, at least 1");
    value->options->count = (uint64_t)number;
    return true;
}

static bool set_speed(const struct given_value *value)
{
    double number = 0; /* as fast as it goes */
    if (strcmp(value->text, "max") != 0 && (!values_number(value->text, &number) || number <= 0))
        return refuse(value, "a factor above 0, or max");
    value->options->speed = number;
    return true;
}

static bool set_format(const struct given_value *value)
{
    const char *text = value->text;
    value->options->format = strcmp(text, "jsonl") == 0 ? BATCH_JSONL
                             : strcmp(text, "csv") == 0 ? BATCH_CSV
                                                        : BATCH_TABLE;
    return value->options->format != BATCH_TABLE || strcmp(text, "text") == 0 ||
           refuse(value, "text, jsonl or csv");
}

static bool set_only(const struct given_value *value)
{
    value->options->only = jsonl_parse_types(value->text, value->error, value->size);
    return value->options->only != 0;
}

static bool add_mapping(const struct given_value *value)
{
    struct options *options = value->options;
    char ***list = &options->mapping_files;
    *list = xrealloc(*list, (size_t)(options->mapping_file_count + 1) * sizeof **list);
    (*list)[options->mapping_file_count++] = xstrdup(value->text);
    return true;
}

static bool set_explain(const struct given_value *value)
{
    free(value->options->explain_topic);
    value->options->explain_topic = xstrdup(value->text);
    return true;
}

static bool set_query(const struct given_value *value)
{
    struct query query;
    char why[200];
    if (!query_parse(&query, value->text, why, sizeof why)) {
        snprintf(value->error, value->size, "--%s '%s': %s", value->spec->name, value->text, why);
        return false;
    }
    char **field = (char **)((char *)value->options + value->spec->at);
    free(*field);
    *field = query.count > 0 ? xstrdup(value->text) : NULL;
    return true;
}

static bool set_span(const struct given_value *value)
{
    return setup_span_parse(value->text, &value->options->span) ||
           refuse(value, "1m, 5m, 1h, 24h or auto");
}

static bool set_trend(const struct given_value *value)
{
    return trend_tier_parse(value->text, &value->options->trend.tier) ||
           refuse(value, "blocks, braille or ascii");
}

static bool set_trend_scale(const struct given_value *value)
{
    return trend_scale_parse(value->text, &value->options->trend.common) ||
           refuse(value, "own or kind");
}

static bool set_columns(const struct given_value *value)
{
    char why[80];
    if (columns_parse(value->text, &value->options->columns, why, sizeof why))
        return true;
    snprintf(value->error, value->size, "--columns: %s", why);
    return false;
}

static bool set_max_series(const struct given_value *value)
{
    double number;
    if (!values_whole(value->text, 1, 1e7, &number))
        return refuse(value, "a number of series, at most 10000000");
    value->options->max_series = (uint32_t)number;
    return true;
}

static bool set_detector(const struct given_value *value)
{
    const struct detector_type *detectors[DETECTORS_MOST];
    if (detector_parse(value->text, detectors) == 0)
        return refuse(value,
                      "the name of a detector: auto, lab or robust, or several joined with commas");
    free(value->options->detector);
    value->options->detector = xstrdup(value->text);
    return true;
}

bool values_set(struct options *options, const struct spec *spec, const char *value, char *error,
                size_t size)
{
    static const struct {
        const char *name;
        bool (*set)(const struct given_value *value);
    } setters[] = {
        {"protocol-version", set_version},
        {"demo", set_sensors},
        {"sim", set_sensors},
        {"seed", set_seed},
        {"count", set_count},
        {"speed", set_speed},
        {"format", set_format},
        {"only", set_only},
        {"mapping", add_mapping},
        {"explain", set_explain},
        {"filter", set_query},
        {"until", set_query},
        {"span", set_span},
        {"trend", set_trend},
        {"trend-scale", set_trend_scale},
        {"columns", set_columns},
        {"max-series", set_max_series},
        {"detector", set_detector},
    };
    const struct given_value given = {options, spec, value, error, size};
    for (size_t i = 0; i < sizeof setters / sizeof *setters; i++)
        if (strcmp(setters[i].name, spec->name) == 0)
            return setters[i].set(&given);
    snprintf(error, size, "--%s: nobody knows how to set it", spec->name);
    return false;
}
