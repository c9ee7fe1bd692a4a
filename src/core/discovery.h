/* The small language of discovery messages: which topic and which place in its payloads they mean.
 * Pure; any thread. */
#ifndef DT_CORE_DISCOVERY_H
#define DT_CORE_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>

/* The path, joined with '.', that a template like "{{ value_json['a'].b[0] | float }}" takes; ""
 * for one that takes the whole payload. false if it takes something that a path cannot say or that
 * does not fit in size bytes. */
bool discovery_path(const char *template, char *out, size_t size);

/* A topic in which a '~' at either end stands for base (NULL: for nothing). false if it does not
 * fit. */
bool discovery_topic(const char *topic, const char *base, char *out, size_t size);

#endif
