/* Random keys, mouse bytes and resizes on live data: whatever a cat on the keyboard does, the
 * screen lives on and ends in order. The keys are the same in each run; DT_TOP_KEYS=50000 sends
 * more, DT_TOP_SEED=3 others. */
#include "screen/vt.h"

#include "core/random.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *random_keys_suite(void);

#define SOON 20000 /* milliseconds */
#define FEW_KEYS 3000
#define BURST 12  /* keys at once ... */
#define PAUSE 15  /* ... and milliseconds between them, so that frames are drawn */
#define ROUND 500 /* after so many: does it still answer? */
#define LAST_WORDS 4000
#define SIZES 4     /* that the program may still have */
#define SENSORS 400 /* simulated at most: each is a connection */

static char folder[64], folder_env[96];
static struct vt *vt;
static unsigned spawned;
static int last_rows[SIZES];

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-random-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    chmod(folder, 0711);
    snprintf(folder_env, sizeof folder_env, "TMPDIR=%s", folder);
    vt = NULL;
    spawned = 0;
    last_rows[0] = 40;
}

static void teardown(void)
{
    vt_free(vt);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* Beside every printable character: all keys but those that end or stop the program (q, F10, ^C,
 * ^Z). Esc is sent with an arrow behind it, so that it never becomes the beginning of another key.
 */
static const char *const keys[] = {
    "j",         "G",         "\033[A",     "\033[B",     "\033[C",     "\033[D",     "\033[5~",
    "\033[6~",   "\033[H",    "\033[F",     "\r",         "\t",         "\033[Z",     "p",
    "z",         "f",         "e",          "?",          "\014",       "o",          "t",
    "\033OP",    "\033OQ",    "\033OR",     "\033OS",     "\033[15~",   "\033[17~",   "\033[18~",
    "\033[20~",  "\033[23~",  "\033[24~",   "\177",       "\033[3~",    "\001",       "\005",
    "\025",      "\027",      "é",          "溫",         "\xFF",       "z>3 ",       "state=",
    "\033[1;2A", "\033[1;5D", "\033\033[A", "\033\033[A", "\033\033[A", "\033\033[B",
};
#define KEYS (sizeof keys / sizeof *keys)

static int below(struct random *random, int limit)
{
    return (int)(random_next(random) % (uint64_t)limit);
}

/* A click on the last row may be one on the bar's Quit; the program may see the sizes late. */
static bool may_quit(int y)
{
    for (int i = 0; i < SIZES; i++)
        if (last_rows[i] == y)
            return true;
    return false;
}

/* In the two ways in which terminals tell it. In the older one no byte is to be a q: with the mouse
 * off all of them are keys. */
static void type_button(struct random *random, int button, int x, int y, bool pressed)
{
    char bytes[32];
    if (may_quit(y))
        return;
    if (x >= 'q' - ' ' || below(random, 4))
        snprintf(bytes, sizeof bytes, "\033[<%d;%d;%d%c", button, x, y, pressed ? 'M' : 'm');
    else
        snprintf(bytes, sizeof bytes, "\033[M%c%c%c", ' ' + (pressed ? button : 3), ' ' + x,
                 ' ' + y);
    vt_type(vt, bytes);
}

/* Clicks, double clicks, drags, turns of the wheel, and what makes no sense: also beside the
 * screen. */
static void type_mouse(struct random *random)
{
    static const int buttons[] = {0, 1, 2, 32, 35, 64, 65};
    int x = 1 + below(random, 200), y = 1 + below(random, 60), what = below(random, 10);
    if (what < 4) {
        for (int i = 0; i <= what % 2; i++) {
            type_button(random, 0, x, y, true);
            type_button(random, 0, x, y, false);
        }
    } else if (what < 7) {
        type_button(random, 0, x, y, true);
        for (int i = 0; i < 3; i++, x += below(random, 9))
            type_button(random, 32, x, y, true);
        type_button(random, 0, x, y, false);
    } else {
        type_button(random, buttons[below(random, 7)], x, y, below(random, 2));
    }
}

static void type_printable(struct random *random)
{
    char text[2] = {(char)(' ' + below(random, 95)), '\0'};
    if (*text == 'i' && spawned++ >= SENSORS)
        return;
    if (*text != 'q')
        vt_type(vt, text);
}

static void type_something(struct random *random)
{
    int what = below(random, 100);
    if (what < 8) {
        type_mouse(random);
    } else if (what < 10 && spawned < SENSORS) {
        spawned++;
        vt_type(vt, "\033[19~");
    } else if (what < 55) {
        type_printable(random);
    } else {
        vt_type(vt, keys[below(random, KEYS)]);
    }
}

static void set_size(int columns, int rows)
{
    memmove(last_rows + 1, last_rows, sizeof last_rows - sizeof *last_rows);
    last_rows[0] = rows;
    vt_resize(vt, columns, rows);
}

/* libvterm 0.1.4 does not survive one column. */
static void resize(struct random *random)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {160, 50}, {40, 6}, {20, 3}, {2, 1}};
    int pick = below(random, 12), columns = 2 + below(random, 199), rows = 1 + below(random, 60);
    set_size(pick < 6 ? sizes[pick][0] : columns, pick < 6 ? sizes[pick][1] : rows);
}

