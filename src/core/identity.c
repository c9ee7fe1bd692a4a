#include "core/identity.h"

#include <ctype.h>
#include <string.h>

#include "core/topic.h"
#include "core/words.h"

#define MAX_LEVELS                                                                                 \
    64                  /* of a topic that is looked into; deeper ones are split at the last slash \
                         */
#define UNIQUE_DIGITS 6 /* hexadecimal digits that make a level unique: half a MAC address */
#define LONGEST_UNIQUE 64

struct levels {
    struct topic_level at[MAX_LEVELS];
    enum level_class class[MAX_LEVELS];
    size_t count;
};

/* Levels [from, to). */
struct span {
    size_t from, to;
};

static bool levels_read(const char *topic, struct levels *out)
{
    out->count = topic_split(topic, out->at, MAX_LEVELS);
    if (out->count > MAX_LEVELS)
        return false;
    for (size_t i = 0; i < out->count; i++)
        out->class[i] = words_level(out->at[i].at, out->at[i].len);
    return true;
}

static bool level_in(const struct levels *levels, size_t i, const char *list)
{
    return words_in(list, levels->at[i].at, levels->at[i].len);
}

static bool is_number(const struct topic_level *level)
{
    for (size_t i = 0; i < level->len; i++)
        if (!isdigit((unsigned char)level->at[i]))
            return false;
    return level->len > 0;
}

/* "5", "v3", "2.1": the version of a convention, in front of its devices. */
static bool is_version(const struct topic_level *level)
{
    size_t i = level->len > 1 && (level->at[0] | 0x20) == 'v' ? 1 : 0;
    size_t start = i;
    while (i < level->len && (isdigit((unsigned char)level->at[i]) || level->at[i] == '.'))
        i++;
    return i == level->len && i > start && isdigit((unsigned char)level->at[start]);
}

static bool ends_with_version(const struct topic_level *level)
{
    size_t i = level->len;
    while (i > 0 && (isdigit((unsigned char)level->at[i - 1]) || level->at[i - 1] == '.'))
        i--;
    return i < level->len && i > 0 && (level->at[i - 1] | 0x20) == 'v';
}

/* A MAC address, a serial number, or a name that ends in one: "plug-A123B4". */
static bool is_unique(const struct topic_level *level)
{
    size_t hex = 0, decimal = 0, i = level->len;
    if (level->len > LONGEST_UNIQUE)
        return false;
    while (i > 0) {
        unsigned char c = (unsigned char)level->at[i - 1];
        bool joint = hex > 0 && hex % 2 == 0 && (c == ':' || c == '-') && i >= 3 &&
                     isxdigit((unsigned char)level->at[i - 2]) &&
                     isxdigit((unsigned char)level->at[i - 3]);
        if (!isxdigit(c) && !joint)
            break;
        hex += !joint;
        decimal += isdigit(c) != 0;
        i--;
    }
    if (hex < UNIQUE_DIGITS || decimal == 0)
        return false;
    if (i == 0 || strchr("-_:@!.", level->at[i - 1]))
        return true;
    return i == 2 && level->at[0] == '0' && (level->at[1] | 0x20) == 'x';
}

static bool says_nothing(enum level_class class)
{
    return class == LEVEL_VERB || class == LEVEL_MARK || class == LEVEL_BIRTH ||
           class == LEVEL_DEATH || class == LEVEL_COMMAND;
}

static bool may_divide(enum level_class class)
{
    return class == LEVEL_VERB || class == LEVEL_COLLECTION || class == LEVEL_COMPONENT;
}

/* Writes the levels of a span that name something; all of them if none does. */
static void join(const struct levels *levels, struct span span, char separator, bool keep_last,
                 char *out)
{
    if (!out)
        return;
    size_t used = 0;
    bool any = false;
    for (int all = 0; all <= 1 && !any; all++) {
        for (size_t i = span.from; i < span.to; i++) {
            if (!all && says_nothing(levels->class[i]) && !(keep_last && i + 1 == span.to))
                continue;
            if (any)
                out[used++] = separator;
            memcpy(out + used, levels->at[i].at, levels->at[i].len);
            used += levels->at[i].len;
            any = true;
        }
    }
    out[used] = '\0';
}

/* "…/light/NAME/state": the state of an entity, whose name is one level up. */
static bool is_component_state(const struct levels *levels, size_t end)
{
    if (end < 4 || !level_in(levels, end - 1, "state"))
        return false;
    enum level_class class = levels->class[end - 3];
    return class == LEVEL_COMPONENT || level_in(levels, end - 3, "sensor");
}

/* The device behind the last "devices/", "sensor/", …, with the numbers that follow it: they count
 * instances of it. A bare number is unique only together with its collection. */
static bool find_collected(const struct levels *levels, struct span within, struct span *device)
{
    for (size_t i = within.to; i-- > within.from;) {
        if (levels->class[i] != LEVEL_COLLECTION || i + 1 >= within.to)
            continue;
        *device = (struct span){is_number(&levels->at[i + 1]) ? i : i + 1, i + 2};
        while (device->to < within.to && is_number(&levels->at[device->to]))
            device->to++;
        return levels->at[i + 1].len > 0;
    }
    return false;
}

static bool find_unique(const struct levels *levels, struct span within, struct span *device)
{
    for (size_t i = within.to; i-- > within.from;) {
        if (is_unique(&levels->at[i])) {
            *device = (struct span){i, i + 1};
            return true;
        }
    }
    return false;
}

/* Where the device stands among the levels and where the rest of the topic begins: within is where
 * the device may be, end the end of the topic. */
