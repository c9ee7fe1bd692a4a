#include "ui/draw.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "ui/format.h"
#include "ui/spark.h"

#define RULE 0x2500 /* ─ */
#define FRESH_READINGS 3

void draw_rule(struct canvas *canvas, struct rect rect)
{
    canvas_fill(canvas, (struct rect){rect.x, rect.y, rect.width, rect.height > 0}, STYLE_BAND,
                RULE);
}

void draw_menu_edge(struct canvas *canvas, struct rect rect, int bottom)
{
    int right = rect.x + rect.width, below = rect.y + rect.height;
    for (int y = rect.y + 1; y < below; y++)
        canvas_put(canvas, right, y, STYLE_BAND, 0x2502);
    if (below >= bottom)
        return;
    canvas_fill(canvas, (struct rect){rect.x, below, rect.width, 1}, STYLE_BAND, 0x2500);
    canvas_put(canvas, right, below, STYLE_BAND, 0x2518);
}

int draw_title(struct canvas *canvas, int x, int y, int right, unsigned style, const char *text)
{
    int room = right - x - 2;
    if (room < 1 || !*text)
        return x;
    canvas_put(canvas, x, y, STYLE_NORMAL, ' ');
    int used = canvas_text(canvas, x + 1, y, room, style, text);
    canvas_put(canvas, x + 1 + used, y, STYLE_NORMAL, ' ');
    return x + used + 2;
}

int draw_title_right(struct canvas *canvas, int left, int y, int right, unsigned style,
                     const char *text)
{
    int width = (int)text_width(text);
    if (width == 0 || right - width - 2 < left)
        return right;
    draw_title(canvas, right - width - 2, y, right, style, text);
    return right - width - 2;
}

/* Bytes of the first line of text in so many columns: up to its last blank there, or cut hard in a
 * word that is longer than the line. */
static size_t first_line(const char *text, unsigned columns)
{
    unsigned used;
    size_t head = format_head(text, columns, &used);
    if (text[head] == '\0')
        return head;
    for (size_t at = head; at > 0; at--)
        if (text[at] == ' ')
            return at;
    return head > 0 ? head : strlen(text);
}

const char *draw_line(struct canvas *canvas, int x, int y, int columns, unsigned style,
                      const char *text)
{
    size_t bytes = first_line(text, (unsigned)columns);
    if (canvas)
        canvas_format(canvas, x, y, columns, style, "%.*s", (int)bytes, text);
    text += bytes;
    while (*text == ' ')
        text++;
    return text;
}

int draw_wrapped(struct canvas *canvas, struct rect rect, unsigned style, const char *text)
{
    int lines = 0;
    if (rect.width < 1)
        return 0;
    for (; *text && (!canvas || lines < rect.height); lines++)
        text = draw_line(canvas, rect.x, rect.y + lines, rect.width, style, text);
    return lines;
}

unsigned draw_name(const char *twin, const char *series, unsigned columns, char *out, size_t size)
{
    char part[TEXT_NAME_BYTES], rest[TEXT_NAME_BYTES];
    unsigned wide = text_width(twin), tail = text_width(series);
    if (wide + 1 + tail <= columns) {
        snprintf(out, size, "%s/%s", twin, series);
        return wide + 1 + tail;
    }
    /* The series keeps all it needs but for a stump of the twin, then is cut itself. */
    unsigned stump = columns / 3;
    unsigned room = columns > stump + 1 ? columns - stump - 1 : 0;
    tail = format_middle(series, room, rest, sizeof rest);
    wide = format_middle(twin, columns > tail ? columns - tail - 1 : 0, part, sizeof part);
    snprintf(out, size, "%s/%s", part, rest);
    return wide + 1 + tail;
}

bool draw_row_strong(const struct row *row)
{
    if (row->hush != HUSH_NONE)
        return false;
    return row->state == STATE_ANOMALY ||
           (row->since_anomaly != TIMESTAMP_NONE && row->since_anomaly < ANOMALY_STRONG);
}

/* Somebody who looks at a slow sensor now and then sees it for some of its readings. */
static timestamp fading_after(const struct row *row)
{
    double readings = row->rate > 0 ? FRESH_READINGS / row->rate * TIMESTAMP_SECOND : 0;
    return readings > ANOMALY_FADING ? (timestamp)readings : ANOMALY_FADING;
}

bool draw_row_fresh(const struct row *row)
{
    if (row->hush != HUSH_NONE)
        return false;
    return draw_row_strong(row) ||
           (row->since_anomaly != TIMESTAMP_NONE && row->since_anomaly < fading_after(row));
}

static unsigned anomaly_words(const struct row *row, char out[48])
{
    const char *kind = anomaly_kind_name(row->last_kind);
    char z[FORMAT_TEXT], age[FORMAT_TEXT];
    bool notice = row->last_severity == SEVERITY_NOTICE;
    if (row->state == STATE_ANOMALY) {
        format_z(row->z, z);
        snprintf(out, 48, row->has_z && row->last_kind != ANOMALY_LIMIT ? "%s z %s" : "%s",
                 *kind ? kind : "anomaly", z);
    } else {
        format_age(row->since_anomaly, age);
        snprintf(out, 48, "%s %s ago", *kind ? kind : "anomaly", age);
    }
    if (draw_row_strong(row))
        return notice ? STYLE_WARN : STYLE_ALARM;
    return notice ? STYLE_WARN : STYLE_FADING;
}

/* "limit, acknowledged", "muted" */
static unsigned hush_words(const struct row *row, const char *what, char out[48])
{
    static const char *const words[] = {[HUSH_NONE] = "",
                                        [HUSH_ACKNOWLEDGED] = "acknowledged",
                                        [HUSH_MUTED] = "muted",
                                        [HUSH_CHRONIC] = "chronic"};
    snprintf(out, 48, "%s%s%s", what, *what ? ", " : "", words[row->hush]);
    return STYLE_DIM;
}

unsigned draw_state_words(const struct row *row, char out[48])
{
    char age[FORMAT_TEXT] = "";
    if (row->age != TIMESTAMP_NONE)
        format_age(row->age, age);
    switch (row->state) {
    case STATE_OFFLINE:
        snprintf(out, 48, "offline");
        return STYLE_DIM;
    case STATE_LOST:
        snprintf(out, 48, "lost %s", age);
        return STYLE_DIM;
    case STATE_LATE:
        snprintf(out, 48, "late %s", age);
        return STYLE_WARN;
    case STATE_STUCK:
        if (row->hush != HUSH_NONE)
            return hush_words(row, "stuck", out);
        snprintf(out, 48, "stuck");
        return STYLE_WARN;
    case STATE_OK:
    case STATE_LEARNING:
    case STATE_ANOMALY:
        break;
    }
    if (row->hush != HUSH_NONE && (row->hush != HUSH_ACKNOWLEDGED || row->state == STATE_ANOMALY))
        return hush_words(row, row->state == STATE_ANOMALY ? anomaly_kind_name(row->last_kind) : "",
                          out);
    if (draw_row_fresh(row))
        return anomaly_words(row, out);
    snprintf(out, 48, "%s", state_name(row->state));
    return STYLE_DIM;
}
