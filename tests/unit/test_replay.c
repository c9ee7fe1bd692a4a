#include "unit/suites.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/xalloc.h"
#include "engine.h"
#include "source/replay.h"

#define NEW_YEAR INT64_C(1704067200) /* 2024-01-01T00:00:00Z, in seconds */
#define OUTCOMES 4000

/* What happened, in order, as the tap heard it. */
struct heard {
    timestamp time;
    double value;
    enum outcome_type type;
    enum status status;
    char name[160]; /* of the series, the twin or the topic */
};

static struct heard heard[OUTCOMES];
static atomic_uint heard_count;
static atomic_ullong messages;
static atomic_bool ended;
static struct engine *engine;
static char directory[] = "/tmp/dt-replay-XXXXXX", path[64], error[256];

static void on_outcomes(void *context, const struct outcomes *outcomes)
{
    (void)context;
    for (size_t i = 0; i < outcomes->count && heard_count < OUTCOMES; i++) {
        const struct outcome *outcome = &outcomes->list[i];
        struct heard *to = &heard[heard_count];
        *to = (struct heard){outcome->time, outcome->value, outcome->type, outcome->status, ""};
        const char *name = outcome->series != NULL ? outcome->series->name
                           : outcome->twin != NULL ? outcome->twin->name
                                                   : outcome->topic;
        snprintf(to->name, sizeof(to->name), "%s", name);
        atomic_fetch_add(&heard_count, 1);
    }
}

static void on_burst(void *context, uint64_t so_far)
{
    (void)context;
    atomic_store(&messages, so_far);
}

static void on_end(void *context)
{
    (void)context;
    atomic_store(&ended, true);
}

static void setup(void)
{
    static const struct engine_tap tap = {.on_outcomes = on_outcomes, .readings = true};
    struct fleet_options options = {.detector = detector_find("lab"),
                                    .detection = {.threshold = 3, .min_samples = 10}};
    setenv("TZ", "UTC", 1);
    tzset();
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/some-file", directory);
    engine = engine_new(&options, &tap);
}

static void teardown(void)
{
    engine_free(engine);
    unlink(path);
    rmdir(directory);
}

static void write_file(const char *text, size_t len)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, len, file), len);
    fclose(file);
}

static struct replay *start(const char *file, double speed, char *topic)
{
    char *topics[] = {topic};
    struct replay_options options = {
        .path = file, .speed = speed, .topics = topics, .topic_count = topic != NULL};
    return replay_start(&options, engine, on_burst, on_end, NULL, error, sizeof(error));
}

static void wait_for_end(void)
{
    for (int i = 0; i < 2000 && !atomic_load(&ended); i++)
        poll(NULL, 0, 5);
    ck_assert(atomic_load(&ended));
}

/* Replays text to its end at full speed. */
static void play(const char *text, char *topic)
{
    write_file(text, strlen(text));
    struct replay *replay = start(path, 0, topic);
    ck_assert_msg(replay != NULL, "%s", error);
    wait_for_end();
    replay_stop(replay);
}

static const char *data_file(const char *name)
{
    static char file[1024];
    const char *source = getenv("DT_SOURCE");
    snprintf(file, sizeof(file), "%s/tests/data/%s", source != NULL ? source : ".", name);
    return file;
}

static void play_data(const char *name)
{
    struct replay *replay = start(data_file(name), 0, NULL);
    ck_assert_msg(replay != NULL, "%s", error);
    wait_for_end();
    replay_stop(replay);
}

static void expect(unsigned i, enum outcome_type type, const char *name, double value)
{
    ck_assert_uint_lt(i, heard_count);
    ck_assert_int_eq(heard[i].type, type);
    ck_assert_str_eq(heard[i].name, name);
    ck_assert_double_eq(heard[i].value, value);
}

/* The text of the newest events, for looking into. */
static bool noted(const char *text)
{
    struct snapshot_request request = {.now = engine_now(engine),
                                       .as_of = TIMESTAMP_NONE,
                                       .selected = SNAPSHOT_NO_SERIES,
                                       .events = 100};
    struct snapshot snapshot = {0};
    bool found = false;
    engine_snapshot(engine, &request, &snapshot);
    for (uint32_t i = 0; i < snapshot.event_count; i++)
        found |= strstr(snapshot.events[i].text, text) != NULL;
    snapshot_fini(&snapshot);
    return found;
}

