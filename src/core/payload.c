#include "core/payload.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/decoding.h"
#include "core/payload_json.h"
#include "core/payload_mapping.h"
#include "core/words.h"
#include "core/xalloc.h"

#define LONGEST_JOINED 200  /* bytes of a model and a number as one name */
#define LONGEST_COMMAND 512 /* bytes of a command that is no object */

struct decoder {
    struct topics *topics;
    struct keys *keys;
    struct aliases *aliases;
    struct growing path, name;
    struct arena scratch; /* of the JSON document that is being decoded */
    const struct trace *trace;
};

struct decoder *decoder_new(const struct mappings *mappings)
{
    static atomic_flag installed = ATOMIC_FLAG_INIT;
    struct decoder *decoder = xcalloc(1, sizeof *decoder);
    if (!atomic_flag_test_and_set(&installed))
        json_install_memory();
    decoder->topics = topics_new(mappings);
    decoder->keys = keys_new();
    decoder->aliases = aliases_new();
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    topics_free(decoder->topics);
    keys_free(decoder->keys);
    aliases_free(decoder->aliases);
    growing_fini(&decoder->path);
    arena_fini(&decoder->scratch);
    growing_fini(&decoder->name);
    free(decoder);
}

void decoder_trace(struct decoder *decoder, const struct trace *trace)
{
    decoder->trace = trace;
}

/* ---- who a JSON document is from, and what it says of itself ---- */

static const char *name_of(struct decoding *decoding, const char *text)
{
    return decoding_name(decoding, text, strlen(text));
}

/* "model/channel/id": small numbers are not unique, together with the model they are. */
static const char *numbered_name(struct decoding *decoding, const cJSON *object, const char *family,
                                 const cJSON *number)
{
    char joined[LONGEST_JOINED];
    const cJSON *channel = cJSON_GetObjectItemCaseSensitive(object, "channel");
    if (json_is(channel, cJSON_Number))
        snprintf(joined, sizeof joined, "%s/%.15g/%.15g", family, channel->valuedouble,
                 number->valuedouble);
    else
        snprintf(joined, sizeof joined, "%s/%.15g", family, number->valuedouble);
    return name_of(decoding, joined);
}

static const char *found(struct decoding *decoding, const cJSON *member, const char *name)
{
    decoding_trace(decoding, "sensor", member->string, "this key names the sender");
    return name;
}

/* The sender's own name for itself; NULL if it has none, then the topic names it. */
static const char *sensor_of(struct decoding *decoding, const cJSON *object,
                             const struct json_look *look)
{
    const cJSON *sensor = look->by_class[KEY_SENSOR];
    const cJSON *device = look->by_class[KEY_DEVICE];
    const cJSON *name = look->by_class[KEY_NAME];
    const cJSON *id = look->by_class[KEY_ID];
    const cJSON *model = look->by_class[KEY_MODEL];
    const cJSON *meta = look->by_class[KEY_META];
    if (decoding->sensor)
        return decoding->sensor;
    if (sensor)
        return found(decoding, sensor, name_of(decoding, json_words(decoding, sensor)));
    if (json_is(device, cJSON_Number))
        return found(decoding, device,
                     numbered_name(decoding, object,
                                   topic_names(decoding->topic, SCOPE_OBJECT)->sensor.text,
                                   device));
    if (device)
        return found(decoding, device, name_of(decoding, device->valuestring));
    if (name && !json_is_value(look)) /* else it is the value's name */
        return found(decoding, name, name_of(decoding, name->valuestring));
    if (json_is(id, cJSON_String))
        return found(decoding, id, name_of(decoding, id->valuestring));
    if (id && model)
        return found(decoding, id, numbered_name(decoding, object, model->valuestring, id));
    if (meta && keys_find(decoding->keys, meta->string).own_ids) {
        struct json_look inner;
        json_look(decoding, meta, &inner);
        inner.by_class[KEY_META] = NULL;
        return sensor_of(decoding, meta, &inner);
    }
    return NULL;
}

