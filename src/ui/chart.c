#include "ui/chart.h"

#include <math.h>
#include <string.h>

#include "core/xalloc.h"
#include "ui/format.h"
#include "ui/glyph.h"
#include "ui/spark.h"

#include <stdlib.h>

#define DOTS 4     /* of a braille character, from top to bottom */
#define CENTRE 1.5 /* the middle of a row, in dots from its lowest */
#define BRAILLE 0x2800
#define NOW_LINE 0x250A /* ┊ */
#define LASTS 0x2501    /* ━ */
#define WIDE_AXIS 9     /* columns for the labels and the axis */
#define NARROW_AXIS 7   /* where the whole chart is narrow */
#define MINUTE (60 * TIMESTAMP_SECOND)
#define MINUTE_LABEL 5  /* "14:06" */
#define SECOND_LABEL 8  /* "14:06:41" */
#define LABEL_MARGIN 2  /* columns between two labels of the time axis, at least ... */
#define LABEL_SPACING 7 /* ... and wanted */

int chart_plot_columns(int width)
{
    int columns = width - (width < 40 ? NARROW_AXIS : WIDE_AXIS);
    return columns < 0 ? 0 : columns;
}

double chart_nice_step(double low, double high, int ticks, double *first)
{
    double raw = (high - low) / ticks;
    double power = pow(10, floor(log10(raw)));
    double fraction = raw / power;
    /* A hair of room: 0.2 / 0.1 must count as 2, not as 2.0000000000000004. */
    double nice = fraction <= 1 + 1e-9   ? 1
                  : fraction <= 2 + 1e-9 ? 2
                  : fraction <= 5 + 1e-9 ? 5
                                         : 10;
    double step = nice * power;
    if (first)
        *first = ceil(low / step - 1e-9) * step;
    return step;
}

/* A range that has a height, whatever the data: a series that never changes lies in its middle. */
static void open_range(double *low, double *high)
{
    if (!isfinite(*low) || !isfinite(*high)) {
        *low = 0;
        *high = 1;
    }
    double least = fmax(fabs(*low), fabs(*high)) * 1e-9;
    if (*high - *low > least)
        return;
    double middle = *low / 2 + *high / 2;
    double margin = middle == 0 ? 1 : fmax(fmin(fabs(middle) * 0.05, 1), least);
    *low = middle - margin;
    *high = middle + margin;
}

/* Does the scale hold [low, high] in `rows` rows? Half a dot of rounding is no loss. */
static bool scale_holds(const struct chart_scale *scale, double low, double high, int rows)
{
    double dot = scale->step / (scale->every * DOTS);
    return low >= scale->base - (CENTRE + 0.5) * dot &&
           high <= scale->base + (rows * DOTS - CENTRE - 0.5) * dot;
}

/* The middle of what is free: lower by whole steps while that leaves more above than below. */
static void centre_scale(struct chart_scale *scale, double low, double high, int rows)
{
    double height = scale->step / scale->every * rows;
    for (;;) {
        struct chart_scale lower = *scale;
        lower.base -= lower.step;
        double bottom = scale->base - scale->step / scale->every / 2;
        if (!scale_holds(&lower, low, high, rows) ||
            bottom + height - high < low - bottom + scale->step)
            return;
        *scale = lower;
    }
}

struct chart_scale chart_scale(double low, double high, int rows)
{
    struct chart_scale best = {0};
    double least = INFINITY;
    open_range(&low, &high);
    int most = rows < 3 ? 1 : rows - 1 < 5 ? rows - 1 : 5;
    for (int every = most > 1 ? 2 : 1; every <= most; every++) {
        for (int ticks = rows / every + 1; ticks >= 1; ticks--) {
            struct chart_scale scale = {.every = every};
            scale.step = chart_nice_step(low, high, ticks, NULL);
            double dot = scale.step / (every * DOTS);
            scale.base = floor((low + (CENTRE + 0.5) * dot) / scale.step) * scale.step;
            /* The tallest picture, though not at the price of an axis with two numbers. */
            double cost = scale.step / every * (1 + 0.12 * every);
            if (scale_holds(&scale, low, high, rows) && cost < least * (1 - 1e-9)) {
                best = scale;
                least = cost;
            }
        }
    }
    if (best.every > 0)
        centre_scale(&best, low, high, rows);
    /* No round step fits so few rows: from end to end, or the middle in a single row. */
    if (best.every == 0 && rows < 2)
        best = (struct chart_scale){low / 2 + high / 2, high - low, 1};
    else if (best.every == 0)
        best = (struct chart_scale){low, (high - low) / (rows - 1), 1};
    return best;
}

