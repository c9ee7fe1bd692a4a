#include "ui/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/unit.h"
#include "ui/draw.h"
#include "ui/format.h"
#include "ui/glyph.h"
#include "ui/spark.h"

#define RETAINED_WIDTH 8
#define CELL_TEXT (2 * TEXT_NAME_BYTES)

static const char *const headings[COLUMN_COUNT] = {
    [COLUMN_GLYPH] = "",      [COLUMN_NAME] = "TWIN / SERIES",
    [COLUMN_VALUE] = "VALUE", [COLUMN_UNIT] = "UNIT",
    [COLUMN_Z] = "Z",         [COLUMN_MEAN] = "MEAN",
    [COLUMN_SD] = "σ",        [COLUMN_MIN] = "MIN",
    [COLUMN_MAX] = "MAX",     [COLUMN_RATE] = "RATE",
    [COLUMN_AGE] = "AGE",     [COLUMN_ETA] = "ETA",
    [COLUMN_TREND] = "",      [COLUMN_ANOMALIES] = "ANOM",
};

/* The column that a sort key orders by. */
static enum column column_of(enum sort_key sort)
{
    switch (sort) {
    case SORT_STATE:
        return COLUMN_GLYPH;
    case SORT_VALUE:
        return COLUMN_VALUE;
    case SORT_Z:
        return COLUMN_Z;
    case SORT_MEAN:
        return COLUMN_MEAN;
    case SORT_RATE:
        return COLUMN_RATE;
    case SORT_AGE:
        return COLUMN_AGE;
    case SORT_ANOMALIES:
        return COLUMN_ANOMALIES;
    case SORT_ETA:
        return COLUMN_ETA;
    case SORT_NAME:
    case SORT_KEYS:
        break;
    }
    return COLUMN_NAME;
}

static const char *sort_words(enum sort_key sort)
{
    static const char *const words[SORT_KEYS] = {
        [SORT_STATE] = "by state",         [SORT_VALUE] = "by value", [SORT_Z] = "by z",
        [SORT_MEAN] = "by mean",           [SORT_RATE] = "by rate",   [SORT_AGE] = "by age",
        [SORT_ANOMALIES] = "by anomalies", [SORT_ETA] = "by ETA",
    };
    return sort < SORT_KEYS && words[sort] ? words[sort] : "";
}

static bool is_left(enum column column)
{
    return column == COLUMN_NAME || column == COLUMN_UNIT || column == COLUMN_TREND;
}

static void heading_text(const struct frame *frame, enum column column, char *out, size_t size)
{
    const struct snapshot_request *request = &frame->snapshot->request;
    const char *arrow = request->descending ? "▾" : "▴";
    enum column sorted = column_of(request->sort);
    char span[FORMAT_TEXT], part[FORMAT_TEXT];
    const char *heading = headings[column];
    if (column == COLUMN_NAME && *frame->filter) {
        /* A filtered table never looks like all. */
        snprintf(part, sizeof part, "%u of %u", (unsigned)frame->snapshot->matches,
                 (unsigned)frame->snapshot->all);
        heading = part;
    }
    if (column == COLUMN_TREND) {
        format_span(request->span, span);
        bool brief = frame->layout->columns[column].width < (int)strlen(span) + 5;
        snprintf(out, size, "%s%s", brief ? "" : "LAST ", span);
        for (char *c = out; *c; c++)
            if (*c >= 'a' && *c <= 'z')
                *c = (char)(*c - 'a' + 'A');
    } else if (column == sorted) {
        snprintf(out, size, "%s%s%s", heading, *heading ? " " : "", arrow);
    } else if (column == COLUMN_NAME && frame->layout->columns[sorted].width == 0) {
        /* Its own column is not shown: the order is told here. */
        snprintf(out, size, "%s  %s %s", heading, sort_words(request->sort), arrow);
    } else {
        snprintf(out, size, "%s", heading);
    }
}

