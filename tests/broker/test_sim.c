#include <check.h>
#include <math.h>
#include <mosquitto.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "broker/fakebroker.h"
#include "broker/support.h"
#include "sim/model.h"
#include "sim/sim.h"
#include "source/broker.h"

Suite *sim_suite(void);

#define QUICK (TIMESTAMP_SECOND / 50) /* a period */
#define HEARD 4000

struct heard {
    char topic[96];
    char payload[MODEL_MESSAGE];
    bool retain;
};

/* A subscriber that writes down what it hears. */
struct ear {
    struct mosquitto *client;
    struct heard *heard;
    int count;
    bool ready;
};

static void on_message(struct mosquitto *client, void *context,
                       const struct mosquitto_message *message)
{
    struct ear *ear = context;
    struct heard *heard = &ear->heard[ear->count];

    (void)client;
    if (ear->count == HEARD)
        return;
    snprintf(heard->topic, sizeof(heard->topic), "%s", message->topic);
    snprintf(heard->payload, sizeof(heard->payload), "%.*s", message->payloadlen,
             (const char *)message->payload);
    heard->retain = message->retain;
    ear->count++;
}

static void on_subscribe(struct mosquitto *client, void *context, int id, int count,
                         const int *granted)
{
    (void)client, (void)id, (void)count, (void)granted;
    ((struct ear *)context)->ready = true;
}

static bool is_ready(void *context)
{
    return ((struct ear *)context)->ready;
}

static bool listen_until(struct ear *ear, bool (*met)(void *context), void *context, double seconds)
{
    double end = steady_seconds() + seconds;

    while (!met(context)) {
        if (steady_seconds() > end)
            return false;
        ck_assert_int_eq(mosquitto_loop(ear->client, 5, 1), MOSQ_ERR_SUCCESS);
    }
    return true;
}

static void ear_open(struct ear *ear, const char *host, int port)
{
    memset(ear, 0, sizeof(*ear));
    ear->heard = calloc(HEARD, sizeof(*ear->heard));
    ear->client = mosquitto_new(NULL, true, ear);
    mosquitto_message_callback_set(ear->client, on_message);
    mosquitto_subscribe_callback_set(ear->client, on_subscribe);
    ck_assert_int_eq(mosquitto_connect(ear->client, host, port, 60), MOSQ_ERR_SUCCESS);
    ck_assert_int_eq(mosquitto_subscribe(ear->client, NULL, "digital_twin/#", 1), MOSQ_ERR_SUCCESS);
    ck_assert(listen_until(ear, is_ready, ear, 5));
}

static void ear_close(struct ear *ear)
{
    mosquitto_destroy(ear->client);
    free(ear->heard);
}

/* Of the messages whose topic ends with the one and whose payload holds the other. */
struct wanted {
    struct ear *ear;
    const char *topic, *payload;
    int count;
};

static bool fits(const struct heard *heard, const char *topic, const char *payload)
{
    size_t len = strlen(heard->topic), end = strlen(topic);

    return len >= end && strcmp(heard->topic + len - end, topic) == 0 &&
           strstr(heard->payload, payload) != NULL;
}

static int times_heard(const struct ear *ear, const char *topic, const char *payload)
{
    int count = 0;

    for (int i = 0; i < ear->count; i++)
        count += fits(&ear->heard[i], topic, payload);
    return count;
}

static bool has_heard(void *context)
{
    const struct wanted *wanted = context;

    return times_heard(wanted->ear, wanted->topic, wanted->payload) >= wanted->count;
}

static void hear(struct ear *ear, const char *topic, const char *payload, int count, double seconds)
{
    struct wanted wanted = {ear, topic, payload, count};

    ck_assert_msg(listen_until(ear, has_heard, &wanted, seconds),
                  "heard %s on …%s %d times, not %d", payload, topic,
                  times_heard(ear, topic, payload), count);
}

