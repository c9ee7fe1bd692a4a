#include "unit/suites.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "core/random.h"
#include "core/text.h"
#include "core/xalloc.h"
#include "out/writer.h"

static void expect_number(double number, const char *expected)
{
    char text[WRITER_NUMBER];
    size_t len = writer_number_text(number, text);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(len, strlen(expected));
}

START_TEST(numbers_are_as_short_as_can_be)
{
    expect_number(0, "0");
    expect_number(-0.0, "-0");
    expect_number(22.4, "22.4");
    expect_number(-22.4, "-22.4");
    expect_number(0.1, "0.1");
    expect_number(0.0001, "0.0001");
    expect_number(100, "100");
    expect_number(999999999999999, "999999999999999");
    expect_number(0.1 + 0.2, "0.30000000000000004");
    expect_number(18.324918539200002, "18.324918539200002");
    expect_number(9.95, "9.95");
    expect_number(0.9999999999999999, "0.9999999999999999");
    expect_number(1.0 / 3, "0.3333333333333333");
    expect_number(5e-324, "4.94065645841247e-324");
    expect_number(1e300, "1e+300");
    expect_number(NAN, "null");
    expect_number(INFINITY, "null");
    expect_number(-INFINITY, "null");
}
END_TEST

/* The digits that printf would need, the plain way. */
static int digits_needed(double number)
{
    char text[WRITER_NUMBER];
    for (int digits = 15; digits < 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return digits;
    }
    return 17;
}

static int digits_written(const char *text)
{
    int count = 0;
    for (text += strspn(text, "-0."); *text != '\0' && *text != 'e'; text++)
        count += *text != '.';
    return count;
}

START_TEST(numbers_read_back_and_none_is_longer_than_needed)
{
    struct random random;
    random_init(&random, 1);
    for (int i = 0; i < 100000; i++) {
        char text[WRITER_NUMBER];
        double number = random_normal(&random) * pow(10, (double)(random_next(&random) % 24) - 7);
        if (i % 3 == 0) /* few decimals, as sensors have */
            number = round(number * 1000) / 1000;
        writer_number_text(number, text);
        ck_assert_msg(strtod(text, NULL) == number, "%.17g was written as %s", number, text);
        ck_assert_msg(digits_written(text) <= digits_needed(number), "%.17g was written as %s",
                      number, text);
    }
}
END_TEST

/* What a writer hands over, read back through a pipe. */
static char *written(void (*write_it)(struct writer *writer))
{
    static char text[4096];
    int ends[2];
    struct writer writer;
    ck_assert_int_eq(pipe(ends), 0);
    writer_init(&writer, ends[1]);
    write_it(&writer);
    writer_fini(&writer);
    close(ends[1]);
    ssize_t len = read(ends[0], text, sizeof(text) - 1);
    ck_assert_int_ge(len, 0);
    text[len] = '\0';
    close(ends[0]);
    return text;
}

