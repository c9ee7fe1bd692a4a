/* Rows of the table that are no series. */
#include "unit/suites.h"

#include <stdio.h>
#include <string.h>

#include "unit/build.h"
#include "unit/stage.h"

#define F(n) (KEY_FUNCTION + (n))

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 80, 40, false);
}

static void teardown(void)
{
    stage_close(&stage);
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

static void presence(const char *sensor, enum status status)
{
    char topic[128];
    snprintf(topic, sizeof topic, "digital_twin/lab/sensor/%s/status", sensor);
    batch_reset(&stage.batch);
    build_presence(&stage.batch, topic, sensor, status, stage.now);
    engine_ingest(stage.engine, &stage.batch);
}

START_TEST(a_status_message_alone_makes_a_row)
{
    presence("GATE_7", STATUS_OFFLINE);
    presence("GATE_8", STATUS_ONLINE);
    stage_draw(&stage);
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "GATE_7")), "offline"));
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "GATE_8")), " online"));
    ck_assert(shows("No number has come from it yet"));
    stage_key(&stage, KEY_RETURN); /* all that is known of it */
    ck_assert(shows("── GATE_7 ─"));
    ck_assert(shows(" Payload "));
    ck_assert(shows("offline  0.0s"));
    stage_key(&stage, KEY_ESC);
    stage_key(&stage, 'j');
    ck_assert(shows("── GATE_8 ─"));
    stage_reading(&stage, "GATE_8", "level", "m", 3);
    stage_draw(&stage);
    ck_assert(shows("GATE_8/level"));
    for (int width = 1; width < 130; width += 7) { /* any size draws */
        ui_resize(stage.ui, width, 24);
        stage_draw(&stage);
    }
}
END_TEST

static void plant(const char *topic, const char *sensor, const char *series, double value)
{
    batch_reset(&stage.batch);
    build_lab(&stage.batch, topic, sensor, series, "m", value, stage.now);
    engine_ingest(stage.engine, &stage.batch);
}

/* Two halls below site/plant: one of two machines with two series each, one of a single lamp; and
 * something elsewhere. */
static void build_plant(void)
{
    plant("site/plant/hall1/press2/temp", "press2", "temp", 20);
    plant("site/plant/hall1/press2/oil", "press2", "oil", 5);
    plant("site/plant/hall1/press10/temp", "press10", "temp", 21);
    plant("site/plant/hall1/press10/oil", "press10", "oil", 6);
    plant("site/plant/hall2/lamp/power", "lamp", "power", 40);
    plant("yard/gate", "gate", "open", 1);
    stage_key(&stage, F(5));
    stage_draw(&stage); /* names as wide as they turned out to be */
}

static void assert_rows(const char *const *names)
{
    int first = stage_find(&stage, " VALUE") + 1;
    for (int i = 0; names[i]; i++)
        ck_assert_msg(strstr(stage_row(&stage, first + i), names[i]), "row %d is '%s', not '%s'", i,
                      stage.row, names[i]);
}

START_TEST(topics_make_a_tree)
{
    build_plant();
    /* A level that only leads on is shown with the next; one with a single row is none. Numbers in
     * names sort by value. */
    assert_rows((const char *const[]){" gate/open ", "▾ site/plant ", "   lamp/power ",
                                      "   ▾ hall1 ", "     ▾ press2 ", "       press2/oil ",
                                      "       press2/temp ", "     ▾ press10 ",
                                      "       press10/oil ", "       press10/temp ", NULL});
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "▾ site/plant")), " 5 series"));
    stage_key(&stage, 't');
    ck_assert(!shows("▾"));
}
END_TEST

START_TEST(groups_fold)
{
    build_plant();
    stage_key(&stage, 'j');
    stage_key(&stage, 'j');
    stage_key(&stage, 'j'); /* hall1 */
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(shows("▸ hall1"));
    ck_assert(!shows("press"));
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "▸ hall1")), " 4 series"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("▾ hall1"));
    stage_key(&stage, KEY_ARROW_RIGHT); /* into it: press2 */
    stage_key(&stage, KEY_ARROW_RIGHT); /* oil */
    ck_assert_str_eq(stage.snapshot.card.row.name, "oil");
    stage_key(&stage, KEY_ARROW_LEFT);
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(shows("▸ press2"));
    stage_key(&stage, KEY_ARROW_LEFT);
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(shows("▸ hall1"));
    stage_key(&stage, 't');
    stage_key(&stage, 't'); /* it remembers */
    ck_assert(shows("▸ hall1"));
}
END_TEST

