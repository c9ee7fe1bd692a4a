/* Where everything goes: pure functions of the terminal's size. Panes never overlap and never leave
 * the screen; what has no room is dropped in a fixed order, down to one line a series. */
#ifndef DT_UI_LAYOUT_H
#define DT_UI_LAYOUT_H

#include "ui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

/* Columns of the table, in the order they are drawn. */
enum column {
    COLUMN_GLYPH,
    COLUMN_NAME,
    COLUMN_VALUE,
    COLUMN_UNIT,
    COLUMN_TREND,
    COLUMN_Z,
    COLUMN_MEAN,
    COLUMN_SD,
    COLUMN_MIN,
    COLUMN_MAX,
    COLUMN_RATE,
    COLUMN_ANOMALIES,
    COLUMN_ETA,
    COLUMN_AGE,
    COLUMN_COUNT,
};

/* Which of them are wanted, in which order from the left; glyph and name always come first. */
struct columns {
    enum column order[COLUMN_COUNT];
    bool hidden[COLUMN_COUNT];
};

struct column_place {
    int x, width; /* width 0: not shown */
};

/* A pane with height 0 is not shown. */
struct layout {
    int width, height;
    struct rect header; /* 3, 1 or 0 lines */
    struct rect table;  /* its heading line included when table_heading */
    bool table_heading;
    bool one_liner; /* below 40 columns or 6 rows: a line a series, name and value only */
    struct rect chart, card;
    struct rect statistics;  /* right of the chart, as high */
    struct rect chart_title; /* the rule above chart and card */
    struct rect card_title;  /* in the detail view, where the card lies below the chart */
    struct rect events_title, events;
    struct rect keys;
    struct column_place columns[COLUMN_COUNT];
    /* Of the table, scrolled sideways (layout_scroll.h): */
    bool more_left, more_right; /* there are columns, or parts of names, that are not seen */
    int name_skip;              /* columns of long names that are left out at their beginning */
};

/* width ≥ 1, height ≥ 1. name_width: columns of the widest name that wants to be shown. rows: how
 * many series there are: what the table does not need goes to chart and events. */
void layout_compute(struct layout *layout, int width, int height, int name_width, uint32_t rows);

/* The same with columns as they are wanted; NULL: all, in our order. */
void layout_compute_for(struct layout *layout, int width, int height, int name_width, uint32_t rows,
                        const struct columns *columns);

/* The least width of a column, and in *gap the blanks before it. */
int layout_column_size(enum column column, int *gap);

/* The width of names beside other columns on a screen this wide. */
int layout_name_width(int width, int name_width);

/* Where there is no header, its first line comes back for what must be told: no connection, a
 * pause.
 */
void layout_notice(struct layout *layout);

/* The detail view: header, chart over the whole width, the card below it, keys. */
void layout_detail(struct layout *layout, int width, int height);

/* The same for a twin without a series: the card alone. */
void layout_twin(struct layout *layout, int width, int height);

/* One pane over the whole screen between header and keys: chart with card, or events. */
enum pane { PANE_TABLE, PANE_CHART, PANE_EVENTS };
void layout_maximise(struct layout *layout, int width, int height, enum pane pane);

#endif
