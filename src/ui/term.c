#include "ui/term.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_NOMACROS
#include <curses.h>
#define POINTER_EVENTS 8 /* as many as curses keeps */
#define POINTER_KEYS 64
#define CLICKS (BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)

#include "core/text.h"
#include "core/xalloc.h"
#include "ui/clipboard.h"
#include "ui/crash.h"
#include "ui/keys.h"
#include "ui/pace.h"
#include "ui/term_info.h"
#include "ui/theme_file.h"

#define ESCAPE_MS 25 /* how long a lone Esc waits for the rest of a function key */
/* Of curses: what the terminal says when it was asked. Far from the keys beyond KEY_MAX that curses
 * makes of terminfo's own names. */
#define KEY_ANSWER (KEY_MAX + 1000)
#define STYLES 256 /* every value of cell.style */

/* A look as curses wants it. */
struct ink {
    attr_t attributes;
    short pair;
    bool unseen; /* on a blank: it has the paper of plain text, and no line */
};

struct term {
    SCREEN *screen;
    WINDOW *input; /* a pad: reading keys from it never refreshes the screen */
    int width, height;
    bool ascii;
    bool resized, closed, suspended;
    enum depth depth; /* that the terminal has, or that is wanted of it */
    struct ink inks[STYLES];
    struct pace pace;
    struct cell *shown; /* what the screen shows, as large as the terminal */
    bool stale;         /* ... or is not known to show */
    cchar_t *run;       /* scratch: one row */
    bool mouse;
    struct pointed {
        uint32_t key;
        int x, y;
    } pointed[POINTER_KEYS]; /* what the mouse did, not yet told */
    unsigned waiting;        /* so many of them */
    int pointer_x, pointer_y;
    char partial[4]; /* a UTF-8 character that has not come whole yet */
    size_t partial_len;
    char reset[CRASH_RESET];
    size_t reset_len;
    struct termios modes; /* of the terminal before us */
};

