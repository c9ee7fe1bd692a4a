#include "ui/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/unit.h"
#include "ui/headings.h"
#include "ui/draw.h"
#include "ui/format.h"
#include "ui/glyph.h"
#include "ui/group_row.h"
#include "ui/trend.h"

#define RETAINED_WIDTH 8
#define ELLIPSIS 0x2026
#define TO_LEFT 0x25C2  /* ◂ */
#define TO_RIGHT 0x25B8 /* ▸ */
#define CELL_TEXT (2 * TEXT_NAME_BYTES)

static void heading_text(const struct frame *frame, bool ascii, enum column column, char *out,
                         size_t size)
{
    const struct snapshot_request *request = &frame->snapshot->request;
    const char *arrow = request->descending ? "▼" : "▲";
    enum column sorted = headings_of_sort(request->sort);
    char span[FORMAT_TEXT], part[FORMAT_TEXT];
    const char *heading = headings_text(column, ascii);
    if (column == COLUMN_NAME && *frame->filter) {
        /* A filtered table never looks like all. */
        snprintf(part, sizeof part, "%u of %u", (unsigned)frame->snapshot->matches,
                 (unsigned)frame->snapshot->all);
        heading = part;
    }
    if (column == COLUMN_TREND) {
        int width = frame->layout->columns[column].width;
        format_span(request->span, span);
        int len = (int)strlen(span);
        bool common = frame->setup->trend.common && width >= len + 11;
        bool brief = width < len + (common ? 16 : 5);
        snprintf(out, size, "%s%s%s", brief ? "" : "LAST ", span, common ? ", one scale" : "");
        for (char *c = out; *c; c++)
            if (*c >= 'a' && *c <= 'z')
                *c = (char)(*c - 'a' + 'A');
    } else if (column == sorted) {
        int width = frame->layout->columns[column].width;
        bool roomy = *heading && (int)text_width(heading) + 2 <= width;
        snprintf(out, size, "%s%s%s", heading, roomy ? " " : "", arrow);
    } else if (column == COLUMN_NAME && frame->layout->columns[sorted].width == 0) {
        /* Its own column is not shown: the order is told here. */
        snprintf(out, size, "%s  by %s %s", heading, headings_sort_name(request->sort, ascii),
                 arrow);
    } else {
        snprintf(out, size, "%s", heading);
    }
}

static void draw_heading(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    int y = layout->table.y;
    canvas_fill(canvas, (struct rect){0, y, layout->table.width, 1}, STYLE_HEADING, ' ');
    for (int i = 0; i < COLUMN_COUNT; i++) {
        const struct column_place *at = &layout->columns[i];
        char text[128];
        int used = 0;
        if (at->width == 0)
            continue;
        heading_text(frame, canvas->ascii, (enum column)i, text, sizeof text);
        if (headings_is_left((enum column)i))
            used = canvas_text(canvas, at->x, y, at->width, STYLE_HEADING, text);
        else
            canvas_text_right(canvas, at->x, y, at->width, STYLE_HEADING, text);
        if (i == COLUMN_NAME && frame->follow && used + 8 <= at->width)
            canvas_text(canvas, at->x + used + 1, y, 8, STYLE_NOTICE, " FOLLOW");
        if (i == COLUMN_NAME && *frame->filter)
            canvas_restyle(canvas, (struct rect){at->x, y, used, 1}, STYLE_NOTICE);
    }
    if (layout->more_left)
        canvas_put(canvas, layout->columns[COLUMN_NAME].x - 1, y, STYLE_HEADING, TO_LEFT);
    if (layout->more_right)
        canvas_put(canvas, layout->table.x + layout->table.width - 1, y, STYLE_HEADING, TO_RIGHT);
}

/* How a row looks as a whole. */
struct mood {
    unsigned glyph, name, value, z, age, quiet;
    int decimals; /* that the numbers of its table make room for */
};

