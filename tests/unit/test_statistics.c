#include "unit/suites.h"

#include <math.h>

#include "core/statistics.h"

#define SECOND TIMESTAMP_SECOND
#define START (1700000000 * SECOND) /* times of today, in which a microsecond is a small part */

static struct sample samples[16];

/* Readings this many seconds apart. */
static void fill(const double *values, uint32_t count, double seconds)
{
    for (uint32_t i = 0; i < count; i++)
        samples[i] =
            (struct sample){.time = START + (timestamp)(i * seconds * SECOND), .value = values[i]};
}

/* By hand: the sum is 40, squares about 5 are 9 1 1 1 0 0 4 16, 32 / 7 = 4.571. */
START_TEST(mean_and_deviation_as_by_hand)
{
    static const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    struct statistics got;
    fill(values, 8, 1);
    statistics_of(samples, 8, &got);
    ck_assert_uint_eq(got.count, 8);
    ck_assert_double_eq_tol(got.mean, 5, 1e-12);
    ck_assert_double_eq_tol(got.stdev, 2.138089935299395, 1e-12);
    ck_assert_double_eq(got.min, 2);
    ck_assert_double_eq(got.max, 9);
}
END_TEST

/* By hand: times 0 10 20 30 (mean 15), values 1 3 2 6 (mean 3): products (-15)(-2) + (-5)(0) +
 * (5)(-1) + (15)(3) = 70, squares of times 500: 0.14 a second. */
START_TEST(slope_is_that_of_least_squares)
{
    static const double values[] = {1, 3, 2, 6};
    struct statistics got;
    fill(values, 4, 10);
    statistics_of(samples, 4, &got);
    ck_assert_double_eq_tol(got.slope, 0.14, 1e-12);
}
END_TEST

START_TEST(a_single_moment_has_no_slope)
{
    static const double values[] = {1, 3};
    struct statistics got;
    fill(values, 2, 0);
    statistics_of(samples, 2, &got);
    ck_assert(isnan(got.slope));
    statistics_of(samples, 1, &got);
    ck_assert(isnan(got.slope));
    ck_assert_double_eq(got.stdev, 0);
    ck_assert_double_eq(got.mean, 1);
    statistics_of(samples, 0, &got);
    ck_assert_uint_eq(got.count, 0);
}
END_TEST

/* By hand: of 15 20 35 40 50 the quantile 0.05 is at 0.2 between 15 and 20, 0.95 at 3.8 between 40
 * and 50. */
START_TEST(quantiles_lie_between_neighbours)
{
    double values[] = {35, 20, 15, 50, 40}, even[] = {4, 1, 3, 2}, one[] = {7};
    struct statistics got = {0};
    statistics_sorted(values, 5, &got);
    ck_assert_double_eq_tol(got.p5, 16, 1e-12);
    ck_assert_double_eq_tol(got.median, 35, 1e-12);
    ck_assert_double_eq_tol(got.p95, 48, 1e-12);
    statistics_sorted(even, 4, &got);
    ck_assert_double_eq_tol(got.median, 2.5, 1e-12);
    statistics_sorted(one, 1, &got);
    ck_assert_double_eq(got.p5, 7);
    ck_assert_double_eq(got.p95, 7);
    statistics_sorted(one, 0, &got);
}
END_TEST

/* Far from zero, and as large as numbers go. */
START_TEST(digits_are_not_lost)
{
    static const double far[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}, huge[] = {1.7e308, 1.7e308};
    struct statistics got;
    fill(far, 4, 1);
    statistics_of(samples, 4, &got);
    ck_assert_double_eq_tol(got.mean, 1e9 + 10, 1e-6);
    ck_assert_double_eq_tol(got.stdev, sqrt(30), 1e-9);
    fill(huge, 2, 1);
    statistics_of(samples, 2, &got);
    ck_assert_double_eq_tol(got.mean / 1.7e308, 1, 1e-12);
    ck_assert_double_eq(got.stdev, 0);
}
END_TEST

Suite *statistics_suite(void)
{
    Suite *suite = suite_create("statistics");
    TCase *tests = tcase_create("statistics");
    tcase_add_test(tests, mean_and_deviation_as_by_hand);
    tcase_add_test(tests, slope_is_that_of_least_squares);
    tcase_add_test(tests, a_single_moment_has_no_slope);
    tcase_add_test(tests, quantiles_lie_between_neighbours);
    tcase_add_test(tests, digits_are_not_lost);
    suite_add_tcase(suite, tests);
    return suite;
}
