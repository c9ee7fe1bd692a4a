#include "unit/suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/payload.h"
#include "unit/fleet_fixture.h"

START_TEST(first_reading_makes_twin_and_series)
{
    build_lab(&batch, TOPIC, "T1", "temperature", "Celsius", 22.4, now);
    ingest();
    ck_assert_uint_eq(fleet_twin_count(fleet), 1);
    ck_assert_uint_eq(fleet_series_count(fleet), 1);
    const struct series *series = fleet_series(fleet, 0);
    const struct twin *twin = series->twin;
    ck_assert_str_eq(twin->name, "T1");
    ck_assert_str_eq(twin->topic, TOPIC);
    ck_assert_str_eq(series->name, "temperature");
    ck_assert_str_eq(series->path, "value");
    ck_assert_str_eq(series->unit, "Celsius");
    ck_assert(series->value == 22.4 && series->mean == 22.4 && series->count == 1);
    ck_assert(twin->messages == 1 && twin->first_seen == now && twin->session_start == now);
    ck_assert_uint_eq(twin->fact_count, 3);
    ck_assert_str_eq(twin->facts[2].name, "firmware_version");
    ck_assert_str_eq(twin->facts[2].text, "1.0.0");
    ck_assert_int_eq(series_state(series), STATE_LEARNING);
    const struct fleet_totals *totals = fleet_totals(fleet);
    ck_assert(totals->messages == 1 && totals->readings == 1 && totals->online == 1);
    ck_assert_uint_gt(totals->memory, 0);
}
END_TEST

/* As it comes from a broker: what says the same as before is not looked at, all else is. */
static void hear(struct decoder *decoder, const char *topic, const char *payload)
{
    struct message message = {
        .topic = topic, .payload = payload, .bytes = strlen(payload), .arrival = now += SECOND};
    decoder_decode(decoder, &message, &batch);
    ingest();
}

START_TEST(facts_are_those_told_last)
{
    static const char attic[] =
        "{\"sensor_id\":\"T1\",\"value\":1,\"metadata\":{\"location\":\"attic\",\"rev\":\"1\"}}";
    static const char cellar[] =
        "{\"sensor_id\":\"T1\",\"value\":1,\"metadata\":{\"location\":\"cellar\"}}";
    static const char both[] =
        "[{\"sensor_id\":\"T2\",\"value\":1,\"metadata\":{\"location\":\"roof\"}},"
        "{\"sensor_id\":\"T1\",\"value\":1,\"metadata\":{\"location\":\"hall\"}}]";
    struct decoder *decoder = decoder_new(NULL);
    const char *const told[][2] = {{attic, "attic"},   {attic, "attic"}, {cellar, "cellar"},
                                   {attic, "attic"},   {both, "hall"},   {attic, "attic"},
                                   {cellar, "cellar"}, {both, "hall"},   {both, "hall"}};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        hear(decoder, i % 2 ? "a/b" : "a/c", told[i][0]);
        const struct twin *twin = fleet_twin(fleet, 0);
        ck_assert_str_eq(twin->name, "T1");
        ck_assert_str_eq(twin->facts[0].text, told[i][1]);
        ck_assert_str_eq(twin->facts[1].text, "1");
    }
    decoder_free(decoder);
}
END_TEST

START_TEST(facts_change_in_place_and_are_bounded)
{
    build_message(&batch, TOPIC, now);
    build_fact(&batch, "T1", "a", "1");
    build_fact(&batch, "T1", "b", "2");
    build_message(&batch, TOPIC, now);
    build_fact(&batch, "T1", "b", "3");
    ingest();
    const struct twin *twin = fleet_twin(fleet, 0);
    ck_assert_uint_eq(twin->fact_count, 2);
    ck_assert_str_eq(twin->facts[1].text, "3");
    build_message(&batch, TOPIC, now);
    for (int i = 0; i < 3 * TWIN_FACTS; i++) {
        char name[16];
        snprintf(name, sizeof name, "fact %d", i);
        build_fact(&batch, "T1", name, "x");
    }
    ingest();
    ck_assert_uint_eq(twin->fact_count, TWIN_FACTS);
    ck_assert_uint_eq(fleet_twin_count(fleet), 1);
    ck_assert_uint_eq(twin->messages, 3);
}
END_TEST

