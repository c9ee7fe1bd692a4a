#include "unit/suites.h"

#include "core/unrest.h"

#define SECOND TIMESTAMP_SECOND
#define MINUTE (60 * SECOND)

static const timestamp start = 28333333 * MINUTE; /* a whole minute */

START_TEST(half_of_the_hour_is_chronic)
{
    struct unrest unrest = {0};
    for (int i = 0; i < 29; i++) {
        ck_assert(!unrest_mark(&unrest, start + 2 * i * MINUTE, SECOND));
        ck_assert(!unrest_mark(&unrest, start + 2 * i * MINUTE + 59 * SECOND, SECOND));
    }
    ck_assert_uint_eq(unrest_count(&unrest, start + 56 * MINUTE), 29);
    ck_assert(unrest_mark(&unrest, start + 58 * MINUTE, SECOND));
    ck_assert(unrest.chronic);
    ck_assert(!unrest_mark(&unrest, start + 59 * MINUTE, SECOND)); /* it is already */
}
END_TEST

START_TEST(a_third_of_the_time_is_not)
{
    struct unrest unrest = {0};
    for (int i = 0; i < 1000; i++)
        ck_assert(!unrest_mark(&unrest, start + 3 * i * MINUTE, SECOND));
}
END_TEST

START_TEST(it_calms_down_below_a_quarter)
{
    struct unrest unrest = {0};
    for (int i = 0; i < 60; i++)
        unrest_mark(&unrest, start + i * MINUTE, SECOND);
    ck_assert(unrest.chronic);
    ck_assert(!unrest_pass(&unrest, start + (59 + 45) * MINUTE)); /* 15 of 60 are left */
    ck_assert(unrest_pass(&unrest, start + (59 + 46) * MINUTE));
    ck_assert(!unrest.chronic);
    ck_assert_uint_eq(unrest_count(&unrest, start + 500 * MINUTE), 0);
}
END_TEST

START_TEST(slow_series_have_longer_slots)
{
    struct unrest unrest = {0};
    bool turned = false;
    for (int i = 0; i < 100 && !turned; i++) /* every reading of every ten minutes */
        turned = unrest_mark(&unrest, start + i * 10 * MINUTE, 10 * MINUTE);
    ck_assert(turned);
    ck_assert_int_eq(unrest_span(&unrest), 16 * 60 * MINUTE);
}
END_TEST

START_TEST(a_clock_set_back_changes_nothing)
{
    struct unrest unrest = {0};
    for (int i = 0; i < 40; i++)
        unrest_mark(&unrest, start + i * MINUTE, SECOND);
    unrest_set_back(&unrest, 600 * MINUTE);
    ck_assert_uint_eq(unrest_count(&unrest, start - 561 * MINUTE), 40);
    ck_assert_uint_eq(unrest_count(&unrest, start - 541 * MINUTE), 40);
    ck_assert_uint_eq(unrest_count(&unrest, start - 521 * MINUTE), 20);
}
END_TEST

Suite *unrest_suite(void)
{
    Suite *suite = suite_create("unrest");
    TCase *tests = tcase_create("unrest");
    tcase_add_test(tests, half_of_the_hour_is_chronic);
    tcase_add_test(tests, a_third_of_the_time_is_not);
    tcase_add_test(tests, it_calms_down_below_a_quarter);
    tcase_add_test(tests, slow_series_have_longer_slots);
    tcase_add_test(tests, a_clock_set_back_changes_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
