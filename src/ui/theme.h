/* How each style looks at each colour depth. Pure data. */
#ifndef DT_UI_THEME_H
#define DT_UI_THEME_H

#include "ui/canvas.h"

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_16, DEPTH_256 };

/* Colours are indices of the terminal's palette; -1 is the terminal's own. */
struct look {
    short foreground, background;
    bool bold, dim, reverse, underline;
};

/* style may carry STYLE_SELECTED and STYLE_REVERSE. Where there are colours, STYLE_REVERSE changes
 * nothing in the styles of alarm and warning, because their colour already sets them apart and a
 * reversed spark cell would hide its height. */
struct look theme_look(enum depth depth, unsigned style);

#endif
