/* Formats beside JSON and single values: each with messages that are of it and some that only look
 * so. */
#include "unit/suites.h"

#include "core/payload.h"
#include "core/random.h"

#include <stdio.h>
#include <string.h>

static struct decoder *decoder;
static struct batch batch;

static void setup(void)
{
    decoder = decoder_new(NULL);
}

static void teardown(void)
{
    decoder_free(decoder);
    batch_fini(&batch);
    batch = (struct batch){0};
}

static void decode_bytes(const char *topic, const void *payload, size_t bytes)
{
    struct message message = {.topic = topic,
                              .payload = payload,
                              .bytes = bytes,
                              .arrival = 1767323045 * TIMESTAMP_SECOND};
    batch_reset(&batch);
    decoder_decode(decoder, &message, &batch);
}

static void decode(const char *topic, const char *payload)
{
    decode_bytes(topic, payload, strlen(payload));
}

static const struct item *reading(const char *series)
{
    for (size_t i = 0; i < batch.item_count; i++)
        if (batch.items[i].type == ITEM_READING && strcmp(batch.items[i].series, series) == 0)
            return &batch.items[i];
    ck_abort_msg("no reading %s among %zu items", series, batch.item_count);
    return NULL;
}

static bool no_reading(void)
{
    for (size_t i = 0; i < batch.item_count; i++)
        if (batch.items[i].type == ITEM_READING)
            return false;
    return true;
}

START_TEST(senml_base_values_hold_for_later_records)
{
    decode("up/7",
           "[{\"bn\":\"pump:7:\",\"bt\":1.7e9,\"bu\":\"Cel\",\"bv\":20,\"n\":\"in\",\"v\":1.5},"
           "{\"n\":\"out\",\"u\":\"K\",\"v\":2,\"t\":-10},{\"n\":\"on\",\"vb\":false},"
           "{\"n\":\"fw\",\"vs\":\"1.2\"},{\"n\":\"flow\",\"s\":12}]");
    ck_assert_str_eq(reading("in")->sensor, "pump:7");
    ck_assert_double_eq(reading("in")->value, 21.5);
    ck_assert_str_eq(reading("in")->unit, "Cel");
    ck_assert_int_eq(reading("in")->time, 1700000000 * TIMESTAMP_SECOND);
    ck_assert_str_eq(reading("out")->unit, "K");
    ck_assert_int_eq(reading("out")->time, 1699999990 * TIMESTAMP_SECOND);
    ck_assert(reading("on")->binary_state);
    ck_assert_double_eq(reading("flow.sum")->value, 12);
}
END_TEST

START_TEST(senml_times_may_be_relative_to_now)
{
    decode("up/7", "[{\"bn\":\"p\",\"n\":\"a\",\"v\":1,\"t\":-5},{\"n\":\"b\",\"v\":2}]");
    ck_assert_int_eq(reading("a")->time, 1767323040 * TIMESTAMP_SECOND);
    ck_assert_int_eq(reading("b")->time, 1767323045 * TIMESTAMP_SECOND);
}
END_TEST

START_TEST(an_array_with_another_field_is_no_senml)
{
    decode("up/7", "[{\"bn\":\"p\",\"n\":\"a\",\"v\":1,\"quality\":3}]");
    ck_assert_str_ne(batch.items[0].sensor, "p");
}
END_TEST

START_TEST(line_protocol_gives_its_fields)
{
    decode("metrics/x", "weather,host=roof,place=north\\ side temp=21.5,n=3i,ok=t,s=\"a, b=c\" "
                        "1700000000000000000\nweather,host=cellar temp=9\n");
    const struct item *temp = reading("weather.north side.temp");
    ck_assert_str_eq(temp->sensor, "roof");
    ck_assert_str_eq(temp->path, "weather.temp");
    ck_assert_int_eq(temp->time, 1700000000 * TIMESTAMP_SECOND);
    ck_assert_double_eq(reading("weather.north side.n")->value, 3);
    ck_assert(reading("weather.north side.ok")->binary_state);
    ck_assert_str_eq(reading("weather.temp")->sensor, "cellar");
    ck_assert_int_eq(reading("weather.temp")->time, 1767323045 * TIMESTAMP_SECOND);
}
END_TEST

START_TEST(sentences_are_no_line_protocol)
{
    static const char *const texts[] = {"door open=1",       "a,b c=d e",   "x,y=z a=0x10",
                                        "hello, world = 1",  "m,t=1 f=nan", "m,t=1 f=1 soon",
                                        "m,t= f=1 17000000", ",a=b c=1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        decode("note/x", texts[i]);
        ck_assert_msg(no_reading(), "%s", texts[i]);
    }
}
END_TEST

