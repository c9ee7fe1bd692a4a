#include "core/expert_shape.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/bounds.h"

#define VALUES_A_POINT 4
_Static_assert(VALUES_A_POINT *SHAPE_POINTS == SHAPE_VALUES, "points stand for all values");
#define LEARN 0.05f
#define RADIUS 2 /* spreads: closer shapes are the same one */

/* Four lanes of arithmetic in one instruction where the processor has that. */
typedef float quad __attribute__((vector_size(4 * sizeof(float))));

static float square_distance(const float *a, const float *b)
{
    quad a0, a1, b0, b1;
    memcpy(&a0, a, sizeof a0);
    memcpy(&a1, a + 4, sizeof a1);
    memcpy(&b0, b, sizeof b0);
    memcpy(&b1, b + 4, sizeof b1);
    quad sum = (a0 - b0) * (a0 - b0) + (a1 - b1) * (a1 - b1);
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Index of the known shape nearest to the points; FLT_MAX and 0 if none is known. */
static unsigned nearest(const struct expert_shape *expert, float *square)
{
    unsigned best = 0;
    *square = FLT_MAX;
    for (unsigned i = 0; i < expert->known_count; i++) {
        float distance = square_distance(expert->points, expert->known[i]);
        if (distance < *square) {
            *square = distance;
            best = i;
        }
    }
    return best;
}

/* Where a new shape goes: a free place, else that of the least used one. */
static unsigned place(struct expert_shape *expert)
{
    if (expert->known_count < SHAPE_MOST_KNOWN)
        return expert->known_count++;
    unsigned least = 0;
    for (unsigned i = 1; i < SHAPE_MOST_KNOWN; i++)
        if (expert->uses[i] < expert->uses[least])
            least = i;
    return least;
}

static void adapt(struct expert_shape *expert, unsigned shape)
{
    if (expert->uses[shape] < UINT16_MAX)
        expert->uses[shape]++;
    float gain = larger_of(LEARN, 1.0f / expert->uses[shape]);
    for (int i = 0; i < SHAPE_POINTS; i++)
        expert->known[shape][i] += gain * (expert->points[i] - expert->known[shape][i]);
}

static void judge(struct expert_shape *expert, float spread, float least)
{
    float square;
    unsigned shape = nearest(expert, &square);
    (void)spread;
    const float radius = RADIUS * spread;
    if (expert->known_count > 0) {
        float distance = sqrtf(square / SHAPE_POINTS);
        float rarity = tail_judge(&expert->tail, distance);
        expert->rarity = distance > least ? rarity : 0;
    }
    if (expert->known_count > 0 && square <= radius * radius * SHAPE_POINTS) {
        adapt(expert, shape);
        return;
    }
    shape = place(expert);
    memcpy(expert->known[shape], expert->points, sizeof expert->points);
    expert->uses[shape] = 1;
}

/* The extreme farther from the mean of the values since the last point. */
static void add_point(struct expert_shape *expert)
{
    float mean = expert->sum / VALUES_A_POINT;
    bool upper = expert->high - mean > mean - expert->low;
    memmove(expert->points, expert->points + 1, (SHAPE_POINTS - 1) * sizeof *expert->points);
    expert->points[SHAPE_POINTS - 1] = upper ? expert->high : expert->low;
    if (expert->point_count < SHAPE_POINTS)
        expert->point_count++;
    expert->value_count = 0;
}

float expert_shape_step(struct expert_shape *expert, float value, float spread, float least)
{
    if (expert->value_count == 0) {
        expert->low = expert->high = value;
        expert->sum = 0;
    }
    expert->low = smaller_of(expert->low, value);
    expert->high = larger_of(expert->high, value);
    expert->sum += value;
    if (++expert->value_count == VALUES_A_POINT) {
        add_point(expert);
        if (expert->point_count == SHAPE_POINTS)
            judge(expert, spread, least);
    }
    return expert->rarity;
}
