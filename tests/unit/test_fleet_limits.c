#include "unit/fleet_fixture.h"
#include "unit/suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MINUTE (60 * SECOND)

static struct limit_rules rules;

/* A fleet under the rules that one section makes. */
static void ruled(const char *pattern, const char *key, const char *value)
{
    char error[160];
    ck_assert_msg(limit_rule_set(limit_rules_get(&rules, pattern), key, value, error, sizeof error),
                  "%s", error);
    fleet_with((struct fleet_options){.limits = &rules});
}

static void fini(void)
{
    limit_rules_fini(&rules);
}

static const struct series *first(void)
{
    return fleet_series(fleet, 0);
}

static void command(const char *topic, const char *sensor, double value)
{
    build_message(&batch, topic, now);
    struct item *item = batch_add(&batch, ITEM_COMMAND);
    item->sensor = sensor;
    item->text = "SET_THRESHOLD";
    item->value = value;
    ingest();
}

static void limit(const char *text)
{
    struct limits limits;
    char error[160];
    ck_assert(limits_parse(text, &limits, error, sizeof error));
    fleet_limit(fleet, 0, &limits);
}

/* A reading of another sensor, at the same moment as the last. */
static void other(const char *sensor, double value)
{
    char topic[96];
    snprintf(topic, sizeof topic, "digital_twin/lab/sensor/%s/temperature", sensor);
    build_reading(&batch, topic, sensor, "temperature", "Celsius", value, now);
    ingest();
}

/* ---- limits ---- */

START_TEST(the_very_reading_that_breaks_a_limit_is_told)
{
    ruled("T1/temperature", "max", "80");
    reading(82.1); /* the first one: nothing is learnt yet */
    const struct outcome *anomaly = outcome_of(OUTCOME_ANOMALY);
    ck_assert_ptr_nonnull(anomaly);
    ck_assert_int_eq(anomaly->verdict.kind, ANOMALY_LIMIT);
    ck_assert_int_eq(anomaly->verdict.severity, SEVERITY_ALARM);
    ck_assert_str_eq(anomaly->verdict.reason, "82.1 °C above the limit of 80");
    ck_assert_str_eq(newest(0)->text, "82.1 °C above the limit of 80");
    ck_assert_int_eq(outcome_of(OUTCOME_READING)->state, STATE_ANOMALY);
    reading(83);
    ck_assert_ptr_null(outcome_of(OUTCOME_ANOMALY));
    ck_assert_int_eq(series_state(first()), STATE_ANOMALY);
    reading(79);
    ck_assert_int_eq(series_state(first()), STATE_LEARNING);
    reading(81);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
    ck_assert_uint_eq(first()->anomalies, 2);
}
END_TEST

START_TEST(rules_hold_for_the_series_they_name)
{
    ruled("digital_twin/+/sensor/T1/#", "max", "80");
    other("T2", 100);
    ck_assert_ptr_null(outcome_of(OUTCOME_ANOMALY));
    ck_assert_ptr_null(first()->guard);
    reading(100);
    ck_assert_ptr_nonnull(outcome_of(OUTCOME_ANOMALY));
}
END_TEST

START_TEST(a_series_has_its_own_threshold)
{
    ruled("T1/temperature", "threshold", "500");
    learn();
    reading(25);
    ck_assert_ptr_null(outcome_of(OUTCOME_ANOMALY));
    fleet_with((struct fleet_options){0});
    learn();
    reading(25);
    ck_assert_ptr_nonnull(outcome_of(OUTCOME_ANOMALY));
}
END_TEST

START_TEST(limits_set_by_a_person)
{
    reading(20);
    limit("..25 10/min");
    ck_assert_str_eq(newest(0)->text, "limits: at most 25 °C, 10 °C/min");
    reading(26);
    ck_assert_str_eq(newest(0)->text, "26 °C above the limit of 25");
    reading(5);
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "fell 21 °C within a minute"));
    limit("");
    ck_assert_str_eq(newest(0)->text, "limits: none");
    reading(1000);
    ck_assert_ptr_null(outcome_of(OUTCOME_ANOMALY));
    ck_assert_int_eq(series_state(first()), STATE_LEARNING);
}
END_TEST

START_TEST(a_retained_value_may_break_a_limit)
{
    ruled("T1/temperature", "max", "80");
    build_retained(&batch, TOPIC, "T1", "temperature", "Celsius", 90, now);
    ingest();
    ck_assert_ptr_nonnull(outcome_of(OUTCOME_ANOMALY));
}
END_TEST

