/* The table scrolled sideways: the name stays, the columns beside it go one by one, and what had no
 * room comes; behind them, names that are longer than the screen. Pure. */
#ifndef DT_UI_LAYOUT_SCROLL_H
#define DT_UI_LAYOUT_SCROLL_H

#include "ui/layout.h"

/* Places the columns of a computed layout anew, so many steps to the right. Returns how many there
 * were to take: with fewer all is seen that there is. 0 steps: only marks what is missing. */
unsigned layout_scroll(struct layout *layout, int name_width, const struct columns *columns,
                       unsigned steps);

#endif
