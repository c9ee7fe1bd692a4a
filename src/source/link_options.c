#include "source/link_options.h"

#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

#define LEAST_KEEPALIVE 5

static char **copy_list(char **list, int count)
{
    char **copy = xcalloc((size_t)count + 1, sizeof(*copy));

    for (int i = 0; i < count; i++)
        copy[i] = xstrdup(list[i]);
    return copy;
}

static void free_list(char **list)
{
    for (char **i = list; i && *i; i++)
        free(*i);
    free(list);
}

static char *copy_text(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

void link_options_copy(struct link_options *out, const struct link_options *in)
{
    *out = *in;
    out->host = xstrdup(in->host);
    out->topics = copy_list(in->topics, in->topic_count);
    out->filter_out = copy_list(in->filter_out, in->filter_out_count);
    out->username = copy_text(in->username);
    out->password = copy_text(in->password);
    out->id = copy_text(in->id);
    out->id_prefix = copy_text(in->id_prefix);
    out->will.topic = copy_text(in->will.topic);
    out->will.payload = copy_text(in->will.payload);
    tls_options_copy(&out->tls, &in->tls);
    out->show = NULL;
    if (out->keepalive < LEAST_KEEPALIVE)
        out->keepalive = LEAST_KEEPALIVE;
}

void link_options_fini(struct link_options *options)
{
    if (options->password)
        explicit_bzero(options->password, strlen(options->password));
    free(options->host);
    free_list(options->topics);
    free_list(options->filter_out);
    free(options->username);
    free(options->password);
    free(options->id);
    free(options->id_prefix);
    free(options->will.topic);
    free(options->will.payload);
    tls_options_fini(&options->tls);
}

char *link_options_filters(const struct link_options *options)
{
    size_t room = 1, len = 0;

    for (int i = 0; i < options->topic_count; i++)
        room += strlen(options->topics[i]) + 1;
    char *joined = xcalloc(room, 1);
    for (int i = 0; i < options->topic_count; i++) {
        size_t part = strlen(options->topics[i]);
        if (i > 0)
            joined[len++] = ' ';
        memcpy(joined + len, options->topics[i], part);
        len += part;
    }
    return joined;
}
