/* What a chart draws beside its series: lines, markers at its edges, a cursor, other series. */
#include "unit/suites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ui/chart.h"

#define SECOND TIMESTAMP_SECOND
#define NOON (12 * 3600 * SECOND)
#define COLUMNS 60
#define ROWS 12
#define AXIS 9
#define BUCKETS (2 * (COLUMNS - AXIS))

static struct canvas canvas;
static struct bucket buckets[BUCKETS], more[BUCKETS];
static struct chart chart;

static void fill(struct bucket *to, double value, double step)
{
    for (int i = 0; i < BUCKETS; i++, value += step)
        to[i] = (struct bucket){.min = value, .max = value, .last = value, .count = 1};
}

static void setup(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    canvas_init(&canvas, false);
    canvas_resize(&canvas, COLUMNS, ROWS);
    chart = (struct chart){.buckets = buckets,
                           .count = BUCKETS,
                           .end = NOON,
                           .last = NOON,
                           .span = BUCKETS * SECOND,
                           .live = true};
    fill(buckets, 20, 0.01);
}

static void teardown(void)
{
    canvas_fini(&canvas);
}

static void draw(void)
{
    canvas_clear(&canvas);
    chart_draw(&canvas, (struct rect){0, 0, COLUMNS, ROWS}, &chart);
}

static const char *row(int y)
{
    static char text[1024];
    canvas_row_text(&canvas, y, text, sizeof text);
    return text;
}

/* The first row from the top that holds this text. */
static int find(const char *text)
{
    for (int y = 0; y < ROWS; y++)
        if (strstr(row(y), text))
            return y;
    return -1;
}

static int count_cells(const char *text)
{
    int count = 0;
    for (int y = 0; y < ROWS; y++)
        for (int x = AXIS; x < COLUMNS; x++)
            count += strcmp(canvas_at(&canvas, x, y)->text, text) == 0;
    return count;
}

START_TEST(a_given_range_is_what_the_axis_shows)
{
    chart.has_range = true;
    chart.y_low = 0;
    chart.y_high = 100;
    draw();
    ck_assert_int_ge(find("100 ┤"), 0);
    ck_assert_int_ge(find(" 0 ┤"), 0);
    ck_assert_int_eq(count_cells("▲") + count_cells("▼"), 0);
}
END_TEST

START_TEST(what_leaves_the_range_is_told_at_the_edge)
{
    buckets[40].max = 900;
    buckets[80].min = -900;
    chart.has_range = true;
    chart.y_low = 19;
    chart.y_high = 22;
    draw();
    ck_assert_str_eq(canvas_at(&canvas, AXIS + 20, 0)->text, "▲");
    ck_assert_str_eq(canvas_at(&canvas, AXIS + 40, ROWS - 2)->text, "▼");
    ck_assert_int_eq(count_cells("▲") + count_cells("▼"), 2);
}
END_TEST

START_TEST(mean_and_sigma_are_quiet_lines_with_names)
{
    fill(buckets, 20, 0);
    chart.has_lines = true;
    chart.mean = 20.5;
    chart.sigma = 0.5;
    chart.has_range = true;
    chart.y_low = 18;
    chart.y_high = 23;
    draw();
    int mean = find("mean"), above = find("+3σ"), below = find("-3σ");
    ck_assert(above >= 0 && above < mean && mean < below);
    ck_assert_uint_eq(canvas_at(&canvas, AXIS, mean)->style, STYLE_BAND);
    ck_assert_uint_eq(canvas_at(&canvas, AXIS + 8, mean)->style, STYLE_BAND);
    ck_assert_str_ne(canvas_at(&canvas, AXIS + 8, mean)->text, " ");
    ck_assert_str_eq(canvas_at(&canvas, AXIS + 10, mean)->text, " ");
    /* Outside the range there is no line. */
    chart.sigma = 50;
    draw();
    ck_assert_int_eq(find("3σ"), -1);
}
END_TEST

/* Every line has a pattern of its own, for those who see no colour. */
START_TEST(no_two_lines_look_alike)
{
    static const struct limits limits = {.min = NAN, .max = 23, .rate = NAN};
    canvas.ascii = true;
    fill(buckets, 20, 0);
    chart.has_lines = chart.has_band = chart.has_range = true;
    chart.mean = 20.5;
    chart.sigma = 0.5;
    chart.low = 19.5;
    chart.high = 21.2;
    chart.limits = &limits;
    chart.y_low = 18;
    chart.y_high = 24;
    draw();
    ck_assert_int_ge(find("-------------------"), 0);
    ck_assert_int_ge(find("..................."), 0);
    ck_assert_int_ge(find("~~  ~~  ~~  ~~  ~~"), 0);
    ck_assert_int_ge(find(",   ,   ,   ,   ,"), 0);
}
END_TEST

START_TEST(a_limit_outside_the_picture_has_a_marker)
{
    struct limits limits = {.min = -40, .max = 80, .rate = NAN};
    fill(buckets, 20, 0);
    chart.limits = &limits;
    draw();
    ck_assert_ptr_nonnull(strstr(row(0), "▲ max 80"));
    ck_assert_ptr_nonnull(strstr(row(ROWS - 2), "▼ min -40"));
    limits.max = 20.1;
    draw();
    ck_assert_int_eq(find("max"), -1);
}
END_TEST

