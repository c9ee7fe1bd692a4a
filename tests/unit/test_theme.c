#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/theme_file.h"
#include "unit/suites.h"

#define THEMES 5
#define WHITE 0xffffff
#define BLACK 0x000000

static struct theme theme;
static char error[300], path[64];

static void load(const char *name)
{
    ck_assert_msg(theme_load(&theme, name, error, sizeof error), "%s", error);
}

static bool load_text(const char *text)
{
    snprintf(path, sizeof path, "/tmp/dt-top-theme-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    FILE *file = fdopen(fd, "w");
    fputs(text, file);
    fclose(file);
    bool good = theme_load(&theme, path, error, sizeof error);
    unlink(path);
    return good;
}

static struct look look(enum depth depth, unsigned style)
{
    return theme_look(&theme, depth, style);
}

static bool same(struct look a, struct look b)
{
    return a.foreground == b.foreground && a.background == b.background && a.bold == b.bold &&
           a.dim == b.dim && a.reverse == b.reverse && a.underline == b.underline;
}

START_TEST(five_are_built_in)
{
    static const char *const names[THEMES] = {"dark", "light", "high-contrast", "colour-blind",
                                              "mono"};
    for (int i = 0; i < THEMES; i++)
        ck_assert_str_eq(theme_name((size_t)i), names[i]);
    ck_assert_ptr_null(theme_name(THEMES));
}
END_TEST

START_TEST(colours_fit_the_depth)
{
    static const short limits[] = {
        [DEPTH_MONO] = -1, [DEPTH_8] = 7, [DEPTH_16] = 15, [DEPTH_256] = 255};
    load(theme_name((size_t)_i));
    for (unsigned style = 0; style < 256; style++) {
        if ((style & 0x3F) >= STYLE_COUNT)
            continue;
        for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++) {
            struct look got = look((enum depth)depth, style);
            ck_assert_int_ge(got.foreground, -1);
            ck_assert_int_ge(got.background, -1);
            ck_assert_int_le(got.foreground, limits[depth]);
            ck_assert_int_le(got.background, limits[depth]);
            /* Text must not drown in its background. */
            ck_assert(got.foreground == -1 || got.foreground != got.background);
            /* A background of ours needs a foreground of ours: the terminal's may be any. */
            ck_assert(got.background == -1 || got.foreground != -1);
        }
    }
}
END_TEST

START_TEST(what_asks_for_attention_is_told_apart)
{
    static const unsigned quiet[] = {STYLE_NORMAL, STYLE_DIM, STYLE_SPARK, STYLE_GOOD};
    load(theme_name((size_t)_i));
    for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++)
        for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
            for (unsigned selected = 0; selected <= STYLE_SELECTED; selected += STYLE_SELECTED) {
                struct look calm = look((enum depth)depth, quiet[i] | selected);
                ck_assert(!same(look((enum depth)depth, STYLE_ALARM | selected), calm));
                ck_assert(!same(look((enum depth)depth, STYLE_WARN | selected), calm));
            }
}
END_TEST

/* What keeps the terminal's colours there is reversed, or gets ours. */
START_TEST(selection_is_visible_in_every_style)
{
    load(theme_name((size_t)_i));
    for (int depth = DEPTH_MONO; depth <= DEPTH_256; depth++)
        for (unsigned style = 0; style < STYLE_KEY; style++) { /* the key bar has no rows */
            struct look got = look((enum depth)depth, style);
            bool box = got.background >= 0; /* a filled box of a theme may stay one */
            ck_assert(box || !same(got, look((enum depth)depth, style | STYLE_SELECTED)));
        }
}
END_TEST

START_TEST(only_bars_boxes_and_selection_cover_the_background)
{
    static const char *const boxes[] = {"high-contrast"};
    load(theme_name((size_t)_i));
    for (unsigned style = 0; style < STYLE_COUNT; style++) {
        bool bar = (style >= STYLE_BAR && style <= STYLE_HEADING) || style >= STYLE_KEY;
        if (!bar && strcmp(theme.name, boxes[0]) != 0)
            ck_assert_int_eq(look(DEPTH_256, style).background, -1);
    }
    ck_assert_int_eq(look(DEPTH_256, STYLE_NORMAL).background, -1);
}
END_TEST

