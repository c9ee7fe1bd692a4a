/* Which line is whose, where a chart shows several series. Pure but for the canvas. */
#ifndef DT_UI_CHART_LEGEND_H
#define DT_UI_CHART_LEGEND_H

#include "ui/chart_frame.h"

/* Lines that it takes in a pane of this size. */
int chart_legend_lines(const struct frame *frame, struct rect pane);

/* In the first lines of the pane: mark, name and value of each series: at the cursor, if there is
 * one, else the last. */
void chart_legend_draw(struct canvas *canvas, struct rect pane, const struct frame *frame,
                       const struct chart_frame *chart);

/* The same of one series, i < 0 for the selected one, in a line of its own. */
void chart_legend_line(struct canvas *canvas, int x, int y, int columns, const struct frame *frame,
                       int i, const struct chart *chart);

#endif
