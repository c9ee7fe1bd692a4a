#include "core/payload_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/plain.h"
#include "core/words.h"

/* What holds for the members of one object, inherited by those inside. */
struct place {
    const char *sensor; /* in the batch */
    timestamp time;
    const struct place *outer;
    const struct json_look *look; /* at this object */
    const cJSON *object;
    bool record; /* one of many alike: its name is in the series' name already */
    const char *only_name, *only_path; /* of the one value of a message; NULL: see decoding */
};

static void push(struct growing *place, const char *text, size_t len)
{
    if (place->len > 0)
        growing_add(place, ".", 1);
    growing_add(place, text, len);
}

static void push_number(struct growing *place, size_t number)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%zu", number);
    push(place, digits, len < 0 ? 0 : (size_t)len);
}

/* Is there an object beside this key whose members' names would look like it: a.b beside a? */
static bool is_ambiguous(const cJSON *object, const char *key)
{
    const char *dot = strchr(key, '.');
    if (!dot)
        return false;
    size_t len = (size_t)(dot - key);
    const cJSON *other;
    cJSON_ArrayForEach(other, object)
    {
        if (other->string && json_is_container(other) && strncmp(other->string, key, len) == 0 &&
            other->string[len] == '\0')
            return true;
    }
    return false;
}

static void push_name(struct growing *name, const cJSON *object, const char *key)
{
    if (*key == '\0') {
        push(name, "\"\"", 2);
    } else if (!is_ambiguous(object, key)) {
        push(name, key, strlen(key));
    } else {
        push(name, "\"", 1);
        growing_add(name, key, strlen(key));
        growing_add(name, "\"", 1);
    }
}

/* The only member of its object that holds a number? Then the object's unit is its unit. */
static bool is_lonely(const struct place *scope)
{
    unsigned numbers = 0;
    const cJSON *member;
    cJSON_ArrayForEach(member, scope->object)
    {
        numbers += json_is(member, cJSON_Number) ? 1 : 0;
    }
    return numbers == 1;
}

static const char *unit_of(const struct place *scope, const cJSON *item, const struct key *key)
{
    const cJSON *unit = scope->look->by_class[KEY_UNIT];
    if (json_is(unit, cJSON_String) && (key->class == KEY_VALUE || is_lonely(scope)))
        return unit->valuestring;
    if (key->class == KEY_VALUE || !item->string)
        return "";
    if (json_is(unit, cJSON_Object)) {
        unit = cJSON_GetObjectItemCaseSensitive(unit, item->string);
        return json_is_filled(unit) ? unit->valuestring : "";
    }
    for (const struct place *at = scope; at; at = at->outer) {
        for (size_t i = 0; i < at->look->unit_count; i++) {
            const char *stem = at->look->units[i].unit->string;
            size_t len = at->look->units[i].stem;
            if (strncasecmp(item->string, stem, len) == 0 ||
                (len == 4 && strncasecmp(stem, "temp", 4) == 0 &&
                 strncasecmp(item->string, "dew", 3) == 0))
                return at->look->units[i].unit->valuestring;
        }
    }
    return key->unit > 0 ? item->string + key->unit : "";
}

static const char *place_of(const struct decoding *decoding, const struct place *scope)
{
    return scope->only_name ? scope->only_path : decoding->path->text;
}

/* For a trace: where a unit was found. */
static void tell_unit(const struct decoding *decoding, const struct place *scope, const char *path,
                      const char *unit)
{
    const cJSON *sibling = scope->look->by_class[KEY_UNIT];
    size_t len = strlen(path), unit_len = strlen(unit);
    if (json_is(sibling, cJSON_String) && sibling->valuestring == unit)
        decoding_tell(decoding, "unit", path, "%s, from '%s' beside it", unit, sibling->string);
    else if (len > unit_len && strcmp(path + len - unit_len, unit) == 0)
        decoding_tell(decoding, "unit", path, "%s, the end of its key", unit);
    else
        decoding_tell(decoding, "unit", path, "%s, from its own text or a unit nearby", unit);
}

