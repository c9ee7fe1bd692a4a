#include "screen/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/xalloc.h"
#include "screen/vt_svg.h"

#define TYPE_DEADLINE 2000 /* for a program that does not read */

struct vt {
    int master; /* -1 after vt_hang_up() */
    pid_t pid;
    bool ended;  /* the program closed the terminal */
    bool reaped; /* status is its */
    bool mute;
    int status;
    VTerm *terminal;
    VTermScreen *screen;
    bool alternate, mouse;
    char *raw;
    size_t raw_len, raw_room;
    char *row;
    size_t row_room;
};

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct vt *vt = user;
    if (property == VTERM_PROP_ALTSCREEN)
        vt->alternate = value->boolean;
    else if (property == VTERM_PROP_MOUSE)
        vt->mouse = value->number != VTERM_PROP_MOUSE_NONE;
    return 1;
}

static void apply_environment(const char *const *env)
{
    static const char *const foreign[] = {"LINES", "COLUMNS", "NO_COLOR", "COLORTERM"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        unsetenv(foreign[i]);
    setenv("TERM", "xterm-256color", 1);
    for (; env && *env; env++) {
        char *entry = xstrdup(*env);
        char *equals = strchr(entry, '=');
        if (equals) {
            *equals = '\0';
            setenv(entry, equals + 1, 1);
        } else {
            unsetenv(entry);
        }
        free(entry);
    }
}

static void open_screen(struct vt *vt, int columns, int rows)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    vt->terminal = vterm_new(rows, columns);
    vterm_set_utf8(vt->terminal, 1);
    vt->screen = vterm_obtain_screen(vt->terminal);
    vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
    vterm_screen_enable_altscreen(vt->screen, 1);
    vterm_screen_reset(vt->screen, 1);
}

struct vt *vt_fork(int (*child)(void *context), void *context, const char *const *env, int columns,
                   int rows)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    struct vt *vt = xcalloc(1, sizeof *vt);
    fflush(NULL);
    vt->pid = forkpty(&vt->master, NULL, NULL, &size);
    if (vt->pid < 0) {
        perror("forkpty");
        abort();
    }
    if (vt->pid == 0) {
        apply_environment(env);
        _exit(child(context));
    }
    fcntl(vt->master, F_SETFD, FD_CLOEXEC);
    fcntl(vt->master, F_SETFL, O_NONBLOCK);
    open_screen(vt, columns, rows);
    return vt;
}

static int run_program(void *context)
{
    char **argv = context;
    execvp(argv[0], argv);
    perror(argv[0]);
    return 127;
}

