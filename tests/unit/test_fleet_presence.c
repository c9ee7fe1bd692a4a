#include "unit/fleet_fixture.h"

#include <stdio.h>
#include <string.h>

START_TEST(presence_is_logged_once)
{
    reading(20);
    status(STATUS_ONLINE);
    const struct twin *twin = fleet_twin(fleet, 0);
    ck_assert_int_eq(twin->presence, STATUS_ONLINE);
    ck_assert_int_eq(twin->presence_since, now);
    ck_assert_str_eq(newest(0)->text, "online: status message");
    ck_assert_str_eq(newest(0)->subject, "T1");
    ck_assert_int_eq(outcome_of(OUTCOME_PRESENCE)->status, STATUS_ONLINE);
    ck_assert(!outcome_of(OUTCOME_PRESENCE)->by_cadence);
    status(STATUS_ONLINE);
    ck_assert_uint_eq(out.count, 0);
    status(STATUS_OFFLINE);
    ck_assert_str_eq(newest(0)->text, "offline: last will or status message");
    ck_assert_int_eq(newest(0)->status, STATUS_OFFLINE);
    ck_assert_uint_eq(events_of(EVENT_PRESENCE), 2);
    ck_assert_int_eq(series_state(fleet_series(fleet, 0)), STATE_OFFLINE);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 0);
    status(STATUS_ONLINE);
    ck_assert_int_eq(twin->session_start, now);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 1);
}
END_TEST

START_TEST(an_outage_of_the_source_makes_nobody_late)
{
    learn(); /* every two seconds */
    timestamp gone = now;
    fleet_resume(fleet, gone, gone + 600 * SECOND);
    tick_at(gone + 601 * SECOND);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 0);
    ck_assert_int_eq(cadence_period(&fleet_series(fleet, 0)->cadence), 2 * SECOND);
    tick_at(gone + 610 * SECOND);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 1);
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "late by"));
}
END_TEST

START_TEST(presence_of_an_unheard_twin)
{
    status(STATUS_OFFLINE);
    ck_assert_uint_eq(fleet_twin_count(fleet), 1);
    ck_assert_uint_eq(fleet_twin(fleet, 0)->series_count, 0);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 0);
}
END_TEST

START_TEST(retained_presence_is_told_but_not_logged)
{
    build_presence(&batch, STATUS, "T1", STATUS_ONLINE, now);
    batch.messages[0].retain = true;
    ingest();
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 1);
    ck_assert_uint_eq(fleet_journal(fleet)->count, 0);
    ck_assert_int_eq(fleet_twin(fleet, 0)->presence, STATUS_ONLINE);
    build_presence(&batch, STATUS, "T1", STATUS_OFFLINE, now);
    batch.messages[0].retain = true;
    ingest();
    ck_assert_uint_eq(events_of(EVENT_PRESENCE), 1); /* it went while we were away */
}
END_TEST

START_TEST(a_live_reading_ends_offline)
{
    learn();
    status(STATUS_OFFLINE);
    reading(20);
    const struct twin *twin = fleet_twin(fleet, 0);
    ck_assert_int_eq(twin->presence, STATUS_UNKNOWN);
    ck_assert_int_eq(twin->session_start, now);
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 1);
    ck_assert_int_eq(outcome_of(OUTCOME_PRESENCE)->status, STATUS_ONLINE);
    ck_assert(outcome_of(OUTCOME_PRESENCE)->by_cadence);
    ck_assert_int_eq(newest(0)->type, EVENT_PRESENCE);
    ck_assert_int_eq(newest(0)->status, STATUS_ONLINE);
    ck_assert_str_eq(newest(0)->text, "online: sends readings again");
    ck_assert_int_eq(series_state(fleet_series(fleet, 0)), STATE_OK);
    reading(20);
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 0);
    status(STATUS_OFFLINE);
    now += SECOND;
    build_retained(&batch, TOPIC, "T1", "temperature", "Celsius", 20.5, now);
    ingest();
    ck_assert_int_eq(twin->presence, STATUS_OFFLINE);
}
END_TEST

