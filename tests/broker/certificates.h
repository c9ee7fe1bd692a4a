/* Certificates for the TLS tests, made on the spot and written as PEM files. Every helper fails the
 * test by itself. */
#ifndef DT_TESTS_BROKER_CERTIFICATES_H
#define DT_TESTS_BROKER_CERTIFICATES_H

struct authority;

/* A CA of this name; its certificate is written to directory/file. */
struct authority *authority_new(const char *name, const char *directory, const char *file);
void authority_free(struct authority *authority);

/* A certificate for `name` with these alternative names ("DNS:localhost,IP:127.0.0.1", NULL for
 * none), which holds from one to another number of days from now, signed by the authority (NULL: by
 * itself). Written to directory/stem.crt and directory/stem.key. */
void certificate_write(struct authority *authority, const char *name, const char *alternatives,
                       int from, int to, const char *directory, const char *stem);

/* What `openssl rehash` does: a link that finds the CA's file by its hash. */
void authority_link(const struct authority *authority, const char *directory, const char *file);

#endif
