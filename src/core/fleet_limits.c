#include "core/fleet_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/topic.h"
#include "core/xalloc.h"

#define THRESHOLDS_MOST 64 /* commands remembered for series still to come */

struct guard *fleet_guard(struct fleet *fleet, struct series *series)
{
    if (series->guard)
        return series->guard;
    series->guard = xcalloc(1, sizeof *series->guard);
    series->guard->detection = fleet->options.detection;
    series->guard->muted_until = TIMESTAMP_NONE;
    limit_watch_set(&series->guard->limits, &limits_none);
    fleet->registry.memory += sizeof *series->guard;
    return series->guard;
}

static void set_limits(struct fleet *fleet, struct series *series, const struct limits *limits)
{
    struct limit_watch *watch = &fleet_guard(fleet, series)->limits;
    size_t before = watch->pace ? sizeof *watch->pace : 0;
    limit_watch_set(watch, limits);
    fleet->registry.memory += (watch->pace ? sizeof *watch->pace : 0) - before;
}

static void set_max(struct fleet *fleet, struct series *series, double max)
{
    struct limits limits = series->guard ? series->guard->limits.limits : limits_none;
    limits.max = max;
    if (limits.min >= max)
        limits.min = NAN; /* what was said last holds */
    set_limits(fleet, series, &limits);
}

/* ---- the lab's command ---- */

/* Is the series meant by a command to this sensor ("" for all) below this prefix? */
static bool is_meant(const struct threshold *threshold, const struct series *series)
{
    size_t len = strlen(threshold->prefix);
    const char *rest = series->topic + len;
    return strncmp(series->topic, threshold->prefix, len) == 0 && (len == 0 || *rest == '/') &&
           strncmp(rest, "/control/", 9) != 0 &&
           (!*threshold->sensor || strcmp(threshold->sensor, series->twin->name) == 0);
}

/* PREFIX/control/commands or PREFIX/control/ID/commands; *prefix gets the length of the prefix. */
static bool is_control(const char *topic, size_t *prefix, bool *all)
{
    struct topic_level levels[64];
    size_t count = topic_split(topic, levels, 64);
    static const char control[] = "control", commands[] = "commands";
    if (count < 2 || count > 64 || strcmp(levels[count - 1].at, commands) != 0)
        return false;
    for (size_t back = 2; back <= 3 && back <= count; back++) {
        const struct topic_level *level = &levels[count - back];
        if (level->len != sizeof control - 1 || memcmp(level->at, control, level->len) != 0)
            continue;
        *prefix = level->at > topic ? (size_t)(level->at - topic - 1) : 0;
        *all = back == 2;
        return true;
    }
    return false;
}

static void threshold_free(struct fleet *fleet, struct threshold *threshold)
{
    fleet->registry.memory -= strlen(threshold->prefix) + strlen(threshold->sensor) + 2;
    free(threshold->prefix);
    free(threshold->sensor);
}

/* For series still to come: a command to the same address replaces what was said before, and the
 * oldest is forgotten where there are too many. */
static void remember(struct fleet *fleet, struct threshold threshold)
{
    uint32_t at = 0;
    while (at < fleet->threshold_count &&
           (strcmp(fleet->thresholds[at].prefix, threshold.prefix) != 0 ||
            strcmp(fleet->thresholds[at].sensor, threshold.sensor) != 0))
        at++;
    if (at == fleet->threshold_count && at == THRESHOLDS_MOST)
        at = 0;
    if (at < fleet->threshold_count) {
        threshold_free(fleet, &fleet->thresholds[at]);
        memmove(&fleet->thresholds[at], &fleet->thresholds[at + 1],
                (--fleet->threshold_count - at) * sizeof *fleet->thresholds);
    }
    if (!fleet->thresholds)
        fleet->thresholds = xcalloc(THRESHOLDS_MOST, sizeof *fleet->thresholds);
    fleet->thresholds[fleet->threshold_count++] = threshold;
    fleet->registry.memory += strlen(threshold.prefix) + strlen(threshold.sensor) + 2;
}

