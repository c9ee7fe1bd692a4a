/* What is known of the topics seen lately: the same ones come again and again, so that looking into
 * one happens once. Also the hints that one topic gives about another: units, mostly. Both are
 * bounded. Owned and used by one thread. */
#ifndef DT_CORE_TOPICS_H
#define DT_CORE_TOPICS_H

#include "core/identity.h"
#include "core/mapping.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOPICS_KEPT 131072 /* 300 bytes each; the next one lets go of them all */
#define HINTS_KEPT 10000

/* A name, sanitised, with its length at hand. */
struct topic_name {
    const char *text;
    size_t len;
};

struct topic_names {
    struct topic_name sensor, series;
    char *memory; /* of both; NULL: not asked for yet */
};

struct topic_info {
    char *topic;
    size_t len;
    struct topic_sense sense;
    struct topic_names names[2];   /* by enum scope */
    struct topic_names subject;    /* of presence, commands and replies; series "" */
    const struct mapping *mapping; /* NULL: none */
    bool delivered_number;         /* a number came as the whole payload */
    bool delivered_measure;        /* and not only 0 and 1 */
    bool named_sensor; /* the last reading's sensor was the topic's own name in this scope */
    enum scope scope;
    bool listed; /* its device is known to be one of its node's */
};

struct topics;

/* mappings, if not NULL, live longer. */
struct topics *topics_new(const struct mappings *mappings);
void topics_free(struct topics *topics);

/* What is known of a topic; looked into if it is new. hash: any of it, always the same one. Holds
 * until the next call. */
struct topic_info *topics_find(struct topics *topics, const char *topic, uint32_t hash);

const struct topic_names *topic_names(struct topic_info *info, enum scope scope);

/* The sensor that a presence, command or reply topic is about; NULL if it names none. */
const struct topic_name *topic_subject(struct topic_info *info);

/* Remembers the unit of what stands at path ("" for a plain number) in the messages of a topic. A
 * second hint replaces the first; beyond HINTS_KEPT new ones are not taken. */
void topics_hint(struct topics *topics, const char *topic, const char *path, const char *unit,
                 size_t unit_len);

/* The unit that was hinted at, sanitised; "" if none was. Holds until the next hint. */
const char *topics_unit(const struct topics *topics, const char *topic, const char *path);

#endif
