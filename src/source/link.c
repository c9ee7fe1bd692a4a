#include "source/link.h"

#include <errno.h>
#include <fcntl.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/payload.h"
#include "core/random.h"
#include "core/text.h"
#include "core/xalloc.h"
#include "source/address.h"
#include "source/backoff.h"
#include "source/link_options.h"
#include "source/session.h"

#define TICK (TIMESTAMP_SECOND / 4)
#define JUMP TIMESTAMP_SECOND           /* of the clock: less makes nobody late */
#define SILENCE (10 * TIMESTAMP_SECOND) /* after that it is time for a hint */
#define STOP_MS 500 /* the simulator has to stop as well, and all of it within a second */

/* Shared by two owners, the main thread and the link thread; the last one to let go frees it, so
 * that a thread left behind keeps its memory. */
struct link {
    atomic_int owners;
    atomic_bool stop;
    pthread_t thread;
    bool running;
    int wake[2]; /* a byte: look at stop and outbox */
    int done[2]; /* closed at the writing end: the thread has ended */
    struct outbox outbox;

    /* The link thread's from here on. */
    struct link_options options; /* copies */
    struct engine *engine;
    void (*on_burst)(void *context, uint64_t messages);
    void *context;
    char *id; /* used where the options have none */
    char where[128];
    struct session_setup setup;
    struct tls *tls; /* NULL: in the clear */
    struct decoder *decoder;
    struct batch batch;
    uint64_t messages;
    uint32_t sessions;
    struct random random;
    struct backoff backoff;
    struct connection connection;
    bool news;           /* the session has changed the connection */
    struct address good; /* where the last live session was, or the last one that was tried */
    bool live;
    uint64_t before;              /* messages when this session became live */
    timestamp live_since, ticked; /* steady */
    bool unanswered;              /* the hint is that the broker does not answer */
    char logged[192];             /* the failure that the event log told last */
};

