/* A server that speaks just enough MQTT to send a client messages as fast as it reads them, so that
 * no broker limits what is measured. Listens on a free port of 127.0.0.1, prints it, serves one
 * client (after its first SUBSCRIBE) and ends when that client has gone.
 *
 *     firehose [MESSAGES [TOPICS [RATE]]]    one million, 1,000, as many a second as go */
#include "bench/lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/xalloc.h"

#define ROUNDS 16              /* different values of each topic; then they come again */
#define WAIT_FOR_CLIENT 20000  /* ms */
#define WAIT_FOR_GOODBYE 20000 /* ms after the last message */
#define WRITE_BYTES ((size_t)256 << 10)
#define WRITE_PACED ((size_t)16 << 10)

/* MQTT control packet types, in the high half of a packet's first byte. */
enum packet { CONNECT = 1, CONNACK, PUBLISH, SUBSCRIBE = 8, SUBACK, PINGREQ = 12, PINGRESP };

struct buffer {
    unsigned char *bytes;
    size_t used, room;
};

struct hose {
    int socket;
    bool version5, subscribed, gone;
    struct buffer in, out; /* what the client sent; what it is to get before more messages */
    struct buffer load;    /* every message once */
    size_t *ends;          /* where each of them ends in load */
    unsigned long count;   /* messages in load */
    unsigned long left;    /* messages still to send */
    double rate, began;    /* messages a second, 0: no limit; when the first went, seconds */
    double sent;           /* since then */
    unsigned long next;    /* in load */
    size_t from;           /* where in load sending goes on */
};

static void append(struct buffer *buffer, const void *bytes, size_t len)
{
    if (buffer->used + len > buffer->room) {
        buffer->room = (buffer->used + len) * 2;
        buffer->bytes = xrealloc(buffer->bytes, buffer->room);
    }
    memcpy(buffer->bytes + buffer->used, bytes, len);
    buffer->used += len;
}

static void append_byte(struct buffer *buffer, unsigned value)
{
    unsigned char byte = (unsigned char)value;
    append(buffer, &byte, 1);
}

static void append_length(struct buffer *buffer, size_t len)
{
    do {
        append_byte(buffer, (unsigned)(len % 128 | (len >= 128 ? 128 : 0)));
        len /= 128;
    } while (len > 0);
}

static void append_message(struct hose *hose, unsigned sensor, unsigned round)
{
    char topic[LAB_TEXT], payload[LAB_TEXT];
    size_t topic_len = lab_topic(sensor, topic), payload_len = lab_payload(sensor, round, payload);
    append_byte(&hose->load, PUBLISH << 4);
    append_length(&hose->load, 2 + topic_len + hose->version5 + payload_len);
    append_byte(&hose->load, (unsigned)topic_len >> 8);
    append_byte(&hose->load, (unsigned)topic_len & 0xff);
    append(&hose->load, topic, topic_len);
    if (hose->version5)
        append_byte(&hose->load, 0); /* no properties */
    append(&hose->load, payload, payload_len);
}

static void make_load(struct hose *hose, unsigned topics)
{
    hose->count = (unsigned long)topics * ROUNDS;
    hose->ends = xcalloc(hose->count, sizeof(*hose->ends));
    for (unsigned long i = 0; i < hose->count; i++) {
        append_message(hose, (unsigned)(i % topics), (unsigned)(i / topics));
        hose->ends[i] = hose->load.used;
    }
}

/* Answers a SUBSCRIBE: as many return codes as it has filters. */
static void answer_subscribe(struct hose *hose, const unsigned char *body, size_t len)
{
    size_t at = 2 + (hose->version5 ? (size_t)body[2] + 1 : 0), filters = 0;
    for (; at + 2 < len; filters++)
        at += 2 + ((size_t)body[at] << 8 | body[at + 1]) + 1;
    append_byte(&hose->out, SUBACK << 4);
    append_length(&hose->out, 2 + hose->version5 + filters);
    append(&hose->out, body, 2);
    if (hose->version5)
        append_byte(&hose->out, 0);
    for (size_t i = 0; i < filters; i++)
        append_byte(&hose->out, 0);
    hose->subscribed = true;
}

static void answer(struct hose *hose, unsigned type, const unsigned char *body, size_t len)
{
    if (type == CONNECT && len > 6) {
        hose->version5 = body[6] == 5;
        const unsigned char connack[] = {CONNACK << 4, hose->version5 ? 3 : 2, 0, 0, 0};
        append(&hose->out, connack, hose->version5 ? 5 : 4);
    } else if (type == SUBSCRIBE && len > 2) {
        answer_subscribe(hose, body, len);
    } else if (type == PINGREQ) {
        const unsigned char pingresp[] = {PINGRESP << 4, 0};
        append(&hose->out, pingresp, sizeof(pingresp));
    }
}