START_TEST(several_readings_and_twins_of_a_message)
{
    for (int round = 0; round < 5; round++) {
        build_message(&batch, "tele/gateway", now);
        build_value(&batch, "A", "temperature", "A.temperature", 1, now);
        build_value(&batch, "A", "humidity", "A.humidity", 2, now);
        if (round % 2 == 0) /* a sensor that is not always in it */
            build_value(&batch, "B", "temperature", "B.temperature", 3, now);
        build_value(&batch, "C", "temperature", "C.temperature", 4, now);
    }
    ingest();
    ck_assert_uint_eq(fleet_series_count(fleet), 4);
    ck_assert_uint_eq(fleet_twin_count(fleet), 3);
    for (uint32_t i = 0; i < 4; i++)
        ck_assert_uint_eq(fleet_series(fleet, i)->count, i == 2 ? 3 : 5);
    ck_assert_uint_eq(fleet_twin(fleet, 0)->messages, 5);
    ck_assert_uint_eq(fleet_twin(fleet, 0)->series_count, 2);
    ck_assert(fleet_series(fleet, 3)->value == 4);
}
END_TEST

START_TEST(same_path_of_two_topics_is_two_series)
{
    build_reading(&batch, "a/temperature", "T1", "temperature", "", 1, now);
    build_reading(&batch, "b/temperature", "T1", "temperature", "", 2, now);
    ingest();
    ck_assert_uint_eq(fleet_series_count(fleet), 2);
    ck_assert_uint_eq(fleet_twin_count(fleet), 1);
    ck_assert_uint_eq(fleet_topic_count(fleet), 2);
    ck_assert_str_eq(fleet_topic(fleet, 1)->name, "b/temperature");
}
END_TEST

START_TEST(readings_are_told_with_the_window_before)
{
    for (int i = 1; i <= 9; i++)
        reading(i);
    ck_assert(outcome_of(OUTCOME_READING)->verdict.learning);
    reading(10);
    const struct outcome *outcome = outcome_of(OUTCOME_READING);
    ck_assert(!outcome->verdict.learning);
    ck_assert(outcome->before.count == 9 && outcome->before.mean == 5 && outcome->value == 10);
    ck_assert_double_eq_tol(outcome->verdict.z, 5 / sqrt(7.5), 1e-12);
    ck_assert_int_eq(outcome->state, STATE_OK);
    ck_assert_str_eq(outcome->topic, TOPIC);
    ck_assert(outcome->time == now && outcome->series->mean == 5.5);
}
END_TEST

START_TEST(readings_only_when_wanted)
{
    out.readings = false;
    learn();
    ck_assert_uint_eq(out.count, 0);
    build_reading(&batch, TOPIC, "T1", "temperature", "", 1, now);
    fleet_ingest(fleet, &batch, NULL);
    ck_assert_uint_eq(fleet_series(fleet, 0)->count, 11);
}
END_TEST

