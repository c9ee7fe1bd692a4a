#include "ui/view.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "ui/draw.h"
#include "ui/format.h"
#include "ui/glyph.h"
#include "ui/spark.h"

#define SUBJECT_LEAST 16
#define NARROW 60 /* the clock without seconds, one blank between columns */

/* How an event looks, fading from new to old. */
struct mood {
    unsigned glyph, subject, text;
};

static unsigned glyph_style(const struct event *event, bool young)
{
    bool bad = event->status == STATUS_OFFLINE || event->status == STATUS_UNKNOWN;
    switch (event->type) {
    case EVENT_ANOMALY:
    case EVENT_INCIDENT:
        return event->hushed                        ? STYLE_DIM
               : event->severity == SEVERITY_NOTICE ? STYLE_WARN
                                                    : STYLE_FADING;
    case EVENT_PRESENCE:
    case EVENT_CADENCE:
        return bad ? STYLE_WARN : young ? STYLE_GOOD : STYLE_DIM;
    case EVENT_MALFORMED:
    case EVENT_CONNECTION:
        return young ? STYLE_WARN : STYLE_DIM;
    case EVENT_BOOKMARK:
        return STYLE_ACCENT;
    case EVENT_COMMAND:
    case EVENT_NOTE:
    case EVENT_TYPES:
        break;
    }
    return young ? STYLE_NORMAL : STYLE_DIM;
}

static struct mood find_mood(const struct event *event, const struct frame *frame)
{
    timestamp now = frame->snapshot->now;
    timestamp age = now == TIMESTAMP_NONE ? 0 : now - event->time; /* no clock yet */
    bool later = frame->paused && age < 0;                         /* than the moment shown */
    bool young = age < ANOMALY_FADING && !later;
    bool alarm = (event->type == EVENT_ANOMALY || event->type == EVENT_INCIDENT) &&
                 event->severity != SEVERITY_NOTICE;
    struct mood mood = {glyph_style(event, young), STYLE_DIM, STYLE_DIM};
    if (!young || event->hushed)
        return mood;
    mood.subject = mood.text = STYLE_NORMAL;
    if (age < ANOMALY_STRONG && alarm) {
        mood.glyph = STYLE_ALARM;
        mood.subject = mood.text = STYLE_STRONG;
    }
    return mood;
}

/* As wide as the table's names where there is a table, so that the log stands still while it
 * scrolls; else as wide as what is there. */
static int subject_width(const struct frame *frame)
{
    const struct snapshot *snapshot = frame->snapshot;
    int most = frame->layout->width / 3, wanted = SUBJECT_LEAST;
    int names = frame->layout->columns[COLUMN_NAME].width;
    if (names > wanted)
        wanted = names;
    for (uint32_t i = 0; names == 0 && i < snapshot->event_count; i++) {
        int wide = (int)text_width(snapshot->events[i].subject);
        if (wide > wanted)
            wanted = wide;
    }
    return wanted < most ? wanted : most;
}

/* A subject is "twin/series" or a topic: its last level stays readable. */
static void cut_subject(const char *subject, unsigned columns, char *out, size_t size)
{
    char head[sizeof((struct event *)0)->subject];
    const char *slash = strrchr(subject, '/');
    if (!slash) {
        format_middle(subject, columns, out, size);
        return;
    }
    snprintf(head, sizeof head, "%.*s", (int)(slash - subject), subject);
    draw_name(head, slash + 1, columns, out, size);
}

static void draw_event(struct canvas *canvas, const struct frame *frame, const struct event *event,
                       int y, int subject)
{
    int width = frame->layout->width;
    bool narrow = width < NARROW;
    struct mood mood = find_mood(event, frame);
    char clock[FORMAT_TEXT], name[sizeof event->subject + 8]; /* two '…' */
    if (narrow)
        format_clock_minute(event->time, clock);
    else
        format_clock(event->time, clock);
    int x = 1;
    x += canvas_text(canvas, x, y, width - x, STYLE_DIM, clock) + 1;
    canvas_put(canvas, x, y, mood.glyph, glyph_event(event));
    x += 2;
    cut_subject(event->subject, (unsigned)subject, name, sizeof name);
    canvas_text(canvas, x, y, subject, mood.subject, name);
    x += subject + (narrow ? 1 : 2);
    canvas_text(canvas, x, y, width - x - 1, mood.text, event->text);
    if (event->id == frame->snapshot->request.event)
        canvas_mark(canvas, (struct rect){0, y, width, 1}, STYLE_SELECTED);
}

