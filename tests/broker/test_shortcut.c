/* Messages that pass the library by, mixed with those that do not: none is lost, told twice or out
 * of turn, wherever the stream is cut. Every message tells the next number. */
#include <check.h>
#include <math.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/fakebroker.h"
#include "broker/support.h"
#include "source/broker.h"

#define MOST_NUMBERS 70000

static char loopback[] = "127.0.0.1";

Suite *shortcut_suite(void);

/* What a broker sends, as bytes. */
struct stream {
    uint8_t bytes[512];
    size_t size;
    int version;
    unsigned next; /* number to be told */
};

static void add_packet(struct stream *stream, int first, const void *body, size_t size)
{
    ck_assert_uint_lt(size, 128);
    stream->bytes[stream->size++] = (uint8_t)first;
    stream->bytes[stream->size++] = (uint8_t)size;
    memcpy(stream->bytes + stream->size, body, size);
    stream->size += size;
}

/* properties: with their length in front; 3.1.1 has none. */
static void add_message(struct stream *stream, int first, const char *topic, const char *properties,
                        size_t properties_size)
{
    uint8_t body[128] = {0, (uint8_t)strlen(topic)};
    size_t size = 2 + strlen(topic);

    memcpy(body + 2, topic, strlen(topic));
    if (first & 6) { /* an id, of a message that wants an answer */
        body[size++] = 0;
        body[size++] = 7;
    }
    if (stream->version == 5) {
        memcpy(body + size, properties, properties_size);
        size += properties_size;
    }
    size += (size_t)snprintf((char *)body + size, sizeof(body) - size, "%u", stream->next++ % 10);
    add_packet(stream, first, body, size);
}

/* What came, in order. */
struct numbers {
    pthread_mutex_t mutex;
    unsigned count;
    double list[MOST_NUMBERS];
};

static void note_numbers(void *context, const struct outcomes *outcomes)
{
    struct numbers *numbers = context;

    pthread_mutex_lock(&numbers->mutex);
    for (size_t i = 0; i < outcomes->count && numbers->count < MOST_NUMBERS; i++)
        if (outcomes->list[i].type == OUTCOME_READING)
            numbers->list[numbers->count++] = outcomes->list[i].value;
    pthread_mutex_unlock(&numbers->mutex);
}

struct stage {
    struct numbers *numbers;
    struct watch watch;
};

static void stage_init(struct stage *stage, int port, int version)
{
    stage->numbers = calloc(1, sizeof(*stage->numbers));
    ck_assert_ptr_nonnull(stage->numbers);
    pthread_mutex_init(&stage->numbers->mutex, NULL);
    watch_init(&stage->watch, loopback, port);
    stage->watch.options.version = version;
    stage->watch.tap = (struct engine_tap){
        .on_outcomes = note_numbers, .context = stage->numbers, .readings = true};
}

static void stage_close(struct stage *stage)
{
    watch_stop(&stage->watch);
    pthread_mutex_destroy(&stage->numbers->mutex);
    free(stage->numbers);
}

struct expected {
    struct numbers *numbers;
    unsigned count;
};

static bool have_come(void *context)
{
    const struct expected *expected = context;

    pthread_mutex_lock(&expected->numbers->mutex);
    bool have = expected->numbers->count >= expected->count;
    pthread_mutex_unlock(&expected->numbers->mutex);
    return have;
}

/* They are told a moment after the messages were counted. */
static void await_numbers(struct numbers *numbers, unsigned count)
{
    struct expected expected = {numbers, count};

    ck_assert_msg(wait_for(have_come, &expected, 20), "%u of %u numbers came", numbers->count,
                  count);
}

/* They told 0, 1, ... and began anew at `round`. */
static void check_numbers(struct stage *stage, unsigned count, unsigned round)
{
    await_numbers(stage->numbers, count);
    pthread_mutex_lock(&stage->numbers->mutex);
    ck_assert_uint_eq(stage->numbers->count, count);
    for (unsigned i = 0; i < count; i++)
        ck_assert_double_eq(stage->numbers->list[i], i % round);
    pthread_mutex_unlock(&stage->numbers->mutex);
}

/* One of each that comes in the middle of messages, and one that holds others: to whoever does not
 * know where he is in the stream they look like messages. */
static void make_mixed_stream(struct stream *stream, int version)
{
    *stream = (struct stream){.version = version};
    const char nest[] = "\0\1b\0\x30\5\0\1a\0009\x30\4\0\1a9\x30\4\0\1a9";

    add_message(stream, 0x30, "a", "\0", 1);
    add_packet(stream, 0x30, nest, sizeof(nest) - 1);
    add_message(stream, 0x31, "a", "\0", 1);
    add_message(stream, 0x32, "a", "\0", 1);
    add_packet(stream, 0xd0, "", 0);
    add_message(stream, 0x30, "a", "\x08\x26\0\1k\0\2vw", 9);
    add_message(stream, 0x38, "a", "\5\2\0\0\0\7", 6);
    add_message(stream, 0x30, "a", "\0", 1);
}

