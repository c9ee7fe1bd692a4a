#include "ui/chart_plot.h"

#define FOOT 0x25B2 /* ▲ */

/* A line as thin as a dot, so that it stands at one bucket; the series shows through it. */
static void draw_needle(struct canvas *canvas, const struct plot *plot, int bucket)
{
    int x = plot->first + bucket, column = x / 2;
    uint32_t code = canvas->ascii ? '|' : BRAILLE;
    for (int y = 0; y < DOTS && !canvas->ascii; y++)
        code += plot_bit(x % 2, y);
    for (int row = 0; row < plot->rows; row++) {
        struct rect cell = {plot->x + column, plot->y + row, 1, 1};
        int at = row * plot->columns + column;
        if (plot->dots[at] || plot->others[at])
            canvas_restyle(canvas, cell, STYLE_STRONG);
        else
            canvas_put(canvas, cell.x, cell.y, STYLE_ACCENT, code);
    }
}

void draw_cursor(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    int most = plot->now * 2 - 1;
    if (chart->has_choice) {
        int from = plot->first + chart->from, to = plot->first + chart->to;
        int left = (from < to ? from : to) / 2, right = (from < to ? to : from) / 2;
        if (left >= 0 && right * 2 <= most)
            canvas_mark(canvas,
                        (struct rect){plot->x + left, plot->y, right - left + 1, plot->rows},
                        STYLE_SELECTED);
    }
    int x = plot->first + chart->cursor;
    if (!chart->has_cursor || x < 0 || x > most)
        return;
    draw_needle(canvas, plot, chart->cursor);
    if (!chart->bare)
        canvas_put(canvas, plot->x + x / 2, plot->y + plot->rows, STYLE_ACCENT, FOOT);
}
