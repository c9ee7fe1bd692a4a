#include "unit/suites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/payload.h"
#include "core/text.h"
#include "core/xalloc.h"

#define ARRIVAL (INT64_C(1767323045) * TIMESTAMP_SECOND) /* 2026-01-02T03:04:05Z */

static struct decoder *decoder;
static struct batch batch;

static void set_up(void)
{
    setenv("TZ", "UTC", 1);
    decoder = decoder_new(NULL);
    batch = (struct batch){0};
}

static void tear_down(void)
{
    batch_fini(&batch);
    decoder_free(decoder);
}

/* Decodes one message; the batch holds it alone. */
static void decode_bytes(const char *topic, const char *payload, size_t len, bool retain)
{
    char *copy = xmalloc(len > 0 ? len : 1); /* so that a read past the end is seen */
    memcpy(copy, payload, len);
    struct message message = {
        .topic = topic, .payload = copy, .bytes = len, .retain = retain, .arrival = ARRIVAL};
    batch_reset(&batch);
    decoder_decode(decoder, &message, &batch);
    free(copy);
}

static void decode(const char *topic, const char *payload)
{
    decode_bytes(topic, payload, strlen(payload), false);
}

static size_t count(enum item_type type)
{
    size_t found = 0;
    for (size_t i = 0; i < batch.item_count; i++)
        found += batch.items[i].type == type;
    return found;
}

static const struct item *nth(enum item_type type, size_t n)
{
    for (size_t i = 0; i < batch.item_count; i++)
        if (batch.items[i].type == type && n-- == 0)
            return &batch.items[i];
    ck_abort_msg("no such item");
    return NULL;
}

static const struct item *only(enum item_type type)
{
    ck_assert_uint_eq(count(type), 1);
    ck_assert_uint_eq(batch.item_count, 1);
    return nth(type, 0);
}

/* The reading at a path. */
static const struct item *at(const char *path)
{
    for (size_t i = 0; i < batch.item_count; i++)
        if (batch.items[i].type == ITEM_READING && strcmp(batch.items[i].path, path) == 0)
            return &batch.items[i];
    ck_abort_msg("nothing at %s", path);
    return NULL;
}

static void expect(const struct item *item, const char *sensor, const char *series, double value,
                   const char *unit)
{
    ck_assert_str_eq(item->sensor, sensor);
    ck_assert_str_eq(item->series, series);
    ck_assert_double_eq(item->value, value);
    ck_assert_str_eq(item->unit, unit);
}

static void expect_nothing(const char *topic, const char *payload)
{
    decode(topic, payload);
    ck_assert_msg(batch.item_count == 0, "%s: %s", topic, payload);
    ck_assert_uint_eq(batch.message_count, 1);
}

static void expect_malformed(const char *topic, const char *payload, const char *reason)
{
    decode(topic, payload);
    ck_assert_msg(strstr(only(ITEM_MALFORMED)->text, reason), "%s", nth(ITEM_MALFORMED, 0)->text);
}

START_TEST(a_lab_reading)
{
    decode(
        "digital_twin/lab/sensor/temperature",
        "{\"timestamp_utc\":\"2024-01-15T14:23:45.123456Z\",\"sensor_id\":\"TEMP_1\",\"value\":22."
        "4,"
        "\"unit\":\"Celsius\",\"metadata\":{\"location\":\"Lab\",\"firmware_version\":\"1.0.0\"}}");
    ck_assert_uint_eq(batch.item_count, 3);
    const struct item *fact = nth(ITEM_FACT, 0), *reading = nth(ITEM_READING, 0);
    ck_assert(fact < reading);
    ck_assert_str_eq(fact->sensor, "TEMP_1");
    ck_assert_str_eq(fact->series, "location");
    ck_assert_str_eq(fact->text, "Lab");
    expect(reading, "TEMP_1", "temperature", 22.4, "Celsius");
    ck_assert_str_eq(reading->path, "value");
    ck_assert_int_eq(reading->time, INT64_C(1705328625123456));
    ck_assert(!reading->binary_state);
}
END_TEST