START_TEST(a_group_tells_the_worst_and_the_rate)
{
    for (int i = 0; i < 20; i++) {
        stage.now += TIMESTAMP_SECOND;
        plant("site/a/x", "a", "x", 20 + 0.1 * (i % 3));
        plant("site/b/x", "b", "x", 20 + 0.1 * (i % 3));
    }
    stage_key(&stage, 't');
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "▾ site")), "2.0 msg/s"));
    plant("site/b/x", "b", "x", 99);
    stage_draw(&stage);
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "▾ site")), "! "));
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "▾ site")), "anomaly"));
    stage_wait(&stage, 600 * TIMESTAMP_SECOND);
    stage_draw(&stage);
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "▾ site")), "lost"));
    ck_assert(!strstr(stage_row(&stage, stage_find(&stage, "▾ site")), "msg/s"));
}
END_TEST

START_TEST(the_tree_keeps_selection_sort_and_filter)
{
    char error[100];
    build_plant();
    stage_key(&stage, 'G'); /* press10/temp */
    ck_assert_str_eq(stage.snapshot.card.row.twin, "press10");
    stage_key(&stage, '>'); /* by value, the most first: within the groups */
    ck_assert_str_eq(stage.snapshot.card.row.twin, "press10");
    stage_key(&stage, 'g');
    assert_rows((const char *const[]){" gate/open", "▾ site/plant", " lamp/power", "▾ hall1",
                                      "▾ press2", " press2/temp", " press2/oil", "▾ press10",
                                      NULL});
    stage_key(&stage, 'G');
    stage_key(&stage, 'k'); /* press10/temp, the larger one */
    ck_assert(ui_set_filter(stage.ui, "temp", error, sizeof error));
    stage_draw(&stage);
    ck_assert(shows("2 of 6"));
    ck_assert(shows("▾ site/plant/hall1")); /* with a row each the presses are no groups */
    ck_assert(!shows("▾ press2"));
    ck_assert_str_eq(stage.snapshot.card.row.twin, "press10");
    stage_key(&stage, '/');
    for (const char *c = "press2"; *c; c++)
        stage_key(&stage, (unsigned char)*c);
    stage_key(&stage, KEY_RETURN);
    ck_assert_str_eq(stage.snapshot.card.row.twin, "press2");
}
END_TEST

START_TEST(twins_without_series_are_in_the_tree)
{
    stage_reading(&stage, "T1", "temperature", "Celsius", 20);
    presence("T2", STATUS_OFFLINE);
    stage_key(&stage, 't');
    assert_rows(
        (const char *const[]){"▾ digital_twin/lab/sensor ", "   T1/temperature", "   T2 ", NULL});
    ck_assert(
        strstr(stage_row(&stage, stage_find(&stage, "▾ digital_twin/lab/sensor")), "offline"));
    stage_key(&stage, 'p'); /* and stays while paused */
    stage_key(&stage, 'g');
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(shows("▸ digital_twin/lab/sensor"));
    ck_assert(!shows("T1/temperature"));
}
END_TEST

START_TEST(odd_topics_and_sizes_draw)
{
    static const char *const topics[] = {
        "/",   "//",    "/a",
        "a/",  "a//b",  "a",
        "a/b", "a/b/c", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t"};
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        plant(topics[i], "one", "x", 1);
        plant(topics[i], "two", "x", 1);
    }
    stage_key(&stage, 't');
    for (int width = 1; width < 140; width += 3) {
        ui_resize(stage.ui, width, 1 + width % 50);
        stage_key(&stage, width % 2 ? 'j' : KEY_ARROW_LEFT);
        stage_key(&stage, width % 3 ? 'j' : KEY_ARROW_RIGHT);
    }
    ck_assert_uint_eq(stage.snapshot.all, 18);
}
END_TEST

Suite *rows_suite(void)
{
    Suite *suite = suite_create("rows");
    TCase *tcase = tcase_create("rows");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_status_message_alone_makes_a_row);
    tcase_add_test(tcase, topics_make_a_tree);
    tcase_add_test(tcase, groups_fold);
    tcase_add_test(tcase, a_group_tells_the_worst_and_the_rate);
    tcase_add_test(tcase, the_tree_keeps_selection_sort_and_filter);
    tcase_add_test(tcase, twins_without_series_are_in_the_tree);
    tcase_add_test(tcase, odd_topics_and_sizes_draw);
    suite_add_tcase(suite, tcase);
    return suite;
}
