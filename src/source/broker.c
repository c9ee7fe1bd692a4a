#include "source/broker.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "core/text.h"
#include "core/xalloc.h"
#include "source/broker_dir.h"
#include "source/moment.h"

#define READY (3 * TIMESTAMP_SECOND)
#define LOOK_MS 2
#define GROUPS_MAX 64
#define USER "mosquitto" /* what the distributions call it */

/* mosquitto is a system service in many places, outside a user's PATH. */
#define SYSTEM_FOLDERS "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"

struct broker {
    struct broker_dir dir;
    char socket[108];
    pid_t pid;
    bool dead;
};

/* The one that broker_end_now() ends; a signal handler has no context of its own. */
static _Atomic(struct broker *) at_hand;

/* Who the child becomes. */
struct identity {
    bool drop; /* we are root and can become somebody else */
    uid_t uid;
    gid_t gid;
    gid_t groups[GROUPS_MAX];
    int group_count;
};

/* Looks the user up before the fork: the child may call only what is safe in a signal handler. */
static struct identity find_identity(void)
{
    struct identity identity = {.uid = geteuid(), .gid = getegid(), .group_count = GROUPS_MAX};
    struct passwd *user = identity.uid == 0 ? getpwnam(USER) : NULL;

    if (!user)
        return identity;
#ifdef __APPLE__
    identity.group_count = 0;
#else
    if (getgrouplist(USER, user->pw_gid, identity.groups, &identity.group_count) < 0)
        identity.group_count = 0;
#endif
    identity.drop = true;
    identity.uid = user->pw_uid;
    identity.gid = user->pw_gid;
    return identity;
}

static bool find_program(const char *folders, char *out, size_t size)
{
    while (*folders) {
        size_t len = strcspn(folders, ":");
        int written = snprintf(out, size, "%.*s/mosquitto", (int)len, folders);
        if (folders[0] == '/' && written > 0 && (size_t)written < size && access(out, X_OK) == 0)
            return true;
        folders += len + (folders[len] == ':');
    }
    return false;
}

/* Paths in it are relative, so that a blank in TMPDIR does no harm: the child starts in the
 * directory. The queue holds what arrives while the link is held up, or the retained messages of
 * many thousand sensors (1,000 by default, then messages are lost), yet is bounded: nobody is
 * left behind with a broker that eats the memory. */
static bool write_config(const struct broker_dir *dir, const struct identity *identity)
{
    char name[sizeof(dir->path) + sizeof(BROKER_CONFIG) + 1];

    snprintf(name, sizeof(name), "%s/%s", dir->path, BROKER_CONFIG);
    FILE *file = fopen(name, "wxe");
    if (!file)
        return false;
    fprintf(file,
            "listener 0 %s\nallow_anonymous true\npersistence false\n"
            "log_dest stderr\nlog_type error\nlog_type warning\n"
            "max_queued_messages 100000\n",
            BROKER_SOCKET);
    if (identity->uid == 0)
        fputs("user root\n", file);
    bool written = !ferror(file) && fchmod(fileno(file), 0644) == 0;
    return fclose(file) == 0 && written;
}

/* From here to become() the child runs: async-signal-safe calls only. */
static void say(const char *words)
{
    ssize_t written = write(STDERR_FILENO, words, strlen(words));

    (void)written;
}

static void child_fail(const char *what)
{
    const char *why = strerror(errno);

    say(what);
    say(": ");
    say(why);
    _exit(127);
}

static void close_from(int first)
{
#if defined(__GLIBC__) && defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 34)
    if (close_range((unsigned)first, ~0U, 0) == 0)
        return;
#endif
#endif
    long last = sysconf(_SC_OPEN_MAX);
    for (int fd = first; fd < (last > 0 && last < 4096 ? last : 4096); fd++)
        close(fd);
}

