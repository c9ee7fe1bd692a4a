#include "core/batch.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/text.h"
#include "core/xalloc.h"

#define FIRST_ROOM 64

void batch_reset(struct batch *batch)
{
    batch->message_count = 0;
    batch->item_count = 0;
    arena_reset(&batch->arena);
}

void batch_fini(struct batch *batch)
{
    free(batch->messages);
    free(batch->items);
    arena_fini(&batch->arena);
    *batch = (struct batch){0};
}

struct decoded *batch_open(struct batch *batch, const struct message *message)
{
    if (batch->message_count == batch->message_room) {
        batch->message_room = batch->message_room > 0 ? batch->message_room * 2 : FIRST_ROOM;
        batch->messages = xrealloc(batch->messages, batch->message_room * sizeof *batch->messages);
    }
    size_t len = strlen(message->topic);
    bool harmless = text_is_name(message->topic, len);
    const char *literal = arena_text(&batch->arena, message->topic, len);
    const char *topic = harmless ? literal : batch_name(batch, message->topic, len);
    size_t kept = !message->payload ? 0 : message->bytes < BATCH_KEPT ? message->bytes : BATCH_KEPT;
    struct decoded *decoded = &batch->messages[batch->message_count++];
    *decoded = (struct decoded){
        .topic = topic,
        .literal = literal,
        .hash = harmless ? hash_bytes(topic, len, 0) : hash_text(topic, 0),
        .bytes = message->bytes,
        .qos = message->qos,
        .retain = message->retain,
        .session = message->session,
        .arrival = message->arrival,
        .first = batch->item_count,
        .payload = kept > 0 ? arena_text(&batch->arena, message->payload, kept) : NULL,
        .kept = kept,
    };
    return decoded;
}

struct item *batch_add(struct batch *batch, enum item_type type)
{
    if (batch->item_count == batch->item_room) {
        batch->item_room = batch->item_room > 0 ? batch->item_room * 2 : FIRST_ROOM;
        batch->items = xrealloc(batch->items, batch->item_room * sizeof *batch->items);
    }
    struct item *item = &batch->items[batch->item_count++];
    *item = (struct item){.type = type};
    batch->messages[batch->message_count - 1].count++;
    return item;
}

const char *batch_name(struct batch *batch, const char *in, size_t len)
{
    if (text_is_name(in, len))
        return arena_text(&batch->arena, in, len);
    char name[TEXT_NAME_BYTES];
    text_name(name, in, len);
    return arena_text(&batch->arena, name, strlen(name));
}

const char *batch_words(struct batch *batch, const char *in, size_t len, unsigned columns)
{
    if (len <= columns && text_is_plain(in, len))
        return arena_text(&batch->arena, in, len);
    char words[BATCH_WORDS_BYTES];
    text_sanitise(words, sizeof words, in, len, columns);
    return arena_text(&batch->arena, words, strlen(words));
}
