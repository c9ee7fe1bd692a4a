/* What keys and mouse do in the chart, as seen on the screen. */
#include "unit/suites.h"

#include <stdlib.h>
#include <string.h>

#include "ui/chart.h"
#include "ui/ui_state.h"
#include "unit/stage.h"

#define SECOND TIMESTAMP_SECOND

static struct stage stage;

/* A climbs by one a second for two minutes: 1000 to 1119. B is of the same unit, C is not. */
static void setup(void)
{
    stage_open(&stage, 120, 40, false);
    for (int i = 0; i < 120; i++) {
        stage_reading(&stage, "A", "temperature", "Celsius", 1000 + i);
        stage_reading(&stage, "B", "temperature", "Celsius", 1060);
        stage_reading(&stage, "C", "humidity", "%", 40 + i % 5);
        stage.now += SECOND;
    }
    stage.now -= SECOND / 2;
    stage_draw(&stage);
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

static void press(const char *keys)
{
    for (; *keys; keys++)
        stage_key(&stage, (unsigned char)*keys);
}

static void times(uint32_t key, int count)
{
    while (count-- > 0)
        stage_key(&stage, key);
}

/* The line that has the chart's name. */
static const char *title(void)
{
    return stage_row(&stage, stage.ui->layout.chart_title.y);
}

START_TEST(the_cursor_tells_value_and_time)
{
    press("\r");
    ck_assert(strstr(title(), "y auto"));
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert_msg(strstr(title(), "14:01:59") != NULL, "%s", title());
    ck_assert_msg(strstr(title(), "1119 °C") != NULL, "%s", title());
    int before = chart_window_bucket(&stage.ui->stretch, stage.ui->chart.window.cursor);
    times(KEY_ARROW_LEFT, 3);
    ck_assert_int_eq(chart_window_bucket(&stage.ui->stretch, stage.ui->chart.window.cursor),
                     before - 3);
    stage_key(&stage, KEY_PAGE_UP);
    ck_assert_int_eq(chart_window_bucket(&stage.ui->stretch, stage.ui->chart.window.cursor),
                     before - 3 - stage.ui->stretch.count / 10);
    stage_key(&stage, KEY_SHIFT_RIGHT);
    ck_assert_int_eq(chart_window_bucket(&stage.ui->stretch, stage.ui->chart.window.cursor),
                     before - 3);
    stage_key(&stage, KEY_ESC);
    ck_assert(strstr(title(), "y auto"));
    ck_assert(shows("Payload") || shows("identity"));
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("TWIN / SERIES"));
}
END_TEST

/* Several readings in a bucket: the least and the largest of them too. */
START_TEST(a_wide_bucket_has_extremes)
{
    press("\r----");
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert_msg(strstr(title(), "min 1") && strstr(title(), "max 1119"), "%s", title());
}
END_TEST

START_TEST(tab_gives_the_chart_the_keys)
{
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(!stage.ui->chart.window.has_cursor);
    stage_key(&stage, KEY_TAB_);
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(stage.ui->chart.window.has_cursor);
    ck_assert_str_eq(stage.ui->twin, "A");
    stage_key(&stage, KEY_ARROW_DOWN); /* these go on moving in the table */
    ck_assert_str_eq(stage.ui->twin, "B");
    stage_key(&stage, KEY_ESC);
    ck_assert(!stage.ui->chart.window.has_cursor);
    ck_assert_int_eq(stage.ui->focus, PANE_CHART);
    stage_key(&stage, KEY_ESC);
    ck_assert_int_eq(stage.ui->focus, PANE_TABLE);
}
END_TEST

START_TEST(the_window_moves_into_the_past_while_the_rest_is_live)
{
    press("\r+");
    times(KEY_ARROW_LEFT, 2);
    times(KEY_PAGE_UP, 14);
    ck_assert_msg(strstr(title(), "14:0") && stage.ui->chart.window.end != 0, "%s", title());
    stage_key(&stage, KEY_ESC);
    ck_assert_msg(strstr(title(), " to 14:"), "%s", title());
    ck_assert(!shows("PAUSED"));
    ck_assert(!shows("now"));
    /* No further than the first reading. */
    stage_key(&stage, KEY_HOME_);
    ck_assert_msg(strstr(title(), "14:00:00  1000 °C") != NULL, "%s", title());
    times(KEY_PAGE_UP, 3);
    ck_assert_msg(strstr(title(), "14:00:00  1000 °C") != NULL, "%s", title());
    stage_reading(&stage, "A", "temperature", "Celsius", 1120);
    stage_draw(&stage);
    ck_assert_msg(strstr(title(), "14:00:00  1000 °C") != NULL, "%s", title());
    ck_assert(shows("1120")); /* live, in the card */
    stage_key(&stage, KEY_END_);
    ck_assert(shows("now"));
    ck_assert_int_eq(stage.ui->chart.window.end, 0);
}
END_TEST

