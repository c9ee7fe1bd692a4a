#include "unit/suites.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "core/query.h"
#include "unit/fleet_fixture.h"

/* A boiler in trouble, whose z is -4.2. */
static struct query_row boiler(void)
{
    struct query_row row;
    query_row_clear(&row);
    row.twin = "Boiler-1";
    row.series = "temperature";
    row.topic = "plant/hall 3/boiler/rx";
    row.unit = "Celsius";
    row.state = STATE_ANOMALY;
    row.kind = ANOMALY_SPIKE;
    row.severity = SEVERITY_ALARM;
    QUERY_NUMBER(&row, QUERY_VALUE) = 71.5;
    QUERY_NUMBER(&row, QUERY_Z) = -4.2;
    QUERY_NUMBER(&row, QUERY_MEAN) = 64;
    QUERY_NUMBER(&row, QUERY_RATE) = 0.5;
    QUERY_NUMBER(&row, QUERY_AGE) = 90;
    QUERY_NUMBER(&row, QUERY_ANOMALIES) = 2;
    return row;
}

static bool matches(const char *text, const struct query_row *row)
{
    struct query query;
    char error[200] = "";
    ck_assert_msg(query_parse(&query, text, error, sizeof error), "'%s': %s", text, error);
    return query_matches(&query, row);
}

static const char *const met[] = {
    "",
    "  ",
    "temp",
    "BOILER",
    "boiler-1/temp",
    "hall",
    "\"hall 3\"",
    "boiler temp hall",
    "boiler and temp",
    "sensor=boiler-1",
    "twin=BOILER*",
    "series=temp*re",
    "topic=plant/+/boiler/#",
    "topic=\"plant/hall 3/boiler/rx\"",
    "unit=Celsius",
    "unit=°C",
    "unit!=K",
    "state=anomaly",
    "STATE=late,Anomaly",
    "state!=ok",
    "kind=spike",
    "kind=level,spike severity=alarm",
    "z>3",
    "z>=4.2",
    "z<-3",
    "z > 3",
    "z>3σ",
    "value>70",
    "value = 71.5",
    "value!=70",
    "value>70°C",
    "mean<=64",
    "mean<0.1k",
    "rate=30/min",
    "rate<2000/h",
    "rate=0.5Hz",
    "age>1m",
    "age=1m30",
    "age<=90s",
    "age=90000ms",
    "age<1d02h",
    "anom=2",
    "anomalies<1k",
    "!pump",
    "!state=ok",
    "!z<3 !!boiler",
    "!sd>1",
};

static const char *const unmet[] = {
    "pump",          "boiler pump",     "temp and pump", "sensor=boiler", "series=temp",
    "topic=plant/+", "unit=c",          "unit=K",        "state=ok",      "state!=anomaly",
    "kind=drift",    "severity=notice", "z>5",           "z<3",           "z>+3",
    "value>70K",     "value<71.5",      "age>1h",        "rate>1",        "sd>1",
    "sd<1",          "sd!=1",           "score>0",       "!boiler",       "!topic=#",
};

START_TEST(terms_match)
{
    struct query_row row = boiler();
    ck_assert_msg(matches(met[_i], &row), "%s", met[_i]);
}
END_TEST

START_TEST(terms_do_not_match)
{
    struct query_row row = boiler();
    ck_assert_msg(!matches(unmet[_i], &row), "%s", unmet[_i]);
}
END_TEST

START_TEST(letters_of_any_script_have_no_case)
{
    struct query_row row = boiler();
    row.twin = "KÜHLRAUM Ω";
    ck_assert(matches("kühl", &row));
    ck_assert(matches("Ühlraum", &row));
    ck_assert(matches("sensor=\"kühlraum ω\"", &row));
    ck_assert(!matches("kuhl", &row));
}
END_TEST

START_TEST(quotes_hold_anything)
{
    struct query_row row = boiler();
    row.twin = "a=b \"c\\ and !d";
    ck_assert(matches("\"a=b\"", &row));
    ck_assert(matches("\"\\\"c\\\\\"", &row));
    ck_assert(matches("\"and\" \"!d\"", &row));
    ck_assert(matches("!\"x=y\"", &row));
    row.unit = "";
    ck_assert(matches("unit=\"\"", &row));
}
END_TEST

