/* A buffered writer on a file descriptor for everything that batch mode prints. Never raises
 * SIGPIPE's noise: a reader that has gone is remembered and later text dropped. A reader that takes
 * nothing is waited for until somebody asks to stop. One thread at a time, but for writer_stop().
 */
#ifndef DT_OUT_WRITER_H
#define DT_OUT_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#define WRITER_NUMBER 32 /* bytes for writer_number_text(), NUL included */

struct writer {
    int fd;
    char *buffer;
    size_t used, room;
    bool held;    /* nothing is written until the next flush */
    int error;    /* errno of the first failed write, EPIPE when the reader has gone, ECANCELED when
                     it took nothing after a stop; 0 so far */
    int stop;     /* an eventfd: readable once asked to stop; -1: cannot be asked */
    int terminal; /* the same terminal as fd, not blocking; -1 if fd is none */
    int asked_fd; /* -1: nobody asks on the writing thread */
    bool (*asked)(void);
};

/* The caller keeps the descriptor and ignores SIGPIPE. */
void writer_init(struct writer *writer, int fd);
void writer_fini(struct writer *writer); /* flushes; the error stays to be read */

/* From now on the reader is given WRITER_GRACE ms to take something each time that it is waited
 * for; then the rest is dropped and the error is ECANCELED. Any thread, between init and fini. */
#define WRITER_GRACE 300
void writer_stop(struct writer *writer);

/* While the writing thread waits it has to answer for the descriptor, too: whenever that is
 * readable, asked() takes what is there and says whether to stop. */
void writer_listen(struct writer *writer, int fd, bool (*asked)(void));

void writer_text(struct writer *writer, const char *text);
void writer_bytes(struct writer *writer, const char *bytes, size_t len);
void writer_format(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Shortest decimal that reads back as the same double; never nan or inf ("null"). */
void writer_number(struct writer *writer, double number);

/* The same into out; returns its length. */
size_t writer_number_text(double number, char out[WRITER_NUMBER]);

/* A JSON string, quotes included: valid UTF-8, whatever text holds. What must not be shown (see
 * text_columns()) is escaped, so that nothing is lost and no terminal obeys it. */
void writer_json_string(struct writer *writer, const char *text);

/* Until the next flush the text is kept, however much it is: for use under a lock. */
void writer_hold(struct writer *writer);

/* Hands everything to the kernel. false once a write has failed. */
bool writer_flush(struct writer *writer);

#endif