START_TEST(the_cursor_stands_at_a_bucket)
{
    chart.has_cursor = true;
    chart.cursor = 41;
    draw();
    int x = AXIS + 20;
    for (int y = 0; y < ROWS - 1; y++) {
        const struct cell *cell = canvas_at(&canvas, x, y);
        bool series = cell->style == STYLE_STRONG;
        ck_assert(series || (cell->style == STYLE_ACCENT && strcmp(cell->text, "⢸") == 0));
    }
    ck_assert_str_eq(canvas_at(&canvas, x, ROWS - 1)->text, "▲");
    chart.cursor = 40;
    draw();
    ck_assert_str_eq(canvas_at(&canvas, x, 0)->text, "⡇");
}
END_TEST

START_TEST(a_choice_is_marked_in_either_direction)
{
    chart.has_choice = true;
    for (int turn = 0; turn < 2; turn++) {
        chart.from = turn ? 60 : 20;
        chart.to = turn ? 20 : 60;
        draw();
        for (int x = AXIS; x < COLUMNS; x++)
            ck_assert_int_eq(!!(canvas_at(&canvas, x, 3)->style & STYLE_SELECTED),
                             x >= AXIS + 10 && x <= AXIS + 30);
    }
}
END_TEST

START_TEST(others_share_the_axis_unless_their_unit_is_another)
{
    double low, high;
    struct chart_other other = {.buckets = more, .style = STYLE_SIM, .mark = '2'};
    fill(more, 40, 0.01);
    chart.mark = '1';
    chart.others = &other;
    chart.other_count = 1;
    ck_assert(chart_range(&chart, &low, &high));
    ck_assert_double_gt(high, 40);
    draw();
    ck_assert_int_ge(count_cells("1"), 2);
    ck_assert_int_ge(count_cells("2"), 2);
    ck_assert_int_lt(find("2"), find("1"));
    other.own_scale = true;
    fill(more, 40, -0.3);
    chart_range(&chart, &low, &high);
    ck_assert_double_lt(high, 22);
    draw();
    ck_assert_int_ge(count_cells("2"), 2);
}
END_TEST

START_TEST(in_ascii_each_series_is_drawn_with_its_mark)
{
    struct chart_other other = {.buckets = more, .style = STYLE_SIM, .mark = '2'};
    canvas.ascii = true;
    fill(more, 25, 0);
    chart.mark = '1';
    chart.others = &other;
    chart.other_count = 1;
    draw();
    ck_assert_int_ge(count_cells("2"), BUCKETS / 2);
    ck_assert_int_ge(count_cells("1"), BUCKETS / 2);
    ck_assert_int_eq(count_cells("*"), 0);
}
END_TEST

/* A chart above another one leaves the time axis to it, and uses its line. */
START_TEST(a_bare_chart_has_no_time_axis)
{
    chart.bare = true;
    draw();
    ck_assert_int_eq(find("now"), -1);
    ck_assert_int_eq(find("└"), -1);
    ck_assert(strstr(row(ROWS - 1), "┤") || strstr(row(ROWS - 1), "│"));
}
END_TEST

START_TEST(odd_numbers_and_sizes_are_survived)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 0, 1e308, -1e308};
    struct chart_other other = {.buckets = more, .own_scale = true, .mark = '2'};
    chart.others = &other;
    chart.other_count = 1;
    chart.has_lines = chart.has_range = chart.has_cursor = chart.has_choice = true;
    chart.cursor = BUCKETS - 1;
    chart.to = BUCKETS - 1;
    for (int i = 0; i < 36; i++) {
        struct limits limits = {.min = odd[i % 6], .max = odd[i / 6], .rate = NAN};
        chart.limits = &limits;
        chart.mean = odd[i % 6];
        chart.sigma = odd[i / 6];
        chart.y_low = fmin(odd[i % 6], odd[i / 6]);
        chart.y_high = fmax(odd[i % 6], odd[i / 6]);
        fill(more, isfinite(chart.y_low) ? chart.y_low : 0, 0);
        for (int size = 0; size <= COLUMNS; size++)
            chart_draw(&canvas, (struct rect){0, 0, size, size / 4}, &chart);
    }
}
END_TEST

Suite *plot_suite(void)
{
    Suite *suite = suite_create("plot");
    TCase *tests = tcase_create("plot");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_given_range_is_what_the_axis_shows);
    tcase_add_test(tests, what_leaves_the_range_is_told_at_the_edge);
    tcase_add_test(tests, mean_and_sigma_are_quiet_lines_with_names);
    tcase_add_test(tests, no_two_lines_look_alike);
    tcase_add_test(tests, a_limit_outside_the_picture_has_a_marker);
    tcase_add_test(tests, the_cursor_stands_at_a_bucket);
    tcase_add_test(tests, a_choice_is_marked_in_either_direction);
    tcase_add_test(tests, others_share_the_axis_unless_their_unit_is_another);
    tcase_add_test(tests, in_ascii_each_series_is_drawn_with_its_mark);
    tcase_add_test(tests, a_bare_chart_has_no_time_axis);
    tcase_add_test(tests, odd_numbers_and_sizes_are_survived);
    suite_add_tcase(suite, tests);
    return suite;
}
