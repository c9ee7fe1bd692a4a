/* The whole program on a terminal: real broker, real keys, what a person would see. */
#include "screen/vt.h"

#include <check.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SOON 5000 /* milliseconds */
#define LATER 20000

static char folder[64]; /* TMPDIR of the program: private brokers and our files */
static char folder_env[96];
static struct vt *vt;

static void setup(void)
{
    snprintf(folder, sizeof folder, "/tmp/dt-top-screen-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    chmod(folder, 0711);
    snprintf(folder_env, sizeof folder_env, "TMPDIR=%s", folder);
    vt = NULL;
}

static void teardown(void)
{
    vt_free(vt);
    vt_remove_folder(folder);
}

#define MAX_ARGUMENTS 16

/* Starts dt-top on a terminal of this size; the arguments end with NULL. */
static void start_with(const char *const *more_env, int columns, int rows,
                       const char *const *arguments)
{
    const char *argv[MAX_ARGUMENTS + 2] = {getenv("DT_TOP")};
    const char *env[8] = {folder_env, "XDG_RUNTIME_DIR", "LC_ALL=C.UTF-8",
                          "XDG_CONFIG_HOME=/nonexistent", "NO_COLOR"};
    int used = 5;
    ck_assert_msg(argv[0] != NULL, "DT_TOP names no program");
    for (int i = 0; i < MAX_ARGUMENTS && arguments[i]; i++)
        argv[i + 1] = arguments[i];
    for (int i = 0; more_env && more_env[i]; i++)
        env[used++] = more_env[i];
    vt = vt_start(argv, env, columns, rows);
}

#define START(columns, rows, ...) \
    start_with(NULL, columns, rows, (const char *const[]){__VA_ARGS__, NULL})

/* 60 calm readings a second apart, the last one far outside. */
static const char *write_replay(void)
{
    static char path[96];
    snprintf(path, sizeof path, "%s/replay.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("timestamp,sensor_id,value,unit\n", file);
    for (int i = 0; i < 60; i++)
        fprintf(file, "2026-01-15T12:00:%02dZ,BOILER,%.1f,Celsius\n", i,
                i == 59 ? 42.5 : 21 + 0.1 * (i % 5));
    fclose(file);
    return path;
}

static void wait_text(const char *text, int deadline)
{
    ck_assert_msg(vt_wait_text(vt, text, deadline), "no '%s' on the screen", text);
}

static bool has_text(const char *text)
{
    return vt_find(vt, text, NULL) >= 0;
}

/* Left the alternate screen, cursor back, line discipline as a shell wants it. */
static void assert_restored(void)
{
    struct termios modes = vt_modes(vt);
    ck_assert(!vt_in_alternate_screen(vt));
    ck_assert(vt_cursor_visible(vt));
    ck_assert(!vt_mouse_wanted(vt));
    ck_assert(modes.c_lflag & ECHO);
    ck_assert(modes.c_lflag & ICANON);
}

static int entries_left(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    struct dirent *entry;
    ck_assert_ptr_nonnull(dir);
    while ((entry = readdir(dir)) != NULL)
        count += strncmp(entry->d_name, "dt-top-", 7) == 0;
    closedir(dir);
    return count;
}

START_TEST(demo_moves_within_a_second_and_quits_clean)
{
    START(120, 40, "--demo", "--seed", "1");
    wait_text("SIM_TEMP_001", SOON);
    wait_text("temperature", SOON);
    wait_text("6 series", SOON);
    ck_assert_int_eq(entries_left(), 1);
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    assert_restored();
    ck_assert_int_eq(entries_left(), 0);
    /* Right-to-left names stay in their cells, and the shell's do as before. */
    size_t len;
    const char *raw = vt_raw(vt, &len), *off = memmem(raw, len, "\033[8l", 4);
    ck_assert_ptr_nonnull(off);
    ck_assert_ptr_nonnull(memmem(off, len - (size_t)(off - raw), "\033[8h", 4));
}
END_TEST

START_TEST(spawn_adds_a_row_and_kill_asks_first)
{
    START(120, 40, "--demo", "1", "--period", "0.2");
    wait_text("SIM_TEMP_001", SOON);
    vt_key_f(vt, 8);
    wait_text("SIM_HUM_002", SOON);
    wait_text("2 series", SOON);
    vt_type(vt, "g"); /* the first row: SIM_HUM_002 */
    vt_key_f(vt, 9);
    wait_text("Kill SIM_HUM_002?", SOON);
    vt_type(vt, "j"); /* no answer: the question stays, nothing moves, nothing dies */
    vt_type(vt, "n");
    ck_assert(vt_wait_gone(vt, "Kill SIM_HUM_002?", SOON));
    vt_type(vt, "xy");
    wait_text("offline", SOON);
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}
END_TEST

START_TEST(crash_is_told_by_the_will)
{
    START(120, 40, "--demo", "1", "--period", "0.2");
    wait_text("SIM_TEMP_001/temperature", SOON);
    vt_type(vt, "x");
    wait_text("Kill SIM_TEMP_001?", SOON);
    vt_type(vt, "c");
    wait_text("simulated crash", SOON);
    wait_text("offline", SOON);
}
END_TEST

/* The row of the table that holds this text and its glyph. */
static int table_row(const char *text)
{
    int row = vt_find(vt, text, NULL);
    ck_assert_msg(row >= 0, "no row '%s'", text);
    return row;
}

static bool is_red(const struct vt_cell *cell)
{
    return cell->foreground == 203 || cell->foreground == 1 || cell->foreground == 9 ||
           cell->background == 203 || cell->background == 1 || cell->background == 9;
}

static int red_cells(int row, int from, int to)
{
    int count = 0;
    for (int x = from; x < to; x++) {
        struct vt_cell cell = vt_cell(vt, x, row);
        count += is_red(&cell) && cell.text[0] && cell.text[0] != ' ';
    }
    return count;
}

START_TEST(anomaly_is_red_in_row_sparkline_and_log)
{
    START(120, 40, "--replay", write_replay(), "--speed", "100");
    wait_text("spike: 42.5 °C", LATER);
    int row = table_row("BOILER"), trend = 0, value = 0;
    wait_text("42.5", SOON);
    ck_assert_str_eq(vt_cell(vt, 1, row).text, "!");
    struct vt_cell glyph = vt_cell(vt, 1, row);
    ck_assert(is_red(&glyph));
    ck_assert_int_ge(vt_find(vt, "42.5", &value), 0);
    struct vt_cell digit = vt_cell(vt, value, row);
    ck_assert(is_red(&digit));
    ck_assert_int_ge(vt_find(vt, "LAST", &trend), 0);
    ck_assert_int_ge(red_cells(row, trend, trend + 60), 1);
    ck_assert_int_ge(red_cells(vt_find(vt, "spike: 42.5", NULL), 0, 20), 1);
}
END_TEST

START_TEST(without_colours_the_anomaly_still_shows)
{
    start_with(
        (const char *const[]){"NO_COLOR=1", NULL}, 80, 24,
        (const char *const[]){"--ascii", "--replay", write_replay(), "--speed", "100", NULL});
    wait_text("spike: 42.5", LATER);
    int row = table_row("BOILER"), reversed = 0;
    ck_assert_str_eq(vt_cell(vt, 1, row).text, "!");
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 80; x++) {
            struct vt_cell cell = vt_cell(vt, x, y);
            ck_assert_int_eq(cell.foreground, VT_DEFAULT);
            ck_assert_msg((unsigned char)cell.text[0] < 0x80, "'%s' at %d,%d", cell.text, x, y);
            reversed += cell.reverse;
        }
    ck_assert_int_gt(reversed, 0);
}
END_TEST

/* Each theme, with as many colours as a terminal may have: the states are told apart by their
 * glyphs, and what has no colour of its own keeps the terminal's background. */
START_TEST(themes_work_with_any_number_of_colours)
{
    static const char *const themes[] = {"dark", "light", "high-contrast", "colour-blind", "mono"};
    static const char *const types[] = {"TERM=xterm-256color", "TERM=xterm-16color", "TERM=xterm",
                                        "TERM=vt100"};
    int shown = 0;
    start_with((const char *const[]){types[_i / 5], NULL}, 80, 24,
               (const char *const[]){"--theme", themes[_i % 5], "--replay", write_replay(),
                                     "--speed", "100", NULL});
    wait_text("spike: 42.5 °C", LATER);
    int row = table_row("BOILER");
    ck_assert_str_eq(vt_cell(vt, 1, row).text, "!");
    ck_assert_int_eq(vt_cell(vt, 20, 22).background, VT_DEFAULT);
    for (int x = 0; x < 80; x++) {
        struct vt_cell cell = vt_cell(vt, x, row);
        shown += cell.reverse || cell.background != VT_DEFAULT;
        if (_i / 5 == 3 || _i % 5 == 4)
            ck_assert_int_eq(cell.foreground, VT_DEFAULT);
    }
    ck_assert_int_ge(shown, 70); /* the selected row, but for reversed cells in it */
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}
END_TEST

START_TEST(an_unknown_theme_is_refused)
{
    START(80, 24, "--theme", "lihgt", "--demo");
    wait_text("unknown theme 'lihgt', did you mean 'light'?", SOON);
    ck_assert_int_eq(vt_exit_status(vt, SOON), 2);
}
END_TEST

static int bells(void)
{
    size_t len;
    const char *raw = vt_raw(vt, &len);
    int count = 0;
    for (size_t i = 0; i < len; i++)
        count += raw[i] == '\a';
    return count;
}

static bool has_rung(struct vt *terminal, const void *context)
{
    (void)terminal;
    (void)context;
    return bells() > 0;
}

START_TEST(the_bell_rings_on_an_alarm_if_asked_to)
{
    START(80, 24, "--replay", write_replay(), "--speed", "100");
    wait_text("spike: 42.5 °C", LATER);
    ck_assert_int_eq(bells(), 0);
    vt_free(vt);
    START(80, 24, "--replay", write_replay(), "--speed", "100", "--bell");
    wait_text("spike: 42.5 °C", LATER);
    ck_assert(vt_wait(vt, has_rung, NULL, SOON));
    vt_type(vt, "?");
    wait_text("move the selection", SOON);
    ck_assert_int_eq(bells(), 1);
}
END_TEST

static bool has_bytes(struct vt *terminal, const void *context)
{
    size_t len;
    const char *raw = vt_raw(terminal, &len);
    return memmem(raw, len, context, strlen(context)) != NULL;
}

START_TEST(topic_and_value_go_to_the_clipboard)
{
    static const char *const tmux[] = {"TMUX", "TMUX=/tmp/tmux-0/default,1,0"};
    start_with((const char *const[]){tmux[_i], NULL}, 80, 24,
               (const char *const[]){"--replay", write_replay(), "--speed", "100", NULL});
    wait_text("spike: 42.5 °C", LATER);
    vt_type(vt, "Y");
    wait_text("copied: BOILER 42.5 °C", SOON);
    /* printf 'BOILER 42.5 °C' | base64 */
    ck_assert(vt_wait(vt, has_bytes,
                      _i ? "\033Ptmux;\033\033]52;c;Qk9JTEVSIDQyLjUgwrBD\a\033\\"
                         : "\033]52;c;Qk9JTEVSIDQyLjUgwrBD\a",
                      SOON));
    vt_type(vt, "j");
    ck_assert(vt_wait_gone(vt, "copied", SOON));
}
END_TEST

START_TEST(setup_changes_at_once_and_saves_on_w)
{
    char file[128], text[256] = "";
    snprintf(file, sizeof file, "%s/mine.ini", folder);
    FILE *mine = fopen(file, "w");
    fputs("# mine\n[dt-top]\nascii = no\n", mine);
    fclose(mine);
    START(100, 30, "--replay", write_replay(), "--speed", "100", "--config", file);
    wait_text("TWIN / SERIES", SOON);
    ck_assert_int_eq(vt_cell(vt, 1, 0).background, 236);
    vt_key_f(vt, 2);
    wait_text("w save", SOON);
    vt_key(vt, VTERM_KEY_RIGHT);
    wait_text("◂ light ▸", SOON);
    ck_assert_int_eq(vt_cell(vt, 1, 0).background, 253);
    vt_type(vt, "w");
    wait_text("Saved to ", SOON);
    mine = fopen(file, "r");
    text[fread(text, 1, sizeof text - 1, mine)] = '\0';
    fclose(mine);
    ck_assert_str_eq(text, "# mine\n[dt-top]\nascii = no\ntheme = light\n");
    vt_type(vt, "qq");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    unlink(file);
}
END_TEST

START_TEST(pause_stands_still_and_says_so)
{
    START(120, 40, "--demo", "2", "--period", "0.1");
    wait_text("2 series", SOON);
    vt_type(vt, "p");
    wait_text("PAUSED", SOON);
    wait_text("buffered", SOON);
    vt_type(vt, "p");
    ck_assert(vt_wait_gone(vt, "PAUSED", SOON));
}
END_TEST

START_TEST(small_windows_and_back)
{
    START(120, 40, "--demo", "2", "--period", "0.2");
    wait_text("Events", SOON);
    vt_resize(vt, 30, 8);
    ck_assert(vt_wait_gone(vt, "Events", SOON));
    wait_text("temperature", SOON);
    vt_resize(vt, 20, 3);
    wait_text("temp", SOON);
    vt_resize(vt, 2, 1); /* libvterm 0.1.4 does not survive one column */
    vt_resize(vt, 120, 40);
    wait_text("Events", SOON);
    wait_text("SIM_TEMP_001", SOON);
}
END_TEST

START_TEST(help_opens_and_closes)
{
    START(80, 24, "--demo", "1");
    wait_text("SIM_TEMP_001", SOON);
    vt_key_f(vt, 1);
    wait_text("move the selection", SOON);
    vt_type(vt, "\033");
    ck_assert(vt_wait_gone(vt, "move the selection", SOON));
    vt_type(vt, "\033\033"); /* Esc never quits */
    vt_type(vt, "?");
    wait_text("move the selection", SOON);
    vt_type(vt, "q");
    ck_assert(vt_wait_gone(vt, "move the selection", SOON));
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}
END_TEST

static const int deadly[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGUSR1,
                             SIGUSR2, SIGALRM, SIGSEGV, SIGABRT};
#define ORDERLY 7 /* so many of them ask to end, the others are crashes */

START_TEST(signals_restore_the_terminal_and_end_the_broker)
{
    START(80, 24, "--demo", "1");
    wait_text("SIM_TEMP_001", SOON);
    kill(vt_pid(vt), deadly[_i]);
    int status = vt_exit_status(vt, SOON);
    ck_assert_int_eq(status, _i < ORDERLY ? 0 : 128 + deadly[_i]);
    assert_restored();
    /* A crash leaves the directory for the next start to sweep. */
    if (_i < ORDERLY)
        ck_assert_int_eq(entries_left(), 0);
    vt_free(vt);
    START(80, 24, "--demo", "1");
    wait_text("SIM_TEMP_001", SOON);
    ck_assert_int_eq(entries_left(), 1);
    vt_type(vt, "\003");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}
END_TEST

static long long steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Is it in a write to the terminal? */
static bool hangs(pid_t pid)
{
    char name[64], call[32] = "", writes[32];
    snprintf(writes, sizeof writes, "%d 0x1 ", SYS_write);
    snprintf(name, sizeof name, "/proc/%d/syscall", (int)pid);
    FILE *file = fopen(name, "r");
    if (!file)
        return false;
    bool read = fgets(call, sizeof call, file) != NULL;
    fclose(file);
    return read && strncmp(call, writes, strlen(writes)) == 0;
}

/* The private broker: the one child. 0 if there is none. */
static pid_t child_of(pid_t pid)
{
    char name[64];
    int child = 0;
    snprintf(name, sizeof name, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *file = fopen(name, "r");
    if (file && fscanf(file, "%d", &child) != 1)
        child = 0;
    if (file)
        fclose(file);
    return child;
}

START_TEST(a_private_broker_that_ends_is_told)
{
    START(120, 40, "--demo", "1");
    wait_text("SIM_TEMP_001", SOON);
    pid_t broker = child_of(vt_pid(vt));
    ck_assert_int_gt(broker, 0);
    kill(broker, SIGKILL);
    wait_text("The private broker has ended: press q and start again", SOON);
    ck_assert_int_eq(kill(broker, 0), -1); /* nor is it a zombie */
    vt_type(vt, "\033");
    ck_assert(vt_wait_gone(vt, "press q and start again", SOON));
    wait_text("the private broker has ended", SOON);
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    ck_assert_int_eq(entries_left(), 0);
}
END_TEST

static void wait_until_frozen(pid_t pid)
{
    /* Long enough in the same place: it does not write slowly, it hangs; or it has seen in time
     * that the terminal is full. */
    long long end = steady_ms() + LATER;
    int before = 0, still = 0;
    for (int seen = 0; seen < 20 && still < 100; poll(NULL, 0, 20)) {
        int unread = vt_unread(vt);
        ck_assert_msg(steady_ms() < end, "the terminal takes everything");
        seen = hangs(pid) ? seen + 1 : 0;
        still = unread > 0 && unread == before ? still + 1 : 0;
        before = unread;
    }
}

static const int impatient[] = {SIGTERM, SIGHUP, SIGQUIT};

/* A terminal that nobody reads: stopped with ^S, a dead line. */
START_TEST(a_frozen_terminal_does_not_keep_it)
{
    START(200, 60, "--demo", "30", "--period", "0.1");
    vt_mute(vt); /* one that answers gets nothing more from the moment it freezes */
    wait_text("SIM_TEMP_001", SOON);
    pid_t broker = child_of(vt_pid(vt));
    ck_assert_int_gt(broker, 0);
    wait_until_frozen(vt_pid(vt));
    long long asked = steady_ms();
    kill(vt_pid(vt), impatient[_i]);
    siginfo_t ended = {0};
    while (ended.si_pid == 0 && steady_ms() - asked < SOON) {
        waitid(P_PID, (id_t)vt_pid(vt), &ended, WEXITED | WNOWAIT | WNOHANG);
        poll(NULL, 0, 5);
    }
    ck_assert_int_lt(steady_ms() - asked, 1500);
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    ck_assert_int_eq(kill(broker, 0), -1);
    ck_assert_int_eq(entries_left(), 0);
    assert_restored();
}
END_TEST

START_TEST(kill_nine_leaves_no_broker)
{
    START(80, 24, "--demo", "1");
    wait_text("SIM_TEMP_001", SOON);
    kill(vt_pid(vt), SIGKILL);
    ck_assert_int_eq(vt_exit_status(vt, SOON), 128 + SIGKILL);
    vt_free(vt);
    START(80, 24, "--demo", "1");
    wait_text("SIM_TEMP_001", SOON);
    ck_assert_int_eq(entries_left(), 1);
    vt_type(vt, "\003");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    ck_assert_int_eq(entries_left(), 0);
}
END_TEST

START_TEST(nobody_listens)
{
    START(80, 24, "-p", "1", "-h", "127.0.0.1");
    wait_text("refused", SOON);
    vt_key_f(vt, 1);
    wait_text("move the selection", SOON);
    vt_type(vt, "\003");
    ck_assert_int_eq(vt_exit_status(vt, 2000), 0);
    assert_restored();
}
END_TEST

START_TEST(unresolvable_name)
{
    START(80, 24, "-h", "no-such-host.invalid");
    wait_text("no-such-host.invalid", SOON);
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, 2000), 0);
}
END_TEST

