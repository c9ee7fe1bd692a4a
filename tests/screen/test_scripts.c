/* Names in the world's scripts on a real screen: wide characters, combining marks, letters from
 * right to left, what cannot be seen. The grid stays straight in the table, the tree, the card and
 * the log, whatever the terminal makes of them cell by cell. */
#include "screen/vt.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LATER 20000 /* milliseconds */
#define BEGIN 1768485600

static const char *const names[] = {
    "plain",
    "温室制御盤",                                 /* wide */
    "cafe\u0301-e\u0302te\u0301",                 /* combining marks */
    "z\u0301\u0302\u0303\u0304\u0305alg",         /* too many of them */
    "\u05D7\u05D3\u05E8\u05E9\u05D9\u05E0\u05D4", /* Hebrew */
    "\u063A\u0631\u0641\u0629\u064D",             /* Arabic with a mark */
    "a\u202Eb\u200Bc\u200Dd",                     /* overrides and joiners */
    "\u0E40\u0E04\u0E23\u0E37\u0E48\u0E2D\u0E07", /* Thai */
    "\uFF46\uFF55\uFF4C\uFF4C",                   /* full width */
    "\U0001F321\uFE0Froof",                       /* a picture, and its selector */
};
#define NAMES (sizeof names / sizeof *names)

static char folder[64], path[96];
static struct vt *vt;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-scripts-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/names.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("timestamp,sensor_id,value,unit\n", file);
    for (int i = 0; i < 60; i++)
        for (size_t n = 0; n < NAMES; n++) /* the last reading of each is an anomaly */
            fprintf(file, "%d,hall/%s,%.2f,Celsius\n", BEGIN + i, names[n],
                    i == 59 ? 90.0 : 20 + 0.1 * ((i * 7 + (int)n) % 5));
    fclose(file);
}

static void teardown(void)
{
    vt_free(vt);
    vt = NULL;
    vt_remove_folder(folder);
}

static void start(int columns, int rows)
{
    const char *const argv[] = {getenv("DT_TOP"), "--config", "/dev/null", "--replay", path,
                                "--speed",        "max",      NULL};
    vt =
        vt_start(argv, (const char *const[]){"TERM=xterm-256color", "TZ=UTC", NULL}, columns, rows);
    ck_assert_ptr_nonnull(vt);
    ck_assert(vt_wait_text(vt, "ended", LATER));
    ck_assert(vt_wait_text(vt, " 90.0 ", LATER));
    ck_assert(vt_wait_text(vt, "identity", LATER));
}

static bool cell_is(int column, int row, const char *text)
{
    return strcmp(vt_cell(vt, column, row).text, text) == 0;
}

/* The value and the unit stand in their columns in so many rows below the heading. */
static int straight_rows(void)
{
    int unit, top = vt_find(vt, "UNIT", &unit), straight = 0;
    ck_assert_int_ge(top, 0);
    for (int row = top + 1; row <= top + (int)NAMES + 2; /* and headings */ row++) {
        bool value = cell_is(unit - 2, row, "0") && cell_is(unit - 3, row, ".") &&
                     cell_is(unit - 5, row, "9");
        straight += value && cell_is(unit, row, "°") && cell_is(unit + 1, row, "C");
    }
    return straight;
}

static bool all_straight(struct vt *terminal, const void *context)
{
    (void)terminal;
    (void)context;
    return straight_rows() == (int)NAMES;
}

static bool in_tree(struct vt *terminal, const void *context)
{
    return vt_find(terminal, "▾", NULL) >= 0 && all_straight(terminal, context);
}

START_TEST(the_table_is_straight)
{
    start(_i, 40);
    ck_assert(vt_wait(vt, all_straight, NULL, LATER));
    vt_type(vt, "t"); /* and the tree */
    ck_assert(vt_wait(vt, in_tree, NULL, LATER));
}
END_TEST

/* Where a word stands in all rows that have it; -1: not the same place. */
static int common_column(const char *word, int *rows)
{
    int columns, height, at = -1;
    vt_size(vt, &columns, &height);
    *rows = 0;
    for (int row = 0; row < height; row++) {
        const char *text = vt_row_text(vt, row), *found = strstr(text, word);
        if (!found)
            continue;
        for (int x = 0; x < columns; x++) {
            size_t len = strlen(vt_cell(vt, x, row).text);
            if (len == 0 || strncmp(word, vt_cell(vt, x, row).text, len) != 0 ||
                !cell_is(x + 1, row, (char[]){word[1], '\0'}) ||
                !cell_is(x + 2, row, (char[]){word[2], '\0'}) ||
                !cell_is(x + 3, row, (char[]){word[3], '\0'}))
                continue;
            if (at >= 0 && at != x)
                return -1;
            at = x;
            ++*rows;
            break;
        }
    }
    return at;
}

static bool log_straight(struct vt *terminal, const void *context)
{
    int rows;
    (void)terminal;
    (void)context;
    return common_column("spike", &rows) >= 0 && rows >= (int)NAMES;
}

START_TEST(the_log_is_straight)
{
    start(120, 40);
    vt_type(vt, "3");
    ck_assert(vt_wait_gone(vt, "UNIT", LATER));
    ck_assert(vt_wait(vt, log_straight, NULL, LATER));
}
END_TEST

static bool card_straight(struct vt *terminal, const void *context)
{
    (void)context;
    int bar, top = vt_find(terminal, "identity", &bar);
    for (int row = top; top >= 0 && row < top + 8; row++)
        if (!cell_is(bar - 2, row, "│"))
            return false;
    return top >= 0 && cell_is(bar, top, "i");
}

/* The bar between chart and card, for each series in turn; its place may change in the first frames
 * alone. */
START_TEST(the_card_is_straight)
{
    start(120, 40);
    for (size_t n = 0; n < NAMES; n++) {
        ck_assert_msg(vt_wait(vt, card_straight, NULL, LATER), "the card of row %zu", n);
        vt_type(vt, "j");
        vt_drain(vt);
    }
}
END_TEST

Suite *scripts_suite(void);

Suite *scripts_suite(void)
{
    Suite *suite = suite_create("scripts");
    TCase *tests = tcase_create("scripts");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, the_table_is_straight, 100, 103);
    tcase_add_test(tests, the_log_is_straight);
    tcase_add_test(tests, the_card_is_straight);
    suite_add_tcase(suite, tests);
    return suite;
}
