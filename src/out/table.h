/* The text table of batch mode, like `top -b`: a head line, column names and one line a series.
 * Plain text: no escape sequence, and nothing but ASCII apart from names and units. */
#ifndef DT_OUT_TABLE_H
#define DT_OUT_TABLE_H

#include "engine.h"
#include "out/writer.h"

/* Prints the snapshot's rows as they are ordered; asks for no buckets and no card. */
void table_print(struct writer *writer, const struct snapshot *snapshot,
                 const struct connection *connection);

#endif
