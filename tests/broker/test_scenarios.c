/* The lab's scenarios with the whole program: `dt-top --batch` on a real broker, its lines read
 * back. */
#include "broker/support.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOON 10 /* seconds */
#define SENSOR "digital_twin/lab/sensor/temperature"
#define STATUS "digital_twin/lab/sensor/status"

static struct server server;
static struct publisher publisher;

/* A dt-top whose lines go to a file. */
struct run {
    pid_t pid;
    char path[64];
    char *text; /* of the file when last read */
    const char *wanted;
    int count; /* lines that hold wanted */
    int at_least;
};

static void setup(void)
{
    server_start(&server, NULL);
    publisher_open(&publisher, "127.0.0.1", server.port);
}

static void teardown(void)
{
    publisher_close(&publisher);
    server_stop(&server);
}

static void run_start(struct run *run, const char *only)
{
    char port[16];
    memset(run, 0, sizeof *run);
    snprintf(port, sizeof port, "%d", server.port);
    snprintf(run->path, sizeof run->path, "/tmp/dt-top-scenario-XXXXXX");
    int fd = mkstemp(run->path);
    ck_assert_int_ge(fd, 0);
    run->pid = fork();
    ck_assert_int_ge(run->pid, 0);
    if (run->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(fd, STDOUT_FILENO);
        execl(getenv("DT_TOP"), "dt-top", "-h", "127.0.0.1", "-p", port, "-b", "--format", "jsonl",
              "--only", only, (char *)NULL);
        _exit(127);
    }
    close(fd);
}

static void read_lines(struct run *run)
{
    FILE *file = fopen(run->path, "r");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    size_t size = (size_t)ftell(file);
    rewind(file);
    free(run->text);
    run->text = calloc(size + 1, 1);
    ck_assert_uint_eq(fread(run->text, 1, size, file), size);
    fclose(file);
}

static bool enough(void *context)
{
    struct run *run = context;
    read_lines(run);
    run->count = 0;
    for (const char *at = run->text; (at = strstr(at, run->wanted)) != NULL; at++)
        run->count++;
    return run->count >= run->at_least;
}

static void wait_lines(struct run *run, const char *wanted, int at_least, double seconds)
{
    run->wanted = wanted;
    run->at_least = at_least;
    ck_assert_msg(wait_for(enough, run, seconds), "%d of %d lines with %s in:\n%s", run->count,
                  at_least, wanted, run->text);
}

/* Ends it as a user would; the text stays. */
static void run_end(struct run *run)
{
    int status;
    kill(run->pid, SIGINT);
    ck_assert_int_eq(waitpid(run->pid, &status, 0), run->pid);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "ended with %#x",
                  (unsigned)status);
    read_lines(run);
    unlink(run->path);
}

static void publish_reading(int second, double value)
{
    char payload[256];
    snprintf(
        payload, sizeof payload,
        "{\"timestamp_utc\":\"2026-01-15T14:%02d:%02d.000000Z\",\"sensor_id\":\"TEMP_SENSOR_001\","
        "\"value\":%.2f,\"unit\":\"Celsius\"}",
        second / 60, second % 60, value);
    publish_bytes(&publisher, SENSOR, payload, strlen(payload), 1, false);
}

/* Publishes retained markers until one arrives: then the subscription stands. */
static void wait_subscribed(struct run *run)
{
    publish(&publisher, "digital_twin/lab/sensor/MARK/level", "1", true);
    wait_lines(run, "\"sensor\":\"MARK\"", 1, SOON);
}

static int count(const struct run *run, const char *text)
{
    int found = 0;
    for (const char *at = run->text; (at = strstr(at, text)) != NULL; at++)
        found++;
    return found;
}

START_TEST(basic_flow)
{
    struct run run;
    run_start(&run, "reading,anomaly,summary,status");
    wait_subscribed(&run);
    for (int i = 0; i < 60; i++)
        publish_reading(i, i == 59 ? 40 : 20 + 0.1 * (i % 7));
    publisher_flush(&publisher);
    wait_lines(&run, "\"type\":\"reading\"", 61, SOON);
    run_end(&run);
    /* In order, each with its own time. */
    const char *at = run.text;
    for (int i = 0; i < 60; i++) {
        char time[64];
        snprintf(time, sizeof time, "\"time\":\"2026-01-15T14:00:%02d.000000Z\"", i);
        at = strstr(at, time);
        ck_assert_msg(at != NULL, "no reading of second %d after its predecessor", i);
    }
    ck_assert_int_eq(count(&run, "\"type\":\"anomaly\""), 1);
    ck_assert_int_eq(count(&run, "\"kind\":\"spike\",\"severity\":\"alarm\",\"value\":40"), 1);
    ck_assert_int_eq(
        count(&run, "\"sensor\":\"TEMP_SENSOR_001\",\"series\":\"temperature\",\"count\":60"), 1);
    ck_assert_int_eq(count(&run, "\"type\":\"status\""), 1);
    free(run.text);
}
END_TEST

