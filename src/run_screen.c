#include "app.h"

#include "core/unit.h"
#include "config.h"
#include "config_save.h"
#include "signals.h"
#include "source/moment.h"
#include "ui/term.h"
#include "ui/theme_file.h"
#include "ui/ui.h"
#include "usage.h"

#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK (TIMESTAMP_SECOND / 10)      /* for new data, which wakes nobody ... */
#define FRAME (TIMESTAMP_SECOND / 6)      /* ... and is shown no faster than anybody reads */
#define KEY_FRAME (TIMESTAMP_SECOND / 50) /* but a key shows its effect sooner */

struct screen {
    struct app app;
    struct term *term;
    struct ui *ui;
    struct snapshot snapshot;
    struct connection connection;
    uint64_t drawn; /* engine generation on the screen */
    timestamp drawn_at;
    timestamp broker_due; /* when to look whether the private broker still lives */
    bool broker_lost;
    uint64_t rung; /* alarms that the bell has told */
    timestamp rung_at;
    bool key_waits; /* a key has changed something that is not drawn yet */
    struct usage usage;
    bool quit;
};

/* By enum fault_kind; its first is none. */
static const char *const *fault_names(void)
{
    static const char *names[FAULT_KINDS];
    for (int i = 0; i < FAULT_KINDS; i++)
        names[i] = fault_name((enum fault_kind)i);
    return names;
}

static void gather_facts(struct screen *screen, struct ui_facts *facts)
{
    struct sim_status sim = {0};
    if (screen->app.sim)
        sim_get_status(screen->app.sim, &sim);
    *facts = (struct ui_facts){
        .sim_running = sim.running,
        .sim_sensors = sim.sensors,
        .own_broker = screen->app.broker != NULL,
        .readonly = screen->app.options->readonly || screen->app.replay != NULL,
        .started = screen->app.started,
        .detector = screen->app.options->detector,
        .window = screen->app.options->window,
        .dropped = link_dropped(screen->app.link),
        /* Nobody lives with a replay: what it takes says nothing, and passes in other seconds. */
        .usage = screen->app.replay ? NULL : &screen->usage,
        .faults = fault_names(),
        .fault_count = FAULT_KINDS,
        .mappings = &screen->app.options->mappings,
    };
    memcpy(facts->sim_trouble, sim.trouble, sizeof facts->sim_trouble);
}

/* A replay's clock is the recorded one, in the header as in its ages. */
static timestamp screen_clock(const struct screen *screen)
{
    return screen->app.replay ? engine_now(screen->app.engine) : app_clock();
}

/* What the screen is about now: the selection is where the keys have moved it. */
static void look(struct screen *screen)
{
    struct snapshot_request request;
    screen->drawn = engine_generation(screen->app.engine);
    ui_request(screen->ui, screen_clock(screen), &request);
    engine_snapshot(screen->app.engine, &request, &screen->snapshot);
    ui_answer(screen->ui, &screen->snapshot);
}

/* At most once a second; alarms meanwhile share the next one. */
static void ring(struct screen *screen)
{
    uint64_t alarms = screen->snapshot.totals.alarms;
    timestamp now = moment_now().steady;
    if (alarms <= screen->rung || now - screen->rung_at < TIMESTAMP_SECOND)
        return;
    screen->rung = alarms;
    screen->rung_at = now;
    term_bell(screen->term);
}

static void draw(struct screen *screen)
{
    struct ui_facts facts;
    gather_facts(screen, &facts);
    look(screen);
    engine_get_connection(screen->app.engine, &screen->connection);
    term_show(screen->term, ui_draw(screen->ui, &screen->snapshot, &screen->connection, &facts,
                                    screen_clock(screen)));
    if (screen->app.options->bell)
        ring(screen);
    screen->drawn_at = app_clock();
    screen->key_waits = false;
}

static void suspend(struct screen *screen)
{
    term_suspend(screen->term);
    signals_stop_here();
    term_resume(screen->term);
    screen->key_waits = true;
}

static void resize(struct screen *screen)
{
    int width, height;
    term_resized(screen->term);
    term_size(screen->term, &width, &height);
    ui_resize(screen->ui, width, height);
    screen->key_waits = true;
}

/* What the screen shows of the selected series, sanitised as all that is on it. */
static void copy(struct screen *screen)
{
    const struct card *card = &screen->snapshot.card;
    char text[2048];
    if (!card->valid) {
        ui_message(screen->ui, "No sensor is selected.");
        return;
    }
    snprintf(text, sizeof text, "%s %.10g%s%s", card->topic, card->row.value,
             *card->row.unit ? " " : "", unit_symbol(card->row.unit));
    term_copy(screen->term, text);
    char said[sizeof text + 16];
    snprintf(said, sizeof said, "copied: %s", text);
    ui_message(screen->ui, said);
}