START_TEST(the_payloads_id_wins_and_the_topics_serves)
{
    decode("digital_twin/lab/sensor/A/temperature", "{\"sensor_id\":\"B\",\"value\":1}");
    expect(only(ITEM_READING), "B", "temperature", 1, "");
    decode("digital_twin/lab/sensor/A/temperature", "{\"sensor_id\":\"\",\"value\":1}");
    expect(only(ITEM_READING), "A", "temperature", 1, "");
    decode("digital_twin/lab/sensor/A/temperature", "{\"sensor_id\":42,\"value\":1}");
    expect(only(ITEM_READING), "42", "temperature", 1, "");
    decode("digital_twin/lab/sensor/A/temperature", "{\"sensor_id\":{\"x\":1},\"value\":1}");
    expect(only(ITEM_READING), "A", "temperature", 1, "");
}
END_TEST

START_TEST(lab_presence)
{
    decode("digital_twin/lab/sensor/status", "{\"sensor_id\":\"T\",\"status\":\"offline\"}");
    ck_assert_int_eq(only(ITEM_PRESENCE)->status, STATUS_OFFLINE);
    ck_assert_str_eq(nth(ITEM_PRESENCE, 0)->sensor, "T");
    decode("digital_twin/lab/sensor/T/status", "{\"status\":\"online\"}");
    ck_assert_int_eq(only(ITEM_PRESENCE)->status, STATUS_ONLINE);
    ck_assert_str_eq(nth(ITEM_PRESENCE, 0)->sensor, "T");
    expect_nothing("digital_twin/lab/sensor/status", "{\"status\":\"offline\"}");
    expect_nothing("digital_twin/lab/sensor/status", "offline");
    decode("digital_twin/lab/sensor/status", "{\"sensor_id\":\"T\",\"status\":\"banana\"}");
    ck_assert_str_eq(only(ITEM_TEXT)->text, "banana");
}
END_TEST

START_TEST(lab_commands_and_replies)
{
    decode("digital_twin/lab/control/commands",
           "{\"command\":\"SET_THRESHOLD\",\"value\":25.0,\"timestamp\":\"2024-01-15T14:25:00Z\"}");
    ck_assert_ptr_null(only(ITEM_COMMAND)->sensor);
    ck_assert_str_eq(nth(ITEM_COMMAND, 0)->text, "SET_THRESHOLD");
    ck_assert_double_eq(nth(ITEM_COMMAND, 0)->value, 25);
    decode("digital_twin/lab/control/T/commands", "{\"command\":\"STOP\"}");
    ck_assert_str_eq(only(ITEM_COMMAND)->sensor, "T");
    ck_assert(isnan(nth(ITEM_COMMAND, 0)->value));
    decode("digital_twin/lab/control/T/state",
           "{\"sensor_id\":\"T\",\"id\":\"7\",\"threshold\":25}");
    ck_assert_str_eq(only(ITEM_FACT)->series, "threshold");
    ck_assert_str_eq(nth(ITEM_FACT, 0)->text, "25");
}
END_TEST

START_TEST(plain_values)
{
    decode("garden/shed/temp", " 12.3 °C\r\n");
    expect(only(ITEM_READING), "garden/shed", "temp", 12.3, "°C");
    ck_assert_str_eq(nth(ITEM_READING, 0)->path, "");
    ck_assert_int_eq(nth(ITEM_READING, 0)->time, ARRIVAL);
    decode("garden/shed/door", "OPEN");
    ck_assert(only(ITEM_READING)->binary_state);
    ck_assert_double_eq(nth(ITEM_READING, 0)->value, 1);
    decode("garden/shed/temp", "nan"); /* no number, no mistake; it is there, though */
    ck_assert_str_eq(only(ITEM_TEXT)->text, "nan");
    ck_assert_uint_eq(batch.item_count, 1);
    expect_nothing("garden/shed/temp", "  \n");
    decode_bytes("garden/shed/temp", "21.5", 5, false); /* with its final NUL */
    ck_assert_double_eq(only(ITEM_READING)->value, 21.5);
    decode("garden/shed/levels", "100;200;-67");
    expect(at("2"), "garden/shed", "levels.2", -67, "");
    decode("garden/shed/grouped", "1,234,567");
    ck_assert_str_eq(only(ITEM_TEXT)->text, "1,234,567");
}
END_TEST

