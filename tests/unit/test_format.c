#include "unit/suites.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/text.h"
#include "ui/format.h"

static const char *value(double number, int precision, int columns)
{
    static char out[FORMAT_TEXT];
    format_value(number, precision, columns, out);
    return out;
}

START_TEST(value_keeps_its_decimals_where_they_fit)
{
    ck_assert_str_eq(value(22.4, 2, 8), "22.40");
    ck_assert_str_eq(value(1013.25, 2, 6), "1013.2");
    ck_assert_str_eq(value(612, 0, 8), "612");
    ck_assert_str_eq(value(-0.001, 2, 8), "0.00");
}
END_TEST

START_TEST(value_goes_to_si_and_exponent_where_they_do_not)
{
    ck_assert_str_eq(value(1240000, 0, 5), "1.24M");
    ck_assert_str_eq(value(-1240000, 0, 5), "-1.2M");
    ck_assert_str_eq(value(3.1e-9, 4, 8), "3.10e-9");
    ck_assert_str_eq(value(6.02e23, 0, 8), "6.02e23");
    ck_assert_str_eq(value(123456, 0, 2), "##");
    ck_assert_str_eq(value(NAN, 1, 8), "-");
    ck_assert_str_eq(value(INFINITY, 1, 8), "-");
}
END_TEST

START_TEST(value_never_exceeds_its_columns)
{
    static const double numbers[] = {0,     1,       -1,    9.999,   999.96, 99999.5, 1e6,  -1e6,
                                     1e-12, -3e-300, 1e300, 1.7e308, 1e15,   -12345,  0.05, 999999};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (int columns = 1; columns < 40; columns++)
            for (int precision = 0; precision <= FORMAT_DECIMALS; precision++) {
                const char *text = value(numbers[i], precision, columns);
                ck_assert_uint_ge(strlen(text), 1);
                ck_assert_uint_le(strlen(text), columns);
            }
}
END_TEST

START_TEST(precision_follows_the_spread)
{
    ck_assert_int_eq(format_precision(22.4, 0.3, 21, 23), 2);
    ck_assert_int_eq(format_precision(612, 19.4, 551, 631), 0);
    ck_assert_int_eq(format_precision(1013.25, 0.3, 1012, 1014), 1);
    ck_assert_int_eq(format_precision(0.1234567, 1e-6, 0.12, 0.13), 4);
    /* Without a spread: what the value itself needs. */
    ck_assert_int_eq(format_precision(81, 0, 81, 81), 0);
    ck_assert_int_eq(format_precision(0.83, 0, 0.83, 0.83), 2);
    ck_assert_int_eq(format_precision(22.4, 0, 22.4, 22.4), 1);
    ck_assert_int_eq(format_precision(NAN, NAN, NAN, NAN), 0);
}
END_TEST

START_TEST(precision_does_not_follow_the_value)
{
    /* The last reading moves, the row's decimal point does not. */
    int precision = format_precision(21.987, 0.3, 21, 23);
    for (double last = 21; last <= 23; last += 0.01)
        ck_assert_int_eq(format_precision(last, 0.3, 21, 23), precision);
}
END_TEST

static const char *z(double number)
{
    static char out[FORMAT_TEXT];
    format_z(number, out);
    return out;
}

START_TEST(z_has_a_sign_and_a_limit)
{
    ck_assert_str_eq(z(3.42), "+3.4");
    ck_assert_str_eq(z(-12.3), "-12");
    ck_assert_str_eq(z(1e9), "+99");
    ck_assert_str_eq(z(-0.01), "0.0");
    ck_assert_str_eq(z(-9.96), "-10");
    ck_assert_str_eq(z(NAN), "-");
}
END_TEST

static const char *age(timestamp span)
{
    static char out[FORMAT_TEXT];
    format_age(span, out);
    return out;
}

START_TEST(age_grows_coarser)
{
    const timestamp second = TIMESTAMP_SECOND;
    ck_assert_str_eq(age(400000), "0.4s");
    ck_assert_str_eq(age(-5), "0.0s");
    ck_assert_str_eq(age(31 * second), "31s");
    ck_assert_str_eq(age((9 * 60 + 4) * second), "9m04");
    ck_assert_str_eq(age((3 * 3600 + 12 * 60) * second), "3h12");
    ck_assert_str_eq(age((3 * 24 + 2) * 3600 * second), "3d02h");
    ck_assert_str_eq(age(412LL * 24 * 3600 * second), "412d");
}
END_TEST

