#include "ui/view.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/unit.h"
#include "ui/card.h"
#include "ui/draw.h"
#include "ui/format.h"

#define TWO_COLUMNS 64 /* widths of the screen: from here on so many stand beside each other */
#define THREE_COLUMNS 112
#define FOUR_COLUMNS 156
#define VALUE_WIDTH 11
#define Z_WIDTH 8

enum block { BLOCK_TWIN, BLOCK_SERIES, BLOCK_READINGS, BLOCK_PAYLOAD, BLOCKS };

/* Where things stand below the chart; width 0: not at all. */
struct places {
    struct rect at[BLOCKS];
};

/* What is shown side by side: where there is no room for all, what is being scrolled. */
static int choose(int width, bool twin_only, enum detail detail, enum block out[BLOCKS])
{
    static const enum block pages[][BLOCKS] = {
        [DETAIL_TWIN] = {BLOCK_TWIN, BLOCK_SERIES, BLOCK_READINGS, BLOCK_PAYLOAD},
        [DETAIL_READINGS] = {BLOCK_READINGS, BLOCK_PAYLOAD},
        [DETAIL_PAYLOAD] = {BLOCK_READINGS, BLOCK_PAYLOAD}};
    int count = width >= FOUR_COLUMNS    ? 4
                : width >= THREE_COLUMNS ? 3
                : width >= TWO_COLUMNS   ? 2
                                         : 1;
    bool payload = detail == DETAIL_PAYLOAD;
    if (twin_only) {
        out[0] = payload && count == 1 ? BLOCK_PAYLOAD : BLOCK_TWIN;
        out[1] = BLOCK_PAYLOAD;
        return count < 2 ? count : 2;
    }
    const enum block *page = pages[count <= 2 ? detail : DETAIL_TWIN];
    for (int i = 0; i < count; i++)
        out[i] = page[i];
    if (count == 3 && payload)
        out[2] = BLOCK_PAYLOAD;
    if (count == 1 && payload)
        out[0] = BLOCK_PAYLOAD;
    return count;
}

static struct places place(struct rect card, bool twin_only, enum detail detail)
{
    struct places places = {0};
    enum block blocks[BLOCKS];
    int count = choose(card.width, twin_only, detail, blocks), width = card.width / count;
    for (int i = 0; i < count; i++) {
        int x = card.x + i * width + (i == 0 ? 2 : 0), end = card.x + (i + 1) * width;
        places.at[blocks[i]] =
            (struct rect){x, card.y, end - x - 2 + (i + 1 == count), card.height};
    }
    return places;
}

static void draw_titles(struct canvas *canvas, const struct frame *frame,
                        const struct places *places)
{
    static const char *const names[] = {"Twin", "Series", "Readings", "Payload"};
    static const enum detail details[] = {DETAIL_TWIN, DETAIL_TWIN, DETAIL_READINGS,
                                          DETAIL_PAYLOAD};
    static const char *const hints[] = {"Tab readings, payload   d decoded",
                                        "Tab payload   d decoded", "Tab twin   d decoded"};
    const struct layout *layout = frame->layout;
    int y = layout->card_title.y, x = 2;
    if (layout->card_title.height == 0)
        return;
    draw_rule(canvas, layout->card_title);
    for (int i = 0; i < BLOCKS; i++) {
        struct rect at = places->at[i];
        bool focus = details[i] != DETAIL_TWIN && details[i] == frame->detail;
        if (at.width > 0)
            x = draw_title(canvas, at.x == 2 ? 2 : at.x - 1, y, layout->width,
                           STYLE_ACCENT | (focus ? STYLE_REVERSE : 0), names[i]);
    }
    draw_title_right(canvas, x, y, layout->width - 2, STYLE_DIM, hints[frame->detail]);
}

unsigned view_detail_payload_most(const struct layout *layout, const struct card *card)
{
    struct listing lines = {0};
    listing_payload(&lines, card->payload, card->payload_len, card->payload_bytes);
    size_t count = lines.count,
           height = (size_t)(layout->card.height > 0 ? layout->card.height : 0);
    listing_fini(&lines);
    return count > height ? (unsigned)(count - height) : 0;
}