static void change_theme(struct screen *screen)
{
    char error[256];
    struct theme theme;
    if (theme_load(&theme, ui_setup(screen->ui)->theme, error, sizeof error))
        term_set_theme(screen->term, &theme);
    else
        ui_message(screen->ui, error);
}

/* What was changed on the setup screen, and nothing else, into the user's file. */
static void save(struct screen *screen)
{
    struct setup *setup = ui_setup(screen->ui);
    struct config_entry entries[6];
    char columns[COLUMNS_TEXT], threshold[32], path[PATH_MAX], said[PATH_MAX + 64];
    size_t count = 0;
    columns_print(&setup->columns, columns, sizeof columns);
    if (setup->changed & SETUP_THEME)
        entries[count++] = (struct config_entry){"theme", setup->theme};
    if (setup->changed & SETUP_SPAN)
        entries[count++] = (struct config_entry){"span", setup_span_name(setup->span)};
    if (setup->changed & SETUP_TREND)
        entries[count++] = (struct config_entry){"trend", trend_tier_name(setup->trend.tier)};
    if (setup->changed & SETUP_SCALE)
        entries[count++] =
            (struct config_entry){"trend-scale", trend_scale_name(setup->trend.common)};
    if (setup->changed & SETUP_COLUMNS)
        entries[count++] = (struct config_entry){"columns", columns};
    if (setup->changed & SETUP_THRESHOLD) {
        snprintf(threshold, sizeof threshold, "%g", setup->threshold);
        entries[count++] = (struct config_entry){"threshold", threshold};
    }
    if (count == 0)
        snprintf(said, sizeof said, "Nothing has been changed.");
    else if (!config_path(screen->app.options, path, sizeof path))
        snprintf(said, sizeof said, "Not saved: HOME is not set, and no --config.");
    else if (config_save(path, entries, count, said, sizeof said)) {
        snprintf(said, sizeof said, "Saved to %s", path);
        setup->changed = 0;
    }
    ui_message(screen->ui, said);
}

static void kill_targets(struct screen *screen, enum sim_end how)
{
    size_t count;
    const char *const *targets = ui_targets(screen->ui, &count);
    for (size_t i = 0; i < count; i++)
        if (!app_kill(&screen->app, targets[i], how))
            ui_message(screen->ui, "no simulated sensor of this name runs any more");
}

static void inject_targets(struct screen *screen)
{
    size_t count;
    const char *const *targets = ui_targets(screen->ui, &count);
    enum fault_kind kind = (enum fault_kind)ui_fault(screen->ui);
    const char *trouble = count == 0 ? app_inject(&screen->app, "", kind) : NULL;
    for (size_t i = 0; i < count; i++) {
        const char *why = app_inject(&screen->app, targets[i], kind);
        trouble = why ? why : trouble;
    }
    if (trouble)
        ui_message(screen->ui, trouble);
}

static void carry_out(struct screen *screen, enum intent intent)
{
    struct app *app = &screen->app;
    switch (intent) {
    case INTENT_QUIT:
        screen->quit = true;
        break;
    case INTENT_SUSPEND:
        suspend(screen);
        break;
    case INTENT_MOUSE:
        term_mouse(screen->term, ui_wants_mouse(screen->ui));
        break;
    case INTENT_REDRAW:
        term_redraw(screen->term);
        break;
    case INTENT_THEME:
        change_theme(screen);
        break;
    case INTENT_SAVE:
        save(screen);
        break;
    case INTENT_COPY:
        copy(screen);
        break;
    case INTENT_SIM_TOGGLE:
        app_toggle(app);
        break;
    case INTENT_SIM_SPAWN:
        app_spawn(app, -1);
        break;
    case INTENT_SIM_KILL:
    case INTENT_SIM_CRASH:
        kill_targets(screen, intent == INTENT_SIM_CRASH ? SIM_END_CRASH : SIM_END_GRACEFUL);
        break;
    case INTENT_SIM_FAULT:
        inject_targets(screen);
        break;
    case INTENT_NONE:
        break;
    }
}

static uint32_t take_mouse(struct screen *screen, uint32_t key)
{
    int x, y;
    term_pointer(screen->term, &x, &y);
    return ui_mouse(screen->ui, key, x, y, app_clock());
}

static void take_keys(struct screen *screen)
{
    uint32_t key;
    while (!screen->quit && (key = term_key(screen->term)) != KEY_NONE) {
        if (key == KEY_CLOSED) {
            screen->quit = true;
        } else if (key == KEY_RESIZE_) {
            resize(screen);
        } else {
            struct ui_facts facts;
            gather_facts(screen, &facts);
            /* Keys typed ahead of the screen: this one means what the ones before it selected. */
            if (screen->key_waits && key != KEY_DRAG)
                look(screen);
            if (keys_of_mouse(key))
                key = take_mouse(screen, key);
            enum intent intent =
                ui_key(screen->ui, key, screen->app.engine, &facts, screen_clock(screen));
            carry_out(screen, intent);
            screen->key_waits = true;
        }
    }
}

