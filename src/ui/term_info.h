/* What terminfo knows of the terminal, asked before curses takes over. Part of term.c. */
#ifndef DT_UI_TERM_INFO_H
#define DT_UI_TERM_INFO_H

#include <stdbool.h>
#include <stddef.h>

/* Can a screen be drawn on the terminal on stdin and stdout? false: error says why and what to do.
 * Otherwise reset[0..*len) is the string that gives the terminal back: attributes off, keypad in
 * its usual mode, cursor visible, alternate screen left. size: bytes of reset. */
bool term_info_ask(char *reset, size_t size, size_t *len, char *error, size_t error_size);

#endif
