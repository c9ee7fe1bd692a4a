#include "config.h"

#include "core/nearest.h"
#include "core/text.h"
#include "core/xalloc.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sections come in any order, but a profile is applied over [dt-top]: the file is read once for
 * each. */
enum pass { PASS_BASE, PASS_PROFILE, PASS_MAPPINGS_ONLY };

struct reading_state {
    struct options *options;
    const char *path;
    enum pass pass;
    bool profile_found;
    struct nearest profile;
    char near_name[64];
    int line; /* of the first error; inih gives no line to a handler, so it is counted here */
    char section[256]; /* as it stands in the file */
    char *error;
    size_t size;
    FILE *file;
};

/* inih's reader, wrapped to know which line is being read. inih would take the rest of a line that
 * is too long for it as another one: of a comment it is dropped, of anything else it is an error.
 */
static char *next_line(char *line, int size, void *context)
{
    struct reading_state *state = context;
    if (!fgets(line, size, state->file))
        return NULL;
    state->line++;
    size_t len = strlen(line), blanks = strspn(line, " \t");
    if (line[blanks] == '[')
        snprintf(state->section, sizeof state->section, "%.*s",
                 (int)strcspn(line + blanks + 1, "]"), line + blanks + 1);
    if (len + 1 < (size_t)size || line[len - 1] == '\n')
        return line;
    for (int c = 0; c != EOF && c != '\n';)
        c = fgetc(state->file);
    if (!strchr(";#", line[blanks]) && !*state->error)
        snprintf(state->error, state->size, "%s:%d: longer than %d bytes", state->path, state->line,
                 size - 2);
    return line;
}

/* "mapping boiler": the name behind a section's first word, NULL if that is another. */
static const char *named(const char *section, const char *word)
{
    size_t len = strlen(word);
    return strncmp(section, word, len) == 0 && section[len] == ' ' && section[len + 1]
               ? section + len + 1
               : NULL;
}

/* A profile that is not asked for is still checked. */
static bool check_key(const char *name, const char *value, char *why, size_t size)
{
    struct options scratch;
    options_init(&scratch);
    bool good = options_set(&scratch, name, value, why, size);
    options_fini(&scratch);
    return good;
}

static bool take_profile_key(struct reading_state *state, const char *profile, const char *name,
                             const char *value, char *why, size_t size)
{
    if (state->pass == PASS_BASE)
        return check_key(name, value, why, size);
    if (!state->options->profile || strcmp(profile, state->options->profile) != 0) {
        if (state->profile.word) {
            const char *before = state->profile.best;
            nearest_try(&state->profile, profile);
            if (state->profile.best != before) { /* inih's text does not stay */
                snprintf(state->near_name, sizeof state->near_name, "%s", profile);
                state->profile.best = state->near_name;
            }
        }
        return true;
    }
    state->profile_found = true;
    return options_set(state->options, name, value, why, size);
}

/* inih cuts long names of sections off, and what is left of a pattern is another one. */
static bool take_limits_key(struct reading_state *state, const char *section, const char *name,
                            const char *value, char *why, size_t size)
{
    char pattern[sizeof state->section];
    if (state->pass == PASS_PROFILE)
        return true;
    if (strcmp(section, state->section) != 0) {
        snprintf(why, size,
                 "[%.40s...]: too long for the name of a section; give it a short name and the "
                 "pattern as series = PATTERN",
                 section);
        return false;
    }
    snprintf(pattern, sizeof pattern, "%s", named(section, "limits"));
    size_t len = strlen(pattern);
    bool quoted = len > 2 && pattern[0] == '"' && pattern[len - 1] == '"';
    if (quoted)
        pattern[len - 1] = '\0';
    return limit_rule_set(limit_rules_get(&state->options->limits, pattern + quoted), name, value,
                          why, size);
}

