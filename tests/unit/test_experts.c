#include "unit/suites.h"

#include <math.h>

#include "core/expert_daytime.h"
#include "core/expert_level.h"
#include "core/expert_shape.h"
#include "core/random.h"

#define HOUR (3600 * TIMESTAMP_SECOND)
#define DAY (24 * HOUR)

START_TEST(level_averages_start_as_plain_means)
{
    struct expert_level expert = {0};
    for (uint32_t i = 0; i < 10; i++)
        expert_level_step(&expert, i + 1, i, 0);
    ck_assert_double_eq_tol(expert.slow, 5.5, 1e-6);
    ck_assert_double_eq_tol(expert.fast, 5.5, 1e-6);
    expert_level_step(&expert, 20, 10, 0);
    ck_assert_double_eq_tol(expert.fast, 5.5 + 0.1 * 14.5, 1e-6);
    ck_assert_double_eq_tol(expert.slow, 5.5 + 14.5 / 11, 1e-6);
}
END_TEST

START_TEST(level_of_noise_is_usual_and_a_step_is_not)
{
    struct expert_level expert = {0};
    struct random random;
    uint32_t seen = 0;
    int rare = 0;
    random_init(&random, 1);
    for (; seen < 5000; seen++)
        rare += expert_level_step(&expert, random_normal(&random), seen, 0) > 3;
    ck_assert_int_lt(rare, 25); /* a tenth of that is expected, but one comes with its neighbours */
    float most = 0;
    for (; seen < 5030; seen++)
        most = fmaxf(most, expert_level_step(&expert, 5 + random_normal(&random), seen, 0));
    ck_assert(most > 5);
}
END_TEST

START_TEST(what_rounding_makes_is_not_rare)
{
    struct expert_level expert = {0};
    uint32_t seen = 0;
    for (; seen < 1000; seen++)
        ck_assert(expert_level_step(&expert, 20, seen, 0.5f) == 0);
    ck_assert(expert_level_step(&expert, 21, seen++, 0.5f) == 0);
    float most = 0;
    for (; seen < 1020; seen++)
        most = fmaxf(most, expert_level_step(&expert, 30, seen, 0.5f));
    ck_assert(most > 2);
}
END_TEST

/* 20 at night, 30 by day, from 6 to 18 o'clock. */
static float day_and_night(timestamp time)
{
    timestamp hour = time % DAY / HOUR;
    return hour >= 6 && hour < 18 ? 30 : 20;
}

START_TEST(daytime_knows_the_hour)
{
    struct expert_daytime expert = {0};
    struct random random;
    random_init(&random, 2);
    timestamp time = 400 * DAY;
    for (; time < 401 * DAY; time += HOUR / 12)
        ck_assert(expert_daytime_step(&expert, time, day_and_night(time), 0) == 0);
    for (; time < 410 * DAY; time += HOUR / 12) {
        float value = day_and_night(time) + 0.2f * (float)random_normal(&random);
        float rarity = expert_daytime_step(&expert, time, value, 0);
        if (time > 403 * DAY)
            ck_assert(rarity < 4);
    }
    struct expert_daytime copy = expert;
    float most_night = 0, most_day = 0;
    for (int i = 0; i < 24; i++) { /* 30 is usual, but not from 0 to 2 o'clock */
        timestamp night = time + i * HOUR / 12, noon = time + 12 * HOUR + i * HOUR / 12;
        most_night = fmaxf(most_night, expert_daytime_step(&expert, night, 30, 0));
        most_day = fmaxf(most_day, expert_daytime_step(&copy, noon, 30, 0));
    }
    ck_assert(most_night > 4);
    ck_assert(most_day < 2);
}
END_TEST

START_TEST(daytime_knows_where_a_series_rests)
{
    struct expert_daytime expert = {0};
    timestamp time = 10 * DAY;
    for (; time < 12 * DAY; time += HOUR / 12) {
        bool day = day_and_night(time) > 25, first_day = time < 11 * DAY;
        expert_daytime_step(&expert, time, day ? (float)(time / HOUR * 7 % 11) + time % HOUR : 0,
                            0);
        timestamp hour = time % DAY / HOUR;
        if (first_day)
            ck_assert(!expert_daytime_rests(&expert));
        else if (hour >= 7 && hour < 18)
            ck_assert(!expert_daytime_rests(&expert));
        else if (hour < 6 || hour >= 19)
            ck_assert(expert_daytime_rests(&expert));
    }
}
END_TEST

START_TEST(daytime_before_1970)
{
    struct expert_daytime expert = {0};
    for (timestamp time = -5 * DAY; time < -DAY; time += HOUR / 12)
        expert_daytime_step(&expert, time, day_and_night(time + 5 * DAY), 0);
    ck_assert(expert.usual[0] == 20 && expert.usual[48] == 30);
}
END_TEST

/* A pulse of four values in every forty: it is known at any place in the window, and a longer one
 * is not. */
START_TEST(shape_knows_a_pulse_and_not_another)
{
    struct expert_shape expert = {0};
    struct random random;
    float most = 0;
    random_init(&random, 4);
    for (int i = 0; i < 8000; i++) {
        float value = (i % 40 < 4 ? 10 : 0) + 0.3f * (float)random_normal(&random);
        float rarity = expert_shape_step(&expert, value, 1.8f, 0);
        if (i > 4000)
            most = fmaxf(most, rarity);
    }
    ck_assert(most < 2.5);
    ck_assert_uint_ge(expert.known_count, 8);
    ck_assert_uint_lt(expert.known_count, SHAPE_MOST_KNOWN);
    for (int i = 0; i < 40; i++)
        most = fmaxf(most, expert_shape_step(&expert, i < 20 ? 10 : 0, 1.8f, 0));
    ck_assert(most > 3);
}
END_TEST

START_TEST(shape_keeps_the_extremes_of_four)
{
    struct expert_shape expert = {0};
    for (int i = 0; i < 32; i++)
        expert_shape_step(&expert, i == 13 ? 9 : i == 22 ? -9 : 1, 1, 0);
    const float expected[SHAPE_POINTS] = {1, 1, 1, 9, 1, -9, 1, 1};
    for (int i = 0; i < SHAPE_POINTS; i++)
        ck_assert(expert.points[i] == expected[i]);
    ck_assert_uint_eq(expert.known_count, 1);
}
END_TEST

START_TEST(shape_memory_is_bounded)
{
    struct expert_shape expert = {0};
    struct random random;
    random_init(&random, 3);
    for (int i = 0; i < 100000; i++) {
        float rarity = expert_shape_step(&expert, 1e18f * (float)random_uniform(&random), 1, 0);
        ck_assert(isfinite(rarity) && rarity >= 0);
    }
    ck_assert_uint_eq(expert.known_count, SHAPE_MOST_KNOWN);
}
END_TEST

Suite *experts_suite(void)
{
    Suite *suite = suite_create("experts");
    TCase *tcase = tcase_create("experts");
    tcase_add_test(tcase, level_averages_start_as_plain_means);
    tcase_add_test(tcase, level_of_noise_is_usual_and_a_step_is_not);
    tcase_add_test(tcase, what_rounding_makes_is_not_rare);
    tcase_add_test(tcase, daytime_knows_the_hour);
    tcase_add_test(tcase, daytime_knows_where_a_series_rests);
    tcase_add_test(tcase, daytime_before_1970);
    tcase_add_test(tcase, shape_knows_a_pulse_and_not_another);
    tcase_add_test(tcase, shape_keeps_the_extremes_of_four);
    tcase_add_test(tcase, shape_memory_is_bounded);
    suite_add_tcase(suite, tcase);
    return suite;
}