/* The values of this sensor's readings so far; returns how many. */
static int values_of(const struct ear *ear, const char *topic, double *values, int max)
{
    int count = 0;

    for (int i = 0; i < ear->count && count < max; i++) {
        if (fits(&ear->heard[i], topic, "\"value\":"))
            values[count++] =
                strtod(strstr(ear->heard[i].payload, "\"value\":") + strlen("\"value\":"), NULL);
    }
    return count;
}

/* A broker, a simulator and a subscriber. */
struct stage {
    struct server server;
    struct ear ear;
    struct sim *sim;
};

static struct sim *start_with(const struct sim_options *options)
{
    char error[160] = "";
    struct sim *sim = sim_start(options, error, sizeof(error));

    ck_assert_msg(sim != NULL, "%s", error);
    return sim;
}

static struct sim *start_sim(int port, timestamp period)
{
    struct sim_options options = {
        .host = "127.0.0.1", .port = port, .keepalive = 60, .period = period, .seed = 1};

    return start_with(&options);
}

static void stage_open(struct stage *stage, timestamp period)
{
    server_start(&stage->server, NULL);
    ear_open(&stage->ear, "127.0.0.1", stage->server.port);
    stage->sim = start_sim(stage->server.port, period);
}

static void stop_within(struct sim *sim, double seconds)
{
    double start = steady_seconds();

    sim_stop(sim);
    ck_assert_double_lt(steady_seconds() - start, seconds);
}

static void stop_in_time(struct sim *sim)
{
    stop_within(sim, 1.1);
}

static void stage_close(struct stage *stage)
{
    stop_in_time(stage->sim);
    ear_close(&stage->ear);
    server_stop(&stage->server);
}

struct expected {
    struct sim *sim;
    uint32_t connected;
    const char *trouble; /* a part of it; "" for none at all */
    struct sim_status status;
};

static bool is_as_expected(void *context)
{
    struct expected *expected = context;
    const char *trouble = expected->status.trouble;

    sim_get_status(expected->sim, &expected->status);
    return expected->status.connected == expected->connected &&
           (expected->trouble[0] ? strstr(trouble, expected->trouble) != NULL : trouble[0] == '\0');
}

static void expect_status(struct sim *sim, uint32_t connected, const char *trouble, double seconds)
{
    struct expected expected = {.sim = sim, .connected = connected, .trouble = trouble};

    ck_assert_msg(wait_for(is_as_expected, &expected, seconds), "%u connected, trouble '%s'",
                  (unsigned)expected.status.connected, expected.status.trouble);
}

START_TEST(spawned_sensor_reports)
{
    struct stage stage;
    const struct heard *first;
    struct ear late;
    char id[SIM_ID];

    stage_open(&stage, 0);
    sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    ck_assert_str_eq(id, "SIM_TEMP_001");
    ck_assert(sim_has(stage.sim, id));
    /* Two readings within a second though the period is two. */
    hear(&stage.ear, "digital_twin/lab/sensor/SIM_TEMP_001/temperature", "", 2, 1);
    ck_assert(fits(&stage.ear.heard[0], "digital_twin/lab/sensor/SIM_TEMP_001/status",
                   "{\"sensor_id\":\"SIM_TEMP_001\",\"status\":\"online\"}"));
    for (first = stage.ear.heard; !fits(first, "/temperature", ""); first++)
        ;
    ck_assert(fits(first, "", "{\"timestamp_utc\":\"20"));
    ck_assert(fits(first, "", "Z\",\"sensor_id\":\"SIM_TEMP_001\",\"value\":"));

    /* Presence is retained, readings are not. */
    ear_open(&late, "127.0.0.1", stage.server.port);
    hear(&late, "SIM_TEMP_001/status", "online", 1, 2);
    ck_assert(late.heard[0].retain);
    ck_assert_int_eq(times_heard(&late, "/temperature", ""), 0);
    ear_close(&late);

    /* The broker acknowledges at once, so nobody waits the whole half second for it. */
    stop_within(stage.sim, 0.4);
    hear(&stage.ear, "SIM_TEMP_001/status", "offline", 1, 1);
    ear_close(&stage.ear);
    server_stop(&stage.server);
}
END_TEST

