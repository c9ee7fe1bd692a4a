#include "ui/theme.h"

#include <assert.h>

/* Shorthands of the tables below: {foreground, background, bold, dim, reverse, underline}. */
#define PLAIN(fg, bg)                          \
    {                                          \
        .foreground = (fg), .background = (bg) \
    }
#define BOLD(fg, bg)                                         \
    {                                                        \
        .foreground = (fg), .background = (bg), .bold = true \
    }
#define DIM(fg, bg)                                         \
    {                                                       \
        .foreground = (fg), .background = (bg), .dim = true \
    }

/* xterm's palette: cyan 80, green 114, yellow 221, red 203, blue 110, purple 176, greys from 232.
 * Plain text keeps the terminal's own colour, so that a light background works too; on a
 * background of ours the foreground is ours as well. */
static const struct look looks_256[STYLE_COUNT] = {
    [STYLE_NORMAL] = PLAIN(-1, -1),
    [STYLE_DIM] = PLAIN(245, -1),
    [STYLE_STRONG] = BOLD(-1, -1),
    [STYLE_ACCENT] = BOLD(80, -1),
    [STYLE_BAR] = PLAIN(252, 236),
    [STYLE_BAR_DIM] = PLAIN(245, 236),
    [STYLE_BAR_STRONG] = BOLD(255, 236),
    [STYLE_BAR_ACCENT] = BOLD(80, 236),
    [STYLE_BAR_GOOD] = PLAIN(114, 236),
    [STYLE_BAR_WARN] = PLAIN(221, 236),
    [STYLE_BAR_ALARM] = BOLD(203, 236),
    [STYLE_BAR_SIM] = PLAIN(176, 236),
    [STYLE_HEADING] = BOLD(80, 236),
    [STYLE_GOOD] = PLAIN(114, -1),
    [STYLE_WARN] = PLAIN(221, -1),
    [STYLE_ALARM] = BOLD(203, -1),
    [STYLE_FADING] = PLAIN(167, -1),
    [STYLE_SIM] = PLAIN(176, -1),
    [STYLE_SPARK] = PLAIN(110, -1),
    [STYLE_SPARK_OFF] = PLAIN(239, -1),
    [STYLE_BAND] = PLAIN(240, -1),
    [STYLE_AHEAD] = PLAIN(116, -1),
    [STYLE_KEY] = BOLD(-1, -1),
    [STYLE_KEY_LABEL] = PLAIN(16, 80),
    [STYLE_NOTICE] = {.foreground = -1, .background = -1, .bold = true, .reverse = true},
};

/* Grey by A_DIM rather than by "bright black", which some palettes paint like the background. */
static const struct look looks_16[STYLE_COUNT] = {
    [STYLE_NORMAL] = PLAIN(-1, -1),
    [STYLE_DIM] = DIM(-1, -1),
    [STYLE_STRONG] = BOLD(-1, -1),
    [STYLE_ACCENT] = BOLD(14, -1),
    [STYLE_BAR] = PLAIN(7, 4),
    [STYLE_BAR_DIM] = DIM(7, 4),
    [STYLE_BAR_STRONG] = BOLD(15, 4),
    [STYLE_BAR_ACCENT] = BOLD(14, 4),
    [STYLE_BAR_GOOD] = PLAIN(10, 4),
    [STYLE_BAR_WARN] = PLAIN(11, 4),
    [STYLE_BAR_ALARM] = BOLD(15, 1),
    [STYLE_BAR_SIM] = PLAIN(13, 4),
    [STYLE_HEADING] = BOLD(14, 4),
    [STYLE_GOOD] = PLAIN(10, -1),
    [STYLE_WARN] = PLAIN(11, -1),
    [STYLE_ALARM] = BOLD(9, -1),
    [STYLE_FADING] = PLAIN(1, -1),
    [STYLE_SIM] = PLAIN(13, -1),
    [STYLE_SPARK] = PLAIN(12, -1),
    [STYLE_SPARK_OFF] = DIM(-1, -1),
    [STYLE_BAND] = DIM(-1, -1),
    [STYLE_AHEAD] = PLAIN(14, -1),
    [STYLE_KEY] = BOLD(-1, -1),
    [STYLE_KEY_LABEL] = PLAIN(0, 6),
    [STYLE_NOTICE] = {.foreground = -1, .background = -1, .bold = true, .reverse = true},
};

