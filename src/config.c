#include "config.h"

#include "core/text.h"
#include "core/xalloc.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading_state {
    struct options *options;
    const char *path;
    int line; /* of the first error; inih gives no line to a handler, so it is counted here */
    char *error;
    size_t size;
    FILE *file;
};

/* inih's reader, wrapped to know which line is being read. */
static char *next_line(char *line, int size, void *context)
{
    struct reading_state *state = context;
    char *got = fgets(line, size, state->file);
    if (got)
        state->line++;
    return got;
}

static int on_key(void *context, const char *section, const char *name, const char *value)
{
    struct reading_state *state = context;
    char why[256];
    if (*section && strcmp(section, "dt-top") != 0)
        snprintf(why, sizeof why, "unknown section [%.80s]", section);
    else if (options_set(state->options, name, value ? value : "", why, sizeof why))
        return 1;
    char raw[512];
    int length = snprintf(raw, sizeof raw, "%s:%d: %s", state->path, state->line, why);
    if (!*state->error)
        text_sanitise(state->error, state->size, raw,
                      length < (int)sizeof raw ? (size_t)length : sizeof raw - 1, UINT_MAX);
    return 0;
}

static bool load(struct options *options, const char *path, bool required, char *error, size_t size)
{
    struct reading_state state = {
        .options = options, .path = path, .error = error, .size = size, .file = fopen(path, "re")};
    if (!state.file) {
        if (!required && (errno == ENOENT || errno == ENOTDIR))
            return true;
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return false;
    }
    *error = '\0';
    int bad = ini_parse_stream(next_line, &state, on_key, &state);
    fclose(state.file);
    if (bad && !*error)
        snprintf(error, size, "%s:%d: not a line of the form key = value", path, bad);
    return !bad;
}

bool config_load(struct options *options, char *error, size_t size)
{
    if (options->config)
        return load(options, options->config, true, error, size);
    const char *base = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    char path[PATH_MAX];
    if (base && *base)
        snprintf(path, sizeof path, "%s/dt-top/config.ini", base);
    else if (home && *home)
        snprintf(path, sizeof path, "%s/.config/dt-top/config.ini", home);
    else
        return true;
    return load(options, path, false, error, size);
}

void config_environment(struct options *options)
{
    char ignored[64];
    char *password = getenv("DT_TOP_PASSWORD");
    if (password) {
        options_set(options, "pw", password, ignored, sizeof ignored);
        /* Neither `ps e` nor a child needs to see it. */
        explicit_bzero(password, strlen(password));
    }
    const char *no_color = getenv("NO_COLOR");
    if (no_color && *no_color)
        options->no_color = true;
}