static timestamp steady(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (timestamp)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

static enum depth colour_depth(bool wanted)
{
    if (!wanted || !has_colors() || start_color() == ERR || COLORS < 8)
        return DEPTH_MONO;
    if (COLORS == 256)
        return DEPTH_256;
    /* More than 256: the indices would be taken as red, green and blue. */
    return COLORS >= 16 && COLORS < 256 ? DEPTH_16 : DEPTH_8;
}

/* The pair of two colours, made when it is new; the terminal's own colours when all are taken. */
static short find_pair_of(short foreground, short background, short *pairs)
{
    for (short pair = 1; pair <= *pairs; pair++) {
        short has_foreground, has_background;
        pair_content(pair, &has_foreground, &has_background);
        if (has_foreground == foreground && has_background == background)
            return pair;
    }
    if (*pairs + 1 >= COLOR_PAIRS || init_pair((short)(*pairs + 1), foreground, background) == ERR)
        return 0;
    return ++*pairs;
}

static void mix_inks(struct term *term, const struct theme *theme)
{
    enum depth depth = theme->colours ? term->depth : DEPTH_MONO;
    bool defaults = term->depth != DEPTH_MONO && use_default_colors() == OK;
    short pairs = 0;
    for (unsigned style = 0; style < STYLES; style++) {
        unsigned base = style & ~(unsigned)(STYLE_SELECTED | STYLE_REVERSE);
        if (base >= STYLE_COUNT)
            continue;
        struct look look = theme_look(theme, depth, style);
        struct ink *ink = &term->inks[style];
        ink->attributes = (look.bold ? A_BOLD : 0) | (look.dim ? A_DIM : 0) |
                          (look.reverse ? A_REVERSE : 0) | (look.underline ? A_UNDERLINE : 0);
        if (!defaults && look.foreground == -1)
            look.foreground = COLOR_WHITE;
        if (!defaults && look.background == -1)
            look.background = COLOR_BLACK;
        bool plain = look.foreground == -1 && look.background == -1;
        ink->pair = 0;
        if (depth != DEPTH_MONO && !plain)
            ink->pair = find_pair_of(look.foreground, look.background, &pairs);
        short paper = theme_look(theme, depth, STYLE_NORMAL).background;
        ink->unseen = look.background == paper && !look.reverse && !look.underline;
    }
}

static void forget_screen(struct term *term)
{
    term->stale = true;
    clearok(stdscr, TRUE);
}

/* Takes the size that the terminal has now; true if it is a new one. */
static bool take_size(struct term *term)
{
    struct winsize size;
    /* Not resizeterm(), which pushes a key each time. */
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resize_term(size.ws_row, size.ws_col);
    int width = term->width, height = term->height;
    getmaxyx(stdscr, term->height, term->width);
    if (width == term->width && height == term->height)
        return false;
    size_t cells = (size_t)term->width * (size_t)term->height;
    term->shown = xrealloc(term->shown, cells * sizeof *term->shown);
    term->run = xrealloc(term->run, (size_t)term->width * sizeof *term->run);
    forget_screen(term);
    return true;
}

static void set_modes(struct term *term)
{
    raw(); /* ^C and ^Z come as keys */
    noecho();
    nonl();
    curs_set(0);
    typeahead(-1); /* an update is never left half done */
    set_escdelay(ESCAPE_MS);
    leaveok(stdscr, TRUE);
    keypad(term->input, TRUE);
    nodelay(term->input, TRUE);
    define_key(PACE_ANSWER, KEY_ANSWER);
    define_key(PACE_COMPLAINT, KEY_ANSWER);
}

/* Behind what curses has written already. */
static void send_bytes(const char *at, size_t left)
{
    while (left > 0) {
        ssize_t written = write(STDOUT_FILENO, at, left);
        if (written < 0 && errno != EINTR)
            return; /* term_key() will see that it has gone */
        if (written > 0) {
            at += written;
            left -= (size_t)written;
        }
    }
}

/* Asks for the sign of life that the next frame waits for. */
static void ask_terminal(void)
{
    send_bytes(PACE_QUESTION, sizeof PACE_QUESTION - 1);
}

/* Some terminals reorder the cells of a line that holds a right-to-left script, which would tear
 * the columns of a table apart: not while ours is shown (ECMA-48, bidirectional support mode). */
static void set_reordering(bool on)
{
    if (has_mouse()) /* one of those that know more than terminfo does */
        send_bytes(on ? "\033[8h" : "\033[8l", 4);
}

struct term *term_open(const struct term_options *options, char *error, size_t size)
{
    struct term *term = xcalloc(1, sizeof *term);
    const struct theme *theme = options->theme;
    struct theme dark;
    term->ascii = options->ascii;
    if (!theme && !theme_load(&dark, NULL, error, size))
        goto failed;
    if (!theme)
        theme = &dark;
    if (!term_info_ask(term->reset, sizeof term->reset, &term->reset_len, error, size))
        goto failed;
    if (tcgetattr(STDIN_FILENO, &term->modes) != 0) {
        snprintf(error, size, "cannot read the terminal's modes: %s", strerror(errno));
        goto failed;
    }
    crash_arm(STDOUT_FILENO, term->reset, term->reset_len, &term->modes);
    term->screen = newterm(NULL, stdout, stdin);
    term->input = term->screen ? newpad(1, 1) : NULL;
    if (!term->input) {
        snprintf(error, size, "curses cannot use this terminal: try another TERM, or --batch");
        crash_restore();
        goto failed;
    }
    xalloc_on_failure(term_restore);
    set_modes(term);
    pace_init(&term->pace, options->slow, steady());
    ask_terminal();
    term->depth = colour_depth(options->colour);
    mix_inks(term, theme);
    take_size(term);
    return term;

failed:
    if (term->screen)
        delscreen(term->screen);
    free(term);
    return NULL;
}

/* The answer to the last question must not reach the shell. What is typed meanwhile is lost. */
static void await_answer(struct term *term)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    timestamp end = steady() + pace_farewell(&term->pace);
    while (term->pace.waiting > 0 && !term->closed) {
        timestamp left = end - steady();
        if (left <= 0 || poll(&input, 1, (int)(left / 1000) + 1) <= 0 ||
            term_key(term) == KEY_CLOSED)
            break;
    }
    pace_forget(&term->pace);
}

