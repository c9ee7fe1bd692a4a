/* What the columns of the table are called, and which order belongs to which. Pure. */
#ifndef DT_UI_HEADINGS_H
#define DT_UI_HEADINGS_H

#include "core/snapshot.h"
#include "ui/layout.h"

/* "" where the heading is not words: the glyph, the trend (which has its span). */
const char *headings_text(enum column column, bool ascii);

/* Numbers are flush right. */
bool headings_is_left(enum column column);

enum column headings_of_sort(enum sort_key sort);

/* SORT_KEYS: there is no order by this column. */
enum sort_key headings_sort(enum column column);

/* "mean", "anomalies": of the menu, and of a heading that has no room for the column itself. */
const char *headings_sort_name(enum sort_key sort, bool ascii);

/* Which way an order begins: names from A on, what comes soon first, of everything else the most.
 */
bool headings_sort_descends(enum sort_key sort);

#endif
