/* Actions on tagged series, and the menu of faults. */
#include "unit/suites.h"

#include <string.h>

#include "core/text.h"
#include "ui/ui_state.h"
#include "unit/stage.h"

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 120, 40, false);
    stage_quiet(&stage, "T1", "temperature", "Celsius", 30);
    stage_quiet(&stage, "T1", "humidity", "%", 30);
    stage_quiet(&stage, "T2", "temperature", "Celsius", 30);
    stage_quiet(&stage, "T3", "temperature", "Celsius", 30);
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

/* The first so many rows. */
static void tag(int count)
{
    stage_key(&stage, 'g');
    for (int i = 0; i < count; i++)
        stage_key(&stage, ' ');
}

static void simulate(const char *twin)
{
    engine_mark_simulated(stage.engine, twin, true);
    stage.facts.sim_running = true;
    stage.facts.sim_sensors++;
    stage_draw(&stage);
}

static size_t targets(void)
{
    size_t count;
    ui_targets(stage.ui, &count);
    return count;
}

static unsigned muted(void)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < stage.snapshot.row_count; i++)
        count += stage.snapshot.rows[i].hush == HUSH_MUTED;
    return count;
}

START_TEST(tagged_series_are_muted_together)
{
    tag(3);
    stage_key(&stage, 'u');
    ck_assert(shows("Mute 3 tagged series for"));
    stage_key(&stage, 'h');
    ck_assert_uint_eq(muted(), 3);
    stage_key(&stage, 'u'); /* all of them are */
    ck_assert_uint_eq(muted(), 0);
    stage_key(&stage, 'U');
    stage_key(&stage, 'u');
    ck_assert(shows("Mute T3/temperature for"));
    stage_key(&stage, 'u');
    ck_assert_uint_eq(muted(), 1);
    tag(4);
    stage_key(&stage, 'u'); /* only one is: the others are to be */
    stage_key(&stage, 'd');
    ck_assert_uint_eq(muted(), 4);
}
END_TEST

START_TEST(tagged_series_get_the_same_limits)
{
    tag(2);
    stage_key(&stage, 'l');
    ck_assert(shows("Limits of 2 tagged series"));
    type("10..25");
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, 'g');
    ck_assert_double_eq(stage.snapshot.card.limits.max, 25);
    stage_key(&stage, 'j');
    ck_assert_double_eq(stage.snapshot.card.limits.max, 25);
    stage_key(&stage, 'j');
    ck_assert(!limits_any(&stage.snapshot.card.limits));
}
END_TEST

START_TEST(tagged_series_are_acknowledged_together)
{
    stage.now += TIMESTAMP_SECOND;
    stage_reading(&stage, "T2", "temperature", "Celsius", 99);
    stage_reading(&stage, "T1", "temperature", "Celsius", 99);
    tag(4);
    stage_key(&stage, 'a');
    ck_assert(shows("Acknowledged 2 of 4 tagged series."));
    stage_key(&stage, 'a');
    ck_assert(shows("None of the tagged series has an anomaly"));
}
END_TEST

START_TEST(only_simulated_ones_of_the_tagged_are_killed)
{
    tag(4);
    stage_key(&stage, 'x');
    ck_assert(shows("None of the tagged sensors is simulated"));
    simulate("T1");
    simulate("T2");
    stage_key(&stage, 'x');
    ck_assert(shows("Kill 2 simulated sensors? 1 tagged series of real ones stays.  y graceful"));
    ck_assert_int_eq(stage_key(&stage, 'y'), INTENT_SIM_KILL);
    ck_assert_uint_eq(targets(), 2); /* T1 has two series and is one */
}
END_TEST

