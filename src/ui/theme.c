#include "ui/theme.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"

#define READABLE 2.0 /* contrast of a style that keeps its foreground in the selected row */
#define BRIGHT_BLACK 8

static const char *const style_names[STYLE_COUNT] = {
    [STYLE_NORMAL] = "normal",
    [STYLE_DIM] = "dim",
    [STYLE_STRONG] = "strong",
    [STYLE_ACCENT] = "accent",
    [STYLE_BAR] = "bar",
    [STYLE_BAR_DIM] = "bar-dim",
    [STYLE_BAR_STRONG] = "bar-strong",
    [STYLE_BAR_ACCENT] = "bar-accent",
    [STYLE_BAR_GOOD] = "bar-good",
    [STYLE_BAR_WARN] = "bar-warn",
    [STYLE_BAR_ALARM] = "bar-alarm",
    [STYLE_BAR_SIM] = "bar-sim",
    [STYLE_HEADING] = "heading",
    [STYLE_GOOD] = "good",
    [STYLE_WARN] = "warn",
    [STYLE_ALARM] = "alarm",
    [STYLE_FADING] = "fading",
    [STYLE_SIM] = "sim",
    [STYLE_SPARK] = "spark",
    [STYLE_SPARK_OFF] = "spark-off",
    [STYLE_BAND] = "band",
    [STYLE_AHEAD] = "ahead",
    [STYLE_KEY] = "key",
    [STYLE_KEY_LABEL] = "key-label",
    [STYLE_NOTICE] = "notice",
};

static const char *const colour_names[] = {
    "black",        "red",           "green",       "yellow",         "blue",
    "magenta",      "cyan",          "white",       "bright-black",   "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
};

