#include "bench/bench.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/lab.h"
#include "core/payload.h"
#include "engine.h"
#include "ui/term.h"
#include "ui/ui.h"

#define FRAMES 100
#define FRAME (TIMESTAMP_SECOND / 10) /* of the engine's time; a sensor reports once a second */

/* What a child found out. */
struct result {
    char error[128];
    double ms[FRAMES];
};

struct scene {
    unsigned sensors;
    struct engine *engine;
    struct decoder *decoder;
    struct batch batch;
    struct ui *ui;
    struct term *term;
    struct snapshot snapshot;
    timestamp now;
    unsigned next; /* sensor to report */
    int parent;    /* socket */
};

/* One frame's time of readings. */
static void feed(struct scene *scene)
{
    char topic[LAB_TEXT], payload[LAB_TEXT];
    for (unsigned i = 0; i < (scene->sensors + 9) / 10; i++, scene->next++) {
        struct message message = {.topic = topic, .payload = payload, .arrival = scene->now};
        lab_topic(scene->next % scene->sensors, topic);
        message.bytes =
            lab_payload(scene->next % scene->sensors, scene->next / scene->sensors, payload);
        decoder_decode(scene->decoder, &message, &scene->batch);
    }
    engine_ingest(scene->engine, &scene->batch);
    batch_reset(&scene->batch);
    scene->now += FRAME;
    engine_tick(scene->engine, scene->now);
}

static void show(struct scene *scene)
{
    struct snapshot_request request;
    struct connection connection;
    struct ui_facts facts = {.started = scene->now - 60 * TIMESTAMP_SECOND};
    ui_request(scene->ui, scene->now, &request);
    engine_snapshot(scene->engine, &request, &scene->snapshot);
    ui_answer(scene->ui, &scene->snapshot);
    engine_get_connection(scene->engine, &connection);
    term_show(scene->term, ui_draw(scene->ui, &scene->snapshot, &connection, &facts, scene->now));
}

/* Lets the parent count what the terminal got so far, and sends it the result as it stands. */
static void tell_parent(int parent, const struct result *result)
{
    char go_on;
    if (write(parent, result, sizeof(*result)) != (ssize_t)sizeof(*result) ||
        read(parent, &go_on, 1) != 1)
        _exit(1);
}

static void measure(struct scene *scene, struct result *result)
{
    struct connection connection = {.state = CONNECTION_LIVE, .where = "mqtt://bench"};
    engine_connection(scene->engine, &connection, scene->now, NULL);
    for (int i = 0; i < 300; i++) /* sparklines and windows to draw from */
        feed(scene);
    show(scene);
    tell_parent(scene->parent, result);
    for (int i = 0; i < FRAMES; i++) {
        feed(scene);
        double begin = bench_clock();
        show(scene);
        result->ms[i] = (bench_clock() - begin) / 1e6;
    }
    tell_parent(scene->parent, result);
}

/* The child's whole life, on a terminal of its own. */
static void run_scene(unsigned sensors, int width, int height, int parent, struct result *result)
{
    struct fleet_options options = {.detector = detector_find("auto"),
                                    .detection = {.threshold = 3, .min_samples = 10}};
    struct term_options look = {.ascii = false, .colour = true};
    struct scene scene = {.sensors = sensors,
                          .engine = engine_new(&options, NULL),
                          .decoder = decoder_new(NULL),
                          .ui = ui_new(false),
                          .parent = parent,
                          .now = INT64_C(1772460000) * TIMESTAMP_SECOND};
    ui_resize(scene.ui, width, height);
    scene.term = term_open(&look, result->error, sizeof(result->error));
    if (scene.term != NULL) {
        measure(&scene, result);
        term_close(scene.term);
    } else {
        tell_parent(parent, result);
    }
    snapshot_fini(&scene.snapshot);
    batch_fini(&scene.batch);
    decoder_free(scene.decoder);
    ui_free(scene.ui);
    engine_free(scene.engine);
}

/* Puts stdin and stdout on the terminal behind master. */
static void take_terminal(int master, int width, int height)
{
    struct winsize size = {.ws_col = (unsigned short)width, .ws_row = (unsigned short)height};
    setsid();
    int slave = open(ptsname(master), O_RDWR);
    ioctl(slave, TIOCSCTTY, 0);
    ioctl(slave, TIOCSWINSZ, &size);
    dup2(slave, STDIN_FILENO);
    dup2(slave, STDOUT_FILENO);
    close(slave);
    close(master);
    setenv("TERM", "xterm-256color", 1);
    unsetenv("NO_COLOR");
}

/* Reads what the terminal gets until the child says something; the bytes so far. */
static double read_terminal(int master, int child)
{
    static char bytes[65536];
    struct pollfd fds[] = {{.fd = master, .events = POLLIN}, {.fd = child, .events = POLLIN}};
    double total = 0;
    bool told = false;
    /* What was written before the child spoke may still be on its way through the terminal. */
    while (poll(fds, 2, told ? 20 : -1) > 0) {
        ssize_t got = fds[0].revents != 0 ? read(master, bytes, sizeof(bytes)) : 0;
        total += got > 0 ? (double)got : 0;
        if (got < 0)
            fds[0].fd = -1;
        if (fds[1].revents != 0) {
            told = true;
            fds[1].fd = -1;
        }
    }
    return total;
}

/* Runs a scene in a child and reads its terminal meanwhile. Returns the bytes of its frames. */
static double run_child(unsigned sensors, int width, int height, struct result *result)
{
    int ends[2], master = posix_openpt(O_RDWR | O_NOCTTY);
    double bytes = 0;
    snprintf(result->error, sizeof(result->error), "no pseudo-terminal, or the child died");
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return 0;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        result->error[0] = '\0';
        take_terminal(master, width, height);
        run_scene(sensors, width, height, ends[1], result);
        _exit(0);
    }
    close(ends[1]);
    for (int phase = 0; phase < 2; phase++) {
        bytes = read_terminal(master, ends[0]);
        struct result got;
        if (read(ends[0], &got, sizeof(got)) != (ssize_t)sizeof(got))
            break;
        *result = got;
        if (write(ends[0], "", 1) != 1)
            break;
    }
    read_terminal(master, ends[0]);
    close(ends[0]);
    close(master);
    waitpid(child, NULL, 0);
    return bytes;
}

void bench_frames(void)
{
    static const struct {
        int width, height;
        unsigned sensors;
    } scenes[] = {{80, 24, 10}, {80, 24, 10000}, {200, 60, 10}, {200, 60, 10000}};
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        struct result result = {0};
        char what[64];
        snprintf(what, sizeof(what), "frame at %dx%d, %u series", scenes[i].width, scenes[i].height,
                 scenes[i].sensors);
        double bytes = run_child(scenes[i].sensors, scenes[i].width, scenes[i].height, &result);
        if (result.error[0] != '\0')
            printf("%s %-44s %s\n", i == 0 ? "(c)" : "   ", what, result.error);
        else
            printf("%s %-44s %8.3f ms CPU %8.0f bytes\n", i == 0 ? "(c)" : "   ", what,
                   bench_median(result.ms, FRAMES), bytes / FRAMES);
    }
}
