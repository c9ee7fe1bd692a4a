#include "app.h"

#include "out/jsonl.h"
#include "out/table.h"
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK (TIMESTAMP_SECOND / 10) /* how often the connection's state is looked at */

struct batch_run {
    struct app app;
    const struct options *options;
    struct writer writer; /* JSON lines: the source's thread until it ends; table: main */
    atomic_bool ended;    /* enough messages, the recording is through, or the reader has gone */
    char told[192];       /* the trouble that stderr has been told last */
    bool hinted;          /* stderr has been told that nothing comes */
    bool was_live;
    bool replaying; /* the recorded time is the clock */
};

/* Source thread. */
static void on_outcomes(void *context, const struct outcomes *outcomes)
{
    struct batch_run *run = context;
    for (size_t i = 0; i < outcomes->count; i++)
        jsonl_outcome(&run->writer, run->options->only, &outcomes->list[i]);
    if (!writer_flush(&run->writer)) {
        atomic_store(&run->ended, true);
        signals_wake();
    }
}

/* Source thread. */
static void on_burst(void *context, uint64_t messages)
{
    struct batch_run *run = context;
    if (run->options->count && messages >= run->options->count) {
        atomic_store(&run->ended, true);
        signals_wake();
    }
}

/* Source thread. */
static void on_end(void *context)
{
    struct batch_run *run = context;
    atomic_store(&run->ended, true);
    signals_wake();
}

/* Trouble goes to stderr once, not at every attempt. */
static void tell_connection(struct batch_run *run)
{
    struct connection connection;
    engine_get_connection(run->app.engine, &connection);
    if (connection.state == CONNECTION_LIVE) {
        run->was_live = true;
        if (*run->told)
            fprintf(stderr, "dt-top: connected to %s\n", connection.where);
        *run->told = '\0';
        if (*connection.hint && !run->hinted)
            fprintf(stderr, "dt-top: %s: %s\n", connection.where, connection.hint);
        run->hinted = *connection.hint != '\0';
    } else if (*connection.reason && strcmp(connection.reason, run->told) != 0) {
        fprintf(stderr, "dt-top: %s: %s%s\n", connection.where, connection.reason,
                run->replaying ? "" : "; trying again");
        memcpy(run->told, connection.reason, sizeof run->told);
    }
}

static void print_table(struct batch_run *run)
{
    struct snapshot snapshot = {0};
    struct connection connection;
    timestamp now = run->replaying ? engine_now(run->app.engine) : app_clock();
    engine_snapshot(run->app.engine,
                    &(struct snapshot_request){.now = now,
                                               .as_of = TIMESTAMP_NONE,
                                               .selected = SNAPSHOT_NO_SERIES,
                                               .rows = UINT32_MAX},
                    &snapshot);
    engine_get_connection(run->app.engine, &connection);
    table_print(&run->writer, &snapshot, &connection);
    if (!writer_flush(&run->writer))
        atomic_store(&run->ended, true);
    snapshot_fini(&snapshot);
}

/* Has a signal asked to end, or the reader of our output gone? */
static bool asked_to_end(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO};
    if (poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLNVAL)))
        return true;
    int number;
    while ((number = signals_next()) != 0)
        if (number != SIGNALS_WAKE)
            return true;
    return false;
}

static void loop(struct batch_run *run)
{
    const struct options *options = run->options;
    timestamp start = app_clock(), table_due = start + options->interval;
    struct pollfd watched = {.fd = signals_fd(), .events = POLLIN};
    for (;;) {
        poll(&watched, 1, (int)(LOOK / 1000));
        tell_connection(run);
        timestamp now = app_clock();
        if (asked_to_end() || atomic_load(&run->ended))
            return;
        if (options->timeout && now - start >= options->timeout)
            return;
        if (options->format == BATCH_TABLE && now >= table_due) {
            print_table(run);
            table_due += options->interval;
        }
    }
}

static void summarise(void *context, const struct series *series)
{
    jsonl_summary(context, series);
}

/* After the source has ended: nobody else writes any more. */
static void print_end(struct batch_run *run)
{
    if (run->options->format == BATCH_TABLE) {
        print_table(run);
        return;
    }
    struct fleet_totals totals;
    timestamp now = run->replaying ? engine_now(run->app.engine) : app_clock();
    engine_totals(run->app.engine, &totals);
    if (run->options->only & JSONL_SUMMARY)
        engine_each_series(run->app.engine, summarise, &run->writer);
    if (run->options->only & JSONL_STATUS)
        jsonl_status(&run->writer, now, run->was_live, &totals);
}

int app_run_batch(const struct options *options)
{
    char error[256];
    struct batch_run run = {.options = options, .replaying = options->replay != NULL};
    bool lines = options->format == BATCH_JSONL;
    struct engine_tap tap = {on_outcomes, &run, (options->only & JSONL_READING) != 0};
    struct app_hooks hooks = {on_burst, on_end, &run};
    if (options->tls.insecure)
        fprintf(stderr, "dt-top: INSECURE: the name in the broker's certificate is not checked\n");
    writer_init(&run.writer, STDOUT_FILENO);
    if (!signals_open(false) ||
        !app_start(&run.app, options, lines ? &tap : NULL, &hooks, error, sizeof error)) {
        fprintf(stderr, "dt-top: %s\n", error);
        return EXIT_FAILED;
    }
    loop(&run);
    tell_connection(&run);
    bool unreached = !run.replaying && !run.was_live;
    app_end_source(&run.app);
    print_end(&run);
    writer_fini(&run.writer);
    app_stop(&run.app);
    signals_close();
    if (run.writer.error && run.writer.error != EPIPE) {
        fprintf(stderr, "dt-top: cannot write: %s\n", strerror(run.writer.error));
        return EXIT_FAILED;
    }
    if (unreached) {
        fprintf(stderr, "dt-top: never reached %s%s%s\n", run.app.where, *run.told ? ": " : "",
                run.told);
        return EXIT_FAILED;
    }
    return EXIT_DONE;
}