static void tell_series(const struct decoding *decoding, const struct place *scope,
                        const char *unit)
{
    const char *name = scope->only_name ? scope->only_name : decoding->name->text;
    const char *path = place_of(decoding, scope);
    bool by_path = strcmp(name, path) == 0;
    decoding_tell(decoding, "series", path, "%s, %s", name,
                  by_path ? "its path"
                          : "its path, less what says nothing, behind the topic's part");
    if (*unit != '\0')
        tell_unit(decoding, scope, path, unit);
    if (scope->time != decoding->time && !decoding->time_is_mapped)
        decoding_tell(decoding, "time", path, "its record's own");
}

static void add_reading(struct decoding *decoding, const struct place *scope, const char *unit,
                        double value, bool binary_state)
{
    if (!isfinite(value))
        return;
    if (decoding->trace)
        tell_series(decoding, scope, unit);
    struct item *item = decoding_reading(
        decoding, scope->sensor, scope->only_name ? scope->only_name : decoding->name->text,
        scope->only_name ? scope->only_path : decoding->path->text, unit, value);
    if (!item)
        return;
    item->time = decoding->time_is_mapped ? decoding->time : scope->time;
    item->binary_state = binary_state;
}

/* Does a member of this class hold data at all? */
static bool holds_data(const struct decoding *decoding, const cJSON *item, const struct key *key)
{
    timestamp ignored;
    switch (key->class) {
    case KEY_UNIT_OF:
    case KEY_TIME:
    case KEY_META:
        return false;
    case KEY_UNIT:
    case KEY_SENSOR:
    case KEY_DEVICE:
    case KEY_NAME:
    case KEY_ID:
    case KEY_REFERENCE:
    case KEY_MODEL:
    case KEY_LABEL:
    case KEY_KIND:
        return key->may_count && json_is(item, cJSON_Number);
    case KEY_VALUE:
        return true;
    case KEY_OPAQUE:
        return !json_is(item, cJSON_String);
    case KEY_TIME_MAYBE:
    case KEY_SEEN:
    case KEY_CLOCK:
        return !json_time(decoding, item, false, &ignored);
    default:
        return !(json_is(item, cJSON_Number) && decoding_is_now(decoding, item->valuedouble));
    }
}

static void walk_string(struct decoding *decoding, const struct place *scope, const cJSON *item,
                        const struct key *key)
{
    const char *text = item->valuestring;
    size_t len = strlen(text);
    char unit[32];
    struct plain plain = plain_read(text, len);
    switch (plain.kind) {
    case PLAIN_NUMBER:
        if (plain_is_label(text, len) || decoding_is_now(decoding, plain.value)) {
            decoding_trace(decoding, "no series", place_of(decoding, scope), "a label or a time");
            break;
        }
        snprintf(unit, sizeof unit, "%.*s", (int)plain.unit_len, plain.unit);
        add_reading(decoding, scope, *unit ? unit : unit_of(scope, item, key), plain.value, false);
        break;
    case PLAIN_STATE:
        add_reading(decoding, scope, "", plain.value, true);
        break;
    case PLAIN_GAP:
        decoding_trace(decoding, "no series", place_of(decoding, scope), "no value just now");
        break;
    case PLAIN_TEXT:
        decoding_trace(decoding, "no series", place_of(decoding, scope), "a text");
        if (len > 0 && !scope->outer && (key->class == KEY_VALUE || key->class == KEY_STATUS))
            decoding->said = text;
        break;
    }
}

static void walk_scalar(struct decoding *decoding, const struct place *scope, const cJSON *item,
                        const struct key *key)
{
    if (json_is(item, cJSON_Number)) {
        add_reading(decoding, scope, unit_of(scope, item, key), item->valuedouble, false);
    } else if (json_is(item, cJSON_String)) {
        walk_string(decoding, scope, item, key);
    } else if (json_is(item, cJSON_True | cJSON_False)) {
        bool state = json_is(item, cJSON_True);
        if (key->class != KEY_VALUE || !*unit_of(scope, item, key))
            add_reading(decoding, scope, "", state, true);
        else if (!scope->outer) /* nothing that has a unit is true or false */
            decoding->said = state ? "true" : "false";
    }
}

/* A later member of the same name replaces this one. */
static bool is_replaced(const struct place *scope, const cJSON *member)
{
    const cJSON *last = scope->look->by_class[KEY_VALUE];
    return last && last != member && strcmp(last->string, member->string) == 0;
}

