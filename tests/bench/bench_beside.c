#include "bench/bench.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COLUMNS 80
#define ROWS 24
#define WARM_UP 5.0  /* seconds: start, first picture, what is learnt at first */
#define SECONDS 15.0 /* that are measured */
#define PROGRAMS 3
#define APART 0.008 /* seconds of silence between the writes of two frames */

/* A program on a terminal of its own. */
struct beside {
    const char *name;
    char *command[8];
    pid_t pid;
    int master; /* -1: it does not run */
    clockid_t clock;
    double cpu_from, cpu;         /* seconds */
    double bytes, frames, writes; /* since the warm-up; writes: when the last one was */
};

static double now(clockid_t clock)
{
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool is_installed(const char *name)
{
    char path[4096], *rest = path;
    const char *search = getenv("PATH");
    if (strchr(name, '/'))
        return access(name, X_OK) == 0;
    snprintf(path, sizeof(path), "%s", search ? search : "");
    for (char *folder; (folder = strsep(&rest, ":")) != NULL;) {
        char file[4200];
        snprintf(file, sizeof(file), "%s/%s", folder, name);
        if (access(file, X_OK) == 0)
            return true;
    }
    return false;
}

/* None of them sees or writes anybody's configuration. */
static void become(struct beside *beside, const char *home)
{
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("HOME", home, 1);
    setenv("XDG_CONFIG_HOME", home, 1);
    unsetenv("NO_COLOR");
    execvp(beside->command[0], beside->command);
    _exit(127);
}

static void start(struct beside *beside, const char *home)
{
    struct winsize size = {.ws_col = COLUMNS, .ws_row = ROWS};
    beside->master = -1;
    if (!is_installed(beside->command[0]))
        return;
    beside->pid = forkpty(&beside->master, NULL, NULL, &size);
    if (beside->pid == 0)
        become(beside, home);
    if (beside->pid > 0)
        fcntl(beside->master, F_SETFL, O_NONBLOCK);
    if (beside->pid > 0 && clock_getcpuclockid(beside->pid, &beside->clock) != 0)
        beside->clock = CLOCK_PROCESS_CPUTIME_ID;
}

/* Reads what the terminals get until a moment, and counts it. */
static void watch(struct beside *all, double until)
{
    static char bytes[65536];
    double left;
    while ((left = until - now(CLOCK_MONOTONIC)) > 0) {
        struct pollfd fds[PROGRAMS];
        for (int i = 0; i < PROGRAMS; i++)
            fds[i] = (struct pollfd){.fd = all[i].master, .events = POLLIN};
        poll(fds, PROGRAMS, (int)(left * 1000) + 1);
        for (int i = 0; i < PROGRAMS; i++) {
            ssize_t got = fds[i].revents ? read(all[i].master, bytes, sizeof(bytes)) : 0;
            double at = now(CLOCK_MONOTONIC);
            if (got > 0) {
                all[i].frames += at - all[i].writes > APART;
                all[i].writes = at;
                all[i].bytes += (double)got;
            } else if (fds[i].revents) {
                close(all[i].master); /* it has ended */
                all[i].master = -1;
            }
        }
    }
}

/* Resident memory in MB. */
static double memory(pid_t pid)
{
    char path[64], line[256];
    double kb = 0;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, "VmRSS:", 6) == 0)
            kb = strtod(line + 6, NULL);
    if (file)
        fclose(file);
    return kb / 1024;
}

static void tell(const struct beside *beside, double seconds)
{
    if (beside->master < 0) {
        printf("    %-32s not installed, or it ended\n", beside->name);
        return;
    }
    printf("    %-32s %5.2f %% CPU %6.0f bytes/s %5.1f frames/s %6.2f ms CPU a frame %6.1f MB\n",
           beside->name, 100 * beside->cpu / seconds, beside->bytes / seconds,
           beside->frames / seconds, beside->frames > 0 ? 1000 * beside->cpu / beside->frames : 0,
           memory(beside->pid));
}

static void end(struct beside *beside)
{
    if (beside->pid <= 0)
        return;
    /* The terminal is read on: a program that cannot write its last words does not end. */
    kill(beside->pid, SIGTERM);
    for (int i = 0; i < 200 && waitpid(beside->pid, NULL, WNOHANG) == 0; i++) {
        char bytes[4096];
        struct pollfd output = {.fd = beside->master, .events = POLLIN};
        if (poll(&output, 1, 20) > 0 && read(beside->master, bytes, sizeof(bytes)) <= 0)
            break;
        if (i == 199)
            kill(beside->pid, SIGKILL);
    }
    waitpid(beside->pid, NULL, 0);
    if (beside->master >= 0)
        close(beside->master);
}

static void run(struct beside *all, const char *home)
{
    for (int i = 0; i < PROGRAMS; i++)
        start(&all[i], home);
    watch(all, now(CLOCK_MONOTONIC) + WARM_UP);
    for (int i = 0; i < PROGRAMS; i++) {
        all[i].bytes = all[i].frames = 0;
        all[i].cpu_from = all[i].master >= 0 ? now(all[i].clock) : 0;
    }
    double from = now(CLOCK_MONOTONIC);
    watch(all, from + SECONDS);
    for (int i = 0; i < PROGRAMS; i++)
        if (all[i].master >= 0)
            all[i].cpu = now(all[i].clock) - all[i].cpu_from;
    double seconds = now(CLOCK_MONOTONIC) - from;
    printf("(e) beside others at %dx%d, %.0f s together; goal: below btop, 12 MB\n", COLUMNS, ROWS,
           seconds);
    for (int i = 0; i < PROGRAMS; i++)
        tell(&all[i], seconds);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void bench_beside(const char *dt_top)
{
    char *ours = strdup(dt_top), home[] = "/tmp/dt-top-bench-XXXXXX";
    char demo[] = "--demo", ten[] = "10", period[] = "--period", one[] = "1", seed[] = "--seed",
         htop[] = "htop", btop[] = "btop";
    struct beside all[PROGRAMS] = {
        {.name = "dt-top, 10 sensors at 1 Hz",
         .command = {ours, demo, ten, period, one, seed, one}},
        {.name = "htop", .command = {htop}},
        {.name = "btop", .command = {btop}},
    };
    if (mkdtemp(home)) {
        run(all, home);
        for (int i = 0; i < PROGRAMS; i++)
            end(&all[i]);
        nftw(home, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    }
    free(ours);
}
