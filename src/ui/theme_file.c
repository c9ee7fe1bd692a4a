#include "ui/theme_file.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "core/text.h"
#include "core/xalloc.h"

#define FIRST "dark" /* what every theme begins with */
#define MONO "mono"  /* where [mono] of every theme comes from */

/* Made from data/themes when the program is built. */
extern const struct theme_text {
    const char *name, *text;
} theme_texts[];

struct reading {
    struct theme *theme;
    const char *path;
    FILE *file;
    int line; /* inih gives no line to a handler, so it is counted here */
    bool begun;
    char *error;
    size_t size;
};

static char *next_line(char *line, int size, void *context)
{
    struct reading *reading = context;
    reading->line++;
    return fgets(line, size, reading->file);
}

static bool load_built_in(struct theme *theme, const char *name, char *error, size_t size);

static bool set_key(struct reading *reading, const char *name, const char *value, char *why,
                    size_t size)
{
    struct nearest nearest = {.word = name};
    if (strcmp(name, "base") == 0 && !reading->begun) {
        char kept[sizeof reading->theme->name];
        memcpy(kept, reading->theme->name, sizeof kept);
        bool good = load_built_in(reading->theme, value, why, size);
        memcpy(reading->theme->name, kept, sizeof kept);
        return good;
    }
    if (strcmp(name, "base") == 0) {
        snprintf(why, size, "'base' must come first");
        return false;
    }
    if (strcmp(name, "colours") == 0) {
        reading->theme->colours = strcmp(value, "no") != 0;
        snprintf(why, size, "colours = %s: expected yes or no", value);
        return !reading->theme->colours || strcmp(value, "yes") == 0;
    }
    nearest_try(&nearest, "base");
    nearest_try(&nearest, "colours");
    snprintf(why, size, "unknown key '%s'", name);
    nearest_say(&nearest, why, size);
    return false;
}

static bool take_key(struct reading *reading, const char *section, const char *name,
                     const char *value, char *why, size_t size)
{
    static const char *const sections[DEPTHS] = {
        [DEPTH_MONO] = "mono", [DEPTH_8] = "8", [DEPTH_16] = "16", [DEPTH_256] = "256"};
    if (!*section)
        return set_key(reading, name, value, why, size);
    for (int depth = 0; depth < DEPTHS; depth++)
        if (strcmp(section, sections[depth]) == 0)
            return theme_set(reading->theme, (enum depth)depth, name, value, why, size);
    snprintf(why, size, "unknown section [%.40s], expected [256], [16], [8] or [mono]", section);
    return false;
}

static int on_key(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    char why[200], raw[400];
    bool good = take_key(reading, section, name, value ? value : "", why, sizeof why);
    reading->begun = true;
    if (good || *reading->error)
        return 1;
    snprintf(raw, sizeof raw, "%s:%d: %s", reading->path, reading->line, why);
    text_sanitise(reading->error, reading->size, raw, strlen(raw), UINT_MAX);
    return 0;
}

/* Closes the file. */
static bool read_file(struct theme *theme, FILE *file, const char *path, char *error, size_t size)
{
    struct reading reading = {
        .theme = theme, .path = path, .file = file, .error = error, .size = size};
    *error = '\0';
    int bad = ini_parse_stream(next_line, &reading, on_key, &reading);
    if (ferror(file) && !*error)
        snprintf(error, size, "%s: cannot be read: %s", path, strerror(errno));
    else if (bad && !*error)
        snprintf(error, size, "%s:%d: not a line of the form style = colours", path, bad);
    fclose(file);
    return !*error;
}

static bool read_text(struct theme *theme, const char *name, char *error, size_t size)
{
    for (const struct theme_text *text = theme_texts; text->name; text++) {
        if (strcmp(text->name, name) != 0)
            continue;
        char *copy = xstrdup(text->text); /* it wants bytes that may be written */
        FILE *file = fmemopen(copy, strlen(copy), "r");
        bool good = file && read_file(theme, file, name, error, size);
        free(copy);
        if (file)
            return good;
        snprintf(error, size, "theme %s: %s", name, strerror(errno));
        return false;
    }
    snprintf(error, size, "unknown theme '%s'", name);
    return false;
}

static bool begin(struct theme *theme, const char *name, char *error, size_t size)
{
    theme_init(theme, name);
    bool good = read_text(theme, MONO, error, size) && read_text(theme, FIRST, error, size);
    theme->colours = true;
    return good;
}

static bool say_unknown(const char *name, char *error, size_t size)
{
    struct nearest nearest = {.word = name};
    snprintf(error, size, "unknown theme '%s'", name);
    for (const struct theme_text *text = theme_texts; text->name; text++)
        nearest_try(&nearest, text->name);
    nearest_say(&nearest, error, size);
    for (const struct theme_text *text = theme_texts; text->name; text++) {
        size_t len = strlen(error);
        snprintf(error + len, size - len, "%s%s", text == theme_texts ? "; there are " : ", ",
                 text->name);
    }
    return false;
}

static bool is_built_in(const char *name)
{
    for (const struct theme_text *text = theme_texts; text->name; text++)
        if (strcmp(text->name, name) == 0)
            return true;
    return false;
}

static bool load_built_in(struct theme *theme, const char *name, char *error, size_t size)
{
    if (!is_built_in(name))
        return say_unknown(name, error, size);
    return begin(theme, name, error, size) &&
           (strcmp(name, FIRST) == 0 || read_text(theme, name, error, size));
}

/* In the folder of the user, then in that of the program. */
static FILE *open_named(const char *name, char *path, size_t size)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    FILE *file = NULL;
    if (base && *base)
        snprintf(path, size, "%s/dt-top/themes/%s.ini", base, name);
    else
        snprintf(path, size, "%s/.config/dt-top/themes/%s.ini", home ? home : "", name);
    file = fopen(path, "re");
    if (file)
        return file;
    snprintf(path, size, "%s/themes/%s.ini", DT_DATADIR, name);
    return fopen(path, "re");
}

bool theme_load(struct theme *theme, const char *what, char *error, size_t size)
{
    char path[PATH_MAX];
    if (!what || !*what)
        what = FIRST;
    bool named = !strpbrk(what, "/.");
    if (named && is_built_in(what))
        return load_built_in(theme, what, error, size);
    snprintf(path, sizeof path, "%s", what);
    FILE *file = named ? open_named(what, path, sizeof path) : fopen(path, "re");
    if (!file && named)
        return say_unknown(what, error, size);
    if (!file) {
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return false;
    }
    if (!begin(theme, what, error, size)) {
        fclose(file);
        return false;
    }
    return read_file(theme, file, path, error, size);
}

const char *theme_name(size_t i)
{
    size_t count = 0;
    while (theme_texts[count].name)
        count++;
    return i < count ? theme_texts[i].name : NULL;
}
