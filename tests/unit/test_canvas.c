#include <check.h>
#include <string.h>

#include "ui/canvas.h"
#include "unit/suites.h"

#define NORMAL STYLE_NORMAL

static struct canvas canvas;

static void set_up(void)
{
    canvas_init(&canvas, false);
    canvas_resize(&canvas, 10, 3);
}

static void set_up_ascii(void)
{
    canvas_init(&canvas, true);
    canvas_resize(&canvas, 10, 3);
}

static void tear_down(void)
{
    canvas_fini(&canvas);
}

static const char *row(int y)
{
    static char text[200];
    canvas_row_text(&canvas, y, text, sizeof text);
    return text;
}

START_TEST(text_lands_where_it_should)
{
    ck_assert_int_eq(canvas_text(&canvas, 2, 1, 8, STYLE_ALARM, "22.4 °C"), 7);
    ck_assert_str_eq(row(0), "");
    ck_assert_str_eq(row(1), "  22.4 °C");
    ck_assert_uint_eq(canvas_at(&canvas, 2, 1)->style, STYLE_ALARM);
    ck_assert_uint_eq(canvas_at(&canvas, 9, 1)->style, NORMAL);
}
END_TEST

START_TEST(long_text_is_cut_visibly)
{
    ck_assert_int_eq(canvas_text(&canvas, 0, 0, 6, NORMAL, "temperature"), 6);
    ck_assert_str_eq(row(0), "tempe…");
    ck_assert_int_eq(canvas_text(&canvas, 0, 1, 4, NORMAL, "temp"), 4);
    ck_assert_str_eq(row(1), "temp");
    ck_assert_int_eq(canvas_text(&canvas, 0, 2, 1, NORMAL, "temp"), 1);
    ck_assert_str_eq(row(2), "…");
    ck_assert_int_eq(canvas_text(&canvas, 0, 0, 0, NORMAL, "x"), 0);
    ck_assert_int_eq(canvas_text(&canvas, 0, 0, -3, NORMAL, "x"), 0);
    ck_assert_str_eq(row(0), "tempe…");
}
END_TEST

START_TEST(text_flush_right)
{
    ck_assert_int_eq(canvas_text_right(&canvas, 1, 0, 8, NORMAL, "71.42"), 5);
    ck_assert_str_eq(row(0), "    71.42");
    canvas_text_right(&canvas, 0, 1, 4, NORMAL, "71.4215");
    ck_assert_str_eq(row(1), "71.…");
}
END_TEST

START_TEST(formatted_text)
{
    ck_assert_int_eq(canvas_format(&canvas, 0, 0, 10, NORMAL, "%d of %s", 8, "9"), 6);
    ck_assert_str_eq(row(0), "8 of 9");
    char many[3 * 1000 + 1] = "";
    for (int i = 0; i < 1000; i++)
        memcpy(many + (size_t)i * 3, "│", 4);
    canvas_format(&canvas, 0, 1, 10, NORMAL, "%s", many);
    ck_assert_str_eq(row(1), "│││││││││…");
}
END_TEST

START_TEST(nothing_is_drawn_outside)
{
    canvas_text(&canvas, -3, 0, 20, NORMAL, "abcdefghijklmnop");
    ck_assert_str_eq(row(0), "defghijklm");
    canvas_text(&canvas, 0, -1, 5, NORMAL, "x");
    canvas_text(&canvas, 0, 3, 5, NORMAL, "x");
    canvas_put(&canvas, 10, 0, NORMAL, 'x');
    canvas_fill(&canvas, (struct rect){-5, 2, 100, 100}, NORMAL, '#');
    ck_assert_str_eq(row(1), "");
    ck_assert_str_eq(row(2), "##########");
    ck_assert_ptr_null(canvas_at(&canvas, 10, 0));
    ck_assert_ptr_null(canvas_at(&canvas, 0, -1));
}
END_TEST