static bool take_key(struct reading_state *state, const char *section, const char *name,
                     const char *value, char *why, size_t size)
{
    const char *mapping = named(section, "mapping"), *profile = named(section, "profile");
    bool mappings_only = state->pass == PASS_MAPPINGS_ONLY;
    if (named(section, "limits") && !mappings_only)
        return take_limits_key(state, section, name, value, why, size);
    if (mapping)
        return state->pass == PASS_PROFILE ||
               mapping_set(mappings_get(&state->options->mappings, mapping), name, value, why,
                           size);
    if (profile && !mappings_only)
        return take_profile_key(state, profile, name, value, why, size);
    if (mappings_only) {
        snprintf(why, size, "only sections [mapping NAME] belong in a file of mappings");
        return false;
    }
    if (!*section || strcmp(section, "dt-top") == 0)
        return state->pass != PASS_BASE || options_set(state->options, name, value, why, size);

    char first[64];
    struct nearest nearest = {.word = first};
    snprintf(first, sizeof first, "%.*s", (int)strcspn(section, " "), section);
    nearest_try(&nearest, "dt-top");
    nearest_try(&nearest, "limits");
    nearest_try(&nearest, "mapping");
    nearest_try(&nearest, "profile");
    snprintf(why, size, "unknown section [%.80s]", section);
    nearest_say(&nearest, why, size);
    return false;
}

static bool is_secret(const char *name, const char *value)
{
    if (strcmp(name, "url") == 0) {
        const char *scheme = strstr(value, "://"), *at = strrchr(value, '@');
        const char *colon = strchr(scheme ? scheme + 3 : value, ':');
        return at && colon && colon < at;
    }
    bool asked_for = strcmp(value, "-") == 0; /* at the terminal */
    return (strcmp(name, "pw") == 0 && !asked_for) || strcmp(name, "psk") == 0;
}

/* A file with a secret in it is for its owner's eyes, as a password file is. */
static bool check_secret(struct reading_state *state, const char *section, const char *name,
                         const char *value, char *why, size_t size)
{
    struct stat found;
    if (named(section, "mapping") || !is_secret(name, value) ||
        fstat(fileno(state->file), &found) != 0 || !S_ISREG(found.st_mode) ||
        !(found.st_mode & (S_IRWXG | S_IRWXO)))
        return true;
    snprintf(why, size, "others may read this file (mode %04o), and '%s' is a secret; chmod 600 %s",
             (unsigned)found.st_mode & 07777u, name, state->path);
    return false;
}

static int on_key(void *context, const char *section, const char *name, const char *value)
{
    struct reading_state *state = context;
    char why[320];
    snprintf(state->options->source, sizeof state->options->source, "%s:%d", state->path,
             state->line);
    value = value ? value : "";
    if (check_secret(state, section, name, value, why, sizeof why) &&
        take_key(state, section, name, value, why, sizeof why))
        return 1;
    char raw[512];
    int length = snprintf(raw, sizeof raw, "%s:%d: %s", state->path, state->line, why);
    if (!*state->error)
        text_sanitise(state->error, state->size, raw,
                      length < (int)sizeof raw ? (size_t)length : sizeof raw - 1, UINT_MAX);
    return 0;
}

static bool read_pass(struct reading_state *state, enum pass pass)
{
    state->pass = pass;
    state->line = 0;
    state->options->layer = pass == PASS_PROFILE ? LAYER_PROFILE : LAYER_FILE;
    rewind(state->file);
    int bad = ini_parse_stream(next_line, state, on_key, state);
    if (bad && !*state->error)
        snprintf(state->error, state->size, "%s:%d: not a line of the form key = value",
                 state->path, bad);
    if (ferror(state->file) && !*state->error)
        snprintf(state->error, state->size, "%s: cannot be read: %s", state->path, strerror(errno));
    return !*state->error;
}

static bool check_profile(struct reading_state *state)
{
    if (!state->options->profile || state->profile_found)
        return true;
    snprintf(state->error, state->size, "%s: no section [profile %.60s]", state->path,
             state->options->profile);
    nearest_say(&state->profile, state->error, state->size);
    return false;
}

