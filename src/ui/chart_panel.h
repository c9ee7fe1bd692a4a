/* Beside a chart: how its readings are distributed, row by row along the same value axis, and their
 * statistics. Pure but for the canvas. */
#ifndef DT_UI_CHART_PANEL_H
#define DT_UI_CHART_PANEL_H

#include "ui/chart_frame.h"

/* How many readings stand in each of the scale's rows, the lowest first; those outside in none. */
void chart_panel_histogram(const struct sample *samples, uint32_t count,
                           const struct chart_scale *scale, uint32_t *counts, int rows);

/* A slope in words: "+0.84/min", by the hour where the time shown is that long. */
void chart_panel_slope(double a_second, timestamp span, char *out);

/* Beside a plot of so many rows, whose first one is the rectangle's. */
void chart_panel_draw(struct canvas *canvas, struct rect rect, int rows,
                      const struct chart_frame *frame);

#endif
