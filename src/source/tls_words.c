#include "source/tls_words.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

#define NAME_COLUMNS 40

static void sanitise(char *out, size_t size, const void *text, size_t len)
{
    text_sanitise(out, size, text, len, NAME_COLUMNS);
}

/* The common name, else the whole of it in one line. */
static void show_name(const X509_NAME *name, char *out, size_t size)
{
    char line[256] = "";
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);

    if (at >= 0) {
        const ASN1_STRING *text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
        sanitise(out, size, ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
        return;
    }
    X509_NAME_oneline(name, line, (int)sizeof(line));
    sanitise(out, size, line, strlen(line));
}

static void show_day(const ASN1_TIME *when, char *out, size_t size)
{
    struct tm day;

    *out = '\0';
    if (ASN1_TIME_to_tm(when, &day) == 1)
        strftime(out, size, "%Y-%m-%d", &day);
}

static size_t add_name(char *list, size_t size, size_t len, const GENERAL_NAME *name)
{
    const unsigned char *bytes = ASN1_STRING_get0_data(name->d.ia5);
    int count = ASN1_STRING_length(name->d.ia5);
    const char *gap = len > 0 ? ", " : "";
    int written = 0;

    if (name->type == GEN_DNS)
        written = snprintf(list + len, size - len, "%s%.*s", gap, count, (const char *)bytes);
    else if (name->type == GEN_IPADD && count == 4)
        written = snprintf(list + len, size - len, "%s%d.%d.%d.%d", gap, bytes[0], bytes[1],
                           bytes[2], bytes[3]);
    len += (size_t)written;
    return len < size ? len : size - 1;
}

/* The hosts that a certificate is for; its common name counts only where it lists none. */
static void show_hosts(const X509 *certificate, char *out, size_t size)
{
    char list[256] = "";
    size_t len = 0;
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        len = add_name(list, sizeof(list), len, sk_GENERAL_NAME_value(names, i));
    GENERAL_NAMES_free(names);
    if (len > 0)
        sanitise(out, size, list, len);
    else
        show_name(X509_get_subject_name(certificate), out, size);
}

void tls_words_certificate(struct tls_clues *clues, int check, const X509 *certificate)
{
    clues->check = check;
    if (!certificate)
        return;
    show_name(X509_get_subject_name(certificate), clues->subject, sizeof(clues->subject));
    show_name(X509_get_issuer_name(certificate), clues->issuer, sizeof(clues->issuer));
    show_hosts(certificate, clues->names, sizeof(clues->names));
    show_day(check == X509_V_ERR_CERT_NOT_YET_VALID ? X509_get0_notBefore(certificate)
                                                    : X509_get0_notAfter(certificate),
             clues->limit, sizeof(clues->limit));
}

static void check_words(const struct tls_clues *clues, const char *host, char *out, size_t size)
{
    static const char begin[] = "wrong certificate";

    switch (clues->check) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        snprintf(out, size,
                 "%s: unknown CA, \"%s\" has signed itself: if you trust it, name its certificate "
                 "with --cafile",
                 begin, clues->subject);
        break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        snprintf(out, size,
                 "%s: unknown CA \"%s\": if you trust it, name its certificate with --cafile",
                 begin, clues->issuer);
        break;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        snprintf(
            out, size,
            "%s: not signed by the CA \"%s\" that --cafile holds: is that the CA's newest one?",
            begin, clues->issuer);
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        snprintf(out, size,
                 "%s: \"%s\" expired on %s: renew it on the broker, or set this machine's clock",
                 begin, clues->subject, clues->limit);
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        snprintf(out, size, "%s: \"%s\" holds from %s on: is this machine's clock right?", begin,
                 clues->subject, clues->limit);
        break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        snprintf(out, size,
                 "%s: it is for %s, not for %.60s: connect by the name it holds (--insecure skips "
                 "this check)",
                 begin, clues->names, host);
        break;
    case X509_V_ERR_CERT_REVOKED:
        snprintf(out, size, "%s: \"%s\" was revoked", begin, clues->subject);
        break;
    case X509_V_ERR_INVALID_PURPOSE:
        snprintf(out, size, "%s: \"%s\" is not meant for a server", begin, clues->subject);
        break;
    default:
        snprintf(out, size, "%s: \"%s\": %s", begin, clues->subject,
                 X509_verify_cert_error_string(clues->check));
    }
}

