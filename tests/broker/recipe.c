#include "broker/recipe.h"

#include <check.h>
#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/support.h"

#define INDENT 4 /* of what is to be typed, or to stand in a file */
#define SWAPS 16
#define TEXTS 64
#define DEADLINE 10 /* seconds */

struct swap {
    char from[64], to[192];
};

/* dt-top at work; what it says goes to files, which may be read while it runs. */
struct trial {
    pid_t pid;
    const char *wanted, *file;
    char heard[16384];
};

static char home[32];
static struct swap swaps[SWAPS];
static unsigned swap_count;
static char *texts[TEXTS];
static unsigned text_count;

static char *keep(char *text)
{
    ck_assert_uint_lt(text_count, TEXTS);
    return texts[text_count++] = text;
}

static void path_of(const char *name, char out[128])
{
    ck_assert_int_lt(snprintf(out, 128, "%s/%s", home, name), 128);
}

void recipe_write(const char *name, const char *text)
{
    char path[128];

    path_of(name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* The shell finds our program under the name that the document has for it. */
void recipe_open(void)
{
    char path[128];

    ck_assert_ptr_nonnull(getenv("DT_TOP"));
    snprintf(home, sizeof(home), "/tmp/dt-recipe-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    path_of("dt-top", path);
    ck_assert_int_eq(symlink(getenv("DT_TOP"), path), 0);
    swap_count = 0;
}

const char *recipe_home(void)
{
    return home;
}

/* In the child, which never returns. */
static void become(const char *command)
{
    char path[1024], cas[128], none[128];

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(path, sizeof(path), "%s:%s", home, getenv("PATH"));
    path_of("system.pem", cas);
    path_of("none", none);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("DT_TOP_PASSWORD");
    setenv("PATH", path, 1);
    setenv("HOME", home, 1);
    setenv("SSL_CERT_FILE", cas, 1);
    setenv("SSL_CERT_DIR", none, 1);
    if (chdir(home) == 0)
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static int run(const char *command)
{
    int status;
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid == 0)
        become(command);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

void recipe_run(const char *command)
{
    char quiet[2048];

    snprintf(quiet, sizeof(quiet), "exec >run.log 2>&1\n%s", command);
    int status = run(quiet);
    ck_assert_msg(status == 0, "ended with %#x: %s", (unsigned)status, command);
}

void recipe_close(void)
{
    char command[64];

    snprintf(command, sizeof(command), "rm -rf %s", home);
    ck_assert_int_eq(run(command), 0);
    while (text_count > 0)
        free(texts[--text_count]);
}

void recipe_swap(const char *from, const char *format, ...)
{
    va_list args;

    ck_assert_uint_lt(swap_count, SWAPS);
    struct swap *swap = &swaps[swap_count++];
    snprintf(swap->from, sizeof(swap->from), "%s", from);
    va_start(args, format);
    ck_assert_int_lt(vsnprintf(swap->to, sizeof(swap->to), format, args), (int)sizeof(swap->to));
    va_end(args);
}

/* Frees text. */
static char *replace(char *text, const char *from, const char *to)
{
    size_t size = strlen(text) + 1, gain = strlen(to) + 1;
    char *out = calloc(size * gain, 1), *end = out;
    const char *at = text, *found;

    while ((found = strstr(at, from))) {
        memcpy(end, at, (size_t)(found - at));
        end += found - at;
        memcpy(end, to, gain);
        end += gain - 1;
        at = found + strlen(from);
    }
    memcpy(end, at, strlen(at) + 1);
    free(text);
    return out;
}

static char *fill_in(char *text)
{
    for (unsigned i = 0; i < swap_count; i++)
        text = replace(text, swaps[i].from, swaps[i].to);
    return text;
}

const char *recipe_change(const char *command, const char *from, const char *to)
{
    ck_assert_msg(strstr(command, from) != NULL, "%s is not part of %s", from, command);
    return keep(replace(strdup(command), from, to));
}

static FILE *open_document(void)
{
    char path[1024];

    ck_assert_ptr_nonnull(getenv("DT_SOURCE"));
    snprintf(path, sizeof(path), "%s/doc/recipes.md", getenv("DT_SOURCE"));
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    return file;
}

/* The next line of the section that is to be typed or written, without its indent; an empty line
 * stands for a break. */
static bool next_line(FILE *document, const char *title, bool *inside, char *line, size_t size)
{
    while (fgets(line, (int)size, document)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "## ", 3) == 0)
            *inside = *title == '\0' || strcmp(line + 3, title) == 0;
        if (!*inside)
            continue;
        if (strncmp(line, "    ", INDENT) == 0)
            memmove(line, line + INDENT, strlen(line + INDENT) + 1);
        else
            *line = '\0';
        return true;
    }
    return false;
}

/* Lines from one that begins so on: to the end of the block, or of the command. */
static char *find(const char *title, const char *begin, unsigned which, bool command)
{
    FILE *document = open_document();
    char line[256], text[2048] = "";
    bool inside = false, taking = false;

    while (next_line(document, title, &inside, line, sizeof(line))) {
        if (taking && *line == '\0')
            break;
        taking = taking || (strncmp(line, begin, strlen(begin)) == 0 && which-- == 0);
        if (!taking)
            continue;
        bool more = *line && line[strlen(line) - 1] == '\\';
        ck_assert_uint_lt(strlen(text) + strlen(line) + 2, sizeof(text));
        strncat(text, line, sizeof(text) - strlen(text) - 1);
        strncat(text, command && !more ? "" : "\n", sizeof(text) - strlen(text) - 1);
        if (command && !more)
            break;
    }
    fclose(document);
    return *text ? strdup(text) : NULL;
}

unsigned recipe_count(const char *title)
{
    unsigned count = 0;
    char *command;

    while ((command = find(title, "dt-top ", count, true))) {
        free(command);
        count++;
    }
    return count;
}

const char *recipe_block(const char *title, const char *begin)
{
    char *block = find(title, begin, 0, false);

    ck_assert_msg(block != NULL, "recipes.md has no block %s in \"%s\"", begin, title);
    return keep(fill_in(block));
}

/* Nothing that the reader is to fill in is left; two words of topics are in capitals as well. */
static void check_filled(const char *command)
{
    char *rest = replace(replace(strdup(command), "$SYS", ""), "/PATCH/", "");
    unsigned capitals = 0;

    for (const char *at = rest; *at; at++) {
        capitals = isupper((unsigned char)*at) ? capitals + 1 : 0;
        ck_assert_msg(capitals < 3, "not filled in: %s", command);
    }
    free(rest);
}

const char *recipe_command(const char *title, unsigned which)
{
    char *command = find(title, "dt-top ", which, true);

    ck_assert_msg(command != NULL, "recipes.md has no command %u in \"%s\"", which, title);
    command = fill_in(command);
    check_filled(command);
    return keep(command);
}

static bool heard(void *context)
{
    struct trial *trial = context;
    char path[128];

    path_of(trial->file, path);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    trial->heard[fread(trial->heard, 1, sizeof(trial->heard) - 1, file)] = '\0';
    fclose(file);
    return strstr(trial->heard, trial->wanted) != NULL;
}

static void start(struct trial *trial, const char *command)
{
    char line[2048];

    ck_assert_int_lt(snprintf(line, sizeof(line),
                              "exec env %s --batch --format jsonl --only reading >out 2>err",
                              command),
                     (int)sizeof(line));
    trial->pid = fork();
    ck_assert_int_ge(trial->pid, 0);
    if (trial->pid == 0)
        become(line);
}

static void stop(struct trial *trial)
{
    kill(trial->pid, SIGINT);
    ck_assert_int_eq(waitpid(trial->pid, NULL, 0), trial->pid);
}

static bool hear(struct trial *trial, const char *file, const char *wanted, double seconds)
{
    trial->file = file;
    trial->wanted = wanted;
    return wait_for(heard, trial, seconds);
}

static void expect(const char *command, const char *file, const char *words, struct trial *trial)
{
    recipe_write("out", "");
    recipe_write("err", "");
    start(trial, command);
    bool met = hear(trial, file, words, DEADLINE);
    stop(trial);
    if (!met)
        hear(trial, "err", "", 0);
    ck_assert_msg(met, "%s\ndoes not say \"%s\", but:\n%s", command, words, trial->heard);
}

void recipe_expect(const char *command, const char *text)
{
    struct trial trial;

    expect(command, "out", text, &trial);
}

void recipe_expect_said(const char *words)
{
    struct trial trial;

    ck_assert_msg(hear(&trial, "err", words, 0), "does not say \"%s\", but:\n%s", words,
                  trial.heard);
}

void recipe_expect_trouble(const char *command, const char *words)
{
    struct trial trial;

    expect(command, "err", words, &trial);
    hear(&trial, "out", "", 0);
    ck_assert_msg(!strstr(trial.heard, "\"value\""), "%s\nreads all the same: %s", command,
                  trial.heard);
}
