#include "unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "ui/ui_state.h"
#include "unit/build.h"
#include "unit/stage.h"

/* Draws every scene at every size that a terminal may have. A Check assertion costs a system call
 * even when it holds, and there are many millions of cells: so plain conditions and ck_abort_msg().
 */
#define WIDEST 250
#define TALLEST 80
#define MANY 120
#define SMALL_WIDTH 44 /* here the layout changes most: each scene draws them all ... */
#define SMALL_HEIGHT 16
#define THINNED 10 /* ... and of larger ones every tenth, unless DT_TOP_THOROUGH is set */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 23 /* a build that checks every access is slow: it draws so many fewer */
#else
#define SANITIZED 1
#endif

static struct stage stage;

static void teardown(void)
{
    stage_close(&stage);
}

static void few(void)
{
    stage_quiet(&stage, "TEMP_1", "temperature", "Celsius", 30);
    stage_quiet(&stage, "HUM_2", "humidity", "%", 12);
    stage_quiet(&stage, "LEARNING", "pressure", "hPa", 3);
    stage_reading(&stage, "TEMP_1", "temperature", "Celsius", 28.5);
}

static void many(void)
{
    char name[32];
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "SENSOR_%04d", i);
        stage_reading(&stage, name, "temperature", "Celsius", i * 1e3);
    }
    few();
}

/* Names as the decoder would make them of what comes over the wire. */
static void wide(void)
{
    static const char *const names[] = {
        "溫度感測器溫度感測器溫度感測器溫度感測器溫度感測器溫度感測器溫度感測器溫度感測器", /* wide
                                                                                             */
        "e\xCC\x81\xCC\x82\xCC\x83o\xCC\x88 combining\xCC\x81 marks\xCC\x80",
        "\xCC\x81mark first",
        "מד טמפרטורה خزان الماء", /* right to left */
        "a溫b度c感d測e器f溫g度h感i測j器k溫l度m感n測o器p",
        "🌡️🌡🇩🇪👩‍🔬",
        "\xE2\x80\xAEoverride\xE2\x80\xAC \xE2\x80\x8Bzero",
        "한국어 온도 センサー",
        "broken \xC3 bytes \xFF\xFE",
    };
    char twin[TEXT_NAME_BYTES], series[TEXT_NAME_BYTES];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        text_name(twin, names[i], strlen(names[i]));
        text_name(series, names[sizeof names / sizeof *names - 1 - i],
                  strlen(names[sizeof names / sizeof *names - 1 - i]));
        stage_quiet(&stage, twin, series, i % 2 ? "°C" : "溫溫溫溫溫", 14);
        stage_reading(&stage, twin, series, "°C", i == 3 ? 1e300 : -4e-9);
    }
    snprintf(stage.connection.where, sizeof stage.connection.where, "mqtt://溫度.example:1883");
    snprintf(stage.connection.filter, sizeof stage.connection.filter, "工場/溫度/e\xCC\x81/#");
    engine_tick(stage.engine, stage.now);
}

static void trouble(void)
{
    few();
    stage_wait(&stage, 90 * TIMESTAMP_SECOND);
    stage.facts.dropped = 123456789;
    stage.connection.insecure = true;
    stage.connection.state = CONNECTION_WAITING;
    stage.connection.attempts = 3;
    stage.connection.next_try = stage.now + 2500000;
    snprintf(stage.connection.reason, sizeof stage.connection.reason,
             "Connection refused: nobody listens on 溫度 port 1883. Is the broker running there?");
    snprintf(stage.facts.sim_trouble, sizeof stage.facts.sim_trouble, "SIM_溫_001: refused");
}

static void simulated(void)
{
    few();
    engine_mark_simulated(stage.engine, "HUM_2", true);
    engine_mark_simulated(stage.engine, "LEARNING", true);
    engine_mark_simulated(stage.engine, "TEMP_1", true);
    stage.facts.sim_running = true;
    stage.facts.sim_sensors = 3;
}

static void lone(void)
{
    batch_reset(&stage.batch);
    build_presence(&stage.batch, "digital_twin/lab/sensor/溫度_GATE/status", "溫度_GATE",
                   STATUS_ONLINE, stage.now);
    engine_ingest(stage.engine, &stage.batch);
}

static void silent(void)
{
    snprintf(stage.connection.hint, sizeof stage.connection.hint, "nothing received on a/溫/#");
}

