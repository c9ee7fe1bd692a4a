/* A line of 2,000 bytes a second: never more behind than the screen is large, and the newest state
 * soon after the line is quick again. */
#include "screen/vt.h"

#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

Suite *slow_suite(void);

#define SOON 5000  /* milliseconds */
#define RATE 2000  /* bytes a second */
#define SLICE 50   /* milliseconds */
#define WHOLE 4800 /* bytes: a frame that draws all of the 80x24 cells */
#define SERIES 12
#define SECONDS 400 /* recorded */

static char path[64];
static struct vt *vt;

/* Every value changes all the time; the last one is unlike the others. */
static void write_replay(void)
{
    snprintf(path, sizeof path, "/tmp/dt-top-slow-XXXXXX.csv");
    int fd = mkstemps(path, 4);
    ck_assert_int_ge(fd, 0);
    FILE *file = fdopen(fd, "w");
    fputs("timestamp,sensor_id,value\n", file);
    for (int i = 0; i < SECONDS; i++)
        for (int s = 0; s < SERIES; s++)
            fprintf(file, "2026-01-15T12:%02d:%02dZ,S%02d,%d.25\n", i / 60, i % 60, s,
                    i == SECONDS - 1 ? 777 : 100 + (i * 37 + s * 11) % 200);
    fclose(file);
}

static void start(const char *more)
{
    const char *argv[] = {getenv("DT_TOP"), "--replay", path, "--speed", "40", more, NULL};
    const char *env[] = {"LC_ALL=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", NULL};
    write_replay();
    ck_assert_msg(argv[0] != NULL, "DT_TOP names no program");
    vt = vt_start(argv, env, 80, 24);
}

static void teardown(void)
{
    vt_free(vt);
    unlink(path);
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

/* All bytes that the program has handed to write(2). */
static size_t written(void)
{
    char name[64], line[128];
    size_t bytes = 0;
    snprintf(name, sizeof name, "/proc/%d/io", (int)vt_pid(vt));
    FILE *file = fopen(name, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "wchar: %zu", &bytes) == 1)
            break;
    fclose(file);
    return bytes;
}

static size_t behind(void)
{
    size_t read;
    vt_raw(vt, &read);
    size_t total = written();
    return total > read ? total - read : 0;
}

/* Reads slowly until `met` or the deadline; returns the most that was behind. */
static size_t read_slowly(long deadline, const char *text, bool *met)
{
    size_t most = 0;
    *met = false;
    for (long begin = now_ms(), next = begin; next < begin + deadline && !*met; next += SLICE) {
        while (now_ms() < next)
            poll(NULL, 0, 5);
        vt_drain_some(vt, RATE * SLICE / 1000);
        size_t now = behind();
        most = now > most ? now : most;
        *met = text && vt_find(vt, text, NULL) >= 0;
    }
    return most;
}

START_TEST(a_slow_line_is_never_far_behind)
{
    bool met;
    size_t first, read;
    start(NULL);
    size_t most = read_slowly(8000, "Quit", &met);
    ck_assert(met);
    vt_raw(vt, &first);
    ck_assert_uint_ge(first, 1000);
    size_t later = read_slowly(4000, NULL, &met);
    most = later > most ? later : most;
    vt_raw(vt, &read);
    ck_assert_uint_gt(read, first); /* it goes on */
    ck_assert_msg(most <= WHOLE, "%zu bytes behind", most);
    vt_type(vt, "?");
    read_slowly(8000, "move the selection", &met);
    ck_assert(met);
    vt_type(vt, "\033");
    /* The line is quick again: what is shown is what is, within a second and the way there. */
    ck_assert(vt_wait_text(vt, "TWIN / SERIES", SOON));
    ck_assert(vt_wait_text(vt, "777", 10000));
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}
END_TEST

static size_t bytes_in(long duration)
{
    size_t before, after;
    vt_raw(vt, &before);
    for (long end = now_ms() + duration; now_ms() < end; poll(NULL, 0, 5))
        vt_drain(vt);
    vt_raw(vt, &after);
    return after - before;
}

START_TEST(slow_sends_less)
{
    start(NULL);
    ck_assert(vt_wait_text(vt, "Quit", SOON));
    bytes_in(1000);
    size_t usual = bytes_in(3000);
    vt_free(vt);
    unlink(path);
    start("--slow");
    ck_assert(vt_wait_text(vt, "Quit", SOON));
    bytes_in(1000);
    size_t slow = bytes_in(3000);
    ck_assert_msg(slow < usual / 2, "%zu bytes, %zu with --slow", usual, slow);
    long asked = now_ms();
    vt_type(vt, "?");
    ck_assert(vt_wait_text(vt, "move the selection", SOON));
    ck_assert_int_lt(now_ms() - asked, 500);
}
END_TEST

/* Nothing is left for the shell to read: the answer to the last question has been taken. */
START_TEST(no_answer_is_left_behind)
{
    const char *argv[] = {"/bin/sh", "-c", "\"$DT_TOP\" --demo 1; cat -v", NULL};
    const char *env[] = {"LC_ALL=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", NULL};
    write_replay();
    vt = vt_start(argv, env, 80, 24);
    ck_assert(vt_wait_text(vt, "SIM_TEMP_001", SOON));
    vt_type(vt, "q");
    ck_assert(vt_wait_gone(vt, "SIM_TEMP_001", SOON));
    vt_type(vt, "over\n");
    ck_assert(vt_wait_text(vt, "over", SOON));
    ck_assert_int_lt(vt_find(vt, "[0n", NULL), 0);
}
END_TEST

Suite *slow_suite(void)
{
    Suite *suite = suite_create("slow");
    TCase *tests = tcase_create("slow");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, a_slow_line_is_never_far_behind);
    tcase_add_test(tests, slow_sends_less);
    tcase_add_test(tests, no_answer_is_left_behind);
    suite_add_tcase(suite, tests);
    return suite;
}
