#include "unit/suites.h"

#include "ui/layout.h"

/* Every size that a terminal may have, and then some. */
#define WIDEST 250
#define TALLEST 80

static bool overlap(const struct rect *a, const struct rect *b)
{
    return a->width > 0 && a->height > 0 && b->width > 0 && b->height > 0 &&
           a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static bool inside(const struct rect *pane, const struct layout *layout)
{
    return pane->width >= 0 && pane->height >= 0 &&
           (pane->height == 0 ||
            (pane->x >= 0 && pane->y >= 0 && pane->x + pane->width <= layout->width &&
             pane->y + pane->height <= layout->height));
}

/* A Check assertion costs a system call even when it holds, and there are millions of cases. */
static void check_panes(const struct layout *layout)
{
    const struct rect panes[] = {layout->header,       layout->table,      layout->chart_title,
                                 layout->chart,        layout->card_title, layout->card,
                                 layout->events_title, layout->events,     layout->keys,
                                 layout->statistics};
    int count = sizeof panes / sizeof *panes;
    for (int i = 0; i < count; i++) {
        if (!inside(&panes[i], layout))
            ck_abort_msg("pane %d leaves %dx%d", i, layout->width, layout->height);
        for (int j = 0; j < i; j++)
            if (overlap(&panes[i], &panes[j]))
                ck_abort_msg("panes %d and %d overlap at %dx%d", i, j, layout->width,
                             layout->height);
    }
}

static void check_columns(const struct layout *layout)
{
    int end = 0;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        const struct column_place *at = &layout->columns[i];
        if (at->width == 0)
            continue;
        if (at->width < 0 || at->x < end || at->x + at->width > layout->width)
            ck_abort_msg("column %d is misplaced at %dx%d", i, layout->width, layout->height);
        end = at->x + at->width;
    }
}

START_TEST(nothing_overlaps_or_leaves_the_screen)
{
    static const int names[] = {0, 24, 300};
    static const uint32_t rows[] = {0, 9, 100000};
    for (int width = 1; width <= WIDEST; width++)
        for (int height = 1; height <= TALLEST; height++) {
            struct layout layout;
            for (int i = 0; i < 3; i++) {
                layout_compute(&layout, width, height, names[i], rows[i]);
                check_panes(&layout);
                check_columns(&layout);
                if (layout.table.height < 1)
                    ck_abort_msg("no table at %dx%d", width, height);
            }
            layout_notice(&layout);
            check_panes(&layout);
            layout_detail(&layout, width, height);
            check_panes(&layout);
            layout_maximise(&layout, width, height, PANE_TABLE);
            check_panes(&layout);
            layout_maximise(&layout, width, height, PANE_EVENTS);
            check_panes(&layout);
        }
}
END_TEST

START_TEST(smallest_classic_terminal_shows_all_four)
{
    struct layout layout;
    layout_compute(&layout, 80, 24, 24, 9);
    ck_assert_int_eq(layout.header.height, 3);
    ck_assert_int_ge(layout.table.height, 6);
    ck_assert_int_ge(layout.chart.height, 6);
    ck_assert_int_ge(layout.card.height, 6);
    ck_assert_int_ge(layout.events.height, 2);
    ck_assert_int_eq(layout.keys.height, 1);
    ck_assert_int_ge(layout.columns[COLUMN_TREND].width, 12);
    ck_assert_int_eq(layout.columns[COLUMN_MIN].width, 0);
    layout_compute(&layout, 80, 24, 15, 9);
    ck_assert_int_gt(layout.columns[COLUMN_ETA].width, 0);
}
END_TEST

START_TEST(every_line_is_used)
{
    for (int height = 10; height <= TALLEST; height++) {
        struct layout layout;
        layout_compute(&layout, 100, height, 20, 12);
        ck_assert_int_eq(layout.header.height + layout.table.height + layout.chart_title.height +
                             layout.chart.height + layout.events_title.height +
                             layout.events.height + layout.keys.height,
                         height);
    }
}
END_TEST