START_TEST(asks_before_publishing_to_a_foreign_broker)
{
    START(100, 30, "-p", "1", "-h", "127.0.0.1");
    wait_text("refused", SOON);
    vt_key_f(vt, 8);
    wait_text("Publish simulated sensors", SOON);
    vt_type(vt, "n");
    ck_assert(vt_wait_gone(vt, "Publish simulated sensors", SOON));
    ck_assert(!has_text("SIM_"));
    vt_type(vt, "iy");
    wait_text("simulated sensor started", SOON);
}
END_TEST

/* Under a shell with job control: only there does a stop make sense. */
START_TEST(suspends_and_comes_back)
{
    const char *argv[] = {"/bin/sh", "-i", NULL};
    const char *env[] = {folder_env, "XDG_RUNTIME_DIR", "PS1=$ ", NULL};
    vt = vt_start(argv, env, 80, 24);
    wait_text("$", SOON);
    vt_type(vt, "\"$DT_TOP\" --demo 1\n");
    wait_text("SIM_TEMP_001", SOON);
    vt_type(vt, "\032");
    wait_text("Stopped", SOON);
    assert_restored();
    vt_type(vt, "fg\n");
    wait_text("SIM_TEMP_001", SOON);
    ck_assert(vt_in_alternate_screen(vt));
    vt_type(vt, "q");
    ck_assert(vt_wait_gone(vt, "SIM_TEMP_001", SOON));
    vt_type(vt, "exit\n");
    ck_assert_int_ge(vt_exit_status(vt, SOON), 0);
}
END_TEST

