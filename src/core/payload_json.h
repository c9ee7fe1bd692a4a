/* Inside of the payload decoder: JSON documents. cJSON is known to the payload*.c files alone. */
#ifndef DT_CORE_PAYLOAD_JSON_H
#define DT_CORE_PAYLOAD_JSON_H

#include <cjson/cJSON.h>

#include "core/decoding.h"

#define JSON_KEYS 32 /* members whose keys a look remembers */
#define JSON_UNITS 4 /* units of groups of members, in one object */

/* What an object says about its members. */
struct json_look {
    const cJSON *by_class[KEY_CLASSES]; /* the last member of each class that has any use */
    timestamp time;                     /* TIMESTAMP_NONE if none is plausible */
    timestamp seen;                     /* likewise, of KEY_SEEN */
    bool several;                       /* a member that is not the value may hold data */
    struct {
        const cJSON *unit;
        size_t stem; /* bytes of its key that the members' keys begin with */
    } units[JSON_UNITS];
    size_t unit_count;
    struct key keys[JSON_KEYS]; /* of the first members, in their order */
};

/* cJSON's own questions, without a call into its library for each member of each message. types:
 * one or several of cJSON's; NULL is of none. */
static inline bool json_is(const cJSON *item, int types)
{
    return item && (item->type & types) != 0;
}

static inline bool json_is_container(const cJSON *item)
{
    return json_is(item, cJSON_Object | cJSON_Array);
}

static inline bool json_is_filled(const cJSON *item)
{
    return json_is(item, cJSON_String) && item->valuestring[0] != '\0';
}

/* Tells cJSON where to take memory from, once for the process and before any thread parses:
 * documents of json_parse() come from the decoder's scratch memory, all others from the heap. */
void json_install_memory(void);

/* Parses the payload. NULL, with an ITEM_MALFORMED added, if it is no JSON or holds what must not
 * be let in. Its memory is the decoder's: json_done() gives it back, whatever came of it, and
 * cJSON_Delete() must not be called. */
cJSON *json_parse(struct decoding *decoding);

/* What cJSON makes on this thread from now on comes from the decoder's scratch memory, too, for
 * documents that are made of other bytes; NULL: from the heap again. */
void json_use_memory(const struct decoding *decoding);
void json_done(struct decoding *decoding);

void json_look(struct decoding *decoding, const cJSON *object, struct json_look *out);

/* Is this object one value with what belongs to it, rather than several? */
bool json_is_value(const struct json_look *look);

/* The moment that a member tells; false if none or an implausible one. utc: without a zone it is
 * not local time. */
bool json_time(const struct decoding *decoding, const cJSON *item, bool utc, timestamp *out);

/* A scalar as words, in the batch or in the document; NULL for anything else. */
const char *json_words(struct decoding *decoding, const cJSON *item);

/* Sets decoding->time from the member nearest to the root that tells a plausible message time. */
void json_message_time(struct decoding *decoding, const cJSON *root, const struct json_look *look);

/* Adds what a document says: an object, or an array of records (payload.c). Whoever reads another
 * format may make such a document of it. */
void json_tell(struct decoding *decoding, const cJSON *root);

/* SenML (payload_senml.c). */
bool senml_is(const cJSON *array);
void senml_tell(struct decoding *decoding, const cJSON *array);

/* Adds the readings of an object or array; decoding->said gets a text that stands in a number's
 * place at the root. sensor is in the batch; name (foreign text or "") goes in front of the names
 * of the series, path is that of root. look is at root; of an array it is empty. */
void json_walk(struct decoding *decoding, const cJSON *root, const struct json_look *look,
               const char *sensor, const char *name, const char *path);

#endif