static void write_strings(struct writer *writer)
{
    writer_json_string(writer, "");
    writer_json_string(writer, "a \"b\" \\c");
    writer_json_string(writer, "\x1b[2J\n\x7f\xc2\x9b");
    writer_json_string(writer, "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
    writer_json_string(writer, "\xff\xc3");
    writer_json_string(writer, "\xe2\x80\xae\xf3\xa0\x81\x81"); /* bidi and a tag */
}

START_TEST(json_strings_hold_no_control_and_no_broken_character)
{
    ck_assert_str_eq(written(write_strings), "\"\""
                                             "\"a \\\"b\\\" \\\\c\""
                                             "\"\\u001b[2J\\u000a\\u007f\\u009b\""
                                             "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""
                                             "\"\xef\xbf\xbd\xef\xbf\xbd\""
                                             "\"\\u202e\\udb40\\udc41\"");
}
END_TEST

static void write_formats(struct writer *writer)
{
    writer_format(writer, "%d %s;", 7, "seven");
    writer_format(writer, "%*d;", 1000, 1);
}

START_TEST(formats_may_be_longer_than_the_scratch_space)
{
    const char *text = written(write_formats);
    ck_assert_uint_eq(strlen(text), 8 + 1001);
    ck_assert_int_eq(strncmp(text, "7 seven;   ", 11), 0);
    ck_assert_str_eq(text + strlen(text) - 3, " 1;");
}
END_TEST

START_TEST(a_reader_that_has_gone_is_remembered)
{
    int ends[2];
    struct writer writer;
    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    close(ends[0]);
    writer_init(&writer, ends[1]);
    writer_text(&writer, "nobody reads this\n");
    ck_assert_int_eq(writer.error, 0);
    ck_assert(!writer_flush(&writer));
    ck_assert_int_eq(writer.error, EPIPE);
    for (int i = 0; i < 100000; i++) /* dropped, and nothing grows */
        writer_text(&writer, "nor this\n");
    ck_assert(!writer_flush(&writer));
    ck_assert_uint_eq(writer.room, 65536);
    writer_fini(&writer);
    close(ends[1]);
}
END_TEST

START_TEST(a_failure_is_still_told_after_the_end)
{
    struct writer writer;
    int full = open("/dev/full", O_WRONLY);
    ck_assert_int_ge(full, 0);
    writer_init(&writer, full);
    writer_text(&writer, "no room for this\n");
    writer_fini(&writer);
    ck_assert_int_eq(writer.error, ENOSPC);
    close(full);
}
END_TEST

static void *write_much(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < 100000; i++)
        writer_text(writer, "0123456789\n");
    writer_flush(writer);
    return NULL;
}

static size_t unread(int fd)
{
    int bytes = 0;
    ck_assert_int_eq(ioctl(fd, FIONREAD, &bytes), 0);
    return (size_t)bytes;
}

/* Waits until the pipe takes no more. */
static void wait_until_full(const int ends[2])
{
    struct pollfd room = {.fd = ends[1], .events = POLLOUT};
    for (int i = 0; i < 2000 && poll(&room, 1, 0) > 0; i++)
        poll(NULL, 0, 5);
    ck_assert_uint_gt(unread(ends[0]), 0);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(a_stop_ends_the_wait_for_a_reader_that_takes_nothing)
{
    int ends[2];
    struct writer writer;
    pthread_t thread;
    ck_assert_int_eq(pipe(ends), 0);
    writer_init(&writer, ends[1]);
    ck_assert_int_eq(pthread_create(&thread, NULL, write_much, &writer), 0);
    wait_until_full(ends);
    double begin = seconds();
    writer_stop(&writer);
    pthread_join(thread, NULL);
    ck_assert_double_lt(seconds() - begin, 1);
    ck_assert_int_eq(writer.error, ECANCELED);
    ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0); /* shared with others */
    writer_fini(&writer);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

static void *read_all(void *context)
{
    static char bytes[4096];
    size_t *total = context;
    ssize_t got;
    while ((got = read((int)total[0], bytes, sizeof(bytes))) > 0)
        total[1] += (size_t)got;
    return NULL;
}

START_TEST(a_stop_loses_nothing_of_a_reader_that_reads)
{
    int ends[2];
    struct writer writer;
    pthread_t reader;
    ck_assert_int_eq(pipe(ends), 0);
    size_t total[2] = {(size_t)ends[0], 0};
    ck_assert_int_eq(pthread_create(&reader, NULL, read_all, total), 0);
    writer_init(&writer, ends[1]);
    writer_stop(&writer);
    write_much(&writer);
    writer_fini(&writer);
    ck_assert_int_eq(writer.error, 0);
    close(ends[1]);
    pthread_join(reader, NULL);
    ck_assert_uint_eq(total[1], 1100000);
    close(ends[0]);
}
END_TEST

static bool stop_now(void)
{
    return true;
}

START_TEST(the_writing_thread_can_be_asked_to_stop_while_it_waits)
{
    int ends[2], asked[2];
    struct writer writer;
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(pipe(asked), 0);
    ck_assert_int_eq(write(asked[1], "", 1), 1);
    writer_init(&writer, ends[1]);
    writer_listen(&writer, asked[0], stop_now);
    write_much(&writer);
    ck_assert_int_eq(writer.error, ECANCELED);
    writer_fini(&writer);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(asked[i]);
    }
}
END_TEST

