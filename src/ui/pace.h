/* When the next frame may go to the terminal, so that a slow line never has more than one frame to
 * carry: after a frame the terminal is asked for a sign of life (DSR 5, which every terminal since
 * the VT100 answers), and the next frame waits for the answer. Nothing on our side of the line
 * tells as much: a pseudo-terminal, sshd and the network each take many frames before a write
 * waits. Times are microseconds of a clock that only goes forward. Pure; main thread. */
#ifndef DT_UI_PACE_H
#define DT_UI_PACE_H

#include "core/timestamp.h"

#include <stdbool.h>

/* Asks; and what comes back, whether all is well or not. */
#define PACE_QUESTION "\033[5n"
#define PACE_ANSWER "\033[0n"
#define PACE_COMPLAINT "\033[3n"

struct pace {
    bool slow;         /* wanted so: a frame a second */
    bool answers;      /* the terminal has answered before */
    bool mute;         /* it never will, as it seems: it is not asked any more */
    unsigned waiting;  /* questions without an answer */
    timestamp sent;    /* the last frame */
    timestamp asked;   /* the oldest question without an answer */
    timestamp took;    /* by the last answer */
    timestamp full_at; /* when the terminal last took nothing more */
    bool any, full;    /* sent, full_at are known */
};

/* The question is to be sent right away, ahead of the first frame: so its answer tells soon whether
 * this terminal answers at all, however slow the line is. */
void pace_init(struct pace *pace, bool slow, timestamp now);

/* A frame has been sent. Returns whether the question is to follow it. */
bool pace_sent(struct pace *pace, timestamp now);

void pace_answered(struct pace *pace, timestamp now);

/* The terminal takes no byte more at the moment. */
void pace_full(struct pace *pace, timestamp now);

/* Somebody else had the terminal: what was asked before is forgotten. */
void pace_forget(struct pace *pace);

/* How long the next frame has to wait: 0 is not at all. key: it shows what a key has done. */
timestamp pace_wait(struct pace *pace, timestamp now, bool key);

/* How long the answer to what was asked last is worth waiting for before the terminal is given
 * back: it would be taken for something typed there. */
timestamp pace_farewell(const struct pace *pace);

#endif
