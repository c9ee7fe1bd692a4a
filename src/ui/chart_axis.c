#include "ui/chart_plot.h"

#include <string.h>

#include "ui/format.h"
#include "ui/glyph.h"

#define LASTS 0x2501 /* ━ */
#define MINUTE (60 * TIMESTAMP_SECOND)
#define MINUTE_LABEL 5  /* "14:06" */
#define SECOND_LABEL 8  /* "14:06:41" */
#define LABEL_MARGIN 2  /* columns between two labels of the time axis, at least ... */
#define LABEL_SPACING 7 /* ... and wanted */

void draw_value_axis(struct canvas *canvas, const struct rect *rect, const struct plot *plot)
{
    int width = plot->x - rect->x;
    int decimals = format_step_precision(plot->scale.step);
    for (int row = 0; row < plot->rows; row++) {
        int up = plot->rows - 1 - row;
        bool tick = up % plot->scale.every == 0;
        canvas_put(canvas, plot->x - 1, plot->y + row, STYLE_DIM, tick ? 0x2524 : 0x2502);
        if (!tick)
            continue;
        char text[FORMAT_TEXT];
        int steps = up / plot->scale.every;
        double value = plot->scale.base + steps * plot->scale.step;
        format_value(value, decimals, width - 2, text);
        canvas_text_right(canvas, rect->x, plot->y + row, width - 2, STYLE_DIM, text);
    }
}

/* The shortest round time between two labels that have this much room. */
static timestamp time_step(timestamp least)
{
    static const int seconds[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
                                  600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        if (seconds[i] * TIMESTAMP_SECOND >= least)
            return seconds[i] * TIMESTAMP_SECOND;
    return 86400 * TIMESTAMP_SECOND;
}

/* Below each anomaly, on the time axis, the letter of its kind, and a line for as long as it lasts.
 */
static void draw_marks(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    for (int column = 0; column < plot->now; column++) {
        if (plot->marks[column] == MARK_NONE)
            continue;
        uint8_t kind = plot->kinds[column];
        bool goes_on =
            column > 0 && plot->marks[column - 1] != MARK_NONE && plot->kinds[column - 1] == kind;
        unsigned style = plot_style(plot, chart, column) & ~(unsigned)STYLE_REVERSE;
        uint32_t code = goes_on ? LASTS : (uint32_t)glyph_kind((enum anomaly_kind)kind);
        canvas_put(canvas, plot->x + column, plot->y + plot->rows, style, code);
    }
}

/* By the letter of an anomaly, or the foot of the cursor. */
static bool is_taken(const struct plot *plot, const struct chart *chart, int from, int to)
{
    int cursor = (plot->first + chart->cursor) / 2;
    if (chart->has_cursor && cursor >= from && cursor < to)
        return true;
    for (int column = from < 0 ? 0 : from; column < to && column < plot->now; column++)
        if (plot->marks[column] != MARK_NONE)
            return true;
    return false;
}

/* The moment at the end of the past, and how far the chart looks ahead. Returns the column where
 * the labels of the past must end. */
static int draw_end_labels(struct canvas *canvas, const struct plot *plot,
                           const struct chart *chart)
{
    int y = plot->y + plot->rows, room = plot->columns - plot->now;
    char text[FORMAT_TEXT] = "now", ahead[FORMAT_TEXT + 1] = "+";
    if (!chart->live)
        format_clock(chart->last, text);
    int width = (int)strlen(text), x = room > 0 ? plot->now : plot->columns - width;
    canvas_text(canvas, plot->x + x, y, width, STYLE_DIM, text);
    if (room == 0)
        return x;
    format_age(chart->span / (timestamp)chart->count * chart->ahead_count, ahead + 1);
    int more = (int)strlen(ahead);
    if (room > width + more)
        canvas_text(canvas, plot->x + plot->columns - more, y, more, STYLE_DIM, ahead);
    return x;
}

/* Clock times centred under the moments they name, where no anomaly has its mark; the end says
 * "now" or its own time. */
void draw_time_axis(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    int y = plot->y + plot->rows;
    canvas_put(canvas, plot->x - 1, y, STYLE_DIM, 0x2514);
    canvas_fill(canvas, (struct rect){plot->x, y, plot->columns, 1}, STYLE_DIM, 0x2500);
    draw_marks(canvas, plot, chart);
    int taken = draw_end_labels(canvas, plot, chart);

    double column = (double)chart->span / plot->now;
    timestamp step = time_step((timestamp)(column * (MINUTE_LABEL + LABEL_SPACING)));
    if (step % MINUTE != 0)
        step = time_step((timestamp)(column * (SECOND_LABEL + LABEL_SPACING)));
    bool minutes = step % MINUTE == 0;
    int width = minutes ? MINUTE_LABEL : SECOND_LABEL;
    timestamp start = chart->end - chart->span;
    int free = 0;
    for (timestamp at = (start / step + 1) * step; at < chart->end; at += step) {
        int x = (int)((double)(at - start) / column) - width / 2;
        if (x < free || x + width + LABEL_MARGIN > taken || is_taken(plot, chart, x, x + width))
            continue;
        char text[FORMAT_TEXT];
        if (minutes)
            format_clock_minute(at, text);
        else
            format_clock(at, text);
        canvas_text(canvas, plot->x + x, y, width, STYLE_DIM, text);
        free = x + width + LABEL_MARGIN;
    }
}
