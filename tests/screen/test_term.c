#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screen/stage.h"
#include "screen/vt.h"
#include "ui/keys.h"
#include "ui/term.h"

Suite *term_suite(void);

#define SOON 5000 /* milliseconds; only a failure takes that long */

static struct termios modes_before;

static bool raw_has(struct vt *vt, size_t from, const char *bytes)
{
    size_t len;
    const char *raw = vt_raw(vt, &len);
    return memmem(raw + from, len - from, bytes, strlen(bytes)) != NULL;
}

static bool has_written(struct vt *vt, const void *context)
{
    return raw_has(vt, 0, context);
}

static struct vt *raise_curtain(struct term_options options, const char *type, int columns,
                                int rows)
{
    char setting[64];
    snprintf(setting, sizeof setting, "TERM=%s", type);
    const char *env[] = {type ? setting : "TERM", NULL};
    struct vt *vt = vt_fork(stage_play, &options, env, columns, rows);
    /* Not on the screen, which may be too small for the word. */
    ck_assert(vt_wait(vt, has_written, "before\r\n", SOON));
    modes_before = vt_modes(vt);
    vt_type(vt, "\n");
    return vt;
}

/* The corner is drawn last: once it is there, all is. */
static struct vt *start_as(struct term_options options, const char *type)
{
    struct vt *vt = raise_curtain(options, type, 60, 10);
    ck_assert(vt_wait_row(vt, 9, "$", SOON));
    return vt;
}

static struct vt *start(void)
{
    return start_as((struct term_options){.colour = true}, "xterm-256color");
}

static void quit(struct vt *vt)
{
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    vt_free(vt);
}

static void expect_key(struct vt *vt, uint32_t key, unsigned number)
{
    char text[32];
    snprintf(text, sizeof text, "key %x of %u,", (unsigned)key, number);
    ck_assert(vt_wait_text(vt, text, SOON));
}

START_TEST(glyphs_and_wide_characters_arrive)
{
    struct vt *vt = start();
    ck_assert_str_eq(vt_row_text(vt, 1), "● ◐ ○ ! = s ▁▇ ⣿ │ σ");
    ck_assert_str_eq(vt_row_text(vt, 2), "漢字 e\xCC\x81 over");
    ck_assert_str_eq(vt_row_text(vt, 5), "────────────────────====================");
    ck_assert_int_eq(vt_cell(vt, 0, 2).width, 2);
    ck_assert_str_eq(vt_cell(vt, 5, 2).text, "e\xCC\x81");
    ck_assert_str_eq(vt_cell(vt, 59, 9).text, "$");
    ck_assert(vt_in_alternate_screen(vt));
    ck_assert(!vt_cursor_visible(vt));
    quit(vt);
}
END_TEST

START_TEST(rich_colours)
{
    struct vt *vt = start();
    struct vt_cell alarm = vt_cell(vt, 0, 3), accent = vt_cell(vt, 6, 3),
                   spark = vt_cell(vt, 13, 3);
    ck_assert_int_eq(alarm.foreground, 203);
    ck_assert(alarm.bold);
    ck_assert_int_eq(accent.foreground, 80);
    ck_assert_int_eq(accent.background, VT_DEFAULT);
    ck_assert_int_eq(spark.foreground, 203);
    ck_assert(!spark.reverse);
    ck_assert_int_eq(vt_cell(vt, 0, 4).background, 238);
    ck_assert_int_eq(vt_cell(vt, 59, 4).background, 238);
    ck_assert_int_eq(vt_cell(vt, 0, 1).foreground, VT_DEFAULT);
    quit(vt);
}
END_TEST

START_TEST(eight_colours)
{
    struct vt *vt = start_as((struct term_options){.colour = true}, "xterm");
    ck_assert_int_eq(vt_cell(vt, 0, 3).foreground, 1);
    ck_assert(vt_cell(vt, 0, 3).bold);
    ck_assert_int_eq(vt_cell(vt, 6, 3).foreground, 6);
    ck_assert_int_eq(vt_cell(vt, 0, 4).background, 6);
    quit(vt);
}
END_TEST

