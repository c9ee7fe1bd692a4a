#include "unit/suites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ui/chart.h"

#define SECOND TIMESTAMP_SECOND
#define NOON (12 * 3600 * SECOND)
#define COLUMNS 40
#define BUCKETS (2 * (COLUMNS - 9))

static struct canvas canvas;
static struct bucket buckets[BUCKETS];

static void setup(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
    canvas_init(&canvas, false);
    canvas_resize(&canvas, COLUMNS, 8);
    memset(buckets, 0, sizeof buckets);
}

static void teardown(void)
{
    canvas_fini(&canvas);
}

static void put(int i, double value)
{
    buckets[i] = (struct bucket){.min = value, .max = value, .last = value, .count = 1};
}

static struct chart chart_of(void)
{
    return (struct chart){.buckets = buckets,
                          .count = BUCKETS,
                          .end = NOON,
                          .last = NOON,
                          .span = BUCKETS * SECOND,
                          .live = true};
}

static void draw(const struct chart *chart)
{
    canvas_clear(&canvas);
    chart_draw(&canvas, (struct rect){0, 0, COLUMNS, 8}, chart);
}

static const char *row(int y)
{
    static char text[1024];
    canvas_row_text(&canvas, y, text, sizeof text);
    return text;
}

/* How many cells of a column hold braille dots. */
static int dots_in_column(int x)
{
    int count = 0;
    for (int y = 0; y < 7; y++) {
        const unsigned char *cell = (const unsigned char *)canvas_at(&canvas, x, y)->text;
        count += cell[0] == 0xe2 && cell[1] >= 0xa0 && cell[1] <= 0xa3;
    }
    return count;
}

START_TEST(nice_steps_are_1_2_5)
{
    double first;
    ck_assert_double_eq_tol(chart_nice_step(0, 10, 5, &first), 2, 1e-12);
    ck_assert_double_eq_tol(first, 0, 1e-12);
    ck_assert_double_eq_tol(chart_nice_step(61.2, 71.4, 5, &first), 5, 1e-12);
    ck_assert_double_eq_tol(first, 65, 1e-12);
    ck_assert_double_eq_tol(chart_nice_step(-0.3, 0.3, 6, &first), 0.1, 1e-12);
    ck_assert_double_eq_tol(first, -0.3, 1e-9);
    ck_assert_double_eq_tol(chart_nice_step(0, 1e9, 4, &first), 5e8, 1e-3);
}
END_TEST

START_TEST(scale_holds_every_range_in_every_height)
{
    static const double lows[] = {-1e6, -273.15, -1, -0.01, 0, 1e-9, 22.1, 1013, 1e12};
    static const double spreads[] = {0, 1e-6, 0.013, 0.6, 1, 3.3, 9.99, 100, 12345, 1e9};
    for (int rows = 1; rows <= 60; rows++)
        for (size_t i = 0; i < sizeof lows / sizeof *lows; i++)
            for (size_t j = 0; j < sizeof spreads / sizeof *spreads; j++) {
                double low = lows[i], high = low + spreads[j];
                struct chart_scale scale = chart_scale(low, high, rows);
                double row_height = scale.step / scale.every;
                ck_assert(scale.step > 0 && scale.every >= 1);
                double rounding = fabs(high) * 1e-9;
                ck_assert_double_le(scale.base - row_height / 2 * 1.0001 - rounding, low);
                ck_assert_double_ge(
                    scale.base + (rows - 0.5) * row_height * 1.0001 + fabs(high) * 1e-9, high);
            }
}
END_TEST

START_TEST(scale_does_not_waste_the_plot)
{
    for (double spread = 1; spread < 100; spread *= 1.07) {
        struct chart_scale scale = chart_scale(20, 20 + spread, 11);
        ck_assert_double_ge(spread / (11 * scale.step / scale.every), 0.45);
    }
}
END_TEST

START_TEST(axes_have_round_values_and_clock_times)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20 + i * 2.0 / BUCKETS);
    struct chart chart = chart_of();
    draw(&chart);
    ck_assert_ptr_nonnull(strstr(row(6), "20 ┤"));
    ck_assert_str_eq(row(7), "        └────────────11:59:30────────now");
    chart.live = false;
    draw(&chart);
    ck_assert_ptr_nonnull(strstr(row(7), "12:00:00"));
}
END_TEST

