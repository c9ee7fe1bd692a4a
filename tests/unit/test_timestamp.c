#include "unit/suites.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/timestamp.h"

#define JANUARY (INT64_C(1705328625) * TIMESTAMP_SECOND) /* 2024-01-15T14:23:45Z */

static timestamp parsed(const char *text)
{
    timestamp when = TIMESTAMP_NONE;
    ck_assert_msg(timestamp_parse(text, strlen(text), &when), "refused: %s", text);
    return when;
}

static void set_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

START_TEST(parse_reads_zones)
{
    ck_assert_int_eq(parsed("2024-01-15T14:23:45Z"), JANUARY);
    ck_assert_int_eq(parsed("2024-01-15t14:23:45z"), JANUARY);
    ck_assert_int_eq(parsed("2024-01-15 14:23:45+00:00"), JANUARY);
    ck_assert_int_eq(parsed("2024-01-15T15:23:45+01"), JANUARY);
    ck_assert_int_eq(parsed("2024-01-15T19:53:45+0530"), JANUARY);
    ck_assert_int_eq(parsed("2024-01-15T10:53:45-03:30"), JANUARY);
    ck_assert_int_eq(parsed("2024-01-16T14:22:45+23:59"), JANUARY);
}
END_TEST

START_TEST(parse_reads_mosquitto_sub)
{
    ck_assert_int_eq(parsed("2026-11-22T19:26:33.920249Z+0000"), INT64_C(1795375593920249));
    ck_assert_int_eq(parsed("2026-11-23T00:56:33.920249Z+0530"), INT64_C(1795375593920249));
}
END_TEST

START_TEST(parse_reads_fractions)
{
    ck_assert_int_eq(parsed("2024-01-15T14:23:45.1Z"), JANUARY + 100000);
    ck_assert_int_eq(parsed("2024-01-15T14:23:45,123456Z"), JANUARY + 123456);
    ck_assert_int_eq(parsed("2024-01-15T14:23:45.123456789Z"), JANUARY + 123456);
    ck_assert_int_eq(parsed("2024-01-15T14:23Z"), JANUARY - 45 * TIMESTAMP_SECOND);
}
END_TEST

START_TEST(parse_knows_the_calendar)
{
    ck_assert_int_eq(parsed("1970-01-01T00:00:00Z"), 0);
    ck_assert_int_eq(parsed("1969-12-31T23:59:59.5Z"), -TIMESTAMP_SECOND / 2);
    ck_assert_int_eq(parsed("2000-02-29T00:00:00Z"), INT64_C(951782400000000));
    ck_assert_int_eq(parsed("2024-03-01T00:00:00Z") - parsed("2024-02-28T00:00:00Z"),
                     2 * 86400 * TIMESTAMP_SECOND);
    ck_assert_int_eq(parsed("0000-01-01T00:00:00Z"), INT64_C(-62167219200) * TIMESTAMP_SECOND);
    ck_assert_int_eq(parsed("9999-12-31T23:59:59Z"), INT64_C(253402300799) * TIMESTAMP_SECOND);
}
END_TEST

START_TEST(parse_takes_a_leap_second)
{
    ck_assert_int_eq(parsed("2016-12-31T23:59:60Z"), parsed("2017-01-01T00:00:00Z"));
    ck_assert_int_eq(parsed("2016-12-31T23:59:60.25Z"), parsed("2017-01-01T00:00:00.25Z"));
}
END_TEST

START_TEST(parse_without_zone_is_local)
{
    set_zone("UTC");
    ck_assert_int_eq(parsed("2024-01-15 14:23:45"), JANUARY);
    ck_assert_int_eq(parsed("1969-12-31 23:59:59"), -TIMESTAMP_SECOND);
    set_zone("EST5EDT,M3.2.0,M11.1.0");
    ck_assert_int_eq(parsed("2024-01-15T09:23:45.5"), JANUARY + TIMESTAMP_SECOND / 2);
    ck_assert_int_eq(parsed("2024-07-15T10:00:00"), parsed("2024-07-15T14:00:00Z"));
    ck_assert_int_eq(parsed("2024-01-15T14:23:45Z"), JANUARY);
    set_zone("UTC");
}
END_TEST

static const char *const refused[] = {
    "",
    "yesterday",
    "1705328625",
    "2024-01-15",
    "2024-01-15T14",
    "2024-1-15T14:23:45Z",
    "2024-00-15T14:23:45Z",
    "2024-13-15T14:23:45Z",
    "2024-01-00T14:23:45Z",
    "2024-02-30T14:23:45Z",
    "2023-02-29T14:23:45Z",
    "1900-02-29T14:23:45Z",
    "2024-04-31T14:23:45Z",
    "2024-01-15T24:00:00Z",
    "2024-01-15T14:60:45Z",
    "2024-01-15T14:23:61Z",
    "2024-01-15T14:23:45.Z",
    "2024-01-15T14:23:45.1234567890Z",
    "2024-01-15T14:23:45+24:00",
    "2024-01-15T14:23:45+99:99",
    "2024-01-15T14:23:45+00:60",
    "2024-01-15T14:23:45+1",
    "2024-01-15T14:23:45+01:",
    "2024-01-15T14:23:45+010",
    "2024-01-15T14:23:45Z ",
    "2024-01-15T14:23:45ZZ",
    " 2024-01-15T14:23:45Z",
    "2024-01-15T14:23:45 UTC",
    "2024-01-15_14:23:45Z",
    "12024-01-15T14:23:45Z",
    "-292277022657-01-27T08:29:52Z",
    "0000-00-00T00:00:00Z",
    "2024-01-15T-1:23:45Z",
};