static bool open_pipe(int ends[2])
{
    if (pipe(ends) != 0) {
        ends[0] = ends[1] = -1;
        return false;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static void close_end(int end)
{
    if (end >= 0)
        close(end);
}

static void release(struct link *link)
{
    if (atomic_fetch_sub(&link->owners, 1) > 1)
        return;
    close_end(link->wake[0]);
    close_end(link->wake[1]);
    close_end(link->done[0]);
    outbox_fini(&link->outbox);
    tls_free(link->tls);
    decoder_free(link->decoder);
    batch_fini(&link->batch);
    free(link->id);
    link_options_fini(&link->options);
    free(link);
}

static bool stopping(struct link *link)
{
    return atomic_load(&link->stop);
}

static void wake_up(struct link *link)
{
    /* A full pipe wakes as well as one more byte would. */
    ssize_t written = write(link->wake[1], "", 1);
    (void)written;
}

static void drain_wake(struct link *link)
{
    char bytes[64];

    while (read(link->wake[0], bytes, sizeof(bytes)) > 0)
        ;
}

/* text NULL: nothing for the event log. */
static void tell(struct link *link, enum connection_state state, const struct moment *now,
                 const char *text)
{
    bool was_live = link->connection.state == CONNECTION_LIVE;

    if (was_live != (state == CONNECTION_LIVE) || link->connection.state == CONNECTION_NONE)
        link->connection.since = now->wall;
    link->connection.state = state;
    engine_connection(link->engine, &link->connection, now->wall, text);
}

static void tell_trying(struct link *link)
{
    struct moment now = moment_now();

    tell(link, CONNECTION_TRYING, &now, NULL);
}

static void tell_live(struct link *link, const struct moment *now)
{
    char text[200];

    link->live = true;
    link->live_since = now->steady;
    link->before = link->messages;
    link->connection.hint[0] = '\0';
    link->ticked = now->steady - TICK;
    link->logged[0] = '\0';
    link->connection.attempts = 0;
    link->connection.reason[0] = '\0';
    outbox_open(&link->outbox);
    snprintf(text, sizeof(text), "connected to %s", link->connection.where);
    tell(link, CONNECTION_LIVE, now, text);
}

/* The log gets the first failure and each new reason, not every try of a long night. */
static void tell_failure(struct link *link, const struct failure *failure, bool was_live,
                         const struct moment *now, timestamp wait)
{
    char text[224];
    bool news = was_live || strcmp(link->logged, failure->words) != 0;

    snprintf(link->connection.reason, sizeof(link->connection.reason), "%s", failure->words);
    snprintf(link->logged, sizeof(link->logged), "%s", failure->words);
    link->connection.hint[0] = '\0';
    link->connection.attempts++;
    link->connection.next_try = now->wall + wait;
    snprintf(text, sizeof(text), "%s: %s", was_live ? "connection lost" : "cannot connect",
             failure->words);
    tell(link, CONNECTION_WAITING, now, news ? text : NULL);
}

/* Subscribed, and nothing comes: a broker does not tell a topic that nobody uses from one that this
 * user may not read. */
static void tell_silence(struct link *link, const struct moment *now)
{
    struct connection *connection = &link->connection;
    const char *user = link->options.username ? "this user" : "a user without a name (-u)";
    bool all = strcmp(connection->filter, "#") == 0;
    char filter[200];

    text_sanitise(filter, sizeof(filter), connection->filter, strlen(connection->filter), 45);
    snprintf(connection->hint, sizeof(connection->hint),
             "nothing received on %s for 10 s: %smay %s read it (ACL)? does anything publish "
             "there? $ topics need a filter of their own",
             filter, all ? "" : "is the topic right (try -t '#')? ", user);
    tell(link, CONNECTION_LIVE, now, connection->hint);
}

/* Some brokers leave a request without an answer that is for more than they have. */
static void tell_no_answer(struct link *link, const struct moment *now)
{
    struct connection *connection = &link->connection;

    snprintf(connection->hint, sizeof(connection->hint),
             link->options.qos == 2
                 ? "no answer to the subscription: does the broker know QoS 2? try -q 1"
                 : "no answer to the subscription: does the broker hang?");
    tell(link, CONNECTION_LIVE, now, connection->hint);
}

static void watch_silence(struct link *link, const struct session *session,
                          const struct moment *now)
{
    bool silent = link->messages == link->before, answered = session_answered(session);
    char *hint = link->connection.hint;

    if (*hint && (!silent || (answered && link->unanswered))) {
        *hint = '\0';
        tell(link, CONNECTION_LIVE, now, NULL);
    } else if (silent && !*hint && link->live && !answered) {
        link->unanswered = true;
        tell_no_answer(link, now);
    } else if (silent && !*hint && link->live && now->steady - link->live_since >= SILENCE) {
        link->unanswered = false;
        tell_silence(link, now);
    }
}

/* Before what came meanwhile is fed: it has the new time. */
static void watch_clock(struct link *link, const struct moment *before, const struct moment *now)
{
    timestamp jump = moment_jump(before, now);

    if (link->live && jump >= JUMP)
        engine_skip(link->engine, now->wall - jump, now->wall);
}

/* Asked for when somebody looks. A broker that ended the last connection rather than answer (some
 * do that to whoever asks for what he may not have) is left alone. */
static void ask_sys(struct link *link, struct session *session)
{
    if (link->live && link->connection.sys.state == SYS_UNASKED && engine_wants_sys(link->engine))
        session_ask_sys(session);
}

static void forget_sys(struct link *link)
{
    enum sys_state state = link->connection.sys.state;
    bool hung_up = state == SYS_ASKED || state == SYS_HUNG_UP;

    link->connection.sys = (struct sys){.state = hung_up ? SYS_HUNG_UP : SYS_UNASKED};
    link->connection.granted[0] = '\0';
    link->news = false;
}

static void tell_news(struct link *link, const struct moment *now)
{
    if (link->live && link->news) {
        link->news = false;
        tell(link, CONNECTION_LIVE, now, NULL);
    }
}

static void note(struct link *link, const struct moment *now, const char *text)
{
    engine_note(link->engine, now->wall, EVENT_CONNECTION, "broker", text);
}

/* What the turn decoded goes to the engine at once, in one piece. */
static void feed(struct link *link, const struct moment *now)
{
    if (link->batch.message_count > 0) {
        engine_ingest(link->engine, &link->batch);
        batch_reset(&link->batch);
        if (link->on_burst)
            link->on_burst(link->context, link->messages);
    }
    if (link->live && now->steady - link->ticked >= TICK) {
        link->ticked = now->steady;
        engine_tick(link->engine, now->wall);
    }
}

static void send_outbox(struct link *link, struct session *session)
{
    struct outgoing *message = outbox_take(&link->outbox);

    while (message) {
        struct outgoing *next = message->next;
        session_publish(session, message);
        free(message);
        message = next;
    }
}

static int milliseconds(timestamp wait)
{
    return wait <= 0 ? 0 : (int)((wait + 999) / 1000);
}

/* Runs one session from its birth to its end. */
static void hold(struct link *link, struct session *session, struct failure *failure)
{
    struct moment now = moment_now();

    while (!stopping(link) && !session_failed(session)) {
        timestamp wait = link->live ? link->ticked + TICK - now.steady : TICK;
        struct moment before = now;
        bool woken = session_turn(session, link->wake[0], milliseconds(wait), &now);
        watch_clock(link, &before, &now);
        if (!link->live && session_live(session, &now))
            tell_live(link, &now);
        feed(link, &now);
        watch_silence(link, session, &now);
        ask_sys(link, session);
        tell_news(link, &now);
        if (woken) {
            drain_wake(link);
            if (link->live)
                send_outbox(link, session);
        }
        const char *text = session_notice(session);
        if (text)
            note(link, &now, text);
    }
    if (session_failed(session)) {
        *failure = *session_failed(session);
    } else if (link->live) {
        send_outbox(link, session);
        session_finish(session);
    }
}

static void try_address(struct link *link, const struct address *address, struct failure *failure)
{
    struct session *session = session_open(&link->setup, address->text, failure);

    link->good = *address;
    if (!session)
        return;
    hold(link, session, failure);
    session_free(session);
}

/* One attempt: the addresses of the host in turn, first the one that worked last, until one lets us
 * in. Returns after the session has ended; failure is the most telling one. */
static void attempt(struct link *link, struct failure *failure)
{
    struct address list[ADDRESS_MAX];
    int code;
    int count = address_resolve(link->options.host, link->options.port, list, &code);
    int first = 0;
    struct address told = {.len = 0};

    if (count == 0 && link->options.port == 0)
        failure_tell(failure, FAILURE_OTHER, "the path of the socket is empty or too long");
    else if (count == 0)
        failure_from_lookup(failure, code, link->options.host);
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].text, link->good.text) == 0)
            first = i;
    for (int i = 0; i < count && !stopping(link) && !link->live; i++) {
        struct failure one = {.kind = FAILURE_NONE};
        try_address(link, &list[(first + i) % count], &one);
        if (one.kind >= failure->kind || link->live) {
            *failure = one;
            told = link->good;
        }
    }
    if (told.len > 0)
        link->good = told;
}