/* Curses sets both modes in one sequence, of which some terminals take only the first. */
static void set_mouse(bool on)
{
    static const char modes[2][24] = {"\033[?1002l\033[?1006l", "\033[?1006h\033[?1002h"};
    if (has_mouse() && write(STDOUT_FILENO, modes[on], strlen(modes[on])) < 0)
        return; /* a terminal that is gone has no mouse */
}

void term_close(struct term *term)
{
    if (!term)
        return;
    if (!term->suspended) {
        await_answer(term);
        set_mouse(false);
        set_reordering(true);
        endwin();
    }
    crash_disarm();
    xalloc_on_failure(NULL);
    delwin(term->input);
    delscreen(term->screen);
    free(term->shown);
    free(term->run);
    free(term);
}

void term_size(const struct term *term, int *width, int *height)
{
    *width = term->width;
    *height = term->height;
}

static void ink_cell(const struct term *term, const struct cell *cell, unsigned style, cchar_t *out)
{
    const struct ink *ink = &term->inks[style];
    const char *text = cell->text;
    size_t left = strnlen(text, CELL_BYTES), count = 0;
    wchar_t wide[3] = {0}; /* a base and a mark */
    uint32_t code;
    for (size_t len; count < 2 && left > 0; text += len, left -= len) {
        len = text_decode(text, left, &code);
        if (len == 0 || (term->ascii && code >= 0x7F))
            break;
        wide[count++] = (wchar_t)code;
    }
    if (count == 0)
        wide[0] = L'?';
    setcchar(out, wide, ink->attributes, ink->pair, NULL);
}

/* Where the blanks from column x on end, going by step. */
static int skip_blanks(const struct cell *row, int width, int x, int step)
{
    while (x >= 0 && x < width && row[x].style == STYLE_NORMAL && strcmp(row[x].text, " ") == 0)
        x += step;
    return x;
}

/* The style in which the blanks before column `after` are sent: between two characters of one look
 * they get that look, which nobody sees on them, so that the terminal need not be told to change
 * it and back. */
static unsigned style_between(const struct term *term, const struct cell *row, int width,
                              int before, int after)
{
    if (before < 0 || after >= width || row[before].style != row[after].style ||
        !term->inks[row[before].style].unseen)
        return STYLE_NORMAL;
    return row[before].style;
}

/* Hands cells [first, end) of a row to curses. */
static void put_run(struct term *term, int y, const struct cell *row, int width, int first, int end)
{
    int count = 0, before = skip_blanks(row, width, first, -1);
    for (int x = first; x < end; x++) {
        int after = skip_blanks(row, width, x, 1);
        unsigned blank = style_between(term, row, width, before, after);
        for (; x < after && x < end; x++)
            ink_cell(term, &row[x], blank, &term->run[count++]);
        if (x < end && row[x].columns > 0)
            ink_cell(term, &row[x], row[x].style, &term->run[count++]);
        before = x;
    }
    mvwadd_wchnstr(stdscr, y, first, term->run, count);
}

static bool show_row(struct term *term, int y, const struct cell *row, int width)
{
    struct cell *shown = term->shown + (size_t)y * (size_t)term->width;
    int first = 0, end = width;
    if (!term->stale) {
        while (first < end && memcmp(&row[first], &shown[first], sizeof *row) == 0)
            first++;
        while (end > first && memcmp(&row[end - 1], &shown[end - 1], sizeof *row) == 0)
            end--;
    }
    if (first == end)
        return false;
    /* From the left half of a wide character on: curses wants it whole. */
    if (first > 0 && row[first].columns == 0)
        first--;
    put_run(term, y, row, width, first, end);
    memcpy(shown + first, row + first, (size_t)(end - first) * sizeof *row);
    return true;
}

timestamp term_wait(struct term *term, bool key)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    timestamp now = steady();
    timestamp wait = pace_wait(&term->pace, now, key);
    if (wait > 0 || term->suspended || poll(&output, 1, 0) > 0)
        return wait;
    pace_full(&term->pace, now);
    return pace_wait(&term->pace, now, key);
}

