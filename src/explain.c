#include "explain.h"

#include "app.h"
#include "core/payload.h"
#include "core/text.h"
#include "core/xalloc.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_WHY 512

static void print_safe(const char *text)
{
    char safe[LONGEST_WHY];
    text_sanitise(safe, sizeof safe, text, strlen(text), UINT_MAX);
    fputs(safe, stdout);
}

/* One decision a line, in the order in which they fell. */
static void print_decision(void *context, const char *part, const char *place, const char *why)
{
    (void)context;
    printf("  %-9s ", part);
    if (*place) {
        print_safe(place);
        fputs(": ", stdout);
    }
    print_safe(why);
    putchar('\n');
}

static void print_time(const struct item *item, const struct message *message)
{
    char time[TIMESTAMP_TEXT];
    timestamp_format(item->time, time);
    printf("  time      %s%s\n", item->time == message->arrival ? "arrival, " : "", time);
}

static const char *or_dash(const char *text)
{
    return text && *text ? text : "-";
}

static void print_item(const struct item *item)
{
    switch (item->type) {
    case ITEM_READING:
        printf("  reading   %s | %s = %.15g %s%s (path %s)\n", item->sensor, item->series,
               item->value, item->unit, item->binary_state ? " state" : "",
               *item->path ? item->path : "\"\"");
        break;
    case ITEM_PRESENCE:
        printf("  presence  %s is %s\n", item->sensor,
               item->status == STATUS_ONLINE ? "online" : "offline");
        break;
    case ITEM_FACT:
        printf("  fact      %s | %s = %s\n", item->sensor, item->series, item->text);
        break;
    case ITEM_TEXT:
        printf("  text      %s | %s\n", item->sensor, item->text);
        break;
    case ITEM_COMMAND:
        printf("  command   to %s: %s\n", or_dash(item->sensor), item->text);
        break;
    case ITEM_GONE:
        printf("  gone      %s\n", or_dash(item->sensor));
        break;
    case ITEM_MALFORMED:
        printf("  malformed %s\n", item->text);
        break;
    }
}

static char *read_all(FILE *file, size_t *bytes)
{
    size_t room = PAYLOAD_MAX_BYTES + 2;
    char *all = xmalloc(room);
    *bytes = fread(all, 1, room - 1, file);
    all[*bytes] = '\0';
    return all;
}

int explain(const struct options *options)
{
    struct trace trace = {.tell = print_decision};
    struct batch batch = {0};
    size_t bytes = strlen(options->explain_payload);
    char *payload = strcmp(options->explain_payload, "-") == 0 ? read_all(stdin, &bytes)
                                                               : xstrdup(options->explain_payload);
    struct message message = {.topic = options->explain_topic,
                              .payload = payload,
                              .bytes = bytes,
                              .arrival = app_clock()};
    struct decoder *decoder = decoder_new(&options->mappings);
    decoder_trace(decoder, &trace);
    puts("decided, in this order:");
    decoder_decode(decoder, &message, &batch);
    puts("gives:");
    for (size_t i = 0; i < batch.item_count; i++)
        print_item(&batch.items[i]);
    if (batch.item_count == 0)
        puts("  nothing");
    for (size_t i = 0; i < batch.item_count; i++) {
        if (batch.items[i].type == ITEM_READING) {
            print_time(&batch.items[i], &message);
            break;
        }
    }
    decoder_free(decoder);
    batch_fini(&batch);
    free(payload);
    return EXIT_DONE;
}
