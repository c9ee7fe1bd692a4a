#include "core/front.h"

#include <math.h>

#define DECIDED_AT 20    /* readings */
#define COUNTER_RISES 10 /* of them, at least, make a counter if none fell */
#define SEEN_MOST 1e18   /* squares of it still fit a float */
#define SLOW 1.5f        /* usual intervals: a counter's increment over more is told by interval */
#define UNIT_LEAST 1e-300
#define UNIT_MOST 1e300

static double clamp(double seen)
{
    return fmin(fmax(seen, -SEEN_MOST), SEEN_MOST);
}

/* Bounded, so that neither it nor its inverse overflows. */
static double unit_of(double size)
{
    return fmin(fmax(size, UNIT_LEAST), UNIT_MOST);
}

static void count_distinct(struct front *front, double value)
{
    if (front->distinct > FRONT_FEW)
        return;
    for (unsigned i = 0; i < front->distinct; i++)
        if (front->first[i] == value)
            return;
    if (front->distinct < FRONT_FEW)
        front->first[front->distinct] = value;
    front->distinct++;
}

bool front_is_switch(const struct front *front)
{
    return front->distinct <= FRONT_FEW;
}

static void learn_quantum(struct front *front, double change)
{
    if (change > 0 && (front->quantum == 0 || change < front->quantum))
        front->quantum = change;
}

static void decide(struct front *front)
{
    front->form = !front->fell && front->rises >= COUNTER_RISES ? FRONT_COUNTER : FRONT_GAUGE;
    if (front->travelled > 0)
        front->unit = unit_of(front->travelled / (front->readings - 1));
    front->origin = front->form == FRONT_COUNTER ? 0 : front->last;
    if (front->form == FRONT_COUNTER)
        front->distinct = 0;
}

static void follow(struct front *front, double change)
{
    front->rises += change > 0;
    front->fell |= change < 0;
    front->travelled += fabs(change);
}

/* A counter that starts anew has counted its whole value since; one that merely falls is none. */
static enum front_result fall(struct front *front, double value, double *increment)
{
    if (value >= 0 && value <= front->last / 2) {
        *increment = value;
        return FRONT_VALUE;
    }
    front->form = FRONT_GAUGE;
    front->origin = value;
    front->distinct = FRONT_FEW + 1;
    return FRONT_RESTART;
}

static enum front_result count(struct front *front, double value, float intervals, double *out)
{
    double increment = value - front->last;
    if (increment < 0 && fall(front, value, &increment) == FRONT_RESTART) {
        *out = 0;
        return FRONT_RESTART;
    }
    if (intervals > SLOW)
        increment /= intervals;
    count_distinct(front, increment);
    *out = clamp(increment / front->unit);
    return FRONT_VALUE;
}

static enum front_result measure(struct front *front, double value, double *out)
{
    count_distinct(front, value);
    if (front->unit == 0 && value != front->last)
        front->unit = unit_of(fabs(value - front->last));
    *out = front->unit > 0 ? clamp((value - front->origin) / front->unit) : 0;
    return FRONT_VALUE;
}

enum front_result front_step(struct front *front, double value, float intervals, double *out)
{
    enum front_result result = FRONT_NOTHING;
    if (front->distinct > 0)
        learn_quantum(front, fabs(value - front->last));
    if (front->form == FRONT_COUNTER)
        result = count(front, value, intervals, out);
    else if (front->form == FRONT_GAUGE)
        result = measure(front, value, out);
    else {
        if (front->readings > 0)
            follow(front, value - front->last);
        count_distinct(front, value);
        front->readings++;
    }
    front->last = value;
    if (front->form == FRONT_UNDECIDED && front->readings == DECIDED_AT)
        decide(front);
    return result;
}

double front_value(const struct front *front, double seen, double last)
{
    double away = seen * front->unit;
    return front->form == FRONT_COUNTER ? last + away : front->origin + away;
}