START_TEST(clipping_cuts_and_ends)
{
    canvas_clip(&canvas, (struct rect){2, 1, 3, 100});
    canvas_text(&canvas, 0, 0, 10, NORMAL, "0123456789");
    canvas_text(&canvas, 0, 1, 10, NORMAL, "0123456789");
    canvas_mark(&canvas, (struct rect){0, 0, 10, 3}, STYLE_SELECTED);
    ck_assert_str_eq(row(0), "");
    ck_assert_str_eq(row(1), "  234");
    ck_assert_uint_eq(canvas_at(&canvas, 1, 1)->style, NORMAL);
    ck_assert_uint_eq(canvas_at(&canvas, 2, 1)->style, NORMAL | STYLE_SELECTED);
    canvas_unclip(&canvas);
    canvas_put(&canvas, 9, 1, NORMAL, '!');
    ck_assert_str_eq(row(1), "  234    !");
}
END_TEST

START_TEST(wide_characters_stay_whole)
{
    ck_assert_int_eq(canvas_text(&canvas, 0, 0, 10, NORMAL, "漢字"), 4);
    ck_assert_uint_eq(canvas_at(&canvas, 0, 0)->columns, 2);
    ck_assert_uint_eq(canvas_at(&canvas, 1, 0)->columns, 0);
    ck_assert_str_eq(canvas_at(&canvas, 1, 0)->text, "");
    /* Cut by columns, by the right edge, by the left edge. */
    canvas_text(&canvas, 0, 1, 4, NORMAL, "漢字漢");
    ck_assert_str_eq(row(1), "漢…");
    canvas_put(&canvas, 9, 2, NORMAL, 0x6F22);
    canvas_put(&canvas, -1, 2, NORMAL, 0x6F22);
    ck_assert_str_eq(row(2), "");
    ck_assert_uint_eq(canvas_at(&canvas, 9, 2)->columns, 1);
}
END_TEST

START_TEST(half_overwritten_wide_characters_vanish)
{
    canvas_text(&canvas, 0, 0, 10, STYLE_GOOD, "漢字");
    canvas_put(&canvas, 0, 0, NORMAL, 'x');
    canvas_put(&canvas, 3, 0, NORMAL, 'y');
    ck_assert_str_eq(row(0), "x  y");
    ck_assert_uint_eq(canvas_at(&canvas, 1, 0)->columns, 1);
    ck_assert_uint_eq(canvas_at(&canvas, 2, 0)->style, STYLE_GOOD);
    /* A wide one over the halves of two others. */
    canvas_text(&canvas, 0, 1, 10, NORMAL, "漢字z");
    canvas_put(&canvas, 1, 1, NORMAL, 0x5B57);
    ck_assert_str_eq(row(1), " 字 z");
}
END_TEST

START_TEST(marks_join_their_base)
{
    ck_assert_int_eq(canvas_text(&canvas, 0, 0, 10, NORMAL, "ae\xCC\x81\xCC\x82z"), 3);
    ck_assert_str_eq(canvas_at(&canvas, 1, 0)->text, "e\xCC\x81");
    ck_assert_str_eq(canvas_at(&canvas, 2, 0)->text, "z");
    /* A mark without a base has nowhere to go. */
    ck_assert_int_eq(canvas_text(&canvas, 0, 1, 10, NORMAL, "\xCC\x81z"), 1);
    ck_assert_str_eq(row(1), "z");
}
END_TEST

