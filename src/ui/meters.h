/* The header's second and third line: how many twins are online, messages a second, anomalies of
 * the last hour, memory, totals. */
#ifndef DT_UI_METERS_H
#define DT_UI_METERS_H

#include "ui/view.h"

#define METERS_WIDE 110 /* from this width on the totals are there too */

void meters_draw(struct canvas *canvas, const struct frame *frame);

/* Messages a second, averaged over the last few: "0.8", "84", "12.4k". out has FORMAT_TEXT bytes.
 */
void meters_rate(const struct snapshot *snapshot, char *out);

#endif