START_TEST(pairs_become_series)
{
    static const char *const texts[] = {"t=21.5C,h=60 %,s=on", "t=21.5C&h=60%&s=on",
                                        "t=21.5C; h=60%; s=on;", "t=21.5C h=60% s=on",
                                        "t=21.5C\r\nh=60%\r\ns=on"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        decode("hall/box", texts[i]);
        ck_assert_double_eq(reading("t")->value, 21.5);
        ck_assert_str_eq(reading("h")->unit, "%");
        ck_assert(reading("s")->binary_state);
        ck_assert_str_eq(reading("t")->sensor, "hall/box");
    }
}
END_TEST

START_TEST(texts_that_only_resemble_pairs_stay_texts)
{
    static const char *const texts[] = {"t=21.5",   "a=b,c=d",       "1=2,3=4", "t=1,and more",
                                        "x==1,y=2", "if a=1 then b", "=1,=2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        decode("note/x", texts[i]);
        ck_assert_msg(no_reading(), "%s", texts[i]);
    }
}
END_TEST

/* Protobuf by hand: fields below 16 in one byte, lengths below 128. */
struct bytes {
    unsigned char at[256];
    size_t len;
};

static void put_varint(struct bytes *out, unsigned field, uint64_t value)
{
    out->at[out->len++] = (unsigned char)(field << 3);
    for (; value > 127; value >>= 7)
        out->at[out->len++] = (unsigned char)(value | 128);
    out->at[out->len++] = (unsigned char)value;
}

static void put_bytes(struct bytes *out, unsigned field, const void *data, size_t len)
{
    out->at[out->len++] = (unsigned char)(field << 3 | 2);
    out->at[out->len++] = (unsigned char)len;
    memcpy(out->at + out->len, data, len);
    out->len += len;
}

static void put_float(struct bytes *out, unsigned field, float value)
{
    out->at[out->len++] = (unsigned char)(field << 3 | 5);
    memcpy(out->at + out->len, &value, sizeof value); /* little-endian, like the test machines */
    out->len += sizeof value;
}

START_TEST(sparkplug_names_come_from_the_birth)
{
    struct bytes payload = {.len = 0}, metric = {.len = 0}, unit = {.len = 0}, set = {.len = 0};
    put_bytes(&metric, 1, "Tank/level", 10);
    put_varint(&metric, 2, 300);
    put_varint(&metric, 4, 3);
    put_bytes(&unit, 8, "mm", 2);
    put_bytes(&set, 1, "engUnit", 7);
    put_bytes(&set, 2, unit.at, unit.len);
    put_bytes(&metric, 9, set.at, set.len);
    put_varint(&metric, 10, 0xFFFFFFFE);
    put_varint(&payload, 1, 1700000000000);
    put_bytes(&payload, 2, metric.at, metric.len);
    decode_bytes("spBv1.0/plant/DBIRTH/edge/tank", payload.at, payload.len);
    ck_assert_int_eq(batch.items[0].type, ITEM_PRESENCE);
    ck_assert_int_eq(batch.items[0].status, STATUS_ONLINE);
    ck_assert_double_eq(reading("Tank/level")->value, -2);
    ck_assert_str_eq(reading("Tank/level")->unit, "mm");
    ck_assert_int_eq(reading("Tank/level")->time, 1700000000 * TIMESTAMP_SECOND);
    ck_assert_str_eq(reading("Tank/level")->sensor, batch.items[0].sensor);

    payload.len = metric.len = 0;
    put_varint(&metric, 2, 300);
    put_float(&metric, 12, 7.5F);
    put_bytes(&payload, 2, metric.at, metric.len);
    decode_bytes("spBv1.0/plant/DDATA/edge/tank", payload.at, payload.len);
    ck_assert_double_eq(reading("Tank/level")->value, 7.5);
    ck_assert_str_eq(reading("Tank/level")->unit, "mm");
    decode_bytes("spBv1.0/plant/DDATA/other/tank", payload.at, payload.len);
    ck_assert_double_eq(reading("alias 300")->value, 7.5);
    decode_bytes("spBv1.0/plant/DDEATH/edge/tank", payload.at, payload.len);
    ck_assert_uint_eq(batch.item_count, 1);
    ck_assert_int_eq(batch.items[0].status, STATUS_OFFLINE);
}
END_TEST

static void born(const char *topic)
{
    struct bytes payload = {.len = 0};
    put_varint(&payload, 1, 1700000000000);
    decode_bytes(topic, payload.at, payload.len);
}