static void tell_facts(struct decoding *decoding, const char *sensor, const cJSON *object)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        const char *words = json_words(decoding, member);
        if (words && *words != '\0')
            decoding_fact(decoding, sensor, member->string, words, strlen(words));
    }
}

/* The settings in a device's answer, less what says whose they are and when it was. */
static void tell_settings(struct decoding *decoding, const char *sensor, const cJSON *object)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        enum key_class class = keys_find(decoding->keys, member->string).class;
        const char *words = json_words(decoding, member);
        if (words && *words != '\0' && class != KEY_SENSOR && class != KEY_ID && class != KEY_TIME)
            decoding_fact(decoding, sensor, member->string, words, strlen(words));
    }
}

/* Labels at the root and what is in objects about the device. */
static void tell_all_facts(struct decoding *decoding, const char *sensor, const cJSON *object,
                           const struct json_look *look)
{
    if (look->by_class[KEY_META])
        tell_facts(decoding, sensor, look->by_class[KEY_META]);
    if (!look->by_class[KEY_LABEL] && !look->by_class[KEY_MODEL])
        return;
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        struct key key = keys_find(decoding->keys, member->string);
        const char *words = json_words(decoding, member);
        if ((key.class == KEY_LABEL || key.class == KEY_MODEL) && words && *words != '\0' &&
            !(key.may_count && json_is(member, cJSON_Number)))
            decoding_fact(decoding, sensor, member->string, words, strlen(words));
    }
}

/* What a member says about presence; asked: the topic asks for nothing else. */
static enum status presence_in(struct decoding *decoding, const cJSON *member, bool asked)
{
    const char *words = member ? json_words(decoding, member) : NULL;
    return words ? words_presence(words, strlen(words), asked) : STATUS_UNKNOWN;
}

/* Adds presence if the object tells it: in a status member, in a boolean "online", or by calling
 * itself a last will. sensor is the payload's own, NULL if it names none. */
static void tell_presence(struct decoding *decoding, const struct json_look *look,
                          const char *sensor)
{
    struct topic_info *topic = decoding->topic;
    bool role = topic->sense.role == ROLE_PRESENCE;
    const cJSON *member = look->by_class[KEY_ONLINE];
    const cJSON *kind = look->by_class[KEY_KIND];
    enum status status = STATUS_UNKNOWN;
    if (role || json_is(member, cJSON_True | cJSON_False))
        status = presence_in(decoding, member, true);
    if (status == STATUS_UNKNOWN) {
        member = look->by_class[KEY_STATUS];
        status = presence_in(decoding, member, role && topic->sense.loose);
    }
    if (status == STATUS_UNKNOWN && kind &&
        words_in("lwt|will|death", kind->valuestring, strlen(kind->valuestring)))
        status = STATUS_OFFLINE;
    if (status == STATUS_UNKNOWN)
        return;
    decoding->consumed = member;
    decoding_trace(decoding, "presence", member ? member->string : kind->string,
                   "a word that tells presence%s", role ? ", and the topic asks for it" : "");
    const struct topic_name *subject =
        role ? topic_subject(topic) : &topic_names(topic, SCOPE_OBJECT)->sensor;
    if (!sensor && subject)
        sensor = decoding_own_name(decoding, subject);
    if (sensor)
        decoding_presence(decoding, sensor, status);
}

/* ---- JSON documents ---- */

/* Reports are called commands by some; these words tell them apart. */
static bool is_command(const struct json_look *look)
{
    const cJSON *command = look->by_class[KEY_COMMAND];
    return json_is(command, cJSON_String) &&
           !words_in("report|heartbeat|status|state|event|notify|response|reply|ack|data|update|"
                     "telemetry|read_ack|get_id_list_ack",
                     command->valuestring, strlen(command->valuestring));
}

