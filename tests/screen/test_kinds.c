/* Each kind of anomaly on the screen: row, sparkline cell, chart and log agree. With
 * DT_PICTURES=DIR in the environment each test also writes its picture there, for doc/anomalies.md.
 */
#include "core/random.h"
#include "screen/vt.h"

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LATER 20000 /* milliseconds */
#define COLUMNS 100
#define ROWS 30

#define BEGIN 1768485600 /* 2026-01-15 14:00 UTC */
#define WEEKS_AGO 1767225600

/* A recording of one sensor with one fault near its end, and of a calm one beside it. */
struct recording {
    const char *kind;
    int readings, step; /* how many, seconds apart */
    long long begin;
    double (*value)(int i, double noise); /* NAN: no reading */
    const char *told;                     /* how the line in the log begins */
    const char *glyph;
    const char *words; /* how the state is called beside the chart's name */
    int zooms;         /* from 5 minutes to 24 hours, to have the fault in the picture */
};

static double spike(int i, double noise)
{
    return i == 394 ? 28.5 : 21 + noise;
}

static double level(int i, double noise)
{
    return (i < 385 ? 21 : 24.1) + noise;
}

static double drift(int i, double noise)
{
    return 21 + noise + (i > 1200 ? (i - 1200) * 0.02 : 0);
}

static double burst(int i, double noise)
{
    return 21 + noise * (i >= 385 ? 5 : 1);
}

static double stuck(int i, double noise)
{
    return i < 385 ? 21 + noise : 21.37;
}

static double silent(int i, double noise)
{
    return i < 360 ? 21 + noise : NAN;
}

/* Warm from seven to six; on the last day from one o'clock on. */
static double unusual(int i, double noise)
{
    int hour = i % 288 / 12, day = i / 288;
    return (hour >= (day < 11 ? 7 : 1) && hour < 18 ? 22 : 18) + noise;
}

/* Slowly enough to be no other anomaly. */
static double limit(int i, double noise)
{
    return 21 + noise / 4 + (i < 300 ? 0 : (i - 300) * 0.031);
}

static const struct recording recordings[] = {
    {"spike", 400, 2, BEGIN, spike, "spike: 28.5 °C, expected 2", "!", "spike", 0},
    {"level", 400, 2, BEGIN, level, "level +", "!", NULL, 0},
    {"drift", 1260, 2, BEGIN, drift, "drift +", "!", NULL, 0},
    {"burst", 400, 2, BEGIN, burst, "noise x", "!", NULL, 0},
    {"stuck", 400, 2, BEGIN, stuck, "stuck at 21.37 °C for ", "=", "stuck", 0},
    {"silent", 400, 2, BEGIN, silent, "silent for ", "○", "lost", 0},
    {"limit", 400, 2, BEGIN, limit, " °C above the limit of 24", "!", NULL, 0},
    {"unusual", 11 * 288 + 15, 300, WEEKS_AGO, unusual, "unusual for 01:", "!", "unusual", 4},
};

static struct vt *vt;
static char folder[64], path[96], config[96];

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-kinds-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/replay.csv", folder);
    snprintf(config, sizeof config, "%s/config.ini", folder);
    vt = NULL;
}

static void teardown(void)
{
    vt_free(vt);
    vt_remove_folder(folder);
}

static void put(FILE *file, const struct recording *recording, int i, const char *sensor,
                double value)
{
    char text[32];
    time_t when = (time_t)(recording->begin + (long long)i * recording->step);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&when));
    if (!isnan(value))
        fprintf(file, "%s,%s,%.2f,Celsius\n", text, sensor, value);
}

static void record(const struct recording *recording)
{
    struct random random;
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    random_init(&random, 7);
    fputs("timestamp,sensor_id,value,unit\n", file);
    for (int i = 0; i < recording->readings; i++) {
        double noise = 0.3 * random_normal(&random);
        put(file, recording, i, "BOILER", recording->value(i, noise));
        put(file, recording, i, "HALL", 55 + random_normal(&random));
    }
    fclose(file);
}

/* What a person has said, as far as it matters to the recording. */
static void configure(const struct recording *recording)
{
    FILE *file = fopen(config, "w");
    ck_assert_ptr_nonnull(file);
    if (strcmp(recording->kind, "limit") == 0)
        fputs("[limits BOILER/*]\nmin = 18\nmax = 24\n", file);
    fclose(file);
}

