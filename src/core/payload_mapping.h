/* Inside of the payload decoder: what a mapping says about a JSON document, or about fields that
 * were made one. */
#ifndef DT_CORE_PAYLOAD_MAPPING_H
#define DT_CORE_PAYLOAD_MAPPING_H

#include "core/payload_json.h"

/* Sets decoding->sensor, and the time if the mapping says where it is, from an object. */
void mapped_look(struct decoding *decoding, const cJSON *root);

/* Tells presence where the mapping says where it is. sensor is in the batch. */
void mapped_presence(struct decoding *decoding, const cJSON *root, const char *sensor);

/* Adds the listed series that the walk passed over, being told otherwise by the rules. path is that
 * of root. */
void mapped_rest(struct decoding *decoding, const cJSON *root, const char *sensor,
                 const char *path);

#endif
