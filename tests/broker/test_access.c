/* Who may come in, what they may read, and what a session leaves behind. */
#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/support.h"

Suite *access_suite(void);

static char loopback[] = "127.0.0.1", user[] = "me", password[] = "s3cret";
static char directory[32], file[64], acl[64];
static struct server server;
static struct watch watch;

static void write_acl(void)
{
    FILE *out = fopen(acl, "w");

    ck_assert_ptr_nonnull(out);
    fputs("user me\ntopic read open/#\ntopic write open/#\n", out);
    fclose(out);
}

static void write_password(void)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        execlp("mosquitto_passwd", "mosquitto_passwd", "-b", "-c", file, user, password,
               (char *)NULL);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}

static void setup(void)
{
    char config[256];

    snprintf(directory, sizeof(directory), "/tmp/dt-access-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(file, sizeof(file), "%s/passwords", directory);
    snprintf(acl, sizeof(acl), "%s/acl", directory);
    write_password();
    write_acl();
    snprintf(config, sizeof(config), "allow_anonymous false\npassword_file %s\nacl_file %s\n", file,
             acl);
    server_start(&server, config);
    watch_init(&watch, loopback, server.port);
    watch.options.username = user;
    watch.options.password = password;
}

static void teardown(void)
{
    server_stop(&server);
    unlink(file);
    unlink(acl);
    rmdir(directory);
}

START_TEST(right_password)
{
    watch.options.version = _i;
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    ck_assert(link_publish(watch.link, "open/a", "1", 1, 1, false));
    watch_messages(&watch, 1, 5);
    watch_stop(&watch);
}
END_TEST

START_TEST(wrong_or_no_password)
{
    static char wrong[] = "wrong";

    watch.options.version = _i & 1 ? 5 : 4;
    watch.options.password = wrong;
    if (_i & 2)
        watch.options.username = watch.options.password = NULL;
    watch_start(&watch);
    watch_reason(&watch, "not authorised: the broker wants a user name and password (-u, -P)", 5);
    watch_stop(&watch);
}
END_TEST

/* What a user may not read simply does not come: after ten seconds there is a word about it, and it
 * goes with the first message. */
START_TEST(silence_is_explained)
{
    struct connection connection;

    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    ck_assert(link_publish(watch.link, "closed/a", "1", 1, 1, false));
    watch_event(&watch, "nothing received on # for 10 s: may this user read it (ACL)?", 15);
    engine_get_connection(watch.engine, &connection);
    ck_assert_msg(strstr(connection.hint, "nothing received") != NULL, "%s", connection.hint);
    ck_assert(link_publish(watch.link, "open/a", "1", 1, 1, false));
    watch_messages(&watch, 1, 5);
    engine_get_connection(watch.engine, &connection);
    for (int i = 0; i < 500 && *connection.hint; i++) {
        poll(NULL, 0, 2);
        engine_get_connection(watch.engine, &connection);
    }
    ck_assert_str_eq(connection.hint, "");
    watch_stop(&watch);
}
END_TEST

static void begin(struct watch *one, int port, int version, int qos)
{
    static char id[] = "dt-top-test";

    watch_init(one, loopback, port);
    one->options.version = version;
    one->options.qos = qos;
    one->options.id = id;
    one->options.keep_session = true;
    watch_start(one);
    watch_state(one, CONNECTION_LIVE, 5);
}

/* With -c the broker keeps what it may not lose while we are away. */
START_TEST(a_kept_session_misses_nothing)
{
    struct server open;
    struct publisher publisher;
    int version = _i & 1 ? 5 : 4, qos = _i & 2 ? 2 : 1;

    server_start(&open, NULL);
    begin(&watch, open.port, version, qos);
    watch_stop(&watch);
    publisher_open(&publisher, loopback, open.port);
    for (int i = 0; i < 5; i++)
        publish_bytes(&publisher, "a/b", "1", 1, 2, false);
    publisher_flush(&publisher);
    begin(&watch, open.port, version, qos);
    watch_messages(&watch, 5, 5);
    ck_assert_uint_eq(count_messages(watch.engine), 5);
    watch_stop(&watch);
    publisher_close(&publisher);
    server_stop(&open);
}
END_TEST

/* A client of the same id takes the session over: the broker speaks the will of the one it ends. */
START_TEST(last_will)
{
    static char topic[] = "open/dt-top", text[] = "{\"status\":\"offline\"}", id[] = "twice";
    struct watch witness, usurper;

    watch_init(&witness, loopback, server.port);
    witness.options.username = user;
    witness.options.password = password;
    usurper = witness;
    usurper.options.topics = usurper.topics;
    usurper.options.id = watch.options.id = id;
    watch.options.will = (struct will){topic, text, 1, false};
    watch.options.version = _i;
    watch_start(&witness);
    watch_state(&witness, CONNECTION_LIVE, 5);
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    watch_start(&usurper);
    watch_messages(&witness, 1, 5);
    watch_stop(&usurper);
    watch_stop(&watch);
    watch_stop(&witness);
}
END_TEST

START_TEST(an_orderly_end_speaks_no_will)
{
    static char topic[] = "open/dt-top", prefix[] = "mine-";
    struct watch witness;

    watch_init(&witness, loopback, server.port);
    witness.options.username = user;
    witness.options.password = password;
    watch_start(&witness);
    watch_state(&witness, CONNECTION_LIVE, 5);
    watch.options.will = (struct will){topic, NULL, 0, false};
    watch.options.id_prefix = prefix;
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    watch_stop(&watch);
    ck_assert(link_publish(witness.link, "open/mark", "1", 1, 1, false));
    watch_messages(&witness, 1, 5);
    ck_assert_uint_eq(count_messages(witness.engine), 1);
    watch_stop(&witness);
}
END_TEST

Suite *access_suite(void)
{
    Suite *suite = suite_create("access");
    TCase *tcase = tcase_create("access");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 40);
    tcase_add_loop_test(tcase, right_password, 4, 6);
    tcase_add_loop_test(tcase, wrong_or_no_password, 0, 4);
    tcase_add_test(tcase, silence_is_explained);
    tcase_add_loop_test(tcase, a_kept_session_misses_nothing, 0, 4);
    tcase_add_loop_test(tcase, last_will, 4, 6);
    tcase_add_test(tcase, an_orderly_end_speaks_no_will);
    suite_add_tcase(suite, tcase);
    return suite;
}
