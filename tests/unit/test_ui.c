#include "unit/suites.h"

#include <string.h>

#include "core/payload.h"
#include "ui/ui_state.h"
#include "unit/stage.h"

#define SECOND TIMESTAMP_SECOND
#define F(n) (KEY_FUNCTION + (n))

static struct stage stage;

/* Ten twins T0 to T9, one reading each. */
static void setup(void)
{
    stage_open(&stage, 80, 24, false);
    for (int i = 0; i < 10; i++) {
        char name[] = {'T', (char)('0' + i), '\0'};
        stage_reading(&stage, name, "temperature", "Celsius", 20 + i);
    }
    stage_draw(&stage);
}

static void teardown(void)
{
    stage_close(&stage);
}

static const char *selected(void)
{
    return stage.snapshot.card.valid ? stage.snapshot.card.row.twin : "";
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

static void press(uint32_t key)
{
    ui_key(stage.ui, key, stage.engine, &stage.facts, stage.now);
}

static void select_simulated(void)
{
    engine_mark_simulated(stage.engine, "T0", true);
    stage.facts.sim_running = true;
    stage.facts.sim_sensors = 1;
    stage_draw(&stage);
}

START_TEST(moving_selects)
{
    ck_assert_str_eq(selected(), "T0");
    stage_key(&stage, 'j');
    ck_assert_str_eq(selected(), "T1");
    stage_key(&stage, 'G');
    ck_assert_str_eq(selected(), "T9");
    stage_key(&stage, KEY_ARROW_UP);
    ck_assert_str_eq(selected(), "T8");
    stage_key(&stage, KEY_HOME_);
    ck_assert_str_eq(selected(), "T0");
    stage_key(&stage, KEY_PAGE_DOWN);
    ck_assert_str_ne(selected(), "T0");
    stage_key(&stage, 'k');
    stage_key(&stage, KEY_PAGE_UP);
    ck_assert_str_eq(selected(), "T0");
}
END_TEST

START_TEST(keys_between_two_frames_add_up)
{
    press('j');
    press('j');
    press('j');
    stage_draw(&stage);
    ck_assert_str_eq(selected(), "T3");
    press('G');
    press('k');
    press('k');
    stage_draw(&stage);
    ck_assert_str_eq(selected(), "T7");
    press('g');
    press('j');
    stage_draw(&stage);
    ck_assert_str_eq(selected(), "T1");
}
END_TEST

START_TEST(selection_stays_with_its_series)
{
    stage_key(&stage, 'j');
    stage_key(&stage, 'I');
    ck_assert_str_eq(selected(), "T1");
    stage_key(&stage, '>');
    ck_assert_str_eq(selected(), "T1");
}
END_TEST

START_TEST(every_column_can_be_sorted_by)
{
    ui_resize(stage.ui, 240, 40);
    stage_draw(&stage);
    static const char *const shown[] = {"VALUE ▼", "UNIT▲", " Z ▼",  "MEAN ▼", "σ ▼",  "MIN ▼",
                                        "MAX ▼",   "RATE▼", "ANOM▼", "ETA ▲",  "AGE ▼"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        stage_key(&stage, '>');
        ck_assert_msg(shows(shown[i]), "%s", shown[i]);
    }
    stage_key(&stage, '>'); /* the state, whose column is too narrow for words */
    ck_assert_int_eq(stage.snapshot.request.sort, SORT_STATE);
    stage_key(&stage, '>');
    ck_assert(shows("TWIN / SERIES ▲"));
}
END_TEST

START_TEST(the_menu_sorts)
{
    stage_key(&stage, F(6));
    ck_assert(shows("Sort by"));
    ck_assert(shows("anomalies"));
    ck_assert_int_eq(stage_key(&stage, 'x'), INTENT_NONE);
    stage_key(&stage, 'j');
    stage_key(&stage, KEY_RETURN);
    ck_assert(!shows("Sort by"));
    ck_assert(shows("VALUE ▼"));
    stage_key(&stage, F(6));
    stage_key(&stage, KEY_END_);
    ck_assert_int_eq(stage_key(&stage, 'q'), INTENT_NONE); /* one level back */
    ck_assert(shows("VALUE ▼"));
    for (int height = 1; height < 24; height++) { /* the chosen line is seen at any size */
        ui_resize(stage.ui, 60, height);
        stage_key(&stage, F(6));
        stage_key(&stage, KEY_END_);
        if (height >= 4)
            ck_assert_msg(shows("   state"), "%d", height);
        stage_key(&stage, KEY_ESC);
    }
}
END_TEST

START_TEST(sorting_is_shown_in_the_heading)
{
    ck_assert(shows("TWIN / SERIES ▲"));
    stage_key(&stage, 'I');
    ck_assert(shows("TWIN / SERIES ▼"));
    stage_key(&stage, '>');
    ck_assert(shows("VALUE ▼"));
    stage_key(&stage, '>');
    ck_assert(shows("UNIT▲"));
    stage_key(&stage, '<');
    stage_key(&stage, '<');
    ck_assert(shows("TWIN / SERIES ▲"));
}
END_TEST

START_TEST(enter_opens_and_esc_goes_back_but_never_quits)
{
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("range"));
    stage_key(&stage, 'j');
    ck_assert_str_eq(selected(), "T1");
    ck_assert_int_eq(stage_key(&stage, KEY_ESC), INTENT_NONE);
    ck_assert(shows("TWIN / SERIES"));
    ck_assert_int_eq(stage_key(&stage, KEY_ESC), INTENT_NONE);
}
END_TEST

