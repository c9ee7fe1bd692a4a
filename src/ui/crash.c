#include "ui/crash.h"

#include <assert.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STACK_BYTES 16384

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

/* Global, because a signal handler has no context of its own. */
static struct {
    atomic_bool armed;
    bool prepared;
    int fd;
    pid_t owner;
    char reset[CRASH_RESET];
    size_t len;
    struct termios modes;
} state;

/* Main stack overflows are handled on this one. */
static char handler_stack[STACK_BYTES];

static void write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, text, len);
        if (written <= 0)
            return;
        text += written;
        len -= (size_t)written;
    }
}

void crash_restore(void)
{
    /* A forked child that dies must not touch its parent's screen. */
    if (!atomic_exchange(&state.armed, false) || getpid() != state.owner)
        return;
    /* In the background, tcsetattr() would stop the process instead of doing its work. */
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stop, &before);
    /* What waits to be sent is a picture that nobody needs any more; where the terminal takes
     * nothing, what follows would wait behind it for ever. */
    tcflush(state.fd, TCOFLUSH);
    write_all(state.fd, state.reset, state.len);
    tcsetattr(state.fd, TCSANOW, &state.modes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void say_signal(int number)
{
    static const char before[] = "dt-top: crashed by signal ";
    static const char after[] = "; this is a bug in dt-top, please report it\n";
    char digits[3];
    size_t used = 0;
    if (number >= 10)
        digits[used++] = (char)('0' + number / 10 % 10);
    digits[used++] = (char)('0' + number % 10);
    write_all(STDERR_FILENO, before, sizeof before - 1);
    write_all(STDERR_FILENO, digits, used);
    write_all(STDERR_FILENO, after, sizeof after - 1);
}

static void on_fatal(int number)
{
    crash_restore();
    say_signal(number);
    /* SA_RESETHAND has put the default back: this ends the process once the handler returns. */
    raise(number);
}

static void prepare(void)
{
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK | SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof fatal_signals / sizeof fatal_signals[0]; i++)
        sigaction(fatal_signals[i], &action, NULL);
    /* An exit() that nobody planned leaves a usable terminal too. */
    atexit(crash_restore);
}

void crash_arm(int fd, const char *reset, size_t len, const struct termios *modes)
{
    assert(len <= sizeof state.reset);
    if (!state.prepared)
        prepare();
    state.prepared = true;
    state.fd = fd;
    state.owner = getpid();
    memcpy(state.reset, reset, len);
    state.len = len;
    state.modes = *modes;
    atomic_store(&state.armed, true);
}

void crash_disarm(void)
{
    atomic_store(&state.armed, false);
}