static void tell_command(struct decoding *decoding, const cJSON *root, const struct json_look *look)
{
    const struct topic_name *subject =
        decoding->topic->sense.role == ROLE_DATA ? NULL : topic_subject(decoding->topic);
    const cJSON *command = look->by_class[KEY_COMMAND];
    const cJSON *value = look->by_class[KEY_VALUE];
    const char *sensor = sensor_of(decoding, root, look);
    decoding_trace(decoding, "decoder", "", "a command, never a series: by its %s",
                   decoding->topic->sense.role == ROLE_COMMAND ? "topic" : "key");
    const char *words = command ? json_words(decoding, command) : NULL;
    if (!sensor && subject)
        sensor = decoding_own_name(decoding, subject);
    bool number = json_is(value, cJSON_Number) && isfinite(value->valuedouble);
    decoding_command(decoding, sensor, words ? words : decoding->text,
                     words ? strlen(words) : decoding->len, number ? value->valuedouble : NAN);
}

/* How the series of an object are called in front of their paths. A value that names itself is
 * called so, and by its kind where the topic is vague ("data") or shared by many sensors; else the
 * topic says it. */
static const char *series_of(struct decoding *decoding, const struct json_look *look,
                             bool own_sensor, enum scope *scope)
{
    struct topic_info *topic = decoding->topic;
    *scope = json_is_value(look) ? SCOPE_VALUE : SCOPE_OBJECT;
    if (*scope == SCOPE_VALUE && look->by_class[KEY_NAME]) {
        *scope = SCOPE_OBJECT;
        return look->by_class[KEY_NAME]->valuestring;
    }
    const struct topic_name *named = &topic_names(topic, *scope)->series;
    const cJSON *kind = look->by_class[KEY_KIND];
    if (*scope == SCOPE_VALUE && kind &&
        ((own_sensor && !topic->sense.numbers) ||
         words_level(named->text, named->len) == LEVEL_VERB))
        return kind->valuestring;
    return named->text;
}

/* A text, or a boolean with a unit, where a number belongs. */
static void tell_said(struct decoding *decoding, const char *sensor, const struct json_look *look)
{
    if (!decoding->said)
        return;
    if (json_is_value(look) && (decoding_wants_number(decoding) || look->by_class[KEY_UNIT]))
        decoding_malformed(decoding, "the value is \"%.40s\", not a number", decoding->said)
            ->sensor = sensor;
    else
        decoding_text(decoding, sensor, decoding->said, strlen(decoding->said));
}

/* path is the place of root in the payload. */
static void tell_object(struct decoding *decoding, const cJSON *root, const char *path)
{
    struct topic_info *topic = decoding->topic;
    struct json_look look;
    enum scope scope;
    json_look(decoding, root, &look);
    json_message_time(decoding, root, &look);
    decoding->root = *path ? strlen(path) + 1 : 0;
    decoding->mapped = 0;
    if (decoding->mapping)
        mapped_look(decoding, root);
    if (topic->sense.role == ROLE_COMMAND || is_command(&look)) {
        tell_command(decoding, root, &look);
        return;
    }
    const char *own = sensor_of(decoding, root, &look);
    const char *series = series_of(decoding, &look, own != NULL, &scope);
    const struct topic_name *by_topic = &topic_names(topic, scope)->sensor;
    if (topic->sense.role == ROLE_REPLY && topic_subject(topic))
        by_topic = topic_subject(topic);
    if (!own)
        decoding_trace(decoding, "sensor", "", "nothing in it names the sender: the topic, less %s",
                       scope == SCOPE_VALUE ? "verbs and its last part (the quantity)" : "verbs");
    const char *sensor = own ? own : decoding_own_name(decoding, by_topic);
    topic->scope = scope;
    topic->named_sensor = !own || strcmp(own, by_topic->text) == 0;

    if (topic->sense.role == ROLE_REPLY) {
        tell_settings(decoding, sensor, root);
        return;
    }
    tell_all_facts(decoding, sensor, root, &look);
    if (decoding->mapping && decoding->mapping->presence)
        mapped_presence(decoding, root, sensor);
    else
        tell_presence(decoding, &look, own);
    json_walk(decoding, root, &look, sensor, series, path);
    if (decoding->mapping)
        mapped_rest(decoding, root, sensor, path);
    tell_said(decoding, sensor, &look);
}