START_TEST(q_goes_back_and_quits_at_the_top)
{
    stage_key(&stage, '?');
    ck_assert(shows("Help"));
    ck_assert_int_eq(stage_key(&stage, 'q'), INTENT_NONE);
    ck_assert_int_eq(stage_key(&stage, 'q'), INTENT_QUIT);
    stage_key(&stage, '?');
    ck_assert_int_eq(stage_key(&stage, KEY_CTRL_C), INTENT_QUIT);
    ck_assert_int_eq(stage_key(&stage, KEY_CLOSED), INTENT_QUIT);
    ck_assert_int_eq(stage_key(&stage, KEY_CTRL_Z), INTENT_SUSPEND);
    ck_assert_int_eq(stage_key(&stage, KEY_CTRL_L), INTENT_REDRAW);
}
END_TEST

START_TEST(help_scrolls_no_further_than_its_end)
{
    stage_key(&stage, '?');
    for (int i = 0; i < 100; i++)
        stage_key(&stage, KEY_ARROW_DOWN);
    ck_assert_str_ne(stage_row(&stage, 22), "");
    ck_assert(shows("below a chart"));
    for (int i = 0; i < 100; i++)
        stage_key(&stage, KEY_ARROW_UP);
    ck_assert(shows("move the selection"));
}
END_TEST

START_TEST(the_span_grows_with_the_session_until_one_is_chosen)
{
    ck_assert(shows("LAST 30 S"));
    stage.now += 45 * TIMESTAMP_SECOND;
    stage_draw(&stage);
    ck_assert(shows("LAST 1 MIN"));
    stage.now += 3600 * TIMESTAMP_SECOND;
    stage_draw(&stage);
    ck_assert(shows("LAST 5 MIN"));
    stage_key(&stage, '+');
    stage.now += 3600 * TIMESTAMP_SECOND;
    stage_draw(&stage);
    ck_assert(shows("LAST 1 MIN"));
}
END_TEST

START_TEST(zoom_stays_in_its_range)
{
    ck_assert(shows("LAST 30 S"));
    stage_key(&stage, '-');
    ck_assert(shows("LAST 1 MIN"));
    for (int i = 0; i < 20; i++)
        stage_key(&stage, '-');
    ck_assert(shows("24 H"));
    for (int i = 0; i < 20; i++)
        stage_key(&stage, '+');
    ck_assert(shows("10 S"));
}
END_TEST

START_TEST(pause_freezes_the_view)
{
    stage_key(&stage, 'p');
    stage_wait(&stage, SECOND);
    stage_reading(&stage, "T0", "temperature", "Celsius", 77);
    stage_draw(&stage);
    ck_assert(shows("PAUSED -00:01, 1 buffered"));
    ck_assert(!shows("77"));
    stage_key(&stage, 'L');
    ck_assert(shows("77"));
}
END_TEST

/* The first of the twins that an intent is about; "" if there is none. */
static const char *target(void)
{
    size_t count;
    const char *const *targets = ui_targets(stage.ui, &count);
    return count > 0 ? targets[0] : "";
}

