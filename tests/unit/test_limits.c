#include "unit/suites.h"

#include "core/limit_rules.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SECOND TIMESTAMP_SECOND
#define MINUTE (60 * SECOND)

static struct limit_rules rules;
static struct limit_watch watch;
static timestamp now;
static char error[320];

static void start(void)
{
    rules = (struct limit_rules){.list = NULL};
    now = 1700000000 * SECOND;
    error[0] = '\0';
}

static void stop(void)
{
    limit_watch_fini(&watch);
    limit_rules_fini(&rules);
}

/* ---- reading and writing ---- */

static struct limits parsed(const char *text)
{
    struct limits limits;
    ck_assert_msg(limits_parse(text, &limits, error, sizeof error), "%s: %s", text, error);
    return limits;
}

START_TEST(limits_are_read_as_people_write_them)
{
    static const struct {
        const char *text;
        double min, max, rate;
        timestamp span;
    } rows[] = {
        {"10..80", 10, 80, NAN, SECOND},
        {"-5.5..-1", -5.5, -1, NAN, SECOND},
        {"10..", 10, NAN, NAN, SECOND},
        {"..80", NAN, 80, NAN, SECOND},
        {"80", NAN, 80, NAN, SECOND},
        {"5/min", NAN, NAN, 5, MINUTE},
        {" 10..80  0.5/h ", 10, 80, .5, 60 * MINUTE},
        {"2/s ..1e3", NAN, 1000, 2, SECOND},
        {"max 20", NAN, 20, NAN, SECOND},
        {"min -5", -5, NAN, NAN, SECOND},
        {"max 20 min 5", 5, 20, NAN, SECOND},
        {"min 5  5/min max 1e2", 5, 100, 5, MINUTE},
        {"", NAN, NAN, NAN, SECOND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct limits limits = parsed(rows[i].text);
        ck_assert_double_eq(isnan(limits.min) ? 12345 : limits.min,
                            isnan(rows[i].min) ? 12345 : rows[i].min);
        ck_assert_double_eq(isnan(limits.max) ? 12345 : limits.max,
                            isnan(rows[i].max) ? 12345 : rows[i].max);
        ck_assert_double_eq(isnan(limits.rate) ? 12345 : limits.rate,
                            isnan(rows[i].rate) ? 12345 : rows[i].rate);
        ck_assert_int_eq(limits.span, rows[i].span);
    }
    ck_assert(!limits_any(&limits_none));
}
END_TEST

START_TEST(nonsense_is_told)
{
    static const char *const rows[] = {
        "ten..80", "10..x", "80..10",    "5..5", "5/week", "-5/min",   "0/s",       "nan",
        "1..inf",  "10-80", "1 2 three", "max",  "min x",  "max 5..6", "max min 5", "min 9 max 3"};
    struct limits limits;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        error[0] = '\0';
        ck_assert_msg(!limits_parse(rows[i], &limits, error, sizeof error), "%s", rows[i]);
        ck_assert_str_ne(error, "");
    }
}
END_TEST

START_TEST(what_was_written_is_read_again)
{
    static const char *const rows[] = {"10..80 5/min", "-5.5..", "..80",
                                       "0.5/h",        "",       "101325.5..1234567"};
    char text[LIMITS_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct limits limits = parsed(rows[i]);
        limits_format(&limits, text);
        ck_assert_str_eq(text, rows[i]);
    }
}
END_TEST

START_TEST(limits_in_words)
{
    static const char *const rows[][2] = {{"10..80 5/min", "10 to 80 °C, 5 °C/min"},
                                          {"10..", "at least 10 °C"},
                                          {"80", "at most 80 °C"},
                                          {"2/s", "2 °C/s"},
                                          {"", "none"}};
    char text[LIMITS_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct limits limits = parsed(rows[i][0]);
        limits_words(&limits, "Celsius", text);
        ck_assert_str_eq(text, rows[i][1]);
    }
}
END_TEST

/* ---- watching ---- */

static void watch_for(const char *text)
{
    struct limits limits = parsed(text);
    limit_watch_set(&watch, &limits);
}

static unsigned seen_after(timestamp interval, double value)
{
    now += interval;
    return limit_watch_observe(&watch, now, value, true);
}

START_TEST(an_episode_is_told_once_and_again_after_the_return)
{
    watch_for("10..80");
    ck_assert_uint_eq(seen_after(SECOND, 81), LIMIT_MAX); /* the very first reading */
    ck_assert_uint_eq(seen_after(SECOND, 85), 0);
    ck_assert_uint_eq(watch.broken, LIMIT_MAX);
    ck_assert_uint_eq(seen_after(SECOND, 80), 0); /* at the limit is within it */
    ck_assert_uint_eq(watch.broken, 0);
    ck_assert_uint_eq(seen_after(SECOND, 80.001), LIMIT_MAX);
    ck_assert_uint_eq(seen_after(SECOND, 9), LIMIT_MIN); /* from one end to the other */
    ck_assert_uint_eq(watch.broken, LIMIT_MIN);
}
END_TEST

