#include "unit/suites.h"

#include "config.h"
#include "core/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct options options;
static char error[512];
static char path[64];

static void setup(void)
{
    options_init(&options);
    snprintf(path, sizeof path, "/tmp/dt-top-test-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void teardown(void)
{
    unlink(path);
    options_fini(&options);
}

static bool load(const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    free(options.config);
    options.config = xstrdup(path);
    *error = '\0';
    return config_load(&options, error, sizeof error);
}

START_TEST(reads_keys)
{
    ck_assert_msg(load("# a comment\n[dt-top]\nhost = pi4\nport = 1884\nwindow=30\n"), "%s", error);
    ck_assert_str_eq(options.host, "pi4");
    ck_assert_int_eq(options.port, 1884);
    ck_assert_int_eq(options.window, 30);
}
END_TEST

static bool load_with_mode(const char *text, mode_t mode)
{
    load("");
    chmod(path, mode);
    return load(text);
}

START_TEST(a_secret_that_others_may_read_is_refused)
{
    static const char *const secrets[] = {
        "pw = hush",
        "port = 1884\n[profile home]\npw = hush",
        "psk = 00ff\npsk-identity = me",
        "url = mqtt://me:hush@pi4/",
    };
    static const mode_t open_modes[] = {0644, 0640, 0604};
    char expected[256];
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        ck_assert(!load_with_mode(secrets[i], open_modes[i % 3]));
        ck_assert_ptr_null(strstr(error, "hush"));
        ck_assert_msg(load_with_mode(secrets[i], 0600), "%s", error);
    }
    ck_assert(!load_with_mode("port = 1884\npw = hush", 0644));
    snprintf(expected, sizeof expected,
             "%s:2: others may read this file (mode 0644), and 'pw' is a secret; chmod 600 %s",
             path, path);
    ck_assert_str_eq(error, expected);
}
END_TEST

START_TEST(a_file_without_a_secret_may_be_read_by_others)
{
    ck_assert(load_with_mode("pw = -\nusername = me\npw-file = /etc/x", 0644));
    ck_assert(load_with_mode("url = mqtt://me@pi4:1884/a:b", 0644));
}
END_TEST

START_TEST(names_file_and_line_of_a_mistake)
{
    char expected[128];
    ck_assert(!load("[dt-top]\nhost = pi4\n\nprot = 1884\n"));
    snprintf(expected, sizeof expected, "%s:4: unknown key 'prot', did you mean 'port'?", path);
    ck_assert_str_eq(error, expected);
    ck_assert(!load("port = many\n"));
    ck_assert_ptr_nonnull(strstr(error, ":1: --port many"));
    ck_assert(!load("[nothing]\nport = 1\n"));
    ck_assert_ptr_nonnull(strstr(error, "unknown section [nothing]"));
    ck_assert(!load("host = a\nwhat is this\n"));
    ck_assert_ptr_nonnull(strstr(error, ":2: "));
}
END_TEST

START_TEST(mappings_are_read_and_checked)
{
    ck_assert_msg(load("[mapping pump]\ntopic = a/+\nseries = x unit=m ; in metres\n"
                       "[dt-top]\nport=99\n"),
                  "%s", error);
    ck_assert_uint_eq(options.mappings.count, 1);
    ck_assert_str_eq(options.mappings.list[0]->series[0].unit, "m");
    ck_assert_int_eq(options.port, 99);
    ck_assert(!load("[mapping a b]\ntopic = x\ntopik = y\n"));
    ck_assert_ptr_nonnull(strstr(error, ":3: unknown key 'topik', did you mean 'topic'?"));
    ck_assert(!load("[maping a]\ntopic = x\n"));
    ck_assert_ptr_nonnull(strstr(error, "unknown section [maping a], did you mean 'mapping'?"));
    ck_assert(!load("[mapping lonely]\nsensor = $1\n"));
    ck_assert_ptr_nonnull(strstr(error, "[mapping lonely] needs a topic"));
}
END_TEST

START_TEST(limits_are_read_and_checked)
{
    ck_assert_msg(load("[limits plant/#]\nmax = 80 ; degrees\n[limits \"boiler/temp\"]\nmin = 5\n"
                       "rate = 2/min\n[limits cellar]\nseries = digital_twin/cellar/sensor/+/+\n"
                       "mute = yes\n"),
                  "%s", error);
    ck_assert_uint_eq(options.limits.count, 3);
    ck_assert_double_eq(options.limits.list[0]->settings.limits.max, 80);
    ck_assert_str_eq(options.limits.list[1]->name, "boiler/temp");
    ck_assert_double_eq(options.limits.list[1]->settings.limits.rate, 2);
    ck_assert_uint_eq(options.limits.list[2]->pattern_count, 1);
    ck_assert(options.limits.list[2]->settings.mute);
}
END_TEST

START_TEST(mistakes_in_limits_are_told)
{
    static const char *const rows[][2] = {
        {"[limits a]\nmin = 1\nmaxi = 3\n", ":3: unknown key 'maxi', did you mean 'max'?"},
        {"[limits a]\nmin = low\n", ":2: expected a number, got 'low'"},
        {"[limits a]\nmin = 3\nmax = 2\n", "[limits a]: min must be below max"},
        {"[limits a#]\nmin = 3\n", "[limits a#]: pattern 'a#'"},
        {"[limit a]\nmin = 3\n", "unknown section [limit a], did you mean 'limits'?"},
        {"[limits digital_twin/laboratory/sensor/TEMP_SENSOR_001/temperature]\nmin = 3\n",
         "give it a short name and the pattern as series = PATTERN"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        limit_rules_fini(&options.limits);
        ck_assert(!load(rows[i][0]));
        ck_assert_msg(strstr(error, rows[i][1]), "%s", error);
    }
}
END_TEST

START_TEST(a_file_of_mappings_holds_nothing_else)
{
    ck_assert(load(""));
    FILE *file = fopen(path, "w");
    fputs("[mapping m]\ntopic = a\n", file);
    fclose(file);
    ck_assert(options_set(&options, "mapping", path, error, sizeof error));
    ck_assert_msg(config_load_mappings(&options, error, sizeof error), "%s", error);
    ck_assert_uint_eq(options.mappings.count, 1);
    file = fopen(path, "w");
    fputs("port = 1\n", file);
    fclose(file);
    ck_assert(!config_load_mappings(&options, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "only sections [mapping NAME]"));
}
END_TEST

START_TEST(a_profile_lies_over_the_rest_wherever_it_stands)
{
    static const char text[] = "[profile plant]\nhost = p\ntopic = plant/#\n[dt-top]\nhost = h\n"
                               "topic = a\ntopic = b\nwindow = 40\n[profile lab]\nhost = l\n";
    ck_assert(load(text));
    ck_assert_str_eq(options.host, "h");
    ck_assert_int_eq(options.topic_count, 2);
    options.profile = xstrdup("plant");
    ck_assert_msg(load(text), "%s", error);
    ck_assert_str_eq(options.host, "p");
    ck_assert_int_eq(options.topic_count, 1);
    ck_assert_str_eq(options.topics[0], "plant/#");
    ck_assert_int_eq(options.window, 40);
    free(options.profile);
    options.profile = xstrdup("plnat");
    ck_assert(!load(text));
    ck_assert_ptr_nonnull(strstr(error, "no section [profile plnat], did you mean 'plant'?"));
}
END_TEST

START_TEST(a_mistake_in_a_profile_is_told_even_if_it_is_not_used)
{
    ck_assert(!load("[profile x]\nprot = 1\n"));
    ck_assert_ptr_nonnull(strstr(error, ":2: unknown key 'prot'"));
}
END_TEST

START_TEST(each_value_knows_where_it_comes_from)
{
    char expected[128];
    char name[] = "dt-top", flag[] = "--port", value[] = "7";
    char *arguments[] = {name, flag, value, NULL};
    ck_assert(load("[dt-top]\nport = 5\nhost = h\n"));
    ck_assert(options_parse(&options, 3, arguments, error, sizeof error));
    bool file = false, line = false;
    snprintf(expected, sizeof expected, "%s:3", path);
    for (size_t i = 0; i < OPTIONS_MOST; i++) {
        const char *source = options.given[i].source;
        file = file || (source && strcmp(source, expected) == 0);
        line = line || (source && strcmp(source, "command line") == 0 &&
                        strcmp(options.given[i].value, "7") == 0);
    }
    ck_assert(file && line);
}
END_TEST

START_TEST(long_lines)
{
    char text[600], filler[401];
    memset(filler, 'x', 400);
    filler[400] = '\0';
    snprintf(text, sizeof text, "; %s\nport = 1884\n", filler);
    ck_assert_msg(load(text), "%s", error);
    ck_assert_int_eq(options.port, 1884);
    snprintf(text, sizeof text, "\nhost = %s\n", filler);
    ck_assert(!load(text));
    ck_assert_ptr_nonnull(strstr(error, ":2: longer than "));
}
END_TEST

START_TEST(a_folder_is_no_file)
{
    free(options.config);
    options.config = xstrdup("/tmp");
    ck_assert(!config_load(&options, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/tmp: cannot be read"));
}
END_TEST

START_TEST(controls_in_a_key_do_not_reach_the_terminal)
{
    ck_assert(!load("\033[2Jhost = x\n"));
    ck_assert_ptr_null(strchr(error, '\033'));
}
END_TEST

START_TEST(a_named_file_must_exist)
{
    free(options.config);
    options.config = xstrdup("/nonexistent/config.ini");
    ck_assert(!config_load(&options, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/nonexistent/config.ini: No such file"));
}
END_TEST

START_TEST(without_a_file_all_is_well)
{
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    ck_assert(config_load(&options, error, sizeof error));
}
END_TEST

START_TEST(environment_gives_password_and_no_color)
{
    setenv("DT_TOP_PASSWORD", "quiet", 1);
    setenv("NO_COLOR", "1", 1);
    config_environment(&options);
    ck_assert_str_eq(options.password, "quiet");
    ck_assert(options.no_color);
}
END_TEST

Suite *config_suite(void)
{
    Suite *suite = suite_create("config");
    TCase *tcase = tcase_create("config");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, reads_keys);
    tcase_add_test(tcase, a_secret_that_others_may_read_is_refused);
    tcase_add_test(tcase, a_file_without_a_secret_may_be_read_by_others);
    tcase_add_test(tcase, names_file_and_line_of_a_mistake);
    tcase_add_test(tcase, mappings_are_read_and_checked);
    tcase_add_test(tcase, limits_are_read_and_checked);
    tcase_add_test(tcase, mistakes_in_limits_are_told);
    tcase_add_test(tcase, a_file_of_mappings_holds_nothing_else);
    tcase_add_test(tcase, a_profile_lies_over_the_rest_wherever_it_stands);
    tcase_add_test(tcase, a_mistake_in_a_profile_is_told_even_if_it_is_not_used);
    tcase_add_test(tcase, each_value_knows_where_it_comes_from);
    tcase_add_test(tcase, long_lines);
    tcase_add_test(tcase, a_folder_is_no_file);
    tcase_add_test(tcase, controls_in_a_key_do_not_reach_the_terminal);
    tcase_add_test(tcase, a_named_file_must_exist);
    tcase_add_test(tcase, without_a_file_all_is_well);
    tcase_add_test(tcase, environment_gives_password_and_no_color);
    suite_add_tcase(suite, tcase);
    return suite;
}
