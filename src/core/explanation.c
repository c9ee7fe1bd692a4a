#include "core/explanation.h"

#include <string.h>

#include "core/payload.h"

/* One decision a line, in the order in which they fell. */
static void tell_decision(void *context, const char *part, const char *place, const char *why)
{
    listing_format(context, "  %-9s %s%s%s", part, place, *place ? ": " : "", why);
}

static void tell_time(struct listing *out, const struct item *item, const struct message *message)
{
    char time[TIMESTAMP_TEXT];
    timestamp_format(item->time, time);
    listing_format(out, "  time      %s%s", item->time == message->arrival ? "arrival, " : "",
                   time);
}

static const char *or_dash(const char *text)
{
    return text && *text ? text : "-";
}

static void tell_item(struct listing *out, const struct item *item)
{
    switch (item->type) {
    case ITEM_READING:
        listing_format(out, "  reading   %s | %s = %.15g %s%s (path %s)", item->sensor,
                       item->series, item->value, item->unit, item->binary_state ? " state" : "",
                       *item->path ? item->path : "\"\"");
        break;
    case ITEM_PRESENCE:
        listing_format(out, "  presence  %s is %s", item->sensor,
                       item->status == STATUS_ONLINE ? "online" : "offline");
        break;
    case ITEM_FACT:
        listing_format(out, "  fact      %s | %s = %s", item->sensor, item->series, item->text);
        break;
    case ITEM_TEXT:
        listing_format(out, "  text      %s | %s", item->sensor, item->text);
        break;
    case ITEM_COMMAND:
        listing_format(out, "  command   to %s: %s", or_dash(item->sensor), item->text);
        break;
    case ITEM_GONE:
        listing_format(out, "  gone      %s", or_dash(item->sensor));
        break;
    case ITEM_MALFORMED:
        listing_format(out, "  malformed %s", item->text);
        break;
    }
}

bool explanation_write(const struct mappings *mappings, const struct message *messages,
                       size_t count, struct listing *out)
{
    struct trace trace = {.tell = tell_decision, .context = out};
    const struct message *message = &messages[count - 1];
    struct batch batch = {0};
    struct decoder *decoder = decoder_new(mappings);
    for (size_t i = 0; i + 1 < count; i++) {
        decoder_decode(decoder, &messages[i], &batch);
        batch_reset(&batch);
    }
    decoder_trace(decoder, &trace);
    listing_format(out, "decided, in this order:");
    decoder_decode(decoder, message, &batch);
    listing_format(out, "gives:");
    for (size_t i = 0; i < batch.item_count; i++)
        tell_item(out, &batch.items[i]);
    if (batch.item_count == 0)
        listing_format(out, "  nothing");
    bool whole = true;
    for (size_t i = 0; i < batch.item_count; i++)
        whole &= batch.items[i].type != ITEM_MALFORMED;
    for (size_t i = 0; i < batch.item_count; i++) {
        if (batch.items[i].type == ITEM_READING) {
            tell_time(out, &batch.items[i], message);
            break;
        }
    }
    decoder_free(decoder);
    batch_fini(&batch);
    return whole;
}