/* What a node's death tells is each device's own name, as its data tell it. */
START_TEST(sparkplug_devices_die_with_their_node)
{
    char tank[64], pump[64];
    born("spBv1.0/plant/NBIRTH/edge");
    born("spBv1.0/plant/DBIRTH/edge/tank");
    snprintf(tank, sizeof tank, "%s", batch.items[0].sensor);
    born("spBv1.0/plant/DDATA/edge/pump"); /* born before we came */
    born("spBv1.0/plant/DDATA/edge/pump");
    born("spBv1.0/plant/DBIRTH/other/valve");
    born("spBv1.0/plant/DBIRTH/edge/pump");
    snprintf(pump, sizeof pump, "%s", batch.items[0].sensor);
    born("spBv1.0/plant/NDEATH/edge");
    ck_assert_uint_eq(batch.item_count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(batch.items[i].type, ITEM_PRESENCE);
        ck_assert_int_eq(batch.items[i].status, STATUS_OFFLINE);
    }
    ck_assert_str_eq(batch.items[1].sensor, tank);
    ck_assert_str_eq(batch.items[2].sensor, pump);
    born("spBv1.0/plant/NBIRTH/edge"); /* the node alone is back */
    ck_assert_uint_eq(batch.item_count, 1);
    ck_assert_int_eq(batch.items[0].status, STATUS_ONLINE);
    born("spBv1.0/plant/DBIRTH/edge/tank");
    ck_assert_uint_eq(batch.item_count, 1);
    ck_assert_str_eq(batch.items[0].sensor, tank);
    born("spBv1.0/plant/DDEATH/edge/tank");
    ck_assert_uint_eq(batch.item_count, 1);
    born("spBv1.0/elsewhere/NDEATH/edge");
    ck_assert_uint_eq(batch.item_count, 1);
}
END_TEST

START_TEST(sparkplug_devices_are_listed_up_to_a_bound)
{
    char topic[64];
    for (int i = 0; i < 1500; i++) {
        snprintf(topic, sizeof topic, "spBv1.0/plant/DDATA/edge/d%d", i);
        born(topic);
    }
    born("spBv1.0/plant/NDEATH/edge");
    ck_assert_uint_eq(batch.item_count, 1001);
}
END_TEST

START_TEST(damaged_sparkplug_is_malformed)
{
    decode("spBv1.0/plant/DDATA/edge/tank", "\x12\x7Fno");
    ck_assert_uint_eq(batch.item_count, 1);
    ck_assert_int_eq(batch.items[0].type, ITEM_MALFORMED);
    decode("spBv1.0/plant/DDATA", "21.5"); /* not such a topic */
    ck_assert_int_ne(batch.items[0].type, ITEM_MALFORMED);
}
END_TEST

START_TEST(cbor_is_read_like_json)
{
    static const unsigned char map[] = {0xA4, 0x61, 't',  0xF9, 0x4D, 0x60, 0x62, 'o',  'n',  0xF5,
                                        0x61, 'n',  0x38, 0x63, 0x61, 'l',  0x82, 0x01, 0x18, 0xC8};
    decode_bytes("shed/box", map, sizeof map);
    ck_assert_double_eq(reading("t")->value, 21.5);
    ck_assert(reading("on")->binary_state);
    ck_assert_double_eq(reading("n")->value, -100);
    ck_assert_double_eq(reading("l.1")->value, 200);
    static const unsigned char open_map[] = {0xD9, 0xD9, 0xF7, 0xBF, 0x61, 'a', 0x07, 0xFF};
    decode_bytes("shed/box", open_map, sizeof open_map);
    ck_assert_double_eq(reading("a")->value, 7);
}
END_TEST