static void check_readable(uint32_t background)
{
    for (unsigned style = 0; style < STYLE_COUNT; style++)
        for (unsigned selected = 0; selected <= STYLE_SELECTED; selected += STYLE_SELECTED) {
            struct look got = look(DEPTH_256, style | selected);
            /* Lines and the picture of a silent sensor may stand back. */
            double least = style == STYLE_SPARK_OFF || style == STYLE_BAND ? 1.6
                           : selected                                      ? 2.0
                                                                           : 3.0;
            if (got.foreground < 0)
                continue;
            uint32_t behind = got.background < 0 ? background : theme_rgb(got.background);
            double contrast = theme_contrast(theme_rgb(got.foreground), behind);
            ck_assert_msg(contrast >= least, "%s: style %u selected %u: %d on %06x is %.2f",
                          theme.name, style, selected, got.foreground, behind, contrast);
        }
}

START_TEST(all_can_be_read)
{
    load("dark");
    check_readable(BLACK);
    load("colour-blind");
    check_readable(BLACK);
    load("light");
    check_readable(WHITE);
    load("high-contrast");
    check_readable(BLACK);
    check_readable(WHITE);
}
END_TEST

/* Red and green as one sees them who lacks the cones for red (protan) or green (deutan): the
 * projection of Viénot, Brettel and Mollon (1999), here in gamma 2.2. */
static void confuse(uint32_t rgb, bool protan, double out[3])
{
    double part[3];
    for (int i = 0; i < 3; i++) {
        double value = (rgb >> (16 - 8 * i) & 0xFF) / 255.0;
        part[i] = value * value;
    }
    double yellow =
        protan ? 0.11238 * part[0] + 0.88762 * part[1] : 0.29275 * part[0] + 0.70725 * part[1];
    out[0] = out[1] = yellow;
    out[2] = protan ? 0.00401 * part[0] - 0.00401 * part[1] + part[2]
                    : -0.02234 * part[0] + 0.02234 * part[1] + part[2];
}

