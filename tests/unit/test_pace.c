#include "unit/suites.h"

#include "ui/pace.h"

#define MS (TIMESTAMP_SECOND / 1000)
#define START (1000 * TIMESTAMP_SECOND)

static struct pace pace;

static void setup(void)
{
    pace_init(&pace, false, START - 100 * MS);
    pace_answered(&pace, START - 90 * MS);
}

/* A frame at `at`, answered `took` later. */
static void frame(timestamp at, timestamp took)
{
    ck_assert(pace_sent(&pace, at));
    pace_answered(&pace, at + took);
}

START_TEST(a_quick_terminal_is_never_waited_for)
{
    ck_assert_int_eq(pace_wait(&pace, START, false), 0);
    for (int i = 0; i < 10; i++) {
        frame(START + i * 100 * MS, MS);
        ck_assert_int_eq(pace_wait(&pace, START + i * 100 * MS + MS, false), 0);
    }
}
END_TEST

START_TEST(the_next_frame_waits_for_the_answer)
{
    frame(START, 50 * MS);
    ck_assert(pace_sent(&pace, START + 100 * MS));
    ck_assert_int_gt(pace_wait(&pace, START + 5100 * MS, false), 0);
    pace_answered(&pace, START + 5100 * MS);
    ck_assert_int_eq(pace_wait(&pace, START + 5100 * MS, true), 0);
}
END_TEST

START_TEST(a_key_may_overtake_one_frame_on_a_quick_line_only)
{
    frame(START, 50 * MS);
    ck_assert(pace_sent(&pace, START + 100 * MS));
    ck_assert_int_eq(pace_wait(&pace, START + 110 * MS, true), 0);
    ck_assert(pace_sent(&pace, START + 110 * MS));
    ck_assert_int_gt(pace_wait(&pace, START + 120 * MS, true), 0);
    pace_answered(&pace, START + 900 * MS);
    pace_answered(&pace, START + 1000 * MS);
    ck_assert(pace_sent(&pace, START + 2000 * MS));
    ck_assert_int_gt(pace_wait(&pace, START + 2010 * MS, true), 0);
}
END_TEST

START_TEST(a_slow_line_rests_as_long_as_it_works)
{
    frame(START, 400 * MS);
    ck_assert_int_eq(pace_wait(&pace, START + 400 * MS, true), 0);
    ck_assert_int_eq(pace_wait(&pace, START + 400 * MS, false), 400 * MS);
    frame(START + 10000 * MS, 10000 * MS); /* but no longer than it takes to lose patience */
    ck_assert_int_eq(pace_wait(&pace, START + 20000 * MS, false), 0);
}
END_TEST

START_TEST(who_never_answers_is_asked_no_more)
{
    int asked = 0, early = 0, late = 0;
    timestamp now = START;
    pace_init(&pace, false, START);
    for (; now < START + 5000 * MS; now += 100 * MS)
        if (pace_wait(&pace, now, false) == 0) {
            asked += pace_sent(&pace, now);
            *(now < START + 1000 * MS ? &early : &late) += 1;
        }
    ck_assert_int_eq(asked, 1);
    ck_assert_int_ge(early, 3);
    ck_assert_int_ge(late, 35); /* as many as are wanted, in the end */
    ck_assert_int_eq(pace_wait(&pace, now, true), 0);
    /* An answer beyond all patience still counts. */
    pace_answered(&pace, now);
    ck_assert(pace_sent(&pace, now));
    ck_assert_int_gt(pace_wait(&pace, now + 1000 * MS, false), 0);
}
END_TEST

/* The first frame fills a slow line; the question that went ahead of it was answered at once. */
START_TEST(a_slow_line_is_known_from_the_start)
{
    pace_init(&pace, false, START);
    ck_assert_int_eq(pace_wait(&pace, START, false), 0);
    ck_assert(pace_sent(&pace, START + MS));
    pace_answered(&pace, START + 50 * MS);
    ck_assert_int_gt(pace_wait(&pace, START + 4000 * MS, false), 0);
    pace_answered(&pace, START + 4000 * MS);
    ck_assert_int_eq(pace_wait(&pace, START + 4000 * MS, true), 0);
}
END_TEST

START_TEST(a_lost_answer_does_not_stop_the_picture)
{
    frame(START, MS);
    ck_assert(pace_sent(&pace, START + 100 * MS));
    ck_assert_int_gt(pace_wait(&pace, START + 15000 * MS, false), 0);
    ck_assert_int_eq(pace_wait(&pace, START + 25000 * MS, false), 0);
    ck_assert(pace_sent(&pace, START + 25000 * MS));
    pace_forget(&pace);
    ck_assert_int_eq(pace_wait(&pace, START + 25001 * MS, false), 0);
}
END_TEST

START_TEST(slow_is_a_frame_a_second_but_keys_at_once)
{
    pace_init(&pace, true, START - 100 * MS);
    pace_answered(&pace, START - 90 * MS);
    frame(START, MS);
    ck_assert_int_eq(pace_wait(&pace, START + 100 * MS, false), 900 * MS);
    ck_assert_int_eq(pace_wait(&pace, START + 100 * MS, true), 0);
}
END_TEST

START_TEST(a_full_terminal_is_slow_for_a_while)
{
    timestamp now = START;
    pace_init(&pace, false, START);
    while (!pace.mute && now < START + 20000 * MS) {
        if (pace_wait(&pace, now, false) == 0)
            pace_sent(&pace, now);
        now += 100 * MS;
    }
    pace_full(&pace, now);
    ck_assert_int_gt(pace_wait(&pace, now, true), 0);
    ck_assert_int_eq(pace_wait(&pace, now + 50 * MS, true), 0);
    pace_sent(&pace, now + 50 * MS);
    ck_assert_int_eq(pace_wait(&pace, now + 150 * MS, false), 900 * MS);
    ck_assert_int_eq(pace_wait(&pace, now + 11000 * MS, false), 0);
}
END_TEST

Suite *pace_suite(void)
{
    Suite *suite = suite_create("pace");
    TCase *tests = tcase_create("pace");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, a_quick_terminal_is_never_waited_for);
    tcase_add_test(tests, the_next_frame_waits_for_the_answer);
    tcase_add_test(tests, a_key_may_overtake_one_frame_on_a_quick_line_only);
    tcase_add_test(tests, a_slow_line_rests_as_long_as_it_works);
    tcase_add_test(tests, who_never_answers_is_asked_no_more);
    tcase_add_test(tests, a_slow_line_is_known_from_the_start);
    tcase_add_test(tests, a_lost_answer_does_not_stop_the_picture);
    tcase_add_test(tests, slow_is_a_frame_a_second_but_keys_at_once);
    tcase_add_test(tests, a_full_terminal_is_slow_for_a_while);
    suite_add_tcase(suite, tests);
    return suite;
}