/* As the demo runs: a private broker's socket; and MQTT 5. */
START_TEST(every_kind_reports_over_a_unix_socket)
{
    char error[256], topic[256], ids[SIM_KINDS][SIM_ID];
    struct broker *broker = broker_start(error, sizeof(error));
    struct sim_options options = {.version = _i, .period = QUICK, .place = "hall"};
    struct ear ear;
    struct sim *sim;

    ck_assert_msg(broker != NULL, "%s", error);
    options.host = broker_socket(broker);
    ear_open(&ear, options.host, 0);
    sim = start_with(&options);
    for (int kind = 0; kind < SIM_KINDS; kind++)
        sim_spawn(sim, (enum sim_kind)kind, ids[kind]);
    for (int kind = 0; kind < SIM_KINDS; kind++) {
        snprintf(topic, sizeof(topic), "digital_twin/hall/sensor/%s/%s", ids[kind],
                 sim_kind_name((enum sim_kind)kind));
        hear(&ear, topic, ids[kind], 5, 3);
    }
    stop_in_time(sim);
    hear(&ear, "/status", "offline", SIM_KINDS, 1);
    ear_close(&ear);
    broker_stop(broker);
}
END_TEST

START_TEST(ids_count_over_all_kinds)
{
    struct sim_options options = {.host = "127.0.0.1", .port = closed_port(), .tag = "a/b+9#c"};
    struct sim *sim = start_with(&options);
    char id[SIM_ID];

    sim_spawn(sim, SIM_HUMIDITY, id);
    ck_assert_str_eq(id, "SIM_HUM_001_ab9c");
    sim_spawn(sim, SIM_DOOR, id);
    ck_assert_str_eq(id, "SIM_DOOR_002_ab9c");
    ck_assert(!sim_suits(sim, id, FAULT_SPIKE));
    ck_assert(sim_suits(sim, id, FAULT_STUCK));
    ck_assert(sim_suits(sim, id, FAULT_NONE));
    ck_assert(sim_suits(sim, "SIM_HUM_001_ab9c", FAULT_SPIKE));
    ck_assert(sim_kill(sim, id, SIM_END_GRACEFUL));
    ck_assert(!sim_has(sim, id));
    ck_assert(!sim_kill(sim, id, SIM_END_GRACEFUL));
    sim_spawn(sim, SIM_LEVEL, id);
    ck_assert_str_eq(id, "SIM_LEVEL_003_ab9c");
    stop_in_time(sim);
}
END_TEST

/* Exactly one message says offline: none is missing, and no will follows a farewell. */
static void expect_one_offline(struct stage *stage, const char *id)
{
    struct ear late;
    char topic[64];
    int readings;

    snprintf(topic, sizeof(topic), "%s/status", id);
    hear(&stage->ear, topic, "offline", 1, 1);
    readings = times_heard(&stage->ear, "/humidity", "");
    hear(&stage->ear, "/humidity", "", readings + 20, 3);
    ck_assert_int_eq(times_heard(&stage->ear, topic, "offline"), 1);
    ear_open(&late, "127.0.0.1", stage->server.port);
    hear(&late, topic, "offline", 1, 2);
    ear_close(&late);
}

START_TEST(killed_sensor_is_offline)
{
    struct stage stage;
    struct sim_status status;
    char id[SIM_ID], other[SIM_ID];

    stage_open(&stage, QUICK);
    sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    sim_spawn(stage.sim, SIM_HUMIDITY, other);
    hear(&stage.ear, "/temperature", id, 3, 3);
    ck_assert(sim_kill(stage.sim, id, (enum sim_end)_i));
    expect_one_offline(&stage, id);
    sim_get_status(stage.sim, &status);
    ck_assert_uint_eq(status.sensors, 1);
    ck_assert_uint_eq(status.connected, 1);
    ck_assert(!sim_has(stage.sim, id));
    ck_assert(sim_has(stage.sim, other));
    stage_close(&stage);
}
END_TEST

