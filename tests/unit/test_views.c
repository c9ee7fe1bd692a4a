#include "unit/suites.h"

#include <stdio.h>
#include <string.h>

#include "ui/ui_state.h"
#include "unit/build.h"
#include "unit/stage.h"

#define SECOND TIMESTAMP_SECOND

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 120, 40, false);
}

static void teardown(void)
{
    stage_close(&stage);
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

/* Text found in a row, without a doubt about which row. */
static bool row_has(const char *name, const char *text)
{
    int y = stage_find(&stage, name);
    return y >= 0 && strstr(stage_row(&stage, y), text);
}

static void resize(int width, int height)
{
    ui_resize(stage.ui, width, height);
    stage_draw(&stage);
}

static void lose_broker(void)
{
    stage.connection.state = CONNECTION_WAITING;
    stage.connection.attempts = 3;
    stage.connection.next_try = stage.now + 2500000;
    snprintf(stage.connection.reason, sizeof stage.connection.reason,
             "Connection refused: nobody listens on pi4 port 1883. Is the broker running there? "
             "Start it, or give another address with -h and -p.");
}

START_TEST(a_switch_is_neither_on_nor_off_before_its_first_reading)
{
    struct batch *batch = &stage.batch;
    batch_reset(batch);
    build_lab(batch, "digital_twin/lab/sensor/D1/door", "D1", "door", "", 1, stage.now);
    batch->items[batch->item_count - 1].binary_state = true;
    engine_ingest(stage.engine, batch);
    stage_draw(&stage);
    ck_assert(row_has("D1/door", " on "));
    ui_pause_at(stage.ui, stage.engine, stage.now - 5 * SECOND);
    stage_draw(&stage);
    ck_assert(!row_has("D1/door", " on "));
}
END_TEST

START_TEST(insecure_shows_all_the_while)
{
    static const enum connection_state states[] = {CONNECTION_TRYING, CONNECTION_LIVE,
                                                   CONNECTION_WAITING};
    static const int heights[] = {40, 12};

    stage.connection.insecure = true;
    for (int i = 0; i < 6; i++) {
        stage.connection.state = states[i / 2];
        resize(80, heights[i % 2]);
        ck_assert(shows("INSECURE"));
        ck_assert_int_eq(stage_style(&stage, "INSECURE"), STYLE_BAR_ALARM);
    }
    stage.connection.state = CONNECTION_LIVE;
    stage_key(&stage, 'p');
    ck_assert(shows("PAUSED"));
    ck_assert(shows("INSECURE"));
    stage.connection.insecure = false;
    stage_draw(&stage);
    ck_assert(!shows("INSECURE"));
}
END_TEST

START_TEST(a_silent_subscription_says_what_to_try)
{
    snprintf(stage.connection.hint, sizeof stage.connection.hint, "nothing received on a/#");
    stage_draw(&stage);
    ck_assert(shows("Connected, but nothing received on a/#"));
}
END_TEST

START_TEST(header_tells_all_in_one_line)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 20);
    stage_draw(&stage);
    ck_assert_str_eq(stage_row(&stage, 0),
                     " dt-top  mqtt://pi4:1883 ● 20s  digital_twin/#  1 twin  1 series  1.0 msg/s  "
                     "0 dropped                         14:00:20");
    ck_assert_uint_eq(stage_style(&stage, "●"), STYLE_BAR_GOOD);
    ck_assert(row_has("Online", "1/1"));
    ck_assert(row_has("Bad payloads", " 0"));
}
END_TEST

START_TEST(header_drops_the_least_important_first)
{
    stage.facts.dropped = 7;
    stage_draw(&stage);
    resize(60, 24);
    ck_assert(row_has("dt-top", "drop 7"));
    ck_assert(row_has("dt-top", "●"));
    ck_assert(!shows("series "));
    ck_assert(!shows("digital_twin/#  "));
    resize(40, 24);
    ck_assert(row_has("dt-top", "●"));
}
END_TEST

/* Drops and the simulator have no other place at the classic size; messages a second have. */
START_TEST(header_keeps_drops_and_simulator_at_80_columns)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 20);
    stage.facts.sim_running = true;
    stage.facts.sim_sensors = 6;
    stage_draw(&stage);
    resize(80, 24);
    ck_assert(row_has("dt-top", "drop 0"));
    ck_assert(row_has("dt-top", "s 6"));
    ck_assert(!row_has("dt-top", "msg/s"));
    ck_assert(shows("Msg/s"));
}
END_TEST

