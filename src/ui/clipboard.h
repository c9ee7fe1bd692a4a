/* What hands a text to the clipboard of whoever sits before the terminal: OSC 52. Pure. */
#ifndef DT_UI_CLIPBOARD_H
#define DT_UI_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>

#define CLIPBOARD_MOST 4096 /* bytes of text; terminals take less than megabytes */

/* The bytes to send for sanitised text, cut at CLIPBOARD_MOST; *len are theirs. in_tmux: wrapped so
 * that tmux passes them on. The caller frees them. */
char *clipboard_sequence(const char *text, bool in_tmux, size_t *len);

#endif