START_TEST(zoom_is_about_the_cursor)
{
    press("\r");
    times(KEY_ARROW_LEFT, 1);
    times(KEY_PAGE_UP, 2);
    timestamp cursor = stage.ui->chart.window.cursor;
    int before = chart_window_bucket(&stage.ui->stretch, cursor);
    press("+");
    ck_assert_int_eq(stage.ui->chart.window.cursor, cursor);
    ck_assert_int_le(abs(before - chart_window_bucket(&stage.ui->stretch, cursor)), 1);
    ck_assert_int_ne(stage.ui->chart.window.end, 0);
    press("L");
    ck_assert_int_eq(stage.ui->chart.window.end, 0);
    ck_assert(!stage.ui->chart.window.has_cursor);
}
END_TEST

START_TEST(y_goes_through_the_scales)
{
    press("\ry");
    ck_assert(strstr(title(), "y fixed"));
    double high = stage.ui->chart.y_high;
    ck_assert_double_ge(high, 1119);
    stage_reading(&stage, "A", "temperature", "Celsius", 5000);
    stage_draw(&stage);
    ck_assert(!shows("5000 ┤"));
    ck_assert_double_eq(stage.ui->chart.y_high, high);
    stage_key(&stage, KEY_ARROW_DOWN); /* another series, another scale */
    ck_assert_double_lt(stage.ui->chart.y_high, 1100);
    press("ky");
    ck_assert(strstr(title(), "y ±3σ"));
    ck_assert(shows("+3σ"));
    press("y");
    ck_assert(strstr(title(), "y auto"));
    ck_assert(shows("5000"));
}
END_TEST

START_TEST(scrubbing_shows_the_past_and_says_so)
{
    press("[");
    ck_assert(shows("PAUSED -00:05, 0 buffered"));
    press("{");
    ck_assert(shows("PAUSED -01:05"));
    ck_assert(shows("1054"));
    stage_reading(&stage, "A", "temperature", "Celsius", 1120);
    stage_draw(&stage);
    ck_assert(shows("PAUSED -01:05, 1 buffered"));
    ck_assert(!shows("1120"));
    press("]");
    ck_assert(shows("PAUSED -01:00"));
    press("{{{{{{");
    ck_assert(shows("PAUSED -01:59")); /* the first reading */
    press("}");
    ck_assert(shows("PAUSED -00:59"));
    press("}");
    ck_assert(!shows("PAUSED"));
    press("[");
    ck_assert(shows("PAUSED"));
    press("L");
    ck_assert(!shows("PAUSED"));
}
END_TEST

START_TEST(tagged_series_are_overlaid)
{
    press(" ");
    stage_key(&stage, ' ');
    stage_key(&stage, ' ');
    press("g\r");
    int y = stage.ui->layout.chart.y;
    ck_assert_msg(strstr(stage_row(&stage, y), "1 A/temperature"), "%s", stage_row(&stage, y));
    ck_assert(strstr(stage_row(&stage, y), "2 B/temperature 1060 °C"));
    ck_assert(shows("3 C/humidity"));
    ck_assert_uint_eq(stage_style(&stage, "B/temperature 1060"), STYLE_GOOD);
    press("v");
    ck_assert(strstr(stage_row(&stage, y), "1 A/temperature"));
    ck_assert(!strstr(stage_row(&stage, y), "2 B"));
    ck_assert(shows("2 B/temperature"));
    ck_assert(shows("3 C/humidity"));
    press("v");
    ck_assert(!shows("1 A/temperature"));
    ck_assert(!shows("2 B/temperature"));
    press("v");
    ck_assert(strstr(stage_row(&stage, y), "2 B/temperature"));
    /* At the cursor the legend tells what was there. */
    stage_key(&stage, KEY_HOME_);
    ck_assert_msg(strstr(stage_row(&stage, y), "1 A/temperature 1000"), "%s", stage_row(&stage, y));
}
END_TEST

START_TEST(large_screens_show_strips_unasked)
{
    press("   g");
    ui_resize(stage.ui, 200, 50);
    stage_draw(&stage);
    int y = stage.ui->layout.chart.y;
    ck_assert(strstr(stage_row(&stage, y), "1 A/temperature"));
    ck_assert(!strstr(stage_row(&stage, y), "2 B/temperature"));
    ck_assert(shows("2 B/temperature"));
    ck_assert(shows("3 C/humidity"));
    ck_assert(!shows("no reading"));
    ui_resize(stage.ui, 120, 40);
    stage_draw(&stage);
    ck_assert(strstr(stage_row(&stage, stage.ui->layout.chart.y), "2 B/temperature"));
}
END_TEST

/* However small the chart is, each series has its mark and its value. */
START_TEST(a_small_legend_keeps_the_values)
{
    press("   g");
    ui_resize(stage.ui, 80, 24);
    stage_draw(&stage);
    const char *row = stage_row(&stage, stage.ui->layout.chart.y);
    ck_assert_msg(strstr(row, "1 ") && strstr(row, "1119 °C"), "%s", row);
    ck_assert_msg(strstr(row, "2 ") && strstr(row, "1060 °C"), "%s", row);
    ck_assert_msg(strstr(row, "3 ") && strstr(row, "44 %"), "%s", row);
}
END_TEST

