/* The event log on the screen: its filter, its selection, bookmarks; and as the core lists it. */
#include "unit/suites.h"

#include <stdio.h>
#include <string.h>

#include "ui/ui_state.h"
#include "unit/stage.h"

#define SECOND TIMESTAMP_SECOND

static struct stage stage;
static timestamp spike; /* when T3 had one */

static void setup(void)
{
    stage_open(&stage, 120, 40, false);
    stage_quiet(&stage, "T5", "humidity", "%", 30);
    stage_quiet(&stage, "T3", "temperature", "Celsius", 30);
    stage.now += SECOND;
    spike = stage.now;
    stage_reading(&stage, "T3", "temperature", "Celsius", 98);
    stage_quiet(&stage, "T3", "temperature", "Celsius", 30);
    stage.now += SECOND;
    stage_reading(&stage, "T5", "humidity", "%", 99);
    engine_note(stage.engine, stage.now, EVENT_NOTE, "me", "a note");
    stage_draw(&stage);
}

static void teardown(void)
{
    stage_close(&stage);
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

static void type(const char *text)
{
    for (; *text; text++)
        stage_key(&stage, (unsigned char)*text);
}

static void filter(const char *text)
{
    stage_key(&stage, KEY_FUNCTION + 4);
    stage_key(&stage, 21); /* ^U */
    type(text);
    stage_key(&stage, KEY_RETURN);
}

static unsigned listed(void)
{
    return stage.snapshot.event_matches;
}

static const struct event *selected(void)
{
    static struct event event;
    uint32_t row;
    event = (struct event){0};
    engine_event(stage.engine, stage.ui->event, &event, &row);
    return &event;
}

/* From the table to the log or back, past the chart. */
static void other_pane(void)
{
    do
        stage_key(&stage, KEY_TAB_);
    while (stage.ui->focus == PANE_CHART);
}

START_TEST(the_log_has_a_filter_of_its_own)
{
    unsigned all = listed();
    uint32_t rows = stage.snapshot.total_rows;
    other_pane();
    stage_key(&stage, KEY_FUNCTION + 4);
    ck_assert(shows("Filter events"));
    ck_assert(shows("kind=bookmark"));
    type("kind=spike");
    char count[40];
    snprintf(count, sizeof count, "%u of %u", listed(), all);
    ck_assert_uint_lt(listed(), all);
    ck_assert(shows(count));
    ck_assert(!shows("a note"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows(" Events  kind=spike  "));
    ck_assert_uint_eq(stage.snapshot.total_rows, rows); /* the table's is another one */
    stage_key(&stage, KEY_FUNCTION + 4);
    type(" T3");
    stage_key(&stage, KEY_ESC); /* as it was */
    ck_assert(shows(" Events  kind=spike  "));
    filter("");
    ck_assert_uint_eq(listed(), all);
    stage_key(&stage, KEY_FUNCTION + 4);
    stage_key(&stage, KEY_ARROW_UP);
    ck_assert(shows("Filter events kind=spike"));
    stage_key(&stage, KEY_ESC);
}
END_TEST

START_TEST(filters_by_what_events_have)
{
    static const struct {
        const char *text;
        int count;
    } tests[] = {
        {"kind=spike", 2},
        {"kind=anomaly", 2},
        {"severity=alarm T3", 1},
        {"kind=note", 1},
        {"!kind=note kind=anomaly", 2},
        {"a note", 1},
        {"series=humidity kind=spike", 1},
        {"sensor=T3 kind=spike", 1},
        {"topic=digital_twin/+/sensor/T5/# kind=anomaly", 1},
        {"unit=% kind=spike", 1},
        {"state=anomaly", 2},
        {"age<1s kind=spike", 1},
        {"kind=bookmark", 0},
        {"kind=drift,note", 1},
    };
    other_pane();
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        filter(tests[i].text);
        ck_assert_msg((int)listed() == tests[i].count, "%s: %u", tests[i].text, listed());
    }
    ck_assert(!shows("No event passes"));
    filter("kind=bookmark");
    ck_assert(shows("No event passes this filter."));
}
END_TEST

START_TEST(says_what_is_wrong_with_a_filter)
{
    other_pane();
    stage_key(&stage, KEY_FUNCTION + 4);
    type("z>3");
    ck_assert(shows("events have no z"));
    stage_key(&stage, KEY_RETURN); /* not taken */
    ck_assert(shows("Filter events"));
    stage_key(&stage, 21);
    type("kind=spyke");
    ck_assert(shows("no kind 'spyke'"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("a note"));
}
END_TEST

START_TEST(enter_goes_to_the_event)
{
    other_pane();
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("No event is selected"));
    filter("T3 kind=spike");
    stage_key(&stage, KEY_ARROW_DOWN);
    ck_assert_int_eq(selected()->time, spike);
    stage_key(&stage, KEY_RETURN);
    ck_assert_int_eq(stage.ui->as_of, spike);
    ck_assert_str_eq(stage.snapshot.card.row.twin, "T3");
    ck_assert_double_eq(stage.snapshot.card.row.value, 98);
    ck_assert_int_eq(stage.snapshot.card.row.state, STATE_ANOMALY);
    ck_assert(shows("PAUSED"));
    filter("");
    ck_assert(shows("a note")); /* the log is whole, though it was later */
    ck_assert_int_eq(selected()->time, spike);
    stage_key(&stage, 'L');
    ck_assert_int_eq(stage.ui->as_of, TIMESTAMP_NONE);
    ck_assert_double_ne(stage.snapshot.card.row.value, 98);
    stage_key(&stage, 'p'); /* an ordinary pause shows what was known by then */
    ck_assert(!stage.ui->events_all);
}
END_TEST

START_TEST(enter_goes_to_a_twin_and_past_the_filter_of_the_table)
{
    engine_note(stage.engine, stage.now, EVENT_NOTE, "T3", "about the twin");
    filter("T5");
    other_pane();
    stage_key(&stage, KEY_ARROW_DOWN);
    ck_assert_str_eq(selected()->text, "about the twin");
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("The filter of the table hides"));
    ck_assert_str_eq(stage.snapshot.card.row.twin, "T5");
    other_pane();
    filter("");
    other_pane();
    stage_key(&stage, KEY_RETURN);
    ck_assert_str_eq(stage.snapshot.card.row.twin, "T3");
}
END_TEST

