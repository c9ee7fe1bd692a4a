/* A small stage for tests of the screen: an engine fed by hand, a screen without a terminal, and a
 * clock that only the test moves. */
#ifndef DT_TESTS_UNIT_STAGE_H
#define DT_TESTS_UNIT_STAGE_H

#include "core/batch.h"
#include "ui/ui.h"

#define STAGE_START 1705327200000000LL /* 2024-01-15T14:00:00Z; stage_open() sets TZ to UTC */
#define STAGE_TEXT 2048                /* bytes of one row of the screen */

struct stage {
    struct engine *engine;
    struct ui *ui;
    struct batch batch;
    struct snapshot snapshot;
    struct connection connection;
    struct ui_facts facts;
    timestamp now;
    const struct canvas *canvas; /* as drawn last */
    char row[STAGE_TEXT];
};

/* A live connection to mqtt://pi4:1883, ours for the asking (facts.own_broker). */
void stage_open(struct stage *stage, int width, int height, bool ascii);
void stage_close(struct stage *stage);

/* One lab message on digital_twin/lab/sensor/<sensor>/<series>, now. */
void stage_reading(struct stage *stage, const char *sensor, const char *series, const char *unit,
                   double value);

/* `count` readings, one a second, of a mean of 22.4 and a deviation near 0.3, the last one now. */
void stage_quiet(struct stage *stage, const char *sensor, const char *series, const char *unit,
                 int count);

/* Lets the engine judge what time has passed. */
void stage_wait(struct stage *stage, timestamp span);

/* Asks for a frame and draws it; twice, since a frame places the next one. */
void stage_draw(struct stage *stage);

/* A key, and then a frame. */
enum intent stage_key(struct stage *stage, uint32_t key);

/* Row y of the screen as drawn; good until the next call. */
const char *stage_row(struct stage *stage, int y);

/* The first row that holds this text, -1 if none. */
int stage_find(struct stage *stage, const char *text);

/* The style of the first character of this text on the screen (of its first place). Fails the test
 * if it is not there. */
unsigned stage_style(struct stage *stage, const char *text);

#endif
