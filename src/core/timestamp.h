/* Points in time: microseconds since 1970-01-01T00:00:00Z. Pure; any thread. */
#ifndef DT_CORE_TIMESTAMP_H
#define DT_CORE_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t timestamp;

#define TIMESTAMP_NONE INT64_MIN
#define TIMESTAMP_SECOND ((timestamp)1000000)
#define TIMESTAMP_TEXT 32 /* bytes for timestamp_format(), NUL included */

/* The instants that a sensor may plausibly mean: [2000-01-01, 2100-01-01). */
bool timestamp_plausible(timestamp when);

/* Reads ISO 8601 / RFC 3339: date, 'T' or blank, time with 0 to 9 decimals, then 'Z', an offset
 * (±hh:mm, ±hhmm, ±hh, also "Z+0000" as mosquitto_sub 2.0 writes it) or nothing (local time). The
 * whole of text[0..len) must match and every field be in range; a leap second counts as the next
 * second. false leaves *out alone. Plausibility is not checked here.
 * Local time is mktime()'s, which asks the disk about /etc/localtime each time (2 µs) unless TZ is
 * in the environment: a program that reads many such times sets it to ":/etc/localtime". */
bool timestamp_parse(const char *text, size_t len, timestamp *out);

/* Reads an epoch number given in s, ms, µs or ns, told apart by magnitude; false when none of these
 * makes it plausible. */
bool timestamp_from_epoch(double number, timestamp *out);

/* Writes "2024-01-15T14:23:45.123456Z" (always six decimals, always UTC) and returns its length. A
 * time outside years 0000 to 9999 is written as the nearest one inside. */
size_t timestamp_format(timestamp when, char out[TIMESTAMP_TEXT]);

#endif
