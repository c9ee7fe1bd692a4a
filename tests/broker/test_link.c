#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "broker/support.h"
#include "source/broker.h"

Suite *link_suite(void);

static char loopback[] = "127.0.0.1";

static const char reading[] = "{\"timestamp_utc\":\"2024-01-15T14:23:45.123456Z\",\"sensor_id\":"
                              "\"T1\",\"value\":22.4,\"unit\":\"Celsius\"}";

static void start_on(struct watch *watch, int port, int version)
{
    watch_init(watch, loopback, port);
    watch->options.version = version;
    watch_start(watch);
}

START_TEST(messages_arrive)
{
    char error[256];
    struct broker *broker = broker_start(error, sizeof(error));
    struct publisher publisher;
    struct watch watch;

    ck_assert_msg(broker != NULL, "%s", error);
    char *path = strdup(broker_socket(broker));
    watch_init(&watch, path, 0);
    watch.options.version = _i;
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    publisher_open(&publisher, path, 0);
    for (int i = 0; i < 10; i++)
        publish(&publisher, "digital_twin/lab/sensor/temperature", reading, false);
    watch_messages(&watch, 10, 5);
    ck_assert_uint_eq(count_messages(watch.engine), 10);
    ck_assert_uint_eq(count_events(watch.engine, "connected to"), 1);
    publisher_close(&publisher);
    watch_stop(&watch);
    broker_stop(broker);
    free(path);
}
END_TEST

START_TEST(late_joiner_gets_what_is_retained)
{
    struct server server;
    struct publisher publisher;
    struct watch watch;

    server_start(&server, NULL);
    publisher_open(&publisher, loopback, server.port);
    publish(&publisher, "a/status", "{\"sensor_id\":\"T1\",\"status\":\"online\"}", true);
    publish(&publisher, "a/value", "1", false);
    start_on(&watch, server.port, 4);
    watch_messages(&watch, 1, 5);
    ck_assert_uint_eq(count_messages(watch.engine), 1);
    watch_stop(&watch);
    publisher_close(&publisher);
    server_stop(&server);
}
END_TEST

struct ages {
    unsigned series, retained;
};

static void count_ages(void *context, const struct series *series)
{
    struct ages *ages = context;

    ages->series++;
    ages->retained += series->retained;
}

/* A sensor that retains all it says is live from its next message on, whatever the version. */
START_TEST(retained_is_what_was_there_before)
{
    struct server server;
    struct publisher publisher;
    struct watch watch;
    struct ages before = {0}, after = {0};

    server_start(&server, NULL);
    publisher_open(&publisher, loopback, server.port);
    publish(&publisher, "a/value", "1", true);
    start_on(&watch, server.port, _i);
    watch_messages(&watch, 1, 5);
    engine_each_series(watch.engine, count_ages, &before);
    ck_assert_uint_eq(before.series, 1);
    ck_assert_uint_eq(before.retained, 1);
    publish(&publisher, "a/value", "2", true);
    watch_messages(&watch, 2, 5);
    engine_each_series(watch.engine, count_ages, &after);
    ck_assert_uint_eq(after.retained, 0);
    watch_stop(&watch);
    publisher_close(&publisher);
    server_stop(&server);
}
END_TEST

/* An old value that comes late, as from a bridge that connects after us: MQTT 5 alone tells. */
START_TEST(old_values_from_a_relay_are_known)
{
    struct server server;
    struct publisher publisher;
    struct watch watch;
    struct ages ages = {0};

    server_start(&server, NULL);
    start_on(&watch, server.port, _i);
    watch_state(&watch, CONNECTION_LIVE, 5);
    publisher_open(&publisher, loopback, server.port);
    publish(&publisher, "a/value", "1", true);
    watch_messages(&watch, 1, 5);
    engine_each_series(watch.engine, count_ages, &ages);
    ck_assert_uint_eq(ages.retained, _i == 5);
    watch_stop(&watch);
    publisher_close(&publisher);
    server_stop(&server);
}
END_TEST

