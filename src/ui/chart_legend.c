#include "ui/chart_legend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/unit.h"
#include "ui/draw.h"
#include "ui/format.h"

#define ENTRY 24      /* columns; where there is room for more lines, ... */
#define GOOD_ENTRY 38 /* ... so that names need not be cut */
#define GOOD_LINES 3
#define SHARE 5      /* one of so many lines is the legend's, at most */
#define PLOT_LEAST 5 /* lines that the chart keeps */
#define VALUE 9      /* columns */
#define NAME 64      /* columns of the longest name that is told */

struct entry {
    const char *twin, *name, *unit;
    double value;
    bool own_scale;
    double low, high; /* of it */
    unsigned style;
    char mark;
};

static void entry_of(const struct frame *frame, int i, const struct bucket *buckets,
                     const struct chart *chart, struct entry *entry)
{
    const struct card *card = &frame->snapshot->card;
    const struct other_series *other = i < 0 ? NULL : &card->others[i];
    *entry = (struct entry){
        .twin = other ? other->twin : card->row.twin,
        .name = other ? other->name : card->row.name,
        .unit = other ? other->unit : card->row.unit,
        .value = other ? other->value : card->row.value,
        .style = other ? chart_frame_style((unsigned)i) : (unsigned)STYLE_SPARK,
        .mark = '1',
    };
    if (other)
        entry->mark = chart_frame_mark((unsigned)i);
    if (chart->has_cursor)
        entry->value = buckets[chart->cursor].count > 0 ? buckets[chart->cursor].last : (double)NAN;
}

/* From where to where the scale of its own goes; the value axis tells it of the others. */
static int scale_words(const struct entry *entry, char *out, size_t size)
{
    char low[FORMAT_TEXT], high[FORMAT_TEXT];
    int precision = format_precision(entry->low, 0, entry->low, entry->high);
    format_value(entry->low, precision, VALUE, low);
    format_value(entry->high, precision, VALUE, high);
    snprintf(out, size, "%s to %s", low, high);
    return (int)strlen(out);
}

static void draw_entry(struct canvas *canvas, int x, int y, int columns, const struct entry *entry)
{
    char name[4 * NAME + 8], value[FORMAT_TEXT], text[2 * FORMAT_TEXT + TEXT_NAME_BYTES];
    format_value(entry->value, format_precision(entry->value, 0, entry->value, entry->value), VALUE,
                 value);
    snprintf(text, sizeof text, "%s %s", value, unit_symbol(entry->unit));
    int room = columns - 2 - (int)text_width(text) - 1;
    canvas_put(canvas, x, y, entry->style | STYLE_REVERSE, (uint32_t)entry->mark);
    if (room < 4) {
        canvas_text(canvas, x + 2, y, columns - 2, STYLE_NORMAL, text);
        return;
    }
    unsigned used = draw_name(entry->twin, entry->name, (unsigned)(room < NAME ? room : NAME), name,
                              sizeof name);
    canvas_text(canvas, x + 2, y, room, entry->style, name);
    x += 3 + (int)used;
    columns -= 3 + (int)used;
    used = (unsigned)canvas_text(canvas, x, y, columns, STYLE_STRONG, text);
    if (entry->own_scale && scale_words(entry, text, sizeof text) + (int)used + 2 <= columns)
        canvas_text(canvas, x + (int)used + 2, y, columns - (int)used - 2, STYLE_DIM, text);
}

static int entries(const struct frame *frame)
{
    unsigned others = frame->snapshot->card.other_count;
    return 1 + (int)(others < CHART_OTHERS ? others : CHART_OTHERS);
}

static int most_lines(struct rect pane)
{
    return pane.height / SHARE > 0 ? pane.height / SHARE : 1;
}

static int per_line(struct rect pane)
{
    int each = pane.width / (most_lines(pane) >= GOOD_LINES ? GOOD_ENTRY : ENTRY);
    return each > 0 ? each : 1;
}

int chart_legend_lines(const struct frame *frame, struct rect pane)
{
    int each = per_line(pane), lines = (entries(frame) + each - 1) / each;
    int most = most_lines(pane);
    if (chart_frame_company(frame) != COMPANY_OVERLAY || pane.height <= PLOT_LEAST)
        return 0;
    return lines < most ? lines : most;
}

void chart_legend_line(struct canvas *canvas, int x, int y, int columns, const struct frame *frame,
                       int i, const struct chart *chart)
{
    struct entry entry;
    entry_of(frame, i, chart->buckets, chart, &entry);
    entry.style = STYLE_SPARK;
    draw_entry(canvas, x, y, columns, &entry);
}

void chart_legend_draw(struct canvas *canvas, struct rect pane, const struct frame *frame,
                       const struct chart_frame *chart)
{
    int lines = chart_legend_lines(frame, pane), count = entries(frame);
    int each = lines > 0 ? (count + lines - 1) / lines : 0;
    for (int i = 0; lines > 0 && i < count; i++) {
        int left = pane.x + 1 + i % each * (pane.width / each);
        const struct bucket *buckets = i == 0 ? chart->chart.buckets : chart->others[i - 1].buckets;
        struct entry entry;
        entry_of(frame, i - 1, buckets, &chart->chart, &entry);
        entry.own_scale = i > 0 && chart->others[i - 1].own_scale &&
                          chart_extremes(buckets, chart->chart.count, &entry.low, &entry.high);
        draw_entry(canvas, left, pane.y + i / each, pane.width / each - 2, &entry);
    }
}
