/* What a person lets a series do: a least and a largest value, a largest change within a second, a
 * minute or an hour. Unlike a detector's opinion these hold from the first reading on. Plain data,
 * one thread at a time. */
#ifndef DT_CORE_LIMITS_H
#define DT_CORE_LIMITS_H

#include "core/timestamp.h"

#include <stdbool.h>
#include <stddef.h>

struct limits {
    double min, max; /* NAN: none */
    double rate;     /* largest change within `span`; NAN: none */
    timestamp span;  /* a second, a minute or an hour */
};

/* A series without any. */
extern const struct limits limits_none;

bool limits_any(const struct limits *limits);

/* Reads "10..80", "10..", "..80", "80" (an upper limit), "min 10", "max 80", each followed,
 * preceded or replaced by a rate such as "5/min"; "" is none. false: error says what is wrong. */
bool limits_parse(const char *text, struct limits *out, char *error, size_t size);

/* Reads "5/s", "5/min", "5/h"; a plain number is one a second. */
bool limits_parse_rate(const char *text, double *rate, timestamp *span);

#define LIMITS_TEXT 128

/* In words, the unit as a sensor writes it: "10 to 80 °C, 5 °C/min"; "none". */
void limits_words(const struct limits *limits, const char *unit, char out[LIMITS_TEXT]);

/* As limits_parse() reads it: "10..80 5/min"; "". */
void limits_format(const struct limits *limits, char out[LIMITS_TEXT]);

enum {
    LIMIT_MIN = 1 << 0,
    LIMIT_MAX = 1 << 1,
    LIMIT_RATE = 1 << 2,
};

#define LIMITS_SLOTS 16 /* that the span of a rate is parted into */

/* How fast a series has moved lately. */
struct pace_watch {
    bool moving;  /* a reading has been seen: value and time below hold */
    double value; /* of the reading before */
    timestamp time;
    double change;     /* how far it moved by the last one; falling is negative ... */
    timestamp changed; /* ... in this time */
    struct {
        int64_t at; /* which slot since the epoch */
        double min, max;
    } slots[LIMITS_SLOTS];
};

/* A series under limits. */
struct limit_watch {
    struct limits limits;
    unsigned broken;         /* bits: which are broken right now */
    struct pace_watch *pace; /* NULL without a limit of the rate */
};

/* Zeroed, or a watch over other limits. */
void limit_watch_set(struct limit_watch *watch, const struct limits *limits);
void limit_watch_fini(struct limit_watch *watch);

/* A reading. Returns the limits that it breaks and the one before it did not: an episode is told
 * when it begins. The rate is the change between two readings over the time between them, but over
 * no less than its span: so "5/min" means that the value moves by more than 5 within a minute,
 * however often it is told, and noise and bursts of messages do not count as speed. timed: false
 * for a reading of an unknown time (a retained one), which says nothing of speed. */
unsigned limit_watch_observe(struct limit_watch *watch, timestamp time, double value, bool timed);

#define LIMIT_REASON 160

/* Which of the limits (one bit) the last reading, of this value, has broken, in words: "82.1 °C
 * above the limit of 80". */
void limit_reason(const struct limit_watch *watch, unsigned which, double value, const char *unit,
                  char out[LIMIT_REASON]);

#endif