static double apart(unsigned one, unsigned other, bool protan)
{
    double a[3], b[3], sum = 0;
    confuse(theme_rgb(look(DEPTH_256, one).foreground), protan, a);
    confuse(theme_rgb(look(DEPTH_256, other).foreground), protan, b);
    for (int i = 0; i < 3; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

START_TEST(colour_blind_eyes_tell_the_states_apart)
{
    load("colour-blind");
    for (int protan = 0; protan < 2; protan++) {
        ck_assert(apart(STYLE_GOOD, STYLE_WARN, protan) > 0.2);
        ck_assert(apart(STYLE_GOOD, STYLE_ALARM, protan) > 0.2);
        ck_assert(apart(STYLE_WARN, STYLE_ALARM, protan) > 0.05);
        ck_assert(apart(STYLE_GOOD, STYLE_SIM, protan) > 0.05);
    }
}
END_TEST

START_TEST(mono_has_its_own_means)
{
    load(theme_name((size_t)_i));
    ck_assert(look(DEPTH_MONO, STYLE_ALARM).bold);
    ck_assert(look(DEPTH_MONO, STYLE_DIM).dim);
    ck_assert(look(DEPTH_MONO, STYLE_NORMAL | STYLE_SELECTED).reverse);
    ck_assert(look(DEPTH_MONO, STYLE_ALARM | STYLE_REVERSE).reverse);
    /* An anomalous spark cell stands out in the selected row too. */
    ck_assert(!look(DEPTH_MONO, STYLE_ALARM | STYLE_REVERSE | STYLE_SELECTED).reverse);
    ck_assert(look(DEPTH_MONO, STYLE_NOTICE).reverse);
}
END_TEST

START_TEST(mono_theme_is_mono_everywhere)
{
    load("mono");
    ck_assert(!theme.colours);
    for (unsigned style = 0; style < STYLE_COUNT; style++)
        ck_assert(same(look(DEPTH_256, style), look(DEPTH_MONO, style)));
    ck_assert(look(DEPTH_256, STYLE_ALARM | STYLE_REVERSE).reverse);
}
END_TEST

START_TEST(reverse_where_colour_does_not_say_it)
{
    load("dark");
    ck_assert(!look(DEPTH_256, STYLE_ALARM | STYLE_REVERSE).reverse);
    ck_assert(look(DEPTH_256, STYLE_NORMAL | STYLE_REVERSE).reverse);
    ck_assert(look(DEPTH_8, STYLE_SPARK | STYLE_REVERSE).reverse);
}
END_TEST

START_TEST(dark_is_what_it_was)
{
    load(NULL);
    ck_assert_str_eq(theme.name, "dark");
    ck_assert_int_eq(look(DEPTH_256, STYLE_ACCENT).foreground, 80);
    ck_assert_int_eq(look(DEPTH_256, STYLE_ALARM).foreground, 203);
    ck_assert_int_eq(look(DEPTH_256, STYLE_SIM).foreground, 176);
    ck_assert_int_eq(look(DEPTH_256, STYLE_BAR).background, 236);
    ck_assert_int_eq(look(DEPTH_256, STYLE_ALARM | STYLE_SELECTED).background, 238);
    ck_assert_int_eq(look(DEPTH_256, STYLE_ALARM | STYLE_SELECTED).foreground, 203);
    ck_assert_int_eq(look(DEPTH_256, STYLE_DIM | STYLE_SELECTED).foreground, 248);
    ck_assert_int_eq(look(DEPTH_256, STYLE_NORMAL | STYLE_SELECTED).foreground, 255);
    ck_assert_int_eq(look(DEPTH_256, STYLE_NORMAL).background, -1);
    ck_assert_int_eq(look(DEPTH_8, STYLE_ALARM | STYLE_SELECTED).background, 1);
    ck_assert_int_eq(look(DEPTH_16, STYLE_GOOD | STYLE_SELECTED).background, 6);
}
END_TEST

START_TEST(a_file_changes_what_it_names)
{
    ck_assert_msg(load_text("base = light\n[256]\ngood = #0000ff bold\nwarn = bright-yellow 16\n"
                            "[8]\nwarn = cyan\n"),
                  "%s", error);
    ck_assert_int_eq(look(DEPTH_256, STYLE_GOOD).foreground, 21);
    ck_assert(look(DEPTH_256, STYLE_GOOD).bold);
    ck_assert_int_eq(look(DEPTH_256, STYLE_GOOD).background, -1);
    /* The nearest for few colours, unless they have a line of their own. */
    ck_assert_int_eq(look(DEPTH_8, STYLE_GOOD).foreground, 4);
    ck_assert_int_eq(look(DEPTH_16, STYLE_WARN).foreground, 11);
    ck_assert_int_eq(look(DEPTH_16, STYLE_WARN).background, 0);
    ck_assert_int_eq(look(DEPTH_8, STYLE_WARN).foreground, 6);
    /* The rest is that of the base. */
    ck_assert_int_eq(look(DEPTH_256, STYLE_ALARM).foreground, 160);
}
END_TEST

START_TEST(a_selected_style_can_have_its_own)
{
    ck_assert_msg(load_text("[256]\nselected = 16 231\nselected-good = 46 16 bold\n"), "%s", error);
    ck_assert_int_eq(look(DEPTH_256, STYLE_NORMAL | STYLE_SELECTED).background, 231);
    ck_assert_int_eq(look(DEPTH_256, STYLE_GOOD | STYLE_SELECTED).foreground, 46);
    /* Yellow cannot be read on white: it gives way. */
    ck_assert_int_eq(look(DEPTH_256, STYLE_WARN | STYLE_SELECTED).foreground, 16);
    ck_assert_int_eq(look(DEPTH_256, STYLE_ALARM | STYLE_SELECTED).foreground, 203);
}
END_TEST

static const char *const mistakes[][2] = {
    {"[256]\nalrm = 1\n", ":2: unknown style 'alrm', did you mean 'alarm'?"},
    {"[256]\n\nalarm = rd\n", ":3: unknown colour 'rd', did you mean 'red'?"},
    {"[256]\nalarm = red default blod\n", ":2: unknown attribute 'blod', did you mean 'bold'?"},
    {"[256]\nalarm = red blak\n", ":2: unknown colour or attribute 'blak', did you mean 'black'?"},
    {"[256]\nalarm = 256\n", ":2: unknown colour '256'"},
    {"[256]\nalarm = #12345g\n", ":2: unknown colour '#12345g'"},
    {"[256]\nalarm = default 3\n", ":2: a background of its own needs a foreground"},
    {"[256]\nalarm = 3 3\n", ":2: foreground and background are the same"},
    {"[256]\nselected-god = 3\n", ":2: unknown style 'god', did you mean 'good'?"},
    {"[8]\nalarm = 9\n", ":2: no such colour among so few"},
    {"[mono]\nalarm = red\n", ":2: no colours in [mono]"},
    {"[88]\nalarm = red\n", ":2: unknown section [88]"},
    {"base = drak\n", ":1: unknown theme 'drak', did you mean 'dark'?"},
    {"bsae = dark\n", ":1: unknown key 'bsae', did you mean 'base'?"},
    {"[256]\nalarm\n", ":2: not a line of the form"},
    {"[256]\nalarm = \033[2Jx\n", ":2: unknown colour '\xC2\xB7[2Jx'"},
};

START_TEST(mistakes_name_file_and_line)
{
    char expected[200];
    ck_assert(!load_text(mistakes[_i][0]));
    snprintf(expected, sizeof expected, "%s%s", path, mistakes[_i][1]);
    ck_assert_msg(strncmp(error, expected, strlen(expected)) == 0, "%s", error);
}
END_TEST

START_TEST(unknown_names)
{
    ck_assert(!theme_load(&theme, "lihgt", error, sizeof error));
    ck_assert_str_eq(error, "unknown theme 'lihgt', did you mean 'light'?; there are dark, light, "
                            "high-contrast, colour-blind, mono");
    ck_assert(!theme_load(&theme, "./none.ini", error, sizeof error));
    ck_assert_str_eq(error, "./none.ini: No such file or directory");
    ck_assert(!theme_load(&theme, "/tmp", error, sizeof error));
}
END_TEST

Suite *theme_suite(void)
{
    Suite *suite = suite_create("theme");
    TCase *core = tcase_create("core");
    tcase_add_test(core, five_are_built_in);
    tcase_add_loop_test(core, colours_fit_the_depth, 0, THEMES);
    tcase_add_loop_test(core, what_asks_for_attention_is_told_apart, 0, THEMES);
    tcase_add_loop_test(core, selection_is_visible_in_every_style, 0, THEMES);
    tcase_add_loop_test(core, only_bars_boxes_and_selection_cover_the_background, 0, THEMES);
    tcase_add_loop_test(core, mono_has_its_own_means, 0, THEMES);
    tcase_add_test(core, all_can_be_read);
    tcase_add_test(core, colour_blind_eyes_tell_the_states_apart);
    tcase_add_test(core, mono_theme_is_mono_everywhere);
    tcase_add_test(core, reverse_where_colour_does_not_say_it);
    tcase_add_test(core, dark_is_what_it_was);
    tcase_add_test(core, a_file_changes_what_it_names);
    tcase_add_test(core, a_selected_style_can_have_its_own);
    tcase_add_loop_test(core, mistakes_name_file_and_line, 0,
                        (int)(sizeof mistakes / sizeof *mistakes));
    tcase_add_test(core, unknown_names);
    suite_add_tcase(suite, core);
    return suite;
}
