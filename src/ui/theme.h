/* How each style looks at each colour depth, as a theme says. The themes that come with the program
 * are data/themes, built into it; theme_file.h reads them and others. Plain data; any thread. */
#ifndef DT_UI_THEME_H
#define DT_UI_THEME_H

#include "ui/canvas.h"

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256, DEPTHS };

/* Colours are indices of the terminal's palette; -1 is the terminal's own. */
struct look {
    short foreground, background;
    bool bold, dim, reverse, underline;
};

struct palette {
    struct look looks[STYLE_COUNT];
    struct look selected;                 /* plain text in the selected row */
    struct look selected_as[STYLE_COUNT]; /* where selected_set */
    bool selected_set[STYLE_COUNT];
};

struct theme {
    char name[40];
    bool colours; /* false: mono, whatever the terminal can */
    struct palette at[DEPTHS];
};

/* Nothing but the terminal's own colours, and the selected row in reverse. */
void theme_init(struct theme *theme, const char *name);

/* Sets one style of one depth from a theme's words, as in `alarm`, `203 default bold`. What is set
 * at DEPTH_256 is set at DEPTH_16 and DEPTH_8 too, in the nearest of their colours. false: error
 * says what is wrong, with the nearest word that is known. */
bool theme_set(struct theme *theme, enum depth depth, const char *style, const char *words,
               char *error, size_t size);

/* style may carry STYLE_SELECTED and STYLE_REVERSE. Where there are colours, STYLE_REVERSE changes
 * nothing in the styles of alarm and warning, because their colour already sets them apart and a
 * reversed spark cell would hide its height. */
struct look theme_look(const struct theme *theme, enum depth depth, unsigned style);

/* 0xRRGGBB of an index of xterm's palette. */
uint32_t theme_rgb(short colour);

/* How well one colour can be read on the other: 1 (not at all) to 21, by WCAG 2.1. */
double theme_contrast(uint32_t one, uint32_t other);

#endif
