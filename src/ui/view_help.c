#include "ui/view.h"

#include <stdio.h>

#include "ui/draw.h"
#include "ui/help.h"

#define KEYS_WIDTH 16
#define HELP_WIDTH 66     /* of keys and what they do */
#define LEGEND_BESIDE 112 /* from this width on the legend stands at the right ... */
#define EVEN_WIDTH 140    /* ... and from this one on the keys above it that have no room */
#define LEGEND_INDENT 3

/* Which lines go where: the first so many on the left, the others on the right. */
struct flow {
    int left, right;
};

static int at_least(int value, int least)
{
    return value < least ? least : value;
}

static struct flow flow_of(const struct help *help, int width, int height)
{
    int left = help->count;
    if (width >= EVEN_WIDTH && help->keys > height && help->keys > (help->count + 1) / 2)
        left = (help->count + 1) / 2;
    else if (width >= LEGEND_BESIDE && help->keys > 0)
        left = help->keys;
    /* A blank line stands between keys and legend, not at a column's top. */
    bool blank = left < help->count && !*help->lines[left].keys && !*help->lines[left].text;
    return (struct flow){left, help->count - left - blank};
}

unsigned view_help_scroll_most(const struct layout *layout, const char *wanted)
{
    struct help help;
    help_fill(&help, wanted);
    int height = layout->height - layout->keys.height - layout->header.height;
    if (height > 4)
        height--;
    struct flow flow = flow_of(&help, layout->width, height);
    int lines = flow.left > flow.right ? flow.left : flow.right;
    return lines > height ? (unsigned)(lines - height) : 0;
}

static void draw_line_at(struct canvas *canvas, int x, int y, int width,
                         const struct help_line *line)
{
    int indent = *line->keys ? KEYS_WIDTH : line->glyph ? LEGEND_INDENT : 0;
    if (*line->keys)
        canvas_text(canvas, x, y, KEYS_WIDTH - 1, line->style, line->keys);
    else if (line->glyph)
        canvas_put(canvas, x, y, line->style, line->glyph);
    if (line->swatch)
        canvas_put(canvas, x + 1, y, line->style, line->glyph);
    canvas_text(canvas, x + indent, y, width - indent, indent ? STYLE_NORMAL : line->style,
                line->text);
}

static void draw_titles(struct canvas *canvas, const struct frame *frame, struct rect rect)
{
    draw_rule(canvas, rect);
    int x = draw_title(canvas, 2, rect.y, rect.width, STYLE_ACCENT, "Help");
    if (*frame->help_wanted)
        x = draw_title(canvas, x, rect.y, rect.width, STYLE_WARN, frame->help_wanted);
    draw_title_right(canvas, x + 2, rect.y, rect.width - 2, STYLE_DIM,
                     "/ search   ↑↓ scroll   Esc back");
}

/* Between header and keys; what does not fit scrolls. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    struct help help;
    int top = layout->header.height, width = layout->width;
    struct rect rect = {0, top, width, layout->height - layout->keys.height - top};
    canvas_fill(canvas, rect, STYLE_NORMAL, ' ');
    if (rect.height > 4) {
        draw_titles(canvas, frame, rect);
        rect.y++;
        rect.height--;
    }
    help_fill(&help, frame->help_wanted);
    struct flow flow = flow_of(&help, width, rect.height);
    canvas_clip(canvas, rect);
    bool beside = flow.left < help.count;
    int room = beside ? at_least(width / 2, HELP_WIDTH) : width, indent = width >= 60 ? 3 : 1;
    int y = rect.y - (int)frame->help_scroll;
    for (int i = 0; i < flow.left; i++)
        draw_line_at(canvas, indent, y + i, room - indent, &help.lines[i]);
    for (int i = 0; i < flow.right; i++)
        draw_line_at(canvas, room + LEGEND_INDENT, y + i, width - room - LEGEND_INDENT - 1,
                     &help.lines[help.count - flow.right + i]);
    if (help.count == 0)
        canvas_text(canvas, indent, rect.y, width - indent, STYLE_DIM, "No line has this word.");
    canvas_unclip(canvas);
}

const struct view view_help = {"help", draw};
