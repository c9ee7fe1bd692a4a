#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/support.h"
#include "source/broker.h"

Suite *private_broker_suite(void);

/* Each test has a temporary folder to itself, so that none sees the directories of another one. */
static char folder[64];

static void use_folder(const char *name)
{
    unsetenv("XDG_RUNTIME_DIR");
    ck_assert_int_eq(setenv("TMPDIR", name, 1), 0);
}

static void make_folder(void)
{
    snprintf(folder, sizeof(folder), "/tmp/dt-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chmod(folder, 01777), 0);
    use_folder(folder);
}

static void remove_folder(void)
{
    ck_assert_msg(rmdir(folder) == 0, "%s is not empty: %s", folder, strerror(errno));
}

static struct broker *start(void)
{
    char error[512];
    struct broker *broker = broker_start(error, sizeof(error));

    ck_assert_msg(broker != NULL, "%s", error);
    return broker;
}

static bool answers(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
    bool connected = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;
    close(fd);
    return connected;
}

/* The directory that holds a broker's socket. */
static void directory_of(const char *path, char *out, size_t size)
{
    ck_assert_int_lt(snprintf(out, size, "%.*s", (int)(strrchr(path, '/') - path), path),
                     (int)size);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Gone, or dead and waiting for whoever adopted it to notice. */
static bool is_dead(void *context)
{
    char name[64], line[256] = "";

    snprintf(name, sizeof(name), "/proc/%d/stat", *(pid_t *)context);
    FILE *file = fopen(name, "r");
    if (!file)
        return true;
    bool read = fgets(line, sizeof(line), file) != NULL;
    fclose(file);
    return !read || strstr(line, ") Z") != NULL || strstr(line, ") X") != NULL;
}

/* A test that runs as root becomes an ordinary user for i = 1, and takes the folder along. */
static void become_user(int i)
{
    if (i == 1 && geteuid() == 0) {
        ck_assert_int_eq(chown(folder, 65534, 65534), 0);
        ck_assert_int_eq(setgid(65534), 0);
        ck_assert_int_eq(setuid(65534), 0);
    }
}

START_TEST(serves_on_a_socket_of_its_own)
{
    char directory[128];
    struct stat st;

    become_user(_i);
    struct broker *broker = start();
    pid_t pid = broker_pid(broker);
    char *path = strdup(broker_socket(broker));
    ck_assert(answers(path));
    ck_assert(!broker_dead(broker));
    directory_of(path, directory, sizeof(directory));
    ck_assert_int_eq(strncmp(directory, folder, strlen(folder)), 0);
    ck_assert_int_eq(stat(directory, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0700);
    ck_assert_int_ne(getpgid(pid), getpgrp()); /* ^C at the terminal is not for it */
    broker_stop(broker);
    ck_assert(is_dead(&pid));
    ck_assert(!exists(directory));
    free(path);
}
END_TEST

START_TEST(never_runs_as_root)
{
    char name[64];
    struct stat st;
    struct passwd *user = getpwnam("mosquitto");

    struct broker *broker = start();
    snprintf(name, sizeof(name), "/proc/%d", broker_pid(broker));
    ck_assert_int_eq(stat(name, &st), 0);
    if (geteuid() == 0 && user)
        ck_assert_uint_eq(st.st_uid, user->pw_uid);
    else
        ck_assert_uint_eq(st.st_uid, geteuid());
    broker_stop(broker);
}
END_TEST

START_TEST(inherits_no_descriptor)
{
    char name[64], link[400], target[128], ours[128];
    int pipe_ends[2];

    ck_assert_int_eq(pipe(pipe_ends), 0);
    snprintf(name, sizeof(name), "/proc/self/fd/%d", pipe_ends[1]);
    ssize_t len = readlink(name, ours, sizeof(ours) - 1);
    ck_assert_int_gt(len, 0);
    ours[len] = '\0';
    struct broker *broker = start();
    snprintf(name, sizeof(name), "/proc/%d/fd", broker_pid(broker));
    DIR *list = opendir(name);
    if (list) { /* not every system lets a user look */
        for (struct dirent *entry; (entry = readdir(list));) {
            snprintf(link, sizeof(link), "%s/%s", name, entry->d_name);
            len = readlink(link, target, sizeof(target) - 1);
            target[len > 0 ? len : 0] = '\0';
            ck_assert_str_ne(target, ours);
        }
        closedir(list);
    }
    broker_stop(broker);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}
END_TEST

START_TEST(several_at_a_time)
{
    struct broker *one = start();
    struct broker *two = start(); /* its sweep leaves the living alone */

    ck_assert_str_ne(broker_socket(one), broker_socket(two));
    ck_assert(answers(broker_socket(one)));
    ck_assert(answers(broker_socket(two)));
    broker_stop(one);
    ck_assert(answers(broker_socket(two)));
    broker_stop(two);
}
END_TEST

START_TEST(tells_that_it_died)
{
    struct broker *broker = start();
    pid_t pid = broker_pid(broker);

    kill(pid, SIGKILL);
    ck_assert(wait_for(is_dead, &pid, 2));
    ck_assert(broker_dead(broker));
    ck_assert(broker_dead(broker));
    broker_stop(broker);
    broker_stop(NULL);
}
END_TEST

/* As from a signal handler of a process that ends. */
START_TEST(ends_at_once)
{
    char directory[128];

    broker_end_now();
    struct broker *broker = start();
    pid_t pid = broker_pid(broker);
    directory_of(broker_socket(broker), directory, sizeof(directory));
    broker_end_now();
    ck_assert(is_dead(&pid));
    ck_assert(!exists(directory));
    broker_stop(broker);
    broker_end_now();
}
END_TEST

/* What a run that was killed by force knew of its broker. */
struct orphan {
    pid_t pid;
    char socket[128];
};

/* A process that starts a broker and is killed without a chance to clean up. */
static void leave_orphan(int i, struct orphan *orphan)
{
    int pipe_ends[2];

    ck_assert_int_eq(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0) {
        become_user(i);
        struct broker *broker = start();
        orphan->pid = broker_pid(broker);
        snprintf(orphan->socket, sizeof(orphan->socket), "%s", broker_socket(broker));
        ssize_t written = write(pipe_ends[1], orphan, sizeof(*orphan));
        (void)written;
        pause();
    }
    ck_assert_int_eq(read(pipe_ends[0], orphan, sizeof(*orphan)), sizeof(*orphan));
    ck_assert(answers(orphan->socket));
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

START_TEST(dies_with_us_and_is_swept_up)
{
    struct orphan orphan;
    char directory[128];

    leave_orphan(_i, &orphan);
    ck_assert_msg(wait_for(is_dead, &orphan.pid, 2), "the broker survived");
    directory_of(orphan.socket, directory, sizeof(directory));
    ck_assert(exists(directory));
    become_user(_i);
    broker_stop(start());
    ck_assert_msg(!exists(directory), "the directory stayed");
}
END_TEST

START_TEST(sweeps_nothing_that_is_not_ours)
{
    static const char *const names[] = {"dt-top-abcdefg", "dt-top-notes", "other"};
    char young[96], name[96];

    snprintf(young, sizeof(young), "%s/dt-top-abcdef", folder); /* just being made by somebody */
    ck_assert_int_eq(mkdir(young, 0700), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
        ck_assert_int_eq(mkdir(name, 0700), 0);
    }
    broker_stop(start());
    ck_assert_int_eq(rmdir(young), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
        ck_assert_int_eq(rmdir(name), 0);
    }
}
END_TEST

/* A link with the right name must not lead the sweeper out of the folder. */
START_TEST(sweeps_follow_no_link)
{
    char victim[96], file[128], link[96];

    snprintf(victim, sizeof(victim), "%s/victim", folder);
    snprintf(file, sizeof(file), "%s/lock", victim);
    snprintf(link, sizeof(link), "%s/dt-top-abcdef", folder);
    ck_assert_int_eq(mkdir(victim, 0700), 0);
    close(open(file, O_CREAT | O_WRONLY, 0600));
    ck_assert_int_eq(symlink(victim, link), 0);
    broker_stop(start());
    ck_assert(exists(file));
    unlink(link);
    unlink(file);
    rmdir(victim);
}
END_TEST

START_TEST(blanks_in_the_folder_do_no_harm)
{
    char name[96];

    snprintf(name, sizeof(name), "%s/my files", folder);
    ck_assert_int_eq(mkdir(name, 0755), 0);
    use_folder(name);
    struct broker *broker = start();
    ck_assert(strstr(broker_socket(broker), "/my files/") != NULL);
    ck_assert(answers(broker_socket(broker)));
    broker_stop(broker);
    ck_assert_int_eq(rmdir(name), 0);
}
END_TEST

/* A socket's path has room for 107 bytes: then /tmp serves. */
START_TEST(a_folder_too_deep_is_passed_over)
{
    char name[160];

    snprintf(name, sizeof(name), "%s/", folder);
    memset(name + strlen(folder) + 1, 'd', 90);
    name[strlen(folder) + 91] = '\0';
    ck_assert_int_eq(mkdir(name, 0755), 0);
    use_folder(name);
    struct broker *broker = start();
    ck_assert_int_eq(strncmp(broker_socket(broker), "/tmp/dt-top-", 12), 0);
    broker_stop(broker);
    ck_assert_int_eq(rmdir(name), 0);
}
END_TEST

START_TEST(no_mosquitto_names_the_package)
{
    char error[512] = "";

    ck_assert_ptr_null(broker_start_from("/nonexistent:relative:", error, sizeof(error)));
    ck_assert_ptr_nonnull(strstr(error, "mosquitto is not installed"));
    ck_assert_ptr_nonnull(strstr(error, "apt install mosquitto"));
}
END_TEST

START_TEST(a_broker_that_fails_is_quoted)
{
    char name[96], error[512] = "";

    snprintf(name, sizeof(name), "%s/mosquitto", folder);
    FILE *file = fopen(name, "w");
    fputs("#!/bin/sh\necho 'Error: unknown variable \033[31m' >&2\nexit 3\n", file);
    fclose(file);
    ck_assert_int_eq(chmod(name, 0755), 0);
    ck_assert_ptr_null(broker_start_from(folder, error, sizeof(error)));
    unlink(name);
    ck_assert_msg(strstr(error, "unknown variable") != NULL, "%s", error);
    ck_assert_ptr_null(strchr(error, '\033'));
}
END_TEST

Suite *private_broker_suite(void)
{
    Suite *suite = suite_create("private_broker");
    TCase *tests = tcase_create("private broker");

    tcase_set_timeout(tests, 20);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, serves_on_a_socket_of_its_own, 0, 2);
    tcase_add_test(tests, never_runs_as_root);
    tcase_add_test(tests, inherits_no_descriptor);
    tcase_add_test(tests, several_at_a_time);
    tcase_add_test(tests, tells_that_it_died);
    tcase_add_test(tests, ends_at_once);
    tcase_add_loop_test(tests, dies_with_us_and_is_swept_up, 0, 2);
    tcase_add_test(tests, sweeps_nothing_that_is_not_ours);
    tcase_add_test(tests, sweeps_follow_no_link);
    tcase_add_test(tests, blanks_in_the_folder_do_no_harm);
    tcase_add_test(tests, a_folder_too_deep_is_passed_over);
    tcase_add_test(tests, no_mosquitto_names_the_package);
    tcase_add_test(tests, a_broker_that_fails_is_quoted);
    suite_add_tcase(suite, tests);
    return suite;
}
