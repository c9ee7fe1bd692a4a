/* Hostile messages and what must hold when they arrive: our own (own.c), and those of the shared
 * corpus where it is there. Strings are owned by the list. */
#ifndef DT_TESTS_HOSTILE_ATTACKS_H
#define DT_TESTS_HOSTILE_ATTACKS_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

/* As ck_assert_msg(), which is too slow for what is asked of every byte: it notes each success. */
#define MUST(condition, ...)           \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)

/* What is not asked of every message anyway. */
enum check {
    NO_SERIES = 1,   /* no reading comes of it */
    NO_ALIAS = 2,    /* its readings are not those of its look-alike (see lookalikes) */
    NO_PRESENCE = 4, /* nobody is told online or offline */
    CAPPED = 8,      /* at most 256 readings, and the rest is told of */
};

#define NOT_SAID (-1)

struct attack {
    char id[24];
    char *topic;
    size_t topic_len;
    char *payload;
    size_t bytes;
    bool retain;
    bool raw; /* no real broker passes it on */
    unsigned checks;
    int series;    /* how many series its readings belong to, or NOT_SAID */
    int malformed; /* how many are told, or NOT_SAID */
};

struct attacks {
    struct attack *list;
    size_t count, room;
};

/* The end of the list, for one more. Copies the bytes. */
struct attack *attacks_add(struct attacks *attacks, const char *id, const char *topic,
                           size_t topic_len, const char *payload, size_t bytes);
void attacks_fini(struct attacks *attacks);

/* own.c: for a real broker; for a scripted one. */
void attacks_own(struct attacks *attacks);
void attacks_own_raw(struct attacks *attacks);

/* The shared corpus, without its floods; its generated messages only where python3 is there.
 * false: no corpus here. */
bool attacks_corpus(struct attacks *attacks);

/* Sensors of good faith that hostile messages like to be taken for. */
struct lookalike {
    const char *topic, *payload, *sensor, *series;
};
extern const struct lookalike lookalikes[];
extern const size_t lookalike_count;

#endif
