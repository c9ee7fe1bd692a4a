/* The characters that dt-top draws with, and their ASCII stand-ins: one table, no ACS. Pure. */
#ifndef DT_UI_GLYPH_H
#define DT_UI_GLYPH_H

#include "core/fleet.h"

#include <stdint.h>

/* The ASCII character that stands for one of ours: '|' for '│', '#' for '█', '?' for a stranger. */
char glyph_ascii(uint32_t code);

/* ● ◐ ○ ! = s … of a row (ASCII * ~ o ! = s). fresh: its last anomaly is recent. */
uint32_t glyph_state(enum state state, bool simulated, bool fresh);

/* The letter that stands for a kind of anomaly: 'S' for a spike; '^' for none. */
char glyph_kind(enum anomaly_kind kind);

/* Of an event in the log. */
uint32_t glyph_event(const struct event *event);

/* Our own word for the deviation: "σ", in ASCII "sd", for an s means something else there. */
const char *glyph_sigma(bool ascii);

#endif
