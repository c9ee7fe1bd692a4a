#include "unit/suites.h"

#include <stdio.h>

#include "core/journal.h"

START_TEST(ids_count_from_one)
{
    struct journal journal;
    journal_init(&journal);
    ck_assert_uint_eq(journal.count, 0);
    struct event *event = journal_add(&journal, 5, EVENT_NOTE);
    ck_assert_uint_eq(event->id, 1);
    ck_assert_int_eq(event->time, 5);
    ck_assert(event->series == JOURNAL_NONE && event->twin == JOURNAL_NONE);
    ck_assert(event->subject[0] == '\0' && event->text[0] == '\0');
    ck_assert_uint_eq(journal_add(&journal, 6, EVENT_PRESENCE)->id, 2);
    ck_assert_int_eq(journal_newest(&journal, 0)->type, EVENT_PRESENCE);
    ck_assert_int_eq(journal_newest(&journal, 1)->type, EVENT_NOTE);
    journal_fini(&journal);
}
END_TEST

START_TEST(oldest_goes)
{
    struct journal journal;
    journal_init(&journal);
    for (int i = 0; i < JOURNAL_EVENTS + 300; i++) {
        struct event *event = journal_add(&journal, i, EVENT_NOTE);
        snprintf(event->text, sizeof event->text, "event %d", i);
    }
    ck_assert_uint_eq(journal.count, JOURNAL_EVENTS);
    ck_assert_uint_eq(journal_newest(&journal, 0)->id, JOURNAL_EVENTS + 300);
    ck_assert_uint_eq(journal_newest(&journal, JOURNAL_EVENTS - 1)->id, 301);
    ck_assert_str_eq(journal_newest(&journal, JOURNAL_EVENTS - 1)->text, "event 300");
    journal_fini(&journal);
}
END_TEST

START_TEST(found_while_in_the_ring)
{
    struct journal journal;
    journal_init(&journal);
    ck_assert_ptr_null(journal_find(&journal, 0));
    ck_assert_ptr_null(journal_find(&journal, 1));
    for (int i = 0; i < JOURNAL_EVENTS + 1; i++)
        journal_add(&journal, i, EVENT_NOTE);
    ck_assert_ptr_null(journal_find(&journal, 1));
    ck_assert_uint_eq(journal_find(&journal, 2)->id, 2);
    ck_assert_ptr_eq(journal_find(&journal, JOURNAL_EVENTS + 1), journal_newest(&journal, 0));
    ck_assert_ptr_null(journal_find(&journal, JOURNAL_EVENTS + 2));
    journal_fini(&journal);
}
END_TEST

START_TEST(counts_by_the_hour)
{
    const timestamp hour = 3600 * TIMESTAMP_SECOND;
    struct journal journal;
    uint32_t hours[JOURNAL_HOURS];
    journal_init(&journal);
    for (int i = 0; i < JOURNAL_EVENTS + 5; i++) /* more than the ring holds */
        journal_add(&journal, 1000 * hour, EVENT_NOTE);
    journal_add(&journal, 1003 * hour, EVENT_NOTE);
    journal_add(&journal, 1001 * hour, EVENT_NOTE); /* a moment marked later */
    journal_hours(&journal, 1004 * hour, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 0);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 2], 1);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 4], 1);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 5], JOURNAL_EVENTS + 5);
    journal_hours(&journal, 1000 * hour, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], JOURNAL_EVENTS + 5);
    journal_add(&journal, 2 * hour, EVENT_NOTE); /* the clock was wrong */
    journal_hours(&journal, 2 * hour, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 1);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 2], 0);
    journal_hours(&journal, TIMESTAMP_NONE, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 0);
    journal_fini(&journal);
}
END_TEST

START_TEST(a_mark_of_long_ago_leaves_the_hours)
{
    const timestamp hour = 3600 * TIMESTAMP_SECOND;
    struct journal journal;
    uint32_t hours[JOURNAL_HOURS];
    journal_init(&journal);
    journal_add(&journal, 1000 * hour, EVENT_NOTE);
    journal_add(&journal, (1000 - JOURNAL_HOURS) * hour, EVENT_BOOKMARK);
    journal_hours(&journal, 1000 * hour, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 1);
    journal_add(&journal, (1001 - JOURNAL_HOURS) * hour, EVENT_BOOKMARK);
    journal_hours(&journal, 1000 * hour, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 1);
    ck_assert_uint_eq(hours[0], 1);
    journal_fini(&journal);
}
END_TEST

START_TEST(goes_along_with_a_clock_that_is_set_back)
{
    const timestamp hour = 3600 * TIMESTAMP_SECOND;
    struct journal journal;
    uint32_t hours[JOURNAL_HOURS];
    journal_init(&journal);
    journal_add(&journal, 1000 * hour, EVENT_NOTE);
    journal_add(&journal, 1003 * hour, EVENT_NOTE);
    journal_set_back(&journal, 1004 * hour + 5, 1002 * hour + 5);
    ck_assert_int_eq(journal_newest(&journal, 0)->time, 1001 * hour);
    journal_hours(&journal, 1002 * hour + 5, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 0);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 2], 1);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 5], 1);
    journal_add(&journal, 1003 * hour, EVENT_NOTE); /* an hour that has been before */
    journal_hours(&journal, 1003 * hour, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 1);
    journal_set_back(&journal, 1003 * hour, hour);
    journal_add(&journal, 2 * hour, EVENT_NOTE);
    journal_hours(&journal, 2 * hour, hours);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 1], 1);
    ck_assert_uint_eq(hours[JOURNAL_HOURS - 2], 1);
    journal_fini(&journal);
}
END_TEST

Suite *journal_suite(void)
{
    Suite *suite = suite_create("journal");
    TCase *tests = tcase_create("journal");
    tcase_add_test(tests, ids_count_from_one);
    tcase_add_test(tests, oldest_goes);
    tcase_add_test(tests, found_while_in_the_ring);
    tcase_add_test(tests, counts_by_the_hour);
    tcase_add_test(tests, a_mark_of_long_ago_leaves_the_hours);
    tcase_add_test(tests, goes_along_with_a_clock_that_is_set_back);
    suite_add_tcase(suite, tests);
    return suite;
}