/* How many there were in each hour, the last of them with its number, ending before `right`. */
static void draw_hours(struct canvas *canvas, const struct frame *frame, int x, int right)
{
    const uint32_t *hours = frame->snapshot->event_hours;
    int y = frame->layout->events_title.y, most = JOURNAL_HOURS;
    char count[FORMAT_TEXT], text[FORMAT_TEXT + 4];
    format_count(hours[most - 1], count);
    snprintf(text, sizeof text, "%s/h", count);
    int words = (int)text_width(text), room = right - x - words - 4;
    int shown = room >= most ? most : room >= most / 2 ? most / 2 : 0;
    if (shown == 0)
        return;
    x = right - words - shown - 3;
    canvas_fill(canvas, (struct rect){x, y, words + shown + 3, 1}, STYLE_DIM, ' ');
    spark_counts(canvas, x + 1, y, hours + most - shown, (unsigned)shown, STYLE_SPARK);
    canvas_text(canvas, x + shown + 2, y, words, STYLE_DIM, text);
}

/* The filter, and how many pass it. Returns where the next title may start. */
static int draw_filter(struct canvas *canvas, const struct frame *frame, int x)
{
    const struct snapshot *snapshot = frame->snapshot;
    struct rect rule = frame->layout->events_title;
    char filter[INPUT_TEXT + 8], text[sizeof filter + 32];
    format_middle(frame->event_filter, (unsigned)(rule.width / 3), filter, sizeof filter);
    snprintf(text, sizeof text, "%s  %u of %u", filter, (unsigned)snapshot->event_matches,
             (unsigned)snapshot->event_all);
    return draw_title(canvas, x, rule.y, rule.width, STYLE_WARN, text);
}

static void draw_rule_line(struct canvas *canvas, const struct frame *frame)
{
    struct rect rule = frame->layout->events_title;
    uint32_t newer = frame->snapshot->events_newer;
    bool focus = frame->focus == PANE_EVENTS;
    char text[64], count[FORMAT_TEXT];
    draw_rule(canvas, rule);
    int x = draw_title(canvas, rule.x + 2, rule.y, rule.width,
                       STYLE_ACCENT | (focus ? STYLE_REVERSE : 0), "Events");
    if (frame->new_anomalies > 0) {
        format_count(frame->new_anomalies, count);
        snprintf(text, sizeof text, "%s new", count);
        x = draw_title(canvas, x, rule.y, rule.width, STYLE_ALARM, text);
    }
    if (*frame->event_filter)
        x = draw_filter(canvas, frame, x);
    if (newer > 0)
        snprintf(text, sizeof text, "%u newer above", (unsigned)newer);
    else
        snprintf(text, sizeof text, "%s",
                 focus ? "↑↓ Enter go there  F4 filter" : "e next anomaly");
    int right = draw_title_right(canvas, x + 2, rule.y, rule.width - 2,
                                 newer > 0 ? STYLE_WARN : STYLE_DIM, text);
    draw_hours(canvas, frame, x + 2, right - 1);
}

static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct snapshot *snapshot = frame->snapshot;
    struct rect rect = frame->layout->events;
    if (rect.height <= 0)
        return;
    if (frame->layout->events_title.height > 0)
        draw_rule_line(canvas, frame);
    canvas_clip(canvas, rect);
    int subject = subject_width(frame);
    for (uint32_t i = 0; i < snapshot->event_count && (int)i < rect.height; i++)
        draw_event(canvas, frame, &snapshot->events[i], rect.y + (int)i, subject);
    if (snapshot->event_count == 0)
        canvas_text(
            canvas, rect.x + 1, rect.y, rect.width - 2, STYLE_DIM,
            *frame->event_filter
                ? "No event passes this filter."
                : "Nothing has happened yet: anomalies, sensors coming and going, bad payloads.");
    canvas_unclip(canvas);
}

const struct view view_events = {"events", draw};