/* Bold makes the eight colours bright on most terminals; plain blue on black is hard to read. */
static const struct look looks_8[STYLE_COUNT] = {
    [STYLE_NORMAL] = PLAIN(-1, -1),
    [STYLE_DIM] = DIM(-1, -1),
    [STYLE_STRONG] = BOLD(-1, -1),
    [STYLE_ACCENT] = BOLD(6, -1),
    [STYLE_BAR] = PLAIN(7, 4),
    [STYLE_BAR_DIM] = DIM(7, 4),
    [STYLE_BAR_STRONG] = BOLD(7, 4),
    [STYLE_BAR_ACCENT] = BOLD(6, 4),
    [STYLE_BAR_GOOD] = BOLD(2, 4),
    [STYLE_BAR_WARN] = BOLD(3, 4),
    [STYLE_BAR_ALARM] = BOLD(7, 1),
    [STYLE_BAR_SIM] = BOLD(5, 4),
    [STYLE_HEADING] = BOLD(6, 4),
    [STYLE_GOOD] = PLAIN(2, -1),
    [STYLE_WARN] = BOLD(3, -1),
    [STYLE_ALARM] = BOLD(1, -1),
    [STYLE_FADING] = PLAIN(1, -1),
    [STYLE_SIM] = PLAIN(5, -1),
    [STYLE_SPARK] = PLAIN(6, -1),
    [STYLE_SPARK_OFF] = DIM(-1, -1),
    [STYLE_BAND] = DIM(-1, -1),
    [STYLE_AHEAD] = PLAIN(6, -1),
    [STYLE_KEY] = BOLD(-1, -1),
    [STYLE_KEY_LABEL] = PLAIN(0, 6),
    [STYLE_NOTICE] = {.foreground = -1, .background = -1, .bold = true, .reverse = true},
};

/* An alarm in the reversed header stands out by not being reversed. */
static const struct look looks_mono[STYLE_COUNT] = {
    [STYLE_NORMAL] = PLAIN(-1, -1),
    [STYLE_DIM] = DIM(-1, -1),
    [STYLE_STRONG] = BOLD(-1, -1),
    [STYLE_ACCENT] = BOLD(-1, -1),
    [STYLE_BAR] = {-1, -1, .reverse = true},
    [STYLE_BAR_DIM] = {-1, -1, .reverse = true},
    [STYLE_BAR_STRONG] = {-1, -1, .bold = true, .reverse = true},
    [STYLE_BAR_ACCENT] = {-1, -1, .bold = true, .reverse = true},
    [STYLE_BAR_GOOD] = {-1, -1, .reverse = true},
    [STYLE_BAR_WARN] = {-1, -1, .reverse = true, .underline = true},
    [STYLE_BAR_ALARM] = BOLD(-1, -1),
    [STYLE_BAR_SIM] = {-1, -1, .reverse = true},
    [STYLE_HEADING] = {-1, -1, .bold = true, .underline = true},
    [STYLE_GOOD] = PLAIN(-1, -1),
    [STYLE_WARN] = BOLD(-1, -1),
    [STYLE_ALARM] = BOLD(-1, -1),
    [STYLE_FADING] = PLAIN(-1, -1),
    [STYLE_SIM] = PLAIN(-1, -1),
    [STYLE_SPARK] = PLAIN(-1, -1),
    [STYLE_SPARK_OFF] = DIM(-1, -1),
    [STYLE_BAND] = DIM(-1, -1),
    [STYLE_AHEAD] = PLAIN(-1, -1),
    [STYLE_KEY] = BOLD(-1, -1),
    [STYLE_KEY_LABEL] = {-1, -1, .reverse = true},
    [STYLE_NOTICE] = {-1, -1, .bold = true, .reverse = true},
};

static const struct look *table_of(enum depth depth)
{
    switch (depth) {
    case DEPTH_256:
        return looks_256;
    case DEPTH_16:
        return looks_16;
    case DEPTH_8:
        return looks_8;
    case DEPTH_MONO:
        break;
    }
    return looks_mono;
}

static bool is_alarming(unsigned style)
{
    return style == STYLE_ALARM || style == STYLE_WARN || style == STYLE_FADING;
}

/* On the grey of the selected row; greys that would drown in it are lifted. */
static struct look selected_256(struct look look)
{
    look.background = 238;
    if (look.foreground == -1)
        look.foreground = 255;
    else if (look.foreground == 245)
        look.foreground = 248;
    else if (look.foreground == 239 || look.foreground == 240)
        look.foreground = 244;
    return look;
}

/* Few colours read well on cyan: black, and the background changes where something is wrong. */
static struct look selected_few(unsigned style)
{
    if (style == STYLE_ALARM)
        return (struct look)BOLD(7, 1);
    if (style == STYLE_WARN || style == STYLE_FADING)
        return (struct look)PLAIN(0, 3);
    return (struct look)PLAIN(0, 6);
}

static struct look selected_mono(struct look look)
{
    look.reverse = !look.reverse;
    look.dim = false;
    return look;
}

struct look theme_look(enum depth depth, unsigned style)
{
    unsigned base = style & ~(unsigned)(STYLE_SELECTED | STYLE_REVERSE);
    assert(base < STYLE_COUNT);
    struct look look = table_of(depth)[base];
    if (style & STYLE_SELECTED) {
        if (depth == DEPTH_256)
            look = selected_256(look);
        else if (depth == DEPTH_MONO)
            look = selected_mono(look);
        else
            look = selected_few(base);
    }
    if ((style & STYLE_REVERSE) && (depth == DEPTH_MONO || !is_alarming(base)))
        look.reverse = !look.reverse;
    return look;
}
