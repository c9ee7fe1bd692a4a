#include "unit/suites.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/topic.h"

struct pair {
    const char *filter, *topic;
};

static const struct pair matching[] = {
    {"a/b", "a/b"},
    {"a/+", "a/b"},
    {"a/+", "a/"},
    {"+/b", "a/b"},
    {"+/+", "/b"},
    {"/+", "/b"},
    {"+", "a"},
    {"#", "a"},
    {"#", "a/b/c"},
    {"a/#", "a"},
    {"a/#", "a/"},
    {"a/#", "a/b/c"},
    {"a/+/#", "a/b"},
    {"a/+/c", "a//c"},
    {"$SYS/#", "$SYS/broker/load"},
    {"$SYS/+", "$SYS/broker"},
    {"+/$b", "a/$b"},
    {"plant/温度/+", "plant/温度/temp"},
    {"$share/group/a/+", "a/b"},
    {"$share/group/#", "a"},
};

static const struct pair differing[] = {
    {"a/b", "a/c"},
    {"a/b", "a"},
    {"a/b", "a/b/"},
    {"a/b", "a//b"},
    {"a", "/a"},
    {"a", "A"},
    {"ab", "a"},
    {"a", "ab"},
    {"a/+", "a"},
    {"a/+", "a/b/c"},
    {"+", "/a"},
    {"+", "a/"},
    {"a/#", "ab"},
    {"a/#", "b/a"},
    {"a/+/c", "a/b"},
    {"#", "$SYS/broker"},
    {"+/broker", "$SYS/broker"},
    {"$share/group/a", "b"},
    {"$share/group/#", "$SYS/a"},
};

START_TEST(filter_matches)
{
    ck_assert_msg(topic_matches(matching[_i].filter, matching[_i].topic), "%s should match %s",
                  matching[_i].filter, matching[_i].topic);
}
END_TEST

START_TEST(filter_differs)
{
    ck_assert_msg(!topic_matches(differing[_i].filter, differing[_i].topic),
                  "%s should not match %s", differing[_i].filter, differing[_i].topic);
}
END_TEST

static const char *const good_filters[] = {
    "a",   "/",  "//",    "a/b", "+",      "#",      "+/+/#",
    "a/#", "/#", "a/+/b", " ",   "温度/#", "$SYS/#", "$share/group/a/#",
};

/* A filter and a word that the reason must hold. */
static const struct pair bad_filters[] = {
    {"", "empty"},           {"a#", "last"},
    {"#/a", "last"},         {"a/#/b", "last"},
    {"##", "last"},          {"a+", "whole level"},
    {"+a/b", "whole level"}, {"a/++/b", "whole level"},
    {"a\nb", "control"},     {"a/\x7f", "control"},
    {"\xC2\x9B", "control"}, {"\xEF\xBF\xBF", "control"},
    {"a\xFF", "UTF-8"},      {"\xC0\xAF", "UTF-8"},
    {"\xE2\x84", "UTF-8"},   {"$share/group", "shared"},
    {"$share//a", "shared"}, {"$share/g+/a", "shared"},
    {"$share/g/", "shared"}, {"$share/g/a#", "last"},
};

START_TEST(valid_takes)
{
    char error[100] = "untouched";
    ck_assert_msg(topic_filter_valid(good_filters[_i], error, sizeof error), "%s: %s",
                  good_filters[_i], error);
    ck_assert_str_eq(error, "untouched");
    ck_assert(topic_filter_valid(good_filters[_i], NULL, 0));
}
END_TEST

START_TEST(valid_refuses_with_a_reason)
{
    char error[100] = "";
    ck_assert_msg(!topic_filter_valid(bad_filters[_i].filter, error, sizeof error), "took %s",
                  bad_filters[_i].filter);
    ck_assert_msg(strstr(error, bad_filters[_i].topic) != NULL, "%s: %s", bad_filters[_i].filter,
                  error);
    ck_assert(!topic_filter_valid(bad_filters[_i].filter, NULL, 0));
}
END_TEST

START_TEST(valid_bounds_length_and_reason)
{
    char *filter = malloc(65537);
    char error[5] = "";
    ck_assert_ptr_nonnull(filter);
    memset(filter, 'a', 65536);
    filter[65536] = '\0';
    ck_assert(!topic_filter_valid(filter, error, sizeof error));
    ck_assert_uint_eq(strlen(error), sizeof error - 1);
    filter[65535] = '\0';
    ck_assert(topic_filter_valid(filter, error, sizeof error));
    free(filter);
}
END_TEST

static void check_level(const struct topic_level *level, const char *expected)
{
    ck_assert_uint_eq(level->len, strlen(expected));
    ck_assert_mem_eq(level->at, expected, level->len);
}

START_TEST(split_counts_empty_levels)
{
    struct topic_level levels[4];
    ck_assert_uint_eq(topic_split("plant/line1/temp", levels, 4), 3);
    check_level(&levels[0], "plant");
    check_level(&levels[1], "line1");
    check_level(&levels[2], "temp");
    ck_assert_uint_eq(topic_split("/a/", levels, 4), 3);
    check_level(&levels[0], "");
    check_level(&levels[1], "a");
    check_level(&levels[2], "");
    ck_assert_uint_eq(topic_split("", levels, 4), 1);
    check_level(&levels[0], "");
}
END_TEST

START_TEST(split_fills_at_most_max)
{
    struct topic_level levels[3] = {{.at = NULL}};
    ck_assert_uint_eq(topic_split("a/b/c/d", levels, 2), 4);
    check_level(&levels[1], "b");
    ck_assert_ptr_null(levels[2].at);
    ck_assert_uint_eq(topic_split("a/b", NULL, 0), 2);
}
END_TEST

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

START_TEST(a_recording_hides_nothing_from_wildcards)
{
    ck_assert(topic_passes("#", "$SYS/broker/uptime"));
    ck_assert(topic_passes("+/broker/#", "$SYS/broker/uptime"));
    ck_assert(topic_passes("$share/group/#", "$SYS/broker/uptime"));
    ck_assert(!topic_passes("a/#", "$SYS/broker/uptime"));
    ck_assert(!topic_matches("#", "$SYS/broker/uptime"));
    ck_assert(!topic_matches("$share/group/#", "$SYS/broker/uptime"));
}
END_TEST

Suite *topic_suite(void)
{
    Suite *suite = suite_create("topic");
    TCase *tcase = tcase_create("topic");
    tcase_add_loop_test(tcase, filter_matches, 0, LENGTH(matching));
    tcase_add_loop_test(tcase, filter_differs, 0, LENGTH(differing));
    tcase_add_loop_test(tcase, valid_takes, 0, LENGTH(good_filters));
    tcase_add_loop_test(tcase, valid_refuses_with_a_reason, 0, LENGTH(bad_filters));
    tcase_add_test(tcase, a_recording_hides_nothing_from_wildcards);
    tcase_add_test(tcase, valid_bounds_length_and_reason);
    tcase_add_test(tcase, split_counts_empty_levels);
    tcase_add_test(tcase, split_fills_at_most_max);
    suite_add_tcase(suite, tcase);
    return suite;
}
