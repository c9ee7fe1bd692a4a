#include <check.h>
#include <string.h>

#include "core/text.h"
#include "ui/keys.h"
#include "unit/suites.h"

START_TEST(letters_mirror_function_keys)
{
    static const struct {
        int function;
        uint32_t letter;
        enum command command;
    } table[] = {
        {1, '?', COMMAND_HELP},      {6, '>', COMMAND_SORT_NEXT}, {7, 's', COMMAND_SIM_TOGGLE},
        {8, 'i', COMMAND_SIM_SPAWN}, {9, 'x', COMMAND_SIM_KILL},  {10, 'q', COMMAND_QUIT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ck_assert_int_eq(keys_command(table[i].letter), table[i].command);
        ck_assert_int_eq(keys_command(KEY_FUNCTION + (uint32_t)table[i].function),
                         table[i].command);
    }
}
END_TEST

START_TEST(moving)
{
    static const uint32_t pairs[][2] = {
        {'j', KEY_ARROW_DOWN}, {'k', KEY_ARROW_UP}, {'g', KEY_HOME_}, {'G', KEY_END_}};
    static const enum command commands[] = {COMMAND_DOWN, COMMAND_UP, COMMAND_HOME, COMMAND_END};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(keys_command(pairs[i][0]), commands[i]);
        ck_assert_int_eq(keys_command(pairs[i][1]), commands[i]);
    }
    ck_assert_int_eq(keys_command(KEY_PAGE_UP), COMMAND_PAGE_UP);
    ck_assert_int_eq(keys_command(KEY_PAGE_DOWN), COMMAND_PAGE_DOWN);
}
END_TEST

START_TEST(asking)
{
    ck_assert_int_eq(keys_command(KEY_FUNCTION + 3), COMMAND_SEARCH);
    ck_assert_int_eq(keys_command('/'), COMMAND_SEARCH);
    ck_assert_int_eq(keys_command('n'), COMMAND_SEARCH_NEXT);
    ck_assert_int_eq(keys_command('N'), COMMAND_SEARCH_PREVIOUS);
    ck_assert_int_eq(keys_command(KEY_FUNCTION + 4), COMMAND_FILTER);
    ck_assert_int_eq(keys_command('\\'), COMMAND_FILTER);
}
END_TEST

START_TEST(ends)
{
    ck_assert_int_eq(keys_command(KEY_ESC), COMMAND_BACK); /* never quits */
    ck_assert_int_eq(keys_command(KEY_CTRL_C), COMMAND_INTERRUPT);
    ck_assert_int_eq(keys_command(KEY_CTRL_Z), COMMAND_SUSPEND);
    ck_assert_int_eq(keys_command(KEY_CTRL_L), COMMAND_REDRAW);
    ck_assert_int_eq(keys_command(KEY_RETURN), COMMAND_OPEN);
}
END_TEST

START_TEST(other_keys_do_nothing)
{
    static const uint32_t keys[] = {KEY_NONE,   KEY_FUNCTION,   KEY_FUNCTION + 11, KEY_RESIZE_,
                                    KEY_CLOSED, KEY_BACKSPACE_, KEY_ARROW_LEFT,    'Q',
                                    '^',        0x20AC,         UINT32_MAX};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        ck_assert_int_eq(keys_command(keys[i]), COMMAND_NONE);
}
END_TEST

START_TEST(the_bar_fits_and_works)
{
    for (int running = 0; running <= 1; running++) {
        size_t count, columns = 0;
        const struct key_label *bar = keys_bar(running != 0, &count);
        ck_assert_uint_gt(count, 0);
        ck_assert_uint_le(count, 10);
        for (size_t i = 0; i < count; i++) {
            ck_assert_int_ne(keys_command(KEY_FUNCTION + (uint32_t)bar[i].number), COMMAND_NONE);
            columns += 3 + strlen(bar[i].label);
            if (bar[i].number == 7)
                ck_assert_str_eq(bar[i].label, running ? "Sim off" : "Sim on");
        }
        ck_assert_uint_le(columns, 80);
    }
}
END_TEST

START_TEST(help_fits_a_narrow_screen)
{
    size_t count;
    const struct key_help *help = keys_help(&count);
    ck_assert_uint_gt(count, 10);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_le(text_width(help[i].keys), 14);
        ck_assert_uint_le(text_width(help[i].does), 60);
        ck_assert_uint_gt(strlen(help[i].does), 0);
    }
}
END_TEST

Suite *keys_suite(void)
{
    Suite *suite = suite_create("keys");
    TCase *core = tcase_create("core");
    tcase_add_test(core, letters_mirror_function_keys);
    tcase_add_test(core, moving);
    tcase_add_test(core, asking);
    tcase_add_test(core, ends);
    tcase_add_test(core, other_keys_do_nothing);
    tcase_add_test(core, the_bar_fits_and_works);
    tcase_add_test(core, help_fits_a_narrow_screen);
    suite_add_tcase(suite, core);
    return suite;
}