START_TEST(a_terminal_that_nobody_reads_can_be_left)
{
    struct writer writer;
    pthread_t thread;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert_int_ge(master, 0);
    ck_assert_int_eq(grantpt(master), 0);
    ck_assert_int_eq(unlockpt(master), 0);
    int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(terminal, 0);
    writer_init(&writer, terminal);
    ck_assert_int_eq(pthread_create(&thread, NULL, write_much, &writer), 0);
    writer_stop(&writer);
    pthread_join(thread, NULL);
    ck_assert_int_eq(writer.error, ECANCELED);
    ck_assert_int_eq(fcntl(terminal, F_GETFL) & O_NONBLOCK, 0);
    writer_fini(&writer);
    close(terminal);
    close(master);
}
END_TEST

START_TEST(held_text_is_kept_until_the_flush)
{
    int ends[2];
    struct writer writer;
    pthread_t reader;
    ck_assert_int_eq(pipe(ends), 0);
    size_t total[2] = {(size_t)ends[0], 0};
    writer_init(&writer, ends[1]);
    writer_text(&writer, "first\n");
    writer_hold(&writer);
    for (int i = 0; i < 100000; i++) /* nobody reads: this would wait for ever */
        writer_text(&writer, "0123456789\n");
    ck_assert_uint_eq(unread(ends[0]), 0);
    ck_assert_int_eq(pthread_create(&reader, NULL, read_all, total), 0);
    ck_assert(writer_flush(&writer));
    writer_fini(&writer);
    close(ends[1]);
    pthread_join(reader, NULL);
    ck_assert_uint_eq(total[1], 1100006);
    close(ends[0]);
}
END_TEST

#define MANY 200000

static void *count_bytes(void *context)
{
    static char bytes[1000];
    size_t *total = context;
    ssize_t got;
    while ((got = read((int)total[0], bytes, sizeof(bytes))) > 0) {
        for (ssize_t i = 0; i < got; i++, total[1]++)
            ck_assert_int_eq(bytes[i], (int)('a' + total[1] % 26));
    }
    return NULL;
}

/* A pipe that takes little at a time and does not block makes writes short and refused. */
START_TEST(short_and_refused_writes_lose_nothing)
{
    int ends[2];
    struct writer writer;
    pthread_t reader;
    char *letters = xmalloc(MANY);
    for (size_t i = 0; i < MANY; i++)
        letters[i] = (char)('a' + i % 26);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    size_t total[2] = {(size_t)ends[0], 0};
    ck_assert_int_eq(pthread_create(&reader, NULL, count_bytes, total), 0);

    writer_init(&writer, ends[1]);
    for (size_t at = 0; at < MANY; at += 50)
        writer_bytes(&writer, letters + at, 50);
    ck_assert(writer_flush(&writer));
    writer_bytes(&writer, letters + MANY % 26, MANY - MANY % 26); /* more than the buffer holds */
    writer_fini(&writer);
    close(ends[1]);
    pthread_join(reader, NULL);
    ck_assert_uint_eq(total[1], MANY + MANY - MANY % 26);
    close(ends[0]);
    free(letters);
}
END_TEST

Suite *writer_suite(void)
{
    Suite *suite = suite_create("writer");
    TCase *tests = tcase_create("writer");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, numbers_are_as_short_as_can_be);
    tcase_add_test(tests, numbers_read_back_and_none_is_longer_than_needed);
    tcase_add_test(tests, json_strings_hold_no_control_and_no_broken_character);
    tcase_add_test(tests, formats_may_be_longer_than_the_scratch_space);
    tcase_add_test(tests, a_reader_that_has_gone_is_remembered);
    tcase_add_test(tests, a_failure_is_still_told_after_the_end);
    tcase_add_test(tests, a_stop_ends_the_wait_for_a_reader_that_takes_nothing);
    tcase_add_test(tests, a_stop_loses_nothing_of_a_reader_that_reads);
    tcase_add_test(tests, the_writing_thread_can_be_asked_to_stop_while_it_waits);
    tcase_add_test(tests, a_terminal_that_nobody_reads_can_be_left);
    tcase_add_test(tests, held_text_is_kept_until_the_flush);
    tcase_add_test(tests, short_and_refused_writes_lose_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
