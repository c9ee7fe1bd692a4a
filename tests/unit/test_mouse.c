/* What the mouse and tags do. */
#include "unit/suites.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "unit/stage.h"

#define F(n) (KEY_FUNCTION + (n))

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 80, 40, false);
    for (int i = 0; i < 10; i++) {
        char name[] = {'T', (char)('0' + i), '\0'};
        stage_reading(&stage, name, "temperature", "Celsius", 20 + i);
    }
    stage_draw(&stage);
}

static void teardown(void)
{
    stage_close(&stage);
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

static const char *selected(void)
{
    return stage.snapshot.card.valid ? stage.snapshot.card.row.twin : "";
}

/* At the first place of this text, or so many columns beside it. */
static uint32_t mouse(uint32_t key, const char *text, int beside)
{
    int y = stage_find(&stage, text);
    ck_assert_msg(y >= 0, "\"%s\" is not on the screen", text);
    const char *row = stage_row(&stage, y);
    char before[STAGE_TEXT];
    snprintf(before, sizeof before, "%.*s", (int)(strstr(row, text) - row), row);
    uint32_t bar = ui_mouse(stage.ui, key, (int)text_width(before) + beside, y, stage.now);
    stage_draw(&stage);
    return bar;
}

START_TEST(a_click_selects_and_a_double_click_opens)
{
    mouse(KEY_CLICK, "T4/temp", 2);
    ck_assert_str_eq(selected(), "T4");
    ck_assert(shows("TWIN / SERIES"));
    stage.now += 2 * TIMESTAMP_SECOND;
    mouse(KEY_CLICK, "T4/temp", 2);
    ck_assert(shows("TWIN / SERIES")); /* two clicks, not a double one */
    stage.now += TIMESTAMP_SECOND / 10;
    mouse(KEY_CLICK, "T4/temp", 2);
    ck_assert(!shows("TWIN / SERIES"));
    ck_assert_str_eq(selected(), "T4");
}
END_TEST

START_TEST(a_click_on_a_heading_sorts)
{
    mouse(KEY_CLICK, "VALUE", 1);
    ck_assert(shows("VALUE ▼"));
    mouse(KEY_CLICK, "VALUE", 1);
    ck_assert(shows("VALUE ▲"));
    mouse(KEY_CLICK, "TWIN / SERIES", 1);
    ck_assert(shows("TWIN / SERIES ▲"));
    mouse(KEY_CLICK, "LAST ", 1); /* no order by the trend */
    ck_assert(shows("TWIN / SERIES ▲"));
}
END_TEST

START_TEST(the_wheel_moves_what_is_under_it)
{
    mouse(KEY_WHEEL_DOWN, "T0/temp", 0);
    ck_assert_str_eq(selected(), "T3");
    mouse(KEY_WHEEL_UP, "T0/temp", 0);
    ck_assert_str_eq(selected(), "T0");
    for (int i = 0; i < 60; i++)
        engine_note(stage.engine, stage.now, EVENT_NOTE, "note", "something");
    stage_draw(&stage);
    mouse(KEY_WHEEL_DOWN, "something", 0);
    ck_assert(shows("3 newer above"));
    ck_assert_str_eq(selected(), "T0");
}
END_TEST

START_TEST(a_question_is_answered_by_keys_alone)
{
    stage_key(&stage, 'u');
    ck_assert(shows("Mute T0"));
    mouse(KEY_CLICK, "T4/temp", 2);
    mouse(KEY_WHEEL_DOWN, "T0/temp", 0);
    ck_assert_str_eq(selected(), "T0");
    ck_assert(shows("Mute T0"));
}
END_TEST

START_TEST(the_bar_is_clicked_as_keys)
{
    ck_assert_uint_eq(mouse(KEY_CLICK, "Filter", 0), F(4));
    ck_assert_uint_eq(mouse(KEY_CLICK, "Quit", 0), F(10));
    ck_assert_uint_eq(mouse(KEY_CLICK, "F1", 0), F(1));
}
END_TEST

START_TEST(the_menu_is_clicked_too)
{
    stage_key(&stage, F(6));
    mouse(KEY_CLICK, "anomalies", 0);
    ck_assert(!shows("Sort by"));
    ck_assert_int_eq(stage.snapshot.request.sort, SORT_ANOMALIES);
    stage_key(&stage, F(6));
    mouse(KEY_CLICK, "Events", 0); /* beside it: away */
    ck_assert(!shows("Sort by"));
    ck_assert_int_eq(stage.snapshot.request.sort, SORT_ANOMALIES);
}
END_TEST

START_TEST(a_prompt_is_not_clicked)
{
    stage_key(&stage, '\\');
    mouse(KEY_CLICK, "T4/temp", 2);
    ck_assert_str_eq(selected(), "T0");
    ck_assert(shows("Filter"));
}
END_TEST

START_TEST(anywhere_is_safe)
{
    for (int height = 1; height < 40; height += 3)
        for (int x = -1; x < 82; x += 9) {
            ui_resize(stage.ui, 80 - height, height);
            stage_key(&stage, x % 2 ? F(6) : 't');
            for (int y = -1; y < 42; y += 5)
                ui_mouse(stage.ui, y % 2 ? KEY_CLICK : KEY_WHEEL_DOWN, x, y, stage.now);
            stage_draw(&stage);
        }
}
END_TEST

START_TEST(m_gives_the_mouse_away_and_takes_it_back)
{
    ck_assert(ui_wants_mouse(stage.ui));
    ck_assert_int_eq(stage_key(&stage, 'M'), INTENT_MOUSE);
    ck_assert(!ui_wants_mouse(stage.ui));
    ck_assert(shows("Mouse off"));
    ck_assert_int_eq(stage_key(&stage, 'M'), INTENT_MOUSE);
    ck_assert(ui_wants_mouse(stage.ui));
}
END_TEST

START_TEST(space_tags_and_goes_on)
{
    stage_key(&stage, ' ');
    stage_key(&stage, ' ');
    ck_assert_str_eq(selected(), "T2");
    ck_assert(shows("2 tagged"));
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "T0/temp")), "▌"));
    ck_assert(!strstr(stage_row(&stage, stage_find(&stage, "T2/temp")), "▌"));
    stage_key(&stage, 'I'); /* tags belong to series, not to rows */
    ck_assert(strstr(stage_row(&stage, stage_find(&stage, "T1/temp")), "▌"));
    stage_key(&stage, 'I');
    stage_key(&stage, 'g');
    stage_key(&stage, ' ');
    ck_assert(shows("1 tagged"));
    stage_key(&stage, 'U');
    ck_assert(!shows("tagged"));
    ck_assert(!shows("▌"));
}
END_TEST

START_TEST(space_folds_a_group)
{
    stage_key(&stage, 't');
    stage_key(&stage, 'g');
    stage_key(&stage, ' ');
    ck_assert(shows("▸ digital_twin/lab/sensor"));
    ck_assert(!shows("tagged"));
}
END_TEST

Suite *mouse_suite(void)
{
    Suite *suite = suite_create("mouse");
    TCase *tcase = tcase_create("mouse");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_click_selects_and_a_double_click_opens);
    tcase_add_test(tcase, a_click_on_a_heading_sorts);
    tcase_add_test(tcase, the_wheel_moves_what_is_under_it);
    tcase_add_test(tcase, the_bar_is_clicked_as_keys);
    tcase_add_test(tcase, the_menu_is_clicked_too);
    tcase_add_test(tcase, a_prompt_is_not_clicked);
    tcase_add_test(tcase, a_question_is_answered_by_keys_alone);
    tcase_add_test(tcase, anywhere_is_safe);
    tcase_add_test(tcase, m_gives_the_mouse_away_and_takes_it_back);
    tcase_add_test(tcase, space_tags_and_goes_on);
    tcase_add_test(tcase, space_folds_a_group);
    suite_add_tcase(suite, tcase);
    return suite;
}