void fleet_forget_thresholds(struct fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->threshold_count; i++)
        threshold_free(fleet, &fleet->thresholds[i]);
    free(fleet->thresholds);
}

bool fleet_threshold(struct fleet *fleet, const struct decoded *message, const struct item *item,
                     uint32_t *changed)
{
    size_t prefix;
    bool all;
    if (!item->text || strcmp(item->text, "SET_THRESHOLD") != 0 || !isfinite(item->value) ||
        !is_control(message->topic, &prefix, &all))
        return false;
    struct threshold threshold = {.prefix = xstrdup(message->topic),
                                  .sensor = xstrdup(item->sensor ? item->sensor : ""),
                                  .max = item->value};
    threshold.prefix[prefix] = '\0';
    *changed = 0;
    for (uint32_t i = 0; i < fleet->registry.series_count; i++) {
        struct series *series = registry_at(&fleet->registry, i);
        if (series->binary_state || !is_meant(&threshold, series))
            continue;
        set_max(fleet, series, threshold.max);
        ++*changed;
    }
    remember(fleet, threshold);
    return true;
}

/* ---- rules ---- */

void fleet_rule(struct fleet *fleet, struct series *series, bool binary_state)
{
    struct limit_settings settings;
    const struct limit_rules *rules = fleet->options.limits;
    if (rules &&
        limit_rules_find(rules, series->topic, series->twin->name, series->name, &settings)) {
        struct guard *guard = fleet_guard(fleet, series);
        set_limits(fleet, series, &settings.limits);
        if (!isnan(settings.threshold))
            guard->detection.threshold = settings.threshold;
        if (settings.mute)
            guard->muted_until = MUTED_FOR_GOOD;
    }
    for (uint32_t i = 0; i < fleet->threshold_count && !binary_state; i++)
        if (is_meant(&fleet->thresholds[i], series))
            set_max(fleet, series, fleet->thresholds[i].max);
}

void fleet_set_threshold(struct fleet *fleet, double threshold)
{
    double before = fleet->options.detection.threshold;
    fleet->options.detection.threshold = threshold;
    for (uint32_t i = 0; i < fleet->registry.series_count; i++) {
        struct guard *guard = registry_at(&fleet->registry, i)->guard;
        if (guard && guard->detection.threshold == before)
            guard->detection.threshold = threshold;
    }
}

void fleet_limit(struct fleet *fleet, uint32_t index, const struct limits *limits)
{
    struct series *series = registry_at(&fleet->registry, index);
    char words[LIMITS_TEXT];
    if (!limits_any(limits) && !series->guard)
        return;
    set_limits(fleet, series, limits);
    limits_words(limits, series->unit, words);
    fleet_log_text(fleet_log_series(fleet, fleet->now, EVENT_NOTE, series), "limits: %s", words);
}

/* ---- readings ---- */

void fleet_check_limits(struct fleet *fleet, const struct series *series, const struct item *item,
                        bool retained)
{
    struct limit_watch *watch = &series->guard->limits;
    struct verdict *verdict = &fleet->verdict;
    /* What a sensor stored and sends at once has its own times, if its clock is right. */
    timestamp time = series->twin->clock_off ? fleet->now : item->time;
    unsigned news = limit_watch_observe(watch, time, item->value, !retained);
    if (!news)
        return;
    unsigned which = news & LIMIT_MAX ? LIMIT_MAX : news & LIMIT_MIN ? LIMIT_MIN : LIMIT_RATE;
    verdict->kind = ANOMALY_LIMIT;
    verdict->severity = SEVERITY_ALARM;
    verdict->score = 1;
    _Static_assert(sizeof verdict->reason >= LIMIT_REASON, "a reason fits");
    limit_reason(watch, which, item->value, series->unit, verdict->reason);
}
