#include "unit/suites.h"

#include <string.h>

#include "core/plain.h"
#include "core/unitword.h"
#include "core/words.h"

static struct plain read(const char *text)
{
    return plain_read(text, strlen(text));
}

static void expect_number(const char *text, double value, const char *unit)
{
    struct plain plain = read(text);
    ck_assert_msg(plain.kind == PLAIN_NUMBER, "'%s' is no number", text);
    ck_assert_msg(plain.value == value, "'%s' is %g", text, plain.value);
    ck_assert_msg(plain.unit_len == strlen(unit) && memcmp(plain.unit, unit, plain.unit_len) == 0,
                  "'%s' has the unit '%.*s'", text, (int)plain.unit_len, plain.unit);
}

static void expect_kind(enum plain_kind kind, const char *const *texts)
{
    for (; *texts; texts++)
        ck_assert_msg(read(*texts).kind == kind, "'%s' is of kind %d", *texts, read(*texts).kind);
}

START_TEST(numbers_are_decimal)
{
    expect_number("21.5", 21.5, "");
    expect_number("-17", -17, "");
    expect_number("+5", 5, "");
    expect_number(".5", 0.5, "");
    expect_number("5.", 5, "");
    expect_number("010", 10, "");
    expect_number("1.25e-3", 0.00125, "");
    expect_number("1E5", 100000, "");
    expect_number(" 7\r\n", 7, "");
    expect_number("1e-400", 0, "");
    expect_number("18446744073709551615", 18446744073709551615.0, "");
}
END_TEST

START_TEST(one_comma_is_a_decimal_point)
{
    expect_number("21,5", 21.5, "");
    expect_number("-0,75", -0.75, "");
    expect_number("21,5 °C", 21.5, "°C");
    static const char *const texts[] = {"1,234.5", "1,2,3", ",5", "5,", "1,5e3", NULL};
    expect_kind(PLAIN_TEXT, texts);
}
END_TEST

START_TEST(negative_zero_is_zero)
{
    struct plain plain = read("-0.0");
    ck_assert_int_eq(plain.kind, PLAIN_NUMBER);
    ck_assert(!__builtin_signbit(plain.value));
}
END_TEST

START_TEST(units_behind_a_number)
{
    expect_number("6225 seconds", 6225, "seconds");
    expect_number("12.0 %", 12, "%");
    expect_number("42.7kg", 42.7, "kg");
    expect_number("19°C", 19, "°C");
    expect_number("3 m/s", 3, "m/s");
    expect_number("7 µg/m³", 7, "µg/m³");
    expect_number("1.5 kWh", 1.5, "kWh");
    expect_number("21.5 \xB0"
                  "C",
                  21.5, "C"); /* Latin-1 */
}
END_TEST

START_TEST(what_only_looks_like_a_number_is_text)
{
    static const char *const texts[] = {
        "0x1F",     "--5",        "1/0",        "1_000",   "nan(0x1)",   "21.5 21.6",
        "4m 32s",   "1-0:1.8.0",  "0T18:36:12", "11n",     "11g",        "PT12H5M46S",
        "2.0.18",   "2024-01-15", "12:30",      "3 items", "v2",         "21.5\x1b[2J",
        "e5",       "+",          ".",          "1e",      "12 January", "２１",
        "10.0.0.1", "hot",        "",           "one 1",   NULL};
    expect_kind(PLAIN_TEXT, texts);
}
END_TEST

START_TEST(states)
{
    static const char *const texts[] = {"ON", "off", "True", "false", "open", "CLOSED", NULL};
    expect_kind(PLAIN_STATE, texts);
    ck_assert(read("Open").value == 1);
    ck_assert(read("OFF").value == 0);
    static const char *const others[] = {"onn", "o", "opening", "on off", NULL};
    expect_kind(PLAIN_TEXT, others);
}
END_TEST

START_TEST(gaps)
{
    static const char *const texts[] = {"nan", "NaN",         "null", "None", "unknown",
                                        "-",   "unavailable", "n/a",  "inf",  "-Infinity",
                                        "- %", "1e999",       NULL};
    expect_kind(PLAIN_GAP, texts);
}
END_TEST

START_TEST(an_overlong_number_is_text)
{
    char digits[1000];
    memset(digits, '1', sizeof digits);
    ck_assert_int_eq(plain_read(digits, sizeof digits).kind, PLAIN_TEXT);
    ck_assert_int_eq(plain_read(digits, 100).kind, PLAIN_NUMBER);
}
END_TEST

START_TEST(labels_are_told_from_quantities)
{
    ck_assert(plain_is_label("030597946104", 12));
    ck_assert(plain_is_label("7359992890000000", 16));
    ck_assert(plain_is_label("00", 2));
    ck_assert(!plain_is_label("0", 1));
    ck_assert(!plain_is_label("0.000", 5));
    ck_assert(!plain_is_label("868300000", 9));
    ck_assert(!plain_is_label("-007", 4));
}
END_TEST

START_TEST(units_at_the_end_of_keys)
{
    static const struct {
        const char *key, *unit;
    } cases[] = {
        {"total_m3", "m3"},        {"temperature_C", "C"},        {"rssi_dbm", "dbm"},
        {"supply_voltage_v", "v"}, {"uptime_seconds", "seconds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = unitword_suffix(cases[i].key, strlen(cases[i].key));
        ck_assert_str_eq(cases[i].key + at, cases[i].unit);
    }
    static const char *const none[] = {"phase_a", "temp_min", "battery_ok", "field_N",
                                       "kwh",     "_c",       "power_"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(unitword_suffix(none[i], strlen(none[i])) == 0, "%s", none[i]);
}
END_TEST

START_TEST(words_are_compared_whole)
{
    ck_assert(words_in("on|two words|off", "Two Words", 9));
    ck_assert(words_in("on|off", "off", 3));
    ck_assert(!words_in("on|off", "of", 2));
    ck_assert(!words_in("on|off", "off\0x", 5)); /* a NUL ends no foreign word */
    ck_assert(!words_in("on|off", "on|off", 6));
    ck_assert(!words_in("on|off", "", 0));
    ck_assert(!unitword_known("V\0m", 3));
}
END_TEST

Suite *plain_suite(void)
{
    Suite *suite = suite_create("plain");
    TCase *tests = tcase_create("plain");
    tcase_add_test(tests, numbers_are_decimal);
    tcase_add_test(tests, one_comma_is_a_decimal_point);
    tcase_add_test(tests, negative_zero_is_zero);
    tcase_add_test(tests, units_behind_a_number);
    tcase_add_test(tests, what_only_looks_like_a_number_is_text);
    tcase_add_test(tests, states);
    tcase_add_test(tests, gaps);
    tcase_add_test(tests, an_overlong_number_is_text);
    tcase_add_test(tests, labels_are_told_from_quantities);
    tcase_add_test(tests, units_at_the_end_of_keys);
    tcase_add_test(tests, words_are_compared_whole);
    suite_add_tcase(suite, tests);
    return suite;
}
