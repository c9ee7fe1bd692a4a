/* Any bytes under any topic give items that every sink can take. The first byte chooses the topic
 * (0: the bytes up to the first NUL are the topic) and whether the message is a retained one; the
 * rest is the payload, decoded twice, because the decoder remembers. */
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/payload.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const topics[] = {
    "digital_twin/lab/sensor/T_1/temperature",
    "digital_twin/lab/sensor/status",
    "digital_twin/lab/control/T_1/commands",
    "digital_twin/lab/control/T_1/state",
    "house/sensor/lamp/config",
    "homes/car/engine/heat/$unit",
    "homes/5/car/$description",
    "bridge/lamp/availability",
    "garden/shed/temp",
    "spBv1.0/plant/DBIRTH/edge/tank",
    "spBv1.0/plant/DDATA/edge/tank",
    "a",
};
#define TOPICS (sizeof topics / sizeof *topics)

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_text(const char *text)
{
    if (!text)
        return;
    size_t len = strlen(text);
    require(text_is_utf8(text, len));
    for (size_t i = 0; i < len; i++)
        require((unsigned char)text[i] >= 0x20 && text[i] != 0x7F);
}

static void check_item(const struct item *item)
{
    check_text(item->sensor);
    check_text(item->series);
    check_text(item->path);
    check_text(item->unit);
    check_text(item->text);
    switch (item->type) {
    case ITEM_READING:
        require(item->sensor && *item->sensor && item->series && *item->series && item->path);
        require(item->unit && isfinite(item->value));
        require(!item->binary_state || item->value == 0 || item->value == 1);
        break;
    case ITEM_PRESENCE:
        require(item->sensor && item->status != STATUS_UNKNOWN);
        break;
    case ITEM_FACT:
        require(item->sensor && item->series && item->text);
        break;
    case ITEM_TEXT:
        require(item->sensor && item->text);
        break;
    case ITEM_COMMAND:
        require(item->text);
        break;
    case ITEM_MALFORMED:
        require(item->text && *item->text);
        break;
    case ITEM_GONE:
        break;
    }
}

static void check_batch(const struct batch *batch)
{
    size_t readings = 0;
    require(batch->message_count == 1 && batch->messages[0].count == batch->item_count);
    check_text(batch->messages[0].topic);
    for (size_t i = 0; i < batch->item_count; i++) {
        readings += batch->items[i].type == ITEM_READING;
        check_item(&batch->items[i]);
    }
    require(readings <= PAYLOAD_MAX_SERIES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    setlocale(LC_CTYPE, "C.UTF-8");
    char *own = calloc(1, size);
    require(own != NULL);
    unsigned choice = (data[0] >> 1) % (TOPICS + 1);
    size_t skip = 1;
    if (choice == 0) {
        memcpy(own, data + 1, size - 1);
        size_t len = strlen(own) + 1;
        skip += len < size - 1 ? len : size - 1;
    }
    struct message message = {
        .topic = choice == 0 ? own : topics[choice - 1],
        .payload = data + skip,
        .bytes = size - skip,
        .retain = data[0] & 1,
        .arrival = INT64_C(1767323045) * TIMESTAMP_SECOND,
    };
    struct decoder *decoder = decoder_new(NULL);
    struct batch batch = {0};
    for (int i = 0; i < 2; i++) {
        batch_reset(&batch);
        decoder_decode(decoder, &message, &batch);
        check_batch(&batch);
    }
    batch_fini(&batch);
    decoder_free(decoder);
    free(own);
    return 0;
}
