#include "ui/view.h"

#include <string.h>

#include "ui/draw.h"

#define SLOT_MOST 12
#define ROOMY_SLOT 11 /* a blank before the label */

static int key_width(const struct key_label *label)
{
    return 2 + (label->number >= 10) + (int)strlen(label->label);
}

/* How many of the keys have room: all before the last, as far as they go, and the last. */
static size_t keys_shown(const struct key_label *labels, size_t count, int width, int *used)
{
    size_t shown = 0;
    *used = key_width(&labels[count - 1]);
    while (shown + 1 < count && *used + 1 + key_width(&labels[shown]) <= width)
        *used += 1 + key_width(&labels[shown++]);
    return shown + 1;
}

/* The function keys side by side as in htop; where they have no room the last one stays: Quit. */
static void draw_bar(struct canvas *canvas, const struct frame *frame)
{
    struct rect rect = frame->layout->keys;
    size_t count;
    const struct key_label *labels = keys_bar(frame->facts->sim_running, &count);
    if (rect.height <= 0 || count == 0)
        return;
    int used, x = rect.x;
    size_t shown = keys_shown(labels, count, rect.width, &used);
    bool even = rect.width >= SLOT_MOST * (int)shown; /* wide: slots of one width */
    int spare = rect.width > used ? (rect.width - used) / (int)shown : 0;
    for (size_t i = 0; i < shown; i++) {
        const struct key_label *label = &labels[i == shown - 1 ? count - 1 : i];
        int slot = even ? SLOT_MOST : key_width(label) + (spare < 2 ? spare : 2);
        int number = canvas_format(canvas, x, rect.y, slot, STYLE_KEY, "F%d", label->number);
        struct rect at = {x + number, rect.y, slot - number, 1};
        int indent = slot >= ROOMY_SLOT;
        canvas_fill(canvas, at, STYLE_KEY_LABEL, ' ');
        canvas_text(canvas, at.x + indent, rect.y, at.width - indent, STYLE_KEY_LABEL,
                    label->label);
        x += slot + !even;
    }
    if (rect.width - x > 14)
        canvas_text(canvas, x + 2, rect.y, rect.width - x - 2, STYLE_DIM, "? all keys");
}

/* At the bottom, over whatever is there, as many lines as the question needs; the answers stand at
 * its end, so it is the end that must be seen. */
static void draw_prompt(struct canvas *canvas, const struct frame *frame)
{
    int width = frame->layout->width, height = frame->layout->height;
    int margin = width >= 30 ? 1 : 0;
    struct rect rect = {margin, 0, width - 2 * margin, 0};
    int lines = draw_wrapped(NULL, rect, STYLE_NOTICE, frame->prompt->text);
    if (lines == 0)
        return;
    rect.y = height - lines;
    rect.height = lines;
    canvas_fill(canvas, (struct rect){0, rect.y, width, lines}, STYLE_NOTICE, ' ');
    draw_wrapped(canvas, rect, STYLE_NOTICE, frame->prompt->text);
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    if (frame->prompt->kind == PROMPT_NONE)
        draw_bar(canvas, frame);
    else
        draw_prompt(canvas, frame);
}

const struct view view_keys = {"keys", draw};
