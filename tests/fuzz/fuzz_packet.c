/* A stream of MQTT packets of any bytes, read as a socket's buffer is: nothing reads past its end,
 * and what is taken is all there, ends where it says, and is what libmosquitto would let in. The
 * first byte chooses the version. */
#include <mosquitto.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static unsigned char *copy_bytes(const unsigned char *bytes, size_t len)
{
    unsigned char *copy = malloc(len > 0 ? len : 1);
    require(copy != NULL);
    memcpy(copy, bytes, len);
    return copy;
}

/* Less than all of it is no packet. */
static void check_beginnings(const unsigned char *bytes, size_t size, int version)
{
    struct packet packet;
    for (size_t len = size > 300 ? size - 300 : 0; len < size; len++) {
        unsigned char *beginning = copy_bytes(bytes, len);
        require(!packet_read(beginning, len, version, &packet));
        free(beginning);
    }
}

static void check_packet(const unsigned char *bytes, size_t len, const struct packet *packet)
{
    const unsigned char *topic = (const unsigned char *)packet->topic, *payload = packet->payload;
    size_t topic_len = strlen(packet->topic);
    require(packet->size <= len && topic > bytes && topic + topic_len < bytes + packet->size);
    require(mosquitto_validate_utf8(packet->topic, (int)topic_len) == MOSQ_ERR_SUCCESS);
    require((payload == NULL) == (packet->bytes == 0));
    require(!payload ||
            (payload > topic + topic_len && payload + packet->bytes == bytes + packet->size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    int version = data[0] & 1 ? 5 : 4;
    size_t len = size - 1, at = 0;
    unsigned char *bytes = copy_bytes(data + 1, len);
    struct packet packet;
    while (packet_read(bytes + at, len - at, version, &packet)) {
        check_packet(bytes + at, len - at, &packet);
        check_beginnings(data + 1 + at, packet.size, version);
        at += packet.size;
    }
    require(memcmp(bytes + at, data + 1 + at, len - at) == 0);
    free(bytes);
    return 0;
}