START_TEST(no_terminal_no_screen)
{
    const char *argv[] = {"/bin/sh", "-c", "\"$DT_TOP\" --demo </dev/null | cat", NULL};
    vt = vt_start(argv, NULL, 80, 24);
    wait_text("needs a terminal; use --batch", SOON);
}
END_TEST

START_TEST(a_filter_is_typed_kept_and_searched)
{
    START(100, 30, "--demo", "--seed", "1");
    wait_text("6 series", SOON);
    vt_key_f(vt, 4);
    wait_text("6 of 6", SOON);
    vt_type(vt, "!TEMP !vib");
    wait_text("4 of 6", SOON);
    ck_assert(vt_wait_gone(vt, "SIM_TEMP_001/temp", SOON));
    vt_type(vt, " stat=ok");
    wait_text("no key 'stat', did you mean 'state'?", SOON);
    vt_type(vt, "\x17\r"); /* ^W, and keep it */
    wait_text("Quit", SOON);
    wait_text("filter !TEMP !vib", SOON);
    vt_type(vt, "/press\r");
    wait_text("SIM_PRES_003/pressure ─", SOON); /* the chart's title */
    vt_type(vt, "\\");
    vt_type(vt, "\x15\r"); /* ^U: all */
    wait_text("SIM_TEMP_001/temp", SOON);
    ck_assert(vt_wait_gone(vt, "filter !TEMP", SOON));
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
}
END_TEST

