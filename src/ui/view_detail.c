#include "ui/view.h"

#include "ui/card.h"
#include "ui/draw.h"

#define TWO_COLUMNS 64

/* Where things stand below the chart; width 0: below the one before, or not at all. */
struct places {
    struct rect twin, statistics, payload;
};

static struct places place(struct rect card)
{
    int count = card.width >= CARD_PAYLOAD ? 3 : card.width >= TWO_COLUMNS ? 2 : 1;
    int width = card.width / count;
    struct places at = {.twin = card};
    at.twin.x += 2;
    at.twin.width = count == 1 ? card.width - 3 : width - 4;
    if (count >= 2)
        at.statistics = (struct rect){card.x + width, card.y, width - 1, card.height};
    if (count == 3)
        at.payload =
            (struct rect){card.x + 2 * width, card.y, card.width - 2 * width - 1, card.height};
    return at;
}

static void draw_titles(struct canvas *canvas, const struct layout *layout, const struct places *at)
{
    int y = layout->card_title.y, x;
    if (layout->card_title.height == 0)
        return;
    draw_rule(canvas, layout->card_title);
    x = draw_title(canvas, 2, y, layout->width, STYLE_ACCENT, "Twin");
    if (at->statistics.width > 0)
        x = draw_title(canvas, at->statistics.x - 1, y, layout->width, STYLE_ACCENT, "Series");
    if (at->payload.width > 0)
        x = draw_title(canvas, at->payload.x - 1, y, layout->width, STYLE_ACCENT, "Payload");
    draw_title_right(canvas, x, y, layout->width - 2, STYLE_DIM, "d how it is decoded");
}

static void draw_payload(struct canvas *canvas, struct rect rect, const struct card *card)
{
    struct listing lines = {0};
    listing_payload(&lines, card->payload, card->payload_len, card->payload_bytes);
    canvas_clip(canvas, rect);
    for (size_t i = 0; i < lines.count && (int)i < rect.height; i++) {
        bool last = (int)i == rect.height - 1 && i + 1 < lines.count;
        canvas_text(canvas, rect.x, rect.y + (int)i, rect.width, STYLE_NORMAL,
                    last ? "…" : lines.lines[i]);
    }
    canvas_unclip(canvas);
    listing_fini(&lines);
}

/* One series over the whole screen: its chart, then the twin beside the statistics. */
static void draw(struct canvas *canvas, const struct frame *frame)
{
    const struct layout *layout = frame->layout;
    const struct card *card = &frame->snapshot->card;
    struct places at = place(layout->card);
    struct card_line twin[CARD_LINES], statistics[CARD_LINES];
    view_chart.draw(canvas, frame);
    draw_titles(canvas, layout, &at);
    if (layout->card.height <= 0 || !card->valid)
        return;
    int twins = card_twin(frame, twin), numbers = card_statistics(frame, statistics);
    if (at.payload.width > 0)
        draw_payload(canvas, at.payload, card);
    canvas_clip(canvas, layout->card);
    if (at.statistics.width > 0) {
        card_draw_lines(canvas, at.statistics, statistics, numbers);
    } else {
        int used = card_draw_lines(canvas, at.twin, statistics, numbers);
        at.twin.y += used;
        at.twin.height -= used;
    }
    card_draw_lines(canvas, at.twin, twin, twins);
    canvas_unclip(canvas);
}

const struct view view_detail = {"detail", draw};
