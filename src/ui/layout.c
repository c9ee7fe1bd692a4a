#include "ui/layout.h"

#include <string.h>

#define SMALL_WIDTH 40 /* below either of these: one line a series */
#define SMALL_HEIGHT 6
#define BARE_HEIGHT 10   /* below: the table alone */
#define HEADER_HEIGHT 16 /* below: one line of header */
#define CHART_HEIGHT 24  /* below: no chart */
#define CARD_WIDTH 28
#define CARD_WIDTH_MOST 56
#define CARD_SCREEN 64  /* narrower: the chart needs all of it */
#define PANEL 28        /* statistics and histogram beside the chart ... */
#define PANEL_GAP 2     /* columns */
#define PANEL_CHART 68  /* ... if so much is left to it, */
#define PANEL_DETAIL 46 /* or in the detail view this */
#define PANEL_HEIGHT 6  /* and it is so high */
#define PANEL_SHARE 4   /* they get one of so many columns, if that is more */
#define SIDE_SCREEN 160 /* from here on chart and card stand right of the table ... */
#define SIDE_SHARE 40   /* ... in this part of the screen, per cent */
#define SIDE_CARD 16    /* lines of the card there, at most */
#define WIDE 120        /* from here on: min, max, deviation, rate */
#define VERY_WIDE 136   /* and the count of anomalies */
#define TREND_LEAST 8
#define TREND_FAIR 12 /* names are cut rather than a trend below this ... */
#define TREND_GOOD 16 /* ... on wide screens this */
#define NAME_LEAST 12
#define NAME_HEADING 15 /* "TWIN / SERIES ▲" */

static int at_least(int value, int least)
{
    return value < least ? least : value;
}

static int at_most(int value, int most)
{
    return value > most ? most : value;
}

/* Widths of the contents, and the blanks before each. Values are right-aligned in widths that
 * mostly leave blanks of their own. */
static const struct {
    int width, gap;
} sizes[COLUMN_COUNT] = {
    [COLUMN_GLYPH] = {1, 1},
    [COLUMN_NAME] = {NAME_LEAST, 1},
    [COLUMN_VALUE] = {8, 1},
    [COLUMN_UNIT] = {5, 1},
    [COLUMN_TREND] = {TREND_LEAST, 2},
    [COLUMN_Z] = {5, 1},
    [COLUMN_MEAN] = {7, 1},
    [COLUMN_SD] = {6, 1},
    [COLUMN_MIN] = {7, 1},
    [COLUMN_MAX] = {7, 1},
    [COLUMN_RATE] = {5, 1},
    [COLUMN_ANOMALIES] = {5, 1},
    [COLUMN_ETA] = {5, 1},
    [COLUMN_AGE] = {6, 1},
};

int layout_column_size(enum column column, int *gap)
{
    *gap = sizes[column].gap;
    return sizes[column].width;
}

int layout_name_width(int width, int name_width)
{
    return at_most(at_least(name_width, NAME_HEADING), at_least(width * 7 / 20, NAME_LEAST));
}

static int total_width(const struct layout *layout)
{
    int total = 1; /* the right margin */
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (layout->columns[i].width > 0)
            total += sizes[i].gap + layout->columns[i].width;
    return total;
}

static int good_trend(int width)
{
    return width < 60 ? TREND_LEAST : width < WIDE ? TREND_FAIR : TREND_GOOD;
}

/* Beside a chart the table has less room than the screen: what joins on wide screens goes again, as
 * far as it takes for a fair trend. */
static void drop_statistics(struct layout *layout)
{
    static const enum column dropped[][2] = {{COLUMN_ANOMALIES, COLUMN_ANOMALIES},
                                             {COLUMN_ETA, COLUMN_ETA},
                                             {COLUMN_RATE, COLUMN_RATE},
                                             {COLUMN_SD, COLUMN_SD},
                                             {COLUMN_MIN, COLUMN_MAX}};
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (total_width(layout) + TREND_FAIR - TREND_LEAST > layout->table.width)
            layout->columns[dropped[i][0]].width = layout->columns[dropped[i][1]].width = 0;
}

/* Which columns this width affords, at their least widths; an ETA, which few series have, only
 * beside a good trend. */
static void choose_columns(struct layout *layout, int name, const struct columns *wanted)
{
    static const enum column dropped[] = {COLUMN_MEAN, COLUMN_UNIT, COLUMN_AGE, COLUMN_Z,
                                          COLUMN_TREND};
    struct column_place *columns = layout->columns;
    for (int i = 0; i < COLUMN_COUNT; i++)
        columns[i].width = wanted && wanted->hidden[i] ? 0 : sizes[i].width;
    columns[COLUMN_NAME].width = name;
    if (layout->width < VERY_WIDE)
        columns[COLUMN_ANOMALIES].width = 0;
    if (layout->width < WIDE)
        columns[COLUMN_SD].width = columns[COLUMN_MIN].width = columns[COLUMN_MAX].width =
            columns[COLUMN_RATE].width = 0;
    int width = layout->table.width;
    if (width < layout->width)
        drop_statistics(layout);
    if (total_width(layout) + good_trend(width) - TREND_LEAST > width)
        columns[COLUMN_ETA].width = 0;
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (total_width(layout) > width)
            columns[dropped[i]].width = 0;
}

