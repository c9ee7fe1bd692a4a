#include "app.h"

#include "out/csv_lines.h"
#include "out/jsonl.h"
#include "out/table.h"
#include "signals.h"
#include "source/moment.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK (TIMESTAMP_SECOND / 10) /* how often the connection's state is looked at */

struct batch_run {
    struct app app;
    const struct options *options;
    const char *detector; /* the one that counts */
    struct writer writer; /* lines: the source's thread until it ends; table: main */
    atomic_bool ended;    /* enough messages, the recording is through, or the reader has gone */
    atomic_bool fed;      /* a message came, maybe between two looks at the connection */
    char told[192];       /* the trouble that stderr has been told last */
    bool hinted;          /* stderr has been told that nothing comes */
    bool was_live;
    bool is_live;   /* when last looked at */
    bool failed;    /* the recording could not be played */
    bool replaying; /* the recorded time is the clock */
    struct query filter, until;
    timestamp end;                    /* when the source had ended */
    char met_by[2 * TEXT_NAME_BYTES]; /* source thread, before met: the series that made ... */
    atomic_bool met;                  /* ... until come true */
    atomic_bool passed;               /* something passed the filter */
};

/* To stderr, unless its reader takes nothing: that may be the one of our output. */
__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    char text[768];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (poll(&room, 1, 0) > 0)
        fprintf(stderr, "dt-top: %s", text);
}

static void end(struct batch_run *run)
{
    atomic_store(&run->ended, true);
    signals_wake();
}

static void meet(struct batch_run *run)
{
    atomic_store(&run->met, true);
    engine_close(run->app.engine);
    end(run);
}

/* Source thread: a state may have changed, of any series. */
static void on_tick(void *context, timestamp now)
{
    struct batch_run *run = context;
    if (run->until.count > 0 && !atomic_load(&run->met) &&
        engine_matches(run->app.engine, &run->until, now, run->met_by, sizeof run->met_by))
        meet(run);
}

/* Source thread: each reading by itself, for the next one may be calm again. */
static bool comes_true(struct batch_run *run, const struct outcome *outcome)
{
    struct query_row row;
    if (run->until.count == 0 || outcome->type != OUTCOME_READING)
        return false;
    query_row_outcome(&row, outcome, run->until.uses);
    if (!query_matches(&run->until, &row))
        return false;
    series_title(outcome->series, run->met_by, sizeof run->met_by);
    return true;
}

static void print_outcome(struct batch_run *run, const struct outcome *outcome)
{
    struct query_row row;
    if (run->options->format == BATCH_TABLE)
        return;
    if (run->filter.count > 0) {
        query_row_outcome(&row, outcome, run->filter.uses);
        if (!query_matches(&run->filter, &row))
            return;
        atomic_store(&run->passed, true);
    }
    if (run->options->format == BATCH_CSV)
        csv_lines_outcome(&run->writer, outcome);
    else
        jsonl_outcome(&run->writer, run->options->only, outcome);
}

/* Source thread. Nothing is printed behind what was waited for. */
static void on_outcomes(void *context, const struct outcomes *outcomes)
{
    struct batch_run *run = context;
    bool other = false;
    for (size_t i = 0; i < outcomes->count && !atomic_load(&run->met); i++) {
        print_outcome(run, &outcomes->list[i]);
        other |= outcomes->list[i].type != OUTCOME_READING;
        if (comes_true(run, &outcomes->list[i]))
            meet(run);
    }
    if (other)
        on_tick(run, engine_now(run->app.engine));
    if (run->options->format != BATCH_TABLE && !writer_flush(&run->writer))
        end(run);
}

/* Source thread. */
static void on_burst(void *context, uint64_t messages)
{
    struct batch_run *run = context;
    atomic_store(&run->fed, true);
    if (run->options->count && messages >= run->options->count)
        end(run);
}

/* Source thread. */
static void on_end(void *context)
{
    end(context);
}

/* Trouble goes to stderr once, not at every attempt. */
static void tell_connection(struct batch_run *run)
{
    struct connection connection;
    engine_get_connection(run->app.engine, &connection);
    run->is_live = connection.state == CONNECTION_LIVE;
    if (run->is_live) {
        run->was_live = true;
        if (*run->told)
            tell("connected to %s\n", connection.where);
        *run->told = '\0';
        if (*connection.hint && !run->hinted)
            tell("%s: %s\n", connection.where, connection.hint);
        run->hinted = *connection.hint != '\0';
    } else if (*connection.reason && strcmp(connection.reason, run->told) != 0) {
        tell("%s: %s%s\n", connection.where, connection.reason,
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
                                               .rows = UINT32_MAX,
                                               .filter = &run->filter},
                    &snapshot);
    engine_get_connection(run->app.engine, &connection);
    table_print(&run->writer, &snapshot, &connection);
    if (!writer_flush(&run->writer))
        atomic_store(&run->ended, true);
    snapshot_fini(&snapshot);
}

static bool signalled(void)
{
    int number;
    while ((number = signals_next()) != 0)
        if (number != SIGNALS_WAKE)
            return true;
    return false;
}

/* Has the reader of our output gone? */
static bool reader_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO};
    return poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLNVAL));
}

/* The first slot still to come: those that a stalled reader or a stopped process has missed are
 * not made up for. */
static timestamp next_slot(timestamp slot, timestamp interval)
{
    timestamp late = moment_now().steady - slot;
    return slot + (late / interval + 1) * interval;
}

/* Until the source is through or somebody wants an end. Who asks for one does not wait for a
 * reader that takes nothing; whose recording or count is through has all the time. */