void term_show(struct term *term, const struct canvas *canvas)
{
    if (term->suspended)
        return;
    /* The canvas may lag behind a resize by a frame. */
    int width = canvas->width < term->width ? canvas->width : term->width;
    int height = canvas->height < term->height ? canvas->height : term->height;
    bool changed = term->stale;
    if (term->stale) {
        werase(stdscr);
        memset(term->shown, 0, (size_t)term->width * (size_t)term->height * sizeof *term->shown);
    }
    for (int y = 0; y < height; y++)
        if (show_row(term, y, canvas->cells + (size_t)y * (size_t)canvas->width, width))
            changed = true;
    term->stale = false;
    if (changed) {
        wnoutrefresh(stdscr);
        doupdate();
        if (pace_sent(&term->pace, steady()))
            ask_terminal();
    }
}

void term_set_theme(struct term *term, const struct theme *theme)
{
    mix_inks(term, theme);
    forget_screen(term);
}

void term_bell(struct term *term)
{
    if (!term->suspended)
        send_bytes("\a", 1);
}

void term_copy(struct term *term, const char *text)
{
    size_t len;
    const char *tmux = getenv("TMUX");
    char *bytes = clipboard_sequence(text, tmux && *tmux, &len);
    if (!term->suspended)
        send_bytes(bytes, len);
    free(bytes);
}

void term_redraw(struct term *term)
{
    if (!term->suspended)
        reset_prog_mode();
    forget_screen(term);
}

static uint32_t special_key(int code)
{
    static const struct {
        int code;
        uint32_t key;
    } table[] = {
        {KEY_UP, KEY_ARROW_UP},
        {KEY_DOWN, KEY_ARROW_DOWN},
        {KEY_LEFT, KEY_ARROW_LEFT},
        {KEY_RIGHT, KEY_ARROW_RIGHT},
        {KEY_PPAGE, KEY_PAGE_UP},
        {KEY_NPAGE, KEY_PAGE_DOWN},
        {KEY_HOME, KEY_HOME_},
        {KEY_FIND, KEY_HOME_},
        {KEY_END, KEY_END_},
        {KEY_SELECT, KEY_END_},
        {KEY_BACKSPACE, KEY_BACKSPACE_},
        {KEY_DC, KEY_DELETE_},
        {KEY_ENTER, KEY_RETURN},
        {KEY_SLEFT, KEY_SHIFT_LEFT},
        {KEY_SRIGHT, KEY_SHIFT_RIGHT},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].code == code)
            return table[i].key;
    if (code > KEY_F(0) && code <= KEY_F(12))
        return KEY_FUNCTION + (uint32_t)(code - KEY_F(0));
    return KEY_NONE;
}

void term_pointer(const struct term *term, int *x, int *y)
{
    *x = term->pointer_x;
    *y = term->pointer_y;
}

void term_mouse(struct term *term, bool on)
{
    term->mouse = on;
    mouseinterval(0); /* a press is told at once; what is a double click is not for curses to say */
    mousemask(on ? BUTTON1_PRESSED | BUTTON1_RELEASED | CLICKS | REPORT_MOUSE_POSITION |
                       BUTTON4_PRESSED | BUTTON5_PRESSED
                 : 0,
              NULL);
    set_mouse(on);
    set_reordering(false); /* curses knows by now what the terminal can */
}

static void keep_pointer(struct term *term, uint32_t key, const MEVENT *event)
{
    if (term->waiting < POINTER_KEYS)
        term->pointed[term->waiting++] = (struct pointed){key, event->x, event->y};
}

/* A press and a release that came together are one event to curses, and two such are one again. */
static void keep_event(struct term *term, const MEVENT *event)
{
    int clicks = event->bstate & BUTTON1_CLICKED          ? 1
                 : event->bstate & BUTTON1_DOUBLE_CLICKED ? 2
                 : event->bstate & BUTTON1_TRIPLE_CLICKED ? 3
                                                          : 0;
    for (int i = 0; i < clicks; i++) {
        keep_pointer(term, KEY_CLICK, event);
        keep_pointer(term, KEY_DROP, event);
    }
    uint32_t key = event->bstate & BUTTON1_PRESSED         ? KEY_CLICK
                   : event->bstate & BUTTON4_PRESSED       ? KEY_WHEEL_UP
                   : event->bstate & BUTTON5_PRESSED       ? KEY_WHEEL_DOWN
                   : event->bstate & BUTTON1_RELEASED      ? KEY_DROP
                   : event->bstate & REPORT_MOUSE_POSITION ? KEY_DRAG
                                                           : KEY_NONE;
    if (clicks == 0 && key != KEY_NONE)
        keep_pointer(term, key, event);
}

