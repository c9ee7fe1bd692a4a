#include "unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/identity.h"
#include "core/keys.h"
#include "core/topics.h"
#include "core/xalloc.h"

static void expect_split(enum scope scope, const char *topic, const char *sensor,
                         const char *series)
{
    size_t room = strlen(topic) + IDENTITY_SPARE;
    char *names = xmalloc(2 * room);
    identity_split(topic, scope, names, names + room);
    ck_assert_msg(strcmp(names, sensor) == 0, "%s: sensor %s", topic, names);
    ck_assert_msg(strcmp(names + room, series) == 0, "%s: series %s", topic, names + room);
    free(names);
}

START_TEST(the_lab)
{
    expect_split(SCOPE_VALUE, "digital_twin/lab/sensor/temperature", "digital_twin/lab",
                 "temperature");
    expect_split(SCOPE_VALUE, "digital_twin/lab/sensor/T_1/temperature", "T_1", "temperature");
}
END_TEST

START_TEST(the_last_level_names_a_plain_value)
{
    expect_split(SCOPE_VALUE, "garden/shed/temp", "garden/shed", "temp");
    expect_split(SCOPE_VALUE, "fleet/cars/1/inside_temp", "fleet/cars/1", "inside_temp");
    expect_split(SCOPE_VALUE, "temp", "temp", "temp");
    expect_split(SCOPE_VALUE, "stat/plug2/POWER2", "plug2", "POWER2");
    expect_split(SCOPE_VALUE, "meter/data/chn0/raw", "meter/chn0", "raw");
    expect_split(SCOPE_VALUE, "hub/status/fern/temperature", "hub/fern", "temperature");
}
END_TEST

START_TEST(the_whole_topic_is_an_objects_device)
{
    expect_split(SCOPE_OBJECT, "bridge/kitchen/floor_light", "bridge/kitchen/floor_light", "");
    expect_split(SCOPE_OBJECT, "tele/hall-climate/SENSOR", "hall-climate", "");
    expect_split(SCOPE_OBJECT, "v1/devices/me/telemetry", "me", "");
    expect_split(SCOPE_OBJECT, "makers/plug/status/humidity:0", "makers/plug", "humidity:0");
    expect_split(SCOPE_OBJECT, "data", "data", "");
}
END_TEST

START_TEST(a_unique_level_stands_alone)
{
    expect_split(SCOPE_VALUE, "makers/plug1pm-A123B4/relay/0/power", "plug1pm-A123B4",
                 "relay.0.power");
    expect_split(SCOPE_VALUE, "N/d41243b4f71d/charger/279/Dc/0/Voltage", "d41243b4f71d",
                 "charger.279.Dc.0.Voltage");
    expect_split(SCOPE_OBJECT, "gw/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6", "F4:1F:0C:28:CB:D6", "");
    expect_split(SCOPE_VALUE, "solar/116180400224/0/power", "116180400224", "0.power");
    expect_split(SCOPE_VALUE, "house/facade/left/temp", "house/facade/left", "temp");
}
END_TEST

START_TEST(what_follows_a_collection_is_the_device)
{
    expect_split(SCOPE_OBJECT, "$cloud/things/thermostat-7/shadow/update/accepted", "thermostat-7",
                 "");
    expect_split(SCOPE_VALUE, "radio/host/devices/TH/5/3/187/temperature_C", "TH/5/3/187",
                 "temperature_C");
    expect_split(SCOPE_VALUE, "plant/devices/3/temp", "devices/3", "temp");
}
END_TEST

START_TEST(entities_with_a_state)
{
    expect_split(SCOPE_VALUE, "livingroom/sensor/air/state", "livingroom", "air");
    expect_split(SCOPE_VALUE, "livingroom/binary_sensor/door/state", "livingroom", "door");
    expect_split(SCOPE_VALUE, "fleet/cars/1/state", "fleet/cars/1", "state");
}
END_TEST

