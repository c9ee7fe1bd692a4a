#include "sim/sensor.h"

#include <errno.h>
#include <math.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/text.h"
#include "core/xalloc.h"

#define CONNACK_PATIENCE (10 * TIMESTAMP_SECOND)
#define PUBACK_PATIENCE (TIMESTAMP_SECOND / 2)
#define WAIT_MIN 0.5 /* seconds between attempts */
#define WAIT_MAX 10.0
#define STEADY (10 * TIMESTAMP_SECOND) /* a session that lived longer was no failure */
#define SECOND_READING (TIMESTAMP_SECOND / 2)
#define PACKETS_A_TURN 16
#define GOLDEN_RATIO 0.6180339887498949

static void on_connect(struct mosquitto *client, void *context, int code)
{
    struct sensor *sensor = context;

    (void)client;
    sensor->connack = code;
}

/* Also called with the library's own, smaller codes; only the broker's words matter here. */
static void on_disconnect(struct mosquitto *client, void *context, int code)
{
    struct sensor *sensor = context;

    (void)client;
    sensor->reason = code >= MQTT_RC_UNSPECIFIED ? code : 0;
}

static void on_publish(struct mosquitto *client, void *context, int id)
{
    struct sensor *sensor = context;

    (void)client;
    if (sensor->state == SENSOR_LEAVING && id == sensor->farewell)
        sensor->acknowledged = true;
}

/* libmosquitto's log is of use only for what OpenSSL says. */
static void on_log(struct mosquitto *client, void *context, int level, const char *line)
{
    struct sensor *sensor = context;

    (void)client;
    (void)level;
    tls_hear(sensor->tls, line);
}

static char *topic_of(const struct sim_options *options, const char *id, const char *last)
{
    size_t frame = sizeof("digital_twin//sensor//");
    size_t size = frame + strlen(options->place) + strlen(id) + strlen(last);
    char *topic = xmalloc(size);

    snprintf(topic, size, "digital_twin/%s/sensor/%s/%s", options->place, id, last);
    return topic;
}

/* The id must differ between runs of the same seed: a broker ends the older of two sessions that
 * share one. It stays the same over reconnects, so that a session half dead is taken over and its
 * will cannot speak up later. */
static void name_client(struct sensor *sensor)
{
    unsigned char salt[4] = {0};

    if (getentropy(salt, sizeof(salt)) != 0)
        memcpy(salt, &(pid_t){getpid()}, sizeof(salt));
    snprintf(sensor->client_id, sizeof(sensor->client_id), "%s-%02x%02x%02x%02x", sensor->id,
             salt[0], salt[1], salt[2], salt[3]);
}

struct sensor *sensor_new(const struct sim_options *options, struct tls *tls, enum sim_kind kind,
                          const char *id, uint32_t number)
{
    struct sensor *sensor = xcalloc(1, sizeof(*sensor));

    snprintf(sensor->id, sizeof(sensor->id), "%s", id);
    sensor->kind = kind;
    sensor->options = options;
    sensor->tls = tls;
    sensor->fd = -1;
    sensor->due = SENSOR_NEVER;
    random_init(&sensor->random, options->seed + number * UINT64_C(0x9e3779b97f4a7c15));
    model_init(&sensor->model, kind, random_next(&sensor->random));
    /* Multiples of the golden ratio spread any number of sensors evenly over the period. */
    sensor->phase = fmod(number * GOLDEN_RATIO, 1.0);
    sensor->reading_topic = topic_of(options, id, model_quantity(kind));
    sensor->status_topic = topic_of(options, id, "status");
    name_client(sensor);
    return sensor;
}

void sensor_free(struct sensor *sensor)
{
    if (!sensor)
        return;
    mosquitto_destroy(sensor->client);
    free(sensor->reading_topic);
    free(sensor->status_topic);
    free(sensor);
}

static bool in_handshake(const struct sensor *sensor)
{
    return sensor->tls && sensor->state == SENSOR_CONNECTING && !tls_ready(sensor->client);
}

