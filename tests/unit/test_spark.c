#include "unit/suites.h"

#include <string.h>

#include "ui/spark.h"

#define SECOND TIMESTAMP_SECOND

static struct canvas canvas;

static void setup(void)
{
    canvas_init(&canvas, false);
    canvas_resize(&canvas, 20, 1);
}

static void teardown(void)
{
    canvas_fini(&canvas);
}

static struct bucket reading(double value)
{
    return (struct bucket){.min = value, .max = value, .last = value, .count = 1};
}

static const char *row(void)
{
    static char text[256];
    canvas_row_text(&canvas, 0, text, sizeof text);
    return text;
}

START_TEST(blocks_stop_below_the_full_one)
{
    struct bucket buckets[8];
    for (int i = 0; i < 8; i++)
        buckets[i] = reading(i);
    spark_draw(&canvas, 0, 0, &(struct spark){.buckets = buckets, .count = 8, .span = 8 * SECOND});
    ck_assert_str_eq(row(), "▁▂▃▄▅▆▇▇");
}
END_TEST

START_TEST(constant_series_lies_in_the_middle)
{
    struct bucket buckets[] = {reading(21), reading(21), reading(21)};
    spark_draw(&canvas, 0, 0, &(struct spark){.buckets = buckets, .count = 3, .span = 3 * SECOND});
    ck_assert_str_eq(row(), "▄▄▄");
}
END_TEST

START_TEST(a_spike_inside_a_bucket_survives)
{
    struct bucket buckets[] = {reading(1), reading(1), reading(1), reading(1)};
    buckets[2].max = 9;
    spark_draw(&canvas, 0, 0, &(struct spark){.buckets = buckets, .count = 4, .span = 4 * SECOND});
    ck_assert_str_eq(row(), "▁▁▇▁");
    buckets[2] = reading(9);
    buckets[0] = buckets[1] = buckets[3] = reading(9);
    buckets[1].min = 1;
    spark_draw(&canvas, 0, 0, &(struct spark){.buckets = buckets, .count = 4, .span = 4 * SECOND});
    ck_assert_str_eq(row(), "▇▁▇▇");
}
END_TEST

START_TEST(silence_is_dots)
{
    struct bucket buckets[6] = {{0}};
    buckets[1] = reading(1);
    buckets[2] = reading(2);
    spark_draw(&canvas, 0, 0, &(struct spark){.buckets = buckets, .count = 6, .span = 6 * SECOND});
    ck_assert_str_eq(row(), "·▁▇···");
    ck_assert_uint_eq(canvas_at(&canvas, 5, 0)->style, STYLE_SPARK_OFF);
}
END_TEST

START_TEST(anomalous_cells_stand_out_and_fade)
{
    struct bucket buckets[] = {reading(1), reading(9), reading(1), reading(9)};
    buckets[1].mark = buckets[3].mark = MARK_ALARM;
    spark_draw(&canvas, 0, 0,
               &(struct spark){.buckets = buckets, .count = 4, .span = 400 * SECOND});
    ck_assert_uint_eq(canvas_at(&canvas, 0, 0)->style, STYLE_SPARK);
    ck_assert_uint_eq(canvas_at(&canvas, 1, 0)->style, STYLE_FADING | STYLE_REVERSE);
    ck_assert_uint_eq(canvas_at(&canvas, 3, 0)->style, STYLE_ALARM | STYLE_REVERSE);
}
END_TEST

START_TEST(counts_stand_on_a_faint_line)
{
    uint32_t counts[] = {0, 1, 7, 0};
    spark_counts(&canvas, 0, 0, counts, 4, STYLE_SPARK);
    ck_assert_str_eq(row(), "▁▂▇▁");
    ck_assert_uint_eq(canvas_at(&canvas, 0, 0)->style, STYLE_SPARK_OFF);
    ck_assert_uint_eq(canvas_at(&canvas, 2, 0)->style, STYLE_SPARK);
}
END_TEST

static int filled(double part, double whole)
{
    int count = 0;
    spark_meter(&canvas, 0, 0, 10, part, whole, STYLE_GOOD);
    for (int x = 0; x < 10; x++)
        count += canvas_at(&canvas, x, 0)->style == STYLE_GOOD;
    return count;
}

