#include "ui/chart_panel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"
#include "ui/format.h"
#include "ui/glyph.h"

#define STATISTICS 9 /* lines */
#define LABEL 8
#define NUMBER 10
#define WORDS (LABEL + NUMBER)
#define GAP 2
#define BAR_LEAST 4
#define FULL 0x2588 /* █ */
#define HALF 0x258C /* ▌ */
#define HOUR (3600 * TIMESTAMP_SECOND)

void chart_panel_histogram(const struct sample *samples, uint32_t count,
                           const struct chart_scale *scale, uint32_t *counts, int rows)
{
    for (int row = 0; row < rows; row++)
        counts[row] = 0;
    for (uint32_t i = 0; i < count; i++) {
        int row = chart_scale_row(scale, samples[i].value, rows);
        if (row >= 0 && row < rows)
            counts[row]++;
    }
}

void chart_panel_slope(double a_second, timestamp span, char *out)
{
    char number[FORMAT_TEXT];
    double slope = a_second * (span < HOUR ? 60 : 3600);
    format_value(fabs(slope), fabs(slope) < 0.1 ? 3 : 2, 6, number);
    bool none = strspn(number, "0.") == strlen(number);
    if (!isfinite(slope))
        snprintf(out, FORMAT_TEXT, "-");
    else
        snprintf(out, FORMAT_TEXT, "%s%.12s/%s",
                 none        ? ""
                 : slope < 0 ? "-"
                             : "+",
                 number, span < HOUR ? "min" : "h");
}

/* Whole and half blocks; one reading is not nothing. */
static void draw_bar(struct canvas *canvas, int x, int y, int width, uint32_t count, uint32_t most)
{
    int halves = (int)round((double)count / most * width * 2);
    if (halves < 1)
        halves = 1;
    for (int i = 0; i < halves / 2; i++)
        canvas_put(canvas, x + i, y, STYLE_SPARK_OFF, FULL);
    if (halves % 2)
        canvas_put(canvas, x + halves / 2, y, STYLE_SPARK_OFF, HALF);
}

static void draw_histogram(struct canvas *canvas, struct rect rect, const struct chart_frame *frame)
{
    uint32_t *counts = xcalloc((size_t)rect.height, sizeof *counts), most = 0;
    struct chart_scale scale = chart_scale_of(&frame->chart, rect.height);
    chart_panel_histogram(frame->samples, frame->statistics.count, &scale, counts, rect.height);
    for (int row = 0; row < rect.height; row++)
        most = counts[row] > most ? counts[row] : most;
    for (int row = 0; row < rect.height; row++)
        if (counts[row] > 0)
            draw_bar(canvas, rect.x, rect.y + rect.height - 1 - row, rect.width, counts[row], most);
    free(counts);
}

static void find_percentiles(const struct chart_frame *frame, struct statistics *statistics)
{
    uint32_t count = statistics->count;
    double *values = xcalloc(count > 0 ? count : 1, sizeof *values);
    for (uint32_t i = 0; i < count; i++)
        values[i] = frame->samples[i].value;
    statistics_sorted(values, count, statistics);
    free(values);
}

/* Numbers end where all of them end, so that their points stand below each other. */
static void draw_statistics(struct canvas *canvas, struct rect rect,
                            const struct chart_frame *frame)
{
    struct statistics statistics = frame->statistics;
    char count[FORMAT_TEXT], slope[FORMAT_TEXT];
    find_percentiles(frame, &statistics);
    int precision =
        format_precision(statistics.mean, statistics.stdev, statistics.min, statistics.max);
    /* With their weight: where there is less room, the lightest go. */
    const struct {
        const char *label;
        double value;
        const char *text;
        int weight;
    } lines[STATISTICS] = {
        {"count", 0, count, 5},
        {"mean", statistics.mean, NULL, 9},
        {glyph_sigma(canvas->ascii), statistics.stdev, NULL, 8},
        {"min", statistics.min, NULL, 7},
        {"max", statistics.max, NULL, 6},
        {"median", statistics.median, NULL, 4},
        {"p5", statistics.p5, NULL, 2},
        {"p95", statistics.p95, NULL, 1},
        {"slope", 0, slope, 3},
    };
    format_count(statistics.count, count);
    chart_panel_slope(statistics.slope, frame->chart.span, slope);
    for (int i = 0, y = rect.y; i < STATISTICS; i++) {
        char text[FORMAT_TEXT];
        if (lines[i].weight <= STATISTICS - rect.height)
            continue;
        format_value(lines[i].value, precision, NUMBER - 1, text);
        canvas_text(canvas, rect.x, y, LABEL - 1, STYLE_DIM, lines[i].label);
        canvas_text_right(canvas, rect.x + LABEL - 1, y, NUMBER, STYLE_NORMAL,
                          lines[i].text ? lines[i].text : text);
        y++;
    }
}

void chart_panel_draw(struct canvas *canvas, struct rect rect, int rows,
                      const struct chart_frame *frame)
{
    struct rect words = rect, bars = rect;
    bars.width = rect.width - WORDS - GAP;
    bars.height = rows;
    if (rect.height < rows || rows < 1 || frame->statistics.count == 0)
        return;
    if (bars.width >= BAR_LEAST) {
        draw_histogram(canvas, bars, frame);
        words.x += bars.width + GAP;
        words.width -= bars.width + GAP;
    }
    draw_statistics(canvas, words, frame);
}