START_TEST(only_simulated_sensors_can_be_killed)
{
    ck_assert_int_eq(stage_key(&stage, F(9)), INTENT_NONE);
    ck_assert(shows("T0 is a real sensor"));
    /* The message goes with the next key, which still does its work. */
    stage_key(&stage, 'j');
    ck_assert(!shows("real sensor"));
    ck_assert_str_eq(selected(), "T1");
}
END_TEST

START_TEST(kill_asks_first)
{
    select_simulated();
    stage_key(&stage, 'x');
    ck_assert(shows("Kill T0?  y graceful   c crash   n no"));
    ck_assert_int_eq(stage_key(&stage, 'y'), INTENT_SIM_KILL);
    ck_assert_str_eq(target(), "T0");
    stage_key(&stage, 'x');
    ck_assert_int_eq(stage_key(&stage, 'c'), INTENT_SIM_CRASH);
    stage_key(&stage, 'x');
    ck_assert_int_eq(stage_key(&stage, 'n'), INTENT_NONE);
    ck_assert(!shows("Kill T0?"));
}
END_TEST

START_TEST(prompt_swallows_every_other_key)
{
    select_simulated();
    stage_key(&stage, 'x');
    static const uint32_t others[] = {'q', 'j', 'p', KEY_RETURN, F(10), KEY_CTRL_Z, 's', '?'};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ck_assert_int_eq(stage_key(&stage, others[i]), INTENT_NONE);
        ck_assert(shows("Kill T0?"));
    }
    ck_assert_str_eq(selected(), "T0");
    stage_key(&stage, KEY_ESC);
    ck_assert(!shows("Kill T0?"));
    stage_key(&stage, 'x');
    ck_assert_int_eq(stage_key(&stage, KEY_CTRL_C), INTENT_QUIT);
}
END_TEST

START_TEST(prompt_is_answered_for_the_sensor_it_named)
{
    select_simulated();
    press('x');
    stage_reading(&stage, "A_NEW_ONE", "temperature", "Celsius", 1);
    stage_draw(&stage);
    ck_assert_int_eq(stage_key(&stage, 'y'), INTENT_SIM_KILL);
    ck_assert_str_eq(target(), "T0");
}
END_TEST

START_TEST(foreign_broker_asks_once)
{
    stage.facts.own_broker = false;
    ck_assert_int_eq(stage_key(&stage, F(8)), INTENT_NONE);
    ck_assert(shows("Publish simulated sensors to mqtt://pi4:1883?"));
    ck_assert(shows("y yes  n no"));
    stage_key(&stage, 'n');
    ck_assert_int_eq(stage_key(&stage, F(7)), INTENT_NONE);
    ck_assert_int_eq(stage_key(&stage, 'y'), INTENT_SIM_TOGGLE);
    ck_assert_int_eq(stage_key(&stage, F(8)), INTENT_SIM_SPAWN);
}
END_TEST

START_TEST(own_broker_asks_nothing)
{
    ck_assert_int_eq(stage_key(&stage, 'i'), INTENT_SIM_SPAWN);
    ck_assert_int_eq(stage_key(&stage, 's'), INTENT_SIM_TOGGLE);
}
END_TEST

START_TEST(read_only_publishes_nothing)
{
    stage.facts.readonly = true;
    ck_assert_int_eq(stage_key(&stage, 'i'), INTENT_NONE);
    ck_assert(shows("Read-only"));
}
END_TEST

START_TEST(fault_goes_to_the_selected_simulated_sensor_or_any)
{
    ck_assert_int_eq(stage_key(&stage, 'f'), INTENT_NONE);
    ck_assert(shows("F8 spawns one"));
    select_simulated();
    ck_assert_int_eq(stage_key(&stage, 'f'), INTENT_NONE);
    ck_assert(shows("Fault for T0"));
    ck_assert_int_eq(stage_key(&stage, KEY_RETURN), INTENT_SIM_FAULT);
    ck_assert_str_eq(target(), "T0");
    stage_key(&stage, 'j');
    ck_assert_int_eq(stage_key(&stage, 'F'), INTENT_SIM_FAULT);
    ck_assert_str_eq(target(), "");
}
END_TEST