struct scripted {
    struct fake *fake;
    struct fake_record record;
    unsigned publishes, disconnects;
};

static bool fake_has_heard(void *context)
{
    struct scripted *scripted = context;

    fake_heard(scripted->fake, &scripted->record);
    return scripted->record.publishes >= scripted->publishes &&
           scripted->record.disconnects >= scripted->disconnects;
}

/* This broker acknowledges nothing. A kill still ends with DISCONNECT, half a second later; a crash
 * never says it. */
START_TEST(only_a_kill_says_disconnect)
{
    static const struct fake_step script[] = {{.act = FAKE_CONNACK}, {.act = FAKE_HOLD}, {0}};
    struct scripted scripted = {.fake = fake_start(script), .publishes = 3};
    struct sim *sim = start_sim(fake_port(scripted.fake), QUICK);
    char id[SIM_ID];
    double start;

    sim_spawn(sim, SIM_TEMPERATURE, id);
    ck_assert(wait_for(fake_has_heard, &scripted, 3));
    start = steady_seconds();
    sim_kill(sim, id, SIM_END_GRACEFUL);
    scripted.disconnects = 1;
    ck_assert(wait_for(fake_has_heard, &scripted, 1));
    ck_assert_double_ge(steady_seconds() - start, 0.45);

    scripted.publishes = scripted.record.publishes + 3;
    sim_spawn(sim, SIM_TEMPERATURE, id);
    ck_assert(wait_for(fake_has_heard, &scripted, 3));
    sim_kill(sim, id, SIM_END_CRASH);
    scripted.publishes = scripted.record.publishes + 3;
    sim_spawn(sim, SIM_TEMPERATURE, id);
    /* The broker serves the third once the second has hung up. */
    ck_assert(wait_for(fake_has_heard, &scripted, 3));
    ck_assert_uint_eq(scripted.record.connects, 3);
    ck_assert_uint_eq(scripted.record.disconnects, 1);
    stop_in_time(sim);
    fake_stop(scripted.fake);
}
END_TEST

START_TEST(toggle_switches_all)
{
    struct stage stage;
    struct sim_status status;
    char id[SIM_ID];
    int count;

    stage_open(&stage, QUICK);
    for (int i = 0; i < 3; i++)
        sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    expect_status(stage.sim, 3, "", 3);
    sim_toggle(stage.sim);
    sim_get_status(stage.sim, &status);
    ck_assert(!status.running);
    hear(&stage.ear, "/status", "offline", 3, 2);
    expect_status(stage.sim, 0, "", 2);
    sim_get_status(stage.sim, &status);
    ck_assert_uint_eq(status.sensors, 3);
    count = times_heard(&stage.ear, "/temperature", "");
    sim_toggle(stage.sim);
    hear(&stage.ear, "/status", "online", 6, 2);
    hear(&stage.ear, "/temperature", "", count + 10, 2);

    /* Off and on at once: still on in the end. */
    sim_toggle(stage.sim);
    sim_toggle(stage.sim);
    hear(&stage.ear, "/status", "online", 9, 2);

    /* To spawn one while all are off turns all on. */
    sim_toggle(stage.sim);
    expect_status(stage.sim, 0, "", 2);
    sim_spawn(stage.sim, SIM_DOOR, id);
    expect_status(stage.sim, 4, "", 3);
    sim_get_status(stage.sim, &status);
    ck_assert(status.running);
    stage_close(&stage);
}
END_TEST

static int spikes(const struct ear *ear, const char *topic)
{
    double values[HEARD];
    int count = values_of(ear, topic, values, HEARD), found = 0;

    for (int i = 1; i < count; i++)
        found += fabs(values[i] - values[i - 1]) > 6.0 * 0.3;
    return found / 2; /* there and back */
}

static bool has_spike(void *context)
{
    return spikes(context, "/temperature") > 0;
}

