#include "core/decoding.h"

#include <math.h>
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/aliases.h"
#include "core/text.h"
#include "core/topic.h"

/* Sparkplug B: "spBv1.0/group/DDATA/node/device" with a protobuf message. Its fields that are of
 * use stand here as the descriptors that protobuf-c's decoder wants, which a generator would write
 * from a .proto file; so the build needs none. Each table lists its fields by number from 1 on,
 * without a gap. */

#define LEVELS 5 /* name space, group, type, node, device */
#define OWNER_BYTES 512
#define MOST_DEVICES 1000 /* behind one node that die with it */

struct property {
    ProtobufCMessage base;
    protobuf_c_boolean has_type, has_null, has_int, has_long, has_float, has_double, has_boolean;
    uint32_t type;
    protobuf_c_boolean is_null;
    uint32_t int_value;
    uint64_t long_value;
    float float_value;
    double double_value;
    protobuf_c_boolean boolean_value;
    char *string_value;
};

struct properties {
    ProtobufCMessage base;
    size_t n_keys;
    char **keys;
    size_t n_values;
    struct property **values;
};

struct metric {
    ProtobufCMessage base;
    char *name;
    protobuf_c_boolean has_alias, has_timestamp, has_type, has_historical, has_transient, has_null;
    uint64_t alias, timestamp;
    uint32_t type;
    protobuf_c_boolean is_historical, is_transient, is_null;
    protobuf_c_boolean has_metadata, has_int, has_long, has_float, has_double, has_boolean;
    ProtobufCBinaryData metadata;
    struct properties *properties;
    uint32_t int_value;
    uint64_t long_value;
    float float_value;
    double double_value;
    protobuf_c_boolean boolean_value;
    char *string_value;
};

struct payload {
    ProtobufCMessage base;
    protobuf_c_boolean has_timestamp;
    uint64_t timestamp;
    size_t n_metrics;
    struct metric **metrics;
};

#define FIELD(number, label, type, has, of, field, inner)                      \
    {                                                                          \
#field, number, PROTOBUF_C_LABEL_##label, PROTOBUF_C_TYPE_##type, has, \
            offsetof(struct of, field), inner, NULL, 0, 0, NULL, NULL          \
    }
#define OPTIONAL(number, type, of, field, has) \
    FIELD(number, OPTIONAL, type, offsetof(struct of, has), of, field, NULL)
