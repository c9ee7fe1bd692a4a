#include "ui/trend.h"

#include <math.h>
#include <string.h>

#include "core/unit.h"
#include "ui/view.h"

static const char *const tiers[] = {
    [SPARK_BLOCKS] = "blocks", [SPARK_BRAILLE] = "braille", [SPARK_ASCII] = "ascii"};

bool trend_tier_parse(const char *text, enum spark_tier *tier)
{
    for (int i = 0; i < SPARK_TIERS; i++)
        if (strcmp(text, tiers[i]) == 0) {
            *tier = (enum spark_tier)i;
            return true;
        }
    return false;
}

const char *trend_tier_name(enum spark_tier tier)
{
    return tiers[tier];
}

bool trend_scale_parse(const char *text, bool *common)
{
    *common = strcmp(text, "kind") == 0;
    return *common || strcmp(text, "own") == 0;
}

const char *trend_scale_name(bool common)
{
    return common ? "kind" : "own";
}

unsigned trend_buckets(const struct trend *trend, int columns)
{
    return (unsigned)columns * spark_per_column(trend->tier);
}

/* The same kind as in core/peers.h. */
static bool of_one_kind(const struct row *a, const struct row *b)
{
    return strcmp(a->name, b->name) == 0 && a->binary_state == b->binary_state &&
           strcmp(unit_symbol(a->unit), unit_symbol(b->unit)) == 0;
}

struct spark_range trend_range(const struct snapshot *snapshot, const struct row *row)
{
    struct spark_range range = {INFINITY, -INFINITY};
    for (uint32_t i = 0; i < snapshot->row_count; i++) {
        const struct row *other = &snapshot->rows[i];
        if (other->spark && ROW_KIND(other->id) == ROW_SERIES && of_one_kind(row, other))
            spark_widen(&range, other->spark, snapshot->request.spark_columns);
    }
    return range;
}

void trend_draw(struct canvas *canvas, const struct frame *frame, const struct row *row, int y)
{
    const struct snapshot *snapshot = frame->snapshot;
    const struct column_place *at = &frame->layout->columns[COLUMN_TREND];
    const struct trend *trend = &frame->setup->trend;
    unsigned all = snapshot->request.spark_columns, count = all;
    unsigned most = trend_buckets(trend, at->width), each = spark_per_column(trend->tier);
    if (at->width == 0 || count == 0 || !row->spark)
        return;
    /* The newest is at the right, also in the frame after a resize. */
    if (count > most)
        count = most;
    count -= count % each;
    struct spark_range range;
    if (trend->common)
        range = trend_range(snapshot, row);
    struct spark spark = {
        .buckets = row->spark + all - count,
        .count = count,
        .span = snapshot->request.span / all * count,
        .off = row->state == STATE_LATE || row->state == STATE_LOST || row->state == STATE_OFFLINE,
        .tier = trend->tier,
        .range = trend->common ? &range : NULL,
    };
    spark_draw(canvas, at->x + at->width - (int)(count / each), y, &spark);
}
