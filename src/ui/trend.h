/* The sparklines of the table: what they are drawn with, and on which scale. Main thread. */
#ifndef DT_UI_TREND_H
#define DT_UI_TREND_H

#include "core/snapshot.h"
#include "ui/spark.h"

struct frame;

/* How the column of trends is drawn. */
struct trend {
    enum spark_tier tier;
    bool common; /* series of one kind (one quantity in one unit) share the scale */
};

/* "blocks", "braille", "ascii"; false for others. */
bool trend_tier_parse(const char *text, enum spark_tier *tier);
const char *trend_tier_name(enum spark_tier tier);

/* "own", "kind"; false for others. */
bool trend_scale_parse(const char *text, bool *common);
const char *trend_scale_name(bool common);

/* Buckets that so many columns of sparkline hold. */
unsigned trend_buckets(const struct trend *trend, int columns);

/* The range of all rows of this row's kind, of those that the snapshot shows: what is not seen
 * costs nothing. */
struct spark_range trend_range(const struct snapshot *snapshot, const struct row *row);

void trend_draw(struct canvas *canvas, const struct frame *frame, const struct row *row, int y);

#endif
