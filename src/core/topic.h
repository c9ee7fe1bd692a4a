/* MQTT topic names and filters (MQTT 5, section 4.7). Pure; any thread. */
#ifndef DT_CORE_TOPIC_H
#define DT_CORE_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

/* Is this a filter that a broker accepts ('+' and '#' whole levels, '#' last, 1 to 65,535 bytes of
 * UTF-8 without controls, a whole $share/group/ before a shared one)? If not, error says why in
 * words, about "it": "'+' must be ...", "it is empty ...". error may be NULL when size is 0. */
bool topic_filter_valid(const char *filter, char *error, size_t size);

/* Does the topic match the (valid) filter? A leading wildcard never matches a topic that starts
 * with '$'; a shared subscription ($share/group/filter) matches as its filter does. */
bool topic_matches(const char *filter, const char *topic);

/* The same without what leading wildcards don't match: a recording is nobody's broker. */
bool topic_passes(const char *filter, const char *topic);

/* One level of a topic. */
struct topic_level {
    const char *at; /* into the topic, not terminated */
    size_t len;
};

/* Splits a topic at its slashes (empty levels count). Fills at most max levels and returns how many
 * the topic has. */
size_t topic_split(const char *topic, struct topic_level *levels, size_t max);

#endif