/* What one drawing needs: the plot's place and its dots, one byte a character. */
struct plot {
    int x, y, columns, rows;
    int now;   /* columns of the past; what is to come has the rest */
    int first; /* dot column of the first bucket */
    struct chart_scale scale;
    uint8_t *dots;
    uint8_t *marks; /* enum mark by column */
    uint8_t *kinds; /* of anomaly, likewise */
    uint8_t *path;  /* dots of what is to come */
    uint8_t *cone;  /* and of its band */
};

/* The bit of the dot at column x (0, 1) and row y (0 the top) of a braille character: Unicode
 * numbers the upper three rows first, column by column, then the lowest row. */
static uint8_t dot_bit(int x, int y)
{
    return (uint8_t)(y == DOTS - 1 ? 0x40 << x : 1 << (x * 3 + y));
}

/* Sets the dot at x from the left and y from the bottom. */
static void set_dot_of(const struct plot *plot, uint8_t *dots, int x, int y)
{
    if (x < 0 || x >= plot->columns * 2 || y < 0 || y >= plot->rows * DOTS)
        return;
    int row = plot->rows - 1 - y / DOTS;
    dots[row * plot->columns + x / 2] |= dot_bit(x % 2, DOTS - 1 - y % DOTS);
}

static void set_dot(struct plot *plot, int x, int y)
{
    set_dot_of(plot, plot->dots, x, y);
}

static int dot_of(const struct plot *plot, double value)
{
    double dot = plot->scale.step / (plot->scale.every * DOTS);
    double y = round((value - plot->scale.base) / dot + CENTRE);
    double top = plot->rows * DOTS - 1;
    return (int)fmin(fmax(y, 0), top);
}

/* Closes the step from one bucket's last value to the nearer end of its neighbour: the dots between
 * belong to whichever of the two is closer. */
static void join(struct plot *plot, int x, int from, int to)
{
    int low = from < to ? from : to, high = from < to ? to : from;
    for (int y = low + 1; y < high; y++)
        set_dot(plot, abs(y - from) < abs(y - to) ? x : x + 1, y);
}

static void draw_series(struct plot *plot, const struct chart *chart)
{
    const struct bucket *before = NULL; /* the neighbour to the left, unless there is a gap */
    for (unsigned i = 0; i < chart->count; i++) {
        const struct bucket *bucket = &chart->buckets[i];
        int x = plot->first + (int)i;
        if (bucket->count == 0) {
            before = NULL;
            continue;
        }
        int low = dot_of(plot, bucket->min), high = dot_of(plot, bucket->max);
        for (int y = low; y <= high; y++)
            set_dot(plot, x, y);
        if (before) {
            int from = dot_of(plot, before->last);
            join(plot, x - 1, from, from < low ? low : from > high ? high : from);
        }
        if (x >= 0 && bucket->mark > plot->marks[x / 2]) {
            plot->marks[x / 2] = (uint8_t)bucket->mark;
            plot->kinds[x / 2] = bucket->kind;
        }
        before = bucket;
    }
}

static bool inside(const struct plot *plot, double value)
{
    double dot = plot->scale.step / (plot->scale.every * DOTS);
    double y = (value - plot->scale.base) / dot + CENTRE;
    return y > -0.75 && y < plot->rows * DOTS - 0.25;
}

/* A dotted line, and its band as edges with a light haze between: unlike anything measured, also
 * where there are no colours. */