/* A scene: what is known, and the keys that lead there; \x01 is the left arrow, \x02 PgUp. */
static const struct {
    const char *name;
    void (*fill)(void);
    const char *keys;
    bool ascii, all_sizes;
} scenes[] = {
    {"empty", NULL, "", false, false},
    {"nothing received", silent, "", false, false},
    {"few", few, "", false, false},
    {"many", many, "G", false, false},
    {"wide names", wide, "jj", false, true},
    {"wide names in ASCII", wide, "j", true, false},
    {"trouble", trouble, "", false, false},
    {"paused", few, "p", false, false},
    {"broker", wide, "4", false, false},
    {"decoded", wide, "d", false, false},
    {"filter", few, "\\", false, false},
    {"filter typed", wide, "\\state=lost temp", false, false},
    {"filter of events", wide, "\t\t\\kind=spike", false, false},
    {"events filtered", wide, "\t\t\\kind=note \r", false, false},
    {"event opened", wide, "m\t\tjj\r", false, false},
    {"search", few, "/", false, false},
    {"limits", few, "l", false, false},
    {"setup", few, "oG", false, false},
    {"help", few, "?", false, false},
    {"help scrolled", few, "?G", false, false},
    {"help searched", few, "?/bookmark", false, false},
    {"detail", wide, "\r", false, false},
    {"readings", few, "\r\tj", false, false},
    {"payload", wide, "\r\t\tjj", false, false},
    {"twin without a series", lone, "\r", false, false},
    {"payload of such", lone, "\r\tj", false, false},
    {"group", many, "tg", false, false},
    {"group, paused", many, "tgp", false, false},
    {"chart alone", few, "z", false, false},
    {"cursor", few, "z\x01\x01\x02y", false, false},
    {"cursor in ASCII", few, "\r\x02yy", true, false},
    {"overlaid", wide, "    \r\x01", false, true},
    {"strips", wide, "    vz", false, false},
    {"strips in ASCII", wide, "   v\r\x01", true, false},
    {"scrubbed", few, "[{", false, false},
    {"events alone", wide, "\t\tzj", false, false},
    {"prompt", simulated, "x", false, false},
    {"menu of faults", simulated, "f", false, false},
    {"prompt for tagged", simulated, "   u", false, false},
    {"message", few, "x", false, false},
};

static void check_cell(const struct canvas *canvas, int x, int y)
{
    const struct cell *cell = &canvas->cells[y * canvas->width + x];
    bool half = x > 0 && cell[-1].columns == 2;
    if (cell->columns == 1 && cell->text[0] >= ' ' && cell->text[0] < 0x7F && !cell->text[1] &&
        !half)
        return;
    if (half != (cell->columns == 0))
        ck_abort_msg("half a character at %d,%d of %dx%d", x, y, canvas->width, canvas->height);
    if (cell->columns == 2 && x + 1 == canvas->width)
        ck_abort_msg("too wide at %d,%d of %dx%d", x, y, canvas->width, canvas->height);
    if (!memchr(cell->text, '\0', CELL_BYTES) || text_width(cell->text) != cell->columns)
        ck_abort_msg("'%.12s' is not %d columns", cell->text, cell->columns);
    if (canvas->ascii && cell->text[0])
        ck_abort_msg("'%.12s' in ASCII", cell->text);
    if ((cell->style & 0x3F) >= STYLE_COUNT)
        ck_abort_msg("style %u", cell->style);
}