START_TEST(the_menu_of_faults)
{
    simulate("T1");
    simulate("T2");
    stage_key(&stage, 'g');
    stage_key(&stage, 'f');
    static const char *const lines[] = {"Fault for T1", "n next in turn", "s spike", "l level",
                                        "d drift",      "b burst",        "t stuck", "i silent"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(shows(lines[i]), "%s", lines[i]);
    ck_assert_int_eq(stage_key(&stage, 'q'), INTENT_NONE);
    ck_assert(!shows("s spike"));
    stage_key(&stage, 'f');
    ck_assert_int_eq(stage_key(&stage, 'd'), INTENT_SIM_FAULT);
    ck_assert_uint_eq(ui_fault(stage.ui), 3);
    ck_assert_uint_eq(targets(), 1);
    ck_assert_int_eq(stage_key(&stage, 'F'), INTENT_SIM_FAULT); /* the same again */
    ck_assert_uint_eq(ui_fault(stage.ui), 3);
    stage_key(&stage, 'f');
    stage_key(&stage, 'j');
    ck_assert_int_eq(stage_key(&stage, KEY_RETURN), INTENT_SIM_FAULT);
    ck_assert_uint_eq(ui_fault(stage.ui), 4);
    tag(4);
    stage_key(&stage, 'f');
    ck_assert(shows("Fault for 2 simulated sensors"));
    stage_key(&stage, 'f'); /* away again */
    ck_assert(!shows("Fault for"));
    for (int height = 1; height < 24; height++) { /* the chosen line is seen at any size */
        ui_resize(stage.ui, 60, height);
        stage_key(&stage, 'f');
        stage_key(&stage, KEY_END_);
        if (height >= 4)
            ck_assert_msg(shows("silent"), "%d", height);
        stage_key(&stage, KEY_ESC);
    }
}
END_TEST

START_TEST(the_menu_of_faults_takes_clicks)
{
    simulate("T1");
    stage_key(&stage, 'g');
    stage_key(&stage, 'f');
    int y = stage_find(&stage, "t stuck");
    uint32_t key = ui_mouse(stage.ui, KEY_CLICK, 3, y, stage.now);
    ck_assert_int_eq(stage_key(&stage, key), INTENT_SIM_FAULT);
    ck_assert_uint_eq(ui_fault(stage.ui), 5);
    stage_key(&stage, 'f');
    ck_assert_uint_eq(ui_mouse(stage.ui, KEY_CLICK, 90, y, stage.now), KEY_NONE);
    stage_draw(&stage);
    ck_assert(!shows("t stuck"));
}
END_TEST

START_TEST(faults_ask_for_consent_too)
{
    stage.facts.own_broker = false;
    engine_mark_simulated(stage.engine, "T1", true);
    stage.facts.readonly = true;
    stage_key(&stage, 'f');
    ck_assert(shows("Read-only"));
}
END_TEST

START_TEST(answers_stay_together_where_a_question_wraps)
{
    static const int widths[] = {92, 80, 60};
    stage.facts.own_broker = false;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        ui_resize(stage.ui, widths[i], 30);
        stage_key(&stage, KEY_FUNCTION + 8);
        ck_assert_msg(strncmp(stage_row(&stage, 29), " y yes  n no", 12) == 0, "%s",
                      stage_row(&stage, 29));
        stage_key(&stage, 'n');
    }
    ui_resize(stage.ui, 120, 30);
    stage_key(&stage, KEY_FUNCTION + 8);
    ck_assert(strstr(stage_row(&stage, 29), "Publish") != NULL);
    ck_assert(strstr(stage_row(&stage, 29), "n no") != NULL);
}
END_TEST

Suite *actions_suite(void)
{
    Suite *suite = suite_create("actions");
    TCase *tests = tcase_create("actions");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, tagged_series_are_muted_together);
    tcase_add_test(tests, tagged_series_get_the_same_limits);
    tcase_add_test(tests, tagged_series_are_acknowledged_together);
    tcase_add_test(tests, only_simulated_ones_of_the_tagged_are_killed);
    tcase_add_test(tests, the_menu_of_faults);
    tcase_add_test(tests, the_menu_of_faults_takes_clicks);
    tcase_add_test(tests, faults_ask_for_consent_too);
    tcase_add_test(tests, answers_stay_together_where_a_question_wraps);
    suite_add_tcase(suite, tests);
    return suite;
}