START_TEST(a_spike_of_one_bucket_survives)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20);
    buckets[20].max = 30;
    buckets[20].mark = MARK_ALARM;
    buckets[20].kind = ANOMALY_SPIKE;
    struct chart chart = chart_of();
    draw(&chart);
    ck_assert_int_ge(dots_in_column(9 + 10), 5);
    ck_assert_int_eq(dots_in_column(9 + 15), 1);
    /* Its column is marked on the axis, for those who see no colour. */
    ck_assert_str_eq(canvas_at(&canvas, 9 + 10, 7)->text, "S");
    ck_assert_uint_eq(canvas_at(&canvas, 9 + 10, 7)->style, STYLE_ALARM);
}
END_TEST

START_TEST(gaps_stay_empty_and_steps_are_closed)
{
    for (int i = 0; i < BUCKETS; i++)
        if (i < 20 || i >= 40)
            put(i, i % 20 < 10 ? 20 : 30);
    struct chart chart = chart_of();
    draw(&chart);
    ck_assert_int_eq(dots_in_column(9 + 2), 1);
    /* Bucket 9 to 10 is a step over the whole height, and no hole in the line. */
    ck_assert_int_ge(dots_in_column(9 + 4) + dots_in_column(9 + 5), 5);
    for (int x = 10; x < 20; x++)
        ck_assert_int_eq(dots_in_column(9 + x), 0);
    ck_assert_int_eq(dots_in_column(9 + 20), 1);
}
END_TEST

START_TEST(constant_series_lies_in_the_middle)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 42);
    struct chart chart = chart_of();
    draw(&chart);
    int found = -1;
    for (int y = 0; y < 7; y++)
        if (strstr(row(y), "⠤⠤") || strstr(row(y), "⠒⠒") || strstr(row(y), "⣀⣀") ||
            strstr(row(y), "⠉⠉"))
            found = y;
    ck_assert_int_ge(found, 2);
    ck_assert_int_le(found, 4);
}
END_TEST

START_TEST(band_is_dotted_where_the_series_is_not)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20 + (i % 3) * 0.5);
    struct chart chart = chart_of();
    chart.has_band = true;
    chart.low = 19;
    chart.high = 22;
    draw(&chart);
    int band = 0;
    for (int y = 0; y < 7; y++)
        band += canvas_at(&canvas, 20, y)->style == STYLE_BAND;
    ck_assert_int_eq(band, 2);
}
END_TEST

static struct prospect ahead[10];

static void expect(double value, double slope, double half)
{
    for (int i = 0; i < 10; i++) {
        double at = value + slope * i;
        ahead[i] = (struct prospect){at, at - half, at + half};
    }
}

static int cells_of(unsigned style, int from, int to)
{
    int count = 0;
    for (int y = 0; y < 7; y++)
        for (int x = from; x < to; x++)
            count +=
                canvas_at(&canvas, x, y)->style == style && *canvas_at(&canvas, x, y)->text != ' ';
    return count;
}

START_TEST(what_is_to_come_stands_right_of_now)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20);
    expect(20, 0, 0.5);
    struct chart chart = chart_of();
    chart.buckets = buckets + 10;
    chart.count -= 10;
    chart.span -= 10 * SECOND;
    chart.ahead = ahead;
    chart.ahead_count = 10;
    draw(&chart);
    int now = COLUMNS - 5;
    for (int y = 0; y < 7; y++)
        ck_assert_str_eq(canvas_at(&canvas, now, y)->text, "┊");
    ck_assert_int_eq(cells_of(STYLE_SPARK, 9, now), now - 9);
    ck_assert_int_eq(cells_of(STYLE_SPARK, now, COLUMNS), 0);
    ck_assert_int_eq(cells_of(STYLE_AHEAD, now + 1, COLUMNS), 4);
    ck_assert_int_ge(cells_of(STYLE_BAND, now + 1, COLUMNS), 8); /* both edges */
    ck_assert_ptr_nonnull(strstr(row(7), "now"));
    ck_assert_str_eq(canvas_at(&canvas, now, 7)->text, "n");
}
END_TEST

