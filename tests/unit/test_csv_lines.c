#include "unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out/csv_lines.h"
#include "source/csv.h"

static char twin_name[128], series_name[128];
static struct twin twin = {.name = twin_name};
static struct series series = {.twin = &twin, .name = series_name};
static struct outcome outcome;
static char text[4096];

/* What one reading comes to. */
static const char *line_of(const char *sensor, const char *name, double value, const char *unit)
{
    FILE *file = tmpfile();
    struct writer writer;
    ck_assert_ptr_nonnull(file);
    snprintf(twin_name, sizeof twin_name, "%s", sensor);
    snprintf(series_name, sizeof series_name, "%s", name);
    outcome = (struct outcome){.type = OUTCOME_READING,
                               .time = INT64_C(1705328625123456),
                               .series = &series,
                               .twin = &twin,
                               .unit = unit,
                               .value = value};
    writer_init(&writer, fileno(file));
    csv_lines_outcome(&writer, &outcome);
    writer_fini(&writer);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

START_TEST(a_reading_is_a_line)
{
    ck_assert_str_eq(line_of("T1", "temperature", -22.5, "Celsius"),
                     "2024-01-15T14:23:45.123456Z,T1,temperature,-22.5,Celsius\n");
}
END_TEST

START_TEST(fields_are_quoted_where_they_must)
{
    ck_assert_str_eq(line_of("a,b", "say \"x\"", 1, ""),
                     "2024-01-15T14:23:45.123456Z,\"a,b\",\"say \"\"x\"\"\",1,\n");
}
END_TEST

START_TEST(text_is_no_formula)
{
    ck_assert_str_eq(line_of("=1+1", "-x", 1, "@y"),
                     "2024-01-15T14:23:45.123456Z,'=1+1,'-x,1,'@y\n");
    ck_assert_str_eq(line_of("+cmd,|", "a=b", 1, "%"),
                     "2024-01-15T14:23:45.123456Z,\"'+cmd,|\",a=b,1,%\n");
}
END_TEST

START_TEST(other_outcomes_are_left_out)
{
    line_of("T1", "t", 1, "");
    outcome.type = OUTCOME_ANOMALY;
    FILE *file = tmpfile();
    struct writer writer;
    writer_init(&writer, fileno(file));
    csv_lines_outcome(&writer, &outcome);
    writer_fini(&writer);
    ck_assert_int_eq(ftell(file), 0);
    fclose(file);
}
END_TEST

/* Every line can be replayed as the reading that it was. */
START_TEST(lines_come_back_as_they_were)
{
    static const char *const names[] = {"T1", "a,\"b\"", "=x", "'=x",  "''",  "'",  "-",  " x ",
                                        "°C", "a'b",     "@",  "'tis", "x=1", "\"", "+1", "#"};
    struct csv_columns columns;
    char error[160];
    static const char header[] = "timestamp,sensor_id,series,value,unit";
    ck_assert(csv_read_header(header, strlen(header), &columns));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct csv_row row;
        const char *other = names[(i + 1) % (sizeof names / sizeof *names)];
        line_of(names[i], other, 0.1 + (double)i, names[i]);
        text[strlen(text) - 1] = '\0';
        ck_assert_msg(csv_read_row(&columns, text, strlen(text), &row, error, sizeof error), "%s",
                      error);
        ck_assert_str_eq(row.sensor, names[i]);
        ck_assert_str_eq(row.series, other);
        ck_assert_str_eq(row.unit, names[i]);
        ck_assert_double_eq(row.value, 0.1 + (double)i);
        ck_assert_int_eq(row.time, INT64_C(1705328625123456));
    }
}
END_TEST

Suite *csv_lines_suite(void)
{
    Suite *suite = suite_create("csv_lines");
    TCase *tcase = tcase_create("csv_lines");
    tcase_add_test(tcase, a_reading_is_a_line);
    tcase_add_test(tcase, fields_are_quoted_where_they_must);
    tcase_add_test(tcase, text_is_no_formula);
    tcase_add_test(tcase, other_outcomes_are_left_out);
    tcase_add_test(tcase, lines_come_back_as_they_were);
    suite_add_tcase(suite, tcase);
    return suite;
}