struct vt *vt_start(const char *const *argv, const char *const *env, int columns, int rows)
{
    /* A copy, because execvp() wants strings that it might write to. */
    size_t count = 0;
    while (argv[count])
        count++;
    char **copy = xcalloc(count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = xstrdup(argv[i]);
    struct vt *vt = vt_fork(run_program, copy, env, columns, rows);
    for (size_t i = 0; i < count; i++)
        free(copy[i]);
    free(copy);
    return vt;
}

void vt_free(struct vt *vt)
{
    if (!vt)
        return;
    if (!vt->reaped) {
        kill(vt->pid, SIGKILL);
        waitpid(vt->pid, NULL, 0);
    }
    if (vt->master >= 0)
        close(vt->master);
    vterm_free(vt->terminal);
    free(vt->raw);
    free(vt->row);
    free(vt);
}

static void keep_raw(struct vt *vt, const char *bytes, size_t len)
{
    if (vt->raw_len + len > vt->raw_room) {
        vt->raw_room = (vt->raw_len + len) * 2;
        vt->raw = xrealloc(vt->raw, vt->raw_room);
    }
    memcpy(vt->raw + vt->raw_len, bytes, len);
    vt->raw_len += len;
}

static void write_all(struct vt *vt, const char *bytes, size_t len)
{
    long end = now_ms() + TYPE_DEADLINE;
    while (len > 0 && vt->master >= 0) {
        ssize_t written = write(vt->master, bytes, len);
        if (written > 0) {
            bytes += written;
            len -= (size_t)written;
            continue;
        }
        struct pollfd room = {.fd = vt->master, .events = POLLOUT};
        long left = end - now_ms();
        if (errno != EAGAIN || left <= 0 || poll(&room, 1, (int)left) <= 0)
            return;
    }
}

/* Sends what the terminal answers, or what its keyboard produced. */
static void send_output(struct vt *vt)
{
    char bytes[256];
    size_t len;
    while ((len = vterm_output_read(vt->terminal, bytes, sizeof bytes)) > 0)
        write_all(vt, bytes, len);
}

static void take(struct vt *vt, const char *bytes, size_t len)
{
    char ignored[256];
    keep_raw(vt, bytes, len);
    vterm_input_write(vt->terminal, bytes, len);
    while (vt->mute && vterm_output_read(vt->terminal, ignored, sizeof ignored) > 0)
        continue;
    send_output(vt);
}

void vt_mute(struct vt *vt)
{
    vt->mute = true;
}

size_t vt_drain_some(struct vt *vt, size_t most)
{
    char bytes[8192];
    ssize_t len = read(vt->master, bytes, most < sizeof bytes ? most : sizeof bytes);
    if (len <= 0)
        return 0;
    take(vt, bytes, (size_t)len);
    return (size_t)len;
}

int vt_unread(const struct vt *vt)
{
    int bytes = 0;
    return ioctl(vt->master, FIONREAD, &bytes) == 0 ? bytes : 0;
}

bool vt_drain(struct vt *vt)
{
    char bytes[8192];
    while (!vt->ended && vt->master >= 0) {
        ssize_t len = read(vt->master, bytes, sizeof bytes);
        if (len > 0) {
            take(vt, bytes, (size_t)len);
        } else if (len < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        } else {
            vt->ended = true;
        }
    }
    return !vt->ended;
}

bool vt_wait(struct vt *vt, bool (*met)(struct vt *vt, const void *context), const void *context,
             int deadline)
{
    long end = now_ms() + deadline;
    for (;;) {
        bool open = vt_drain(vt);
        if (met(vt, context))
            return true;
        long left = end - now_ms();
        if (left <= 0 || !open || vt->master < 0)
            return false;
        struct pollfd output = {.fd = vt->master, .events = POLLIN};
        poll(&output, 1, (int)left);
    }
}

struct wanted {
    const char *text;
    int row;
};

static bool text_shown(struct vt *vt, const void *context)
{
    const struct wanted *wanted = context;
    return vt_find(vt, wanted->text, NULL) >= 0;
}

static bool text_gone(struct vt *vt, const void *context)
{
    return !text_shown(vt, context);
}

static bool row_shows(struct vt *vt, const void *context)
{
    const struct wanted *wanted = context;
    return strstr(vt_row_text(vt, wanted->row), wanted->text) != NULL;
}

static bool wait_or_dump(struct vt *vt, bool (*met)(struct vt *, const void *),
                         struct wanted wanted, const char *what, int deadline)
{
    if (vt_wait(vt, met, &wanted, deadline))
        return true;
    fprintf(stderr, "%s within %d ms: \"%s\"%s\n", what, deadline, wanted.text,
            vt->ended ? " (the program has ended)" : "");
    vt_dump(vt, stderr);
    return false;
}

bool vt_wait_text(struct vt *vt, const char *text, int deadline)
{
    return wait_or_dump(vt, text_shown, (struct wanted){text, 0}, "not shown", deadline);
}

bool vt_wait_gone(struct vt *vt, const char *text, int deadline)
{
    return wait_or_dump(vt, text_gone, (struct wanted){text, 0}, "not gone", deadline);
}

bool vt_wait_row(struct vt *vt, int row, const char *text, int deadline)
{
    return wait_or_dump(vt, row_shows, (struct wanted){text, row}, "not in its row", deadline);
}

static size_t encode(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00 >> len & 0xF0) | code);
    return len;
}

static int colour_of(const VTermColor *colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour))
        return VT_DEFAULT;
    if (VTERM_COLOR_IS_INDEXED(colour))
        return colour->indexed.idx;
    return VT_RGB | colour->rgb.red << 16 | colour->rgb.green << 8 | colour->rgb.blue;
}

struct vt_cell vt_cell(struct vt *vt, int column, int row)
{
    VTermScreenCell cell;
    struct vt_cell out = {.width = 1, .foreground = VT_DEFAULT, .background = VT_DEFAULT};
    if (!vterm_screen_get_cell(vt->screen, (VTermPos){.row = row, .col = column}, &cell))
        return out;
    size_t len = 0;
    /* (uint32_t)-1 marks the right half of a wide character. */
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] - 1 < 0x10FFFF; i++)
        len += encode(out.text + len, cell.chars[i]);
    out.text[len] = '\0';
    out.width = cell.chars[0] == UINT32_MAX ? 0 : cell.width;
    out.foreground = colour_of(&cell.fg);
    out.background = colour_of(&cell.bg);
    out.bold = cell.attrs.bold;
    out.underline = cell.attrs.underline != 0;
    out.reverse = cell.attrs.reverse;
    return out;
}

const char *vt_row_text(struct vt *vt, int row)
{
    int columns, rows;
    vt_size(vt, &columns, &rows);
    size_t room = (size_t)columns * sizeof(((struct vt_cell *)0)->text) + 1, len = 0, end = 0;
    if (room > vt->row_room) {
        vt->row = xrealloc(vt->row, room);
        vt->row_room = room;
    }
    for (int x = 0; row >= 0 && row < rows && x < columns; x++) {
        struct vt_cell cell = vt_cell(vt, x, row);
        const char *text = *cell.text || cell.width == 0 ? cell.text : " ";
        size_t part = strlen(text);
        memcpy(vt->row + len, text, part);
        len += part;
        if (part > 0 && strcmp(text, " ") != 0)
            end = len;
    }
    vt->row[end] = '\0';
    return vt->row;
}

