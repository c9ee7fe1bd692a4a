/* The inside of chart_draw(), shared by the files chart*.c and by nobody else: the plot as dots,
 * one byte of braille a character. */
#ifndef DT_UI_CHART_PLOT_H
#define DT_UI_CHART_PLOT_H

#include "ui/chart.h"

#define DOTS 4     /* of a braille character, from top to bottom */
#define CENTRE 1.5 /* the middle of a row, in dots from its lowest */
#define BRAILLE 0x2800

/* What one drawing needs: the plot's place and its dots. */
struct plot {
    int x, y, columns, rows;
    int now;   /* columns of the past; what is to come has the rest */
    int first; /* dot column of the first bucket */
    struct chart_scale scale;
    uint8_t *dots;
    uint8_t *others; /* of all further series */
    uint8_t *owners; /* which of them is on top, 1 the first */
    uint8_t *marks;  /* enum mark by column */
    uint8_t *kinds;  /* of anomaly, likewise */
    uint8_t *beyond; /* BEYOND_ bits by column */
    uint8_t *path;   /* dots of what is to come */
    uint8_t *cone;   /* and of its band */
};

enum { BEYOND_TOP = 1, BEYOND_BOTTOM = 2 };

/* chart.c */

/* The bit of the dot at column x (0, 1) and row y (0 the top) of a braille character. */
uint8_t plot_bit(int x, int y);

/* Sets the dot at x from the left and y from the bottom. */
void plot_dot(const struct plot *plot, uint8_t *dots, int x, int y);

/* The dot from the bottom that shows a value, at the edge where it lies outside. */
int plot_dot_of(const struct plot *plot, double value);
bool plot_inside(const struct plot *plot, double value);

/* Does something stand there already: past, or to come? */
bool plot_occupied(const struct plot *plot, int cell);

/* How a column of the past is drawn. */
unsigned plot_style(const struct plot *plot, const struct chart *chart, int column);

/* chart_ahead.c: what is to come */
void plot_ahead(struct plot *plot, const struct chart *chart);
void draw_ahead(struct canvas *canvas, const struct plot *plot, const struct chart *chart);
void widen_ahead(const struct chart *chart, double *low, double *high);

/* chart_lines.c: expected band, limits, mean and 3σ; what lies outside */
void draw_lines(struct canvas *canvas, const struct plot *plot, const struct chart *chart);
void draw_edges(struct canvas *canvas, const struct plot *plot, const struct chart *chart);

/* chart_axis.c */
void draw_value_axis(struct canvas *canvas, const struct rect *rect, const struct plot *plot);
void draw_time_axis(struct canvas *canvas, const struct plot *plot, const struct chart *chart);

/* chart_cursor.c: the cursor, the span that is being chosen */
void draw_cursor(struct canvas *canvas, const struct plot *plot, const struct chart *chart);

#endif