START_TEST(hop_goes_to_the_newest_anomaly_then_down_the_log)
{
    stage_key(&stage, 'e');
    ck_assert(shows("No anomaly so far"));
    stage_quiet(&stage, "T3", "temperature", "Celsius", 30);
    stage_reading(&stage, "T3", "temperature", "Celsius", 99);
    stage_quiet(&stage, "T5", "temperature", "Celsius", 30);
    stage_reading(&stage, "T5", "temperature", "Celsius", 99);
    stage_draw(&stage);
    stage_key(&stage, 'e');
    ck_assert_str_eq(selected(), "T5");
    ck_assert_uint_eq(stage_style(&stage, "spike: 99.0") & STYLE_SELECTED, STYLE_SELECTED);
    for (int i = 0; i < 9 && strcmp(selected(), "T3") != 0; i++)
        stage_key(&stage, 'e');
    ck_assert_str_eq(selected(), "T3");
    for (int i = 0; i < 9 && strcmp(selected(), "T5") != 0; i++)
        stage_key(&stage, 'E');
    ck_assert_str_eq(selected(), "T5");
}
END_TEST

START_TEST(events_scroll_and_stand_still)
{
    for (int i = 0; i < 20; i++) {
        char text[] = {'n', 'o', 't', 'e', ' ', (char)('a' + i), '.', '\0'};
        engine_note(stage.engine, stage.now, EVENT_NOTE, "test", text);
    }
    stage_draw(&stage);
    ck_assert(shows("note t."));
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, KEY_TAB_); /* past the chart */
    for (int i = 0; i < stage.ui->layout.events.height + 1; i++)
        stage_key(&stage, KEY_ARROW_DOWN); /* the first one selects */
    ck_assert(!shows("note t."));
    ck_assert(shows("1 newer above"));
    engine_note(stage.engine, stage.now, EVENT_NOTE, "test", "note z.");
    stage_draw(&stage);
    ck_assert(shows("note s."));
    ck_assert(!shows("note z."));
    ck_assert(shows("2 newer above"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("note z."));
    ck_assert_str_eq(selected(), "T0");
}
END_TEST

/* Esc out of the events gives the table its keys back, and so does a screen without them. */
START_TEST(keys_never_go_to_what_cannot_be_seen)
{
    stage_key(&stage, '3');
    stage_key(&stage, KEY_ESC);
    ck_assert_int_eq(stage.ui->focus, PANE_TABLE);
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, KEY_TAB_);
    ck_assert_int_eq(stage.ui->focus, PANE_EVENTS);
    ui_resize(stage.ui, 40, 6);
    ck_assert_int_eq(stage.ui->focus, PANE_TABLE);
}
END_TEST

START_TEST(z_maximises_the_pane_in_focus)
{
    stage_key(&stage, 'z');
    ck_assert(!shows("TWIN / SERIES"));
    ck_assert(shows("identity"));
    stage_key(&stage, 'z');
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, 'z');
    ck_assert(shows("Events"));
    ck_assert(!shows("identity"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("identity"));
}
END_TEST

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

START_TEST(d_shows_the_last_message_and_how_it_is_decoded)
{
    send("plant/T0/state", "{\"sensor_id\":\"T0\",\"flow\":{\"rate\":7.5}}");
    stage_draw(&stage);
    stage_key(&stage, 'g');
    ck_assert_str_eq(stage.snapshot.card.row.name, "flow.rate");
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, KEY_TAB_);
    ck_assert(shows("\"sensor_id\": \"T0\""));
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, 'd');
    ck_assert(shows("\"flow\": {\"rate\": 7.5}"));
    ck_assert(shows("sensor_id: this key names the sender"));
    ck_assert(shows("flow.rate = 7.5"));
    send("plant/T0/state", "{\"sensor_id\":\"T0\",\"flow\":{\"rate\":8.5}}");
    stage_draw(&stage);
    ck_assert(shows("flow.rate = 7.5")); /* still, while it is read */
    stage_key(&stage, 'd');
    ck_assert(shows("flow.rate = 8.5"));
    ui_resize(stage.ui, 60, 16);
    for (int i = 0; i < 50; i++)
        stage_key(&stage, 'j');
    ck_assert(shows("arrival, 2024"));
    stage_key(&stage, 'k');
    stage_key(&stage, KEY_HOME_);
    ck_assert(shows("Payload"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("identity"));
    ck_assert_str_eq(selected(), "T0");
}
END_TEST

