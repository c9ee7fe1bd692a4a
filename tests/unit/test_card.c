/* The card of a twin, with and without a series, and of a group; the log of its readings. */
#include "unit/suites.h"

#include <stdio.h>
#include <string.h>

#include "core/payload.h"
#include "ui/ui_state.h"
#include "unit/build.h"
#include "unit/stage.h"

#define SECOND TIMESTAMP_SECOND

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 160, 50, false);
}

static void teardown(void)
{
    stage_close(&stage);
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

static void send(const char *topic, const char *payload)
{
    struct decoder *decoder = decoder_new(NULL);
    struct message message = {
        .topic = topic, .payload = payload, .bytes = strlen(payload), .arrival = stage.now};
    batch_reset(&stage.batch);
    decoder_decode(decoder, &message, &stage.batch);
    engine_ingest(stage.engine, &stage.batch);
    decoder_free(decoder);
}

START_TEST(last_readings_with_time_value_and_score)
{
    stage_quiet(&stage, "T1", "temperature", "Celsius", 30); /* the last at 14:00:30 */
    stage.now += SECOND;
    stage_reading(&stage, "T1", "temperature", "Celsius", 28.5);
    stage_draw(&stage);
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows(" Readings "));
    ck_assert_uint_eq(stage.snapshot.card.reading_total, 31);
    const struct reading_row *last = &stage.snapshot.card.readings[0];
    ck_assert_double_eq(last->value, 28.5);
    ck_assert_int_eq(last->mark, MARK_ALARM);
    ck_assert_double_eq_tol(last->z, stage.snapshot.card.row.z, 1e-9);
    ck_assert(shows("14:00:31       28.5    +20σ  spike"));
    ck_assert(shows("14:00:30       22.7"));
    ck_assert_uint_eq(stage_style(&stage, "28.5    +"), STYLE_ALARM);
}
END_TEST

START_TEST(readings_scroll_and_stand_still)
{
    stage_quiet(&stage, "T1", "temperature", "Celsius", 60);
    stage_draw(&stage);
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, 'j');
    stage_key(&stage, 'j');
    ck_assert(!shows("14:00:59      22"));
    ck_assert(shows("14:00:58      22"));
    stage_quiet(&stage, "T1", "temperature", "Celsius", 5);
    stage_draw(&stage);
    ck_assert(!shows("14:00:59      22"));
    ck_assert(shows("14:00:58      22"));
    stage_key(&stage, 'G');
    ck_assert(shows("14:00:01      22"));
    stage_key(&stage, 'j'); /* no further */
    stage_key(&stage, 'k');
    ck_assert(!shows("14:00:01      22"));
    stage_key(&stage, 'g');
    ck_assert(shows("14:01:05      22"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("TWIN / SERIES"));
}
END_TEST

START_TEST(payload_is_printed_whole_and_scrolls)
{
    char payload[1024] = "{\"sensor_id\":\"T0\",\"flow\":7.5";
    for (int i = 0; i < 30; i++)
        snprintf(payload + strlen(payload), sizeof payload - strlen(payload),
                 ",\"note%02d\":\"%s\"", i, i == 3 ? "\\u001b[31m" : "x");
    strcat(payload, "}");
    send("plant/T0/state", payload);
    stage_draw(&stage);
    ui_resize(stage.ui, 80, 24);
    stage_key(&stage, KEY_RETURN);
    ck_assert(!shows("Payload"));
    stage_key(&stage, KEY_TAB_);
    ck_assert(shows(" Readings "));
    ck_assert(shows(" Payload "));
    ck_assert(shows("\"sensor_id\": \"T0\""));
    ck_assert(!shows("note29"));
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, 'G');
    stage_draw(&stage);
    ck_assert(!shows("\"sensor_id\""));
    ck_assert(shows("note29"));
    stage_key(&stage, 'k');
    ck_assert(!shows("}"));
    stage_key(&stage, KEY_TAB_);
    ck_assert(shows("identity"));
    for (int y = 0; y < 24; y++)
        ck_assert(strchr(stage_row(&stage, y), 27) == NULL);
}
END_TEST

static void presence(const char *sensor, enum status status)
{
    char topic[128];
    snprintf(topic, sizeof topic, "digital_twin/lab/sensor/%s/status", sensor);
    batch_reset(&stage.batch);
    build_presence(&stage.batch, topic, sensor, status, stage.now);
    engine_ingest(stage.engine, &stage.batch);
}