START_TEST(the_labs_command_limits_all_sensors_of_its_place)
{
    reading(20);
    other("T2", 30);
    build_reading(&batch, "digital_twin/attic/sensor/T3/temperature", "T3", "temperature", "", 30,
                  now);
    build_reading(&batch, "digital_twin/lab/sensor/D1/door", "D1", "door", "", 1, now);
    batch.items[batch.item_count - 1].binary_state = true;
    ingest();
    command("digital_twin/lab/control/commands", NULL, 25);
    ck_assert_str_eq(newest(0)->text, "SET_THRESHOLD: at most 25 for 2 series");
    ck_assert_double_eq(first()->guard->limits.limits.max, 25);
    ck_assert_double_eq(fleet_series(fleet, 1)->guard->limits.limits.max, 25);
    ck_assert_ptr_null(fleet_series(fleet, 2)->guard);
    ck_assert_ptr_null(fleet_series(fleet, 3)->guard);
    reading(25.5);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->verdict.kind, ANOMALY_LIMIT);
    other("T9", 26); /* seen for the first time */
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->verdict.kind, ANOMALY_LIMIT);
}
END_TEST

START_TEST(the_labs_command_to_one_sensor)
{
    command("digital_twin/lab/control/T2/commands", "T2", 25);
    ck_assert_str_eq(newest(0)->text, "SET_THRESHOLD: at most 25 for 0 series");
    reading(30);
    ck_assert_ptr_null(outcome_of(OUTCOME_ANOMALY));
    other("T2", 30);
    ck_assert_ptr_nonnull(outcome_of(OUTCOME_ANOMALY));
    command("digital_twin/lab/control/T2/commands", "T2", 40);
    other("T2", 35);
    ck_assert_ptr_null(outcome_of(OUTCOME_ANOMALY));
}
END_TEST

START_TEST(other_commands_change_nothing)
{
    reading(20);
    command("digital_twin/lab/commands", NULL, 25);
    command("digital_twin/lab/control/commands", NULL, NAN);
    command("control/a/b/commands", NULL, 25);
    ck_assert_ptr_null(first()->guard);
    char topic[64];
    for (int i = 0; i < 200; i++) { /* a flood of addresses leaves no more than the last few */
        snprintf(topic, sizeof topic, "place%d/control/commands", i);
        command(topic, NULL, 25);
    }
    build_reading(&batch, "place199/sensor/x", "x", "x", "", 30, now);
    build_reading(&batch, "place3/sensor/x", "y", "x", "", 30, now);
    ingest();
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
}
END_TEST

/* ---- who is alarmed ---- */

START_TEST(a_muted_series_is_counted_but_alarms_nobody)
{
    reading(20);
    limit("25");
    fleet_mute(fleet, 0, 10 * MINUTE);
    ck_assert_str_eq(newest(0)->text, "muted for 10m");
    reading(30);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->verdict.severity, SEVERITY_NOTICE);
    ck_assert(newest(0)->hushed);
    ck_assert_int_eq(history_mark(&first()->history, 1), MARK_HUSHED);
    ck_assert_uint_eq(fleet_totals(fleet)->anomalies, 1);
    ck_assert_uint_eq(fleet_totals(fleet)->hushed, 1);
    ck_assert_int_eq(series_hush(first(), now), HUSH_MUTED);
    reading(20);
    now += 10 * MINUTE; /* the time is over by itself */
    reading(30);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->verdict.severity, SEVERITY_ALARM);
    ck_assert_int_eq(series_hush(first(), now), HUSH_NONE);
    fleet_mute(fleet, 0, MUTED_FOR_GOOD);
    ck_assert_int_eq(series_hush(first(), now + 1000000 * MINUTE), HUSH_MUTED);
    fleet_mute(fleet, 0, 0);
    ck_assert_int_eq(series_hush(first(), now), HUSH_NONE);
}
END_TEST

START_TEST(muted_by_the_configuration)
{
    ruled("T1/+", "mute", "yes");
    reading(20);
    ck_assert_int_eq(series_hush(first(), now), HUSH_MUTED);
}
END_TEST

START_TEST(acknowledged_until_the_next_anomaly)
{
    reading(20);
    ck_assert(!fleet_acknowledge(fleet, 0)); /* nothing to acknowledge */
    limit("25");
    reading(30);
    ck_assert(fleet_acknowledge(fleet, 0));
    ck_assert(!fleet_acknowledge(fleet, 0));
    reading(30);
    ck_assert_int_eq(series_hush(first(), now), HUSH_ACKNOWLEDGED);
    reading(20);
    reading(30);
    ck_assert_int_eq(series_hush(first(), now), HUSH_NONE);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->verdict.severity, SEVERITY_ALARM);
}
END_TEST