START_TEST(spike_is_logged_and_told)
{
    learn();
    reading(28.5);
    ck_assert_uint_eq(outcomes_of(OUTCOME_READING), 1);
    ck_assert_int_eq(outcome_of(OUTCOME_READING)->state, STATE_ANOMALY);
    const struct outcome *outcome = outcome_of(OUTCOME_ANOMALY);
    ck_assert_ptr_nonnull(outcome);
    ck_assert_int_eq(outcome->verdict.kind, ANOMALY_SPIKE);
    ck_assert(strncmp(outcome->verdict.reason, "spike: 28.50 °C", 16) == 0);
    const struct event *event = newest(0);
    ck_assert_int_eq(event->type, EVENT_ANOMALY);
    ck_assert_str_eq(event->subject, "T1/temperature");
    ck_assert_str_eq(event->text, outcome->verdict.reason);
    ck_assert(event->series == 0 && event->twin == 0 && event->time == now);
    ck_assert_int_eq(event->severity, SEVERITY_ALARM);
    const struct series *series = fleet_series(fleet, 0);
    ck_assert(series->anomalies == 1 && series->last_anomaly == now);
    ck_assert_int_eq(history_mark(&series->history, series->history.count - 1), MARK_ALARM);
    const struct fleet_totals *totals = fleet_totals(fleet);
    ck_assert_uint_eq(totals->anomalies, 1);
    ck_assert_uint_eq(totals->anomalies_minute[now / SECOND / 60 % FLEET_ANOMALY_SLOTS], 1);
    reading(20.1);
    ck_assert_int_eq(series_state(series), STATE_OK);
}
END_TEST

START_TEST(own_time_for_outcomes_arrival_for_events)
{
    learn();
    build_message(&batch, TOPIC, now);
    build_value(&batch, "T1", "temperature", "value", 99, now - 3600 * SECOND);
    ingest();
    ck_assert_int_eq(outcome_of(OUTCOME_READING)->time, now - 3600 * SECOND);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->time, now - 3600 * SECOND);
    ck_assert_int_eq(newest(0)->time, now);
}
END_TEST

START_TEST(unit_may_come_later_and_change)
{
    build_reading(&batch, TOPIC, "T1", "temperature", "", 1, now);
    build_reading(&batch, TOPIC, "T1", "temperature", "Celsius", 1, now);
    build_reading(&batch, TOPIC, "T1", "temperature", "", 1, now);
    ingest();
    ck_assert_str_eq(fleet_series(fleet, 0)->unit, "Celsius");
    build_reading(&batch, TOPIC, "T1", "temperature", "Kelvin", 1, now);
    ingest();
    ck_assert_str_eq(fleet_series(fleet, 0)->unit, "Kelvin");
}
END_TEST

START_TEST(one_path_of_two_names_is_two_series)
{
    build_message(&batch, TOPIC, now); /* {"a.b":1,"a":{"b":2}} */
    build_value(&batch, "T1", "\"a.b\"", "a.b", 1, now);
    build_value(&batch, "T1", "a.b", "a.b", 2, now);
    ingest();
    ck_assert_uint_eq(fleet_series_count(fleet), 2);
    ck_assert_double_eq(fleet_series(fleet, 0)->value, 1);
    ck_assert_double_eq(fleet_series(fleet, 1)->value, 2);
}
END_TEST

START_TEST(plain_number_and_lone_value_are_one_series)
{
    build_message(&batch, TOPIC, now);
    build_value(&batch, "T1", "temperature", "", 1, now);
    build_reading(&batch, TOPIC, "T1", "temperature", "", 2, now);
    ingest();
    ck_assert_uint_eq(fleet_series_count(fleet), 1);
    ck_assert_str_eq(out.list[0].path, "");
    ck_assert_str_eq(out.list[1].path, "value");
}
END_TEST

START_TEST(readings_keep_the_unit_they_came_with)
{
    build_reading(&batch, TOPIC, "T1", "temperature", "F", 70.7, now);
    build_reading(&batch, TOPIC, "T1", "temperature", "C", 21.5, now);
    build_reading(&batch, TOPIC, "T1", "temperature", "", 21.6, now);
    build_reading(&batch, TOPIC, "T1", "temperature", "F", 70.7, now);
    ingest();
    ck_assert_str_eq(out.list[0].unit, "F");
    ck_assert_str_eq(out.list[1].unit, "C");
    ck_assert_str_eq(out.list[2].unit, "C");
    ck_assert_str_eq(out.list[3].unit, "F");
}
END_TEST