START_TEST(a_twin_without_a_series_has_a_card)
{
    send("digital_twin/lab/sensor/GATE_7/status",
         "{\"sensor_id\":\"GATE_7\",\"status\":\"online\"}");
    stage.now += 5 * SECOND;
    stage_draw(&stage);
    ck_assert(shows("No number has come from it yet"));
    ck_assert(shows("presence  "));
    ck_assert(shows("online  5.0s"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("── GATE_7 ─"));
    ck_assert(shows("digital_twin/lab/sensor/GATE_7/status"));
    ck_assert(shows("QoS 0"));
    ck_assert(shows("1, none malformed"));
    ck_assert(shows("\"status\": \"online\""));
    ck_assert(!shows("Readings"));
    ui_resize(stage.ui, 60, 20);
    stage_draw(&stage);
    ck_assert(!shows("Payload"));
    stage_key(&stage, KEY_TAB_);
    ck_assert(shows("Payload"));
    ck_assert(shows("\"status\": \"online\""));
    stage_key(&stage, KEY_ESC);
    ui_resize(stage.ui, 160, 50);
    engine_mark_simulated(stage.engine, "GATE_7", true);
    stage.facts.sim_sensors = 1;
    stage_draw(&stage);
    stage_key(&stage, 'x'); /* and can be killed */
    ck_assert(shows("Kill GATE_7?"));
}
END_TEST

static void plant(const char *topic, const char *sensor, const char *series, double value)
{
    batch_reset(&stage.batch);
    build_lab(&stage.batch, topic, sensor, series, "m", value, stage.now);
    engine_ingest(stage.engine, &stage.batch);
}

static void run_plant(int seconds, double pump)
{
    for (int i = 0; i < seconds; i++) {
        stage.now += SECOND;
        plant("plant/boiler/temp", "boiler", "temp", i % 2);
        plant("plant/boiler/oil", "boiler", "oil", i % 2);
        plant("plant/hall/pump/flow", "pump", "flow", pump > 1 ? pump : i % 2);
        plant("plant/hall/fan/speed", "fan", "speed", i % 2);
    }
    engine_tick(stage.engine, stage.now);
    stage_draw(&stage);
}

START_TEST(a_group_is_summed_up)
{
    run_plant(30, 0);
    stage_key(&stage, 't');
    stage_key(&stage, 'g');
    ck_assert(stage.snapshot.group.valid);
    ck_assert(shows("plant/#"));
    ck_assert(shows("all is well"));
    ck_assert(shows("4.0 a second"));
    ck_assert(!shows("A group of topics"));
    run_plant(1, 99);
    ck_assert(shows("anomaly: pump/flow"));
    ck_assert_uint_eq(stage.snapshot.group.anomalies, 1);
    ck_assert_uint_eq(stage_style(&stage, "anomaly: pump/flow"), STYLE_ALARM);
    stage_key(&stage, KEY_RETURN); /* folded: it is still there */
    ck_assert(shows("anomaly: pump/flow"));
    ck_assert_uint_eq(stage.snapshot.row_count, 1);
}
END_TEST

START_TEST(headings_of_a_paused_tree_are_of_then)
{
    run_plant(30, 0);
    stage_key(&stage, 't');
    stage_key(&stage, 'g');
    stage_key(&stage, 'p');
    struct group_card then = stage.snapshot.group;
    run_plant(1, 99);
    for (int i = 0; i < 3; i++)
        plant("plant/hall/new/level", "new", "level", i);
    stage_wait(&stage, 3600 * SECOND); /* all of it is lost now */
    stage_draw(&stage);
    ck_assert_uint_eq(stage.snapshot.group.rows, then.rows);
    ck_assert_uint_eq(stage.snapshot.rows[0].rows, 4);
    ck_assert_int_eq(stage.snapshot.group.state, STATE_OK);
    ck_assert_uint_eq(stage.snapshot.group.anomalies, 0);
    ck_assert_double_eq_tol(stage.snapshot.group.rate, then.rate, 0.5);
    stage_key(&stage, 'L');
    ck_assert_uint_eq(stage.snapshot.rows[0].rows, 5);
    ck_assert_int_ne(stage.snapshot.group.state, STATE_OK);
    ck_assert_uint_ge(stage.snapshot.group.anomalies, 1);
}
END_TEST

START_TEST(presence_alone_is_of_a_group_too)
{
    presence("A", STATUS_ONLINE);
    presence("B", STATUS_OFFLINE);
    stage_draw(&stage);
    stage_key(&stage, 't');
    stage_key(&stage, 'g');
    ck_assert(shows("offline: B"));
}
END_TEST

Suite *card_suite(void)
{
    Suite *suite = suite_create("card");
    TCase *tests = tcase_create("card");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, last_readings_with_time_value_and_score);
    tcase_add_test(tests, readings_scroll_and_stand_still);
    tcase_add_test(tests, payload_is_printed_whole_and_scrolls);
    tcase_add_test(tests, a_twin_without_a_series_has_a_card);
    tcase_add_test(tests, a_group_is_summed_up);
    tcase_add_test(tests, headings_of_a_paused_tree_are_of_then);
    tcase_add_test(tests, presence_alone_is_of_a_group_too);
    suite_add_tcase(suite, tests);
    return suite;
}