START_TEST(mono_says_it_without_colour)
{
    struct vt *vt = start_as((struct term_options){.colour = false}, "xterm-256color");
    ck_assert(vt_cell(vt, 0, 3).bold);
    ck_assert(vt_cell(vt, 13, 3).reverse);
    ck_assert(vt_cell(vt, 0, 4).reverse);
    for (int x = 0; x < 60; x++)
        for (int y = 0; y < 10; y++) {
            ck_assert_int_eq(vt_cell(vt, x, y).foreground, VT_DEFAULT);
            ck_assert_int_eq(vt_cell(vt, x, y).background, VT_DEFAULT);
        }
    quit(vt);
}
END_TEST

START_TEST(ascii_sends_no_other_byte)
{
    struct vt *vt = start_as((struct term_options){.ascii = true, .colour = true}, "linux");
    ck_assert_str_eq(vt_row_text(vt, 1), "* ~ o ! = s _* * | s");
    size_t len;
    const char *raw = vt_raw(vt, &len);
    for (size_t i = 0; i < len; i++)
        ck_assert_msg((raw[i] & 0x80) == 0, "byte %zu is 0x%02x", i, (unsigned char)raw[i]);
    quit(vt);
}
END_TEST

static const char *const terminal_types[] = {"xterm", "xterm-256color", "screen", "screen-256color",
                                             "tmux",  "tmux-256color",  "linux",  "vt100"};

START_TEST(works_on_every_common_terminal)
{
    struct vt *vt = start_as((struct term_options){.colour = true}, terminal_types[_i]);
    ck_assert_str_eq(vt_row_text(vt, 1), "● ◐ ○ ! = s ▁▇ ⣿ │ σ");
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    ck_assert(vt_modes(vt).c_lflag & ICANON);
    vt_free(vt);
}
END_TEST

static const char *const bad_types[][2] = {{"dumb", "cannot place the cursor"},
                                           {"no-such-terminal", "unknown terminal type 'no-such-"},
                                           {NULL, "unknown terminal type ''"},
                                           {"", "unknown terminal type ''"}};

START_TEST(bad_terminal_types_are_refused)
{
    struct vt *vt = raise_curtain((struct term_options){.colour = true}, bad_types[_i][0], 100, 10);
    ck_assert(vt_wait_text(vt, bad_types[_i][1], SOON));
    ck_assert(vt_find(vt, "--batch", NULL) >= 0);
    ck_assert_int_eq(vt_exit_status(vt, SOON), STAGE_NO_TERM);
    ck_assert(!raw_has(vt, 0, "\033"));
    ck_assert(vt_modes(vt).c_lflag & ICANON);
    vt_free(vt);
}
END_TEST

START_TEST(a_pipe_is_no_terminal)
{
    char error[200];
    int saved = dup(STDOUT_FILENO), ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], STDOUT_FILENO);
    struct term_options options = {.colour = true};
    struct term *term = term_open(&options, error, sizeof error);
    dup2(saved, STDOUT_FILENO);
    ck_assert_ptr_null(term);
    ck_assert_ptr_nonnull(strstr(error, "terminal"));
    ck_assert_ptr_nonnull(strstr(error, "--batch"));
    close(ends[1]);
    char byte;
    ck_assert_int_eq(read(ends[0], &byte, 1), 0);
    close(ends[0]);
    close(saved);
}
END_TEST

START_TEST(only_changes_are_sent)
{
    struct vt *vt = start();
    size_t before, after;
    vt_raw(vt, &before);
    vt_type(vt, "a");
    expect_key(vt, 'a', 1);
    vt_raw(vt, &after);
    ck_assert_uint_lt(after - before, 40);
    quit(vt);
}
END_TEST

START_TEST(blanks_between_two_of_one_look_change_no_colour)
{
    struct vt *vt = start();
    ck_assert(raw_has(vt, 0, "here    there"));
    quit(vt);
}
END_TEST

