#include "ui/view.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "ui/draw.h"
#include "ui/format.h"
#include "ui/meters.h"

#define QUERY_COLUMNS 28 /* of the filter in the bar */

#define NOW 60 /* seconds: so young an anomaly is one of now */

/* A piece of the bar; those of the least weight go first where there is not room for all. */
struct segment {
    char text[160];
    char brief[24]; /* the same in fewer words, where there is not room for all; "" if none */
    unsigned style;
    int strong; /* so many of its first bytes stand out */
    int gap;    /* blanks before it */
    int weight; /* 0: not shown */
};

enum {
    NAME,
    WHERE,
    INSECURE,
    GLYPH,
    STATE,
    QUERY,
    TAGGED,
    FILTER,
    TWINS,
    SERIES,
    ANOMALOUS,
    RATE,
    BAD,
    DROPPED,
    SIM,
    SEGMENTS
};

static void set(struct segment *segment, int weight, int gap, unsigned style)
{
    segment->weight = weight;
    segment->gap = gap;
    segment->style = style;
}

/* "12s", "3d02h": a duration that ticks in seconds. */
static void duration(timestamp span, char *out)
{
    if (span >= 0 && span < 10 * TIMESTAMP_SECOND)
        snprintf(out, FORMAT_TEXT, "%d s", (int)(span / TIMESTAMP_SECOND));
    else
        format_age(span, out);
}

static bool is_live(const struct connection *connection)
{
    return connection->state == CONNECTION_LIVE || connection->state == CONNECTION_REPLAYING;
}

static unsigned state_words(const struct frame *frame, const char **glyph, char *out)
{
    const struct connection *connection = frame->connection;
    timestamp uptime = frame->clock - connection->since;
    *glyph = "○";
    switch (connection->state) {
    case CONNECTION_LIVE:
        *glyph = "●";
        duration(uptime, out);
        return STYLE_BAR_GOOD;
    case CONNECTION_REPLAYING:
        *glyph = "●";
        snprintf(out, FORMAT_TEXT, "replay");
        return STYLE_BAR_GOOD;
    case CONNECTION_TRYING:
        *glyph = "◐";
        snprintf(out, FORMAT_TEXT, "connecting");
        return STYLE_BAR_WARN;
    case CONNECTION_WAITING:
        snprintf(out, FORMAT_TEXT, "not connected");
        return STYLE_BAR_ALARM;
    case CONNECTION_ENDED:
        snprintf(out, FORMAT_TEXT, "ended");
        return STYLE_BAR_WARN;
    case CONNECTION_NONE:
        break;
    }
    snprintf(out, FORMAT_TEXT, "starting");
    return STYLE_BAR_WARN;
}

static void connection_segments(const struct frame *frame, struct segment *all)
{
    const struct connection *connection = frame->connection;
    char words[FORMAT_TEXT], query[4 * QUERY_COLUMNS + 8];
    const char *glyph;
    unsigned style = state_words(frame, &glyph, words);
    bool live = is_live(connection);

    set(&all[WHERE], 80, 2, STYLE_BAR);
    snprintf(all[WHERE].text, sizeof all[WHERE].text, "%s", connection->where);
    set(&all[INSECURE], connection->insecure ? 98 : 0, 1, STYLE_BAR_ALARM);
    snprintf(all[INSECURE].text, sizeof all[INSECURE].text, "INSECURE");
    set(&all[GLYPH], 100, 1, style);
    snprintf(all[GLYPH].text, sizeof all[GLYPH].text, "%s", glyph);
    set(&all[STATE], live ? 60 : 95, 1, live ? STYLE_BAR : style);
    snprintf(all[STATE].text, sizeof all[STATE].text, "%s", words);
    if (*frame->filter) {
        set(&all[QUERY], 97, 2, STYLE_BAR_WARN);
        format_middle(frame->filter, QUERY_COLUMNS, query, sizeof query);
        snprintf(all[QUERY].text, sizeof all[QUERY].text, "filter %s", query);
    }
    if (frame->tagged->count > 0) {
        set(&all[TAGGED], 52, 2, STYLE_BAR_ACCENT);
        snprintf(all[TAGGED].text, sizeof all[TAGGED].text, "%u tagged",
                 (unsigned)frame->tagged->count);
    }
    set(&all[FILTER], *connection->filter ? 40 : 0, 2, STYLE_BAR_DIM);
    snprintf(all[FILTER].text, sizeof all[FILTER].text, "%s", connection->filter);
}