/* The column at which byte `offset` of a row's text lies. */
static int column_of(struct vt *vt, int row, size_t offset)
{
    size_t len = 0;
    int x = 0;
    for (; len <= offset; x++) {
        struct vt_cell cell = vt_cell(vt, x, row);
        len += *cell.text ? strlen(cell.text) : cell.width > 0;
    }
    return x - 1;
}

int vt_find(struct vt *vt, const char *text, int *column)
{
    int columns, rows;
    vt_size(vt, &columns, &rows);
    for (int y = 0; y < rows; y++) {
        const char *line = vt_row_text(vt, y);
        const char *at = strstr(line, text);
        if (at && column)
            *column = column_of(vt, y, (size_t)(at - line));
        if (at)
            return y;
    }
    return -1;
}

bool vt_in_alternate_screen(const struct vt *vt)
{
    return vt->alternate;
}

bool vt_mouse_wanted(const struct vt *vt)
{
    return vt->mouse;
}

/* As the program said last. libvterm takes it for a part of the saved cursor, which curses saves
 * and restores when it scrolls a region; no real terminal does. */
bool vt_cursor_visible(const struct vt *vt)
{
    static const char shown[] = "\033[?25h", hidden[] = "\033[?25l";
    for (size_t at = vt->raw_len; at-- >= sizeof shown;) {
        const char *last = vt->raw + at + 1 - (sizeof shown - 1);
        if (memcmp(last, shown, sizeof shown - 1) == 0)
            return true;
        if (memcmp(last, hidden, sizeof hidden - 1) == 0)
            return false;
    }
    return true;
}

void vt_size(const struct vt *vt, int *columns, int *rows)
{
    vterm_get_size(vt->terminal, rows, columns);
}

void vt_type(struct vt *vt, const char *bytes)
{
    write_all(vt, bytes, strlen(bytes));
}

void vt_key(struct vt *vt, VTermKey key)
{
    vterm_keyboard_key(vt->terminal, key, VTERM_MOD_NONE);
    send_output(vt);
}

void vt_key_f(struct vt *vt, int number)
{
    vt_key(vt, (VTermKey)VTERM_KEY_FUNCTION(number));
}

void vt_mouse(struct vt *vt, int column, int row, int button)
{
    if (!vt->mouse)
        return;
    vterm_mouse_move(vt->terminal, row, column, VTERM_MOD_NONE);
    vterm_mouse_button(vt->terminal, button, true, VTERM_MOD_NONE);
    if (button < 4)
        vterm_mouse_button(vt->terminal, button, false, VTERM_MOD_NONE);
    send_output(vt);
}

void vt_resize(struct vt *vt, int columns, int rows)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    vt_drain(vt);
    vterm_set_size(vt->terminal, rows, columns);
    ioctl(vt->master, TIOCSWINSZ, &size);
}

void vt_hang_up(struct vt *vt)
{
    close(vt->master);
    vt->master = -1;
}

pid_t vt_pid(const struct vt *vt)
{
    return vt->pid;
}

struct termios vt_modes(const struct vt *vt)
{
    struct termios modes;
    memset(&modes, 0, sizeof modes);
    tcgetattr(vt->master, &modes);
    return modes;
}

void vt_set_modes(struct vt *vt, const struct termios *modes)
{
    tcsetattr(vt->master, TCSANOW, modes);
}

const char *vt_raw(const struct vt *vt, size_t *len)
{
    *len = vt->raw_len;
    return vt->raw ? vt->raw : "";
}

static bool has_exited(struct vt *vt)
{
    if (!vt->reaped)
        vt->reaped = waitpid(vt->pid, &vt->status, WNOHANG) == vt->pid;
    return vt->reaped;
}

int vt_exit_status(struct vt *vt, int deadline)
{
    long end = now_ms() + deadline;
    while (!has_exited(vt)) {
        if (now_ms() >= end) {
            fprintf(stderr, "still running after %d ms\n", deadline);
            vt_dump(vt, stderr);
            return -1;
        }
        /* Its output must be read, or it could block; its death itself wakes nobody here. */
        vt_drain(vt);
        struct pollfd output = {.fd = vt->ended ? -1 : vt->master, .events = POLLIN};
        poll(&output, 1, 5);
    }
    vt_drain(vt);
    return WIFSIGNALED(vt->status) ? 128 + WTERMSIG(vt->status) : WEXITSTATUS(vt->status);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void vt_remove_folder(const char *folder)
{
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

void vt_dump(struct vt *vt, FILE *out)
{
    int columns, rows;
    vt_size(vt, &columns, &rows);
    fprintf(out, "--- screen of %d columns and %d rows\n", columns, rows);
    for (int y = 0; y < rows; y++)
        fprintf(out, "%3d|%s\n", y, vt_row_text(vt, y));
    fputs("---\n", out);
}

void vt_svg(struct vt *vt, FILE *out)
{
    vt_svg_write(vt->screen, vt->terminal, out);
}
