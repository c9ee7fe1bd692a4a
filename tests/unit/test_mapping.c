#include "unit/suites.h"

#include "core/mapping.h"
#include "core/nearest.h"
#include "core/payload.h"

#include <string.h>

static struct mappings mappings;
static struct mapping *mapping;
static struct decoder *decoder;
static struct batch batch;
static char error[300];

static void setup(void)
{
    mappings = (struct mappings){0};
    mapping = mappings_get(&mappings, "m");
    decoder = decoder_new(&mappings);
}

static void teardown(void)
{
    decoder_free(decoder);
    batch_fini(&batch);
    batch = (struct batch){0};
    mappings_fini(&mappings);
}

static void set(const char *key, const char *value)
{
    ck_assert_msg(mapping_set(mapping, key, value, error, sizeof error), "%s", error);
}

static void refuse(const char *key, const char *value, const char *why)
{
    ck_assert_msg(!mapping_set(mapping, key, value, error, sizeof error), "%s = %s", key, value);
    ck_assert_msg(strstr(error, why) != NULL, "'%s' does not say '%s'", error, why);
}

static void decode(const char *topic, const char *payload)
{
    struct message message = {.topic = topic,
                              .payload = payload,
                              .bytes = strlen(payload),
                              .arrival = 1767323045 * TIMESTAMP_SECOND};
    batch_reset(&batch);
    decoder_decode(decoder, &message, &batch);
}

static const struct item *item(enum item_type type, const char *series)
{
    for (size_t i = 0; i < batch.item_count; i++)
        if (batch.items[i].type == type && (!series || strcmp(batch.items[i].series, series) == 0))
            return &batch.items[i];
    return NULL;
}

static const struct item *reading(const char *series)
{
    const struct item *found = item(ITEM_READING, series);
    ck_assert_msg(found != NULL, "no reading %s", series);
    return found;
}

START_TEST(sensor_is_joined_from_levels_and_places)
{
    set("topic", "radio/+/rx");
    set("sensor", "$2 tag.model \"the id\" $-1 nothing.there $9");
    decode("radio/north/rx", "{\"tag\":{\"model\":\"Q\"},\"the id\":7,\"humidity\":50}");
    ck_assert_str_eq(reading("humidity")->sensor, "north/Q/7/rx");
    decode("elsewhere/north/rx", "{\"tag\":{\"model\":\"Q\"},\"the id\":7,\"humidity\":50}");
    ck_assert_str_ne(reading("humidity")->sensor, "north/Q/7/rx");
}
END_TEST

START_TEST(series_get_name_unit_and_scale)
{
    set("topic", "a/#");
    set("series", "raw.t name=temperature unit=\"deg C\" scale=0.1 offset=-40");
    set("series", "tanks.*.fill unit=l");
    decode("a/b", "{\"raw\":{\"t\":620,\"x\":1},\"tanks\":[{\"fill\":3}]}");
    ck_assert_double_eq(reading("temperature")->value, 22);
    ck_assert_str_eq(reading("temperature")->unit, "deg C");
    ck_assert_str_eq(reading("temperature")->path, "raw.t");
    ck_assert_str_eq(reading("raw.x")->unit, "");
    ck_assert_str_eq(reading("tanks.0.fill")->unit, "l");
}
END_TEST

START_TEST(a_listed_place_is_a_series_whatever_its_key_says)
{
    set("topic", "a");
    set("series", "id name=count");
    decode("a", "{\"id\":12,\"v\":1}");
    ck_assert_double_eq(reading("count")->value, 12);
    ck_assert_uint_eq(batch.item_count, 2);
}
END_TEST

START_TEST(a_plain_number_has_the_empty_path)
{
    set("topic", "well/+/depth");
    set("sensor", "$2");
    set("series", "\"\" name=level unit=m scale=0.01");
    decode("well/3/depth", "150");
    ck_assert_str_eq(reading("level")->sensor, "3");
    ck_assert_double_eq(reading("level")->value, 1.5);
}
END_TEST

START_TEST(what_is_ignored_is_no_series_unless_it_is_listed)
{
    set("topic", "a");
    set("series", "keep.one");
    set("ignore", "*");
    decode("a", "{\"keep\":{\"one\":1,\"two\":2},\"other\":3}");
    ck_assert_double_eq(reading("keep.one")->value, 1);
    ck_assert_uint_eq(batch.item_count, 1);
}
END_TEST

START_TEST(ignoring_a_place_ignores_what_is_inside)
{
    set("topic", "a");
    set("ignore", "radio x.*.y");
    decode("a", "{\"radio\":{\"rssi\":-3},\"radios\":1,\"x\":[{\"y\":1,\"z\":2}]}");
    ck_assert_ptr_null(item(ITEM_READING, "radio.rssi"));
    ck_assert_ptr_null(item(ITEM_READING, "x.0.y"));
    reading("radios");
    reading("x.0.z");
}
END_TEST

START_TEST(time_is_where_the_mapping_says)
{
    set("topic", "a/#");
    set("time", "head.when");
    decode("a/b", "{\"time\":\"2020-01-01T00:00:00Z\",\"head\":{\"when\":1705328625},"
                  "\"in\":{\"ts\":1600000000,\"v\":1}}");
    ck_assert_int_eq(reading("in")->time, 1705328625 * TIMESTAMP_SECOND);
    set("time", "-");
    decode("a/b", "{\"time\":\"2020-01-01T00:00:00Z\",\"x\":1}");
    ck_assert_int_eq(reading("x")->time, 1767323045 * TIMESTAMP_SECOND);
}
END_TEST

