#include "unit/fleet_fixture.h"

#include <stdio.h>
#include <string.h>

#include "core/detector_auto.h"

START_TEST(series_past_the_cap_overflow)
{
    fleet_with((struct fleet_options){.max_series = 3});
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "S%d", i % 20);
        build_reading(&batch, name, name, "x", "", i, now + i);
    }
    ingest();
    const struct fleet_totals *totals = fleet_totals(fleet);
    ck_assert(totals->series == 3 && totals->readings == 6 && totals->overflow == 34);
    ck_assert_uint_eq(totals->messages, 40);
    ck_assert_uint_le(fleet_topic_count(fleet), 6);
    ck_assert_uint_le(fleet_twin_count(fleet), 3);
    ck_assert_uint_eq(fleet_series(fleet, 0)->count, 2);
}
END_TEST

START_TEST(memory_budget_stops_histories_only)
{
    fleet_with((struct fleet_options){.memory = 1});
    for (int i = 0; i < 1000; i++)
        build_reading(&batch, TOPIC, "T1", "x", "", i, now + i);
    ingest();
    const struct series *series = fleet_series(fleet, 0);
    ck_assert_uint_eq(series->count, 1000);
    ck_assert_uint_eq(series->history.count, 16);
    ck_assert(history_at(&series->history, 15)->value == 999);
    ck_assert_uint_eq(series->window.count, WINDOW_DEFAULT);
}
END_TEST

/* Of a sensor that makes up a unit each time; what there is stays in force. */
START_TEST(units_without_end_are_bounded)
{
    for (int i = 0; i < 10000; i++) {
        char unit[16];
        snprintf(unit, sizeof unit, "u%d", i);
        build_reading(&batch, TOPIC, "T1", "x", unit, i, now + i);
    }
    ingest();
    size_t memory = fleet_totals(fleet)->memory;
    ck_assert_str_eq(fleet_series(fleet, 0)->unit, "u4095");
    ck_assert_uint_eq(fleet_totals(fleet)->overflow, 10000 - 4096);
    ck_assert_uint_eq(fleet_series(fleet, 0)->count, 10000);
    build_reading(&batch, TOPIC, "T1", "x", "u7", 1, now + 20000);
    ingest();
    ck_assert_str_eq(fleet_series(fleet, 0)->unit, "u7");
    ck_assert_uint_eq(fleet_totals(fleet)->memory, memory);
}
END_TEST

/* The history that there is stays, to the last sample, whatever thousands of other topics want. */
START_TEST(a_flood_takes_nothing_from_those_who_were_there)
{
    fleet_with((struct fleet_options){.max_series = 100, .memory = 100000});
    for (int i = 0; i < 64; i++)
        build_reading(&batch, TOPIC, "T1", "x", "", i, now + i);
    ingest();
    for (int i = 0; i < 20000; i++) {
        char name[16];
        snprintf(name, sizeof name, "F%d", i % 5000);
        build_reading(&batch, name, name, "x", "", i, now + 100 + i);
    }
    ingest();
    const struct fleet_totals *totals = fleet_totals(fleet);
    const struct series *series = fleet_series(fleet, 0);
    ck_assert_uint_eq(totals->series, 100);
    ck_assert_uint_eq(totals->overflow, 20000 - 99 * 4);
    ck_assert_uint_eq(series->history.count, 64);
    for (uint32_t i = 0; i < 64; i++)
        ck_assert(history_at(&series->history, i)->value == i);
    build_reading(&batch, TOPIC, "T1", "x", "", 99, now + SECOND);
    ingest();
    ck_assert_uint_eq(series->count, 65);
    ck_assert(history_at(&series->history, series->history.count - 1)->value == 99);
}
END_TEST

static void feed_many(int series, int readings)
{
    for (int i = 0; i < series * readings; i++) {
        char name[16];
        snprintf(name, sizeof name, "S%d", i % series);
        now += 1000;
        build_reading(&batch, name, name, "x", "", (i % 7) * (i % 7) % 7 + i % 3 * 0.1, now);
        if (batch.message_count == 1000)
            ingest();
    }
    ingest();
}

static uint32_t series_of_size(enum detector_size size)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fleet_series_count(fleet); i++)
        count += fleet_series(fleet, i)->detector_size == size;
    ck_assert_uint_eq(count, fleet_totals(fleet)->detectors[size]);
    return count;
}

