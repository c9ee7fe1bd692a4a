#include <check.h>
#include <string.h>

#include "ui/theme.h"
#include "unit/suites.h"

static bool same(struct look a, struct look b)
{
    return a.foreground == b.foreground && a.background == b.background && a.bold == b.bold &&
           a.dim == b.dim && a.reverse == b.reverse && a.underline == b.underline;
}

START_TEST(colours_fit_the_depth)
{
    static const short limits[] = {
        [DEPTH_MONO] = -1, [DEPTH_8] = 7, [DEPTH_16] = 15, [DEPTH_256] = 255};
    for (unsigned style = 0; style < 256; style++) {
        if ((style & 0x3F) >= STYLE_COUNT)
            continue;
        for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
            struct look look = theme_look((enum depth)depth, style);
            ck_assert_int_ge(look.foreground, -1);
            ck_assert_int_ge(look.background, -1);
            ck_assert_int_le(look.foreground, limits[depth]);
            ck_assert_int_le(look.background, limits[depth]);
            /* Text must not drown in its background. */
            ck_assert(look.foreground == -1 || look.foreground != look.background);
            /* A background of ours needs a foreground of ours: the terminal's may be any. */
            ck_assert(look.background == -1 || look.foreground != -1);
        }
    }
}
END_TEST

START_TEST(what_asks_for_attention_is_told_apart)
{
    static const unsigned quiet[] = {STYLE_NORMAL, STYLE_DIM, STYLE_SPARK, STYLE_GOOD};
    for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++)
        for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
            for (unsigned selected = 0; selected <= STYLE_SELECTED; selected += STYLE_SELECTED) {
                struct look calm = theme_look((enum depth)depth, quiet[i] | selected);
                ck_assert(!same(theme_look((enum depth)depth, STYLE_ALARM | selected), calm));
                ck_assert(!same(theme_look((enum depth)depth, STYLE_WARN | selected), calm));
            }
}
END_TEST

START_TEST(selection_is_visible_in_every_style)
{
    for (unsigned style = 0; style < STYLE_KEY; style++) /* the key bar has no rows to select */
        for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++)
            ck_assert(!same(theme_look((enum depth)depth, style),
                            theme_look((enum depth)depth, style | STYLE_SELECTED)));
}
END_TEST

START_TEST(mono_has_its_own_means)
{
    ck_assert(theme_look(DEPTH_MONO, STYLE_ALARM).bold);
    ck_assert(theme_look(DEPTH_MONO, STYLE_DIM).dim);
    ck_assert(theme_look(DEPTH_MONO, STYLE_NORMAL | STYLE_SELECTED).reverse);
    ck_assert(theme_look(DEPTH_MONO, STYLE_ALARM | STYLE_REVERSE).reverse);
    /* An anomalous spark cell stands out in the selected row too. */
    ck_assert(!theme_look(DEPTH_MONO, STYLE_ALARM | STYLE_REVERSE | STYLE_SELECTED).reverse);
    ck_assert(theme_look(DEPTH_MONO, STYLE_NOTICE).reverse);
}
END_TEST

START_TEST(reverse_where_colour_does_not_say_it)
{
    ck_assert(!theme_look(DEPTH_256, STYLE_ALARM | STYLE_REVERSE).reverse);
    ck_assert(theme_look(DEPTH_256, STYLE_NORMAL | STYLE_REVERSE).reverse);
    ck_assert(theme_look(DEPTH_8, STYLE_SPARK | STYLE_REVERSE).reverse);
}
END_TEST

START_TEST(palette_of_256)
{
    ck_assert_int_eq(theme_look(DEPTH_256, STYLE_ACCENT).foreground, 80);
    ck_assert_int_eq(theme_look(DEPTH_256, STYLE_ALARM).foreground, 203);
    ck_assert_int_eq(theme_look(DEPTH_256, STYLE_SIM).foreground, 176);
    ck_assert_int_eq(theme_look(DEPTH_256, STYLE_BAR).background, 236);
    ck_assert_int_eq(theme_look(DEPTH_256, STYLE_ALARM | STYLE_SELECTED).background, 238);
    ck_assert_int_eq(theme_look(DEPTH_256, STYLE_ALARM | STYLE_SELECTED).foreground, 203);
    ck_assert_int_eq(theme_look(DEPTH_256, STYLE_NORMAL).background, -1);
}
END_TEST

Suite *theme_suite(void)
{
    Suite *suite = suite_create("theme");
    TCase *core = tcase_create("core");
    tcase_add_test(core, colours_fit_the_depth);
    tcase_add_test(core, what_asks_for_attention_is_told_apart);
    tcase_add_test(core, selection_is_visible_in_every_style);
    tcase_add_test(core, mono_has_its_own_means);
    tcase_add_test(core, reverse_where_colour_does_not_say_it);
    tcase_add_test(core, palette_of_256);
    suite_add_tcase(suite, core);
    return suite;
}
