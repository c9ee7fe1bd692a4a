#include "broker/certificates.h"

#include <check.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DAY (24 * 3600)

struct authority {
    X509 *certificate;
    EVP_PKEY *key;
};

static FILE *create(const char *directory, const char *name, const char *ending)
{
    char path[256];

    ck_assert_int_lt(snprintf(path, sizeof(path), "%s/%s%s", directory, name, ending), 256);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    return file;
}

static void write_certificate(X509 *certificate, const char *directory, const char *name,
                              const char *ending)
{
    FILE *file = create(directory, name, ending);

    ck_assert_int_eq(PEM_write_X509(file, certificate), 1);
    fclose(file);
}

static void extend(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    ck_assert_ptr_nonnull(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static X509 *make(const char *name, EVP_PKEY *key, int from, int to)
{
    static long serial = 1;
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);

    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), (long)from * DAY);
    X509_gmtime_adj(X509_getm_notAfter(certificate), (long)to * DAY);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                               0);
    return certificate;
}

static void sign(X509 *certificate, const X509 *issuer, EVP_PKEY *key)
{
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    ck_assert_int_gt(X509_sign(certificate, key, EVP_sha256()), 0);
}

struct authority *authority_new(const char *name, const char *directory, const char *file)
{
    struct authority *authority = calloc(1, sizeof(*authority));

    authority->key = EVP_EC_gen("P-256");
    authority->certificate = make(name, authority->key, -1, 3650);
    extend(authority->certificate, NID_basic_constraints, "critical,CA:TRUE");
    sign(authority->certificate, authority->certificate, authority->key);
    write_certificate(authority->certificate, directory, file, "");
    return authority;
}

void authority_free(struct authority *authority)
{
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
}

void certificate_write(struct authority *authority, const char *name, const char *alternatives,
                       int from, int to, const char *directory, const char *stem)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make(name, key, from, to);
    FILE *file = create(directory, stem, ".key");

    if (alternatives)
        extend(certificate, NID_subject_alt_name, alternatives);
    if (authority)
        sign(certificate, authority->certificate, authority->key);
    else
        sign(certificate, certificate, key);
    ck_assert_int_eq(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
    fclose(file);
    write_certificate(certificate, directory, stem, ".crt");
    X509_free(certificate);
    EVP_PKEY_free(key);
}

void authority_link(const struct authority *authority, const char *directory, const char *file)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%08lx.0", directory,
             X509_NAME_hash_ex(X509_get_subject_name(authority->certificate), NULL, NULL, NULL));
    ck_assert_int_eq(symlink(file, path), 0);
}
