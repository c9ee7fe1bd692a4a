#include "ui/spark.h"

#include <math.h>

#include "ui/glyph.h"

#define LEVELS 7            /* ▁ to ▇ */
#define LOWEST_BLOCK 0x2581 /* ▁; its neighbours grow by an eighth each */
#define DOTS 4              /* a braille character is so high */
#define BRAILLE 0x2800
#define SILENCE 0x00b7 /* · */
#define METER 0x25a0   /* ■ */
#define TRACK 0x2500   /* ─ */

struct scale {
    double low, high;
    double usual; /* the mean: what a spike is far from, whichever end of the scale it made */
};

unsigned spark_per_column(enum spark_tier tier)
{
    return tier == SPARK_BRAILLE ? 2 : 1;
}

void spark_widen(struct spark_range *range, const struct bucket *buckets, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (buckets[i].count == 0)
            continue;
        range->low = fmin(range->low, buckets[i].min);
        range->high = fmax(range->high, buckets[i].max);
    }
}

static struct scale find_scale(const struct spark *spark)
{
    struct spark_range own = {INFINITY, -INFINITY};
    struct scale scale = {0};
    unsigned filled = 0;
    for (unsigned i = 0; i < spark->count; i++)
        if (spark->buckets[i].count > 0)
            scale.usual += (spark->buckets[i].last - scale.usual) / ++filled;
    spark_widen(&own, spark->buckets, spark->count);
    scale.low = spark->range ? spark->range->low : own.low;
    scale.high = spark->range ? spark->range->high : own.high;
    return scale;
}

/* 0 to levels - 1; a row that never changes lies in the middle. */
static int level_of(const struct scale *scale, double value, int levels)
{
    double height = scale->high - scale->low;
    if (!(height > 0) || !isfinite(height))
        return (levels - 1) / 2;
    double level = (value - scale->low) / height * levels;
    return level < 0 ? 0 : level >= levels ? levels - 1 : (int)level;
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

/* The dots of the left column of a braille character from the lowest up; those of the right one. */
static const uint8_t dots[2][DOTS] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};

/* Two buckets; what is worse decides how it looks. */
static void draw_dots(struct canvas *canvas, int x, int y, const struct spark *spark,
                      const struct scale *scale, unsigned i)
{
    const struct bucket *pair = &spark->buckets[i];
    uint32_t shape = 0;
    for (int side = 0; side < 2; side++) {
        if (pair[side].count == 0)
            continue;
        int from = level_of(scale, pair[side].min, DOTS);
        int to = level_of(scale, pair[side].max, DOTS);
        for (int level = from; level <= to; level++)
            shape |= dots[side][level];
    }
    if (shape == 0)
        canvas_put(canvas, x, y, STYLE_SPARK_OFF, SILENCE);
    else
        canvas_put(canvas, x, y, cell_style(spark, pair[1].mark > pair[0].mark ? i + 1 : i),
                   BRAILLE + shape);
}

static void draw_block(struct canvas *canvas, int x, int y, const struct spark *spark,
                       const struct scale *scale, unsigned i)
{
    const struct bucket *bucket = &spark->buckets[i];
    if (bucket->count == 0) {
        canvas_put(canvas, x, y, STYLE_SPARK_OFF, SILENCE);
        return;
    }
    uint32_t block = LOWEST_BLOCK + (uint32_t)level_of(scale, extreme(scale, bucket), LEVELS);
    if (spark->tier == SPARK_ASCII)
        block = (uint32_t)glyph_ascii(block);
    canvas_put(canvas, x, y, cell_style(spark, i), block);
}

void spark_draw(struct canvas *canvas, int x, int y, const struct spark *spark)
{
    struct scale scale = find_scale(spark);
    unsigned each = spark_per_column(spark->tier);
    for (unsigned i = 0; i + each <= spark->count; i += each, x++) {
        if (spark->tier == SPARK_BRAILLE)
            draw_dots(canvas, x, y, spark, &scale, i);
        else
            draw_block(canvas, x, y, spark, &scale, i);
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
        int level = none ? 0 : level_of(&scale, counts[i], LEVELS);
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
    uint32_t rest = canvas->ascii ? '.' : TRACK; /* not every theme has a grey to tell them apart */
    for (int i = 0; i < width; i++)
        canvas_put(canvas, x + i, y, i < filled ? style : STYLE_SPARK_OFF,
                   i < filled ? METER : rest);
}