START_TEST(keys_move_the_selection)
{
    for (int i = 0; i < 60; i++)
        engine_note(stage.engine, stage.now, EVENT_NOTE, "me", "more");
    other_pane();
    stage_key(&stage, KEY_END_);
    ck_assert_uint_eq(stage.ui->event, 1);
    stage_key(&stage, KEY_HOME_);
    uint64_t newest = stage.snapshot.event_total;
    ck_assert_uint_eq(stage.ui->event, newest);
    stage_key(&stage, KEY_PAGE_DOWN);
    stage_key(&stage, KEY_PAGE_DOWN);
    uint64_t at = stage.ui->event;
    ck_assert_uint_lt(at, newest - 5);
    for (int i = 0; i < 30; i++) /* it stays with its event, in sight */
        engine_note(stage.engine, stage.now, EVENT_NOTE, "me", "yet more");
    stage_draw(&stage);
    ck_assert_uint_eq(stage.ui->event, at);
    uint64_t last = stage.snapshot.events[stage.snapshot.event_count - 1].id;
    ck_assert_uint_le(last, at);
    ck_assert_uint_ge(stage.snapshot.events[0].id, at);
    stage_key(&stage, KEY_ESC);
    ck_assert_uint_eq(stage.ui->event, 0);
    ck_assert_uint_eq(stage.snapshot.events_newer, 0);
}
END_TEST

START_TEST(the_oldest_stays_selected_where_the_log_has_no_room)
{
    other_pane();
    stage_key(&stage, KEY_END_);
    ui_resize(stage.ui, 80, 9);
    stage_draw(&stage);
    ck_assert_int_eq(stage.ui->layout.events.height, 0);
    ck_assert_uint_eq(stage.ui->event, 1);
    ck_assert_uint_lt(stage.snapshot.events_newer, listed());
}
END_TEST

START_TEST(a_pause_holds_the_filter_of_ages)
{
    other_pane();
    filter("age<10s");
    unsigned young = listed();
    ck_assert_uint_gt(young, 0);
    stage_key(&stage, 'p');
    stage.now += 60 * SECOND;
    stage_draw(&stage);
    ck_assert_uint_eq(listed(), young);
    stage_key(&stage, 'e');
    ck_assert_str_eq(selected()->text, "a note");
    stage_key(&stage, 'L');
    ck_assert_uint_eq(listed(), 0);
}
END_TEST

