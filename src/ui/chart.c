#include "ui/chart_plot.h"

#include <math.h>
#include <stdlib.h>

#include "core/xalloc.h"
#include "ui/spark.h"

#define WIDE_AXIS 9    /* columns for the labels and the axis */
#define NARROW_AXIS 7  /* where the whole chart is narrow */
#define MARK_EVERY 16  /* columns from one mark on a line to the next */
#define OWN_MARGIN 0.1 /* of the height, above and below a series with a scale of its own */

int chart_plot_columns(int width)
{
    int columns = width - (width < 40 ? NARROW_AXIS : WIDE_AXIS);
    return columns < 0 ? 0 : columns;
}

/* Unicode numbers the upper three rows first, column by column, then the lowest row. */
uint8_t plot_bit(int x, int y)
{
    return (uint8_t)(y == DOTS - 1 ? 0x40 << x : 1 << (x * 3 + y));
}

void plot_dot(const struct plot *plot, uint8_t *dots, int x, int y)
{
    if (x < 0 || x >= plot->columns * 2 || y < 0 || y >= plot->rows * DOTS)
        return;
    int row = plot->rows - 1 - y / DOTS;
    dots[row * plot->columns + x / 2] |= plot_bit(x % 2, DOTS - 1 - y % DOTS);
}

/* Dots from the bottom, not bounded by the plot. */
static double height_of(const struct plot *plot, double value)
{
    double dot = plot->scale.step / (plot->scale.every * DOTS);
    return (value - plot->scale.base) / dot + CENTRE;
}

int plot_dot_of(const struct plot *plot, double value)
{
    double top = plot->rows * DOTS - 1;
    return (int)fmin(fmax(round(height_of(plot, value)), 0), top);
}

bool plot_inside(const struct plot *plot, double value)
{
    double y = height_of(plot, value);
    return y > -0.75 && y < plot->rows * DOTS - 0.25;
}

bool plot_occupied(const struct plot *plot, int cell)
{
    return plot->dots[cell] || plot->others[cell] || plot->path[cell] || plot->cone[cell];
}

/* Closes the step from one bucket's last value to the nearer end of its neighbour: the dots between
 * belong to whichever of the two is closer. */
static void join(struct plot *plot, uint8_t *dots, int x, int from, int to)
{
    int low = from < to ? from : to, high = from < to ? to : from;
    for (int y = low + 1; y < high; y++)
        plot_dot(plot, dots, abs(y - from) < abs(y - to) ? x : x + 1, y);
}

static void mark_column(struct plot *plot, int x, const struct bucket *bucket)
{
    if (x < 0)
        return;
    if (bucket->mark > plot->marks[x / 2]) {
        plot->marks[x / 2] = (uint8_t)bucket->mark;
        plot->kinds[x / 2] = bucket->kind;
    }
    if (!plot_inside(plot, bucket->max) && bucket->max > plot->scale.base)
        plot->beyond[x / 2] |= BEYOND_TOP;
    if (!plot_inside(plot, bucket->min) && bucket->min < plot->scale.base)
        plot->beyond[x / 2] |= BEYOND_BOTTOM;
}

static void plot_series(struct plot *plot, uint8_t *dots, const struct bucket *buckets,
                        unsigned count)
{
    const struct bucket *before = NULL; /* the neighbour to the left, unless there is a gap */
    for (unsigned i = 0; i < count; i++) {
        const struct bucket *bucket = &buckets[i];
        int x = plot->first + (int)i;
        if (bucket->count == 0) {
            before = NULL;
            continue;
        }
        int low = plot_dot_of(plot, bucket->min), high = plot_dot_of(plot, bucket->max);
        for (int y = low; y <= high; y++)
            plot_dot(plot, dots, x, y);
        if (before) {
            int from = plot_dot_of(plot, before->last);
            join(plot, dots, x - 1, from, from < low ? low : from > high ? high : from);
        }
        if (dots == plot->dots)
            mark_column(plot, x, bucket);
        before = bucket;
    }
}

/* Widens a range, which may be empty (low > high). */
static void extremes(const struct bucket *buckets, unsigned count, double *low, double *high)
{
    for (unsigned i = 0; i < count; i++) {
        if (buckets[i].count == 0)
            continue;
        *low = fmin(*low, buckets[i].min);
        *high = fmax(*high, buckets[i].max);
    }
}

