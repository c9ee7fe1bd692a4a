/* Any lines of a mapping, then a message that it is applied to. The lines are "key value"; an empty
 * one ends them, then comes the topic, then the payload. */
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/payload.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void ignore(void *context, const char *part, const char *place, const char *why)
{
    (void)context;
    require(part && place && why);
}

/* The next line, ended in place; NULL at the end. */
static char *next_line(char **rest)
{
    char *line = *rest;
    if (!line)
        return NULL;
    char *end = strchr(line, '\n');
    if (end)
        *end = '\0';
    *rest = end ? end + 1 : NULL;
    return line;
}

static void fill(struct mapping *mapping, char **rest)
{
    char error[300], *line;
    while ((line = next_line(rest)) && *line) {
        char *value = strchr(line, ' ');
        if (value)
            *value++ = '\0';
        error[0] = '\0';
        bool good = mapping_set(mapping, line, value ? value : "", error, sizeof error);
        require(good || error[0] != '\0');
    }
}

static void check(const struct batch *batch)
{
    for (size_t i = 0; i < batch->item_count; i++) {
        const struct item *item = &batch->items[i];
        require(!item->sensor || text_is_utf8(item->sensor, strlen(item->sensor)));
        require(!item->series || text_is_utf8(item->series, strlen(item->series)));
        require(!item->unit || text_is_utf8(item->unit, strlen(item->unit)));
        require(item->type != ITEM_READING || (item->sensor && isfinite(item->value)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    char *text = malloc(size + 1), *rest = text;
    require(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    struct mappings mappings = {0};
    struct batch batch = {0};
    struct trace trace = {.tell = ignore};
    char error[300];
    fill(mappings_get(&mappings, "fuzz"), &rest);
    if (!mapping_complete(mappings.list[0], error, sizeof error))
        require(mapping_set(mappings.list[0], "topic", "#", error, sizeof error));
    const char *topic = next_line(&rest);
    struct message message = {.topic = topic ? topic : "a",
                              .payload = rest ? rest : "",
                              .bytes = rest ? size - (size_t)(rest - text) : 0,
                              .arrival = INT64_C(1767323045) * TIMESTAMP_SECOND};
    struct decoder *decoder = decoder_new(&mappings);
    decoder_trace(decoder, &trace);
    decoder_decode(decoder, &message, &batch);
    check(&batch);
    decoder_free(decoder);
    batch_fini(&batch);
    mappings_fini(&mappings);
    free(text);
    return 0;
}
