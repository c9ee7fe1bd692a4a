/* Whole screens: each view at two sizes, in UTF-8, in ASCII and without colours, on one recording,
 * against files in golden/ that are read in review. The recording comes through a FIFO that stays
 * open, so that the program is live for ever at the recorded moment at which it ends.
 *
 * With DT_GOLDEN=write in the environment the files are written (`make golden`); with
 * DT_PICTURES=DIR pictures of the views go there instead (`make pictures`). */
#include "screen/golden.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LATER 20000       /* milliseconds: for a machine that has other things to do */
#define SOON 1000         /* once a screen has differed */
#define FEED_MOST 600     /* seconds */
#define AT_END "14:08:00" /* the last tick of the recording's clock, and nothing after it */

/* A way of drawing, and a size. */
struct tier {
    const char *name;
    int columns, rows;
    const char *option; /* may be NULL */
};

static const struct tier tiers[] = {
    {"utf8-80x24", 80, 24, NULL},         {"utf8-160x50", 160, 50, NULL},
    {"ascii-80x24", 80, 24, "--ascii"},   {"ascii-160x50", 160, 50, "--ascii"},
    {"mono-80x24", 80, 24, "--no-color"}, {"mono-160x50", 160, 50, "--no-color"},
};
#define TIERS (int)(sizeof tiers / sizeof *tiers)

static const struct tier picture = {"picture", 120, 40, NULL};

#define TABLE "TWIN / SERIES" /* the heading of the table: other panes and screens cover it */

/* Keys that lead from the table to a view, a text by which it is known (NULL: the table is gone),
 * and the keys that lead back. */
static const struct {
    const char *name, *keys, *shows, *leave;
} views[] = {
    {"table", "", TABLE, ""},
    {"tree", "t", " 2 series ", "t"},
    {"filter", "\\z>1 pump", " of 12", "\033"},
    {"sort", "\033[17~", "Sort by", "\033"},
    {"chart", "2", NULL, "1"},
    {"detail", "\r", NULL, "\033"},
    {"events", "3", NULL, "1"},
    {"broker", "4", NULL, "\033"},
    {"decoded", "d", NULL, "\033"},
    {"help", "?", NULL, "\033"},
    {"setup", "o", NULL, "\033"},
    {"paused", "p", "PAUSED", "p"},
    {"readings", "\r\t", NULL, "\033"},
    {"help-search", "?/bookmark", "Search help", "\r?"},
    {"group", "tg", "plant/#", "t"},
    {"event-filter", "3\\kind=spike\r1", "kind=spike", ""},
};
#define VIEWS (sizeof views / sizeof *views)

static char folder[64], fifo[96];
static pid_t feeder;
static struct vt *vt;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-golden-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(fifo, sizeof fifo, "%s/sample-plant.jsonl", folder);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    feeder = -1;
    vt = NULL;
}

static void teardown(void)
{
    vt_free(vt);
    if (feeder > 0) {
        kill(feeder, SIGKILL);
        waitpid(feeder, NULL, 0);
    }
    vt_remove_folder(folder);
}

/* Plays the recording to whoever opens the FIFO, and keeps it open until it is killed. */
static void feed(void)
{
    char path[512], bytes[8192];
    size_t len;
    snprintf(path, sizeof path, "%s/data/sample-plant.jsonl", getenv("DT_SOURCE"));
    FILE *from = fopen(path, "r"), *to = fopen(fifo, "w");
    if (!from || !to)
        _exit(1);
    while ((len = fread(bytes, 1, sizeof bytes, from)) > 0)
        fwrite(bytes, 1, len, to);
    fflush(to);
    alarm(FEED_MOST); /* whatever becomes of the test */
    for (;;)
        pause();
}

/* Its name stands in a rule, which need not begin at the screen's edge. */
static bool chart_is_of(struct vt *on, const void *series)
{
    char rules[2][96];
    snprintf(rules[0], sizeof rules[0], "─ %s ", (const char *)series);
    snprintf(rules[1], sizeof rules[1], "- %s ", (const char *)series);
    return vt_find(on, rules[0], NULL) >= 0 || vt_find(on, rules[1], NULL) >= 0;
}

static void start(const struct tier *tier)
{
    const char *argv[] = {getenv("DT_TOP"), "--replay", fifo, "--speed", "max", tier->option, NULL};
    const char *env[] = {"TZ=UTC", "LC_ALL=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", "NO_COLOR",
                         NULL};
    fflush(NULL);
    feeder = fork();
    ck_assert_int_ge(feeder, 0);
    if (feeder == 0)
        feed();
    vt = vt_start(argv, env, tier->columns, tier->rows);
    ck_assert_msg(vt_wait_text(vt, AT_END, LATER), "the recording was not played to its end");
    /* Which series was the first depends on how many there were in the first frame. */
    vt_type(vt, "/pump-1/vib\r");
    ck_assert_msg(vt_wait(vt, chart_is_of, "plant/pump-1/vibration", LATER), "not selected");
}

static bool compare_or_write(const struct tier *tier, const char *view, int deadline)
{
    char title[64], path[512];
    const char *mode = getenv("DT_GOLDEN");
    snprintf(title, sizeof title, "%s-%s", view, tier->name);
    snprintf(path, sizeof path, "%s/tests/screen/golden/%s.txt", getenv("DT_SOURCE"), title);
    if (mode && strcmp(mode, "write") == 0)
        return golden_write(vt, title, path, LATER);
    return golden_wait(vt, title, path, deadline);
}

static bool take_picture(const char *view)
{
    char path[512];
    snprintf(path, sizeof path, "%s/view-%s.svg", getenv("DT_PICTURES"), view);
    FILE *file = golden_settle(vt, LATER) ? fopen(path, "w") : NULL;
    if (!file)
        return false;
    vt_svg(vt, file);
    return fclose(file) == 0;
}

/* Walks through all views, so that one that differs does not hide the others. */
static int walk(const struct tier *tier, bool pictures)
{
    int bad = 0;
    start(tier);
    for (size_t i = 0; i < VIEWS; i++) {
        const char *shows = views[i].shows;
        vt_type(vt, views[i].keys);
        ck_assert_msg(shows ? vt_wait_text(vt, shows, LATER) : vt_wait_gone(vt, TABLE, LATER),
                      "no %s", views[i].name);
        bad += !(pictures ? take_picture(views[i].name)
                          : compare_or_write(tier, views[i].name, bad ? SOON : LATER / 2));
        if (!*views[i].leave)
            continue;
        vt_type(vt, views[i].leave);
        ck_assert_msg(!shows || vt_wait_gone(vt, shows, LATER), "still %s", views[i].name);
        ck_assert_msg(vt_wait_text(vt, TABLE, LATER), "no way back from %s", views[i].name);
    }
    return bad;
}

START_TEST(each_view_is_its_golden_screen)
{
    if (getenv("DT_PICTURES"))
        return;
    ck_assert_int_eq(walk(&tiers[_i], false), 0);
}
END_TEST

START_TEST(each_view_has_its_picture)
{
    if (getenv("DT_PICTURES"))
        ck_assert_int_eq(walk(&picture, true), 0);
}
END_TEST

Suite *golden_suite(void);

Suite *golden_suite(void)
{
    Suite *suite = suite_create("golden");
    TCase *tests = tcase_create("golden screens");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, each_view_is_its_golden_screen, 0, TIERS);
    tcase_add_test(tests, each_view_has_its_picture);
    suite_add_tcase(suite, tests);
    return suite;
}