START_TEST(a_capture_goes_through_decoder_and_engine)
{
    play_data("lab.jsonl");
    ck_assert_uint_eq(atomic_load(&messages), 5);
    ck_assert_uint_eq(heard_count, 5);
    expect(0, OUTCOME_PRESENCE, "TEMP_1", 0);
    expect(1, OUTCOME_READING, "temperature", 22.4);
    ck_assert_int_eq(heard[1].time, INT64_C(1772460000990000)); /* the message's own */
    ck_assert_int_eq(heard[2].type, OUTCOME_MALFORMED);
    expect(3, OUTCOME_READING, "temperature", 22.5); /* nested JSON, after a blank line */
    ck_assert_int_eq(heard[4].status, STATUS_OFFLINE);
    ck_assert_int_eq(engine_now(engine), INT64_C(1772460004000000));
}
END_TEST

START_TEST(a_csv_with_a_byte_order_mark_mixed_columns_and_quotes)
{
    play_data("sensors.csv");
    ck_assert_uint_eq(heard_count, 3);
    expect(0, OUTCOME_READING, "value", 21.5);
    expect(1, OUTCOME_READING, "value", 21.75);
    ck_assert_int_eq(heard[1].time, (NEW_YEAR + 2) * TIMESTAMP_SECOND);
    ck_assert_int_eq(heard[2].time, NEW_YEAR * TIMESTAMP_SECOND); /* out of order, its own */
    ck_assert_int_eq(engine_now(engine), (NEW_YEAR + 2) * TIMESTAMP_SECOND); /* never back */
}
END_TEST

START_TEST(every_row_comes_back_duplicates_and_disorder_included)
{
    char text[80000];
    size_t used = (size_t)snprintf(text, sizeof(text), "timestamp,value\n");
    for (int i = 0; i < 1500; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%" PRId64 ",%d\n",
                                 NEW_YEAR + (i / 3) * 300 - (i % 7 == 0 ? 1000 : 0), i);
    play(text, NULL);
    unsigned readings = 0;
    for (unsigned i = 0; i < heard_count; i++) {
        if (heard[i].type != OUTCOME_READING) /* silences between them may be told, too */
            continue;
        int row = (int)readings++;
        expect(i, OUTCOME_READING, "some-file", row);
        ck_assert_int_eq(heard[i].time,
                         (NEW_YEAR + row / 3 * 300 - (row % 7 == 0 ? 1000 : 0)) * TIMESTAMP_SECOND);
    }
    ck_assert_uint_eq(readings, 1500);
}
END_TEST

/* b reports every 10 s for a minute and then no more, while a goes on after a gap of `gap` s. */
static void play_silence(int gap)
{
    char text[4096];
    size_t used = (size_t)snprintf(text, sizeof(text), "timestamp,sensor_id,value\n");
    for (int i = 0; i <= 6; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%" PRId64 ",b,1\n",
                                 NEW_YEAR + i * 10);
    snprintf(text + used, sizeof(text) - used, "%" PRId64 ",a,1\n", NEW_YEAR + 60 + gap);
    play(text, NULL);
}

/* When b was told lost, in seconds after its last reading; -1 if it was not. */
static double lost_after(void)
{
    for (unsigned i = 0; i < heard_count; i++) {
        if (heard[i].type == OUTCOME_PRESENCE && heard[i].status == STATUS_OFFLINE)
            return (double)heard[i].time / 1e6 - NEW_YEAR - 60;
    }
    return -1;
}

START_TEST(timers_fire_at_their_time_in_gaps)
{
    static const int gaps[] = {101, 1000, 86400, 31536000};
    play_silence(gaps[_i]);
    ck_assert_double_eq_tol(lost_after(), 100, 1); /* ten periods */
    expect(heard_count - 1, OUTCOME_READING, "value", 1);
}
END_TEST

START_TEST(timers_do_not_fire_before_their_time)
{
    play_silence(99);
    ck_assert_double_eq(lost_after(), -1);
}
END_TEST

START_TEST(time_does_not_go_on_after_the_end)
{
    play("timestamp,value\n1704067200,1\n1704067210,2\n1704067220,3\n1704067230,4\n", NULL);
    ck_assert_int_eq(engine_now(engine), (NEW_YEAR + 30) * TIMESTAMP_SECOND);
    ck_assert_uint_eq(heard_count, 4);
}
END_TEST

START_TEST(an_empty_value_moves_only_the_clock)
{
    play("timestamp,value\n1704067200,1\n1704067210,\n", NULL);
    ck_assert_int_le(engine_now(engine), (NEW_YEAR + 10) * TIMESTAMP_SECOND);
    ck_assert_int_ge(engine_now(engine), (NEW_YEAR + 9) * TIMESTAMP_SECOND);
    ck_assert_uint_eq(heard_count, 1);
    ck_assert_uint_eq(atomic_load(&messages), 1);
}
END_TEST

