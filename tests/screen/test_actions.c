/* The whole program on a terminal: actions on tagged sensors, and ways through the event log. */
#include "screen/vt.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOON 5000 /* milliseconds */
#define LATER 20000
#define MAX_ARGUMENTS 16

static char folder[64], folder_env[96];
static struct vt *vt;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-actions-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    chmod(folder, 0711);
    snprintf(folder_env, sizeof folder_env, "TMPDIR=%s", folder);
    vt = NULL;
}

static void teardown(void)
{
    vt_free(vt);
    vt_remove_folder(folder);
}

static void start_with(int columns, int rows, const char *const *arguments)
{
    const char *env[] = {folder_env, "XDG_RUNTIME_DIR", "LC_ALL=C.UTF-8",
                         "XDG_CONFIG_HOME=/nonexistent", NULL};
    const char *argv[MAX_ARGUMENTS + 2] = {getenv("DT_TOP")};
    ck_assert_msg(argv[0] != NULL, "DT_TOP names no program");
    for (int i = 0; i < MAX_ARGUMENTS && arguments[i]; i++)
        argv[i + 1] = arguments[i];
    vt = vt_start(argv, env, columns, rows);
}

#define START(columns, rows, ...) \
    start_with(columns, rows, (const char *const[]){__VA_ARGS__, NULL})

static void wait_text(const char *text, int deadline)
{
    ck_assert_msg(vt_wait_text(vt, text, deadline), "no '%s' on the screen", text);
}

static void wait_gone(const char *text, int deadline)
{
    ck_assert_msg(vt_wait_gone(vt, text, deadline), "still '%s' on the screen", text);
}

static void finish(void)
{
    vt_type(vt, "\x03");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}

START_TEST(tagged_sensors_get_a_fault_and_are_killed)
{
    START(120, 40, "--demo", "--seed", "1");
    wait_text("6 series", LATER);
    vt_type(vt, "g  "); /* a door and a hygrometer */
    wait_text("2 tagged", SOON);
    vt_type(vt, "f");
    wait_text("Fault for 2 simulated sensors", SOON);
    vt_type(vt, "s"); /* a door knows no spikes, and says so; the other has one */
    wait_text("gets stuck or silent, nothing else", SOON);
    wait_text("fault injected: spike", SOON);
    vt_type(vt, "ft");
    wait_text("fault injected: stuck", SOON);
    vt_type(vt, "x");
    wait_text("Kill 2 simulated sensors?", SOON);
    vt_type(vt, "y");
    wait_text("simulated sensor ended", SOON);
    wait_text("4/6", LATER);
    vt_type(vt, "U");
    wait_gone("2 tagged", SOON);
    finish();
}
END_TEST

/* A minute of calm with one far value at 12:00:40. */
static const char *write_replay(void)
{
    static char path[96];
    snprintf(path, sizeof path, "%s/replay.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("timestamp,sensor_id,value,unit\n", file);
    for (int i = 0; i < 60; i++)
        fprintf(file,
                "2026-01-15T12:00:%02dZ,BOILER,%.1f,Celsius\n"
                "2026-01-15T12:00:%02dZ,ATTIC,%.1f,Celsius\n",
                i, i == 40 ? 42.5 : 21 + 0.1 * (i % 5), i, 11 + 0.1 * (i % 5));
    fclose(file);
    return path;
}

START_TEST(an_event_takes_table_and_chart_to_its_time)
{
    START(_i ? 160 : 80, _i ? 50 : 24, "--replay", write_replay(), "--speed", "max");
    wait_text("BOILER", SOON);
    vt_type(vt, "3");
    wait_gone("TWIN / SERIES", SOON);
    vt_key_f(vt, 4);
    wait_text("Filter events", SOON);
    vt_type(vt, "kind=anomaly BOILER");
    wait_text("1 of ", LATER);
    vt_type(vt, "\r");
    wait_text("Events  kind=anomaly BOILER", SOON);
    vt_type(vt, "j\r");
    wait_text("PAUSED", SOON);
    wait_text("─ BOILER", SOON);
    wait_text("42.5", SOON);
    vt_type(vt, "m");
    wait_text("Bookmarked", SOON);
    vt_type(vt, "L");
    wait_gone("PAUSED", SOON);
    vt_key_f(vt, 4);
    vt_type(vt, "\025kind=bookmark\r");
    wait_text("Events  kind=bookmark  1 of", SOON);
    wait_text("◆ ", SOON);
    wait_text("marked: ", SOON);
    finish();
}
END_TEST

START_TEST(the_card_has_readings_and_payload)
{
    START(_i ? 160 : 80, _i ? 50 : 24, "--demo", "--seed", "1");
    wait_text("6 twins", LATER);
    vt_type(vt, "\r");
    wait_text("identity", SOON);
    vt_type(vt, "\t");
    wait_text("Readings", SOON);
    wait_text("\"sensor_id\": ", SOON);
    vt_type(vt, "\tG");
    wait_text("}", SOON);
    vt_type(vt, "q");
    wait_text("TWIN / SERIES", SOON);
    vt_type(vt, "tg");
    wait_text("Enter folds", SOON);
    vt_type(vt, "?/bookmark");
    wait_text("3 of ", SOON);
    finish();
}
END_TEST

Suite *actions_suite(void);

Suite *actions_suite(void)
{
    Suite *suite = suite_create("actions");
    TCase *tests = tcase_create("actions");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, tagged_sensors_get_a_fault_and_are_killed);
    tcase_add_loop_test(tests, an_event_takes_table_and_chart_to_its_time, 0, 2);
    tcase_add_loop_test(tests, the_card_has_readings_and_payload, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