/* Between attempts: sleeps, but looks out for a broker that was gone and comes back. */
static void rest(struct link *link, const struct failure *failure, timestamp until)
{
    struct lookout lookout;
    bool gone = failure->kind > FAILURE_NONE && failure->kind < FAILURE_LOST;
    timestamp now = moment_now().steady;

    lookout_begin(&lookout, &link->good, gone, now);
    lookout.idle = failure->kind == FAILURE_OTHER;
    while (!stopping(link) && now < until) {
        if (lookout_look(&lookout, now)) {
            link->backoff = (struct backoff){0};
            break;
        }
        timestamp next = lookout_due(&lookout, until);
        struct pollfd wait[2] = {{.fd = link->wake[0], .events = POLLIN},
                                 {.fd = lookout.fd, .events = POLLOUT}};
        poll(wait, 2, milliseconds(next - now));
        drain_wake(link);
        now = moment_now().steady;
    }
    lookout_end(&lookout);
}

/* The session is over, and not by our wish. */
static void fail(struct link *link, const struct failure *failure)
{
    struct moment now = moment_now();
    bool was_live = link->live;
    unsigned unsent = outbox_close(&link->outbox);
    char text[96];

    if (was_live)
        backoff_lived(&link->backoff, now.steady - link->live_since);
    link->live = false;
    forget_sys(link);
    timestamp wait = backoff_next(&link->backoff, &link->random);
    tell_failure(link, failure, was_live, &now, wait);
    if (unsent > 0) {
        snprintf(text, sizeof(text), "%u of our messages may not have arrived", unsent);
        note(link, &now, text);
    }
    rest(link, failure, now.steady + wait);
}

static void *run(void *arg)
{
    struct link *link = arg;

    while (!stopping(link)) {
        struct failure failure = {.kind = FAILURE_NONE};
        tell_trying(link);
        attempt(link, &failure);
        if (!stopping(link))
            fail(link, &failure);
    }
    close_end(link->done[1]);
    release(link);
    return NULL;
}

static void make_identity(struct link *link)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    uint64_t seed;

    if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
        seed = (uint64_t)moment_now().wall ^ (uint64_t)getpid() << 32;
    random_init(&link->random, seed);
    const char *prefix = link->options.id_prefix ? link->options.id_prefix : "dt-top-";
    size_t len = strlen(prefix);
    link->id = xmalloc(len + 7);
    memcpy(link->id, prefix, len);
    for (int i = 0; i < 6; i++)
        link->id[len++] = digits[random_next(&link->random) % 36];
    link->id[len] = '\0';
}

