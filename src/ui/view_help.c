#include "ui/view.h"

#include "core/text.h"
#include "ui/draw.h"

#define ABREAST 120   /* from this width on keys and legend flow through two columns */
#define LEFT_WIDTH 65 /* of the first of them */
#define GAP 2         /* blanks behind a key */

static const struct {
    uint32_t glyph;
    unsigned style;
    const char *means;
} legend[] = {
    {0x25cf, STYLE_GOOD, "live"},
    {'s', STYLE_SIM, "live, simulated by dt-top"},
    {0x00b7, STYLE_DIM, "learning: too few readings to judge"},
    {'!', STYLE_ALARM, "anomaly: fades over a minute"},
    {'=', STYLE_WARN, "stuck: the value does not change"},
    {0x25d0, STYLE_WARN, "late: silent for three periods"},
    {0x25cb, STYLE_DIM, "lost or offline"},
    {0x00d7, STYLE_WARN, "a payload that could not be decoded"},
    {'S', STYLE_FADING, "below a chart: when a spike was"},
    {' ', STYLE_NORMAL, "L level, D drift, B burst, U unusual,"},
    {' ', STYLE_NORMAL, "K stuck, Q silent, X limit"},
    {0x250a, STYLE_BAND, "now, in a chart: dots beyond are a forecast"},
    {0x25b2, STYLE_FADING, "at a chart's edge: what is outside it"},
    {'#', STYLE_ALARM, "incident: several series within a short time"},
};
#define LEGEND_LINES ((int)(sizeof legend / sizeof *legend))

/* Keys, a blank line, the legend. */
static int line_count(void)
{
    size_t count;
    keys_help(&count);
    return (int)count + 1 + LEGEND_LINES;
}

static bool is_abreast(const struct layout *layout)
{
    return layout->width >= ABREAST;
}

/* Lines of a column: what there is room for, or more, and then all of it scrolls. */
static int column_height(const struct layout *layout, int room)
{
    int half = (line_count() + 1) / 2;
    return !is_abreast(layout) ? line_count() : half > room ? half : room;
}

/* Below the rule, where there is one. */
static struct rect place(const struct layout *layout)
{
    int top = layout->header.height, height = layout->height - layout->keys.height - top;
    int rule = height > 4;
    return (struct rect){0, top + rule, layout->width, height - rule};
}

unsigned view_help_scroll_most(const struct layout *layout)
{
    int room = place(layout).height, lines = column_height(layout, room);
    return lines > room ? (unsigned)(lines - room) : 0;
}

/* Columns for the keys among lines [first, end). */
static int keys_width(int first, int end)
{
    size_t count;
    const struct key_help *help = keys_help(&count);
    int most = 0;
    for (int i = first; i < end && i < (int)count; i++) {
        int width = (int)text_width(help[i].keys);
        most = width > most ? width : most;
    }
    return most + GAP;
}

/* Lines [first, end) at the left end of rect and downwards. */
static void draw_column(struct canvas *canvas, struct rect rect, int first, int end)
{
    size_t count;
    const struct key_help *help = keys_help(&count);
    int keys = keys_width(first, end), legends = (int)count + 1;
    for (int i = first; i < end && i < line_count(); i++) {
        int y = rect.y + i - first;
        if (i < (int)count) {
            canvas_text(canvas, rect.x, y, keys - 1, STYLE_STRONG, help[i].keys);
            canvas_text(canvas, rect.x + keys, y, rect.width - keys, STYLE_NORMAL, help[i].does);
        } else if (i >= legends) {
            canvas_put(canvas, rect.x, y, legend[i - legends].style, legend[i - legends].glyph);
            canvas_text(canvas, rect.x + 3, y, rect.width - 3, STYLE_NORMAL,
                        legend[i - legends].means);
        }
    }
}

/* Between header and keys; what does not fit scrolls. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    struct rect rect = place(layout);
    int top = layout->header.height, width = layout->width;
    struct rect all = {0, top, width, rect.y + rect.height - top};
    canvas_fill(canvas, all, STYLE_NORMAL, ' ');
    if (rect.y > top) {
        draw_rule(canvas, all);
        draw_title(canvas, 2, top, width, STYLE_ACCENT, "Help");
        draw_title_right(canvas, 10, top, width - 2, STYLE_DIM,
                         view_help_scroll_most(layout) > 0 ? "↑↓ scroll   Esc back" : "Esc back");
    }
    canvas_clip(canvas, rect);
    int lines = column_height(layout, rect.height), indent = width >= 60 ? 3 : 1;
    int left = is_abreast(layout) ? LEFT_WIDTH : width;
    rect.y -= (int)frame->help_scroll;
    rect.x = indent;
    rect.width = left - indent - 1;
    draw_column(canvas, rect, 0, lines);
    rect.x = left + indent - 1;
    rect.width = width - rect.x - 1;
    if (is_abreast(layout))
        draw_column(canvas, rect, lines, line_count());
    canvas_unclip(canvas);
}

const struct view view_help = {"help", draw};