START_TEST(hops_within_the_filter)
{
    stage_key(&stage, 'e');
    ck_assert_str_eq(stage.snapshot.card.row.twin, "T5");
    stage_key(&stage, 'e');
    ck_assert_str_eq(stage.snapshot.card.row.twin, "T3");
    stage_key(&stage, KEY_ESC);
    other_pane();
    filter("kind=note");
    stage_key(&stage, 'e');
    ck_assert_str_eq(selected()->text, "a note");
    stage_key(&stage, 'e');
    ck_assert(shows("No further event"));
}
END_TEST

START_TEST(bookmarks_are_in_the_log)
{
    ck_assert_str_eq(stage.snapshot.card.row.twin, "T3");
    stage_key(&stage, 'm');
    ck_assert(shows("Bookmarked"));
    ck_assert(shows("◆ T3/temperature"));
    ck_assert(shows("marked at 22.7 °C"));
    other_pane();
    filter("kind=spike T3");
    stage_key(&stage, 'j');
    stage_key(&stage, 'm'); /* now of the event, at its time */
    filter("kind=bookmark");
    ck_assert_uint_eq(listed(), 2);
    ck_assert(shows("marked: spike"));
    ck_assert_int_eq(stage.snapshot.events[0].time, spike);
    filter("");
    stage_key(&stage, KEY_ESC);
    stage_key(&stage, 'e');
    ck_assert_int_eq(selected()->type, EVENT_BOOKMARK);
    stage_key(&stage, 'e');
    ck_assert_int_eq(selected()->type, EVENT_BOOKMARK);
    stage_key(&stage, 'e');
    ck_assert_int_eq(selected()->type, EVENT_ANOMALY);
}
END_TEST

START_TEST(the_moment_shown_is_marked)
{
    other_pane();
    filter("kind=spike T3");
    stage_key(&stage, 'j');
    stage_key(&stage, KEY_RETURN);
    other_pane();
    stage_key(&stage, 'm');
    stage_key(&stage, 'L');
    other_pane();
    filter("kind=bookmark");
    ck_assert_int_eq(stage.snapshot.events[0].time, spike);
    ck_assert(shows("marked at 98 °C"));
}
END_TEST

START_TEST(the_title_counts_by_the_hour)
{
    ck_assert(shows("/h "));
    uint32_t before = stage.snapshot.event_hours[JOURNAL_HOURS - 1];
    ck_assert_uint_gt(before, 0);
    stage.now += 3600 * SECOND;
    stage_draw(&stage);
    ck_assert_uint_eq(stage.snapshot.event_hours[JOURNAL_HOURS - 2], before);
    ck_assert_uint_eq(stage.snapshot.event_hours[JOURNAL_HOURS - 1], 0);
    ck_assert(shows(" 0/h "));
    ui_resize(stage.ui, 50, 30);
    stage_draw(&stage);
    ck_assert(shows("Events"));
    ck_assert(!shows("/h "));
}
END_TEST

START_TEST(clicks_select_and_open)
{
    other_pane();
    filter("kind=spike");
    int y = stage.ui->layout.events.y + 1;
    ck_assert_uint_eq(ui_mouse(stage.ui, KEY_CLICK, 30, y, stage.now), KEY_NONE);
    stage_draw(&stage);
    ck_assert_int_eq(selected()->time, spike);
    uint32_t key = ui_mouse(stage.ui, KEY_CLICK, 30, y, stage.now + SECOND / 10);
    ck_assert_uint_eq(key, KEY_RETURN);
    stage_key(&stage, key);
    ck_assert_int_eq(stage.ui->as_of, spike);
}
END_TEST

Suite *events_suite(void)
{
    Suite *suite = suite_create("events");
    TCase *tests = tcase_create("events");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_log_has_a_filter_of_its_own);
    tcase_add_test(tests, filters_by_what_events_have);
    tcase_add_test(tests, says_what_is_wrong_with_a_filter);
    tcase_add_test(tests, enter_goes_to_the_event);
    tcase_add_test(tests, enter_goes_to_a_twin_and_past_the_filter_of_the_table);
    tcase_add_test(tests, keys_move_the_selection);
    tcase_add_test(tests, the_oldest_stays_selected_where_the_log_has_no_room);
    tcase_add_test(tests, a_pause_holds_the_filter_of_ages);
    tcase_add_test(tests, hops_within_the_filter);
    tcase_add_test(tests, bookmarks_are_in_the_log);
    tcase_add_test(tests, the_moment_shown_is_marked);
    tcase_add_test(tests, the_title_counts_by_the_hour);
    tcase_add_test(tests, clicks_select_and_open);
    suite_add_tcase(suite, tests);
    return suite;
}
