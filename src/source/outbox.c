#include "source/outbox.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

void outbox_init(struct outbox *outbox)
{
    memset(outbox, 0, sizeof(*outbox));
    pthread_mutex_init(&outbox->mutex, NULL);
}

static void free_all(struct outgoing *first)
{
    while (first) {
        struct outgoing *next = first->next;
        free(first);
        first = next;
    }
}

void outbox_fini(struct outbox *outbox)
{
    free_all(outbox->first);
    pthread_mutex_destroy(&outbox->mutex);
}

static struct outgoing *outgoing_new(const char *topic, const void *payload, size_t bytes, int qos,
                                     bool retain)
{
    size_t len = strlen(topic) + 1;
    struct outgoing *message = xmalloc(sizeof(*message) + len + bytes);
    char *room = (char *)(message + 1);

    memcpy(room, topic, len);
    if (bytes > 0)
        memcpy(room + len, payload, bytes);
    *message = (struct outgoing){
        .bytes = bytes, .qos = qos, .retain = retain, .topic = room, .payload = room + len};
    return message;
}

bool outbox_put(struct outbox *outbox, const char *topic, const void *payload, size_t bytes,
                int qos, bool retain)
{
    struct outgoing *message =
        bytes <= INT_MAX ? outgoing_new(topic, payload, bytes, qos, retain) : NULL;

    pthread_mutex_lock(&outbox->mutex);
    bool taken = message && outbox->open && outbox->outstanding < OUTBOX_MAX;
    if (taken) {
        if (outbox->last)
            outbox->last->next = message;
        else
            outbox->first = message;
        outbox->last = message;
        outbox->outstanding++;
    } else {
        outbox->lost++;
    }
    pthread_mutex_unlock(&outbox->mutex);
    if (!taken)
        free(message);
    return taken;
}

struct outgoing *outbox_take(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->mutex);
    struct outgoing *first = outbox->first;
    outbox->first = outbox->last = NULL;
    pthread_mutex_unlock(&outbox->mutex);
    return first;
}

void outbox_gone(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->mutex);
    if (outbox->outstanding > 0)
        outbox->outstanding--;
    pthread_mutex_unlock(&outbox->mutex);
}

void outbox_open(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->mutex);
    outbox->open = true;
    pthread_mutex_unlock(&outbox->mutex);
}

unsigned outbox_close(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->mutex);
    struct outgoing *first = outbox->first;
    unsigned lost = outbox->outstanding;
    outbox->first = outbox->last = NULL;
    outbox->outstanding = 0;
    outbox->lost += lost;
    outbox->open = false;
    pthread_mutex_unlock(&outbox->mutex);
    free_all(first);
    return lost;
}

uint64_t outbox_lost(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->mutex);
    uint64_t lost = outbox->lost;
    pthread_mutex_unlock(&outbox->mutex);
    return lost;
}