/* A key that is not the broker's own shows as data that do not decrypt. */
static bool psk_refused(int alert)
{
    return alert == TLS1_AD_UNKNOWN_PSK_IDENTITY || alert == TLS1_AD_DECRYPT_ERROR ||
           alert == SSL3_AD_BAD_RECORD_MAC || alert == SSL3_AD_ILLEGAL_PARAMETER;
}

static void alert_words(const struct tls_clues *clues, const char *host, char *out, size_t size)
{
    switch (clues->alert) {
    case TLS13_AD_CERTIFICATE_REQUIRED:
        snprintf(out, size,
                 "the broker wants a client certificate: name yours with --cert and "
                 "--key");
        break;
    case SSL3_AD_BAD_CERTIFICATE:
    case SSL3_AD_UNSUPPORTED_CERTIFICATE:
    case SSL3_AD_CERTIFICATE_REVOKED:
    case SSL3_AD_CERTIFICATE_EXPIRED:
    case SSL3_AD_CERTIFICATE_UNKNOWN:
    case TLS1_AD_UNKNOWN_CA:
    case TLS1_AD_ACCESS_DENIED:
        snprintf(out, size,
                 "the broker does not accept our client certificate (%s): --cert needs one signed "
                 "by the CA that it trusts, and not expired",
                 SSL_alert_desc_string_long(clues->alert));
        break;
    case TLS1_AD_PROTOCOL_VERSION:
        snprintf(out, size, "the broker speaks no TLS version that we may: check --tls-version");
        break;
    case TLS1_AD_NO_APPLICATION_PROTOCOL:
        snprintf(out, size, "the broker does not know the protocol that --tls-alpn names");
        break;
    case TLS1_AD_UNRECOGNIZED_NAME:
        snprintf(out, size, "the broker has no certificate for %.60s: connect by another name",
                 host);
        break;
    case SSL3_AD_HANDSHAKE_FAILURE:
        snprintf(out, size,
                 "the broker and we have no way of encryption in common: does it want --psk, "
                 "--cert and --key, or another --tls-version?");
        break;
    default:
        snprintf(out, size, "the broker broke the TLS connection off: %s",
                 SSL_alert_desc_string_long(clues->alert));
    }
}

static void error_words(const struct tls_clues *clues, char *out, size_t size)
{
    int reason = ERR_GET_REASON(clues->error);

    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        *out = '\0'; /* the caller knows as much */
    else if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
        snprintf(out, size,
                 "what answers does not speak TLS: is this the broker's TLS port? (8883 as a "
                 "rule)");
    else if (reason == SSL_R_UNSUPPORTED_PROTOCOL)
        snprintf(out, size, "the broker speaks no TLS version that we may: check --tls-version");
    else
        snprintf(out, size, "TLS failed: %s", ERR_reason_error_string(clues->error));
}

void tls_words(const struct tls_clues *clues, const char *host, const char *identity, char *out,
               size_t size)
{
    *out = '\0';
    if (clues->check != X509_V_OK)
        check_words(clues, host, out, size);
    else if (identity && psk_refused(clues->alert))
        snprintf(out, size,
                 "the broker does not know the identity %.40s, or has another key for it: check "
                 "--psk-identity and --psk",
                 identity);
    else if (clues->asked && clues->alert != TLS_NO_ALERT)
        snprintf(out, size,
                 "the broker wants a client certificate: name yours with --cert and "
                 "--key");
    else if (clues->alert != TLS_NO_ALERT)
        alert_words(clues, host, out, size);
    else if (clues->error != 0)
        error_words(clues, out, size);
}