static void count_segment(struct segment *segment, uint64_t count, const char *one,
                          const char *many)
{
    char text[FORMAT_TEXT];
    format_count(count, text);
    snprintf(segment->text, sizeof segment->text, "%s %s", text, count == 1 ? one : many);
}

/* "14 %", "<1 %" */
static void share_text(uint32_t part, uint32_t whole, char *out)
{
    double percent = whole > 0 ? 100.0 * part / whole : 0;
    bool some = part > 0 && percent < 1;
    snprintf(out, FORMAT_TEXT, some ? "<1 %%" : "%.0f %%", percent);
}

/* How much of all there is to worry about; nothing while nothing is. */
static void share_segment(const struct fleet_totals *totals, struct segment *segment)
{
    uint32_t now = fleet_anomalous(totals, NOW), hour = fleet_anomalous(totals, 3600);
    char share[FORMAT_TEXT], lately[FORMAT_TEXT];
    if (hour == 0)
        return;
    set(segment, 28, 2, now > 0 ? STYLE_BAR_WARN : STYLE_BAR);
    share_text(now, totals->series, share);
    share_text(hour, totals->series, lately);
    if (now == hour)
        snprintf(segment->text, sizeof segment->text, "%s anomalous", share);
    else
        snprintf(segment->text, sizeof segment->text, "%s anomalous, %s in 1 h", share, lately);
    snprintf(segment->brief, sizeof segment->brief, "%.8s anomalous", share);
}

static void fleet_segments(const struct frame *frame, struct segment *all)
{
    const struct snapshot *snapshot = frame->snapshot;
    const struct fleet_totals *totals = &snapshot->totals;
    const struct ui_facts *facts = frame->facts;
    char text[FORMAT_TEXT];

    set(&all[TWINS], 50, 2, STYLE_BAR);
    count_segment(&all[TWINS], totals->twins, "twin", "twins");
    set(&all[SERIES], 20, 2, STYLE_BAR);
    count_segment(&all[SERIES], totals->series, "series", "series");
    share_segment(totals, &all[ANOMALOUS]);
    /* Where there is a meter of it below, it is the first to go. */
    set(&all[RATE], frame->layout->header.height < 3 ? 55 : 5, 2, STYLE_BAR);
    meters_rate(snapshot, text);
    snprintf(all[RATE].text, sizeof all[RATE].text, "%s msg/s", text);
    all[RATE].strong = (int)strlen(text);
    uint64_t dropped = facts->dropped + totals->overflow;
    set(&all[DROPPED], dropped ? 70 : 25, 2, dropped ? STYLE_BAR_WARN : STYLE_BAR);
    format_count(dropped, text);
    snprintf(all[DROPPED].text, sizeof all[DROPPED].text, "%s dropped", text);
    snprintf(all[DROPPED].brief, sizeof all[DROPPED].brief, "drop %s", text);
    /* The third group of the lines below tells it where there is one. */
    if (totals->malformed > 0 && frame->layout->width < METERS_WIDE) {
        set(&all[BAD], 65, 2, STYLE_BAR_WARN);
        format_count(totals->malformed, text);
        snprintf(all[BAD].text, sizeof all[BAD].text, "%s bad", text);
    }
    if (facts->sim_running || facts->sim_sensors > 0) {
        bool trouble = facts->sim_trouble[0] != '\0';
        set(&all[SIM], trouble ? 75 : 30, 2, trouble ? STYLE_BAR_WARN : STYLE_BAR_SIM);
        format_count(facts->sim_sensors, text);
        snprintf(all[SIM].text, sizeof all[SIM].text, "s %s simulated%s", text,
                 trouble              ? ", not connected"
                 : facts->sim_running ? ""
                                      : ", off");
        snprintf(all[SIM].brief, sizeof all[SIM].brief, "s %s%s", text,
                 trouble || !facts->sim_running ? " off" : "");
    }
}

