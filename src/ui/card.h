/* What the card and the detail view say of a twin and its series, as lines of label and text. */
#ifndef DT_UI_CARD_H
#define DT_UI_CARD_H

#include "ui/view.h"

#define CARD_LINES 40
#define CARD_LABEL 80
#define CARD_TEXT 640 /* holds any name */

struct card_line {
    char label[CARD_LABEL];
    char text[CARD_TEXT];
    unsigned style;
    bool name;  /* too long, it is cut in its middle, not at its end */
    bool wraps; /* too long, it goes on in lines that are left over */
    int weight; /* the lightest lines go first where there is no room */
};

/* The twin: identity, presence, topic, facts, what came when. Returns how many lines were filled.
 */
int card_twin(const struct frame *frame, struct card_line lines[CARD_LINES]);

/* Where the selected series is heading, in words: one line, or none. */
int card_ahead(const struct frame *frame, struct card_line lines[CARD_LINES]);

/* The series: value, window statistics, expected band, anomalies. */
int card_statistics(const struct frame *frame, struct card_line lines[CARD_LINES]);

/* Sums over the selected group. */
int card_group(const struct frame *frame, struct card_line lines[CARD_LINES]);

/* Draws as many lines as fit into the rectangle, the weightiest ones, in their order. Returns how
 * many lines it drew. */
int card_draw_lines(struct canvas *canvas, struct rect rect, const struct card_line *lines,
                    int count);

#endif