static struct mood find_mood(const struct row *row)
{
    struct mood mood = {
        .glyph = row->simulated ? STYLE_SIM : STYLE_GOOD,
        .name = STYLE_NORMAL,
        .value = STYLE_NORMAL,
        .z = STYLE_DIM,
        .age = STYLE_DIM,
        .quiet = STYLE_DIM,
    };
    if (row->state == STATE_LEARNING)
        mood.glyph = STYLE_DIM;
    if (row->state == STATE_OFFLINE || row->state == STATE_LOST) {
        mood.glyph = mood.name = mood.value = STYLE_DIM;
        return mood;
    }
    if (row->state == STATE_LATE) {
        mood.glyph = mood.age = STYLE_WARN;
        mood.value = STYLE_DIM;
        return mood;
    }
    if (row->hush != HUSH_NONE) {
        bool lasting = row->hush != HUSH_ACKNOWLEDGED;
        if (lasting || row->state == STATE_ANOMALY || row->state == STATE_STUCK)
            mood.glyph = STYLE_DIM;
        return mood;
    }
    bool alarm = row->last_severity != SEVERITY_NOTICE;
    if (draw_row_strong(row)) {
        mood.glyph = mood.value = alarm ? STYLE_ALARM : STYLE_WARN;
        mood.name = STYLE_STRONG;
        if (row->state == STATE_ANOMALY)
            mood.z = mood.value;
    } else if (row->state == STATE_STUCK) {
        mood.glyph = mood.value = mood.z = STYLE_WARN;
    } else if (draw_row_fresh(row)) {
        mood.glyph = alarm ? STYLE_FADING : STYLE_WARN;
    }
    return mood;
}

/* A switch that says 0 and 1 has nothing between them, though their mean has. */
static int value_precision(const struct row *row)
{
    bool whole = (row->min == 0 || row->min == 1) && (row->max == 0 || row->max == 1) &&
                 (row->value == 0 || row->value == 1);
    return whole ? 0 : format_precision(row->value, row->stdev, row->min, row->max);
}

static void value_text(const struct row *row, int columns, char *out)
{
    if (row->binary_state && !isnan(row->value)) /* NAN: paused before its first reading */
        snprintf(out, FORMAT_TEXT, "%s", row->value != 0 ? "on" : "off");
    else
        format_value(row->value, value_precision(row), columns, out);
}

static void z_text(const struct row *row, char *out)
{
    if (row->state == STATE_STUCK)
        snprintf(out, FORMAT_TEXT, "flat");
    else if (row->has_z && !row->binary_state)
        format_z(row->z, out);
    else
        out[0] = '\0';
}

/* A number of the window; nothing where a single reading, or a retained one sent again and again,
 * would only repeat the value. */
static void statistic_text(const struct row *row, enum column column, int columns, char *out)
{
    double value = column == COLUMN_MEAN  ? row->mean
                   : column == COLUMN_SD  ? row->stdev
                   : column == COLUMN_MIN ? row->min
                                          : row->max;
    out[0] = '\0';
    if (row->count > 1 && row->age != TIMESTAMP_NONE)
        format_value(value, format_precision(row->value, row->stdev, row->min, row->max), columns,
                     out);
}

static void age_text(const struct row *row, char *out)
{
    if (isnan(row->value) && ROW_KIND(row->id) == ROW_SERIES) /* paused before its first reading */
        out[0] = '\0';
    else if (row->age == TIMESTAMP_NONE)
        snprintf(out, FORMAT_TEXT, "RETAINED");
    else
        format_age(row->age, out);
}

/* In the place of an age, but in time to come: "4m10". */
static void eta_text(const struct row *row, char *out)
{
    snprintf(out, FORMAT_TEXT, "-");
    if (row->has_eta)
        format_age(row->eta, out);
}

/* Of the numbers in all rows shown: their points are to stand in line. */
static int most_decimals(const struct snapshot *snapshot)
{
    int most = 0;
    for (uint32_t i = 0; i < snapshot->row_count; i++) {
        const struct row *row = &snapshot->rows[i];
        bool number = row->count > 0 && !row->binary_state;
        int decimals = number ? value_precision(row) : 0;
        most = decimals > most ? decimals : most;
    }
    return most;
}

