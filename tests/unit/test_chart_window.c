#include "unit/suites.h"

#include "ui/chart_window.h"

#define SECOND TIMESTAMP_SECOND
#define NOW (1000 * SECOND + SECOND / 3)
#define COUNT 100

/* The last 100 seconds up to now, a second a bucket, in columns 9 to 58; 300 seconds are kept. */
static struct chart_stretch shown;
static struct chart_window window;

static void setup(void)
{
    window = (struct chart_window){0};
    shown = (struct chart_stretch){.start = 901 * SECOND,
                                   .width = SECOND,
                                   .count = COUNT,
                                   .room = COUNT,
                                   .now = NOW,
                                   .oldest = 700 * SECOND + 1,
                                   .x = 9,
                                   .columns = COUNT / 2};
}

/* What the next frame would show. */
static void show(timestamp span)
{
    timestamp end = window.end != 0 ? window.end : NOW;
    shown.width = (window.span ? window.span : span) / COUNT;
    shown.start = (end / shown.width + 1 - COUNT) * shown.width;
    chart_window_settle(&window, &shown);
}

static int cursor(void)
{
    ck_assert(window.has_cursor);
    return chart_window_bucket(&shown, window.cursor);
}

START_TEST(the_cursor_comes_up_at_the_newest_and_moves)
{
    chart_window_move(&window, &shown, -1);
    ck_assert_int_eq(cursor(), COUNT - 1);
    chart_window_move(&window, &shown, -1);
    chart_window_move(&window, &shown, -10);
    ck_assert_int_eq(cursor(), COUNT - 12);
    chart_window_move(&window, &shown, 500);
    ck_assert_int_eq(cursor(), COUNT - 1);
    ck_assert_int_eq(window.end, 0);
}
END_TEST

START_TEST(at_the_edge_it_takes_the_window_along)
{
    chart_window_point(&window, &shown, 3);
    chart_window_move(&window, &shown, -10);
    show(100 * SECOND);
    ck_assert_int_eq(cursor(), 0);
    ck_assert_int_eq(shown.start, 894 * SECOND);
    chart_window_move(&window, &shown, -10000);
    show(100 * SECOND);
    ck_assert_int_eq(cursor(), 0);
    ck_assert_int_eq(shown.start, 700 * SECOND); /* as far as there is a reading */
    chart_window_move(&window, &shown, 120);
    show(100 * SECOND);
    ck_assert_int_eq(cursor(), COUNT - 1);
    ck_assert_int_eq(shown.start, 721 * SECOND);
    chart_window_move(&window, &shown, 10000);
    show(100 * SECOND);
    ck_assert_int_eq(window.end, 0); /* it follows again */
    ck_assert_int_eq(cursor(), COUNT - 1);
}
END_TEST

START_TEST(first_and_last)
{
    chart_window_first(&window, &shown);
    show(100 * SECOND);
    ck_assert_int_eq(cursor(), 0);
    ck_assert_int_eq(shown.start, 700 * SECOND);
    chart_window_last(&window, &shown);
    show(100 * SECOND);
    ck_assert_int_eq(window.end, 0);
    ck_assert_int_eq(cursor(), COUNT - 1);
    shown.oldest = TIMESTAMP_NONE;
    chart_window_first(&window, &shown);
    show(100 * SECOND);
    ck_assert_int_eq(window.end, 0);
    /* The first reading is in the picture: a bucket holds what came after its start. */
    shown.oldest = shown.start + 7 * SECOND;
    chart_window_first(&window, &shown);
    ck_assert_int_eq(cursor(), 6);
    ck_assert_int_eq(window.end, 0);
}
END_TEST

START_TEST(zoom_is_about_the_cursor)
{
    chart_window_zoom(&window, &shown, 30 * SECOND);
    ck_assert_int_eq(window.end, 0);
    chart_window_point(&window, &shown, 20);
    chart_window_zoom(&window, &shown, 10 * SECOND);
    show(10 * SECOND);
    ck_assert_int_le(cursor(), 22);
    ck_assert_int_ge(cursor(), 18);
    ck_assert_int_eq(shown.start + 21 * shown.width > 920 * SECOND, 1);
    chart_window_zoom(&window, &shown, 100 * SECOND);
    show(100 * SECOND);
    ck_assert_int_le(cursor(), 22);
    ck_assert_int_ge(cursor(), 18);
    /* There is nothing right of now. */
    chart_window_point(&window, &shown, COUNT - 2);
    chart_window_zoom(&window, &shown, 1000 * SECOND);
    ck_assert_int_eq(window.end, 0);
}
END_TEST

START_TEST(a_stretch_is_chosen_in_either_direction)
{
    window.has_cursor = true;
    chart_window_choose(&window, &shown, 40, 31);
    ck_assert_int_eq(window.span, 10 * SECOND);
    ck_assert_int_eq(window.end, 941 * SECOND + SECOND / 2);
    ck_assert(!window.has_cursor);
    show(100 * SECOND);
    ck_assert_int_ge(shown.start, 931 * SECOND + SECOND / 2);
    chart_window_choose(&window, &shown, 7, 7);
    ck_assert_int_eq(window.span, CHART_WINDOW_LEAST);
    setup();
    chart_window_choose(&window, &shown, 50, COUNT - 1);
    ck_assert_int_eq(window.end, 0);
}
END_TEST

START_TEST(columns_hold_two_buckets)
{
    ck_assert_int_eq(chart_window_at(&shown, 9), 0);
    ck_assert_int_eq(chart_window_at(&shown, 19), 20);
    ck_assert_int_eq(chart_window_at(&shown, 0), 0);
    ck_assert_int_eq(chart_window_at(&shown, 300), COUNT - 1);
    shown.count = COUNT - 1; /* the left half of the first column is free */
    ck_assert_int_eq(chart_window_at(&shown, 10), 1);
}
END_TEST

START_TEST(time_carries_the_cursor_to_the_edge)
{
    chart_window_point(&window, &shown, 1);
    shown.start += 5 * SECOND;
    chart_window_settle(&window, &shown);
    ck_assert_int_eq(cursor(), 0);
    ck_assert_int_eq(window.cursor, shown.start + SECOND / 2);
}
END_TEST

Suite *chart_window_suite(void)
{
    Suite *suite = suite_create("chart_window");
    TCase *tests = tcase_create("chart_window");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, the_cursor_comes_up_at_the_newest_and_moves);
    tcase_add_test(tests, at_the_edge_it_takes_the_window_along);
    tcase_add_test(tests, first_and_last);
    tcase_add_test(tests, zoom_is_about_the_cursor);
    tcase_add_test(tests, a_stretch_is_chosen_in_either_direction);
    tcase_add_test(tests, columns_hold_two_buckets);
    tcase_add_test(tests, time_carries_the_cursor_to_the_edge);
    suite_add_tcase(suite, tests);
    return suite;
}