START_TEST(only_topics_that_are_asked_for)
{
    char filter[] = "plant/+/c";
    play(
        "{\"topic\":\"plant/a/c\",\"payload\":\"1\"}\n{\"topic\":\"plant/a/d\",\"payload\":\"2\"}\n"
        "{\"topic\":\"plant/b/c\",\"payload\":\"3\"}\n",
        filter);
    ck_assert_uint_eq(atomic_load(&messages), 2);
    expect(1, OUTCOME_READING, heard[0].name, 3);
}
END_TEST

START_TEST(standard_input_can_be_replayed)
{
    static const char text[] = "timestamp,value\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:01Z,2\n";
    write_file(text, strlen(text));
    int fd = open(path, O_RDONLY);
    ck_assert_int_ge(dup2(fd, STDIN_FILENO), 0);
    close(fd);
    struct replay *replay = start("-", 0, NULL);
    ck_assert_msg(replay != NULL, "%s", error);
    wait_for_end();
    replay_stop(replay);
    expect(0, OUTCOME_READING, "standard input", 1);
    expect(1, OUTCOME_READING, "standard input", 2);
}
END_TEST

/* A broker keeps $ topics from '#', a recording holds what somebody asked for. */
START_TEST(every_topic_of_a_recording_passes_a_wildcard)
{
    static char all[] = "#";
    play("{\"topic\":\"$SYS/a/b\",\"payload\":\"1\"}\n", all);
    expect(0, OUTCOME_READING, "b", 1);
}
END_TEST

START_TEST(an_end_by_count_is_exact)
{
    write_file("timestamp,value\n1,1\n1704067200,1\n1704067200,2\n1704067200,3\n", 58);
    struct replay_options options = {.path = path, .count = 2};
    struct replay *replay =
        replay_start(&options, engine, on_burst, on_end, NULL, error, sizeof(error));
    wait_for_end();
    replay_stop(replay);
    ck_assert_uint_eq(heard_count, 2);
}
END_TEST

START_TEST(messages_without_a_time_take_that_of_the_line_before)
{
    play("{\"topic\":\"a/b\",\"payload\":\"1\"}\n"
         "{\"tst\":1704067200,\"topic\":\"a/b\",\"payload\":\"2\"}\n"
         "{\"topic\":\"a/b\",\"payload\":\"3\"}\n",
         NULL);
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(heard[0].time, (timestamp)status.st_mtime * TIMESTAMP_SECOND);
    ck_assert_int_eq(heard[2].time, heard[1].time);
    ck_assert_int_eq(heard[2].time, heard[0].time); /* the clock does not go back */
}
END_TEST

START_TEST(damaged_lines_are_told_with_their_number)
{
    play("ed\":0,\"payload\":\"0\"}\n"
         "{\"tst\":1704067200,\"topic\":\"a/b\",\"payload\":\"1\"}\n\n"
         "{\"tst\":1704067201,\"topic\":\"a/b\",\"payloadlen\":5,\"payload\":\"a\"}\n"
         "{\"tst\":1704067202,\"topic\":\"a/b\",\"pay",
         NULL);
    struct connection connection;
    engine_get_connection(engine, &connection);
    ck_assert_int_eq(connection.state, CONNECTION_ENDED);
    ck_assert_str_eq(connection.where, "some-file");
    ck_assert_ptr_nonnull(strstr(connection.reason, "3 of 4 lines"));
    ck_assert(noted("line 1: neither JSON"));
    ck_assert(noted("line 4: the payload was cut at a NUL"));
    ck_assert(noted("line 5: not a JSON object"));
    ck_assert_uint_eq(atomic_load(&messages), 1);
}
END_TEST

START_TEST(what_cannot_be_replayed_is_said_at_once)
{
    static const struct {
        const char *text;
        size_t len;
        const char *why;
    } files[] = {
        {"", 0, "some-file is empty"},
        {"\n\n\n", 3, "some-file is empty"},
        {"hello\nworld\n", 12, "is no recording"},
        {"a;b\n1;2\n", 8, "is no recording"},
        {"\0\1\2\xff\xfe\n\0\0\0\n", 10, "is no recording"},
    };
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        write_file(files[i].text, files[i].len);
        ck_assert_ptr_null(start(path, 0, NULL));
        ck_assert_msg(strstr(error, files[i].why) != NULL, "%s", error);
    }
    unlink(path);
    ck_assert_ptr_null(start(path, 0, NULL));
    ck_assert_ptr_nonnull(strstr(error, "some-file: No such file"));
    ck_assert_ptr_null(start(directory, 0, NULL));
    ck_assert_ptr_nonnull(strstr(error, "it is a directory"));
}
END_TEST