START_TEST(presence_has_its_own_words)
{
    set("topic", "a/#");
    set("sensor", "$2");
    set("presence", "link on=up,2 off=down,0");
    decode("a/pump", "{\"link\":\"down\",\"x\":1}");
    ck_assert_int_eq(item(ITEM_PRESENCE, NULL)->status, STATUS_OFFLINE);
    ck_assert_str_eq(item(ITEM_PRESENCE, NULL)->sensor, "pump");
    decode("a/pump", "{\"link\":2}");
    ck_assert_int_eq(item(ITEM_PRESENCE, NULL)->status, STATUS_ONLINE);
    decode("a/pump", "{\"link\":\"sleeping\",\"status\":\"offline\",\"x\":1}");
    ck_assert_ptr_null(item(ITEM_PRESENCE, NULL));
    set("presence", "\"\" on=up off=down");
    decode("a/pump", "down");
    ck_assert_int_eq(item(ITEM_PRESENCE, NULL)->status, STATUS_OFFLINE);
}
END_TEST

START_TEST(text_is_split_as_told)
{
    set("topic", "a/#");
    set("split", "csv");
    set("series", "0 name=t unit=C");
    decode("a/b", "21.5, 60");
    ck_assert_double_eq(reading("t")->value, 21.5);
    ck_assert_double_eq(reading("1")->value, 60);
    set("split", "semicolon");
    decode("a/b", "3,5;7");
    ck_assert_double_eq(reading("t")->value, 3.5);
    set("split", "form");
    decode("a/b", "flow+rate=3%2e5&n=1");
    ck_assert_double_eq(reading("flow rate")->value, 3.5);
    set("split", "line");
    decode("a/b", "door open=1");
    ck_assert_double_eq(reading("door.open")->value, 1);
}
END_TEST

START_TEST(records_of_one_array_are_sensors_where_the_name_is_inside)
{
    set("topic", "a");
    set("sensor", "who");
    set("series", "level unit=m");
    decode("a", "[{\"who\":\"p\",\"level\":1},{\"who\":\"q\",\"level\":2}]");
    ck_assert_uint_eq(batch.item_count, 2);
    ck_assert_str_eq(batch.items[0].sensor, "p");
    ck_assert_str_eq(batch.items[1].sensor, "q");
    ck_assert_str_eq(batch.items[1].unit, "m");
}
END_TEST

START_TEST(a_mistake_is_told_with_what_is_near)
{
    refuse("sensr", "$1", "unknown key 'sensr', did you mean 'sensor'?");
    refuse("series", "a unti=C", "did you mean 'unit'?");
    refuse("series", "a scale=x", "scale is a number");
    refuse("series", "a scale=0", "scale is a number other than 0");
    refuse("series", "a nonsense", "name=, unit=");
    refuse("sensor", "$x", "a topic level is $1");
    refuse("sensor", "", "sensor needs");
    refuse("topic", "a/#/b", "topic 'a/#/b'");
    refuse("split", "tabs", "csv, form, line or semicolon");
    refuse("presence", "a", "on= or off=");
    refuse("ignore", "", "ignore needs");
    refuse("time", "a b", "one path");
    refuse("series", "\"open", "quote");
    ck_assert(!mapping_complete(mapping, error, sizeof error));
    ck_assert_str_eq(error, "[mapping m] needs a topic");
}
END_TEST

START_TEST(the_first_that_matches_is_taken)
{
    set("topic", "a/+");
    struct mapping *other = mappings_get(&mappings, "other");
    ck_assert(mapping_set(other, "topic", "#", error, sizeof error));
    ck_assert_ptr_eq(mappings_get(&mappings, "m"), mapping);
    ck_assert_ptr_eq(mappings_find(&mappings, "a/b"), mapping);
    ck_assert_ptr_eq(mappings_find(&mappings, "b"), other);
    ck_assert_ptr_null(mappings_find(&mappings, "$SYS/x"));
}
END_TEST

START_TEST(near_words_are_found_and_others_are_not)
{
    static const struct {
        const char *typed, *known;
        bool near;
    } pairs[] = {{"prot", "port", true}, {"keepalvie", "keepalive", true},
                 {"x", "id", false},     {"host", "window", false},
                 {"", "id", false},      {"tpoic", "topic", true}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct nearest nearest = {.word = pairs[i].typed};
        nearest_try(&nearest, pairs[i].known);
        ck_assert_msg((nearest.best != NULL) == pairs[i].near, "%s", pairs[i].typed);
    }
}
END_TEST

Suite *mapping_suite(void)
{
    Suite *suite = suite_create("mapping");
    TCase *tcase = tcase_create("mapping");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, sensor_is_joined_from_levels_and_places);
    tcase_add_test(tcase, series_get_name_unit_and_scale);
    tcase_add_test(tcase, a_listed_place_is_a_series_whatever_its_key_says);
    tcase_add_test(tcase, a_plain_number_has_the_empty_path);
    tcase_add_test(tcase, what_is_ignored_is_no_series_unless_it_is_listed);
    tcase_add_test(tcase, ignoring_a_place_ignores_what_is_inside);
    tcase_add_test(tcase, time_is_where_the_mapping_says);
    tcase_add_test(tcase, presence_has_its_own_words);
    tcase_add_test(tcase, text_is_split_as_told);
    tcase_add_test(tcase, records_of_one_array_are_sensors_where_the_name_is_inside);
    tcase_add_test(tcase, a_mistake_is_told_with_what_is_near);
    tcase_add_test(tcase, the_first_that_matches_is_taken);
    tcase_add_test(tcase, near_words_are_found_and_others_are_not);
    suite_add_tcase(suite, tcase);
    return suite;
}
