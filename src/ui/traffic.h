/* What comes in and what it costs us, second by second: the charts of the broker pane. Main thread.
 */
#ifndef DT_UI_TRAFFIC_H
#define DT_UI_TRAFFIC_H

#include "core/timestamp.h"
#include "ui/canvas.h"

#include <stdint.h>

struct frame;

#define USAGE_SECONDS 180

/* What this program itself takes; all 0: not known yet. */
struct usage {
    double percent;               /* of one core, over the last second */
    uint64_t resident;            /* bytes of memory */
    uint32_t ring[USAGE_SECONDS]; /* hundredths of percents; the newest is the one before count */
    uint64_t count;
    timestamp looked, busy; /* as of the last look */
};

/* As many charts as have room in the rectangle, none below 2 lines. */
void traffic_draw(struct canvas *canvas, const struct frame *frame, struct rect rect);

#endif