static void start(const struct recording *recording)
{
    const char *argv[] = {getenv("DT_TOP"), "--config", config, "--replay", path,
                          "--speed",        "max",      NULL};
    const char *env[] = {"TZ=UTC", "LC_ALL=C.UTF-8", "XDG_CONFIG_HOME=/nonexistent", "NO_COLOR",
                         NULL};
    record(recording);
    configure(recording);
    vt = vt_start(argv, env, COLUMNS, ROWS);
    ck_assert_msg(vt_wait_text(vt, "replay ended", LATER), "the replay did not end");
    for (int i = 0; i < recording->zooms; i++)
        vt_type(vt, "-");
    ck_assert(recording->zooms == 0 || vt_wait_text(vt, "LAST 24 H", LATER));
}

/* Alarm, fading alarm, notice: the colours that ask for attention (ui/theme.c). */
static bool stands_out(int column, int row)
{
    struct vt_cell cell = vt_cell(vt, column, row);
    int colour = cell.foreground;
    return (colour == 203 || colour == 167 || colour == 221) && cell.text[0] != '\0' &&
           cell.text[0] != ' ';
}

static int standing_out(int row, int from, int to)
{
    int count = 0;
    for (int x = from; x < to; x++)
        count += stands_out(x, row);
    return count;
}

static bool is_braille(int column, int row)
{
    const unsigned char *text = (const unsigned char *)vt_cell(vt, column, row).text;
    return text[0] == 0xe2 && text[1] >= 0xa0 && text[1] <= 0xa3;
}

/* Cells between the chart's title and the log that are marked, and those of the expected band. */
struct chart_cells {
    int marked, band;
};

static struct chart_cells chart_cells(void)
{
    struct chart_cells cells = {0};
    int title = vt_find(vt, "─ BOILER", NULL), events = vt_find(vt, "Events", NULL);
    for (int y = title + 1; y < events; y++)
        for (int x = 0; x < COLUMNS; x++) {
            struct vt_cell cell = vt_cell(vt, x, y);
            cells.marked += is_braille(x, y) && stands_out(x, y);
            cells.band += cell.foreground == 240 && cell.text[0] != ' ';
        }
    return cells;
}

static void write_picture(const char *kind)
{
    const char *where = getenv("DT_PICTURES");
    char name[256];
    if (!where)
        return;
    snprintf(name, sizeof name, "%s/kind-%s.svg", where, kind);
    FILE *file = fopen(name, "w");
    ck_assert_msg(file != NULL, "cannot write %s", name);
    vt_svg(vt, file);
    fclose(file);
}

/* Row of the table, where its sparkline begins and ends. */
static int find_row(int *from, int *to)
{
    ck_assert_int_ge(vt_find(vt, "LAST", from), 0);
    ck_assert_int_ge(vt_find(vt, " Z ", to), 0);
    int row = vt_find(vt, "BOILER", NULL);
    ck_assert_int_ge(row, 0);
    return row;
}

static bool marked_everywhere(struct vt *on, const void *context)
{
    int from, to;
    (void)on;
    (void)context;
    int row = find_row(&from, &to);
    return standing_out(row, from, to) > 0 && chart_cells().marked > 0;
}

START_TEST(row_sparkline_chart_and_log_agree)
{
    const struct recording *recording = &recordings[_i];
    const bool silence = strcmp(recording->kind, "silent") == 0; /* there is no cell to mark */
    int from, to, column;
    start(recording);

    ck_assert_msg(vt_wait_text(vt, recording->told, LATER), "no '%s' in the log", recording->told);
    int log = vt_find(vt, recording->told, &column);
    ck_assert_int_gt(log, vt_find(vt, "Events", NULL));
    ck_assert_ptr_nonnull(strstr(vt_row_text(vt, log), "BOILER"));
    ck_assert_int_gt(standing_out(log, 0, column), 0);

    ck_assert_msg(silence || vt_wait(vt, marked_everywhere, NULL, LATER),
                  "no mark in the sparkline or in the chart");
    int row = find_row(&from, &to), title = vt_find(vt, "─ BOILER", NULL);
    ck_assert_str_eq(vt_cell(vt, 1, row).text, recording->glyph);
    ck_assert(stands_out(1, row) || silence);

    ck_assert_int_gt(title, row);
    if (recording->words)
        ck_assert_msg(strstr(vt_row_text(vt, title), recording->words) != NULL, "chart says '%s'",
                      vt_row_text(vt, title));
    ck_assert_msg(chart_cells().band > 10, "no band in the chart");
    write_picture(recording->kind);
}
END_TEST

Suite *kinds_suite(void);

Suite *kinds_suite(void)
{
    Suite *suite = suite_create("kinds");
    TCase *tcase = tcase_create("kinds");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, row_sparkline_chart_and_log_agree, 0,
                        (int)(sizeof recordings / sizeof *recordings));
    suite_add_tcase(suite, tcase);
    return suite;
}