START_TEST(values_of_two_units_are_not_averaged)
{
    learn();
    build_reading(&batch, TOPIC, "T1", "temperature", "\302\260C", 20, now); /* the same unit */
    ingest();
    ck_assert_uint_eq(fleet_series(fleet, 0)->window.count, 11);
    for (int i = 0; i < 100; i++) {
        build_reading(&batch, TOPIC, "T1", "temperature", i % 2 ? "C" : "F", i % 2 ? 20 : 68, now);
        ingest();
        ck_assert_uint_eq(fleet_series(fleet, 0)->window.count, 1);
        ck_assert_double_eq(fleet_series(fleet, 0)->mean, i % 2 ? 20 : 68);
    }
    ck_assert_uint_eq(fleet_totals(fleet)->anomalies, 0);
    ck_assert_uint_eq(events_of(EVENT_NOTE), 7); /* changes 1, 2, 4, ... 64 */
    ck_assert_str_eq(newest(0)->text, "unit changed from F to C, 64 times so far");
}
END_TEST

START_TEST(malformed_is_counted_everywhere)
{
    reading(20);
    now += SECOND;
    build_malformed(&batch, TOPIC, "not JSON", now);
    ingest();
    const struct outcome *outcome = outcome_of(OUTCOME_MALFORMED);
    ck_assert_str_eq(outcome->reason, "not JSON");
    ck_assert_str_eq(outcome->topic, TOPIC);
    ck_assert(outcome->bytes > 0 && outcome->twin == fleet_twin(fleet, 0));
    ck_assert_str_eq(newest(0)->text, "not decoded: not JSON");
    ck_assert_str_eq(newest(0)->subject, TOPIC);
    build_malformed(&batch, TOPIC, "not JSON", now);
    ingest();
    ck_assert_str_eq(newest(0)->text, "not decoded: not JSON, 2 so far");
    ck_assert_uint_eq(fleet_totals(fleet)->malformed, 2);
    ck_assert_uint_eq(fleet_topic(fleet, 0)->malformed, 2);
    ck_assert_uint_eq(fleet_twin(fleet, 0)->malformed, 2);
    ck_assert_uint_eq(fleet_series(fleet, 0)->count, 1);
}
END_TEST

START_TEST(malformed_flood_of_a_topic_keeps_the_log)
{
    learn();
    reading(99);
    for (int i = 0; i < 5000; i++)
        build_malformed(&batch, "broken", "not JSON", now + i);
    ingest();
    ck_assert_uint_eq(events_of(EVENT_MALFORMED), 3);
    ck_assert_uint_eq(events_of(EVENT_ANOMALY), 1);
    ck_assert_str_eq(newest(0)->text, "not decoded: not JSON, 5000 so far");
    build_malformed(&batch, "broken", "not JSON", now + 61 * SECOND);
    ingest();
    ck_assert_uint_eq(events_of(EVENT_MALFORMED), 4);
}
END_TEST

START_TEST(malformed_flood_of_topics_keeps_the_log)
{
    learn();
    reading(99);
    for (int i = 0; i < 5000; i++) {
        char topic[32];
        snprintf(topic, sizeof topic, "broken/%d", i);
        build_malformed(&batch, topic, "not JSON", now);
    }
    ingest();
    ck_assert_uint_eq(fleet_totals(fleet)->malformed, 5000);
    ck_assert_uint_eq(outcomes_of(OUTCOME_MALFORMED), 5000);
    ck_assert_uint_eq(events_of(EVENT_ANOMALY), 1);
    ck_assert_uint_le(events_of(EVENT_MALFORMED), 200);
}
END_TEST

