#include "bench/bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGES "400000" /* a run */
#define PAIRS 5

/* Starts a program with its output on fd (-1: /dev/null). */
static pid_t start(char *const *command, int output)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    dup2(output >= 0 ? output : nothing, STDOUT_FILENO);
    execvp(command[0], command);
    fprintf(stderr, "bench: cannot run %s: %s\n", command[0], strerror(errno));
    _exit(127);
}

/* Starts a firehose and takes its port. */
static pid_t start_firehose(char *firehose, char port[16])
{
    char messages[] = MESSAGES;
    char *command[] = {firehose, messages, NULL};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pid_t child = start(command, ends[1]);
    close(ends[1]);
    ssize_t len = read(ends[0], port, 15);
    port[len > 0 ? len : 0] = '\0';
    port[strcspn(port, "\n")] = '\0';
    close(ends[0]);
    return child;
}

/* µs of CPU a message of one client, fed by a fresh firehose; negative when something failed. */
static double run(char *firehose, char *const *command, char port[16])
{
    int status = 0, hose_status = 0;
    struct rusage used;
    pid_t hose = start_firehose(firehose, port);
    pid_t client = start(command, -1);
    if (hose < 0 || client < 0 || wait4(client, &status, 0, &used) != client ||
        waitpid(hose, &hose_status, 0) != hose || status != 0 || hose_status != 0) {
        fprintf(stderr, "bench: %s ended with status %d, the firehose with %d\n", command[0],
                WEXITSTATUS(status), WEXITSTATUS(hose_status));
        return -1;
    }
    double seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                     (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    return seconds * 1e6 / strtod(MESSAGES, NULL);
}

void bench_processes(const char *dt_top, const char *firehose)
{
    char port[16];
    char *dt_top_copy = strdup(dt_top), *hose = strdup(firehose);
    char sub[] = "mosquitto_sub", batch[] = "--batch", host[] = "-h", local[] = "127.0.0.1",
         p[] = "-p", t[] = "-t", all[] = "#", c[] = "-C", count[] = MESSAGES;
    char *ours[] = {dt_top_copy, batch, host, local, p, port, t, all, c, count, NULL};
    char *theirs[] = {sub, host, local, p, port, t, all, c, count, NULL};
    double our[PAIRS], their[PAIRS], ratios[PAIRS];
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    int pairs = 0;
    for (; pairs < PAIRS; pairs++) {
        our[pairs] = run(hose, ours, port);
        their[pairs] = our[pairs] > 0 ? run(hose, theirs, port) : -1;
        if (their[pairs] <= 0)
            break;
        ratios[pairs] = our[pairs] / their[pairs];
    }
    free(dt_top_copy);
    free(hose);
    if (pairs < PAIRS)
        return;
    printf("(b) dt-top --batch, CPU                          %8.2f us a message\n",
           bench_median(our, PAIRS));
    printf("    mosquitto_sub, CPU                           %8.2f us a message\n",
           bench_median(their, PAIRS));
    printf("    ratio (median of %d pairs)                    %8.2f    goal 0.90 or less\n", PAIRS,
           bench_median(ratios, PAIRS));
}
