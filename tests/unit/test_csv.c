#include "unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "source/csv.h"

#define NEW_YEAR INT64_C(1704067200000000) /* 2024-01-01T00:00:00Z */

static struct csv_columns columns;
static struct csv_row row;
static char line[1024], error[160];

static void setup(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
}

static bool read_header(const char *header)
{
    return csv_read_header(header, strlen(header), &columns);
}

static bool read_row(const char *text)
{
    snprintf(line, sizeof(line), "%s", text);
    return csv_read_row(&columns, line, strlen(line), &row, error, sizeof(error));
}

START_TEST(headers_in_any_order_and_case)
{
    ck_assert(read_header("timestamp,value"));
    ck_assert_int_eq(columns.timestamp, 0);
    ck_assert_int_eq(columns.value, 1);
    ck_assert_int_eq(columns.sensor, -1);
    ck_assert_int_eq(columns.unit, -1);
    ck_assert(read_header("\xef\xbb\xbf\"Value\", note ,UNIT,Sensor_ID,TIMESTAMP\r"));
    ck_assert_int_eq(columns.value, 0);
    ck_assert_int_eq(columns.unit, 2);
    ck_assert_int_eq(columns.sensor, 3);
    ck_assert_int_eq(columns.timestamp, 4);
}
END_TEST

START_TEST(what_is_no_header)
{
    static const char *const lines[] = {
        "", "timestamp", "value", "timestamp;value", "2024-01-01,3", "\"timestamp,value",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        ck_assert_msg(!read_header(lines[i]), "%s", lines[i]);
    ck_assert(!csv_read_header("timestamp,value\0", 16, &columns));
}
END_TEST

START_TEST(a_row_of_two_columns)
{
    ck_assert(read_header("timestamp,value"));
    ck_assert_msg(read_row("2024-01-01 00:00:00,20.0"), "%s", error);
    ck_assert_int_eq(row.time, NEW_YEAR);
    ck_assert_double_eq(row.value, 20);
    ck_assert_ptr_null(row.sensor);
    ck_assert_str_eq(row.unit, "");
    ck_assert(!row.empty);
}
END_TEST

START_TEST(times_iso_local_and_epoch)
{
    static const char *const rows[] = {
        "2024-01-01T00:00:00Z,1", "2024-01-01T01:00:00+01:00,1",
        "2024-01-01 00:00,1",     "1704067200,1",
        "1704067200000,1",        "1704067200.0,1",
    };
    ck_assert(read_header("timestamp,value"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_msg(read_row(rows[i]), "%s: %s", rows[i], error);
        ck_assert_msg(row.time == NEW_YEAR, "%s", rows[i]);
    }
    setenv("TZ", "UTC-2", 1); /* two hours east */
    tzset();
    ck_assert(read_row("2024-01-01 02:00:00,1"));
    ck_assert_int_eq(row.time, NEW_YEAR);
}
END_TEST

START_TEST(quotes_and_blanks)
{
    ck_assert(read_header("timestamp,sensor_id,value,unit"));
    ck_assert(read_row("\"2024-01-01 00:00:00\" , \"boiler, \"\"left\"\" \",  -1.5e1 ,\"\xc2\xb0"
                       "C\"\r"));
    ck_assert_str_eq(row.sensor, "boiler, \"left\" ");
    ck_assert_double_eq(row.value, -15);
    ck_assert_str_eq(row.unit, "\xc2\xb0"
                               "C");
    ck_assert(read_row("1704067200,b,1")); /* the last columns may be left out */
    ck_assert_str_eq(row.unit, "");
    ck_assert(read_row("1704067200,,1,"));
    ck_assert_ptr_null(row.sensor);
}
END_TEST

START_TEST(an_empty_value_only_tells_the_time)
{
    ck_assert(read_header("timestamp,value"));
    ck_assert(read_row("1704067200,"));
    ck_assert(row.empty);
    ck_assert_int_eq(row.time, NEW_YEAR);
    ck_assert(read_row("1704067200,\"\""));
    ck_assert(row.empty);
}
END_TEST

START_TEST(bad_rows_say_what_is_wrong)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"1704067200", "1 columns only"},
        {"", "columns only"},
        {"soon,1", "timestamp"},
        {"17,1", "timestamp"},
        {",1", "timestamp"},
        {"1704067200,abc", "not a number"},
        {"1704067200,nan", "not a number"},
        {"1704067200,0x10", "not a number"},
        {"1704067200,1e999", "not a number"},
        {"1704067200,1,5", NULL},
        {"1704067200,1 2", "not a number"},
        {"1704067200,\"1", "quote"},
        {"1704067200,\"1\"2", "quote"},
    };
    ck_assert(read_header("timestamp,value"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool taken = read_row(rows[i].text);
        ck_assert_msg(taken == (rows[i].why == NULL), "%s", rows[i].text);
        ck_assert_msg(taken || strstr(error, rows[i].why) != NULL, "%s: %s", rows[i].text, error);
    }
}
END_TEST

START_TEST(more_columns_than_can_be)
{
    ck_assert(read_header("timestamp,value"));
    snprintf(line, sizeof(line), "1704067200,1%0200d", 0);
    for (char *c = line + 12; *c != '\0'; c++)
        *c = ',';
    ck_assert(!csv_read_row(&columns, line, strlen(line), &row, error, sizeof(error)));
}
END_TEST

START_TEST(a_row_becomes_one_reading)
{
    struct batch batch = {0};
    struct message message = {.topic = "boiler", .payload = "5,2,bar,x", .bytes = 9, .arrival = 7};
    struct csv_row one = {.time = 5, .value = 2, .unit = "bar"};
    csv_add(&one, "plant 1", &message, &batch);
    one.sensor = "bo\x1biler";
    csv_add(&one, "plant 1", &message, &batch);

    ck_assert_uint_eq(batch.message_count, 2);
    ck_assert_uint_eq(batch.item_count, 2);
    const struct item *first = &batch.items[0], *second = &batch.items[1];
    ck_assert_int_eq(first->type, ITEM_READING);
    ck_assert_str_eq(first->sensor, "plant 1");
    ck_assert_str_eq(first->series, "plant 1");
    ck_assert_str_eq(first->path, "value");
    ck_assert_str_eq(first->unit, "bar");
    ck_assert_int_eq(first->time, 5);
    ck_assert_double_eq(first->value, 2);
    ck_assert_ptr_null(strchr(second->sensor, 0x1b));
    ck_assert_str_eq(second->series, "value");
    batch_fini(&batch);
}
END_TEST

Suite *csv_suite(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, headers_in_any_order_and_case);
    tcase_add_test(tests, what_is_no_header);
    tcase_add_test(tests, a_row_of_two_columns);
    tcase_add_test(tests, times_iso_local_and_epoch);
    tcase_add_test(tests, quotes_and_blanks);
    tcase_add_test(tests, an_empty_value_only_tells_the_time);
    tcase_add_test(tests, bad_rows_say_what_is_wrong);
    tcase_add_test(tests, more_columns_than_can_be);
    tcase_add_test(tests, a_row_becomes_one_reading);
    suite_add_tcase(suite, tests);
    return suite;
}
