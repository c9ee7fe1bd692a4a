#include "bench/bench.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGES "3000000"
#define TOPICS "1000"
#define RATE "50000"
#define KEYS 60
#define WARM_UP 4000 /* ms */
#define SOON 3000    /* ms: a key that takes longer has failed */

/* A program on a terminal of its own, and what it has drawn lately. */
struct seat {
    pid_t child;
    int master;
    char drawn[1 << 16];
    size_t used;
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Reads until the text is drawn, or the time is over (NULL: in any case). */
static bool drawn(struct seat *seat, const char *text, double ms)
{
    double end = now_ms() + ms;
    for (double left = ms; left > 0; left = end - now_ms()) {
        struct pollfd fd = {.fd = seat->master, .events = POLLIN};
        if (poll(&fd, 1, (int)left + 1) <= 0)
            continue;
        if (seat->used > sizeof seat->drawn / 2)
            seat->used = 0;
        ssize_t got =
            read(seat->master, seat->drawn + seat->used, sizeof seat->drawn - 1 - seat->used);
        if (got <= 0)
            return false;
        seat->used += (size_t)got;
        if (text && memmem(seat->drawn, seat->used, text, strlen(text)))
            return true;
    }
    return !text;
}

static bool type(struct seat *seat, const char *key)
{
    seat->used = 0;
    return write(seat->master, key, strlen(key)) == (ssize_t)strlen(key);
}

/* A firehose in its own process; its port. */
static pid_t start_hose(const char *firehose, char port[16])
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(firehose, firehose, MESSAGES, TOPICS, RATE, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    ssize_t len = read(ends[0], port, 15);
    port[len > 0 ? len : 0] = '\0';
    port[strcspn(port, "\n")] = '\0';
    close(ends[0]);
    return child;
}

static bool sit_down(struct seat *seat, const char *dt_top, const char *port)
{
    struct winsize size = {.ws_col = 120, .ws_row = 40};
    seat->child = forkpty(&seat->master, NULL, NULL, &size);
    if (seat->child == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
        execl(dt_top, dt_top, "-h", "127.0.0.1", "-p", port, "-t", "#", (char *)NULL);
        _exit(127);
    }
    return seat->child > 0;
}

/* p pauses the view, which its bar says in words, and goes on. */
static int measure(struct seat *seat, double ms[KEYS])
{
    int count = 0;
    if (!drawn(seat, NULL, WARM_UP))
        return 0;
    for (; count < KEYS; count++) {
        /* Not in step with the frames. */
        if (!drawn(seat, NULL, 150 + count * 37 % 100) || !type(seat, "p"))
            break;
        double begin = now_ms();
        if (!drawn(seat, "PAUSED", SOON))
            break;
        ms[count] = now_ms() - begin;
        if (!drawn(seat, NULL, 50) || !type(seat, "p"))
            break;
    }
    return count;
}

void bench_keys(const char *dt_top, const char *firehose)
{
    static struct seat seat;
    char port[16] = "";
    double ms[KEYS];
    pid_t hose = start_hose(firehose, port);
    if (hose > 0 && sit_down(&seat, dt_top, port)) {
        int count = measure(&seat, ms);
        double median = count > 0 ? bench_median(ms, (size_t)count) : 0; /* sorts */
        if (count == KEYS)
            printf("(f) key to screen, " RATE
                   " messages a second %9.1f ms, at most %.1f    goal 50 "
                   "or less\n",
                   median, ms[KEYS - 1]);
        else
            printf("(f) key to screen: key %d was not shown\n", count);
        close(seat.master);
        kill(seat.child, SIGTERM);
        waitpid(seat.child, NULL, 0);
    }
    if (hose > 0) {
        kill(hose, SIGTERM);
        waitpid(hose, NULL, 0);
    }
}