static bool check_mappings(const struct reading_state *state)
{
    char why[160];
    const struct mappings *mappings = &state->options->mappings;
    for (size_t i = 0; i < mappings->count; i++) {
        if (!mapping_complete(mappings->list[i], why, sizeof why)) {
            snprintf(state->error, state->size, "%s: %s", state->path, why);
            return false;
        }
    }
    return true;
}

static bool check_limits(const struct reading_state *state)
{
    char why[320];
    const struct limit_rules *rules = &state->options->limits;
    for (size_t i = 0; i < rules->count; i++) {
        if (!limit_rule_complete(rules->list[i], why, sizeof why)) {
            snprintf(state->error, state->size, "%s: %s", state->path, why);
            return false;
        }
    }
    return true;
}

static bool load(struct options *options, const char *path, bool required, bool mappings_only,
                 char *error, size_t size)
{
    struct reading_state state = {.options = options,
                                  .path = path,
                                  .profile = {.word = options->profile},
                                  .error = error,
                                  .size = size,
                                  .file = fopen(path, "re")};
    if (!state.file) {
        if (!required && !options->profile && (errno == ENOENT || errno == ENOTDIR))
            return true;
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return false;
    }
    *error = '\0';
    bool good = mappings_only ? read_pass(&state, PASS_MAPPINGS_ONLY)
                              : read_pass(&state, PASS_BASE) && read_pass(&state, PASS_PROFILE) &&
                                    check_profile(&state);
    fclose(state.file);
    return good && check_mappings(&state) && check_limits(&state);
}

bool config_path(const struct options *options, char *out, size_t size)
{
    const char *base = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    if (options->config)
        snprintf(out, size, "%s", options->config);
    else if (base && *base)
        snprintf(out, size, "%s/dt-top/config.ini", base);
    else if (home && *home)
        snprintf(out, size, "%s/.config/dt-top/config.ini", home);
    else
        return false;
    return true;
}

bool config_load(struct options *options, char *error, size_t size)
{
    char path[PATH_MAX];
    if (!config_path(options, path, sizeof path))
        return true;
    return load(options, path, options->config != NULL, false, error, size);
}

/* Installed, or in the tree that the program was built in. */
static bool find_mapping(const char *name, char *path, size_t size)
{
    char program[PATH_MAX];
    snprintf(path, size, "%s/mappings/%s.ini", DT_DATADIR, name);
    if (access(path, R_OK) == 0)
        return true;
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    program[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    int used = snprintf(path, size, "%s/../data/mappings/%s.ini", program, name);
    return used > 0 && (size_t)used < size && access(path, R_OK) == 0;
}

bool config_load_mappings(struct options *options, char *error, size_t size)
{
    for (int i = 0; i < options->mapping_file_count; i++) {
        char path[PATH_MAX];
        const char *named_file = options->mapping_files[i];
        bool shipped = !strpbrk(named_file, "/.");
        if (shipped && !find_mapping(named_file, path, sizeof path)) {
            snprintf(
                error, size,
                "no mapping '%s' in %s/mappings: give the path of a file, or `make install` first",
                named_file, DT_DATADIR);
            return false;
        }
        if (!load(options, shipped ? path : named_file, true, true, error, size))
            return false;
    }
    return true;
}

void config_environment(struct options *options)
{
    char ignored[64];
    char *password = getenv("DT_TOP_PASSWORD");
    options->layer = LAYER_ENVIRONMENT;
    if (password) {
        snprintf(options->source, sizeof options->source, "environment, DT_TOP_PASSWORD");
        options_set(options, "pw", password, ignored, sizeof ignored);
        /* Neither `ps e` nor a child needs to see it. */
        explicit_bzero(password, strlen(password));
    }
    const char *no_color = getenv("NO_COLOR");
    if (no_color && *no_color) {
        snprintf(options->source, sizeof options->source, "environment, NO_COLOR");
        options_set(options, "no-color", "yes", ignored, sizeof ignored);
    }
}