static void check_canvas(const struct canvas *canvas, int width, int height)
{
    if (canvas->width != width || canvas->height != height)
        ck_abort_msg("a canvas of %dx%d on %dx%d", canvas->width, canvas->height, width, height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            check_cell(canvas, x, y);
}

static bool overlap(const struct rect *a, const struct rect *b)
{
    return a->width > 0 && a->height > 0 && b->width > 0 && b->height > 0 &&
           a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static void check_panes(const struct layout *layout)
{
    const struct rect panes[] = {layout->header,       layout->table,      layout->chart_title,
                                 layout->chart,        layout->card_title, layout->card,
                                 layout->events_title, layout->events,     layout->keys,
                                 layout->statistics};
    for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
        const struct rect *pane = &panes[i];
        if (pane->height > 0 &&
            (pane->x < 0 || pane->y < 0 || pane->width < 0 ||
             pane->x + pane->width > layout->width || pane->y + pane->height > layout->height))
            ck_abort_msg("pane %zu leaves %dx%d", i, layout->width, layout->height);
        for (size_t j = 0; j < i; j++)
            if (overlap(pane, &panes[j]))
                ck_abort_msg("panes %zu and %zu overlap at %dx%d", i, j, layout->width,
                             layout->height);
    }
}

/* A frame as the screen's loop makes it: the first one after the size has changed. */
static void draw(int width, int height)
{
    struct snapshot_request request;
    ui_resize(stage.ui, width, height);
    ui_request(stage.ui, stage.now, &request);
    engine_snapshot(stage.engine, &request, &stage.snapshot);
    ui_answer(stage.ui, &stage.snapshot);
    stage.canvas = ui_draw(stage.ui, &stage.snapshot, &stage.connection, &stage.facts, stage.now);
}

static void open_scene(int i)
{
    stage_open(&stage, 120, 40, scenes[i].ascii);
    if (scenes[i].fill)
        scenes[i].fill();
    stage_draw(&stage);
    for (const char *key = scenes[i].keys; *key; key++)
        stage_key(&stage, *key == '\x01'   ? KEY_ARROW_LEFT
                          : *key == '\x02' ? KEY_PAGE_UP
                                           : (unsigned char)*key);
}

static bool is_left_out(int scene, int width, int height)
{
    bool small = width <= SMALL_WIDTH && height <= SMALL_HEIGHT;
    if ((width * 5 + height * 7 + scene) % SANITIZED != 0 && !getenv("DT_TOP_THOROUGH"))
        return true;
    return !scenes[scene].all_sizes && !small && (width + 3 * height + scene) % THINNED != 0 &&
           !getenv("DT_TOP_THOROUGH");
}

START_TEST(every_size_is_drawn_whole)
{
    open_scene(_i);
    for (int height = 1; height <= TALLEST; height++)
        for (int width = 1; width <= WIDEST; width++) {
            if (is_left_out(_i, width, height))
                continue;
            draw(width, height);
            check_canvas(stage.canvas, width, height);
            check_panes(&stage.ui->layout);
        }
    teardown();
}
END_TEST

/* Sizes far from each other: what was learnt from one must not harm the next. */
START_TEST(jumps_between_sizes)
{
    open_scene(_i);
    unsigned state = 1;
    for (int i = 0; i < 200; i++) {
        state = state * 1103515245 + 12345;
        int width = 1 + (int)(state >> 16) % WIDEST;
        state = state * 1103515245 + 12345;
        int height = 1 + (int)(state >> 16) % TALLEST;
        draw(width, height);
        check_canvas(stage.canvas, width, height);
    }
    teardown();
}
END_TEST

static bool holds(const struct rect *rect, int x, int y)
{
    return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

/* Draws one view on a canvas full of marks: those outside its panes must be left. */
static void check_view(const struct view *view, const struct rect *panes, int count)
{
    struct frame frame;
    struct canvas *canvas = &stage.ui->canvas;
    ui_frame(stage.ui, &stage.snapshot, &stage.connection, &stage.facts, stage.now, &frame);
    canvas_resize(canvas, stage.ui->width, stage.ui->height);
    canvas_fill(canvas, (struct rect){0, 0, canvas->width, canvas->height}, STYLE_COUNT, '@');
    view->draw(canvas, &frame);
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            const struct cell *cell = canvas_at(canvas, x, y);
            bool inside = false;
            for (int i = 0; i < count; i++)
                inside = inside || holds(&panes[i], x, y);
            if (!inside && (cell->style != STYLE_COUNT || strcmp(cell->text, "@") != 0))
                ck_abort_msg("%s drew '%s' at %d,%d of %dx%d, outside its pane", view->name,
                             cell->text, x, y, canvas->width, canvas->height);
        }
}

START_TEST(views_stay_in_their_panes)
{
    open_scene(_i);
    if (stage.ui->screen != SCREEN_MAIN || stage.ui->prompt.kind != PROMPT_NONE) {
        teardown();
        return; /* these lie over the others */
    }
    for (int height = 1; height <= TALLEST; height += 1 + height / 6)
        for (int width = 1; width <= WIDEST; width += 1 + width / 6) {
            if (SANITIZED > 1 && (width + height + _i) % 4 != 0)
                continue;
            draw(width, height);
            struct layout was = stage.ui->layout;
            check_view(&view_header, &was.header, 1);
            check_view(&view_table, &was.table, 1);
            check_view(&view_chart, (struct rect[]){was.chart_title, was.chart, was.statistics}, 3);
            check_view(&view_card, (struct rect[]){was.card_title, was.card}, 2);
            check_view(&view_events, (struct rect[]){was.events_title, was.events}, 2);
            check_view(&view_keys, &was.keys, 1);
        }
    teardown();
}
END_TEST

Suite *sizes_suite(void)
{
    const int count = sizeof scenes / sizeof *scenes;
    Suite *suite = suite_create("sizes");
    TCase *tests = tcase_create("sizes");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, every_size_is_drawn_whole, 0, count);
    tcase_add_loop_test(tests, jumps_between_sizes, 0, count);
    tcase_add_loop_test(tests, views_stay_in_their_panes, 0, count);
    suite_add_tcase(suite, tests);
    return suite;
}