START_TEST(dead_broker_is_told_in_full)
{
    lose_broker();
    stage_draw(&stage);
    resize(80, 24);
    ck_assert_uint_eq(stage_style(&stage, "○ not connected"), STYLE_BAR_ALARM);
    ck_assert_str_eq(
        stage_row(&stage, 1),
        " ○ Connection refused: nobody listens on pi4 port 1883. Is      next try in 3 s");
    ck_assert_str_eq(
        stage_row(&stage, 2),
        "   the broker running there? Start it, or give another address with -h and -p.");
    ck_assert(shows("No sensors yet"));
}
END_TEST

START_TEST(dead_broker_is_told_on_every_size)
{
    static const int sizes[][2] = {{80, 12}, {80, 8}, {40, 6}, {24, 3}};
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 20);
    lose_broker();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        resize(sizes[i][0], sizes[i][1]);
        ck_assert_msg(shows("○ not connected"), "%dx%d", sizes[i][0], sizes[i][1]);
        ck_assert(shows("22.7"));
    }
}
END_TEST

START_TEST(connecting_keeps_the_last_reason_in_sight)
{
    lose_broker();
    stage.connection.state = CONNECTION_TRYING;
    stage_draw(&stage);
    ck_assert(row_has("◐ connecting", "mqtt://pi4:1883"));
    ck_assert(row_has("Connecting ...", "Connection refused"));
}
END_TEST

START_TEST(quiet_row_is_quiet)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_draw(&stage);
    int y = stage_find(&stage, "TEMP_1/temperature");
    const char *row = stage_row(&stage, y);
    ck_assert_ptr_eq(strstr(row, " ● TEMP_1/temperature"), row);
    ck_assert_ptr_nonnull(strstr(row, "22.70 °C"));
    ck_assert_ptr_nonnull(strstr(row, "22.40"));
    ck_assert_ptr_nonnull(strstr(row, "0.0s"));
    ck_assert_uint_eq(stage_style(&stage, "● TEMP"), STYLE_GOOD | STYLE_SELECTED);
    ck_assert_uint_eq(stage_style(&stage, "TEMP_1/temp"), STYLE_NORMAL | STYLE_SELECTED);
    ck_assert_uint_eq(stage_style(&stage, "22.40"), STYLE_DIM | STYLE_SELECTED);
}
END_TEST

START_TEST(numbers_stand_below_their_headings)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_draw(&stage);
    int y = stage_find(&stage, "TWIN / SERIES");
    char heading[STAGE_TEXT];
    snprintf(heading, sizeof heading, "%s", stage_row(&stage, y));
    const char *row = stage_row(&stage, y + 1);
    /* Both right-aligned: they end in the same column. Three bytes before it are an arrow in the
     * one and a dot in the other. */
    ck_assert_int_eq(strstr(heading, "VALUE") + 5 - heading, strstr(row, "22.70") + 5 - row);
}
END_TEST

START_TEST(anomaly_stands_out_and_fades)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_quiet(&stage, "AAA", "temperature", "Celsius", 1);
    stage_reading(&stage, "TEMP_1", "temperature", "Celsius", 28.5);
    stage_draw(&stage);
    ck_assert_uint_eq(stage_style(&stage, "! TEMP_1"), STYLE_ALARM);
    ck_assert_uint_eq(stage_style(&stage, "TEMP_1/temp"), STYLE_STRONG);
    ck_assert_uint_eq(stage_style(&stage, "28.5 °C"), STYLE_ALARM);
    ck_assert(row_has("! TEMP_1/temperature", "+20"));

    int event = stage_find(&stage, "spike: 28.5 °C, expected 21.5 to 23.3");
    ck_assert_int_gt(event, 0);
    ck_assert_ptr_eq(strstr(stage_row(&stage, event), " 14:00:31 ! TEMP_1/temperature "),
                     stage.row);
    ck_assert_uint_eq(stage_style(&stage, "spike: 28.5"), STYLE_STRONG);

    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 20);
    stage_draw(&stage);
    ck_assert_uint_eq(stage_style(&stage, "! TEMP_1/"), STYLE_FADING);
    ck_assert_uint_eq(stage_style(&stage, "TEMP_1/temp"), STYLE_NORMAL);
    ck_assert_uint_eq(stage_style(&stage, "spike: 28.5"), STYLE_NORMAL);

    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 60);
    stage_draw(&stage);
    ck_assert_uint_eq(stage_style(&stage, "● TEMP_1/"), STYLE_GOOD);
    ck_assert_uint_eq(stage_style(&stage, "spike: 28.5"), STYLE_DIM);
}
END_TEST

