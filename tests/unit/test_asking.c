/* The prompts of filter and search. */
#include "unit/suites.h"

#include <string.h>

#include "unit/stage.h"

#define F(n) (KEY_FUNCTION + (n))

static struct stage stage;

/* T0 to T9 with 20 to 29 °C, and a humidity of T3. */
static void setup(void)
{
    stage_open(&stage, 80, 24, false);
    for (int i = 0; i < 10; i++) {
        char name[] = {'T', (char)('0' + i), '\0'};
        stage_reading(&stage, name, "temperature", "Celsius", 20 + i);
    }
    stage_reading(&stage, "T3", "humidity", "percent", 55);
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

static void type(const char *text)
{
    for (; *text; text++)
        stage_key(&stage, (unsigned char)*text);
}

static const char *selected(void)
{
    return stage.snapshot.card.valid ? stage.snapshot.card.row.twin : "";
}

START_TEST(a_filter_works_while_it_is_typed)
{
    stage_key(&stage, F(4));
    ck_assert(shows("Filter"));
    ck_assert(shows("11 of 11"));
    type("t3");
    ck_assert(shows("2 of 11"));
    ck_assert(shows("T3/humidity"));
    ck_assert(!shows("T4/temperature"));
    type(" hum");
    ck_assert(shows("1 of 11"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(!shows("T3/temperature"));
    ck_assert(shows("F10Quit"));
}
END_TEST

START_TEST(a_filtered_table_says_so)
{
    stage_key(&stage, '\\');
    type("value>=25");
    stage_key(&stage, KEY_RETURN);
    ck_assert(strstr(stage_row(&stage, 0), "filter value>=25"));
    ck_assert(strstr(stage_row(&stage, 3), "6 of 11"));
    for (int height = 3; height <= 12; height += 3) {
        ui_resize(stage.ui, 60, height);
        stage_draw(&stage);
        ck_assert(shows("filter value>=25"));
    }
}
END_TEST

START_TEST(esc_restores_what_was_before)
{
    stage_key(&stage, 'G');
    stage_key(&stage, '\\');
    type("t3");
    ck_assert_str_eq(selected(), "T3");
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("TWIN / SERIES"));
    ck_assert_str_eq(selected(), "T9");
    stage_key(&stage, '\\');
    type("t9");
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, '\\');
    stage_key(&stage, 'x');
    ck_assert(shows("None of 11 series matches the filter t9x"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("1 of 11"));
    ck_assert_str_eq(selected(), "T9");
}
END_TEST

START_TEST(an_empty_filter_shows_all)
{
    stage_key(&stage, '\\');
    type("t3");
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, '\\');
    stage_key(&stage, 'U' - 'A' + 1);
    ck_assert(shows("11 of 11"));
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("TWIN / SERIES"));
    ck_assert(!strstr(stage_row(&stage, 0), "filter"));
}
END_TEST

START_TEST(errors_in_words_and_the_last_good_filter_stays)
{
    stage_key(&stage, '\\');
    type("t3 stat=ok");
    ck_assert(shows("no key 'stat', did you mean 'state'?"));
    ck_assert(shows("2 of 11"));
    stage_key(&stage, KEY_RETURN); /* nothing to keep yet */
    ck_assert(shows("did you mean"));
    for (int i = 0; i < 3; i++)
        stage_key(&stage, KEY_BACKSPACE_);
    stage_key(&stage, KEY_RETURN);
    ck_assert(!shows("did you mean"));
}
END_TEST

START_TEST(a_prompt_swallows_every_key)
{
    stage_key(&stage, '\\');
    ck_assert_int_eq(stage_key(&stage, 'q'), INTENT_NONE);
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, F(10));
    stage_key(&stage, F(1));
    stage_key(&stage, KEY_PAGE_DOWN);
    ck_assert(shows("Filter q"));
    stage_key(&stage, KEY_ESC);
    ck_assert_int_eq(stage_key(&stage, '/'), INTENT_NONE);
    ck_assert_int_eq(stage_key(&stage, 3), INTENT_QUIT);
}
END_TEST

