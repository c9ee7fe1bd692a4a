/* Numbers and times as people read them. Pure; every out holds FORMAT_TEXT bytes unless it comes
 * with a size. */
#ifndef DT_UI_FORMAT_H
#define DT_UI_FORMAT_H

#include "core/timestamp.h"

#include <stddef.h>
#include <stdint.h>

#define FORMAT_TEXT 32
#define FORMAT_DECIMALS 4 /* format_precision() gives at most so many */

/* A value in at most `columns` columns (1 to FORMAT_TEXT - 1): with `precision` decimals where they
 * fit ("22.40", "1013.2", "612"), with fewer where they don't, else SI or exponent ("1.24M",
 * "3.1e-9"). '#' marks where even that has no room. "-" for what is no number. */
void format_value(double value, int precision, int columns, char *out);

/* Adds blanks to a number, so that its decimal point, or the place where it would be, stands before
 * the last `decimals` columns: numbers of one column that are flush right then are aligned on it,
 * where `columns` have room for that. What is no number stays as it is. */
void format_align(char *text, int decimals, int columns);

/* How many decimals show the spread of a series to two digits (0 to FORMAT_DECIMALS), at most five
 * digits in all; a series without spread gets what its value needs. The same for a whole row, so
 * that its decimal points stand still. */
int format_precision(double value, double stdev, double min, double max);

/* How many decimals a whole multiple of this axis step needs. */
int format_step_precision(double step);

void format_z(double z, char *out);                  /* "+3.4", "-12", "+99" at most 5 columns */
void format_age(timestamp age, char *out);           /* "0.4s", "31s", "9m04", "3h12", "3d02h" */
void format_count(uint64_t count, char *out);        /* "84", "12.4k", "1.24M" at most 5 columns */
void format_bytes(uint64_t bytes, char *out);        /* "6.1M" */
void format_span(timestamp span, char *out);         /* "5 min", "1 h", "30 s" */
void format_clock(timestamp when, char *out);        /* "14:06:41", local time */
void format_clock_minute(timestamp when, char *out); /* "14:06" */

/* A reading's rate, given as readings a second: "5.0", "0.50", "6/h"; "" while unknown (0). */
void format_rate(double rate, char *out);

/* Bytes of the longest head of sanitised text that takes at most `columns` columns; *used gets the
 * columns. */
size_t format_head(const char *text, unsigned columns, unsigned *used);

/* Sanitised text in at most `columns` columns, with its middle replaced by '…' if it is longer:
 * what tells names apart is mostly at their ends. Returns the columns used. */
unsigned format_middle(const char *text, unsigned columns, char *out, size_t size);

#endif