static void draw_cell(struct canvas *canvas, const struct row *row, const struct mood *mood,
                      enum column column, const struct column_place *at, int y)
{
    char text[FORMAT_TEXT] = "";
    unsigned style = mood->quiet;
    switch (column) {
    case COLUMN_VALUE:
        value_text(row, at->width, text);
        format_align(text, mood->decimals, at->width);
        style = mood->value;
        break;
    case COLUMN_Z:
        z_text(row, text);
        format_align(text, 1, at->width);
        style = mood->z;
        break;
    case COLUMN_MEAN:
    case COLUMN_SD:
    case COLUMN_MIN:
    case COLUMN_MAX:
        if (!row->binary_state)
            statistic_text(row, column, at->width, text);
        format_align(text, mood->decimals, at->width);
        break;
    case COLUMN_RATE:
        format_rate(row->rate, text);
        break;
    case COLUMN_ANOMALIES:
        if (row->anomalies > 0)
            format_count(row->anomalies, text);
        break;
    case COLUMN_ETA:
        eta_text(row, text);
        style = row->has_eta ? STYLE_WARN : mood->quiet;
        break;
    case COLUMN_AGE:
        age_text(row, text);
        style = mood->age;
        break;
    default:
        return;
    }
    /* RETAINED needs more than an age; the column before it is empty then. */
    int more = at->width < RETAINED_WIDTH && column == COLUMN_AGE ? RETAINED_WIDTH - at->width : 0;
    canvas_text_right(canvas, at->x - more, y, at->width + more, style, text);
}

/* In place of the trend, of a twin that has not sent a number yet. */
static void draw_presence(struct canvas *canvas, const struct frame *frame, const struct row *row,
                          int y)
{
    const struct column_place *at = &frame->layout->columns[COLUMN_TREND];
    const char *state = row->state == STATE_OFFLINE ? "offline"
                        : row->state == STATE_OK    ? "online"
                                                    : "";
    char text[48];
    snprintf(text, sizeof text, "%s%sno reading yet", state, *state ? ", " : "");
    canvas_text(canvas, at->x, y, at->width, STYLE_DIM,
                (int)text_width(text) > at->width && *state ? state : text);
}

/* In the margin, where there is one. */
static void draw_tag(struct canvas *canvas, const struct layout *layout, int y)
{
    int x = layout->columns[COLUMN_GLYPH].x;
    if (x > 0)
        canvas_put(canvas, x - 1, y, STYLE_ACCENT, 0x258C);
    else
        canvas_mark(canvas, (struct rect){x, y, 1, 1}, STYLE_REVERSE);
}

/* A name that is longer than its place, from somewhere inside it. */
static void draw_name_scrolled(struct canvas *canvas, const struct layout *layout,
                               const struct row *row, struct rect place, unsigned style)
{
    char text[CELL_TEXT];
    struct rect clip = canvas->clip;
    snprintf(text, sizeof text, "%s%s%s", row->twin, *row->name ? "/" : "", row->name);
    int over = (int)text_width(text) - place.width;
    int skip = over < layout->name_skip ? over : layout->name_skip;
    if (skip < 0)
        skip = 0;
    canvas_clip(canvas, place);
    canvas_text(canvas, place.x - skip, place.y, place.width + skip, style, text);
    if (skip > 0)
        canvas_put(canvas, place.x, place.y, style, ELLIPSIS);
    canvas_clip(canvas, clip);
}