static void place_columns(struct layout *layout, int name_width, const struct columns *wanted)
{
    struct column_place *columns = layout->columns;
    int name = layout_name_width(layout->table.width, name_width);
    choose_columns(layout, name, wanted);
    int slack = layout->table.width - total_width(layout);
    /* A cut name gets what a good trend can spare; the trend takes the rest. */
    bool trend = columns[COLUMN_TREND].width > 0;
    int good = good_trend(layout->table.width);
    int spare = trend ? slack - (good - TREND_LEAST) : slack;
    int wish = name_width - name;
    if (wish > 0 && spare > 0) {
        int more = at_most(wish, spare);
        columns[COLUMN_NAME].width += more;
        slack -= more;
    }
    columns[trend ? COLUMN_TREND : COLUMN_NAME].width += at_least(slack, 0);

    int x = 0;
    for (int place = 0; place < COLUMN_COUNT; place++) {
        int i = wanted ? (int)wanted->order[place] : place;
        columns[i].x = x;
        if (columns[i].width == 0)
            continue;
        columns[i].x = x + sizes[i].gap;
        x = columns[i].x + columns[i].width;
    }
}

/* Below 40 columns or 6 rows: state, name, value, nothing else. */
static void place_one_liner(struct layout *layout)
{
    int value = at_most(8, layout->width / 3);
    int name = layout->width - value - 3;
    layout->columns[COLUMN_GLYPH] = (struct column_place){0, 1};
    if (name < 1) {
        layout->columns[COLUMN_NAME] = (struct column_place){2, at_least(layout->width - 2, 0)};
        return;
    }
    layout->columns[COLUMN_NAME] = (struct column_place){2, name};
    layout->columns[COLUMN_VALUE] = (struct column_place){layout->width - value, value};
}

static int header_height(int height)
{
    return height < BARE_HEIGHT ? 0 : height < HEADER_HEIGHT ? 1 : 3;
}

/* Header and keys, which every arrangement has; *y and *rest get what lies between them. */
static void place_frame(struct layout *layout, int width, int height, int *y, int *rest)
{
    memset(layout, 0, sizeof *layout);
    layout->width = width;
    layout->height = height;
    layout->header = (struct rect){0, 0, width, header_height(height)};
    int keys = height < BARE_HEIGHT ? 0 : 1;
    layout->keys = (struct rect){0, height - keys, width, keys};
    *y = layout->header.height;
    *rest = height - keys - *y;
}

/* Takes the place of statistics off the chart's, if it leaves this much. */
static void place_panel(struct layout *layout, int least)
{
    struct rect *chart = &layout->chart;
    int panel = at_most(at_least(chart->width / PANEL_SHARE, PANEL), PANEL * 2);
    if (chart->height < PANEL_HEIGHT || chart->width - panel - PANEL_GAP < least)
        return;
    chart->width -= panel + PANEL_GAP;
    layout->statistics =
        (struct rect){chart->x + chart->width + PANEL_GAP, chart->y, panel, chart->height};
}

/* Of so many lines without headings. */
static int events_height(int lines)
{
    return at_least((lines * 21 + 50) / 100, 2);
}

/* Title and lines. */
static void place_events(struct layout *layout, int y, int height)
{
    layout->events_title = (struct rect){0, y, layout->width, 1};
    layout->events = (struct rect){0, y + 1, layout->width, height - 1};
}

/* Chart and card side by side. */
static void place_chart(struct layout *layout, int y, int height)
{
    int width = layout->width, card = 0;
    if (width >= CARD_SCREEN)
        card = at_most(at_least(width / 3, CARD_WIDTH), CARD_WIDTH_MOST);
    /* A blank column keeps the chart off the card, or off the edge. */
    layout->chart = (struct rect){0, y, width - card - 1, height};
    layout->card = (struct rect){width - card, y, card, card > 0 ? height : 0};
    place_panel(layout, PANEL_CHART);
}

