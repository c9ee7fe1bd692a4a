#include "core/payload_json.h"

#include <stdio.h>
#include <string.h>

#include "core/discovery.h"
#include "core/words.h"

#define LONGEST_HINT 512 /* bytes of a topic or path that a hint is about */

static const char *string_in(const cJSON *object, const char *key, const char *short_key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!item)
        item = cJSON_GetObjectItemCaseSensitive(object, short_key);
    return json_is(item, cJSON_String) ? item->valuestring : NULL;
}

/* One entity of a discovery message: its unit belongs to a place in the payloads of its topic. The
 * outer object may have said the topic and the base for both. */
static void take_entity(struct decoding *decoding, const cJSON *entity, const cJSON *outer)
{
    char topic[LONGEST_HINT], path[LONGEST_HINT];
    const char *base = string_in(outer, "~", "~");
    const char *unit = string_in(entity, "unit_of_measurement", "unit_of_meas");
    const char *place = string_in(entity, "value_template", "val_tpl");
    const char *source = string_in(entity, "state_topic", "stat_t");
    if (!source)
        source = string_in(outer, "state_topic", "stat_t");
    if (unit && source && discovery_topic(source, base, topic, sizeof topic) &&
        discovery_path(place ? place : "", path, sizeof path))
        topics_hint(decoding->topics, topic, path, unit, strlen(unit));
}

static void take_discovery(struct decoding *decoding, const cJSON *root)
{
    take_entity(decoding, root, root);
    const cJSON *parts = cJSON_GetObjectItemCaseSensitive(root, "components");
    const cJSON *part;
    if (!parts)
        parts = cJSON_GetObjectItemCaseSensitive(root, "cmps");
    cJSON_ArrayForEach(part, parts)
    {
        take_entity(decoding, part, root);
    }
}

/* A device that describes itself: nodes with properties, each of which is a topic below. */
static void take_description(struct decoding *decoding, const cJSON *root, const char *device)
{
    char topic[LONGEST_HINT];
    const cJSON *node, *property;
    cJSON_ArrayForEach(node, cJSON_GetObjectItemCaseSensitive(root, "nodes"))
    {
        cJSON_ArrayForEach(property, cJSON_GetObjectItemCaseSensitive(node, "properties"))
        {
            const char *unit = string_in(property, "unit", "units");
            if (!unit || !node->string || !property->string)
                continue;
            int len =
                snprintf(topic, sizeof topic, "%s/%s/%s", device, node->string, property->string);
            if (len > 0 && (size_t)len < sizeof topic)
                topics_hint(decoding->topics, topic, "", unit, strlen(unit));
        }
    }
}

/* The topic that an attribute topic is about: less "/$unit", "/meta" or "/meta/units". */
static bool attributed_topic(const char *topic, char *out, size_t size, const char **attribute)
{
    const char *slash = strrchr(topic, '/');
    if (!slash || (size_t)(slash - topic) >= size)
        return false;
    memcpy(out, topic, (size_t)(slash - topic));
    out[slash - topic] = '\0';
    *attribute = slash + 1;
    size_t len = strlen(out);
    if (len > 5 && strcmp(out + len - 5, "/meta") == 0)
        out[len - 5] = '\0';
    return true;
}

void decode_hints(struct decoding *decoding)
{
    decoding_trace(decoding, "decoder", "", "discovery or an attribute: hints, no series");
    char about[LONGEST_HINT];
    const char *attribute = "";
    bool named = attributed_topic(decoding->message->topic, about, sizeof about, &attribute);
    if (decoding->text[0] != '{') {
        if (named && words_in("$unit|unit|units", attribute, strlen(attribute)))
            topics_hint(decoding->topics, about, "", decoding->text, decoding->len);
        return;
    }
    cJSON *root = json_parse(decoding);
    const char *unit = string_in(root, "unit", "units");
    if (root && decoding->topic->sense.role == ROLE_DISCOVERY)
        take_discovery(decoding, root);
    else if (root && named && strcmp(attribute, "meta") == 0 && unit)
        topics_hint(decoding->topics, about, "", unit, strlen(unit));
    else if (root && named)
        take_description(decoding, root, about);
    json_done(decoding);
}
