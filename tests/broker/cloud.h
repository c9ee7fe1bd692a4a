/* A broker with TLS that demands of its clients what brokers in the cloud do, and turns them away
 * as those do. It listens on a free port of the loopback and serves one client after another. */
#ifndef DT_TESTS_BROKER_CLOUD_H
#define DT_TESTS_BROKER_CLOUD_H

#include <stdbool.h>

#define CLOUD_LIST 4

/* Patterns are those of the shell. What is NULL or false is not asked for. */
struct cloud_rules {
    const char *directory; /* its own cloud.crt and cloud.key are here */
    const char *clients;   /* the file there of the CA that must have signed the client's */
    const char *name;      /* of the host, in the handshake; without it there is none */
    const char *protocol;  /* by ALPN; who does not ask for it is hung up on */
    bool old;              /* MQTT 3.1.1 alone */
    const char *id;        /* a pattern */
    const char *user;
    const char *password;
    int refusal;                     /* answers who does not get in; 0: hangs up */
    const char *granted[CLOUD_LIST]; /* patterns of filters; none: all */
    const char *denied[CLOUD_LIST];  /* ... and of those among them that are not */
    int filter_refusal;              /* answers the others; 0: hangs up */
    bool no_qos2;                    /* who asks for it gets no answer */
    struct {
        const char *topic, *payload;
    } messages[CLOUD_LIST]; /* for who subscribes to them, with the QoS asked for */
};

struct cloud;

/* The rules must outlive it. */
struct cloud *cloud_start(const struct cloud_rules *rules);
int cloud_port(const struct cloud *cloud);
void cloud_stop(struct cloud *cloud);

#endif