START_TEST(redraw_clears_and_draws_all)
{
    struct vt *vt = start();
    size_t before;
    vt_raw(vt, &before);
    vt_type(vt, "\f");
    expect_key(vt, KEY_CTRL_L, 1);
    ck_assert(vt_wait_row(vt, 9, "$", SOON));
    ck_assert(raw_has(vt, before, "\033[2J"));
    ck_assert(raw_has(vt, before, "selected"));
    quit(vt);
}
END_TEST

static bool is_raw(struct vt *vt, const void *context)
{
    (void)context;
    return !(vt_modes(vt).c_lflag & ICANON);
}

START_TEST(redraw_mends_foreign_modes)
{
    struct vt *vt = start();
    ck_assert(is_raw(vt, NULL));
    vt_set_modes(vt, &modes_before);
    ck_assert(!is_raw(vt, NULL));
    vt_type(vt, "\f\n");
    ck_assert(vt_wait(vt, is_raw, NULL, SOON));
    quit(vt);
}
END_TEST

static void resize_to(struct vt *vt, int columns, int rows)
{
    char size[32];
    snprintf(size, sizeof size, ", %dx%d", columns, rows);
    vt_resize(vt, columns, rows);
    ck_assert(vt_wait_text(vt, size, SOON));
    ck_assert(vt_wait_row(vt, rows - 1, "$", SOON));
    ck_assert_str_eq(vt_cell(vt, columns - 1, rows - 1).text, "$");
}

START_TEST(follows_the_size)
{
    struct vt *vt = start();
    resize_to(vt, 30, 8);
    ck_assert(vt_find(vt, "key ff", NULL) < 0);
    resize_to(vt, 200, 60);
    ck_assert_int_eq(vt_cell(vt, 199, 4).background, 238);
    resize_to(vt, 60, 10);
    ck_assert_str_eq(vt_row_text(vt, 4), "selected");
    ck_assert_str_eq(vt_row_text(vt, 6), "");
    /* The change was told as a key. */
    expect_key(vt, KEY_RESIZE_, 3);
    quit(vt);
}
END_TEST

static bool shows_corner(struct vt *vt, const void *context)
{
    (void)context;
    return strcmp(vt_cell(vt, 0, 0).text, "$") == 0;
}

START_TEST(one_cell_is_enough)
{
    struct vt *vt = raise_curtain((struct term_options){.colour = true}, "xterm-256color", 1, 1);
    ck_assert(vt_wait(vt, shows_corner, NULL, SOON));
    vt_resize(vt, 60, 10);
    ck_assert(vt_wait_row(vt, 9, "$", SOON));
    vt_resize(vt, 1, 1);
    ck_assert(vt_wait(vt, shows_corner, NULL, SOON));
    quit(vt);
}
END_TEST

START_TEST(text_keys)
{
    static const struct {
        const char *bytes;
        uint32_t key;
    } table[] = {
        {"a", 'a'},
        {"?", '?'},
        {"é", 0xE9},
        {"漢", 0x6F22},
        {"\U0001F600", 0x1F600},
        {"\r", KEY_RETURN},
        {"\n", KEY_RETURN},
        {"\t", KEY_TAB_},
        {"\003", KEY_CTRL_C},
        {"\033", KEY_ESC},
        {"\177", KEY_BACKSPACE_},
        {"\b", KEY_BACKSPACE_},
        {"\021", 0x11},
    };
    struct vt *vt = start();
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++) {
        vt_type(vt, table[i].bytes);
        expect_key(vt, table[i].key, i + 1);
    }
    quit(vt);
}
END_TEST

