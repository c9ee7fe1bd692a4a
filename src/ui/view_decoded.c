#include "ui/view.h"

#include "ui/draw.h"

#define BESIDE 100 /* from this width on payload and decoding stand side by side */

/* Rows of payload and decoding one below the other: two headings, and a blank between them. */
#define EXTRA 3

static int taller(int a, int b)
{
    return a > b ? a : b;
}

static struct rect place(const struct layout *layout)
{
    int top = layout->header.height;
    return (struct rect){0, top, layout->width, layout->height - layout->keys.height - top};
}

unsigned view_decoded_scroll_most(const struct layout *layout, const struct listing *payload,
                                  const struct listing *decoded)
{
    int one = (int)payload->count, two = (int)decoded->count;
    int lines = layout->width >= BESIDE ? taller(one, two) + 1 : one + two + EXTRA;
    int height = place(layout).height;
    if (height > 4)
        height--;
    return lines > height ? (unsigned)(lines - height) : 0;
}

/* Returns the row below the last line. */
static int draw_listing(struct canvas *canvas, struct rect rect, const char *title,
                        const struct listing *listing)
{
    canvas_text(canvas, rect.x, rect.y, rect.width, STYLE_ACCENT, title);
    for (size_t i = 0; i < listing->count; i++)
        canvas_text(canvas, rect.x, rect.y + 1 + (int)i, rect.width, STYLE_NORMAL,
                    listing->lines[i]);
    return rect.y + 1 + (int)listing->count;
}

/* The last message of a topic beside what was made of it; what does not fit scrolls. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    struct rect rect = place(layout);
    int width = layout->width;
    canvas_fill(canvas, rect, STYLE_NORMAL, ' ');
    if (rect.height > 4) {
        draw_rule(canvas, rect);
        int x = draw_title(canvas, 2, rect.y, width, STYLE_ACCENT, "Last message");
        draw_title_right(canvas, x + 2, rect.y, width - 2, STYLE_DIM,
                         "↑↓ scroll   d newest   Esc back");
        rect.y++;
        rect.height--;
    }
    canvas_clip(canvas, rect);
    int margin = width >= 60 ? 2 : 0, half = width * 2 / 5;
    bool beside = width >= BESIDE;
    rect.y -= (int)frame->decoded_scroll;
    rect.x = margin;
    rect.width = (beside ? half : width) - 2 * margin;
    int below = draw_listing(canvas, rect, "Payload", frame->payload);
    if (beside) {
        rect.x = half;
        rect.width = width - half - margin;
    } else {
        rect.y = below + 1;
    }
    draw_listing(canvas, rect, "How it is decoded", frame->decoded);
    canvas_unclip(canvas);
}

const struct view view_decoded = {"decoded", draw};
