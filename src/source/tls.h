/* TLS for MQTT sessions: one OpenSSL context for all connections to one host, built by ourselves
 * and handed to libmosquitto, so that what goes wrong in a handshake is known and can be told. The
 * only user of OpenSSL; the simulator's sessions use it too. A struct tls belongs to one thread at
 * a time. */
#ifndef DT_SOURCE_TLS_H
#define DT_SOURCE_TLS_H

#include <stdbool.h>
#include <stddef.h>

struct mosquitto;

/* Files are in PEM form. Without cafile and capath the system's own authorities count. */
struct tls_options {
    char *cafile, *capath;    /* authorities that may vouch for the broker; NULL: none named */
    char *cert, *key;         /* ours; both or neither */
    char *version;            /* the least that is accepted: tlsv1.1, tlsv1.2 (NULL), tlsv1.3 */
    char *alpn;               /* a protocol's name to ask for, NULL: none */
    char *psk, *psk_identity; /* a shared key, in hexadecimal, takes the place of certificates */
    bool on;
    bool insecure; /* the name in the broker's certificate does not matter */
};

/* Copies every string; fini frees the copies, the shared key is wiped first. */
void tls_options_copy(struct tls_options *out, const struct tls_options *in);
void tls_options_fini(struct tls_options *options);

struct tls;

/* Reads the files. host is the name (or address) that was asked for: the broker is told it, and its
 * certificate must hold it. NULL: error says which option is wrong and what to do. */
struct tls *tls_new(const struct tls_options *options, const char *host, char *error, size_t size);
void tls_free(struct tls *tls);

/* Would tls_new() do? For a word at the start, before any thread. */
bool tls_check(const struct tls_options *options, const char *host, char *error, size_t size);

/* Makes this client, not connected yet, use it; tls must outlive the client. The client's log
 * callback must hand each line to tls_hear(). */
bool tls_attach(struct tls *tls, struct mosquitto *client);
void tls_hear(struct tls *tls, const char *line);

/* The handshake of this client is through. While it is not, libmosquitto does not notice a
 * connection that breaks, nor that a socket has become writable: the caller has to. */
bool tls_ready(struct mosquitto *client);

/* A client in its handshake whose poll said POLLERR or POLLHUP: the errno that its connection
 * failed with, 0 if it did not. */
int tls_connection_error(struct mosquitto *client);

/* What went wrong since tls_forget(), in words that say what to do; "" if TLS knows nothing,
 * or no more than that the connection ended. */
void tls_forget(struct tls *tls);
const char *tls_trouble(struct tls *tls);

#endif
