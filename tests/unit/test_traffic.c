/* Messages and bytes by the second, what we take ourselves, and their charts. */
#include "unit/suites.h"

#include <string.h>

#include "unit/build.h"
#include "unit/stage.h"
#include "usage.h"

static struct stage stage;
static struct usage usage;

static void setup(void)
{
    stage_open(&stage, 80, 24, false);
    usage = (struct usage){0};
    stage.facts.usage = &usage;
}

static void teardown(void)
{
    stage_close(&stage);
}

static bool row_has(const char *one, const char *two)
{
    int y = stage_find(&stage, one);
    return y >= 0 && strstr(stage_row(&stage, y), two);
}

static void message(size_t bytes)
{
    batch_reset(&stage.batch);
    build_reading(&stage.batch, "a/T1", "T1", "x", "m", 1, stage.now);
    stage.batch.messages[0].bytes = bytes;
    engine_ingest(stage.engine, &stage.batch);
}

START_TEST(bytes_are_counted_by_the_second)
{
    struct fleet_totals totals;
    int64_t second = stage.now / TIMESTAMP_SECOND;
    message(100);
    message(50);
    stage_wait(&stage, 2 * TIMESTAMP_SECOND);
    message(7);
    engine_totals(stage.engine, &totals);
    ck_assert_uint_eq(fleet_bytes_in(&totals, second), 150);
    ck_assert_uint_eq(fleet_messages_in(&totals, second), 2);
    ck_assert_uint_eq(fleet_bytes_in(&totals, second + 1), 0);
    ck_assert_uint_eq(fleet_bytes_in(&totals, second + 2), 7);
    ck_assert_uint_eq(fleet_bytes_in(&totals, second + 3), 0);
    stage_wait(&stage, FLEET_RATE_SECONDS * TIMESTAMP_SECOND);
    engine_totals(stage.engine, &totals);
    ck_assert_uint_eq(fleet_bytes_in(&totals, second + 2), 0); /* forgotten */
    ck_assert_uint_eq(fleet_bytes_in(&totals, -1), 0);
}
END_TEST

START_TEST(usage_is_of_the_time_between_two_looks)
{
    const timestamp start = 50 * TIMESTAMP_SECOND;
    usage_take(&usage, start, 1000000, 4096);
    ck_assert_uint_eq(usage.count, 0); /* one look tells nothing */
    usage_take(&usage, start + 2 * TIMESTAMP_SECOND, 1500000, 8192);
    ck_assert_double_eq_tol(usage.percent, 25, 1e-9);
    ck_assert_uint_eq(usage.resident, 8192);
    ck_assert_uint_eq(usage.ring[0], 2500);
    usage_take(&usage, start + 3 * TIMESTAMP_SECOND, 1500000, 8192);
    ck_assert_double_eq(usage.percent, 0);
    ck_assert_uint_eq(usage.count, 2);
}
END_TEST

START_TEST(a_look_is_taken_once_a_second)
{
    usage_look(&usage, 1000 * TIMESTAMP_SECOND);
    usage_look(&usage, 1000 * TIMESTAMP_SECOND + 500000);
    ck_assert_uint_eq(usage.count, 0);
    usage_look(&usage, 1001 * TIMESTAMP_SECOND);
    ck_assert_uint_eq(usage.count, 1);
    ck_assert(usage.percent >= 0 && usage.resident > 100000);
}
END_TEST

static void live(void)
{
    for (int i = 0; i < 100; i++) {
        for (int n = 0; n <= i % 10; n++)
            message(1000);
        usage_take(&usage, (1000 + i) * TIMESTAMP_SECOND, (timestamp)i * 15000, 9 << 20);
        stage_wait(&stage, TIMESTAMP_SECOND);
    }
    stage_key(&stage, '4');
}

START_TEST(the_broker_pane_has_charts)
{
    live();
    ck_assert(row_has("messages/s  10", "peak 10 in 35 s"));
    ck_assert(row_has("bytes/s  9.8K", "peak 9.8K in 35 s"));
    ck_assert(row_has("CPU", "1.5 % of a core"));
    ck_assert(row_has("memory", "9M"));
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "messages/s") + 2), "█"));
    ui_resize(stage.ui, 160, 50);
    stage_draw(&stage);
    int y = stage_find(&stage, "messages/s");
    ck_assert_int_eq(stage_find(&stage, "bytes/s"), y); /* beside each other */
    ck_assert(row_has("our CPU  1.5 %", "peak 1.5 %"));
    ck_assert(strstr(stage_row(&stage, y + 1), "█"));
}
END_TEST

START_TEST(charts_draw_at_any_size)
{
    live();
    for (int width = 1; width <= 250; width += 3)
        for (int height = 1; height <= 80; height += 5) {
            ui_resize(stage.ui, width, height);
            stage_draw(&stage);
        }
}
END_TEST

Suite *traffic_suite(void)
{
    Suite *suite = suite_create("traffic");
    TCase *tests = tcase_create("traffic");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, bytes_are_counted_by_the_second);
    tcase_add_test(tests, usage_is_of_the_time_between_two_looks);
    tcase_add_test(tests, a_look_is_taken_once_a_second);
    tcase_add_test(tests, the_broker_pane_has_charts);
    tcase_add_test(tests, charts_draw_at_any_size);
    suite_add_tcase(suite, tests);
    return suite;
}
