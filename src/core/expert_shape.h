/* Asks every few values: has the curve looked like this before? The last 32 values, as 8 extremes
 * of 4 each, are compared with up to 64 shapes that the series has shown; the distance to the
 * nearest one, against all such distances before. Plain data (zeroed = nothing seen), one thread at
 * a time. */
#ifndef DT_CORE_EXPERT_SHAPE_H
#define DT_CORE_EXPERT_SHAPE_H

#include "core/tail.h"

#define SHAPE_POINTS 8
#define SHAPE_VALUES 32 /* that the points stand for */
#define SHAPE_MOST_KNOWN 64

struct expert_shape {
    float known[SHAPE_MOST_KNOWN][SHAPE_POINTS];
    uint16_t uses[SHAPE_MOST_KNOWN];
    float points[SHAPE_POINTS]; /* oldest first */
    float sum, low, high;       /* of the values since the last point */
    float rarity;               /* of the last shape: it holds until the next point */
    uint8_t known_count, point_count, value_count;
    struct tail tail;
};

/* Takes in a value; judges and learns the shape whenever a point is complete. spread: the mean
 * distance of values from their average. least: a smaller distance is a matter of rounding and not
 * rare. Returns the rarity (tail.h) of the last shape. */
float expert_shape_step(struct expert_shape *expert, float value, float spread, float least);

#endif
