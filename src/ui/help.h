/* The lines of the help: keys, then what glyphs and colours mean; all of them, or those with a word
 * in them. Pure. */
#ifndef DT_UI_HELP_H
#define DT_UI_HELP_H

#include "ui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

#define HELP_LINES 128

struct help_line {
    const char *keys; /* "" for a glyph or a colour */
    uint32_t glyph;   /* 0 for keys, or a heading */
    bool swatch;      /* two cells of it: a colour */
    unsigned style;   /* of keys, glyph, swatch */
    const char *text;
};

struct help {
    struct help_line lines[HELP_LINES];
    int keys, count; /* the first so many are keys, in all */
};

/* wanted: a word, whatever the case; "": all. Headings are there where something follows them. */
void help_fill(struct help *help, const char *wanted);

/* How many of how many lines have the word. */
int help_matches(const char *wanted, int *all);

#endif
