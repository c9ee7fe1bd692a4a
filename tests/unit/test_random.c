#include "unit/suites.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "core/random.h"

/* The first outputs for the state {1, 2, 3, 4}, worked out from the authors' definition. */
START_TEST(next_is_xoshiro256)
{
    struct random random = {{1, 2, 3, 4}};
    ck_assert_uint_eq(random_next(&random), 11520);
    ck_assert_uint_eq(random_next(&random), 0);
    ck_assert_uint_eq(random_next(&random), 1509978240);
    ck_assert_uint_eq(random_next(&random), UINT64_C(1215971899390074240));
}
END_TEST

START_TEST(seed_spreads_by_splitmix64)
{
    struct random random;
    random_init(&random, 0);
    ck_assert_uint_eq(random.state[0], UINT64_C(0xE220A8397B1DCDAF));
    ck_assert_uint_eq(random.state[1], UINT64_C(0x6E789E6AA1B965F4));
    ck_assert_uint_eq(random.state[2], UINT64_C(0x06C45D188009454F));
    ck_assert_uint_eq(random.state[3], UINT64_C(0xF88BB8A8724C81EC));
}
END_TEST

START_TEST(same_seed_same_numbers)
{
    struct random one, two, other;
    random_init(&one, 7);
    random_init(&two, 7);
    random_init(&other, 8);
    int same_as_other = 0;
    for (int i = 0; i < 1000; i++) {
        double number = random_normal(&one);
        ck_assert(number == random_normal(&two));
        same_as_other += number == random_normal(&other);
    }
    ck_assert_int_eq(same_as_other, 0);
}
END_TEST

START_TEST(uniform_fills_its_interval)
{
    struct random random;
    int tenths[10] = {0};
    random_init(&random, 1);
    for (int i = 0; i < 100000; i++) {
        double number = random_uniform(&random);
        ck_assert(number >= 0 && number < 1);
        tenths[(int)(number * 10)]++;
    }
    for (int i = 0; i < 10; i++)
        ck_assert_msg(abs(tenths[i] - 10000) < 500, "%d in tenth %d", tenths[i], i);
}
END_TEST

START_TEST(normal_has_its_moments_and_tails)
{
    const int count = 200000;
    struct random random;
    double sum = 0, squares = 0, cubes = 0;
    int beyond_two = 0;
    random_init(&random, 2);
    for (int i = 0; i < count; i++) {
        double number = random_normal(&random);
        ck_assert(isfinite(number));
        sum += number;
        squares += number * number;
        cubes += number * number * number;
        beyond_two += fabs(number) > 2;
    }
    ck_assert_double_lt(fabs(sum / count), 0.01);
    ck_assert_double_lt(fabs(squares / count - 1), 0.02);
    ck_assert_double_lt(fabs(cubes / count), 0.04);
    ck_assert_double_lt(fabs((double)beyond_two / count - 0.0455), 0.002);
}
END_TEST

Suite *random_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *tcase = tcase_create("random");
    tcase_add_test(tcase, next_is_xoshiro256);
    tcase_add_test(tcase, seed_spreads_by_splitmix64);
    tcase_add_test(tcase, same_seed_same_numbers);
    tcase_add_test(tcase, uniform_fills_its_interval);
    tcase_add_test(tcase, normal_has_its_moments_and_tails);
    suite_add_tcase(suite, tcase);
    return suite;
}
