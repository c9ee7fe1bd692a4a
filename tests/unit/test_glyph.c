#include <check.h>
#include <string.h>

#include "ui/glyph.h"
#include "unit/suites.h"

START_TEST(ascii_stays_as_it_is)
{
    for (uint32_t code = ' '; code < 0x7F; code++)
        ck_assert_int_eq(glyph_ascii(code), (int)code);
    ck_assert_int_eq(glyph_ascii(0x1B), '?');
    ck_assert_int_eq(glyph_ascii(0x7F), '?');
}
END_TEST

START_TEST(stand_ins)
{
    static const struct {
        uint32_t code;
        char ascii;
    } table[] = {
        {0x25CF, '*'}, {0x25D0, '~'}, {0x25CB, 'o'}, {0x00B7, '.'},   {0x00D7, 'x'}, {0x00BB, '>'},
        {0x2502, '|'}, {0x2500, '-'}, {0x2514, '+'}, {0x2524, '+'},   {0x251C, '+'}, {0x2026, '~'},
        {0x25BE, 'v'}, {0x25BC, 'v'}, {0x25B2, '^'}, {0x2192, '>'},   {0x00B0, 'o'}, {0x03C3, 's'},
        {0x2800, ' '}, {0x2801, '*'}, {0x28FF, '*'}, {0x25A0, '#'},   {0x00E9, 'e'}, {0x00D1, 'N'},
        {0x00A0, ' '}, {0x2717, 'x'}, {0x6F22, '?'}, {0x10FFFF, '?'}, {0xFFFD, '?'}, {0x2591, '.'},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        ck_assert_msg(glyph_ascii(table[i].code) == table[i].ascii, "U+%04X is %c",
                      (unsigned)table[i].code, glyph_ascii(table[i].code));
}
END_TEST

START_TEST(deviation_is_no_s_in_ascii)
{
    ck_assert_str_eq(glyph_sigma(false), "σ");
    ck_assert_str_eq(glyph_sigma(true), "sd");
}
END_TEST

START_TEST(every_stand_in_is_printable)
{
    for (uint32_t code = 0x20; code < 0x30000; code++)
        ck_assert(glyph_ascii(code) >= ' ' && glyph_ascii(code) < 0x7F);
}
END_TEST

START_TEST(block_heights_differ)
{
    char seen[10] = "";
    for (uint32_t code = 0x2581; code <= 0x2588; code++) {
        char ascii = glyph_ascii(code);
        ck_assert_ptr_null(strchr(seen, ascii));
        ck_assert_int_ne(ascii, glyph_ascii(0xB7)); /* silence */
        seen[code - 0x2581] = ascii;
    }
    ck_assert_str_eq(seen, "_,-~=+*#");
}
END_TEST

START_TEST(states)
{
    ck_assert_uint_eq(glyph_state(STATE_OK, false, false), 0x25CF);
    ck_assert_uint_eq(glyph_state(STATE_OK, true, false), 's');
    ck_assert_uint_eq(glyph_state(STATE_OK, true, true), '!');
    ck_assert_uint_eq(glyph_state(STATE_LEARNING, false, false), 0xB7);
    ck_assert_uint_eq(glyph_state(STATE_LEARNING, true, false), 's');
    ck_assert_uint_eq(glyph_state(STATE_ANOMALY, true, false), '!');
    ck_assert_uint_eq(glyph_state(STATE_STUCK, true, true), '=');
    ck_assert_uint_eq(glyph_state(STATE_LATE, true, true), 0x25D0);
    ck_assert_uint_eq(glyph_state(STATE_LOST, false, true), 0x25CB);
    ck_assert_uint_eq(glyph_state(STATE_OFFLINE, true, true), 0x25CB);
}
END_TEST

START_TEST(events)
{
    static const struct {
        struct event event;
        uint32_t glyph;
    } table[] = {
        {{.type = EVENT_ANOMALY, .kind = ANOMALY_SPIKE}, '!'},
        {{.type = EVENT_ANOMALY, .kind = ANOMALY_STUCK}, '='},
        {{.type = EVENT_PRESENCE, .status = STATUS_ONLINE}, 0x25CF},
        {{.type = EVENT_PRESENCE, .status = STATUS_OFFLINE}, 0x25CB},
        {{.type = EVENT_CADENCE, .status = STATUS_ONLINE}, 0x25CF},
        {{.type = EVENT_CADENCE, .status = STATUS_UNKNOWN}, 0x25D0},
        {{.type = EVENT_CADENCE, .status = STATUS_OFFLINE}, 0x25CB},
        {{.type = EVENT_CONNECTION}, 0x2194},
        {{.type = EVENT_MALFORMED}, 0xD7},
        {{.type = EVENT_COMMAND}, 0xBB},
        {{.type = EVENT_NOTE}, 0xB7},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        uint32_t glyph = glyph_event(&table[i].event);
        ck_assert_uint_eq(glyph, table[i].glyph);
        ck_assert_int_ne(glyph_ascii(glyph), '?');
    }
}
END_TEST

Suite *glyph_suite(void)
{
    Suite *suite = suite_create("glyph");
    TCase *core = tcase_create("core");
    tcase_add_test(core, ascii_stays_as_it_is);
    tcase_add_test(core, stand_ins);
    tcase_add_test(core, every_stand_in_is_printable);
    tcase_add_test(core, deviation_is_no_s_in_ascii);
    tcase_add_test(core, block_heights_differ);
    tcase_add_test(core, states);
    tcase_add_test(core, events);
    suite_add_tcase(suite, core);
    return suite;
}
