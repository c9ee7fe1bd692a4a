/* RabbitMQ with its MQTT plug-in, where it is installed. It takes half a minute to start, so one
 * test does everything. */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/support.h"
#include "sim/sim.h"

Suite *rabbitmq_suite(void);

#define STARTS 150 /* seconds */

static const char program[] = "/usr/lib/rabbitmq/bin/rabbitmq-server";
static char loopback[] = "127.0.0.1";

struct rabbit {
    char directory[64];
    int port, epmd_port;
    pid_t pid;
};

static void write_file(const struct rabbit *rabbit, const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/%s", rabbit->directory, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static void configure(const struct rabbit *rabbit)
{
    char text[256];

    write_file(rabbit, "plugins", "[rabbitmq_mqtt].\n");
    snprintf(text, sizeof(text),
             "listeners.tcp = none\nmqtt.listeners.tcp.default = 127.0.0.1:%d\n"
             "log.file = false\nlog.console = true\nlog.console.level = warning\n",
             rabbit->port);
    write_file(rabbit, "rabbit.conf", text);
}

static void set(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void set(const char *name, const char *format, ...)
{
    va_list args;
    char value[160];

    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    setenv(name, value, 1);
}

/* Everything of it in our directory, and its helper daemon on a port of its own. */
static void become(const struct rabbit *rabbit)
{
    const char *at = rabbit->directory;

    set("HOME", "%s", at);
    set("RABBITMQ_NODENAME", "dt-test-%d@localhost", rabbit->port);
    set("RABBITMQ_MNESIA_BASE", "%s/mnesia", at);
    set("RABBITMQ_LOG_BASE", "%s/log", at);
    set("RABBITMQ_ENABLED_PLUGINS_FILE", "%s/plugins", at);
    set("RABBITMQ_CONFIG_FILE", "%s/rabbit", at);
    set("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    set("RABBITMQ_PID_FILE", "%s/pid", at);
    set("RABBITMQ_DIST_PORT", "%d", closed_port());
    set("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    set("ERL_EPMD_PORT", "%d", rabbit->epmd_port);
    set("ERL_EPMD_ADDRESS", "127.0.0.1");
    int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execl(program, program, (char *)NULL);
    _exit(127);
}

/* Runs a command to its end; last may be NULL. */
static bool run(const struct rabbit *rabbit, const char *command, const char *argument,
                const char *last)
{
    int status = 1;
    pid_t pid = fork();

    if (pid == 0) {
        set("ERL_EPMD_PORT", "%d", rabbit->epmd_port);
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        execlp(command, command, argument, last, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return status == 0;
}

/* It ends only when it has noticed that nobody needs it any more. */
static bool helper_ended(void *context)
{
    return run(context, "epmd", "-kill", NULL);
}

static void rabbit_start(struct rabbit *rabbit)
{
    *rabbit = (struct rabbit){
        .directory = "/tmp/dt-rabbit-XXXXXX", .port = closed_port(), .epmd_port = closed_port()};
    ck_assert_ptr_nonnull(mkdtemp(rabbit->directory));
    configure(rabbit);
    rabbit->pid = fork();
    ck_assert_int_ge(rabbit->pid, 0);
    if (rabbit->pid == 0)
        become(rabbit);
}

/* The program that was started is a script; the broker's own process id is in its file. */
static void rabbit_stop(struct rabbit *rabbit)
{
    char path[128];
    int pid = 0;

    snprintf(path, sizeof(path), "%s/pid", rabbit->directory);
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &pid) == 1 && pid > 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
    kill(rabbit->pid, SIGKILL);
    waitpid(rabbit->pid, NULL, 0);
    ck_assert(wait_for(helper_ended, rabbit, 10));
    run(rabbit, "rm", "-rf", rabbit->directory);
}

static void aim(struct watch *watch, const struct rabbit *rabbit, const char *password)
{
    static char guest[] = "guest", given[16];

    snprintf(given, sizeof(given), "%s", password);
    watch_init(watch, loopback, rabbit->port);
    watch->options.username = guest;
    watch->options.password = given;
    watch->options.qos = 1;
}

START_TEST(sensors_on_rabbitmq)
{
    struct rabbit rabbit;
    struct watch watch;
    struct connection connection;
    char id[SIM_ID], error[160];

    rabbit_start(&rabbit);
    aim(&watch, &rabbit, "guest");
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, STARTS);
    engine_get_connection(watch.engine, &connection);
    ck_assert_str_eq(connection.reason, "");

    struct sim *sim = sim_start(&(struct sim_options){.host = loopback,
                                                      .port = rabbit.port,
                                                      .username = watch.options.username,
                                                      .password = watch.options.password,
                                                      .seed = 1},
                                error, sizeof(error));
    sim_spawn(sim, SIM_TEMPERATURE, id);
    watch_messages(&watch, 3, 20);
    sim_kill(sim, id, SIM_END_CRASH);
    watch_event(&watch, "offline", 10); /* the broker spoke the last will */
    sim_stop(sim);
    watch_stop(&watch);

    aim(&watch, &rabbit, "wrong");
    watch_start(&watch);
    watch_reason(&watch, "bad user name or password", 10);
    watch_stop(&watch);
    rabbit_stop(&rabbit);
}
END_TEST

Suite *rabbitmq_suite(void)
{
    Suite *suite = suite_create("rabbitmq");
    TCase *tcase = tcase_create("rabbitmq");

    tcase_set_timeout(tcase, STARTS + 60);
    if (access(program, X_OK) != 0)
        puts("rabbitmq: skipped, no rabbitmq-server is installed");
    else if (getenv("DT_THREADS_ONLY"))
        puts("rabbitmq: skipped, once a run is enough");
    else
        tcase_add_test(tcase, sensors_on_rabbitmq);
    suite_add_tcase(suite, tcase);
    return suite;
}
