/* The setup screen: what is set there, and its keys. What is changed holds at once; it is written
 * into the configuration file on `w` alone, by the wiring. Main thread. */
#ifndef DT_UI_SETUP_H
#define DT_UI_SETUP_H

#include "ui/columns.h"
#include "core/timestamp.h"
#include "ui/trend.h"

#include <stdint.h>

/* What has been changed since the last save. */
#define SETUP_THEME 1u
#define SETUP_SPAN 2u
#define SETUP_COLUMNS 4u
#define SETUP_TREND 8u
#define SETUP_SCALE 16u
#define SETUP_THRESHOLD 32u

struct setup {
    char theme[256];
    timestamp span; /* of sparklines and chart; 0: as long as the session, up to 5 minutes */
    struct trend trend;
    struct columns columns;
    double threshold; /* of detectors that go by one */
    unsigned changed; /* SETUP_... */
    int row;          /* selected: one of those below, then columns */
};

enum setup_key {
    SETUP_KEY_NOT_MINE,
    SETUP_KEY_DONE,
    SETUP_KEY_NEW_THEME,
    SETUP_KEY_NEW_SPAN,
    SETUP_KEY_NEW_THRESHOLD,
    SETUP_KEY_SAVE,
};

/* Carries out a key of the setup screen. */
enum setup_key setup_key(struct setup *setup, uint32_t key);

/* "1m", "5m", "1h", "24h"; false for others. */
bool setup_span_parse(const char *text, timestamp *span);
const char *setup_span_name(timestamp span); /* "auto" for 0 and for what is not in the list */

enum setup_row {
    SETUP_ROW_THEME,
    SETUP_ROW_SPAN,
    SETUP_ROW_TREND,
    SETUP_ROW_SCALE,
    SETUP_ROW_THRESHOLD,
    SETUP_FIRST_COLUMN,
};
#define SETUP_ROWS (SETUP_FIRST_COLUMN + COLUMN_COUNT - SETUP_FIXED)
#define SETUP_FIXED 2 /* columns that are always there: glyph and name */

/* The column of a row; the row is one of a column. */
#define SETUP_COLUMN(row) ((row)-SETUP_FIRST_COLUMN + SETUP_FIXED)

/* The next span of the list, round and round; "1m" after what is not in it. */
timestamp setup_next_span(timestamp span);

#endif
