#include "password.h"

#include "core/text.h"
#include "core/xalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static const int ending[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

#define LONGEST 65535 /* bytes: more does not fit into a CONNECT */

/* Reads up to the end of the line; stops at any signal. */
static bool read_line(int fd, char *line, size_t size)
{
    size_t len = 0;
    while (len + 1 < size) {
        ssize_t got = read(fd, line + len, 1);
        if (got < 0 || (got == 0 && len == 0))
            return false;
        if (got == 0 || line[len] == '\n')
            break;
        len++;
    }
    if (len > 0 && line[len - 1] == '\r')
        len--;
    line[len] = '\0';
    return true;
}

static bool take_line(int fd, char **password)
{
    char *line = xmalloc(LONGEST + 1);
    bool got = read_line(fd, line, LONGEST + 1);
    if (got) {
        if (*password)
            explicit_bzero(*password, strlen(*password));
        free(*password);
        *password = xstrdup(line);
    }
    explicit_bzero(line, LONGEST + 1);
    free(line);
    return got;
}

/* The one who looks is the one who reads: no gap in which the file could be another. */
bool password_read(const char *path, char **password, char *error, size_t size)
{
    char shown[300];
    struct stat found;
    text_sanitise(shown, sizeof shown, path, strlen(path), 70);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &found) != 0) {
        snprintf(error, size, "password file %s: %s", shown, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool good = false;
    if (!S_ISREG(found.st_mode))
        snprintf(error, size, "password file %s: not a plain file", shown);
    else if (found.st_mode & (S_IRWXG | S_IRWXO))
        snprintf(error, size, "password file %s: others may read it; chmod 600 %s", shown, shown);
    else if (!take_line(fd, password))
        snprintf(error, size, "password file %s: empty; its first line is the password", shown);
    else
        good = true;
    close(fd);
    return good;
}

/* ^C at the question ends the wait, so that the terminal can be made to echo again. */
static void on_signal(int number)
{
    (void)number;
}

static void hush(int fd, struct termios *before)
{
    struct sigaction action = {.sa_handler = on_signal};
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        sigaction(ending[i], &action, NULL);

    tcgetattr(fd, before);
    struct termios quiet = *before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    quiet.c_lflag |= ICANON;
    tcsetattr(fd, TCSAFLUSH, &quiet);
}

static void speak_up(void)
{
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
        signal(ending[i], SIG_DFL);
}

bool password_ask(const char *username, char **password, char *error, size_t size)
{
    struct termios before;
    char name[300] = "";
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        snprintf(error, size,
                 "-P - asks at the terminal, and there is none: use DT_TOP_PASSWORD or "
                 "--pw-file");
        return false;
    }
    if (username)
        text_sanitise(name, sizeof name, username, strlen(username), 60);
    dprintf(fd, "Password%s%s: ", *name ? " of " : "", name);
    hush(fd, &before);
    bool got = take_line(fd, password);
    tcsetattr(fd, TCSAFLUSH, &before);
    dprintf(fd, "\n");
    close(fd);
    speak_up();
    if (!got)
        snprintf(error, size, "no password given");
    return got;
}