START_TEST(a_message_too_long_to_be_kept_is_not_explained)
{
    static char payload[6000];
    memset(payload, ' ', sizeof payload - 1);
    memcpy(payload, "{\"t\":1,", 7);
    payload[sizeof payload - 2] = '}';
    memcpy(payload + sizeof payload - 10, "\"u\":2", 5);
    send("a/first", payload);
    stage_draw(&stage);
    stage_key(&stage, 'G');
    ck_assert_str_eq(stage.snapshot.card.topic, "a/first");
    stage_key(&stage, 'd');
    ck_assert(shows("not all of it is kept"));
    ck_assert(shows("\"t\": 1,"));
}
END_TEST

START_TEST(numbers_show_a_pane_each)
{
    stage_key(&stage, '4');
    ck_assert(shows("Broker, as it says of itself"));
    ck_assert(!shows("TWIN / SERIES"));
    ck_assert(engine_wants_sys(stage.engine));
    stage_key(&stage, 'j'); /* nothing moves behind it */
    stage_key(&stage, '1');
    ck_assert(shows("TWIN / SERIES"));
    ck_assert_str_eq(selected(), "T0");
    stage_key(&stage, '2');
    ck_assert(!shows("TWIN / SERIES"));
    ck_assert(shows("identity"));
    stage_key(&stage, '3');
    ck_assert(shows("Events"));
    ck_assert(!shows("identity"));
    stage_key(&stage, '4');
    stage_key(&stage, KEY_FUNCTION + 1);
    ck_assert(shows("move the selection"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("Broker, as it says of itself"));
    stage_key(&stage, KEY_ESC);
    ck_assert(!shows("Broker, as it says of itself"));
}
END_TEST

START_TEST(messages_do_not_pile_up)
{
    ui_message(stage.ui, "first");
    ui_message(stage.ui, "second");
    stage_draw(&stage);
    ck_assert(shows("second"));
    ck_assert(!shows("first"));
}
END_TEST

Suite *ui_suite(void)
{
    Suite *suite = suite_create("ui");
    TCase *tests = tcase_create("ui");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, moving_selects);
    tcase_add_test(tests, keys_between_two_frames_add_up);
    tcase_add_test(tests, selection_stays_with_its_series);
    tcase_add_test(tests, sorting_is_shown_in_the_heading);
    tcase_add_test(tests, every_column_can_be_sorted_by);
    tcase_add_test(tests, the_menu_sorts);
    tcase_add_test(tests, enter_opens_and_esc_goes_back_but_never_quits);
    tcase_add_test(tests, q_goes_back_and_quits_at_the_top);
    tcase_add_test(tests, help_scrolls_no_further_than_its_end);
    tcase_add_test(tests, the_span_grows_with_the_session_until_one_is_chosen);
    tcase_add_test(tests, zoom_stays_in_its_range);
    tcase_add_test(tests, pause_freezes_the_view);
    tcase_add_test(tests, only_simulated_sensors_can_be_killed);
    tcase_add_test(tests, kill_asks_first);
    tcase_add_test(tests, prompt_swallows_every_other_key);
    tcase_add_test(tests, prompt_is_answered_for_the_sensor_it_named);
    tcase_add_test(tests, foreign_broker_asks_once);
    tcase_add_test(tests, own_broker_asks_nothing);
    tcase_add_test(tests, read_only_publishes_nothing);
    tcase_add_test(tests, fault_goes_to_the_selected_simulated_sensor_or_any);
    tcase_add_test(tests, hop_goes_to_the_newest_anomaly_then_down_the_log);
    tcase_add_test(tests, events_scroll_and_stand_still);
    tcase_add_test(tests, keys_never_go_to_what_cannot_be_seen);
    tcase_add_test(tests, z_maximises_the_pane_in_focus);
    tcase_add_test(tests, d_shows_the_last_message_and_how_it_is_decoded);
    tcase_add_test(tests, a_message_too_long_to_be_kept_is_not_explained);
    tcase_add_test(tests, numbers_show_a_pane_each);
    tcase_add_test(tests, messages_do_not_pile_up);
    suite_add_tcase(suite, tests);
    return suite;
}
