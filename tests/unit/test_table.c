#include "unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "out/table.h"

#define AT INT64_C(1705328625123456) /* 2024-01-15T14:23:45.123456Z */

static struct row rows[3];
static struct snapshot snapshot;
static struct connection connection;
static char text[8192];
static char *lines[32];
static int line_count;

static void setup(void)
{
    rows[0] = (struct row){.twin = "TEMP_1",
                           .name = "temperature",
                           .unit = "Celsius",
                           .value = 22.4,
                           .mean = 22.1,
                           .stdev = 0.19,
                           .min = 21.5,
                           .max = 22.75,
                           .z = 1.58,
                           .has_z = true,
                           .rate = 0.5,
                           .age = 1234567,
                           .anomalies = 2,
                           .state = STATE_OK};
    rows[1] = (struct row){.twin = "b\xc3\xb6iler \xe6\xb8\xa9",
                           .name = "p",
                           .unit = "",
                           .value = 101325,
                           .mean = 101325,
                           .min = 101325,
                           .max = 101325,
                           .age = TIMESTAMP_NONE,
                           .state = STATE_LEARNING};
    snapshot = (struct snapshot){.now = AT, .row_count = 2, .rows = rows};
    snapshot.totals =
        (struct fleet_totals){.twins = 2, .series = 2, .malformed = 3, .rate_at = AT / 1000000};
    connection = (struct connection){.state = CONNECTION_LIVE, .where = "mqtt://pi4:1883"};
}

static void print(void)
{
    FILE *file = tmpfile();
    struct writer writer;
    ck_assert_ptr_nonnull(file);
    writer_init(&writer, fileno(file));
    table_print(&writer, &snapshot, &connection);
    writer_fini(&writer);
    rewind(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    line_count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        lines[line_count++] = line;
}

START_TEST(a_head_line_names_and_rows)
{
    for (int i = 1; i <= 10; i++)
        snapshot.totals.rate[(AT / 1000000 - i) % FLEET_RATE_SECONDS] = 4;
    print();
    ck_assert_int_eq(line_count, 4);
    ck_assert_str_eq(lines[0], "dt-top 2024-01-15T14:23:45Z  live mqtt://pi4:1883  twins 2  "
                               "series 2  messages/s 4.0  malformed 3");
    ck_assert_str_eq(lines[1], "TWIN/SERIES          VALUE  UNIT        Z    MEAN     SD     MIN   "
                               "  MAX   RATE  ANOM   AGE  STATE");
    ck_assert_str_eq(lines[2], "TEMP_1/temperature    22.4  Celsius  +1.6  22.100  0.190    21.5   "
                               "22.75  0.5/s     2  1.2s  ok");
    ck_assert_str_eq(lines[3], "b\xc3\xb6iler \xe6\xb8\xa9/p         101325              -  101325"
                               "      0  101325  101325      -     0     -  learning");
}
END_TEST

/* Where a column ends, in screen columns. */
static unsigned end_of(const char *line, const char *word)
{
    char before[512];
    const char *at = strstr(line, word);
    ck_assert_msg(at != NULL, "%s in %s", word, line);
    snprintf(before, sizeof(before), "%.*s", (int)(at + strlen(word) - line), line);
    return text_width(before);
}

START_TEST(columns_line_up_whatever_the_names_are)
{
    char wide[200] = "";
    for (int i = 0; i < 40; i++)
        snprintf(wide + 3 * i, 4, "\xe6\xb8\xa9"); /* two columns each */
    rows[1].twin = wide;
    rows[0].value = -1.234567e-7;
    print();
    ck_assert_uint_eq(end_of(lines[1], "VALUE"), end_of(lines[2], "-1.23457e-07"));
    ck_assert_uint_eq(end_of(lines[1], "VALUE"), end_of(lines[3], "101325"));
    ck_assert_uint_eq(end_of(lines[1], "ANOM"), end_of(lines[2], "/s     2"));
}
END_TEST

START_TEST(states_and_ages)
{
    static const struct {
        timestamp age;
        const char *shown;
    } ages[] = {{0, "0.0s"},
                {-5, "0.0s"},
                {99 * TIMESTAMP_SECOND, "99.0s"},
                {100 * TIMESTAMP_SECOND, "1m"},
                {7300 * TIMESTAMP_SECOND, "2h"},
                {864000 * TIMESTAMP_SECOND, "10d"}};
    rows[0].state = STATE_LOST;
    rows[0].simulated = true;
    for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
        char end[64];
        rows[0].age = ages[i].age;
        print();
        snprintf(end, sizeof(end), " %s  lost (simulated)", ages[i].shown);
        ck_assert_msg(strcmp(lines[2] + strlen(lines[2]) - strlen(end), end) == 0, "%s", lines[2]);
    }
}
END_TEST

START_TEST(trouble_is_told_and_an_empty_table_is_fine)
{
    snapshot.row_count = 0;
    snapshot.totals = (struct fleet_totals){.overflow = 9};
    connection.state = CONNECTION_WAITING;
    snprintf(connection.reason, sizeof(connection.reason), "connection refused");
    print();
    ck_assert_int_eq(line_count, 3);
    ck_assert_ptr_nonnull(strstr(lines[0], "waiting for mqtt://pi4:1883  twins 0"));
    ck_assert_ptr_nonnull(strstr(lines[0], "dropped 9"));
    ck_assert_str_eq(lines[1], "connection refused");
}
END_TEST

START_TEST(no_escape_sequence_ever)
{
    print();
    for (int i = 0; i < line_count; i++)
        ck_assert_ptr_null(strchr(lines[i], 0x1b));
}
END_TEST

Suite *table_suite(void)
{
    Suite *suite = suite_create("table");
    TCase *tests = tcase_create("table");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, a_head_line_names_and_rows);
    tcase_add_test(tests, columns_line_up_whatever_the_names_are);
    tcase_add_test(tests, states_and_ages);
    tcase_add_test(tests, trouble_is_told_and_an_empty_table_is_fine);
    tcase_add_test(tests, no_escape_sequence_ever);
    suite_add_tcase(suite, tests);
    return suite;
}
