#include "ui/view.h"

#include <stdio.h>
#include <string.h>

#include "ui/draw.h"
#include "ui/format.h"

#define LABEL 14  /* columns */
#define BESIDE 76 /* from this width on the broker stands at the right */
#define LINE_TEXT 416

/* Where the next line goes; lines below the last row are not drawn. */
struct cursor {
    struct canvas *canvas;
    struct rect rect;
    bool airy; /* blank lines between groups */
};

static void line(struct cursor *at, const char *label, unsigned style, const char *text)
{
    struct rect *rect = &at->rect;
    if (rect->height <= 0)
        return;
    canvas_text(at->canvas, rect->x, rect->y, LABEL - 1, STYLE_DIM, label);
    canvas_text(at->canvas, rect->x + LABEL, rect->y, rect->width - LABEL, style, text);
    rect->y++;
    rect->height--;
}

/* A text of more than one line. */
static void words(struct cursor *at, unsigned style, const char *text)
{
    int drawn = at->rect.height > 0 ? draw_wrapped(at->canvas, at->rect, style, text) : 0;
    at->rect.y += drawn;
    at->rect.height -= drawn;
}

static void heading(struct cursor *at, const char *text)
{
    if (at->rect.height <= 0)
        return;
    canvas_text(at->canvas, at->rect.x, at->rect.y, at->rect.width, STYLE_ACCENT, text);
    at->rect.y++;
    at->rect.height--;
}

static void end_group(struct cursor *at)
{
    at->rect.y += at->airy;
    at->rect.height -= at->airy;
}

static void tell_state(struct cursor *at, const struct frame *frame)
{
    static const char *const names[] = {
        [CONNECTION_NONE] = "starting",
        [CONNECTION_TRYING] = "connecting",
        [CONNECTION_LIVE] = "connected",
        [CONNECTION_WAITING] = "not connected",
        [CONNECTION_REPLAYING] = "a recording, replayed",
        [CONNECTION_ENDED] = "ended",
    };
    const struct connection *connection = frame->connection;
    bool live = connection->state == CONNECTION_LIVE;
    char text[LINE_TEXT], age[FORMAT_TEXT];
    format_age(frame->clock - connection->since, age);
    snprintf(text, sizeof text, "%s%s%s", names[connection->state], live ? " for " : "",
             live ? age : "");
    bool replay = connection->state == CONNECTION_REPLAYING;
    line(at, "state", live ? STYLE_GOOD : replay ? STYLE_NORMAL : STYLE_WARN, text);
    if (connection->insecure)
        line(at, "certificate", STYLE_ALARM, "INSECURE: not checked");
}

static void tell_connection(struct cursor *at, const struct frame *frame)
{
    const struct connection *connection = frame->connection;
    const char *rest = *connection->granted ? connection->granted : connection->filter;
    heading(at, "Connection");
    line(at, "address", STYLE_NORMAL, connection->where);
    tell_state(at, frame);
    for (bool first = true; *rest; first = false) {
        char text[LINE_TEXT];
        size_t len = strcspn(rest, "\n");
        snprintf(text, sizeof text, "%.*s", (int)len, rest);
        bool refused = len > 7 && memcmp(rest + len - 7, "refused", 7) == 0;
        line(at, first ? "subscribed to" : "", refused ? STYLE_WARN : STYLE_NORMAL, text);
        rest += len + (rest[len] == '\n');
    }
    if (*connection->reason)
        words(at, STYLE_WARN, connection->reason);
    end_group(at);
}

/* What we ourselves take of this machine. */
static void tell_usage(struct cursor *at, const struct usage *usage)
{
    char text[LINE_TEXT], memory[FORMAT_TEXT];
    if (!usage || usage->count == 0)
        return;
    format_bytes(usage->resident, memory);
    line(at, "memory", STYLE_NORMAL, memory);
    snprintf(text, sizeof text, "%.1f %% of a core", usage->percent);
    line(at, "CPU", STYLE_NORMAL, text);
}

static void tell_ours(struct cursor *at, const struct frame *frame)
{
    const struct fleet_totals *totals = &frame->snapshot->totals;
    char text[LINE_TEXT], one[FORMAT_TEXT], two[FORMAT_TEXT];
    uint64_t dropped = frame->facts->dropped, overflow = totals->overflow;
    heading(at, "dt-top");
    format_count(totals->messages, one);
    format_bytes(totals->bytes, two);
    snprintf(text, sizeof text, "%s messages, %s", one, two);
    line(at, "received", STYLE_NORMAL, text);
    format_count(totals->readings, one);
    format_count(totals->malformed, two);
    snprintf(text, sizeof text, "%s readings, %s bad", one, two);
    line(at, "decoded", STYLE_NORMAL, text);
    format_count(overflow, one);
    format_count(dropped, two);
    snprintf(text, sizeof text, "%s in, %s out", one, two);
    line(at, "dropped", overflow + dropped > 0 ? STYLE_WARN : STYLE_NORMAL, text);
    format_bytes(totals->memory, one);
    format_bytes((uint64_t)frame->snapshot->history_limit_kb * 1024, two);
    snprintf(text, sizeof text, "%s of %s", one, two);
    line(at, "history", STYLE_NORMAL, text);
    tell_usage(at, frame->facts->usage);
    end_group(at);
}