START_TEST(the_same_limits_again_are_no_new_ones)
{
    watch_for("10..80");
    ck_assert_uint_eq(seen_after(SECOND, 81), LIMIT_MAX);
    limit_watch_set(&watch, &(struct limits){.min = 10, .max = 80, .rate = NAN});
    ck_assert_uint_eq(seen_after(SECOND, 82), 0);
    limit_watch_set(&watch, &(struct limits){.min = 5, .max = 80, .rate = NAN});
    ck_assert_uint_eq(seen_after(SECOND, 82), 0);
    limit_watch_set(&watch, &(struct limits){.min = 5, .max = 81, .rate = NAN});
    ck_assert_uint_eq(seen_after(SECOND, 82), LIMIT_MAX);
}
END_TEST

START_TEST(a_rate_is_a_change_within_its_span)
{
    watch_for("5/min");
    for (int i = 0; i < 100; i++) /* noise of ±2 each second is no speed */
        ck_assert_uint_eq(seen_after(SECOND, 20 + (i % 2 ? 2 : -2)), 0);
    ck_assert_uint_eq(seen_after(SECOND, 23.5), LIMIT_RATE); /* 5.5 above the least of a minute */
    ck_assert_uint_eq(seen_after(SECOND, 23.2), 0);
    ck_assert_uint_eq(watch.broken, LIMIT_RATE);
    for (int i = 0; i < 61; i++)
        ck_assert_uint_eq(seen_after(SECOND, 23), 0);
    ck_assert_uint_eq(watch.broken, 0);
    ck_assert_uint_eq(seen_after(SECOND, 17), LIMIT_RATE); /* falling counts, too */
}
END_TEST

START_TEST(a_slow_rise_stays_within_the_rate)
{
    watch_for("5/min");
    for (int i = 0; i < 600; i++)
        ck_assert_uint_eq(seen_after(SECOND, i * 4.5 / 60), 0);
    unsigned told = 0;
    for (int i = 0; i < 120; i++)
        told |= seen_after(SECOND, 45 + i * 6.0 / 60);
    ck_assert_uint_eq(told, LIMIT_RATE);
}
END_TEST

START_TEST(sparse_readings_are_measured_from_one_to_the_next)
{
    watch_for("5/min");
    ck_assert_uint_eq(seen_after(SECOND, 20), 0);
    ck_assert_uint_eq(seen_after(10 * MINUTE, 60), 0); /* 4 a minute */
    ck_assert_uint_eq(seen_after(10 * MINUTE, 120), LIMIT_RATE);
    char reason[LIMIT_REASON];
    limit_reason(&watch, LIMIT_RATE, 120, "Celsius", reason);
    ck_assert_str_eq(reason, "rose 60 °C within 10 min, the limit is 5/min");
}
END_TEST

START_TEST(bursts_and_clocks_that_go_back_are_no_speed)
{
    watch_for("5/min");
    ck_assert_uint_eq(seen_after(SECOND, 20), 0);
    ck_assert_uint_eq(seen_after(0, 24), 0); /* at the same moment, yet within 5 */
    ck_assert_uint_eq(seen_after(-60 * MINUTE, 100), 0);
    ck_assert_uint_eq(seen_after(SECOND, 104), 0);
    ck_assert_uint_eq(seen_after(SECOND, 106), LIMIT_RATE);
    now += SECOND;
    ck_assert_uint_eq(limit_watch_observe(&watch, now, 500, false), 0); /* retained: no speed */
}
END_TEST

START_TEST(the_reason_names_value_limit_and_unit)
{
    char reason[LIMIT_REASON];
    watch_for("10..80 5/min");
    seen_after(SECOND, 50);
    limit_reason(&watch, LIMIT_MAX, 82.1, "Celsius", reason);
    ck_assert_str_eq(reason, "82.1 °C above the limit of 80");
    limit_reason(&watch, LIMIT_MIN, -3, "", reason);
    ck_assert_str_eq(reason, "-3 below the limit of 10");
    seen_after(SECOND, 40);
    limit_reason(&watch, LIMIT_RATE, 40, "percent", reason);
    ck_assert_str_eq(reason, "fell 10 % within a minute, the limit is 5/min");
}
END_TEST

/* ---- rules ---- */

