/* One line of a capture: what `mosquitto_sub -F %j` (payload as a string) and `-F %J` (payload as
 * nested JSON) print, and payload_base64 for bytes that are no text. The only reader of JSON beside
 * core/payload.c. One thread at a time. */
#ifndef DT_SOURCE_CAPTURE_H
#define DT_SOURCE_CAPTURE_H

#include "core/batch.h"

#include <stdbool.h>
#include <stddef.h>

struct cJSON;

/* Holds what the message of the last line points to. A zeroed struct is ready for use. */
struct capture {
    struct cJSON *tree;
    char *bytes; /* a payload that had to be written anew */
};

/* Reads one line. *out points into the capture and is good until the next call; its arrival is
 * TIMESTAMP_NONE when the line tells no time, or none that is plausible. false: error says what is
 * wrong with the line, in words without foreign bytes. */
bool capture_read(struct capture *capture, const char *line, size_t len, struct message *out,
                  char *error, size_t size);
void capture_fini(struct capture *capture);

#endif