START_TEST(anomalous_half_of_the_time_is_chronic)
{
    reading(20);
    limit("25");
    int alarms = 0;
    for (int i = 0; i < 200 && !first()->chronic; i++) {
        for (int k = 0; k < 29; k++)
            reading(20);
        reading(30);
        alarms += outcome_of(OUTCOME_ANOMALY)->verdict.severity == SEVERITY_ALARM;
    }
    ck_assert_int_ge(alarms, 28);
    ck_assert_int_le(alarms, 30);
    ck_assert_int_eq(series_hush(first(), now), HUSH_CHRONIC);
    ck_assert_uint_eq(fleet_totals(fleet)->hushed, 1);
    for (int i = 0; i < 60; i++) {
        now += MINUTE;
        reading(20);
    }
    ck_assert(!first()->chronic);
    ck_assert_str_eq(newest(0)->text, "no longer chronic: alarms again");
}
END_TEST

/* Wherever in its slot the clock stood, and stands then: no series is counted twice or less than
 * once. */
START_TEST(a_clock_set_back_loses_no_count)
{
    ruled("+/temperature", "max", "25");
    other("T2", 30);
    for (int i = 0; i < 200; i++) {
        now += (i % 7) * 1700000LL;
        if (i % 5 == 0)
            now -= 61 * SECOND + i * 90001LL;
        other("T2", 20);
        other("T2", 30);
        ck_assert_uint_eq(fleet_anomalous(fleet_totals(fleet), 3600), 1);
    }
}
END_TEST

START_TEST(so_many_are_anomalous_now_and_in_the_last_hour)
{
    ruled("+/temperature", "max", "25");
    const struct fleet_totals *totals = fleet_totals(fleet);
    other("T2", 30);
    other("T3", 20);
    other("T3", 30);
    now += 5 * MINUTE;
    reading(30);
    reading(31);
    ck_assert_uint_eq(fleet_anomalous(totals, 60), 1);
    ck_assert_uint_eq(fleet_anomalous(totals, 3600), 3);
    other("T2", 31); /* still */
    ck_assert_uint_eq(fleet_anomalous(totals, 60), 2);
    ck_assert_uint_eq(fleet_anomalous(totals, 3600), 3);
    tick_at(now + 57 * MINUTE);
    ck_assert_uint_eq(fleet_anomalous(totals, 3600), 2);
    tick_at(now - 57 * MINUTE); /* the clock was set back: nothing changes */
    ck_assert_uint_eq(fleet_anomalous(totals, 3600), 2);
    tick_at(now + 200 * MINUTE);
    ck_assert_uint_eq(fleet_anomalous(totals, 3600), 0);
}
END_TEST

/* ---- incidents ---- */

START_TEST(several_series_at_once_are_one_line)
{
    ruled("+/temperature", "max", "25");
    reading(20);
    for (int i = 0; i < 1800; i++)
        reading(20);
    other("boiler", 30);
    now += 3 * SECOND;
    other("pump", 30);
    now += 5 * SECOND;
    other("hall", 30);
    ck_assert_uint_eq(events_of(EVENT_INCIDENT), 1);
    const struct event *event = newest(0);
    for (size_t i = 0; event->type != EVENT_INCIDENT; i++)
        event = newest(i);
    ck_assert_str_eq(event->text, "3 series within 8.0 s: first boiler/temperature, then "
                                  "pump/temperature +3.0 s, hall/temperature +8.0 s");
    const struct incident *incident = fleet_incident_of(fleet, 2);
    ck_assert_ptr_nonnull(incident);
    ck_assert_uint_eq(incident->count, 3);
    ck_assert_ptr_null(fleet_incident_of(fleet, 0));
}
END_TEST

/* ---- peers ---- */

/* A minute of eight sensors, one reading each every ten seconds; the last one `away`. */
static void minute_of_eight(double away)
{
    char name[8];
    for (int i = 0; i < 6; i++) {
        now += 10 * SECOND;
        for (int k = 0; k < 8; k++) {
            snprintf(name, sizeof name, "R%d", k);
            other(name, 20 + k + 0.1 * ((i + k) % 3) + (k == 7 ? away : 0));
        }
    }
}

