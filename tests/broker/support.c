#include "broker/support.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOOPBACK "127.0.0.1"

/* libmosquitto 2.0 unlocks a mutex that it does not hold when a broker sends DISCONNECT; the thread
 * sanitizer is told, so that it speaks up about our own code alone. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "mutex:libmosquitto.so\n";
}

double steady_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

bool wait_for(bool (*met)(void *context), void *context, double seconds)
{
    double end = steady_seconds() + seconds;

    while (!met(context)) {
        if (steady_seconds() > end)
            return false;
        poll(NULL, 0, 2);
    }
    return true;
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    inet_pton(AF_INET, LOOPBACK, &at.sin_addr);
    return at;
}

/* A socket bound to a free port, which is written to *port. */
static int bind_free(int *port)
{
    struct sockaddr_in at = loopback(0);
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

int closed_port(void)
{
    int port;

    close(bind_free(&port));
    return port;
}

void blackhole_open(struct blackhole *hole)
{
    size_t count = sizeof(hole->descriptors) / sizeof(hole->descriptors[0]);
    int listener = bind_free(&hole->port);
    struct sockaddr_in at = loopback(hole->port);

    ck_assert_int_eq(listen(listener, 0), 0);
    hole->descriptors[0] = listener;
    for (size_t i = 1; i < count; i++) {
        hole->descriptors[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        int rc = connect(hole->descriptors[i], (struct sockaddr *)&at, sizeof(at));
        ck_assert(rc == 0 || errno == EINPROGRESS);
    }
    /* The last one stays without an answer once the queue is full. */
    struct pollfd last = {.fd = hole->descriptors[count - 1], .events = POLLOUT};
    ck_assert_int_eq(poll(&last, 1, 50), 0);
}

void blackhole_close(struct blackhole *hole)
{
    for (size_t i = 0; i < sizeof(hole->descriptors) / sizeof(hole->descriptors[0]); i++)
        close(hole->descriptors[i]);
}

static void server_file(const struct server *server, const char *name, char *out, size_t size)
{
    ck_assert_int_lt(snprintf(out, size, "%s/%s", server->directory, name), (int)size);
}

static void write_config(const struct server *server, const char *extra)
{
    char name[128];

    server_file(server, "config", name, sizeof(name));
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file,
            "listener %d " LOOPBACK "\nallow_anonymous true\npersistence false\nlog_dest none\n"
            "max_queued_messages 100000\nuser root\n%s",
            server->port, extra ? extra : "");
    fclose(file);
}

static bool server_answers(void *context)
{
    struct server *server = context;
    struct sockaddr_in at = loopback(server->port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool open = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

    close(fd);
    return open;
}

void server_restart(struct server *server)
{
    char name[128];
    pid_t parent = getpid();

    server_file(server, "config", name, sizeof(name));
    server->pid = fork();
    ck_assert_int_ge(server->pid, 0);
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
        /* As root it warns of just that. */
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        execlp("mosquitto", "mosquitto", "-c", name, (char *)NULL);
        execl("/usr/sbin/mosquitto", "mosquitto", "-c", name, (char *)NULL);
        _exit(127);
    }
    ck_assert_msg(wait_for(server_answers, server, 5), "mosquitto does not listen on port %d",
                  server->port);
}

void server_start(struct server *server, const char *extra)
{
    *server = (struct server){.directory = "/tmp/dt-test-XXXXXX", .port = closed_port()};
    ck_assert_ptr_nonnull(mkdtemp(server->directory));
    write_config(server, extra);
    server_restart(server);
}

void server_end(struct server *server, int signal)
{
    if (server->pid == 0)
        return;
    kill(server->pid, signal);
    ck_assert_int_eq(waitpid(server->pid, NULL, 0), server->pid);
    server->pid = 0;
}

void server_stop(struct server *server)
{
    char name[128];

    server_end(server, SIGKILL);
    server_file(server, "config", name, sizeof(name));
    unlink(name);
    rmdir(server->directory);
}

void server_freeze(struct server *server)
{
    int status;

    kill(server->pid, SIGSTOP);
    ck_assert_int_eq(waitpid(server->pid, &status, WUNTRACED), server->pid);
}

void server_thaw(struct server *server)
{
    kill(server->pid, SIGCONT);
}

static void on_publish(struct mosquitto *client, void *context, int id)
{
    (void)client;
    (void)id;
    ((struct publisher *)context)->unconfirmed--;
}

static void on_connect(struct mosquitto *client, void *context, int code)
{
    (void)client;
    ck_assert_int_eq(code, 0);
    ((struct publisher *)context)->unconfirmed = 0;
}

static void publisher_new(struct publisher *publisher)
{
    mosquitto_lib_init();
    publisher->client = mosquitto_new(NULL, true, publisher);
    publisher->unconfirmed = 1; /* the CONNECT itself */
    mosquitto_int_option(publisher->client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_max_inflight_messages_set(publisher->client, 1000);
    mosquitto_connect_callback_set(publisher->client, on_connect);
    mosquitto_publish_callback_set(publisher->client, on_publish);
}

static void publisher_connect(struct publisher *publisher, const char *host, int port)
{
    double end = steady_seconds() + 5;
    int rc;

    /* A broker's second listener opens a little later than the first. */
    while ((rc = mosquitto_connect(publisher->client, host, port, 60)) == MOSQ_ERR_ERRNO &&
           steady_seconds() < end)
        poll(NULL, 0, 2);
    ck_assert_int_eq(rc, MOSQ_ERR_SUCCESS);
    publisher_flush(publisher);
}

void publisher_open(struct publisher *publisher, const char *host, int port)
{
    publisher_new(publisher);
    publisher_connect(publisher, host, port);
}

void publisher_open_as(struct publisher *publisher, const char *host, int port, int version)
{
    publisher_new(publisher);
    mosquitto_int_option(publisher->client, MOSQ_OPT_PROTOCOL_VERSION, version);
    publisher_connect(publisher, host, port);
}

void publisher_open_user(struct publisher *publisher, int port, const char *user,
                         const char *password)
{
    publisher_new(publisher);
    mosquitto_username_pw_set(publisher->client, user, password);
    publisher_connect(publisher, LOOPBACK, port);
}

void publisher_flush(struct publisher *publisher)
{
    double end = steady_seconds() + 10;

    while (publisher->unconfirmed > 0) {
        ck_assert_msg(steady_seconds() < end, "the broker confirms nothing");
        ck_assert_int_eq(mosquitto_loop(publisher->client, 10, 1), MOSQ_ERR_SUCCESS);
    }
}

void publish_bytes(struct publisher *publisher, const char *topic, const void *payload,
                   size_t bytes, int qos, bool retain)
{
    publisher->unconfirmed++;
    ck_assert_int_eq(
        mosquitto_publish(publisher->client, NULL, topic, (int)bytes, payload, qos, retain),
        MOSQ_ERR_SUCCESS);
}

void publish(struct publisher *publisher, const char *topic, const char *payload, bool retain)
{
    publish_bytes(publisher, topic, payload, strlen(payload), 1, retain);
    publisher_flush(publisher);
}

void publisher_close(struct publisher *publisher)
{
    mosquitto_disconnect(publisher->client);
    mosquitto_destroy(publisher->client);
    mosquitto_lib_cleanup();
}

void watch_init(struct watch *watch, char *host, int port)
{
    static char everything[] = "#";

    memset(watch, 0, sizeof(*watch));
    watch->topics[0] = everything;
    watch->options = (struct link_options){
        .host = host,
        .port = port,
        .topics = watch->topics,
        .topic_count = 1,
        .filter_out = watch->filter_out,
        .keepalive = 60,
        .version = 4,
    };
}

void watch_start(struct watch *watch)
{
    const struct fleet_options fleet = {.detector = detector_find("lab"),
                                        .detection = {.threshold = 3, .min_samples = 10}};

    watch->engine = engine_new(&fleet, watch->tap.on_outcomes ? &watch->tap : NULL);
    watch->link = link_start(&watch->options, watch->engine, NULL, NULL);
}

void watch_stop(struct watch *watch)
{
    double begin = steady_seconds();
    bool ended = link_stop(watch->link);

    ck_assert_msg(ended, "the link thread had to be left behind");
    ck_assert_msg(steady_seconds() - begin < 1.0, "link_stop took %.3f s",
                  steady_seconds() - begin);
    engine_free(watch->engine);
}

static bool has_state(void *context)
{
    struct watch *watch = context;
    struct connection connection;

    engine_get_connection(watch->engine, &connection);
    return connection.state == watch->state;
}

void watch_state(struct watch *watch, enum connection_state state, double seconds)
{
    struct connection connection;

    watch->state = state;
    bool met = wait_for(has_state, watch, seconds);
    engine_get_connection(watch->engine, &connection);
    ck_assert_msg(met, "the connection is in state %d, not %d: %s", connection.state, state,
                  connection.reason);
}

static bool has_reason(void *context)
{
    struct watch *watch = context;
    struct connection connection;

    engine_get_connection(watch->engine, &connection);
    return strstr(connection.reason, watch->expected) != NULL;
}

void watch_reason(struct watch *watch, const char *part, double seconds)
{
    struct connection connection;

    watch->expected = part;
    bool met = wait_for(has_reason, watch, seconds);
    engine_get_connection(watch->engine, &connection);
    ck_assert_msg(met, "the reason is \"%s\", not \"%s\"", connection.reason, part);
}

unsigned count_events(struct engine *engine, const char *part)
{
    struct snapshot snapshot;
    struct snapshot_request request = {.now = engine_now(engine),
                                       .as_of = TIMESTAMP_NONE,
                                       .selected = SNAPSHOT_NO_SERIES,
                                       .span = TIMESTAMP_SECOND,
                                       .events = 200};
    unsigned count = 0;

    memset(&snapshot, 0, sizeof(snapshot));
    engine_snapshot(engine, &request, &snapshot);
    for (uint32_t i = 0; i < snapshot.event_count; i++)
        count += strstr(snapshot.events[i].text, part) != NULL;
    snapshot_fini(&snapshot);
    return count;
}

static bool has_event(void *context)
{
    struct watch *watch = context;

    return count_events(watch->engine, watch->expected) > 0;
}

void watch_event(struct watch *watch, const char *part, double seconds)
{
    watch->expected = part;
    ck_assert_msg(wait_for(has_event, watch, seconds), "no event says \"%s\"", part);
}

uint64_t count_messages(struct engine *engine)
{
    struct fleet_totals totals;

    engine_totals(engine, &totals);
    return totals.messages;
}

static bool has_messages(void *context)
{
    struct watch *watch = context;

    return count_messages(watch->engine) >= watch->wanted;
}

void watch_messages(struct watch *watch, uint64_t at_least, double seconds)
{
    watch->wanted = at_least;
    ck_assert_msg(wait_for(has_messages, watch, seconds), "%llu of %llu messages arrived",
                  (unsigned long long)count_messages(watch->engine), (unsigned long long)at_least);
}