START_TEST(long_reasons_and_subjects_are_cut_visibly)
{
    char reason[600], topic[400];
    memset(reason, 'r', sizeof reason - 1);
    memset(topic, 't', sizeof topic - 1);
    reason[sizeof reason - 1] = topic[sizeof topic - 1] = '\0';
    build_malformed(&batch, topic, reason, now);
    build_malformed(&batch, topic, reason, now);
    ingest();
    ck_assert_ptr_nonnull(strstr(newest(0)->subject, "…"));
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "…, 2 so far"));
}
END_TEST

static uint32_t rate_sum(void)
{
    uint32_t sum = 0;
    for (int i = 0; i < FLEET_RATE_SECONDS; i++)
        sum += fleet_totals(fleet)->rate[i];
    return sum;
}

START_TEST(rates_forget_skipped_seconds)
{
    for (int i = 0; i < 10; i++)
        build_reading(&batch, TOPIC, "T1", "x", "", i, now);
    ingest();
    ck_assert_uint_eq(fleet_totals(fleet)->rate[now / SECOND % FLEET_RATE_SECONDS], 10);
    ck_assert_int_eq(fleet_totals(fleet)->rate_at, now / SECOND);
    tick_at(now + (FLEET_RATE_SECONDS - 1) * SECOND);
    ck_assert_uint_eq(rate_sum(), 10);
    tick_at(now + FLEET_RATE_SECONDS * SECOND);
    ck_assert_uint_eq(rate_sum(), 0);
}
END_TEST

START_TEST(clock_set_back)
{
    learn();
    now -= 86400 * SECOND;
    learn();
    tick_at(now);
    ck_assert_uint_eq(fleet_series(fleet, 0)->count, 20);
    ck_assert_uint_eq(rate_sum(), 20); /* all were within a minute */
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 0);
    tick_at(now + 7 * SECOND);
    ck_assert_int_eq(series_state(fleet_series(fleet, 0)), STATE_LATE);
    build_reading(&batch, TOPIC, "T1", "temperature", "", 1, -5 * SECOND);
    ingest(); /* before 1970 */
    ck_assert_uint_eq(fleet_series(fleet, 0)->count, 21);
}
END_TEST

/* Two sensors each second; the clock is set back by an hour, and only one goes on. */
START_TEST(what_is_known_goes_back_with_the_clock)
{
    for (int i = 0; i < 20; i++) {
        now += SECOND;
        build_reading(&batch, "a", "A", "x", "", 20 + i % 3, now);
        build_reading(&batch, "b", "B", "x", "", i < 19 ? 20 + i % 3 : 90, now);
    }
    status(STATUS_ONLINE);
    const struct series *alive = fleet_series(fleet, 0), *dead = fleet_series(fleet, 1);
    const struct twin *told = fleet_twin(fleet, 2);
    now -= 3600 * SECOND;
    for (int i = 1; i <= 12; i++) {
        build_reading(&batch, "a", "A", "x", "", 20 + i % 3, now + i * SECOND);
        ingest();
        tick_at(now + i * SECOND + SECOND / 2);
    }
    ck_assert_uint_eq(events_of(EVENT_NOTE), 1);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 1);
    ck_assert_int_eq(series_state(alive), STATE_OK);
    ck_assert_int_eq(series_state(dead), STATE_LATE);
    ck_assert_uint_eq(rate_sum(), 53);
    for (uint32_t i = 1; i < alive->history.count; i++)
        ck_assert_int_le(history_at(&alive->history, i)->time -
                             history_at(&alive->history, i - 1)->time,
                         2 * SECOND);
    ck_assert_int_eq(history_at(&alive->history, 31)->time, now + 12 * SECOND);
    ck_assert_int_le(dead->last_anomaly, now + SECOND);
    ck_assert_int_le(dead->arrival, now + SECOND);
    ck_assert_int_le(told->presence_since, now + SECOND);
    for (size_t i = 1; i < fleet_journal(fleet)->count; i++)
        ck_assert_int_le(newest(i)->time, newest(i - 1)->time);
    tick_at(now + 100 * SECOND);
    ck_assert_int_eq(series_state(dead), STATE_LOST);
}
END_TEST

