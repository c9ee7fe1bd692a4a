/* A sparkline: buckets of time to one row of block characters. Blocks stop at ▇ so that rows stay
 * apart; silence is dots; anomalous cells stand out in their own style. Pure but for the canvas. */
#ifndef DT_UI_SPARK_H
#define DT_UI_SPARK_H

#include "core/history.h"
#include "ui/canvas.h"

#define ANOMALY_STRONG (10 * TIMESTAMP_SECOND) /* so long a new anomaly stands out in full */
#define ANOMALY_FADING (70 * TIMESTAMP_SECOND) /* from then to here it fades */

struct spark {
    const struct bucket *buckets; /* oldest first, one column each */
    unsigned count;
    timestamp span; /* of all of them */
    bool off;       /* the sensor is silent */
};

/* Draws from (x, y), scaled over all buckets. An extreme survives: a bucket shows whichever of its
 * min and max lies farther from the row's mean. */
void spark_draw(struct canvas *canvas, int x, int y, const struct spark *spark);

/* Plain counts (messages a second, anomalies a minute), scaled from 0; zero is a faint baseline. */
void spark_counts(struct canvas *canvas, int x, int y, const uint32_t *counts, unsigned n,
                  unsigned style);

/* A horizontal meter of `width` columns, filled by part/whole; some but less than one column shows
 * as one. */
void spark_meter(struct canvas *canvas, int x, int y, int width, double part, double whole,
                 unsigned style);

#endif
