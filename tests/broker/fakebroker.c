#include "broker/fakebroker.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECT 0x10
#define PUBLISH 0x30
#define SUBSCRIBE 0x80
#define DISCONNECT 0xe0
#define PACKET_MAX 4096 /* bytes of a packet that are kept; the rest is read and dropped */

struct fake {
    int listener;
    int port;
    int stop[2]; /* closed at the writing end: the thread is to end */
    pthread_t thread;
    const struct fake_step *script;
    pthread_mutex_t mutex;
    struct fake_record record;
};

/* One connection; the thread's own. */
struct peer {
    struct fake *fake;
    int fd;
    uint8_t type;
    uint8_t body[PACKET_MAX];
    size_t size; /* of the body, as far as it is kept */
    int version;
};

/* Waits for the descriptor; false when the broker is to stop. */
static bool ready(struct fake *fake, int fd)
{
    struct pollfd wait[2] = {{.fd = fd, .events = POLLIN}, {.fd = fake->stop[0], .events = POLLIN}};

    poll(wait, 2, -1);
    return wait[1].revents == 0;
}

static bool read_byte(struct peer *peer, uint8_t *out)
{
    return ready(peer->fake, peer->fd) && recv(peer->fd, out, 1, 0) == 1;
}

static size_t string_at(const struct peer *peer, size_t at)
{
    return at + 2 <= peer->size ? (size_t)peer->body[at] << 8 | peer->body[at + 1] : 0;
}

static void note_connect(struct peer *peer, struct fake_record *record)
{
    size_t at = 10; /* past "MQTT", version, flags, keepalive */

    record->connects++;
    record->version = peer->version = peer->body[6];
    record->keepalive = peer->body[8] << 8 | peer->body[9];
    if (peer->version == 5)
        at += 1u + peer->body[at];
    snprintf(record->id, sizeof(record->id), "%.*s", (int)string_at(peer, at),
             (const char *)peer->body + at + 2);
}

static unsigned count_filters(const struct peer *peer)
{
    size_t at = peer->version == 5 ? 3u + peer->body[2] : 2;
    unsigned count = 0;

    for (; at + 2 < peer->size; at += 2 + string_at(peer, at) + 1)
        count++;
    return count;
}

static void note_packet(struct peer *peer)
{
    struct fake *fake = peer->fake;

    pthread_mutex_lock(&fake->mutex);
    if (peer->type == CONNECT)
        note_connect(peer, &fake->record);
    else if (peer->type == SUBSCRIBE)
        fake->record.subscribed = count_filters(peer);
    else if (peer->type == PUBLISH)
        fake->record.publishes++;
    else if (peer->type == DISCONNECT)
        fake->record.disconnects++;
    pthread_mutex_unlock(&fake->mutex);
}