START_TEST(a_stream_cut_anywhere)
{
    static struct stream stream;
    make_mixed_stream(&stream, _i);
    const struct fake_step script[] = {
        {.act = FAKE_CONNACK},
        {.act = FAKE_SUBACK},
        {.act = FAKE_CUTS, .bytes = stream.bytes, .size = stream.size},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    struct fake *fake = fake_start(script);
    struct stage stage;

    stage_init(&stage, fake_port(fake), _i);
    watch_start(&stage.watch);
    unsigned rounds = (unsigned)stream.size - 1;
    watch_messages(&stage.watch, (stream.next + 1) * rounds, 20);
    check_numbers(&stage, stream.next * rounds, stream.next);
    ck_assert_uint_eq(count_events(stage.watch.engine, "lost"), 0);
    stage_close(&stage);
    fake_stop(fake);
}
END_TEST

/* What came before the end counts, and the end is told. */
START_TEST(the_broker_closes_behind_messages)
{
    static struct stream stream;
    stream = (struct stream){.version = 4};
    for (int i = 0; i < 10; i++)
        add_message(&stream, 0x30, "a", "", 0);
    const struct fake_step script[] = {
        {.act = FAKE_CONNACK},
        {.act = FAKE_SUBACK},
        {.act = FAKE_SEND, .bytes = stream.bytes, .size = stream.size - (_i ? 1 : 0)},
        {.act = FAKE_CLOSE}};
    struct fake *fake = fake_start(script);
    struct stage stage;

    stage_init(&stage, fake_port(fake), 4);
    watch_start(&stage.watch);
    watch_event(&stage.watch, "connection lost", 5);
    pthread_mutex_lock(&stage.numbers->mutex);
    ck_assert_uint_ge(stage.numbers->count, _i ? 9 : 10);
    for (int i = 0; i < 9; i++)
        ck_assert_double_eq(stage.numbers->list[i], i);
    pthread_mutex_unlock(&stage.numbers->mutex);
    stage_close(&stage);
    fake_stop(fake);
}
END_TEST

static const struct fake_step flood[] = {
    {.act = FAKE_CONNACK},
    {.act = FAKE_SUBACK},
    {.act = FAKE_FLOOD, .bytes = "\x30\4\0\1a1\x30\4\0\1a1\x30\4\0\1b1\x30\4\0\1a1", .size = 24},
    {.act = FAKE_CLOSE}};

/* watch_stop() wants its end within a second. */
START_TEST(stops_in_a_flood)
{
    struct fake *fake = fake_start(flood);
    struct watch watch;

    watch_init(&watch, loopback, fake_port(fake));
    watch_start(&watch);
    watch_messages(&watch, 10000, 10);
    watch_state(&watch, CONNECTION_LIVE, 1);
    watch_stop(&watch);
    fake_stop(fake);
}
END_TEST

/* What is filtered out does not count, and nothing comes after the last one that is wanted. */
START_TEST(counts_in_a_flood)
{
    static char out[] = "b/#";
    struct fake *fake = fake_start(flood);
    struct watch watch;

    watch_init(&watch, loopback, fake_port(fake));
    watch.filter_out[0] = out;
    watch.options.filter_out_count = 1;
    watch.options.count = 1000;
    watch_start(&watch);
    watch_messages(&watch, 1000, 5);
    watch_stop(&watch);
    fake_stop(fake);

    fake = fake_start(flood);
    watch_init(&watch, loopback, fake_port(fake));
    watch.options.count = 1000;
    watch_start(&watch);
    watch_messages(&watch, 1000, 5);
    ck_assert_uint_eq(count_messages(watch.engine), 1000);
    ck_assert_uint_eq(count_events(watch.engine, "lost"), 0);
    watch_stop(&watch);
    fake_stop(fake);
}
END_TEST

static bool is_confirmed(double number)
{
    return fmod(number, 5) == 0;
}

/* Small, large and huge ones through a real broker, some to be confirmed. */
static void publish_number(struct publisher *publisher, unsigned number)
{
    static char payload[200000];
    static const size_t room[] = {0, 300, 0, 4000, 65000, 0, 65530};
    size_t i = number % 97 == 0 ? number / 97 % 7 : 0;
    int len = snprintf(payload, sizeof(payload), "%u", number);
    mosquitto_property *properties = NULL;

    memset(payload + len, ' ', room[i]);
    if (number % 3 == 0)
        mosquitto_property_add_string_pair(&properties, MQTT_PROP_USER_PROPERTY, "key", "text");
    publisher->unconfirmed++;
    ck_assert_int_eq(mosquitto_publish_v5(publisher->client, NULL, "n", len + (int)room[i], payload,
                                          is_confirmed(number), false, properties),
                     MOSQ_ERR_SUCCESS);
    mosquitto_property_free_all(&properties);
}

/* Each number once. Those to be confirmed may wait for each other on their way here, all others
 * come in order. */
static void check_each(const struct numbers *numbers, unsigned count)
{
    bool *seen = calloc(count, sizeof(*seen));
    double last = -1;

    ck_assert_ptr_nonnull(seen);
    ck_assert_uint_eq(numbers->count, count);
    for (unsigned i = 0; i < count; i++) {
        double number = numbers->list[i];
        ck_assert_double_lt(number, count);
        ck_assert_msg(!seen[(unsigned)number], "%g came twice", number);
        seen[(unsigned)number] = true;
        if (is_confirmed(number))
            continue;
        ck_assert_double_gt(number, last);
        last = number;
    }
    free(seen);
}

START_TEST(a_real_broker)
{
    struct server server;
    struct publisher publisher;
    struct stage stage;
    const unsigned count = 5000;
    static const char oversize[300000];

    server_start(&server, "max_queued_messages 0\n");
    stage_init(&stage, server.port, _i);
    stage.watch.options.qos = 1;
    watch_start(&stage.watch);
    watch_state(&stage.watch, CONNECTION_LIVE, 5);
    publisher_open_as(&publisher, loopback, server.port, 5);
    for (unsigned i = 0; i < count; i++)
        publish_number(&publisher, i);
    publish_bytes(&publisher, "n", oversize, sizeof(oversize), 1, false);
    publisher_flush(&publisher);
    watch_messages(&stage.watch, count + 1, 20);
    ck_assert_uint_eq(count_messages(stage.watch.engine), count + 1);
    await_numbers(stage.numbers, count);
    pthread_mutex_lock(&stage.numbers->mutex);
    check_each(stage.numbers, count);
    pthread_mutex_unlock(&stage.numbers->mutex);
    publisher_close(&publisher);
    stage_close(&stage);
    server_stop(&server);
}
END_TEST

START_TEST(a_unix_socket)
{
    char error[512], path[128], payload[16];
    struct broker *broker = broker_start(error, sizeof(error));
    struct publisher publisher;
    struct stage stage;
    const unsigned count = 2000;

    ck_assert_msg(broker != NULL, "%s", error);
    snprintf(path, sizeof(path), "%s", broker_socket(broker));
    stage_init(&stage, 0, 5);
    stage.watch.options.host = path;
    watch_start(&stage.watch);
    watch_state(&stage.watch, CONNECTION_LIVE, 5);
    publisher_open(&publisher, path, 0);
    for (unsigned i = 0; i < count; i++) {
        int len = snprintf(payload, sizeof(payload), "%u", i);
        publish_bytes(&publisher, "n", payload, (size_t)len, 0, false);
    }
    publisher_flush(&publisher);
    watch_messages(&stage.watch, count, 10);
    check_numbers(&stage, count, count);
    publisher_close(&publisher);
    stage_close(&stage);
    broker_stop(broker);
}
END_TEST

/* Longer than the broker waits for a sign of life, which only the library's pings are. */
START_TEST(pings_go_on)
{
    struct server server;
    struct publisher publisher;
    struct watch watch;
    double end = steady_seconds() + 9;

    server_start(&server, NULL);
    watch_init(&watch, loopback, server.port);
    watch.options.keepalive = 8;
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    publisher_open(&publisher, loopback, server.port);
    for (uint64_t i = 1; steady_seconds() < end; i++) {
        publish(&publisher, "n", "1", false);
        watch_messages(&watch, i, 2);
    }
    ck_assert_uint_eq(count_events(watch.engine, "lost"), 0);
    publisher_close(&publisher);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

Suite *shortcut_suite(void)
{
    Suite *suite = suite_create("shortcut");
    TCase *tests = tcase_create("shortcut");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_stream_cut_anywhere, 4, 6);
    tcase_add_loop_test(tests, the_broker_closes_behind_messages, 0, 2);
    tcase_add_test(tests, stops_in_a_flood);
    tcase_add_test(tests, counts_in_a_flood);
    tcase_add_loop_test(tests, a_real_broker, 4, 6);
    tcase_add_test(tests, a_unix_socket);
    tcase_add_test(tests, pings_go_on);
    suite_add_tcase(suite, tests);
    return suite;
}