START_TEST(panes_go_in_their_order)
{
    struct layout layout;
    layout_compute(&layout, 80, 23, 20, 9);
    ck_assert_int_eq(layout.chart.height, 0);
    ck_assert_int_eq(layout.header.height, 3);
    layout_compute(&layout, 80, 15, 20, 9);
    ck_assert_int_eq(layout.header.height, 1);
    ck_assert_int_ge(layout.events.height, 2);
    layout_compute(&layout, 80, 9, 20, 9);
    ck_assert_int_eq(layout.header.height, 0);
    ck_assert_int_eq(layout.keys.height, 0);
    ck_assert_int_eq(layout.table.height, 9);
    ck_assert(!layout.one_liner);
    layout_compute(&layout, 40, 6, 20, 9);
    ck_assert(!layout.one_liner);
    layout_compute(&layout, 39, 6, 20, 9);
    ck_assert(layout.one_liner);
    layout_compute(&layout, 40, 5, 20, 9);
    ck_assert(layout.one_liner);
}
END_TEST

/* How many of the columns, dropped in this order, are missing at this width: all missing ones must
 * come before all present ones. */
START_TEST(columns_go_in_their_order)
{
    static const enum column order[] = {COLUMN_ETA, COLUMN_MEAN, COLUMN_UNIT,
                                        COLUMN_AGE, COLUMN_Z,    COLUMN_TREND};
    for (int width = 40; width <= WIDEST; width++) {
        struct layout layout;
        bool present = false;
        layout_compute(&layout, width, 24, 22, 9);
        for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
            bool here = layout.columns[order[i]].width > 0;
            ck_assert_msg(here || !present, "column %zu is missing at %d", i, width);
            present = here;
        }
        if (layout.columns[COLUMN_TREND].width > 0)
            ck_assert_int_ge(layout.columns[COLUMN_TREND].width, 8);
        ck_assert_int_eq(layout.columns[COLUMN_MIN].width > 0, width >= 120);
    }
}
END_TEST

START_TEST(few_series_leave_room_for_the_chart)
{
    struct layout few, many;
    layout_compute(&few, 120, 40, 20, 3);
    layout_compute(&many, 120, 40, 20, 300);
    ck_assert_int_gt(few.chart.height, many.chart.height);
    ck_assert_int_gt(few.events.height, many.events.height);
    ck_assert_int_ge(few.table.height, 4);
}
END_TEST

/* From 160 columns on: chart above card at the right, two fifths of the width, events below all. */
START_TEST(wide_screens_have_the_chart_at_the_right)
{
    for (int width = 160; width <= WIDEST; width++)
        for (int height = 24; height <= TALLEST; height++) {
            struct layout at;
            layout_compute(&at, width, height, 24, 300);
            if (at.chart_title.x != width - width * 2 / 5 || at.chart_title.y != at.table.y ||
                at.table.width != at.chart_title.x - 1 || at.card_title.y <= at.chart.y ||
                at.card.y + at.card.height != at.table.y + at.table.height ||
                at.events_title.y != at.card.y + at.card.height || at.events.width != width ||
                at.events.y + at.events.height != at.keys.y)
                ck_abort_msg("misplaced at %dx%d", width, height);
            if (at.chart.height < 6 || at.card.height < 6 || at.events.height < 2)
                ck_abort_msg("too low at %dx%d", width, height);
        }
    struct layout at;
    layout_compute(&at, 159, 50, 24, 300);
    ck_assert_int_eq(at.chart_title.x, 0);
    layout_compute(&at, 160, 23, 24, 300);
    ck_assert_int_eq(at.chart.height, 0);
}
END_TEST

Suite *layout_suite(void)
{
    Suite *suite = suite_create("layout");
    TCase *tests = tcase_create("layout");
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, nothing_overlaps_or_leaves_the_screen);
    tcase_add_test(tests, smallest_classic_terminal_shows_all_four);
    tcase_add_test(tests, every_line_is_used);
    tcase_add_test(tests, panes_go_in_their_order);
    tcase_add_test(tests, columns_go_in_their_order);
    tcase_add_test(tests, few_series_leave_room_for_the_chart);
    tcase_add_test(tests, wide_screens_have_the_chart_at_the_right);
    suite_add_tcase(suite, tests);
    return suite;
}