START_TEST(history_comes_back_with_its_effect)
{
    stage_key(&stage, '\\');
    type("t3");
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, '\\');
    stage_key(&stage, 'U' - 'A' + 1);
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, '\\');
    stage_key(&stage, KEY_ARROW_UP);
    ck_assert(shows("Filter t3"));
    ck_assert(shows("2 of 11"));
}
END_TEST

START_TEST(a_long_line_scrolls_with_its_cursor)
{
    ui_resize(stage.ui, 40, 10);
    stage_key(&stage, '\\');
    for (int i = 0; i < 30; i++)
        type("ab");
    type("END");
    ck_assert(strstr(stage_row(&stage, 9), "abEND"));
    stage_key(&stage, KEY_HOME_);
    ck_assert(strstr(stage_row(&stage, 9), "Filter abab"));
    ck_assert(!strstr(stage_row(&stage, 9), "END"));
}
END_TEST

START_TEST(a_filter_follows_what_readings_do)
{
    char error[100];
    ck_assert(ui_set_filter(stage.ui, "value>28", error, sizeof error));
    stage_draw(&stage);
    ck_assert(shows("2 of 11"));
    stage.now += TIMESTAMP_SECOND;
    stage_reading(&stage, "T0", "temperature", "Celsius", 99);
    stage_draw(&stage);
    ck_assert(shows("3 of 11"));
    ck_assert(shows("T0/temperature"));
    ck_assert(!ui_set_filter(stage.ui, "valu>28", error, sizeof error));
}
END_TEST

START_TEST(paused_it_asks_what_is_shown)
{
    stage_key(&stage, 'p');
    stage.now += TIMESTAMP_SECOND;
    stage_reading(&stage, "T0", "temperature", "Celsius", 99);
    stage_key(&stage, '\\');
    type("value>50");
    ck_assert(shows("1 of 11")); /* the humidity, not what came since */
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, 'p');
    ck_assert(shows("2 of 11"));
}
END_TEST

START_TEST(searching_selects_and_n_goes_on)
{
    stage_key(&stage, '/');
    type("t3");
    ck_assert_str_eq(selected(), "T3");
    ck_assert(shows("T4/temperature")); /* nothing is hidden */
    stage_key(&stage, KEY_RETURN);
    ck_assert_str_eq(stage.snapshot.card.row.name, "humidity");
    stage_key(&stage, 'n');
    ck_assert_str_eq(stage.snapshot.card.row.name, "temperature");
    stage_key(&stage, 'n'); /* around */
    ck_assert_str_eq(stage.snapshot.card.row.name, "humidity");
    stage_key(&stage, 'N');
    ck_assert_str_eq(stage.snapshot.card.row.name, "temperature");
}
END_TEST

START_TEST(a_search_can_find_nothing_or_be_given_up)
{
    stage_key(&stage, 'n');
    ck_assert(shows("Nothing to search for yet"));
    stage_key(&stage, 'G');
    stage_key(&stage, F(3));
    type("t2");
    ck_assert_str_eq(selected(), "T2");
    type("2");
    ck_assert(shows("not found"));
    ck_assert_str_eq(selected(), "T9");
    stage_key(&stage, KEY_ESC);
    ck_assert_str_eq(selected(), "T9");
}
END_TEST

Suite *asking_suite(void)
{
    Suite *suite = suite_create("asking");
    TCase *tcase = tcase_create("prompts");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_filter_works_while_it_is_typed);
    tcase_add_test(tcase, a_filtered_table_says_so);
    tcase_add_test(tcase, esc_restores_what_was_before);
    tcase_add_test(tcase, an_empty_filter_shows_all);
    tcase_add_test(tcase, errors_in_words_and_the_last_good_filter_stays);
    tcase_add_test(tcase, a_prompt_swallows_every_key);
    tcase_add_test(tcase, history_comes_back_with_its_effect);
    tcase_add_test(tcase, a_long_line_scrolls_with_its_cursor);
    tcase_add_test(tcase, a_filter_follows_what_readings_do);
    tcase_add_test(tcase, paused_it_asks_what_is_shown);
    tcase_add_test(tcase, searching_selects_and_n_goes_on);
    tcase_add_test(tcase, a_search_can_find_nothing_or_be_given_up);
    suite_add_tcase(suite, tcase);
    return suite;
}
