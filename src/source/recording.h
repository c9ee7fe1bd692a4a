/* A file that can be replayed, whatever its format: a capture (lines of JSON) or CSV, told apart by
 * what stands in it. Gives its entries one by one. One thread at a time. */
#ifndef DT_SOURCE_RECORDING_H
#define DT_SOURCE_RECORDING_H

#include "core/payload.h"
#include "source/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum recording_result {
    RECORDING_MESSAGE,
    RECORDING_CLOCK, /* a row without a value: only a time */
    RECORDING_BAD,   /* a line that is none of these; entry.problem says why */
    RECORDING_END,
    RECORDING_STOPPED, /* the wake descriptor became readable */
    RECORDING_FAILED,  /* the file cannot be read on; entry.problem says why */
};

/* Good until the next call. */
struct recording_entry {
    uint64_t line;          /* where in the file, from 1 */
    struct message message; /* its arrival is what the file tells, TIMESTAMP_NONE if nothing */
    struct csv_row row;     /* of CSV */
    char problem[160];
};

struct recording;

/* Opens a file or a pipe ("-" is standard input) and looks at its first lines (and so waits for a
 * pipe's). wake interrupts waiting. NULL: error says what is wrong and what can be replayed. */
struct recording *recording_open(const char *path, int wake, char *error, size_t size);
void recording_close(struct recording *recording);

/* The name to show: the path's last part, sanitised. */
const char *recording_name(const struct recording *recording);

/* When the file was written last: the time of entries before the first that tells one. */
timestamp recording_written(const struct recording *recording);

enum recording_result recording_next(struct recording *recording, struct recording_entry *out);

/* Decodes the entry's message, whose arrival the caller has settled, into the batch. */
void recording_decode(struct recording *recording, const struct recording_entry *entry,
                      struct decoder *decoder, struct batch *batch);

#endif
