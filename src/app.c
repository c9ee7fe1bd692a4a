#include "app.h"

#include "core/text.h"
#include "core/xalloc.h"
#include "source/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#define DEMO_SPIKE_EVERY (20 * TIMESTAMP_SECOND)
#define PLAIN_PORT 1883
#define TLS_PORT 8883

timestamp app_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (timestamp)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

/* NULL for none: what is empty counts as none, too. */
static void keep(char **out, const char *text)
{
    *out = text && *text ? xstrdup(text) : NULL;
}

/* TLS is on where the address or an option says so; the other options of TLS are no good without
 * it, and somebody who gives one does not want to speak in the clear. */
static bool choose_tls(struct app *app, struct url *url, char *error, size_t size)
{
    const struct tls_options *tls = &app->options->tls;
    app->tls = *tls;
    url->tls = url->tls || tls->cafile || tls->capath || tls->cert || tls->key || tls->psk;
    if (url->port == 0 && !url->unix_socket)
        url->port = url->tls ? TLS_PORT : PLAIN_PORT;
    app->tls.on = url->tls;
    if (!url->tls && (tls->version || tls->alpn || tls->insecure || tls->psk_identity)) {
        snprintf(error, size,
                 "an option of TLS is given, but TLS is off: connect with -L mqtts://..., or name "
                 "--cafile");
        return false;
    }
    if (url->tls && url->unix_socket) {
        snprintf(error, size, "no TLS on a unix socket: leave its options out");
        return false;
    }
    return !url->tls || tls_check(tls, url->host, error, size);
}

/* From --url or --host, --port, --username, --pw. */
static bool find_broker(struct app *app, struct url *url, char *error, size_t size)
{
    const struct options *options = app->options;
    memset(url, 0, sizeof *url);
    if (options->url) {
        if (!url_parse(options->url, url, error, size))
            return false;
    } else {
        copy(url->host, sizeof url->host, options->host);
        url->unix_socket = options->host[0] == '/';
        url->port = url->unix_socket ? 0 : options->port;
        url->tls = options->port == TLS_PORT;
    }
    if (!choose_tls(app, url, error, size))
        return false;
    copy(app->host, sizeof app->host, url->host);
    app->port = url->port;
    keep(&app->username, url->has_username ? url->username : options->username);
    keep(&app->password, url->has_password ? url->password : options->password);
    if (app->password && !app->username && options->version == 4) {
        snprintf(error, size, "a password needs a user name with MQTT 3.1.1: add -u NAME, or -V 5");
        return false;
    }
    char shown[sizeof app->where];
    url_show(url, shown, sizeof shown);
    text_sanitise(app->where, sizeof app->where, shown, strlen(shown), 120);
    return true;
}

static bool start_private_broker(struct app *app, char *error, size_t size)
{
    app->broker = broker_start(error, size);
    if (!app->broker)
        return false;
    copy(app->host, sizeof app->host, broker_socket(app->broker));
    app->port = 0;
    copy(app->where, sizeof app->where, "private broker");
    return true;
}

static void start_link(struct app *app, struct url *url, const struct app_hooks *hooks)
{
    const struct options *options = app->options;
    char everything[] = "digital_twin/#";
    char *fallback[] = {*url->topic ? url->topic : everything};
    bool given = options->topic_count > 0;
    app->link = link_start(
        &(struct link_options){
            .host = app->host,
            .port = app->port,
            .topics = given ? options->topics : fallback,
            .topic_count = given ? options->topic_count : 1,
            .filter_out = options->filter_out,
            .filter_out_count = options->filter_out_count,
            .qos = options->qos,
            .username = app->username,
            .password = app->password,
            .id = options->id,
            .id_prefix = options->id_prefix,
            .keep_session = options->keep_session,
            .will = {.topic = options->will_topic,
                     .payload = options->will_payload,
                     .qos = options->will_qos,
                     .retain = options->will_retain},
            .tls = app->tls,
            .keepalive = options->keepalive,
            .version = options->version,
            .count = options->count,
            .mappings = &options->mappings,
            .show = app->where,
        },
        app->engine, hooks->on_burst, hooks->context);
}

static bool start_replay(struct app *app, const struct app_hooks *hooks, char *error, size_t size)
{
    const struct options *options = app->options;
    copy(app->where, sizeof app->where, options->replay);
    app->replay = replay_start(
        &(struct replay_options){
            .path = options->replay,
            .speed = options->speed >= 0 ? options->speed
                     : options->batch    ? 0
                                         : 1,
            .topics = options->topics,
            .topic_count = options->topic_count,
            .filter_out = options->filter_out,
            .filter_out_count = options->filter_out_count,
            .count = options->count,
            .mappings = &options->mappings,
        },
        app->engine, hooks->on_burst, hooks->on_end, hooks->context, error, size);
    return app->replay != NULL;
}

