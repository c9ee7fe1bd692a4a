#include "ui/spark.h"

#include <math.h>

#define LEVELS 7            /* ▁ to ▇ */
#define LOWEST_BLOCK 0x2581 /* ▁; its neighbours grow by an eighth each */
#define SILENCE 0x00b7      /* · */
#define METER 0x25a0        /* ■ */

struct scale {
    double low, high;
    double usual; /* the mean: what a spike is far from, whichever end of the scale it made */
};

static struct scale find_scale(const struct spark *spark)
{
    struct scale scale = {INFINITY, -INFINITY, 0};
    unsigned filled = 0;
    for (unsigned i = 0; i < spark->count; i++) {
        if (spark->buckets[i].count == 0)
            continue;
        scale.low = fmin(scale.low, spark->buckets[i].min);
        scale.high = fmax(scale.high, spark->buckets[i].max);
        filled++;
        scale.usual += (spark->buckets[i].last - scale.usual) / filled;
    }
    return scale;
}

/* 0 to LEVELS - 1; a row that never changes lies in the middle. */
static int level_of(const struct scale *scale, double value)
{
    double height = scale->high - scale->low;
    if (!(height > 0) || !isfinite(height))
        return LEVELS / 2;
    int level = (int)((value - scale->low) / height * LEVELS);
    return level < 0 ? 0 : level >= LEVELS ? LEVELS - 1 : level;
}

static double extreme(const struct scale *scale, const struct bucket *bucket)
{
    return bucket->max - scale->usual > scale->usual - bucket->min ? bucket->max : bucket->min;
}

/* Reverse is for terminals without colours: themes with colours leave it out. */
static unsigned cell_style(const struct spark *spark, unsigned i)
{
    const struct bucket *bucket = &spark->buckets[i];
    unsigned quiet = spark->off ? STYLE_SPARK_OFF : STYLE_SPARK;
    if (bucket->mark == MARK_NONE)
        return quiet;
    if (bucket->mark == MARK_HUSHED)
        return STYLE_DIM | STYLE_REVERSE;
    if (bucket->mark == MARK_NOTICE)
        return STYLE_WARN | STYLE_REVERSE;
    timestamp age = spark->span / spark->count * (spark->count - 1 - i);
    return (age < ANOMALY_FADING ? STYLE_ALARM : STYLE_FADING) | STYLE_REVERSE;
}

void spark_draw(struct canvas *canvas, int x, int y, const struct spark *spark)
{
    struct scale scale = find_scale(spark);
    for (unsigned i = 0; i < spark->count; i++) {
        const struct bucket *bucket = &spark->buckets[i];
        if (bucket->count == 0) {
            canvas_put(canvas, x + (int)i, y, STYLE_SPARK_OFF, SILENCE);
            continue;
        }
        uint32_t level = (uint32_t)level_of(&scale, extreme(&scale, bucket));
        canvas_put(canvas, x + (int)i, y, cell_style(spark, i), LOWEST_BLOCK + level);
    }
}

void spark_counts(struct canvas *canvas, int x, int y, const uint32_t *counts, unsigned n,
                  unsigned style)
{
    struct scale scale = {0};
    for (unsigned i = 0; i < n; i++)
        scale.high = fmax(scale.high, counts[i]);
    for (unsigned i = 0; i < n; i++) {
        bool none = counts[i] == 0;
        int level = none ? 0 : level_of(&scale, counts[i]);
        canvas_put(canvas, x + (int)i, y, none ? STYLE_SPARK_OFF : style,
                   LOWEST_BLOCK + (uint32_t)level);
    }
}

void spark_meter(struct canvas *canvas, int x, int y, int width, double part, double whole,
                 unsigned style)
{
    double share = whole > 0 ? fmin(fmax(part / whole, 0), 1) : 0;
    int filled = (int)(share * width + 0.5);
    if (filled == 0 && share > 0)
        filled = 1;
    /* Full means full. */
    if (filled == width && share < 1 && width > 1)
        filled--;
    uint32_t rest = canvas->ascii ? '.' : METER; /* in ASCII a shade of grey is not enough */
    for (int i = 0; i < width; i++)
        canvas_put(canvas, x + i, y, i < filled ? style : STYLE_SPARK_OFF,
                   i < filled ? METER : rest);
}
