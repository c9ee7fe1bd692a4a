/* RabbitMQ with its MQTT plug-in, where it is installed. It takes half a minute to start, so one
 * test does everything. */
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "broker/certificates.h"
#include "broker/recipe.h"
#include "broker/support.h"
#include "sim/sim.h"

Suite *rabbitmq_suite(void);

#define STARTS 150 /* seconds */

static const char program[] = "/usr/lib/rabbitmq/bin/rabbitmq-server";
static const char title[] = "RabbitMQ's MQTT plug-in"; /* in doc/recipes.md */
static char loopback[] = "127.0.0.1";

/* Everything of it is in the folder of the recipes. */
struct rabbit {
    int port, tls_port, epmd_port;
    pid_t pid;
};

static void make_certificates(void)
{
    struct authority *authority = authority_new("Home CA", recipe_home(), "ca.crt");

    certificate_write(authority, "localhost", "DNS:localhost", -1, 10, recipe_home(), "broker");
    authority_free(authority);
}

/* TLS as the document has it. */
static void configure(const struct rabbit *rabbit)
{
    char text[1024];

    recipe_write("plugins", "[rabbitmq_mqtt].\n");
    recipe_swap("/etc/rabbitmq/", "%s/", recipe_home());
    recipe_swap("= 8883", "= 127.0.0.1:%d", rabbit->tls_port);
    snprintf(text, sizeof(text),
             "listeners.tcp = none\nmqtt.listeners.tcp.default = 127.0.0.1:%d\n"
             "log.file = false\nlog.console = true\nlog.console.level = warning\n%s",
             rabbit->port, recipe_block(title, "mqtt.listeners.ssl.default"));
    recipe_write("rabbit.conf", text);
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

/* Its helper daemon is on a port of its own. */
static void become(const struct rabbit *rabbit)
{
    const char *at = recipe_home();

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

/* Runs a command of its own to its end. */
static bool ends_epmd(const struct rabbit *rabbit)
{
    int status = 1;
    pid_t pid = fork();

    if (pid == 0) {
        set("ERL_EPMD_PORT", "%d", rabbit->epmd_port);
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        execlp("epmd", "epmd", "-kill", (char *)NULL);
        _exit(127);
    }
    waitpid(pid, &status, 0);
    return status == 0;
}

/* It ends only when it has noticed that nobody needs it any more. */
static bool helper_ended(void *context)
{
    return ends_epmd(context);
}

static void rabbit_start(struct rabbit *rabbit)
{
    recipe_open();
    *rabbit = (struct rabbit){
        .port = closed_port(), .tls_port = closed_port(), .epmd_port = closed_port()};
    make_certificates();
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

    snprintf(path, sizeof(path), "%s/pid", recipe_home());
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &pid) == 1 && pid > 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
    kill(rabbit->pid, SIGKILL);
    waitpid(rabbit->pid, NULL, 0);
    ck_assert(wait_for(helper_ended, rabbit, 10));
    recipe_close();
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

/* The document's user. */
static void add_user(const struct rabbit *rabbit)
{
    char command[1024];

    recipe_swap("PASSWORD", "s3cret");
    snprintf(command, sizeof(command),
             "PATH=/usr/lib/rabbitmq/bin:$PATH RABBITMQ_NODENAME=dt-test-%d@localhost "
             "RABBITMQ_CONF_ENV_FILE=/dev/null ERL_EPMD_PORT=%d\n"
             "export PATH RABBITMQ_NODENAME RABBITMQ_CONF_ENV_FILE ERL_EPMD_PORT\n%s",
             rabbit->port, rabbit->epmd_port, recipe_block(title, "rabbitmqctl add_user"));
    recipe_run(command);
    recipe_write(".rabbit", "s3cret\n");
}

/* A process that publishes all the while: old messages do not come for filters with wildcards. */
static pid_t publish_on_and_on(const struct rabbit *rabbit)
{
    struct publisher publisher;
    pid_t pid = fork();

    ck_assert_int_ge(pid, 0);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    publisher_open_user(&publisher, rabbit->port, "guest", "guest");
    for (;;) {
        publish(&publisher, "plant/boiler", "{\"temperature\":21.5}", false);
        poll(NULL, 0, 50);
    }
}

static void follow_recipes(const struct rabbit *rabbit)
{
    const char *reading = "\"value\":21.5";
    pid_t sensor = publish_on_and_on(rabbit);

    add_user(rabbit);
    recipe_swap("-h HOST", "-h localhost -p %d", rabbit->port);
    recipe_swap("HOST", "localhost:%d", rabbit->tls_port);
    const char *plain = recipe_command(title, 0), *tls = recipe_command(title, 1);
    recipe_expect(plain, reading);
    recipe_expect_trouble(recipe_change(plain, "-u me", "-u you"), "bad user name or password");
    recipe_expect(tls, reading);
    recipe_expect_trouble(recipe_change(tls, "--cafile ca.crt", ""),
                          "wrong certificate: unknown CA \"Home CA\"");
    kill(sensor, SIGKILL);
    waitpid(sensor, NULL, 0);
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
    follow_recipes(&rabbit);
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