/* Curses tells once of all that came at one time, and gives it out from the last to the first. */
static void take_pointer(struct term *term)
{
    MEVENT events[POINTER_EVENTS];
    int count = 0;
    while (count < POINTER_EVENTS && getmouse(&events[count]) == OK)
        count++;
    while (count > 0)
        keep_event(term, &events[--count]);
}

static uint32_t pointer_key(struct term *term)
{
    struct pointed first = term->pointed[0];
    memmove(term->pointed, term->pointed + 1, --term->waiting * sizeof *term->pointed);
    term->pointer_x = first.x;
    term->pointer_y = first.y;
    return first.key;
}

/* One byte of text. KEY_NONE: its character is not complete, or was none. */
static uint32_t text_key(struct term *term, unsigned char byte)
{
    if (byte < 0x80) {
        term->partial_len = 0;
        if (byte == '\n')
            return KEY_RETURN;
        return byte == 0x7F || byte == '\b' ? KEY_BACKSPACE_ : byte;
    }
    if (byte >= 0xC0)
        term->partial_len = 0;
    else if (term->partial_len == 0)
        return KEY_NONE;
    term->partial[term->partial_len++] = (char)byte;
    uint32_t code;
    if (text_decode(term->partial, term->partial_len, &code) == 0) {
        if (term->partial_len == sizeof term->partial)
            term->partial_len = 0;
        return KEY_NONE;
    }
    term->partial_len = 0;
    return code;
}

/* What poll() says of the input now. */
static short input_events(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&input, 1, 0) > 0 ? input.revents : 0;
}

/* Readable, and yet nothing to read: the end. */
static bool input_ended(void)
{
    int waiting = 0;
    if (!(input_events() & POLLIN))
        return false;
    return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

uint32_t term_key(struct term *term)
{
    if (term->closed || (input_events() & (POLLHUP | POLLERR | POLLNVAL))) {
        term->closed = true;
        return KEY_CLOSED;
    }
    for (;;) {
        if (term->waiting > 0)
            return pointer_key(term);
        if (term->resized) {
            term->resized = false;
            return KEY_RESIZE_;
        }
        int code = wgetch(term->input);
        uint32_t key = KEY_NONE;
        if (code == ERR) {
            term->closed = input_ended();
            return term->closed ? KEY_CLOSED : KEY_NONE;
        }
        if (code == KEY_ANSWER)
            pace_answered(&term->pace, steady());
        else if (code == KEY_RESIZE)
            term->resized = take_size(term);
        else if (code == KEY_MOUSE)
            take_pointer(term);
        else if (code > 0xFF)
            key = special_key(code);
        else
            key = text_key(term, (unsigned char)code);
        if (key != KEY_NONE)
            return key;
    }
}

void term_suspend(struct term *term)
{
    if (term->suspended)
        return;
    await_answer(term);
    set_mouse(false);
    set_reordering(true);
    endwin();
    crash_disarm();
    term->suspended = true;
}

void term_resume(struct term *term)
{
    if (!term->suspended)
        return;
    term->suspended = false;
    /* The shell may have changed its modes meanwhile: those are the ones to go back to. */
    tcgetattr(STDIN_FILENO, &term->modes);
    def_shell_mode();
    crash_arm(STDOUT_FILENO, term->reset, term->reset_len, &term->modes);
    doupdate();
    pace_forget(&term->pace);
    term_mouse(term, term->mouse);
    term_resized(term);
    forget_screen(term);
}

void term_resized(struct term *term)
{
    if (take_size(term))
        term->resized = true;
}

void term_restore(void)
{
    crash_restore();
}