START_TEST(text_is_a_mistake_where_numbers_are)
{
    decode("garden/shed/note", "gone fishing");
    ck_assert_str_eq(only(ITEM_TEXT)->text, "gone fishing");
    ck_assert_str_eq(nth(ITEM_TEXT, 0)->sensor, "garden/shed");
    decode("garden/shed/temp", "21");
    expect_malformed("garden/shed/temp", "gone fishing", "text of 12 bytes, not a number");
    ck_assert_str_eq(nth(ITEM_MALFORMED, 0)->sensor, "garden/shed");
    decode("garden/shed/temp", "OFF"); /* no 0 among the temperatures */
    ck_assert_uint_eq(count(ITEM_READING), 0);
    expect_malformed("digital_twin/lab/sensor/T/temperature", "boom", "text of 4 bytes");
    expect_malformed("digital_twin/lab/sensor/T/temperature", "\xFF\xFE", "binary of 2 bytes");
    expect_malformed("digital_twin/lab/sensor/T/temperature",
                     "{\"sensor_id\":\"T\",\"value\":\"hot\"}", "\"hot\"");
    expect_malformed("digital_twin/lab/sensor/T/temperature",
                     "{\"sensor_id\":\"T\",\"value\":true,\"unit\":\"C\"}", "\"true\"");
    decode_bytes("cam/1/picture", "\xFF\xD8\0\0", 4, false);
    ck_assert_str_eq(only(ITEM_TEXT)->text, "binary, 4 bytes");
    decode("box/debug", "\x1b[31mred\x1b[0m");
    ck_assert_str_eq(only(ITEM_TEXT)->text, "·[31mred·[0m");
}
END_TEST

START_TEST(what_the_topic_calls_a_time_or_an_identity_is_no_reading)
{
    decode("solar/box/last_update", "1705328625");
    ck_assert_uint_eq(count(ITEM_READING), 0);
    decode("box/firmware", "3.1");
    ck_assert_str_eq(only(ITEM_FACT)->series, "firmware");
    decode("box/uptime", "1705328625");
    ck_assert_uint_eq(count(ITEM_READING), 1);
}
END_TEST

START_TEST(leaves_become_series)
{
    decode("tele/hall/SENSOR",
           "{\"Time\":\"2024-01-15T14:23:45\",\"AM\":{\"Temperature\":21.3,\"Humidity\":\"58.2\","
           "\"Id\":"
           "\"030597946104\"},\"POWER\":\"OFF\",\"Mode\":\"11n\",\"Current\":[1.5,2],\"Door\":true,"
           "\"Gap\":null,\"TempUnit\":\"C\",\"Data\":\"123\",\"rssi_dbm\":-40}");
    ck_assert_uint_eq(batch.item_count, 7);
    expect(at("AM.Temperature"), "hall", "AM.Temperature", 21.3, "C");
    expect(at("AM.Humidity"), "hall", "AM.Humidity", 58.2, "");
    expect(at("POWER"), "hall", "POWER", 0, "");
    ck_assert(at("POWER")->binary_state);
    expect(at("Current.1"), "hall", "Current.1", 2, "");
    ck_assert(at("Door")->binary_state);
    expect(at("rssi_dbm"), "hall", "rssi_dbm", -40, "dbm");
    ck_assert_int_eq(at("POWER")->time, INT64_C(1705328625000000));
}
END_TEST

START_TEST(values_and_their_units)
{
    decode("home/energy",
           "{\"energy\":{\"value\":12.5,\"unit\":\"kWh\"},\"air\":{\"t\":3,\"u\":\"K\"},"
           "\"units\":{\"p\":\"hPa\"},\"p\":1013,\"U\":230,\"load\":\"12.0 %\"}");
    expect(at("energy.value"), "home/energy", "energy", 12.5, "kWh");
    expect(at("air.t"), "home/energy", "air.t", 3, "K");
    expect(at("p"), "home/energy", "p", 1013, "hPa");
    expect(at("U"), "home/energy", "U", 230, "");
    expect(at("load"), "home/energy", "load", 12, "%");
}
END_TEST