START_TEST(special_keys)
{
    static const struct {
        VTermKey sent;
        uint32_t key;
    } table[] = {
        {VTERM_KEY_UP, KEY_ARROW_UP},          {VTERM_KEY_DOWN, KEY_ARROW_DOWN},
        {VTERM_KEY_LEFT, KEY_ARROW_LEFT},      {VTERM_KEY_RIGHT, KEY_ARROW_RIGHT},
        {VTERM_KEY_PAGEUP, KEY_PAGE_UP},       {VTERM_KEY_PAGEDOWN, KEY_PAGE_DOWN},
        {VTERM_KEY_HOME, KEY_HOME_},           {VTERM_KEY_END, KEY_END_},
        {VTERM_KEY_BACKSPACE, KEY_BACKSPACE_}, {VTERM_KEY_DEL, KEY_DELETE_},
        {VTERM_KEY_ENTER, KEY_RETURN},         {VTERM_KEY_ESCAPE, KEY_ESC},
    };
    struct vt *vt = start();
    unsigned count = sizeof table / sizeof *table;
    for (unsigned i = 0; i < count; i++) {
        vt_key(vt, table[i].sent);
        expect_key(vt, table[i].key, i + 1);
    }
    for (int number = 1; number <= 12; number++) {
        vt_key_f(vt, number);
        expect_key(vt, KEY_FUNCTION + (uint32_t)number, ++count);
    }
    quit(vt);
}
END_TEST

START_TEST(characters_in_pieces_and_broken_ones)
{
    struct vt *vt = start();
    /* The first half alone is no key; an 'a' in between drops it. */
    vt_type(vt, "\xE6\xBC");
    vt_type(vt, "a");
    expect_key(vt, 'a', 1);
    vt_type(vt, "\xE6\xBC");
    vt_type(vt, "\xA2");
    expect_key(vt, 0x6F22, 2);
    vt_type(vt, "\xFF\x80\xC0\xAF"
                "b");
    expect_key(vt, 'b', 3);
    quit(vt);
}
END_TEST

static void expect_given_back(struct vt *vt)
{
    struct termios after = vt_modes(vt);
    ck_assert(!vt_in_alternate_screen(vt));
    ck_assert(vt_cursor_visible(vt));
    ck_assert_int_eq(vt_find(vt, "before", NULL), 0);
    ck_assert_uint_eq(after.c_lflag, modes_before.c_lflag);
    ck_assert_uint_eq(after.c_iflag, modes_before.c_iflag);
    ck_assert_uint_eq(after.c_oflag, modes_before.c_oflag);
    ck_assert_int_eq(memcmp(after.c_cc, modes_before.c_cc, sizeof after.c_cc), 0);
}

START_TEST(an_orderly_end_gives_it_back)
{
    struct vt *vt = start();
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    expect_given_back(vt);
    ck_assert_int_lt(vt_find(vt, "crashed", NULL), 0);
    vt_free(vt);
}
END_TEST

START_TEST(a_crash_gives_it_back)
{
    static const struct {
        const char *key;
        int signal;
    } ends[] = {{"S", SIGSEGV}, {"A", SIGABRT}};
    char line[64];
    struct vt *vt = start();
    snprintf(line, sizeof line, "dt-top: crashed by signal %d;", ends[_i].signal);
    vt_type(vt, ends[_i].key);
    ck_assert_int_eq(vt_exit_status(vt, SOON), 128 + ends[_i].signal);
    expect_given_back(vt);
    ck_assert_int_gt(vt_find(vt, line, NULL), 0);
    vt_free(vt);
}
END_TEST

#if defined(__SANITIZE_ADDRESS__)
#define LEAKS_ARE_TOLD
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_TOLD
#endif
#endif

#ifndef LEAKS_ARE_TOLD
START_TEST(an_unplanned_exit_gives_it_back)
{
    struct vt *vt = start();
    vt_type(vt, "X");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 3);
    expect_given_back(vt);
    vt_free(vt);
}
END_TEST
#endif

START_TEST(a_crash_from_outside_while_idle)
{
    struct vt *vt = start();
    kill(vt_pid(vt), SIGBUS);
    ck_assert_int_eq(vt_exit_status(vt, SOON), 128 + SIGBUS);
    expect_given_back(vt);
    vt_free(vt);
}
END_TEST

START_TEST(suspends_and_resumes)
{
    struct vt *vt = start();
    vt_type(vt, "\032");
    ck_assert(vt_wait_text(vt, "suspended", SOON));
    expect_given_back(vt);
    vt_type(vt, "\n");
    expect_key(vt, KEY_CTRL_Z, 1);
    ck_assert(vt_wait_row(vt, 9, "$", SOON));
    ck_assert(vt_in_alternate_screen(vt));
    ck_assert(!vt_cursor_visible(vt));
    ck_assert_str_eq(vt_row_text(vt, 4), "selected");
    ck_assert(!(vt_modes(vt).c_lflag & ICANON));
    vt_type(vt, "S");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 128 + SIGSEGV);
    expect_given_back(vt);
    vt_free(vt);
}
END_TEST

