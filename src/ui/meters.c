#include "ui/meters.h"

#include <stdio.h>
#include <string.h>

#include "ui/format.h"
#include "ui/spark.h"

#define RATE_SECONDS 5  /* messages a second are an average over so many, to be readable */
#define RATE_COLUMNS 64 /* seconds at most */
#define TWO_GROUPS 60

static uint32_t count_of_minute(const struct fleet_totals *totals, timestamp minute)
{
    timestamp last = totals->rate_at / 60;
    if (minute > last || minute <= last - FLEET_ANOMALY_SLOTS || minute < 0)
        return 0;
    return totals->anomalies_minute[minute % FLEET_ANOMALY_SLOTS];
}

/* The second under way is not complete and does not count. */
static double message_rate(const struct snapshot *snapshot)
{
    timestamp now = snapshot->now / TIMESTAMP_SECOND;
    uint32_t sum = 0;
    for (int i = 1; i <= RATE_SECONDS; i++)
        sum += fleet_messages_in(&snapshot->totals, now - i);
    return (double)sum / RATE_SECONDS;
}

void meters_rate(const struct snapshot *snapshot, char *out)
{
    double rate = message_rate(snapshot);
    if (rate > 0 && rate < 9.95)
        snprintf(out, FORMAT_TEXT, "%.1f", rate);
    else
        format_count((uint64_t)(rate + 0.5), out);
}

/* Where the groups of lines 2 and 3 stand. */
struct groups {
    int x1, meter1, width1;
    int x2, meter2, width2; /* width2 0: a number alone */
    int x3;                 /* 0: no third group */
};

static struct groups place_groups(int width)
{
    struct groups at = {.x1 = 2};
    if (width < TWO_GROUPS) {
        at.meter1 = 10;
        at.x2 = width - 14;
        at.meter2 = at.x2 + 2;
        at.width1 = at.x2 - at.meter1 - 8;
        return at;
    }
    bool wide = width >= METERS_WIDE;
    at.meter1 = wide ? 12 : 9;
    at.x3 = wide ? width - 23 : 0;
    int end = wide ? at.x3 : width;
    at.x2 = wide ? width * 38 / 100 : width * 47 / 100;
    at.width1 = at.x2 - at.meter1 - 10;
    if (at.width1 > RATE_COLUMNS)
        at.width1 = RATE_COLUMNS;
    at.meter2 = at.x2 + (wide ? 15 : 14);
    at.width2 = end - at.meter2 - 16;
    if (at.width2 > FLEET_ANOMALY_SLOTS)
        at.width2 = FLEET_ANOMALY_SLOTS;
    return at;
}

static void draw_online(struct canvas *canvas, const struct frame *frame, const struct groups *at)
{
    const struct fleet_totals *totals = &frame->snapshot->totals;
    char online[FORMAT_TEXT], twins[FORMAT_TEXT];
    format_count(totals->online, online);
    format_count(totals->twins, twins);
    canvas_text(canvas, at->x1, 1, 10, STYLE_DIM, "Online");
    /* Thousands of twins take some of the meter's room, not the next label's. */
    int room = at->x2 - at->meter1 - (int)(strlen(online) + strlen(twins)) - 3;
    int width = at->width1 < room ? at->width1 : room;
    spark_meter(canvas, at->meter1, 1, width, totals->online, totals->twins, STYLE_GOOD);
    int x = at->meter1 + width + 1;
    x += canvas_text(canvas, x, 1, 6, STYLE_STRONG, online);
    canvas_format(canvas, x, 1, 6, STYLE_DIM, "/%s", twins);
}

static void draw_rate(struct canvas *canvas, const struct frame *frame, const struct groups *at)
{
    const struct snapshot *snapshot = frame->snapshot;
    uint32_t counts[RATE_COLUMNS];
    timestamp now = snapshot->now / TIMESTAMP_SECOND;
    int width = at->width1 > 0 ? at->width1 : 0;
    for (int i = 0; i < width; i++)
        counts[i] = fleet_messages_in(&snapshot->totals, now - (width - i));
    canvas_text(canvas, at->x1, 2, 10, STYLE_DIM, "Msg/s");
    spark_counts(canvas, at->meter1, 2, counts, (unsigned)width, STYLE_SPARK);
    char text[FORMAT_TEXT];
    meters_rate(snapshot, text);
    canvas_text(canvas, at->meter1 + width + 1, 2, 8, STYLE_STRONG, text);
}

