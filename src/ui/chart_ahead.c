#include "ui/chart_plot.h"

#include <math.h>

#define NOW_LINE 0x250A /* ┊ */

/* A dotted line, and its band as edges with a light haze between: unlike anything measured, also
 * where there are no colours. */
void plot_ahead(struct plot *plot, const struct chart *chart)
{
    for (unsigned i = 2; chart->ahead && i < chart->ahead_count; i++) {
        const struct prospect *at = &chart->ahead[i];
        int x = plot->now * 2 + (int)i;
        int low = plot_dot_of(plot, at->low), high = plot_dot_of(plot, at->high);
        for (int y = low; i % 4 == 0 && y <= high; y++)
            if (y % DOTS == 1)
                plot_dot(plot, plot->cone, x, y);
        if (i % 2 == 0 && plot_inside(plot, at->low))
            plot_dot(plot, plot->cone, x, low);
        if (i % 2 == 0 && plot_inside(plot, at->high))
            plot_dot(plot, plot->cone, x, high);
        if (i % 2 == 0 && plot_inside(plot, at->value))
            plot_dot(plot, plot->path, x, plot_dot_of(plot, at->value));
    }
}

/* Where it leaves the expected band it asks for attention. */
static bool leaves_band(const struct chart *chart, int column)
{
    unsigned i = (unsigned)column * 2;
    if (!chart->has_band || !chart->ahead || i >= chart->ahead_count)
        return false;
    double value = chart->ahead[i].value;
    return value < chart->low || value > chart->high;
}

void draw_ahead(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    for (int column = plot->now; column < plot->columns; column++) {
        unsigned style = leaves_band(chart, column - plot->now) ? STYLE_WARN : STYLE_AHEAD;
        for (int row = 0; row < plot->rows; row++) {
            int x = plot->x + column, y = plot->y + row, at = row * plot->columns + column;
            if (column == plot->now)
                canvas_put(canvas, x, y, STYLE_BAND, NOW_LINE);
            else if (plot->path[at])
                canvas_put(canvas, x, y, style, canvas->ascii ? 'o' : BRAILLE + plot->path[at]);
            else if (plot->cone[at])
                canvas_put(canvas, x, y, STYLE_BAND,
                           canvas->ascii ? ':' : BRAILLE + plot->cone[at]);
        }
    }
}

/* What may come may treble the picture, not flatten it; what was flat has nothing to lose. */
void widen_ahead(const struct chart *chart, double *low, double *high)
{
    double height = *high - *low;
    double room = height > 0 ? height : INFINITY, least = *low - room, most = *high + room;
    for (unsigned i = 2; isfinite(height) && chart->ahead && i < chart->ahead_count; i++) {
        *low = fmin(*low, fmax(chart->ahead[i].low, least));
        *high = fmax(*high, fmin(chart->ahead[i].high, most));
    }
}