static struct engine *new_engine(const struct options *options, const struct engine_tap *tap)
{
    const struct detector_type *list[DETECTORS_MOST] = {NULL};
    unsigned count = detector_parse(options->detector, list);
    struct fleet_options fleet = {
        .detector = list[0],
        .detection = {.threshold = options->threshold,
                      .min_samples = (uint16_t)options->min_samples},
        .limits = &options->limits,
        .window = (uint16_t)options->window,
        .memory = options->memory,
        .max_series = options->max_series,
    };
    for (unsigned i = 1; i < count; i++)
        fleet.beside[i - 1] = list[i];
    return engine_new(&fleet, tap);
}

bool app_start(struct app *app, const struct options *options, const struct engine_tap *tap,
               const struct app_hooks *hooks, char *error, size_t size)
{
    struct url url;
    *app = (struct app){.options = options, .started = app_clock()};
    url = (struct url){0};
    /* A broker named in the configuration is none of a demo's or a replay's business, nor is its
     * password. */
    if (!options->demo && !options->replay && !find_broker(app, &url, error, size))
        return false;
    /* The broker is forked before any thread exists. */
    if (options->demo && !start_private_broker(app, error, size))
        return false;
    app->engine = new_engine(options, tap);
    if (options->replay && !start_replay(app, hooks, error, size)) {
        app_stop(app);
        return false;
    }
    if (!options->replay)
        start_link(app, &url, hooks);
    explicit_bzero(url.password, sizeof url.password);
    for (int i = 0; i < options->sim_count && (i == 0 || app->sim); i++)
        app_spawn(app, -1);
    return true;
}

void app_end_source(struct app *app)
{
    if (app->link && !link_stop(app->link))
        app->link_hangs = true;
    app->link = NULL;
    replay_stop(app->replay);
    app->replay = NULL;
    sim_stop(app->sim);
    app->sim = NULL;
}

/* A link thread that hangs in a name look-up keeps the engine: both
 * die with the process. */
void app_stop(struct app *app)
{
    app_end_source(app);
    if (!app->link_hangs)
        engine_free(app->engine);
    broker_stop(app->broker);
    if (app->password)
        explicit_bzero(app->password, strlen(app->password));
    free(app->username);
    free(app->password);
    app->username = app->password = NULL;
}

static uint64_t random_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed = (uint64_t)app_clock();
    return seed;
}

/* Each simulated sensor is a client of its own: three descriptors. */
static void allow_many_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* false: why not stands in the event log. */
static bool start_sim(struct app *app)
{
    const struct options *options = app->options;
    char error[160];
    bool own = app->broker != NULL;
    uint64_t seed = options->has_seed ? options->seed : random_seed();
    char tag[8] = "";
    if (!own)
        snprintf(tag, sizeof tag, "%04X", (unsigned)(seed & 0xffff));
    allow_many_files();
    app->sim = sim_start(
        &(struct sim_options){
            .host = app->host,
            .port = app->port,
            .username = app->username,
            .password = app->password,
            .tls = app->tls,
            .keepalive = options->keepalive,
            .version = options->version,
            .place = options->place,
            .tag = tag,
            .period = options->period,
            .spike_every = own ? DEMO_SPIKE_EVERY : 0,
            .seed = seed,
        },
        error, sizeof error);
    if (!app->sim)
        engine_note(app->engine, app_clock(), EVENT_NOTE, "simulator", error);
    return app->sim != NULL;
}

void app_spawn(struct app *app, int kind)
{
    char id[SIM_ID];
    if (!app->sim && !start_sim(app))
        return;
    enum sim_kind which =
        kind < 0 ? (enum sim_kind)(app->spawned % SIM_KINDS) : (enum sim_kind)kind;
    app->spawned++;
    sim_spawn(app->sim, which, id);
    engine_mark_simulated(app->engine, id, true);
    engine_note(app->engine, app_clock(), EVENT_NOTE, id, "simulated sensor started");
}

bool app_kill(struct app *app, const char *id, enum sim_end how)
{
    if (!app->sim || !sim_kill(app->sim, id, how))
        return false;
    engine_note(app->engine, app_clock(), EVENT_NOTE, id,
                how == SIM_END_CRASH ? "simulated crash: the connection breaks off"
                                     : "simulated sensor ended");
    return true;
}

const char *app_inject(struct app *app, const char *id, enum fault_kind kind)
{
    char text[64];
    if (app->sim && *id && !sim_suits(app->sim, id, kind))
        return "a sensor that knows only on and off gets stuck or silent, nothing else";
    if (!app->sim || !sim_inject(app->sim, id, &kind))
        return "no simulated sensor of this name runs any more";
    snprintf(text, sizeof text, "fault injected: %s", fault_name(kind));
    engine_note(app->engine, app_clock(), EVENT_NOTE, *id ? id : "simulator", text);
    return NULL;
}

void app_toggle(struct app *app)
{
    struct sim_status status;
    if (!app->sim) {
        app_spawn(app, -1);
        return;
    }
    sim_toggle(app->sim);
    sim_get_status(app->sim, &status);
    engine_note(app->engine, app_clock(), EVENT_NOTE, "simulator",
                status.running ? "all simulated sensors on" : "all simulated sensors off");
}