START_TEST(parse_refuses)
{
    timestamp when = 42;
    ck_assert_msg(!timestamp_parse(refused[_i], strlen(refused[_i]), &when), "took: %s",
                  refused[_i]);
    ck_assert_int_eq(when, 42);
}
END_TEST

/* The text is not NUL-terminated and may hold a NUL: only its length counts. Each copy is as long
 * as its text, so that a sanitizer sees a read past it. */
START_TEST(parse_stays_inside)
{
    const char whole[] = "2026-11-22T19:26:33.920249Z+0000";
    timestamp when;
    for (size_t len = 0; len < sizeof whole; len++) {
        char *copy = malloc(len + 1);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy + 1, whole, len);
        (void)timestamp_parse(copy + 1, len, &when);
        free(copy);
    }
    ck_assert(!timestamp_parse(whole, sizeof whole, &when));
    ck_assert(!timestamp_parse("2024-01-15\00014:23:45Z", 20, &when));
}
END_TEST

static void check_epoch(double number, timestamp expected)
{
    timestamp when = TIMESTAMP_NONE;
    ck_assert_msg(timestamp_from_epoch(number, &when), "refused: %f", number);
    ck_assert_int_eq(when, expected);
}

START_TEST(epoch_tells_units_by_magnitude)
{
    check_epoch(1705328625, JANUARY);
    check_epoch(1705328625.25, JANUARY + 250000);
    check_epoch(1705328625123.0, JANUARY + 123000);
    check_epoch(1705328625123456.0, JANUARY + 123456);
    check_epoch(1705328625e9, JANUARY);
    check_epoch(946684800, INT64_C(946684800) * TIMESTAMP_SECOND);
    check_epoch(4102444799, INT64_C(4102444799) * TIMESTAMP_SECOND);
}
END_TEST

START_TEST(epoch_refuses_the_implausible)
{
    const double numbers[] = {0,          21.5,     -1705328625.0, -62135596800.0,   946684799,
                              4102444800, 1e10,     1e30,          32503680000000.0, NAN,
                              INFINITY,   -INFINITY};
    timestamp when = 42;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ck_assert_msg(!timestamp_from_epoch(numbers[i], &when), "took: %f", numbers[i]);
    ck_assert_int_eq(when, 42);
}
END_TEST

START_TEST(plausible_has_sharp_edges)
{
    ck_assert(timestamp_plausible(parsed("2000-01-01T00:00:00Z")));
    ck_assert(!timestamp_plausible(parsed("1999-12-31T23:59:59.999999Z")));
    ck_assert(timestamp_plausible(parsed("2099-12-31T23:59:59.999999Z")));
    ck_assert(!timestamp_plausible(parsed("2100-01-01T00:00:00Z")));
    ck_assert(!timestamp_plausible(TIMESTAMP_NONE));
}
END_TEST

static void check_format(timestamp when, const char *expected)
{
    char text[TIMESTAMP_TEXT];
    ck_assert_uint_eq(timestamp_format(when, text), strlen(expected));
    ck_assert_str_eq(text, expected);
}

START_TEST(format_writes_utc)
{
    check_format(0, "1970-01-01T00:00:00.000000Z");
    check_format(-1, "1969-12-31T23:59:59.999999Z");
    check_format(JANUARY + 123456, "2024-01-15T14:23:45.123456Z");
    check_format(INT64_C(951782400000000), "2000-02-29T00:00:00.000000Z");
}
END_TEST

START_TEST(format_stays_in_four_digit_years)
{
    check_format(TIMESTAMP_NONE, "0000-01-01T00:00:00.000000Z");
    check_format(INT64_MAX, "9999-12-31T23:59:59.999999Z");
}
END_TEST

/* Against the C library, a prime number of seconds apart, over all years of four digits. */
START_TEST(calendar_agrees_with_gmtime)
{
    for (int64_t second = INT64_C(-62167219200); second < INT64_C(253402300800);
         second += 9999991) {
        char expected[64], text[TIMESTAMP_TEXT];
        time_t when = (time_t)second;
        struct tm utc;
        gmtime_r(&when, &utc);
        snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.000000Z",
                 utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min,
                 utc.tm_sec);
        timestamp_format(second * TIMESTAMP_SECOND, text);
        ck_assert_str_eq(text, expected);
        ck_assert_int_eq(parsed(text), second * TIMESTAMP_SECOND);
    }
}
END_TEST

Suite *timestamp_suite(void)
{
    Suite *suite = suite_create("timestamp");
    TCase *parse = tcase_create("parse");
    tcase_add_test(parse, parse_reads_zones);
    tcase_add_test(parse, parse_reads_mosquitto_sub);
    tcase_add_test(parse, parse_reads_fractions);
    tcase_add_test(parse, parse_knows_the_calendar);
    tcase_add_test(parse, parse_takes_a_leap_second);
    tcase_add_test(parse, parse_without_zone_is_local);
    tcase_add_loop_test(parse, parse_refuses, 0, sizeof refused / sizeof *refused);
    tcase_add_test(parse, parse_stays_inside);
    suite_add_tcase(suite, parse);

    TCase *rest = tcase_create("epoch and format");
    tcase_add_test(rest, epoch_tells_units_by_magnitude);
    tcase_add_test(rest, epoch_refuses_the_implausible);
    tcase_add_test(rest, plausible_has_sharp_edges);
    tcase_add_test(rest, format_writes_utc);
    tcase_add_test(rest, format_stays_in_four_digit_years);
    tcase_add_test(rest, calendar_agrees_with_gmtime);
    suite_add_tcase(suite, rest);
    return suite;
}
