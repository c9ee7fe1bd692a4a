#include "unit/suites.h"

#include "password.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/dt-password-XXXXXX";
static char *password;
static char error[256];

static void setup(void)
{
    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    password = NULL;
    *error = '\0';
}

static void teardown(void)
{
    unlink(path);
    free(password);
}

static bool read_it(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
    return password_read(path, &password, error, sizeof error);
}

START_TEST(first_line)
{
    ck_assert_msg(read_it("s3cret\nmore\n", 0600), "%s", error);
    ck_assert_str_eq(password, "s3cret");
    ck_assert(read_it(" with blanks \r\n", 0400));
    ck_assert_str_eq(password, " with blanks ");
    ck_assert(read_it("no newline", 0600));
    ck_assert_str_eq(password, "no newline");
}
END_TEST

START_TEST(refused_when_others_may_read)
{
    static const mode_t modes[] = {0604, 0640, 0644, 0660, 0666};
    ck_assert(!read_it("s3cret\n", modes[_i]));
    ck_assert_msg(strstr(error, "chmod 600") != NULL, "%s", error);
    ck_assert_ptr_null(strstr(error, "s3cret"));
    ck_assert_ptr_null(password);
}
END_TEST

START_TEST(no_password_in_it)
{
    ck_assert(!read_it("", 0600));
    ck_assert(strstr(error, "empty"));
    ck_assert(!password_read("/nonexistent", &password, error, sizeof error));
    ck_assert(strstr(error, "No such file"));
    ck_assert(!password_read("/tmp", &password, error, sizeof error));
    ck_assert(strstr(error, "not a plain file"));
}
END_TEST

Suite *password_suite(void)
{
    Suite *suite = suite_create("password");
    TCase *tcase = tcase_create("password");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, first_line);
    tcase_add_loop_test(tcase, refused_when_others_may_read, 0, 5);
    tcase_add_test(tcase, no_password_in_it);
    suite_add_tcase(suite, tcase);
    return suite;
}