/* Brings what the sim polls up to date with the state; the last act of every public function. */
static void settle(struct sensor *sensor)
{
    switch (sensor->state) {
    case SENSOR_OFF:
        sensor->due = SENSOR_NEVER;
        break;
    case SENSOR_ONLINE:
        sensor->due = sensor->reading < sensor->upkeep ? sensor->reading : sensor->upkeep;
        break;
    default:
        sensor->due = sensor->deadline;
        break;
    }
    sensor->fd = sensor->client ? mosquitto_socket(sensor->client) : -1;
    sensor->events = POLLIN;
    if (sensor->fd >= 0 &&
        (mosquitto_want_write(sensor->client) || (in_handshake(sensor) && !sensor->shaking)))
        sensor->events |= POLLOUT;
}

/* Ends the session where it stands. libmosquitto sends nothing when a client is destroyed: unless a
 * DISCONNECT went before, the broker publishes the will. */
static void hang_up(struct sensor *sensor, enum sensor_state next)
{
    mosquitto_destroy(sensor->client);
    sensor->client = NULL;
    sensor->state = next;
}

static const char *reason_of(const struct sensor *sensor, int rc, int error)
{
    bool mqtt5 = sensor->options->version == MQTT_PROTOCOL_V5;
    const char *tls = sensor->tls ? tls_trouble(sensor->tls) : "";

    if (*tls)
        return tls;
    if (sensor->connack > 0)
        return mqtt5 ? mosquitto_reason_string(sensor->connack)
                     : mosquitto_connack_string(sensor->connack);
    if (sensor->reason != 0)
        return mosquitto_reason_string(sensor->reason);
    if (rc == MOSQ_ERR_TLS)
        return "the broker hung up in the TLS handshake";
    if (rc == MOSQ_ERR_EAI)
        return "no such host";
    if (rc == MOSQ_ERR_KEEPALIVE)
        return "the broker has fallen silent";
    if (rc == MOSQ_ERR_PROTOCOL || rc == MOSQ_ERR_MALFORMED_PACKET)
        return "what answers does not speak MQTT as it should";
    if (rc == MOSQ_ERR_ERRNO && error == EAGAIN)
        return "the broker is too busy to answer";
    if (rc == MOSQ_ERR_ERRNO && error != 0 && error != EPIPE && error != ECONNRESET)
        return strerror(error);
    if (rc == MOSQ_ERR_ERRNO || rc == MOSQ_ERR_CONN_LOST || rc == MOSQ_ERR_NO_CONN ||
        rc == MOSQ_ERR_SUCCESS)
        return sensor->connack < 0 ? "the broker hung up before it answered" : "connection lost";
    return mosquitto_strerror(rc);
}

/* The session failed: the next attempt comes after a random wait of at least WAIT_MIN, whose limit
 * doubles with each failure in a row, so that many sensors do not come back all at once. */
static void lose(struct sensor *sensor, const char *why, timestamp now)
{
    const struct sim_options *options = sensor->options;
    double limit, wait;
    char text[256], port[16] = "";

    if (sensor->state == SENSOR_ONLINE && now - sensor->online_since >= STEADY)
        sensor->attempts = 0;
    limit = fmin(WAIT_MAX, ldexp(2.0 * WAIT_MIN, (int)sensor->attempts));
    wait = WAIT_MIN + (limit - WAIT_MIN) * random_uniform(&sensor->random);

    if (options->port != 0)
        snprintf(port, sizeof(port), ":%d", options->port);
    snprintf(text, sizeof(text), "%s (%.90s%s)", why, options->host, port);
    text_sanitise(sensor->trouble, sizeof(sensor->trouble), text, strlen(text), sizeof(text));
    hang_up(sensor, SENSOR_WAITING);
    if (limit < WAIT_MAX)
        sensor->attempts++;
    sensor->deadline = now + (timestamp)(wait * (double)TIMESTAMP_SECOND);
}

static bool set_up_tls(struct sensor *sensor)
{
    if (!sensor->options->tls.on)
        return true;
    mosquitto_log_callback_set(sensor->client, on_log);
    return sensor->tls && tls_attach(sensor->tls, sensor->client);
}

static bool set_up(struct sensor *sensor)
{
    const struct sim_options *options = sensor->options;
    char will[128];
    size_t len = model_presence(sensor->id, false, will, sizeof(will));
    struct mosquitto *client = mosquitto_new(sensor->client_id, true, sensor);

    if (!client)
        return false;
    sensor->client = client;
    mosquitto_connect_callback_set(client, on_connect);
    mosquitto_disconnect_callback_set(client, on_disconnect);
    mosquitto_publish_callback_set(client, on_publish);
    return mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, options->version) == 0 &&
           set_up_tls(sensor) &&
           mosquitto_will_set(client, sensor->status_topic, (int)len, will, 1, true) == 0 &&
           (!options->username ||
            mosquitto_username_pw_set(client, options->username, options->password) == 0);
}