static void walk_container(struct decoding *decoding, const struct place *outer, const cJSON *item,
                           const struct key *key, size_t name_before);

/* For a trace: what a key promises of a member that is no series. */
static const char *promise(const struct key *key)
{
    switch (key->class) {
    case KEY_UNIT:
    case KEY_UNIT_OF:
        return "a unit";
    case KEY_TIME:
    case KEY_TIME_MAYBE:
    case KEY_SEEN:
    case KEY_CLOCK:
        return "a time";
    case KEY_SENSOR:
    case KEY_DEVICE:
    case KEY_NAME:
    case KEY_ID:
    case KEY_REFERENCE:
        return "an identity";
    case KEY_MODEL:
    case KEY_LABEL:
    case KEY_META:
        return "about the device";
    case KEY_KIND:
        return "the kind of quantity";
    case KEY_OPAQUE:
        return "raw data";
    case KEY_VALUE:
        return "a value that a later one of its name replaces";
    default:
        return "a moment near now, or about the device, or a quality";
    }
}

static void tell_passed(const struct decoding *decoding, const char *key, const char *why)
{
    char place[256];
    int before = (int)decoding->path->len;
    snprintf(place, sizeof place, "%.*s%s%s", before, before > 0 ? decoding->path->text : "",
             before > 0 ? "." : "", key);
    decoding_tell(decoding, "no series", place, "%s", why);
}

/* Is there nothing in this member for the walk? */
static bool is_passed(const struct decoding *decoding, const struct place *scope,
                      const cJSON *member, const struct key *key)
{
    if (json_is_container(member)) {
        switch (key->class) {
        case KEY_UNIT:
        case KEY_UNIT_OF:
        case KEY_TIME:
        case KEY_SENSOR:
        case KEY_NAME:
        case KEY_ID:
        case KEY_MODEL:
        case KEY_LABEL:
            return !key->may_count;
        default: /* an array of tags may be one of records */
            return key->meta && !(key->wrapper && json_is(member, cJSON_Array));
        }
    }
    return (key->class == KEY_VALUE && is_replaced(scope, member)) ||
           (scope->record && key->bytes == 1 && (member->string[0] | 0x20) == 'q') || /* quality */
           !holds_data(decoding, member, key);
}

static void walk_member(struct decoding *decoding, const struct place *scope, const cJSON *member,
                        struct key key)
{
    bool inside = json_is_container(member);
    if (is_passed(decoding, scope, member, &key)) {
        if (decoding->trace)
            tell_passed(decoding, member->string, promise(&key));
        return;
    }
    size_t path_len = decoding->path->len, name_len = decoding->name->len;
    bool silent = inside ? key.wrapper && scope->outer && scope->look->time != TIMESTAMP_NONE
                         : key.class == KEY_VALUE && name_len > 0;
    push(decoding->path, member->string, key.bytes);
    if (!silent)
        push_name(decoding->name, scope->object, member->string);
    if (inside)
        walk_container(decoding, scope, member, &key, name_len);
    else
        walk_scalar(decoding, scope, member, &key);
    growing_cut(decoding->path, path_len);
    growing_cut(decoding->name, name_len);
}

static void walk_members(struct decoding *decoding, const struct place *scope)
{
    size_t i = 0;
    const cJSON *member;
    cJSON_ArrayForEach(member, scope->object)
    {
        struct key key =
            i < JSON_KEYS ? scope->look->keys[i] : keys_find(decoding->keys, member->string);
        i++;
        if (member != decoding->consumed)
            walk_member(decoding, scope, member, key);
        else if (decoding->trace)
            tell_passed(decoding, member->string, "told as presence");
    }
}

/* What a record of an array calls itself: the most telling of its texts; a number only where it is
 * plainly a number's name. NULL if nothing. */
static const char *record_name(struct decoding *decoding, const cJSON *record)
{
    static const char names[] = "name|n|tagname|tag|label|point|signal";
    static const char numbers[] =
        "id|channel|ch|key|code|sensor|sensorid|index|pin|port|register|obis|address";
    static const char kinds[] = "metric|parameter|param|variable|quantity|measurement|field|"
                                "property|value_type|valuetype|type|kind";
    static const char *const keys[] = {names, numbers, kinds};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const cJSON *member;
        cJSON_ArrayForEach(member, record)
        {
            if (!words_in(keys[i], member->string, strlen(member->string)))
                continue;
            if (json_is_filled(member) || (keys[i] == numbers && json_is(member, cJSON_Number)))
                return json_words(decoding, member);
        }
    }
    return NULL;
}

