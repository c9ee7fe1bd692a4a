#include "ui/view.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
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

/* A key of the bar, in its place. */
struct slot {
    const struct key_label *label;
    int x, width;
};

#define SLOTS 12

/* Returns how many have room. */
static size_t place_slots(const struct layout *layout, bool sim_running, struct slot slots[SLOTS])
{
    struct rect rect = layout->keys;
    size_t count;
    const struct key_label *labels = keys_bar(sim_running, &count);
    if (rect.height <= 0 || count == 0)
        return 0;
    int used, x = rect.x;
    size_t shown = keys_shown(labels, count, rect.width, &used);
    bool even = rect.width >= SLOT_MOST * (int)shown; /* wide: slots of one width */
    int spare = rect.width > used ? (rect.width - used) / (int)shown : 0;
    for (size_t i = 0; i < shown && i < SLOTS; i++) {
        const struct key_label *label = &labels[i == shown - 1 ? count - 1 : i];
        int width = even ? SLOT_MOST : key_width(label) + (spare < 2 ? spare : 2);
        slots[i] = (struct slot){label, x, width};
        x += width + !even;
    }
    return shown < SLOTS ? shown : SLOTS;
}

uint32_t view_keys_at(const struct layout *layout, bool sim_running, int x)
{
    struct slot slots[SLOTS];
    size_t count = place_slots(layout, sim_running, slots);
    for (size_t i = 0; i < count; i++)
        if (x >= slots[i].x && x < slots[i].x + slots[i].width)
            return KEY_FUNCTION + (uint32_t)slots[i].label->number;
    return KEY_NONE;
}

/* The function keys side by side as in htop; where they have no room the last one stays: Quit. */
static void draw_bar(struct canvas *canvas, const struct frame *frame)
{
    struct rect rect = frame->layout->keys;
    struct slot slots[SLOTS];
    size_t count = place_slots(frame->layout, frame->facts->sim_running, slots);
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = &slots[i];
        int number = canvas_format(canvas, slot->x, rect.y, slot->width, STYLE_KEY, "F%d",
                                   slot->label->number);
        struct rect at = {slot->x + number, rect.y, slot->width - number, 1};
        int indent = slot->width >= ROOMY_SLOT;
        canvas_fill(canvas, at, STYLE_KEY_LABEL, ' ');
        canvas_text(canvas, at.x + indent, rect.y, at.width - indent, STYLE_KEY_LABEL,
                    slot->label->label);
    }
    int x = count > 0 ? slots[count - 1].x + slots[count - 1].width : rect.x;
    if (count > 0 && rect.width - x > 14)
        canvas_text(canvas, x + 2, rect.y, rect.width - x - 2, STYLE_DIM, "? all keys");
}

/* Question and answers, which stand behind two blanks: on one line, or each on lines of its own. */
static int draw_question(struct canvas *canvas, struct rect rect, const char *text)
{
    const char *answers = strstr(text, "  ");
    char question[sizeof((struct prompt *)0)->text];
    if (!answers || (int)text_width(text) <= rect.width)
        return draw_wrapped(canvas, rect, STYLE_NOTICE, text);
    snprintf(question, sizeof question, "%.*s", (int)(answers - text), text);
    int lines = draw_wrapped(canvas, rect, STYLE_NOTICE, question);
    rect.y += lines;
    rect.height -= lines;
    return lines + draw_wrapped(canvas, rect, STYLE_NOTICE, answers + strspn(answers, " "));
}

/* At the bottom, over whatever is there, as many lines as the question needs; the answers stand at
 * its end, so it is the end that must be seen. */
static void draw_prompt(struct canvas *canvas, const struct frame *frame)
{
    int width = frame->layout->width, height = frame->layout->height;
    int margin = width >= 30 ? 1 : 0;
    struct rect rect = {margin, 0, width - 2 * margin, 0};
    int lines = draw_question(NULL, rect, frame->prompt->text);
    if (lines == 0)
        return;
    rect.y = height - lines;
    rect.height = lines;
    canvas_fill(canvas, (struct rect){0, rect.y, width, lines}, STYLE_NOTICE, ' ');
    draw_question(canvas, rect, frame->prompt->text);
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    if (frame->prompt->kind == PROMPT_NONE)
        draw_bar(canvas, frame);
    else
        draw_prompt(canvas, frame);
}

const struct view view_keys = {"keys", draw};