START_TEST(a_clock_set_back_is_told_once)
{
    learn();
    tick_at(now - 3600 * SECOND);
    tick_at(now - 3599 * SECOND);
    ck_assert_uint_eq(fleet_journal(fleet)->count, 1);
    ck_assert_int_eq(newest(0)->type, EVENT_NOTE);
    ck_assert_int_eq(newest(0)->time, now - 3600 * SECOND);
    ck_assert_str_eq(newest(0)->subject, "clock");
    ck_assert_str_eq(newest(0)->text, "the clock was set back by 1h00");
}
END_TEST

START_TEST(a_little_disorder_is_no_clock_set_back)
{
    learn();
    timestamp latest = now;
    now -= 6 * SECOND;
    reading(20); /* four seconds before the latest */
    ck_assert_uint_eq(fleet_journal(fleet)->count, 0);
    const struct history *history = &fleet_series(fleet, 0)->history;
    ck_assert_int_eq(history_at(history, history->count - 1)->time, latest);
    ck_assert_int_eq(history_at(history, 0)->time, latest - 18 * SECOND);
}
END_TEST

START_TEST(simulated_marks_come_before_or_after)
{
    fleet_mark_simulated(fleet, "T1", true);
    reading(20);
    ck_assert(fleet_twin(fleet, 0)->simulated);
    fleet_mark_simulated(fleet, "T1", false);
    ck_assert(!fleet_twin(fleet, 0)->simulated);
    build_reading(&batch, "x", "T2", "x", "", 1, now);
    ingest();
    ck_assert(!fleet_twin(fleet, 1)->simulated);
    fleet_mark_simulated(fleet, "T2", true);
    fleet_mark_simulated(fleet, "T2", true);
    ck_assert(fleet_twin(fleet, 1)->simulated);
}
END_TEST

START_TEST(texts_commands_and_farewells)
{
    reading(20);
    build_message(&batch, TOPIC, now);
    struct item *item = batch_add(&batch, ITEM_TEXT);
    item->sensor = "T1";
    item->text = "open";
    build_message(&batch, "digital_twin/lab/control/T1/commands", now);
    item = batch_add(&batch, ITEM_COMMAND);
    item->sensor = "T1";
    item->text = "SET_THRESHOLD 25";
    ingest();
    ck_assert_str_eq(fleet_twin(fleet, 0)->last_text, "open");
    ck_assert_int_eq(newest(0)->type, EVENT_COMMAND);
    ck_assert_str_eq(newest(0)->text, "SET_THRESHOLD 25");
    ck_assert_uint_eq(newest(0)->twin, 0);
    build_message(&batch, TOPIC, now)->retain = true;
    batch_add(&batch, ITEM_GONE);
    build_message(&batch, "never/heard", now)->retain = true;
    batch_add(&batch, ITEM_GONE);
    ingest();
    ck_assert_int_eq(newest(0)->type, EVENT_NOTE);
    ck_assert_ptr_nonnull(strstr(fleet_twin(fleet, 0)->last_text, "gone"));
    ck_assert_uint_eq(fleet_twin_count(fleet), 1);
}
END_TEST

/* Its name on the screen is safe and short; a program gets what it can subscribe to. */
START_TEST(topics_are_kept_as_they_came)
{
    static const char odd[] = "a/\xe2\x80\xae"
                              "b/c";
    build_reading(&batch, odd, "T1", "c", "", 1, now);
    build_reading(&batch, "a/plain/c", "T2", "c", "", 1, now);
    build_malformed(&batch, odd, "why", now);
    ingest();
    const struct series *series = fleet_series(fleet, 0);
    ck_assert_str_eq(series->literal_topic, odd);
    ck_assert_str_ne(series->topic, odd);
    ck_assert_str_eq(outcome_of(OUTCOME_READING)->topic, odd);
    ck_assert_str_eq(outcome_of(OUTCOME_MALFORMED)->topic, odd);
    ck_assert_ptr_eq(fleet_series(fleet, 1)->literal_topic, fleet_series(fleet, 1)->topic);
}
END_TEST