START_TEST(patterns_cover_names)
{
    static const struct {
        const char *pattern, *name;
        bool covers;
    } rows[] = {
        {"boiler/temp", "boiler/temp", true},
        {"boiler/temp", "boiler/temperature", false},
        {"boiler/temp*", "boiler/temperature", true},
        {"*/*.temp", "AM/a.b.temp", true},
        {"*/*.temp", "AM/a.b.tempo", false},
        {"plant/+/temp", "plant/a/temp", true},
        {"plant/+/temp", "plant/a/b/temp", false},
        {"plant/*/temp", "plant/a/b/temp", false},
        {"plant/#", "plant/a/b", true},
        {"plant/#", "plant", true},
        {"plant/#", "plants/a", false},
        {"#", "anything/at/all", true},
        {"+", "a/b", false},
        {"a*b*c", "axxbxxbc", true},
        {"a/", "a", false},
        {"*", "", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(limit_pattern_covers(rows[i].pattern, rows[i].name) == rows[i].covers,
                      "%s %s", rows[i].pattern, rows[i].name);
}
END_TEST

static void rule(const char *name, const char *key, const char *value)
{
    ck_assert_msg(limit_rule_set(limit_rules_get(&rules, name), key, value, error, sizeof error),
                  "%s", error);
}

START_TEST(later_rules_win_key_by_key)
{
    struct limit_settings found;
    rule("plant/#", "max", "80");
    rule("plant/#", "min", "-10");
    rule("boiler/temp", "max", "95.5");
    rule("boiler/temp", "rate", "5/min");
    rule("boiler/temp", "threshold", "4");
    rule("many", "series", "pump/+");
    rule("many", "series", "boiler/+");
    rule("many", "mute", "yes");
    rule("many", "min", "");
    ck_assert(limit_rules_find(&rules, "plant/b/t", "boiler", "temp", &found));
    ck_assert_double_eq(found.limits.max, 95.5);
    ck_assert_double_nan(found.limits.min);
    ck_assert_double_eq(found.limits.rate, 5);
    ck_assert_int_eq(found.limits.span, MINUTE);
    ck_assert_double_eq(found.threshold, 4);
    ck_assert(found.mute);
    ck_assert(limit_rules_find(&rules, "plant/x/y", "x", "y", &found));
    ck_assert_double_eq(found.limits.max, 80);
    ck_assert_double_eq(found.limits.min, -10);
    ck_assert_double_nan(found.threshold);
    ck_assert(!found.mute);
    ck_assert(!limit_rules_find(&rules, "many", "many", "many", &found));
}
END_TEST

START_TEST(bad_rules_are_told)
{
    static const char *const rows[][3] = {
        {"a/b", "mex", "did you mean 'max'?"}, {"a/b", "max", "expected a number"},
        {"a/b", "rate", "such as 5/min"},      {"a/b", "threshold", "expected a number"},
        {"a/b", "mute", "yes or no"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert(!limit_rule_set(limit_rules_get(&rules, rows[i][0]), rows[i][1], "often", error,
                                  sizeof error));
        ck_assert_msg(strstr(error, rows[i][2]), "%s", error);
    }
    ck_assert(!limit_rule_set(limit_rules_get(&rules, "x"), "series", "a+/b", error, sizeof error));
    ck_assert(!limit_rule_complete(limit_rules_get(&rules, "a/#/b"), error, sizeof error));
    ck_assert(limit_rule_complete(limit_rules_get(&rules, "a/#"), error, sizeof error));
    rule("twisted", "min", "5");
    rule("twisted", "max", "4");
    ck_assert(!limit_rule_complete(limit_rules_get(&rules, "twisted"), error, sizeof error));
}
END_TEST

Suite *limits_suite(void)
{
    Suite *suite = suite_create("limits");
    TCase *words = tcase_create("words"), *watching = tcase_create("watching"),
          *ruling = tcase_create("rules");
    TCase *all[] = {words, watching, ruling};
    tcase_add_test(words, limits_are_read_as_people_write_them);
    tcase_add_test(words, nonsense_is_told);
    tcase_add_test(words, what_was_written_is_read_again);
    tcase_add_test(words, limits_in_words);
    tcase_add_test(watching, an_episode_is_told_once_and_again_after_the_return);
    tcase_add_test(watching, the_same_limits_again_are_no_new_ones);
    tcase_add_test(watching, a_rate_is_a_change_within_its_span);
    tcase_add_test(watching, a_slow_rise_stays_within_the_rate);
    tcase_add_test(watching, sparse_readings_are_measured_from_one_to_the_next);
    tcase_add_test(watching, bursts_and_clocks_that_go_back_are_no_speed);
    tcase_add_test(watching, the_reason_names_value_limit_and_unit);
    tcase_add_test(ruling, patterns_cover_names);
    tcase_add_test(ruling, later_rules_win_key_by_key);
    tcase_add_test(ruling, bad_rules_are_told);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tcase_add_checked_fixture(all[i], start, stop);
        suite_add_tcase(suite, all[i]);
    }
    return suite;
}
