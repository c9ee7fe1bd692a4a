#include "out/jsonl.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

static const char *const type_names[] = {"reading",   "anomaly", "presence",
                                         "malformed", "summary", "status"};
#define TYPES (sizeof(type_names) / sizeof(type_names[0]))

static unsigned find_type(const char *name, size_t len)
{
    for (size_t i = 0; i < TYPES; i++) {
        if (strlen(type_names[i]) == len && memcmp(type_names[i], name, len) == 0)
            return 1u << i;
    }
    return 0;
}

unsigned jsonl_parse_types(const char *text, char *error, size_t size)
{
    unsigned types = 0;
    for (;;) {
        size_t len = strcspn(text, ",");
        unsigned type = find_type(text, len);
        if (type == 0) {
            char shown[64];
            text_sanitise(shown, sizeof(shown), text, len, 32);
            snprintf(error, size,
                     "\"%s\" is no type of line; known are reading, anomaly, presence, malformed, "
                     "summary and status",
                     shown);
            return 0;
        }
        types |= type;
        if (text[len] == '\0')
            return types;
        text += len + 1;
    }
}

/* The start of every line that tells of a moment. */
static void put_head(struct writer *writer, const char *type, timestamp when)
{
    char time[TIMESTAMP_TEXT];
    writer_text(writer, "{\"type\":\"");
    writer_text(writer, type);
    if (when == TIMESTAMP_NONE) { /* the status of a source that never brought a message */
        writer_text(writer, "\",\"time\":null");
        return;
    }
    size_t len = timestamp_format(when, time);
    writer_text(writer, "\",\"time\":\"");
    writer_bytes(writer, time, len);
    writer_text(writer, "\"");
}

static void put_string(struct writer *writer, const char *key, const char *text)
{
    writer_text(writer, key);
    writer_json_string(writer, text != NULL ? text : "");
}

/* NAN stands for unknown: null. */
static void put_number(struct writer *writer, const char *key, double number)
{
    writer_text(writer, key);
    writer_number(writer, number);
}

static void put_names(struct writer *writer, const char *topic, const struct series *series)
{
    put_string(writer, ",\"topic\":", topic);
    put_string(writer, ",\"sensor\":", series->twin->name);
    put_string(writer, ",\"series\":", series->name);
}

/* Whose verdict it is: only where several are compared. */
static void put_end(struct writer *writer, const struct outcome *outcome)
{
    if (outcome->detector)
        put_string(writer, ",\"detector\":", outcome->detector);
    writer_text(writer, "}\n");
}

static void put_reading(struct writer *writer, const struct outcome *outcome)
{
    const struct verdict *verdict = &outcome->verdict;
    bool window = outcome->before.count > 0;
    put_head(writer, "reading", outcome->time);
    put_names(writer, outcome->topic, outcome->series);
    put_string(writer, ",\"path\":", outcome->path);
    put_number(writer, ",\"value\":", outcome->value);
    put_string(writer, ",\"unit\":", outcome->unit);
    put_number(writer, ",\"mean\":", window ? outcome->before.mean : NAN);
    put_number(writer, ",\"stdev\":", window ? outcome->before.stdev : NAN);
    put_number(writer, ",\"z\":", verdict->z);
    put_number(writer, ",\"score\":", verdict->score);
    put_string(writer, ",\"state\":", state_name(outcome->state));
    put_end(writer, outcome);
}

static void put_anomaly(struct writer *writer, const struct outcome *outcome)
{
    const struct verdict *verdict = &outcome->verdict;
    put_head(writer, "anomaly", outcome->time);
    put_names(writer, outcome->topic, outcome->series);
    put_string(writer, ",\"kind\":", anomaly_kind_name(verdict->kind));
    put_string(writer, ",\"severity\":", severity_name(verdict->severity));
    put_number(writer, ",\"value\":", outcome->value);
    put_number(writer, ",\"low\":", verdict->low);
    put_number(writer, ",\"high\":", verdict->high);
    put_number(writer, ",\"score\":", verdict->score);
    put_number(writer, ",\"z\":", verdict->z);
    put_string(writer, ",\"reason\":", verdict->reason);
    put_end(writer, outcome);
}

static void put_presence(struct writer *writer, const struct outcome *outcome)
{
    static const char *const statuses[] = {"unknown", "online", "offline"};
    put_head(writer, "presence", outcome->time);
    put_string(writer, ",\"sensor\":", outcome->twin->name);
    put_string(writer, ",\"status\":", statuses[outcome->status]);
    put_string(writer, ",\"by\":", outcome->by_cadence ? "cadence" : "status");
    writer_text(writer, "}\n");
}

static void put_malformed(struct writer *writer, const struct outcome *outcome)
{
    put_head(writer, "malformed", outcome->time);
    put_string(writer, ",\"topic\":", outcome->topic);
    writer_format(writer, ",\"bytes\":%zu", outcome->bytes);
    put_string(writer, ",\"reason\":", outcome->reason);
    writer_text(writer, "}\n");
}

void jsonl_outcome(struct writer *writer, unsigned types, const struct outcome *outcome)
{
    static const struct {
        unsigned bit;
        void (*put)(struct writer *writer, const struct outcome *outcome);
    } lines[] = {
        [OUTCOME_READING] = {JSONL_READING, put_reading},
        [OUTCOME_ANOMALY] = {JSONL_ANOMALY, put_anomaly},
        [OUTCOME_PRESENCE] = {JSONL_PRESENCE, put_presence},
        [OUTCOME_MALFORMED] = {JSONL_MALFORMED, put_malformed},
    };
    if (types & lines[outcome->type].bit)
        lines[outcome->type].put(writer, outcome);
}

/* How many anomalies each detector found, where several are compared. */
static void put_detectors(struct writer *writer, const char *detector, const struct series *series)
{
    if (!series->beside)
        return;
    put_string(writer, ",\"detectors\":{", detector);
    writer_format(writer, ":%" PRIu64, series->anomalies);
    for (const struct beside *other = series->beside; other->type; other++) {
        put_string(writer, ",", other->type->name);
        writer_format(writer, ":%" PRIu64, other->anomalies);
    }
    writer_text(writer, "}");
}

void jsonl_summary(struct writer *writer, const char *detector, const struct series *series)
{
    const struct lifetime *all = &series->lifetime;
    bool known = all->count > 0;
    writer_text(writer, "{\"type\":\"summary\"");
    put_names(writer, series->literal_topic, series);
    writer_format(writer, ",\"count\":%" PRIu64, series->count);
    put_number(writer, ",\"mean\":", known ? lifetime_mean(all) : NAN);
    put_number(writer, ",\"min\":", known ? all->min : NAN);
    put_number(writer, ",\"max\":", known ? all->max : NAN);
    put_number(writer, ",\"stdev\":", known ? lifetime_stdev(all) : NAN);
    writer_format(writer, ",\"anomalies\":%" PRIu64, series->anomalies);
    put_string(writer, ",\"state\":", state_name(series_state(series)));
    put_detectors(writer, detector, series);
    writer_text(writer, "}\n");
}

void jsonl_status(struct writer *writer, timestamp now, bool connected,
                  const struct fleet_totals *totals)
{
    put_head(writer, "status", now);
    writer_text(writer, connected ? ",\"connected\":true" : ",\"connected\":false");
    writer_format(writer, ",\"messages\":%" PRIu64 ",\"readings\":%" PRIu64, totals->messages,
                  totals->readings);
    writer_format(writer, ",\"malformed\":%" PRIu64 ",\"dropped\":%" PRIu64 ",\"series\":%u}\n",
                  totals->malformed, totals->overflow, totals->series);
}
