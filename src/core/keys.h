/* What a JSON key promises about the member it names, whoever invented it: a time, an identity, a
 * unit, or, where nothing else is said, data. Keys repeat forever, so what was found out about one
 * is remembered. Owned and used by one thread. */
#ifndef DT_CORE_KEYS_H
#define DT_CORE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_class {
    KEY_DATA,       /* anything else */
    KEY_VALUE,      /* "value": the one quantity of its object */
    KEY_UNIT,       /* the unit of that quantity */
    KEY_UNIT_OF,    /* the unit of members whose names begin alike: TempUnit, pressure_unit */
    KEY_TIME,       /* when the message was made; never data */
    KEY_TIME_MAYBE, /* likewise if it is a plausible time, else data: t, time */
    KEY_SEEN,       /* likewise, but asked last: last_seen, received_at */
    KEY_CLOCK,      /* if it is a plausible time, then some other one: lightning_time; else data */
    KEY_SENSOR,     /* the sensor's own identity: sensor_id */
    KEY_DEVICE,     /* likewise, asked after it: device_id, node, host */
    KEY_NAME,       /* likewise, after those: name */
    KEY_ID,         /* likewise, last: id, mac, serial */
    KEY_REFERENCE,  /* the identity of something else: gateway_id, from, channel */
    KEY_MODEL,      /* model */
    KEY_LABEL,      /* a fact about the device: firmware, version */
    KEY_KIND,       /* what is measured: type, quantity, metric */
    KEY_OPAQUE,     /* data, raw, hex: text in it is no number, whatever it looks like */
    KEY_META,       /* about the device, in whole: metadata, tags, end_device_ids */
    KEY_STATUS,     /* may hold a presence word: status, state */
    KEY_ONLINE,     /* a boolean in it is presence: online, connected */
    KEY_COMMAND,    /* command */
    KEY_CLASSES,
};

struct key {
    uint8_t class;      /* enum key_class */
    uint8_t unit;       /* where the unit begins that the key ends with, 0 if with none */
    uint8_t stem;       /* KEY_UNIT_OF: bytes of the common beginning */
    bool utc : 1;       /* KEY_TIME: says that it is UTC, even without a zone */
    bool meta : 1;      /* an object of this name is KEY_META: device */
    bool own_ids : 1;   /* identities in that object are the sender's own */
    bool may_count : 1; /* it says all this of texts only; a number in it is data: location, sensor
                         */
    bool wrapper : 1;   /* a name that says nothing: values, data, records */
    uint32_t bytes;     /* length of the key */
};

struct keys;

struct keys *keys_new(void);
void keys_free(struct keys *keys);

/* The result holds until the next call. */
struct key keys_find(struct keys *keys, const char *text);

/* The same without a memory. */
struct key keys_classify(const char *text, size_t len);

#endif
