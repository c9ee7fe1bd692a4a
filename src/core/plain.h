/* A text that should be one value: a whole payload, or a string inside one. Pure; any thread. */
#ifndef DT_CORE_PLAIN_H
#define DT_CORE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

enum plain_kind {
    PLAIN_TEXT,   /* anything that is not surely one of the others */
    PLAIN_NUMBER, /* finite, decimal; perhaps with a unit behind it */
    PLAIN_STATE,  /* on, off, true, false, open, closed: value is 1 or 0 */
    PLAIN_GAP,    /* the sensor says that it has no value now; too large for a double, too */
};

struct plain {
    enum plain_kind kind;
    double value;
    const char *unit; /* into the text, unit_len bytes; none: 0 bytes */
    size_t unit_len;
};

/* Reads text[0..len), white space around it allowed. Numbers are strict: decimal, at most one point
 * or one comma, an optional exponent, an optional known unit; nothing else behind them. */
struct plain plain_read(const char *text, size_t len);

/* Are these digits a label rather than a quantity (a serial number, an address)? They are if they
 * start with a zero or are more than a double can tell apart. */
bool plain_is_label(const char *text, size_t len);

#endif