static void child_streams(const char *directory)
{
    int null = open("/dev/null", O_RDWR);
    int log;

    if (null < 0 || chdir(directory) != 0)
        _exit(127);
    log = open(BROKER_LOG, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(log >= 0 ? log : null, STDERR_FILENO);
    close_from(STDERR_FILENO + 1);
}

static void child_signals(void)
{
    sigset_t none;

    for (int i = 1; i < NSIG; i++)
        if (i != SIGKILL && i != SIGSTOP)
            signal(i, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A change of user clears the death signal, so mosquitto must not do it: we do, and ask for the
 * signal afterwards. Systems without one leave a broker behind when we are killed by force. */
static void become(const struct identity *identity, pid_t parent)
{
    if (identity->drop && (setgroups((size_t)identity->group_count, identity->groups) != 0 ||
                           setgid(identity->gid) != 0 || setuid(identity->uid) != 0))
        child_fail("cannot become the user " USER);
#ifdef __linux__
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        child_fail("cannot tie the broker's life to ours");
#endif
    if (getppid() != parent)
        _exit(127);
}

static pid_t spawn(const char *program, const char *directory, const struct identity *identity)
{
    char name[] = "mosquitto", option[] = "-c", config[] = BROKER_CONFIG;
    char *arguments[] = {name, option, config, NULL};
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    setsid(); /* a ^C at our terminal is not for the broker */
    child_streams(directory);
    child_signals();
    become(identity, parent);
    execv(program, arguments);
    child_fail(program);
    return -1;
}

static bool answers(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
    bool connected = fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
    if (fd >= 0)
        close(fd);
    return connected;
}

/* The last line that the child wrote, made safe; "" if there is none. */
static void last_words(const struct broker *broker, char *out, size_t size)
{
    char name[sizeof(broker->dir.path) + sizeof(BROKER_LOG) + 1];
    char line[512], last[512] = "";

    snprintf(name, sizeof(name), "%s/%s", broker->dir.path, BROKER_LOG);
    FILE *file = fopen(name, "re");
    while (file && fgets(line, sizeof(line), file))
        if (line[strspn(line, " \n")])
            memcpy(last, line, sizeof(last));
    if (file)
        fclose(file);
    text_sanitise(out, size, last, strcspn(last, "\n"), 160);
}

static bool wait_until_ready(struct broker *broker, char *error, size_t size)
{
    timestamp end = moment_now().steady + READY;
    char words[700];

    while (moment_now().steady < end) {
        if (answers(broker->socket))
            return true;
        if (broker_dead(broker))
            break;
        poll(NULL, 0, LOOK_MS);
    }
    last_words(broker, words, sizeof(words));
    if (!broker->dead)
        snprintf(error, size, "the private broker (mosquitto) does not answer within 3 s");
    else
        snprintf(error, size,
                 "the private broker (mosquitto) ended at once: %s; version 2.0 or later is needed",
                 *words ? words : "it gave no reason");
    return false;
}

static void let_go(struct broker *broker)
{
    struct broker *held = broker;

    atomic_compare_exchange_strong(&at_hand, &held, NULL);
    free(broker);
}

static struct broker *start(const char *program, char *error, size_t size)
{
    struct identity identity = find_identity();
    struct broker *broker = xcalloc(1, sizeof(*broker));

    broker_dir_sweep(identity.uid);
    atomic_store(&at_hand, broker);
    if (!broker_dir_make(&broker->dir, identity.uid, identity.gid, error, size))
        goto no_directory;
    snprintf(broker->socket, sizeof(broker->socket), "%s/%s", broker->dir.path, BROKER_SOCKET);
    if (!write_config(&broker->dir, &identity)) {
        snprintf(error, size, "cannot write to %s: %s", broker->dir.path, strerror(errno));
        goto no_child;
    }
    broker->pid = spawn(program, broker->dir.path, &identity);
    if (broker->pid < 0) {
        snprintf(error, size, "cannot start %s: %s", program, strerror(errno));
        goto no_child;
    }
    if (wait_until_ready(broker, error, size))
        return broker;
    broker_stop(broker);
    return NULL;

no_child:
    broker_dir_remove(&broker->dir);
no_directory:
    let_go(broker);
    return NULL;
}

struct broker *broker_start_from(const char *folders, char *error, size_t size)
{
    char program[512];

    if (find_program(folders, program, sizeof(program)))
        return start(program, error, size);
    snprintf(error, size,
             "mosquitto is not installed: it is the broker that --demo starts. Debian, Ubuntu: apt "
             "install mosquitto; Fedora: dnf install mosquitto; Arch: pacman -S mosquitto; Alpine: "
             "apk add mosquitto; macOS: brew install mosquitto");
    return NULL;
}

struct broker *broker_start(char *error, size_t size)
{
    const char *path = getenv("PATH");
    size_t room = (path ? strlen(path) : 0) + sizeof(":" SYSTEM_FOLDERS);
    char *folders = xmalloc(room);

    snprintf(folders, room, "%s:%s", path ? path : "", SYSTEM_FOLDERS);
    struct broker *broker = broker_start_from(folders, error, size);
    free(folders);
    return broker;
}

const char *broker_socket(const struct broker *broker)
{
    return broker->socket;
}

pid_t broker_pid(const struct broker *broker)
{
    return broker->pid;
}

bool broker_dead(struct broker *broker)
{
    if (!broker->dead) {
        pid_t ended = waitpid(broker->pid, NULL, WNOHANG);
        broker->dead = ended == broker->pid || (ended < 0 && errno == ECHILD);
    }
    return broker->dead;
}

/* It keeps nothing on disk, so there is nothing that a gentler end would save. */
static void end_child(struct broker *broker)
{
    if (broker->pid <= 0 || broker_dead(broker))
        return;
    kill(broker->pid, SIGKILL);
    while (waitpid(broker->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    broker->dead = true;
}

void broker_stop(struct broker *broker)
{
    if (!broker)
        return;
    end_child(broker);
    broker_dir_remove(&broker->dir);
    let_go(broker);
}

void broker_end_now(void)
{
    struct broker *broker = atomic_load(&at_hand);

    if (!broker)
        return;
    end_child(broker);
    broker_dir_remove_now(&broker->dir);
}
