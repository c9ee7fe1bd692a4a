/* A grid of styled character cells: what views draw on. Knows nothing of terminals; tests read it
 * as text. Writes outside the grid, or outside the clip rectangle, are cut off silently; a wide
 * character that would be cut in half becomes a blank. Main thread. */
#ifndef DT_UI_CANVAS_H
#define DT_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a cell means, never how it looks: theme.h decides that. */
enum style {
    STYLE_NORMAL,
    STYLE_DIM,    /* labels, axes, what is not of the moment */
    STYLE_STRONG, /* values that matter */
    STYLE_ACCENT, /* headings, names of panes */
    STYLE_BAR,    /* the header's first line */
    STYLE_BAR_DIM,
    STYLE_BAR_STRONG,
    STYLE_BAR_ACCENT,
    STYLE_BAR_GOOD,
    STYLE_BAR_WARN,
    STYLE_BAR_ALARM,
    STYLE_BAR_SIM,
    STYLE_HEADING, /* column headings of the table */
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_ALARM,
    STYLE_FADING, /* an alarm of a while ago */
    STYLE_SIM,    /* simulated */
    STYLE_SPARK,
    STYLE_SPARK_OFF, /* of a sensor that is silent */
    STYLE_BAND,      /* the expected band in a chart */
    STYLE_AHEAD,     /* what is expected to come */
    STYLE_KEY,       /* F1 in the key bar */
    STYLE_KEY_LABEL,
    STYLE_NOTICE, /* reverse: PAUSED, prompts */
    STYLE_COUNT,
};

/* Ored to a style: the cell is in the selected row; or drawn in reverse (an anomalous spark cell).
 */
#define STYLE_SELECTED 0x40
#define STYLE_REVERSE 0x80

#define CELL_BYTES 12 /* a base character and one combining mark, NUL included */

struct cell {
    char text[CELL_BYTES]; /* "" in the right half of a wide character */
    uint8_t style;         /* enum style | STYLE_SELECTED | STYLE_REVERSE */
    uint8_t columns;       /* 1, 2 for a wide character, 0 for its right half */
};

struct rect {
    int x, y, width, height;
};

struct canvas {
    int width, height;
    struct cell *cells; /* row by row */
    struct rect clip;
    bool ascii; /* every character above U+007E is drawn as its ASCII stand-in or '?' */
};

void canvas_init(struct canvas *canvas, bool ascii);
void canvas_fini(struct canvas *canvas);
void canvas_resize(struct canvas *canvas, int width, int height); /* clears it too */
void canvas_clear(struct canvas *canvas); /* all of the grid, whatever the clip */

/* Further drawing stays inside rect (cut to the grid). Coordinates stay those of the grid. */
void canvas_clip(struct canvas *canvas, struct rect rect);
void canvas_unclip(struct canvas *canvas);

/* Draws sanitised text from (x, y) in at most `columns` columns, cut with '…' if it is longer.
 * Returns the columns drawn. */
int canvas_text(struct canvas *canvas, int x, int y, int columns, unsigned style, const char *text);

/* The same, flush right in the `columns` columns from x. */
int canvas_text_right(struct canvas *canvas, int x, int y, int columns, unsigned style,
                      const char *text);

/* printf; the arguments must be sanitised. */
int canvas_format(struct canvas *canvas, int x, int y, int columns, unsigned style,
                  const char *format, ...) __attribute__((format(printf, 6, 7)));

/* One character into one cell. */
void canvas_put(struct canvas *canvas, int x, int y, unsigned style, uint32_t code);
void canvas_fill(struct canvas *canvas, struct rect rect, unsigned style, uint32_t code);

/* Gives all cells of the rectangle one more style bit, or replaces their style. */
void canvas_mark(struct canvas *canvas, struct rect rect, unsigned bits);
void canvas_restyle(struct canvas *canvas, struct rect rect, unsigned style);

/* NULL outside the grid. */
const struct cell *canvas_at(const struct canvas *canvas, int x, int y);

/* Row y as text without trailing blanks, for tests: out has size bytes. */
void canvas_row_text(const struct canvas *canvas, int y, char *out, size_t size);

#endif