START_TEST(anomalous_cell_of_the_sparkline_stands_out)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_quiet(&stage, "AAA", "temperature", "Celsius", 1);
    stage_reading(&stage, "TEMP_1", "temperature", "Celsius", 28.5);
    stage_draw(&stage);
    int y = stage_find(&stage, "! TEMP_1/temperature"), alarms = 0;
    for (int x = 30; x < stage.canvas->width; x++)
        alarms += canvas_at(stage.canvas, x, y)->style == (STYLE_ALARM | STYLE_REVERSE);
    ck_assert_int_eq(alarms, 1);
}
END_TEST

START_TEST(new_anomalies_are_counted_until_a_key)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_reading(&stage, "TEMP_1", "temperature", "Celsius", 28.5);
    stage_draw(&stage);
    ck_assert(row_has("Events", "1 new"));
    ck_assert(row_has("Anomalies 1 h", "1 new"));
    stage_key(&stage, KEY_ARROW_DOWN);
    ck_assert(!shows("1 new"));
}
END_TEST

START_TEST(silence_is_late_then_lost)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_quiet(&stage, "AAA", "temperature", "Celsius", 8);
    stage_wait(&stage, 0);
    stage_draw(&stage);
    ck_assert_uint_eq(stage_style(&stage, "◐ TEMP_1"), STYLE_WARN);
    ck_assert_uint_eq(stage_style(&stage, "8.0s"), STYLE_WARN);
    ck_assert(row_has("◐ TEMP_1", "···"));
    stage_quiet(&stage, "AAA", "temperature", "Celsius", 60);
    stage_wait(&stage, 0);
    stage_draw(&stage);
    ck_assert_uint_eq(stage_style(&stage, "○ TEMP_1"), STYLE_DIM);
}
END_TEST

START_TEST(retained_value_has_no_age)
{
    build_retained(&stage.batch, "digital_twin/lab/sensor/M/energy", "M", "energy", "kWh", 18234.5,
                   stage.now);
    engine_ingest(stage.engine, &stage.batch);
    stage_wait(&stage, 40 * SECOND);
    stage_draw(&stage);
    ck_assert(row_has("M/energy", "RETAINED"));
    resize(80, 24);
    ck_assert(row_has("M/energy", "18234 kWh"));
    ck_assert(row_has("M/energy", "RETAINED"));
}
END_TEST

START_TEST(long_names_keep_their_series_readable)
{
    stage_quiet(&stage, "building-7-floor-3-room-12-north-window-left", "temperature", "Celsius",
                3);
    stage_draw(&stage);
    resize(80, 24);
    ck_assert(shows("…"));
    ck_assert(shows("/temperature"));
}
END_TEST

START_TEST(card_tells_of_the_twin)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    batch_reset(&stage.batch);
    build_presence(&stage.batch, "digital_twin/lab/sensor/TEMP_1/status", "TEMP_1", STATUS_ONLINE,
                   stage.now);
    build_malformed(&stage.batch, "digital_twin/lab/sensor/TEMP_1/temperature", "no JSON",
                    stage.now);
    engine_ingest(stage.engine, &stage.batch);
    stage_wait(&stage, 5 * SECOND);
    stage_draw(&stage);
    ck_assert(row_has("identity", "TEMP_1"));
    ck_assert(row_has("location", "Lab Environment"));
    ck_assert(row_has("firmware", "1.0.0"));
    ck_assert(row_has("presence", "online  5.0s"));
    ck_assert(row_has("period", "1.0 s"));
    ck_assert(row_has("messages", "1 malformed"));
    ck_assert_uint_eq(stage_style(&stage, "online  5.0s"), STYLE_GOOD);
    ck_assert(row_has("mean 22.40", "0.31"));
}
END_TEST

/* A ramp: its band's edge is always some way ahead. */
static void ramp(int count)
{
    for (int i = 0; i < count; i++) {
        stage.now += SECOND;
        stage_reading(&stage, "BOILER", "temperature", "Celsius", 60 + 0.1 * i + (i % 2) * 0.05);
    }
}

