#include "ui/view.h"

#include <stdio.h>

#include "core/text.h"
#include "ui/draw.h"
#include "ui/format.h"
#include "ui/help.h"

#define TEXT_LEAST 16 /* columns of what is typed, before the words beside it give way */

/* Columns of the text before the cursor. */
static int columns_before(const struct input *input, size_t from)
{
    char head[INPUT_TEXT];
    snprintf(head, sizeof head, "%.*s", (int)(input->cursor - from), input->text + from);
    return (int)text_width(head);
}

/* The text from where the cursor can still be seen, and the cursor as a reversed cell. */
static void draw_text(struct canvas *canvas, const struct input *input, int x, int y, int columns)
{
    size_t from = 0;
    while (from < input->cursor && columns_before(input, from) >= columns - 1) {
        uint32_t code;
        size_t len = text_decode(input->text + from, input->len - from, &code);
        from += len > 0 ? len : 1;
    }
    int at = x + columns_before(input, from);
    canvas_text(canvas, x, y, columns, STYLE_STRONG, input->text + from);
    if (input->cursor == input->len)
        canvas_put(canvas, at, y, STYLE_NOTICE, ' ');
    else
        canvas_restyle(canvas, (struct rect){at, y, 1, 1}, STYLE_NOTICE);
}

/* What its effect is, or why it has none. */
static unsigned effect(const struct frame *frame, char *out, size_t size)
{
    const struct snapshot *snapshot = frame->snapshot;
    out[0] = '\0';
    if (*frame->input_error) {
        snprintf(out, size, "%s", frame->input_error);
        return STYLE_WARN;
    }
    if (frame->ask == ASK_LIMITS)
        return STYLE_DIM;
    if (frame->ask == ASK_HELP) {
        int all, found = help_matches(frame->help_wanted, &all);
        snprintf(out, size, "%d of %d", found, all);
        return found > 0 ? STYLE_ACCENT : STYLE_WARN;
    }
    uint32_t matches = frame->ask == ASK_EVENTS ? snapshot->event_matches : snapshot->matches;
    uint32_t all = frame->ask == ASK_EVENTS ? snapshot->event_all : snapshot->all;
    if (frame->ask != ASK_SEARCH)
        snprintf(out, size, "%u of %u", (unsigned)matches, (unsigned)all);
    else if (frame->input->len > 0 && !frame->found)
        snprintf(out, size, "not found");
    bool none = frame->ask == ASK_SEARCH || matches == 0;
    return none ? STYLE_WARN : STYLE_ACCENT;
}

static const char *const *examples_of(enum ask ask)
{
    static const char *const filters[] = {"temp  z>3  age>5m  state=lost,late  topic=a/+/c  !pump",
                                          "temp  z>3  state=lost  !pump", "temp  z>3", ""};
    static const char *const limits[] = {
        "10..80   max 80   min 10   5/min   10..80 5/min   nothing: no limits", "10..80   5/min",
        ""};
    static const char *const events[] = {
        "temp  kind=drift,spike  severity=alarm  state=late  topic=a/+/c  age<1h  kind=bookmark",
        "temp  kind=drift  severity=alarm  kind=bookmark", "kind=drift  !pump", ""};
    static const char *const none[] = {""};
    return ask == ASK_FILTER   ? filters
           : ask == ASK_EVENTS ? events
           : ask == ASK_LIMITS ? limits
                               : none;
}

static void draw_example(struct canvas *canvas, const struct frame *frame, int x, int y,
                         int columns)
{
    const char *const *example = examples_of(frame->ask);
    if (frame->input->len > 0)
        return;
    while (**example != '\0' && (int)text_width(*example) > columns)
        example++;
    canvas_text(canvas, x, y, columns, STYLE_DIM, *example);
}

static void write_label(const struct frame *frame, char *out, size_t size)
{
    if (frame->ask == ASK_LIMITS && frame->targets > 1)
        snprintf(out, size, "Limits of %u tagged series", (unsigned)frame->targets);
    else
        snprintf(out, size, "%s",
                 frame->ask == ASK_FILTER   ? "Filter"
                 : frame->ask == ASK_EVENTS ? "Filter events"
                 : frame->ask == ASK_LIMITS ? "Limits"
                 : frame->ask == ASK_HELP   ? "Search help"
                                            : "Search");
}

/* The last line; where the words beside the text have no room they get the line above. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    int width = frame->layout->width, y = frame->layout->height - 1;
    char words[200];
    if (frame->ask == ASK_NOTHING)
        return;
    unsigned style = effect(frame, words, sizeof words);
    int taken = (int)text_width(words), x = width >= 30 ? 1 : 0;
    int text = (int)text_width(frame->input->text) + 1;
    canvas_fill(canvas, (struct rect){0, y, width, 1}, STYLE_NORMAL, ' ');
    char label[48];
    write_label(frame, label, sizeof label);
    x += canvas_text(canvas, x, y, width - x, STYLE_ACCENT, label) + 1;
    int room = width - x - 1;
    if (taken > 0 && room - taken - 2 < (text < TEXT_LEAST ? text : TEXT_LEAST) && y > 0) {
        canvas_fill(canvas, (struct rect){0, y - 1, width, 1}, STYLE_NORMAL, ' ');
        canvas_text(canvas, width >= 30 ? 1 : 0, y - 1, width - 1, style, words);
        taken = 0;
    }
    if (taken > 0) {
        canvas_text_right(canvas, x, y, room, style, words);
        room -= taken + 2;
    }
    draw_text(canvas, frame->input, x, y, room);
    draw_example(canvas, frame, x + 2, y, room - 2);
}

const struct view view_filter = {"filter", draw};