/* Lost, then told offline by its last will, then back: one line says online. */
START_TEST(offline_after_lost_ends_once)
{
    learn();
    now += 60 * SECOND;
    tick_at(now);
    status(STATUS_OFFLINE);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 0);
    reading(20);
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 1);
    ck_assert_int_eq(outcome_of(OUTCOME_PRESENCE)->status, STATUS_ONLINE);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 1);
}
END_TEST

static void as_published(uint32_t session, double value)
{
    now += SECOND;
    build_retained(&batch, TOPIC, "T1", "temperature", "Celsius", value, now);
    batch.messages[batch.message_count - 1].session = session;
    ingest();
}

/* The flag comes with live messages too: only the first on a topic in a session can be old. */
START_TEST(flag_as_published_counts_once_a_session)
{
    as_published(1, 20);
    const struct series *series = fleet_series(fleet, 0);
    ck_assert(series->retained && series->cadence.last == TIMESTAMP_NONE);
    as_published(1, 20);
    ck_assert(!series->retained && series->cadence.last == now);
    ck_assert(!series->twin->last_retain);
    as_published(1, 21);
    ck_assert(!series->retained);
    as_published(2, 22);
    ck_assert(series->retained);
    as_published(2, 22);
    ck_assert(!series->retained);
}
END_TEST

/* A topic that began live can have nothing old in the same session. */
START_TEST(flag_as_published_after_a_live_message_is_live)
{
    build_reading(&batch, TOPIC, "T1", "temperature", "Celsius", 20, now);
    batch.messages[0].session = 1;
    ingest();
    as_published(1, 20.5);
    ck_assert(!fleet_series(fleet, 0)->retained);
    ck_assert_int_eq(fleet_series(fleet, 0)->cadence.last, now);
}
END_TEST

START_TEST(retained_readings_have_no_age)
{
    build_retained(&batch, TOPIC, "T1", "temperature", "Celsius", 20, now);
    ingest();
    const struct series *series = fleet_series(fleet, 0);
    ck_assert(series->retained && series->cadence.last == TIMESTAMP_NONE);
    ck_assert_uint_eq(series->window.count, 1);
    build_retained(&batch, TOPIC, "T1", "temperature", "Celsius", 20, now + SECOND);
    ingest(); /* handed out again at a reconnect */
    ck_assert_uint_eq(outcomes_of(OUTCOME_READING), 1);
    ck_assert(series->count == 2 && series->window.count == 1 && series->history.count == 1);
    learn();
    ck_assert(!series->retained);
    double last = series->value;
    build_retained(&batch, TOPIC, "T1", "temperature", "Celsius", last, now);
    ingest();
    ck_assert(!series->retained && outcome_of(OUTCOME_READING)->verdict.learning);
    tick_at(now + 3600 * SECOND);
    ck_assert_int_eq(series->beat, BEAT_LOST);
}
END_TEST

START_TEST(silence_is_late_then_lost_then_back)
{
    learn();
    timestamp last = now;
    tick_at(last + 6 * SECOND);
    ck_assert_uint_eq(fleet_journal(fleet)->count, 0);
    tick_at(last + 7 * SECOND);
    ck_assert_str_eq(newest(0)->text, "late by 4.0 s, learned period 2.0 s");
    ck_assert_int_eq(newest(0)->type, EVENT_CADENCE);
    ck_assert_int_eq(newest(0)->time, last + 6 * SECOND + 1);
    ck_assert_uint_eq(out.count, 0);
    ck_assert_int_eq(series_state(fleet_series(fleet, 0)), STATE_LATE);
    tick_at(last + 31 * SECOND);
    ck_assert_str_eq(newest(0)->text, "lost: silent for 30 s, learned period 2.0 s");
    ck_assert_int_eq(outcome_of(OUTCOME_PRESENCE)->status, STATUS_OFFLINE);
    ck_assert(outcome_of(OUTCOME_PRESENCE)->by_cadence);
    ck_assert_int_eq(outcome_of(OUTCOME_PRESENCE)->time, last + 30 * SECOND + 1);
    ck_assert_int_eq(series_state(fleet_series(fleet, 0)), STATE_LOST);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 0);
    tick_at(last + 60 * SECOND);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 2);
    now = last + 128 * SECOND;
    reading(20);
    ck_assert_str_eq(newest(0)->text, "back after 2m10");
    ck_assert_int_eq(out.list[0].type, OUTCOME_PRESENCE);
    ck_assert_int_eq(out.list[0].status, STATUS_ONLINE);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 1);
    ck_assert_int_eq(series_state(fleet_series(fleet, 0)), STATE_OK);
}
END_TEST