START_TEST(meter_is_full_only_when_all_is_there)
{
    ck_assert_int_eq(filled(0, 9), 0);
    ck_assert_int_eq(filled(1, 1000), 1);
    ck_assert_int_eq(filled(999, 1000), 9);
    ck_assert_int_eq(filled(9, 9), 10);
    ck_assert_int_eq(filled(12, 9), 10);
    ck_assert_int_eq(filled(0, 0), 0);
}
END_TEST

START_TEST(meter_needs_no_colour)
{
    filled(5, 10);
    ck_assert_str_ne(canvas_at(&canvas, 4, 0)->text, canvas_at(&canvas, 5, 0)->text);
}
END_TEST

START_TEST(nothing_to_draw_draws_nothing)
{
    spark_draw(&canvas, 0, 0, &(struct spark){.count = 0});
    spark_counts(&canvas, 0, 0, NULL, 0, STYLE_SPARK);
    spark_meter(&canvas, 0, 0, -3, 1, 2, STYLE_GOOD);
    ck_assert_str_eq(row(), "");
}
END_TEST

START_TEST(braille_has_two_buckets_a_column)
{
    struct bucket buckets[8] = {{0}};
    for (int i = 0; i < 4; i++)
        buckets[i] = reading(i);
    buckets[4] = (struct bucket){.min = 0, .max = 3, .last = 1, .count = 2}; /* both survive */
    spark_draw(
        &canvas, 0, 0,
        &(struct spark){.buckets = buckets, .count = 8, .span = 8 * SECOND, .tier = SPARK_BRAILLE});
    ck_assert_str_eq(row(), "⡠⠊⡇·");
    buckets[1].mark = MARK_ALARM;
    spark_draw(
        &canvas, 0, 0,
        &(struct spark){.buckets = buckets, .count = 8, .span = 8 * SECOND, .tier = SPARK_BRAILLE});
    ck_assert_uint_eq(canvas_at(&canvas, 0, 0)->style & ~(unsigned)STYLE_REVERSE, STYLE_ALARM);
    ck_assert_uint_eq(spark_per_column(SPARK_BRAILLE), 2);
}
END_TEST

START_TEST(ascii_needs_no_block)
{
    struct bucket buckets[8];
    for (int i = 0; i < 8; i++)
        buckets[i] = reading(i);
    spark_draw(
        &canvas, 0, 0,
        &(struct spark){.buckets = buckets, .count = 8, .span = 8 * SECOND, .tier = SPARK_ASCII});
    for (const char *c = row(); *c; c++)
        ck_assert(*c >= ' ' && *c < 0x7f);
}
END_TEST

START_TEST(a_common_scale_shows_who_is_high)
{
    struct bucket low[] = {reading(1), reading(2)}, high[] = {reading(13), reading(14)};
    struct spark_range range = {1, 14};
    spark_draw(&canvas, 0, 0, &(struct spark){.buckets = low, .count = 2, .range = &range});
    spark_draw(&canvas, 2, 0, &(struct spark){.buckets = high, .count = 2, .range = &range});
    ck_assert_str_eq(row(), "▁▁▇▇");
}
END_TEST

Suite *spark_suite(void)
{
    Suite *suite = suite_create("spark");
    TCase *tests = tcase_create("spark");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, blocks_stop_below_the_full_one);
    tcase_add_test(tests, constant_series_lies_in_the_middle);
    tcase_add_test(tests, a_spike_inside_a_bucket_survives);
    tcase_add_test(tests, silence_is_dots);
    tcase_add_test(tests, braille_has_two_buckets_a_column);
    tcase_add_test(tests, ascii_needs_no_block);
    tcase_add_test(tests, a_common_scale_shows_who_is_high);
    tcase_add_test(tests, anomalous_cells_stand_out_and_fade);
    tcase_add_test(tests, counts_stand_on_a_faint_line);
    tcase_add_test(tests, meter_is_full_only_when_all_is_there);
    tcase_add_test(tests, meter_needs_no_colour);
    tcase_add_test(tests, nothing_to_draw_draws_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
