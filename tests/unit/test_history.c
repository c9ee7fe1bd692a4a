#include "unit/suites.h"

#include <string.h>

#include "core/history.h"

#define SECOND TIMESTAMP_SECOND

static void fill(struct history *history, int from, int to)
{
    for (int i = from; i < to; i++)
        history_add(history, i * SECOND, i, MARK_NONE, true);
}

START_TEST(grows_by_doubling_and_says_so)
{
    struct history history = {0};
    size_t grown = 0;
    for (int i = 0; i < 100; i++)
        grown += history_add(&history, i, i, MARK_NONE, true);
    ck_assert_uint_eq(history.room, 128);
    ck_assert_uint_eq(grown, 128 * sizeof(struct sample));
    for (uint32_t i = 0; i < 100; i++)
        ck_assert(history_at(&history, i)->value == i);
    history_fini(&history);
    ck_assert(history.count == 0 && !history.samples);
}
END_TEST

START_TEST(limit_drops_the_oldest)
{
    struct history history = {0};
    fill(&history, 0, HISTORY_LIMIT + 10);
    ck_assert_uint_eq(history.count, HISTORY_LIMIT);
    ck_assert(history_at(&history, 0)->value == 10);
    ck_assert(history_at(&history, HISTORY_LIMIT - 1)->value == HISTORY_LIMIT + 9);
    history_fini(&history);
}
END_TEST

/* The ring has wrapped when it may grow again: the order must survive. */
START_TEST(stops_and_resumes_growing)
{
    struct history history = {0};
    fill(&history, 0, 16);
    for (int i = 16; i < 21; i++)
        ck_assert_uint_eq(history_add(&history, i * SECOND, i, MARK_ALARM, false), 0);
    ck_assert_uint_eq(history.count, 16);
    fill(&history, 21, 40);
    ck_assert_uint_eq(history.count, 35);
    for (uint32_t i = 0; i < history.count; i++) {
        ck_assert(history_at(&history, i)->value == 5 + i);
        bool marked = i + 5 >= 16 && i + 5 < 21;
        ck_assert_int_eq(history_mark(&history, i), marked ? MARK_ALARM : MARK_NONE);
    }
    history_fini(&history);
}
END_TEST

START_TEST(no_room_at_all_keeps_nothing)
{
    struct history history = {0};
    ck_assert_uint_eq(history_add(&history, 1, 1, MARK_NONE, false), 0);
    ck_assert_uint_eq(history.count, 0);
    ck_assert_uint_eq(history_until(&history, 5), 0);
    struct bucket buckets[3];
    history_buckets(&history, 10, 9, buckets, 3);
    ck_assert_uint_eq(buckets[0].count + buckets[1].count + buckets[2].count, 0);
}
END_TEST

START_TEST(times_never_fall)
{
    struct history history = {0};
    history_add(&history, 100, 1, MARK_NONE, true);
    history_add(&history, 50, 2, MARK_NONE, true);
    history_add(&history, 120, 3, MARK_NONE, true);
    ck_assert_int_eq(history_at(&history, 1)->time, 100);
    ck_assert_int_eq(history_at(&history, 2)->time, 120);
    history_fini(&history);
}
END_TEST

/* However far a clock is off. */
START_TEST(times_out_of_range_stay_in_order)
{
    struct history history = {0};
    history_add(&history, INT64_MIN, 1, MARK_NONE, true);
    history_add(&history, 100, 2, MARK_ALARM, true);
    history_tag(&history, 63);
    history_add(&history, INT64_MAX, 3, MARK_NONE, true);
    ck_assert_int_lt(history_at(&history, 0)->time, 0);
    ck_assert_int_eq(history_at(&history, 1)->time, 100);
    ck_assert_int_gt(history_at(&history, 2)->time, 100);
    ck_assert_int_eq(history_mark(&history, 1), MARK_ALARM);
    ck_assert_uint_eq(history_kind(&history, 1), 63);
    history_fini(&history);
}
END_TEST

