/* MQTT packets as bytes, as far as we read them ourselves: a PUBLISH of QoS 0, which wants no
 * answer and changes nothing in a session. Pure; any thread. */
#ifndef DT_SOURCE_PACKET_H
#define DT_SOURCE_PACKET_H

#include <stdbool.h>
#include <stddef.h>

/* Points into the bytes that were read. */
struct packet {
    const char *topic;   /* NUL-terminated; strict UTF-8 without controls and non-characters */
    const void *payload; /* NULL if it is empty */
    size_t bytes;        /* of the payload */
    bool retain;
    size_t size; /* of the whole packet */
};

/* Reads the packet at bytes[0..len) if it is a PUBLISH of QoS 0, all of it is there, and it is
 * plainly right: version 4 is MQTT 3.1.1, 5 is MQTT 5, whose properties are checked and passed
 * over; a topic alias is not understood. The bytes in front of the topic are written over, so that
 * it can be terminated. false, and nothing is written: it is anything else. */
bool packet_read(unsigned char *bytes, size_t len, int version, struct packet *out);

#endif
