#include "unit/suites.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

#define WIDE 1000          /* more columns than any text here takes */
#define BAD "\xEF\xBF\xBD" /* U+FFFD */

/* Bytes in a literal, their count, and what they become. */
struct sample {
    const char *in;
    size_t len;
    const char *out;
};

#define SAMPLE(in, out)         \
    {                           \
        in, sizeof(in) - 1, out \
    }
#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))

static void check_sanitised(const char *in, size_t len, size_t size, unsigned columns,
                            const char *expected, bool unchanged)
{
    char *copy = malloc(len > 0 ? len : 1); /* exact, so that a sanitizer sees a read past it */
    char *out = malloc(size);
    ck_assert(copy && out);
    memcpy(copy, in, len);
    bool same = text_sanitise(out, size, copy, len, columns);
    ck_assert_str_eq(out, expected);
    ck_assert_int_eq(same, unchanged);
    free(copy);
    free(out);
}

static const struct sample kept[] = {
    SAMPLE("", ""),
    SAMPLE("TEMP_SENSOR_001", "TEMP_SENSOR_001"),
    SAMPLE(" !~ 0123456789 printable ASCII of more than one word", " !~ 0123456789 printable "
                                                                   "ASCII of more than one word"),
    SAMPLE("°C µg/m³ Ω", "°C µg/m³ Ω"),
    SAMPLE("温度センサー一号", "温度センサー一号"),
    SAMPLE("حرارة", "حرارة"),
    SAMPLE("e\u0301te\u0301", "e\u0301te\u0301"),
    SAMPLE("😀", "😀"),
    SAMPLE("· … " BAD, "· … " BAD),
    SAMPLE("\\x1b[2J \\033[31m %n", "\\x1b[2J \\033[31m %n"),
};

static const struct sample changed[] = {
    /* controls: C0, DEL, C1 in UTF-8, line separators */
    SAMPLE("TEMP\x1b[2J", "TEMP·[2J"),
    SAMPLE("a\r\n\t\b\0b\x7f", "a·····b·"),
    SAMPLE("A\xc2\2332J\xc2\2350\xc2\x85", "A·2J·0·"),
    SAMPLE("line\u2028sep\u2029", "line·sep·"),
    /* not UTF-8: raw C1, stray and missing continuations, overlong forms, surrogates, too large */
    SAMPLE("\2332J", BAD "2J"),
    SAMPLE("21.5 \260C", "21.5 " BAD "C"),
    SAMPLE("\xff\xfe", BAD BAD),
    SAMPLE("21.5 \xe2\x84", "21.5 " BAD BAD),
    SAMPLE("\xc0\x9b[2J", BAD BAD "[2J"),
    SAMPLE("\xe0\x80\x9b", BAD BAD BAD),
    SAMPLE("\xf0\x80\x80\x9b", BAD BAD BAD BAD),
    SAMPLE("\xed\xa0\xbd", BAD BAD BAD),
    SAMPLE("\xf4\x90\x80\x80", BAD BAD BAD BAD),
    SAMPLE("\xf5", BAD),
    SAMPLE("\xe2\204A", BAD BAD "A"),
    /* bidi, invisible, tags, selectors */
    SAMPLE("TEMP_\u202e100", "TEMP_100"),
    SAMPLE("\u2067TEMP\u2066_001\u200f", "TEMP_001"),
    SAMPLE("TEMP\u200b_S\u2060_\ufeff001\u00ad", "TEMP_S_001"),
    SAMPLE("🏴\U000e0067\U000e0062\U000e007f", "🏴"),
    SAMPLE("👨\u200d👩", "👨👩"),
    SAMPLE("☀\ufe0f", "☀"),
    SAMPLE("👍\U0001f3fd", "👍"),
    SAMPLE("\u3164\u115f\uffa0", ""),
    /* private use, non-characters, not assigned */
    SAMPLE("\ue000\U000f0000\U0010fffd", BAD BAD BAD),
    SAMPLE("\ufdd0\uffff\U0001fffe", BAD BAD BAD),
    SAMPLE("\u0378", BAD),
    /* combining marks: one on a base, none without */
    SAMPLE("T\u0301\u0336\u0301\u0336x", "T\u0301x"),
    SAMPLE("\u0301T", "T"),
    SAMPLE("e\u200d\u0301\u200d\u0302", "e\u0301"),
};

START_TEST(sanitise_keeps)
{
    check_sanitised(kept[_i].in, kept[_i].len, 200, WIDE, kept[_i].out, true);
}
END_TEST

START_TEST(sanitise_changes)
{
    check_sanitised(changed[_i].in, changed[_i].len, 200, WIDE, changed[_i].out, false);
}
END_TEST