START_TEST(items_without_a_sensor)
{
    build_reading(&batch, "plain/number", NULL, "number", "", 5, now);
    build_message(&batch, "other", now);
    build_fact(&batch, NULL, "a", "b");
    build_presence(&batch, "other", NULL, STATUS_ONLINE, now);
    ingest();
    ck_assert_uint_eq(fleet_twin_count(fleet), 1);
    ck_assert_str_eq(fleet_twin(fleet, 0)->name, "plain/number");
}
END_TEST

/* Every outcome and index stays right with enough names to grow every table many times. */
START_TEST(many_series)
{
    enum { COUNT = 5000 };
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            char topic[64], name[32];
            snprintf(topic, sizeof topic, "plant/%d/sensor", i);
            snprintf(name, sizeof name, "sensor %d", i);
            build_reading(&batch, topic, name, "x", "m", i, now + i);
        }
        ingest();
    }
    ck_assert_uint_eq(fleet_series_count(fleet), COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        const struct series *series = fleet_series(fleet, i);
        ck_assert(series->index == i && series->value == i && series->count == 3);
        ck_assert_ptr_eq(series->twin, fleet_twin(fleet, i));
        ck_assert_ptr_eq(out.list[i].series, series);
    }
}
END_TEST

/* A detector with a state and a timer: anomalous when silent for more than a minute. */
struct silence {
    timestamp last;
    bool told;
};

static void silence_observe(const struct detector_options *options, void *state,
                            const struct observation *seen, struct verdict *verdict)
{
    (void)options;
    *(struct silence *)state = (struct silence){.last = seen->time};
    verdict_clear(verdict);
}

static timestamp silence_due(const void *state)
{
    const struct silence *silence = state;
    return silence->told ? DETECTOR_NEVER : silence->last + 60 * SECOND;
}

static void silence_pardon(void *state, timestamp length)
{
    struct silence *silence = state;
    silence->told = length == DETECTOR_NEVER;
}

static bool silence_elapse(const struct detector_options *options, void *state, timestamp when,
                           struct verdict *verdict)
{
    (void)options;
    struct silence *silence = state;
    if (silence->told || when - silence->last < 60 * SECOND)
        return false;
    silence->told = true;
    *verdict = (struct verdict){.kind = ANOMALY_SILENT, .severity = SEVERITY_NOTICE};
    memcpy(verdict->reason, "silent", sizeof "silent");
    return true;
}

START_TEST(detectors_with_a_timer)
{
    static const struct detector_type type = {.name = "silence",
                                              .state_size = sizeof(struct silence),
                                              .observe = silence_observe,
                                              .elapse = silence_elapse,
                                              .due = silence_due,
                                              .pardon = silence_pardon};
    fleet_with((struct fleet_options){.detector = &type});
    reading(1);
    tick_at(now + 59 * SECOND);
    ck_assert_uint_eq(out.count, 0);
    tick_at(now + 60 * SECOND);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->verdict.kind, ANOMALY_SILENT);
    ck_assert_str_eq(newest(0)->text, "silent");
    tick_at(now + 70 * SECOND);
    ck_assert_uint_eq(out.count, 0);
}
END_TEST