/* Does each element name its own sensor? Then it is a message of its own, and they came together.
 */
static bool is_bundle(struct decoding *decoding, const cJSON *array)
{
    struct json_look look;
    if (!json_is(array->child, cJSON_Object))
        return false;
    for (size_t i = 0; decoding->mapping && i < decoding->mapping->part_count; i++)
        if (decoding->mapping->sensor[i].path)
            return true;
    json_look(decoding, array->child, &look);
    return look.by_class[KEY_SENSOR] || look.by_class[KEY_DEVICE];
}

static void tell_array(struct decoding *decoding, const cJSON *root)
{
    static const struct json_look nothing = {.time = TIMESTAMP_NONE, .seen = TIMESTAMP_NONE};
    if (is_bundle(decoding, root)) {
        char path[24];
        size_t i = 0;
        const cJSON *element;
        cJSON_ArrayForEach(element, root)
        {
            snprintf(path, sizeof path, "%zu", i++);
            decoding->time = decoding->message->arrival;
            decoding->said = NULL;
            if (json_is(element, cJSON_Object))
                tell_object(decoding, element, path);
        }
        return;
    }
    bool records = json_is(root->child, cJSON_Object);
    const struct topic_names *names =
        topic_names(decoding->topic, records ? SCOPE_OBJECT : SCOPE_VALUE);
    json_walk(decoding, root, &nothing, decoding_own_name(decoding, &names->sensor),
              records ? "" : names->series.text, "");
}

void json_tell(struct decoding *decoding, const cJSON *root)
{
    if (json_is(root, cJSON_Object))
        tell_object(decoding, root, "");
    else if (json_is(root, cJSON_Array) && senml_is(root))
        senml_tell(decoding, root);
    else if (json_is(root, cJSON_Array) && decoding->topic->sense.role == ROLE_DATA)
        tell_array(decoding, root);
}

bool decode_json(struct decoding *decoding)
{
    char first = decoding->text[0];
    if (first != '{' && first != '[' && first != '"')
        return false;
    decoding_trace(decoding, "decoder", "", "JSON");
    cJSON *root = json_parse(decoding);
    if (json_is(root, cJSON_String)) {
        decoding->text = root->valuestring;
        decoding->len = strlen(root->valuestring);
        if (decoding->len > 0)
            decode_plain(decoding);
    } else {
        json_tell(decoding, root);
    }
    json_done(decoding);
    return true;
}

/* ---- one message ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Cuts a byte order mark, one final NUL (a C string sent with its end) and blanks off. */
static void trim(struct decoding *decoding)
{
    const char *text = decoding->message->payload;
    size_t len = decoding->message->bytes;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (len > 0 && text[len - 1] == '\0')
        len--;
    while (len > 0 && is_blank(text[len - 1]))
        len--;
    for (; len > 0 && is_blank(*text); len--)
        text++;
    decoding->text = text;
    decoding->len = len;
}

static void tell_gone(struct decoding *decoding)
{
    struct topic_info *topic = decoding->topic;
    if (topic->sense.role != ROLE_DATA && topic->sense.role != ROLE_PRESENCE)
        return;
    struct item *item = batch_add(decoding->batch, ITEM_GONE);
    item->time = decoding->time;
    if (topic->named_sensor)
        item->sensor = decoding_own_name(decoding, &topic_names(topic, topic->scope)->sensor);
}

/* A device that is one of many things behind a gateway (".../device/kind/number/what") is taken
 * from its topics by messages without a byte when it leaves. */
static void tell_left(struct decoding *decoding)
{
    struct topic_info *topic = decoding->topic;
    const struct topic_names *names = topic_names(topic, SCOPE_VALUE);
    if (topic->sense.role != ROLE_DATA || topic->sense.numbers || !strchr(names->series.text, '.'))
        return;
    decoding_trace(decoding, "presence", "", "no bytes, on a topic of a part of a device: it left");
    decoding_presence(decoding, decoding_own_name(decoding, &names->sensor), STATUS_OFFLINE);
}

