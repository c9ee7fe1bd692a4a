#include "source/session.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/topic.h"
#include "core/xalloc.h"
#include "source/shortcut.h"

/* A packet that is none of the short way seldom comes alone, and a look costs more than reading
 * one. */
#define LIBRARY_RUN 16
#define FLUSH (3 * TIMESTAMP_SECOND / 10)
#define SUBACK_GRACE TIMESTAMP_SECOND /* then it counts as live without one */
#define PING_ANSWER (3 * TIMESTAMP_SECOND)
#define REFUSED 0x80 /* codes from here on say no, in 3.1.1 and in 5 */

struct session {
    const struct session_setup *setup;
    struct mosquitto *client;
    struct shortcut *shortcut; /* NULL: the library alone reads */
    struct failure failure;
    struct moment now;  /* of this turn */
    timestamp opened;   /* steady times from here on */
    timestamp accepted; /* CONNACK; 0 before */
    timestamp heard;    /* last bytes from the broker */
    timestamp misc_at;  /* last look after pings */
    timestamp patience; /* longest silence of a live broker; 0 = endless */
    bool ready;         /* connected, and through the TLS handshake */
    bool connected;     /* TLS alone: the handshake has been given its start */
    bool subscribed;    /* SUBACK took at least one filter */
    bool answered;      /* SUBACK or a message came */
    int sys_id;         /* packet that asked for $SYS topics; 0: none */
    bool more;          /* the burst ended before the bytes did */
    bool has_notice;
    char notice[224];
};