START_TEST(publisher_stops_and_resumes)
{
    struct run run;
    run_start(&run, "reading,presence");
    wait_subscribed(&run);
    for (int i = 0; i < 5; i++)
        publish_reading(i, 20);
    publish(&publisher, STATUS, "{\"sensor_id\":\"TEMP_SENSOR_001\",\"status\":\"offline\"}", true);
    wait_lines(&run, "\"status\":\"offline\",\"by\":\"status\"", 1, SOON);
    publish(&publisher, STATUS, "{\"sensor_id\":\"TEMP_SENSOR_001\",\"status\":\"online\"}", true);
    publish_reading(100, 21);
    wait_lines(&run, "\"status\":\"online\",\"by\":\"status\"", 1, SOON);
    wait_lines(&run, "\"sensor\":\"TEMP_SENSOR_001\",\"series\":\"temperature\"", 6, SOON);
    run_end(&run);
    ck_assert_int_eq(count(&run, "\"type\":\"presence\""), 2);
    free(run.text);
}
END_TEST

START_TEST(late_joining)
{
    struct run run;
    for (int i = 0; i < 5; i++)
        publish_reading(i, 20);
    publish(&publisher, STATUS, "{\"sensor_id\":\"TEMP_SENSOR_001\",\"status\":\"online\"}", true);
    publisher_flush(&publisher);
    run_start(&run, "reading,presence,summary");
    wait_lines(&run, "\"status\":\"online\",\"by\":\"status\"", 1, SOON);
    publish_reading(5, 21.5);
    wait_lines(&run, "\"value\":21.5", 1, SOON);
    run_end(&run);
    /* What was said before it came, and not retained, is gone. */
    ck_assert_int_eq(count(&run, "\"type\":\"reading\""), 1);
    free(run.text);
}
END_TEST

START_TEST(broker_restarts_twenty_times)
{
    struct run run;
    run_start(&run, "reading");
    wait_subscribed(&run);
    publisher_close(&publisher);
    for (int i = 0; i < 20; i++) {
        server_end(&server, SIGKILL);
        server_restart(&server);
        double back = steady_seconds();
        publisher_open(&publisher, "127.0.0.1", server.port);
        publish(&publisher, "digital_twin/lab/sensor/MARK/level", "1", true);
        wait_lines(&run, "\"sensor\":\"MARK\"", i + 2, SOON);
        ck_assert_double_lt(steady_seconds() - back, 2.0);
        publisher_close(&publisher);
    }
    publisher_open(&publisher, "127.0.0.1", server.port);
    run_end(&run);
    free(run.text);
}
END_TEST

START_TEST(two_fed_alike_tell_the_same)
{
    struct run one, two;
    run_start(&one, "reading,anomaly,malformed");
    run_start(&two, "reading,anomaly,malformed");
    wait_subscribed(&one);
    wait_lines(&two, "\"sensor\":\"MARK\"", 1, SOON);
    for (int i = 0; i < 200; i++)
        publish_reading(i, i % 50 == 49 ? 30 : 20 + 0.1 * (i % 7));
    publisher_flush(&publisher);
    wait_lines(&one, "\"type\":\"reading\"", 201, SOON);
    wait_lines(&two, "\"type\":\"reading\"", 201, SOON);
    run_end(&one);
    run_end(&two);
    /* Only the marker's time is an arrival, which may differ. */
    const char *first = strstr(one.text, "TEMP_SENSOR_001"),
               *second = strstr(two.text, "TEMP_SENSOR_001");
    ck_assert(first && second);
    ck_assert_str_eq(first, second);
    free(one.text);
    free(two.text);
}
END_TEST

/* Starts dt-top with this output and what else it takes; a NULL ends the list. */
static pid_t start_on(int output, int trouble, char **arguments)
{
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(output, STDOUT_FILENO);
        dup2(trouble, STDERR_FILENO);
        execv(getenv("DT_TOP"), arguments);
        _exit(127);
    }
    return pid;
}

