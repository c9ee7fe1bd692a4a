#include "core/cadence.h"

#include <stdbool.h>

#define MILLISECOND (TIMESTAMP_SECOND / 1000)
#define KNOWN_FROM 5 /* intervals: those of a sensor that has just started may be odd */
#define LATE_PERIODS 3
#define LATE_LEAST (1 * TIMESTAMP_SECOND)
#define LOST_PERIODS 10
#define LOST_LEAST (30 * TIMESTAMP_SECOND)
#define USUAL_GAIN (1.0f / 64)
#define FAST_SHARE 3     /* so many times quicker than usual */
#define FAST_PERIODS 5   /* usual ones, for so long */
#define FAST_ENOUGH 30   /* then it is what it does now */
#define FAST_LEAST 20.0f /* ms: arrivals are told no finer than a burst of messages */

void cadence_init(struct cadence *cadence)
{
    *cadence = (struct cadence){.last = TIMESTAMP_NONE, .hasty = TIMESTAMP_NONE};
}

void cadence_rest(struct cadence *cadence)
{
    cadence->last = cadence->hasty = TIMESTAMP_NONE;
}

/* Puts interval where old stood and lets it wander to its place; the array stays in order. */
static void sorted_replace(uint32_t *sorted, unsigned count, uint32_t old, uint32_t interval)
{
    unsigned i = 0;
    while (i + 1 < count && sorted[i] != old)
        i++;
    for (; i + 1 < count && sorted[i + 1] < interval; i++)
        sorted[i] = sorted[i + 1];
    for (; i > 0 && sorted[i - 1] > interval; i--)
        sorted[i] = sorted[i - 1];
    sorted[i] = interval;
}

static void learn(struct cadence *cadence, uint32_t interval)
{
    uint32_t old = UINT32_MAX;
    if (cadence->count < CADENCE_INTERVALS)
        cadence->sorted[cadence->count++] = UINT32_MAX;
    else
        old = cadence->intervals[cadence->next];
    cadence->intervals[cadence->next] = interval;
    cadence->next = (uint8_t)((cadence->next + 1) % CADENCE_INTERVALS);
    sorted_replace(cadence->sorted, cadence->count, old, interval);
}

/* The longest usual gap forgets by a sixteenth a beat. */
static void learn_longest(struct cadence *cadence, uint32_t interval)
{
    cadence->longest -= cadence->longest / 16;
    if (interval > cadence->longest)
        cadence->longest = interval;
}

/* Compares the median of late with that of long ago. */
static void learn_pace(struct cadence *cadence, timestamp arrival, uint32_t interval)
{
    if (cadence->count < CADENCE_INTERVALS)
        return;
    const uint32_t middle = cadence->sorted[CADENCE_INTERVALS / 2];
    float median = (float)middle;
    if (!(cadence->usual > 0))
        cadence->usual = median;
    if (cadence->usual < FAST_LEAST || median * FAST_SHARE > cadence->usual) {
        cadence->usual += USUAL_GAIN * (median - cadence->usual);
        cadence->hasty = TIMESTAMP_NONE;
        cadence->pace = PACE_USUAL;
        return;
    }
    bool paused = (float)interval > FAST_PERIODS * cadence->usual;
    if (cadence->hasty == TIMESTAMP_NONE || paused)
        cadence->hasty = arrival;
    timestamp usual = cadence_usual(cadence), since = arrival - cadence->hasty;
    if (since >= FAST_PERIODS * usual)
        cadence->pace = PACE_FAST;
    if (since >= FAST_ENOUGH * usual)
        cadence->usual = median;
}

void cadence_beat(struct cadence *cadence, timestamp arrival)
{
    timestamp last = cadence->last;
    cadence->last = arrival;
    if (last == TIMESTAMP_NONE || arrival < last)
        return; /* the first one, or out of order: no interval to learn from */
    timestamp interval = (arrival - last) / MILLISECOND;
    uint32_t bounded = interval < UINT32_MAX ? (uint32_t)interval : UINT32_MAX;
    learn_longest(cadence, bounded);
    learn(cadence, bounded);
    learn_pace(cadence, arrival, bounded);
}

void cadence_pardon(struct cadence *cadence, timestamp length)
{
    if (cadence->last != TIMESTAMP_NONE)
        cadence->last += length;
    if (cadence->hasty != TIMESTAMP_NONE)
        cadence->hasty += length;
}

void cadence_set_back(struct cadence *cadence, timestamp step)
{
    cadence_pardon(cadence, -step);
}

timestamp cadence_usual(const struct cadence *cadence)
{
    return (timestamp)((double)cadence->usual * TIMESTAMP_SECOND / 1000);
}

timestamp cadence_period(const struct cadence *cadence)
{
    if (cadence->count < KNOWN_FROM)
        return 0;
    timestamp median = cadence->sorted[cadence->count / 2];
    return median > 0 ? median * MILLISECOND : 1; /* known, if too short to tell */
}

timestamp cadence_gap(const struct cadence *cadence)
{
    return cadence->longest * MILLISECOND;
}

static timestamp larger(timestamp a, timestamp b)
{
    return a > b ? a : b;
}

timestamp cadence_lost_after(const struct cadence *cadence)
{
    timestamp period = cadence_period(cadence);
    return period > 0 ? larger(period * LOST_PERIODS, LOST_LEAST) : 0;
}

/* A gap in which the series was LOST is not a usual one, whatever its length: else a sensor back
 * after a night could be silent for another before anybody heard of it. */
timestamp cadence_late_after(const struct cadence *cadence)
{
    timestamp period = cadence_period(cadence);
    if (period == 0)
        return 0;
    timestamp gap = cadence_gap(cadence);
    timestamp lost = cadence_lost_after(cadence);
    timestamp after = larger(period * LATE_PERIODS, LATE_LEAST);
    return larger(after, gap < lost ? gap : lost);
}

enum beat cadence_judge(const struct cadence *cadence, timestamp now)
{
    timestamp late = cadence_late_after(cadence);
    if (late == 0 || cadence->last == TIMESTAMP_NONE)
        return BEAT_UNKNOWN;
    timestamp silence = now - cadence->last;
    if (silence > cadence_lost_after(cadence))
        return BEAT_LOST;
    return silence > late ? BEAT_LATE : BEAT_LIVE;
}