bool chart_extremes(const struct bucket *buckets, unsigned count, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    extremes(buckets, count, low, high);
    return *low <= *high;
}

/* One that is of another unit fills the height of the plot. */
static struct chart_scale scale_of(const struct plot *plot, const struct chart_other *other,
                                   unsigned count)
{
    double low, high;
    if (!other->own_scale || !chart_extremes(other->buckets, count, &low, &high))
        return plot->scale;
    double height = (high - low) / (1 - 2 * OWN_MARGIN);
    if (!(height > 0) || !isfinite(height))
        height = fmax(fabs(low), 1);
    double row = height / plot->rows, middle = low / 2 + high / 2;
    return (struct chart_scale){middle - row * (plot->rows - 1) / 2, row, 1};
}

/* All further series in one layer of dots; of those in one cell the last is seen. */
static void plot_others(struct plot *plot, const struct chart *chart, uint8_t *scratch)
{
    const struct chart_scale scale = plot->scale;
    int cells = plot->rows * plot->columns;
    for (unsigned i = 0; i < chart->other_count; i++) {
        const struct chart_other *other = &chart->others[i];
        plot->scale = scale_of(plot, other, chart->count);
        for (int at = 0; at < cells; at++)
            scratch[at] = 0;
        plot_series(plot, scratch, other->buckets, chart->count);
        for (int at = 0; at < cells; at++)
            if (scratch[at]) {
                plot->others[at] |= scratch[at];
                plot->owners[at] = (uint8_t)(i + 1);
            }
        plot->scale = scale;
    }
}

/* Reverse is for terminals without colours: themes with colours leave it out. */
unsigned plot_style(const struct plot *plot, const struct chart *chart, int column)
{
    int mark = plot->marks[column];
    if (mark == MARK_HUSHED)
        return STYLE_DIM | STYLE_REVERSE;
    if (mark == MARK_NOTICE)
        return STYLE_WARN | STYLE_REVERSE;
    if (mark == MARK_ALARM) {
        timestamp age = chart->behind + chart->span / plot->now * (plot->now - 1 - column);
        return (age < ANOMALY_FADING ? STYLE_ALARM : STYLE_FADING) | STYLE_REVERSE;
    }
    return chart->off ? STYLE_SPARK_OFF : STYLE_SPARK;
}

/* In ASCII all braille is a star, so that several series are told apart by their marks alone. */
static uint32_t dots_code(const struct canvas *canvas, char mark, uint8_t dots)
{
    return canvas->ascii && mark ? (uint32_t)mark : BRAILLE + (uint32_t)dots;
}

static void draw_dots(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    for (int column = 0; column < plot->columns; column++) {
        unsigned style = plot_style(plot, chart, column);
        for (int row = 0; row < plot->rows; row++) {
            int at = row * plot->columns + column, x = plot->x + column, y = plot->y + row;
            uint8_t dots = plot->dots[at] | plot->others[at];
            if (plot->dots[at]) {
                canvas_put(canvas, x, y, style, dots_code(canvas, chart->mark, dots));
            } else if (dots) {
                const struct chart_other *other = &chart->others[plot->owners[at] - 1];
                canvas_put(canvas, x, y, other->style, dots_code(canvas, other->mark, dots));
            }
        }
    }
}

/* The highest row of a column in which a series has dots of its own; -1: none. */
static int row_of(const struct plot *plot, unsigned owner, int column)
{
    for (int row = 0; row < plot->rows; row++) {
        int at = row * plot->columns + column;
        if (owner == 0 ? plot->dots[at] : !plot->dots[at] && plot->owners[at] == owner)
            return row;
    }
    return -1;
}

/* Marks stand on each line in turn, so that they don't hide each other. */
static void draw_marks_of(struct canvas *canvas, const struct plot *plot, unsigned owner, char mark,
                          unsigned style, unsigned count)
{
    int every = MARK_EVERY > (int)count * 3 ? MARK_EVERY : (int)count * 3;
    int first = 2 + (int)owner * every / (int)count;
    for (int column = first; mark && column < plot->now; column += every) {
        int row = row_of(plot, owner, column);
        if (row >= 0)
            canvas_put(canvas, plot->x + column, plot->y + row, style, (uint32_t)mark);
    }
}

