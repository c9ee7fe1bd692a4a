#include "unit/suites.h"

#include "options.h"
#include "out/jsonl.h"

#include <stdio.h>
#include <string.h>

static struct options options;
static char error[256];

static void setup(void)
{
    options_init(&options);
    *error = '\0';
}

static void teardown(void)
{
    options_fini(&options);
}

#define MAX_WORDS 32
static char words[MAX_WORDS][128];

/* Parses a command line given as one string of words. */
static bool parse(const char *line)
{
    char *argv[MAX_WORDS + 1] = {words[0]};
    int argc = 1;
    snprintf(words[0], sizeof words[0], "dt-top");
    for (const char *at = line; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        ck_assert_int_lt(argc, MAX_WORDS);
        snprintf(words[argc], sizeof words[argc], "%.*s", (int)len, at);
        argv[argc] = words[argc];
        argc++;
        at += len;
    }
    return options_parse(&options, argc, argv, error, sizeof error);
}

START_TEST(letters_are_those_of_mosquitto_sub)
{
    ck_assert(
        parse("-h pi4 -p 1884 -t a/# -t b/+ -T a/x -q 1 -u me -i cid -k 30 -V 5 -C 7 -W 2.5"));
    ck_assert_str_eq(options.host, "pi4");
    ck_assert_int_eq(options.port, 1884);
    ck_assert_int_eq(options.topic_count, 2);
    ck_assert_str_eq(options.topics[1], "b/+");
    ck_assert_str_eq(options.filter_out[0], "a/x");
    ck_assert_int_eq(options.qos, 1);
    ck_assert_str_eq(options.username, "me");
    ck_assert_str_eq(options.id, "cid");
    ck_assert_int_eq(options.keepalive, 30);
    ck_assert_int_eq(options.version, 5);
    ck_assert_uint_eq(options.count, 7);
    ck_assert_int_eq(options.timeout, 2500000);
}
END_TEST

START_TEST(password_leaves_the_process_list)
{
    ck_assert(parse("-P s3cret"));
    ck_assert_str_eq(options.password, "s3cret");
    ck_assert_str_eq(words[2], "******");
}
END_TEST

START_TEST(demo_takes_its_number_both_ways)
{
    ck_assert(parse("--demo"));
    ck_assert_int_eq(options.sim_count, 6);
    ck_assert(parse("--demo 12 --ascii"));
    ck_assert_int_eq(options.sim_count, 12);
    ck_assert(options.ascii);
    ck_assert(parse("--demo=3 --no-color"));
    ck_assert_int_eq(options.sim_count, 3);
    ck_assert(options.demo && options.no_color);
}
END_TEST

START_TEST(speed_and_format)
{
    ck_assert(parse("--batch --format jsonl --speed max --only reading,status"));
    ck_assert_double_eq(options.speed, 0);
    ck_assert_int_eq(options.format, BATCH_JSONL);
    ck_assert_uint_eq(options.only, JSONL_READING | JSONL_STATUS);
    ck_assert(parse("--speed 2.5"));
    ck_assert_double_eq(options.speed, 2.5);
}
END_TEST

START_TEST(bytes_take_units)
{
    ck_assert(parse("--memory 64M"));
    ck_assert_uint_eq(options.memory, (size_t)64 << 20);
    ck_assert(parse("--memory 1GiB"));
    ck_assert_uint_eq(options.memory, (size_t)1 << 30);
    ck_assert(!parse("--memory 64MX"));
}
END_TEST

static const struct {
    const char *line, *says;
} mistakes[] = {
    {"--nonsense", "unknown option --nonsense"},
    {"-Z", "unknown option -Z"},
    {"-p", "needs a value"},
    {"-p 70000", "whole number from 1 to 65535"},
    {"-p 12x", "whole number"},
    {"-q 3", "from 0 to 2"},
    {"-k 1", "from 5"},
    {"-V 7", "311 or 5"},
    {"-t a/#/b", "--topic 'a/#/b'"},
    {"--threshold nan", "number from"},
    {"--only reading,nothing", "nothing"},
    {"--format xml", "text or jsonl"},
    {"--detector psychic", "lab"},
    {"--demo=many", "number of sensors"},
    {"-C 0", "at least 1"},
    {"--max-series 0", "a number of series"},
    {"--treshold 3", "did you mean --threshold?"},
    {"stray", "unexpected word 'stray'"},
};

START_TEST(mistakes_are_told_in_words)
{
    ck_assert(!parse(mistakes[_i].line));
    ck_assert_msg(strstr(error, mistakes[_i].says) != NULL, "'%s' said: %s", mistakes[_i].line,
                  error);
}
END_TEST

START_TEST(command_line_filters_replace_configured_ones)
{
    ck_assert(options_set(&options, "topic", "from/config/#", error, sizeof error));
    ck_assert(parse("-t a -t b"));
    ck_assert_int_eq(options.topic_count, 2);
    ck_assert_str_eq(options.topics[0], "a");
}
END_TEST

START_TEST(keys_of_the_file_are_the_long_options)
{
    ck_assert(options_set(&options, "ascii", "yes", error, sizeof error));
    ck_assert(options.ascii);
    ck_assert(options_set(&options, "ascii", "off", error, sizeof error));
    ck_assert(!options.ascii);
    ck_assert(!options_set(&options, "ascii", "perhaps", error, sizeof error));
    ck_assert(!options_set(&options, "colour", "1", error, sizeof error));
    ck_assert_str_eq(error, "unknown key 'colour'");
}
END_TEST

Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("options");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, letters_are_those_of_mosquitto_sub);
    tcase_add_test(tcase, password_leaves_the_process_list);
    tcase_add_test(tcase, demo_takes_its_number_both_ways);
    tcase_add_test(tcase, speed_and_format);
    tcase_add_test(tcase, bytes_take_units);
    tcase_add_loop_test(tcase, mistakes_are_told_in_words, 0,
                        (int)(sizeof mistakes / sizeof *mistakes));
    tcase_add_test(tcase, command_line_filters_replace_configured_ones);
    tcase_add_test(tcase, keys_of_the_file_are_the_long_options);
    suite_add_tcase(suite, tcase);
    return suite;
}
