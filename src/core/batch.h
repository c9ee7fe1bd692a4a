/* What a burst of messages says, decoded: the one thing that travels from the sources to the
 * engine. Plain data; every string lives in the batch's own arena, is sanitised already (text.h),
 * and dies at batch_reset(). Owned by the thread that fills it. */
#ifndef DT_CORE_BATCH_H
#define DT_CORE_BATCH_H

#include "core/arena.h"
#include "core/timestamp.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One MQTT PUBLISH as it arrived. Bytes are foreign and not sanitised. */
struct message {
    const char *topic;   /* NUL-terminated */
    const void *payload; /* NULL: not at hand */
    size_t bytes;
    int qos;
    bool retain;
    /* 0: retain says that the message was stored before we subscribed. Else retain is as its sender
     * published it, and this counts the subscriptions so far (MQTT 5, retain as published). */
    uint32_t session;
    timestamp arrival;
};

enum status { STATUS_UNKNOWN, STATUS_ONLINE, STATUS_OFFLINE };

enum item_type {
    ITEM_READING,   /* one number */
    ITEM_PRESENCE,  /* a status topic or a last will spoke */
    ITEM_FACT,      /* metadata of a twin: name and text, shown on its card */
    ITEM_TEXT,      /* a text or binary state: shown, never a number */
    ITEM_COMMAND,   /* somebody commanded a sensor; text says what. Observed, never obeyed here */
    ITEM_GONE,      /* an empty retained payload: what this topic told is over */
    ITEM_MALFORMED, /* not decoded; text says why */
};

struct item {
    enum item_type type;
    const char *sensor; /* the twin's identity; NULL where a message names none */
    const char *series; /* READING: the quantity's name. FACT: the fact's name */
    const char
        *path; /* READING: literal place in the payload, joined with '.', "" for a plain number */
    const char *unit;   /* READING: as the sensor wrote it; "" if it did not */
    const char *text;   /* FACT, TEXT, COMMAND: the words. MALFORMED: the reason */
    double value;       /* READING: finite. COMMAND: its value, NAN if none */
    timestamp time;     /* the message's own time where plausible, else its arrival */
    enum status status; /* PRESENCE */
    bool binary_state;  /* READING: came from a boolean or an on/off word, 0 or 1 */
};

/* One message and the items decoded from it: batch.items[first .. first + count). */
struct decoded {
    const char *topic;   /* sanitised by text_name() */
    const char *literal; /* the same as it came: NOT sanitised */
    uint32_t hash;       /* hash_text() of topic, seed 0 */
    size_t bytes;
    int qos;
    bool retain;
    uint32_t session;
    timestamp arrival;
    size_t first;
    size_t count;
    const char *payload; /* its first bytes, as they came; not terminated */
    size_t kept;         /* so many: BATCH_KEPT at most */
    uint64_t facts;      /* a hash of all its facts, if they are of one sensor; else 0 */
};

#define BATCH_KEPT 4096

struct batch {
    struct decoded *messages;
    size_t message_count, message_room;
    struct item *items;
    size_t item_count, item_room;
    struct arena arena;
};

/* A zeroed struct is an empty batch. */
void batch_reset(struct batch *batch);
void batch_fini(struct batch *batch);

/* Opens the next message (copies and sanitises its topic); items added after it belong to it. */
struct decoded *batch_open(struct batch *batch, const struct message *message);

/* Adds a zeroed item of this type to the message opened last; the pointer holds until the next add.
 */
struct item *batch_add(struct batch *batch, enum item_type type);

/* batch_words() writes fewer bytes than this, unless the text is plain and needs no change. */
#define BATCH_WORDS_BYTES 1024

/* Copies of foreign text in the batch's arena: as text_name() and as text_sanitise() write it.
 * Plain ASCII, the usual case, costs one look and one copy. */
const char *batch_name(struct batch *batch, const char *in, size_t len);
const char *batch_words(struct batch *batch, const char *in, size_t len, unsigned columns);

#endif