static void draw_all_marks(struct canvas *canvas, const struct plot *plot,
                           const struct chart *chart)
{
    unsigned count = chart->other_count + 1;
    for (unsigned i = 0; i < chart->other_count; i++)
        draw_marks_of(canvas, plot, i + 1, chart->others[i].mark, chart->others[i].style, count);
    draw_marks_of(canvas, plot, 0, chart->mark, STYLE_STRONG, count);
}

/* What belongs to the picture unless it would flatten it. */
static void widen(double value, double room, double *low, double *high)
{
    if (value < *low && *low - value <= room)
        *low = value;
    if (value > *high && value - *high <= room)
        *high = value;
}

bool chart_range(const struct chart *chart, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    extremes(chart->buckets, chart->count, low, high);
    for (unsigned i = 0; i < chart->other_count; i++)
        if (!chart->others[i].own_scale)
            extremes(chart->others[i].buckets, chart->count, low, high);
    if (chart->limits && *high >= *low) {
        double room = fmax(*high - *low, fabs(*high) * 0.01);
        widen(chart->limits->min, room, low, high);
        widen(chart->limits->max, room, low, high);
    }
    widen_ahead(chart, low, high);
    /* The band belongs to the picture unless it would flatten it. */
    if (chart->has_band && chart->high > chart->low && *high > *low &&
        chart->high - chart->low <= 4 * (*high - *low)) {
        *low = fmin(*low, chart->low);
        *high = fmax(*high, chart->high);
    }
    return *low <= *high;
}

static bool has_reading(const struct chart *chart)
{
    double low = INFINITY, high = -INFINITY;
    extremes(chart->buckets, chart->count, &low, &high);
    for (unsigned i = 0; i < chart->other_count; i++)
        extremes(chart->others[i].buckets, chart->count, &low, &high);
    return low <= high;
}

static void draw_nothing(struct canvas *canvas, const struct plot *plot)
{
    canvas_fill(canvas, (struct rect){plot->x - 1, plot->y, 1, plot->rows}, STYLE_DIM, 0x2502);
    canvas_text(canvas, plot->x + 2, plot->y + plot->rows / 2, plot->columns - 2, STYLE_DIM,
                "no reading in this time");
}

static void draw_plot(struct canvas *canvas, struct rect rect, struct plot *plot,
                      const struct chart *chart)
{
    if (!chart->bare)
        draw_time_axis(canvas, plot, chart);
    if (!has_reading(chart)) {
        draw_nothing(canvas, plot);
    } else {
        draw_value_axis(canvas, &rect, plot);
        draw_dots(canvas, plot, chart);
        draw_ahead(canvas, plot, chart);
        draw_lines(canvas, plot, chart);
        draw_edges(canvas, plot, chart);
        draw_all_marks(canvas, plot, chart);
    }
    draw_cursor(canvas, plot, chart);
}

void chart_draw(struct canvas *canvas, struct rect rect, const struct chart *chart)
{
    struct plot plot = {.columns = chart_plot_columns(rect.width),
                        .rows = rect.height - !chart->bare};
    plot.now = plot.columns - (int)chart->ahead_count / 2;
    if (plot.columns < 1 || plot.rows < 1 || plot.now < 1 || chart->count == 0)
        return;
    plot.x = rect.x + rect.width - plot.columns;
    plot.y = rect.y;
    plot.first = plot.now * 2 - (int)chart->count;
    plot.scale = chart_scale_of(chart, plot.rows);

    size_t columns = (size_t)plot.columns, cells = columns * (size_t)plot.rows;
    uint8_t *memory = xcalloc(6 * cells + 3 * columns, 1);
    plot.dots = memory;
    plot.others = plot.dots + cells;
    plot.owners = plot.others + cells;
    plot.path = plot.owners + cells;
    plot.cone = plot.path + cells;
    plot.marks = plot.cone + 2 * cells; /* one layer between them is for scratch */
    plot.kinds = plot.marks + columns;
    plot.beyond = plot.kinds + columns;

    plot_series(&plot, plot.dots, chart->buckets, chart->count);
    plot_others(&plot, chart, plot.cone + cells);
    plot_ahead(&plot, chart);
    draw_plot(canvas, rect, &plot, chart);
    free(memory);
}
