#include "unit/fleet_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define KNOWN 60 /* readings: then the detector knows what silence is usual */

/* Late after 6 s, silent after 16, lost after 30. */
static void know(void)
{
    fleet_with((struct fleet_options){.detector = &detector_auto});
    for (int i = 0; i < KNOWN; i++)
        reading(20 + 0.1 * (i * i % 7));
}

static enum state state_now(void)
{
    return series_state(fleet_series(fleet, 0));
}

START_TEST(silence_is_an_anomaly_once)
{
    know();
    timestamp last = now, silent = last + 16 * SECOND + 1;
    struct verdict verdict = fleet_series(fleet, 0)->verdict;
    tick_at(silent - 1);
    ck_assert_uint_eq(out.count, 0);
    ck_assert_int_eq(state_now(), STATE_LATE);
    tick_at(silent + SECOND);
    const struct outcome *outcome = outcome_of(OUTCOME_ANOMALY);
    ck_assert_int_eq(outcome->verdict.kind, ANOMALY_SILENT);
    ck_assert_int_eq(outcome->time, silent);
    ck_assert(isnan(outcome->verdict.low) && isnan(outcome->verdict.z));
    ck_assert_int_eq(fleet_series(fleet, 0)->last_anomaly, silent);
    ck_assert_int_eq(state_now(), STATE_LATE);
    ck_assert(fleet_series(fleet, 0)->verdict.z == verdict.z);
    ck_assert_int_eq(newest(0)->type, EVENT_ANOMALY);
    ck_assert_int_eq(newest(0)->time, silent);
    tick_at(last + 600 * SECOND);
    ck_assert_int_eq(state_now(), STATE_LOST);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 0);
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 1);
    ck_assert_int_eq(newest(0)->type, EVENT_ANOMALY); /* that it is lost is no news */
    ck_assert_uint_eq(fleet_totals(fleet)->anomalies, 1);
}
END_TEST

START_TEST(a_long_silence_in_one_step_reads_the_same)
{
    know();
    timestamp last = now;
    now += 600 * SECOND;
    reading(20);
    ck_assert_int_eq(out.list[0].type, OUTCOME_ANOMALY);
    ck_assert_int_eq(out.list[0].time, last + 16 * SECOND + 1);
    ck_assert_int_eq(out.list[1].type, OUTCOME_PRESENCE);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
    ck_assert_uint_eq(fleet_journal(fleet)->count, 3);
    ck_assert(strncmp(newest(2)->text, "late by", 7) == 0);
    ck_assert_int_eq(newest(1)->kind, ANOMALY_SILENT);
    ck_assert(strncmp(newest(0)->text, "back after", 10) == 0);
}
END_TEST

START_TEST(the_next_silence_is_another_anomaly)
{
    know();
    tick_at(now + 60 * SECOND);
    now += 60 * SECOND;
    for (int i = 0; i < 30; i++)
        reading(20 + 0.1 * (i * i % 7));
    tick_at(now + 3600 * SECOND);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
    ck_assert_uint_eq(events_of(EVENT_ANOMALY), 2);
}
END_TEST

/* How long after now the detector finds silence anomalous, in milliseconds. */
static int64_t patience(void)
{
    return (detector_auto.due(fleet_series(fleet, 0)->detector) - now + 500) / 1000;
}

START_TEST(a_sensor_at_rest_is_not_silent)
{
    know();
    int64_t before = patience();
    status(STATUS_OFFLINE);
    tick_at(now + 3600 * SECOND);
    ck_assert_uint_eq(out.count, 0);
    now += 3600 * SECOND;
    reading(20);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 0);
    ck_assert_int_eq(patience(), before);
    tick_at(now + 17 * SECOND);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
}
END_TEST

START_TEST(an_outage_of_the_source_is_no_silence)
{
    know();
    int64_t before = patience();
    fleet_resume(fleet, now + SECOND, now + 3601 * SECOND);
    now += 3600 * SECOND;
    reading(20);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 0);
    ck_assert_int_eq(patience(), before);
    fleet_resume(fleet, now + SECOND, now + 3601 * SECOND);
    tick_at(now + 3600 * SECOND + 15 * SECOND);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 0);
    tick_at(now + 3600 * SECOND + 17 * SECOND);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
}
END_TEST

START_TEST(a_clock_set_back_moves_the_timer)
{
    know();
    tick_at(now + SECOND);
    now -= 7200 * SECOND;
    tick_at(now + SECOND);
    tick_at(now + 16 * SECOND);
    ck_assert_uint_eq(out.count, 0);
    tick_at(now + 17 * SECOND);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
    reading(20);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 0);
    ck_assert_int_lt(patience(), 60000);
}
END_TEST

/* Many readings a second are silent by their own measure long before anybody calls them late. */
START_TEST(silence_is_no_anomaly_before_it_is_late)
{
    fleet_with((struct fleet_options){.detector = &detector_auto});
    for (int i = 0; i < KNOWN; i++) {
        now += SECOND / 100;
        build_reading(&batch, TOPIC, "T1", "temperature", "Celsius", 20 + 0.1 * (i * i % 7), now);
        ingest();
    }
    ck_assert_int_lt(patience(), 500);
    tick_at(now + SECOND);
    ck_assert_uint_eq(out.count, 0);
    tick_at(now + 2 * SECOND);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->time, now + SECOND + 1);
    ck_assert_str_eq(outcome_of(OUTCOME_ANOMALY)->verdict.reason, "silent for 1 s, usual 10 ms");
    ck_assert_int_eq(state_now(), STATE_LATE);
}
END_TEST

START_TEST(a_crowd_of_anomalies_gets_one_line)
{
    fleet_with((struct fleet_options){.detector = &detector_auto});
    for (int i = 0; i < KNOWN * 100; i++) {
        char name[16];
        snprintf(name, sizeof name, "S%d", i % 100);
        now += 20000;
        build_reading(&batch, name, name, "x", "", i * i % 7, now);
    }
    ingest();
    tick_at(now + 20 * SECOND);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 100);
    ck_assert_uint_eq(events_of(EVENT_INCIDENT), 1);
    ck_assert_uint_lt(fleet_journal(fleet)->count, 32);
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "more are silent"));
    for (size_t i = 1; i < out.count; i++)
        ck_assert_int_ge(out.list[i].time, out.list[i - 1].time);
}
END_TEST

TCase *fleet_silence_case(void)
{
    TCase *tests = fleet_case("silence");
    tcase_add_test(tests, silence_is_an_anomaly_once);
    tcase_add_test(tests, a_long_silence_in_one_step_reads_the_same);
    tcase_add_test(tests, the_next_silence_is_another_anomaly);
    tcase_add_test(tests, a_sensor_at_rest_is_not_silent);
    tcase_add_test(tests, an_outage_of_the_source_is_no_silence);
    tcase_add_test(tests, a_clock_set_back_moves_the_timer);
    tcase_add_test(tests, silence_is_no_anomaly_before_it_is_late);
    tcase_add_test(tests, a_crowd_of_anomalies_gets_one_line);
    return tests;
}
