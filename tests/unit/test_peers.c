#include "unit/suites.h"

#include "core/peers.h"
#include "core/random.h"

#include <math.h>

#define MOST 40

static struct peers peers;
static struct standing standings[MOST];
static struct departure departures[MOST];
static double places[MOST];
static struct random noise;

static void start(void)
{
    peers = (struct peers){.list = NULL};
    random_init(&noise, 5);
}

static void stop(void)
{
    peers_fini(&peers);
}

static void members(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        peers_add(&peers, 100 + i);
        places[i] = 20 + 0.5 * i;
    }
}

/* Each stands at its place, give or take a little. */
static size_t check(void)
{
    for (uint32_t i = 0; i < peers.count; i++)
        standings[i] = (struct standing){places[i] + 0.1 * random_normal(&noise), 0.05};
    return peers_check(&peers, standings, departures);
}

static size_t checks(int count)
{
    size_t told = 0;
    for (int i = 0; i < count; i++)
        told += check();
    return told;
}

/* Values of tables: two-sided 5 %, 1 % and 0.1 %. */
START_TEST(students_law)
{
    static const struct {
        double t;
        unsigned freedom;
        double beyond;
    } rows[] = {{12.706, 1, .05}, {4.303, 2, .05},   {5.841, 3, .01},   {8.610, 4, .001},
                {2.228, 10, .05}, {3.850, 20, .001}, {3.310, 500, .001}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_double_eq_tol(student_beyond(rows[i].t, rows[i].freedom), rows[i].beyond,
                                rows[i].beyond * .01 + (rows[i].freedom > 200) * 7e-5);
    ck_assert_double_eq_tol(student_beyond(0, 7), 1, 1e-12);
}
END_TEST

START_TEST(a_drift_is_told_once_until_it_is_back)
{
    members(8);
    ck_assert_uint_eq(checks(60), 0);
    double from = places[2];
    size_t told = 0;
    while (told == 0 && places[2] < from + 10) {
        places[2] += 0.02;
        told += check();
    }
    ck_assert_uint_eq(told, 1);
    ck_assert_uint_eq(departures[0].member, 2);
    ck_assert_double_gt(departures[0].z, 5);
    ck_assert_double_lt(places[2], from + 3);
    ck_assert_double_eq_tol(departures[0].usual, -.6, .25);
    ck_assert_double_eq_tol(departures[0].distance, places[2] - peers.median, .5);
    places[2] += 1;
    ck_assert_uint_eq(checks(100), 0);
    places[2] = from;
    ck_assert_uint_eq(checks(20), 0);
    ck_assert(!peers.list[2].apart);
    places[2] = from - 4;
    ck_assert_uint_eq(checks(20), 1);
}
END_TEST

START_TEST(where_one_always_stood_is_no_drift)
{
    members(8);
    places[5] = -18;
    ck_assert_uint_eq(checks(500), 0);
    places[5] = -14;
    ck_assert_uint_eq(checks(10), 1);
}
END_TEST

START_TEST(what_all_do_is_no_drift)
{
    members(8);
    ck_assert_uint_eq(checks(30), 0);
    for (int i = 0; i < 200; i++) {
        for (uint32_t k = 0; k < 8; k++)
            places[k] += 0.1;
        ck_assert_uint_eq(check(), 0);
    }
}
END_TEST

START_TEST(few_or_silent_ones_are_not_judged)
{
    members(5);
    checks(60);
    for (int i = 0; i < 50; i++) {
        for (uint32_t k = 0; k < 5; k++)
            standings[k] = (struct standing){k == 4 ? NAN : k == 3 ? 1000 : 20, 0.1};
        ck_assert_uint_eq(peers_check(&peers, standings, departures), 0);
    }
    ck_assert_uint_eq(peers.standing, 4);
}
END_TEST

/* Without spread: the noise of the levels is what a change is measured by, else nothing is. */
START_TEST(constant_series)
{
    members(6);
    for (int i = 0; i < 100; i++) {
        for (uint32_t k = 0; k < 6; k++)
            standings[k] = (struct standing){7, 0};
        ck_assert_uint_eq(peers_check(&peers, standings, departures), 0);
    }
    ck_assert_double_eq(peers.median, 7);
}
END_TEST

/* Independent groups of every size, each a day long: who stays within its noise is not told. */
START_TEST(noise_alone_tells_hardly_anything)
{
    size_t told = 0;
    for (uint32_t size = 5; size <= MOST; size += 5) {
        members(size);
        told += checks(1440);
        peers_fini(&peers);
    }
    ck_assert_uint_le(told, 2);
}
END_TEST

START_TEST(one_leaves)
{
    members(7);
    peers_remove(&peers, 1);
    ck_assert_uint_eq(peers.count, 6);
    ck_assert_uint_eq(peers.list[1].series, 106);
}
END_TEST

Suite *peers_suite(void)
{
    Suite *suite = suite_create("peers");
    TCase *tests = tcase_create("peers");
    tcase_add_checked_fixture(tests, start, stop);
    tcase_add_test(tests, students_law);
    tcase_add_test(tests, a_drift_is_told_once_until_it_is_back);
    tcase_add_test(tests, where_one_always_stood_is_no_drift);
    tcase_add_test(tests, what_all_do_is_no_drift);
    tcase_add_test(tests, few_or_silent_ones_are_not_judged);
    tcase_add_test(tests, constant_series);
    tcase_add_test(tests, noise_alone_tells_hardly_anything);
    tcase_add_test(tests, one_leaves);
    suite_add_tcase(suite, tests);
    return suite;
}
