/* Which stretch of time a chart shows, and what moves it: the cursor, zoom, a stretch chosen with
 * the mouse. Pure. */
#ifndef DT_UI_CHART_WINDOW_H
#define DT_UI_CHART_WINDOW_H

#include "core/timestamp.h"

#include <stdbool.h>
#include <stdint.h>

#define CHART_OTHERS 5                      /* series beside the selected one, at most */
#define CHART_WINDOW_LEAST TIMESTAMP_SECOND /* shorter stretches are not chosen */

/* What a person has chosen. Zeroed: the chart follows the moment shown, over the sparklines' span.
 */
struct chart_window {
    timestamp end;  /* the moment in its last bucket; 0: the moment shown */
    timestamp span; /* 0: the sparklines' */
    bool has_cursor;
    timestamp cursor; /* a moment in the bucket that it stands at */
};

/* What the value axis shows. */
enum y_mode {
    Y_AUTO,  /* all readings, and of bands and limits what does not flatten them */
    Y_FIXED, /* what it showed when this was chosen, or the series was selected */
    Y_SIGMA, /* mean ± 3σ of the time shown */
    Y_MODES,
};

/* How several series are shown. */
enum company {
    COMPANY_AUTO, /* by the screen's size */
    COMPANY_OVERLAY,
    COMPANY_MULTIPLES, /* one below the other */
    COMPANY_NONE,      /* the selected one alone */
};

/* All that a person has chosen of the chart. */
struct chart_choices {
    struct chart_window window;
    enum y_mode y;
    bool held; /* Y_FIXED: */
    uint32_t held_series;
    double y_low, y_high;
    enum company company;
    bool pressed, dragging; /* a stretch is being chosen with the mouse: */
    timestamp from, to;
};

/* What of it was shown last: buckets of so much time each, and the columns of the plot that they
 * stand in, two a column. */
struct chart_stretch {
    timestamp start, width;
    int count;             /* 0: nothing is shown */
    int room;              /* for so many, where nothing is ahead */
    timestamp now, oldest; /* the moment shown; the first reading of all, TIMESTAMP_NONE: none */
    int x, columns;        /* of the past on the screen */
};

/* As it was chosen, or by the screen's size. */
enum company chart_company(enum company chosen, int width, int height);

/* The bucket that a moment is in, or the nearest. count > 0. */
int chart_window_bucket(const struct chart_stretch *shown, timestamp when);

/* The middle of a bucket. */
timestamp chart_window_moment(const struct chart_stretch *shown, int64_t bucket);

/* The left bucket of a column of the screen, or the nearest. count > 0. */
int chart_window_at(const struct chart_stretch *shown, int x);

/* Puts the cursor into a bucket. */
void chart_window_point(struct chart_window *window, const struct chart_stretch *shown, int bucket);

/* Moves the cursor so many buckets; it comes up at the newest one. Beyond an edge it takes the
 * window along, back to the first reading and forth to the moment shown, which is followed then. */
void chart_window_move(struct chart_window *window, const struct chart_stretch *shown, int buckets);

/* To the first reading that is kept, and back to the moment shown. */
void chart_window_first(struct chart_window *window, const struct chart_stretch *shown);
void chart_window_last(struct chart_window *window, const struct chart_stretch *shown);

/* So much time from now on: the cursor keeps its place, or else the end does. The window gets no
 * span of its own. */
void chart_window_zoom(struct chart_window *window, const struct chart_stretch *shown,
                       timestamp span);

/* The stretch of two buckets, in either order, and all between them. */
void chart_window_choose(struct chart_window *window, const struct chart_stretch *shown, int from,
                         int to);

/* A cursor that time has carried out of the picture stays at its edge. */
void chart_window_settle(struct chart_window *window, const struct chart_stretch *shown);

#endif
