#include "source/tls.h"

#include <errno.h>
#include <mosquitto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "core/xalloc.h"
#include "source/tls_words.h"

#define PSK_MAX 64 /* bytes; OpenSSL's own bound is above it */

struct tls {
    SSL_CTX *context;
    char *host; /* as asked for */
    bool numeric;
    char *identity; /* of the shared key; NULL: certificates */
    unsigned char psk[PSK_MAX];
    unsigned psk_bytes;
    struct tls_clues clues; /* of the handshake under way */
    char words[512];
};

static bool fail(char *error, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* File names are foreign text. */
static bool fail(char *error, size_t size, const char *format, ...)
{
    char words[512];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    text_sanitise(error, size, words, strlen(words), sizeof(words));
    ERR_clear_error();
    return false;
}

static char *copy_text(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

void tls_options_copy(struct tls_options *out, const struct tls_options *in)
{
    *out = *in;
    out->cafile = copy_text(in->cafile);
    out->capath = copy_text(in->capath);
    out->cert = copy_text(in->cert);
    out->key = copy_text(in->key);
    out->version = copy_text(in->version);
    out->alpn = copy_text(in->alpn);
    out->psk = copy_text(in->psk);
    out->psk_identity = copy_text(in->psk_identity);
}

void tls_options_fini(struct tls_options *options)
{
    if (options->psk)
        explicit_bzero(options->psk, strlen(options->psk));
    free(options->cafile);
    free(options->capath);
    free(options->cert);
    free(options->key);
    free(options->version);
    free(options->alpn);
    free(options->psk);
    free(options->psk_identity);
}

static struct tls *tls_of(const SSL *ssl)
{
    return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

/* Notes the first check that failed: the ones after it follow from it. The name is asked for after
 * the chain was found good. */
static int on_verify(int good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_clues *clues = &tls_of(ssl)->clues;

    if (!good && clues->check == X509_V_OK)
        tls_words_certificate(clues, X509_STORE_CTX_get_error(store),
                              X509_STORE_CTX_get_current_cert(store));
    return good;
}

/* The broker asks for a certificate and we have none. */
static int on_request(SSL *ssl, X509 **cert, EVP_PKEY **key)
{
    (void)cert;
    (void)key;
    tls_of(ssl)->clues.asked = true;
    return 0;
}

/* libmosquitto is given an address, and would tell the broker that; brokers with many names want
 * the one that was asked for. This runs before the first message is put together. */
static void on_info(const SSL *ssl, int where, int value)
{
    struct tls *tls = tls_of(ssl);

    if (where & SSL_CB_HANDSHAKE_START) {
        union {
            const SSL *given;
            SSL *own;
        } same = {.given = ssl}; /* the callback's type is stricter than its use */
        SSL_set_tlsext_host_name(same.own, tls->numeric ? NULL : tls->host);
    } else if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (value >> 8) == SSL3_AL_FATAL) {
        tls->clues.alert = value & 0xff;
    }
}

static unsigned on_psk(SSL *ssl, const char *hint, char *identity, unsigned identity_size,
                       unsigned char *psk, unsigned psk_size)
{
    struct tls *tls = tls_of(ssl);

    (void)hint;
    if (strlen(tls->identity) >= identity_size || tls->psk_bytes > psk_size)
        return 0;
    memcpy(identity, tls->identity, strlen(tls->identity) + 1);
    memcpy(psk, tls->psk, tls->psk_bytes);
    return tls->psk_bytes;
}

static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    *(bool *)context = true;
    return -1;
}

static bool is_directory(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* OpenSSL's own default is where its builder put it; the others are where systems put theirs. */
static void trust_system(SSL_CTX *context)
{
    static const char *const files[] = {"/etc/ssl/cert.pem", "/etc/pki/tls/certs/ca-bundle.crt",
                                        "/usr/local/etc/openssl@3/cert.pem",
                                        "/opt/homebrew/etc/openssl@3/cert.pem"};

    SSL_CTX_set_default_verify_paths(context);
    if (is_directory("/etc/ssl/certs"))
        SSL_CTX_load_verify_dir(context, "/etc/ssl/certs");
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        if (access(files[i], R_OK) == 0)
            SSL_CTX_load_verify_file(context, files[i]);
    ERR_clear_error();
}

static bool trust(SSL_CTX *context, const struct tls_options *options, char *error, size_t size)
{
    if (options->cafile && access(options->cafile, R_OK) != 0)
        return fail(error, size, "--cafile %s: %s", options->cafile, strerror(errno));
    if (options->cafile && SSL_CTX_load_verify_file(context, options->cafile) != 1)
        return fail(error, size, "--cafile %s: holds no certificate in PEM form", options->cafile);
    if (options->capath && !is_directory(options->capath))
        return fail(error, size, "--capath %s: no such folder; a single file is for --cafile",
                    options->capath);
    if (options->capath)
        SSL_CTX_load_verify_dir(context, options->capath);
    if (!options->cafile && !options->capath)
        trust_system(context);
    return true;
}

static bool show_certificate(SSL_CTX *context, const struct tls_options *options, char *error,
                             size_t size)
{
    bool asked = false;

    if (!options->cert && !options->key)
        return true;
    if (!options->cert || !options->key)
        return fail(error, size, "--cert and --key go together: a certificate needs its key");
    if (access(options->cert, R_OK) != 0)
        return fail(error, size, "--cert %s: %s", options->cert, strerror(errno));
    if (access(options->key, R_OK) != 0)
        return fail(error, size, "--key %s: %s", options->key, strerror(errno));
    if (SSL_CTX_use_certificate_chain_file(context, options->cert) != 1)
        return fail(error, size, "--cert %s: holds no certificate in PEM form", options->cert);
    SSL_CTX_set_default_passwd_cb(context, no_passphrase);
    SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
    int used = SSL_CTX_use_PrivateKey_file(context, options->key, SSL_FILETYPE_PEM);
    unsigned long code = ERR_peek_last_error();
    SSL_CTX_set_default_passwd_cb_userdata(context, NULL);
    SSL_CTX_set_default_passwd_cb(context, NULL);
    if (asked)
        return fail(error, size,
                    "--key %s: protected by a passphrase; write one without: openssl pkey -in %s "
                    "-out KEY, then chmod 600 KEY",
                    options->key, options->key);
    if (used != 1 && ERR_GET_REASON(code) != X509_R_KEY_VALUES_MISMATCH &&
        ERR_GET_REASON(code) != X509_R_KEY_TYPE_MISMATCH)
        return fail(error, size, "--key %s: holds no private key in PEM form", options->key);
    if (used != 1 || SSL_CTX_check_private_key(context) != 1)
        return fail(error, size,
                    "--key %s is not the key of --cert %s: name the two that belong together",
                    options->key, options->cert);
    return true;
}

static bool share_key(struct tls *tls, const struct tls_options *options, char *error, size_t size)
{
    size_t digits = strlen(options->psk);

    if (!options->psk_identity)
        return fail(error, size,
                    "--psk needs --psk-identity, the name that the broker knows it by");
    if (options->cafile || options->capath || options->cert)
        return fail(error, size,
                    "--psk takes the place of --cafile, --capath and --cert: give one "
                    "or the other");
    if (options->version && strcmp(options->version, "tlsv1.3") == 0)
        return fail(error, size, "--psk works up to tlsv1.2");
    if (digits == 0 || digits % 2 != 0 || digits / 2 > PSK_MAX ||
        strspn(options->psk, "0123456789abcdefABCDEF") != digits)
        return fail(error, size,
                    "--psk: expected a key of hexadecimal digits, two a byte, at most "
                    "%d bytes",
                    PSK_MAX);
    for (size_t i = 0; i < digits / 2; i++) {
        char byte[3] = {options->psk[2 * i], options->psk[2 * i + 1], '\0'};
        tls->psk[i] = (unsigned char)strtoul(byte, NULL, 16);
    }
    tls->psk_bytes = (unsigned)(digits / 2);
    tls->identity = xstrdup(options->psk_identity);
    /* In TLS 1.3 such a key means a session to take up again. */
    SSL_CTX_set_max_proto_version(tls->context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(tls->context, "kECDHEPSK:kDHEPSK:kPSK:!eNULL");
    SSL_CTX_set_psk_client_callback(tls->context, on_psk);
    return true;
}

static bool set_version(SSL_CTX *context, const char *word, char *error, size_t size)
{
    int least = !word || strcmp(word, "tlsv1.2") == 0 ? TLS1_2_VERSION
                : strcmp(word, "tlsv1.3") == 0        ? TLS1_3_VERSION
                : strcmp(word, "tlsv1.1") == 0        ? TLS1_1_VERSION
                                                      : 0;

    if (!least)
        return fail(error, size, "--tls-version %s: expected tlsv1.3, tlsv1.2 or tlsv1.1", word);
    /* What is that old needs ciphers that OpenSSL has put away. */
    if (least == TLS1_1_VERSION)
        SSL_CTX_set_cipher_list(context, "DEFAULT@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(context, least);
    return true;
}

static bool set_alpn(SSL_CTX *context, const char *name, char *error, size_t size)
{
    unsigned char wire[256];
    size_t len = name ? strlen(name) : 0;

    if (!name)
        return true;
    if (len == 0 || len > 255)
        return fail(error, size, "--tls-alpn: expected the name of a protocol, such as mqtt");
    wire[0] = (unsigned char)len;
    memcpy(wire + 1, name, wire[0]);
    SSL_CTX_set_alpn_protos(context, wire, (unsigned)len + 1);
    return true;
}

/* The chain is checked always, the name in the certificate unless the user says otherwise. */
static void check_peer(struct tls *tls, bool insecure)
{
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(tls->context);

    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, on_verify);
    tls->numeric = X509_VERIFY_PARAM_set1_ip_asc(param, tls->host) == 1;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (insecure && tls->numeric)
        X509_VERIFY_PARAM_set1_ip(param, NULL, 0);
    else if (!insecure && !tls->numeric)
        X509_VERIFY_PARAM_set1_host(param, tls->host, 0);
    ERR_clear_error();
}

struct tls *tls_new(const struct tls_options *options, const char *host, char *error, size_t size)
{
    struct tls *tls = xcalloc(1, sizeof(*tls));
    bool good;

    tls->host = xstrdup(host);
    tls->context = SSL_CTX_new(TLS_client_method());
    if (!tls->context) {
        fail(error, size, "OpenSSL does not start: is it installed whole?");
        tls_free(tls);
        return NULL;
    }
    SSL_CTX_set_app_data(tls->context, tls);
    SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(tls->context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_info_callback(tls->context, on_info);
    SSL_CTX_set_client_cert_cb(tls->context, on_request);
    good = set_version(tls->context, options->version, error, size) &&
           set_alpn(tls->context, options->alpn, error, size);
    if (good && options->psk) {
        good = share_key(tls, options, error, size);
    } else if (good) {
        check_peer(tls, options->insecure);
        good = trust(tls->context, options, error, size) &&
               show_certificate(tls->context, options, error, size);
    }
    if (good)
        return tls;
    tls_free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->context);
    explicit_bzero(tls->psk, sizeof(tls->psk));
    free(tls->identity);
    free(tls->host);
    free(tls);
}

bool tls_check(const struct tls_options *options, const char *host, char *error, size_t size)
{
    struct tls *tls = tls_new(options, host, error, size);

    tls_free(tls);
    return tls != NULL;
}

bool tls_attach(struct tls *tls, struct mosquitto *client)
{
    tls_forget(tls);
    return mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) == MOSQ_ERR_SUCCESS &&
           mosquitto_void_option(client, MOSQ_OPT_SSL_CTX, tls->context) == MOSQ_ERR_SUCCESS;
}

/* libmosquitto empties OpenSSL's list of errors into its log: "OpenSSL Error[0]: error:0A00...". */
void tls_hear(struct tls *tls, const char *line)
{
    const char *code = strstr(line, "error:");

    if (code && tls->clues.error == 0)
        tls->clues.error = strtoul(code + strlen("error:"), NULL, 16);
}

bool tls_ready(struct mosquitto *client)
{
    SSL *ssl = mosquitto_ssl_get(client);

    return ssl && SSL_is_init_finished(ssl);
}

/* OpenSSL may have met the error already, which leaves a socket without a peer. */
int tls_connection_error(struct mosquitto *client)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof(peer);
    int error = 0;
    socklen_t len = sizeof(error);
    int fd = mosquitto_socket(client);

    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error == 0 && getpeername(fd, (struct sockaddr *)&peer, &size) != 0)
        error = ECONNREFUSED;
    return error;
}

void tls_forget(struct tls *tls)
{
    tls->clues = (struct tls_clues){.check = X509_V_OK, .alert = TLS_NO_ALERT};
}

const char *tls_trouble(struct tls *tls)
{
    tls_words(&tls->clues, tls->host, tls->identity, tls->words, sizeof(tls->words));
    return tls->words;
}
