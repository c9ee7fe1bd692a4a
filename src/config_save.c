#include "config_save.h"

#include "core/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTION "[dt-top]"

struct saving {
    const struct config_entry *entries;
    size_t count;
    bool *written;
    FILE *out;
    bool inside;  /* [dt-top], or what stands before any section */
    bool headed;  /* its heading has been seen */
    size_t blank; /* lines kept back: they may belong to the next section */
};

static void flush_blanks(struct saving *saving)
{
    for (; saving->blank > 0; saving->blank--)
        fputc('\n', saving->out);
}

/* At the end of the section: what it does not have yet. */
static void add_missing(struct saving *saving)
{
    for (size_t i = 0; i < saving->count; i++)
        if (!saving->written[i])
            fprintf(saving->out, "%s = %s\n", saving->entries[i].key, saving->entries[i].value);
    memset(saving->written, true, saving->count);
}

/* The entry whose key this line sets; count if none. */
static size_t entry_of(const struct saving *saving, const char *line)
{
    line += strspn(line, " \t");
    size_t len = strcspn(line, " \t=:\r\n"), i = 0;
    const char *after = line + len + strspn(line + len, " \t");
    if (*after != '=' && *after != ':')
        return saving->count;
    while (i < saving->count && (strlen(saving->entries[i].key) != len ||
                                 strncmp(line, saving->entries[i].key, len) != 0))
        i++;
    return i;
}

static void put_line(struct saving *saving, const char *line)
{
    fputs(line, saving->out);
    if (line[strlen(line) - 1] != '\n')
        fputc('\n', saving->out);
}

static void take_section(struct saving *saving, const char *line)
{
    bool ours = strncmp(line, SECTION, sizeof SECTION - 1) == 0;
    if (saving->inside && saving->headed && !ours)
        add_missing(saving);
    saving->inside = ours;
    saving->headed = saving->headed || ours;
    flush_blanks(saving);
    put_line(saving, line);
}

static void take_line(struct saving *saving, const char *line)
{
    const char *text = line + strspn(line, " \t");
    if (*text == '[') {
        take_section(saving, text);
        return;
    }
    if (*text == '\n' && saving->inside) {
        saving->blank++;
        return;
    }
    flush_blanks(saving);
    size_t i = saving->inside ? entry_of(saving, line) : saving->count;
    if (i == saving->count) {
        put_line(saving, line);
        return;
    }
    const char *comment = strstr(line, " ;");
    size_t len = comment ? strcspn(comment, "\n") : 0;
    fprintf(saving->out, "%s = %s%.*s\n", saving->entries[i].key, saving->entries[i].value,
            (int)len, comment ? comment : "");
    saving->written[i] = true;
}

static void rewrite(struct saving *saving, FILE *in)
{
    char *line = NULL;
    size_t room = 0;
    saving->inside = true;
    while (in && getline(&line, &room, in) > 0)
        take_line(saving, line);
    free(line);
    bool missing = false;
    for (size_t i = 0; i < saving->count; i++)
        missing = missing || !saving->written[i];
    if (missing && !(saving->inside && saving->headed)) {
        flush_blanks(saving);
        if (!saving->headed)
            fprintf(saving->out, "%s" SECTION "\n", ftell(saving->out) > 0 ? "\n" : "");
    }
    add_missing(saving);
    flush_blanks(saving);
}

/* All folders above the file. */
static void make_folders(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *at = strchr(folder + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(folder, 0777);
        *at = '/';
    }
}

static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* Owner and mode of the file that was; nobody reads the new one who could not read that. */
static bool keep_access(int fd, FILE *in)
{
    struct stat old;
    mode_t mask = umask(0);
    umask(mask);
    if (!in || fstat(fileno(in), &old) != 0)
        return fchmod(fd, 0666 & ~mask) == 0;
    bool kept = fchown(fd, old.st_uid, old.st_gid) == 0;
    return fchmod(fd, old.st_mode & (kept ? 07777 : 0700)) == 0;
}

/* Writes the new file beside the old one; its name is in place. */
static bool write_beside(struct saving *saving, const char *path, FILE *in, char *beside,
                         size_t size)
{
    snprintf(beside, size, "%s.XXXXXX", path);
    int fd = mkstemp(beside);
    saving->out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!saving->out)
        return false;
    bool good = keep_access(fd, in);
    rewrite(saving, in);
    good = good && !(in && ferror(in));
    good = fflush(saving->out) == 0 && good && fsync(fd) == 0 && !ferror(saving->out);
    return fclose(saving->out) == 0 && good;
}

bool config_save(const char *path, const struct config_entry *entries, size_t count, char *error,
                 size_t size)
{
    char real[PATH_MAX], beside[PATH_MAX + 8] = "";
    struct saving saving = {.entries = entries, .count = count};
    make_folders(path);
    /* A link to the file stays one. */
    if (!realpath(path, real))
        snprintf(real, sizeof real, "%s", path);
    FILE *in = fopen(real, "re");
    bool good = in || errno == ENOENT;
    saving.written = xcalloc(count + 1, sizeof *saving.written);
    good =
        good && write_beside(&saving, real, in, beside, sizeof beside) && rename(beside, real) == 0;
    if (good)
        sync_folder(real);
    else {
        snprintf(error, size, "%s: %s", path, strerror(errno));
        if (*beside)
            unlink(beside);
    }
    if (in)
        fclose(in);
    free(saving.written);
    return good;
}
