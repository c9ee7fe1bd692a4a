#include "ui/view.h"

#include <stdio.h>

#include "ui/draw.h"

#define SLOT_MOST 12
#define SLOT_LEAST 7
#define ROOMY_SLOT 11 /* a blank before the label */

/* The function keys side by side as in htop; where they have no room the last one stays: Quit. */
static void draw_bar(struct canvas *canvas, const struct frame *frame)
{
    struct rect rect = frame->layout->keys;
    size_t count;
    const struct key_label *labels = keys_bar(frame->facts->sim_running, &count);
    if (rect.height <= 0 || count == 0)
        return;
    int slot = rect.width / (int)count;
    if (slot > SLOT_MOST)
        slot = SLOT_MOST;
    if (slot < SLOT_LEAST)
        slot = SLOT_LEAST;
    int shown = rect.width / slot;
    if (shown > (int)count)
        shown = (int)count;
    int x = 0;
    for (int i = 0; i < shown; i++) {
        const struct key_label *label = &labels[i == shown - 1 ? (int)count - 1 : i];
        int used = canvas_format(canvas, x, rect.y, slot, STYLE_KEY, "F%d", label->number);
        canvas_fill(canvas, (struct rect){x + used, rect.y, slot - used, 1}, STYLE_KEY_LABEL, ' ');
        int indent = slot >= ROOMY_SLOT;
        canvas_text(canvas, x + used + indent, rect.y, slot - used - indent, STYLE_KEY_LABEL,
                    label->label);
        x += slot;
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
