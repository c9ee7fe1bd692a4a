/* Rows of the table that are no series. */
#include "unit/suites.h"

#include <stdio.h>
#include <string.h>

#include "unit/build.h"
#include "unit/stage.h"

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 80, 24, false);
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
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "GATE_7")), "offline, no reading yet"));
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "GATE_8")), "online, no reading yet"));
    ck_assert(shows("No number has come from it yet"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("No number has come from this twin yet."));
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

Suite *rows_suite(void)
{
    Suite *suite = suite_create("rows");
    TCase *tcase = tcase_create("rows");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_status_message_alone_makes_a_row);
    suite_add_tcase(suite, tcase);
    return suite;
}
