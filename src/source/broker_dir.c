#include "source/broker_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "dt-top-"
#define NAME_LENGTH (sizeof(PREFIX "XXXXXX") - 1)
#define LOCK "lock"
#define NEWBORN 60 /* s: a directory without a lock file may still be in the making */

#define PLACES 3

/* Where a directory may go, the best place first. */
static const char *place(int i)
{
    static const char *const variables[] = {"XDG_RUNTIME_DIR", "TMPDIR"};
    const char *value = i < 2 ? getenv(variables[i]) : "/tmp";

    return value && value[0] == '/' ? value : NULL;
}

/* May any user go into each folder on this path? Root's own runtime folder shuts out the user that
 * the broker runs as. */
static bool open_to_all(const char *path)
{
    char part[256];
    struct stat st;

    for (size_t len = 1; len < sizeof(part); len++) {
        if (path[len] != '/' && path[len] != '\0')
            continue;
        memcpy(part, path, len);
        part[len] = '\0';
        if (stat(part, &st) != 0 || !(st.st_mode & S_IXOTH))
            return false;
        if (path[len] == '\0')
            return true;
    }
    return false;
}

/* Takes the lock that says "alive" and leaves our process id for a curious person. A sweeper may
 * get it first; then the directory is as good as gone. */
static bool take_lock(struct broker_dir *dir)
{
    char name[sizeof(dir->path) + sizeof(LOCK) + 1];

    snprintf(name, sizeof(name), "%s/%s", dir->path, LOCK);
    dir->lock = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (dir->lock < 0)
        return false;
    if (flock(dir->lock, LOCK_EX | LOCK_NB) != 0) {
        close(dir->lock);
        return false;
    }
    dprintf(dir->lock, "%ld\n", (long)getpid());
    return true;
}

static bool make_at(struct broker_dir *dir, const char *base)
{
    int len = snprintf(dir->path, sizeof(dir->path), "%s/%sXXXXXX", base, PREFIX);

    if (len < 0 || (size_t)len >= sizeof(dir->path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (!mkdtemp(dir->path))
        return false;
    if (take_lock(dir))
        return true;
    rmdir(dir->path);
    return false;
}

bool broker_dir_make(struct broker_dir *dir, uid_t uid, gid_t gid, char *error, size_t size)
{
    bool root = geteuid() == 0;
    int reason = ENOENT;

    for (int i = 0; i < PLACES; i++) {
        const char *base = place(i);
        if (!base || (root && uid != 0 && !open_to_all(base)))
            continue;
        if (!make_at(dir, base)) {
            reason = errno;
            continue;
        }
        if (!root || chown(dir->path, uid, gid) == 0)
            return true;
        reason = errno;
        broker_dir_remove(dir);
    }
    snprintf(error, size,
             "cannot make a directory for the private broker: %s; set TMPDIR to a short path of a "
             "folder that may be written to",
             strerror(reason));
    return false;
}

/* Removes what is in an opened directory, closing it. Nothing in it is a folder of ours. */
static void empty(int fd)
{
    DIR *list = fdopendir(fd);
    struct dirent *entry;

    if (!list) {
        close(fd);
        return;
    }
    while ((entry = readdir(list)))
        unlinkat(dirfd(list), entry->d_name, 0);
    closedir(list);
}

void broker_dir_remove(struct broker_dir *dir)
{
    int fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd >= 0)
        empty(fd);
    rmdir(dir->path);
    close(dir->lock);
    dir->lock = -1;
}

void broker_dir_remove_now(const struct broker_dir *dir)
{
    static const char *const files[] = {BROKER_SOCKET, BROKER_CONFIG, BROKER_LOG, LOCK};
    int fd = open(dir->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    for (size_t i = 0; fd >= 0 && i < sizeof(files) / sizeof(files[0]); i++)
        unlinkat(fd, files[i], 0);
    rmdir(dir->path);
}

/* Is the opened directory one that a dead run of ours left? Its lock stays taken, for as long as
 * *lock is open, so that two sweepers don't meet. */
static bool is_stale(int fd, uid_t uid, int *lock)
{
    struct stat st;
    uid_t own = geteuid();

    *lock = -1;
    if (fstat(fd, &st) != 0 || (st.st_uid != own && !(own == 0 && st.st_uid == uid)))
        return false;
    *lock = openat(fd, LOCK, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (*lock < 0)
        return errno == ENOENT && time(NULL) - st.st_mtime > NEWBORN;
    return fstat(*lock, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == own &&
           flock(*lock, LOCK_EX | LOCK_NB) == 0;
}

static void sweep_one(int parent, const char *name, uid_t uid)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int lock;

    if (fd < 0)
        return;
    if (is_stale(fd, uid, &lock)) {
        empty(fd);
        unlinkat(parent, name, AT_REMOVEDIR);
    } else {
        close(fd);
    }
    if (lock >= 0)
        close(lock);
}

void broker_dir_sweep(uid_t uid)
{
    for (int i = 0; i < PLACES; i++) {
        const char *base = place(i);
        DIR *list = base ? opendir(base) : NULL;
        struct dirent *entry;
        if (!list)
            continue;
        while ((entry = readdir(list)))
            if (strlen(entry->d_name) == NAME_LENGTH &&
                strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) == 0)
                sweep_one(dirfd(list), entry->d_name, uid);
        closedir(list);
    }
}
