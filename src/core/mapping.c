#include "core/mapping.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "core/text.h"
#include "core/topic.h"
#include "core/words.h"
#include "core/xalloc.h"

#define LONGEST_VALUE 1024
#define UNIT_COLUMNS 16

/* ---- a line's words: parted by blanks, "in quotes" where they hold some ---- */

struct reader {
    const char *at;
    char word[LONGEST_VALUE];
    bool bad; /* a quote without its end, or a word too long */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool next_word(struct reader *reader)
{
    size_t len = 0;
    bool quoted = false, any = false;
    while (is_blank(*reader->at))
        reader->at++;
    for (; *reader->at && (quoted || !is_blank(*reader->at)); reader->at++) {
        any = true;
        if (*reader->at == '"')
            quoted = !quoted;
        else if (len + 1 < sizeof reader->word)
            reader->word[len++] = *reader->at;
        else
            reader->bad = true;
    }
    reader->word[len] = '\0';
    reader->bad = reader->bad || quoted;
    return any;
}

static bool read_number(const char *text, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && errno == 0 && isfinite(*out);
}

static void replace(char **field, const char *text)
{
    free(*field);
    *field = xstrdup(text);
}

/* Names and units go out as they stand here. */
static void replace_safely(char **field, const char *text, unsigned columns)
{
    char safe[TEXT_NAME_BYTES];
    text_sanitise(safe, sizeof safe, text, strlen(text), columns);
    replace(field, safe);
}

static void append(char ***list, size_t *count, const char *text)
{
    *list = xrealloc(*list, (*count + 1) * sizeof **list);
    (*list)[(*count)++] = xstrdup(text);
}

/* ---- keys ---- */

struct target {
    struct mapping *mapping;
    char *error;
    size_t size;
};

static bool fail(const struct target *target, const char *what, const char *word)
{
    snprintf(target->error, target->size, "%s, not '%.80s'", what, word);
    return false;
}

static bool unknown(const struct target *target, const char *what, const char *word,
                    const char *const *known)
{
    struct nearest nearest = {.word = word};
    for (; *known; known++)
        nearest_try(&nearest, *known);
    snprintf(target->error, target->size, "unknown %s '%.80s'", what, word);
    nearest_say(&nearest, target->error, target->size);
    return false;
}

static bool set_topic(const struct target *target, struct reader *reader)
{
    char why[160];
    struct mapping *mapping = target->mapping;
    if (!topic_filter_valid(reader->at, why, sizeof why)) {
        snprintf(target->error, target->size, "topic '%.80s': %s", reader->at, why);
        return false;
    }
    append(&mapping->topics, &mapping->topic_count, reader->at);
    return true;
}

static bool set_sensor(const struct target *target, struct reader *reader)
{
    struct mapping *mapping = target->mapping;
    while (next_word(reader)) {
        struct mapping_part part = {0};
        if (reader->word[0] == '$') {
            char *end;
            long level = strtol(reader->word + 1, &end, 10);
            if (*end || end == reader->word + 1 || level == 0 || labs(level) > 1000)
                return fail(target, "a topic level is $1, $2, ... or $-1 for the last",
                            reader->word);
            part.level = (int)level;
        } else {
            part.path = xstrdup(reader->word);
        }
        mapping->sensor =
            xrealloc(mapping->sensor, (mapping->part_count + 1) * sizeof *mapping->sensor);
        mapping->sensor[mapping->part_count++] = part;
    }
    return mapping->part_count > 0 ||
           fail(target, "sensor needs topic levels ($2) or paths", reader->word);
}

static bool is_wild(const char *path)
{
    for (const char *at = strchr(path, '*'); at; at = strchr(at + 1, '*'))
        if ((at == path || at[-1] == '.') && (at[1] == '\0' || at[1] == '.'))
            return true;
    return false;
}

static bool set_series_field(const struct target *target, struct mapping_series *series, char *word)
{
    static const char *const known[] = {"name", "unit", "scale", "offset", NULL};
    char *value = strchr(word, '=');
    if (!value)
        return fail(target, "behind a path come name=, unit=, scale= and offset=", word);
    *value++ = '\0';
    if (strcmp(word, "name") == 0)
        replace_safely(&series->name, value, TEXT_NAME_COLUMNS);
    else if (strcmp(word, "unit") == 0)
        replace_safely(&series->unit, value, UNIT_COLUMNS);
    else if (strcmp(word, "scale") == 0)
        return (read_number(value, &series->scale) && series->scale != 0) ||
               fail(target, "scale is a number other than 0", value);
    else if (strcmp(word, "offset") == 0)
        return read_number(value, &series->offset) || fail(target, "offset is a number", value);
    else
        return unknown(target, "word", word, known);
    return true;
}

static bool set_series(const struct target *target, struct reader *reader)
{
    struct mapping *mapping = target->mapping;
    if (!next_word(reader))
        return fail(target, "series needs a path", "");
    if (mapping->series_count == MAPPING_SERIES)
        return fail(target, "a mapping lists 64 series at most", reader->word);
    if (!mapping->series)
        mapping->series = xcalloc(MAPPING_SERIES, sizeof *mapping->series);
    struct mapping_series *series = &mapping->series[mapping->series_count++];
    *series = (struct mapping_series){
        .path = xstrdup(reader->word), .scale = 1, .wild = is_wild(reader->word)};
    while (next_word(reader))
        if (!set_series_field(target, series, reader->word))
            return false;
    return true;
}

static bool set_time(const struct target *target, struct reader *reader)
{
    if (!next_word(reader))
        return fail(target, "time needs a path, or - for the arrival", "");
    replace(&target->mapping->time, reader->word);
    return !next_word(reader) || fail(target, "time is one path", reader->word);
}

/* "up,1" to "up|1", as words_in() has it. */
static void take_words(char **field, char *words)
{
    for (char *at = words; *at; at++)
        if (*at == ',')
            *at = '|';
    replace(field, words);
}

static bool set_presence(const struct target *target, struct reader *reader)
{
    static const char *const known[] = {"on", "off", NULL};
    struct mapping *mapping = target->mapping;
    if (!next_word(reader))
        return fail(target, "presence needs a path, on= and off=", "");
    replace(&mapping->presence, reader->word);
    while (next_word(reader)) {
        char *words = strchr(reader->word, '=');
        if (!words)
            return fail(target, "behind a path come on=WORD,WORD and off=WORD,WORD", reader->word);
        *words++ = '\0';
        if (strcmp(reader->word, "on") == 0)
            take_words(&mapping->on, words);
        else if (strcmp(reader->word, "off") == 0)
            take_words(&mapping->off, words);
        else
            return unknown(target, "word", reader->word, known);
    }
    return mapping->on || mapping->off ||
           fail(target, "presence needs on= or off= words", mapping->presence);
}

static bool set_ignore(const struct target *target, struct reader *reader)
{
    struct mapping *mapping = target->mapping;
    while (next_word(reader))
        append(&mapping->ignored, &mapping->ignored_count, reader->word);
    return mapping->ignored_count > 0 || fail(target, "ignore needs paths", "");
}

static bool set_split(const struct target *target, struct reader *reader)
{
    static const char *const known[] = {"", "csv", "form", "line", "semicolon", NULL};
    for (int i = SPLIT_CSV; known[i]; i++) {
        if (strcmp(reader->at, known[i]) == 0) {
            target->mapping->split = (enum mapping_split)i;
            return true;
        }
    }
    return fail(target, "split is csv, form, line or semicolon", reader->at);
}

bool mapping_set(struct mapping *mapping, const char *key, const char *value, char *error,
                 size_t size)
{
    static const char *const keys[] = {"topic",    "sensor", "series", "time",
                                       "presence", "ignore", "split",  NULL};
    static bool (*const set[])(const struct target *, struct reader *) = {
        set_topic, set_sensor, set_series, set_time, set_presence, set_ignore, set_split};
    struct target target = {mapping, error, size};
    struct reader reader = {.at = value};
    for (size_t i = 0; keys[i]; i++) {
        if (strcmp(key, keys[i]) != 0)
            continue;
        if (!set[i](&target, &reader))
            return false;
        return !reader.bad || fail(&target, "a quote has no end, or a word is too long", value);
    }
    return unknown(&target, "key", key, keys);
}

bool mapping_complete(const struct mapping *mapping, char *error, size_t size)
{
    if (mapping->topic_count == 0)
        snprintf(error, size, "[mapping %.80s] needs a topic", mapping->name);
    return mapping->topic_count > 0;
}

/* ---- the list ---- */

static void free_list(char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

static void mapping_free(struct mapping *mapping)
{
    for (size_t i = 0; i < mapping->part_count; i++)
        free(mapping->sensor[i].path);
    for (size_t i = 0; i < mapping->series_count; i++) {
        free(mapping->series[i].path);
        free(mapping->series[i].name);
        free(mapping->series[i].unit);
    }
    free_list(mapping->topics, mapping->topic_count);
    free_list(mapping->ignored, mapping->ignored_count);
    free(mapping->sensor);
    free(mapping->series);
    free(mapping->name);
    free(mapping->time);
    free(mapping->presence);
    free(mapping->on);
    free(mapping->off);
    free(mapping);
}

void mappings_fini(struct mappings *mappings)
{
    for (size_t i = 0; i < mappings->count; i++)
        mapping_free(mappings->list[i]);
    free(mappings->list);
    *mappings = (struct mappings){.list = NULL};
}

struct mapping *mappings_get(struct mappings *mappings, const char *name)
{
    for (size_t i = 0; i < mappings->count; i++)
        if (strcmp(mappings->list[i]->name, name) == 0)
            return mappings->list[i];
    struct mapping *mapping = xcalloc(1, sizeof *mapping);
    mapping->name = xstrdup(name);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers, which stay where they point
     */
    mappings->list = xrealloc(mappings->list, (mappings->count + 1) * sizeof *mappings->list);
    mappings->list[mappings->count++] = mapping;
    return mapping;
}

const struct mapping *mappings_find(const struct mappings *mappings, const char *topic)
{
    for (size_t i = 0; i < mappings->count; i++)
        for (size_t j = 0; j < mappings->list[i]->topic_count; j++)
            if (topic_matches(mappings->list[i]->topics[j], topic))
                return mappings->list[i];
    return NULL;
}

/* ---- places ---- */

bool mapping_covers(const char *pattern, const char *path)
{
    for (;;) {
        size_t part = strcspn(pattern, ".");
        if (part == 1 && *pattern == '*') {
            path += strcspn(path, ".");
        } else {
            if (strncmp(pattern, path, part) != 0)
                return false;
            path += part;
        }
        pattern += part;
        if (*pattern == '\0')
            return *path == '\0' || *path == '.';
        if (*path != '.')
            return false;
        pattern++;
        path++;
    }
}

/* As mapping_covers(), but nothing may be left of the path. */
static bool matches(const struct mapping_series *series, const char *path)
{
    if (!series->wild)
        return strcmp(series->path, path) == 0;
    size_t dots = 0, path_dots = 0;
    for (const char *at = series->path; *at; at++)
        dots += *at == '.';
    for (const char *at = path; *at; at++)
        path_dots += *at == '.';
    return dots == path_dots && mapping_covers(series->path, path);
}

const struct mapping_series *mapping_at(const struct mapping *mapping, const char *path)
{
    const struct mapping_series *wild = NULL;
    for (size_t i = 0; i < mapping->series_count; i++) {
        const struct mapping_series *series = &mapping->series[i];
        if (!matches(series, path))
            continue;
        if (!series->wild)
            return series;
        if (!wild)
            wild = series;
    }
    return wild;
}

bool mapping_ignores(const struct mapping *mapping, const char *path)
{
    for (size_t i = 0; i < mapping->ignored_count; i++)
        if (mapping_covers(mapping->ignored[i], path))
            return true;
    return false;
}

enum status mapping_word(const struct mapping *mapping, const char *word, size_t len)
{
    if (mapping->on && words_in(mapping->on, word, len))
        return STATUS_ONLINE;
    if (mapping->off && words_in(mapping->off, word, len))
        return STATUS_OFFLINE;
    return STATUS_UNKNOWN;
}
