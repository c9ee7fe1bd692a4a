/* A braille chart of one series over time, with axes, the expected band, anomaly marks, and what is
 * expected to come. Each column of characters holds two buckets. Pure but for the canvas. */
#ifndef DT_UI_CHART_H
#define DT_UI_CHART_H

#include "core/snapshot.h"
#include "ui/canvas.h"

struct chart {
    const struct bucket *buckets; /* two a plot column, oldest first */
    unsigned count;
    timestamp end, span; /* of the newest bucket's end */
    bool has_band;
    double low, high;            /* expected band, drawn dotted */
    const struct limits *limits; /* drawn as lines; NULL: none */
    bool off;                    /* the sensor is silent */
    bool live;                   /* the right end is now (labelled so), not a paused moment */
    const struct prospect
        *ahead;           /* from that end on, a bucket each: drawn to the right of a line */
    unsigned ahead_count; /* that marks now, which takes the place of the first two */
};

/* Columns of the plot itself in a rectangle of this width: twice this many buckets are wanted. */
int chart_plot_columns(int width);

/* The lowest line of the rectangle is the time axis. Below two lines nothing is drawn. */
void chart_draw(struct canvas *canvas, struct rect rect, const struct chart *chart);

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

#endif