START_TEST(a_value_takes_its_name_from_the_topic)
{
    decode("N/d41243b4f71d/charger/279/Voltage", "{\"max\":30,\"value\":20.5}");
    expect(at("value"), "d41243b4f71d", "charger.279.Voltage", 20.5, "");
    expect(at("max"), "d41243b4f71d", "charger.279.Voltage.max", 30, "");
    decode("plant/all", "{\"id\":\"m1\",\"type\":\"pressure\",\"value\":3}");
    expect(only(ITEM_READING), "m1", "pressure", 3, "");
}
END_TEST

START_TEST(records_and_rows)
{
    decode("gateway",
           "{\"timestamp\":1579516307016,\"values\":[{\"id\":\"P.Temp\",\"v\":20.5,\"q\":true,"
           "\"t\":1579516306266},{\"id\":\"P.Level\",\"v\":30,\"u\":\"m\"}]}");
    ck_assert_uint_eq(batch.item_count, 2);
    expect(at("values.0.v"), "gateway", "P.Temp", 20.5, "");
    ck_assert_int_eq(at("values.0.v")->time, INT64_C(1579516306266000));
    expect(at("values.1.v"), "gateway", "P.Level", 30, "m");
    ck_assert_int_eq(at("values.1.v")->time, INT64_C(1579516307016000));

    decode("hub/telemetry", "{\"Pump A\":[{\"ts\":1483228800000,\"values\":{\"t\":42}},"
                            "{\"ts\":1483228801000,\"values\":{\"t\":43}}]}");
    expect(at("Pump A.1.values.t"), "Pump A", "t", 43, "");
    ck_assert_int_eq(at("Pump A.1.values.t")->time, INT64_C(1483228801000000));

    decode("lab/all", "[{\"sensor_id\":\"a\",\"value\":1},{\"sensor_id\":\"b\",\"value\":2}]");
    expect(at("1.value"), "b", "all", 2, "");
    decode("lab/list", "[1,[2,3]]");
    expect(at("1.0"), "lab", "list.1.0", 2, "");
}
END_TEST

START_TEST(identity_from_the_payload)
{
    decode("radio/events", "{\"model\":\"WH2A\",\"id\":11,\"channel\":2,\"temp\":24.5}");
    expect(at("temp"), "WH2A/2/11", "temp", 24.5, "");
    ck_assert_uint_eq(count(ITEM_READING), 1);
    decode("v3/devices/x/up", "{\"end_device_ids\":{\"device_id\":\"dev1\",\"dev_eui\":\"00A1\"},"
                              "\"uplink\":{\"temp\":1}}");
    expect(at("uplink.temp"), "dev1", "uplink.temp", 1, "");
    decode("gw/ble/x", "{\"id\":\"45:e1:74\",\"gw_mac\":\"00:11\",\"rssi\":-89}");
    expect(only(ITEM_READING), "45:e1:74", "rssi", -89, "");
    decode("plug/status/switch:0", "{\"id\":0,\"apower\":25.7}");
    expect(only(ITEM_READING), "plug", "switch:0.apower", 25.7, "");
}
END_TEST

static void expect_time(const char *payload, timestamp when)
{
    decode("a/b", payload);
    ck_assert_msg(at("x")->time == when, "%s: %lld", payload, (long long)at("x")->time);
}