/* The table, chart and card below it, then the events. */
static void place_below(struct layout *layout, int y, int rest, uint32_t rows)
{
    int width = layout->width, height = layout->height;
    bool has_chart = height >= CHART_HEIGHT;
    bool has_events = height >= BARE_HEIGHT + 3;
    int lines = rest - 1 - has_chart - has_events; /* without heading and rules */
    int chart = has_chart ? at_most(at_least((lines * 36 + 50) / 100, 6), 20) : 0;
    int events = has_events ? events_height(lines) : 0;
    int table = lines - chart - events;
    int needed = at_least((int)(rows < (uint32_t)table ? rows : (uint32_t)table), lines / 4);
    if (table > needed && has_chart) {
        int spare = table - needed;
        chart += spare * 2 / 3;
        events += spare - spare * 2 / 3;
        table = needed;
    }
    layout->table = (struct rect){0, y, width, table + 1};
    y += table + 1;
    if (has_chart) {
        layout->chart_title = (struct rect){0, y, width, 1};
        place_chart(layout, y + 1, chart);
        y += 1 + chart;
    }
    if (has_events)
        place_events(layout, y, events + 1);
}

/* On wide screens chart and card stand right of the table, one above the other; events below. */
static void place_beside(struct layout *layout, int y, int rest, uint32_t rows)
{
    int side = layout->width * SIDE_SHARE / 100, x = layout->width - side;
    int lines = rest - 2, most = lines - events_height(lines); /* of the table, and least: */
    int table = at_least((int)(rows < (uint32_t)most ? rows : (uint32_t)most), lines * 2 / 3);
    int upper = at_most(table, most) + 1; /* with its heading */
    int card = at_most(at_least(upper * 2 / 5, 6), SIDE_CARD);
    int chart = upper - 2 - card;
    layout->table = (struct rect){0, y, x - 1, upper};
    layout->chart_title = (struct rect){x, y, side, 1};
    layout->chart = (struct rect){x, y + 1, side - 1, chart};
    place_panel(layout, PANEL_CHART);
    layout->card_title = (struct rect){x, y + 1 + chart, side, 1};
    layout->card = (struct rect){x, y + 2 + chart, side, card};
    place_events(layout, y + upper, rest - upper);
}

void layout_compute(struct layout *layout, int width, int height, int name_width, uint32_t rows)
{
    layout_compute_for(layout, width, height, name_width, rows, NULL);
}

void layout_compute_for(struct layout *layout, int width, int height, int name_width, uint32_t rows,
                        const struct columns *columns)
{
    int y, rest;
    place_frame(layout, width, height, &y, &rest);
    layout->one_liner = width < SMALL_WIDTH || height < SMALL_HEIGHT;
    if (layout->one_liner) {
        layout->header.height = layout->keys.height = 0;
        layout->table = (struct rect){0, 0, width, height};
        place_one_liner(layout);
        return;
    }
    layout->table_heading = true;
    if (width >= SIDE_SCREEN && height >= CHART_HEIGHT)
        place_beside(layout, y, rest, rows);
    else
        place_below(layout, y, rest, rows);
    place_columns(layout, name_width, columns);
}

void layout_notice(struct layout *layout)
{
    if (layout->header.height > 0 || layout->height < 2)
        return;
    layout->header = (struct rect){0, 0, layout->width, 1};
    layout->table.y++;
    layout->table.height--;
}

void layout_detail(struct layout *layout, int width, int height)
{
    int y, rest;
    place_frame(layout, width, height, &y, &rest);
    int card = rest - 2;
    if (card > 8)
        card = at_most(at_least(rest * 2 / 5, 8), 20);
    int chart = rest - 2 - card;
    if (chart < 4) { /* too low for both: the words and numbers */
        chart = 0;
        card = at_least(rest - 1, 0);
    }
    layout->chart_title = (struct rect){0, y, width, rest > 0};
    y += layout->chart_title.height;
    if (chart > 0) {
        layout->chart = (struct rect){0, y, width - 1, chart};
        place_panel(layout, PANEL_DETAIL);
        layout->card_title = (struct rect){0, y + chart, width, 1};
        y += chart + 1;
    }
    layout->card = (struct rect){0, y, width, card};
}

void layout_twin(struct layout *layout, int width, int height)
{
    int y, rest;
    place_frame(layout, width, height, &y, &rest);
    layout->chart_title = (struct rect){0, y, width, rest > 2};
    y += layout->chart_title.height;
    layout->card_title = (struct rect){0, y, width, rest > 1};
    y += layout->card_title.height;
    layout->card = (struct rect){0, y, width, at_least(height - layout->keys.height - y, 0)};
}

void layout_maximise(struct layout *layout, int width, int height, enum pane pane)
{
    int y, rest;
    place_frame(layout, width, height, &y, &rest);
    if (pane == PANE_EVENTS) {
        layout->events_title = (struct rect){0, y, width, rest > 1};
        y += layout->events_title.height;
        layout->events = (struct rect){0, y, width, rest - layout->events_title.height};
        return;
    }
    layout->chart_title = (struct rect){0, y, width, rest > 1};
    y += layout->chart_title.height;
    place_chart(layout, y, rest - layout->chart_title.height);
}