static void draw_payload(struct canvas *canvas, struct rect rect, const struct frame *frame)
{
    const struct card *card = &frame->snapshot->card;
    struct listing lines = {0};
    listing_payload(&lines, card->payload, card->payload_len, card->payload_bytes);
    canvas_clip(canvas, rect);
    if (lines.count == 0 || card->payload_len == 0)
        canvas_text(canvas, rect.x, rect.y, rect.width, STYLE_DIM,
                    card->payload_bytes > 0 ? "not kept, as memory is short" : "empty");
    for (size_t i = frame->payload_skip; i < lines.count && card->payload_len > 0; i++) {
        int y = rect.y + (int)(i - frame->payload_skip);
        bool last = y == rect.y + rect.height - 1 && i + 1 < lines.count;
        if (y >= rect.y + rect.height)
            break;
        canvas_text(canvas, rect.x, y, rect.width, STYLE_NORMAL, last ? "…" : lines.lines[i]);
    }
    canvas_unclip(canvas);
    listing_fini(&lines);
}

static unsigned style_of(const struct reading_row *reading)
{
    return reading->mark == MARK_ALARM    ? STYLE_ALARM
           : reading->mark == MARK_NOTICE ? STYLE_WARN
           : reading->mark == MARK_HUSHED ? STYLE_DIM
                                          : STYLE_NORMAL;
}

/* Time, value, how many deviations off those before it, and what was found. */
static void draw_readings(struct canvas *canvas, struct rect rect, const struct card *card)
{
    const struct row *row = &card->row;
    int precision = format_precision(row->value, row->stdev, row->min, row->max);
    canvas_clip(canvas, rect);
    for (uint32_t i = 0; i < card->reading_count && (int)i < rect.height; i++) {
        const struct reading_row *reading = &card->readings[i];
        char clock[FORMAT_TEXT], value[FORMAT_TEXT], z[FORMAT_TEXT], off[FORMAT_TEXT + 4];
        unsigned style = style_of(reading);
        int y = rect.y + (int)i, x = rect.x;
        format_clock(reading->time, clock);
        format_value(reading->value, precision, VALUE_WIDTH - 1, value);
        x += canvas_text(canvas, x, y, rect.width, STYLE_DIM, clock);
        canvas_text_right(canvas, x, y, VALUE_WIDTH, style, value);
        x += VALUE_WIDTH;
        if (reading->has_z) {
            format_z(reading->z, z);
            /* Its stand-in in ASCII would mean seconds. */
            snprintf(off, sizeof off, "%s%s", z,
                     !canvas->ascii && isdigit((unsigned char)z[strlen(z) - 1]) ? "σ" : "");
            canvas_text_right(canvas, x, y, Z_WIDTH, style == STYLE_NORMAL ? STYLE_DIM : style,
                              off);
        }
        x += Z_WIDTH + 2;
        if (reading->mark != MARK_NONE)
            canvas_text(canvas, x, y, rect.x + rect.width - x, style,
                        anomaly_kind_name(reading->kind));
    }
    canvas_unclip(canvas);
}

/* Words and numbers; where there is one column the numbers come first. */
static void draw_lines(struct canvas *canvas, const struct frame *frame,
                       const struct places *places)
{
    struct card_line twin[CARD_LINES], statistics[CARD_LINES];
    struct rect at = places->at[BLOCK_TWIN], beside = places->at[BLOCK_SERIES];
    bool valid = frame->snapshot->card.valid;
    if (at.width <= 0)
        return;
    int twins = card_twin(frame, twin);
    int numbers = valid ? card_statistics(frame, statistics) : 0;
    canvas_clip(canvas, frame->layout->card);
    if (beside.width > 0) {
        card_draw_lines(canvas, beside, statistics, numbers);
    } else if (valid) {
        int used = card_draw_lines(canvas, at, statistics, numbers);
        at.y += used;
        at.height -= used;
    }
    card_draw_lines(canvas, at, twin, twins);
    canvas_unclip(canvas);
}

/* One twin over the whole screen: the chart of its selected series, below it all that is known in
 * words, its last readings, its last payload. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    const struct card *card = &frame->snapshot->card;
    struct places places = place(layout->card, card->twin, frame->detail);
    view_chart.draw(canvas, frame);
    draw_titles(canvas, frame, &places);
    if (layout->card.height <= 0 || (!card->valid && !card->twin))
        return;
    draw_lines(canvas, frame, &places);
    if (places.at[BLOCK_READINGS].width > 0)
        draw_readings(canvas, places.at[BLOCK_READINGS], card);
    if (places.at[BLOCK_PAYLOAD].width > 0)
        draw_payload(canvas, places.at[BLOCK_PAYLOAD], frame);
}

const struct view view_detail = {"detail", draw};
