/* The heading of a group in the table. */
#ifndef DT_UI_GROUP_ROW_H
#define DT_UI_GROUP_ROW_H

#include "ui/view.h"

#define GROUP_INDENT 2 /* columns a level */
#define GROUP_MARK 2   /* columns before the name: the fold, and a blank */

/* How far the name of a row is indented in so many columns: a name keeps room to be told apart. */
int group_row_indent(unsigned depth, int columns);

void group_row_draw(struct canvas *canvas, const struct frame *frame, const struct row *row, int y);

#endif
