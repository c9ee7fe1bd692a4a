#include "unit/suites.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/detector.h"
#include "core/random.h"

static const struct detector_options options = {.threshold = 3, .min_samples = 10};

static struct verdict judge(const double *values, int count, double value)
{
    struct window window;
    window_init(&window, 10000, NULL);
    for (int i = 0; i < count; i++)
        window_add(&window, values[i]);
    struct observation seen = {
        .value = value, .unit = "Celsius", .before = window_stats(&window), .window = &window};
    struct verdict verdict;
    memset(&verdict, 0x55, sizeof verdict);
    detector_robust.observe(&options, NULL, &seen, &verdict);
    window_fini(&window);
    return verdict;
}

START_TEST(middle_and_deviation_by_hand)
{
    /* Median 21; distances 0 0 1 1 2 2 3 5 79: MAD 2. */
    const double values[] = {21, 20, 19, 18, 22, 100, 23, 21, 16};
    struct verdict verdict = judge(values, 9, 30);
    ck_assert(!verdict.learning);
    ck_assert_double_eq_tol(verdict.z, (30 - 21) / (1.4826 * 2), 1e-9);
    ck_assert_double_eq_tol(verdict.low, 21 - 3 * 1.4826 * 2, 1e-9);
    ck_assert_int_eq(verdict.kind, ANOMALY_SPIKE);
    ck_assert_int_eq(verdict.severity, SEVERITY_ALARM);
    ck_assert_str_eq(verdict.reason, "spike: 30.0 °C, expected 12.1 to 29.9");
}
END_TEST

START_TEST(too_few_values)
{
    const double values[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct verdict verdict = judge(values, 8, 1000);
    ck_assert(verdict.learning && isnan(verdict.z) && isnan(verdict.score));
    ck_assert_int_eq(verdict.kind, ANOMALY_NONE);
    ck_assert(judge(values, 0, 1).learning);
}
END_TEST

static int by_value(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static double median_by_sorting(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

START_TEST(agrees_with_sorting)
{
    struct random random;
    random_init(&random, 1);
    for (int round = 0; round < 300; round++) {
        double values[60], copy[60];
        int count = 9 + (int)(random_next(&random) % 52);
        for (int i = 0; i < count; i++) /* many equal ones, too */
            values[i] = copy[i] =
                round % 2 ? random_normal(&random) : (double)(random_next(&random) % 7);
        struct verdict verdict = judge(values, count, 3);
        double middle = median_by_sorting(copy, count);
        for (int i = 0; i < count; i++)
            copy[i] = fabs(values[i] - middle);
        double mad = median_by_sorting(copy, count);
        ck_assert(mad > 0);
        ck_assert_double_eq_tol(verdict.z, (3 - middle) / (1.4826 * mad), 1e-9);
    }
}
END_TEST

START_TEST(mostly_constant_windows)
{
    double values[50];
    for (int i = 0; i < 50; i++)
        values[i] = 20;
    struct verdict verdict = judge(values, 50, 99);
    ck_assert(verdict.z == 0 && verdict.score == 0 && verdict.kind == ANOMALY_NONE);
    values[10] = 21;
    verdict = judge(values, 50, 21);
    ck_assert_double_eq_tol(verdict.z, 1 / (1.2533 / 50), 1e-6);
}
END_TEST

START_TEST(extremes_stay_finite)
{
    double values[20];
    for (int i = 0; i < 20; i++)
        values[i] = i % 2 ? DBL_MAX : -DBL_MAX;
    struct verdict verdict = judge(values, 20, DBL_MAX);
    ck_assert(isfinite(verdict.z) && isfinite(verdict.score));
    ck_assert(isfinite(verdict.low) && isfinite(verdict.high));
    verdict = judge(values, 20, NAN);
    ck_assert(isnan(verdict.z) && verdict.kind == ANOMALY_NONE);
    verdict = judge(values, 20, INFINITY);
    ck_assert(isnan(verdict.score) && verdict.kind == ANOMALY_NONE);
}
END_TEST

Suite *detector_robust_suite(void)
{
    Suite *suite = suite_create("detector_robust");
    TCase *tcase = tcase_create("detector_robust");
    tcase_add_test(tcase, middle_and_deviation_by_hand);
    tcase_add_test(tcase, too_few_values);
    tcase_add_test(tcase, agrees_with_sorting);
    tcase_add_test(tcase, mostly_constant_windows);
    tcase_add_test(tcase, extremes_stay_finite);
    suite_add_tcase(suite, tcase);
    return suite;
}
