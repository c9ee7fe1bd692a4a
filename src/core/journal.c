#include "core/journal.h"

#include <stdlib.h>

#include "core/xalloc.h"

void journal_init(struct journal *journal)
{
    *journal = (struct journal){.next_id = 1};
    journal->events = xcalloc(JOURNAL_EVENTS, sizeof *journal->events);
}

void journal_fini(struct journal *journal)
{
    free(journal->events);
    *journal = (struct journal){0};
}

/* An event's id decides its place in the ring. */
static struct event *place(const struct journal *journal, uint64_t id)
{
    return &journal->events[id % JOURNAL_EVENTS];
}

struct event *journal_add(struct journal *journal, timestamp time, enum event_type type)
{
    struct event *event = place(journal, journal->next_id);
    *event = (struct event){.id = journal->next_id++,
                            .time = time,
                            .type = type,
                            .series = JOURNAL_NONE,
                            .twin = JOURNAL_NONE};
    if (journal->count < JOURNAL_EVENTS)
        journal->count++;
    return event;
}

const struct event *journal_newest(const struct journal *journal, size_t i)
{
    return place(journal, journal->next_id - 1 - i);
}

struct event *journal_find(const struct journal *journal, uint64_t id)
{
    if (id == 0 || id >= journal->next_id || journal->next_id - id > journal->count)
        return NULL;
    return place(journal, id);
}
