#include "ui/chart_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "ui/format.h"

#define LABELLED_ROWS 7 /* lower plots have no room for names of lines */
#define LABELLED_COLUMNS 24
#define UP 0x25B2   /* ▲ */
#define DOWN 0x25BC /* ▼ */
#define EDGE_TEXT 48

/* A way to draw a line: which columns of a turn of four, which dots of them, in ASCII what. All
 * differ, as colours may not. */
struct stroke {
    unsigned style;
    unsigned turn; /* bit 0: the first of four columns */
    bool both;     /* dots of a character: or the left one alone */
    char ascii;    /* there every braille character is a star */
};

static const struct stroke band_stroke = {STYLE_BAND, 0xF, false, '.'};
static const struct stroke limit_stroke = {STYLE_FADING, 0xF, true, '-'};
static const struct stroke mean_stroke = {STYLE_BAND, 0x3, true, '~'};
static const struct stroke sigma_stroke = {STYLE_BAND, 0x1, true, ','};

/* Along a value, where nothing else is drawn, in the first so many columns. */
static void draw_line_at(struct canvas *canvas, const struct plot *plot, double value,
                         const struct stroke *stroke, int columns)
{
    if (!plot_inside(plot, value))
        return;
    int y = plot_dot_of(plot, value), row = plot->rows - 1 - y / DOTS;
    int dot = DOTS - 1 - y % DOTS;
    uint8_t dots = (uint8_t)(plot_bit(0, dot) | (stroke->both ? plot_bit(1, dot) : 0));
    uint32_t code = canvas->ascii ? (uint32_t)stroke->ascii : BRAILLE + (uint32_t)dots;
    for (int column = 0; column < columns; column++) {
        bool now = column == plot->now && !stroke->both;
        if ((stroke->turn >> column % 4 & 1) && !now &&
            !plot_occupied(plot, row * plot->columns + column))
            canvas_put(canvas, plot->x + column, plot->y + row, stroke->style, code);
    }
}

/* Its name at the left end of a line, if nothing is there but the line. */
static void name_line(struct canvas *canvas, const struct plot *plot, double value,
                      const char *name)
{
    int row = plot->rows - 1 - plot_dot_of(plot, value) / DOTS, columns = (int)text_width(name);
    if (!plot_inside(plot, value) || plot->rows < LABELLED_ROWS || plot->now < LABELLED_COLUMNS)
        return;
    for (int column = 0; column <= columns; column++)
        if (plot_occupied(plot, row * plot->columns + column))
            return;
    canvas_text(canvas, plot->x, plot->y + row, columns, STYLE_BAND, name);
    canvas_put(canvas, plot->x + columns, plot->y + row, STYLE_BAND, ' ');
}

void draw_lines(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    if (chart->has_lines) {
        double reach = 3 * chart->sigma;
        draw_line_at(canvas, plot, chart->mean, &mean_stroke, plot->now);
        draw_line_at(canvas, plot, chart->mean - reach, &sigma_stroke, plot->now);
        draw_line_at(canvas, plot, chart->mean + reach, &sigma_stroke, plot->now);
    }
    if (chart->has_band) {
        draw_line_at(canvas, plot, chart->low, &band_stroke, plot->columns);
        draw_line_at(canvas, plot, chart->high, &band_stroke, plot->columns);
    }
    if (chart->has_lines && chart->sigma > 0) {
        name_line(canvas, plot, chart->mean, "mean");
        name_line(canvas, plot, chart->mean - 3 * chart->sigma, canvas->ascii ? "-3sd" : "-3σ");
        name_line(canvas, plot, chart->mean + 3 * chart->sigma, canvas->ascii ? "+3sd" : "+3σ");
    }
    if (chart->limits) {
        draw_line_at(canvas, plot, chart->limits->min, &limit_stroke, plot->columns);
        draw_line_at(canvas, plot, chart->limits->max, &limit_stroke, plot->columns);
    }
}

/* A limit that is not in the picture: which way, and what it is, at the end of that row or, where
 * the series is, at its beginning. */
static void draw_limit_beyond(struct canvas *canvas, const struct plot *plot, double limit)
{
    if (isnan(limit) || plot_inside(plot, limit))
        return;
    bool above = limit > plot->scale.base;
    int row = above ? 0 : plot->rows - 1, x = plot->columns;
    char text[EDGE_TEXT], value[FORMAT_TEXT];
    format_value(limit, format_precision(limit, 0, limit, limit), 10, value);
    snprintf(text, sizeof text, "%s %s %s", above ? "▲" : "▼", above ? "max" : "min", value);
    int width = (int)text_width(text);
    if (width + 2 > plot->columns)
        return;
    x -= width;
    for (int column = x; column < plot->columns; column++)
        if (plot_occupied(plot, row * plot->columns + column))
            x = 1;
    canvas_text(canvas, plot->x + x, plot->y + row, width, STYLE_FADING, text);
}

/* A series that leaves the picture says so at its edge. */
static void draw_beyond(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    for (int column = 0; column < plot->now; column++) {
        unsigned style = plot_style(plot, chart, column);
        if (plot->beyond[column] & BEYOND_TOP)
            canvas_put(canvas, plot->x + column, plot->y, style, UP);
        if (plot->beyond[column] & BEYOND_BOTTOM)
            canvas_put(canvas, plot->x + column, plot->y + plot->rows - 1, style, DOWN);
    }
}

void draw_edges(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    draw_beyond(canvas, plot, chart);
    if (!chart->limits)
        return;
    draw_limit_beyond(canvas, plot, chart->limits->max);
    draw_limit_beyond(canvas, plot, chart->limits->min);
}