static void click(const char *text, int button)
{
    int column, row = vt_find(vt, text, &column);
    ck_assert_msg(row >= 0, "no '%s' to click on", text);
    vt_mouse(vt, column + 1, row, button);
}

START_TEST(the_mouse_selects_sorts_and_is_given_back)
{
    START(100, 30, "--demo", "--seed", "1");
    wait_text("6 series", SOON);
    wait_text("SIM_VIB_004/vibration", SOON);
    wait_text("SIM_DOOR_006/door", SOON);
    wait_text("SIM_PRES_003/pressure", SOON);
    click("SIM_PRES_003/pressure", 1);
    wait_text("SIM_PRES_003/pressure ─", SOON);
    click("VALUE", 1);
    wait_text("VALUE ▼", SOON);
    click("Tree", 1);
    wait_text("▾ digital_twin/lab/sensor", SOON);
    click("Tree", 1);
    ck_assert(vt_wait_gone(vt, "▾ digital_twin", SOON));
    vt_type(vt, "M");
    wait_text("Mouse off", SOON);
    vt_type(vt, "g");
    wait_text("VALUE ▼", SOON);
    click("MEAN", 1); /* the terminal's business now */
    vt_type(vt, "I");
    wait_text("VALUE ▲", SOON);
    vt_type(vt, "MI");
    wait_text("VALUE ▼", SOON);
    click("MEAN", 1);
    wait_text("MEAN ▼", SOON);
    vt_type(vt, "q");
    ck_assert_int_eq(vt_exit_status(vt, SOON), 0);
    assert_restored();
}
END_TEST

