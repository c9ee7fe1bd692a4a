#include "core/journal.h"

#include <stdlib.h>
#include <string.h>

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

static int64_t hour_of(timestamp time)
{
    return time / (3600 * TIMESTAMP_SECOND);
}

static void count_hour(struct journal *journal, timestamp time, enum event_type type)
{
    int64_t hour = hour_of(time);
    if (hour < 0)
        return;
    if (type == EVENT_BOOKMARK && journal->hour - hour >= JOURNAL_HOURS)
        return; /* a moment of long ago was marked; the clock is right */
    if (hour - journal->hour >= JOURNAL_HOURS || journal->hour - hour >= JOURNAL_HOURS)
        memset(journal->hours, 0, sizeof journal->hours); /* the clock was set, or a long silence */
    else
        for (int64_t i = journal->hour + 1; i <= hour; i++)
            journal->hours[i % JOURNAL_HOURS] = 0;
    if (hour > journal->hour || journal->hour - hour >= JOURNAL_HOURS)
        journal->hour = hour;
    journal->hours[hour % JOURNAL_HOURS]++;
}

/* What was counted in an hour goes to the hour that it is now said to have been. */
static void turn_hours(struct journal *journal, int64_t by)
{
    uint32_t old[JOURNAL_HOURS];
    memcpy(old, journal->hours, sizeof old);
    memset(journal->hours, 0, sizeof journal->hours);
    for (int64_t i = 0; i < JOURNAL_HOURS; i++) {
        int64_t hour = journal->hour - i;
        if (hour >= by)
            journal->hours[(hour - by) % JOURNAL_HOURS] = old[hour % JOURNAL_HOURS];
    }
    journal->hour = journal->hour > by ? journal->hour - by : 0;
}

void journal_set_back(struct journal *journal, timestamp from, timestamp to)
{
    for (size_t i = 1; i <= journal->count; i++) {
        struct event *event = place(journal, journal->next_id - i);
        if (event->time != TIMESTAMP_NONE)
            event->time -= from - to;
    }
    turn_hours(journal, hour_of(from) - hour_of(to));
}

void journal_hours(const struct journal *journal, timestamp when, uint32_t out[JOURNAL_HOURS])
{
    for (int i = 0; i < JOURNAL_HOURS; i++) {
        int64_t hour = hour_of(when) - (JOURNAL_HOURS - 1) + i;
        bool counted = hour >= 0 && hour <= journal->hour && journal->hour - hour < JOURNAL_HOURS;
        out[i] = counted ? journal->hours[hour % JOURNAL_HOURS] : 0;
    }
}

const char *event_type_name(enum event_type type)
{
    static const char *const names[] = {
        [EVENT_ANOMALY] = "anomaly",       [EVENT_INCIDENT] = "incident",
        [EVENT_PRESENCE] = "presence",     [EVENT_CADENCE] = "cadence",
        [EVENT_CONNECTION] = "connection", [EVENT_MALFORMED] = "malformed",
        [EVENT_COMMAND] = "command",       [EVENT_NOTE] = "note",
        [EVENT_BOOKMARK] = "bookmark"};
    return names[type];
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
    count_hour(journal, time, type);
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
