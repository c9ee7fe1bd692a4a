#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static int ends[2] = {-1, -1};

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

static void catch (int number)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

bool signals_open(bool screen)
{
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
        return false;
    signal(SIGPIPE, SIG_IGN);
    catch (SIGINT);
    catch (SIGTERM);
    catch (SIGHUP);
    if (screen) {
        catch (SIGWINCH);
        catch (SIGTSTP);
        catch (SIGCONT);
    }
    return true;
}

void signals_close(void)
{
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        signal(caught[i], SIG_DFL);
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

void signals_wake(void)
{
    send_byte(SIGNALS_WAKE);
}

void signals_stop_here(void)
{
    signal(SIGTSTP, SIG_DFL);
    raise(SIGTSTP);
    catch (SIGTSTP);
}
