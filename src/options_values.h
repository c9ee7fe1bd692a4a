/* The values of options: numbers in words, and what options of their own kind take. For options.c
 * alone. Each returns false with a message in error if a value makes no sense. */
#ifndef DT_OPTIONS_VALUES_H
#define DT_OPTIONS_VALUES_H

#include "options.h"
#include "options_table.h"

/* Writes "--name value: expected ..."; returns false. */
bool values_fail(char *error, size_t size, const struct spec *spec, const char *value,
                 const char *expected);

bool values_number(const char *text, double *out);

/* A whole number in these bounds. */
bool values_whole(const char *text, double low, double high, double *out);

/* "64M", "1GiB", "4096". */
bool values_bytes(const char *text, double *out);

/* Sets an option of KIND_OWN. */
bool values_set(struct options *options, const struct spec *spec, const char *value, char *error,
                size_t size);

#endif
