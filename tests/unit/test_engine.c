#include "unit/suites.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "source/moment.h"
#include "unit/build.h"

#define SECOND TIMESTAMP_SECOND
#define START (1700000000 * SECOND)

/* What the tap was told. */
struct heard {
    uint64_t readings, anomalies, presence, malformed;
    struct engine *engine;
};

static void hear(void *context, const struct outcomes *outcomes)
{
    struct heard *heard = context;
    for (size_t i = 0; i < outcomes->count; i++) {
        heard->readings += outcomes->list[i].type == OUTCOME_READING;
        heard->anomalies += outcomes->list[i].type == OUTCOME_ANOMALY;
        heard->presence += outcomes->list[i].type == OUTCOME_PRESENCE;
        heard->malformed += outcomes->list[i].type == OUTCOME_MALFORMED;
    }
    engine_now(heard->engine); /* would hang if the lock were still held */
}

static struct engine *engine;
static struct heard heard;
static struct batch batch;

static void start(void)
{
    heard = (struct heard){0};
    struct engine_tap tap = {.on_outcomes = hear, .context = &heard, .readings = true};
    engine = engine_new(&(struct fleet_options){0}, &tap);
    heard.engine = engine;
}

static void stop(void)
{
    engine_free(engine);
    batch_fini(&batch);
}

static void readings(int count)
{
    for (int i = 0; i < count; i++)
        build_reading(&batch, "t", "T1", "x", "", i % 3, START + i * SECOND);
    engine_ingest(engine, &batch);
    batch_reset(&batch);
}

START_TEST(a_closed_engine_takes_nothing)
{
    readings(2);
    engine_close(engine);
    readings(3);
    struct fleet_totals totals;
    engine_totals(engine, &totals);
    ck_assert_uint_eq(totals.messages, 2);
    ck_assert_uint_eq(heard.readings, 2);
}
END_TEST

static struct snapshot_request request_at(timestamp now)
{
    return (struct snapshot_request){.now = now,
                                     .as_of = TIMESTAMP_NONE,
                                     .selected = SNAPSHOT_NO_SERIES,
                                     .rows = 20,
                                     .spark_columns = 16,
                                     .span = 60 * SECOND,
                                     .chart_columns = 40,
                                     .events = 20};
}

START_TEST(ingest_is_told_and_shown)
{
    readings(20);
    ck_assert_uint_eq(heard.readings, 20);
    ck_assert_int_eq(engine_now(engine), START + 19 * SECOND);
    struct fleet_totals totals;
    engine_totals(engine, &totals);
    ck_assert_uint_eq(totals.readings, 20);
    struct snapshot_request request = request_at(START + 20 * SECOND);
    struct snapshot snapshot = {0};
    engine_snapshot(engine, &request, &snapshot);
    ck_assert(snapshot.row_count == 1 && snapshot.rows[0].count == 20);
    snapshot_fini(&snapshot);
}
END_TEST

START_TEST(ticks_judge_silence)
{
    readings(20);
    engine_tick(engine, START + 3600 * SECOND);
    ck_assert_uint_eq(heard.presence, 1);
    ck_assert_int_eq(engine_now(engine), START + 3600 * SECOND);
    engine_tick(engine, START);
    ck_assert_int_eq(engine_now(engine), START + 3600 * SECOND);
}
END_TEST

START_TEST(generation_grows_with_what_is_visible)
{
    uint64_t generation = engine_generation(engine);
    readings(1);
    ck_assert_uint_gt(engine_generation(engine), generation);
    generation = engine_generation(engine);
    engine_ingest(engine, &batch); /* empty */
    engine_tick(engine, START + SECOND / 3);
    ck_assert_uint_eq(engine_generation(engine), generation);
    engine_tick(engine, START + SECOND);
    ck_assert_uint_gt(engine_generation(engine), generation);
    generation = engine_generation(engine);
    engine_note(engine, START, EVENT_NOTE, "T1", "spawned");
    ck_assert_uint_gt(engine_generation(engine), generation);
    generation = engine_generation(engine);
    engine_mark_simulated(engine, "T1", true);
    ck_assert_uint_gt(engine_generation(engine), generation);
}
END_TEST

