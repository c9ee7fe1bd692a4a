/* A sparkline: buckets of time to one row of block characters. Blocks stop at ▇ so that rows stay
 * apart; silence is dots; anomalous cells stand out in their own style. Pure but for the canvas. */
#ifndef DT_UI_SPARK_H
#define DT_UI_SPARK_H

#include "core/history.h"
#include "ui/canvas.h"

#define ANOMALY_STRONG (10 * TIMESTAMP_SECOND) /* so long a new anomaly stands out in full */
#define ANOMALY_FADING (70 * TIMESTAMP_SECOND) /* from then to here it fades */

/* What sparklines are made of: eighths of blocks, dots (two buckets and four heights a column, each
 * from its min to its max), or characters of ASCII. */
enum spark_tier { SPARK_BLOCKS, SPARK_BRAILLE, SPARK_ASCII, SPARK_TIERS };

struct spark_range {
    double low, high;
};

struct spark {
    const struct bucket *buckets;    /* oldest first, spark_per_column() each */
    unsigned count;                  /* a multiple of that */
    timestamp span;                  /* of all of them */
    bool off;                        /* the sensor is silent */
    enum spark_tier tier;            /* on a canvas of ASCII it is ASCII all the same */
    const struct spark_range *range; /* NULL: its own */
};

unsigned spark_per_column(enum spark_tier tier);

/* Takes in what the buckets hold. */
void spark_widen(struct spark_range *range, const struct bucket *buckets, unsigned count);

/* Draws from (x, y), scaled over all buckets, or over its range. An extreme survives: a bucket
 * shows whichever of its min and max lies farther from the row's mean. */
void spark_draw(struct canvas *canvas, int x, int y, const struct spark *spark);

/* Plain counts (messages a second, anomalies a minute), scaled from 0; zero is a faint baseline. */
void spark_counts(struct canvas *canvas, int x, int y, const uint32_t *counts, unsigned n,
                  unsigned style);

/* A horizontal meter of `width` columns, filled by part/whole; some but less than one column shows
 * as one. */
void spark_meter(struct canvas *canvas, int x, int y, int width, double part, double whole,
                 unsigned style);

#endif
