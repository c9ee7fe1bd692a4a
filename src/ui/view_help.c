#include "ui/view.h"

#include "ui/draw.h"

#define KEYS_WIDTH 16
#define HELP_WIDTH 66     /* of keys and what they do */
#define LEGEND_BESIDE 112 /* from this width on the legend stands at the right */

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

static int at_least(int value, int least)
{
    return value < least ? least : value;
}

static void draw_legend(struct canvas *canvas, int x, int y, int width)
{
    for (int i = 0; i < LEGEND_LINES; i++) {
        canvas_put(canvas, x, y + i, legend[i].style, legend[i].glyph);
        canvas_text(canvas, x + 3, y + i, width - 3, STYLE_NORMAL, legend[i].means);
    }
}

unsigned view_help_scroll_most(const struct layout *layout)
{
    size_t count;
    keys_help(&count);
    int lines = (int)count + (layout->width >= LEGEND_BESIDE ? 0 : 1 + LEGEND_LINES);
    int height = layout->height - layout->keys.height - layout->header.height;
    if (height > 4)
        height--;
    return lines > height ? (unsigned)(lines - height) : 0;
}

/* Between header and keys; what does not fit scrolls. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    size_t count;
    const struct key_help *help = keys_help(&count);
    int top = layout->header.height, width = layout->width;
    struct rect rect = {0, top, width, layout->height - layout->keys.height - top};
    canvas_fill(canvas, rect, STYLE_NORMAL, ' ');
    if (rect.height > 4) {
        draw_rule(canvas, rect);
        draw_title(canvas, 2, rect.y, width, STYLE_ACCENT, "Help");
        draw_title_right(canvas, 10, rect.y, width - 2, STYLE_DIM, "↑↓ scroll   Esc back");
        rect.y++;
        rect.height--;
    }
    canvas_clip(canvas, rect);
    bool beside = width >= LEGEND_BESIDE;
    int room = beside ? at_least(width / 2, HELP_WIDTH) : width, indent = width >= 60 ? 3 : 1;
    int y = rect.y - (int)frame->help_scroll;
    for (size_t i = 0; i < count; i++) {
        canvas_text(canvas, indent, y + (int)i, KEYS_WIDTH - 1, STYLE_STRONG, help[i].keys);
        canvas_text(canvas, indent + KEYS_WIDTH, y + (int)i, room - indent - KEYS_WIDTH,
                    STYLE_NORMAL, help[i].does);
    }
    if (beside)
        draw_legend(canvas, room + 3, y, width - room - 4);
    else
        draw_legend(canvas, indent, y + (int)count + 1, width - indent);
    canvas_unclip(canvas);
}

const struct view view_help = {"help", draw};