START_TEST(message_times)
{
    const timestamp second = INT64_C(1705328625) * TIMESTAMP_SECOND;
    expect_time("{\"x\":1,\"ts\":1705328625}", second);
    expect_time("{\"x\":1,\"ts\":\"1705328625123\"}", second + 123000);
    expect_time("{\"x\":1,\"t\":1705328625.5}", second + 500000);
    expect_time("{\"x\":1,\"timestamp\":\"2024-01-15T15:23:45+01:00\"}", second);
    expect_time("{\"x\":1,\"time\":\"2024.01.15 14:23:45\"}", second);
    expect_time("{\"x\":1,\"created_at\":1600000000,\"tst\":1705328625}", second);
    expect_time("{\"x\":1,\"params\":{\"ts\":1705328625}}", second);
    expect_time("{\"x\":1,\"storm_time\":\"2020-01-15T15:23:45Z\"}", ARRIVAL);
    expect_time("{\"x\":1,\"ts\":5}", ARRIVAL);
    expect_time("{\"x\":1,\"ts\":\"yesterday\"}", ARRIVAL);
    expect_time("{\"x\":1,\"ts\":\"9999-12-31T23:59:59Z\"}", ARRIVAL);
    expect_time("{\"x\":1,\"ts\":true}", ARRIVAL);
    expect_time("{\"x\":1,\"ts\":2463457000}", ARRIVAL); /* a counter, not the year 2048 */
    decode("a/b", "{\"t\":21.5,\"uptime\":93,\"response_time\":12,\"sunrise\":1767310000}");
    ck_assert_uint_eq(count(ITEM_READING), 3);
}
END_TEST

START_TEST(a_utc_key_is_utc_everywhere)
{
    setenv("TZ", "UTC-5", 1);
    decode("a/b", "{\"x\":1,\"timestamp_utc\":\"2024-01-15T14:23:45\"}");
    ck_assert_int_eq(at("x")->time, INT64_C(1705328625000000));
    decode("a/b", "{\"x\":1,\"timestamp\":\"2024-01-15T14:23:45\"}");
    ck_assert_int_eq(at("x")->time, INT64_C(1705310625000000));
}
END_TEST

static void expect_presence(const char *topic, const char *payload, enum status status)
{
    decode(topic, payload);
    ck_assert_msg(count(ITEM_PRESENCE) == (status != STATUS_UNKNOWN), "%s: %s", topic, payload);
    if (status != STATUS_UNKNOWN)
        ck_assert_int_eq(nth(ITEM_PRESENCE, 0)->status, status);
}

START_TEST(presence)
{
    expect_presence("tele/hall/LWT", "Online", STATUS_ONLINE);
    expect_presence("box/LWT", "Connection Lost", STATUS_OFFLINE);
    expect_presence("box/status", "not connected", STATUS_OFFLINE);
    expect_presence("plug/online", "false", STATUS_OFFLINE);
    expect_presence("plug/online", "1", STATUS_ONLINE);
    expect_presence("plug/status", "1", STATUS_UNKNOWN);
    expect_presence("plug/state", "ON", STATUS_UNKNOWN);
    expect_presence("car/state", "asleep", STATUS_UNKNOWN);
    expect_presence("homes/car/$state", "sleeping", STATUS_UNKNOWN);
    expect_presence("homes/car/$state", "lost", STATUS_OFFLINE);
    expect_presence("bridge/lamp/availability", "{\"state\":\"online\"}", STATUS_ONLINE);
    expect_presence("s/host", "{\"online\":true,\"timestamp\":1705328625123}", STATUS_ONLINE);
    expect_presence("phone/jane", "{\"_type\":\"lwt\",\"tst\":1705320000}", STATUS_OFFLINE);
    expect_presence("plug/events", "{\"mqtt\":{\"connected\":false}}", STATUS_UNKNOWN);
    expect_presence("meter/1", "{\"status\":\"OK\",\"x\":1}", STATUS_UNKNOWN);
    expect_presence("s/group/NDEATH/node", "\x08\x01", STATUS_OFFLINE);
    expect_presence("$SYS/broker/clients/connected", "1", STATUS_UNKNOWN);
}
END_TEST

