#include "core/topic.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

#define FILTER_BYTES 65535
#define SHARE "$share/" /* MQTT 5, section 4.8.2: $share/group/filter */

/* Controls and non-characters, which brokers are free to refuse and mosquitto does. */
static bool refused_code(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0xFDD0 && code <= 0xFDEF) ||
           (code & 0xFFFE) == 0xFFFE;
}

static const char *fault_of_bytes(const char *filter, size_t len)
{
    if (len == 0)
        return "it is empty ('#' asks for every topic)";
    if (len > FILTER_BYTES)
        return "it is longer than 65,535 bytes";
    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t size = text_decode(filter + at, len - at, &code);
        if (size == 0)
            return "it is not valid UTF-8";
        if (refused_code(code))
            return "it holds a control character";
        at += size;
    }
    return NULL;
}

/* The filter proper behind a shared subscription's prefix; NULL if that prefix is not complete. */
static const char *behind_share(const char *filter)
{
    if (strncmp(filter, SHARE, sizeof SHARE - 1) != 0)
        return filter;
    const char *group = filter + sizeof SHARE - 1;
    size_t len = strcspn(group, "/+#");
    return len > 0 && group[len] == '/' && group[len + 1] != '\0' ? group + len + 1 : NULL;
}

static const char *fault_of_levels(const char *filter)
{
    for (;;) {
        size_t len = strcspn(filter, "/");
        const char *wild = memchr(filter, '#', len);
        if (wild && (len > 1 || filter[len] != '\0'))
            return "'#' must be the whole last level, as in plant/#";
        if (len > 1 && memchr(filter, '+', len))
            return "'+' must be a whole level, as in plant/+/temp";
        if (filter[len] == '\0')
            return NULL;
        filter += len + 1;
    }
}

bool topic_filter_valid(const char *filter, char *error, size_t size)
{
    const char *fault = fault_of_bytes(filter, strlen(filter));
    if (!fault) {
        filter = behind_share(filter);
        fault = filter ? fault_of_levels(filter)
                       : "a shared subscription is written $share/group/filter";
    }
    if (fault && size > 0)
        snprintf(error, size, "%s", fault);
    return !fault;
}

bool topic_matches(const char *filter, const char *topic)
{
    const char *proper = behind_share(filter);
    char first = proper ? *proper : *filter;
    return !(*topic == '$' && (first == '+' || first == '#')) && topic_passes(filter, topic);
}

bool topic_passes(const char *filter, const char *topic)
{
    const char *proper = behind_share(filter);
    filter = proper ? proper : filter;
    for (;;) {
        if (*filter == '#')
            return true;
        if (*filter == '+') {
            filter++;
            topic += strcspn(topic, "/");
        } else {
            while (*filter == *topic && *filter != '\0' && *filter != '/') {
                filter++;
                topic++;
            }
        }
        /* Both stand at the end of a level now, or the levels differ. */
        if (*topic == '\0')
            return *filter == '\0' || strcmp(filter, "/#") == 0;
        if (*topic != '/' || *filter != '/')
            return false;
        filter++;
        topic++;
    }
}

size_t topic_split(const char *topic, struct topic_level *levels, size_t max)
{
    for (size_t count = 0;; count++) {
        size_t len = strcspn(topic, "/");
        if (count < max)
            levels[count] = (struct topic_level){.at = topic, .len = len};
        if (topic[len] == '\0')
            return count + 1;
        topic += len + 1;
    }
}
