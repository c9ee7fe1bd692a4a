#include "core/discovery.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define SUBJECT "value_json" /* what templates call the payload */

/* Reads one step, ".name", "['name']" or "[0]", and moves *at behind it. */
static bool read_step(const char **at, const char **step, size_t *len)
{
    const char *text = *at;
    if (*text == '.') {
        *step = text + 1;
        *len = 0;
        while (isalnum((unsigned char)(*step)[*len]) || (*step)[*len] == '_')
            (*len)++;
        *at = *step + *len;
        return *len > 0;
    }
    const char *close = strchr(text, ']');
    if (!close)
        return false;
    *step = text + 1;
    *len = (size_t)(close - *step);
    *at = close + 1;
    bool quoted = *len >= 2 && strchr("'\"", **step) && close[-1] == **step;
    if (quoted) {
        (*step)++;
        *len -= 2;
    }
    return *len > 0 && (quoted || isdigit((unsigned char)**step));
}

bool discovery_path(const char *template, char *out, size_t size)
{
    const char *at = strstr(template, SUBJECT);
    size_t used = 0;
    if (size == 0)
        return false;
    out[0] = '\0';
    if (!at)
        return true;
    at += strlen(SUBJECT);
    while (*at == '.' || *at == '[') {
        const char *step;
        size_t len;
        if (!read_step(&at, &step, &len) || used + len + 2 > size)
            return false;
        if (used > 0)
            out[used++] = '.';
        memcpy(out + used, step, len);
        used += len;
        out[used] = '\0';
    }
    return *at != '(';
}

bool discovery_topic(const char *topic, const char *base, char *out, size_t size)
{
    size_t len = strlen(topic);
    const char *front = "", *back = "";
    if (!base)
        base = "";
    if (len > 0 && topic[0] == '~') {
        front = base;
        topic++;
        len--;
    } else if (len > 0 && topic[len - 1] == '~') {
        back = base;
        len--;
    }
    int needed = snprintf(out, size, "%s%.*s%s", front, (int)len, topic, back);
    return needed > 0 && (size_t)needed < size;
}
