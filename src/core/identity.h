/* Whose message is this, and what of? Told from a topic alone, by the way people build topics: a
 * name space, the device, what is measured, and verbs in between that name nothing. A sensor keeps
 * its whole path, because a last level alone ("0", "power") is somebody else's too; only a level
 * that is unique by itself (a serial number, what follows "devices/") stands alone. Pure; any
 * thread. */
#ifndef DT_CORE_IDENTITY_H
#define DT_CORE_IDENTITY_H

#include "core/batch.h"

#include <stdbool.h>
#include <stddef.h>

#define IDENTITY_SPARE 8 /* names made from a topic take at most this much more than the topic */

/* How much of the message the topic has to name. */
enum scope {
    SCOPE_VALUE,  /* the payload is one value: the last level names the series */
    SCOPE_OBJECT, /* the payload names its series: the topic is all the device's */
};

enum role {
    ROLE_DATA,
    ROLE_PRESENCE,  /* the last level asks whether somebody is there */
    ROLE_COMMAND,   /* told to a device */
    ROLE_REPLY,     /* a device's answer to that: its settings */
    ROLE_DISCOVERY, /* …/config: tells about other topics */
    ROLE_ATTRIBUTE, /* …/$unit, …/meta: tells about the topic above it */
};

struct topic_sense {
    enum role role;
    bool loose;         /* ROLE_PRESENCE: nothing but presence is asked for; see words.h */
    enum status status; /* what the topic itself tells (birth and death certificates) */
    bool numbers;       /* a level says "sensor": a payload that is no number is a mistake */
};

struct topic_sense identity_sense(const char *topic);

/* Splits a topic in the sensor's name and the series' name (levels joined with '.'). With
 * SCOPE_OBJECT series is what stands behind the device, usually "". Both buffers hold strlen(topic)
 * + IDENTITY_SPARE bytes. Not sanitised. */
void identity_split(const char *topic, enum scope scope, char *sensor, char *series);

/* The sensor that a presence, command or reply topic is about; false if it names none ("sensor/
 * status", "control/commands"). The same name as that sensor's readings have, where topics can
 * tell. */
bool identity_subject(const char *topic, enum role role, char *sensor);

#endif
