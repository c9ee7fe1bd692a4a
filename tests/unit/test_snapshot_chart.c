/* The chart of a snapshot: a window of its own, its readings, series beside the selected one. */
#include "unit/suites.h"

#include "core/snapshot.h"
#include "unit/build.h"

#define SECOND TIMESTAMP_SECOND
#define AT(i) ((1700000000 + (i)) * SECOND + SECOND / 2) /* in the middle of a bucket */

static struct fleet *fleet;
static struct batch batch;
static struct snapshot snapshot;
static struct snapshot_order order;
static struct snapshot_request request;

/* Readings 0 to 99 of A, a second apart, and of B the same and 100 more; the last one is now. */
static void setup(void)
{
    fleet = fleet_new(&(struct fleet_options){0});
    for (int i = 0; i < 100; i++) {
        build_reading(&batch, "plant/A", "A", "x", "Celsius", i, AT(i));
        build_reading(&batch, "plant/B", "B", "x", "%", 100 + i, AT(i));
        fleet_ingest(fleet, &batch, NULL);
        batch_reset(&batch);
    }
    request = (struct snapshot_request){.now = AT(99),
                                        .as_of = TIMESTAMP_NONE,
                                        .rows = 5,
                                        .span = 20 * SECOND,
                                        .chart_columns = 20,
                                        .samples = true};
    snapshot = (struct snapshot){0};
    order = (struct snapshot_order){0};
}

static void teardown(void)
{
    snapshot_fini(&snapshot);
    snapshot_order_fini(&order);
    fleet_free(fleet);
    batch_fini(&batch);
}

static const struct card *take(void)
{
    snapshot_take(fleet, &request, &order, &snapshot);
    return &snapshot.card;
}

START_TEST(the_window_ends_at_the_moment_shown)
{
    const struct card *card = take();
    ck_assert_double_eq(card->chart[19].last, 99);
    ck_assert_double_eq(card->chart[0].last, 80);
    ck_assert_uint_eq(card->sample_count, 20);
    ck_assert_double_eq(card->samples[0].value, 80);
    ck_assert_double_eq(card->samples[19].value, 99);
    ck_assert_int_eq(card->oldest, AT(0));
    ck_assert_int_eq(snapshot.oldest, AT(0));
}
END_TEST

START_TEST(the_window_has_an_end_and_a_span_of_its_own)
{
    request.chart_end = AT(50);
    request.chart_span = 10 * SECOND;
    request.chart_columns = 10;
    const struct card *card = take();
    ck_assert_double_eq(card->chart[9].last, 50);
    ck_assert_double_eq(card->chart[0].last, 41);
    ck_assert_uint_eq(card->sample_count, 10);
    ck_assert_uint_eq(card->ahead_count, 0);
    ck_assert_double_eq(card->row.value, 99); /* all else is live */
    ck_assert_int_eq(snapshot.request.chart_end, AT(50));
    /* The sparkline's span is another one. */
    request.spark_columns = 20;
    ck_assert_double_eq(take()->row.spark[0].last, 80);
}
END_TEST

START_TEST(a_window_that_ends_now_follows)
{
    request.chart_end = AT(500);
    ck_assert_double_eq(take()->chart[19].last, 99);
    ck_assert_int_eq(snapshot.request.chart_end, 0);
    request.as_of = AT(30);
    request.chart_end = AT(50);
    ck_assert_double_eq(take()->chart[19].last, 30);
    ck_assert_int_eq(snapshot.request.chart_end, 0);
}
END_TEST

START_TEST(the_past_has_no_later_readings)
{
    request.as_of = AT(50);
    const struct card *card = take();
    ck_assert_uint_eq(card->sample_count, 20);
    ck_assert_double_eq(card->samples[19].value, 50);
}
END_TEST

START_TEST(others_have_the_same_window)
{
    const uint32_t others[] = {0, 1, 77};
    request.others = others;
    request.other_count = 3;
    request.chart_end = AT(50);
    request.as_of = AT(60);
    const struct card *card = take();
    ck_assert_str_eq(card->row.twin, "A");
    ck_assert_uint_eq(card->other_count, 1); /* not the selected one, and none that is not there */
    ck_assert_str_eq(card->others[0].twin, "B");
    ck_assert_str_eq(card->others[0].unit, "%");
    ck_assert_double_eq(card->others[0].value, 160);
    ck_assert_double_eq(card->others[0].chart[19].last, 150);
}
END_TEST

Suite *snapshot_chart_suite(void)
{
    Suite *suite = suite_create("snapshot_chart");
    TCase *tests = tcase_create("snapshot_chart");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_window_ends_at_the_moment_shown);
    tcase_add_test(tests, the_window_has_an_end_and_a_span_of_its_own);
    tcase_add_test(tests, a_window_that_ends_now_follows);
    tcase_add_test(tests, the_past_has_no_later_readings);
    tcase_add_test(tests, others_have_the_same_window);
    suite_add_tcase(suite, tests);
    return suite;
}