START_TEST(set_back_shifts_every_time)
{
    struct history history = {0};
    fill(&history, 0, HISTORY_LIMIT + 10); /* wrapped */
    history_set_back(&history, 100 * SECOND);
    for (uint32_t i = 0; i < history.count; i++)
        ck_assert_int_eq(history_at(&history, i)->time, ((int)i + 10 - 100) * SECOND);
    history_fini(&history);
}
END_TEST

START_TEST(until_counts_samples_up_to_a_moment)
{
    struct history history = {0};
    fill(&history, 0, HISTORY_LIMIT + 100);
    ck_assert_uint_eq(history_until(&history, 99 * SECOND), 0);
    ck_assert_uint_eq(history_until(&history, 100 * SECOND), 1);
    ck_assert_uint_eq(history_until(&history, 101 * SECOND - 1), 1);
    ck_assert_uint_eq(history_until(&history, INT64_MAX), HISTORY_LIMIT);
    history_fini(&history);
}
END_TEST

START_TEST(buckets_keep_extremes_and_marks)
{
    struct history history = {0};
    static const double values[] = {5, 1, 9, 4};
    for (int i = 0; i < 4; i++)
        history_add(&history, (i + 1) * SECOND, values[i], i == 1 ? MARK_NOTICE : MARK_NONE, true);
    history_add(&history, 7 * SECOND, 3, MARK_ALARM, true);
    struct bucket buckets[3];
    history_buckets(&history, 8 * SECOND, 8 * SECOND, buckets, 2);
    ck_assert_uint_eq(buckets[0].count, 4);
    ck_assert(buckets[0].min == 1 && buckets[0].max == 9 && buckets[0].last == 4);
    ck_assert_int_eq(buckets[0].mark, MARK_NOTICE);
    ck_assert_uint_eq(buckets[1].count, 1);
    ck_assert_int_eq(buckets[1].mark, MARK_ALARM);
    history_fini(&history);
}
END_TEST

START_TEST(bucket_edges)
{
    struct history history = {0};
    fill(&history, 0, 11);
    struct bucket buckets[10];
    history_buckets(&history, 10 * SECOND, 10 * SECOND, buckets, 10);
    for (int i = 0; i < 10; i++) { /* (i, i + 1]: the start is outside, the end inside */
        ck_assert_uint_eq(buckets[i].count, 1);
        ck_assert(buckets[i].last == i + 1);
    }
    history_buckets(&history, 7 * SECOND, 4 * SECOND, buckets, 3);
    ck_assert_uint_eq(buckets[0].count + buckets[1].count + buckets[2].count, 4);
    ck_assert(buckets[2].last == 7);
    history_fini(&history);
}
END_TEST

START_TEST(buckets_of_silence_and_of_nothing)
{
    struct history history = {0};
    fill(&history, 0, 5);
    struct bucket buckets[4];
    memset(buckets, 0xff, sizeof buckets);
    history_buckets(&history, 1000 * SECOND, 60 * SECOND, buckets, 4);
    for (int i = 0; i < 4; i++)
        ck_assert_uint_eq(buckets[i].count, 0);
    history_buckets(&history, 1000 * SECOND, 0, buckets, 4);
    ck_assert_uint_eq(buckets[3].count, 0);
    history_buckets(&history, 1000 * SECOND, 60 * SECOND, NULL, 0);
    history_fini(&history);
}
END_TEST

Suite *history_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *tests = tcase_create("history");
    tcase_add_test(tests, grows_by_doubling_and_says_so);
    tcase_add_test(tests, limit_drops_the_oldest);
    tcase_add_test(tests, stops_and_resumes_growing);
    tcase_add_test(tests, no_room_at_all_keeps_nothing);
    tcase_add_test(tests, times_never_fall);
    tcase_add_test(tests, times_out_of_range_stay_in_order);
    tcase_add_test(tests, set_back_shifts_every_time);
    tcase_add_test(tests, until_counts_samples_up_to_a_moment);
    tcase_add_test(tests, buckets_keep_extremes_and_marks);
    tcase_add_test(tests, bucket_edges);
    tcase_add_test(tests, buckets_of_silence_and_of_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
