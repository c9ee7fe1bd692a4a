/* What the chart pane shows of a frame: the frame's choices and its snapshot, put together for
 * chart_draw(). Pure. */
#ifndef DT_UI_CHART_FRAME_H
#define DT_UI_CHART_FRAME_H

#include "core/statistics.h"
#include "ui/chart.h"
#include "ui/chart_window.h"
#include "ui/view.h"

/* A chart with what it points to: it must not be copied. */
struct chart_frame {
    struct chart chart;
    struct chart_other others[CHART_OTHERS];
    struct statistics statistics; /* of the time shown, without percentiles */
    const struct sample *samples; /* statistics.count of them */
};

/* Overlay, multiples or none, as there are others and room. */
enum company chart_frame_company(const struct frame *frame);

/* The chart of the selected series for a rectangle of this width. false: there is none. */
bool chart_frame(const struct frame *frame, int width, struct chart_frame *out);

/* Turns it into that of the i-th other one, with the same time and cursor. */
void chart_frame_other(const struct frame *frame, unsigned i, struct chart_frame *out);

/* How the i-th other series looks, and its mark; that of the selected one is '1'. */
unsigned chart_frame_style(unsigned i);
char chart_frame_mark(unsigned i);

/* What is shown of time, and where; count 0: nothing. */
void chart_frame_stretch(const struct frame *frame, struct chart_stretch *out);

#endif