START_TEST(detectors_side_by_side)
{
    fleet_with((struct fleet_options){.detector = &detector_lab,
                                      .beside = {&detector_auto, &detector_robust}});
    for (int i = 0; i < 100; i++)
        reading(20 + 0.1 * (i * 37 % 13));
    const struct series *series = fleet_series(fleet, 0);
    const char *own = outcome_of(OUTCOME_READING)->detector;
    ck_assert_str_eq(own, "lab");
    reading(40);
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 3);
    static const char *const names[] = {"lab", "auto", "robust"};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_str_eq(out.list[i + 1].detector, names[i]);
        ck_assert(out.list[i + 1].beside == (i > 0) && out.list[i + 1].value == 40);
    }
    ck_assert_uint_eq(series->anomalies, 1);
    ck_assert_uint_eq(events_of(EVENT_ANOMALY), 1);
    ck_assert(series->beside[0].anomalies == 1 && series->beside[1].anomalies == 1);
    tick_at(now + 60 * SECOND); /* only one of them has a timer */
    ck_assert_uint_eq(outcomes_of(OUTCOME_ANOMALY), 1);
    ck_assert(outcome_of(OUTCOME_ANOMALY)->beside);
    ck_assert_int_eq(outcome_of(OUTCOME_ANOMALY)->verdict.kind, ANOMALY_SILENT);
    ck_assert_int_eq(series->last_kind, ANOMALY_SPIKE);
    ck_assert_uint_eq(events_of(EVENT_CADENCE), 2);
    char tally[64];
    ck_assert(fleet_tally(fleet, tally, sizeof tally));
    ck_assert_str_eq(tally, "lab 1, auto 2, robust 1");
}
END_TEST

Suite *fleet_suite(void)
{
    Suite *suite = suite_create("fleet");
    TCase *readings = fleet_case("readings");
    tcase_add_test(readings, first_reading_makes_twin_and_series);
    tcase_add_test(readings, facts_are_those_told_last);
    tcase_add_test(readings, facts_change_in_place_and_are_bounded);
    tcase_add_test(readings, several_readings_and_twins_of_a_message);
    tcase_add_test(readings, topics_are_kept_as_they_came);
    tcase_add_test(readings, same_path_of_two_topics_is_two_series);
    tcase_add_test(readings, readings_are_told_with_the_window_before);
    tcase_add_test(readings, readings_only_when_wanted);
    tcase_add_test(readings, spike_is_logged_and_told);
    tcase_add_test(readings, own_time_for_outcomes_arrival_for_events);
    tcase_add_test(readings, unit_may_come_later_and_change);
    tcase_add_test(readings, one_path_of_two_names_is_two_series);
    tcase_add_test(readings, plain_number_and_lone_value_are_one_series);
    tcase_add_test(readings, readings_keep_the_unit_they_came_with);
    tcase_add_test(readings, values_of_two_units_are_not_averaged);
    tcase_add_test(readings, items_without_a_sensor);
    tcase_add_test(readings, many_series);
    tcase_add_test(readings, detectors_with_a_timer);
    tcase_add_test(readings, detectors_side_by_side);
    suite_add_tcase(suite, readings);
    suite_add_tcase(suite, fleet_presence_case());
    suite_add_tcase(suite, fleet_silence_case());
    suite_add_tcase(suite, fleet_timing_case());
    suite_add_tcase(suite, fleet_forecast_case());
    TCase *rest = fleet_case("rest");
    tcase_add_test(rest, malformed_is_counted_everywhere);
    tcase_add_test(rest, malformed_flood_of_a_topic_keeps_the_log);
    tcase_add_test(rest, malformed_flood_of_topics_keeps_the_log);
    tcase_add_test(rest, long_reasons_and_subjects_are_cut_visibly);
    tcase_add_test(rest, rates_forget_skipped_seconds);
    tcase_add_test(rest, clock_set_back);
    tcase_add_test(rest, what_is_known_goes_back_with_the_clock);
    tcase_add_test(rest, a_clock_set_back_is_told_once);
    tcase_add_test(rest, a_little_disorder_is_no_clock_set_back);
    tcase_add_test(rest, simulated_marks_come_before_or_after);
    tcase_add_test(rest, texts_commands_and_farewells);
    suite_add_tcase(suite, rest);
    suite_add_tcase(suite, fleet_bounds_case());
    suite_add_tcase(suite, fleet_limits_case());
    return suite;
}
