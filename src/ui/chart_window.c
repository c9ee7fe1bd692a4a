#include "ui/chart_window.h"

#define MULTIPLES_WIDTH 200 /* from here on they are shown unasked */
#define MULTIPLES_HEIGHT 50

enum company chart_company(enum company chosen, int width, int height)
{
    if (chosen != COMPANY_AUTO)
        return chosen;
    return width >= MULTIPLES_WIDTH && height >= MULTIPLES_HEIGHT ? COMPANY_MULTIPLES
                                                                  : COMPANY_OVERLAY;
}

static int clamp(timestamp value, timestamp least, timestamp most)
{
    return (int)(value < least ? least : value > most ? most : value);
}

timestamp chart_window_moment(const struct chart_stretch *shown, int64_t bucket)
{
    return shown->start + bucket * shown->width + shown->width / 2;
}

int chart_window_bucket(const struct chart_stretch *shown, timestamp when)
{
    return clamp((when - shown->start) / shown->width, 0, shown->count - 1);
}

int chart_window_at(const struct chart_stretch *shown, int x)
{
    /* The plot ends with the newest bucket; an odd one has half of its first column. */
    int left = shown->columns * 2 - shown->count;
    return clamp((timestamp)(x - shown->x) * 2 - left, 0, shown->count - 1);
}

void chart_window_point(struct chart_window *window, const struct chart_stretch *shown, int bucket)
{
    window->has_cursor = true;
    window->cursor = chart_window_moment(shown, clamp(bucket, 0, shown->count - 1));
}

/* Ends the window so that this many buckets more, or less, lie to the right of what is shown. */
static void push(struct chart_window *window, const struct chart_stretch *shown, timestamp buckets)
{
    window->end = chart_window_moment(shown, shown->count - 1 + buckets);
    if (window->end >= shown->now)
        window->end = 0;
}

/* How many buckets of the past lie to the left of what is shown. A reading at the very start of
 * one is in the bucket before. */
static timestamp older(const struct chart_stretch *shown)
{
    if (shown->oldest == TIMESTAMP_NONE || shown->oldest > shown->start)
        return 0;
    return (shown->start - shown->oldest) / shown->width + 1;
}

/* How many until the one with the moment shown is the last. */
static timestamp newer(const struct chart_stretch *shown)
{
    timestamp buckets = (shown->now - shown->start) / shown->width - (shown->count - 1);
    return buckets > 0 ? buckets : 0;
}

void chart_window_move(struct chart_window *window, const struct chart_stretch *shown, int buckets)
{
    if (!window->has_cursor) {
        chart_window_point(window, shown, shown->count - 1);
        return;
    }
    timestamp to = (timestamp)chart_window_bucket(shown, window->cursor) + buckets;
    timestamp least = -older(shown), most = shown->count - 1 + newer(shown);
    to = to < least ? least : to > most ? most : to;
    window->cursor = chart_window_moment(shown, to);
    if (to < 0)
        push(window, shown, to);
    else if (to >= shown->count)
        push(window, shown, to - (shown->count - 1));
}

void chart_window_first(struct chart_window *window, const struct chart_stretch *shown)
{
    timestamp buckets = older(shown);
    bool inside = buckets == 0 && shown->oldest != TIMESTAMP_NONE;
    chart_window_point(window, shown, inside ? chart_window_bucket(shown, shown->oldest - 1) : 0);
    if (buckets == 0)
        return;
    window->cursor = chart_window_moment(shown, -buckets);
    push(window, shown, -buckets);
}

void chart_window_last(struct chart_window *window, const struct chart_stretch *shown)
{
    window->end = 0;
    window->cursor = shown->now;
}

void chart_window_zoom(struct chart_window *window, const struct chart_stretch *shown,
                       timestamp span)
{
    window->span = 0;
    if (!window->has_cursor)
        return;
    timestamp width = span / shown->room;
    int right = shown->room - 1 - chart_window_bucket(shown, window->cursor);
    window->end = window->cursor + right * width;
    if (window->end >= shown->now)
        window->end = 0;
}

void chart_window_choose(struct chart_window *window, const struct chart_stretch *shown, int from,
                         int to)
{
    int left = from < to ? from : to, right = from < to ? to : from;
    timestamp end = chart_window_moment(shown, right), span = (right - left + 1) * shown->width;
    *window = (struct chart_window){.end = end < shown->now ? end : 0,
                                    .span = span < CHART_WINDOW_LEAST ? CHART_WINDOW_LEAST : span};
}

void chart_window_settle(struct chart_window *window, const struct chart_stretch *shown)
{
    if (!window->has_cursor || shown->count == 0)
        return;
    if (window->cursor < shown->start)
        window->cursor = chart_window_moment(shown, 0);
    else if (window->cursor >= shown->start + shown->width * shown->count)
        window->cursor = chart_window_moment(shown, shown->count - 1);
}