START_TEST(what_is_to_come_is_shown_and_told)
{
    ramp(300);
    stage_draw(&stage);
    ck_assert(row_has("TWIN / SERIES", "ETA"));
    ck_assert(row_has("crosses", " °C in "));
    ck_assert(row_has("crosses", " s (±"));
    ck_assert_uint_eq(stage_style(&stage, "crosses"), STYLE_DIM);
    ck_assert(shows("┊"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("┊") && row_has("crosses", " °C in "));
    stage_key(&stage, KEY_ESC);
    stage_key(&stage, 'p');
    ck_assert(!shows("┊") && !shows("crosses"));
    stage_key(&stage, 'p');
    ck_assert(shows("┊"));
    for (int i = 0; i < 3; i++) /* by state, by age, by ETA: soonest first */
        stage_key(&stage, '<');
    ck_assert(shows("ETA ▲"));
}
END_TEST

START_TEST(what_is_flat_has_no_eta)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 200);
    stage_draw(&stage);
    ck_assert(!shows("crosses"));
    ck_assert(row_has("TEMP_1/temperature", " - "));
}
END_TEST

/* The status topic says online, the silence says lost: both are shown. */
START_TEST(presence_and_cadence_may_disagree)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    batch_reset(&stage.batch);
    build_presence(&stage.batch, "digital_twin/lab/sensor/TEMP_1/status", "TEMP_1", STATUS_ONLINE,
                   stage.now);
    engine_ingest(stage.engine, &stage.batch);
    stage_draw(&stage);
    ck_assert(row_has("cadence", "live"));
    stage_wait(&stage, 5 * SECOND);
    stage_draw(&stage);
    ck_assert(row_has("presence", "online"));
    ck_assert(row_has("cadence", "late  5.0s"));
    stage_wait(&stage, 60 * SECOND);
    stage_draw(&stage);
    ck_assert(row_has("presence", "online"));
    ck_assert(row_has("cadence", "lost  1m05"));
    ck_assert_uint_eq(stage_style(&stage, "lost  1m05"), STYLE_WARN);
}
END_TEST

static void timed(int count, timestamp interval, timestamp lag)
{
    for (int i = 0; i < count; i++) {
        stage.now += interval;
        batch_reset(&stage.batch);
        build_message(&stage.batch, "plant/t", stage.now);
        build_value(&stage.batch, "TICK", "x", "value", i % 3, stage.now - lag);
        engine_ingest(stage.engine, &stage.batch);
    }
    stage_draw(&stage);
}

START_TEST(the_card_tells_of_clock_and_pace)
{
    timed(60, 2 * SECOND, SECOND * 3 / 10);
    ck_assert(row_has("period", "2.0 s   lag 0.3 s"));
    timed(60, 2 * SECOND, 7200 * SECOND);
    ck_assert(row_has("clock", "2h00 behind"));
    ck_assert(row_has("period", "2.0 s"));
    ck_assert(shows("its clock is 2h00 behind"));
    timed(80, SECOND / 5, -3 * SECOND);
    ck_assert(row_has("cadence", "too fast, usually 2.0 s"));
    ck_assert(row_has("clock", "3.0 s ahead"));
}
END_TEST

START_TEST(paused_screen_does_not_look_live)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_draw(&stage);
    stage_key(&stage, 'p');
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 42);
    stage_draw(&stage);
    ck_assert_ptr_eq(strstr(stage_row(&stage, 0), " PAUSED -00:42, 42 buffered"), stage.row);
    ck_assert_uint_eq(canvas_at(stage.canvas, 119, 0)->style, STYLE_NOTICE);
    ck_assert(!shows("now"));
    stage_key(&stage, 'p');
    ck_assert(!shows("PAUSED"));
    ck_assert(shows("now"));
    stage_key(&stage, 'p');
    resize(20, 3);
    ck_assert(shows("PAUSED"));
}
END_TEST

START_TEST(empty_table_says_what_to_do)
{
    stage_draw(&stage);
    ck_assert(shows("nothing has come on digital_twin/# yet"));
    ck_assert(shows("Nothing has happened yet"));
}
END_TEST

START_TEST(binary_series_says_on_and_off)
{
    batch_reset(&stage.batch);
    build_reading(&stage.batch, "digital_twin/lab/sensor/D/door", "D", "door", "", 1, stage.now);
    stage.batch.items[stage.batch.item_count - 1].binary_state = true;
    engine_ingest(stage.engine, &stage.batch);
    stage_draw(&stage);
    ck_assert(row_has("D/door", " on "));
}
END_TEST

