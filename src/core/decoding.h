/* One message on its way from bytes to items: what every decoder is handed, and what they add items
 * with. A decoder is a function that looks at the payload and says whether it was of its kind; the
 * table in payload.c asks one after the other. Lives on the stack of decoder_decode(). */
#ifndef DT_CORE_DECODING_H
#define DT_CORE_DECODING_H

#include "core/aliases.h"
#include "core/batch.h"
#include "core/keys.h"
#include "core/mapping.h"
#include "core/topics.h"
#include "core/trace.h"

#include <stdbool.h>
#include <stddef.h>

/* A text that grows; its memory serves every message. Always terminated once anything was added. */
struct growing {
    char *text;
    size_t len, room;
};

void growing_fini(struct growing *growing);
void growing_add(struct growing *growing, const char *text, size_t len);
void growing_cut(struct growing *growing, size_t len);

struct decoding {
    struct batch *batch;
    const struct message *message;
    struct topics *topics;
    struct keys *keys;
    struct aliases *aliases;
    struct topic_info *topic;
    struct growing *path, *name; /* of the place in the payload that is being looked at */
    struct arena *scratch;       /* memory for the time of this message */
    const char *text; /* the payload without what surrounds it: mark, blanks, final NUL */
    size_t len;
    bool plain;     /* all of it is printable ASCII, and so is every string that it holds */
    char *strip;    /* room in the batch for those strings, so that each is just a copy */
    size_t spare;   /* bytes left of it */
    timestamp time; /* the message's own where it has a plausible one, else its arrival */
    size_t readings;
    const char *facts_of;          /* the sensor that facts were told of, in the batch */
    const void *consumed;          /* the member of a JSON document that was told as presence */
    const char *said;              /* a text to be told of after the readings, NULL for none */
    const struct mapping *mapping; /* what a person said about this topic; usually NULL */
    const char *sensor;            /* as the mapping has it, in the batch; NULL: see the rules */
    bool time_is_mapped;           /* times inside of the payload are not asked */
    size_t root;                   /* bytes of a path in front of what the mapping calls it */
    uint64_t mapped;               /* bit i: the mapping's i-th series was told */
    const struct trace *trace;     /* usually NULL */
};

/* false: these bytes are not of its kind, and nothing was added. */
typedef bool decode_function(struct decoding *decoding);

/* A text that is one value, or text, or binary: takes everything. */
bool decode_plain(struct decoding *decoding);

/* Several numbers with separators between: one series each, by their places. */
bool decode_list(struct decoding *decoding);

/* An object, an array or a string in JSON (payload_json.c). */
bool decode_json(struct decoding *decoding);

/* As the split of the mapping (there is one) says; false where it says none (payload_fields.c). */
bool decode_split(struct decoding *decoding);

/* "k=v,k=v" and its like (payload_fields.c), and InfluxDB's line protocol (payload_line.c): where
 * the text is nothing else. */
bool decode_pairs(struct decoding *decoding);
bool decode_line(struct decoding *decoding);

/* Sparkplug B by its topics (payload_sparkplug.c); maps in CBOR (payload_cbor.c) and in
 * MessagePack (payload_msgpack.c). */
bool decode_sparkplug(struct decoding *decoding);

/* A death certificate: where it is a Sparkplug node's, the devices behind it are gone as well. */
void sparkplug_death(struct decoding *decoding);
bool decode_cbor(struct decoding *decoding);
bool decode_msgpack(struct decoding *decoding);

/* Takes what a discovery or attribute message says about other messages; adds nothing, unless that
 * it is malformed (payload_hints.c). */
void decode_hints(struct decoding *decoding);

/* Tells the trace, if there is one; the rule is for a person. */
#define decoding_trace(decoding, part, place, ...) \
    ((decoding)->trace ? decoding_tell(decoding, part, place, __VA_ARGS__) : (void)0)
void decoding_tell(const struct decoding *decoding, const char *part, const char *place,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Sets decoding->sensor from the mapping; root is a cJSON object or NULL (payload_mapping.c). */
void decoding_map_sensor(struct decoding *decoding, const void *root);

/* A copy in the batch of one of the topic's names; a mapping that names the sensor wins. */
const char *decoding_own_name(struct decoding *decoding, const struct topic_name *name);

/* Every string of the payload is printable ASCII: makes room for them. */
void decoding_set_plain(struct decoding *decoding);

/* As batch_name(), quicker for the strings of a plain payload. */
const char *decoding_name(struct decoding *decoding, const char *text, size_t len);

/* Adds a reading, as the mapping wants it (NULL: it is to be ignored), or counts it where
 * PAYLOAD_MAX_SERIES are there already (then NULL). sensor is in the batch; series, path and unit
 * are foreign text. An empty unit is looked for among the hints.
 */
struct item *decoding_reading(struct decoding *decoding, const char *sensor, const char *series,
                              const char *path, const char *unit, double value);

/* sensor is in the batch, NULL for none; text is foreign. */
void decoding_presence(struct decoding *decoding, const char *sensor, enum status status);
void decoding_fact(struct decoding *decoding, const char *sensor, const char *name,
                   const char *text, size_t len);
void decoding_text(struct decoding *decoding, const char *sensor, const char *text, size_t len);
void decoding_command(struct decoding *decoding, const char *sensor, const char *text, size_t len,
                      double value);

/* The reason, for a person; foreign text in it is made safe like any other. The item names the
 * topic's sensor where the topic is known to be one sensor's. */
struct item *decoding_malformed(struct decoding *decoding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Is a text in a number's place here a mistake, rather than a sensor that speaks in texts? */
bool decoding_wants_number(const struct decoding *decoding);

/* Is this number a moment near the message's rather than a quantity? */
bool decoding_is_now(const struct decoding *decoding, double number);

/* Tells of readings beyond the limit. Last of all. */
void decoding_finish(struct decoding *decoding);

#endif