static struct span find_device(const struct levels *levels, struct span within, size_t end,
                               size_t *rest)
{
    struct span device;
    if (!find_collected(levels, within, &device) && !find_unique(levels, within, &device)) {
        size_t divider = end - 2; /* "device/status/part": a verb with one level behind it */
        if (end >= 2 && divider > within.from && may_divide(levels->class[divider]) &&
            !(divider == within.from + 1 && ends_with_version(&levels->at[within.from]))) {
            *rest = divider + 1;
            return (struct span){within.from, divider};
        }
        device = within;
        if (end >= within.from + 5 && is_version(&levels->at[within.from + 1]))
            device.to = within.from + 3;
    }
    *rest = device.to;
    return device;
}

/* Splits levels [0, end). */
static void split(const struct levels *levels, size_t end, enum scope scope, char *sensor,
                  char *series)
{
    if (is_component_state(levels, end))
        end--;
    if (scope == SCOPE_OBJECT)
        while (end > 1 &&
               (says_nothing(levels->class[end - 1]) || levels->class[end - 1] == LEVEL_COLLECTION))
            end--;
    struct span within = {0, scope == SCOPE_VALUE ? end - 1 : end};
    while (within.from + 1 < within.to && says_nothing(levels->class[within.from]))
        within.from++;

    struct span device = {0, 1}, rest = {0, end};
    if (within.from < within.to)
        device = find_device(levels, within, end, &rest.from);
    join(levels, device, '/', false, sensor);
    join(levels, rest, '.', scope == SCOPE_VALUE, series);
}

static void name_nothing(const char *topic, char *sensor)
{
    if (sensor[0] == '\0')
        memcpy(sensor, *topic ? "/" : "?", 2); /* something to see */
}

void identity_split(const char *topic, enum scope scope, char *sensor, char *series)
{
    struct levels levels;
    size_t len = strlen(topic);
    series[0] = '\0';
    if (scope == SCOPE_VALUE && (len == 0 || topic[len - 1] == '/')) {
        memcpy(sensor, topic, len + 1); /* its last level is empty: not the topic without it */
        memcpy(series, "value", sizeof "value");
    } else if (levels_read(topic, &levels)) {
        split(&levels, levels.count, scope, sensor, series);
    } else {
        const char *slash = strrchr(topic, '/');
        size_t used = scope == SCOPE_VALUE ? (size_t)(slash - topic) : len;
        memcpy(sensor, topic, used);
        sensor[used] = '\0';
        if (scope == SCOPE_VALUE)
            memcpy(series, slash + 1, len - used);
    }
    name_nothing(topic, sensor);
}

bool identity_subject(const char *topic, enum role role, char *sensor)
{
    struct levels levels;
    sensor[0] = '\0';
    if (!levels_read(topic, &levels))
        return false;
    size_t end = levels.count;
    if (role != ROLE_COMMAND || level_in(&levels, end - 1, "get"))
        end--; /* the level that asks or answers */
    size_t asked = end;
    while (end > 0 && levels.class[end - 1] == LEVEL_COMMAND)
        end--;
    if (end == 0 || asked - end > 1 || levels.class[end - 1] == LEVEL_COLLECTION ||
        (role == ROLE_REPLY && asked > end))
        return false;
    if (end >= 2 && level_in(&levels, end - 2, "control"))
        join(&levels, (struct span){end - 1, end}, '/', true, sensor);
    else
        split(&levels, end, end == levels.count ? SCOPE_VALUE : SCOPE_OBJECT, sensor, NULL);
    return sensor[0] != '\0';
}

/* A command is one wherever its level stands; an answer says so in its last level. */
static enum role role_of_command(const struct levels *levels)
{
    bool answers =
        level_in(levels, levels->count - 1, "state|status|reply|response|result|ack|reported");
    if (levels->count > 1 && level_in(levels, levels->count - 1, "get"))
        return ROLE_COMMAND;
    for (size_t i = 0; i < levels->count; i++)
        if (levels->class[i] == LEVEL_COMMAND)
            return answers ? ROLE_REPLY : ROLE_COMMAND;
    return ROLE_DATA;
}

static bool is_attribute(const struct levels *levels)
{
    size_t last = levels->count - 1;
    for (size_t i = 1; i < levels->count; i++)
        if (levels->at[i].len > 0 && levels->at[i].at[0] == '$' &&
            !(i == last && level_in(levels, i, "$state")))
            return true;
    return last > 0 && (level_in(levels, last, "meta") || level_in(levels, last - 1, "meta"));
}

struct topic_sense identity_sense(const char *topic)
{
    struct topic_sense sense = {.role = ROLE_DATA};
    struct levels levels;
    if (!levels_read(topic, &levels))
        return sense;
    const struct topic_level *last = &levels.at[levels.count - 1];
    for (size_t i = 0; i < levels.count; i++) {
        if (levels.class[i] == LEVEL_BIRTH || levels.class[i] == LEVEL_DEATH)
            sense.status = levels.class[i] == LEVEL_BIRTH ? STATUS_ONLINE : STATUS_OFFLINE;
        sense.numbers = sense.numbers || level_in(&levels, i, "sensor");
    }
    sense.role = role_of_command(&levels);
    if (is_attribute(&levels))
        sense.role = ROLE_ATTRIBUTE;
    else if (levels.count > 1 && words_in("config", last->at, last->len))
        sense.role = ROLE_DISCOVERY;
    else if (sense.role == ROLE_DATA && topic[0] != '$' &&
             words_presence_level(last->at, last->len, &sense.loose))
        sense.role = ROLE_PRESENCE;
    return sense;
}