static void notice(struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void notice(struct session *session, const char *format, ...)
{
    va_list args;
    char words[512];

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    text_sanitise(session->notice, sizeof(session->notice), words, strlen(words),
                  sizeof(session->notice));
    session->has_notice = true;
}

/* The CONNECT carries half of the keepalive, so that a ping that goes out after that much silence
 * can still be answered within the whole of it. 5 s is libmosquitto's least. */
static int ping_seconds(const struct link_options *options)
{
    return options->keepalive < 10 ? 5 : options->keepalive / 2;
}

static timestamp patience(const struct link_options *options, int ping)
{
    timestamp answered = ping * TIMESTAMP_SECOND + PING_ANSWER;
    timestamp wanted = options->keepalive * TIMESTAMP_SECOND;

    return ping == 0 ? 0 : wanted > answered ? wanted : answered;
}

/* MQTT 5 can leave the retain flag on what a bridge sends on, so that old values stay known as such
 * (fleet.c tells them from live ones that carry it). */
static void subscribe(struct session *session)
{
    const struct link_options *options = session->setup->options;
    int as_published = options->version == MQTT_PROTOCOL_V5 ? MQTT_SUB_OPT_RETAIN_AS_PUBLISHED : 0;
    int rc = mosquitto_subscribe_multiple(session->client, NULL, options->topic_count,
                                          options->topics, options->qos, as_published, NULL);

    ++*session->setup->sessions;
    if (rc != MOSQ_ERR_SUCCESS)
        failure_from_library(&session->failure, rc, errno, session->setup->where, true);
}

static void on_connect(struct mosquitto *client, void *context, int code, int flags,
                       const mosquitto_property *properties)
{
    struct session *session = context;
    const struct session_setup *setup = session->setup;
    char *reason = NULL;
    uint16_t ping;

    (void)client;
    (void)flags;
    if (code != 0) {
        mosquitto_property_read_string(properties, MQTT_PROP_REASON_STRING, &reason, false);
        failure_from_connack(&session->failure, setup->options->version, code, reason, setup->id);
        free(reason);
        return;
    }
    session->accepted = session->now.steady;
    if (mosquitto_property_read_int16(properties, MQTT_PROP_SERVER_KEEP_ALIVE, &ping, false))
        session->patience = patience(setup->options, ping);
    subscribe(session);
}

static bool is_wanted(const struct link_options *options, const char *topic)
{
    for (int i = 0; i < options->topic_count; i++)
        if (topic_matches(options->topics[i], topic))
            return true;
    return false;
}

/* One topic each, for a broker may refuse wildcards here; those that come anyway are left out. */
void session_ask_sys(struct session *session)
{
    const struct link_options *options = session->setup->options;
    char *topics[SYS_VALUES];
    int count = 0;

    for (int i = 0; i < SYS_VALUES; i++)
        if (!is_wanted(options, sys_topic((enum sys_value)i)))
            topics[count++] = xstrdup(sys_topic((enum sys_value)i));
    int rc = count == 0 ? MOSQ_ERR_SUCCESS
                        : mosquitto_subscribe_multiple(session->client, &session->sys_id, count,
                                                       topics, 0, 0, NULL);
    session->setup->told->sys.state = rc != MOSQ_ERR_SUCCESS ? SYS_REFUSED
                                      : count == 0           ? SYS_GRANTED
                                                             : SYS_ASKED;
    *session->setup->news = true;
    for (int i = 0; i < count; i++)
        free(topics[i]);
}

static void on_sys_subscribe(struct session *session, int count, const int *granted)
{
    struct sys *sys = &session->setup->told->sys;

    sys->state = SYS_REFUSED;
    for (int i = 0; i < count; i++)
        if (granted[i] < REFUSED)
            sys->state = SYS_GRANTED;
    *session->setup->news = true;
}

/* A line for each filter. */
static void tell_granted(struct session *session, int count, const int *granted)
{
    const struct link_options *options = session->setup->options;
    struct connection *told = session->setup->told;
    size_t len = 0;

    for (int i = 0; i < count && i < options->topic_count; i++) {
        char filter[200], code[16], line[256];
        const char *topic = options->topics[i];
        text_sanitise(filter, sizeof(filter), topic, strlen(topic), 45);
        snprintf(code, sizeof(code), "QoS %d", granted[i]);
        int size = snprintf(line, sizeof(line), "%s%s  %s", i > 0 ? "\n" : "", filter,
                            granted[i] < REFUSED ? code : "refused");
        if (len + (size_t)size >= sizeof(told->granted))
            break;
        memcpy(told->granted + len, line, (size_t)size + 1);
        len += (size_t)size;
    }
    *session->setup->news = true;
}

static void on_subscribe(struct mosquitto *client, void *context, int id, int count,
                         const int *granted, const mosquitto_property *properties)
{
    struct session *session = context;
    const struct link_options *options = session->setup->options;
    int refused = -1;

    (void)client;
    (void)properties;
    if (session->sys_id != 0 && id == session->sys_id) {
        on_sys_subscribe(session, count, granted);
        return;
    }
    session->answered = true;
    tell_granted(session, count, granted);
    for (int i = 0; i < count && i < options->topic_count; i++) {
        if (granted[i] < REFUSED)
            session->subscribed = true;
        else if (refused < 0)
            refused = i;
    }
    if (refused < 0)
        return;
    char filter[300];
    const char *why = failure_reason(granted[refused]);
    text_sanitise(filter, sizeof(filter), options->topics[refused],
                  strlen(options->topics[refused]), 70);
    if (session->subscribed)
        notice(session, "subscription to %s refused: %s", filter, why);
    else
        failure_tell(&session->failure, FAILURE_OTHER,
                     "subscription to %s refused: %s; may this user read it?", filter, why);
}

/* What the broker says of itself is no sensor, unless a filter of the user's asks for it too. */
static bool is_sys(struct session *session, const struct message *message)
{
    const struct session_setup *setup = session->setup;

    if (!sys_take(&setup->told->sys, message->topic, message->payload, message->bytes))
        return false;
    *setup->news = true;
    return !is_wanted(setup->options, message->topic);
}

/* Every message comes by here, whoever read it. */
static void take_in(struct session *session, struct message *message)
{
    const struct session_setup *setup = session->setup;
    const struct link_options *options = setup->options;

    session->answered = true;
    if (message->topic[0] == '$' && is_sys(session, message))
        return;
    if (options->count && *setup->messages >= options->count)
        return;
    for (int i = 0; i < options->filter_out_count; i++)
        if (topic_matches(options->filter_out[i], message->topic))
            return;
    message->session = options->version == MQTT_PROTOCOL_V5 ? *setup->sessions : 0;
    message->arrival = session->now.wall;
    decoder_decode(setup->decoder, message, setup->batch);
    ++*setup->messages;
}

static void on_message(struct mosquitto *client, void *context,
                       const struct mosquitto_message *arrived)
{
    struct session *session = context;

    (void)client;
    take_in(session, &(struct message){.topic = arrived->topic,
                                       .payload = arrived->payload,
                                       .bytes = (size_t)arrived->payloadlen,
                                       .qos = arrived->qos,
                                       .retain = arrived->retain});
}

static void on_packet(void *context, const struct packet *packet)
{
    struct session *session = context;

    take_in(session, &(struct message){.topic = packet->topic,
                                       .payload = packet->payload,
                                       .bytes = packet->bytes,
                                       .retain = packet->retain});
}

static void on_publish(struct mosquitto *client, void *context, int id, int code,
                       const mosquitto_property *properties)
{
    struct session *session = context;

    (void)client;
    (void)id;
    (void)properties;
    outbox_gone(session->setup->outbox);
    if (code >= REFUSED)
        notice(session, "%s did not take a message: %s", session->setup->where,
               failure_reason(code));
}

/* libmosquitto's own errors come back from the call that met them; only the codes of a DISCONNECT
 * are told here alone. */
static void on_disconnect(struct mosquitto *client, void *context, int code,
                          const mosquitto_property *properties)
{
    struct session *session = context;

    (void)client;
    (void)properties;
    if (code >= REFUSED)
        failure_from_disconnect(&session->failure, code, session->setup->id);
}

static void set_callbacks(struct mosquitto *client)
{
    mosquitto_connect_v5_callback_set(client, on_connect);
    mosquitto_disconnect_v5_callback_set(client, on_disconnect);
    mosquitto_subscribe_v5_callback_set(client, on_subscribe);
    mosquitto_publish_v5_callback_set(client, on_publish);
    mosquitto_message_callback_set(client, on_message);
}

static int set_will(struct mosquitto *client, const struct will *will)
{
    const char *payload = will->payload ? will->payload : "";

    return mosquitto_will_set(client, will->topic, (int)strlen(payload), payload, will->qos,
                              will->retain);
}

/* libmosquitto's log is of use only for what OpenSSL says. */
static void on_log(struct mosquitto *client, void *context, int level, const char *line)
{
    struct session *session = context;

    (void)client;
    (void)level;
    tls_hear(session->setup->tls, line);
}

/* The connect that does not block takes no properties, but keeps those of an earlier call: one that
 * leads nowhere (a unix socket without a name, refused before any I/O) brings them in. */
static int bring_properties(struct mosquitto *client, int ping, bool keep_session)
{
    mosquitto_property *properties = NULL;
    int rc = mosquitto_property_add_int32(&properties, MQTT_PROP_MAXIMUM_PACKET_SIZE,
                                          SESSION_PACKET_MAX);

    if (rc == MOSQ_ERR_SUCCESS && keep_session)
        rc = mosquitto_property_add_int32(&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL,
                                          UINT32_MAX);
    if (rc == MOSQ_ERR_SUCCESS)
        mosquitto_connect_bind_v5(client, "", 0, ping, NULL, properties);
    mosquitto_property_free_all(&properties);
    return rc;
}

static int begin(struct session *session, const char *address)
{
    const struct link_options *options = session->setup->options;
    int ping = ping_seconds(options);
    int rc = mosquitto_int_option(session->client, MOSQ_OPT_PROTOCOL_VERSION, options->version);

    if (rc == MOSQ_ERR_SUCCESS && (options->username || options->password))
        rc = mosquitto_username_pw_set(session->client, options->username, options->password);
    if (rc == MOSQ_ERR_SUCCESS && options->version == MQTT_PROTOCOL_V5)
        rc = bring_properties(session->client, ping, options->keep_session);
    if (rc == MOSQ_ERR_SUCCESS && options->will.topic)
        rc = set_will(session->client, &options->will);
    if (rc == MOSQ_ERR_SUCCESS && session->setup->tls) {
        mosquitto_log_callback_set(session->client, on_log);
        rc = tls_attach(session->setup->tls, session->client) ? rc : MOSQ_ERR_TLS;
    }
    if (rc == MOSQ_ERR_SUCCESS) {
        errno = 0;
        rc = mosquitto_connect_async(session->client, address, options->port, ping);
    }
    return rc;
}

/* Later libraries read ahead, so that what is on the socket is not what comes next. */
static bool library_reads_ahead(void)
{
    int major, minor;

    mosquitto_lib_version(&major, &minor, NULL);
    return major != 2 || minor != 0;
}

struct session *session_open(const struct session_setup *setup, const char *address,
                             struct failure *failure)
{
    struct session *session = xcalloc(1, sizeof(*session));

    session->setup = setup;
    session->now = moment_now();
    session->opened = session->heard = session->misc_at = session->now.steady;
    session->patience = patience(setup->options, ping_seconds(setup->options));
    session->client = mosquitto_new(setup->id, !setup->options->keep_session, session);
    if (!session->client) {
        failure_from_library(failure, errno == EINVAL ? MOSQ_ERR_INVAL : MOSQ_ERR_ERRNO, errno,
                             setup->where, false);
        session_free(session);
        return NULL;
    }
    set_callbacks(session->client);
    if (!setup->tls && !library_reads_ahead())
        session->shortcut = shortcut_new(setup->options->version);
    int rc = begin(session, address);
    if (rc != MOSQ_ERR_SUCCESS) {
        int error = errno;
        if (setup->tls)
            failure_from_tls(failure, tls_trouble(setup->tls));
        failure_from_library(failure, rc, error, setup->where, false);
        session_free(session);
        return NULL;
    }
    return session;
}

void session_free(struct session *session)
{
    if (!session)
        return;
    if (session->client)
        mosquitto_destroy(session->client);
    shortcut_free(session->shortcut);
    free(session);
}

static void hung_up(struct session *session)
{
    failure_tell(&session->failure, FAILURE_LOST,
                 "%s hung up in the TLS handshake: is this the broker's TLS port (8883 as a rule)?",
                 session->setup->where);
}

/* What a call of libmosquitto came to; closed without a word counts as lost. */
static bool well(struct session *session, int rc, int error)
{
    bool live = session->accepted != 0;
    struct tls *tls = session->setup->tls;

    if (rc == MOSQ_ERR_SUCCESS && mosquitto_socket(session->client) < 0)
        rc = MOSQ_ERR_CONN_LOST;
    if (rc != MOSQ_ERR_SUCCESS && tls) {
        failure_from_tls(&session->failure, tls_trouble(tls));
        if (!session->ready && (rc == MOSQ_ERR_TLS || rc == MOSQ_ERR_CONN_LOST))
            hung_up(session);
        else if (!live && (rc == MOSQ_ERR_CONN_LOST || error == EPROTO))
            failure_tell(
                &session->failure, FAILURE_LOST,
                "%s took the TLS handshake, then hung up: does it let this client id (-i), "
                "user (-u) and certificate (--cert) in?",
                session->setup->where);
        rc = error == EPROTO ? MOSQ_ERR_CONN_LOST : rc;
    }
    if (live && !session->answered)
        failure_from_subscribing(&session->failure, rc, error, session->setup->options);
    if (rc != MOSQ_ERR_SUCCESS)
        failure_from_library(&session->failure, rc, error, session->setup->where, live);
    return session->failure.kind == FAILURE_NONE;
}

static bool is_ready(struct session *session)
{
    session->ready = session->ready || !session->setup->tls || tls_ready(session->client);
    return session->ready;
}

/* libmosquitto takes a connection that breaks in the TLS handshake for one that is still coming:
 * the socket itself knows better. */
static bool broken(struct session *session)
{
    int error = tls_connection_error(session->client);

    if (error == 0)
        return false;
    if (error == ECONNRESET || error == EPIPE)
        hung_up(session);
    failure_from_errno(&session->failure, error, session->setup->where, false);
    return true;
}

/* One packet; EAGAIN says that there is no more, then false. */
static bool read_packet(struct session *session)
{
    errno = 0;
    int rc = mosquitto_loop_read(session->client, 1);
    int error = errno;

    if (session->shortcut && session->accepted)
        shortcut_heard(session->shortcut, rc == MOSQ_ERR_SUCCESS, error);
    return well(session, rc, error) && error != EAGAIN && is_ready(session);
}

/* Up to so many messages the short way, none where it is closed. */
static enum shortcut_end read_messages(struct session *session, unsigned most, unsigned *taken)
{
    enum shortcut_end end = shortcut_take(session->shortcut, mosquitto_socket(session->client),
                                          most, on_packet, session, taken);

    if (end == SHORTCUT_BROKEN)
        well(session, MOSQ_ERR_ERRNO, errno);
    return end;
}

/* A burst is bounded so that the engine gets its batch, and the clock a look, while bytes keep
 * coming. */
static void read_burst(struct session *session)
{
    unsigned left = SESSION_BURST, taken, library = 0; /* packets before the next look */

    session->heard = session->now.steady;
    session->more = false;
    while (left > 0) {
        enum shortcut_end end = SHORTCUT_CLOSED;
        if (session->shortcut && library == 0)
            end = read_messages(session, left, &taken);
        if (end == SHORTCUT_DRAINED || end == SHORTCUT_BROKEN)
            return;
        if (end == SHORTCUT_CLOSED && !read_packet(session))
            return;
        if (end == SHORTCUT_CLOSED)
            library = (library > 0 ? library : LIBRARY_RUN) - 1;
        left -= end == SHORTCUT_CLOSED ? 1 : taken;
    }
    session->more = true;
}

static void look_after(struct session *session)
{
    timestamp now = session->now.steady;

    session->misc_at = now;
    if (!session->accepted && now - session->opened > SESSION_ANSWER) {
        failure_no_answer(&session->failure, mosquitto_socket(session->client),
                          session->setup->where);
    } else if (session->accepted && session->patience && now - session->heard > session->patience) {
        failure_tell(&session->failure, FAILURE_OTHER,
                     "keepalive timeout: nothing heard for %d s; the broker or the network hangs",
                     (int)((now - session->heard) / TIMESTAMP_SECOND));
    } else {
        int rc = mosquitto_loop_misc(session->client);
        well(session, rc, errno);
    }
}

bool session_turn(struct session *session, int wake, int timeout, struct moment *now)
{
    bool ready = is_ready(session);
    /* The TLS handshake waits for the connection, which shows as room to write, and then for what
     * the broker says. */
    bool writing = mosquitto_want_write(session->client) || (!ready && !session->connected);
    struct pollfd wait[2] = {
        {.fd = mosquitto_socket(session->client), .events = POLLIN | (writing ? POLLOUT : 0)},
        {.fd = wake, .events = POLLIN},
    };

    if (poll(wait, 2, session->more ? 0 : timeout) < 0)
        wait[0].revents = wait[1].revents = 0;
    *now = session->now = moment_now();
    bool arrived = !ready && !session->connected && (wait[0].revents & POLLOUT);
    session->connected |= arrived;
    if (!ready && (wait[0].revents & (POLLERR | POLLHUP)) && broken(session))
        return wait[1].revents != 0;
    if (session->more || arrived || (wait[0].revents & (POLLIN | POLLERR | POLLHUP)))
        read_burst(session);
    if (session->failure.kind == FAILURE_NONE && mosquitto_want_write(session->client)) {
        int rc = mosquitto_loop_write(session->client, 1);
        well(session, rc, errno);
    }
    if (session->failure.kind == FAILURE_NONE && now->steady - session->misc_at >= SESSION_MISC)
        look_after(session);
    return wait[1].revents != 0;
}

bool session_live(const struct session *session, const struct moment *now)
{
    return session->accepted && (session->subscribed || session->setup->batch->message_count > 0 ||
                                 now->steady - session->accepted > SUBACK_GRACE);
}

bool session_answered(const struct session *session)
{
    return session->answered;
}

const struct failure *session_failed(const struct session *session)
{
    return session->failure.kind == FAILURE_NONE ? NULL : &session->failure;
}

const char *session_notice(struct session *session)
{
    bool has = session->has_notice;

    session->has_notice = false;
    return has ? session->notice : NULL;
}

void session_publish(struct session *session, const struct outgoing *message)
{
    int rc = mosquitto_publish(session->client, NULL, message->topic, (int)message->bytes,
                               message->payload, message->qos, message->retain);

    if (rc == MOSQ_ERR_SUCCESS)
        return;
    outbox_gone(session->setup->outbox);
    notice(session, "message to %s not sent: %s", message->topic, mosquitto_strerror(rc));
}

void session_finish(struct session *session)
{
    timestamp end = moment_now().steady + FLUSH;

    while (mosquitto_want_write(session->client) && moment_now().steady < end) {
        struct pollfd wait = {.fd = mosquitto_socket(session->client), .events = POLLOUT};
        poll(&wait, 1, 50);
        if (mosquitto_loop_write(session->client, 1) != MOSQ_ERR_SUCCESS)
            return;
    }
    mosquitto_disconnect(session->client);
}