#define TEXT(number, of, field) FIELD(number, OPTIONAL, STRING, 0, of, field, NULL)
#define REPEATED(number, type, of, field, inner) \
    FIELD(number, REPEATED, type, offsetof(struct of, n_##field), of, field, inner)
#define MESSAGE(of, table)                                                                        \
    {                                                                                             \
        PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC, #of, #of, #of, "", sizeof(struct of),               \
            sizeof(table) / sizeof *(table), table, NULL, 1, of##_numbers, NULL, NULL, NULL, NULL \
    }

static const ProtobufCFieldDescriptor property_fields[] = {
    OPTIONAL(1, UINT32, property, type, has_type),
    OPTIONAL(2, BOOL, property, is_null, has_null),
    OPTIONAL(3, UINT32, property, int_value, has_int),
    OPTIONAL(4, UINT64, property, long_value, has_long),
    OPTIONAL(5, FLOAT, property, float_value, has_float),
    OPTIONAL(6, DOUBLE, property, double_value, has_double),
    OPTIONAL(7, BOOL, property, boolean_value, has_boolean),
    TEXT(8, property, string_value),
};
static const ProtobufCIntRange property_numbers[] = {{1, 0}, {0, 8}};
static const ProtobufCMessageDescriptor property_type = MESSAGE(property, property_fields);

static const ProtobufCFieldDescriptor properties_fields[] = {
    REPEATED(1, STRING, properties, keys, NULL),
    REPEATED(2, MESSAGE, properties, values, &property_type),
};
static const ProtobufCIntRange properties_numbers[] = {{1, 0}, {0, 2}};
static const ProtobufCMessageDescriptor properties_type = MESSAGE(properties, properties_fields);

static const ProtobufCFieldDescriptor metric_fields[] = {
    TEXT(1, metric, name),
    OPTIONAL(2, UINT64, metric, alias, has_alias),
    OPTIONAL(3, UINT64, metric, timestamp, has_timestamp),
    OPTIONAL(4, UINT32, metric, type, has_type),
    OPTIONAL(5, BOOL, metric, is_historical, has_historical),
    OPTIONAL(6, BOOL, metric, is_transient, has_transient),
    OPTIONAL(7, BOOL, metric, is_null, has_null),
    OPTIONAL(8, BYTES, metric, metadata, has_metadata),
    FIELD(9, OPTIONAL, MESSAGE, 0, metric, properties, &properties_type),
    OPTIONAL(10, UINT32, metric, int_value, has_int),
    OPTIONAL(11, UINT64, metric, long_value, has_long),
    OPTIONAL(12, FLOAT, metric, float_value, has_float),
    OPTIONAL(13, DOUBLE, metric, double_value, has_double),
    OPTIONAL(14, BOOL, metric, boolean_value, has_boolean),
    TEXT(15, metric, string_value),
};
static const ProtobufCIntRange metric_numbers[] = {{1, 0}, {0, 15}};
static const ProtobufCMessageDescriptor metric_type = MESSAGE(metric, metric_fields);

static const ProtobufCFieldDescriptor payload_fields[] = {
    OPTIONAL(1, UINT64, payload, timestamp, has_timestamp),
    REPEATED(2, MESSAGE, payload, metrics, &metric_type),
};
static const ProtobufCIntRange payload_numbers[] = {{1, 0}, {0, 2}};
static const ProtobufCMessageDescriptor payload_type = MESSAGE(payload, payload_fields);

/* The specification's codes of signed types: narrow ones travel as unsigned numbers. */
enum { INT8 = 1, INT16, INT32, INT64, DATE_TIME = 13 };

static void *take(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void give_back(void *arena, void *piece)
{
    (void)arena, (void)piece; /* all at once, when the message is through */
}

struct origin {
    bool birth, death, device; /* else a node's data */
    /* "#group/node" lists the node's devices; without its first character (which no topic has) that
     * is whom aliases belong to. */
    char list[OWNER_BYTES];
};

/* false: not a topic of this kind. */
static bool read_topic(const char *topic, struct origin *origin)
{
    struct topic_level level[LEVELS];
    static const char space[] = "spBv1.0/";
    if (strncmp(topic, space, sizeof space - 1) != 0)
        return false;
    size_t count = topic_split(topic, level, LEVELS);
    if (count < 4 || count > LEVELS || level[2].len < 5 ||
        level[1].len + level[3].len + 3 > OWNER_BYTES)
        return false;
    const char *type = level[2].at + 1;
    origin->birth = strncmp(type, "BIRTH/", 6) == 0;
    origin->death = strncmp(type, "DEATH", 5) == 0;
    origin->device = level[2].at[0] == 'D';
    snprintf(origin->list, OWNER_BYTES, "#%.*s/%.*s", (int)level[1].len, level[1].at,
             (int)level[3].len, level[3].at);
    return (level[2].at[0] == 'N' || level[2].at[0] == 'D') &&
           (origin->birth || origin->death || strncmp(type, "DATA/", 5) == 0);
}

/* Devices are numbered as they are heard of; each topic asks once. */
static void list_device(struct decoding *decoding, const char *list, const char *sensor)
{
    uint64_t number = 0;
    const struct alias *known;
    decoding->topic->listed = true;
    while ((known = aliases_find(decoding->aliases, list, number)) != NULL) {
        if (strcmp(known->name, sensor) == 0)
            return;
        number++;
    }
    if (number < MOST_DEVICES)
        aliases_set(decoding->aliases, list, number, sensor, "", 0);
}

void sparkplug_death(struct decoding *decoding)
{
    struct origin origin;
    const struct alias *device;
    if (!read_topic(decoding->message->topic, &origin) || !origin.death || origin.device)
        return;
    for (uint64_t i = 0; (device = aliases_find(decoding->aliases, origin.list, i)) != NULL; i++) {
        const char *sensor = decoding_name(decoding, device->name, strlen(device->name));
        decoding_trace(decoding, "presence", "", "%s was behind this node", sensor);
        decoding_presence(decoding, sensor, STATUS_OFFLINE);
    }
}

static const char *unit_in(const struct properties *properties)
{
    if (!properties)
        return "";
    for (size_t i = 0; i < properties->n_keys && i < properties->n_values; i++) {
        const char *text = properties->values[i]->string_value;
        if (text &&
            keys_classify(properties->keys[i], strlen(properties->keys[i])).class == KEY_UNIT)
            return text;
        if (text && strcmp(properties->keys[i], "engUnit") == 0)
            return text;
    }
    return "";
}

/* NAN for what is no number. */
static double value_of(const struct metric *metric, uint32_t type)
{
    if (metric->has_boolean)
        return metric->boolean_value ? 1 : 0;
    if (metric->has_double)
        return metric->double_value;
    if (metric->has_float)
        return (double)metric->float_value;
    if (metric->has_int && type >= INT8 && type <= INT32)
        return type == INT8    ? (double)(int8_t)metric->int_value
               : type == INT16 ? (double)(int16_t)metric->int_value
                               : (double)(int32_t)metric->int_value;
    if (metric->has_int)
        return (double)metric->int_value;
    if (metric->has_long && type != DATE_TIME)
        return type == INT64 ? (double)(int64_t)metric->long_value : (double)metric->long_value;
    return NAN;
}

static bool is_housekeeping(const char *name)
{
    return strcmp(name, "bdSeq") == 0 || strncmp(name, "Node Control/", 13) == 0 ||
           strncmp(name, "Device Control/", 15) == 0;
}

static void tell_metric(struct decoding *decoding, const struct metric *metric, const char *sensor,
                        const char *name, const char *unit, uint32_t type)
{
    timestamp when;
    double value = metric->has_null && metric->is_null ? NAN : value_of(metric, type);
    if (is_housekeeping(name)) {
        decoding_trace(decoding, "no series", name, "housekeeping of the protocol");
        return;
    }
    if (metric->string_value)
        decoding_fact(decoding, sensor, name, metric->string_value, strlen(metric->string_value));
    if (!isfinite(value))
        return;
    decoding_trace(decoding, "series", name, "a metric%s",
                   metric->name ? "" : ", its name told by a birth certificate");
    struct item *item = decoding_reading(decoding, sensor, name, name, unit, value);
    if (!item)
        return;
    item->binary_state = metric->has_boolean;
    if (metric->has_timestamp && !decoding->time_is_mapped &&
        timestamp_from_epoch((double)metric->timestamp, &when))
        item->time = when;
}

static void tell_payload(struct decoding *decoding, const struct payload *payload,
                         const struct origin *origin, const char *sensor)
{
    const char *owner = origin->list + 1;
    bool birth = origin->birth;
    if (payload->has_timestamp)
        (void)timestamp_from_epoch((double)payload->timestamp, &decoding->time);
    for (size_t i = 0; i < payload->n_metrics; i++) {
        const struct metric *metric = payload->metrics[i];
        const struct alias *alias =
            metric->has_alias ? aliases_find(decoding->aliases, owner, metric->alias) : NULL;
        const char *unit = unit_in(metric->properties), *name = metric->name;
        uint32_t type = metric->has_type ? metric->type : alias ? alias->type : 0;
        char number[32];
        if (birth && name && metric->has_alias && strlen(name) < TEXT_NAME_BYTES)
            aliases_set(decoding->aliases, owner, metric->alias, name, unit, type);
        if (!name && alias) {
            name = alias->name;
            unit = *unit ? unit : alias->unit;
        } else if (!name && metric->has_alias) {
            snprintf(number, sizeof number, "alias %llu", (unsigned long long)metric->alias);
            name = number;
        }
        if (name && *name)
            tell_metric(decoding, metric, sensor, name, unit, type);
    }
}

bool decode_sparkplug(struct decoding *decoding)
{
    struct origin origin;
    if (!read_topic(decoding->message->topic, &origin) || origin.death)
        return false;
    const char *sensor =
        decoding_own_name(decoding, &topic_names(decoding->topic, SCOPE_OBJECT)->sensor);
    if (origin.device && !decoding->topic->listed)
        list_device(decoding, origin.list, sensor);
    ProtobufCAllocator allocator = {take, give_back, decoding->scratch};
    const uint8_t *bytes = decoding->message->payload;
    decoding_trace(decoding, "decoder", "", "Sparkplug B");
    ProtobufCMessage *message =
        protobuf_c_message_unpack(&payload_type, &allocator, decoding->message->bytes, bytes);
    if (message)
        tell_payload(decoding, (const struct payload *)message, &origin, sensor);
    else
        decoding_malformed(decoding, "no Sparkplug B payload: its protobuf is damaged");
    arena_reset(decoding->scratch);
    return true;
}