START_TEST(foreign_bytes_do_not_pass)
{
    ck_assert_int_eq(canvas_text(&canvas, 0, 0, 10, NORMAL, "a\033[1m\xFFz"), 7);
    ck_assert_str_eq(row(0), "a\xEF\xBF\xBD[1m\xEF\xBF\xBDz");
    canvas_put(&canvas, 0, 1, NORMAL, 0x1B);
    canvas_put(&canvas, 1, 1, NORMAL, 0x7FFFFFFF);
    canvas_put(&canvas, 2, 1, NORMAL, 0x202E);
    ck_assert_str_eq(row(1), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}
END_TEST

START_TEST(styles_are_marked_and_replaced)
{
    canvas_text(&canvas, 0, 0, 10, STYLE_WARN, "ab");
    canvas_mark(&canvas, (struct rect){0, 0, 10, 1}, STYLE_SELECTED);
    ck_assert_uint_eq(canvas_at(&canvas, 1, 0)->style, STYLE_WARN | STYLE_SELECTED);
    ck_assert_uint_eq(canvas_at(&canvas, 9, 0)->style, NORMAL | STYLE_SELECTED);
    ck_assert_uint_eq(canvas_at(&canvas, 0, 1)->style, NORMAL);
    canvas_restyle(&canvas, (struct rect){1, 0, 1, 1}, STYLE_DIM);
    ck_assert_uint_eq(canvas_at(&canvas, 1, 0)->style, STYLE_DIM);
    ck_assert_str_eq(row(0), "ab");
}
END_TEST

START_TEST(filling_with_a_wide_character)
{
    canvas_fill(&canvas, (struct rect){0, 0, 5, 1}, NORMAL, 0x6F22);
    ck_assert_str_eq(row(0), "漢漢");
    ck_assert_uint_eq(canvas_at(&canvas, 4, 0)->columns, 1);
}
END_TEST

START_TEST(equal_drawings_are_equal_bytes)
{
    canvas_text(&canvas, 0, 0, 10, NORMAL, "漢字 ●●");
    canvas_text(&canvas, 0, 0, 10, NORMAL, "0123456789");
    canvas_text(&canvas, 0, 1, 10, NORMAL, "0123456789");
    ck_assert_mem_eq(canvas_at(&canvas, 0, 0), canvas_at(&canvas, 0, 1), 10 * sizeof(struct cell));
}
END_TEST

START_TEST(resizing_clears)
{
    canvas_text(&canvas, 0, 0, 10, NORMAL, "abc");
    canvas_clip(&canvas, (struct rect){0, 0, 1, 1});
    canvas_resize(&canvas, 1, 1);
    ck_assert_str_eq(row(0), "");
    canvas_resize(&canvas, 300, 100);
    canvas_put(&canvas, 299, 99, NORMAL, 'x');
    ck_assert_str_eq(canvas_at(&canvas, 299, 99)->text, "x");
    canvas_resize(&canvas, 0, 0);
    canvas_text(&canvas, 0, 0, 10, NORMAL, "abc");
    ck_assert_ptr_null(canvas_at(&canvas, 0, 0));
}
END_TEST

START_TEST(a_row_is_cut_between_characters)
{
    char few[6];
    canvas_text(&canvas, 0, 0, 10, NORMAL, "a●●");
    canvas_row_text(&canvas, 0, few, sizeof few);
    ck_assert_str_eq(few, "a●");
}
END_TEST

START_TEST(ascii_stand_ins_keep_the_columns)
{
    ck_assert_int_eq(canvas_text(&canvas, 0, 0, 10, NORMAL, "●│é字z…"), 7);
    ck_assert_str_eq(row(0), "*|e? z~");
    ck_assert_uint_eq(canvas_at(&canvas, 3, 0)->columns, 1);
    canvas_text(&canvas, 0, 1, 4, NORMAL, "e\xCC\x81tat-major");
    ck_assert_str_eq(row(1), "eta~");
    canvas_put(&canvas, 0, 2, NORMAL, 0x2588);
    ck_assert_str_eq(row(2), "#");
}
END_TEST

Suite *canvas_suite(void)
{
    Suite *suite = suite_create("canvas");
    TCase *core = tcase_create("core");
    tcase_add_checked_fixture(core, set_up, tear_down);
    tcase_add_test(core, text_lands_where_it_should);
    tcase_add_test(core, long_text_is_cut_visibly);
    tcase_add_test(core, text_flush_right);
    tcase_add_test(core, formatted_text);
    tcase_add_test(core, nothing_is_drawn_outside);
    tcase_add_test(core, clipping_cuts_and_ends);
    tcase_add_test(core, wide_characters_stay_whole);
    tcase_add_test(core, half_overwritten_wide_characters_vanish);
    tcase_add_test(core, marks_join_their_base);
    tcase_add_test(core, foreign_bytes_do_not_pass);
    tcase_add_test(core, styles_are_marked_and_replaced);
    tcase_add_test(core, filling_with_a_wide_character);
    tcase_add_test(core, equal_drawings_are_equal_bytes);
    tcase_add_test(core, resizing_clears);
    tcase_add_test(core, a_row_is_cut_between_characters);
    suite_add_tcase(suite, core);
    TCase *ascii = tcase_create("ascii");
    tcase_add_checked_fixture(ascii, set_up_ascii, tear_down);
    tcase_add_test(ascii, ascii_stand_ins_keep_the_columns);
    suite_add_tcase(suite, ascii);
    return suite;
}
