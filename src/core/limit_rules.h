/* Which series have which limits, as the configuration says it: sections [limits PATTERN], key by
 * key. Filled once, then read-only: then any thread. */
#ifndef DT_CORE_LIMIT_RULES_H
#define DT_CORE_LIMIT_RULES_H

#include "core/limits.h"

/* What one section says, and what all matching ones come to. */
struct limit_settings {
    struct limits limits;
    double threshold; /* of the detectors that have one, in place of --threshold; NAN: that */
    bool mute;        /* recorded and counted, but nobody is alarmed */
    unsigned set;     /* bits of the keys that were given */
};

struct limit_rule {
    char *name;      /* of its section: the pattern, unless there are others */
    char **patterns; /* of its `series` lines */
    size_t pattern_count;
    struct limit_settings settings;
};

/* A zeroed struct holds none. */
struct limit_rules {
    struct limit_rule **list;
    size_t count;
};

void limit_rules_fini(struct limit_rules *rules);

/* The rule of this name, a new one at the end of the list if there is none. */
struct limit_rule *limit_rules_get(struct limit_rules *rules, const char *name);

/* One line of a section: series, min, max, rate, threshold, mute. An empty value takes a limit of
 * an earlier section back. false: error says what is wrong, and which key is near to an unknown
 * one. */
bool limit_rule_set(struct limit_rule *rule, const char *key, const char *value, char *error,
                    size_t size);

/* Can it be applied? false: error says why not. */
bool limit_rule_complete(const struct limit_rule *rule, char *error, size_t size);

/* What all rules together say of a series: a later one wins, key by key. false: nothing. */
bool limit_rules_find(const struct limit_rules *rules, const char *topic, const char *twin,
                      const char *series, struct limit_settings *out);

/* Does a pattern cover a name made of levels parted by '/'? "+" is any one level, "#" at the end
 * any number of them, "*" any characters within a level. */
bool limit_pattern_covers(const char *pattern, const char *name);

#endif