/* An element that is an object of its own: a record with a name, a moment in a row of moments, or
 * just the i-th. Its own time counts for what is in it. */
static void walk_element(struct decoding *decoding, const struct place *outer, const cJSON *element,
                         size_t i)
{
    struct json_look look;
    json_look(decoding, element, &look);
    const char *name = record_name(decoding, element);
    struct place scope = *outer;
    scope.outer = outer;
    scope.look = &look;
    scope.object = element;
    scope.record = name != NULL;
    if (look.time != TIMESTAMP_NONE)
        scope.time = look.time;
    if (name)
        push(decoding->name, name, strlen(name));
    else if (look.time == TIMESTAMP_NONE)
        push_number(decoding->name, i);
    walk_members(decoding, &scope);
}

static void walk_array(struct decoding *decoding, const struct place *scope, const cJSON *array)
{
    static const struct key plain = {.class = KEY_DATA};
    size_t path_len = decoding->path->len, name_len = decoding->name->len, i = 0;
    const cJSON *element;
    cJSON_ArrayForEach(element, array)
    {
        push_number(decoding->path, i);
        if (json_is(element, cJSON_Object)) {
            walk_element(decoding, scope, element, i);
        } else {
            push_number(decoding->name, i);
            if (json_is_container(element))
                walk_array(decoding, scope, element);
            else
                walk_scalar(decoding, scope, element, &plain);
        }
        growing_cut(decoding->path, path_len);
        growing_cut(decoding->name, name_len);
        i++;
    }
}

static bool is_record_array(struct decoding *decoding, const cJSON *array)
{
    const cJSON *first = array->child;
    return json_is(first, cJSON_Object) && record_name(decoding, first) != NULL;
}

/* {"device": [{"ts": …, "values": {…}}, …]}: a gateway's message, where the key is a sensor. */
static bool is_device_array(struct decoding *decoding, const struct place *scope,
                            const cJSON *array)
{
    struct json_look look;
    if (scope->outer || !json_is(array->child, cJSON_Object))
        return false;
    json_look(decoding, array->child, &look);
    return look.time != TIMESTAMP_NONE &&
           json_is(cJSON_GetObjectItemCaseSensitive(array->child, "values"), cJSON_Object);
}

/* name_before: how long the name was without the container's key. */
static void walk_container(struct decoding *decoding, const struct place *outer, const cJSON *item,
                           const struct key *key, size_t name_before)
{
    struct place scope = *outer;
    if (json_is(item, cJSON_Array)) {
        if (is_device_array(decoding, outer, item)) {
            scope.sensor = batch_name(decoding->batch, item->string, key->bytes);
            growing_cut(decoding->name, 0);
        } else if (key->wrapper && is_record_array(decoding, item)) {
            growing_cut(decoding->name, name_before);
        }
        walk_array(decoding, &scope, item);
        return;
    }
    struct json_look look;
    json_look(decoding, item, &look);
    scope = (struct place){outer->sensor, outer->time, outer, &look, item, false, NULL, NULL};
    if (look.time != TIMESTAMP_NONE)
        scope.time = look.time;
    walk_members(decoding, &scope);
}

void json_walk(struct decoding *decoding, const cJSON *root, const struct json_look *look,
               const char *sensor, const char *name, const char *path)
{
    struct place scope = {sensor, decoding->time, NULL, look, root, false, NULL, NULL};
    const cJSON *value = look->by_class[KEY_VALUE];
    if (!look->several && *name != '\0' && *path == '\0' &&
        value) { /* the usual message: no path to be built */
        const struct key key = {.class = KEY_VALUE};
        scope.only_name = name;
        scope.only_path = value->string;
        walk_scalar(decoding, &scope, value, &key);
        return;
    }
    growing_cut(decoding->path, 0);
    growing_cut(decoding->name, 0);
    growing_add(decoding->name, name, strlen(name));
    growing_add(decoding->path, path, strlen(path));
    if (json_is(root, cJSON_Array))
        walk_array(decoding, &scope, root);
    else
        walk_members(decoding, &scope);
}
