#include "unit/suites.h"

#include <check.h>
#include <string.h>

#include "source/url.h"

static struct url parsed(const char *text)
{
    struct url url;
    char error[256] = "";

    ck_assert_msg(url_parse(text, &url, error, sizeof(error)), "%s: %s", text, error);
    return url;
}

/* Asserts that it is refused and that the error holds this part. */
static void refused(const char *text, const char *part)
{
    struct url url;
    char error[256] = "";

    ck_assert_msg(!url_parse(text, &url, error, sizeof(error)), "%s was taken", text);
    ck_assert_msg(strstr(error, part) != NULL, "%s: %s", text, error);
}

START_TEST(all_parts)
{
    struct url url = parsed("mqtt://ann:s3cret@pi4:1884/plant/#");

    ck_assert(!url.tls && !url.unix_socket);
    ck_assert_str_eq(url.host, "pi4");
    ck_assert_int_eq(url.port, 1884);
    ck_assert(url.has_username && url.has_password);
    ck_assert_str_eq(url.username, "ann");
    ck_assert_str_eq(url.password, "s3cret");
    ck_assert_str_eq(url.topic, "plant/#");
}
END_TEST

START_TEST(defaults)
{
    struct url url = parsed("mqtt://pi4");

    ck_assert_int_eq(url.port, 1883);
    ck_assert(!url.has_username && !url.has_password);
    ck_assert_str_eq(url.username, "");
    ck_assert_str_eq(url.topic, "");
    ck_assert_str_eq(parsed("mqtt://pi4/").topic, "");
    url = parsed("MQTTS://pi4");
    ck_assert(url.tls);
    ck_assert_int_eq(url.port, 8883);
}
END_TEST

START_TEST(user_without_password)
{
    struct url url = parsed("mqtt://ann@pi4");

    ck_assert(url.has_username && !url.has_password);
    ck_assert_str_eq(url.username, "ann");
    url = parsed("mqtt://ann:@pi4");
    ck_assert(url.has_password);
    ck_assert_str_eq(url.password, "");
}
END_TEST

START_TEST(percent_is_decoded)
{
    struct url url = parsed("mqtt://a%40b:p%3a%2F%25@pi4/a%20b/%2B");

    ck_assert_str_eq(url.username, "a@b");
    ck_assert_str_eq(url.password, "p:/%");
    ck_assert_str_eq(url.topic, "a b/+");
}
END_TEST

START_TEST(last_at_ends_the_user)
{
    struct url url = parsed("mqtt://ann:p@ss@pi4");

    ck_assert_str_eq(url.password, "p@ss");
    ck_assert_str_eq(url.host, "pi4");
    ck_assert_str_eq(parsed("mqtt://pi4/a@b").host, "pi4");
}
END_TEST

START_TEST(ipv6_in_brackets)
{
    struct url url = parsed("mqtt://[::1]:1884");

    ck_assert_str_eq(url.host, "::1");
    ck_assert_int_eq(url.port, 1884);
    ck_assert_int_eq(parsed("mqtt://[fe80::1%25eth0]").port, 1883);
    ck_assert_str_eq(parsed("mqtt://[fe80::1%25eth0]").host, "fe80::1%eth0");
    refused("mqtt://::1", "brackets");
    refused("mqtt://[::1", "]");
    refused("mqtt://[::1]1883", "]");
}
END_TEST

START_TEST(unix_socket)
{
    struct url url = parsed("unix:///run/my%20broker.sock");

    ck_assert(url.unix_socket);
    ck_assert_str_eq(url.host, "/run/my broker.sock");
    ck_assert_int_eq(url.port, 0);
    refused("unix://run/x", "slash");
    refused("unix://", "slash");
}
END_TEST