Suite *screen_suite(void);

Suite *screen_suite(void)
{
    Suite *suite = suite_create("screen");
    TCase *tcase = tcase_create("screen");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, demo_moves_within_a_second_and_quits_clean);
    tcase_add_test(tcase, spawn_adds_a_row_and_kill_asks_first);
    tcase_add_test(tcase, crash_is_told_by_the_will);
    tcase_add_test(tcase, anomaly_is_red_in_row_sparkline_and_log);
    tcase_add_test(tcase, without_colours_the_anomaly_still_shows);
    tcase_add_loop_test(tcase, themes_work_with_any_number_of_colours, 0, 4 * 5);
    tcase_add_test(tcase, an_unknown_theme_is_refused);
    tcase_add_test(tcase, the_bell_rings_on_an_alarm_if_asked_to);
    tcase_add_loop_test(tcase, topic_and_value_go_to_the_clipboard, 0, 2);
    tcase_add_test(tcase, setup_changes_at_once_and_saves_on_w);
    tcase_add_test(tcase, pause_stands_still_and_says_so);
    tcase_add_test(tcase, small_windows_and_back);
    tcase_add_test(tcase, help_opens_and_closes);
    tcase_add_test(tcase, a_filter_is_typed_kept_and_searched);
    tcase_add_test(tcase, the_mouse_selects_sorts_and_is_given_back);
    tcase_add_loop_test(tcase, signals_restore_the_terminal_and_end_the_broker, 0,
                        (int)(sizeof deadly / sizeof *deadly));
    tcase_add_loop_test(tcase, a_frozen_terminal_does_not_keep_it, 0,
                        (int)(sizeof impatient / sizeof *impatient));
    tcase_add_test(tcase, a_private_broker_that_ends_is_told);
    tcase_add_test(tcase, kill_nine_leaves_no_broker);
    tcase_add_test(tcase, nobody_listens);
    tcase_add_test(tcase, unresolvable_name);
    tcase_add_test(tcase, asks_before_publishing_to_a_foreign_broker);
    tcase_add_test(tcase, suspends_and_comes_back);
    tcase_add_test(tcase, no_terminal_no_screen);
    suite_add_tcase(suite, tcase);
    return suite;
}
