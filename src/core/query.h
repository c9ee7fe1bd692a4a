/* The filter language of prompt, command line and configuration: terms with blanks between them,
 * all of which must hold.
 *
 *   temp "pump 2"        somewhere in twin/series or topic, whatever the case
 *   z>3 value<=5 age>5m  a number; |z|, unless its number has a sign (z<-3)
 *   value>20°C           of that unit only; 1.5k is 1500; rate>6/h
 *   state=late,lost      one of these words; also kind= and severity= of the last anomaly; events
 *                        have a kind as well: bookmark, incident, presence, malformed, ...
 *   unit=°C topic=a/+/c  sensor= and series= the whole name, where * is any text
 *   !term                not so
 *
 * A number that is not known (z while learning, the age of a retained reading) meets no comparison.
 * Pure; any thread. */
#ifndef DT_CORE_QUERY_H
#define DT_CORE_QUERY_H

#include "core/fleet.h"

#define QUERY_TEXT 256 /* bytes of a query, NUL included */
#define QUERY_TERMS 16

enum query_key {
    QUERY_WORD, /* anywhere in the names */
    QUERY_SENSOR,
    QUERY_SERIES,
    QUERY_TOPIC,
    QUERY_UNIT,
    QUERY_STATE,
    QUERY_KIND,
    QUERY_SEVERITY,
    QUERY_VALUE, /* from here on numbers */
    QUERY_Z,
    QUERY_SCORE,
    QUERY_MEAN,
    QUERY_SD,
    QUERY_MIN,
    QUERY_MAX,
    QUERY_RATE, /* readings a second */
    QUERY_AGE,  /* seconds */
    QUERY_COUNT,
    QUERY_ANOMALIES,
    QUERY_KEYS,
};

/* The words of kind=, as bits of query_term.names: kinds of anomalies, and from here on types of
 * events. */
#define QUERY_EVENT_KINDS (ANOMALY_LIMIT + 1)

#define QUERY_NUMBERS (QUERY_KEYS - QUERY_VALUE)
#define QUERY_USES(key) (1u << (key))

/* What only names and the unit decide. */
#define QUERY_FIXED                                                                 \
    (QUERY_USES(QUERY_WORD) | QUERY_USES(QUERY_SENSOR) | QUERY_USES(QUERY_SERIES) | \
     QUERY_USES(QUERY_TOPIC) | QUERY_USES(QUERY_UNIT))

enum query_op { QUERY_IS, QUERY_IS_NOT, QUERY_BELOW, QUERY_AT_MOST, QUERY_ABOVE, QUERY_AT_LEAST };

/* What takes a while to find out: these walk over the window, a unit over all that are known. */
#define QUERY_SLOW \
    (QUERY_USES(QUERY_SD) | QUERY_USES(QUERY_MIN) | QUERY_USES(QUERY_MAX) | QUERY_USES(QUERY_UNIT))

struct query_term {
    enum query_key key;
    enum query_op op;
    bool negated;
    bool has_sign;  /* of the number: then z is compared with its own */
    uint16_t text;  /* where its text, or the unit of its number, begins in query.words */
    uint32_t names; /* STATE, KIND, SEVERITY: a bit for each value that will do */
    double number;
};

/* Holds no pointers, so that it can be copied. No terms: matches everything. */
struct query {
    unsigned count;
    uint32_t uses; /* QUERY_USES() of its keys; UNIT too where a number has one */
    struct query_term terms[QUERY_TERMS];
    char text[QUERY_TEXT];      /* as it was written */
    char words[2 * QUERY_TEXT]; /* texts of the terms, names in lower case, each ending in NUL */
};

/* What a query is asked of: a series, or as much as is known of something else. Numbers that are
 * not known are NAN, texts "", state -1. */
struct query_row {
    const char *twin, *series, *topic, *unit;
    const char *text; /* words are looked for in it, too */
    int state;
    int event; /* enum event_type; -1 for what is no event */
    enum anomaly_kind kind;
    enum severity severity;
    double numbers[QUERY_NUMBERS]; /* by key - QUERY_VALUE */
};

/* One of a row's numbers. */
#define QUERY_NUMBER(row, key) ((row)->numbers[(key)-QUERY_VALUE])

/* false: error says in which column and what is wrong, and out is left alone. */
bool query_parse(struct query *out, const char *text, char *error, size_t size);

/* The text as a whole as one word, blanks and all. */
void query_word(struct query *out, const char *text);

bool query_matches(const struct query *query, const struct query_row *row);

/* Only the terms whose key is in keys (bits of QUERY_USES()). */
bool query_matches_keys(const struct query *query, const struct query_row *row, uint32_t keys);

/* A row about which nothing is known. */
void query_row_clear(struct query_row *row);

/* A live series at this moment; fills in no more than the keys asked for: with many series the wait
 * for memory is most of the work. */
void query_row_series(struct query_row *row, const struct series *series, timestamp now,
                      uint32_t keys);

/* A twin without a series. */
void query_row_twin(struct query_row *row, const struct twin *twin, timestamp now);

/* An event of the log: its subject's names, what it says, its kind, severity and age. */
void query_row_event(struct query_row *row, const struct fleet *fleet, const struct event *event,
                     timestamp now);

/* Does it ask only for what events have? false: error says what they don't. */
bool query_suits_events(const struct query *query, char *error, size_t size);

/* What happened, at its moment: a reading as it was scored, a presence as its twin, a malformed
 * message as its topic. */
void query_row_outcome(struct query_row *row, const struct outcome *outcome, uint32_t keys);

/* "z", as it is written in a query. */
const char *query_key_name(enum query_key key);

/* Text in lower case, as query.words has it; cut where out is full. */
void query_fold(char *out, size_t size, const char *text);

#endif
