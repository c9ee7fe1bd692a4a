/* The load of the benches: the lab's reading messages, of any number of sensors. Pure. */
#ifndef DT_TESTS_BENCH_LAB_H
#define DT_TESTS_BENCH_LAB_H

#include <stddef.h>

#define LAB_TEXT 320 /* bytes for a topic or a payload, NUL included */

/* Write the topic of a sensor, and the round-th message that it sends; return their lengths. */
size_t lab_topic(unsigned sensor, char out[LAB_TEXT]);
size_t lab_payload(unsigned sensor, unsigned round, char out[LAB_TEXT]);

#endif
