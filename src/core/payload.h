/* Bytes to readings: decodes one message by general rules, with no vendor's name in them. A decoder
 * remembers hints that one topic gives about another (units, names), so each source has its own.
 * Owned and used by one thread; no I/O, no clock. */
#ifndef DT_CORE_PAYLOAD_H
#define DT_CORE_PAYLOAD_H

#include "core/batch.h"
#include "core/mapping.h"
#include "core/trace.h"

#define PAYLOAD_MAX_BYTES 65536 /* larger ones are told as malformed ("oversize"), not decoded */
#define PAYLOAD_MAX_DEPTH 32    /* nested deeper: malformed */
#define PAYLOAD_MAX_SERIES                                                 \
    256 /* readings of one message; the rest is told in one malformed item \
         */

struct decoder;

/* mappings may be NULL; else they live longer than the decoder, and are looked at before the rules.
 */
struct decoder *decoder_new(const struct mappings *mappings);

/* From now on every decision is told; NULL: no more. trace must live until then. */
void decoder_trace(struct decoder *decoder, const struct trace *trace);

void decoder_free(struct decoder *decoder);

/* Who a message is from: the sensor_id of the payload, else another identity in it, else the topic;
 * where payload and topic disagree, the payload's counts, and a reading is never told twice. Series
 * are named by their path in the payload, and one single value by the topic.
 *
 * Opens a message in the batch and adds what it says, in this order: facts, presence, readings in
 * payload order, the rest. Never fails: what cannot be decoded becomes one ITEM_MALFORMED with a
 * reason for a person. */
void decoder_decode(struct decoder *decoder, const struct message *message, struct batch *batch);

#endif