static const struct {
    const char *text, *error;
} wrong[] = {
    {"vale>3", "column 1: no key 'vale', did you mean 'value'?"},
    {"temp z >", "column 9: z is compared with a number, as in z>3"},
    {"z>big", "column 3: 'big' is no number"},
    {"z>0x10", "column 3: '0x10' is no number"},
    {"z>inf", "column 3: 'inf' is no number"},
    {"z>1e999", "column 3: '1e999' is too large"},
    {"z>3K", "column 3: z is a plain number, without 'K'"},
    {"é age>5K", "column 7: '5K' is no duration, as in age>90s, 5m, 1.5h or 2d"},
    {"age>-5", "column 5: '-5' is no duration, as in age>90s, 5m, 1.5h or 2d"},
    {"rate>3/y", "column 6: '3/y' is no rate, as in rate>2, 6/min or 3/h"},
    {"state=lots", "column 7: no state 'lots', did you mean 'lost'?"},
    {"state=", "column 7: state= what: ok learning anomaly stuck late lost offline"},
    {"severity=zzz", "column 10: no severity 'zzz': notice alarm"},
    {"state=late,,ok", NULL},
    {"state>ok", "column 1: state takes = or !="},
    {"topic=a/#/b", NULL},
    {"topic=", NULL},
    {"sensor=", "column 8: sensor= what"},
    {">3", "column 1: a comparison begins with a name, as in z>3"},
    {"a =", "column 1: no key 'a': a word with < > or = stands in quotes"},
    {"\"z\">3", "column 1: a name to compare stands without quotes"},
    {"x \"open", "column 3: the closing \" is missing"},
    {"\"\"", "column 1: nothing between the quotes"},
    {"a ! b", "column 3: '!' stands right before what it negates"},
    {"!", "column 1: '!' stands right before what it negates"},
    {"a b c d e f g h i j k l m n o p q", "column 33: more than 16 terms"},
    {"\xff", "it is not UTF-8"},
};

START_TEST(errors_say_where_and_what)
{
    struct query query = {.count = 7};
    char error[200] = "";
    ck_assert_msg(!query_parse(&query, wrong[_i].text, error, sizeof error), "%s", wrong[_i].text);
    if (wrong[_i].error)
        ck_assert_str_eq(error, wrong[_i].error);
    else
        ck_assert_msg(strncmp(error, "column ", 7) == 0, "%s", error);
    ck_assert_uint_eq(query.count, 7);
}
END_TEST

START_TEST(too_long_is_refused)
{
    struct query query;
    char text[QUERY_TEXT + 1], error[200];
    memset(text, 'x', QUERY_TEXT);
    text[QUERY_TEXT] = '\0';
    ck_assert(!query_parse(&query, text, error, sizeof error));
    text[QUERY_TEXT - 1] = '\0';
    ck_assert(query_parse(&query, text, error, sizeof error));
}
END_TEST

START_TEST(a_word_to_search_for_is_taken_as_it_is)
{
    struct query_row row = boiler();
    struct query query;
    query_word(&query, "z>3 \"!");
    ck_assert(!query_matches(&query, &row));
    row.twin = "has Z>3 \"! in it";
    ck_assert(query_matches(&query, &row));
    query_word(&query, "");
    ck_assert_uint_eq(query.count, 0);
}
END_TEST

START_TEST(what_is_not_known_is_nowhere)
{
    struct query_row row;
    query_row_clear(&row);
    ck_assert(matches("", &row));
    ck_assert(!matches("a", &row));
    ck_assert(!matches("topic=#", &row));
    ck_assert(!matches("state=ok,learning,anomaly,stuck,late,lost,offline", &row));
    ck_assert(!matches("value>0", &row));
    ck_assert(matches("!value>0", &row));
}
END_TEST

START_TEST(a_series_is_asked_as_it_is_now)
{
    struct query_row row;
    learn();
    reading(99);
    const struct series *series = fleet_series(fleet, 0);
    query_row_series(&row, series, now + 3 * SECOND, UINT32_MAX);
    ck_assert(matches("T1 series=temperature topic=digital_twin/#", &row));
    ck_assert(matches("value=99 z>3 max=99 min<30 sd>1 mean<99 count=11", &row));
    ck_assert(matches("state=anomaly kind=spike severity=alarm anom=1", &row));
    ck_assert(matches("rate=0.5 age<10s", &row));
    ck_assert(!matches("age>10s", &row));
}
END_TEST

START_TEST(a_young_series_has_no_z)
{
    struct query_row row;
    reading(20);
    query_row_series(&row, fleet_series(fleet, 0), now, UINT32_MAX);
    ck_assert(matches("!z>0 !z<1 state=learning !kind=spike", &row));
}
END_TEST

START_TEST(a_twin_alone_has_names_and_presence)
{
    struct query_row row;
    status(STATUS_OFFLINE);
    query_row_twin(&row, fleet_twin(fleet, 0), now + 5 * SECOND);
    ck_assert(matches("t1 state=offline age>=5s !value>0", &row));
    ck_assert(!matches("state=ok", &row));
}
END_TEST

Suite *query_suite(void)
{
    Suite *suite = suite_create("query");
    TCase *language = tcase_create("language");
    tcase_add_loop_test(language, terms_match, 0, sizeof met / sizeof *met);
    tcase_add_loop_test(language, terms_do_not_match, 0, sizeof unmet / sizeof *unmet);
    tcase_add_test(language, letters_of_any_script_have_no_case);
    tcase_add_test(language, quotes_hold_anything);
    tcase_add_loop_test(language, errors_say_where_and_what, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(language, too_long_is_refused);
    tcase_add_test(language, a_word_to_search_for_is_taken_as_it_is);
    tcase_add_test(language, what_is_not_known_is_nowhere);
    suite_add_tcase(suite, language);
    TCase *rows = fleet_case("rows");
    tcase_add_test(rows, a_series_is_asked_as_it_is_now);
    tcase_add_test(rows, a_young_series_has_no_z);
    tcase_add_test(rows, a_twin_alone_has_names_and_presence);
    suite_add_tcase(suite, rows);
    return suite;
}