START_TEST(deleted_messages)
{
    decode_bytes("garden/shed/temp", "", 0, true);
    ck_assert_ptr_null(only(ITEM_GONE)->sensor);
    decode("garden/shed/temp", "21");
    decode_bytes("garden/shed/temp", "", 0, true);
    ck_assert_str_eq(only(ITEM_GONE)->sensor, "garden/shed");
    decode_bytes("garden/shed/temp", "", 0, false);
    ck_assert_uint_eq(batch.item_count, 0);
    decode_bytes("house/sensor/lamp/config", "", 0, true);
    ck_assert_uint_eq(batch.item_count, 0);
}
END_TEST

START_TEST(hints_give_units)
{
    expect_nothing(
        "house/sensor/1/config",
        "{\"~\":\"tele/hall\",\"stat_t\":\"~/SENSOR\",\"unit_of_meas\":\"°C\",\"val_tpl\":"
        "\"{{ value_json['AM'].temp | float }}\",\"enabled\":true}");
    decode("tele/hall/SENSOR", "{\"AM\":{\"temp\":21,\"other\":3}}");
    ck_assert_str_eq(at("AM.temp")->unit, "°C");
    ck_assert_str_eq(at("AM.other")->unit, "");
    expect_nothing("homes/car/engine/heat/$unit", "K");
    decode("homes/car/engine/heat", "300");
    ck_assert_str_eq(only(ITEM_READING)->unit, "K");
    expect_nothing("homes/5/car/$description",
                   "{\"nodes\":{\"engine\":{\"properties\":{\"heat\":{\"unit\":\"°F\"}}}}}");
    decode("homes/5/car/engine/heat", "300");
    ck_assert_str_eq(only(ITEM_READING)->unit, "°F");
    expect_nothing("/devices/w/controls/v/meta", "{\"units\":\"V\",\"order\":1}");
    decode("/devices/w/controls/v", "5");
    ck_assert_str_eq(only(ITEM_READING)->unit, "V");
}
END_TEST

START_TEST(broken_json)
{
    static const char lab[] = "digital_twin/lab/sensor/T/temperature";
    expect_malformed(lab, "{\"value\":22.", "invalid JSON at byte");
    expect_malformed(lab, "{\"value\":1}xyz", "at byte 11");
    expect_malformed(lab, "{\"value\":1}{\"value\":2}", "at byte 11");
    expect_malformed(lab, "{'value':1}", "at byte 2");
    expect_malformed(lab, "{\"a\":\"\x01\"}", "control byte");
    expect_malformed(lab, "{\"a\":\"\xFF\"}", "not UTF-8 at byte 6");
    expect_malformed(lab, "{\"a\":\"\\ud800\"}", "invalid JSON");
    expect_malformed(lab, "{\"value\":bananan}", "invalid JSON");
    expect_nothing(lab, "{}");
    expect_nothing(lab, "[]");
    expect_nothing(lab, "{\"value\":null}");
    expect_nothing(lab, "{\"value\":1e999}");
    expect_nothing(lab, "{\"value\":NaN,\"s\":\"NaN \\\" inf\"}");
    decode("a/b", "{\"x\":1.5,\"y\":-Infinity,\"z\":[nan,2]}");
    ck_assert_uint_eq(batch.item_count, 2);
    decode_bytes("a/b", "\xEF\xBB\xBF{\"x\":1}\n", 11, false);
    ck_assert_double_eq(at("x")->value, 1);
}
END_TEST

START_TEST(an_escaped_nul_ends_no_name)
{
    decode("a/b", "{\"sensor_id\":\"TEMP\\u0000_EVIL\",\"x\":1}");
    ck_assert_str_ne(only(ITEM_READING)->sensor, "TEMP");
    decode("a/b", "{\"x\":1,\"x\\u0000y\":2}");
    ck_assert_uint_eq(count(ITEM_READING), 2);
    ck_assert_str_ne(nth(ITEM_READING, 0)->series, nth(ITEM_READING, 1)->series);
    decode("a/b", "{\"sensor_id\":\"TEMP\\\\u0000\",\"x\":1}"); /* an escaped backslash */
    ck_assert_str_eq(only(ITEM_READING)->sensor, "TEMP\\u0000");
}
END_TEST