static void draw_heading(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    int y = layout->table.y;
    canvas_fill(canvas, (struct rect){0, y, layout->width, 1}, STYLE_HEADING, ' ');
    for (int i = 0; i < COLUMN_COUNT; i++) {
        const struct column_place *at = &layout->columns[i];
        char text[128];
        int used = 0;
        if (at->width == 0)
            continue;
        heading_text(frame, (enum column)i, text, sizeof text);
        if (is_left((enum column)i) || i == COLUMN_GLYPH)
            used = canvas_text(canvas, at->x, y, at->width, STYLE_HEADING, text);
        else
            canvas_text_right(canvas, at->x, y, at->width, STYLE_HEADING, text);
        if (i == COLUMN_NAME && *frame->filter)
            canvas_restyle(canvas, (struct rect){at->x, y, used, 1}, STYLE_NOTICE);
    }
}

/* How a row looks as a whole. */
struct mood {
    unsigned glyph, name, value, z, age, quiet;
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

static void value_text(const struct row *row, int columns, char *out)
{
    if (row->binary_state)
        snprintf(out, FORMAT_TEXT, "%s", row->value != 0 ? "on" : "off");
    else
        format_value(row->value, format_precision(row->value, row->stdev, row->min, row->max),
                     columns, out);
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
    if (isnan(row->value)) /* paused before its first reading */
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

static void draw_cell(struct canvas *canvas, const struct row *row, const struct mood *mood,
                      enum column column, const struct column_place *at, int y)
{
    char text[FORMAT_TEXT] = "";
    unsigned style = mood->quiet;
    switch (column) {
    case COLUMN_VALUE:
        value_text(row, at->width, text);
        style = mood->value;
        break;
    case COLUMN_Z:
        z_text(row, text);
        style = mood->z;
        break;
    case COLUMN_MEAN:
    case COLUMN_SD:
    case COLUMN_MIN:
    case COLUMN_MAX:
        if (!row->binary_state)
            statistic_text(row, column, at->width, text);
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

static void draw_trend(struct canvas *canvas, const struct frame *frame, const struct row *row,
                       int y)
{
    const struct snapshot_request *request = &frame->snapshot->request;
    const struct column_place *at = &frame->layout->columns[COLUMN_TREND];
    unsigned count = request->spark_columns;
    if (at->width == 0 || count == 0 || !row->spark)
        return;
    /* The newest is at the right, also in the frame after a resize. */
    unsigned skip = count > (unsigned)at->width ? count - (unsigned)at->width : 0;
    count -= skip;
    struct spark spark = {
        .buckets = row->spark + skip,
        .count = count,
        .span = request->span / (count + skip) * count,
        .off = row->state == STATE_LATE || row->state == STATE_LOST || row->state == STATE_OFFLINE,
    };
    spark_draw(canvas, at->x + at->width - (int)count, y, &spark);
}

static void draw_row(struct canvas *canvas, const struct frame *frame, const struct row *row, int y)
{
    const struct layout *layout = frame->layout;
    const struct column_place *name = &layout->columns[COLUMN_NAME];
    struct mood mood = find_mood(row);
    char text[CELL_TEXT];
    enum connection_state state = frame->connection->state;

    /* Without a connection nobody knows whether it is live. */
    if (mood.glyph == STYLE_GOOD && (state == CONNECTION_TRYING || state == CONNECTION_WAITING))
        mood.glyph = STYLE_DIM;

    canvas_put(canvas, layout->columns[COLUMN_GLYPH].x, y, mood.glyph,
               glyph_state(row->state, row->simulated, draw_row_fresh(row)));
    draw_name(row->twin, row->name, (unsigned)name->width, text, sizeof text);
    canvas_text(canvas, name->x, y, name->width, mood.name, text);
    if (layout->columns[COLUMN_UNIT].width > 0)
        canvas_text(canvas, layout->columns[COLUMN_UNIT].x, y, layout->columns[COLUMN_UNIT].width,
                    STYLE_DIM, unit_symbol(row->unit));
    draw_trend(canvas, frame, row, y);
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
    if (snapshot->row_count == 0)
        draw_empty(canvas, frame, rows);
    for (uint32_t i = 0; i < snapshot->row_count && (int)i < rows.height; i++) {
        int y = rows.y + (int)i;
        draw_row(canvas, frame, &snapshot->rows[i], y);
        if (snapshot->request.first_row + i == snapshot->selected_row)
            canvas_mark(canvas, (struct rect){rows.x, y, rows.width, 1}, STYLE_SELECTED);
    }
    canvas_unclip(canvas);
}

const struct view view_table = {"table", draw};