START_TEST(other_bytes_are_no_cbor)
{
    static const unsigned char more[] = {0xA1, 0x61, 'a', 0x07, 0x07};
    static const unsigned char less[] = {0xA2, 0x61, 'a', 0x07};
    static const unsigned char numbers[] = {0xA1, 0x01, 0x07};
    static const unsigned char huge[] = {0xBB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    unsigned char deep[4096] = {0xA1, 0x61, 'a'};
    memset(deep + 3, 0x81, sizeof deep - 4);
    deep[sizeof deep - 1] = 0x01;
    decode_bytes("shed/box", more, sizeof more);
    ck_assert(no_reading());
    decode_bytes("shed/box", less, sizeof less);
    ck_assert(no_reading());
    decode_bytes("shed/box", numbers, sizeof numbers);
    ck_assert(no_reading());
    decode_bytes("shed/box", huge, sizeof huge);
    ck_assert(no_reading());
    decode_bytes("shed/box", deep, sizeof deep);
    ck_assert(no_reading());
    ck_assert_int_eq(batch.items[0].type, ITEM_TEXT);
}
END_TEST

START_TEST(messagepack_is_read_like_json)
{
    static const unsigned char map[] = {0x85, 0xA1, 't',  0xCA, 0x41, 0xAC, 0x00, 0x00, 0xA2,
                                        'o',  'n',  0xC3, 0xA1, 'n',  0xD0, 0x9C, 0xA1, 'l',
                                        0x92, 0x01, 0xCC, 0xC8, 0xA1, 'u',  0x81, 0xA1, 'q',
                                        0xCB, 0x40, 0x35, 0x80, 0,    0,    0,    0,    0};
    decode_bytes("shed/box", map, sizeof map);
    ck_assert_double_eq(reading("t")->value, 21.5);
    ck_assert(reading("on")->binary_state);
    ck_assert_double_eq(reading("n")->value, -100);
    ck_assert_double_eq(reading("l.1")->value, 200);
    ck_assert_double_eq(reading("u.q")->value, 21.5);
    static const unsigned char wide[] = {0xDE, 0x00, 0x02, 0xD9, 0x01, 'a', 0x07,
                                         0xA1, 'b',  0xC7, 0x01, 0x05, 0xFF};
    decode_bytes("shed/box", wide, sizeof wide);
    ck_assert_double_eq(reading("a")->value, 7);
    ck_assert_uint_eq(batch.item_count, 1);
}
END_TEST

START_TEST(other_bytes_are_no_messagepack)
{
    static const struct {
        unsigned char bytes[12];
        size_t len;
    } table[] = {
        {{0x81, 0xA1, 'a', 0x07, 0x07}, 5},  /* more */
        {{0x82, 0xA1, 'a', 0x07}, 4},        /* less */
        {{0x81, 0x01, 0x07}, 3},             /* a number for a key */
        {{0x81, 0xA0, 0x07}, 3},             /* no name at all */
        {{0x81, 0xA1, 0x02, 0x07}, 4},       /* or none that anybody gives */
        {{0x81, 0xA1, 0xFF, 0x07}, 4},       /* no UTF-8 */
        {{0x81, 0xA1, 'a', 0xC1}, 4},        /* no type */
        {{0x80}, 1},                         /* empty */
        {{0x91, 0x07}, 2},                   /* no map */
        {{0xDF, 0xFF, 0xFF, 0xFF, 0xFF}, 5}, /* four thousand million members */
        {{0x81, 0xA1, 'a', 0xDD, 0xFF, 0xFF, 0xFF, 0xFF}, 8},
        {{0x81, 0xDB, 0xFF, 0xFF, 0xFF, 0xFF, 'a'}, 7},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        decode_bytes("shed/box", table[i].bytes, table[i].len);
        ck_assert_msg(no_reading(), "row %zu", i);
    }
    unsigned char deep[4096] = {0x81, 0xA1, 'a'};
    memset(deep + 3, 0x91, sizeof deep - 4);
    deep[sizeof deep - 1] = 0x01;
    decode_bytes("shed/box", deep, sizeof deep);
    ck_assert(no_reading());
    /* Each level announces what would be gigabytes. */
    for (size_t i = 3; i + 5 <= sizeof deep; i += 5)
        memcpy(deep + i, "\xDD\xFF\xFF\xFF\xFF", 5);
    decode_bytes("shed/box", deep, sizeof deep);
    ck_assert(no_reading());
    ck_assert_int_eq(batch.items[0].type, ITEM_TEXT);
}
END_TEST

START_TEST(messagepack_keeps_the_bounds_of_a_message)
{
    static unsigned char many[3 + 5 * 1000] = {0xDE, 1000 >> 8, 1000 & 0xFF};
    for (unsigned i = 0; i < 1000; i++) {
        unsigned char *at = many + 3 + 5 * (size_t)i;
        at[0] = 0xA3;
        at[1] = (unsigned char)('a' + i % 26);
        at[2] = (unsigned char)('a' + i / 26 % 26);
        at[3] = (unsigned char)('a' + i / 676);
        at[4] = (unsigned char)(i % 128);
    }
    decode_bytes("shed/box", many, sizeof many);
    ck_assert_uint_eq(batch.item_count, PAYLOAD_MAX_SERIES + 1);
    ck_assert_int_eq(batch.items[PAYLOAD_MAX_SERIES].type, ITEM_MALFORMED);
}
END_TEST

/* A third of all first bytes could begin a map of one member: hardly any goes on as one. */
START_TEST(random_bytes_are_hardly_ever_messagepack)
{
    struct random random;
    unsigned taken = 0;
    random_init(&random, 7);
    for (int i = 0; i < 200000; i++) {
        unsigned char bytes[8];
        uint64_t next = random_next(&random);
        size_t len = 4 + (size_t)(next >> 60) % 5;
        memcpy(bytes, &next, sizeof bytes);
        bytes[0] = (unsigned char)(0x81 + bytes[0] % 15);
        decode_bytes("shed/box", bytes, len);
        taken += !no_reading();
    }
    ck_assert_uint_lt(taken, 40); /* of 200,000 that begin as one; 1 in 17 does */
}
END_TEST

START_TEST(an_empty_live_message_below_a_device_says_it_left)
{
    decode("N/a1b2c3d4e5f6/inverter/20/power", "");
    ck_assert_uint_eq(batch.item_count, 1);
    ck_assert_int_eq(batch.items[0].status, STATUS_OFFLINE);
    decode("house/button/action", "");
    ck_assert_uint_eq(batch.item_count, 0);
    decode("digital_twin/lab/sensor/T1/temperature", "");
    ck_assert_uint_eq(batch.item_count, 0);
}
END_TEST

struct told {
    char parts[64][2][64];
    size_t count;
};

static void remember(void *context, const char *part, const char *place, const char *why)
{
    struct told *told = context;
    if (told->count == 64)
        return;
    snprintf(told->parts[told->count][0], 64, "%s %s", part, place);
    snprintf(told->parts[told->count++][1], 64, "%s", why);
}

static const char *why(const struct told *told, const char *what)
{
    for (size_t i = 0; i < told->count; i++)
        if (strcmp(told->parts[i][0], what) == 0)
            return told->parts[i][1];
    ck_abort_msg("nothing told of '%s'", what);
    return NULL;
}

START_TEST(a_trace_tells_which_rule_decided)
{
    static struct told told;
    struct trace trace = {.tell = remember, .context = &told};
    decoder_trace(decoder, &trace);
    decode("plant/box", "{\"ts\":1700000000,\"device_id\":\"b7\",\"total_m3\":4,\"note\":\"x\","
                        "\"in\":{\"value\":1,\"unit\":\"bar\"}}");
    ck_assert_ptr_nonnull(strstr(why(&told, "time "), "at the root"));
    ck_assert_ptr_nonnull(strstr(why(&told, "sensor device_id"), "names the sender"));
    ck_assert_ptr_nonnull(strstr(why(&told, "no series ts"), "a time"));
    ck_assert_ptr_nonnull(strstr(why(&told, "unit total_m3"), "end of its key"));
    ck_assert_ptr_nonnull(strstr(why(&told, "unit in.value"), "from 'unit' beside it"));
    ck_assert_ptr_nonnull(strstr(why(&told, "no series note"), "a text"));
    size_t before = told.count;
    decoder_trace(decoder, NULL);
    decode("plant/box", "{\"a\":1}");
    ck_assert_uint_eq(told.count, before);
}
END_TEST

Suite *formats_suite(void)
{
    Suite *suite = suite_create("formats");
    TCase *tcase = tcase_create("formats");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, senml_base_values_hold_for_later_records);
    tcase_add_test(tcase, senml_times_may_be_relative_to_now);
    tcase_add_test(tcase, an_array_with_another_field_is_no_senml);
    tcase_add_test(tcase, line_protocol_gives_its_fields);
    tcase_add_test(tcase, sentences_are_no_line_protocol);
    tcase_add_test(tcase, pairs_become_series);
    tcase_add_test(tcase, texts_that_only_resemble_pairs_stay_texts);
    tcase_add_test(tcase, sparkplug_names_come_from_the_birth);
    tcase_add_test(tcase, sparkplug_devices_die_with_their_node);
    tcase_add_test(tcase, sparkplug_devices_are_listed_up_to_a_bound);
    tcase_add_test(tcase, damaged_sparkplug_is_malformed);
    tcase_add_test(tcase, cbor_is_read_like_json);
    tcase_add_test(tcase, other_bytes_are_no_cbor);
    tcase_add_test(tcase, messagepack_is_read_like_json);
    tcase_add_test(tcase, other_bytes_are_no_messagepack);
    tcase_add_test(tcase, messagepack_keeps_the_bounds_of_a_message);
    tcase_add_test(tcase, random_bytes_are_hardly_ever_messagepack);
    tcase_add_test(tcase, an_empty_live_message_below_a_device_says_it_left);
    tcase_add_test(tcase, a_trace_tells_which_rule_decided);
    suite_add_tcase(suite, tcase);
    return suite;
}