START_TEST(a_line_past_the_cap_is_skipped_alone)
{
    size_t len = ((size_t)17 << 20) + 3;
    FILE *file = fopen(path, "w");
    char *huge = xmalloc(len);
    memset(huge, 'x', len);
    huge[len - 1] = '\n';
    fputs("timestamp,value\n1704067200,1\n", file);
    ck_assert_uint_eq(fwrite(huge, 1, len, file), len);
    fputs("1704067201,2", file);
    fclose(file);
    free(huge);
    struct replay *replay = start(path, 0, NULL);
    wait_for_end();
    replay_stop(replay);
    ck_assert(noted("line 3: longer than 16 MB"));
    expect(1, OUTCOME_READING, "some-file", 2);
}
END_TEST

static timestamp wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (timestamp)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

START_TEST(a_speed_is_kept)
{
    const char *text = "timestamp,value\n1704067200,1\n1704067202,2\n1704067204,3\n";
    write_file(text, strlen(text));
    timestamp begin = wall();
    struct replay *replay = start(path, 10, NULL);
    wait_for_end();
    timestamp took = wall() - begin;
    replay_stop(replay);
    ck_assert_uint_eq(heard_count, 3);
    ck_assert_int_ge(took, TIMESTAMP_SECOND * 4 / 10);
    ck_assert_int_lt(took, TIMESTAMP_SECOND * 3);
}
END_TEST

START_TEST(a_stop_in_the_middle_of_a_wait_is_prompt)
{
    const char *text = "timestamp,value\n1704067200,1\n1704153600,2\n";
    write_file(text, strlen(text));
    struct replay *replay = start(path, 1, NULL);
    for (int i = 0; i < 1000 && atomic_load(&messages) == 0; i++)
        poll(NULL, 0, 5);
    struct connection connection;
    engine_get_connection(engine, &connection);
    ck_assert_int_eq(connection.state, CONNECTION_REPLAYING);
    timestamp begin = wall();
    replay_stop(replay);
    ck_assert_int_lt(wall() - begin, TIMESTAMP_SECOND / 2);
    ck_assert(!atomic_load(&ended));
    ck_assert_uint_eq(heard_count, 1);
}
END_TEST

START_TEST(an_impossible_time_does_not_move_the_clock)
{
    static const char *const files[] = {
        "{\"tst\":1704067200,\"topic\":\"a/b\",\"payload\":\"1\"}\n"
        "{\"tst\":\"9999-12-31T23:59:59Z\",\"topic\":\"a/b\",\"payload\":\"2\"}\n"
        "{\"tst\":\"1970-01-01T00:00:00Z\",\"topic\":\"a/b\",\"payload\":\"3\"}\n"
        "{\"tst\":1704067201,\"topic\":\"a/b\",\"payload\":\"4\"}\n",
        "timestamp,value\n1704067200,1\n9999-12-31T23:59:59Z,2\n1970-01-01T00:00:00Z,3\n"
        "1704067201,4\n",
    };
    play(files[_i], NULL);
    ck_assert_uint_eq(atomic_load(&messages), 4);
    ck_assert_int_eq(engine_now(engine), (NEW_YEAR + 1) * TIMESTAMP_SECOND);
}
END_TEST

START_TEST(a_gap_of_days_is_not_waited_for)
{
    const char *text = "timestamp,value\n1704067200,1\n1704067201,2\n1735689600,3\n1735689601,4\n";
    write_file(text, strlen(text));
    timestamp begin = wall();
    struct replay *replay = start(path, 2, NULL);
    wait_for_end();
    timestamp took = wall() - begin;
    replay_stop(replay);
    ck_assert_uint_eq(atomic_load(&messages), 4);
    ck_assert_int_ge(took, TIMESTAMP_SECOND * 9 / 10); /* the seconds before and after it are */
    ck_assert_int_lt(took, TIMESTAMP_SECOND * 5);
    ck_assert(noted("days without a message"));
}
END_TEST

static bool plays_without_failure(const char *text)
{
    write_file(text, strlen(text));
    atomic_store(&ended, false);
    struct replay *replay = start(path, 0, NULL);
    ck_assert_msg(replay != NULL, "%s", error);
    wait_for_end();
    bool failed = replay_failed(replay);
    replay_stop(replay);
    return !failed;
}

