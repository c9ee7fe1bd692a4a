#include "ui/pace.h"

#define MS (TIMESTAMP_SECOND / 1000)
#define QUICK (150 * MS) /* answers sooner than that: no slow line */
#define REST_MOST (2 * TIMESTAMP_SECOND)
#define SLOW TIMESTAMP_SECOND              /* between frames, if a slow line is told or guessed */
#define UNSURE (250 * MS)                  /* between frames, until the first answer ... */
#define MUTE_AFTER (1500 * MS)             /* ... which never comes later */
#define LOST_AFTER (20 * TIMESTAMP_SECOND) /* an answer that is so late will not come */
#define FULL_FOR (10 * TIMESTAMP_SECOND)   /* a terminal that was full is slow for so long */
#define FULL_LOOK (20 * MS)                /* when to look again whether it is */

void pace_init(struct pace *pace, bool slow, timestamp now)
{
    *pace = (struct pace){.slow = slow, .waiting = 1, .asked = now};
}

bool pace_sent(struct pace *pace, timestamp now)
{
    pace->sent = now;
    /* One that has not answered yet is asked for its first frame alone; a late answer counts. */
    bool asks = !pace->mute && (pace->answers || !pace->any);
    pace->any = true;
    if (asks && pace->waiting++ == 0)
        pace->asked = now;
    return asks;
}

void pace_answered(struct pace *pace, timestamp now)
{
    pace->answers = true;
    pace->mute = false;
    if (pace->waiting == 0)
        return;
    pace->took = now - pace->asked;
    pace->waiting--;
    pace->asked = pace->sent;
}

void pace_full(struct pace *pace, timestamp now)
{
    pace->full = true;
    pace->full_at = now;
}

void pace_forget(struct pace *pace)
{
    pace->waiting = 0;
    pace->any = false;
}

static timestamp until(timestamp due, timestamp now)
{
    return due > now ? due - now : 0;
}

static timestamp later(timestamp a, timestamp b)
{
    return a > b ? a : b;
}

/* While no answer has ever come: it may be a slow line, or a terminal that does not know the
 * question. */
static timestamp wait_unsure(struct pace *pace, timestamp now, bool key)
{
    if (now - pace->asked >= MUTE_AFTER) {
        pace->mute = true;
        pace->waiting = 0;
        return 0;
    }
    if (key)
        return 0;
    return until(pace->sent + UNSURE, now);
}

static timestamp wait_for_answer(struct pace *pace, timestamp now, bool key)
{
    if (now - pace->asked >= LOST_AFTER) {
        pace->waiting = 0;
        return 0;
    }
    /* On a quick line a key does not wait for the answer's way back. */
    if (key && pace->waiting == 1 && pace->took <= QUICK)
        return 0;
    return until(pace->asked + LOST_AFTER, now);
}

timestamp pace_wait(struct pace *pace, timestamp now, bool key)
{
    if (pace->full && now - pace->full_at < FULL_LOOK)
        return until(pace->full_at + FULL_LOOK, now);
    if (!pace->any)
        return 0;
    timestamp wait = 0;
    if (pace->waiting > 0)
        wait = pace->answers ? wait_for_answer(pace, now, key) : wait_unsure(pace, now, key);
    if (key)
        return wait;
    bool behind = pace->full && now - pace->full_at < FULL_FOR && !pace->answers;
    if (pace->slow || behind)
        wait = later(wait, until(pace->sent + SLOW, now));
    /* A slow line rests as long as it works, so that a key finds it free. */
    if (pace->answers && pace->took > QUICK) {
        timestamp rest = 2 * pace->took < REST_MOST ? 2 * pace->took : REST_MOST;
        wait = later(wait, until(pace->sent + rest, now));
    }
    return wait;
}

timestamp pace_farewell(const struct pace *pace)
{
    if (pace->waiting == 0)
        return 0;
    return pace->answers ? later(500 * MS, 2 * pace->took) : 100 * MS;
}
