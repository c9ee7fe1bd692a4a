/* Reads the usual JSON document in a fraction of the time: objects and arrays with names, texts,
 * numbers and words, written strictly by RFC 8259 in plain ASCII without escapes. It makes the very
 * tree that cJSON would make; whatever it does not know is left to cJSON, errors included. Inside
 * of the payload decoder. Pure; any thread. */
#ifndef DT_CORE_PAYLOAD_QUICK_H
#define DT_CORE_PAYLOAD_QUICK_H

#include <cjson/cJSON.h>

#include "core/arena.h"

/* text[0..len) is plain as json_scan() has it, which also bounds its depth. NULL: not for us. The
 * tree is all in memory, and goes with that: cJSON_Delete() must not be called. */
cJSON *quick_read(struct arena *memory, const char *text, size_t len);

#endif