START_TEST(what_will_leave_the_band_stands_out)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20);
    expect(20, 0.3, 0.1);
    struct chart chart = chart_of();
    chart.ahead = ahead;
    chart.ahead_count = 10;
    chart.has_band = true;
    chart.low = 19;
    chart.high = 21;
    draw(&chart);
    int now = COLUMNS - 5;
    ck_assert_int_eq(cells_of(STYLE_AHEAD, now, COLUMNS), 1);
    ck_assert_int_eq(cells_of(STYLE_WARN, now, COLUMNS), 3);
    ck_assert_int_eq(cells_of(STYLE_WARN, 0, now), 0);
}
END_TEST

/* A forecast that runs away must not flatten what was measured. */
START_TEST(what_is_to_come_leaves_room_for_what_was)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20 + i % 2);
    expect(20, 1000, 5000);
    struct chart chart = chart_of();
    chart.ahead = ahead;
    chart.ahead_count = 10;
    draw(&chart);
    ck_assert_int_ge(dots_in_column(9 + 10), 2);
    canvas.ascii = true;
    draw(&chart);
    canvas.ascii = false;
    ck_assert_ptr_nonnull(strchr(row(3), ':'));
}
END_TEST

/* The letter where it begins, a line for as long as it lasts, and no label over it. */
START_TEST(an_anomaly_is_marked_by_its_letter)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20 + i % 3);
    for (int i = 20; i < 50; i++) {
        buckets[i].mark = MARK_NOTICE;
        buckets[i].kind = i < 44 ? ANOMALY_DRIFT : ANOMALY_LEVEL;
    }
    struct chart chart = chart_of();
    draw(&chart);
    ck_assert_str_eq(row(7), "        └──────────D━━━━━━━━━━━L━━───now");
    ck_assert_uint_eq(canvas_at(&canvas, 9 + 10, 7)->style, STYLE_WARN);
}
END_TEST

START_TEST(no_reading_says_so)
{
    struct chart chart = chart_of();
    draw(&chart);
    ck_assert_ptr_nonnull(strstr(row(3), "no reading"));
}
END_TEST

START_TEST(ascii_draws_stars_and_lines)
{
    struct canvas plain;
    canvas_init(&plain, true);
    canvas_resize(&plain, COLUMNS, 8);
    for (int i = 0; i < BUCKETS; i++)
        put(i, 20 + i * 2.0 / BUCKETS);
    struct chart chart = chart_of();
    chart_draw(&plain, (struct rect){0, 0, COLUMNS, 8}, &chart);
    char text[256];
    canvas_row_text(&plain, 6, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "20 +"));
    ck_assert_ptr_nonnull(strchr(text, '*'));
    canvas_row_text(&plain, 7, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "---11:59:30---"));
    canvas_fini(&plain);
}
END_TEST

START_TEST(every_small_rectangle_is_survived)
{
    for (int i = 0; i < BUCKETS; i++)
        put(i, i % 7 ? i * 1e300 : -1e308);
    expect(1e308, 1e308, 1e308);
    struct chart chart = chart_of();
    chart.ahead = ahead;
    chart.ahead_count = 10;
    for (int width = 0; width <= COLUMNS; width++)
        for (int height = 0; height <= 8; height++)
            chart_draw(&canvas, (struct rect){0, 0, width, height}, &chart);
}
END_TEST

Suite *chart_suite(void)
{
    Suite *suite = suite_create("chart");
    TCase *tests = tcase_create("chart");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, nice_steps_are_1_2_5);
    tcase_add_test(tests, scale_holds_every_range_in_every_height);
    tcase_add_test(tests, scale_does_not_waste_the_plot);
    tcase_add_test(tests, axes_have_round_values_and_clock_times);
    tcase_add_test(tests, a_spike_of_one_bucket_survives);
    tcase_add_test(tests, gaps_stay_empty_and_steps_are_closed);
    tcase_add_test(tests, constant_series_lies_in_the_middle);
    tcase_add_test(tests, band_is_dotted_where_the_series_is_not);
    tcase_add_test(tests, what_is_to_come_stands_right_of_now);
    tcase_add_test(tests, what_will_leave_the_band_stands_out);
    tcase_add_test(tests, what_is_to_come_leaves_room_for_what_was);
    tcase_add_test(tests, an_anomaly_is_marked_by_its_letter);
    tcase_add_test(tests, no_reading_says_so);
    tcase_add_test(tests, ascii_draws_stars_and_lines);
    tcase_add_test(tests, every_small_rectangle_is_survived);
    suite_add_tcase(suite, tests);
    return suite;
}