/* A replay may bring a whole day in one batch: silence is judged at its own time all the same. */
START_TEST(silence_inside_a_batch)
{
    learn();
    timestamp last = now;
    build_reading(&batch, TOPIC, "T1", "temperature", "", 20, last + 600 * SECOND);
    ingest();
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 3);
    ck_assert_int_eq(newest(2)->time, last + 6 * SECOND + 1);
    ck_assert_int_eq(newest(1)->time, last + 30 * SECOND + 1);
    ck_assert_str_eq(newest(0)->text, "back after 10m");
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 2);
}
END_TEST

START_TEST(a_twin_is_silent_when_all_its_series_are)
{
    for (int i = 0; i < 10; i++) {
        now += 2 * SECOND;
        build_reading(&batch, "a", "T1", "a", "", 1, now);
        build_reading(&batch, "b", "T1", "b", "", 1, now);
    }
    ingest();
    for (int i = 0; i < 30; i++) {
        now += 2 * SECOND;
        build_reading(&batch, "b", "T1", "b", "", 1, now);
    }
    ingest();
    ck_assert_int_eq(fleet_series(fleet, 0)->beat, BEAT_LOST);
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 0);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 1);
    tick_at(now + 60 * SECOND);
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 1);
    ck_assert_uint_eq(fleet_totals(fleet)->online, 0);
}
END_TEST

START_TEST(a_sensor_that_said_goodbye_is_not_late)
{
    learn();
    status(STATUS_OFFLINE);
    tick_at(now + 3600 * SECOND);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 0);
    now += 3600 * SECOND;
    status(STATUS_ONLINE);
    reading(20);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 0);
    tick_at(now + 7 * SECOND);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 1);
}
END_TEST

START_TEST(a_crowd_that_falls_silent_gets_one_line)
{
    for (int i = 0; i < 10 * 500; i++) {
        char name[16];
        snprintf(name, sizeof name, "S%d", i % 500);
        now += 4000;
        build_reading(&batch, name, name, "x", "", i, now);
    }
    ingest();
    tick_at(now + 3600 * SECOND);
    ck_assert_uint_lt(events_of(EVENT_CADENCE), 50);
    ck_assert_uint_eq(outcomes_of(OUTCOME_PRESENCE), 500);
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "more are lost"));
    for (size_t i = 1; i < out.count; i++)
        ck_assert_int_ge(out.list[i].time, out.list[i - 1].time);
}
END_TEST

TCase *fleet_presence_case(void)
{
    TCase *tests = fleet_case("presence");
    tcase_add_test(tests, presence_is_logged_once);
    tcase_add_test(tests, an_outage_of_the_source_makes_nobody_late);
    tcase_add_test(tests, presence_of_an_unheard_twin);
    tcase_add_test(tests, retained_presence_is_told_but_not_logged);
    tcase_add_test(tests, a_live_reading_ends_offline);
    tcase_add_test(tests, offline_after_lost_ends_once);
    tcase_add_test(tests, flag_as_published_counts_once_a_session);
    tcase_add_test(tests, flag_as_published_after_a_live_message_is_live);
    tcase_add_test(tests, retained_readings_have_no_age);
    tcase_add_test(tests, silence_is_late_then_lost_then_back);
    tcase_add_test(tests, silence_inside_a_batch);
    tcase_add_test(tests, a_twin_is_silent_when_all_its_series_are);
    tcase_add_test(tests, a_sensor_that_said_goodbye_is_not_late);
    tcase_add_test(tests, a_crowd_that_falls_silent_gets_one_line);
    return tests;
}