static bool read_packet(struct peer *peer)
{
    uint8_t byte;
    size_t length = 0;
    unsigned shift = 0;

    if (!read_byte(peer, &byte))
        return false;
    peer->type = byte & 0xf0;
    do {
        if (!read_byte(peer, &byte))
            return false;
        length |= (size_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    memset(peer->body, 0, sizeof(peer->body));
    for (size_t i = 0; i < length; i++) {
        if (!read_byte(peer, &byte))
            return false;
        if (i < sizeof(peer->body))
            peer->body[i] = byte;
    }
    peer->size = length < sizeof(peer->body) ? length : sizeof(peer->body);
    note_packet(peer);
    return true;
}

static bool await(struct peer *peer, uint8_t type)
{
    while (read_packet(peer))
        if (peer->type == type)
            return true;
    return false;
}

static bool send_all(struct peer *peer, const void *bytes, size_t size)
{
    return send(peer->fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static bool send_connack(struct peer *peer, const struct fake_step *step)
{
    uint8_t packet[128] = {0x20};
    size_t text = step->text && peer->version == 5 ? strlen(step->text) : 0;
    size_t size = 4;

    packet[3] = (uint8_t)step->code;
    if (peer->version == 5)
        packet[size++] = (uint8_t)(text ? text + 3 : 0);
    if (text) {
        packet[size++] = 0x1f; /* reason string */
        packet[size++] = 0;
        packet[size++] = (uint8_t)text;
        memcpy(packet + size, step->text, text);
        size += text;
    }
    packet[1] = (uint8_t)(size - 2);
    return send_all(peer, packet, size);
}

static bool send_suback(struct peer *peer, const struct fake_step *step)
{
    uint8_t packet[16] = {0x90};
    size_t size = 4;

    if (!await(peer, SUBSCRIBE))
        return false;
    packet[2] = peer->body[0];
    packet[3] = peer->body[1];
    if (peer->version == 5)
        packet[size++] = 0;
    unsigned count = count_filters(peer);
    for (unsigned i = 0; i < count && i < sizeof(step->codes); i++)
        packet[size++] = step->codes[i];
    packet[1] = (uint8_t)(size - 2);
    return send_all(peer, packet, size);
}

/* Bytes that wait on the client's socket, as the kernel tells; 0 if it tells nothing. */
static unsigned long waiting_bytes(const struct peer *peer)
{
    struct sockaddr_in client;
    socklen_t len = sizeof(client);
    unsigned from, to;
    unsigned long waiting = 0;
    char line[256];
    FILE *sockets = fopen("/proc/net/tcp", "r");

    ck_assert_int_eq(getpeername(peer->fd, (struct sockaddr *)&client, &len), 0);
    while (sockets && waiting == 0 && fgets(line, sizeof(line), sockets))
        if (sscanf(line, "%*d: %*x:%x %*x:%x %*x %*x:%lx", &from, &to, &waiting) != 3 ||
            from != ntohs(client.sin_port) || (int)to != peer->fake->port)
            waiting = 0;
    if (sockets)
        fclose(sockets);
    return waiting;
}

static bool send_cuts(struct peer *peer, const uint8_t *bytes, size_t size)
{
    const struct timespec moment = {.tv_nsec = 100000};

    for (size_t cut = 1; cut < size; cut++) {
        if (!send_all(peer, bytes, cut))
            return false;
        for (int i = 0; i < 20000 && waiting_bytes(peer) > 0; i++)
            nanosleep(&moment, NULL);
        if (!send_all(peer, bytes + cut, size - cut))
            return false;
    }
    return true;
}

/* Until the broker is stopped or the client hangs up; bytes are left alone. */
static void stay_deaf(struct peer *peer)
{
    struct pollfd wait[2] = {{.fd = peer->fd, .events = POLLRDHUP},
                             {.fd = peer->fake->stop[0], .events = POLLIN}};

    poll(wait, 2, -1);
}

/* Returns false when the connection is over. */
static bool act(struct peer *peer, const struct fake_step *step)
{
    switch (step->act) {
    case FAKE_CONNACK:
        return send_connack(peer, step);
    case FAKE_SUBACK:
        return send_suback(peer, step);
    case FAKE_AWAIT_SUBSCRIBE:
        return await(peer, SUBSCRIBE);
    case FAKE_SEND:
        return send_all(peer, step->bytes, step->size);
    case FAKE_CUTS:
        return send_cuts(peer, step->bytes, step->size);
    case FAKE_FLOOD:
        while (send_all(peer, step->bytes, step->size))
            ;
        return false;
    case FAKE_HOLD:
        while (read_packet(peer))
            ;
        return false;
    case FAKE_DEAF:
        stay_deaf(peer);
        return false;
    case FAKE_CLOSE:
        break;
    }
    return false;
}

static void *serve(void *arg)
{
    struct fake *fake = arg;
    struct peer *peer = calloc(1, sizeof(*peer));

    while (ready(fake, fake->listener)) {
        *peer = (struct peer){.fake = fake, .fd = accept(fake->listener, NULL, NULL)};
        setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        if (await(peer, CONNECT))
            for (const struct fake_step *step = fake->script; act(peer, step);)
                step++;
        close(peer->fd);
    }
    free(peer);
    return NULL;
}

struct fake *fake_start(const struct fake_step *script)
{
    struct fake *fake = calloc(1, sizeof(*fake));
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);

    fake->script = script;
    pthread_mutex_init(&fake->mutex, NULL);
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    fake->listener = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(fake->listener, (struct sockaddr *)&at, sizeof(at)), 0);
    ck_assert_int_eq(listen(fake->listener, 16), 0);
    ck_assert_int_eq(getsockname(fake->listener, (struct sockaddr *)&at, &len), 0);
    fake->port = ntohs(at.sin_port);
    ck_assert_int_eq(pipe(fake->stop), 0);
    ck_assert_int_eq(pthread_create(&fake->thread, NULL, serve, fake), 0);
    return fake;
}

int fake_port(const struct fake *fake)
{
    return fake->port;
}

void fake_heard(struct fake *fake, struct fake_record *out)
{
    pthread_mutex_lock(&fake->mutex);
    *out = fake->record;
    pthread_mutex_unlock(&fake->mutex);
}

void fake_stop(struct fake *fake)
{
    close(fake->stop[1]);
    pthread_join(fake->thread, NULL);
    close(fake->stop[0]);
    close(fake->listener);
    pthread_mutex_destroy(&fake->mutex);
    free(fake);
}
