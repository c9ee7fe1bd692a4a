#include <check.h>
#include <stdio.h>
#include <string.h>

#include "broker/fakebroker.h"
#include "broker/support.h"

static char loopback[] = "127.0.0.1";

/* A fake broker and a link to it. */
struct stage {
    struct fake *fake;
    struct watch watch;
};

static void stage_open(struct stage *stage, const struct fake_step *script, int version)
{
    stage->fake = fake_start(script);
    watch_init(&stage->watch, loopback, fake_port(stage->fake));
    stage->watch.options.version = version;
    watch_start(&stage->watch);
}

static void stage_close(struct stage *stage)
{
    watch_stop(&stage->watch);
    fake_stop(stage->fake);
}

static bool has_connected(void *context)
{
    struct fake_record heard;

    fake_heard(context, &heard);
    return heard.connects > 0;
}

START_TEST(silent_broker)
{
    static const struct fake_step script[] = {{.act = FAKE_DEAF}, {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 4);
    ck_assert(wait_for(has_connected, stage.fake, 2));
    watch_reason(&stage.watch, "does not answer", 7);
    stage_close(&stage);
}
END_TEST

START_TEST(stops_while_a_broker_is_silent)
{
    static const struct fake_step script[] = {{.act = FAKE_DEAF}, {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 5);
    ck_assert(wait_for(has_connected, stage.fake, 2));
    stage_close(&stage);
}
END_TEST

static const struct {
    int version, code;
    const char *words;
} refusals[] = {
    {4, 1, "does not speak MQTT 3.1.1: try -V 5"},
    {4, 2, "rejected the client id dt-top-"},
    {4, 3, "takes nobody in just now"},
    {4, 4, "bad user name or password"},
    {4, 5, "not authorised"},
    {5, 1, "does not speak MQTT 5: try -V 311"},
    {5, 0x84, "does not speak MQTT 5: try -V 311"},
    {5, 0x85, "rejected the client id dt-top-"},
    {5, 0x86, "bad user name or password"},
    {5, 0x87, "not authorised"},
    {5, 0x8a, "banned"},
    {5, 0x9d, "another broker"},
    {5, 0xfe, "unknown reason code"},
};

START_TEST(refused_session)
{
    const struct fake_step script[] = {
        {.act = FAKE_CONNACK, .code = refusals[_i].code}, {.act = FAKE_HOLD}, {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, refusals[_i].version);
    watch_reason(&stage.watch, refusals[_i].words, 3);
    watch_state(&stage.watch, CONNECTION_WAITING, 1);
    stage_close(&stage);
}
END_TEST

/* A 3.1.1 broker answers a CONNECT of MQTT 5 in its own, shorter form. */
START_TEST(old_broker_refuses_mqtt_5)
{
    static const struct fake_step script[] = {
        {.act = FAKE_SEND, .bytes = "\x20\x02\x00\x01", .size = 4},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 5);
    watch_reason(&stage.watch, "does not speak MQTT 5: try -V 311", 3);
    stage_close(&stage);
}
END_TEST

START_TEST(words_of_a_broker_are_made_safe)
{
    static const struct fake_step script[] = {
        {.act = FAKE_CONNACK, .code = 0x87, .text = "no \xe2\x80\xae entry"},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    struct stage stage;
    struct connection connection;

    stage_open(&stage, script, 5);
    watch_reason(&stage.watch, "not authorised", 3);
    engine_get_connection(stage.watch.engine, &connection);
    ck_assert(strstr(connection.reason, "(\"no  entry\")") != NULL);
    stage_close(&stage);
}
END_TEST

START_TEST(all_subscriptions_refused)
{
    static const struct fake_step script[] = {{.act = FAKE_CONNACK},
                                              {.act = FAKE_SUBACK, .codes = {0x80}},
                                              {.act = FAKE_HOLD},
                                              {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, _i);
    watch_reason(&stage.watch, "subscription to # refused", 3);
    watch_state(&stage.watch, CONNECTION_WAITING, 1);
    stage_close(&stage);
}
END_TEST

START_TEST(one_subscription_refused)
{
    static const struct fake_step script[] = {
        {.act = FAKE_CONNACK},
        {.act = FAKE_SUBACK, .codes = {0x00, 0x87}},
        {.act = FAKE_SEND, .bytes = "\x30\x04\0\1a1", .size = 6},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    static char secret[] = "secret/#";
    struct fake *fake = fake_start(script);
    struct fake_record heard;
    struct watch watch;

    watch_init(&watch, loopback, fake_port(fake));
    watch.topics[1] = secret;
    watch.options.topic_count = 2;
    watch_start(&watch);
    watch_event(&watch, "subscription to secret/# refused: not authorised", 3);
    watch_state(&watch, CONNECTION_LIVE, 1);
    watch_messages(&watch, 1, 2);
    fake_heard(fake, &heard);
    ck_assert_uint_eq(heard.subscribed, 2); /* in one packet */
    watch_stop(&watch);
    fake_stop(fake);
}
END_TEST

static const struct {
    uint8_t code;
    const char *words;
} farewells[] = {
    {0x8b, "shutting down"},
    {0x8e, "session taken over"},
    {0x98, "an administrator"},
    {0x00, "closed the connection"},
};

START_TEST(broker_disconnects)
{
    const uint8_t packet[] = {0xe0, 0x02, farewells[_i].code, 0x00};
    const struct fake_step script[] = {{.act = FAKE_CONNACK},
                                       {.act = FAKE_SUBACK},
                                       {.act = FAKE_SEND, .bytes = packet, .size = sizeof(packet)},
                                       {.act = FAKE_HOLD},
                                       {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 5);
    watch_event(&stage.watch, farewells[_i].words, 3);
    watch_event(&stage.watch, "connected to", 1);
    stage_close(&stage);
}
END_TEST

static const struct {
    const char *bytes;
    size_t size;
} malformed[] = {
    {"\x00\x00", 2},                         /* no such packet */
    {"\xf0\xff\xff\xff\xff\xff", 6},         /* an endless length */
    {"\x30\x02\x00\x09", 4},                 /* a topic longer than its packet */
    {"\x90\x01\x00", 3},                     /* a SUBACK cut short */
    {"\x30\x06\x00\x03\xff\xfe\xfd\x31", 8}, /* a topic that is not UTF-8 */
    {"\x30\x06\x00\x03\x1b[m1", 8},          /* a topic with a control */
    {"\x82\x05\x00\x01\x00\x00\x00", 7},     /* what only a client sends */
    {"\x20\x02\x00\x05", 4},                 /* a second CONNACK, of refusal */
};

START_TEST(malformed_packet)
{
    const struct fake_step script[] = {
        {.act = FAKE_CONNACK},
        {.act = FAKE_SUBACK},
        {.act = FAKE_SEND, .bytes = malformed[_i].bytes, .size = malformed[_i].size},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    struct stage stage;
    struct connection connection;

    stage_open(&stage, script, 4);
    watch_event(&stage.watch, "connection lost", 3);
    watch_state(&stage.watch, CONNECTION_WAITING, 2);
    engine_get_connection(stage.watch.engine, &connection);
    ck_assert_str_ne(connection.reason, "");
    ck_assert_uint_eq(count_messages(stage.watch.engine), 0);
    stage_close(&stage);
}
END_TEST

START_TEST(not_a_broker_at_all)
{
    static const char hello[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    static const struct fake_step script[] = {
        {.act = FAKE_SEND, .bytes = hello, .size = sizeof(hello) - 1}, {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 4);
    watch_reason(&stage.watch, "does not speak MQTT", 3);
    stage_close(&stage);
}
END_TEST

START_TEST(hangs_up_on_connect)
{
    static const struct fake_step script[] = {{.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 4);
    watch_reason(&stage.watch, "closed the connection at once", 3);
    stage_close(&stage);
}
END_TEST

START_TEST(hangs_up_on_subscribe)
{
    static const struct fake_step script[] = {
        {.act = FAKE_CONNACK}, {.act = FAKE_AWAIT_SUBSCRIBE}, {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, _i);
    watch_reason(&stage.watch, "the broker hung up when asked for #: may this client read it", 3);
    stage_close(&stage);
}
END_TEST

START_TEST(leaves_subscribe_without_an_answer)
{
    static const struct fake_step script[] = {{.act = FAKE_CONNACK}, {.act = FAKE_HOLD}};
    struct stage stage;

    stage_open(&stage, script, 4);
    watch_event(&stage.watch, "no answer to the subscription: does the broker hang?", 3);
    watch_state(&stage.watch, CONNECTION_LIVE, 1);
    stage_close(&stage);
}
END_TEST

static void find_topic(void *context, const struct series *series)
{
    snprintf(context, 128, "%s", series->topic);
}

/* Valid UTF-8, but it would turn the text of the screen around. */
START_TEST(hostile_topic_is_made_safe)
{
    static const struct fake_step script[] = {{.act = FAKE_CONNACK},
                                              {.act = FAKE_SUBACK},
                                              {.act = FAKE_SEND,
                                               .bytes = "\x30\x08\0\5a\xe2\x80\xae"
                                                        "b1",
                                               .size = 10},
                                              {.act = FAKE_HOLD},
                                              {.act = FAKE_CLOSE}};
    struct stage stage;
    char topic[128] = "";

    stage_open(&stage, script, 4);
    watch_messages(&stage.watch, 1, 3);
    engine_each_series(stage.watch.engine, find_topic, topic);
    ck_assert_ptr_null(strstr(topic, "\xe2\x80\xae"));
    ck_assert_ptr_nonnull(strstr(topic, "ab~"));
    stage_close(&stage);
}
END_TEST

static bool has_disconnected(void *context)
{
    struct fake_record heard;

    fake_heard(context, &heard);
    return heard.disconnects > 0;
}

START_TEST(says_who_it_is_and_says_goodbye)
{
    static const struct fake_step script[] = {
        {.act = FAKE_CONNACK}, {.act = FAKE_SUBACK}, {.act = FAKE_HOLD}, {.act = FAKE_CLOSE}};
    static char id[] = "gateway-7";
    struct stage stage;
    struct fake_record heard;

    stage.fake = fake_start(script);
    watch_init(&stage.watch, loopback, fake_port(stage.fake));
    stage.watch.options.version = 5;
    stage.watch.options.id = _i ? id : NULL;
    watch_start(&stage.watch);
    watch_state(&stage.watch, CONNECTION_LIVE, 2);
    fake_heard(stage.fake, &heard);
    ck_assert_int_eq(heard.version, 5);
    ck_assert_int_eq(heard.keepalive, 30);
    if (_i)
        ck_assert_str_eq(heard.id, id);
    else
        ck_assert_uint_eq(strspn(heard.id + 7, "0123456789abcdefghijklmnopqrstuvwxyz"), 6);
    watch_stop(&stage.watch);
    ck_assert(wait_for(has_disconnected, stage.fake, 1));
    fake_stop(stage.fake);
}
END_TEST

/* A broker that confirms nothing: the outbox takes a thousand messages and then says no. */
START_TEST(outgoing_messages_are_bounded)
{
    static const struct fake_step script[] = {
        {.act = FAKE_CONNACK}, {.act = FAKE_SUBACK}, {.act = FAKE_HOLD}, {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 4);
    watch_state(&stage.watch, CONNECTION_LIVE, 2);
    for (int i = 0; i < 1000; i++)
        ck_assert(link_publish(stage.watch.link, "a", "1", 1, 1, false));
    ck_assert(!link_publish(stage.watch.link, "a", "1", 1, 1, false));
    ck_assert_uint_eq(link_dropped(stage.watch.link), 1);
    stage_close(&stage);
}
END_TEST

/* Some brokers send what they have before they confirm the subscription, or never confirm it. */
START_TEST(live_without_suback)
{
    static const struct fake_step script[] = {
        {.act = FAKE_CONNACK},
        {.act = FAKE_SEND, .bytes = "\x30\x04\0\1a1", .size = 6},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 4);
    watch_messages(&stage.watch, 1, 2);
    watch_state(&stage.watch, CONNECTION_LIVE, 1);
    stage_close(&stage);
}
END_TEST

static bool is_refused(void *context)
{
    struct watch *watch = context;
    struct connection connection;

    engine_get_connection(watch->engine, &connection);
    return connection.sys.state == SYS_REFUSED;
}

START_TEST(a_broker_that_does_not_tell_of_itself_is_no_failure)
{
    static const struct fake_step script[] = {
        {.act = FAKE_CONNACK},
        {.act = FAKE_SUBACK},
        {.act = FAKE_SUBACK, .codes = {0x80, 0x80, 0x80, 0x80}},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 4);
    engine_want_sys(stage.watch.engine);
    ck_assert(wait_for(is_refused, &stage.watch, 3));
    watch_state(&stage.watch, CONNECTION_LIVE, 1);
    ck_assert_uint_eq(count_events(stage.watch.engine, "refused"), 0);
    stage_close(&stage);
}
END_TEST

static bool stays_live(void *context)
{
    struct stage *stage = context;
    struct connection connection;
    struct fake_record heard;

    engine_get_connection(stage->watch.engine, &connection);
    fake_heard(stage->fake, &heard);
    return heard.connects == 2 && connection.state == CONNECTION_LIVE &&
           connection.sys.state == SYS_HUNG_UP && heard.subscribed == 1;
}

/* Some brokers end the session of whoever subscribes to what he may not read. */
START_TEST(a_broker_that_hangs_up_is_not_asked_again)
{
    static const struct fake_step script[] = {{.act = FAKE_CONNACK},
                                              {.act = FAKE_SUBACK},
                                              {.act = FAKE_AWAIT_SUBSCRIBE},
                                              {.act = FAKE_CLOSE}};
    struct stage stage;

    stage_open(&stage, script, 4);
    engine_want_sys(stage.watch.engine);
    ck_assert(wait_for(stays_live, &stage, 5));
    watch_state(&stage.watch, CONNECTION_LIVE, 1);
    stage_close(&stage);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

TCase *link_scripted_case(void)
{
    TCase *tests = tcase_create("scripted broker");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, silent_broker);
    tcase_add_test(tests, stops_while_a_broker_is_silent);
    tcase_add_loop_test(tests, refused_session, 0, COUNT(refusals));
    tcase_add_test(tests, old_broker_refuses_mqtt_5);
    tcase_add_test(tests, words_of_a_broker_are_made_safe);
    tcase_add_loop_test(tests, all_subscriptions_refused, 4, 6);
    tcase_add_test(tests, one_subscription_refused);
    tcase_add_loop_test(tests, broker_disconnects, 0, COUNT(farewells));
    tcase_add_loop_test(tests, malformed_packet, 0, COUNT(malformed));
    tcase_add_test(tests, not_a_broker_at_all);
    tcase_add_test(tests, hangs_up_on_connect);
    tcase_add_loop_test(tests, hangs_up_on_subscribe, 4, 6);
    tcase_add_test(tests, leaves_subscribe_without_an_answer);
    tcase_add_test(tests, hostile_topic_is_made_safe);
    tcase_add_loop_test(tests, says_who_it_is_and_says_goodbye, 0, 2);
    tcase_add_test(tests, outgoing_messages_are_bounded);
    tcase_add_test(tests, live_without_suback);
    tcase_add_test(tests, a_broker_that_does_not_tell_of_itself_is_no_failure);
    tcase_add_test(tests, a_broker_that_hangs_up_is_not_asked_again);
    return tests;
}