/* Back to a size where words fit, out of whatever was open, and there and back again. */
static void check_alive(void)
{
    set_size(100, 40);
    for (int i = 0; i < 6; i++)
        vt_type(vt, "\033\033[A");
    vt_type(vt, "?");
    ck_assert(vt_wait_text(vt, "move the selection", SOON));
    vt_type(vt, "\033\033[A");
    ck_assert(vt_wait_gone(vt, "move the selection", SOON));
}

static bool never(struct vt *terminal, const void *context)
{
    (void)terminal;
    (void)context;
    return false;
}

/* With its last words, which a small screen does not show. */
static void tell_end(int keys_typed)
{
    size_t len;
    int status = vt_exit_status(vt, SOON);
    const char *raw = vt_raw(vt, &len);
    size_t words = len < LAST_WORDS ? len : LAST_WORDS;
    fprintf(stderr, "%.*s\n", (int)words, raw + len - words);
    ck_abort_msg("ended after %d keys: status %d", keys_typed, status);
}

static void play(uint64_t seed, int count)
{
    struct random random;
    random_init(&random, seed);
    for (int i = 0; i < count; i++) {
        type_something(&random);
        if (i % BURST == 0) {
            if (below(&random, 4) == 0)
                resize(&random);
            ck_assert(!vt_wait(vt, never, NULL, PAUSE));
            if (!vt_drain(vt))
                tell_end(i);
        }
        if (i % ROUND == ROUND - 1)
            check_alive();
    }
    check_alive();
}

static int asked_for(const char *name, int otherwise)
{
    const char *asked = getenv(name);
    int number = asked ? (int)strtol(asked, NULL, 10) : 0;
    return number > 0 ? number : otherwise;
}

static void start(const char *const *arguments)
{
    const char *argv[12] = {getenv("DT_TOP")};
    const char *env[] = {folder_env, "XDG_RUNTIME_DIR", "LC_ALL=C.UTF-8",
                         "XDG_CONFIG_HOME=/proc/none", NULL};
    ck_assert_msg(argv[0] != NULL, "DT_TOP names no program");
    for (int i = 0; arguments[i]; i++)
        argv[i + 1] = arguments[i];
    vt = vt_start(argv, env, 100, 40);
}

static void quit(void)
{
    struct termios modes;
    size_t len;
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    modes = vt_modes(vt);
    ck_assert(!vt_in_alternate_screen(vt));
    /* Not by the emulator, which may lose track of the cursor over so many resizes. */
    const char *raw = vt_raw(vt, &len);
    size_t tail = len < 64 ? len : 64;
    ck_assert_ptr_nonnull(memmem(raw + len - tail, tail, "\033[?25h", 6));
    ck_assert(modes.c_lflag & ECHO);
}

START_TEST(random_keys_on_a_demo)
{
    start((const char *const[]){"--demo", "8", "--period", "0.1", "--seed", "1", NULL});
    ck_assert(vt_wait_text(vt, "SIM_TEMP_001", SOON));
    play((uint64_t)asked_for("DT_TOP_SEED", 1), asked_for("DT_TOP_KEYS", FEW_KEYS));
    quit();
}
END_TEST

START_TEST(random_keys_on_a_replay)
{
    char file[512];
    snprintf(file, sizeof file, "%s/data/sample-lab.jsonl", getenv("DT_SOURCE"));
    start((const char *const[]){"--replay", file, "--speed", "20", NULL});
    ck_assert(vt_wait_text(vt, "series", SOON));
    play((uint64_t)asked_for("DT_TOP_SEED", 2), asked_for("DT_TOP_KEYS", FEW_KEYS));
    quit();
}
END_TEST

Suite *random_keys_suite(void)
{
    Suite *suite = suite_create("random_keys");
    TCase *tests = tcase_create("random keys");
    tcase_set_timeout(tests, 1800);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, random_keys_on_a_demo);
    tcase_add_test(tests, random_keys_on_a_replay);
    suite_add_tcase(suite, tests);
    return suite;
}
