#include "hostile/program.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.h"
#include "core/xalloc.h"

#define MAX_ARGUMENTS 30

void program_start(struct program *program, const char *locale, const char *const *arguments)
{
    const char *argv[MAX_ARGUMENTS + 3] = {getenv("DT_TOP"), "--batch"};
    MUST(argv[0] != NULL, "DT_TOP names no program");
    for (int i = 0; arguments[i]; i++) {
        ck_assert_int_lt(i, MAX_ARGUMENTS);
        argv[i + 2] = arguments[i];
    }
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    program->output = dup(fileno(file));
    fclose(file);
    program->pid = fork();
    ck_assert_int_ge(program->pid, 0);
    if (program->pid > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("LC_ALL", locale, 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    dup2(program->output, STDOUT_FILENO);
    execv(argv[0], (char *const *)(void *)argv);
    _exit(127);
}

static bool has_ended(void *context)
{
    struct program *program = context;
    int status;
    if (waitpid(program->pid, &status, WNOHANG) != program->pid)
        return false;
    program->pid = 0;
    MUST(WIFEXITED(status) && WEXITSTATUS(status) == 0, "dt-top ended with status %x",
         (unsigned)status);
    return true;
}

void program_end(struct program *program, bool ask)
{
    if (ask)
        kill(program->pid, SIGTERM);
    MUST(wait_for(has_ended, program, 20), "dt-top does not end");
}

char *program_output(const struct program *program, size_t *len)
{
    struct stat status;
    ck_assert_int_eq(fstat(program->output, &status), 0);
    char *text = xmalloc((size_t)status.st_size + 1);
    ssize_t got = pread(program->output, text, (size_t)status.st_size, 0);
    ck_assert_int_ge(got, 0);
    *len = (size_t)got;
    text[*len] = '\0';
    return text;
}

bool program_said(const struct program *program, const char *text)
{
    size_t len;
    char *output = program_output(program, &len);
    bool said = strstr(output, text) != NULL;
    free(output);
    return said;
}

void program_close(struct program *program)
{
    close(program->output);
}

size_t resident(pid_t pid)
{
    char name[64];
    long total = 0, pages = 0;
    snprintf(name, sizeof name, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(name, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%ld %ld", &total, &pages), 2);
    fclose(file);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

static bool turns_text(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0x200E || code == 0x200F || code == 0x061C;
}

void assert_harmless(const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        uint32_t code = 0;
        size_t size = text_decode(text + at, len - at, &code);
        size_t from = at > 30 ? at - 30 : 0;
        MUST(size > 0, "no UTF-8 behind '%.*s'", (int)(at - from), text + from);
        bool control = (code < 0x20 && code != '\n') || (code >= 0x7F && code < 0xA0);
        MUST(!control && !turns_text(code), "U+%04X behind '%.*s'", (unsigned)code,
             (int)(at - from), text + from);
        at += size;
    }
}

void bystander(struct publisher *publisher, int value)
{
    char payload[100];
    snprintf(payload, sizeof payload,
             "{\"sensor_id\":\"BYSTANDER\",\"value\":%d,\"unit\":\"Celsius\"}", value);
    publish(publisher, BYSTANDER_TOPIC, payload, false);
}
