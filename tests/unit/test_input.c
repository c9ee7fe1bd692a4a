#include "unit/suites.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "ui/input.h"
#include "ui/keys.h"

#define CTRL(letter) ((letter) - 'A' + 1)

static struct input input;
static struct input_history history;

static void setup(void)
{
    memset(&history, 0, sizeof history);
    input_begin(&input, "", &history);
}

static void type(const char *text)
{
    for (; *text; text++)
        input_key(&input, (unsigned char)*text);
}

START_TEST(characters_go_where_the_cursor_is)
{
    type("ac");
    ck_assert(!input_key(&input, KEY_ARROW_LEFT));
    ck_assert(input_key(&input, 'b'));
    ck_assert_str_eq(input.text, "abc");
    input_key(&input, KEY_HOME_);
    type("^");
    input_key(&input, CTRL('E'));
    type("$");
    ck_assert_str_eq(input.text, "^abc$");
    input_key(&input, CTRL('A'));
    ck_assert_uint_eq(input.cursor, 0);
}
END_TEST

START_TEST(deleting)
{
    type("one two  ");
    ck_assert(input_key(&input, CTRL('W')));
    ck_assert_str_eq(input.text, "one ");
    input_key(&input, KEY_BACKSPACE_);
    input_key(&input, KEY_HOME_);
    input_key(&input, KEY_DELETE_);
    ck_assert_str_eq(input.text, "ne");
    input_key(&input, KEY_ARROW_RIGHT);
    input_key(&input, CTRL('U'));
    ck_assert_str_eq(input.text, "e");
    input_key(&input, CTRL('K'));
    ck_assert_str_eq(input.text, "");
    ck_assert(!input_key(&input, KEY_BACKSPACE_));
    ck_assert(!input_key(&input, KEY_DELETE_));
    ck_assert(!input_key(&input, CTRL('W')));
}
END_TEST

START_TEST(a_character_is_one_step_whatever_its_bytes)
{
    input_key(&input, 0xB0); /* ° */
    input_key(&input, 0x6F22);
    input_key(&input, 'e');
    input_key(&input, 0x301); /* an accent on it */
    ck_assert_str_eq(input.text, "°漢e\xCC\x81");
    input_key(&input, KEY_ARROW_LEFT);
    ck_assert_str_eq(input.text + input.cursor, "e\xCC\x81");
    input_key(&input, KEY_ARROW_LEFT);
    ck_assert_str_eq(input.text + input.cursor, "漢e\xCC\x81");
    input_key(&input, KEY_DELETE_);
    input_key(&input, KEY_DELETE_);
    ck_assert_str_eq(input.text, "°");
    input_key(&input, KEY_BACKSPACE_);
    ck_assert_uint_eq(input.len, 0);
}
END_TEST

START_TEST(what_cannot_be_shown_is_no_text)
{
    ck_assert(!input_key(&input, 0x301)); /* a mark on nothing */
    ck_assert(!input_key(&input, 1));
    ck_assert(!input_key(&input, 0x202E));
    ck_assert(!input_key(&input, KEY_PAGE_UP));
    ck_assert(!input_key(&input, KEY_FUNCTION + 5));
    ck_assert_uint_eq(input.len, 0);
}
END_TEST

START_TEST(a_full_line_takes_no_more)
{
    for (int i = 0; i < 2 * INPUT_TEXT; i++)
        input_key(&input, i % 2 ? 'x' : 0xE9);
    ck_assert_uint_lt(input.len, INPUT_TEXT);
    ck_assert_uint_ge(input.len, INPUT_TEXT - 2);
    ck_assert_uint_eq(strlen(input.text), input.len);
}
END_TEST

START_TEST(history_goes_back_and_forth)
{
    input_remember(&history, "first");
    input_remember(&history, "second");
    input_remember(&history, "");
    type("draft");
    ck_assert(input_key(&input, KEY_ARROW_UP));
    ck_assert_str_eq(input.text, "second");
    input_key(&input, KEY_ARROW_UP);
    ck_assert_str_eq(input.text, "first");
    ck_assert(!input_key(&input, KEY_ARROW_UP));
    input_key(&input, KEY_ARROW_DOWN);
    input_key(&input, KEY_ARROW_DOWN);
    ck_assert_str_eq(input.text, "draft");
    ck_assert_uint_eq(input.cursor, 5);
    ck_assert(!input_key(&input, KEY_ARROW_DOWN));
}
END_TEST

START_TEST(history_keeps_the_newest_of_each)
{
    char line[16];
    for (int i = 0; i < INPUT_LINES + 3; i++) {
        snprintf(line, sizeof line, "%d", i);
        input_remember(&history, line);
    }
    ck_assert_uint_eq(history.count, INPUT_LINES);
    ck_assert_str_eq(history.lines[0], "3");
    input_remember(&history, "5");
    ck_assert_uint_eq(history.count, INPUT_LINES);
    ck_assert_str_eq(history.lines[INPUT_LINES - 1], "5");
    ck_assert_str_eq(history.lines[2], "6");
}
END_TEST

Suite *input_suite(void)
{
    Suite *suite = suite_create("input");
    TCase *tcase = tcase_create("line");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, characters_go_where_the_cursor_is);
    tcase_add_test(tcase, deleting);
    tcase_add_test(tcase, a_character_is_one_step_whatever_its_bytes);
    tcase_add_test(tcase, what_cannot_be_shown_is_no_text);
    tcase_add_test(tcase, a_full_line_takes_no_more);
    tcase_add_test(tcase, history_goes_back_and_forth);
    tcase_add_test(tcase, history_keeps_the_newest_of_each);
    suite_add_tcase(suite, tcase);
    return suite;
}