struct ending {
    pid_t pid;
    int status;
};

static bool has_ended(void *context)
{
    struct ending *ending = context;
    return waitpid(ending->pid, &ending->status, WNOHANG) == ending->pid;
}

/* Its exit status; fails if it is not there in time. */
static int exit_of(pid_t pid, double seconds)
{
    struct ending ending = {.pid = pid};
    bool ended = wait_for(has_ended, &ending, seconds);
    if (!ended)
        kill(pid, SIGKILL);
    ck_assert_msg(ended, "dt-top did not end within %.1f s", seconds);
    ck_assert(WIFEXITED(ending.status));
    return WEXITSTATUS(ending.status);
}

static char program[] = "dt-top", batch[] = "-b", format[] = "--format", jsonl[] = "jsonl",
            table[] = "text", replay[] = "--replay", only[] = "--only", host[] = "-h",
            loopback[] = "127.0.0.1", port_[] = "-p", interval[] = "--interval", half[] = "0.5",
            everything[] = "reading,summary,status";

/* A recording of so many readings of as many sensors. */
static void write_recording(char *path, int readings)
{
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    FILE *file = fdopen(fd, "w");
    fputs("timestamp,sensor_id,value\n", file);
    for (int i = 0; i < readings; i++)
        fprintf(file, "%d,sensor_%d,%d\n", 1704067200 + i, i % 1000, i);
    fclose(file);
}

START_TEST(a_full_disk_is_told)
{
    char path[] = "/tmp/dt-top-scenario-XXXXXX", told[512] = "";
    int ends[2], full = open("/dev/full", O_WRONLY);
    ck_assert_int_ge(full, 0);
    ck_assert_int_eq(pipe(ends), 0);
    write_recording(path, 10);
    char *arguments[] = {program, batch, format, _i ? table : jsonl, replay, path, NULL};
    ck_assert_int_eq(exit_of(start_on(full, ends[1], arguments), SOON), 1);
    close(ends[1]);
    ck_assert_int_gt(read(ends[0], told, sizeof told - 1), 0);
    ck_assert_msg(strstr(told, "cannot write: No space left on device"), "%s", told);
    close(ends[0]);
    close(full);
    unlink(path);
}
END_TEST

/* Takes the pipe no more? */
static bool is_full(void *context)
{
    struct pollfd room = {.fd = *(int *)context, .events = POLLOUT};
    return poll(&room, 1, 0) == 0;
}

/* Whether lines or tables, recorded or live: who stops a program whose reader stalls gets it
 * stopped. */
START_TEST(a_reader_that_stalls_does_not_keep_it)
{
    char path[] = "/tmp/dt-top-scenario-XXXXXX", port[16];
    int ends[2], quiet = open("/dev/null", O_WRONLY);
    bool live = _i & 1, tables = _i & 2;
    ck_assert_int_eq(pipe(ends), 0);
    write_recording(path, 20000);
    snprintf(port, sizeof port, "%d", server.port);
    char *replayed[] = {program, batch, format, tables ? table : jsonl, only, everything,
                        replay,  path,  NULL};
    char *connected[] = {program, batch,      format,   tables ? table : jsonl,
                         only,    everything, interval, half,
                         host,    loopback,   port_,    port,
                         NULL};
    pid_t pid = start_on(ends[1], quiet, live ? connected : replayed);
    for (int i = 0; live && i < 300000 && !is_full(&ends[1]); i++) {
        char topic[64];
        snprintf(topic, sizeof topic, "digital_twin/lab/%d/level", i % 1000);
        publish_bytes(&publisher, topic, "1", 1, 1, false);
        publisher_flush(&publisher);
    }
    ck_assert(wait_for(is_full, &ends[1], SOON));
    kill(pid, _i & 1 ? SIGTERM : SIGINT);
    ck_assert_int_eq(exit_of(pid, 1.5), 1);
    close(ends[0]);
    close(ends[1]);
    close(quiet);
    unlink(path);
}
END_TEST