START_TEST(nothing_tagged_is_said)
{
    press("v");
    ck_assert(shows("Tag series with Space"));
}
END_TEST

START_TEST(statistics_are_of_the_time_shown)
{
    press("\r--");
    ck_assert(shows("count         120"));
    ck_assert(shows("median       1060"));
    ck_assert(shows("slope  +60.00/min"));
    ck_assert(shows("█"));
    press("++++"); /* the last 30 seconds */
    ck_assert(!shows("count         120"));
}
END_TEST

/* The lowest and the highest row with a bar, within the plot that they belong to. */
START_TEST(the_histogram_stands_beside_its_own_strip)
{
    press("   g");
    press("2v");
    ui_resize(stage.ui, 200, 60);
    stage_draw(&stage);
    const struct rect *panel = &stage.ui->layout.statistics;
    int next = stage_find(&stage, "2 B/temperature"), bars = 0;
    ck_assert_int_gt(panel->height, 0);
    for (int y = panel->y; y < panel->y + panel->height; y++) {
        bool bar = strcmp(canvas_at(stage.canvas, panel->x, y)->text, "█") == 0;
        ck_assert(!bar || y < next);
        bars += bar;
    }
    ck_assert_int_ge(bars, 5);
}
END_TEST

START_TEST(a_click_points_and_a_drag_chooses)
{
    press("\r");
    const struct chart_stretch *shown = &stage.ui->stretch;
    int x = shown->x + shown->columns / 2, y = stage.ui->layout.chart.y + 3;
    ui_mouse(stage.ui, KEY_CLICK, x, y, stage.now);
    stage_draw(&stage);
    ck_assert(stage.ui->chart.window.has_cursor);
    ck_assert_str_eq(canvas_at(stage.canvas, x, stage.ui->layout.chart.y)->text, "⡇");
    ui_mouse(stage.ui, KEY_DRAG, x + 10, y, stage.now);
    stage_draw(&stage);
    ck_assert(canvas_at(stage.canvas, x + 5, y)->style & STYLE_SELECTED);
    timestamp width = shown->width;
    ui_mouse(stage.ui, KEY_DROP, x + 10, y, stage.now);
    stage_draw(&stage);
    ck_assert(!stage.ui->chart.window.has_cursor);
    ck_assert_int_eq(stage.ui->chart.window.span, 21 * width);
    ck_assert_msg(strstr(title(), " to 14:") != NULL, "%s", title());
    press("-"); /* back to a span of the list */
    ck_assert_int_eq(stage.ui->chart.window.span, 0);
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("now"));
    /* A click alone chooses nothing. */
    ui_mouse(stage.ui, KEY_CLICK, x, y, stage.now);
    ui_mouse(stage.ui, KEY_DROP, x, y, stage.now);
    stage_draw(&stage);
    ck_assert_int_eq(stage.ui->chart.window.span, 0);
}
END_TEST

START_TEST(a_click_in_the_small_chart_gives_it_the_keys)
{
    const struct chart_stretch *shown = &stage.ui->stretch;
    ui_mouse(stage.ui, KEY_CLICK, shown->x + 4, stage.ui->layout.chart.y + 1, stage.now);
    stage_draw(&stage);
    ck_assert_int_eq(stage.ui->focus, PANE_CHART);
    ck_assert(stage.ui->chart.window.has_cursor);
}
END_TEST

Suite *ui_chart_suite(void)
{
    Suite *suite = suite_create("ui_chart");
    TCase *tests = tcase_create("ui_chart");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_cursor_tells_value_and_time);
    tcase_add_test(tests, a_wide_bucket_has_extremes);
    tcase_add_test(tests, tab_gives_the_chart_the_keys);
    tcase_add_test(tests, the_window_moves_into_the_past_while_the_rest_is_live);
    tcase_add_test(tests, zoom_is_about_the_cursor);
    tcase_add_test(tests, y_goes_through_the_scales);
    tcase_add_test(tests, scrubbing_shows_the_past_and_says_so);
    tcase_add_test(tests, tagged_series_are_overlaid);
    tcase_add_test(tests, large_screens_show_strips_unasked);
    tcase_add_test(tests, a_small_legend_keeps_the_values);
    tcase_add_test(tests, nothing_tagged_is_said);
    tcase_add_test(tests, statistics_are_of_the_time_shown);
    tcase_add_test(tests, the_histogram_stands_beside_its_own_strip);
    tcase_add_test(tests, a_click_points_and_a_drag_chooses);
    tcase_add_test(tests, a_click_in_the_small_chart_gives_it_the_keys);
    suite_add_tcase(suite, tests);
    return suite;
}
