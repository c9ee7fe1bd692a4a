#include "unit/fleet_fixture.h"

#include <stdio.h>
#include <string.h>

#define HOUR (3600 * SECOND)

/* A reading of T1 that says when it was taken, so long after the last one arrived. */
static void timed(timestamp interval, timestamp time)
{
    now += interval;
    build_message(&batch, TOPIC, now);
    build_value(&batch, "T1", "temperature", "value", 20 + (double)(now / SECOND % 3), time);
    ingest();
}

static void timed_by(int count, timestamp interval, timestamp clock_ahead)
{
    for (int i = 0; i < count; i++)
        timed(interval, now + interval + clock_ahead);
}

/* Whatever the sensor's clock says, order and freshness are those of the arrivals. */
static void check_order(void)
{
    const struct series *series = fleet_series(fleet, 0);
    ck_assert_int_eq(series->arrival, now);
    ck_assert_int_eq(series->beat, BEAT_LIVE);
    ck_assert_int_eq(cadence_period(&series->cadence), 2 * SECOND);
    const struct history *history = &series->history;
    for (uint32_t i = 1; i < history->count; i++)
        ck_assert_int_eq(history_at(history, i)->time - history_at(history, i - 1)->time,
                         2 * SECOND);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 0);
}

START_TEST(too_fast_is_told_once_an_episode)
{
    for (int i = 0; i < 30; i++)
        reading(20 + i % 3);
    for (int i = 0; i < 100; i++) {
        now -= 2 * SECOND - SECOND / 5;
        reading(20 + i % 3);
    }
    ck_assert_uint_eq(events_of(EVENT_NOTE), 1);
    ck_assert_str_eq(newest(0)->text, "too fast: one every 0.20 s, usually every 2.0 s");
    ck_assert_str_eq(newest(0)->subject, "T1/temperature");
    for (int i = 0; i < 30; i++)
        reading(20 + i % 3);
    for (int i = 0; i < 100; i++) {
        now -= 2 * SECOND - SECOND / 5;
        reading(20 + i % 3);
    }
    ck_assert_uint_eq(events_of(EVENT_NOTE), 2);
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "2 times so far"));
}
END_TEST

START_TEST(lag_is_the_median)
{
    timestamp lag;
    reading(20); /* has no time of its own */
    ck_assert(!lag_median(&fleet_series(fleet, 0)->lag, &lag));
    timed_by(10, 2 * SECOND, -3 * SECOND / 10);
    timed(2 * SECOND, now - HOUR); /* one that got stuck somewhere */
    ck_assert(lag_median(&fleet_series(fleet, 0)->lag, &lag));
    ck_assert_int_eq((lag + 500) / 1000, 300);
}
END_TEST

START_TEST(a_clock_that_is_right_is_not_told)
{
    for (int i = 0; i < 100; i++) /* whole seconds only */
        timed(2 * SECOND, (now + 2 * SECOND) / SECOND * SECOND);
    timed_by(100, 2 * SECOND, -SECOND);
    timed_by(100, 2 * SECOND, SECOND);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 0);
    ck_assert(!fleet_twin(fleet, 0)->clock_off);
    check_order();
}
END_TEST

START_TEST(a_clock_ahead_is_told_once)
{
    timed_by(9, 2 * SECOND, 2 * HOUR);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 1);
    timed_by(100, 2 * SECOND, 2 * HOUR);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 1);
    ck_assert_str_eq(newest(0)->text, "its clock is 2h00 ahead");
    ck_assert_str_eq(newest(0)->subject, "T1");
    check_order();
    ck_assert_int_eq(fleet_series(fleet, 0)->time, now + 2 * HOUR); /* as it said */
}
END_TEST

START_TEST(a_clock_behind_is_told_once)
{
    timed_by(100, 2 * SECOND, -20 * 365 * 24 * HOUR);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 1);
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "its clock is 7300d"));
    ck_assert_ptr_nonnull(strstr(newest(0)->text, " behind, or its readings come late"));
    check_order();
}
END_TEST

START_TEST(a_clock_off_by_little_more_than_the_period)
{
    timed_by(30, 2 * SECOND, 5 * SECOND / 2);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 1);
    ck_assert_str_eq(newest(0)->text, "its clock is 2.5 s ahead");
}
END_TEST

START_TEST(a_clock_that_steps)
{
    timed_by(40, 2 * SECOND, -SECOND / 10);
    timed_by(40, 2 * SECOND, HOUR);
    timed_by(40, 2 * SECOND, -SECOND / 10); /* somebody set it */
    ck_assert_uint_eq(events_of(EVENT_NOTE), 1);
    ck_assert(!fleet_twin(fleet, 0)->clock_off);
    for (int i = 0; i < 8; i++)
        timed_by(40, 2 * SECOND, i % 2 ? -SECOND / 10 : -HOUR);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 3); /* the 2nd and the 4th time */
    check_order();
}
END_TEST

START_TEST(duplicate_and_unordered_times)
{
    timestamp stands = now;
    for (int i = 0; i < 10; i++)
        timed(2 * SECOND, stands);
    for (int i = 0; i < 40; i++)
        timed(2 * SECOND, now + 2 * SECOND + (i % 2 ? -SECOND : SECOND) * (i % 5));
    check_order();
    ck_assert_uint_eq(fleet_series(fleet, 0)->count, 50);
    ck_assert_uint_eq(fleet_series(fleet, 0)->window.count, 50);
}
END_TEST

/* After an outage a sensor sends all that it kept: those are late, but its clock is right. */
START_TEST(a_backlog_is_no_wrong_clock)
{
    timed_by(40, 2 * SECOND, -SECOND / 10);
    timestamp gone = now;
    now += 2 * HOUR;
    for (int i = 0; i < 3600; i++)
        timed(SECOND / 1000, gone + i * 2 * SECOND);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 0);
}
END_TEST

START_TEST(many_wrong_clocks_get_one_line)
{
    for (int i = 0; i < 30; i++, now += 2 * SECOND)
        for (int k = 0; k < 100; k++) {
            char name[16];
            snprintf(name, sizeof name, "S%d", k);
            build_message(&batch, name, now);
            build_value(&batch, name, "x", "value", i % 3, now + HOUR);
        }
    ingest();
    tick_at(now + SECOND);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 20);
    ck_assert_str_eq(newest(0)->text,
                     "80 more are off with their clocks: is this machine's right?");
}
END_TEST

TCase *fleet_timing_case(void)
{
    TCase *tests = fleet_case("timing");
    tcase_add_test(tests, too_fast_is_told_once_an_episode);
    tcase_add_test(tests, lag_is_the_median);
    tcase_add_test(tests, a_clock_that_is_right_is_not_told);
    tcase_add_test(tests, a_clock_ahead_is_told_once);
    tcase_add_test(tests, a_clock_behind_is_told_once);
    tcase_add_test(tests, a_clock_off_by_little_more_than_the_period);
    tcase_add_test(tests, a_clock_that_steps);
    tcase_add_test(tests, duplicate_and_unordered_times);
    tcase_add_test(tests, a_backlog_is_no_wrong_clock);
    tcase_add_test(tests, many_wrong_clocks_get_one_line);
    return tests;
}
