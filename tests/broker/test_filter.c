/* Batch mode with --filter and --until, on a recording. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <signal.h>

#define MOST_WORDS 24

static char path[64];
static char output[1 << 18], trouble[1024];

/* A boiler of 60 readings, a second apart, whose 40th is far out; a pump of 10, which then is
 * silent. */
static void setup(void)
{
    snprintf(path, sizeof path, "/tmp/dt-top-filter-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    FILE *file = fdopen(fd, "w");
    for (int i = 0; i < 60; i++) {
        fprintf(file, "{\"tst\":%d,\"topic\":\"plant/boiler/temp\",\"payload\":\"%.1f\"}\n",
                1768478400 + i, i == 39 ? 42.5 : 21 + 0.1 * (i % 5));
        if (i < 10)
            fprintf(file, "{\"tst\":%d,\"topic\":\"plant/pump/flow\",\"payload\":\"%d\"}\n",
                    1768478400 + i, 100 + i % 3);
    }
    fclose(file);
}

static void teardown(void)
{
    unlink(path);
}

static void read_all(int fd, char *out, size_t size)
{
    size_t used = 0;
    ssize_t got;
    while (used + 1 < size && (got = read(fd, out + used, size - 1 - used)) > 0)
        used += (size_t)got;
    out[used] = '\0';
    close(fd);
}

/* Plays the recording in batch mode with these arguments more, NULL at their end. Returns the exit
 * status. */
static int run(const char *const *more)
{
    static char words[MOST_WORDS][128];
    char *argv[MOST_WORDS + 1];
    const char *const base[] = {"dt-top", "-b", "--config", "/dev/null", "--replay", path};
    int argc = 0, out[2], err[2], status;
    for (size_t i = 0; i < sizeof base / sizeof *base; i++, argc++)
        snprintf(words[argc], sizeof words[argc], "%s", base[i]);
    for (; *more; more++, argc++)
        snprintf(words[argc], sizeof words[argc], "%s", *more);
    for (int i = 0; i < argc; i++)
        argv[i] = words[i];
    argv[argc] = NULL;
    ck_assert_int_eq(pipe(out), 0);
    ck_assert_int_eq(pipe(err), 0);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        execv(getenv("DT_TOP"), argv);
        _exit(127);
    }
    close(out[1]);
    close(err[1]);
    read_all(out[0], output, sizeof output);
    read_all(err[0], trouble, sizeof trouble);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static int lines_with(const char *text)
{
    int count = 0;
    for (const char *line = output; *line; line = strchr(line, '\n') + 1) {
        char one[1024];
        snprintf(one, sizeof one, "%.*s", (int)strcspn(line, "\n"), line);
        count += strstr(one, text) != NULL;
    }
    return count;
}

START_TEST(lines_of_other_series_are_left_out)
{
    ck_assert_int_eq(
        RUN("--format", "jsonl", "--only", "reading,anomaly,summary,status", "--filter", "boiler"),
        0);
    ck_assert_int_eq(lines_with("\"type\":\"reading\""), 60);
    ck_assert_int_eq(lines_with("\"type\":\"anomaly\""), 1);
    ck_assert_int_eq(lines_with("\"type\":\"summary\""), 1);
    ck_assert_int_eq(lines_with("\"type\":\"status\""), 1);
    ck_assert_int_eq(lines_with("pump"), 0);
}
END_TEST

START_TEST(each_reading_is_asked_by_itself)
{
    ck_assert_int_eq(RUN("--format", "jsonl", "--only", "reading", "--filter", "value>30 !pump"),
                     0);
    ck_assert_int_eq(lines_with("\"type\":\"reading\""), 1);
    ck_assert_int_eq(lines_with("\"value\":42.5"), 1);
    ck_assert_int_eq(RUN("--format", "jsonl", "--only", "reading", "--filter", "state=anomaly"), 0);
    ck_assert_int_ge(lines_with("\"value\":42.5"), 1);
    ck_assert_int_eq(lines_with("\"state\":\"ok\""), 0);
}
END_TEST

START_TEST(a_table_holds_what_matches)
{
    ck_assert_int_eq(RUN("--filter", "state=lost"), 0);
    ck_assert_int_eq(lines_with("pump/flow"), 1);
    ck_assert_int_eq(lines_with("boiler/temp"), 0);
}
END_TEST

START_TEST(a_filter_that_lets_nothing_through_is_told)
{
    ck_assert_int_eq(RUN("--filter", "nosuch"), 0);
    ck_assert_str_eq(trouble, "dt-top: 0 of 2 series match the filter nosuch\n");
    ck_assert_int_eq(RUN("--format", "csv", "--filter", "nosuch"), 0);
    ck_assert_str_eq(trouble, "dt-top: 0 of 2 series match the filter nosuch\n");
    ck_assert_int_eq(RUN("--format", "csv", "--filter", "value>30 !pump"), 0); /* it did once */
    ck_assert_str_eq(trouble, "");
}
END_TEST

START_TEST(until_says_whose_it_was)
{
    ck_assert_int_eq(RUN("--until", "z>3 !pump"), 0);
    ck_assert_msg(lines_with("until z>3 !pump: plant/boiler/temp") == 1, "%s", output);
    ck_assert_int_eq(RUN("--until", "state=lost"), 0);
    ck_assert_int_eq(lines_with("until state=lost: plant/pump/flow"), 1);
    ck_assert_int_eq(RUN("--until", "value>1e6"), 3);
    ck_assert_int_eq(lines_with("until"), 0);
}
END_TEST

START_TEST(until_ends_with_the_reading)
{
    ck_assert_int_eq(RUN("--format", "jsonl", "--only", "reading", "--until", "z>3 !pump"), 0);
    ck_assert_int_eq(lines_with("boiler"), 40);
    ck_assert(strstr(output, "42.5"));
}
END_TEST

START_TEST(until_sees_what_time_alone_brings)
{
    ck_assert_int_eq(RUN("--format", "jsonl", "--only", "reading", "--until", "state=lost pump"),
                     0);
    ck_assert_int_lt(lines_with("boiler"), 60);
    ck_assert_int_eq(RUN("--until", "age>30s"), 0);
    ck_assert_int_eq(RUN("--until", "age>1h"), 3);
}
END_TEST

START_TEST(what_never_comes_true_is_told)
{
    ck_assert_int_eq(RUN("--until", "value>1e6"), 3);
    ck_assert_int_eq(RUN("--until", "value>1e6", "--speed", "1", "-W", "0.3"), 3);
    ck_assert_int_eq(RUN("--until", "value>1e6", "-C", "5"), 3);
}
END_TEST

START_TEST(mistakes_are_told_in_words)
{
    ck_assert_int_eq(RUN("--filter", "vale>3"), 2);
    ck_assert_str_eq(trouble, "dt-top: --filter 'vale>3': column 1: no key 'vale', did you mean "
                              "'value'?\n");
    ck_assert_int_eq(RUN("--until", "state=gone"), 2);
    ck_assert_msg(strstr(trouble, "--until 'state=gone': column 7: no state 'gone'"), "%s",
                  trouble);
}
END_TEST

Suite *filter_suite(void);

Suite *filter_suite(void)
{
    Suite *suite = suite_create("filter");
    TCase *tcase = tcase_create("batch");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, lines_of_other_series_are_left_out);
    tcase_add_test(tcase, each_reading_is_asked_by_itself);
    tcase_add_test(tcase, a_table_holds_what_matches);
    tcase_add_test(tcase, a_filter_that_lets_nothing_through_is_told);
    tcase_add_test(tcase, until_says_whose_it_was);
    tcase_add_test(tcase, until_ends_with_the_reading);
    tcase_add_test(tcase, until_sees_what_time_alone_brings);
    tcase_add_test(tcase, what_never_comes_true_is_told);
    tcase_add_test(tcase, mistakes_are_told_in_words);
    suite_add_tcase(suite, tcase);
    return suite;
}
