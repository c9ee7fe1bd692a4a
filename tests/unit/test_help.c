/* The help: its lines, searched, and what glyphs and colours mean. */
#include "unit/suites.h"

#include <string.h>

#include "ui/help.h"
#include "ui/ui_state.h"
#include "unit/stage.h"

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 120, 70, false);
    stage_draw(&stage);
    stage_key(&stage, '?');
}

static void teardown(void)
{
    stage_close(&stage);
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

static void type(const char *text)
{
    for (; *text; text++)
        stage_key(&stage, (unsigned char)*text);
}

START_TEST(lines_with_a_word)
{
    struct help help;
    int all, found = help_matches("BOOKMARK", &all);
    ck_assert_int_gt(all, 50);
    ck_assert_int_eq(found, 3); /* two keys, one glyph */
    help_fill(&help, "bookmark");
    ck_assert_int_eq(help.keys, 2);
    ck_assert_int_eq(help.count, 5); /* a blank and a heading with the glyph */
    ck_assert_str_eq(help.lines[3].text, "Glyphs");
    ck_assert_uint_eq(help.lines[4].glyph, 0x25c6);
    help_fill(&help, "F8");
    ck_assert_int_eq(help.count, 1);
    help_fill(&help, "forecast");
    ck_assert_int_eq(help.keys, 0);
    ck_assert_str_eq(help.lines[0].text, "Glyphs");
    ck_assert_int_eq(help_matches("no such word", &all), 0);
    help_fill(&help, "");
    ck_assert_int_lt(help.count, HELP_LINES);
}
END_TEST

START_TEST(help_is_searched)
{
    ck_assert(shows("/ search"));
    stage_key(&stage, '/');
    ck_assert(shows("Search help"));
    type("bookm");
    ck_assert(shows("3 of "));
    ck_assert(shows("bookmark the moment"));
    ck_assert(!shows("simulator on or off"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows(" Help  bookm "));
    ck_assert(!shows("Search help"));
    stage_key(&stage, KEY_FUNCTION + 3);
    type("xyz");
    ck_assert(shows("No line has this word."));
    ck_assert(shows("0 of "));
    stage_key(&stage, KEY_ESC); /* all of it */
    ck_assert(shows("simulator on or off"));
    stage_key(&stage, KEY_ESC);
    ck_assert(!shows("simulator on or off"));
    stage_key(&stage, '?');
    stage_key(&stage, '/');
    stage_key(&stage, KEY_ARROW_UP); /* words typed before */
    ck_assert(shows("Search help bookm"));
}
END_TEST

START_TEST(glyphs_and_colours_are_explained)
{
    ck_assert(shows("Glyphs"));
    ck_assert(shows("Colours"));
    ck_assert_uint_eq(stage_style(&stage, "▇▇ an alarm of the last minute"), STYLE_FADING);
    ck_assert_uint_eq(stage_style(&stage, "◆  bookmark"), STYLE_ACCENT);
    static const int widths[] = {50, 80, 120, 140, 160, 200};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        ui_resize(stage.ui, widths[i], 80);
        stage_draw(&stage);
        stage_key(&stage, 'G');
        ck_assert_msg(shows("all is usual"), "%d", widths[i]);
        ck_assert_msg(shows("quit at once") || widths[i] < 100, "%d", widths[i]);
        stage_key(&stage, 'g');
        ck_assert_msg(shows("move the selection"), "%d", widths[i]);
    }
}
END_TEST

Suite *help_suite(void)
{
    Suite *suite = suite_create("help");
    TCase *tests = tcase_create("help");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, lines_with_a_word);
    tcase_add_test(tests, help_is_searched);
    tcase_add_test(tests, glyphs_and_colours_are_explained);
    suite_add_tcase(suite, tests);
    return suite;
}
