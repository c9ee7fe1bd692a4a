/* A buffered writer on a file descriptor for everything that batch mode prints. Never raises
 * SIGPIPE's noise: a reader that has gone is remembered and later text dropped. One thread at a
 * time. */
#ifndef DT_OUT_WRITER_H
#define DT_OUT_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#define WRITER_NUMBER 32 /* bytes for writer_number_text(), NUL included */

struct writer {
    int fd;
    char *buffer;
    size_t used, room;
    int error; /* errno of the first failed write, EPIPE when the reader has gone; 0 so far */
};

/* The caller keeps the descriptor and ignores SIGPIPE. */
void writer_init(struct writer *writer, int fd);
void writer_fini(struct writer *writer); /* flushes; the error stays to be read */

void writer_text(struct writer *writer, const char *text);
void writer_bytes(struct writer *writer, const char *bytes, size_t len);
void writer_format(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Shortest decimal that reads back as the same double; never nan or inf ("null"). */
void writer_number(struct writer *writer, double number);

/* The same into out; returns its length. */
size_t writer_number_text(double number, char out[WRITER_NUMBER]);

/* A JSON string, quotes included: valid UTF-8 without a control character, whatever text holds. */
void writer_json_string(struct writer *writer, const char *text);

/* Hands everything to the kernel. false once a write has failed. */
bool writer_flush(struct writer *writer);

#endif
