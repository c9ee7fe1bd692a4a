/* What a person says about messages that general rules cannot know: whose they are, what is in
 * them. Parsed once, key by key, from wherever the words come (config.c reads them from INI files);
 * applied by the decoder before its rules. Read-only once it is filled: then any thread. */
#ifndef DT_CORE_MAPPING_H
#define DT_CORE_MAPPING_H

#include "core/batch.h"

#include <stdbool.h>
#include <stddef.h>

#define MAPPING_SERIES 64 /* series that one mapping may list */

enum mapping_split { SPLIT_NONE, SPLIT_CSV, SPLIT_FORM, SPLIT_LINE, SPLIT_SEMICOLON };

/* A part of a sensor's name: a level of the topic, or what stands at a place in the payload. */
struct mapping_part {
    int level;  /* from 1; negative: from the end; 0: see path */
    char *path; /* joined with '.', owned; NULL for a level */
};

struct mapping_series {
    char *path;           /* in the payload, joined with '.'; a level of it may be "*", for any */
    char *name;           /* NULL: as the rules say */
    char *unit;           /* NULL: as the rules say */
    double scale, offset; /* value × scale + offset */
    bool wild;
};

struct mapping {
    char *name; /* of its section */
    char **topics;
    size_t topic_count;
    struct mapping_part *sensor;
    size_t part_count;
    struct mapping_series *series;
    size_t series_count;
    char **ignored;
    size_t ignored_count;
    char *time;     /* path; NULL: as the rules say; "-": the arrival */
    char *presence; /* path; NULL: as the rules say */
    char *on, *off; /* words, "up|1" */
    enum mapping_split split;
};

/* A zeroed struct holds none. */
struct mappings {
    struct mapping **list;
    size_t count;
};

void mappings_fini(struct mappings *mappings);

/* The mapping of this name, a new one at the end of the list if there is none. */
struct mapping *mappings_get(struct mappings *mappings, const char *name);

/* One line of a mapping: topic, sensor, series, time, presence, ignore, split. topic, series and
 * ignore may come several times. false: error says what is wrong with it, and which key is near to
 * an unknown one. */
bool mapping_set(struct mapping *mapping, const char *key, const char *value, char *error,
                 size_t size);

/* Can it be applied? false: error says what is missing. */
bool mapping_complete(const struct mapping *mapping, char *error, size_t size);

/* The first whose topic filters match; NULL if none does. */
const struct mapping *mappings_find(const struct mappings *mappings, const char *topic);

/* Does a place, or one that it is inside of, look like this pattern? */
bool mapping_covers(const char *pattern, const char *path);

/* What is said of a place: a series listed literally before one listed with "*". NULL if nothing.
 */
const struct mapping_series *mapping_at(const struct mapping *mapping, const char *path);

bool mapping_ignores(const struct mapping *mapping, const char *path);

/* Presence in a word, by the mapping's own lists. */
enum status mapping_word(const struct mapping *mapping, const char *word, size_t len);

#endif