/* The last hour in as many cells as there are: red where something was wrong, fading with age. */
static void draw_anomalies(struct canvas *canvas, const struct frame *frame,
                           const struct groups *at)
{
    const struct snapshot *snapshot = frame->snapshot;
    timestamp now = snapshot->now / (60 * TIMESTAMP_SECOND);
    uint32_t counts[FLEET_ANOMALY_SLOTS] = {0}, sum = 0;
    int width = at->width2 > 0 ? at->width2 : 0;
    for (int i = 0; i < FLEET_ANOMALY_SLOTS; i++) {
        uint32_t count = count_of_minute(&snapshot->totals, now - FLEET_ANOMALY_SLOTS + 1 + i);
        if (width > 0)
            counts[i * width / FLEET_ANOMALY_SLOTS] += count;
        sum += count;
    }
    spark_counts(canvas, at->meter2, 1, counts, (unsigned)width, STYLE_FADING);
    if (width > 0 && counts[width - 1] > 0)
        canvas_restyle(canvas, (struct rect){at->meter2 + width - 1, 1, 1, 1},
                       frame->new_anomalies > 0 ? STYLE_ALARM : STYLE_FADING);
    int x = at->meter2;
    if (width > 0) {
        canvas_text(canvas, at->x2, 1, 14, STYLE_DIM, "Anomalies 1 h");
        x += width + 1;
    } else {
        canvas_put(canvas, at->x2, 1, sum ? STYLE_FADING : STYLE_DIM, '!');
    }
    char text[FORMAT_TEXT];
    format_count(sum, text);
    x += canvas_text(canvas, x, 1, 6, sum ? STYLE_STRONG : STYLE_DIM, text) + 1;
    if (frame->new_anomalies > 0) {
        format_count(frame->new_anomalies, text);
        canvas_format(canvas, x, 1, 9, STYLE_ALARM, "%s new", text);
    }
}

static void draw_history(struct canvas *canvas, const struct frame *frame, const struct groups *at)
{
    const struct snapshot *snapshot = frame->snapshot;
    if (at->width2 <= 0)
        return;
    double limit = (double)snapshot->history_limit_kb * 1024;
    char used[FORMAT_TEXT], whole[FORMAT_TEXT];
    format_bytes(snapshot->totals.memory, used);
    format_bytes((uint64_t)snapshot->history_limit_kb * 1024, whole);
    canvas_text(canvas, at->x2, 2, 14, STYLE_DIM, "History");
    bool tight = (double)snapshot->totals.memory > 0.9 * limit;
    spark_meter(canvas, at->meter2, 2, at->width2, (double)snapshot->totals.memory, limit,
                tight ? STYLE_WARN : STYLE_GOOD);
    int x = at->meter2 + at->width2 + 1;
    x += canvas_text(canvas, x, 2, 7, STYLE_STRONG, used);
    uint32_t cheap =
        snapshot->totals.detectors[DETECTOR_SMALL] + snapshot->totals.detectors[DETECTOR_TINY];
    if (cheap == 0) {
        canvas_format(canvas, x, 2, 9, STYLE_DIM, " of %s", whole);
        return;
    }
    format_count(cheap, whole); /* series that get a cheaper detector for want of memory */
    canvas_format(canvas, x, 2, 12, STYLE_WARN, " %s small", whole);
}

static void draw_totals(struct canvas *canvas, const struct frame *frame, const struct groups *at)
{
    const struct fleet_totals *totals = &frame->snapshot->totals;
    char text[FORMAT_TEXT];
    if (at->x3 == 0)
        return;
    format_count(totals->malformed, text);
    canvas_text(canvas, at->x3, 1, 12, STYLE_DIM, "Bad payloads");
    canvas_text_right(canvas, at->x3 + 13, 1, 7, totals->malformed ? STYLE_WARN : STYLE_DIM, text);
    format_count(totals->messages, text);
    canvas_text(canvas, at->x3, 2, 12, STYLE_DIM, "Messages");
    canvas_text_right(canvas, at->x3 + 13, 2, 7, STYLE_NORMAL, text);
}

void meters_draw(struct canvas *canvas, const struct frame *frame)
{
    struct groups at = place_groups(frame->layout->width);
    draw_online(canvas, frame, &at);
    draw_rate(canvas, frame, &at);
    draw_anomalies(canvas, frame, &at);
    draw_history(canvas, frame, &at);
    draw_totals(canvas, frame, &at);
}