START_TEST(injected_spike_is_seen)
{
    struct stage stage;
    char id[SIM_ID];

    stage_open(&stage, QUICK);
    enum fault_kind kind = FAULT_SPIKE;
    ck_assert(!sim_inject(stage.sim, "", &kind));
    sim_spawn(stage.sim, SIM_DOOR, id);
    ck_assert(!sim_inject(stage.sim, NULL, &kind));
    sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    ck_assert(!sim_inject(stage.sim, "nobody", &kind));
    hear(&stage.ear, "/temperature", id, 20, 3);
    ck_assert_int_eq(spikes(&stage.ear, "/temperature"), 0);
    /* By name, or whichever has a spike: here only one does. */
    ck_assert(sim_inject(stage.sim, _i ? id : "", &kind));
    ck_assert(listen_until(&stage.ear, has_spike, &stage.ear, 2));
    stage_close(&stage);
}
END_TEST

START_TEST(faults_come_in_turn)
{
    static const char *const names[] = {"spike", "level",  "drift", "burst",
                                        "stuck", "silent", "spike"};
    struct stage stage;
    char id[SIM_ID], door[SIM_ID];
    enum fault_kind kind;

    stage_open(&stage, QUICK);
    sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    sim_spawn(stage.sim, SIM_DOOR, door);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        kind = FAULT_NONE;
        ck_assert(sim_inject(stage.sim, id, &kind));
        ck_assert_str_eq(fault_name(kind), names[i]);
        kind = FAULT_NONE;
        ck_assert(sim_inject(stage.sim, door, &kind));
        ck_assert_str_eq(fault_name(kind), i % 2 ? "silent" : "stuck");
    }
    stage_close(&stage);
}
END_TEST

START_TEST(spikes_come_by_themselves)
{
    struct stage stage;
    struct sim_options options = {
        .host = "127.0.0.1", .period = QUICK, .spike_every = TIMESTAMP_SECOND / 2};
    char id[SIM_ID];

    server_start(&stage.server, NULL);
    ear_open(&stage.ear, "127.0.0.1", stage.server.port);
    options.port = stage.server.port;
    stage.sim = start_with(&options);
    sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    ck_assert(listen_until(&stage.ear, has_spike, &stage.ear, 10));
    stage_close(&stage);
}
END_TEST

static int first_values(double *values, int count)
{
    struct stage stage;
    char id[SIM_ID];

    stage_open(&stage, QUICK);
    sim_spawn(stage.sim, SIM_PRESSURE, id);
    sim_spawn(stage.sim, SIM_VIBRATION, id);
    hear(&stage.ear, "/vibration", id, count, 3);
    count = values_of(&stage.ear, "/vibration", values, count);
    stage_close(&stage);
    return count;
}

START_TEST(same_seed_same_run)
{
    double one[50], two[50];

    ck_assert_int_eq(first_values(one, 50), 50);
    ck_assert_int_eq(first_values(two, 50), 50);
    for (int i = 0; i < 50; i++)
        ck_assert(one[i] == two[i]);
}
END_TEST

START_TEST(sensors_return_with_the_broker)
{
    struct stage stage;
    char id[SIM_ID];

    stage_open(&stage, QUICK);
    for (int i = 0; i < 5; i++)
        sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    expect_status(stage.sim, 5, "", 3);
    server_end(&stage.server, SIGKILL);
    expect_status(stage.sim, 0, "127.0.0.1", 2);
    expect_status(stage.sim, 0, "Connection refused", 3);
    server_restart(&stage.server);
    expect_status(stage.sim, 5, "", 10);
    stage_close(&stage);
}
END_TEST

START_TEST(refused_login_is_told)
{
    struct server server;
    struct sim_options options = {.host = "127.0.0.1", .version = _i};
    struct sim *sim;
    char id[SIM_ID];

    server_start(&server, "allow_anonymous false\n");
    options.port = server.port;
    sim = start_with(&options);
    sim_spawn(sim, SIM_TEMPERATURE, id);
    expect_status(sim, 0, "uthori", 3);
    stop_in_time(sim);
    server_stop(&server);
}
END_TEST

