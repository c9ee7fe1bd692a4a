/* Filters and topics of any bytes: nothing reads past their ends, and a valid filter matches what
 * a plain walk over the levels says it matches. A newline parts the input: filter, topic. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/topic.h"

#define LEVELS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static char *copy_text(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1);
    require(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

static bool level_is(const struct topic_level *level, const char *text)
{
    return level->len == strlen(text) && memcmp(level->at, text, level->len) == 0;
}

/* The definition of MQTT 5, section 4.7, level by level. */
static bool matches_slowly(const struct topic_level *filter, size_t filter_count,
                           const struct topic_level *topic, size_t topic_count)
{
    bool wild = level_is(&filter[0], "+") || level_is(&filter[0], "#");
    if (wild && topic[0].len > 0 && topic[0].at[0] == '$')
        return false;
    for (size_t i = 0; i < filter_count; i++) {
        if (level_is(&filter[i], "#"))
            return true;
        if (i >= topic_count)
            return false;
        bool equal =
            filter[i].len == topic[i].len && memcmp(filter[i].at, topic[i].at, topic[i].len) == 0;
        if (!equal && !level_is(&filter[i], "+"))
            return false;
    }
    return filter_count == topic_count;
}

static void check_split(const char *topic, size_t count, const struct topic_level *levels)
{
    size_t len = count - 1; /* the slashes */
    for (size_t i = 0; i < count; i++) {
        require(levels[i].at >= topic && memchr(levels[i].at, '/', levels[i].len) == NULL);
        len += levels[i].len;
    }
    require(len == strlen(topic));
}

static void check_pair(const char *filter, const char *topic)
{
    struct topic_level filter_levels[LEVELS], topic_levels[LEVELS];
    char error[80] = "";
    bool valid = topic_filter_valid(filter, error, sizeof error);
    bool matches = topic_matches(filter, topic);
    size_t filter_count = topic_split(filter, filter_levels, LEVELS);
    size_t topic_count = topic_split(topic, topic_levels, LEVELS);

    require(valid == (error[0] == '\0'));
    if (filter_count > LEVELS || topic_count > LEVELS)
        return;
    check_split(topic, topic_count, topic_levels);
    if (valid && !level_is(&filter_levels[0], "$share"))
        require(matches == matches_slowly(filter_levels, filter_count, topic_levels, topic_count));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t filter_size = newline ? (size_t)(newline - data) : size;
    char *filter = copy_text(data, filter_size);
    char *topic = newline ? copy_text(newline + 1, size - filter_size - 1) : copy_text(NULL, 0);
    check_pair(filter, topic);
    check_pair(topic, filter);
    free(filter);
    free(topic);
    return 0;
}
