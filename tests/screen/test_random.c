/* Random keys, mouse bytes and resizes on live data: whatever a cat on the keyboard does, the
 * screen lives on and ends in order. The keys are the same in each run; DT_TOP_KEYS=50000 sends
 * more. */
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
#define BURST 12    /* keys at once ... */
#define PAUSE 15    /* ... and milliseconds between them, so that frames are drawn */
#define ROUND 500   /* after so many: does it still answer? */
#define SENSORS 400 /* simulated at most: each is a connection */

static char folder[64], folder_env[96];
static struct vt *vt;
static unsigned spawned;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-random-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    chmod(folder, 0711);
    snprintf(folder_env, sizeof folder_env, "TMPDIR=%s", folder);
    vt = NULL;
    spawned = 0;
}

static void teardown(void)
{
    vt_free(vt);
    ck_assert_int_eq(rmdir(folder), 0);
}

/* Every key but those that end or stop the program: q, F10, ^C, ^Z. Esc is sent with an arrow
 * behind it, so that it never becomes the beginning of another key. */
static const char *const keys[] = {
    "j",        "k",        "g",        "G",          "\033[A",     "\033[B",     "\033[C",
    "\033[D",   "\033[5~",  "\033[6~",  "\033[H",     "\033[F",     "\r",         "\t",
    "\033[Z",   " ",        "<",        ">",          "I",          "p",          "L",
    "+",        "-",        "=",        "z",          "s",          "x",          "f",
    "e",        "E",        "?",        "\014",       "y",          "Y",          "n",
    "c",        "N",        "1",        "2",          "3",          "4",          "a",
    "A",        "m",        "M",        "o",          "t",          "u",          "U",
    "w",        "/",        "\\",       "[",          "]",          "{",          "}",
    "\033OP",   "\033OQ",   "\033OR",   "\033OS",     "\033[15~",   "\033[17~",   "\033[18~",
    "\033[20~", "\033[23~", "\033[24~", "\177",       "\033[3~",    "\001",       "\005",
    "\025",     "\027",     "é",        "溫",         "\xFF",       "z>3 ",       "state=",
    "*",        "!",        "#",        "\033\033[A", "\033\033[A", "\033\033[B",
};
#define KEYS (sizeof keys / sizeof *keys)

static int below(struct random *random, int limit)
{
    return (int)(random_next(random) % (uint64_t)limit);
}

/* Presses, releases, drags and wheel turns, in the two ways in which terminals tell them. */
static void type_mouse(struct random *random)
{
    static const int buttons[] = {0, 0, 0, 1, 2, 32, 35, 64, 65};
    int button = buttons[below(random, 9)], x = 1 + below(random, 75), y = 1 + below(random, 60);
    char bytes[32];
    if (below(random, 4))
        snprintf(bytes, sizeof bytes, "\033[<%d;%d;%d%c", button, x, y,
                 below(random, 2) ? 'M' : 'm');
    else
        snprintf(bytes, sizeof bytes, "\033[M%c%c%c", ' ' + button, ' ' + x, ' ' + y);
    vt_type(vt, bytes);
}

static void type_something(struct random *random)
{
    int what = below(random, 100);
    if (what < 8) {
        type_mouse(random);
    } else if (what < 10 && spawned < SENSORS) {
        spawned++;
        vt_type(vt, below(random, 2) ? "i" : "\033[19~");
    } else {
        vt_type(vt, keys[below(random, KEYS)]);
    }
}

/* libvterm 0.1.4 does not survive one column. */
static void resize(struct random *random)
{
    static const int sizes[][2] = {{80, 24}, {120, 40}, {160, 50}, {40, 6}, {20, 3}, {2, 1}};
    int pick = below(random, 12);
    if (pick < 6)
        vt_resize(vt, sizes[pick][0], sizes[pick][1]);
    else
        vt_resize(vt, 2 + below(random, 199), 1 + below(random, 60));
}

/* Back to a size where words fit, out of whatever was open, and there and back again. */
static void check_alive(void)
{
    vt_resize(vt, 100, 40);
    for (int i = 0; i < 6; i++)
        vt_type(vt, "\033\033[A");
    vt_type(vt, "?");
    ck_assert(vt_wait_text(vt, "this help", SOON));
    vt_type(vt, "\033\033[A");
    ck_assert(vt_wait_gone(vt, "this help", SOON));
}

static bool never(struct vt *terminal, const void *context)
{
    (void)terminal;
    (void)context;
    return false;
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
            ck_assert_msg(vt_drain(vt), "ended after %d keys with status %d", i,
                          vt_exit_status(vt, SOON));
        }
        if (i % ROUND == ROUND - 1)
            check_alive();
    }
    check_alive();
}

static int keys_asked_for(void)
{
    const char *asked = getenv("DT_TOP_KEYS");
    int count = asked ? (int)strtol(asked, NULL, 10) : 0;
    return count > 0 ? count : FEW_KEYS;
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
    play(1, keys_asked_for());
    quit();
}
END_TEST

START_TEST(random_keys_on_a_replay)
{
    char file[512];
    snprintf(file, sizeof file, "%s/data/sample-lab.jsonl", getenv("DT_SOURCE"));
    start((const char *const[]){"--replay", file, "--speed", "20", NULL});
    ck_assert(vt_wait_text(vt, "series", SOON));
    play(2, keys_asked_for());
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
