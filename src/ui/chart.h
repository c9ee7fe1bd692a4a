/* A braille chart of one series over time, or of several on the same axes: the expected band, lines
 * of the limits, mean and 3σ, anomaly marks, what is expected to come, a cursor. Each column of
 * characters holds two buckets. Pure but for the canvas. */
#ifndef DT_UI_CHART_H
#define DT_UI_CHART_H

#include "core/snapshot.h"
#include "ui/canvas.h"

/* A further series in the same plot. */
struct chart_other {
    const struct bucket *buckets; /* as many as the chart's own, of the same time */
    bool own_scale;               /* of another unit: it fills the height, whatever the axis says */
    unsigned style;
    char mark; /* stands on its line here and there, for those who see no colour */
};

struct chart {
    const struct bucket *buckets; /* two a plot column, oldest first */
    unsigned count;
    timestamp end, span; /* of the newest bucket's end */
    timestamp last;      /* moment shown, in the newest bucket */
    timestamp behind;    /* that the end is before the moment shown; 0: it is that moment */
    bool has_band;
    double low, high;            /* expected band, drawn dotted */
    const struct limits *limits; /* drawn as lines; NULL: none */
    bool has_lines;
    double mean, sigma; /* of the time shown, drawn as quiet lines */
    bool has_range;
    double y_low, y_high; /* what the value axis shows; else all that belongs to the picture */
    bool off;             /* the sensor is silent */
    bool live;            /* the right end is now (labelled so), not a paused moment */
    const struct prospect
        *ahead;           /* from that end on, a bucket each: drawn to the right of a line */
    unsigned ahead_count; /* that marks now, which takes the place of the first two; NULL: blank */
    bool has_cursor, has_choice;
    int cursor;   /* the bucket that it stands at */
    int from, to; /* the buckets of a span that is being chosen, in either order */
    char mark;    /* as of the others; 0: none */
    const struct chart_other *others;
    unsigned other_count;
    bool bare; /* without the time axis: another chart below has it */
};

/* Columns of the plot itself in a rectangle of this width: twice this many buckets are wanted. */
int chart_plot_columns(int width);

/* The lowest line of the rectangle is the time axis. Below two lines nothing is drawn. */
void chart_draw(struct canvas *canvas, struct rect rect, const struct chart *chart);

/* The least and the largest of all buckets. false: there is no reading. */
bool chart_extremes(const struct bucket *buckets, unsigned count, double *low, double *high);

/* What the value axis must show of itself: all readings, and of the rest what does not flatten
 * them. false: there is nothing to show. */
bool chart_range(const struct chart *chart, double *low, double *high);

/* Round numbers for an axis: the step (1, 2 or 5 times a power of ten) that gives at most `ticks`
 * intervals over [low, high]; *first is the first multiple ≥ low. low < high, both finite, ticks ≥
 * 1. (Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990.) */
double chart_nice_step(double low, double high, int ticks, double *first);

/* The vertical scale of a plot of `rows` character rows: round values stand on whole rows, the
 * same number of rows apart, and everything from low to high is inside. */
struct chart_scale {
    double base; /* at the middle of the lowest row; a multiple of step */
    double step; /* between labelled rows */
    int every;   /* rows a step */
};
struct chart_scale chart_scale(double low, double high, int rows);

/* The scale that chart_draw() takes for a plot of so many rows. */
struct chart_scale chart_scale_of(const struct chart *chart, int rows);

/* The row, counted from the lowest, that a value stands in; below 0 or from `rows` on: outside. */
int chart_scale_row(const struct chart_scale *scale, double value, int rows);

#endif
