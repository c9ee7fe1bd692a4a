#include "ui/view.h"

#include <stdio.h>
#include <string.h>

#include "ui/draw.h"
#include "ui/format.h"

#define MENU_WIDTH 34

static const char *name_of(const struct ui_facts *facts, unsigned i)
{
    return i == 0 ? "next in turn" : facts->faults[i];
}

struct rect view_faults_place(const struct layout *layout, const struct ui_facts *facts)
{
    int top = layout->header.height, room = layout->height - layout->keys.height - top;
    int height = (int)facts->fault_count + 1; /* and its title */
    int width = layout->width < MENU_WIDTH ? layout->width : MENU_WIDTH;
    return (struct rect){0, top, width, height < room ? height : room};
}

/* The first letter that no line above has taken; those that move are not taken at all. */
char view_faults_letter(const struct ui_facts *facts, unsigned i)
{
    char taken[32] = "jkgGqf";
    for (unsigned at = 0; at < facts->fault_count && at + 8 < sizeof taken; at++) {
        const char *letter = name_of(facts, at);
        while (*letter && strchr(taken, *letter))
            letter++;
        if (at == i)
            return *letter;
        taken[strlen(taken) + 1] = '\0';
        taken[strlen(taken)] = *letter ? *letter : ' ';
    }
    return '\0';
}

/* Who is to have it. */
static void write_title(const struct frame *frame, char *out, size_t size)
{
    const struct listing *twins = frame->target_twins;
    char name[FORMAT_TEXT * 4];
    if (twins->count == 1) {
        format_middle(twins->lines[0], MENU_WIDTH - 12, name, sizeof name);
        snprintf(out, size, "Fault for %s", name);
    } else if (twins->count > 1) {
        snprintf(out, size, "Fault for %zu simulated sensors", twins->count);
    } else {
        snprintf(out, size, "Fault for any simulated sensor");
    }
}

/* Over the left end of the table, as the menu of what to sort by. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    struct rect rect = view_faults_place(frame->layout, frame->facts);
    char title[160];
    if (!frame->faults)
        return;
    write_title(frame, title, sizeof title);
    canvas_fill(canvas, rect, STYLE_NORMAL, ' ');
    canvas_fill(canvas, (struct rect){rect.x, rect.y, rect.width, 1}, STYLE_KEY_LABEL, ' ');
    canvas_text(canvas, rect.x + 1, rect.y, rect.width - 1, STYLE_KEY_LABEL, title);
    int lines = rect.height - 1, at = (int)frame->fault_at;
    int first = at >= lines ? at - lines + 1 : 0;
    for (int i = 0; i < lines; i++) {
        unsigned number = (unsigned)(first + i);
        int y = rect.y + 1 + i;
        canvas_put(canvas, rect.x + 1, y, STYLE_ACCENT,
                   (unsigned char)view_faults_letter(frame->facts, number));
        canvas_text(canvas, rect.x + 3, y, rect.width - 4, STYLE_NORMAL,
                    name_of(frame->facts, number));
        if (number == frame->fault_at)
            canvas_mark(canvas, (struct rect){rect.x, y, rect.width, 1}, STYLE_SELECTED);
    }
    draw_menu_edge(canvas, rect, frame->layout->height - frame->layout->keys.height);
}

const struct view view_faults = {"faults", draw};
