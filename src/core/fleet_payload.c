#include "core/fleet_state.h"

#include <string.h>

#define STEP 64 /* bytes by which the room grows */
#define OTHERS_MOST 4096
#define OTHERS_BYTES ((size_t)4 << 20)

/* Room that is not to be had leaves the payload out, and nothing else. */
static bool make_room(struct registry *registry, struct topic *topic, size_t wanted)
{
    if (wanted <= topic->payload_room)
        return true;
    if (registry_full(registry))
        return false;
    size_t room = (wanted + STEP - 1) / STEP * STEP;
    registry->memory += room - topic->payload_room;
    slab_give(&registry->slab, topic->payload, topic->payload_room); /* it is not needed */
    topic->payload = slab_take(&registry->slab, room);
    topic->payload_room = (uint16_t)room;
    return true;
}

/* Does it say something of other messages, or of when a device came? Those are few. */
static bool is_context(const struct intake *in, const struct item *items)
{
    for (size_t i = 0; i < in->message->count && items[i].type != ITEM_READING; i++)
        if (items[i].type == ITEM_PRESENCE)
            return true;
    return in->readings == 0;
}

void fleet_keep_payload(struct intake *in, const struct item *items)
{
    struct topic *topic = in->topic;
    const struct decoded *message = in->message;
    if (!topic)
        return;
    topic->context = is_context(in, items);
    topic->arrival = message->arrival;
    topic->payload_bytes = message->bytes;
    topic->payload_len = 0;
    if (message->kept > 0 && make_room(&in->fleet->registry, topic, message->kept)) {
        memcpy(topic->payload, message->payload, message->kept);
        topic->payload_len = (uint16_t)message->kept;
    }
}

static struct message copy_message(struct arena *arena, const struct topic *topic)
{
    return (struct message){
        .topic = arena_text(arena, topic->literal, strlen(topic->literal)),
        .payload =
            arena_text(arena, topic->payload_len > 0 ? topic->payload : "", topic->payload_len),
        .bytes = topic->payload_bytes,
        .arrival = topic->arrival,
    };
}

size_t fleet_last_messages(const struct fleet *fleet, const struct series *series,
                           struct arena *arena, struct message **out, size_t *kept)
{
    const struct registry *registry = &fleet->registry;
    const struct topic *own = registry_find_topic(registry, series->topic);
    size_t count = 0, bytes = 0;
    struct message *list = arena_alloc(arena, (OTHERS_MOST + 1) * sizeof *list);
    *out = list;
    *kept = own ? own->payload_len : 0;
    if (!own)
        return 0;
    for (uint32_t i = 0; i < registry->topic_count && count < OTHERS_MOST; i++) {
        const struct topic *topic = registry->topics[i];
        if (topic == own || !topic->context || topic->payload_len < topic->payload_bytes)
            continue;
        bytes += topic->payload_len;
        if (bytes > OTHERS_BYTES)
            break;
        list[count++] = copy_message(arena, topic);
    }
    list[count++] = copy_message(arena, own);
    return count;
}
