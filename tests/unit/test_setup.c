#include "unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_save.h"
#include "ui/setup.h"
#include "unit/stage.h"

static struct stage stage;
static char folder[64], path[128], error[256];

static void setup(void)
{
    stage_open(&stage, 120, 40, false);
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_draw(&stage);
    snprintf(folder, sizeof folder, "/tmp/dt-top-setup-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/config.ini", folder);
}

static void teardown(void)
{
    stage_close(&stage);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nor is a temporary file left */
}

START_TEST(columns_by_name)
{
    struct columns columns;
    char text[COLUMNS_TEXT];
    ck_assert(columns_parse("age,value,z", &columns, error, sizeof error));
    ck_assert_int_eq(columns.order[0], COLUMN_GLYPH);
    ck_assert_int_eq(columns.order[1], COLUMN_NAME);
    ck_assert_int_eq(columns.order[2], COLUMN_AGE);
    ck_assert(columns.hidden[COLUMN_TREND] && !columns.hidden[COLUMN_Z]);
    columns_print(&columns, text, sizeof text);
    ck_assert_str_eq(text, "age,value,z");
    ck_assert(columns_parse("all", &columns, error, sizeof error));
    columns_print(&columns, text, sizeof text);
    ck_assert_str_eq(text, "value,unit,trend,z,mean,sd,min,max,rate,anomalies,eta,age");
    ck_assert(!columns_parse("value,tend", &columns, error, sizeof error));
    ck_assert_str_eq(error, "unknown column 'tend', did you mean 'trend'?");
    ck_assert(!columns_parse("z,z", &columns, error, sizeof error));
    ck_assert_str_eq(error, "twice the same column 'z'");
}
END_TEST

static const char *heading(void)
{
    return stage_row(&stage, stage_find(&stage, "TWIN / SERIES"));
}

START_TEST(a_column_goes_and_moves_at_once)
{
    ck_assert_ptr_nonnull(strstr(heading(), "UNIT"));
    stage_key(&stage, 'o');
    ck_assert_int_ge(stage_find(&stage, "[x] unit"), 0);
    for (int i = 0; i <= SETUP_FIRST_COLUMN; i++)
        stage_key(&stage, 'j');
    stage_key(&stage, ' ');
    ck_assert_int_ge(stage_find(&stage, "[ ] unit"), 0);
    stage_key(&stage, 'G'); /* age */
    for (int i = 0; i < 20; i++)
        stage_key(&stage, KEY_ARROW_LEFT);
    stage_key(&stage, KEY_ESC);
    ck_assert_ptr_null(strstr(heading(), "UNIT"));
    ck_assert_ptr_nonnull(strstr(heading(), "AGE"));
    ck_assert(strstr(heading(), "AGE") < strstr(heading(), "VALUE"));
    ck_assert_uint_eq(ui_setup(stage.ui)->changed, SETUP_COLUMNS);
}
END_TEST

START_TEST(theme_and_span_change_at_once)
{
    snprintf(ui_setup(stage.ui)->theme, 8, "dark");
    stage_key(&stage, KEY_FUNCTION + 2);
    ck_assert_int_eq(stage_key(&stage, KEY_ARROW_RIGHT), INTENT_THEME);
    ck_assert_str_eq(ui_setup(stage.ui)->theme, "light");
    ck_assert_int_eq(stage_key(&stage, KEY_ARROW_LEFT), INTENT_THEME);
    ck_assert_int_eq(stage_key(&stage, KEY_ARROW_LEFT), INTENT_THEME);
    ck_assert_str_eq(ui_setup(stage.ui)->theme, "mono");
    stage_key(&stage, 'j');
    stage_key(&stage, KEY_ARROW_RIGHT);
    stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert_int_ge(stage_find(&stage, "1h"), 0);
    ck_assert_int_eq(stage.snapshot.request.span, 3600 * TIMESTAMP_SECOND);
    ck_assert_int_eq(stage_key(&stage, 'w'), INTENT_SAVE);
    stage_key(&stage, 'q');
    ck_assert_int_ge(stage_find(&stage, "TWIN / SERIES"), 0);
}
END_TEST

START_TEST(a_threshold_holds_at_once)
{
    struct setup *setup = ui_setup(stage.ui);
    setup->threshold = 3.3; /* as options may say */
    stage_key(&stage, KEY_FUNCTION + 2);
    for (int i = 0; i < SETUP_ROW_THRESHOLD; i++)
        stage_key(&stage, 'j');
    ck_assert_int_ge(stage_find(&stage, "3.3 σ"), 0);
    stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert_int_ge(stage_find(&stage, "3.5 σ"), 0);
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert_double_eq(setup->threshold, 3);
    for (int i = 0; i < 50; i++)
        stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert_double_eq(setup->threshold, 0.5);
    ck_assert_uint_eq(setup->changed, SETUP_THRESHOLD);
}
END_TEST

static int trend_x(void)
{
    return stage_find(&stage, "T1/temperature");
}

