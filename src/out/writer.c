#include "out/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/text.h"
#include "core/xalloc.h"

#define WRITER_ROOM 65536
#define EXACT 9007199254740991.0 /* 2^53 - 1: whole numbers up to here are doubles */

/* A write to a terminal sleeps until all of it has found room, whatever poll() said before. Opened
 * anew it can be told not to, without a change for others who write to the same one. */
static int open_terminal(int fd)
{
    char name[64];
    if (!isatty(fd) || ttyname_r(fd, name, sizeof(name)) != 0)
        return -1;
    return open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void writer_init(struct writer *writer, int fd)
{
    *writer = (struct writer){
        .fd = fd,
        .buffer = xmalloc(WRITER_ROOM),
        .room = WRITER_ROOM,
        .stop = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
        .terminal = open_terminal(fd),
        .asked_fd = -1,
    };
}

void writer_fini(struct writer *writer)
{
    writer_flush(writer);
    free(writer->buffer);
    if (writer->stop >= 0)
        close(writer->stop);
    if (writer->terminal >= 0)
        close(writer->terminal);
    *writer = (struct writer){
        .fd = -1, .error = writer->error, .stop = -1, .terminal = -1, .asked_fd = -1};
}

void writer_stop(struct writer *writer)
{
    uint64_t one = 1;
    ssize_t ignored = write(writer->stop, &one, sizeof(one));
    (void)ignored;
}

void writer_listen(struct writer *writer, int fd, bool (*asked)(void))
{
    writer->asked_fd = fd;
    writer->asked = asked;
}

void writer_hold(struct writer *writer)
{
    writer->held = true;
}

/* Waits until something can be written, or a write would tell what is wrong. false: in vain. */
static bool wait_for_room(struct writer *writer, int fd)
{
    bool stopped = false;
    for (;;) {
        struct pollfd wait[] = {
            {.fd = fd, .events = POLLOUT},
            {.fd = stopped ? -1 : writer->stop, .events = POLLIN},
            {.fd = stopped ? -1 : writer->asked_fd, .events = POLLIN},
        };
        int ready = poll(wait, sizeof(wait) / sizeof(wait[0]), stopped ? WRITER_GRACE : -1);
        if (ready > 0 && wait[0].revents)
            return true;
        if (ready == 0)
            return false;
        if (ready > 0 && wait[2].revents && writer->asked())
            writer_stop(writer);
        if (ready > 0 && wait[1].revents)
            stopped = true;
    }
}

/* Writes all of it or remembers why not. A pipe that has room for anything has room for PIPE_BUF
 * bytes, so that no write of so few blocks after the wait. */
static void send_bytes(struct writer *writer, const char *bytes, size_t len)
{
    int fd = writer->terminal >= 0 ? writer->terminal : writer->fd;
    while (len > 0 && writer->error == 0) {
        if (!wait_for_room(writer, fd)) {
            writer->error = ECANCELED;
            return;
        }
        ssize_t sent = write(fd, bytes, len < PIPE_BUF ? len : PIPE_BUF);
        if (sent >= 0) {
            bytes += sent;
            len -= (size_t)sent;
        } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            writer->error = errno;
        }
    }
}

bool writer_flush(struct writer *writer)
{
    send_bytes(writer, writer->buffer, writer->used);
    writer->used = 0;
    writer->held = false;
    return writer->error == 0;
}

static void make_room(struct writer *writer, size_t len)
{
    while (len > writer->room - writer->used)
        writer->room *= 2;
    writer->buffer = xrealloc(writer->buffer, writer->room);
}

void writer_bytes(struct writer *writer, const char *bytes, size_t len)
{
    if (len > writer->room - writer->used) {
        if (writer->held)
            make_room(writer, len);
        else
            writer_flush(writer);
        if (len > writer->room) {
            send_bytes(writer, bytes, len);
            return;
        }
    }
    memcpy(writer->buffer + writer->used, bytes, len);
    writer->used += len;
}

void writer_text(struct writer *writer, const char *text)
{
    writer_bytes(writer, text, strlen(text));
}

void writer_format(struct writer *writer, const char *format, ...)
{
    char small[256];
    va_list list;
    va_start(list, format);
    int len = vsnprintf(small, sizeof(small), format, list);
    va_end(list);
    if (len < 0)
        return;
    if ((size_t)len < sizeof(small)) {
        writer_bytes(writer, small, (size_t)len);
        return;
    }
    char *large = xmalloc((size_t)len + 1);
    va_start(list, format);
    vsnprintf(large, (size_t)len + 1, format, list);
    va_end(list);
    writer_bytes(writer, large, (size_t)len);
    free(large);
}