START_TEST(one_that_drifts_away_from_its_kind_is_told_once)
{
    fleet_with((struct fleet_options){.detection = {.threshold = 1000}});
    for (int i = 0; i < 30; i++)
        minute_of_eight(0);
    ck_assert_uint_eq(events_of(EVENT_ANOMALY), 0);
    for (int i = 0; i < 60; i++)
        minute_of_eight(0.05 * i);
    ck_assert_uint_eq(events_of(EVENT_ANOMALY), 1);
    const struct event *event = newest(0);
    ck_assert_int_eq(event->kind, ANOMALY_DRIFT);
    ck_assert_int_eq(event->severity, SEVERITY_NOTICE);
    ck_assert_str_eq(event->subject, "R7/temperature");
    ck_assert_ptr_nonnull(strstr(event->text, " °C above the median of 8 temperature series, "));
    const struct family *family = fleet_family_of(fleet, fleet_series(fleet, 7));
    ck_assert_uint_eq(family->peers.standing, 8);
    ck_assert_double_eq_tol(family->peers.median, 23.6, .1);
}
END_TEST

/* Also for those that have limits; by the lab's rule, 3 of 20 to 20.4 is far out. */
START_TEST(a_threshold_changes_for_all)
{
    const struct limits limits = {.min = NAN, .max = 1000, .rate = NAN};
    learn();
    fleet_limit(fleet, 0, &limits);
    fleet_set_threshold(fleet, 1e6);
    reading(23);
    ck_assert_ptr_null(outcome_of(OUTCOME_ANOMALY));
    fleet_set_threshold(fleet, 2);
    reading(40);
    ck_assert_ptr_nonnull(outcome_of(OUTCOME_ANOMALY));
}
END_TEST

START_TEST(a_unit_of_its_own_is_a_kind_of_its_own)
{
    for (int i = 0; i < 3; i++)
        minute_of_eight(0);
    build_reading(&batch, "digital_twin/lab/sensor/R3/temperature", "R3", "temperature",
                  "Fahrenheit", 70, now);
    ingest();
    for (int i = 0; i < 3; i++)
        minute_of_eight(0); /* says nothing of its unit's change back: both are told by each */
    ck_assert_uint_eq(fleet_family_of(fleet, fleet_series(fleet, 0))->peers.count, 8);
    for (int i = 0; i < 7; i++) {
        now += 10 * SECOND;
        for (int k = 0; k < 8; k++) {
            char name[8], topic[64];
            snprintf(name, sizeof name, "R%d", k);
            snprintf(topic, sizeof topic, "digital_twin/lab/sensor/%s/temperature", name);
            build_reading(&batch, topic, name, "temperature", k == 3 ? "Fahrenheit" : "Celsius", 20,
                          now);
        }
        ingest();
    }
    ck_assert_uint_eq(fleet_family_of(fleet, fleet_series(fleet, 0))->peers.count, 7);
    ck_assert_uint_eq(fleet_family_of(fleet, fleet_series(fleet, 3))->peers.count, 1);
}
END_TEST

TCase *fleet_limits_case(void)
{
    TCase *tests = fleet_case("limits");
    tcase_add_checked_fixture(tests, NULL, fini);
    tcase_add_test(tests, the_very_reading_that_breaks_a_limit_is_told);
    tcase_add_test(tests, rules_hold_for_the_series_they_name);
    tcase_add_test(tests, a_series_has_its_own_threshold);
    tcase_add_test(tests, limits_set_by_a_person);
    tcase_add_test(tests, a_retained_value_may_break_a_limit);
    tcase_add_test(tests, the_labs_command_limits_all_sensors_of_its_place);
    tcase_add_test(tests, the_labs_command_to_one_sensor);
    tcase_add_test(tests, other_commands_change_nothing);
    tcase_add_test(tests, a_muted_series_is_counted_but_alarms_nobody);
    tcase_add_test(tests, muted_by_the_configuration);
    tcase_add_test(tests, acknowledged_until_the_next_anomaly);
    tcase_add_test(tests, anomalous_half_of_the_time_is_chronic);
    tcase_add_test(tests, a_clock_set_back_loses_no_count);
    tcase_add_test(tests, so_many_are_anomalous_now_and_in_the_last_hour);
    tcase_add_test(tests, several_series_at_once_are_one_line);
    tcase_add_test(tests, one_that_drifts_away_from_its_kind_is_told_once);
    tcase_add_test(tests, a_threshold_changes_for_all);
    tcase_add_test(tests, a_unit_of_its_own_is_a_kind_of_its_own);
    return tests;
}
