/* The whole program on a terminal at real brokers: what must not be missed on its screen. */
#include "broker/certificates.h"
#include "broker/support.h"
#include "screen/vt.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOON 5000 /* milliseconds */
#define LATER 15000
#define MAX_ARGUMENTS 16

static char folder[64];
static char port[16];
static struct server server;
static struct vt *vt;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-live-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    vt = NULL;
}

static void teardown(void)
{
    vt_free(vt);
    vt_remove_folder(folder);
}

/* A broker with these lines in its configuration, NULL for none. */
static void serve(const char *lines)
{
    server_start(&server, lines);
    snprintf(port, sizeof port, "%d", server.port);
}

/* Runs dt-top at that broker; the arguments end with NULL. */
static void start_with(const char *const *arguments)
{
    static const char *const env[] = {"LC_ALL=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", NULL};
    const char *argv[MAX_ARGUMENTS + 6] = {getenv("DT_TOP"), "-h", "localhost", "-p", port};
    ck_assert_msg(argv[0] != NULL, "DT_TOP names no program");
    for (int i = 0; i < MAX_ARGUMENTS && arguments[i]; i++)
        argv[5 + i] = arguments[i];
    vt = vt_start(argv, env, 100, 30);
}

#define START(...) start_with((const char *const[]){__VA_ARGS__, NULL})

static void wait_text(const char *text, int deadline)
{
    ck_assert_msg(vt_wait_text(vt, text, deadline), "no '%s' on the screen", text);
}

static void wait_top(const char *text, int deadline)
{
    ck_assert_msg(vt_wait_row(vt, 0, text, deadline), "no '%s' in the first row", text);
}

static bool has_text(const char *text)
{
    return vt_find(vt, text, NULL) >= 0;
}

static void publish_once(const char *topic, const char *payload, bool retain)
{
    char host[] = "127.0.0.1";
    struct publisher publisher;
    publisher_open(&publisher, host, server.port);
    publish(&publisher, topic, payload, retain);
    publisher_close(&publisher);
}

static void finish(void)
{
    vt_type(vt, "\x03");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    server_stop(&server);
}

static void serve_tls(void)
{
    char lines[512];
    struct authority *authority = authority_new("Test CA", folder, "ca.crt");
    certificate_write(authority, "elsewhere", "DNS:elsewhere.example", -1, 10, folder, "broker");
    authority_free(authority);
    snprintf(lines, sizeof lines,
             "certfile %s/broker.crt\nkeyfile %s/broker.key\ncafile %s/ca.crt\n", folder, folder,
             folder);
    serve(lines);
}

/* Connected, on other screens, paused, and while the broker is away. */
START_TEST(insecure_shows_all_the_while)
{
    char ca[96];
    snprintf(ca, sizeof ca, "%s/ca.crt", folder);
    serve_tls();
    START("--cafile", ca, "--insecure", "-t", "a/#");
    wait_top("INSECURE", SOON);
    wait_top("●", SOON);
    vt_type(vt, "?");
    wait_text("move the selection", SOON);
    wait_top("INSECURE", SOON);
    vt_type(vt, "4");
    wait_text("not checked", SOON);
    vt_type(vt, "1p");
    wait_top("PAUSED", SOON);
    wait_top("INSECURE", SOON);
    vt_type(vt, "p");
    server_end(&server, SIGTERM);
    wait_text("next try in", SOON);
    wait_top("INSECURE", SOON);
    finish();
}
END_TEST

START_TEST(a_wrong_name_is_told_without_insecure)
{
    char ca[96];
    snprintf(ca, sizeof ca, "%s/ca.crt", folder);
    serve_tls();
    START("--cafile", ca, "-t", "a/#");
    wait_text("elsewhere", SOON);
    ck_assert(!has_text("INSECURE"));
    finish();
}
END_TEST

START_TEST(silence_is_told_after_ten_seconds)
{
    serve(NULL);
    double begun = steady_seconds();
    START("-t", "quiet/#");
    wait_text("Connected, but nothing received on quiet/# for 10 s", LATER);
    ck_assert_double_ge(steady_seconds() - begun, 9.5);
    publish_once("quiet/a/b", "21", false);
    ck_assert(vt_wait_gone(vt, "Connected, but", SOON));
    wait_text("quiet/a/b", SOON);
    finish();
}
END_TEST

/* What was there before is marked and has no age; what comes is not. In MQTT 5 too, where live
 * messages carry the flag. */
START_TEST(retained_is_marked)
{
    serve(NULL);
    publish_once("a/old/t", "21.5", true);
    START("-t", "a/#", "-V", _i == 5 ? "5" : "311");
    wait_text("RETAINED", SOON);
    publish_once("a/old/t", "22.5", true);
    wait_text("22.5", SOON);
    ck_assert(vt_wait_gone(vt, "RETAINED", SOON));
    finish();
}
END_TEST

START_TEST(the_broker_tells_of_itself)
{
    serve("sys_interval 1\n");
    START("-t", "a/#", "-q", "1");
    wait_top("●", SOON);
    vt_type(vt, "4");
    wait_text("a/#  QoS 1", SOON);
    wait_text("mosquitto version", SOON);
    vt_type(vt, "1");
    wait_text("0 series", SOON);
    finish();
}
END_TEST

/* Bytes of a stranger reach this screen too. */
START_TEST(a_message_is_shown_and_explained)
{
    size_t len;
    serve(NULL);
    START("-t", "a/#");
    wait_top("●", SOON);
    publish_once("a/pump", "{\"flow\":7.5,\"note\":\"\\u001b[31m\xe2\x80\xae\x7f\"}", false);
    wait_text("7.5", SOON);
    vt_type(vt, "\r");
    wait_text("d decoded", SOON);
    vt_type(vt, "d");
    wait_text("\"flow\": 7.5,", SOON);
    wait_text("nothing in it names the sender", SOON);
    ck_assert_ptr_null(strstr(vt_raw(vt, &len), "\xe2\x80\xae"));
    finish();
}
END_TEST

START_TEST(a_recording_comes_through_a_pipe)
{
    static const char *const argv[] = {
        "/bin/sh", "-c",
        "{ echo timestamp,sensor_id,value; echo 2024-01-15T12:00:00Z,BOILER,42.5; } |"
        " \"$DT_TOP\" --replay -",
        NULL};
    serve(NULL);
    vt = vt_start(argv, NULL, 100, 30);
    wait_text("BOILER", SOON);
    wait_text("standard input", SOON);
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    server_stop(&server);
}
END_TEST

Suite *live_suite(void);

Suite *live_suite(void)
{
    Suite *suite = suite_create("live");
    TCase *tcase = tcase_create("live");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, insecure_shows_all_the_while);
    tcase_add_test(tcase, a_wrong_name_is_told_without_insecure);
    tcase_add_test(tcase, silence_is_told_after_ten_seconds);
    tcase_add_loop_test(tcase, retained_is_marked, 4, 6);
    tcase_add_test(tcase, the_broker_tells_of_itself);
    tcase_add_test(tcase, a_message_is_shown_and_explained);
    tcase_add_test(tcase, a_recording_comes_through_a_pipe);
    suite_add_tcase(suite, tcase);
    return suite;
}
