#include "ui/view.h"

#include <stdio.h>

#include "ui/draw.h"
#include "ui/format.h"
#include "ui/glyph.h"
#include "ui/setup.h"

#define LABEL 14
#define DETECTION 2 /* lines below the settings */

static const char *setting(const struct setup *setup, int row, bool ascii, char number[FORMAT_TEXT])
{
    switch (row) {
    case SETUP_ROW_THEME:
        return setup->theme;
    case SETUP_ROW_SPAN:
        return setup_span_name(setup->span);
    case SETUP_ROW_TREND:
        return trend_tier_name(setup->trend.tier);
    case SETUP_ROW_THRESHOLD:
        snprintf(number, FORMAT_TEXT, "%g %s", setup->threshold, glyph_sigma(ascii));
        return number;
    default:
        return setup->trend.common ? "one for series of a kind" : "its own for each series";
    }
}

static void draw_setting(struct canvas *canvas, const struct setup *setup, int row, int x, int y,
                         int width)
{
    static const char *const labels[SETUP_FIRST_COLUMN + 1] = {"Theme", "Span",      "Trend",
                                                               "Scale", "Threshold", "Columns"};
    char number[FORMAT_TEXT];
    bool selected = row == setup->row;
    const char *label = row <= SETUP_FIRST_COLUMN ? labels[row] : "";
    canvas_text(canvas, x, y, LABEL - 1, STYLE_DIM, label);
    if (row < SETUP_FIRST_COLUMN) {
        canvas_format(canvas, x + LABEL, y, width - LABEL, STYLE_STRONG, "%s %s %s",
                      selected ? "◂" : " ", setting(setup, row, canvas->ascii, number),
                      selected ? "▸" : " ");
    } else {
        enum column column = setup->columns.order[SETUP_COLUMN(row)];
        bool shown = !setup->columns.hidden[column];
        canvas_format(canvas, x + LABEL, y, width - LABEL, shown ? STYLE_STRONG : STYLE_DIM,
                      "[%s] %s", shown ? "x" : " ", columns_name(column));
    }
    if (selected)
        canvas_mark(canvas, (struct rect){x, y, width, 1}, STYLE_SELECTED);
}

static void draw_detection(struct canvas *canvas, const struct ui_facts *facts, int x, int y,
                           int width)
{
    canvas_text(canvas, x, y, LABEL - 1, STYLE_DIM, "Detector");
    canvas_format(canvas, x + LABEL + 2, y, width - LABEL - 2, STYLE_DIM,
                  "%s, window %d (set by options); lab and robust go by the threshold",
                  facts->detector ? facts->detector : "", facts->window);
}

/* Between header and keys; what does not fit scrolls with the selection. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    int top = layout->header.height, width = layout->width;
    struct rect rect = {0, top, width, layout->height - layout->keys.height - top};
    canvas_fill(canvas, rect, STYLE_NORMAL, ' ');
    if (rect.height > 4) {
        draw_rule(canvas, rect);
        draw_title(canvas, 2, rect.y, width, STYLE_ACCENT, "Setup");
        draw_title_right(canvas, 10, rect.y, width - 2, STYLE_DIM,
                         "←→ change, move   Space show   w save   Esc back");
        rect.y++;
        rect.height--;
    }
    canvas_clip(canvas, rect);
    int lines = SETUP_ROWS + DETECTION, indent = width >= 60 ? 3 : 1;
    int first = frame->setup->row - rect.height + 1 + DETECTION;
    first = first > lines - rect.height ? lines - rect.height : first;
    first = first < 0 ? 0 : first;
    for (int i = 0; i < SETUP_ROWS; i++)
        draw_setting(canvas, frame->setup, i, indent, rect.y + i - first, width - 2 * indent);
    draw_detection(canvas, frame->facts, indent, rect.y + SETUP_ROWS + 1 - first,
                   width - 2 * indent);
    canvas_unclip(canvas);
}

const struct view view_setup = {"setup", draw};