START_TEST(look_alike_keys_stay_apart)
{
    decode("a/b", "{\"a.b\":1,\"a\":{\"b\":2},\"\":3,\"1.8.0\":4}");
    ck_assert_uint_eq(batch.item_count, 4);
    ck_assert_str_ne(nth(ITEM_READING, 0)->series, nth(ITEM_READING, 1)->series);
    ck_assert_str_eq(nth(ITEM_READING, 1)->series, "a.b");
    ck_assert_str_eq(at("")->series, "\"\"");
    ck_assert_str_eq(at("1.8.0")->series, "1.8.0");
    decode("a/b", "{\"sensor_id\":\"A\",\"sensor_id\":\"B\",\"value\":1,\"value\":2}");
    expect(only(ITEM_READING), "B", "b", 2, "");
}
END_TEST

static char *repeat(const char *head, const char *piece, size_t times, const char *tail)
{
    size_t len = strlen(piece), used = strlen(head);
    char *text = xmalloc(used + len * times + strlen(tail) + 1);
    memcpy(text, head, used);
    for (size_t i = 0; i < times; i++, used += len)
        memcpy(text + used, piece, len);
    memcpy(text + used, tail, strlen(tail) + 1);
    return text;
}

START_TEST(bounds)
{
    char *text = repeat("", "[", PAYLOAD_MAX_DEPTH + 1, "");
    expect_malformed("a/b", text, "nested too deep at byte 32");
    free(text);
    text = repeat("[", "[1],", 100, "1]"); /* many, but not deep */
    decode("a/b", text);
    ck_assert_uint_eq(count(ITEM_READING), 101);
    free(text);
    text = repeat("[", "1,", PAYLOAD_MAX_SERIES + 9, "1]");
    decode("a/b", text);
    ck_assert_uint_eq(count(ITEM_READING), PAYLOAD_MAX_SERIES);
    ck_assert(strstr(nth(ITEM_MALFORMED, 0)->text, "10 readings beyond"));
    free(text);
    text = repeat("", "1", PAYLOAD_MAX_BYTES + 1, "");
    expect_malformed("a/b", text, "oversize: 65537 bytes");
    free(text);
    text = repeat("{\"sensor_id\":\"", "s", 30000, "\",\"value\":1}");
    decode("a/b", text);
    ck_assert_uint_le(text_width(only(ITEM_READING)->sensor), TEXT_NAME_COLUMNS);
    free(text);
}
END_TEST

START_TEST(foreign_text_is_made_safe)
{
    decode("a/b", "{\"\\u001b[2Jk\":1,\"sensor_id\":\"T\\u202ex\",\"u\":\"\\u001b[5m\"}");
    const struct item *item = only(ITEM_READING);
    ck_assert_ptr_nonnull(strstr(item->series, "·[2Jk~"));
    ck_assert_ptr_nonnull(strstr(item->sensor, "Tx~"));
    ck_assert_str_eq(item->unit, "·[5m");
    decode("plant/\x1b[2J/temp", "21.5");
    ck_assert_ptr_null(strchr(only(ITEM_READING)->sensor, '\x1b'));
}
END_TEST

Suite *payload_suite(void)
{
    const TTest *const all[] = {
        a_lab_reading,
        the_payloads_id_wins_and_the_topics_serves,
        lab_presence,
        lab_commands_and_replies,
        plain_values,
        text_is_a_mistake_where_numbers_are,
        what_the_topic_calls_a_time_or_an_identity_is_no_reading,
        leaves_become_series,
        values_and_their_units,
        a_value_takes_its_name_from_the_topic,
        records_and_rows,
        identity_from_the_payload,
        message_times,
        a_utc_key_is_utc_everywhere,
        presence,
        deleted_messages,
        hints_give_units,
        broken_json,
        an_escaped_nul_ends_no_name,
        look_alike_keys_stay_apart,
        bounds,
        foreign_text_is_made_safe,
    };
    Suite *suite = suite_create("payload");
    TCase *tests = tcase_create("payload");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        tcase_add_test(tests, all[i]);
    suite_add_tcase(suite, tests);
    return suite;
}