/* Stopped for a while it prints no heap of tables when it goes on. */
START_TEST(missed_tables_are_not_made_up_for)
{
    static char bytes[65536];
    char port[16];
    int ends[2], tables = 0;
    ck_assert_int_eq(pipe(ends), 0);
    snprintf(port, sizeof port, "%d", server.port);
    char *arguments[] = {program, batch, host, loopback, port_, port, interval, half, NULL};
    pid_t pid = start_on(ends[1], STDERR_FILENO, arguments);
    close(ends[1]);
    ck_assert_int_gt(read(ends[0], bytes, sizeof bytes), 0); /* it runs */
    kill(pid, SIGSTOP);
    poll(NULL, 0, 3000); /* six tables long */
    kill(pid, SIGCONT);
    poll(NULL, 0, 700);
    kill(pid, SIGINT);
    ck_assert_int_eq(exit_of(pid, SOON), 0);
    ssize_t got = read(ends[0], bytes, sizeof bytes - 1);
    ck_assert_int_ge(got, 0);
    bytes[got] = '\0';
    for (const char *at = bytes; (at = strstr(at, "dt-top ")) != NULL; at++)
        tables++;
    ck_assert_int_le(tables, 3);
    close(ends[0]);
}
END_TEST

/* What it says last about the connection, after the broker has gone. */
START_TEST(the_status_tells_the_last_state)
{
    struct run run;
    run_start(&run, "reading,status");
    wait_subscribed(&run);
    if (_i) {
        publisher_close(&publisher);
        server_end(&server, SIGKILL);
        poll(NULL, 0, 1000);
    }
    run_end(&run);
    ck_assert_int_eq(count(&run, _i ? "\"connected\":false" : "\"connected\":true"), 1);
    if (_i) {
        server_restart(&server);
        publisher_open(&publisher, "127.0.0.1", server.port);
    }
    free(run.text);
}
END_TEST

START_TEST(a_recording_that_nobody_understands_fails)
{
    char path[] = "/tmp/dt-top-scenario-XXXXXX", told[512] = "";
    int ends[2], fd = mkstemp(path), quiet = open("/dev/null", O_WRONLY);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(fd, "{\"a\":1}\n", 8), 8);
    char *arguments[] = {program, batch, replay, path, NULL};
    ck_assert_int_eq(exit_of(start_on(quiet, ends[1], arguments), SOON), 1);
    close(ends[1]);
    ck_assert_int_gt(read(ends[0], told, sizeof told - 1), 0);
    ck_assert_msg(strstr(told, "1 of 1 lines were not understood"), "%s", told);
    close(ends[0]);
    close(quiet);
    close(fd);
    unlink(path);
}
END_TEST

/* A slow reader is no stalled one: everything arrives, in whole lines. */
START_TEST(a_slow_reader_gets_everything)
{
    static char bytes[4096];
    char path[] = "/tmp/dt-top-scenario-XXXXXX", last = '\n';
    int ends[2], lines = 0;
    ssize_t got;
    ck_assert_int_eq(pipe(ends), 0);
    write_recording(path, 5000);
    char *arguments[] = {program, batch, format, jsonl, replay, path, only, everything, NULL};
    pid_t pid = start_on(ends[1], STDERR_FILENO, arguments);
    close(ends[1]);
    while ((got = read(ends[0], bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < got; i++)
            lines += bytes[i] == '\n';
        last = bytes[got - 1];
        poll(NULL, 0, 1);
    }
    ck_assert_int_eq(exit_of(pid, SOON), 0);
    ck_assert_int_eq(lines, 5000 + 1000 + 1);
    ck_assert_int_eq(last, '\n');
    close(ends[0]);
    unlink(path);
}
END_TEST

Suite *scenarios_suite(void);

Suite *scenarios_suite(void)
{
    Suite *suite = suite_create("scenarios");
    TCase *tcase = tcase_create("scenarios");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, basic_flow);
    tcase_add_test(tcase, publisher_stops_and_resumes);
    tcase_add_test(tcase, late_joining);
    tcase_add_test(tcase, broker_restarts_twenty_times);
    tcase_add_test(tcase, two_fed_alike_tell_the_same);
    tcase_add_loop_test(tcase, a_full_disk_is_told, 0, 2);
    tcase_add_loop_test(tcase, a_reader_that_stalls_does_not_keep_it, 0, 4);
    tcase_add_test(tcase, missed_tables_are_not_made_up_for);
    tcase_add_loop_test(tcase, the_status_tells_the_last_state, 0, 2);
    tcase_add_test(tcase, a_recording_that_nobody_understands_fails);
    tcase_add_test(tcase, a_slow_reader_gets_everything);
    suite_add_tcase(suite, tcase);
    return suite;
}
