#include "ui/traffic.h"

#include <stdio.h>

#include "ui/format.h"
#include "ui/view.h"

#define FULL 0x2588   /* █ */
#define LOWEST 0x2581 /* ▁; its neighbours grow by an eighth each */
#define EIGHTHS 8
#define CHART_MOST 8     /* lines */
#define TRAFFIC_LEAST 34 /* columns of one beside another */
#define GAP 3            /* between them */
#define HUNDREDTHS 100.0

/* A row of numbers, one a second, the newest last. */
struct measure {
    const char *label;
    void (*word)(double value, char *out); /* holds FORMAT_TEXT */
    unsigned style;
    uint32_t values[FLEET_RATE_SECONDS];
    int count; /* of them that are known */
};

/* Bars from the bottom of the rectangle, one column each, as high as most is for all of it. */
static void draw_bars(struct canvas *canvas, struct rect rect, const struct measure *measure,
                      uint32_t most)
{
    for (int x = 0; x < rect.width; x++) {
        int at = FLEET_RATE_SECONDS - rect.width + x;
        bool known = at >= FLEET_RATE_SECONDS - measure->count;
        uint32_t value = known ? measure->values[at] : 0;
        int whole = rect.height * EIGHTHS;
        int level = most > 0 ? (int)((double)value / most * whole + 0.5) : 0;
        if (value > 0 && level == 0)
            level = 1;
        int bottom = rect.y + rect.height - 1;
        if (level == 0 && known)
            canvas_put(canvas, rect.x + x, bottom, STYLE_SPARK_OFF, LOWEST);
        for (int y = bottom; level > 0; y--, level -= EIGHTHS)
            canvas_put(canvas, rect.x + x, y, measure->style,
                       level >= EIGHTHS ? FULL : LOWEST + (uint32_t)level - 1);
    }
}

/* "messages/s  84   peak 120 · last 60 s" and the bars below it. */
static void draw_measure(struct canvas *canvas, struct rect rect, const struct measure *measure)
{
    char now[FORMAT_TEXT], peak[FORMAT_TEXT], text[2 * FORMAT_TEXT];
    uint32_t most = 0;
    int width = rect.width < FLEET_RATE_SECONDS ? rect.width : FLEET_RATE_SECONDS;
    for (int i = FLEET_RATE_SECONDS - width; i < FLEET_RATE_SECONDS; i++)
        most = measure->values[i] > most ? measure->values[i] : most;
    measure->word(measure->values[FLEET_RATE_SECONDS - 1], now);
    measure->word(most, peak);
    int used = canvas_text(canvas, rect.x, rect.y, rect.width, STYLE_DIM, measure->label) + 2;
    used += canvas_text(canvas, rect.x + used, rect.y, rect.width - used, STYLE_STRONG, now);
    snprintf(text, sizeof text, "peak %s in %d s", peak, width);
    canvas_text_right(canvas, rect.x + used + 1, rect.y, rect.width - used - 1, STYLE_DIM, text);
    struct rect bars = {rect.x + rect.width - width, rect.y + 1, width, rect.height - 1};
    draw_bars(canvas, bars, measure, most);
}

static void word_count(double value, char *out)
{
    format_count((uint64_t)value, out);
}

static void word_bytes(double value, char *out)
{
    format_bytes((uint64_t)value, out);
}

static void word_percent(double value, char *out)
{
    snprintf(out, FORMAT_TEXT, "%.1f %%", value / HUNDREDTHS);
}

/* The second under way is not complete and does not count. */
static void measure_totals(const struct frame *frame, struct measure *messages,
                           struct measure *bytes)
{
    const struct fleet_totals *totals = &frame->snapshot->totals;
    int64_t second = frame->snapshot->now / TIMESTAMP_SECOND - FLEET_RATE_SECONDS;
    for (int i = 0; i < FLEET_RATE_SECONDS; i++, second++) {
        messages->values[i] = fleet_messages_in(totals, second);
        bytes->values[i] = fleet_bytes_in(totals, second);
    }
}

static void measure_usage(const struct usage *usage, struct measure *busy)
{
    busy->count = usage->count < USAGE_SECONDS ? (int)usage->count : USAGE_SECONDS;
    for (int i = 1; i <= busy->count; i++)
        busy->values[FLEET_RATE_SECONDS - i] =
            usage->ring[(usage->count - (uint64_t)i) % USAGE_SECONDS];
}

void traffic_draw(struct canvas *canvas, const struct frame *frame, struct rect rect)
{
    _Static_assert(USAGE_SECONDS <= FLEET_RATE_SECONDS, "a measure holds both");
    struct measure measures[] = {
        {"messages/s", word_count, STYLE_SPARK, {0}, FLEET_RATE_SECONDS},
        {"bytes/s", word_bytes, STYLE_SPARK, {0}, FLEET_RATE_SECONDS},
        {"our CPU", word_percent, STYLE_SPARK, {0}, 0},
    };
    int count = 2;
    measure_totals(frame, &measures[0], &measures[1]);
    if (frame->facts->usage && frame->facts->usage->count > 0) {
        measure_usage(frame->facts->usage, &measures[2]);
        count = 3;
    }
    int abreast = (rect.width + GAP) / (TRAFFIC_LEAST + GAP);
    abreast = abreast < 1 ? 1 : abreast > count ? count : abreast;
    int lines = (count + abreast - 1) / abreast;
    while (lines > 1 && rect.height / lines < 3)
        lines--;
    int height = rect.height / (lines > 0 ? lines : 1);
    height = height > CHART_MOST ? CHART_MOST : height;
    int airy = lines > 1 && height > 3; /* a blank line between them */
    int width = (rect.width - GAP * (abreast - 1)) / abreast;
    for (int i = 0; i < count && i / abreast < lines && height >= 2; i++)
        draw_measure(canvas,
                     (struct rect){rect.x + i % abreast * (width + GAP),
                                   rect.y + i / abreast * height, width, height - airy},
                     &measures[i]);
}
