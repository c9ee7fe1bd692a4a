#include "ui/view.h"

#include "ui/draw.h"
#include "ui/headings.h"

#define MENU_WIDTH 22

struct rect view_menu_place(const struct layout *layout)
{
    int top = layout->header.height, room = layout->height - layout->keys.height - top;
    int height = SORT_KEYS + 1; /* and its title */
    int width = layout->width < MENU_WIDTH ? layout->width : MENU_WIDTH;
    return (struct rect){0, top, width, height < room ? height : room};
}

int view_menu_first(enum sort_key chosen, int lines)
{
    int first = (int)chosen - lines / 2, most = SORT_KEYS - lines;
    return first > most ? (most > 0 ? most : 0) : first < 0 ? 0 : first;
}

/* Over the left end of the table, so that what it changes is seen beside it. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct snapshot_request *request = &frame->snapshot->request;
    struct rect rect = view_menu_place(frame->layout);
    if (!frame->menu)
        return;
    canvas_fill(canvas, rect, STYLE_NORMAL, ' ');
    canvas_fill(canvas, (struct rect){rect.x, rect.y, rect.width, 1}, STYLE_KEY_LABEL, ' ');
    canvas_text(canvas, rect.x + 1, rect.y, rect.width - 1, STYLE_KEY_LABEL, "Sort by");
    int lines = rect.height - 1, first = view_menu_first(frame->menu_at, lines);
    for (int i = 0; i < lines && first + i < SORT_KEYS; i++) {
        enum sort_key sort = (enum sort_key)(first + i);
        int y = rect.y + 1 + i;
        bool is = sort == request->sort;
        canvas_text(canvas, rect.x + 3, y, rect.width - 4, is ? STYLE_STRONG : STYLE_NORMAL,
                    headings_sort_name(sort, canvas->ascii));
        if (is)
            canvas_text(canvas, rect.x + 1, y, 1, STYLE_ACCENT, request->descending ? "▼" : "▲");
        if (sort == frame->menu_at)
            canvas_mark(canvas, (struct rect){rect.x, y, rect.width, 1}, STYLE_SELECTED);
    }
    draw_menu_edge(canvas, rect, frame->layout->height - frame->layout->keys.height);
}

const struct view view_menu = {"menu", draw};
