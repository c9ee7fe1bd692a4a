/* What the words of topics and payloads mean to people who name things: on, offline, unknown, tele.
 * Words are compared whole and without regard to ASCII case. Pure; any thread. */
#ifndef DT_CORE_WORDS_H
#define DT_CORE_WORDS_H

#include "core/batch.h"

#include <stdbool.h>
#include <stddef.h>

/* Is word[0..len) one of a list written as "one|two words|three"? */
bool words_in(const char *list, const char *word, size_t len);

/* "on", "true", "open": 1; "off", "false", "closed": 0; anything else: -1. */
int words_state(const char *word, size_t len);

/* What is sent in a number's place when there is none: "nan", "unknown", "-". */
bool words_gap(const char *word, size_t len);

/* Presence in a word. loose: the topic or key asks just that question ("online", "LWT"), so that
 * "true", "0" or "on" answers it (and "2": some count 0, 1 connected, 2 working); else only words
 * that mean nothing but presence count ("offline"). */
enum status words_presence(const char *word, size_t len, bool loose);

/* What a topic level is, whatever stands around it. */
enum level_class {
    LEVEL_NAME,       /* anything else: it names something */
    LEVEL_VERB,       /* says what kind of message this is, not whose: tele, state, up */
    LEVEL_COLLECTION, /* the next level is one thing of this kind: sensor, devices, things */
    LEVEL_COMPONENT,  /* a kind of entity, followed by its name and "state": binary_sensor, light */
    LEVEL_COMMAND,    /* what follows or precedes is told to a device: cmnd, set, control */
    LEVEL_MARK,       /* like a verb, but what follows it is still the device: DDATA */
    LEVEL_BIRTH,      /* a birth or death certificate: presence in the topic itself */
    LEVEL_DEATH,
};

enum level_class words_level(const char *level, size_t len);

/* Does the last level of a topic ask for presence? *loose as in words_presence(). */
bool words_presence_level(const char *level, size_t len, bool *loose);

#endif
