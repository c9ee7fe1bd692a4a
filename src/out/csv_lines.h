/* Readings as CSV (RFC 4180, but with the line ends of Unix), which a spreadsheet opens and
 * --replay plays again as the same readings (source/csv.h). Text passed in is sanitised already. */
#ifndef DT_OUT_CSV_LINES_H
#define DT_OUT_CSV_LINES_H

#include "engine.h"
#include "out/writer.h"

void csv_lines_header(struct writer *writer);

/* A line for an outcome that is a reading. Text that a spreadsheet would take for a formula has a
 * "'" in front, and so has text that begins with one. */
void csv_lines_outcome(struct writer *writer, const struct outcome *outcome);

#endif
