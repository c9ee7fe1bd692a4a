#include "core/limit_rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "core/text.h"
#include "core/topic.h"
#include "core/words.h"
#include "core/xalloc.h"

enum {
    SET_MIN = 1 << 0,
    SET_MAX = 1 << 1,
    SET_RATE = 1 << 2,
    SET_THRESHOLD = 1 << 3,
    SET_MUTE = 1 << 4
};

static const struct limit_settings nothing = {.limits = {NAN, NAN, NAN, TIMESTAMP_SECOND},
                                              .threshold = NAN};

/* ---- patterns ---- */

/* One level, '*' for any characters. */
static bool level_covers(const char *pattern, size_t pattern_len, const char *level, size_t len)
{
    size_t p = 0, l = 0, star = SIZE_MAX, resume = 0;
    while (l < len) {
        if (p < pattern_len && pattern[p] == '*') {
            star = p++;
            resume = l;
        } else if (p < pattern_len && pattern[p] == level[l]) {
            p++;
            l++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            l = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern_len && pattern[p] == '*')
        p++;
    return p == pattern_len;
}

bool limit_pattern_covers(const char *pattern, const char *name)
{
    for (;;) {
        size_t part = strcspn(pattern, "/"), level = strcspn(name, "/");
        if (part == 1 && *pattern == '#')
            return true;
        if (!(part == 1 && *pattern == '+') && !level_covers(pattern, part, name, level))
            return false;
        pattern += part;
        name += level;
        if (!*name)
            return !*pattern || strcmp(pattern, "/#") == 0;
        if (!*pattern)
            return false;
        pattern++;
        name++;
    }
}

static bool rule_covers(const struct limit_rule *rule, const char *topic, const char *name)
{
    if (rule->pattern_count == 0)
        return limit_pattern_covers(rule->name, topic) || limit_pattern_covers(rule->name, name);
    for (size_t i = 0; i < rule->pattern_count; i++)
        if (limit_pattern_covers(rule->patterns[i], topic) ||
            limit_pattern_covers(rule->patterns[i], name))
            return true;
    return false;
}

/* ---- keys ---- */

struct target {
    struct limit_rule *rule;
    char *error;
    size_t size;
};

static bool check_pattern(const char *pattern, char *error, size_t size)
{
    char why[120];
    if (topic_filter_valid(pattern, why, sizeof why))
        return true;
    snprintf(error, size, "pattern '%.60s': %s", pattern, why);
    return false;
}

static bool set_series(const struct target *target, const char *value)
{
    struct limit_rule *rule = target->rule;
    if (!check_pattern(value, target->error, target->size))
        return false;
    rule->patterns = xrealloc(rule->patterns, (rule->pattern_count + 1) * sizeof(char *));
    rule->patterns[rule->pattern_count++] = xstrdup(value);
    return true;
}

static bool read_number(const struct target *target, const char *value, double *out)
{
    char *end;
    *out = NAN;
    if (!*value)
        return true;
    *out = strtod(value, &end);
    if (*end == '\0' && isfinite(*out))
        return true;
    snprintf(target->error, target->size, "expected a number, got '%.80s'", value);
    return false;
}

static bool set_min(const struct target *target, const char *value)
{
    target->rule->settings.set |= SET_MIN;
    return read_number(target, value, &target->rule->settings.limits.min);
}

static bool set_max(const struct target *target, const char *value)
{
    target->rule->settings.set |= SET_MAX;
    return read_number(target, value, &target->rule->settings.limits.max);
}

static bool set_rate(const struct target *target, const char *value)
{
    struct limits *limits = &target->rule->settings.limits;
    target->rule->settings.set |= SET_RATE;
    limits->rate = NAN;
    if (!*value || limits_parse_rate(value, &limits->rate, &limits->span))
        return true;
    snprintf(target->error, target->size, "expected a change such as 5/min, got '%.80s'", value);
    return false;
}

static bool set_threshold(const struct target *target, const char *value)
{
    double *threshold = &target->rule->settings.threshold;
    target->rule->settings.set |= SET_THRESHOLD;
    if (!read_number(target, value, threshold))
        return false;
    if (isnan(*threshold) || (*threshold >= 0.1 && *threshold <= 1000))
        return true;
    snprintf(target->error, target->size, "expected a threshold of 0.1 to 1000, got '%.80s'",
             value);
    return false;
}

static bool set_mute(const struct target *target, const char *value)
{
    struct limit_settings *settings = &target->rule->settings;
    size_t len = strlen(value);
    settings->set |= SET_MUTE;
    settings->mute = words_in("yes|true|on|1", value, len);
    if (settings->mute || words_in("no|false|off|0", value, len))
        return true;
    snprintf(target->error, target->size, "expected yes or no, got '%.80s'", value);
    return false;
}

static bool unknown(const struct target *target, const char *key, const char *const *known)
{
    struct nearest nearest = {.word = key};
    for (; *known; known++)
        nearest_try(&nearest, *known);
    snprintf(target->error, target->size, "unknown key '%.80s'", key);
    nearest_say(&nearest, target->error, target->size);
    return false;
}

bool limit_rule_set(struct limit_rule *rule, const char *key, const char *value, char *error,
                    size_t size)
{
    static const char *const keys[] = {"series", "min", "max", "rate", "threshold", "mute", NULL};
    static bool (*const set[])(const struct target *, const char *) = {
        set_series, set_min, set_max, set_rate, set_threshold, set_mute};
    struct target target = {rule, error, size};
    for (size_t i = 0; keys[i]; i++)
        if (strcmp(key, keys[i]) == 0)
            return set[i](&target, value);
    return unknown(&target, key, keys);
}

bool limit_rule_complete(const struct limit_rule *rule, char *error, size_t size)
{
    char why[320];
    const struct limits *limits = &rule->settings.limits;
    if (rule->pattern_count == 0 && !check_pattern(rule->name, why, sizeof why)) {
        snprintf(error, size, "[limits %.60s]: %s", rule->name, why);
        return false;
    }
    if (limits->min >= limits->max) {
        snprintf(error, size, "[limits %.60s]: min must be below max", rule->name);
        return false;
    }
    return true;
}

/* ---- the list ---- */

void limit_rules_fini(struct limit_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct limit_rule *rule = rules->list[i];
        for (size_t k = 0; k < rule->pattern_count; k++)
            free(rule->patterns[k]);
        free(rule->patterns);
        free(rule->name);
        free(rule);
    }
    free(rules->list);
    *rules = (struct limit_rules){.list = NULL};
}