static void describe(struct link *link, const char *show)
{
    struct connection *connection = &link->connection;
    char *filters = link_options_filters(&link->options);

    address_show(link->options.host, link->options.port, link->where, sizeof(link->where));
    connection->insecure = link->options.tls.on && link->options.tls.insecure;
    show = show ? show : link->where;
    text_sanitise(connection->where, sizeof(connection->where), show, strlen(show),
                  sizeof(connection->where));
    text_sanitise(connection->filter, sizeof(connection->filter), filters, strlen(filters),
                  sizeof(connection->filter));
    free(filters);
}

/* Signals go to the main thread, but for those that a thread raises itself by a fault. */
static bool start_thread(struct link *link)
{
    sigset_t block, before;

    sigfillset(&block);
    sigdelset(&block, SIGSEGV);
    sigdelset(&block, SIGBUS);
    sigdelset(&block, SIGFPE);
    sigdelset(&block, SIGILL);
    sigdelset(&block, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &block, &before);
    int error = pthread_create(&link->thread, NULL, run, link);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return error == 0;
}

/* The link never comes to life, and says so. */
static void tell_stillborn(struct link *link, const char *why)
{
    struct moment now = moment_now();

    snprintf(link->connection.reason, sizeof(link->connection.reason), "%s", why);
    tell(link, CONNECTION_ENDED, &now, link->connection.reason);
    close_end(link->done[1]);
    atomic_store(&link->owners, 1);
}

static void come_to_life(struct link *link)
{
    const struct tls_options *tls = &link->options.tls;
    char why[sizeof(link->connection.reason)];

    if (tls->on) {
        link->tls = tls_new(tls, link->options.host, why, sizeof(why));
        link->setup.tls = link->tls;
    }
    if (tls->on && !link->tls) {
        tell_stillborn(link, why);
        return;
    }
    link->running = open_pipe(link->wake) && open_pipe(link->done) && start_thread(link);
    if (link->running)
        return;
    /* No descriptor or thread to be had. */
    snprintf(why, sizeof(why),
             "cannot start the network thread: %s; close some programs and start again",
             strerror(errno));
    tell_stillborn(link, why);
}

struct link *link_start(const struct link_options *options, struct engine *engine,
                        void (*on_burst)(void *context, uint64_t messages), void *context)
{
    struct link *link = xcalloc(1, sizeof(*link));

    mosquitto_lib_init();
    atomic_init(&link->owners, 2);
    atomic_init(&link->stop, false);
    outbox_init(&link->outbox);
    link_options_copy(&link->options, options);
    link->engine = engine;
    link->on_burst = on_burst;
    link->context = context;
    link->decoder = decoder_new(options->mappings);
    make_identity(link);
    describe(link, options->show);
    link->setup = (struct session_setup){
        .options = &link->options,
        .id = link->options.id ? link->options.id : link->id,
        .where = link->where,
        .decoder = link->decoder,
        .batch = &link->batch,
        .outbox = &link->outbox,
        .messages = &link->messages,
        .sessions = &link->sessions,
        .told = &link->connection,
        .news = &link->news,
    };
    come_to_life(link);
    return link;
}

static bool wait_for_end(struct link *link)
{
    timestamp end = moment_now().steady + STOP_MS * 1000;
    struct pollfd wait = {.fd = link->done[0], .events = POLLIN};

    for (;;) {
        timestamp left = end - moment_now().steady;
        int ready = poll(&wait, 1, milliseconds(left));
        if (ready > 0)
            return true;
        if ((ready < 0 && errno != EINTR) || left <= 0)
            return false;
    }
}

bool link_stop(struct link *link)
{
    atomic_store(&link->stop, true);
    wake_up(link);
    bool ended = !link->running || wait_for_end(link);
    if (link->running && ended)
        pthread_join(link->thread, NULL);
    else if (link->running)
        pthread_detach(link->thread);
    if (ended)
        mosquitto_lib_cleanup();
    release(link);
    return ended;
}

bool link_publish(struct link *link, const char *topic, const void *payload, size_t bytes, int qos,
                  bool retain)
{
    bool taken = outbox_put(&link->outbox, topic, payload, bytes, qos, retain);

    if (taken)
        wake_up(link);
    return taken;
}

uint64_t link_dropped(struct link *link)
{
    return link ? outbox_lost(&link->outbox) : 0;
}