/* Every byte at every place of a word: the quick look must not overlook one. */
START_TEST(plain_sees_every_byte)
{
    char text[24];
    for (int byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < sizeof text; at++) {
            memset(text, byte % 2 ? ' ' : '~', sizeof text);
            text[at] = (char)byte;
            ck_assert_msg(text_is_plain(text, sizeof text) == (byte >= 0x20 && byte <= 0x7e),
                          "byte %02x at %zu", (unsigned)byte, at);
        }
    }
}
END_TEST

START_TEST(sanitise_cuts_by_columns)
{
    check_sanitised("temperature", 11, 100, 11, "temperature", true);
    check_sanitised("temperature", 11, 100, 10, "temperatu…", false);
    check_sanitised("temperature", 11, 100, 1, "…", false);
    check_sanitised("temperature", 11, 100, 0, "", false);
    check_sanitised("温度計", 9, 100, 6, "温度計", true);
    check_sanitised("温度計", 9, 100, 5, "温度…", false);
    check_sanitised("温度計", 9, 100, 4, "温…", false);
    check_sanitised("温度計", 9, 100, 2, "…", false);
}
END_TEST

START_TEST(sanitise_cut_keeps_marks_with_their_base)
{
    const char *in = "ae\u0301o";
    check_sanitised(in, strlen(in), 100, 3, in, true);
    check_sanitised("ae\u0301ou", 6, 100, 3, "ae\u0301…", false);
    check_sanitised("ae\u0301ou", 6, 100, 2, "a…", false);
}
END_TEST

/* What has no columns needs none: it never makes the text look cut. */
START_TEST(sanitise_drops_behind_the_last_column)
{
    check_sanitised("abc\u200b\u200b", 9, 100, 3, "abc", false);
    check_sanitised("abc\u0301", 5, 100, 3, "abc\u0301", true);
}
END_TEST

START_TEST(sanitise_cuts_by_bytes)
{
    char none[1] = {'x'};
    check_sanitised("temperature", 11, 12, WIDE, "temperature", true);
    check_sanitised("temperature", 11, 11, WIDE, "tempera…", false);
    check_sanitised("temperature", 11, 4, WIDE, "…", false);
    check_sanitised("temperature", 11, 3, WIDE, "", false);
    check_sanitised("temperature", 11, 1, WIDE, "", false);
    check_sanitised("温度計", 9, 9, WIDE, "温…", false);
    check_sanitised("\xff\xff\xff", 3, 9, WIDE, BAD "…", false);
    ck_assert(!text_sanitise(none, 0, "a", 1, WIDE));
    ck_assert_int_eq(none[0], 'x');
}
END_TEST

START_TEST(decode_follows_the_standard)
{
    uint32_t code = 0;
    ck_assert_uint_eq(text_decode("\xc2\x80", 2, &code), 2);
    ck_assert_uint_eq(code, 0x80);
    ck_assert_uint_eq(text_decode("\xe0\xa0\x80", 3, &code), 3);
    ck_assert_uint_eq(code, 0x800);
    ck_assert_uint_eq(text_decode("\xed\x9f\xbf", 3, &code), 3);
    ck_assert_uint_eq(code, 0xD7FF);
    ck_assert_uint_eq(text_decode("\xf0\x90\x80\x80", 4, &code), 4);
    ck_assert_uint_eq(code, 0x10000);
    ck_assert_uint_eq(text_decode("\xf4\x8f\xbf\xbf", 4, &code), 4);
    ck_assert_uint_eq(code, 0x10FFFF);
    ck_assert_uint_eq(text_decode("\xf4\x8f\xbf\xbf", 3, &code), 0);
    ck_assert_uint_eq(text_decode("\0", 1, &code), 1);
    ck_assert_uint_eq(code, 0);
}
END_TEST

START_TEST(utf8_is_told_apart)
{
    ck_assert(text_is_utf8(NULL, 0));
    ck_assert(text_is_utf8("plain", 5));
    ck_assert(text_is_utf8("温度 \0\x1b", 9));
    ck_assert(!text_is_utf8("eight by\xff", 9));
    ck_assert(!text_is_utf8("温", 2));
    ck_assert(!text_is_utf8("\xed\xb8\x80", 3));
}
END_TEST

START_TEST(columns_of_code_points)
{
    ck_assert_int_eq(text_columns('a'), 1);
    ck_assert_int_eq(text_columns(0xB0), 1);
    ck_assert_int_eq(text_columns(0x6E29), 2);
    ck_assert_int_eq(text_columns(0x301), 0);
    const uint32_t hidden[] = {0,       0x1B,    0x7F,     0x9B,    0xAD,   0x200B,
                               0x202E,  0x2028,  0xD800,   0xE000,  0xFE0F, 0xFFFE,
                               0x1FFFF, 0xE0041, 0x10FFFF, 0x110000};
    for (int i = 0; i < LENGTH(hidden); i++)
        ck_assert_msg(text_columns(hidden[i]) == -1, "U+%04X", hidden[i]);
}
END_TEST