static void connect_to_broker(struct sensor *sensor, timestamp now)
{
    const struct sim_options *options = sensor->options;
    int rc;

    sensor->connack = -1;
    sensor->reason = 0;
    sensor->shaking = false;
    if (!set_up(sensor)) {
        lose(sensor, "cannot set up an MQTT session", now);
        return;
    }
    errno = 0;
    rc = mosquitto_connect_async(sensor->client, options->host, options->port, options->keepalive);
    if (rc > 0) {
        lose(sensor, reason_of(sensor, rc, errno), now);
        return;
    }
    sensor->state = SENSOR_CONNECTING;
    sensor->deadline = now + CONNACK_PATIENCE;
}

static int publish_status(struct sensor *sensor, bool online, int *id)
{
    char text[128];
    size_t len = model_presence(sensor->id, online, text, sizeof(text));

    return mosquitto_publish(sensor->client, id, sensor->status_topic, (int)len, text, 1, true);
}

static timestamp wall_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (timestamp)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

/* The model gets the planned time, not the true one: what a sensor says does not depend on how busy
 * the machine is. QoS 0, as most sensors do: a lost reading is overtaken by the next. */
static int publish_reading(struct sensor *sensor)
{
    char text[MODEL_MESSAGE];
    double value;
    size_t len;

    if (sensor->inject != FAULT_NONE)
        model_inject(&sensor->model, sensor->inject);
    sensor->inject = FAULT_NONE;
    if (!model_next(&sensor->model, sensor->reading, &value))
        return MOSQ_ERR_SUCCESS;
    len = model_message(sensor->id, sensor->kind, value, wall_clock(), text, sizeof(text));
    sensor->readings++;
    return mosquitto_publish(sensor->client, NULL, sensor->reading_topic, (int)len, text, 0, false);
}

/* The first reading comes at once and a second soon after it, so that there is something to see;
 * then the sensor moves to its own place in the period. */
static timestamp gap_after(const struct sensor *sensor)
{
    timestamp period = sensor->options->period;
    unsigned opening = period > SECOND_READING ? 2 : 1;

    if (sensor->since_connect < opening)
        return SECOND_READING;
    if (sensor->since_connect == opening)
        return period / 4 + (timestamp)(sensor->phase * (double)period);
    return period;
}

static int publish_due_readings(struct sensor *sensor, timestamp now)
{
    timestamp period = sensor->options->period;
    int rc = MOSQ_ERR_SUCCESS;

    /* The machine slept, or this program was stopped: nobody waits for what was missed. */
    if (now - sensor->reading > TIMESTAMP_SECOND)
        sensor->reading += (now - sensor->reading) / period * period;
    while (rc == MOSQ_ERR_SUCCESS && sensor->reading <= now) {
        /* The library would queue without bound for a broker that does not read. */
        if (!mosquitto_want_write(sensor->client))
            rc = publish_reading(sensor);
        sensor->since_connect++;
        sensor->reading += gap_after(sensor);
    }
    return rc;
}

static int greet(struct sensor *sensor, timestamp now)
{
    sensor->state = SENSOR_ONLINE;
    sensor->online_since = now;
    sensor->trouble[0] = '\0';
    sensor->since_connect = 0;
    sensor->reading = now;
    sensor->upkeep = now;
    return publish_status(sensor, true, NULL);
}

static int keep_up(struct sensor *sensor, timestamp now)
{
    if (now < sensor->upkeep)
        return MOSQ_ERR_SUCCESS;
    sensor->upkeep = now + sensor->options->keepalive * TIMESTAMP_SECOND / 4;
    return mosquitto_loop_misc(sensor->client);
}

/* Reads until the socket is empty: a library that reads through a buffer may hold packets that no
 * poll tells of. */
static int read_packets(struct sensor *sensor)
{
    int rc = MOSQ_ERR_SUCCESS;

    for (int i = 0; i < PACKETS_A_TURN && rc == MOSQ_ERR_SUCCESS; i++) {
        errno = 0;
        rc = mosquitto_loop_read(sensor->client, 1);
        if (errno == EAGAIN || mosquitto_socket(sensor->client) < 0 || in_handshake(sensor))
            break;
    }
    return rc;
}

