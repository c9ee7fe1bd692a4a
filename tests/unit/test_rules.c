/* What a person does about series, on the screen. */
#include "unit/suites.h"

#include <string.h>

#include "unit/stage.h"

#define SECOND TIMESTAMP_SECOND

static struct stage stage;

static void setup(void)
{
    stage_open(&stage, 120, 40, false);
    stage_quiet(&stage, "T1", "temperature", "Celsius", 30);
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

static void reading(double value)
{
    stage.now += SECOND;
    stage_reading(&stage, "T1", "temperature", "Celsius", value);
    stage_draw(&stage);
}

static unsigned glyph(void)
{
    const struct canvas *canvas = stage.canvas;
    int y = stage_find(&stage, "T1/temperature");
    for (int x = 0; x < 4; x++)
        if (*canvas_at(canvas, x, y)->text != ' ')
            return canvas_at(canvas, x, y)->style & ~(unsigned)STYLE_SELECTED;
    return STYLE_COUNT;
}

static void limit(const char *text)
{
    stage_key(&stage, 'l');
    type(text);
    stage_key(&stage, KEY_RETURN);
}

START_TEST(limits_are_set_at_a_prompt)
{
    stage_key(&stage, 'l');
    ck_assert(shows("nothing: no limits"));
    type("10..x");
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("'10..x' is no limit"));
    stage_key(&stage, KEY_BACKSPACE_);
    type("25 5/min");
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("10 to 25 °C, 5 °C/min"));
    reading(26);
    ck_assert(shows("26 °C above the limit of 25"));
    ck_assert_uint_eq(glyph(), STYLE_ALARM);
    stage_key(&stage, 'l');
    ck_assert(shows("Limits 10..25 5/min"));
    stage_key(&stage, KEY_ESC);
    ck_assert(!shows("Limits 10"));
    ck_assert(shows("10 to 25 °C"));
    stage_key(&stage, 'l');
    stage_key(&stage, 21); /* ^U: all of it */
    stage_key(&stage, KEY_RETURN);
    ck_assert(!shows("10 to 25 °C,  "));
    ck_assert(shows("limits: none"));
}
END_TEST

START_TEST(limits_are_lines_in_the_chart)
{
    limit("22..23");
    stage_draw(&stage);
    int lines = 0;
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 110; x++)
            lines += strcmp(canvas_at(stage.canvas, x, y)->text, "⠤") == 0 ||
                     strcmp(canvas_at(stage.canvas, x, y)->text, "⠒") == 0 ||
                     strcmp(canvas_at(stage.canvas, x, y)->text, "⣀") == 0 ||
                     strcmp(canvas_at(stage.canvas, x, y)->text, "⠉") == 0;
    ck_assert_int_gt(lines, 30);
}
END_TEST

START_TEST(acknowledging_calms_the_row_until_the_next_anomaly)
{
    stage_key(&stage, 'a');
    ck_assert(shows("There is no anomaly to acknowledge."));
    limit("25");
    reading(26);
    ck_assert_uint_eq(glyph(), STYLE_ALARM);
    stage_key(&stage, 'a');
    ck_assert_uint_eq(glyph(), STYLE_DIM);
    ck_assert(shows("limit, acknowledged"));
    reading(22);
    reading(26);
    ck_assert_uint_eq(glyph(), STYLE_ALARM);
}
END_TEST

START_TEST(a_muted_series_stays_dim)
{
    limit("25");
    stage_key(&stage, 'u');
    ck_assert(shows("Mute T1/temperature for"));
    stage_key(&stage, 'x'); /* no answer */
    ck_assert(shows("Mute T1/temperature for"));
    stage_key(&stage, 'm');
    ck_assert(shows("muted for 10m"));
    ck_assert(shows("for 10m"));
    uint64_t alarms = stage.snapshot.totals.alarms; /* which ring the bell */
    reading(26);
    ck_assert_uint_eq(stage.snapshot.totals.alarms, alarms);
    ck_assert_uint_eq(glyph(), STYLE_DIM);
    ck_assert(!shows("new"));
    ck_assert(shows("26 °C above the limit of 25"));
    stage_key(&stage, 'u');
    ck_assert(shows("no longer muted"));
    reading(22);
    reading(26);
    ck_assert_uint_eq(glyph(), STYLE_ALARM);
    ck_assert(shows("1 new"));
    ck_assert_uint_eq(stage.snapshot.totals.alarms, alarms + 1);
}
END_TEST

START_TEST(the_header_tells_the_share)
{
    ck_assert(!shows("anomalous"));
    stage_reading(&stage, "T2", "temperature", "Celsius", 20);
    limit("25");
    reading(26);
    ck_assert(shows("  50 % anomalous  ")); /* in fewer words, for want of room */
    ui_resize(stage.ui, 160, 40);
    stage_draw(&stage);
    ck_assert(shows("50 % anomalous") && !shows("in 1 h")); /* which says the same */
    stage_wait(&stage, 600 * SECOND);
    stage_draw(&stage);
    ck_assert(shows("0 % anomalous, 50 % in 1 h"));
}
END_TEST

START_TEST(the_detail_lists_an_incident)
{
    stage.now += 600 * SECOND;
    static const char *const names[] = {"T1", "T2", "T3"};
    struct limits limits = limits_none;
    limits.max = 25;
    stage_reading(&stage, "T2", "temperature", "Celsius", 20);
    stage_reading(&stage, "T3", "temperature", "Celsius", 20);
    for (uint32_t i = 0; i < 3; i++) {
        engine_limit(stage.engine, i, &limits);
        stage.now += SECOND;
        stage_reading(&stage, names[i], "temperature", "Celsius", 26);
    }
    stage_draw(&stage);
    ck_assert(shows("3 series within 2.0 s: first T1/temperature, then T2/temperature +1.0 s"));
    stage_key(&stage, KEY_RETURN);
    int y = stage_find(&stage, "14:10:31, 3 series");
    ck_assert_int_ge(y, 0);
    ck_assert_ptr_nonnull(strstr(stage_row(&stage, y + 1), "T1/temperature"));
    ck_assert_ptr_nonnull(strstr(stage_row(&stage, y + 2), "+1.0s  T2/temperature"));
    ck_assert_ptr_nonnull(strstr(stage_row(&stage, y + 3), "+2.0s  T3/temperature"));
}
END_TEST

Suite *rules_suite(void)
{
    Suite *suite = suite_create("rules");
    TCase *tests = tcase_create("rules");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, limits_are_set_at_a_prompt);
    tcase_add_test(tests, limits_are_lines_in_the_chart);
    tcase_add_test(tests, acknowledging_calms_the_row_until_the_next_anomaly);
    tcase_add_test(tests, a_muted_series_stays_dim);
    tcase_add_test(tests, the_header_tells_the_share);
    tcase_add_test(tests, the_detail_lists_an_incident);
    suite_add_tcase(suite, tests);
    return suite;
}