START_TEST(width_counts_columns)
{
    ck_assert_uint_eq(text_width(""), 0);
    ck_assert_uint_eq(text_width("temperature"), 11);
    ck_assert_uint_eq(text_width("温度 °C"), 7);
    ck_assert_uint_eq(text_width("e\u0301…"), 2);
}
END_TEST

static const char *named(char *out, const char *in)
{
    text_name(out, in, strlen(in));
    return out;
}

START_TEST(name_without_change_has_no_suffix)
{
    char out[TEXT_NAME_BYTES];
    ck_assert_str_eq(named(out, "TEMP_SENSOR_001"), "TEMP_SENSOR_001");
    ck_assert_str_eq(named(out, "温度"), "温度");
    ck_assert_str_eq(named(out, ""), "");
}
END_TEST

START_TEST(name_tells_look_alikes_apart)
{
    char one[TEXT_NAME_BYTES], two[TEXT_NAME_BYTES], nul[TEXT_NAME_BYTES];
    named(one, "TEMP\u200b_001");
    named(two, "TEMP_\u200b001");
    text_name(nul, "TEMP_001\0_EVIL", 14);
    ck_assert_int_eq(strncmp(one, "TEMP_001~", 9), 0);
    ck_assert_uint_eq(strlen(one), 8 + 7);
    ck_assert_uint_eq(strspn(one + 9, "0123456789abcdef"), 6);
    ck_assert_str_ne(one, two);
    ck_assert_int_eq(strncmp(nul, "TEMP_001·_EVIL~", 16), 0);
}
END_TEST

START_TEST(blanks_at_the_ends_of_a_name_are_seen)
{
    static const char *const names[] = {" ", "TEMP ", " TEMP", "  "};
    char out[TEXT_NAME_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        named(out, names[i]);
        ck_assert_uint_eq(strlen(out), strlen(names[i]) + 7);
        ck_assert(!text_is_name(names[i], strlen(names[i])));
    }
    ck_assert_str_eq(named(out, "TEMP 1"), "TEMP 1");
    ck_assert(text_is_name("TEMP 1", 6));
}
END_TEST

START_TEST(name_is_cut_within_its_columns)
{
    char one[TEXT_NAME_BYTES], two[TEXT_NAME_BYTES], in[301];
    memset(in, 'a', 300);
    in[300] = '\0';
    named(one, in);
    in[299] = 'b';
    named(two, in);
    ck_assert_uint_eq(text_width(one), TEXT_NAME_COLUMNS);
    ck_assert_ptr_nonnull(strstr(one, "a…~"));
    ck_assert_str_ne(one, two);
    in[TEXT_NAME_COLUMNS] = '\0';
    ck_assert_str_eq(named(one, in), in);
}
END_TEST

/* The longest that a name can be in bytes: four for each character and for its mark. */
START_TEST(name_fits_its_buffer)
{
    char *out = malloc(TEXT_NAME_BYTES), in[8 * 300 + 1] = "";
    ck_assert_ptr_nonnull(out);
    for (size_t i = 0; i < 300; i++)
        memcpy(in + 8 * i, "\U00010330\U000101fd", 8);
    named(out, in);
    ck_assert_uint_lt(strlen(out), TEXT_NAME_BYTES);
    ck_assert(text_is_utf8(out, strlen(out)));
    ck_assert_ptr_nonnull(strstr(out, "…~"));
    free(out);
}
END_TEST

Suite *text_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");
    tcase_add_loop_test(tcase, sanitise_keeps, 0, LENGTH(kept));
    tcase_add_loop_test(tcase, sanitise_changes, 0, LENGTH(changed));
    tcase_add_test(tcase, plain_sees_every_byte);
    tcase_add_test(tcase, sanitise_cuts_by_columns);
    tcase_add_test(tcase, sanitise_cut_keeps_marks_with_their_base);
    tcase_add_test(tcase, sanitise_drops_behind_the_last_column);
    tcase_add_test(tcase, sanitise_cuts_by_bytes);
    tcase_add_test(tcase, decode_follows_the_standard);
    tcase_add_test(tcase, utf8_is_told_apart);
    tcase_add_test(tcase, columns_of_code_points);
    tcase_add_test(tcase, width_counts_columns);
    tcase_add_test(tcase, name_without_change_has_no_suffix);
    tcase_add_test(tcase, name_tells_look_alikes_apart);
    tcase_add_test(tcase, blanks_at_the_ends_of_a_name_are_seen);
    tcase_add_test(tcase, name_is_cut_within_its_columns);
    tcase_add_test(tcase, name_fits_its_buffer);
    suite_add_tcase(suite, tcase);
    return suite;
}
