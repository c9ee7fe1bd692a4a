/* Which columns of the table are wanted, and in which order. Pure. */
#ifndef DT_UI_COLUMNS_H
#define DT_UI_COLUMNS_H

#include "ui/layout.h"

#include <stddef.h>

/* All columns in our order. */
void columns_init(struct columns *columns);

/* From names between commas, in their order; those not named are hidden. "" or "all": as
 * columns_init(). false: error says what is wrong. */
bool columns_parse(const char *text, struct columns *columns, char *error, size_t size);

/* The reverse; out holds COLUMNS_TEXT. */
#define COLUMNS_TEXT 128
void columns_print(const struct columns *columns, char *out, size_t size);

/* "value"; NULL for those that are always there (glyph and name). */
const char *columns_name(enum column column);

#endif