/* Writes digits with the decimal point `decimals` places from the right. */
static size_t put_decimal(bool negative, uint64_t digits, unsigned decimals,
                          char out[WRITER_NUMBER])
{
    while (decimals > 0 && digits % 10 == 0) {
        digits /= 10;
        decimals--;
    }
    char text[WRITER_NUMBER];
    size_t at = sizeof(text);
    for (unsigned place = 0; digits > 0 || place <= decimals; place++, digits /= 10) {
        if (place == decimals && decimals > 0)
            text[--at] = '.';
        text[--at] = (char)('0' + digits % 10);
    }
    if (negative)
        text[--at] = '-';
    size_t len = sizeof(text) - at;
    memcpy(out, text + at, len);
    out[len] = '\0';
    return len;
}

/* Finds the integer (up to EXACT) that, divided by scale, is exactly `number`. Both are exact
 * doubles, so the one rounding of the division is the rounding that a reader of the decimal makes
 * (Clinger, "How to read floating point numbers accurately", 1990): equal here means equal when
 * read back. */
static bool find_digits(double number, double scale, uint64_t *digits)
{
    static const int64_t nearby[] = {0, -1, 1}; /* the product below is itself rounded */
    uint64_t middle = (uint64_t)(number * scale + 0.5);
    for (size_t i = 0; i < sizeof(nearby) / sizeof(nearby[0]); i++) {
        *digits = middle + (uint64_t)nearby[i];
        if ((double)*digits / scale == number)
            return true;
    }
    return false;
}

/* The 17 digits that always read back. The product needs more bits than a double has; fma() tells
 * exactly what the rounding of the product left out. */
static uint64_t all_digits(double number, double scale)
{
    double product = number * scale; /* at least 10^16: a whole number */
    double rest = fma(number, scale, -product);
    return (uint64_t)((int64_t)product + (int64_t)rint(rest));
}

/* 15, else 16, else 17 significant digits by plain arithmetic, for the magnitudes that sensors
 * have. Returns 0 for others. */
static size_t quick_number(double number, char out[WRITER_NUMBER])
{
    static const double powers[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9, 1e10,
                                    1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20};
    double size = fabs(number);
    if (size < 1e-4 || size >= 1e15)
        return 0;
    unsigned decimals = 15;
    if (size >= 1) {
        while (size >= powers[15 - decimals])
            decimals--;
    } else {
        while (size * powers[decimals - 14] < 1)
            decimals++;
    }
    uint64_t digits;
    if (find_digits(size, powers[decimals], &digits))
        return put_decimal(number < 0, digits, decimals, out);
    decimals++;
    if (size * powers[decimals] > EXACT)
        return 0;
    if (!find_digits(size, powers[decimals], &digits)) {
        decimals++;
        digits = all_digits(size, powers[decimals]);
    }
    return put_decimal(number < 0, digits, decimals, out);
}

size_t writer_number_text(double number, char out[WRITER_NUMBER])
{
    if (!isfinite(number))
        return (size_t)snprintf(out, WRITER_NUMBER, "null");
    if (number == 0)
        return (size_t)snprintf(out, WRITER_NUMBER, signbit(number) ? "-0" : "0");
    size_t len = quick_number(number, out);
    for (int digits = 15; len == 0; digits++) {
        int written = snprintf(out, WRITER_NUMBER, "%.*g", digits, number);
        if (digits == 17 || strtod(out, NULL) == number)
            len = (size_t)written;
    }
    return len;
}

void writer_number(struct writer *writer, double number)
{
    char text[WRITER_NUMBER];
    size_t len = writer_number_text(number, text);
    writer_bytes(writer, text, len);
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Writes the character at text that is_plain() does not cover; returns its bytes. */
static size_t put_special(struct writer *writer, const char *text, size_t len)
{
    if (*text == '"' || *text == '\\') {
        char escape[2] = {'\\', *text};
        writer_bytes(writer, escape, sizeof(escape));
        return 1;
    }
    uint32_t code;
    size_t bytes = text_decode(text, len, &code);
    if (bytes == 0) {
        writer_text(writer, "\xef\xbf\xbd");
        return 1;
    }
    if (code < 0xa0 || (code < 0x10000 && text_columns(code) < 0))
        writer_format(writer, "\\u%04x", (unsigned)code);
    else if (code >= 0x10000 && text_columns(code) < 0)
        writer_format(writer, "\\u%04x\\u%04x", 0xd7c0 + (unsigned)(code >> 10),
                      0xdc00 + (unsigned)(code & 0x3ff));
    else
        writer_bytes(writer, text, bytes);
    return bytes;
}

void writer_json_string(struct writer *writer, const char *text)
{
    size_t len = strlen(text);
    writer_bytes(writer, "\"", 1);
    while (len > 0) {
        size_t run = 0;
        while (run < len && is_plain((unsigned char)text[run]))
            run++;
        if (run > 0)
            writer_bytes(writer, text, run);
        else
            run = put_special(writer, text, len);
        text += run;
        len -= run;
    }
    writer_bytes(writer, "\"", 1);
}
