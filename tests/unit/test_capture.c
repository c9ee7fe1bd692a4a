#include "unit/suites.h"

#include <string.h>

#include "source/capture.h"

#define TST "\"tst\":\"2026-11-22T19:26:33.920249Z+0000\""
#define TST_MICROSECONDS INT64_C(1795375593920249)

static struct capture capture;
static struct message message;
static char error[160];

static void teardown(void)
{
    capture_fini(&capture);
}

static bool read_line(const char *line)
{
    return capture_read(&capture, line, strlen(line), &message, error, sizeof(error));
}

static void expect_payload(const char *line, const char *bytes, size_t len)
{
    ck_assert_msg(read_line(line), "%s: %s", line, error);
    ck_assert_uint_eq(message.bytes, len);
    ck_assert_mem_eq(message.payload, bytes, len);
}

static void expect_refused(const char *line, const char *why)
{
    ck_assert_msg(!read_line(line), "%s was taken", line);
    ck_assert_msg(strstr(error, why) != NULL, "%s: %s", line, error);
}

START_TEST(a_line_with_the_payload_as_a_string)
{
    expect_payload("{" TST ",\"topic\":\"a/b\",\"qos\":1,\"retain\":1,\"payloadlen\":29,"
                   "\"payload\":\"{\\\"value\\\":22.40,\\\"s\\\":\\\"x\\\\u00e9\\\"}\"}",
                   "{\"value\":22.40,\"s\":\"x\\u00e9\"}", 29);
    ck_assert_str_eq(message.topic, "a/b");
    ck_assert_int_eq(message.qos, 1);
    ck_assert(message.retain);
    ck_assert_int_eq(message.arrival, TST_MICROSECONDS);
}
END_TEST

START_TEST(a_line_with_the_payload_as_nested_json)
{
    expect_payload("{" TST ",\"topic\":\"a\",\"retain\":0,\"payloadlen\":14,"
                   "\"payload\":{ \"v\": [1, 2.5] }}",
                   "{\"v\":[1,2.5]}", 13);
    ck_assert(!message.retain);
    expect_payload("{\"topic\":\"a\",\"payload\":22.5}", "22.5", 4);
    expect_payload("{\"topic\":\"a\",\"payload\":true}", "true", 4);
    expect_payload("{\"topic\":\"a\",\"payloadlen\":4,\"payload\":null}", "null", 4);
}
END_TEST

START_TEST(an_empty_payload)
{
    expect_payload("{\"topic\":\"a\",\"payloadlen\":0,\"payload\":null}", "", 0);
    expect_payload("{\"topic\":\"a\",\"payloadlen\":0,\"payload\":\"\"}", "", 0);
    expect_payload("{\"topic\":\"a\",\"payload_base64\":\"\"}", "", 0);
}
END_TEST

START_TEST(bytes_that_are_no_text_travel_as_base64)
{
    expect_payload("{\"topic\":\"a\",\"payload_base64\":\"AAEC//4=\"}", "\0\1\2\xff\xfe", 5);
    expect_payload("{\"topic\":\"a\",\"payload_base64\":\"Zm9v\"}", "foo", 3);
    expect_payload("{\"topic\":\"a\",\"payload_base64\":\"Zg==\"}", "f", 1);
    expect_refused("{\"topic\":\"a\",\"payload_base64\":\"Zg=\"}", "not base64");
    expect_refused("{\"topic\":\"a\",\"payload_base64\":\"Z=g=\"}", "not base64");
    expect_refused("{\"topic\":\"a\",\"payload_base64\":\"Zm9\\u0076\\n...\"}", "not base64");
    expect_refused("{\"topic\":\"a\",\"payload_base64\":7}", "not base64");
}
END_TEST