static void plot_ahead(struct plot *plot, const struct chart *chart)
{
    for (unsigned i = 2; i < chart->ahead_count; i++) {
        const struct prospect *at = &chart->ahead[i];
        int x = plot->now * 2 + (int)i;
        int low = dot_of(plot, at->low), high = dot_of(plot, at->high);
        for (int y = low; i % 4 == 0 && y <= high; y++)
            if (y % DOTS == 1)
                set_dot_of(plot, plot->cone, x, y);
        if (i % 2 == 0 && inside(plot, at->low))
            set_dot_of(plot, plot->cone, x, low);
        if (i % 2 == 0 && inside(plot, at->high))
            set_dot_of(plot, plot->cone, x, high);
        if (i % 2 == 0 && inside(plot, at->value))
            set_dot_of(plot, plot->path, x, dot_of(plot, at->value));
    }
}

/* Where it leaves the expected band it asks for attention. */
static bool leaves_band(const struct chart *chart, int column)
{
    unsigned i = (unsigned)column * 2;
    if (!chart->has_band || i >= chart->ahead_count)
        return false;
    double value = chart->ahead[i].value;
    return value < chart->low || value > chart->high;
}

static void draw_ahead(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
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

static bool is_free(const struct plot *plot, int row, int column)
{
    int at = row * plot->columns + column;
    return plot->dots[at] == 0 && plot->path[at] == 0 && plot->cone[at] == 0 && column != plot->now;
}

/* One dot a character along a limit of the expected band, where nothing else is drawn. */
static void draw_band_line(struct canvas *canvas, const struct plot *plot, double value)
{
    int y = dot_of(plot, value);
    int row = plot->rows - 1 - y / DOTS;
    /* In ASCII every braille character is a star: the band must not look like the series. */
    uint32_t code = canvas->ascii ? '.' : BRAILLE + (uint32_t)dot_bit(0, DOTS - 1 - y % DOTS);
    for (int column = 0; column < plot->columns; column++)
        if (is_free(plot, row, column))
            canvas_put(canvas, plot->x + column, plot->y + row, STYLE_BAND, code);
}

/* Does something stand there already: past, or to come? */
static bool occupied(const struct plot *plot, int cell)
{
    return plot->dots[cell] || plot->path[cell] || plot->cone[cell];
}

/* A whole line along a limit that a person has set. */
static void draw_limit_line(struct canvas *canvas, const struct plot *plot, double value)
{
    int y = dot_of(plot, value);
    int row = plot->rows - 1 - y / DOTS;
    uint8_t dots = (uint8_t)(dot_bit(0, DOTS - 1 - y % DOTS) | dot_bit(1, DOTS - 1 - y % DOTS));
    uint32_t code = canvas->ascii ? '-' : BRAILLE + (uint32_t)dots;
    for (int column = 0; column < plot->columns; column++)
        if (!occupied(plot, row * plot->columns + column))
            canvas_put(canvas, plot->x + column, plot->y + row, STYLE_FADING, code);
}

/* Reverse is for terminals without colours: themes with colours leave it out. */
static unsigned column_style(const struct plot *plot, const struct chart *chart, int column)
{
    int mark = plot->marks[column];
    if (mark == MARK_HUSHED)
        return STYLE_DIM | STYLE_REVERSE;
    if (mark == MARK_NOTICE)
        return STYLE_WARN | STYLE_REVERSE;
    if (mark == MARK_ALARM) {
        timestamp age = chart->span / plot->now * (plot->now - 1 - column);
        return (age < ANOMALY_FADING ? STYLE_ALARM : STYLE_FADING) | STYLE_REVERSE;
    }
    return chart->off ? STYLE_SPARK_OFF : STYLE_SPARK;
}

static void draw_dots(struct canvas *canvas, const struct plot *plot, const struct chart *chart)
{
    for (int column = 0; column < plot->columns; column++) {
        unsigned style = column_style(plot, chart, column);
        for (int row = 0; row < plot->rows; row++) {
            uint8_t dots = plot->dots[row * plot->columns + column];
            if (dots)
                canvas_put(canvas, plot->x + column, plot->y + row, style, BRAILLE + dots);
        }
    }
}

static void draw_value_axis(struct canvas *canvas, const struct rect *rect, const struct plot *plot)
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
        unsigned style = column_style(plot, chart, column) & ~(unsigned)STYLE_REVERSE;
        uint32_t code = goes_on ? LASTS : (uint32_t)glyph_kind((enum anomaly_kind)kind);
        canvas_put(canvas, plot->x + column, plot->y + plot->rows, style, code);
    }
}