START_TEST(socket_path_must_fit)
{
    char text[200] = "unix:///";
    char error[256];
    struct url url;

    memset(text + strlen(text), 'x', 106);
    ck_assert(url_parse(text, &url, error, sizeof(error)));
    ck_assert_uint_eq(strlen(url.host), 107);
    text[strlen(text)] = 'x';
    refused(text, "107");
}
END_TEST

START_TEST(wrong_ports)
{
    refused("mqtt://pi4:0", "port");
    refused("mqtt://pi4:65536", "port");
    refused("mqtt://pi4:99999999999999999999", "port");
    refused("mqtt://pi4:", "port");
    refused("mqtt://pi4:18x3", "port");
    refused("mqtt://pi4:-1", "port");
    ck_assert_int_eq(parsed("mqtt://pi4:65535").port, 65535);
}
END_TEST

START_TEST(what_is_no_address)
{
    refused("", "mqtt://");
    refused("pi4", "mqtt://");
    refused("http://pi4", "mqtt://");
    refused("mqtt:pi4", "mqtt://");
    refused("mqtt://", "host");
    refused("mqtt://:1883", "host");
    refused("mqtt://ann@", "host");
    refused("mqtt://my pi", "blank");
    refused("mqtt://pi%0a", "control");
    refused("mqtt://pi/%00", "control");
    refused("mqtt://pi/%4", "%25");
    refused("mqtt://pi/%zz", "%25");
}
END_TEST

START_TEST(errors_never_tell_the_password)
{
    static const char *const texts[] = {"mqtt://ann:hush%@pi4", "mqtt://ann:hush%0a@pi4",
                                        "mqtt://ann:hush@",     "mqtt://ann:hush@pi4:x",
                                        "mqtt://ann:hush@[::1", "mqqt://ann:hush@pi4"};
    struct url url;
    char error[256];

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        ck_assert(!url_parse(texts[i], &url, error, sizeof(error)));
        ck_assert_msg(strstr(error, "hush") == NULL, "%s", error);
    }
}
END_TEST

START_TEST(parts_too_long)
{
    char text[1400] = "mqtt://";

    memset(text + 7, 'h', 255);
    ck_assert_uint_eq(strlen(parsed(text).host), 255);
    text[7 + 255] = 'h';
    refused(text, "255");
    memcpy(text, "mqtt://h/", 9);
    memset(text + 9, 't', 1024);
    refused(text, "1023");
}
END_TEST

START_TEST(shown_without_secrets)
{
    struct url url = parsed("mqtt://ann:s3cret@pi4/plant/#");
    char shown[64];

    url_show(&url, shown, sizeof(shown));
    ck_assert_str_eq(shown, "mqtt://pi4:1883");
    url = parsed("mqtts://[::1]");
    url_show(&url, shown, sizeof(shown));
    ck_assert_str_eq(shown, "mqtts://[::1]:8883");
    url = parsed("unix:///run/x.sock");
    url_show(&url, shown, sizeof(shown));
    ck_assert_str_eq(shown, "unix:///run/x.sock");
    url = parsed("mqtt://p\xe2\x80\xae"
                 "i4");
    url_show(&url, shown, sizeof(shown));
    ck_assert_str_eq(shown, "mqtt://pi4:1883");
}
END_TEST

Suite *url_suite(void)
{
    Suite *suite = suite_create("url");
    TCase *tests = tcase_create("url");

    tcase_add_test(tests, all_parts);
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, user_without_password);
    tcase_add_test(tests, percent_is_decoded);
    tcase_add_test(tests, last_at_ends_the_user);
    tcase_add_test(tests, ipv6_in_brackets);
    tcase_add_test(tests, unix_socket);
    tcase_add_test(tests, socket_path_must_fit);
    tcase_add_test(tests, wrong_ports);
    tcase_add_test(tests, what_is_no_address);
    tcase_add_test(tests, errors_never_tell_the_password);
    tcase_add_test(tests, parts_too_long);
    tcase_add_test(tests, shown_without_secrets);
    suite_add_tcase(suite, tests);
    return suite;
}