START_TEST(a_version_is_in_front_of_the_device)
{
    expect_split(SCOPE_VALUE, "homes/5/super-car/engine/temperature", "homes/5/super-car",
                 "engine.temperature");
    expect_split(SCOPE_VALUE, "building/2/room/temp", "building/2/room", "temp");
}
END_TEST

START_TEST(odd_topics_have_names_of_their_own)
{
    expect_split(SCOPE_VALUE, "a//b", "a/", "b");
    expect_split(SCOPE_VALUE, "/", "/", "value");
    expect_split(SCOPE_VALUE, "plant/temp/", "plant/temp/", "value");
    expect_split(SCOPE_VALUE, "", "?", "value");
    expect_split(SCOPE_OBJECT, "", "?", "");
    char deep[2 * 300 + 1];
    for (size_t i = 0; i < 300; i++)
        memcpy(deep + 2 * i, "a/", 2);
    memcpy(deep + 2 * 299, "b", 2);
    char before[sizeof deep];
    memcpy(before, deep, sizeof deep);
    before[2 * 299 - 1] = '\0';
    expect_split(SCOPE_VALUE, deep, before, "b");
    expect_split(SCOPE_OBJECT, deep, deep, "");
}
END_TEST

START_TEST(roles)
{
    static const struct {
        const char *topic;
        enum role role;
    } cases[] = {
        {"garden/shed/temp", ROLE_DATA},
        {"solar/1/status/reachable", ROLE_DATA},
        {"tele/hall/LWT", ROLE_PRESENCE},
        {"digital_twin/lab/sensor/status", ROLE_PRESENCE},
        {"homes/car/$state", ROLE_PRESENCE},
        {"$SYS/broker/clients/connected", ROLE_DATA},
        {"digital_twin/lab/control/commands", ROLE_COMMAND},
        {"cmnd/plug/POWER", ROLE_COMMAND},
        {"bridge/lamp/set", ROLE_COMMAND},
        {"bridge/lamp/get", ROLE_COMMAND},
        {"box/point/4/get/power", ROLE_DATA},
        {"digital_twin/lab/control/T_1/state", ROLE_REPLY},
        {"house/sensor/lamp/config", ROLE_DISCOVERY},
        {"homes/car/engine/$unit", ROLE_ATTRIBUTE},
        {"/devices/w/controls/t/meta", ROLE_ATTRIBUTE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(identity_sense(cases[i].topic).role == cases[i].role, "%s: %d",
                      cases[i].topic, identity_sense(cases[i].topic).role);
    ck_assert_int_eq(identity_sense("s/group/NDEATH/node").status, STATUS_OFFLINE);
    ck_assert_int_eq(identity_sense("s/group/NBIRTH/node").status, STATUS_ONLINE);
    ck_assert(identity_sense("digital_twin/lab/sensor/T/temperature").numbers);
}
END_TEST

static void expect_subject(const char *topic, const char *sensor)
{
    char name[256];
    bool found = identity_subject(topic, identity_sense(topic).role, name);
    ck_assert_msg(found == (sensor != NULL), "%s: %s", topic, name);
    if (sensor)
        ck_assert_str_eq(name, sensor);
}

START_TEST(subjects_of_presence_and_commands)
{
    expect_subject("tele/hall/LWT", "hall");
    expect_subject("bridge/kitchen/lamp/availability", "bridge/kitchen/lamp");
    expect_subject("makers/plug-A123B4/online", "plug-A123B4");
    expect_subject("digital_twin/lab/sensor/T_1/status", "T_1");
    expect_subject("digital_twin/lab/sensor/status", NULL);
    expect_subject("status", NULL);
    expect_subject("digital_twin/lab/control/T_1/commands", "T_1");
    expect_subject("digital_twin/lab/control/T_1/state", "T_1");
    expect_subject("digital_twin/lab/control/commands", NULL);
    expect_subject("cmnd/plug/POWER", "plug");
    expect_subject("bridge/lamp/set", "bridge/lamp");
}
END_TEST

START_TEST(keys_promise)
{
    static const struct {
        const char *key;
        enum key_class class;
    } cases[] = {
        {"temperature", KEY_DATA},
        {"uptime", KEY_DATA},
        {"runtime", KEY_DATA},
        {"humid", KEY_DATA},
        {"grid", KEY_DATA},
        {"V", KEY_DATA},
        {"U", KEY_DATA},
        {"v", KEY_VALUE},
        {"value", KEY_VALUE},
        {"timestamp_utc", KEY_TIME},
        {"ts", KEY_TIME},
        {"Time", KEY_TIME_MAYBE},
        {"lastSeen", KEY_SEEN},
        {"lightning_time", KEY_CLOCK},
        {"minute_ts", KEY_CLOCK},
        {"sensor_id", KEY_SENSOR},
        {"sensorId", KEY_SENSOR},
        {"device_id", KEY_DEVICE},
        {"BSSId", KEY_REFERENCE},
        {"gatewayId", KEY_REFERENCE},
        {"esp8266id", KEY_REFERENCE},
        {"serial-no", KEY_ID},
        {"fw_version", KEY_LABEL},
        {"servicedata", KEY_OPAQUE},
        {"end_device_ids", KEY_META},
        {"TempUnit", KEY_UNIT_OF},
        {"", KEY_DATA},
        {"due_date_m3", KEY_DATA},
        {"due_date", KEY_CLOCK},
        {"___", KEY_DATA},
    };
    struct keys *keys = keys_new();
    for (int round = 0; round < 2; round++) { /* the second from memory */
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            ck_assert_msg(keys_find(keys, cases[i].key).class == cases[i].class, "%s: %d",
                          cases[i].key, keys_find(keys, cases[i].key).class);
    }
    keys_free(keys);
    ck_assert_int_eq(keys_classify("TempUnit", 8).stem, 4);
    ck_assert_int_eq(keys_classify("wind_speed_unit", 15).stem, 10);
    ck_assert(keys_classify("timestamp_utc", 13).utc);
}
END_TEST

START_TEST(topics_and_hints_are_kept_within_bounds)
{
    struct topics *topics = topics_new(NULL);
    char topic[64];
    for (unsigned i = 0; i < TOPICS_KEPT + 10; i++) {
        snprintf(topic, sizeof topic, "flood/%u/temp", i);
        topics_find(topics, topic, hash_text(topic, 0));
    }
    ck_assert_str_eq(
        topic_names(topics_find(topics, "flood/7/temp", hash_text("flood/7/temp", 0)), SCOPE_VALUE)
            ->sensor.text,
        "flood/7");
    for (unsigned i = 0; i < HINTS_KEPT + 10; i++) {
        snprintf(topic, sizeof topic, "flood/%u", i);
        topics_hint(topics, topic, "a.b", "V\x1b", 2);
    }
    ck_assert_str_eq(topics_unit(topics, "flood/0", "a.b"), "V·");
    ck_assert_str_eq(topics_unit(topics, "flood/0", "a"), "");
    ck_assert_str_eq(topics_unit(topics, topic, "a.b"), ""); /* one too many */
    topics_free(topics);
}
END_TEST

Suite *identity_suite(void)
{
    Suite *suite = suite_create("identity");
    TCase *tests = tcase_create("identity");
    tcase_set_timeout(tests, 60); /* a sanitizer takes its time over 130,000 topics */
    tcase_add_test(tests, the_lab);
    tcase_add_test(tests, the_last_level_names_a_plain_value);
    tcase_add_test(tests, the_whole_topic_is_an_objects_device);
    tcase_add_test(tests, a_unique_level_stands_alone);
    tcase_add_test(tests, what_follows_a_collection_is_the_device);
    tcase_add_test(tests, entities_with_a_state);
    tcase_add_test(tests, a_version_is_in_front_of_the_device);
    tcase_add_test(tests, odd_topics_have_names_of_their_own);
    tcase_add_test(tests, roles);
    tcase_add_test(tests, subjects_of_presence_and_commands);
    tcase_add_test(tests, keys_promise);
    tcase_add_test(tests, topics_and_hints_are_kept_within_bounds);
    suite_add_tcase(suite, tests);
    return suite;
}