static bool is_marked(const struct plot *plot, int from, int to)
{
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
        format_clock(chart->end, text);
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
static void draw_time_axis(struct canvas *canvas, const struct plot *plot,
                           const struct chart *chart)
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
        if (x < free || x + width + LABEL_MARGIN > taken || is_marked(plot, x, x + width))
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

/* What belongs to the picture unless it would flatten it. */
static void widen(double value, double room, double *low, double *high)
{
    if (value < *low && *low - value <= room)
        *low = value;
    if (value > *high && value - *high <= room)
        *high = value;
}

/* What may come may treble the picture, not flatten it; what was flat has nothing to lose. */
static void widen_ahead(const struct chart *chart, double *low, double *high)
{
    double height = *high - *low;
    double room = height > 0 ? height : INFINITY, least = *low - room, most = *high + room;
    for (unsigned i = 2; isfinite(height) && i < chart->ahead_count; i++) {
        *low = fmin(*low, fmax(chart->ahead[i].low, least));
        *high = fmax(*high, fmin(chart->ahead[i].high, most));
    }
}

static void find_range(const struct chart *chart, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (unsigned i = 0; i < chart->count; i++) {
        if (chart->buckets[i].count == 0)
            continue;
        *low = fmin(*low, chart->buckets[i].min);
        *high = fmax(*high, chart->buckets[i].max);
    }
    if (chart->limits && *high >= *low) {
        double room = fmax(*high - *low, fabs(*high) * 0.01);
        widen(chart->limits->min, room, low, high);
        widen(chart->limits->max, room, low, high);
    }
    widen_ahead(chart, low, high);
    if (!chart->has_band || !(chart->high > chart->low) || !(*high > *low))
        return;
    /* The band belongs to the picture unless it would flatten it. */
    if (chart->high - chart->low > 4 * (*high - *low))
        return;
    *low = fmin(*low, chart->low);
    *high = fmax(*high, chart->high);
}

void chart_draw(struct canvas *canvas, struct rect rect, const struct chart *chart)
{
    struct plot plot = {.columns = chart_plot_columns(rect.width), .rows = rect.height - 1};
    if (plot.columns < 1 || plot.rows < 1)
        return;
    plot.x = rect.x + rect.width - plot.columns;
    plot.y = rect.y;
    plot.now = plot.columns - (int)chart->ahead_count / 2;
    if (plot.now < 1 || chart->count == 0)
        return;
    plot.first = plot.now * 2 - (int)chart->count;

    double low, high;
    find_range(chart, &low, &high);
    bool empty = !isfinite(low);
    plot.scale = chart_scale(low, high, plot.rows);
    size_t columns = (size_t)plot.columns, cells = columns * (size_t)plot.rows;
    uint8_t *memory = xcalloc(3 * cells + 2 * columns, 1);
    plot.dots = memory;
    plot.path = plot.dots + cells;
    plot.cone = plot.path + cells;
    plot.marks = plot.cone + cells;
    plot.kinds = plot.marks + columns;

    draw_series(&plot, chart);
    plot_ahead(&plot, chart);
    draw_time_axis(canvas, &plot, chart);
    if (empty) {
        canvas_fill(canvas, (struct rect){plot.x - 1, plot.y, 1, plot.rows}, STYLE_DIM, 0x2502);
        canvas_text(canvas, plot.x + 2, plot.y + plot.rows / 2, plot.columns - 2, STYLE_DIM,
                    "no reading in this time");
    } else {
        draw_value_axis(canvas, &rect, &plot);
        draw_dots(canvas, &plot, chart);
        draw_ahead(canvas, &plot, chart);
        if (chart->has_band && inside(&plot, chart->low))
            draw_band_line(canvas, &plot, chart->low);
        if (chart->has_band && inside(&plot, chart->high))
            draw_band_line(canvas, &plot, chart->high);
    }
    if (!empty && chart->limits && inside(&plot, chart->limits->min))
        draw_limit_line(canvas, &plot, chart->limits->min);
    if (!empty && chart->limits && inside(&plot, chart->limits->max))
        draw_limit_line(canvas, &plot, chart->limits->max);
    free(memory);
}