START_TEST(connection_is_kept_and_logged)
{
    struct connection connection = {.state = CONNECTION_WAITING, .next_try = 7};
    snprintf(connection.where, sizeof connection.where, "mqtt://pi4:1883");
    engine_connection(engine, &connection, START, "refused: not authorised");
    connection.state = CONNECTION_LIVE;
    engine_connection(engine, &connection, START + SECOND, NULL);
    struct connection got;
    engine_get_connection(engine, &got);
    ck_assert_int_eq(got.state, CONNECTION_LIVE);
    ck_assert_str_eq(got.where, "mqtt://pi4:1883");
    struct snapshot_request request = request_at(START);
    struct snapshot snapshot = {0};
    engine_snapshot(engine, &request, &snapshot);
    ck_assert_uint_eq(snapshot.event_count, 1);
    ck_assert_int_eq(snapshot.events[0].type, EVENT_CONNECTION);
    ck_assert_str_eq(snapshot.events[0].subject, "broker");
    ck_assert_str_eq(snapshot.events[0].text, "refused: not authorised");
    snapshot_fini(&snapshot);
}
END_TEST

START_TEST(hops_to_anomalies)
{
    readings(20);
    build_reading(&batch, "t", "T1", "x", "", 99, START + 20 * SECOND);
    engine_ingest(engine, &batch);
    uint64_t id = 0;
    ck_assert_uint_eq(engine_hop(engine, NULL, START, -1, 0, &id), 0);
    ck_assert_uint_eq(id, 1);
    ck_assert_uint_eq(heard.anomalies, 1);
}
END_TEST

static void connect_at(timestamp when, enum connection_state state)
{
    struct connection connection = {.state = state};
    engine_connection(engine, &connection, when, NULL);
}

/* The state of the only series when nothing has come for so long. */
static enum state state_after(timestamp last, timestamp silence)
{
    struct snapshot snapshot = {0};
    struct snapshot_request request = request_at(last + silence);
    engine_tick(engine, last + silence);
    engine_snapshot(engine, &request, &snapshot);
    enum state state = snapshot.rows[0].state;
    snapshot_fini(&snapshot);
    return state;
}

/* A machine that slept for an hour has heard nothing, and its sensors are not late for it. */
START_TEST(sleep_makes_nobody_late)
{
    readings(20);
    timestamp last = START + 19 * SECOND;
    struct moment before = {.wall = last, .steady = 5 * SECOND}, now = before;
    now.wall += 3601 * SECOND;
    now.steady += SECOND;
    timestamp jump = moment_jump(&before, &now);
    ck_assert_int_eq(jump, 3600 * SECOND);
    engine_skip(engine, now.wall - jump, now.wall);
    ck_assert_int_lt(state_after(now.wall, SECOND), STATE_LATE);
    ck_assert_int_eq(state_after(now.wall, 4 * SECOND), STATE_LATE);
    ck_assert_int_eq(state_after(now.wall, 60 * SECOND), STATE_LOST);
}
END_TEST

/* Set back by an hour, then away for ten minutes: late when silent for four seconds, as ever. */
START_TEST(a_clock_set_back_before_an_outage)
{
    readings(20);
    timestamp gone = START + 19 * SECOND - 3600 * SECOND;
    connect_at(START, CONNECTION_LIVE);
    connect_at(gone, CONNECTION_WAITING);
    connect_at(gone + 600 * SECOND, CONNECTION_LIVE);
    ck_assert_int_lt(state_after(gone + 600 * SECOND, SECOND), STATE_LATE);
    ck_assert_int_eq(state_after(gone + 600 * SECOND, 4 * SECOND), STATE_LATE);
}
END_TEST

START_TEST(a_clock_set_back_in_an_outage)
{
    readings(20);
    timestamp gone = START + 19 * SECOND, back = gone - 3600 * SECOND;
    connect_at(START, CONNECTION_LIVE);
    connect_at(gone, CONNECTION_WAITING);
    connect_at(back, CONNECTION_LIVE);
    ck_assert_int_lt(state_after(back, SECOND), STATE_LATE);
    ck_assert_int_eq(state_after(back, 4 * SECOND), STATE_LATE);
}
END_TEST

/* A view that is paused goes along with the past that it shows. */
START_TEST(a_pause_survives_a_clock_set_back)
{
    readings(20);
    struct snapshot snapshot = {0};
    struct snapshot_request request = request_at(START + 19 * SECOND);
    request.as_of = START + 10 * SECOND;
    engine_snapshot(engine, &request, &snapshot);
    double value = snapshot.rows[0].value;
    request = snapshot.request;
    engine_tick(engine, START + 19 * SECOND - 3600 * SECOND);
    engine_snapshot(engine, &request, &snapshot);
    ck_assert_int_eq(snapshot.request.as_of, START + 10 * SECOND - 3600 * SECOND);
    ck_assert_double_eq(snapshot.rows[0].value, value);
    ck_assert_int_eq(snapshot.rows[0].age, 0);
    request = snapshot.request;
    engine_snapshot(engine, &request, &snapshot);
    ck_assert_int_eq(snapshot.request.as_of, START + 10 * SECOND - 3600 * SECOND);
    snapshot_fini(&snapshot);
}
END_TEST