START_TEST(a_terminal_that_goes_is_noticed)
{
    struct vt *vt = start();
    vt_hang_up(vt);
    ck_assert_int_eq(vt_exit_status(vt, SOON), STAGE_HUNG_UP);
    vt_free(vt);
}
END_TEST

START_TEST(pictures_show_what_the_screen_shows)
{
    struct vt *vt = start();
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    vt_svg(vt, out);
    fclose(out);
    ck_assert_int_eq(strncmp(text, "<svg ", 5), 0);
    ck_assert_ptr_nonnull(strstr(text, ">selected</text>"));
    ck_assert_ptr_nonnull(strstr(text, "fill=\"#ff5f5f\"")); /* 203 of the palette */
    ck_assert_ptr_nonnull(strstr(text, "</svg>"));
    free(text);
    quit(vt);
}
END_TEST

START_TEST(programs_run_with_their_environment)
{
    const char *argv[] = {"sh", "-c", "echo \"[$TERM $DT_COLOUR $HOME]\"; exit 5", NULL};
    const char *env[] = {"DT_COLOUR=blue", "HOME", NULL};
    struct vt *vt = vt_start(argv, env, 60, 3);
    ck_assert(vt_wait_row(vt, 0, "[xterm-256color blue ]", SOON));
    ck_assert_int_eq(vt_exit_status(vt, SOON), 5);
    vt_free(vt);
}
END_TEST

Suite *term_suite(void)
{
    Suite *suite = suite_create("term");
    TCase *looks = tcase_create("looks");
    tcase_set_timeout(looks, 60);
    tcase_add_test(looks, glyphs_and_wide_characters_arrive);
    tcase_add_test(looks, rich_colours);
    tcase_add_test(looks, eight_colours);
    tcase_add_test(looks, mono_says_it_without_colour);
    tcase_add_test(looks, ascii_sends_no_other_byte);
    tcase_add_loop_test(looks, works_on_every_common_terminal, 0,
                        (int)(sizeof terminal_types / sizeof *terminal_types));
    tcase_add_test(looks, only_changes_are_sent);
    tcase_add_test(looks, blanks_between_two_of_one_look_change_no_colour);
    tcase_add_test(looks, redraw_clears_and_draws_all);
    tcase_add_test(looks, redraw_mends_foreign_modes);
    tcase_add_test(looks, follows_the_size);
    tcase_add_test(looks, one_cell_is_enough);
    tcase_add_test(looks, pictures_show_what_the_screen_shows);
    tcase_add_test(looks, programs_run_with_their_environment);
    suite_add_tcase(suite, looks);

    TCase *keys = tcase_create("keys");
    tcase_set_timeout(keys, 60);
    tcase_add_test(keys, text_keys);
    tcase_add_test(keys, special_keys);
    tcase_add_test(keys, characters_in_pieces_and_broken_ones);
    suite_add_tcase(suite, keys);

    TCase *ends = tcase_create("ends");
    tcase_set_timeout(ends, 60);
    tcase_add_loop_test(ends, bad_terminal_types_are_refused, 0,
                        (int)(sizeof bad_types / sizeof *bad_types));
    tcase_add_test(ends, a_pipe_is_no_terminal);
    tcase_add_test(ends, an_orderly_end_gives_it_back);
    tcase_add_loop_test(ends, a_crash_gives_it_back, 0, 2);
#ifndef LEAKS_ARE_TOLD /* on that very screen, at exit */
    tcase_add_test(ends, an_unplanned_exit_gives_it_back);
#endif
    tcase_add_test(ends, a_crash_from_outside_while_idle);
    tcase_add_test(ends, suspends_and_resumes);
    tcase_add_test(ends, a_terminal_that_goes_is_noticed);
    suite_add_tcase(suite, ends);
    return suite;
}