START_TEST(trends_share_a_scale_and_change_their_tier)
{
    for (int i = 0; i < 60; i++) {
        stage.now += TIMESTAMP_SECOND;
        stage_reading(&stage, "T1", "temperature", "Celsius", 20 + i / 30);
        stage_reading(&stage, "T2", "temperature", "°C", 90 + i / 30);
        stage_reading(&stage, "T2", "humidity", "%", i / 30);
    }
    stage_draw(&stage);
    ck_assert(strstr(stage_row(&stage, trend_x()), "▇"));
    stage_key(&stage, 'K');
    ck_assert(!strstr(stage_row(&stage, trend_x()), "▇")); /* all of it is low */
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "T2/temperature")), "▇"));
    ck_assert(!strstr(stage_row(&stage, stage_find(&stage, "T2/temperature")), "▁"));
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "T2/humidity")), "▇"));
    ck_assert_uint_eq(ui_setup(stage.ui)->changed, SETUP_SCALE);
    ck_assert_int_ge(stage_find(&stage, "ONE SCALE"), 0);
    stage_key(&stage, KEY_FUNCTION + 2);
    stage_key(&stage, 'j');
    stage_key(&stage, 'j');
    stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert_int_ge(stage_find(&stage, "braille"), 0);
    stage_key(&stage, 'j');
    stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert_int_ge(stage_find(&stage, "its own for each series"), 0);
    stage_key(&stage, KEY_ESC);
    ck_assert_msg(strstr(stage_row(&stage, trend_x()), "⣀") && strstr(stage.row, "⠉"), "%s",
                  stage.row);
    unsigned columns = (unsigned)stage.snapshot.request.spark_columns;
    ck_assert_uint_eq(columns % 2, 0);
    for (int width = 1; width < 160; width++) {
        ui_resize(stage.ui, width, 24);
        stage_draw(&stage);
    }
}
END_TEST

START_TEST(a_key_goes_round_the_spans)
{
    static const int minutes[] = {1, 5, 60, 24 * 60, 1};
    for (int i = 0; i < 5; i++) {
        stage_key(&stage, 'S');
        ck_assert_int_eq(stage.snapshot.request.span, minutes[i] * 60 * TIMESTAMP_SECOND);
    }
}
END_TEST

static void put_file(const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void expect_file(const char *expected)
{
    static char text[2048];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    ck_assert_str_eq(text, expected);
}

static const struct config_entry entries[] = {{"theme", "light"}, {"span", "1h"}};

static void save(void)
{
    ck_assert_msg(config_save(path, entries, 2, error, sizeof error), "%s", error);
}

START_TEST(a_new_file)
{
    save();
    expect_file("[dt-top]\ntheme = light\nspan = 1h\n");
    save();
    expect_file("[dt-top]\ntheme = light\nspan = 1h\n");
}
END_TEST

START_TEST(everything_else_stays)
{
    put_file("; mine\n[profile theme]\ntheme = dark\n\n[dt-top]\n; theme = dark\nhost=pi4 ; here\n"
             "  theme:mono ; as it was\n\n# end\n\n[mapping x]\nspan = 1\ntopic = a");
    chmod(path, 0640);
    save();
    expect_file("; mine\n[profile theme]\ntheme = dark\n\n[dt-top]\n; theme = dark\n"
                "host=pi4 ; here\ntheme = light ; as it was\n\n# end\nspan = 1h\n\n[mapping x]\n"
                "span = 1\ntopic = a\n");
    struct stat now;
    ck_assert_int_eq(stat(path, &now), 0);
    ck_assert_int_eq(now.st_mode & 0777, 0640);
}
END_TEST

START_TEST(keys_before_any_section)
{
    put_file("theme = dark\n[profile a]\nhost = b");
    save();
    expect_file("theme = light\n[profile a]\nhost = b\n\n[dt-top]\nspan = 1h\n");
}
END_TEST

START_TEST(a_heading_without_an_end)
{
    put_file("[dt-top]");
    save();
    expect_file("[dt-top]\ntheme = light\nspan = 1h\n");
}
END_TEST

START_TEST(a_link_stays_one)
{
    char target[160];
    struct stat now;
    snprintf(target, sizeof target, "%s/real.ini", folder);
    ck_assert_int_eq(symlink(target, path), 0);
    FILE *file = fopen(target, "w");
    fclose(file);
    save();
    ck_assert_int_eq(lstat(path, &now), 0);
    ck_assert(S_ISLNK(now.st_mode));
    expect_file("[dt-top]\ntheme = light\nspan = 1h\n");
    unlink(target);
}
END_TEST

START_TEST(what_cannot_be_written_is_told)
{
    ck_assert(!config_save("/proc/dt-top/config.ini", entries, 2, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/proc/dt-top/config.ini: "));
}
END_TEST

Suite *setup_suite(void)
{
    Suite *suite = suite_create("setup");
    TCase *tests = tcase_create("setup");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, columns_by_name);
    tcase_add_test(tests, a_column_goes_and_moves_at_once);
    tcase_add_test(tests, theme_and_span_change_at_once);
    tcase_add_test(tests, a_threshold_holds_at_once);
    tcase_add_test(tests, a_threshold_holds_at_once);
    tcase_add_test(tests, trends_share_a_scale_and_change_their_tier);
    tcase_add_test(tests, a_key_goes_round_the_spans);
    tcase_add_test(tests, a_new_file);
    tcase_add_test(tests, everything_else_stays);
    tcase_add_test(tests, keys_before_any_section);
    tcase_add_test(tests, a_heading_without_an_end);
    tcase_add_test(tests, a_link_stays_one);
    tcase_add_test(tests, what_cannot_be_written_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}