static void count_series(void *context, const struct series *series)
{
    *(uint64_t *)context += series->count;
}

START_TEST(each_series_is_visited)
{
    build_reading(&batch, "a", "A", "x", "", 1, START);
    build_reading(&batch, "b", "B", "x", "", 1, START);
    build_reading(&batch, "b", "B", "x", "", 2, START);
    engine_ingest(engine, &batch);
    uint64_t count = 0;
    engine_each_series(engine, count_series, &count);
    ck_assert_uint_eq(count, 3);
}
END_TEST

START_TEST(no_tap)
{
    struct engine *quiet = engine_new(&(struct fleet_options){0}, NULL);
    build_reading(&batch, "a", "A", "x", "", 1, START);
    engine_ingest(quiet, &batch);
    engine_tick(quiet, START + SECOND);
    struct fleet_totals totals;
    engine_totals(quiet, &totals);
    ck_assert_uint_eq(totals.readings, 1);
    engine_free(quiet);
    engine_free(NULL);
}
END_TEST

#define ROUNDS 150
#define SENSORS 40

static atomic_bool done;

/* New sensors, spikes, malformed messages, presence and ticks, as a link thread brings them. */
static void *ingester(void *context)
{
    (void)context;
    struct batch mine = {0};
    timestamp now = START;
    for (int round = 0; round < ROUNDS; round++, now += SECOND) {
        for (int i = 0; i < SENSORS && i <= round; i++) {
            char topic[32], name[16];
            snprintf(topic, sizeof topic, "plant/%d", i);
            snprintf(name, sizeof name, "S%d", i);
            double value = round % 50 == 49 ? 99 : 20 + round % 3;
            build_lab(&mine, topic, name, "x", "Celsius", value, now);
        }
        build_malformed(&mine, "plant/broken", "not JSON", now);
        build_presence(&mine, "plant/status", "S0", round % 2 ? STATUS_ONLINE : STATUS_OFFLINE,
                       now);
        engine_ingest(engine, &mine);
        engine_tick(engine, now + SECOND / 2);
        batch_reset(&mine);
    }
    batch_fini(&mine);
    atomic_store(&done, true);
    return NULL;
}

START_TEST(two_threads)
{
    pthread_t thread;
    struct snapshot snapshot = {0};
    struct snapshot_request request = request_at(START + ROUNDS * SECOND);
    request.sort = SORT_Z;
    atomic_store(&done, false);
    pthread_create(&thread, NULL, ingester, NULL);
    uint64_t generation = 0, id = 0;
    uint32_t frames = 0;
    for (bool last = false; !last; frames++) {
        last = atomic_load(&done); /* one more frame after the end */
        request.move = frames % 3 ? 1 : MOVE_HOME;
        engine_snapshot(engine, &request, &snapshot);
        request = snapshot.request;
        for (uint32_t i = 0; i < snapshot.row_count; i++)
            ck_assert_str_eq(snapshot.rows[i].unit, "Celsius");
        ck_assert_uint_ge(engine_generation(engine), generation);
        generation = engine_generation(engine);
        engine_hop(engine, NULL, START, -1, 0, &id);
        engine_mark_simulated(engine, "S1", frames % 2);
        engine_note(engine, START, EVENT_NOTE, "S1", "noted");
    }
    pthread_join(thread, NULL);
    ck_assert_uint_eq(snapshot.total_rows, SENSORS);
    ck_assert_uint_eq(heard.readings, snapshot.totals.readings);
    ck_assert_uint_eq(heard.malformed, ROUNDS);
    ck_assert_uint_gt(heard.presence, ROUNDS / 2);
    ck_assert_uint_gt(heard.anomalies, 0);
    snapshot_fini(&snapshot);
}
END_TEST

Suite *engine_suite(void)
{
    Suite *suite = suite_create("engine");
    TCase *tests = tcase_create("engine");
    tcase_add_checked_fixture(tests, start, stop);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, ingest_is_told_and_shown);
    tcase_add_test(tests, a_closed_engine_takes_nothing);
    tcase_add_test(tests, ticks_judge_silence);
    tcase_add_test(tests, generation_grows_with_what_is_visible);
    tcase_add_test(tests, connection_is_kept_and_logged);
    tcase_add_test(tests, hops_to_anomalies);
    tcase_add_test(tests, each_series_is_visited);
    tcase_add_test(tests, no_tap);
    tcase_add_test(tests, sleep_makes_nobody_late);
    tcase_add_test(tests, a_clock_set_back_before_an_outage);
    tcase_add_test(tests, a_clock_set_back_in_an_outage);
    tcase_add_test(tests, a_pause_survives_a_clock_set_back);
    tcase_add_test(tests, two_threads);
    suite_add_tcase(suite, tests);
    return suite;
}
