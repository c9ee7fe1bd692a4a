/* How a message is decoded, in words: each decision with the rule behind it, then what came out.
 * Pure. */
#ifndef DT_CORE_EXPLANATION_H
#define DT_CORE_EXPLANATION_H

#include "core/batch.h"
#include "core/listing.h"
#include "core/mapping.h"

/* Decodes the last of count ≥ 1 messages by a decoder of its own, which has seen the others before
 * it: what discovery and birth certificates say counts. mappings may be NULL. false: it is
 * malformed. */
bool explanation_write(const struct mappings *mappings, const struct message *messages,
                       size_t count, struct listing *out);

#endif
