#include "ui/layout_scroll.h"

#define NAME_STEP 8 /* columns of a name that a step goes on */

/* The columns beside the name that are wanted, from the left. */
static int list_wanted(const struct columns *wanted, enum column *out)
{
    int count = 0;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        enum column column = wanted ? wanted->order[i] : (enum column)i;
        bool fixed = column == COLUMN_GLYPH || column == COLUMN_NAME;
        if (!fixed && !(wanted && wanted->hidden[column]))
            out[count++] = column;
    }
    return count;
}

/* Width with the blank before it. */
static int size_of(enum column column)
{
    int gap, width = layout_column_size(column, &gap);
    return gap + width;
}

/* How many of the list, from its end, stand beside a name of this width. */
static int fitting_tail(const struct layout *layout, const enum column *list, int count, int name)
{
    int fit = 0, x = layout->columns[COLUMN_NAME].x + name;
    while (fit < count && x + size_of(list[count - 1 - fit]) < layout->table.width)
        x += size_of(list[count - 1 - fit++]);
    return fit;
}

static void place(struct layout *layout, const enum column *list, int count, int name, int wish)
{
    struct column_place *columns = layout->columns;
    int used = 0, x, start = columns[COLUMN_NAME].x, room = layout->table.width - 1 - start - name;
    int shown = 0;
    for (int i = COLUMN_GLYPH + 1; i < COLUMN_COUNT; i++)
        if (i != COLUMN_NAME)
            columns[i].width = 0;
    while (shown < count && used + size_of(list[shown]) <= room)
        used += size_of(list[shown++]);
    int slack = room - used, more = wish - name;
    more = more < slack ? more : slack;
    columns[COLUMN_NAME].width = name + (more > 0 ? more : 0);
    slack -= more > 0 ? more : 0;
    x = start + columns[COLUMN_NAME].width;
    for (int i = 0; i < shown; i++) {
        int gap, width = layout_column_size(list[i], &gap);
        if (list[i] == COLUMN_TREND) {
            width += slack;
            slack = 0;
        }
        columns[list[i]] = (struct column_place){x + gap, width};
        x += gap + width;
    }
    layout->more_right = shown < count;
}

static bool is_complete(const struct layout *layout, const enum column *list, int count)
{
    for (int i = 0; i < count; i++)
        if (layout->columns[list[i]].width == 0)
            return false;
    return true;
}

unsigned layout_scroll(struct layout *layout, int name_width, const struct columns *columns,
                       unsigned steps)
{
    enum column list[COLUMN_COUNT];
    int count = layout->one_liner ? 0 : list_wanted(columns, list);
    int name = layout_name_width(layout->table.width, name_width), whole = layout->table.width - 1;
    whole -= layout->columns[COLUMN_NAME].x;
    if (layout->one_liner)
        name = whole = layout->columns[COLUMN_NAME].width;
    /* As far as it takes to see the last column, and names that are cut as a whole. */
    bool cut = name_width > layout->columns[COLUMN_NAME].width;
    int most = 0;
    if (cut || !is_complete(layout, list, count))
        most = count - fitting_tail(layout, list, count, cut ? name_width : name);
    int beyond = name_width > whole ? (name_width - whole + NAME_STEP - 1) / NAME_STEP : 0;
    unsigned all = (unsigned)(most + beyond);
    unsigned taken = steps < all ? steps : all;
    layout->more_right = all > 0;
    if (taken == 0)
        return 0;
    int gone = (int)taken < most ? (int)taken : most;
    if (!layout->one_liner)
        place(layout, list + gone, count - gone, name, name_width);
    layout->name_skip = ((int)taken - gone) * NAME_STEP;
    layout->more_left = true;
    layout->more_right = taken < all;
    return taken;
}
