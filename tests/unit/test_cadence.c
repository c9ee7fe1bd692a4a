#include "unit/suites.h"

#include "core/cadence.h"

#define SECOND TIMESTAMP_SECOND

static struct cadence cadence;
static timestamp now;

static void start(void)
{
    cadence_init(&cadence);
    now = 1700000000 * SECOND;
}

static void beat_after(timestamp interval)
{
    now += interval;
    cadence_beat(&cadence, now);
}

static void beats(int count, timestamp interval)
{
    for (int i = 0; i < count; i++)
        beat_after(interval);
}

START_TEST(unknown_below_five_intervals)
{
    ck_assert_int_eq(cadence_judge(&cadence, now), BEAT_UNKNOWN);
    beats(5, 2 * SECOND);
    ck_assert_int_eq(cadence_period(&cadence), 0);
    ck_assert_int_eq(cadence_judge(&cadence, now + 3600 * SECOND), BEAT_UNKNOWN);
    beat_after(2 * SECOND);
    ck_assert_int_eq(cadence_period(&cadence), 2 * SECOND);
    ck_assert_int_eq(cadence_judge(&cadence, now), BEAT_LIVE);
}
END_TEST

START_TEST(median_shrugs_off_gaps_and_bursts)
{
    beats(20, 5 * SECOND);
    beat_after(500 * SECOND);
    beats(3, SECOND / 100);
    beats(3, 5 * SECOND);
    ck_assert_int_eq(cadence_period(&cadence), 5 * SECOND);
}
END_TEST

START_TEST(median_follows_a_change)
{
    beats(40, 5 * SECOND);
    beats(7, SECOND);
    ck_assert_int_eq(cadence_period(&cadence), 5 * SECOND);
    beats(1, SECOND);
    ck_assert_int_eq(cadence_period(&cadence), SECOND);
}
END_TEST

START_TEST(late_then_lost)
{
    beats(20, 5 * SECOND);
    ck_assert_int_eq(cadence_judge(&cadence, now + 15 * SECOND), BEAT_LIVE);
    ck_assert_int_eq(cadence_judge(&cadence, now + 15 * SECOND + 1), BEAT_LATE);
    ck_assert_int_eq(cadence_judge(&cadence, now + 50 * SECOND), BEAT_LATE);
    ck_assert_int_eq(cadence_judge(&cadence, now + 50 * SECOND + 1), BEAT_LOST);
}
END_TEST

START_TEST(quick_sensors_have_a_least)
{
    beats(20, SECOND / 20);
    ck_assert_int_eq(cadence_judge(&cadence, now + SECOND), BEAT_LIVE);
    ck_assert_int_eq(cadence_judge(&cadence, now + SECOND + 1), BEAT_LATE);
    ck_assert_int_eq(cadence_judge(&cadence, now + 30 * SECOND), BEAT_LATE);
    ck_assert_int_eq(cadence_judge(&cadence, now + 30 * SECOND + 1), BEAT_LOST);
}
END_TEST

/* A door that speaks when it moves is not late because it moved twice in a row. */
START_TEST(usual_gaps_are_not_late)
{
    for (int i = 0; i < 10; i++) {
        beats(3, SECOND);
        beat_after(20 * SECOND);
    }
    beats(3, SECOND);
    ck_assert_int_eq(cadence_period(&cadence), SECOND);
    ck_assert_int_eq(cadence_judge(&cadence, now + 15 * SECOND), BEAT_LIVE);
    beats(60, SECOND); /* the gap is forgotten */
    ck_assert_int_eq(cadence_judge(&cadence, now + 4 * SECOND), BEAT_LATE);
}
END_TEST

START_TEST(a_night_off_does_not_excuse_the_next)
{
    beats(20, 2 * SECOND);
    beat_after(8 * 3600 * SECOND);
    beats(2, 2 * SECOND);
    ck_assert_int_eq(cadence_judge(&cadence, now + 31 * SECOND), BEAT_LOST);
}
END_TEST

START_TEST(clock_set_back)
{
    beats(20, 2 * SECOND);
    now -= 3600 * SECOND;
    cadence_beat(&cadence, now);
    ck_assert_int_eq(cadence_period(&cadence), 2 * SECOND);
    ck_assert_int_eq(cadence_judge(&cadence, now - 100 * SECOND), BEAT_LIVE);
    beat_after(2 * SECOND);
    ck_assert_int_eq(cadence_judge(&cadence, now + SECOND), BEAT_LIVE);
}
END_TEST