static int segments_width(const struct segment *all)
{
    int width = 0;
    for (int i = 0; i < SEGMENTS; i++)
        if (all[i].weight > 0)
            width += all[i].gap + (int)text_width(all[i].text);
    return width;
}

static void shorten(struct segment *segment)
{
    memcpy(segment->text, segment->brief, sizeof segment->brief);
    segment->brief[0] = '\0';
}

/* The lightest segments say less, then nothing, until the rest fits. */
static void fit_segments(struct segment *all, int width)
{
    for (int i = 0; i < SEGMENTS && segments_width(all) > width; i++)
        if (all[i].brief[0] != '\0')
            shorten(&all[i]);
    while (segments_width(all) > width) {
        int least = -1;
        for (int i = 0; i < SEGMENTS; i++)
            if (all[i].weight > 0 && (least < 0 || all[i].weight < all[least].weight))
                least = i;
        if (least < 0 || all[least].weight >= 95)
            return; /* the rest is cut by the screen's edge */
        all[least].weight = 0;
    }
}

static void draw_bar(struct canvas *canvas, const struct frame *frame)
{
    struct segment all[SEGMENTS] = {0};
    int width = frame->layout->width;
    char clock[FORMAT_TEXT];
    format_clock(frame->clock, clock);
    bool has_clock = width >= 50;
    int room = width - 1 - (has_clock ? (int)strlen(clock) + 3 : 0);

    set(&all[NAME], 90, 1, STYLE_BAR_ACCENT);
    snprintf(all[NAME].text, sizeof all[NAME].text, "dt-top");
    connection_segments(frame, all);
    fleet_segments(frame, all);
    fit_segments(all, room);

    canvas_fill(canvas, (struct rect){0, 0, width, 1}, STYLE_BAR, ' ');
    int x = 0;
    for (int i = 0; i < SEGMENTS; i++) {
        if (all[i].weight == 0)
            continue;
        x += all[i].gap;
        if (all[i].strong > 0)
            canvas_format(canvas, x, 0, width - x, STYLE_BAR_STRONG, "%.*s", all[i].strong,
                          all[i].text);
        int strong = all[i].strong;
        x += strong + canvas_text(canvas, x + strong, 0, width - x - strong, all[i].style,
                                  all[i].text + strong);
    }
    if (has_clock)
        canvas_text_right(canvas, 0, 0, width - 1, STYLE_BAR_STRONG, clock);
}

/* A still screen never looks live: the whole first line turns. */
static void draw_paused_bar(struct canvas *canvas, const struct frame *frame)
{
    int width = frame->layout->width;
    timestamp back = frame->snapshot->request.now - frame->snapshot->now;
    long long seconds = back > 0 ? (long long)(back / TIMESTAMP_SECOND) : 0;
    char buffered[FORMAT_TEXT], clock[FORMAT_TEXT];
    format_count(frame->buffered, buffered);
    format_clock(frame->snapshot->now, clock);
    canvas_fill(canvas, (struct rect){0, 0, width, 1}, STYLE_NOTICE, ' ');
    int x = 1;
    if (seconds < 3600)
        x += canvas_format(canvas, x, 0, width - x, STYLE_NOTICE,
                           "PAUSED -%02lld:%02lld, %s buffered", seconds / 60, seconds % 60,
                           buffered);
    else
        x += canvas_format(canvas, x, 0, width - x, STYLE_NOTICE,
                           "PAUSED -%lld:%02lld:%02lld, %s buffered", seconds / 3600,
                           seconds / 60 % 60, seconds % 60, buffered);
    char words[FORMAT_TEXT];
    const char *glyph;
    state_words(frame, &glyph, words);
    if (frame->connection->insecure)
        x += canvas_text(canvas, x + 3, 0, width - x - 14, STYLE_BAR_ALARM, " INSECURE ") + 3;
    if (!is_live(frame->connection) && width - x > 30)
        x += canvas_format(canvas, x + 3, 0, width - x - 14, STYLE_NOTICE, "%s", words) + 3;
    if (width - x > 50)
        canvas_text_right(canvas, x, 0, width - x - 12, STYLE_NOTICE, "[ ] { } scrub   L live");
    else if (width - x > 40)
        canvas_text_right(canvas, x, 0, width - x - 12, STYLE_NOTICE, "L live");
    if (width - x > 10)
        canvas_text_right(canvas, x, 0, width - x - 1, STYLE_NOTICE, clock);
}