static void decode_nothing(struct decoding *decoding)
{
    if (decoding->message->retain)
        tell_gone(decoding);
    else
        tell_left(decoding);
}

/* What was sent to a device, if it is no JSON object: the words, behind what they are for. */
static bool decode_command(struct decoding *decoding)
{
    struct topic_info *topic = decoding->topic;
    if (topic->sense.role != ROLE_COMMAND || decoding->text[0] == '{')
        return false;
    char words[LONGEST_COMMAND];
    const struct topic_name *subject = topic_subject(topic);
    const char *slash = strrchr(topic->topic, '/');
    const char *last = slash ? slash + 1 : topic->topic;
    bool verb = words_level(last, strlen(last)) == LEVEL_COMMAND;
    int len = snprintf(words, sizeof words, "%s%s%.*s", verb ? "" : last, verb ? "" : " ",
                       (int)(decoding->len < LONGEST_COMMAND ? decoding->len : LONGEST_COMMAND),
                       decoding->text);
    if (len > 0)
        decoding_command(decoding, subject ? decoding_own_name(decoding, subject) : NULL, words,
                         strlen(words), NAN);
    return true;
}

/* Certificates of birth and death tell presence by their topic; a death says nothing else. */
static bool decode_certificate(struct decoding *decoding)
{
    enum status status = decoding->topic->sense.status;
    if (status != STATUS_UNKNOWN)
        decoding_trace(decoding, "presence", "", "a certificate of birth or death, by its topic");
    if (status != STATUS_UNKNOWN)
        decoding_presence(
            decoding,
            decoding_own_name(decoding, &topic_names(decoding->topic, SCOPE_OBJECT)->sensor),
            status);
    if (status == STATUS_OFFLINE)
        sparkplug_death(decoding);
    return status == STATUS_OFFLINE;
}

/* The sensor as far as the topic gives it, for payloads with nothing else to ask; then the split.
 */
static bool decode_mapped(struct decoding *decoding)
{
    decoding_trace(decoding, "mapping", "", "[mapping %s]", decoding->mapping->name);
    if (decoding->mapping->part_count > 0)
        decoding_map_sensor(decoding, NULL);
    return decode_split(decoding);
}

void decoder_decode(struct decoder *decoder, const struct message *message, struct batch *batch)
{
    static decode_function *const decoders[] = {
        decode_command, decode_certificate, decode_json,  decode_sparkplug, decode_cbor,
        decode_msgpack, decode_line,        decode_pairs, decode_list,      decode_plain,
    };
    const struct decoded *opened = batch_open(batch, message);
    struct decoding decoding = {
        .batch = batch,
        .message = message,
        .topics = decoder->topics,
        .keys = decoder->keys,
        .aliases = decoder->aliases,
        .topic = topics_find(decoder->topics, message->topic, opened->hash),
        .path = &decoder->path,
        .name = &decoder->name,
        .scratch = &decoder->scratch,
        .time = message->arrival,
        .trace = decoder->trace,
    };
    decoding.mapping = decoding.topic->mapping;
    if (message->bytes > PAYLOAD_MAX_BYTES) {
        decoding_malformed(&decoding, "oversize: %zu bytes, %d are decoded at most", message->bytes,
                           PAYLOAD_MAX_BYTES);
        return;
    }
    if (message->bytes == 0)
        decode_nothing(&decoding);
    trim(&decoding);
    if (decoding.len == 0)
        return;
    if (decoding.topic->sense.role == ROLE_DISCOVERY ||
        decoding.topic->sense.role == ROLE_ATTRIBUTE) {
        decode_hints(&decoding);
        return;
    }
    if (decoding.mapping && decode_mapped(&decoding)) {
        decoding_finish(&decoding);
        return;
    }
    for (size_t i = 0; i < sizeof decoders / sizeof *decoders; i++)
        if (decoders[i](&decoding))
            break;
    decoding_finish(&decoding);
}