START_TEST(a_file_of_which_nothing_was_understood_has_failed)
{
    ck_assert(!plays_without_failure("{\"a\":1}\n{\"b\":2}\n"));
    ck_assert(!plays_without_failure("timestamp,value\nnever,1\n"));
    ck_assert(plays_without_failure("{\"a\":1}\n{\"topic\":\"a/b\",\"payload\":\"1\"}\n"));
    ck_assert(plays_without_failure("timestamp,value\n"));
}
END_TEST

/* The descriptor that the replay reads the fifo with. */
static int reading_descriptor(int not_this)
{
    struct stat wanted, found;
    ck_assert_int_eq(stat(path, &wanted), 0);
    for (int fd = 3; fd < 64; fd++) {
        if (fd != not_this && fstat(fd, &found) == 0 && found.st_ino == wanted.st_ino &&
            found.st_dev == wanted.st_dev)
            return fd;
    }
    ck_abort_msg("nobody reads the file");
}

START_TEST(a_file_that_fails_in_the_middle_has_failed)
{
    struct connection connection;
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    FILE *holder = fopen(path, "r+");
    fputs("timestamp,value\n1704067200,1\n", holder);
    fflush(holder);
    struct replay *replay = start(path, 1, NULL);
    ck_assert_msg(replay != NULL, "%s", error);
    for (int i = 0; i < 1000 && atomic_load(&messages) == 0; i++)
        poll(NULL, 0, 5);
    int fd = reading_descriptor(fileno(holder)), folder = open(directory, O_RDONLY);
    ck_assert_int_eq(dup2(folder, fd), fd); /* a folder cannot be read */
    fputs("1704067200,2\n1704067200,3\n", holder);
    fflush(holder);
    wait_for_end();
    ck_assert(replay_failed(replay));
    engine_get_connection(engine, &connection);
    ck_assert_ptr_nonnull(strstr(connection.reason, "cannot be read: Is a directory"));
    replay_stop(replay);
    close(folder);
    fclose(holder);
}
END_TEST

START_TEST(a_pipe_can_be_replayed_and_left)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    FILE *holder = fopen(path, "r+"); /* so that neither end waits for the other */
    fputs("timestamp,value\n1704067200,1\n", holder);
    fflush(holder);
    struct replay *replay = start(path, 1, NULL);
    ck_assert_msg(replay != NULL, "%s", error);
    for (int i = 0; i < 1000 && atomic_load(&messages) == 0; i++)
        poll(NULL, 0, 5);
    replay_stop(replay); /* while it waits for more */
    fclose(holder);
    ck_assert_uint_eq(heard_count, 1);
}
END_TEST

Suite *replay_suite(void)
{
    Suite *suite = suite_create("replay");
    TCase *tests = tcase_create("replay");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_capture_goes_through_decoder_and_engine);
    tcase_add_test(tests, a_csv_with_a_byte_order_mark_mixed_columns_and_quotes);
    tcase_add_test(tests, every_row_comes_back_duplicates_and_disorder_included);
    tcase_add_loop_test(tests, timers_fire_at_their_time_in_gaps, 0, 4);
    tcase_add_test(tests, timers_do_not_fire_before_their_time);
    tcase_add_test(tests, time_does_not_go_on_after_the_end);
    tcase_add_test(tests, an_empty_value_moves_only_the_clock);
    tcase_add_test(tests, only_topics_that_are_asked_for);
    tcase_add_test(tests, standard_input_can_be_replayed);
    tcase_add_test(tests, every_topic_of_a_recording_passes_a_wildcard);
    tcase_add_test(tests, an_end_by_count_is_exact);
    tcase_add_test(tests, messages_without_a_time_take_that_of_the_line_before);
    tcase_add_test(tests, damaged_lines_are_told_with_their_number);
    tcase_add_test(tests, what_cannot_be_replayed_is_said_at_once);
    tcase_add_test(tests, a_line_past_the_cap_is_skipped_alone);
    tcase_add_test(tests, a_speed_is_kept);
    tcase_add_test(tests, a_stop_in_the_middle_of_a_wait_is_prompt);
    tcase_add_loop_test(tests, an_impossible_time_does_not_move_the_clock, 0, 2);
    tcase_add_test(tests, a_gap_of_days_is_not_waited_for);
    tcase_add_test(tests, a_file_of_which_nothing_was_understood_has_failed);
    tcase_add_test(tests, a_file_that_fails_in_the_middle_has_failed);
    tcase_add_test(tests, a_pipe_can_be_replayed_and_left);
    suite_add_tcase(suite, tests);
    return suite;
}
