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

START_TEST(no_secret_stays_in_the_process_list)
{
    ck_assert(parse("-L mqtts://me:s3cret@pi4/a --psk 0011 --psk-identity me"));
    ck_assert_str_eq(options.url, "mqtts://me:s3cret@pi4/a");
    ck_assert_str_eq(words[2], "mqtts://me:******@pi4/a");
    ck_assert_str_eq(options.tls.psk, "0011");
    ck_assert_str_eq(words[4], "****");
    ck_assert(parse("-L mqtt://pi4:1883/a@b:c"));
    ck_assert_str_eq(words[2], "mqtt://pi4:1883/a@b:c");
}
END_TEST

START_TEST(session_will_and_tls)
{
    ck_assert(parse("-c -i cid --will-topic a --will-payload b --will-qos 1 --will-retain "
                    "--cafile ca --capath dir --cert crt --key key --tls-version tlsv1.3 "
                    "--tls-alpn mqtt --insecure"));
    ck_assert(options.keep_session && options.will_retain && options.tls.insecure);
    ck_assert_str_eq(options.will_topic, "a");
    ck_assert_int_eq(options.will_qos, 1);
    ck_assert_str_eq(options.tls.cafile, "ca");
    ck_assert_str_eq(options.tls.capath, "dir");
    ck_assert_str_eq(options.tls.key, "key");
    ck_assert_str_eq(options.tls.version, "tlsv1.3");
    ck_assert_str_eq(options.tls.alpn, "mqtt");
}
END_TEST

/* The one nearer to the user wins: the file, then the environment, then the command line. */
START_TEST(the_last_password_counts)
{
    ck_assert(options_set(&options, "pw-file", "there", error, sizeof error));
    ck_assert(parse("-P here"));
    ck_assert_ptr_null(options.pw_file);
    ck_assert(parse("--pw-file there"));
    ck_assert_ptr_null(options.password);
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

START_TEST(csv_is_of_readings)
{
    ck_assert(parse("--batch --format csv --only reading"));
    ck_assert_int_eq(options.format, BATCH_CSV);
    ck_assert(!parse("--batch --format csv --only anomaly"));
    ck_assert_ptr_nonnull(strstr(error, "readings"));
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
    {"--format xml", "text, jsonl or csv"},
    {"--detector psychic", "lab"},
    {"--demo=many", "number of sensors"},
    {"-C 0", "at least 1"},
    {"-c", "-c needs -i"},
    {"-c -I pre", "-c needs -i"},
    {"-i a -I b", "-i and -I"},
    {"--will-retain", "need --will-topic"},
    {"--will-topic a/#", "without + and #"},
    {"--will-topic a --readonly", "--readonly forbids"},
    {"--will-qos 3", "from 0 to 2"},
    {"--max-series 0", "a number of series"},
    {"--treshold 3", "did you mean --threshold?"},
    {"--readonly --sim 2", "--readonly forbids"},
    {"--replay f.csv --demo=2", "--replay plays a recording"},
    {"--place a/#", "--place"},
    {"--seed -5", "whole number"},
    {"--seed 99999999999999999999", "whole number"},
    {"-L http://foo", "mqtt://"},
    {"-b --theme foo", "unknown theme 'foo'"},
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

START_TEST(a_host_of_the_command_line_wins_over_a_configured_url)
{
    ck_assert(options_set(&options, "url", "mqtt://from-config:1", error, sizeof error));
    ck_assert(parse("-h here"));
    ck_assert_ptr_null(options.url);
    ck_assert_str_eq(options.host, "here");
}
END_TEST

START_TEST(seed_0_is_a_seed)
{
    ck_assert(!options.has_seed);
    ck_assert(parse("--seed 0"));
    ck_assert(options.has_seed);
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

START_TEST(queries_are_checked)
{
    ck_assert(parse("-b --filter z>3 --until state=lost"));
    ck_assert_str_eq(options.filter, "z>3");
    ck_assert_str_eq(options.until, "state=lost");
    ck_assert(options_set(&options, "filter", "", error, sizeof error));
    ck_assert_ptr_null(options.filter);
    ck_assert(!options_set(&options, "filter", "stat=ok", error, sizeof error));
    ck_assert_str_eq(error, "--filter 'stat=ok': column 1: no key 'stat', did you mean 'state'?");
    options.batch = false;
    ck_assert(!parse("--until z>3"));
    ck_assert_msg(strstr(error, "--batch"), "%s", error);
}
END_TEST

Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *tcase = tcase_create("options");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, letters_are_those_of_mosquitto_sub);
    tcase_add_test(tcase, password_leaves_the_process_list);
    tcase_add_test(tcase, no_secret_stays_in_the_process_list);
    tcase_add_test(tcase, session_will_and_tls);
    tcase_add_test(tcase, the_last_password_counts);
    tcase_add_test(tcase, demo_takes_its_number_both_ways);
    tcase_add_test(tcase, speed_and_format);
    tcase_add_test(tcase, queries_are_checked);
    tcase_add_test(tcase, csv_is_of_readings);
    tcase_add_test(tcase, bytes_take_units);
    tcase_add_loop_test(tcase, mistakes_are_told_in_words, 0,
                        (int)(sizeof mistakes / sizeof *mistakes));
    tcase_add_test(tcase, command_line_filters_replace_configured_ones);
    tcase_add_test(tcase, a_host_of_the_command_line_wins_over_a_configured_url);
    tcase_add_test(tcase, seed_0_is_a_seed);
    tcase_add_test(tcase, keys_of_the_file_are_the_long_options);
    suite_add_tcase(suite, tcase);
    return suite;
}
