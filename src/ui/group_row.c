#include "ui/group_row.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "ui/format.h"
#include "ui/glyph.h"

int group_row_indent(unsigned depth, int columns)
{
    int indent = (int)depth * GROUP_INDENT;
    return indent < columns / 2 ? indent : columns / 2;
}

/* Quiet where all is well. */
static unsigned style_of(enum state state)
{
    switch (state) {
    case STATE_ANOMALY:
        return STYLE_ALARM;
    case STATE_STUCK:
    case STATE_LATE:
    case STATE_LOST:
        return STYLE_WARN;
    default:
        return STYLE_DIM;
    }
}

/* How many rows it has: a number in the column of values, the word behind it. */
static void draw_count(struct canvas *canvas, const struct layout *layout, const struct row *row,
                       int y)
{
    const struct column_place *value = &layout->columns[COLUMN_VALUE];
    const struct column_place *unit = &layout->columns[COLUMN_UNIT];
    char count[FORMAT_TEXT];
    format_count(row->rows, count);
    canvas_text_right(canvas, value->x, y, value->width, STYLE_DIM, count);
    if (unit->width > 0) /* one column wider than units are */
        canvas_text(canvas, unit->x, y, unit->width + 1, STYLE_DIM, "series");
}

/* The worst of its states in words, and how much it sends. */
static void draw_sums(struct canvas *canvas, const struct layout *layout, const struct row *row,
                      int y)
{
    const struct column_place *at = &layout->columns[COLUMN_TREND];
    char rate[FORMAT_TEXT], text[64] = "";
    int x = at->x, end = at->x + at->width;
    bool quiet = row->state == STATE_OK || row->state == STATE_LEARNING;
    if (at->width == 0)
        return;
    if (!quiet)
        x += canvas_text(canvas, x, y, end - x, style_of(row->state), state_name(row->state)) + 2;
    if (row->rate > 0 && row->rate < 0.1)
        snprintf(text, sizeof text, "%.1f msg/min", row->rate * 60);
    else if (row->rate > 0 && row->rate < 10)
        snprintf(text, sizeof text, "%.1f msg/s", row->rate);
    else if (row->rate > 0) {
        format_count((uint64_t)(row->rate + 0.5), rate);
        snprintf(text, sizeof text, "%s msg/s", rate);
    }
    if ((int)strlen(text) <= end - x)
        canvas_text(canvas, x, y, end - x, STYLE_DIM, text);
}

void group_row_draw(struct canvas *canvas, const struct frame *frame, const struct row *row, int y)
{
    const struct layout *layout = frame->layout;
    const struct column_place *name = &layout->columns[COLUMN_NAME];
    int indent = group_row_indent(row->depth, name->width);
    char text[TEXT_NAME_BYTES];
    if (row->state != STATE_OK && row->state != STATE_LEARNING)
        canvas_put(canvas, layout->columns[COLUMN_GLYPH].x, y, style_of(row->state),
                   glyph_state(row->state, false, false));
    canvas_put(canvas, name->x + indent, y, STYLE_ACCENT, row->folded ? 0x25B8 : 0x25BE);
    int x = name->x + indent + GROUP_MARK, room = name->width - indent - GROUP_MARK;
    if (room < 1)
        return;
    format_middle(row->twin, (unsigned)room, text, sizeof text);
    canvas_text(canvas, x, y, room, STYLE_ACCENT, text);
    draw_count(canvas, layout, row, y);
    draw_sums(canvas, layout, row, y);
}
