#include "unit/suites.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/detector.h"
#include "core/unit.h"

static const struct detector_options options = {.threshold = 3, .min_samples = 10};

static struct verdict judge(double value, const char *unit, struct window_stats before)
{
    struct observation seen = {.value = value, .unit = unit, .before = before};
    struct verdict verdict;
    memset(&verdict, 0x55, sizeof verdict); /* whatever was there must not matter */
    detector_lab.observe(&options, NULL, &seen, &verdict);
    return verdict;
}

START_TEST(found_by_name)
{
    ck_assert_ptr_eq(detector_find("lab"), &detector_lab);
    ck_assert_ptr_null(detector_find("nonsense"));
    ck_assert_ptr_null(detector_find(""));
    const struct detector_type *list[DETECTORS_MOST];
    ck_assert_uint_eq(detector_parse("auto", list), 1);
    ck_assert_uint_eq(detector_parse("lab,auto,robust", list), 3);
    ck_assert(list[0] == &detector_lab && list[1] == &detector_auto && list[2] == &detector_robust);
    static const char *const bad[] = {"",
                                      "auto,",
                                      ",lab",
                                      "lab,lab",
                                      "auto,nonsense",
                                      "auto lab",
                                      "a-name-longer-than-any-detector"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_uint_eq(detector_parse(bad[i], list), 0);
    const struct detector_type *const *all = detector_all();
    ck_assert_ptr_nonnull(all[0]);
    for (; *all; all++)
        ck_assert_ptr_eq(detector_find((*all)->name), *all);
}
END_TEST

START_TEST(tenth_reading_is_the_first_scored)
{
    struct window_stats before = {.count = 8, .mean = 20, .stdev = 1};
    struct verdict verdict = judge(100, "", before);
    ck_assert(verdict.learning && verdict.kind == ANOMALY_NONE && verdict.reason[0] == '\0');
    before.count = 9;
    verdict = judge(100, "", before);
    ck_assert(!verdict.learning && verdict.z == 80);
    ck_assert_int_eq(verdict.kind, ANOMALY_SPIKE);
    ck_assert_int_eq(verdict.severity, SEVERITY_ALARM);
}
END_TEST

START_TEST(bar_is_the_threshold)
{
    struct window_stats before = {.count = 50, .mean = 20, .stdev = 1};
    struct verdict at = judge(23, "", before), over = judge(23.001, "", before);
    struct verdict under = judge(16.999, "", before);
    ck_assert(at.z == 3 && at.score == 0.5 && at.kind == ANOMALY_NONE && at.low == 17);
    ck_assert_int_eq(at.severity, SEVERITY_NONE);
    ck_assert(over.kind == ANOMALY_SPIKE && over.score > 0.5 && over.high == 23);
    ck_assert(under.kind == ANOMALY_SPIKE && under.z < -3);
}
END_TEST

START_TEST(no_deviation_no_anomaly)
{
    struct window_stats before = {.count = 50, .mean = 20, .stdev = 0, .min = 20, .max = 20};
    struct verdict verdict = judge(99, "", before);
    ck_assert(!verdict.learning && verdict.z == 0 && verdict.score == 0);
    ck_assert_int_eq(verdict.kind, ANOMALY_NONE);
    ck_assert(verdict.low == 20 && verdict.high == 20);
}
END_TEST

START_TEST(reasons_read_well)
{
    struct window_stats before = {.count = 50, .mean = 22.1, .stdev = 0.19};
    ck_assert_str_eq(judge(28.5, "Celsius", before).reason,
                     "spike: 28.5 °C, expected 21.5 to 22.7");
    ck_assert_str_eq(judge(22.68, "", before).reason, "spike: 22.68, expected 21.53 to 22.67");
    before = (struct window_stats){.count = 50, .mean = 1000, .stdev = 40};
    ck_assert_str_eq(judge(-0.2, "percent", before).reason, "spike: 0 %, expected 880 to 1120");
    before = (struct window_stats){.count = 50, .mean = 0, .stdev = 1e-9};
    ck_assert_str_eq(judge(1, "V", before).reason, "spike: 1 V, expected -3e-09 to 3e-09");
}
END_TEST

START_TEST(extremes_stay_finite_and_whole)
{
    struct window_stats before = {.count = 50, .mean = 1e308, .stdev = 1e308};
    struct verdict verdict = judge(-DBL_MAX, "", before);
    ck_assert(isfinite(verdict.low) && isfinite(verdict.high) && isfinite(verdict.z));
    ck_assert(verdict.score >= 0 && verdict.score <= 1);
    before = (struct window_stats){.count = 50, .mean = 0, .stdev = DBL_MIN};
    verdict = judge(DBL_MAX, "an unreasonably long unit that nobody would ever write", before);
    ck_assert(verdict.score == 1 && isfinite(verdict.z));
    ck_assert_ptr_nonnull(strstr(verdict.reason, "…"));
    ck_assert_uint_lt(strlen(verdict.reason), DETECTOR_REASON);
}
END_TEST

START_TEST(names)
{
    ck_assert_str_eq(anomaly_kind_name(ANOMALY_NONE), "");
    ck_assert_str_eq(anomaly_kind_name(ANOMALY_SPIKE), "spike");
    ck_assert_str_eq(anomaly_kind_name(ANOMALY_LIMIT), "limit");
    ck_assert_str_eq(severity_name(SEVERITY_NONE), "");
    ck_assert_str_eq(severity_name(SEVERITY_NOTICE), "notice");
    ck_assert_str_eq(severity_name(SEVERITY_ALARM), "alarm");
}
END_TEST

START_TEST(units)
{
    ck_assert_str_eq(unit_symbol("Celsius"), "°C");
    ck_assert_str_eq(unit_symbol("celsius"), "°C");
    ck_assert_str_eq(unit_symbol("percent"), "%");
    ck_assert_str_eq(unit_symbol(""), "");
    ck_assert_str_eq(unit_symbol(NULL), "");
    const char *odd = "furlongs";
    ck_assert_ptr_eq(unit_symbol(odd), odd);
}
END_TEST

Suite *detector_suite(void)
{
    Suite *suite = suite_create("detector");
    TCase *tests = tcase_create("detector");
    tcase_add_test(tests, found_by_name);
    tcase_add_test(tests, tenth_reading_is_the_first_scored);
    tcase_add_test(tests, bar_is_the_threshold);
    tcase_add_test(tests, no_deviation_no_anomaly);
    tcase_add_test(tests, reasons_read_well);
    tcase_add_test(tests, extremes_stay_finite_and_whole);
    tcase_add_test(tests, names);
    tcase_add_test(tests, units);
    suite_add_tcase(suite, tests);
    return suite;
}