static void draw_row(struct canvas *canvas, const struct frame *frame, const struct row *row,
                     int decimals, int y)
{
    const struct layout *layout = frame->layout;
    const struct column_place *name = &layout->columns[COLUMN_NAME];
    struct mood mood = find_mood(row);
    mood.decimals = decimals;
    char text[CELL_TEXT];
    enum connection_state state = frame->connection->state;

    /* Without a connection nobody knows whether it is live. */
    if (mood.glyph == STYLE_GOOD && (state == CONNECTION_TRYING || state == CONNECTION_WAITING))
        mood.glyph = STYLE_DIM;

    canvas_put(canvas, layout->columns[COLUMN_GLYPH].x, y, mood.glyph,
               glyph_state(row->state, row->simulated, draw_row_fresh(row)));
    if (row->series != SNAPSHOT_NO_SERIES && bits_has(frame->tagged, row->series))
        draw_tag(canvas, layout, y);
    int indent = group_row_indent(row->depth, name->width), room = name->width - indent;
    if (layout->name_skip > 0) {
        draw_name_scrolled(canvas, layout, row, (struct rect){name->x + indent, y, room, 1},
                           mood.name);
    } else {
        if (ROW_KIND(row->id) == ROW_TWIN)
            format_middle(row->twin, (unsigned)room, text, sizeof text);
        else
            draw_name(row->twin, row->name, (unsigned)room, text, sizeof text);
        canvas_text(canvas, name->x + indent, y, room, mood.name, text);
    }
    if (layout->columns[COLUMN_UNIT].width > 0)
        canvas_text(canvas, layout->columns[COLUMN_UNIT].x, y, layout->columns[COLUMN_UNIT].width,
                    STYLE_DIM, unit_symbol(row->unit));
    if (ROW_KIND(row->id) == ROW_TWIN)
        draw_presence(canvas, frame, row, y);
    else
        trend_draw(canvas, frame, row, y);
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (layout->columns[i].width > 0)
            draw_cell(canvas, row, &mood, (enum column)i, &layout->columns[i], y);
}

/* An empty table says why it is empty, and what one can do. */
static void empty_text(const struct frame *frame, char *out, size_t size)
{
    const struct connection *connection = frame->connection;
    bool told = frame->layout->header.height > 1; /* there, what is wrong with the connection */
    if (frame->snapshot->all > 0)
        snprintf(out, size,
                 "None of %u series matches the filter %s. F4 changes it; an empty one shows all.",
                 (unsigned)frame->snapshot->all, frame->filter);
    else if (connection->state == CONNECTION_LIVE && *connection->hint)
        snprintf(out, size, "Connected, but %s.", connection->hint);
    else if (connection->state == CONNECTION_LIVE)
        snprintf(out, size,
                 "Connected, but nothing has come on %s yet. Sensors show up here by themselves "
                 "with their first message. Other topics: -t FILTER. A simulated sensor: F8.",
                 *connection->filter ? connection->filter : "the subscribed topics");
    else if (connection->state == CONNECTION_REPLAYING || connection->state == CONNECTION_ENDED)
        snprintf(out, size, "No reading so far.");
    else if (*connection->reason && !told)
        snprintf(out, size, "Not connected: %s", connection->reason);
    else
        snprintf(out, size,
                 "No sensors yet: they show up here by themselves once the broker "
                 "answers.");
}

static void draw_empty(struct canvas *canvas, const struct frame *frame, struct rect rows)
{
    char text[512];
    empty_text(frame, text, sizeof text);
    int margin = rows.width >= 40 ? 3 : 0;
    struct rect inside = {rows.x + margin, rows.y, rows.width - 2 * margin, rows.height};
    if (rows.height > 4) {
        inside.y++;
        inside.height--;
    }
    draw_wrapped(canvas, inside, STYLE_DIM, text);
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    const struct snapshot *snapshot = frame->snapshot;
    struct rect rows = layout->table;
    if (rows.height <= 0)
        return;
    if (layout->table_heading) {
        draw_heading(canvas, frame);
        rows.y++;
        rows.height--;
    }
    canvas_clip(canvas, rows);
    int decimals = most_decimals(snapshot);
    if (snapshot->row_count == 0)
        draw_empty(canvas, frame, rows);
    for (uint32_t i = 0; i < snapshot->row_count && (int)i < rows.height; i++) {
        int y = rows.y + (int)i;
        if (ROW_KIND(snapshot->rows[i].id) == ROW_GROUP)
            group_row_draw(canvas, frame, &snapshot->rows[i], y);
        else
            draw_row(canvas, frame, &snapshot->rows[i], decimals, y);
        if (snapshot->request.first_row + i == snapshot->selected_row)
            canvas_mark(canvas, (struct rect){rows.x, y, rows.width, 1}, STYLE_SELECTED);
    }
    canvas_unclip(canvas);
}

const struct view view_table = {"table", draw};