struct limit_rule *limit_rules_get(struct limit_rules *rules, const char *name)
{
    for (size_t i = 0; i < rules->count; i++)
        if (strcmp(rules->list[i]->name, name) == 0)
            return rules->list[i];
    struct limit_rule *rule = xcalloc(1, sizeof *rule);
    rule->name = xstrdup(name);
    rule->settings = nothing;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers, so that rules stay where they are */
    rules->list = xrealloc(rules->list, (rules->count + 1) * sizeof *rules->list);
    rules->list[rules->count++] = rule;
    return rule;
}

static void apply(const struct limit_settings *from, struct limit_settings *to)
{
    if (from->set & SET_MIN)
        to->limits.min = from->limits.min;
    if (from->set & SET_MAX)
        to->limits.max = from->limits.max;
    if (from->set & SET_RATE) {
        to->limits.rate = from->limits.rate;
        to->limits.span = from->limits.span;
    }
    if (from->set & SET_THRESHOLD)
        to->threshold = from->threshold;
    if (from->set & SET_MUTE)
        to->mute = from->mute;
    to->set |= from->set;
    if (!(to->limits.min >= to->limits.max))
        return;
    /* What was said last holds. */
    if (from->set & SET_MAX)
        to->limits.min = NAN;
    else
        to->limits.max = NAN;
}

bool limit_rules_find(const struct limit_rules *rules, const char *topic, const char *twin,
                      const char *series, struct limit_settings *out)
{
    char name[2 * TEXT_NAME_BYTES];
    *out = nothing;
    if (rules->count == 0)
        return false;
    snprintf(name, sizeof name, "%s/%s", twin, series);
    for (size_t i = 0; i < rules->count; i++)
        if (rule_covers(rules->list[i], topic, name))
            apply(&rules->list[i]->settings, out);
    return out->set != 0;
}