static bool in_trouble(const struct connection *connection)
{
    return !is_live(connection) && connection->state != CONNECTION_NONE &&
           (connection->reason[0] || connection->state != CONNECTION_ENDED);
}

static void next_try(const struct frame *frame, char out[48])
{
    timestamp left = frame->connection->next_try - frame->clock;
    out[0] = '\0';
    if (frame->connection->state == CONNECTION_WAITING)
        snprintf(out, 48, "next try in %d s",
                 left > 0 ? (int)((left + TIMESTAMP_SECOND - 1) / TIMESTAMP_SECOND) : 0);
}

/* In place of the meters, which say nothing of the moment now: what is wrong and what to do, in
 * full, and when the next try is. The bar above tells where. */
static void draw_trouble(struct canvas *canvas, const struct frame *frame)
{
    const struct connection *connection = frame->connection;
    bool trying = connection->state == CONNECTION_TRYING;
    int width = frame->layout->width, x = 3;
    char next[48];
    next_try(frame, next);
    canvas_put(canvas, 1, 1, trying ? STYLE_WARN : STYLE_ALARM, trying ? 0x25d0 : 0x25cb);
    int used = canvas_text_right(canvas, x, 1, width - x - 1, STYLE_STRONG, next);
    int room = width - x - 1 - (used > 0 ? used + 3 : 0);
    const char *text = connection->reason;
    if (trying) {
        int words = canvas_text(canvas, x, 1, room, STYLE_NORMAL, "Connecting ...");
        x += words + 1;
        room -= words + 1;
    }
    /* What was wrong at the last try stays readable, but steps back, while the next one runs. */
    unsigned style = trying ? STYLE_DIM : STYLE_WARN;
    if (room > 0)
        text = draw_line(canvas, x, 1, room, style, text);
    canvas_text(canvas, 3, 2, width - 4, style, text);
}

/* The same where there is but one line: the reason takes the place of everything else. */
static void draw_trouble_bar(struct canvas *canvas, const struct frame *frame)
{
    int width = frame->layout->width, x = 1;
    char words[FORMAT_TEXT], next[48];
    const char *glyph;
    unsigned style = state_words(frame, &glyph, words);
    next_try(frame, next);
    canvas_fill(canvas, (struct rect){0, 0, width, 1}, STYLE_BAR, ' ');
    if (frame->connection->insecure)
        x += canvas_text(canvas, x, 0, width - x, STYLE_BAR_ALARM, "INSECURE") + 1;
    x += canvas_format(canvas, x, 0, width - x, style, "%s %s", glyph, words) + 2;
    int used = canvas_text_right(canvas, x, 0, width - x - 1, STYLE_BAR_STRONG, next);
    canvas_text(canvas, x, 0, width - x - used - 3, STYLE_BAR, frame->connection->reason);
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    int height = frame->layout->header.height;
    bool trouble = in_trouble(frame->connection);
    if (height < 1)
        return;
    if (frame->paused)
        draw_paused_bar(canvas, frame);
    else if (trouble && height < 3)
        draw_trouble_bar(canvas, frame);
    else
        draw_bar(canvas, frame);
    if (height < 3)
        return;
    if (trouble)
        draw_trouble(canvas, frame);
    else
        meters_draw(canvas, frame);
}

const struct view view_header = {"header", draw};