/* Takes the whole packets out of what the client sent. */
static void take_packets(struct hose *hose)
{
    for (;;) {
        size_t header = 1, len = 0;
        unsigned shift = 0;
        bool whole = false;
        for (; header < hose->in.used && header <= 4 && !whole; header++, shift += 7) {
            len |= (size_t)(hose->in.bytes[header] & 0x7f) << shift;
            whole = hose->in.bytes[header] < 0x80;
        }
        if (!whole || hose->in.used < header + len)
            return;
        answer(hose, hose->in.bytes[0] >> 4, hose->in.bytes + header, len);
        hose->in.used -= header + len;
        memmove(hose->in.bytes, hose->in.bytes + header + len, hose->in.used);
    }
}

static void receive(struct hose *hose)
{
    unsigned char bytes[4096];
    ssize_t got = recv(hose->socket, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got > 0) {
        append(&hose->in, bytes, (size_t)got);
        take_packets(hose);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        hose->gone = true;
    }
}

static size_t send_some(struct hose *hose, const unsigned char *bytes, size_t len)
{
    ssize_t sent = send(hose->socket, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        hose->gone = true;
    return sent > 0 ? (size_t)sent : 0;
}

/* Sends whole messages out of the load, many at once. An answer may only go between two of them, so
 * a message that was sent in part is finished first. */
static void send_messages(struct hose *hose)
{
    unsigned long last = hose->next;
    while (last + 1 < hose->count && last + 1 - hose->next < hose->left &&
           hose->ends[last] - hose->from < (hose->rate > 0 ? WRITE_PACED : WRITE_BYTES))
        last++;
    hose->from += send_some(hose, hose->load.bytes + hose->from, hose->ends[last] - hose->from);
    while (hose->next <= last && hose->ends[hose->next] <= hose->from) {
        hose->next++;
        hose->left--;
        hose->sent++;
    }
    if (hose->next == hose->count)
        hose->next = hose->from = 0;
}

static bool between_messages(const struct hose *hose)
{
    return hose->from == (hose->next > 0 ? hose->ends[hose->next - 1] : 0);
}

static double clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Has more gone than the rate allows by now? */
static bool is_ahead(struct hose *hose)
{
    if (hose->rate <= 0)
        return false;
    if (hose->began <= 0)
        hose->began = clock_now();
    return hose->sent > (clock_now() - hose->began) * hose->rate;
}

static void serve(struct hose *hose, unsigned topics)
{
    while (!hose->gone) {
        bool firing = hose->subscribed && hose->left > 0;
        if (firing && is_ahead(hose)) {
            struct pollfd in = {.fd = hose->socket, .events = POLLIN};
            if (poll(&in, 1, 1) > 0)
                receive(hose);
            continue;
        }
        struct pollfd fd = {.fd = hose->socket, .events = POLLIN};
        if (hose->out.used > 0 || firing)
            fd.events |= POLLOUT;
        if (poll(&fd, 1, firing ? -1 : WAIT_FOR_GOODBYE) == 0)
            return;
        if (fd.revents & ~POLLOUT)
            receive(hose);
        if (!(fd.revents & POLLOUT))
            continue;
        if (hose->out.used > 0 && between_messages(hose)) {
            size_t sent = send_some(hose, hose->out.bytes, hose->out.used);
            hose->out.used -= sent;
            memmove(hose->out.bytes, hose->out.bytes + sent, hose->out.used);
        } else if (hose->subscribed) {
            if (hose->count == 0)
                make_load(hose, topics);
            send_messages(hose);
        }
    }
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 1) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        perror("firehose");
        exit(EXIT_FAILURE);
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(int argc, char **argv)
{
    struct hose hose = {.left = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000};
    unsigned topics = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1000;
    hose.rate = argc > 3 ? strtod(argv[3], NULL) : 0;
    if (topics == 0 || hose.left == 0) {
        fprintf(stderr, "usage: firehose [MESSAGES [TOPICS [RATE]]]\n");
        return 2;
    }
    int listener = listen_anywhere();
    struct pollfd fd = {.fd = listener, .events = POLLIN};
    if (poll(&fd, 1, WAIT_FOR_CLIENT) == 1 && (hose.socket = accept(listener, NULL, NULL)) >= 0) {
        serve(&hose, topics);
        close(hose.socket);
    }
    close(listener);
    free(hose.in.bytes);
    free(hose.out.bytes);
    free(hose.load.bytes);
    free(hose.ends);
    return hose.left == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
