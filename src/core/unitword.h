/* Is this word a unit of measure? Needed where a unit is not announced as one: behind a number
 * ("12.0 %") and at the end of a key ("total_m3"). Pure; any thread. */
#ifndef DT_CORE_UNITWORD_H
#define DT_CORE_UNITWORD_H

#include <stdbool.h>
#include <stddef.h>

/* The unit may carry an SI prefix and an exponent and be a quotient: "kWh", "m³", "µg/m3". */
bool unitword_known(const char *word, size_t len);

/* Where the unit begins that a key ends with ("temperature_C" → 12), 0 if it ends with none. Single
 * letters count only behind a word that they fit: "temperature_C", but not "phase_A". */
size_t unitword_suffix(const char *key, size_t len);

#endif