static void loop(struct batch_run *run)
{
    const struct options *options = run->options;
    timestamp start = moment_now().steady, table_due = start + options->interval;
    struct pollfd watched = {.fd = signals_fd(), .events = POLLIN};
    for (;;) {
        poll(&watched, 1, (int)(LOOK / 1000));
        tell_connection(run);
        timestamp now = moment_now().steady;
        if (signalled() || (options->timeout && now - start >= options->timeout)) {
            writer_stop(&run->writer);
            return;
        }
        if (reader_gone() || atomic_load(&run->ended))
            return;
        if (options->format == BATCH_TABLE && now >= table_due) {
            print_table(run);
            table_due = next_slot(table_due, options->interval);
        }
    }
}

static void summarise(void *context, const struct series *series)
{
    struct batch_run *run = context;
    struct query_row row;
    query_row_series(&row, series, run->end, run->filter.uses);
    if (query_matches(&run->filter, &row))
        jsonl_summary(&run->writer, run->detector, series);
}

/* Only after the source has ended: nobody else writes any more. */
static void print_end(struct batch_run *run)
{
    run->end = run->replaying ? engine_now(run->app.engine) : app_clock();
    on_tick(run, run->end); /* the last word, whatever ended the run */
    if (run->options->format == BATCH_TABLE) {
        char tally[128];
        print_table(run);
        if (atomic_load(&run->met)) {
            writer_format(&run->writer, "until %s: %s\n", run->options->until, run->met_by);
            writer_flush(&run->writer);
        }
        if (engine_tally(run->app.engine, tally, sizeof tally)) {
            writer_format(&run->writer, "anomalies by detector: %s\n", tally);
            writer_flush(&run->writer);
        }
        return;
    }
    if (run->options->format == BATCH_CSV)
        return;
    struct fleet_totals totals;
    timestamp now = run->end;
    engine_totals(run->app.engine, &totals);
    if (run->options->only & JSONL_SUMMARY) {
        writer_hold(&run->writer); /* the engine is locked meanwhile */
        engine_each_series(run->app.engine, summarise, run);
        writer_flush(&run->writer);
    }
    if (run->options->only & JSONL_STATUS)
        jsonl_status(&run->writer, now, run->is_live, &totals);
}

/* An empty output says nothing of why. */
static void tell_filter(struct batch_run *run)
{
    struct fleet_totals totals;
    if (run->filter.count == 0 || atomic_load(&run->passed) ||
        engine_matches(run->app.engine, &run->filter, run->end, NULL, 0))
        return;
    engine_totals(run->app.engine, &totals);
    if (totals.series > 0)
        tell("0 of %u series match the filter %s\n", (unsigned)totals.series, run->options->filter);
}

/* Everything has been written that will be; false: something was lost. */
static bool all_written(const struct batch_run *run)
{
    int error = run->writer.error;
    if (error == 0 || error == EPIPE)
        return true;
    tell("cannot write: %s\n",
         error == ECANCELED ? "nobody reads the output; the rest of it is lost" : strerror(error));
    return false;
}

/* The source's thread hangs, in a name look-up or in our output: it still uses all that is here,
 * so that nothing is written over, freed or returned from. */
static void leave_behind(struct batch_run *run)
{
    app_stop(&run->app);
    tell("the connection could not be ended; what was left to write is lost\n");
    _exit(EXIT_FAILED);
}

int app_run_batch(const struct options *options)
{
    char error[256];
    struct batch_run run = {.options = options, .replaying = options->replay != NULL};
    bool lines = options->format != BATCH_TABLE, csv = options->format == BATCH_CSV;
    const struct detector_type *detectors[DETECTORS_MOST];
    if (detector_parse(options->detector, detectors) > 0)
        run.detector = detectors[0]->name;
    struct engine_tap tap = {.on_outcomes = on_outcomes,
                             .on_tick = on_tick,
                             .context = &run,
                             .readings = csv || (lines && (options->only & JSONL_READING)) ||
                                         options->until};
    struct app_hooks hooks = {on_burst, on_end, &run};
    if (options->tls.insecure)
        fprintf(stderr, "dt-top: INSECURE: the name in the broker's certificate is not checked\n");
    if (options->filter)
        query_parse(&run.filter, options->filter, error, sizeof error);
    if (options->until)
        query_parse(&run.until, options->until, error, sizeof error);
    if (!lines && options->only != JSONL_DEFAULT)
        tell("--only picks types of JSON lines (--format jsonl): tables hold all\n");
    writer_init(&run.writer, STDOUT_FILENO);
    if (csv)
        csv_lines_header(&run.writer);
    if (!signals_open(false) || !app_start(&run.app, options, lines || options->until ? &tap : NULL,
                                           &hooks, error, sizeof error)) {
        fprintf(stderr, "dt-top: %s\n", error);
        return EXIT_FAILED;
    }
    if (!lines)
        writer_listen(&run.writer, signals_fd(), signalled);
    loop(&run);
    tell_connection(&run);
    bool unreached = !run.replaying && !run.was_live && !atomic_load(&run.fed);
    run.failed = run.replaying && replay_failed(run.app.replay);
    app_end_source(&run.app);
    if (run.app.link_hangs)
        leave_behind(&run);
    writer_listen(&run.writer, signals_fd(), signalled);
    print_end(&run);
    tell_filter(&run);
    writer_fini(&run.writer);
    app_stop(&run.app);
    signals_close();
    if (!all_written(&run))
        return EXIT_FAILED;
    if (unreached) {
        tell("never reached %s%s%s\n", run.app.where, *run.told ? ": " : "", run.told);
        return EXIT_FAILED;
    }
    if (run.failed)
        return EXIT_FAILED;
    return options->until && !atomic_load(&run.met) ? EXIT_UNMET : EXIT_DONE;
}