/* Why there are no values; NULL where there are. */
static const char *tell_why(const struct connection *connection)
{
    const struct sys *sys = &connection->sys;
    if (connection->state == CONNECTION_REPLAYING || connection->state == CONNECTION_ENDED)
        return "Nothing to ask: this is no connection to a broker.";
    if (sys->state == SYS_HUNG_UP)
        return "The broker hung up when it was asked for its $SYS topics. It is not asked again.";
    if (connection->state != CONNECTION_LIVE)
        return "It is asked once it is connected.";
    if (sys->state == SYS_REFUSED)
        return "Refused: this user may not read $SYS topics.";
    if (sys->state != SYS_GRANTED)
        return "Asking for its $SYS topics.";
    for (int i = 0; i < SYS_VALUES; i++)
        if (*sys->text[i])
            return NULL;
    return "Nothing so far: not every broker tells of itself on $SYS topics, nor to every user.";
}

static void per_second(double a_minute, bool bytes, char *out)
{
    double rate = a_minute / 60;
    if (a_minute < 0)
        snprintf(out, FORMAT_TEXT, "-");
    else if (bytes)
        format_bytes(rate < 1e18 ? (uint64_t)(rate + 0.5) : UINT64_MAX, out);
    else if (rate < 9.95)
        snprintf(out, FORMAT_TEXT, "%.1f", rate);
    else
        format_count(rate < 1e18 ? (uint64_t)(rate + 0.5) : UINT64_MAX, out);
}

static void tell_traffic(struct cursor *at, const struct sys *sys, const char *label,
                         enum sys_value in, bool bytes)
{
    enum sys_value out = (enum sys_value)(in + 1);
    char text[LINE_TEXT], one[FORMAT_TEXT], two[FORMAT_TEXT];
    if (!*sys->text[in] && !*sys->text[out])
        return;
    per_second(sys_number(sys, in), bytes, one);
    per_second(sys_number(sys, out), bytes, two);
    snprintf(text, sizeof text, "%s in, %s out", one, two);
    line(at, label, STYLE_STRONG, text);
}

static void tell_uptime(struct cursor *at, const struct sys *sys)
{
    double seconds = sys_number(sys, SYS_UPTIME);
    char age[FORMAT_TEXT];
    if (seconds < 0 || seconds > 1e10)
        return;
    format_age((timestamp)(seconds * TIMESTAMP_SECOND), age);
    line(at, "running for", STYLE_NORMAL, age);
}

static void tell_broker(struct cursor *at, const struct frame *frame)
{
    static const struct {
        enum sys_value value;
        const char *label;
    } plain[] = {
        {SYS_CLIENTS, "clients"},
        {SYS_SUBSCRIPTIONS, "subscriptions"},
        {SYS_RETAINED, "retained"},
        {SYS_DROPPED, "dropped"},
    };
    const struct sys *sys = &frame->connection->sys;
    const char *why = tell_why(frame->connection);
    heading(at, "Broker, as it says of itself");
    if (why) {
        words(at, STYLE_DIM, why);
        end_group(at);
        return;
    }
    if (*sys->text[SYS_VERSION])
        line(at, "version", STYLE_NORMAL, sys->text[SYS_VERSION]);
    tell_uptime(at, sys);
    tell_traffic(at, sys, "msg/s, 1 min", SYS_MESSAGES_IN, false);
    tell_traffic(at, sys, "B/s, 1 min", SYS_BYTES_IN, true);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        bool bad = plain[i].value == SYS_DROPPED && sys_number(sys, SYS_DROPPED) > 0;
        if (*sys->text[plain[i].value])
            line(at, plain[i].label, bad ? STYLE_WARN : STYLE_NORMAL, sys->text[plain[i].value]);
    }
    end_group(at);
}

/* Between header and keys: the connection and we at the left, the broker at the right or below. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    int top = layout->header.height, width = layout->width;
    struct rect rect = {0, top, width, layout->height - layout->keys.height - top};
    canvas_fill(canvas, rect, STYLE_NORMAL, ' ');
    bool airy = rect.height >= 16, beside = width >= BESIDE;
    if (rect.height > 4) {
        draw_rule(canvas, rect);
        draw_title(canvas, 2, rect.y, width, STYLE_ACCENT, "Broker");
        draw_title_right(canvas, 12, rect.y, width - 2, STYLE_DIM, "Esc back");
        rect.y += 1 + airy;
        rect.height -= 1 + airy;
    }
    int margin = width >= 60 ? 3 : 1, half = width / 2;
    struct cursor left = {canvas, rect, airy};
    left.rect.x = margin;
    left.rect.width = (beside ? half - 1 : width - margin) - margin;
    struct cursor right = left;
    right.rect.x = half;
    right.rect.width = width - half - 1;
    tell_connection(&left, frame);
    tell_broker(beside ? &right : &left, frame);
    tell_ours(&left, frame);
    int end = beside && right.rect.y > left.rect.y ? right.rect.y : left.rect.y;
    struct rect rest = {margin, end, width - margin - (beside ? 3 : 1), rect.y + rect.height - end};
    traffic_draw(canvas, frame, rest);
}

const struct view view_broker = {"broker", draw};
