#include "ui/term_info.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>
#undef columns /* one of many names that term.h takes */

#include "core/text.h"

/* Terminfo tells a missing string by NULL or by (char *)-1. */
static const char *ask(const char *name)
{
    const char *text = tigetstr(name);
    return (uintptr_t)text == UINTPTR_MAX ? NULL : text;
}

/* Appends a terminfo string without its padding ("$<5>"), which is for terminals of glass. */
static size_t append(char *out, size_t size, size_t used, const char *text)
{
    while (text && *text && used < size) {
        const char *end = strncmp(text, "$<", 2) == 0 ? strchr(text, '>') : NULL;
        if (end)
            text = end + 1;
        else
            out[used++] = *text++;
    }
    return used;
}

static size_t reset_string(char *out, size_t size)
{
    static const char *const names[] = {"sgr0", "op", "rmkx", "cnorm"};
    size_t used = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        used = append(out, size, used, ask(names[i]));
    if (ask("kmous")) /* no name of terminfo's turns the mouse off, nor reorders right to left */
        used = append(out, size, used, "\033[?1006l\033[?1002l\033[?1000l\033[8h");
    const char *leave = ask("rmcup");
    return append(out, size, used, leave ? leave : "\r\n");
}

bool term_info_ask(char *reset, size_t size, size_t *len, char *error, size_t error_size)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        snprintf(error, error_size,
                 "the screen needs a terminal on standard input and output: use --batch without "
                 "one");
        return false;
    }
    const char *type = getenv("TERM");
    char name[64];
    text_sanitise(name, sizeof name, type ? type : "", type ? strlen(type) : 0, 30);
    int status;
    if (setupterm(NULL, STDOUT_FILENO, &status) == ERR) {
        snprintf(error, error_size,
                 "unknown terminal type '%s': set TERM, for instance TERM=xterm-256color, or use "
                 "--batch",
                 name);
        return false;
    }
    bool able = ask("cup") != NULL;
    *len = reset_string(reset, size);
    del_curterm(cur_term);
    if (!able)
        snprintf(error, error_size,
                 "terminal type '%s' cannot place the cursor: set TERM to what the terminal is, "
                 "for instance TERM=xterm-256color, or use --batch",
                 name);
    return able;
}
