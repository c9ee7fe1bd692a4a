#include "unit/suites.h"

#include <check.h>

#include "source/backoff.h"

START_TEST(doubles_from_half_a_second_to_ten)
{
    static const double steps[] = {0.5, 1, 2, 4, 6.66, 6.66, 6.66};
    struct backoff backoff = {0};
    struct random random;

    random_init(&random, 1);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        double wait = (double)backoff_next(&backoff, &random) / TIMESTAMP_SECOND;
        ck_assert_double_ge(wait, steps[i]);
        ck_assert_double_le(wait, 1.51 * steps[i]);
    }
}
END_TEST

START_TEST(never_leaves_its_bounds)
{
    struct backoff backoff = {0};
    struct random random;

    random_init(&random, 2);
    for (int i = 0; i < 10000; i++) {
        timestamp wait = backoff_next(&backoff, &random);
        ck_assert(wait >= BACKOFF_FIRST && wait <= BACKOFF_LAST);
    }
}
END_TEST

START_TEST(two_clients_part)
{
    struct backoff one = {0}, other = {0};
    struct random first, second;
    int same = 0;

    random_init(&first, 3);
    random_init(&second, 4);
    for (int i = 0; i < 20; i++)
        same += backoff_next(&one, &first) == backoff_next(&other, &second);
    ck_assert_int_eq(same, 0);
}
END_TEST

START_TEST(only_a_steady_connection_starts_afresh)
{
    struct backoff backoff = {0};
    struct random random;

    random_init(&random, 5);
    for (int i = 0; i < 10; i++)
        backoff_next(&backoff, &random);
    backoff_lived(&backoff, 10 * TIMESTAMP_SECOND);
    timestamp wait = backoff_next(&backoff, &random);
    ck_assert(wait >= TIMESTAMP_SECOND && wait <= TIMESTAMP_SECOND * 3 / 2);
    backoff_lived(&backoff, 10 * TIMESTAMP_SECOND + 1);
    ck_assert(backoff_next(&backoff, &random) < TIMESTAMP_SECOND);
}
END_TEST

Suite *backoff_suite(void)
{
    Suite *suite = suite_create("backoff");
    TCase *tests = tcase_create("backoff");

    tcase_add_test(tests, doubles_from_half_a_second_to_ten);
    tcase_add_test(tests, never_leaves_its_bounds);
    tcase_add_test(tests, two_clients_part);
    tcase_add_test(tests, only_a_steady_connection_starts_afresh);
    suite_add_tcase(suite, tests);
    return suite;
}