START_TEST(a_nul_is_told_and_never_cuts_silently)
{
    expect_refused("{\"topic\":\"a\",\"payloadlen\":3,\"payload\":\"a\\u0000b\"}", "NUL");
    expect_refused("{\"topic\":\"a\\u0000b\",\"payload\":\"1\"}", "NUL");
    expect_refused("{\"topic\":\"a\",\"payloadlen\":3,\"payload\":\"a\"}", "1 bytes of 3");
    /* Escaped once more it is six characters of the payload, not a NUL. */
    expect_payload("{\"topic\":\"a\",\"payloadlen\":6,\"payload\":\"\\\\u0000\"}", "\\u0000", 6);
}
END_TEST

START_TEST(times_in_several_forms)
{
    static const struct {
        const char *line;
        timestamp expected;
    } lines[] = {
        {"{\"tst\":1700000000.25,\"topic\":\"a\",\"payload\":\"1\"}", INT64_C(1700000000250000)},
        {"{\"tst\":1700000000250,\"topic\":\"a\",\"payload\":\"1\"}", INT64_C(1700000000250000)},
        {"{\"tst\":\"2023-11-14T22:13:20Z\",\"topic\":\"a\",\"payload\":\"1\"}",
         INT64_C(1700000000000000)},
        {"{\"tst\":\"2023-11-14T23:13:20.000000Z+0100\",\"topic\":\"a\",\"payload\":\"1\"}",
         INT64_C(1700000000000000)},
        {"{\"topic\":\"a\",\"payload\":\"1\"}", TIMESTAMP_NONE},
        {"{\"tst\":\"yesterday\",\"topic\":\"a\",\"payload\":\"1\"}", TIMESTAMP_NONE},
        {"{\"tst\":\"1970-01-01T00:00:09Z\",\"topic\":\"a\",\"payload\":\"1\"}", TIMESTAMP_NONE},
        {"{\"tst\":\"9999-12-31T23:59:59Z\",\"topic\":\"a\",\"payload\":\"1\"}", TIMESTAMP_NONE},
        {"{\"tst\":17,\"topic\":\"a\",\"payload\":\"1\"}", TIMESTAMP_NONE},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        ck_assert_msg(read_line(lines[i].line), "%s", error);
        ck_assert_msg(message.arrival == lines[i].expected, "%s", lines[i].line);
    }
}
END_TEST

START_TEST(flags_of_other_shapes)
{
    ck_assert(read_line("{\"topic\":\"a\",\"qos\":9,\"retain\":true,\"payload\":\"\"}"));
    ck_assert_int_eq(message.qos, 0);
    ck_assert(message.retain);
    ck_assert(read_line("{\"topic\":\"a\",\"qos\":\"1\",\"retain\":\"no\",\"payload\":\"\"}"));
    ck_assert_int_eq(message.qos, 0);
    ck_assert(!message.retain);
}
END_TEST

START_TEST(what_is_no_line_of_a_capture)
{
    static const char *const lines[] = {
        "",    "   ",  "{",      "{\"topic\":\"a\",\"payload\":\"1",
        "[1]", "22.5", "a 22.5", "{\"topic\":\"a\",\"payload\":\"1\"} {}",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        expect_refused(lines[i], "not a JSON object");
    expect_refused("{\"payload\":\"1\"}", "no topic");
    expect_refused("{\"topic\":\"\",\"payload\":\"1\"}", "no topic");
    expect_refused("{\"topic\":7,\"payload\":\"1\"}", "no topic");
    expect_refused("{\"topic\":\"a\"}", "no payload");
}
END_TEST

Suite *capture_suite(void)
{
    Suite *suite = suite_create("capture");
    TCase *tests = tcase_create("capture");
    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, a_line_with_the_payload_as_a_string);
    tcase_add_test(tests, a_line_with_the_payload_as_nested_json);
    tcase_add_test(tests, an_empty_payload);
    tcase_add_test(tests, bytes_that_are_no_text_travel_as_base64);
    tcase_add_test(tests, a_nul_is_told_and_never_cuts_silently);
    tcase_add_test(tests, times_in_several_forms);
    tcase_add_test(tests, flags_of_other_shapes);
    tcase_add_test(tests, what_is_no_line_of_a_capture);
    suite_add_tcase(suite, tests);
    return suite;
}
