/* What went wrong with TLS, in words for a person: which check failed and what to do. Pure, but for
 * the certificates that OpenSSL lends. */
#ifndef DT_SOURCE_TLS_WORDS_H
#define DT_SOURCE_TLS_WORDS_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#define TLS_NO_ALERT (-1)

/* What was seen of one handshake. Texts are sanitised. */
struct tls_clues {
    int check;           /* X509_V_*: of the broker's certificate; X509_V_OK if no check failed */
    char subject[64];    /* whose certificate failed the check */
    char issuer[64];     /* who signed it */
    char names[64];      /* the hosts that it is for */
    char limit[16];      /* the day before or after which it does not hold */
    int alert;           /* the broker's last word in TLS's own numbers, or TLS_NO_ALERT */
    bool asked;          /* it asked for a certificate, and we had none to show */
    unsigned long error; /* OpenSSL's first error code; 0: none */
};

/* Notes a failed check of this certificate (NULL: of none). */
void tls_words_certificate(struct tls_clues *clues, int check, const X509 *certificate);

/* host: as asked for. identity: of the shared key, NULL for certificates. "" if the clues say
 * nothing. */
void tls_words(const struct tls_clues *clues, const char *host, const char *identity, char *out,
               size_t size);

#endif