START_TEST(short_memory_makes_detectors_small)
{
    fleet_with((struct fleet_options){.detector = &detector_auto, .memory = (size_t)10 << 20});
    feed_many(500, 60);
    const struct fleet_totals *totals = fleet_totals(fleet);
    const struct series *last = fleet_series(fleet, 499);
    ck_assert_uint_eq(series_of_size(DETECTOR_FULL), 500);
    feed_many(2000, 1);
    ck_assert(totals->series == 2000 && totals->overflow == 0);
    ck_assert_uint_le(totals->memory, (size_t)10 << 20);
    ck_assert_uint_gt(series_of_size(DETECTOR_FULL), 0);
    ck_assert_uint_eq(series_of_size(DETECTOR_TINY), 0);
    ck_assert_int_eq(fleet_series(fleet, 0)->detector_size, DETECTOR_FULL);
    ck_assert_int_eq(last->detector_size, DETECTOR_SMALL);
    ck_assert(detector_auto_small.due(last->detector) !=
              DETECTOR_NEVER); /* it knows what it knew */
    feed_many(3500, 1);
    ck_assert(totals->series == 3500 && totals->overflow == 0);
    ck_assert_uint_eq(series_of_size(DETECTOR_FULL), 0);
    ck_assert_uint_gt(series_of_size(DETECTOR_TINY), 1000);
    ck_assert_uint_gt(series_of_size(DETECTOR_SMALL), 500);
    feed_many(3500, 40);
    ck_assert_uint_eq(totals->readings, 500 * 60 + 2000 + 3500 * 41);
    tick_at(now + 3600 * SECOND);
    ck_assert_uint_ge(outcomes_of(OUTCOME_ANOMALY), 500);
}
END_TEST

START_TEST(foreign_texts_count_as_memory)
{
    char text[101];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    reading(20);
    size_t before = fleet_totals(fleet)->memory;
    build_message(&batch, TOPIC, now);
    build_fact(&batch, "T1", "location", text);
    struct item *item = batch_add(&batch, ITEM_TEXT);
    item->sensor = "T1";
    item->text = text;
    ingest();
    ck_assert_uint_eq(fleet_totals(fleet)->memory, before + sizeof "location" + 2 * sizeof text);
    build_message(&batch, TOPIC, now);
    build_fact(&batch, "T1", "location", "attic");
    ingest();
    ck_assert_uint_eq(fleet_totals(fleet)->memory,
                      before + sizeof "location" + sizeof text + sizeof "attic");
    ck_assert_uint_eq(fleet_totals(fleet)->overflow, 0);
}
END_TEST

/* Each topic another sensor, each message a new fact: beyond the budget none is taken in. */
START_TEST(a_flood_of_names_and_texts_ends_at_the_budget)
{
    enum { BUDGET = 1 << 20, SLACK = 64 << 10 };
    fleet_with((struct fleet_options){.memory = BUDGET});
    reading(20);
    for (int i = 0; i < 5000; i++) {
        char name[100];
        snprintf(name, sizeof name, "%090d", i);
        now += 1000;
        build_reading(&batch, name, name, "x", "", i, now);
        for (int k = 0; k < 4; k++) {
            name[0] = (char)('a' + k);
            build_fact(&batch, "T1", name, name);
            build_fact(&batch, name + 5, name, name);
        }
        ingest();
    }
    const struct fleet_totals *totals = fleet_totals(fleet);
    ck_assert_uint_ge(totals->memory, BUDGET);
    ck_assert_uint_lt(totals->memory, BUDGET + SLACK);
    ck_assert_uint_gt(totals->series, 100);
    ck_assert_uint_gt(totals->overflow, 4000);
    uint64_t overflow = totals->overflow;
    build_message(&batch, TOPIC, now);
    build_fact(&batch, "T1", fleet_twin(fleet, 0)->facts[0].name, "short");
    reading(21);
    ck_assert_str_eq(fleet_twin(fleet, 0)->facts[0].text, "short");
    ck_assert(fleet_series(fleet, 0)->count == 2 && fleet_series(fleet, 0)->value == 21);
    ck_assert_uint_eq(totals->overflow, overflow);
}
END_TEST

START_TEST(histories_leave_room_for_sensors_to_come)
{
    fleet_with((struct fleet_options){.memory = 1 << 20});
    for (int i = 0; i < 40 * HISTORY_LIMIT; i++) {
        char name[8];
        snprintf(name, sizeof name, "S%d", i % 40);
        build_reading(&batch, name, name, "x", "", i, now + i);
        if (i % 1000 == 0)
            ingest();
    }
    ingest();
    ck_assert_uint_lt(fleet_series(fleet, 39)->history.count, HISTORY_LIMIT);
    build_reading(&batch, TOPIC, "late", "x", "", 1, now + SECOND);
    ingest();
    ck_assert_uint_eq(fleet_series_count(fleet), 41);
    ck_assert_uint_eq(fleet_totals(fleet)->overflow, 0);
}
END_TEST

TCase *fleet_bounds_case(void)
{
    TCase *tests = fleet_case("bounds");
    tcase_add_test(tests, series_past_the_cap_overflow);
    tcase_add_test(tests, short_memory_makes_detectors_small);
    tcase_add_test(tests, memory_budget_stops_histories_only);
    tcase_add_test(tests, units_without_end_are_bounded);
    tcase_add_test(tests, a_flood_takes_nothing_from_those_who_were_there);
    tcase_add_test(tests, foreign_texts_count_as_memory);
    tcase_add_test(tests, a_flood_of_names_and_texts_ends_at_the_budget);
    tcase_add_test(tests, histories_leave_room_for_sensors_to_come);
    return tests;
}
