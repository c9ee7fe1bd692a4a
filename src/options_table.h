/* What a row of the table of options is: for options.c, which has it, and
 * options_values.c and options_print.c. */
#ifndef DT_OPTIONS_TABLE_H
#define DT_OPTIONS_TABLE_H

#include <stddef.h>

enum kind {
    KIND_SECTION, /* a heading of --help */
    KIND_FLAG,
    KIND_TEXT,
    KIND_LIST, /* of topic filters */
    KIND_INT,
    KIND_NUMBER,
    KIND_SECONDS,
    KIND_BYTES,
    KIND_OWN, /* values_set() knows */
};

struct spec {
    const char *name;
    int letter; /* 0: none */
    enum kind kind;
    size_t at; /* offset of the field */
    double low, high;
    const char *argument, *help;
};

/* The i-th row; NULL behind the last. */
const struct spec *options_spec(size_t i);

#endif
