#include "unit/suites.h"

#include <stdio.h>
#include <string.h>

#include "core/sys.h"

static struct sys sys;

static void setup(void)
{
    sys = (struct sys){0};
}

static bool take(const char *topic, const char *payload)
{
    return sys_take(&sys, topic, payload, strlen(payload));
}

START_TEST(each_topic_has_its_place)
{
    char text[16];
    for (int i = 0; i < SYS_VALUES; i++) {
        snprintf(text, sizeof text, "%d seconds", i);
        ck_assert(take(sys_topic((enum sys_value)i), text));
    }
    for (int i = 0; i < SYS_VALUES; i++)
        ck_assert_double_eq(sys_number(&sys, (enum sys_value)i), i);
}
END_TEST

START_TEST(other_topics_leave_no_trace)
{
    static const struct sys empty;
    ck_assert(!take("$SYS/broker/heap/current", "12"));
    ck_assert(!take("$SYS/broker/version/x", "12"));
    ck_assert(!take("$SYS", "12"));
    ck_assert_int_eq(memcmp(&sys, &empty, sizeof sys), 0);
}
END_TEST

START_TEST(an_empty_message_takes_a_value_back)
{
    take("$SYS/broker/version", "1.0");
    ck_assert(sys_take(&sys, "$SYS/broker/version", NULL, 0));
    ck_assert_str_eq(sys.text[SYS_VERSION], "");
}
END_TEST

START_TEST(what_is_no_number_is_none)
{
    static const char *const texts[] = {"", "many", "-3", "nan", "inf", "1e999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        take(sys_topic(SYS_CLIENTS), texts[i]);
        ck_assert_double_eq(sys_number(&sys, SYS_CLIENTS), -1);
    }
}
END_TEST

START_TEST(values_are_sanitised_and_bounded)
{
    char flood[5000];
    memset(flood, 'x', sizeof flood);
    ck_assert(sys_take(&sys, sys_topic(SYS_VERSION), flood, sizeof flood));
    ck_assert_uint_lt(strlen(sys.text[SYS_VERSION]), SYS_TEXT);
    take(sys_topic(SYS_VERSION), "a\x1b[31mb");
    ck_assert_str_eq(sys.text[SYS_VERSION], "a·[31mb");
}
END_TEST

Suite *sys_suite(void)
{
    Suite *suite = suite_create("sys");
    TCase *tcase = tcase_create("sys");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, each_topic_has_its_place);
    tcase_add_test(tcase, other_topics_leave_no_trace);
    tcase_add_test(tcase, an_empty_message_takes_a_value_back);
    tcase_add_test(tcase, what_is_no_number_is_none);
    tcase_add_test(tcase, values_are_sanitised_and_bounded);
    suite_add_tcase(suite, tcase);
    return suite;
}
