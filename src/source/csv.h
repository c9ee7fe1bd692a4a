/* CSV recordings: a header, then rows `timestamp,value` or
 * `timestamp,sensor_id[,series],value[,unit]`, the columns in any order and others beside them. A
 * "'" that keeps a spreadsheet from taking a text for a formula (out/csv_lines.h) is taken off.
 * Fields may be quoted (RFC 4180), but not hold line ends. Pure; one thread at a time. */
#ifndef DT_SOURCE_CSV_H
#define DT_SOURCE_CSV_H

#include "core/batch.h"

#include <stdbool.h>
#include <stddef.h>

#define CSV_FIELDS 64 /* columns of a file, at most */

/* Where the columns stand, counted from 0; -1 if the file has none such. */
struct csv_columns {
    int timestamp, sensor, series, value, unit;
};

struct csv_row {
    timestamp time;
    bool empty;         /* no value: only the clock went on */
    double value;       /* finite */
    const char *sensor; /* as written; NULL if the row names none */
    const char *series; /* likewise */
    const char *unit;   /* "" if none */
};

/* Is this line a header that can be replayed? A byte order mark before it is skipped. */
bool csv_read_header(const char *line, size_t len, struct csv_columns *out);

/* Reads one row; cuts up the line, which out then points into. A time without a zone is local time.
 * false: error says what is wrong, in words without foreign bytes. */
bool csv_read_row(const struct csv_columns *columns, char *line, size_t len, struct csv_row *out,
                  char *error, size_t size);

/* Adds a row that has a value as one message with one reading. Its series is the row's, else
 * `value`; a row that names neither is of sensor and series `name` (both as written). */
void csv_add(const struct csv_row *row, const char *name, const struct message *message,
             struct batch *batch);

#endif