START_TEST(no_descriptor_left_is_told)
{
    struct sim_options options = {.host = "127.0.0.1", .port = 1};
    struct rlimit limit, before;
    char error[160] = "";

    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = 0;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    struct sim *sim = sim_start(&options, error, sizeof(error));
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    ck_assert_ptr_null(sim);
    ck_assert_str_eq(error, "cannot start the simulator: Too many open files");
}
END_TEST

START_TEST(stops_in_time_whatever_the_broker_does)
{
    struct blackhole hole;
    struct stage stage;
    struct sim *lost;
    char id[SIM_ID];

    blackhole_open(&hole);
    lost = start_sim(hole.port, QUICK);
    sim_spawn(lost, SIM_TEMPERATURE, id);
    stage_open(&stage, QUICK);
    for (int i = 0; i < 20; i++)
        sim_spawn(stage.sim, SIM_TEMPERATURE, id);
    expect_status(stage.sim, 20, "", 3);
    server_freeze(&stage.server);
    stop_in_time(stage.sim);
    server_thaw(&stage.server);
    hear(&stage.ear, "/status", "offline", 20, 2);
    stop_in_time(lost);
    ear_close(&stage.ear);
    server_stop(&stage.server);
    blackhole_close(&hole);
}
END_TEST

static bool is_looking_up(void *context)
{
    (void)context;
    return atomic_load(&hanging_lookups) > 0;
}

/* The link waits for its own look-up before: both together stay below a second. */
START_TEST(a_name_service_that_hangs_does_not_keep_it)
{
    struct sim_options options = {.host = "hangs.invalid", .port = 1883};
    struct sim *sim = start_with(&options);
    char id[SIM_ID];

    sim_spawn(sim, SIM_TEMPERATURE, id);
    ck_assert(wait_for(is_looking_up, NULL, 5));
    stop_within(sim, 0.45);
}
END_TEST

START_TEST(two_hundred_come_and_go)
{
    struct stage stage;
    char id[SIM_ID];

    stage_open(&stage, TIMESTAMP_SECOND);
    for (int i = 0; i < 200; i++)
        sim_spawn(stage.sim, (enum sim_kind)(i % SIM_KINDS), id);
    ck_assert_str_eq(id, "SIM_HUM_200");
    expect_status(stage.sim, 200, "", 10);
    stop_in_time(stage.sim);
    hear(&stage.ear, "/status", "offline", 200, 5);
    ck_assert_int_eq(times_heard(&stage.ear, "/status", "offline"), 200);
    ck_assert_int_ge(times_heard(&stage.ear, "", "\"value\":"), 200);
    ear_close(&stage.ear);
    server_stop(&stage.server);
}
END_TEST

Suite *sim_suite(void)
{
    Suite *suite = suite_create("sim");
    TCase *tc = tcase_create("sim");

    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, spawned_sensor_reports);
    tcase_add_loop_test(tc, every_kind_reports_over_a_unix_socket, 4, 6);
    tcase_add_test(tc, ids_count_over_all_kinds);
    tcase_add_loop_test(tc, killed_sensor_is_offline, SIM_END_GRACEFUL, SIM_END_CRASH + 1);
    tcase_add_test(tc, only_a_kill_says_disconnect);
    tcase_add_test(tc, toggle_switches_all);
    tcase_add_loop_test(tc, injected_spike_is_seen, 0, 2);
    tcase_add_test(tc, faults_come_in_turn);
    tcase_add_test(tc, spikes_come_by_themselves);
    tcase_add_test(tc, same_seed_same_run);
    tcase_add_test(tc, sensors_return_with_the_broker);
    tcase_add_loop_test(tc, refused_login_is_told, 4, 6);
    tcase_add_test(tc, no_descriptor_left_is_told);
    tcase_add_test(tc, stops_in_time_whatever_the_broker_does);
    tcase_add_test(tc, a_name_service_that_hangs_does_not_keep_it);
    tcase_add_test(tc, two_hundred_come_and_go);
    suite_add_tcase(suite, tc);
    return suite;
}
