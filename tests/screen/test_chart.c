/* The chart of the whole program, by keys and by mouse, on a recording that has ended: its clock
 * stands still. */
#include "screen/vt.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SOON 5000 /* milliseconds */
#define LATER 20000
#define SECONDS 120

static char folder[64], path[96];
static struct vt *vt;

/* A climbs by one a second from 1000, B stays; the last readings are of 12:01:59. */
static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-chart-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/replay.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("timestamp,sensor_id,value,unit\n", file);
    for (int i = 0; i < SECONDS; i++)
        fprintf(file,
                "2026-01-15T12:%02d:%02d.5Z,A,%d,Celsius\n"
                "2026-01-15T12:%02d:%02d.5Z,B,%d,%%\n",
                i / 60, i % 60, 1000 + i, i / 60, i % 60, 40 + i % 3);
    fclose(file);
    vt = NULL;
}

static void teardown(void)
{
    vt_free(vt);
    vt_remove_folder(folder);
}

static void wait_text(const char *text)
{
    ck_assert_msg(vt_wait_text(vt, text, SOON), "no '%s' on the screen", text);
}

static void start(int columns, int rows, const char *more)
{
    const char *argv[] = {getenv("DT_TOP"), "--replay", path, "--speed", "max", more, NULL};
    const char *env[] = {"TMPDIR=/tmp",
                         "XDG_RUNTIME_DIR",
                         "LC_ALL=C.UTF-8",
                         "TZ=UTC",
                         "XDG_CONFIG_HOME=/nonexistent",
                         "NO_COLOR",
                         NULL};
    ck_assert_msg(argv[0] != NULL, "DT_TOP names no program");
    vt = vt_start(argv, env, columns, rows);
    ck_assert_msg(vt_wait_text(vt, "ended", LATER), "the replay did not end");
    ck_assert_msg(vt_wait_text(vt, "A/value", LATER), "no series");
}

static void quit(void)
{
    vt_type(vt, "\x03");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}

START_TEST(keys_move_the_cursor)
{
    static const int sizes[][2] = {{80, 24}, {160, 50}};
    start(sizes[_i][0], sizes[_i][1], NULL);
    vt_type(vt, "\r");
    wait_text("y auto");
    wait_text("median");
    vt_key(vt, VTERM_KEY_LEFT);
    wait_text("12:01:59  ");
    wait_text("1119 °C");
    vt_key(vt, VTERM_KEY_HOME);
    wait_text("min 1000  max");
    vt_key(vt, VTERM_KEY_RIGHT);
    vt_key(vt, VTERM_KEY_PAGEDOWN);
    ck_assert(vt_wait_gone(vt, "min 1000  max", SOON));
    vt_type(vt, "++");
    vt_key(vt, VTERM_KEY_ESCAPE);
    wait_text(" to 12:0");
    vt_type(vt, "L");
    ck_assert(vt_wait_gone(vt, " to 12:0", SOON));
    vt_type(vt, "yy");
    wait_text("y ±3σ");
    wait_text("+3σ");
    quit();
}
END_TEST

START_TEST(in_ascii_and_without_colours_it_is_all_there)
{
    start(100, 30, "--ascii");
    vt_type(vt, " \r"); /* A is tagged, B opened */
    wait_text("1 B/value");
    wait_text("2 A/value 1119");
    wait_text("median");
    vt_key(vt, VTERM_KEY_LEFT);
    wait_text("12:01:59");
    quit();
}
END_TEST

START_TEST(time_is_scrubbed_on_the_recording)
{
    start(120, 40, NULL);
    vt_type(vt, "{");
    wait_text("PAUSED -01:00, 0 buffered");
    vt_type(vt, "{{{{{{{{{{{{{{{{{{{{{");
    wait_text("1000");
    vt_type(vt, "L");
    ck_assert(vt_wait_gone(vt, "PAUSED", SOON));
    quit();
}
END_TEST

START_TEST(tagged_series_share_the_chart)
{
    start(160, 50, NULL);
    vt_type(vt, "  g\r");
    wait_text("1 A/value 1119 °C");
    wait_text("2 B/value ");
    vt_type(vt, "v");
    wait_text("2 B/value ");
    vt_type(vt, "v");
    ck_assert(vt_wait_gone(vt, "2 B/value", SOON));
    quit();
}
END_TEST

/* As a terminal tells it that was asked for drags. */
static void mouse(const char *what, int column, int row, char end)
{
    char bytes[32];
    snprintf(bytes, sizeof bytes, "\033[<%s;%d;%d%c", what, column + 1, row + 1, end);
    vt_type(vt, bytes);
}

START_TEST(a_drag_zooms_to_the_time_chosen)
{
    int column;
    start(120, 40, NULL);
    vt_type(vt, "\r");
    wait_text("median");
    wait_text("first seen"); /* below the chart: that is there, too */
    wait_text("Readings");
    int row = vt_find(vt, "─now", &column) - 4;
    ck_assert_int_gt(row, 0);
    mouse("0", column - 30, row, 'M');
    wait_text("▲");
    ck_assert(vt_mouse_wanted(vt));
    mouse("32", column - 25, row, 'M');
    mouse("32", column - 20, row, 'M');
    mouse("0", column - 20, row, 'm');
    wait_text(" to 12:0");
    vt_key(vt, VTERM_KEY_ESCAPE);
    ck_assert(vt_wait_gone(vt, " to 12:0", SOON));
    wait_text("y auto");
    quit();
}
END_TEST

Suite *chart_screen_suite(void);

Suite *chart_screen_suite(void)
{
    Suite *suite = suite_create("chart_screen");
    TCase *tests = tcase_create("chart_screen");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, keys_move_the_cursor, 0, 2);
    tcase_add_test(tests, in_ascii_and_without_colours_it_is_all_there);
    tcase_add_test(tests, time_is_scrubbed_on_the_recording);
    tcase_add_test(tests, tagged_series_share_the_chart);
    tcase_add_test(tests, a_drag_zooms_to_the_time_chosen);
    suite_add_tcase(suite, tests);
    return suite;
}
