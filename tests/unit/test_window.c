#include "unit/suites.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "core/window.h"
#include "core/xalloc.h"

/* Two plain passes in long double: independent of what is tested. */
static struct window_stats two_pass(const double *values, int count)
{
    long double sum = 0, squares = 0;
    struct window_stats stats = {.count = (uint16_t)count, .min = values[0], .max = values[0]};
    for (int i = 0; i < count; i++) {
        sum += values[i];
        stats.min = fmin(stats.min, values[i]);
        stats.max = fmax(stats.max, values[i]);
    }
    long double mean = sum / count;
    for (int i = 0; i < count; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    stats.mean = (double)mean;
    stats.stdev = count > 1 ? (double)sqrtl(squares / (count - 1)) : 0;
    return stats;
}

static void assert_close(double actual, double expected)
{
    double error = fabs(actual - expected);
    ck_assert_msg(error <= 1e-12 * fabs(expected), "%.17g instead of %.17g", actual, expected);
}

static void assert_same_stats(struct window_stats actual, struct window_stats expected)
{
    ck_assert_uint_eq(actual.count, expected.count);
    assert_close(actual.mean, expected.mean);
    assert_close(actual.stdev, expected.stdev);
    ck_assert(actual.min == expected.min && actual.max == expected.max);
}

START_TEST(empty_and_single)
{
    struct window window;
    window_init(&window, 50, NULL);
    struct window_stats stats = window_stats(&window);
    ck_assert(stats.count == 0 && stats.mean == 0 && stats.stdev == 0);
    window_add(&window, 22.4);
    stats = window_stats(&window);
    ck_assert_uint_eq(stats.count, 1);
    ck_assert(stats.mean == 22.4 && stats.stdev == 0 && stats.min == 22.4 && stats.max == 22.4);
    window_fini(&window);
}
END_TEST

START_TEST(every_length_matches_two_passes)
{
    double values[67];
    struct random random;
    random_init(&random, 1);
    for (int count = 1; count <= 67; count++) {
        for (int i = 0; i < count; i++)
            values[i] = random_normal(&random) - 3;
        assert_same_stats(window_stats_of(values, (uint16_t)count), two_pass(values, count));
    }
}
END_TEST

START_TEST(oldest_leaves)
{
    struct window window;
    window_init(&window, 3, NULL);
    for (int i = 1; i <= 5; i++)
        window_add(&window, i);
    struct window_stats stats = window_stats(&window);
    ck_assert(stats.count == 3 && stats.min == 3 && stats.max == 5 && stats.mean == 4);
    ck_assert(stats.stdev == 1);
    window_fini(&window);
}
END_TEST

START_TEST(capacity_is_bounded)
{
    struct window window;
    window_init(&window, 0, NULL);
    ck_assert_uint_eq(window.capacity, WINDOW_DEFAULT);
    window_init(&window, UINT16_MAX, NULL);
    ck_assert_uint_eq(window.capacity, WINDOW_MAX);
    for (int i = 0; i < 2 * WINDOW_MAX; i++)
        window_add(&window, i);
    ck_assert_uint_eq(window_stats(&window).count, WINDOW_MAX);
    ck_assert(window_stats(&window).min == WINDOW_MAX);
    window_fini(&window);
}
END_TEST

/* Running sums would have lost the noise for good once the outlier left. */
START_TEST(exact_after_millions_and_an_outlier)
{
    enum { LENGTH = 50 };
    struct window window;
    struct random random;
    double last[LENGTH];
    window_init(&window, LENGTH, NULL);
    random_init(&random, 7);
    for (int i = 0; i < 3000000; i++) {
        double value = 1e9 + 1e-3 * random_normal(&random);
        if (i == 2000000)
            value = 1e17;
        window_add(&window, value);
        last[i % LENGTH] = value;
        if (i >= LENGTH && (i % 9973 == 0 || (i > 2000000 && i < 2000100)))
            assert_same_stats(window_stats(&window), two_pass(last, LENGTH));
    }
    window_fini(&window);
}
END_TEST

START_TEST(equal_values_have_no_deviation)
{
    double values[50];
    for (int i = 0; i < 50; i++)
        values[i] = 0.1;
    struct window_stats stats = window_stats_of(values, 50);
    ck_assert(stats.stdev == 0 && stats.mean == 0.1);
    ck_assert(window_z(&stats, 5) == 0);
}
END_TEST

START_TEST(largest_doubles_stay_finite)
{
    double values[4] = {DBL_MAX, DBL_MAX, -DBL_MAX, DBL_MAX};
    struct window_stats stats = window_stats_of(values, 4);
    assert_close(stats.mean, DBL_MAX / 2);
    ck_assert(isfinite(stats.stdev) && stats.stdev > DBL_MAX / 2);
    ck_assert(stats.min == -DBL_MAX && stats.max == DBL_MAX);
    ck_assert(isfinite(window_z(&stats, -DBL_MAX)));
    struct window_stats narrow = {.count = 9, .mean = -DBL_MAX, .stdev = DBL_MIN};
    ck_assert(isfinite(window_z(&narrow, DBL_MAX)) && window_z(&narrow, DBL_MAX) > 0);
}
END_TEST

START_TEST(z_counts_deviations)
{
    struct window_stats stats = {.count = 50, .mean = 20, .stdev = 0.5};
    ck_assert(window_z(&stats, 21.5) == 3 && window_z(&stats, 19) == -2);
}
END_TEST

/* A million values far from zero, against two passes over all of them. */
START_TEST(a_lifetime_matches_two_passes)
{
    const int count = 1000000;
    struct lifetime lifetime = {0};
    double *values = xmalloc((size_t)count * sizeof *values), sum = 0, squares = 0;
    struct random random;
    random_init(&random, 7);
    for (int i = 0; i < count; i++) {
        values[i] = 1e9 + random_normal(&random);
        lifetime_add(&lifetime, values[i]);
        sum += values[i] - 1e9;
    }
    double mean = sum / count;
    for (int i = 0; i < count; i++)
        squares += (values[i] - 1e9 - mean) * (values[i] - 1e9 - mean);
    ck_assert_double_eq_tol(lifetime_mean(&lifetime) - 1e9, mean, 1e-5);
    ck_assert_double_eq_tol(lifetime_stdev(&lifetime), sqrt(squares / (count - 1)), 1e-6);
    ck_assert(lifetime.min < 1e9 - 4 && lifetime.max > 1e9 + 4);
    free(values);
    lifetime = (struct lifetime){0};
    for (int i = 0; i < 4; i++)
        lifetime_add(&lifetime, i % 2 ? DBL_MAX : -DBL_MAX);
    ck_assert(isfinite(lifetime_mean(&lifetime)) && isfinite(lifetime_stdev(&lifetime)));
    ck_assert_double_gt(lifetime_stdev(&lifetime), 1e308);
}
END_TEST

Suite *window_suite(void)
{
    Suite *suite = suite_create("window");
    TCase *tests = tcase_create("window");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, empty_and_single);
    tcase_add_test(tests, a_lifetime_matches_two_passes);
    tcase_add_test(tests, every_length_matches_two_passes);
    tcase_add_test(tests, oldest_leaves);
    tcase_add_test(tests, capacity_is_bounded);
    tcase_add_test(tests, exact_after_millions_and_an_outlier);
    tcase_add_test(tests, equal_values_have_no_deviation);
    tcase_add_test(tests, largest_doubles_stay_finite);
    tcase_add_test(tests, z_counts_deviations);
    suite_add_tcase(suite, tests);
    return suite;
}
