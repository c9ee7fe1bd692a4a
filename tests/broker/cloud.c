#include "broker/cloud.h"

#include <arpa/inet.h>
#include <check.h>
#include <fnmatch.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define CONNECT 0x10
#define SUBSCRIBE 0x80
#define DISCONNECT 0xe0
#define PACKET_MAX 4096
#define PATIENCE 10 /* seconds for a client that says nothing */

struct cloud {
    const struct cloud_rules *rules;
    SSL_CTX *context;
    int listener, port;
    int stop[2]; /* closed at the writing end: the thread is to end */
    pthread_t thread;
};

/* One connection. */
struct client {
    const struct cloud_rules *rules;
    SSL *ssl;
    uint8_t type;
    uint8_t body[PACKET_MAX + 1];
    size_t size, at; /* of the body; read so far */
};

/* A text of the packet; the next one begins behind it. */
struct text {
    char bytes[PACKET_MAX + 1];
};

static bool is(const char *wanted, const char *given)
{
    return !wanted || (given && strcmp(wanted, given) == 0);
}

static int on_name(SSL *ssl, int *alert, void *context)
{
    const struct cloud *cloud = context;

    if (is(cloud->rules->name, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)))
        return SSL_TLSEXT_ERR_OK;
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static int on_protocols(SSL *ssl, const unsigned char **out, unsigned char *len,
                        const unsigned char *in, unsigned size, void *context)
{
    const struct cloud *cloud = context;
    const char *wanted = cloud->rules->protocol;

    (void)ssl;
    for (unsigned at = 0; wanted && at < size; at += 1u + in[at]) {
        if (in[at] == strlen(wanted) && memcmp(in + at + 1, wanted, in[at]) == 0) {
            *out = in + at + 1;
            *len = in[at];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return wanted ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
}

static bool read_all(SSL *ssl, void *out, size_t size)
{
    uint8_t *at = out;

    while (size > 0) {
        int got = SSL_read(ssl, at, (int)size);
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

static bool read_packet(struct client *client)
{
    uint8_t byte;
    unsigned shift = 0;

    if (!read_all(client->ssl, &byte, 1))
        return false;
    client->type = byte & 0xf0;
    client->size = client->at = 0;
    do {
        if (!read_all(client->ssl, &byte, 1))
            return false;
        client->size |= (size_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return client->size <= PACKET_MAX && read_all(client->ssl, client->body, client->size);
}

static bool write_all(struct client *client, const void *bytes, size_t size)
{
    return SSL_write(client->ssl, bytes, (int)size) == (int)size;
}

static bool read_text(struct client *client, struct text *out)
{
    const uint8_t *at = client->body + client->at;
    size_t len;

    out->bytes[0] = '\0';
    if (client->at + 2 > client->size)
        return false;
    len = (size_t)at[0] << 8 | at[1];
    client->at += 2 + len;
    if (client->at > client->size)
        return false;
    memcpy(out->bytes, at + 2, len);
    out->bytes[len] = '\0';
    return true;
}

static bool welcome(struct client *client)
{
    const struct cloud_rules *rules = client->rules;
    uint8_t version = client->body[6], flags = client->body[7];
    struct text id, user = {""}, password = {""};

    client->at = 10; /* past "MQTT", version, flags and keepalive */
    if (version == 5)
        client->at += 1u + client->body[10];
    if (!read_text(client, &id) || ((flags & 0x80) && !read_text(client, &user)) ||
        ((flags & 0x40) && !read_text(client, &password)))
        return false;
    return (!rules->id || fnmatch(rules->id, id.bytes, 0) == 0) && is(rules->user, user.bytes) &&
           is(rules->password, password.bytes);
}

static bool listed(const char *const *patterns, const char *filter)
{
    for (int i = 0; i < CLOUD_LIST && patterns[i]; i++)
        if (fnmatch(patterns[i], filter, 0) == 0)
            return true;
    return false;
}

static bool grants(const struct cloud_rules *rules, const char *filter)
{
    return (!rules->granted[0] || listed(rules->granted, filter)) && !listed(rules->denied, filter);
}

static bool send_message(struct client *client, const char *topic, const char *payload, int qos)
{
    uint8_t packet[512] = {(uint8_t)(0x30 | qos << 1)};
    size_t topic_len = strlen(topic), payload_len = strlen(payload), id_len = qos > 0 ? 2 : 0;
    size_t rest = 2 + topic_len + id_len + payload_len, at = 1;

    ck_assert_uint_lt(rest + 3, sizeof(packet));
    for (; rest > 127; rest >>= 7)
        packet[at++] = (uint8_t)(0x80 | (rest & 0x7f));
    packet[at++] = (uint8_t)rest;
    packet[at++] = (uint8_t)(topic_len >> 8);
    packet[at++] = (uint8_t)topic_len;
    memcpy(packet + at, topic, topic_len);
    at += topic_len;
    if (qos > 0) {
        packet[at++] = 0;
        packet[at++] = 1;
    }
    memcpy(packet + at, payload, payload_len);
    return write_all(client, packet, at + payload_len);
}

static bool send_matching(struct client *client, const char *filter, int qos)
{
    const struct cloud_rules *rules = client->rules;

    for (int i = 0; i < CLOUD_LIST && rules->messages[i].topic; i++) {
        bool match = false;
        mosquitto_topic_matches_sub(filter, rules->messages[i].topic, &match);
        if (match &&
            !send_message(client, rules->messages[i].topic, rules->messages[i].payload, qos))
            return false;
    }
    return true;
}

/* Two rounds over the filters: the answer, and the messages behind it. */
static bool subscribe(struct client *client)
{
    const struct cloud_rules *rules = client->rules;
    uint8_t suback[32] = {0x90, 2, client->body[0], client->body[1]};
    struct text filter;

    client->at = 2;
    while (client->at < client->size && suback[1] < sizeof(suback) - 2) {
        if (!read_text(client, &filter) || client->at >= client->size)
            return false;
        uint8_t qos = client->body[client->at++] & 3;
        bool good = grants(rules, filter.bytes);
        if (qos == 2 && rules->no_qos2)
            return true;
        if (!good && rules->filter_refusal == 0)
            return false;
        suback[2 + suback[1]++] = good ? qos : (uint8_t)rules->filter_refusal;
    }
    if (!write_all(client, suback, 2u + suback[1]))
        return false;
    client->at = 2;
    for (size_t i = 4; i < 2u + suback[1]; i++) {
        if (!read_text(client, &filter))
            return false;
        client->at++;
        if (suback[i] < 0x80 && !send_matching(client, filter.bytes, suback[i]))
            return false;
    }
    return true;
}

/* From the handshake until one of both hangs up. */
static void attend(struct client *client)
{
    const uint8_t *asked;
    unsigned len;

    if (SSL_accept(client->ssl) != 1)
        return;
    SSL_get0_alpn_selected(client->ssl, &asked, &len);
    if (client->rules->protocol && len == 0)
        return;
    if (!read_packet(client) || client->type != CONNECT)
        return;
    bool known = !client->rules->old || client->body[6] == 4, in = known && welcome(client);
    int answer = in ? 0 : known ? client->rules->refusal : 1;
    if (in || answer != 0)
        write_all(client, (uint8_t[]){0x20, 2, 0, (uint8_t)answer}, 4);
    while (in && read_packet(client) && client->type != DISCONNECT)
        if (client->type == SUBSCRIBE && !subscribe(client))
            break;
}

static void serve_one(struct cloud *cloud, int fd)
{
    struct client *client = calloc(1, sizeof(*client));
    struct timeval patience = {.tv_sec = PATIENCE};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    client->rules = cloud->rules;
    client->ssl = SSL_new(cloud->context);
    SSL_set_fd(client->ssl, fd);
    attend(client);
    ERR_clear_error();
    SSL_free(client->ssl);
    shutdown(fd, SHUT_WR);
    close(fd);
    free(client);
}

static void *serve(void *arg)
{
    struct cloud *cloud = arg;
    struct pollfd wait[2] = {{.fd = cloud->listener, .events = POLLIN},
                             {.fd = cloud->stop[0], .events = POLLIN}};
    sigset_t pipe;

    /* Here alone: what the test runs is to meet the signals as ever. */
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    while (poll(wait, 2, -1) > 0 && wait[1].revents == 0)
        serve_one(cloud, accept(cloud->listener, NULL, NULL));
    return NULL;
}

static SSL_CTX *prepare(struct cloud *cloud)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    char path[128];

    snprintf(path, sizeof(path), "%s/cloud.crt", cloud->rules->directory);
    ck_assert_int_eq(SSL_CTX_use_certificate_chain_file(context, path), 1);
    snprintf(path, sizeof(path), "%s/cloud.key", cloud->rules->directory);
    ck_assert_int_eq(SSL_CTX_use_PrivateKey_file(context, path, SSL_FILETYPE_PEM), 1);
    if (cloud->rules->clients) {
        snprintf(path, sizeof(path), "%s/%s", cloud->rules->directory, cloud->rules->clients);
        ck_assert_int_eq(SSL_CTX_load_verify_file(context, path), 1);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    SSL_CTX_set_tlsext_servername_callback(context, on_name);
    SSL_CTX_set_tlsext_servername_arg(context, cloud);
    SSL_CTX_set_alpn_select_cb(context, on_protocols, cloud);
    return context;
}

struct cloud *cloud_start(const struct cloud_rules *rules)
{
    struct cloud *cloud = calloc(1, sizeof(*cloud));
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);

    cloud->rules = rules;
    cloud->context = prepare(cloud);
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    cloud->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(cloud->listener, (struct sockaddr *)&at, sizeof(at)), 0);
    ck_assert_int_eq(listen(cloud->listener, 16), 0);
    ck_assert_int_eq(getsockname(cloud->listener, (struct sockaddr *)&at, &len), 0);
    cloud->port = ntohs(at.sin_port);
    ck_assert_int_eq(pipe(cloud->stop), 0);
    ck_assert_int_eq(pthread_create(&cloud->thread, NULL, serve, cloud), 0);
    return cloud;
}

int cloud_port(const struct cloud *cloud)
{
    return cloud->port;
}

void cloud_stop(struct cloud *cloud)
{
    close(cloud->stop[1]);
    pthread_join(cloud->thread, NULL);
    close(cloud->stop[0]);
    close(cloud->listener);
    SSL_CTX_free(cloud->context);
    free(cloud);
}
