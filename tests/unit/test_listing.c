#include "unit/suites.h"

#include <string.h>

#include "core/explanation.h"
#include "core/text.h"

static struct listing listing;

static void teardown(void)
{
    listing_fini(&listing);
}

static void payload(const char *text, size_t len)
{
    listing_reset(&listing);
    listing_payload(&listing, text, len, len);
}

static void assert_lines(const char *const *expected, size_t count)
{
    ck_assert_uint_eq(listing.count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_str_eq(listing.lines[i], expected[i]);
}

#define TEXT(text) payload(text, sizeof(text) - 1)
#define LINES(...)                                                  \
    do {                                                            \
        const char *const expected[] = {__VA_ARGS__};               \
        assert_lines(expected, sizeof expected / sizeof *expected); \
    } while (0)

START_TEST(json_has_a_member_a_line)
{
    TEXT("{\"a\":1,\"b\":{\"c\":[1,2],\"d\":\"x,{y\"}, \"e\" : [] }");
    LINES("{", "  \"a\": 1,", "  \"b\": {", "    \"c\": [1, 2],", "    \"d\": \"x,{y\"", "  },",
          "  \"e\": []", "}");
    TEXT("{\"short\":{\"t\":\"say \\\"}\\\"\",\"u\":2}}");
    LINES("{", "  \"short\": {\"t\": \"say \\\"}\\\"\", \"u\": 2}", "}");
}
END_TEST

START_TEST(broken_json_is_shown_as_far_as_it_goes)
{
    TEXT("{\"a\":[1,");
    ck_assert_uint_gt(listing.count, 1);
    TEXT("}}}]]");
    ck_assert_uint_eq(listing.count, 1);
    TEXT("{\"a");
    LINES("{", "  \"a");
    TEXT("[\"\\");
    ck_assert_uint_gt(listing.count, 0);
}
END_TEST

START_TEST(text_keeps_its_lines)
{
    TEXT("one\r\ntwo\n\nfour");
    LINES("one", "two", "", "four");
    TEXT("21.5");
    LINES("21.5");
    TEXT("");
    LINES("(empty)");
}
END_TEST

START_TEST(binary_is_hexadecimal)
{
    TEXT("\xa1\x61t\x01");
    ck_assert_uint_eq(listing.count, 1);
    ck_assert_ptr_nonnull(strstr(listing.lines[0], "0000  a1 61 74 01 "));
    ck_assert_ptr_nonnull(strstr(listing.lines[0], ".at."));
    payload("0123456789abcdef\0", 17);
    ck_assert_uint_eq(listing.count, 2);
}
END_TEST

START_TEST(what_is_foreign_is_made_safe_and_bounded)
{
    static char deep[3000];
    TEXT("{\"a\":\"\xe2\x80\xae right to left\xc2\x9b\"}");
    for (size_t i = 0; i < listing.count; i++)
        ck_assert_ptr_null(strstr(listing.lines[i], "\xe2\x80\xae"));
    memset(deep, '[', sizeof deep);
    payload(deep, sizeof deep);
    ck_assert_uint_le(listing.count, LISTING_LINES);
    memset(deep, 'x', sizeof deep);
    payload(deep, sizeof deep);
    ck_assert_uint_le(text_width(listing.lines[0]), LISTING_COLUMNS);
}
END_TEST

START_TEST(a_cut_payload_says_so)
{
    listing_payload(&listing, "{\"a\":1,", 7, 9000);
    ck_assert_str_eq(listing.lines[listing.count - 1], "… 9000 bytes in all, the first 7 are kept");
    listing_reset(&listing);
    listing_payload(&listing, "21 \xc2", 4, 5); /* in the middle of a character */
    ck_assert_ptr_nonnull(strstr(listing.lines[0], "21"));
}
END_TEST

static bool explains(const char *text)
{
    for (size_t i = 0; i < listing.count; i++)
        if (strstr(listing.lines[i], text))
            return true;
    return false;
}

/* What was said before, of this message, counts. */
START_TEST(an_explanation_knows_of_the_messages_before)
{
    static const char config[] = "{\"state_topic\":\"x/T1/state\",\"value_template\":"
                                 "\"{{ value_json.t }}\",\"unit_of_measurement\":\"K\"}";
    const struct message messages[] = {
        {.topic = "homeassistant/sensor/x/t/config", .payload = config, .bytes = strlen(config)},
        {.topic = "x/T1/state", .payload = "{\"t\":280}", .bytes = 9},
    };
    explanation_write(NULL, messages, 2, &listing);
    ck_assert(explains("= 280 K"));
    ck_assert(explains("discovery"));
    listing_reset(&listing);
    explanation_write(NULL, messages + 1, 1, &listing);
    ck_assert(explains("= 280 "));
    ck_assert(!explains("= 280 K"));
    struct message broken = {.topic = "x/T1/state", .payload = "{\"t\":", .bytes = 5};
    ck_assert(!explanation_write(NULL, &broken, 1, &listing));
    ck_assert(explanation_write(NULL, messages + 1, 1, &listing));
}
END_TEST

Suite *listing_suite(void)
{
    Suite *suite = suite_create("listing");
    TCase *tcase = tcase_create("listing");
    tcase_add_checked_fixture(tcase, NULL, teardown);
    tcase_add_test(tcase, json_has_a_member_a_line);
    tcase_add_test(tcase, broken_json_is_shown_as_far_as_it_goes);
    tcase_add_test(tcase, text_keeps_its_lines);
    tcase_add_test(tcase, binary_is_hexadecimal);
    tcase_add_test(tcase, what_is_foreign_is_made_safe_and_bounded);
    tcase_add_test(tcase, a_cut_payload_says_so);
    tcase_add_test(tcase, an_explanation_knows_of_the_messages_before);
    suite_add_tcase(suite, tcase);
    return suite;
}
