/* The table scrolled sideways. */
#include "unit/suites.h"

#include <string.h>

#include "core/text.h"
#include "ui/layout_scroll.h"
#include "unit/stage.h"

#define CTRL(c) ((c)&0x1F)

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 80, 24, false);
    stage_quiet(&stage, "T1", "temperature", "Celsius", 20);
    stage_draw(&stage);
}

static void teardown(void)
{
    stage_close(&stage);
}

static const char *heading(void)
{
    return stage_row(&stage, stage_find(&stage, "TWIN / SERIES"));
}

static bool has(const char *text)
{
    return strstr(heading(), text) != NULL;
}

START_TEST(columns_that_did_not_fit_come)
{
    ck_assert(has("VALUE") && !has("RATE") && has("▸") && !has("◂"));
    for (int i = 0; i < 5; i++)
        stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert(!has("VALUE") && has("RATE") && has("◂"));
    ck_assert_int_ge(stage_find(&stage, "T1/temperature"), 0); /* the name stays */
    for (int i = 0; i < 20; i++)
        stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert(has("AGE") && has("◂") && !has("▸"));
    stage_key(&stage, KEY_ARROW_LEFT); /* at once: nothing was counted beyond the end */
    ck_assert(has("▸"));
    stage_key(&stage, CTRL('A'));
    ck_assert(has("VALUE") && !has("◂"));
    stage_key(&stage, CTRL('E'));
    ck_assert(has("AGE") && !has("▸"));
    stage_key(&stage, KEY_HOME_);
    ck_assert(has("VALUE") && !has("◂"));
}
END_TEST

START_TEST(where_all_fits_nothing_moves)
{
    ui_resize(stage.ui, 158, 40);
    stage_draw(&stage);
    ck_assert(has("ANOM") && !has("▸"));
    stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert(has("VALUE") && !has("◂"));
}
END_TEST

START_TEST(names_longer_than_the_screen)
{
    static const char name[] = "a-very-long-name-of-a-sensor-that-somebody-has-thought-of-in-a-"
                               "long-night-and-it-goes-on-until-the-END";
    stage_quiet(&stage, name, "x", "m", 20);
    stage_draw(&stage);
    stage_draw(&stage);
    for (int i = 0; i < 30; i++)
        stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert_int_ge(stage_find(&stage, "until-the-END/x"), 0);
    ck_assert_int_ge(stage_find(&stage, "T1/temperature"), 0);
    ck_assert_int_lt(stage_find(&stage, "VALUE"), 0);
    stage_key(&stage, KEY_HOME_);
    ck_assert_int_ge(stage_find(&stage, "VALUE"), 0);
    ck_assert_int_ge(stage_find(&stage, "a-very"), 0);
}
END_TEST

START_TEST(a_wide_character_is_not_cut_in_half)
{
    stage_quiet(&stage,
                "温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温温"
                "温温温温温温温温温",
                "x", "m", 20);
    stage_draw(&stage);
    for (int i = 0; i < 30; i++) {
        stage_key(&stage, KEY_ARROW_RIGHT);
        for (int y = 0; y < 24; y++)
            ck_assert_uint_le(text_width(stage_row(&stage, y)), 80);
    }
}
END_TEST

START_TEST(the_tree_folds_instead)
{
    stage_quiet(&stage, "T2", "temperature", "Celsius", 2);
    stage_key(&stage, KEY_ARROW_RIGHT);
    ck_assert(has("◂"));
    stage_key(&stage, 't');
    ck_assert(!has("◂"));
    stage_key(&stage, 'g');
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(has("VALUE"));
    ck_assert_int_ge(stage_find(&stage, "▸ digital_twin"), 0);
}
END_TEST

/* Whatever the size and the columns: nothing overlaps, nothing leaves the screen. */
START_TEST(any_size_and_step)
{
    struct columns columns = {0};
    struct layout layout;
    for (int i = 0; i < COLUMN_COUNT; i++)
        columns.order[i] = (enum column)i;
    for (int width = 1; width <= 200; width += 3)
        for (int names = 1; names <= 121; names += 40)
            for (unsigned steps = 0; steps < 30; steps++) {
                bool taken[200] = {false};
                layout_compute_for(&layout, width, 24, names, 5, &columns);
                ck_assert_uint_le(layout_scroll(&layout, names, &columns, steps), steps);
                for (int i = 0; i < COLUMN_COUNT; i++) {
                    const struct column_place *at = &layout.columns[i];
                    ck_assert_int_ge(at->width, 0);
                    for (int x = at->x; at->width > 0 && x < at->x + at->width; x++) {
                        ck_assert(x >= 0 && x < width && !taken[x]);
                        taken[x] = true;
                    }
                }
            }
}
END_TEST

Suite *sideways_suite(void)
{
    Suite *suite = suite_create("sideways");
    TCase *tests = tcase_create("sideways");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, columns_that_did_not_fit_come);
    tcase_add_test(tests, where_all_fits_nothing_moves);
    tcase_add_test(tests, names_longer_than_the_screen);
    tcase_add_test(tests, a_wide_character_is_not_cut_in_half);
    tcase_add_test(tests, the_tree_folds_instead);
    tcase_add_test(tests, any_size_and_step);
    suite_add_tcase(suite, tests);
    return suite;
}