START_TEST(rest_teaches_nothing)
{
    beats(20, 2 * SECOND);
    cadence_rest(&cadence);
    ck_assert_int_eq(cadence_judge(&cadence, now + 3600 * SECOND), BEAT_UNKNOWN);
    beat_after(3600 * SECOND);
    ck_assert_int_eq(cadence_judge(&cadence, now + SECOND), BEAT_LIVE);
    ck_assert_int_eq(cadence_judge(&cadence, now + 7 * SECOND), BEAT_LATE);
}
END_TEST

START_TEST(simultaneous_beats)
{
    beats(20, 0);
    ck_assert_int_gt(cadence_period(&cadence), 0);
    ck_assert_int_eq(cadence_judge(&cadence, now), BEAT_LIVE);
    ck_assert_int_eq(cadence_judge(&cadence, now + 2 * SECOND), BEAT_LATE);
}
END_TEST

START_TEST(too_fast_after_five_usual_periods)
{
    beats(30, 2 * SECOND);
    ck_assert_int_eq(cadence_usual(&cadence), 2 * SECOND);
    beats(40, SECOND / 5); /* 8 s: the median is short from the 8th on */
    ck_assert_int_eq(cadence.pace, PACE_USUAL);
    beats(20, SECOND / 5);
    ck_assert_int_eq(cadence.pace, PACE_FAST);
    ck_assert_int_eq(cadence_period(&cadence), SECOND / 5);
    ck_assert_int_eq(cadence_usual(&cadence), 2 * SECOND);
    beats(8, 2 * SECOND);
    ck_assert_int_eq(cadence.pace, PACE_USUAL);
}
END_TEST

START_TEST(a_lasting_pace_becomes_the_usual_one)
{
    beats(30, 2 * SECOND);
    beats(350, SECOND / 5); /* 70 s */
    ck_assert_int_eq(cadence.pace, PACE_USUAL);
    ck_assert_int_eq(cadence_usual(&cadence), SECOND / 5);
}
END_TEST

START_TEST(bursts_are_not_too_fast)
{
    beats(30, 2 * SECOND);
    for (int i = 0; i < 20; i++) {
        beats(20, 2 * SECOND);
        beats(30, SECOND / 50);
        ck_assert_int_eq(cadence.pace, PACE_USUAL);
    }
    beat_after(3600 * SECOND); /* an outage, and then all that was kept meanwhile */
    beats(1800, SECOND / 1000);
    ck_assert_int_eq(cadence.pace, PACE_USUAL);
    ck_assert_int_eq(cadence_usual(&cadence), 2 * SECOND);
}
END_TEST

/* Noise of the arrivals, and twice as fast: neither is too fast. */
START_TEST(jitter_is_not_too_fast)
{
    for (int i = 0; i < 500; i++) {
        beat_after(SECOND / 2 + i * 7919 % 1000 * (SECOND / 1000));
        ck_assert_int_eq(cadence.pace, PACE_USUAL);
    }
    for (int i = 0; i < 100; i++) {
        beat_after(SECOND / 2);
        ck_assert_int_eq(cadence.pace, PACE_USUAL);
    }
}
END_TEST

Suite *cadence_suite(void)
{
    Suite *suite = suite_create("cadence");
    TCase *tests = tcase_create("cadence");
    tcase_add_checked_fixture(tests, start, NULL);
    tcase_add_test(tests, unknown_below_five_intervals);
    tcase_add_test(tests, median_shrugs_off_gaps_and_bursts);
    tcase_add_test(tests, median_follows_a_change);
    tcase_add_test(tests, late_then_lost);
    tcase_add_test(tests, quick_sensors_have_a_least);
    tcase_add_test(tests, usual_gaps_are_not_late);
    tcase_add_test(tests, a_night_off_does_not_excuse_the_next);
    tcase_add_test(tests, clock_set_back);
    tcase_add_test(tests, rest_teaches_nothing);
    tcase_add_test(tests, simultaneous_beats);
    tcase_add_test(tests, too_fast_after_five_usual_periods);
    tcase_add_test(tests, a_lasting_pace_becomes_the_usual_one);
    tcase_add_test(tests, bursts_are_not_too_fast);
    tcase_add_test(tests, jitter_is_not_too_fast);
    suite_add_tcase(suite, tests);
    return suite;
}
