#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

#define FORCE_MS 100 /* for the handler that runs when time is up */

static const int endings[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM};
static const int of_a_screen[] = {SIGWINCH, SIGTSTP, SIGCONT};

static int ends[2] = {-1, -1};
static void (*when_overdue)(void);
static volatile sig_atomic_t asked; /* to end, and the clock runs */

static void send_byte(unsigned char byte)
{
    int saved = errno;
    /* A full pipe already wakes the reader. */
    ssize_t ignored = write(ends[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

static void on_signal(int number)
{
    send_byte((unsigned char)number);
}

/* setitimer() is not on the list of what a handler may call, but it is alarm(), which is, for less
 * than a second: a bare system call. */
static void set_timer(int ms)
{
    struct itimerval timer = {.it_value.tv_usec = ms * 1000,
                              .it_interval.tv_usec = FORCE_MS * 1000};
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void on_ending(int number)
{
    if (when_overdue && !asked) {
        asked = 1;
        set_timer(SIGNALS_PATIENCE_MS);
    }
    send_byte((unsigned char)number);
}

/* The timer's, or somebody's from outside. */
static void on_alarm(int number)
{
    if (!asked) {
        on_ending(number);
        return;
    }
    /* The next one ends the process whatever it does. */
    signal(SIGALRM, SIG_DFL);
    when_overdue();
}

static void catch (int number, void (*handler)(int number))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    if (number == SIGALRM) {
        sigdelset(&action.sa_mask, SIGALRM);
        action.sa_flags |= SA_NODEFER;
    }
    sigaction(number, &action, NULL);
}

bool signals_open(bool screen)
{
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
        return false;
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        catch (endings[i], endings[i] == SIGALRM ? on_alarm : on_ending);
    for (size_t i = 0; screen && i < sizeof of_a_screen / sizeof *of_a_screen; i++)
        catch (of_a_screen[i], on_signal);
    return true;
}

void signals_insist(void (*overdue)(void))
{
    when_overdue = overdue;
}

void signals_close(void)
{
    static const struct itimerval never;
    when_overdue = NULL;
    setitimer(ITIMER_REAL, &never, NULL);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        signal(endings[i], SIG_DFL);
    for (size_t i = 0; i < sizeof of_a_screen / sizeof *of_a_screen; i++)
        signal(of_a_screen[i], SIG_DFL);
    asked = 0;
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= 0)
            close(ends[i]);
        ends[i] = -1;
    }
}

int signals_fd(void)
{
    return ends[0];
}

int signals_next(void)
{
    unsigned char byte;
    return read(ends[0], &byte, 1) == 1 ? byte : 0;
}

bool signals_asks_to_end(int number)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (endings[i] == number)
            return true;
    return false;
}

void signals_wake(void)
{
    send_byte(SIGNALS_WAKE);
}

void signals_stop_here(void)
{
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    catch (SIGTSTP, on_signal);
}