START_TEST(detail_shows_chart_twin_and_statistics)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_reading(&stage, "TEMP_1", "temperature", "Celsius", 28.5);
    stage_draw(&stage);
    stage_key(&stage, KEY_RETURN);
    ck_assert(row_has("Twin", "Series"));
    ck_assert(row_has("identity", "28.5 °C"));
    ck_assert(row_has("expected", "to"));
    ck_assert(row_has("anomalies", "1, last 0.0s ago"));
    ck_assert(row_has("spike: 28.5", "expected")); /* goes on in the next line */
    ck_assert(shows(" 21.5 to 23.3"));
    ck_assert(!shows("TWIN / SERIES"));
}
END_TEST

static void sys(const char *topic, const char *value)
{
    ck_assert(sys_take(&stage.connection.sys, topic, value, strlen(value)));
}

START_TEST(broker_is_shown_with_what_it_says_of_itself)
{
    snprintf(stage.connection.granted, sizeof stage.connection.granted,
             "plant/#  QoS 1\nsecret/#  refused");
    stage.connection.sys.state = SYS_GRANTED;
    sys("$SYS/broker/version", "broker 9.1");
    sys("$SYS/broker/uptime", "7200 seconds");
    sys("$SYS/broker/clients/connected", "37");
    sys("$SYS/broker/load/messages/received/1min", "90.00");
    sys("$SYS/broker/load/messages/sent/1min", "1200.00");
    sys("$SYS/broker/load/bytes/received/1min", "61440");
    sys("$SYS/broker/publish/messages/dropped", "5");
    stage_key(&stage, '4');
    ck_assert(row_has("subscribed to", "plant/#  QoS 1"));
    ck_assert_int_eq(stage_style(&stage, "secret/#  refused"), STYLE_WARN);
    ck_assert(row_has("version", "broker 9.1"));
    ck_assert(row_has("running for", "2h00"));
    ck_assert(row_has("clients", "37"));
    ck_assert(shows("msg/s, 1 min  1.5 in, 20 out"));
    ck_assert(shows("1K in, - out"));
    ck_assert(shows("messages/s"));
}
END_TEST

START_TEST(broker_that_says_nothing_is_told_why)
{
    stage_key(&stage, '4');
    ck_assert(shows("Asking for its $SYS topics"));
    stage.connection.sys.state = SYS_REFUSED;
    stage_draw(&stage);
    ck_assert(shows("Refused"));
    stage.connection.sys.state = SYS_GRANTED;
    stage_draw(&stage);
    ck_assert(shows("Nothing so far"));
    stage.connection.sys.state = SYS_HUNG_UP;
    stage_draw(&stage);
    ck_assert(shows("hung up"));
    stage.connection.state = CONNECTION_REPLAYING;
    stage_draw(&stage);
    ck_assert(shows("no connection to a broker"));
}
END_TEST

START_TEST(help_lists_every_key)
{
    stage_draw(&stage);
    stage_key(&stage, '?');
    resize(120, 70);
    size_t count;
    const struct key_help *help = keys_help(&count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(row_has(help[i].does, help[i].keys), "%s", help[i].does);
    ck_assert(shows("lost or offline"));
}
END_TEST

static void feed_zoo(void)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 40);
    stage_quiet(&stage, "温度センサー", "temperature", "°C", 20);
    stage_quiet(&stage, "building-7-floor-3-room-12-north-window-left", "relative-humidity", "%",
                12);
    stage_reading(&stage, "BIG", "count", "", 1.7e308);
    stage_reading(&stage, "BIG", "count", "", -1.7e308);
    stage_reading(&stage, "TEMP_1", "temperature", "Celsius", 99);
    for (int i = 0; i < 30; i++) {
        char name[32];
        snprintf(name, sizeof name, "N%02d", i);
        stage_reading(&stage, name, "level", "m", i / 3.0);
    }
    stage_wait(&stage, SECOND);
}

static bool all_ascii(const struct canvas *canvas)
{
    for (int i = 0; i < canvas->width * canvas->height; i++)
        for (const char *c = canvas->cells[i].text; *c; c++)
            if (*c < ' ' || *c > '~')
                return false;
    return true;
}

static const int widths[] = {1,  2,  3,  5,  9,   13,  20,  30,  39,  40,  41,
                             55, 63, 64, 80, 100, 119, 120, 136, 160, 200, 250};
static const int heights[] = {1, 2, 3, 5, 6, 9, 10, 12, 13, 15, 16, 20, 23, 24, 25, 30, 40, 60, 80};