START_TEST(counts_bytes_spans_and_rates)
{
    char out[FORMAT_TEXT];
    format_count(84, out);
    ck_assert_str_eq(out, "84");
    format_count(12400, out);
    ck_assert_str_eq(out, "12.4k");
    format_count(1240000, out);
    ck_assert_str_eq(out, "1.24M");
    format_count(UINT64_MAX, out);
    ck_assert_uint_le(strlen(out), 5);
    format_bytes(6 * 1024 * 1024 + 100 * 1024, out);
    ck_assert_str_eq(out, "6.1M");
    format_bytes(32 * 1024 * 1024, out);
    ck_assert_str_eq(out, "32M");
    format_span(300 * TIMESTAMP_SECOND, out);
    ck_assert_str_eq(out, "5 min");
    format_span(3600 * TIMESTAMP_SECOND, out);
    ck_assert_str_eq(out, "1 h");
    format_span(90 * TIMESTAMP_SECOND, out);
    ck_assert_str_eq(out, "90 s");
    format_rate(0.5, out);
    ck_assert_str_eq(out, "0.50");
    format_rate(1 / 600.0, out);
    ck_assert_str_eq(out, "6/h");
    format_rate(0, out);
    ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(clock_is_local)
{
    char out[FORMAT_TEXT];
    setenv("TZ", "UTC-2", 1);
    tzset();
    format_clock(12 * 3600 * TIMESTAMP_SECOND, out);
    ck_assert_str_eq(out, "14:00:00");
    format_clock_minute(12 * 3600 * TIMESTAMP_SECOND, out);
    ck_assert_str_eq(out, "14:00");
    format_clock(TIMESTAMP_NONE, out);
    ck_assert_str_eq(out, "-");
}
END_TEST

START_TEST(middle_keeps_both_ends)
{
    char out[64];
    ck_assert_uint_eq(format_middle("TEMP_SENSOR_001", 20, out, sizeof out), 15);
    ck_assert_str_eq(out, "TEMP_SENSOR_001");
    ck_assert_uint_eq(format_middle("TEMP_SENSOR_001", 9, out, sizeof out), 9);
    ck_assert_str_eq(out, "TEMP…_001");
    ck_assert_uint_eq(format_middle("abc", 1, out, sizeof out), 1);
    ck_assert_str_eq(out, "…");
    ck_assert_uint_eq(format_middle("abc", 0, out, sizeof out), 0);
    ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(middle_cuts_no_wide_character_in_half)
{
    char out[64];
    for (unsigned columns = 0; columns < 14; columns++) {
        unsigned used = format_middle("温度センサー", columns, out, sizeof out);
        ck_assert_uint_le(used, columns);
        ck_assert_uint_eq(used, text_width(out));
        ck_assert(text_is_utf8(out, strlen(out)));
    }
}
END_TEST

START_TEST(numbers_stand_with_their_points_in_line)
{
    static const struct {
        const char *text, *aligned;
        int decimals;
    } cases[] = {
        {"1.845", "1.845", 3},     {"63.90", "63.90 ", 3},
        {"1478.0", "1478.0  ", 3}, /* 8 columns */
        {"71", "71    ", 3},       {"12345", "12345   ", 3},
        {"0.1234", "0.1234", 3},   {"71", "71", 0},
        {"-0.5", "-0.5 ", 2},      {"+12", "+12  ", 1},
        {"1.20M", "1.20M", 3},     {"-", "-", 3},
        {"flat", "flat", 1},       {"", "", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FORMAT_TEXT];
        snprintf(text, sizeof text, "%s", cases[i].text);
        format_align(text, cases[i].decimals, 8);
        ck_assert_str_eq(text, cases[i].aligned);
    }
}
END_TEST

Suite *format_suite(void)
{
    Suite *suite = suite_create("format");
    TCase *tests = tcase_create("format");
    tcase_add_test(tests, value_keeps_its_decimals_where_they_fit);
    tcase_add_test(tests, value_goes_to_si_and_exponent_where_they_do_not);
    tcase_add_test(tests, value_never_exceeds_its_columns);
    tcase_add_test(tests, precision_follows_the_spread);
    tcase_add_test(tests, precision_does_not_follow_the_value);
    tcase_add_test(tests, z_has_a_sign_and_a_limit);
    tcase_add_test(tests, age_grows_coarser);
    tcase_add_test(tests, counts_bytes_spans_and_rates);
    tcase_add_test(tests, clock_is_local);
    tcase_add_test(tests, middle_keeps_both_ends);
    tcase_add_test(tests, middle_cuts_no_wide_character_in_half);
    tcase_add_test(tests, numbers_stand_with_their_points_in_line);
    suite_add_tcase(suite, tests);
    return suite;
}