static void take_signals(struct screen *screen)
{
    int number;
    while ((number = signals_next()) != 0) {
        if (signals_asks_to_end(number))
            screen->quit = true;
        else if (number == SIGWINCH)
            resize(screen);
        else if (number == SIGTSTP)
            suspend(screen);
        else if (number == SIGCONT) {
            term_redraw(screen->term);
            screen->key_waits = true;
        }
    }
}

/* Microseconds until the next frame is due; data waits longer than a key, ages and the clock move
 * once a second. */
static timestamp until_frame(const struct screen *screen)
{
    timestamp since = app_clock() - screen->drawn_at;
    timestamp wait = TIMESTAMP_SECOND;
    if (screen->key_waits)
        wait = KEY_FRAME;
    else if (engine_generation(screen->app.engine) != screen->drawn)
        wait = FRAME;
    /* A clock set back must not freeze the picture. */
    return since < 0 || since >= wait ? 0 : wait - since;
}

/* Once a second; what is said is said once. */
static void watch_broker(struct screen *screen)
{
    struct app *app = &screen->app;
    timestamp now = moment_now().steady;
    if (!app->broker || screen->broker_lost || now < screen->broker_due)
        return;
    screen->broker_due = now + TIMESTAMP_SECOND;
    if (!broker_dead(app->broker))
        return;
    screen->broker_lost = true;
    engine_note(app->engine, app_clock(), EVENT_CONNECTION, "broker",
                "the private broker has ended");
    ui_message(screen->ui, "The private broker has ended: press q and start again");
    screen->key_waits = true;
}

static void loop(struct screen *screen)
{
    struct pollfd watched[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                               {.fd = signals_fd(), .events = POLLIN}};
    while (!screen->quit) {
        timestamp wait = until_frame(screen);
        if (wait == 0)
            wait = term_wait(screen->term, screen->key_waits);
        if (wait == 0) {
            draw(screen);
            continue;
        }
        if (wait > LOOK)
            wait = LOOK;
        poll(watched, 2, (int)(wait / 1000) + 1);
        take_signals(screen);
        if (watched[0].revents)
            take_keys(screen);
        watch_broker(screen);
        usage_look(&screen->usage, moment_now().steady);
    }
}

/* Signal handler, when the main thread hangs: in a write to a terminal that nobody reads. */
static void end_now(void)
{
    broker_end_now();
    term_restore();
    _exit(EXIT_DONE);
}

/* The recording has standard input to itself; keys come from the terminal. */
static void take_keyboard(void)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal >= 0)
        dup2(terminal, STDIN_FILENO);
    if (terminal > STDIN_FILENO)
        close(terminal);
}

int app_run_screen(const struct options *options)
{
    char error[256];
    static const struct app_hooks no_hooks;
    struct screen screen = {0};
    struct theme theme;
    bool piped = options->replay && strcmp(options->replay, "-") == 0;
    if (!theme_load(&theme, options->theme, error, sizeof error)) {
        fprintf(stderr, "dt-top: %s\n", error);
        return EXIT_USAGE;
    }
    if ((!piped && !isatty(STDIN_FILENO)) || !isatty(STDOUT_FILENO)) {
        fputs("dt-top: the screen needs a terminal; use --batch in pipes and scripts\n", stderr);
        return EXIT_FAILED;
    }
    if (!signals_open(true)) {
        snprintf(error, sizeof error, "cannot catch signals: %s", strerror(errno));
        goto failed;
    }
    signals_insist(end_now);
    if (!app_start(&screen.app, options, NULL, &no_hooks, error, sizeof error))
        goto failed;
    if (piped)
        take_keyboard();
    screen.term = term_open(&(struct term_options){.ascii = options->ascii,
                                                   .colour = !options->no_color,
                                                   .theme = &theme,
                                                   .slow = options->slow},
                            error, sizeof error);
    if (!screen.term) {
        app_stop(&screen.app);
        goto failed;
    }
    screen.ui = ui_new(options->ascii);
    struct setup *setup = ui_setup(screen.ui);
    snprintf(setup->theme, sizeof setup->theme, "%s", options->theme);
    setup->span = options->span;
    setup->trend = options->trend;
    setup->threshold = options->threshold;
    setup->columns = options->columns;
    ui_set_up(screen.ui);
    if (options->filter)
        ui_set_filter(screen.ui, options->filter, error, sizeof error);
    term_mouse(screen.term, ui_wants_mouse(screen.ui));
    resize(&screen);
    draw(&screen);
    loop(&screen);
    term_close(screen.term);
    app_stop(&screen.app);
    snapshot_fini(&screen.snapshot);
    ui_free(screen.ui);
    signals_close();
    return EXIT_DONE;
failed:
    signals_close();
    fprintf(stderr, "dt-top: %s\n", error);
    return EXIT_FAILED;
}