/* libmosquitto begins the TLS handshake in vain while the connection is still coming, and then does
 * not notice one that never comes. */
static int shake(struct sensor *sensor, short revents)
{
    if (revents & (POLLERR | POLLHUP)) {
        errno = tls_connection_error(sensor->client);
        if (errno != 0)
            return MOSQ_ERR_ERRNO;
    }
    sensor->shaking = sensor->shaking || (revents & POLLOUT);
    return revents ? read_packets(sensor) : MOSQ_ERR_SUCCESS;
}

/* Reads, writes and whatever the state asks for; 0 or the library's error, then errno is its. */
static int serve(struct sensor *sensor, short revents, timestamp now)
{
    int rc = MOSQ_ERR_SUCCESS;

    if (in_handshake(sensor))
        rc = shake(sensor, revents);
    else if (revents & ~POLLOUT)
        rc = read_packets(sensor);
    if (rc == MOSQ_ERR_SUCCESS && (revents & POLLOUT))
        rc = mosquitto_loop_write(sensor->client, 1);
    if (rc == MOSQ_ERR_SUCCESS && sensor->connack > 0)
        rc = MOSQ_ERR_CONN_REFUSED;
    if (rc == MOSQ_ERR_SUCCESS && mosquitto_socket(sensor->client) < 0)
        rc = MOSQ_ERR_NO_CONN;
    if (rc == MOSQ_ERR_SUCCESS && sensor->state == SENSOR_CONNECTING && sensor->connack == 0)
        rc = greet(sensor, now);
    if (rc == MOSQ_ERR_SUCCESS && sensor->state == SENSOR_ONLINE)
        rc = publish_due_readings(sensor, now);
    if (rc == MOSQ_ERR_SUCCESS && sensor->state == SENSOR_ONLINE)
        rc = keep_up(sensor, now);
    return rc;
}

static void start_waiting(struct sensor *sensor, timestamp now)
{
    sensor->state = SENSOR_WAITING;
    sensor->attempts = 0;
    sensor->deadline = now;
}

/* The offline status has arrived, or never will: sends DISCONNECT (written at once, or not at all
 * where the broker does not read) and is off. */
static void take_leave(struct sensor *sensor, timestamp now)
{
    mosquitto_disconnect(sensor->client);
    hang_up(sensor, SENSOR_OFF);
    if (sensor->wanted)
        start_waiting(sensor, now);
}

void sensor_work(struct sensor *sensor, short revents, timestamp now)
{
    int rc;

    if (sensor->state == SENSOR_WAITING && now >= sensor->deadline) {
        connect_to_broker(sensor, now);
    } else if (sensor->client) {
        if (sensor->tls)
            tls_forget(sensor->tls);
        rc = serve(sensor, revents, now);
        if (sensor->state == SENSOR_LEAVING) {
            if (rc != MOSQ_ERR_SUCCESS || sensor->acknowledged || now >= sensor->deadline)
                take_leave(sensor, now);
        } else if (rc != MOSQ_ERR_SUCCESS) {
            lose(sensor, reason_of(sensor, rc, errno), now);
        } else if (sensor->state == SENSOR_CONNECTING && now >= sensor->deadline) {
            lose(sensor, "no answer", now);
        }
    }
    settle(sensor);
}

void sensor_switch(struct sensor *sensor, bool on, timestamp now)
{
    sensor->wanted = on;
    if (on && sensor->state == SENSOR_OFF) {
        start_waiting(sensor, now);
    } else if (!on && sensor->state == SENSOR_ONLINE) {
        sensor->state = SENSOR_LEAVING;
        sensor->acknowledged = false;
        sensor->deadline = now + PUBACK_PATIENCE;
        if (publish_status(sensor, false, &sensor->farewell) != MOSQ_ERR_SUCCESS)
            take_leave(sensor, now);
    } else if (!on && sensor->state != SENSOR_LEAVING) {
        hang_up(sensor, SENSOR_OFF);
    }
    if (!on)
        sensor->trouble[0] = '\0';
    settle(sensor);
}

void sensor_crash(struct sensor *sensor)
{
    sensor->wanted = false;
    hang_up(sensor, SENSOR_OFF);
    settle(sensor);
}