static const uint32_t first_colours[16] = {
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static const struct look plain = {.foreground = -1, .background = -1};

uint32_t theme_rgb(short colour)
{
    static const uint8_t steps[] = {0, 95, 135, 175, 215, 255};
    assert(colour >= 0 && colour < 256);
    if (colour < 16)
        return first_colours[colour];
    if (colour >= 232)
        return (uint32_t)(8 + 10 * (colour - 232)) * 0x010101;
    unsigned cube = (unsigned)colour - 16;
    return (uint32_t)steps[cube / 36] << 16 | (uint32_t)steps[cube / 6 % 6] << 8 | steps[cube % 6];
}

static double luminance(uint32_t rgb)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double part = (rgb >> (16 - 8 * i) & 0xFF) / 255.0;
        sum += weights[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double theme_contrast(uint32_t one, uint32_t other)
{
    double a = luminance(one), b = luminance(other);
    return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

/* How far apart two colours look: the "redmean" weighting of red, green and blue. */
static long distance(uint32_t a, uint32_t b)
{
    long red = (long)(a >> 16 & 0xFF) - (long)(b >> 16 & 0xFF);
    long green = (long)(a >> 8 & 0xFF) - (long)(b >> 8 & 0xFF);
    long blue = (long)(a & 0xFF) - (long)(b & 0xFF);
    long mean = ((long)(a >> 16 & 0xFF) + (long)(b >> 16 & 0xFF)) / 2;
    return (512 + mean) * red * red / 256 + 4 * green * green + (767 - mean) * blue * blue / 256;
}

/* Of the palette's colours from first to last. */
static short nearest_colour(uint32_t rgb, short first, short last)
{
    short best = first;
    for (short i = first; i <= last; i++)
        if (distance(rgb, theme_rgb(i)) < distance(rgb, theme_rgb(best)))
            best = i;
    return best;
}

/* A look for 256 colours in 16 or 8 of them. Bright black becomes `dim`, because some palettes
 * paint it like the background; what is bright becomes bold where there are only eight. */
static struct look look_for_few(struct look look, enum depth depth)
{
    if (look.foreground >= 0)
        look.foreground = nearest_colour(theme_rgb(look.foreground), 0, 15);
    if (look.background >= 0)
        look.background = nearest_colour(theme_rgb(look.background), 0, depth == DEPTH_8 ? 7 : 15);
    if (look.foreground == BRIGHT_BLACK) {
        look.foreground = look.background >= 0 ? 7 : -1;
        look.dim = true;
    }
    if (depth == DEPTH_8 && look.foreground > 7) {
        look.foreground = (short)(look.foreground - 8);
        look.bold = true;
    }
    if (look.background >= 0 && look.foreground == look.background)
        look.foreground = look.background == 0 ? 7 : 0;
    return look;
}

/* The n-th word of a line; its length is 0 behind the last. */
static size_t next_word(const char **at, char *out, size_t size)
{
    *at += strspn(*at, " \t");
    size_t len = strcspn(*at, " \t");
    snprintf(out, size, "%.*s", (int)len, *at);
    *at += len;
    return len;
}

static bool read_hex(const char *word, enum depth depth, short *colour)
{
    char *end;
    if (word[0] != '#' || strlen(word) != 7 || strspn(word + 1, "0123456789abcdefABCDEF") != 6)
        return false;
    uint32_t rgb = (uint32_t)strtoul(word + 1, &end, 16);
    /* Not of the first sixteen, which each terminal paints as it likes, if there are others. */
    *colour = depth == DEPTH_256 ? nearest_colour(rgb, 16, 255)
                                 : nearest_colour(rgb, 0, depth == DEPTH_16 ? 15 : 7);
    return true;
}

static bool read_number(const char *word, short *colour)
{
    char *end;
    if (*word < '0' || *word > '9')
        return false;
    long number = strtol(word, &end, 10);
    *colour = (short)(number <= 255 ? number : -1);
    return !*end && number <= 255;
}

static bool read_colour(const char *word, enum depth depth, short *colour, struct nearest *nearest)
{
    nearest_try(nearest, "default");
    for (short i = 0; i < 16; i++)
        nearest_try(nearest, colour_names[i]);
    *colour = -1;
    if (strcmp(word, "default") == 0 || read_hex(word, depth, colour) || read_number(word, colour))
        return true;
    for (short i = 0; i < 16; i++)
        if (strcmp(word, colour_names[i]) == 0) {
            *colour = i;
            return true;
        }
    return false;
}

static bool read_attribute(const char *word, struct look *look, struct nearest *nearest)
{
    const struct {
        const char *name;
        bool *flag;
    } attributes[] = {{"bold", &look->bold},
                      {"dim", &look->dim},
                      {"reverse", &look->reverse},
                      {"underline", &look->underline}};
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        nearest_try(nearest, attributes[i].name);
        if (strcmp(word, attributes[i].name) == 0)
            return *attributes[i].flag = true;
    }
    return false;
}

static bool say_unknown(const char *what, const struct nearest *nearest, char *error, size_t size)
{
    snprintf(error, size, "unknown %s '%s'", what, nearest->word);
    nearest_say(nearest, error, size);
    return false;
}

static bool check_look(const struct look *look, enum depth depth, char *error, size_t size)
{
    static const short most[DEPTHS] = {
        [DEPTH_MONO] = -1, [DEPTH_8] = 7, [DEPTH_16] = 15, [DEPTH_256] = 255};
    const char *wrong = NULL;
    if (look->foreground > most[depth] || look->background > most[depth])
        wrong = depth == DEPTH_MONO ? "no colours in [mono]" : "no such colour among so few";
    else if (look->background >= 0 && look->foreground < 0)
        wrong = "a background of its own needs a foreground of its own: the terminal's may be any";
    else if (look->foreground >= 0 && look->foreground == look->background)
        wrong = "foreground and background are the same colour";
    if (wrong)
        snprintf(error, size, "%s", wrong);
    return !wrong;
}

/* foreground [background] [attribute ...] */
static bool read_look(const char *words, enum depth depth, struct look *look, char *error,
                      size_t size)
{
    char word[32];
    *look = plain;
    for (int i = 0; next_word(&words, word, sizeof word) > 0; i++) {
        struct nearest nearest = {.word = word};
        short *colour = i == 0 ? &look->foreground : &look->background;
        if (i < 2 && read_colour(word, depth, colour, &nearest))
            continue;
        if (i == 0)
            return say_unknown("colour", &nearest, error, size);
        if (!read_attribute(word, look, &nearest))
            return say_unknown(i == 1 ? "colour or attribute" : "attribute", &nearest, error, size);
        if (i == 1)
            i = 2; /* no background was given */
    }
    return check_look(look, depth, error, size);
}

void theme_init(struct theme *theme, const char *name)
{
    *theme = (struct theme){.colours = true};
    snprintf(theme->name, sizeof theme->name, "%s", name);
    for (int depth = 0; depth < DEPTHS; depth++) {
        theme->at[depth].selected = (struct look){-1, -1, .reverse = true};
        for (int i = 0; i < STYLE_COUNT; i++)
            theme->at[depth].looks[i] = plain;
    }
}

static int find_style(const char *name, struct nearest *nearest)
{
    for (int i = 0; i < STYLE_COUNT; i++) {
        nearest_try(nearest, style_names[i]);
        if (strcmp(name, style_names[i]) == 0)
            return i;
    }
    return -1;
}

/* style: -1 for plain text in the selected row. */
static void set_look(struct palette *palette, int style, bool selected, struct look look)
{
    if (style < 0) {
        palette->selected = look;
        memset(palette->selected_set, 0, sizeof palette->selected_set);
    } else if (selected) {
        palette->selected_as[style] = look;
        palette->selected_set[style] = true;
    } else {
        palette->looks[style] = look;
    }
}

bool theme_set(struct theme *theme, enum depth depth, const char *style, const char *words,
               char *error, size_t size)
{
    static const char prefix[] = "selected";
    bool selected = strncmp(style, prefix, sizeof prefix - 1) == 0;
    const char *name = selected ? style + sizeof prefix - 1 : style;
    struct nearest nearest = {.word = style};
    struct look look;
    int which = -1;
    if (!selected || *name) {
        nearest_try(&nearest, prefix);
        struct nearest below = {.word = name + (selected && *name == '-')};
        which = find_style(below.word, selected ? &below : &nearest);
        if (which < 0 || (selected && *name != '-'))
            return say_unknown("style", selected ? &below : &nearest, error, size);
    }
    if (!read_look(words, depth, &look, error, size))
        return false;
    set_look(&theme->at[depth], which, selected, look);
    if (depth == DEPTH_256) {
        set_look(&theme->at[DEPTH_16], which, selected, look_for_few(look, DEPTH_16));
        set_look(&theme->at[DEPTH_8], which, selected, look_for_few(look, DEPTH_8));
    }
    return true;
}

static bool is_alarming(unsigned style)
{
    return style == STYLE_ALARM || style == STYLE_WARN || style == STYLE_FADING;
}

static struct look selected_mono(struct look look)
{
    look.reverse = !look.reverse;
    look.dim = false;
    return look;
}

/* A style's own foreground says what it means in the selected row too, where there are enough
 * colours to be read on each other. */
static struct look selected_look(const struct palette *palette, enum depth depth, unsigned style)
{
    struct look own = palette->looks[style], look = palette->selected;
    if (palette->selected_set[style])
        return palette->selected_as[style];
    if (depth != DEPTH_256)
        return look;
    if (own.foreground >= 0 && look.background >= 0 &&
        theme_contrast(theme_rgb(own.foreground), theme_rgb(look.background)) >= READABLE)
        look.foreground = own.foreground;
    look.bold |= own.bold;
    look.reverse ^= own.reverse;
    look.underline |= own.underline;
    return look;
}

struct look theme_look(const struct theme *theme, enum depth depth, unsigned style)
{
    unsigned base = style & ~(unsigned)(STYLE_SELECTED | STYLE_REVERSE);
    assert(base < STYLE_COUNT);
    if (!theme->colours)
        depth = DEPTH_MONO;
    struct look look = theme->at[depth].looks[base];
    if (style & STYLE_SELECTED)
        look = depth == DEPTH_MONO ? selected_mono(look)
                                   : selected_look(&theme->at[depth], depth, base);
    if ((style & STYLE_REVERSE) && (depth == DEPTH_MONO || !is_alarming(base)))
        look.reverse = !look.reverse;
    return look;
}