/* Every screen at every size: nothing may fault, and ASCII is ASCII. */
START_TEST(every_size_draws)
{
    static const char keys[] = {'j', KEY_RETURN, KEY_ESC, '?', KEY_ESC,
                                'z', KEY_TAB_,   'z',     'p', 'x'};
    bool ascii = _i == 1;
    stage_close(&stage);
    stage_open(&stage, 80, 24, ascii);
    feed_zoo();
    if (_i == 2)
        lose_broker();
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        for (size_t j = 0; j < sizeof heights / sizeof *heights; j++) {
            ui_resize(stage.ui, widths[i], heights[j]);
            for (size_t k = 0; k < sizeof keys; k++) {
                stage_key(&stage, (uint32_t)keys[k]);
                if (stage.canvas->width != widths[i] || stage.canvas->height != heights[j])
                    ck_abort_msg("drawn at another size");
                if (ascii && !all_ascii(stage.canvas))
                    ck_abort_msg("not ASCII at %dx%d", widths[i], heights[j]);
            }
            stage_key(&stage, 'n');
            stage_key(&stage, 'p');
        }
}
END_TEST

/* A resize between question and answer: the snapshot was made for another size. */
START_TEST(prompts_draw_on_every_width)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_draw(&stage);
    stage_key(&stage, '\\');
    for (int width = 120; width >= 1; width--)
        resize(width, 20);
    stage_key(&stage, KEY_ESC);
    stage_key(&stage, '/');
    for (int width = 120; width >= 1; width--)
        resize(width, 20);
}
END_TEST

START_TEST(a_resize_between_snapshot_and_frame_is_survived)
{
    struct snapshot_request request;
    feed_zoo();
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        ui_resize(stage.ui, 251 - widths[i], 40);
        ui_request(stage.ui, stage.now, &request);
        engine_snapshot(stage.engine, &request, &stage.snapshot);
        ui_answer(stage.ui, &stage.snapshot);
        ui_resize(stage.ui, widths[i], 30);
        ui_draw(stage.ui, &stage.snapshot, &stage.connection, &stage.facts, stage.now);
    }
}
END_TEST

Suite *views_suite(void)
{
    Suite *suite = suite_create("views");
    TCase *tests = tcase_create("views");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, insecure_shows_all_the_while);
    tcase_add_test(tests, a_silent_subscription_says_what_to_try);
    tcase_add_test(tests, header_tells_all_in_one_line);
    tcase_add_test(tests, header_drops_the_least_important_first);
    tcase_add_test(tests, header_keeps_drops_and_simulator_at_80_columns);
    tcase_add_test(tests, dead_broker_is_told_in_full);
    tcase_add_test(tests, dead_broker_is_told_on_every_size);
    tcase_add_test(tests, connecting_keeps_the_last_reason_in_sight);
    tcase_add_test(tests, quiet_row_is_quiet);
    tcase_add_test(tests, numbers_stand_below_their_headings);
    tcase_add_test(tests, anomaly_stands_out_and_fades);
    tcase_add_test(tests, anomalous_cell_of_the_sparkline_stands_out);
    tcase_add_test(tests, new_anomalies_are_counted_until_a_key);
    tcase_add_test(tests, silence_is_late_then_lost);
    tcase_add_test(tests, retained_value_has_no_age);
    tcase_add_test(tests, long_names_keep_their_series_readable);
    tcase_add_test(tests, card_tells_of_the_twin);
    tcase_add_test(tests, what_is_to_come_is_shown_and_told);
    tcase_add_test(tests, what_is_flat_has_no_eta);
    tcase_add_test(tests, presence_and_cadence_may_disagree);
    tcase_add_test(tests, the_card_tells_of_clock_and_pace);
    tcase_add_test(tests, paused_screen_does_not_look_live);
    tcase_add_test(tests, empty_table_says_what_to_do);
    tcase_add_test(tests, binary_series_says_on_and_off);
    tcase_add_test(tests, detail_shows_chart_twin_and_statistics);
    tcase_add_test(tests, broker_is_shown_with_what_it_says_of_itself);
    tcase_add_test(tests, broker_that_says_nothing_is_told_why);
    tcase_add_test(tests, help_lists_every_key);
    tcase_add_loop_test(tests, every_size_draws, 0, 3);
    tcase_add_test(tests, a_switch_is_neither_on_nor_off_before_its_first_reading);
    tcase_add_test(tests, prompts_draw_on_every_width);
    tcase_add_test(tests, a_resize_between_snapshot_and_frame_is_survived);
    suite_add_tcase(suite, tests);
    return suite;
}