START_TEST(filters_and_filters_out)
{
    static char first[] = "a/#", second[] = "b/+/x", out[] = "a/secret/#";
    struct server server;
    struct publisher publisher;
    struct watch watch;

    server_start(&server, NULL);
    watch_init(&watch, loopback, server.port);
    watch.topics[0] = first;
    watch.topics[1] = second;
    watch.options.topic_count = 2;
    watch.filter_out[0] = out;
    watch.options.filter_out_count = 1;
    watch.options.qos = 1;
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    publisher_open(&publisher, loopback, server.port);
    publish(&publisher, "a/secret/1", "1", false);
    publish(&publisher, "c/1", "1", false);
    publish(&publisher, "b/1/y", "1", false);
    publish(&publisher, "a/1", "1", false);
    publish(&publisher, "b/1/x", "1", false);
    watch_messages(&watch, 2, 5);
    ck_assert_uint_eq(count_messages(watch.engine), 2);
    struct connection connection;
    engine_get_connection(watch.engine, &connection);
    ck_assert_str_eq(connection.filter, "a/# b/+/x");
    publisher_close(&publisher);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

/* Many more than one burst, and more than libmosquitto reads at once. */
START_TEST(a_flood_arrives_whole)
{
    struct server server;
    struct publisher publisher;
    struct watch watch;
    const unsigned count = 20000;

    server_start(&server, NULL);
    start_on(&watch, server.port, 4);
    watch_state(&watch, CONNECTION_LIVE, 5);
    publisher_open(&publisher, loopback, server.port);
    for (unsigned i = 0; i < count; i++)
        publish_bytes(&publisher, "a/b", reading, strlen(reading), 0, false);
    publisher_flush(&publisher);
    watch_messages(&watch, count, 20);
    ck_assert_uint_eq(count_messages(watch.engine), count);
    publisher_close(&publisher);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

START_TEST(two_links_fed_alike_agree)
{
    struct server server;
    struct publisher publisher;
    struct watch one, two;
    struct fleet_totals first, second;
    char topic[32], payload[32];

    server_start(&server, NULL);
    start_on(&one, server.port, 4);
    start_on(&two, server.port, 5);
    watch_state(&one, CONNECTION_LIVE, 5);
    watch_state(&two, CONNECTION_LIVE, 5);
    publisher_open(&publisher, loopback, server.port);
    for (int i = 0; i < 2000; i++) {
        snprintf(topic, sizeof(topic), "plant/%d/temperature", i % 20);
        snprintf(payload, sizeof(payload), i % 100 ? "%d.5" : "not a number {%d", i % 7);
        publish_bytes(&publisher, topic, payload, strlen(payload), 0, false);
    }
    publisher_flush(&publisher);
    watch_messages(&one, 2000, 10);
    watch_messages(&two, 2000, 10);
    engine_totals(one.engine, &first);
    engine_totals(two.engine, &second);
    ck_assert_uint_eq(first.messages, 2000);
    ck_assert_uint_eq(first.messages, second.messages);
    ck_assert_uint_eq(first.bytes, second.bytes);
    ck_assert_uint_eq(first.readings, second.readings);
    ck_assert_uint_eq(first.malformed, second.malformed);
    ck_assert_uint_eq(first.anomalies, second.anomalies);
    ck_assert_uint_eq(first.series, second.series);
    publisher_close(&publisher);
    watch_stop(&one);
    watch_stop(&two);
    server_stop(&server);
}
END_TEST

START_TEST(back_within_two_seconds_of_a_restart)
{
    struct server server;
    struct publisher publisher;
    struct watch watch;

    server_start(&server, NULL);
    start_on(&watch, server.port, 4);
    watch_state(&watch, CONNECTION_LIVE, 5);
    for (unsigned i = 0; i < 20; i++) {
        server_end(&server, i % 2 ? SIGTERM : SIGKILL);
        watch_state(&watch, CONNECTION_WAITING, 2);
        server_restart(&server);
        watch_state(&watch, CONNECTION_LIVE, 2);
        publisher_open(&publisher, loopback, server.port);
        publish(&publisher, "a/b", "1", false);
        watch_messages(&watch, i + 1, 2); /* it has subscribed again */
        publisher_close(&publisher);
    }
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

/* By then the waits have grown beyond two seconds: the link must notice by itself. */
START_TEST(back_within_two_seconds_after_a_long_outage)
{
    struct server server;
    struct watch watch;

    server_start(&server, NULL);
    start_on(&watch, server.port, 4);
    watch_state(&watch, CONNECTION_LIVE, 5);
    server_end(&server, SIGKILL);
    watch_reason(&watch, "connection refused", 5);
    struct connection connection;
    do {
        watch_state(&watch, CONNECTION_WAITING, 5);
        engine_get_connection(watch.engine, &connection);
    } while (connection.attempts < 4);
    server_restart(&server);
    watch_state(&watch, CONNECTION_LIVE, 2);
    engine_get_connection(watch.engine, &connection);
    ck_assert_str_eq(connection.reason, "");
    ck_assert_uint_eq(connection.attempts, 0);
    ck_assert_uint_eq(count_events(watch.engine, "connection refused"), 1);
    ck_assert_uint_eq(count_events(watch.engine, "connection lost"), 1);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

START_TEST(frozen_broker_is_noticed)
{
    struct server server;
    struct watch watch;

    server_start(&server, NULL);
    watch_init(&watch, loopback, server.port);
    watch.options.keepalive = 5;
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    server_freeze(&server);
    watch_reason(&watch, "keepalive", 9.5);
    server_thaw(&server);
    watch_state(&watch, CONNECTION_LIVE, 12);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

START_TEST(stops_while_the_broker_is_frozen)
{
    struct server server;
    struct watch watch;

    server_start(&server, NULL);
    start_on(&watch, server.port, 4);
    watch_state(&watch, CONNECTION_LIVE, 5);
    server_freeze(&server);
    watch_stop(&watch);
    server_thaw(&server);
    server_stop(&server);
}
END_TEST

START_TEST(publishes)
{
    struct server server;
    struct watch watch;

    start_on(&watch, closed_port(), 4);
    ck_assert(!link_publish(watch.link, "a/b", "1", 1, 0, false)); /* nobody to send it to */
    watch_stop(&watch);
    server_start(&server, NULL);
    start_on(&watch, server.port, 4);
    watch_state(&watch, CONNECTION_LIVE, 5);
    uint64_t refused = link_dropped(watch.link);
    for (int qos = 0; qos <= 2; qos++)
        ck_assert(link_publish(watch.link, "a/b", "1", 1, qos, false));
    ck_assert(link_publish(watch.link, "a/b", "", 0, 1, false));
    watch_messages(&watch, 4, 5);
    ck_assert(link_publish(watch.link, "a/+", "1", 1, 0, false));
    watch_event(&watch, "message to a/+ not sent", 2);
    ck_assert_uint_eq(link_dropped(watch.link), refused);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

START_TEST(refused_port)
{
    struct watch watch;
    struct connection connection;
    char expected[64];
    int port = closed_port();

    start_on(&watch, port, 4);
    watch_state(&watch, CONNECTION_WAITING, 2);
    snprintf(expected, sizeof(expected), "is a broker listening on 127.0.0.1:%d?", port);
    watch_reason(&watch, expected, 1);
    engine_get_connection(watch.engine, &connection);
    ck_assert_uint_eq(connection.attempts, 1);
    timestamp wait = connection.next_try - connection.since;
    ck_assert(wait >= TIMESTAMP_SECOND / 2 && wait <= TIMESTAMP_SECOND);
    double begin = steady_seconds();
    do
        engine_get_connection(watch.engine, &connection);
    while (connection.attempts < 3 && steady_seconds() < begin + 5);
    ck_assert_uint_eq(connection.attempts, 3);
    ck_assert_uint_eq(count_events(watch.engine, "cannot connect"), 1);
    watch_stop(&watch);
}
END_TEST

START_TEST(missing_socket)
{
    static char path[] = "/nonexistent/broker.sock";
    struct watch watch;

    watch_init(&watch, path, 0);
    watch_start(&watch);
    watch_reason(&watch, "no socket at /nonexistent/broker.sock", 2);
    watch_stop(&watch);
}
END_TEST

START_TEST(socket_path_too_long)
{
    char path[150];
    struct watch watch;

    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    watch_init(&watch, path, 0);
    watch_start(&watch);
    watch_reason(&watch, "too long", 2);
    watch_stop(&watch);
}
END_TEST

atomic_int hanging_lookups;

/* Stands before the C library's: a name service that hangs for one name. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    if (name && strcmp(name, "hangs.invalid") == 0) {
        atomic_fetch_add(&hanging_lookups, 1);
        sleep(3);
    }
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    return real(name, service, hints, out);
}

START_TEST(unresolvable_name)
{
    static char host[] = "no-such-host.invalid";
    struct watch watch;

    watch_init(&watch, host, 1883);
    watch_start(&watch);
    watch_reason(&watch, "host no-such-host.invalid", 30);
    watch_state(&watch, CONNECTION_WAITING, 30);
    watch_stop(&watch);
}
END_TEST

/* The thread is left behind, in time, and keeps what it needs until it ends by itself. The engine
 * has to stay, too. */
START_TEST(stops_while_a_name_is_looked_up)
{
    static char host[] = "hangs.invalid";
    static struct watch watch;

    watch_init(&watch, host, 1883);
    watch_start(&watch);
    watch_state(&watch, CONNECTION_TRYING, 2);
    double begin = steady_seconds();
    ck_assert(!link_stop(watch.link));
    ck_assert(steady_seconds() - begin < 1.2);
    while (steady_seconds() - begin < 3.2)
        poll(NULL, 0, 100);
    ck_assert_uint_eq(count_events(watch.engine, "cannot connect"), 0);
}
END_TEST

/* The first address of the name may be an IPv6 one, where this server does not listen. */
START_TEST(every_address_of_a_host_is_tried)
{
    static char host[] = "localhost";
    struct server server;
    struct watch watch;

    server_start(&server, NULL);
    watch_init(&watch, host, server.port);
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 3);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

START_TEST(black_hole)
{
    struct blackhole hole;
    struct watch watch;

    blackhole_open(&hole);
    start_on(&watch, hole.port, 4);
    watch_reason(&watch, "no answer from 127.0.0.1", 7);
    watch_stop(&watch);
    blackhole_close(&hole);
}
END_TEST

START_TEST(stops_in_a_black_hole)
{
    struct blackhole hole;
    struct watch watch;

    blackhole_open(&hole);
    start_on(&watch, hole.port, 4);
    watch_state(&watch, CONNECTION_TRYING, 2);
    watch_stop(&watch);
    blackhole_close(&hole);
}
END_TEST

static bool sys_is_known(void *context)
{
    struct watch *watch = context;
    struct connection connection;

    engine_get_connection(watch->engine, &connection);
    return connection.sys.state == SYS_GRANTED && *connection.sys.text[SYS_VERSION] &&
           sys_number(&connection.sys, SYS_CLIENTS) >= 1;
}

/* Once somebody looks, and as no sensor; after a new connection too. */
START_TEST(the_broker_is_asked_for_itself)
{
    struct server server;
    struct watch watch;
    struct connection connection;

    server_start(&server, "sys_interval 1\n");
    start_on(&watch, server.port, _i);
    watch_state(&watch, CONNECTION_LIVE, 5);
    engine_get_connection(watch.engine, &connection);
    ck_assert_int_eq(connection.sys.state, SYS_UNASKED);
    ck_assert_str_eq(connection.granted, "#  QoS 0");
    engine_want_sys(watch.engine);
    ck_assert(wait_for(sys_is_known, &watch, 5));
    server_end(&server, SIGTERM);
    watch_state(&watch, CONNECTION_WAITING, 5);
    engine_get_connection(watch.engine, &connection);
    ck_assert_str_eq(connection.sys.text[SYS_VERSION], "");
    server_restart(&server);
    ck_assert(wait_for(sys_is_known, &watch, 5));
    ck_assert_uint_eq(count_messages(watch.engine), 0);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

START_TEST(a_filter_of_the_users_makes_a_sensor_of_the_broker)
{
    static char filter[] = "$SYS/broker/clients/#";
    struct server server;
    struct watch watch;

    server_start(&server, "sys_interval 1\n");
    watch_init(&watch, loopback, server.port);
    watch.topics[0] = filter;
    watch_start(&watch);
    engine_want_sys(watch.engine);
    ck_assert(wait_for(sys_is_known, &watch, 5));
    watch_messages(&watch, 1, 5);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

static TCase *add_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);

    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return tests;
}

Suite *link_suite(void)
{
    Suite *suite = suite_create("link");
    TCase *real = add_case(suite, "real broker");
    TCase *nobody = add_case(suite, "nobody there");

    tcase_add_loop_test(real, messages_arrive, 4, 6);
    tcase_add_test(real, late_joiner_gets_what_is_retained);
    tcase_add_loop_test(real, retained_is_what_was_there_before, 4, 6);
    tcase_add_loop_test(real, old_values_from_a_relay_are_known, 4, 6);
    tcase_add_test(real, filters_and_filters_out);
    tcase_add_test(real, a_flood_arrives_whole);
    tcase_add_test(real, two_links_fed_alike_agree);
    tcase_add_test(real, back_within_two_seconds_of_a_restart);
    tcase_add_test(real, back_within_two_seconds_after_a_long_outage);
    tcase_add_test(real, frozen_broker_is_noticed);
    tcase_add_test(real, stops_while_the_broker_is_frozen);
    tcase_add_test(real, publishes);
    tcase_add_loop_test(real, the_broker_is_asked_for_itself, 4, 6);
    tcase_add_test(real, a_filter_of_the_users_makes_a_sensor_of_the_broker);

    tcase_add_test(nobody, refused_port);
    tcase_add_test(nobody, missing_socket);
    tcase_add_test(nobody, socket_path_too_long);
    tcase_add_test(nobody, unresolvable_name);
    tcase_add_test(nobody, stops_while_a_name_is_looked_up);
    tcase_add_test(nobody, every_address_of_a_host_is_tried);
    tcase_add_test(nobody, black_hole);
    tcase_add_test(nobody, stops_in_a_black_hole);

    suite_add_tcase(suite, link_scripted_case());
    return suite;
}
