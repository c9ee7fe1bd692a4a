/* "did you mean": the known word that is nearest to a mistyped one. Pure; any thread. */
#ifndef DT_CORE_NEAREST_H
#define DT_CORE_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *word; /* what was typed */
    const char *best; /* NULL: nothing is near */
    unsigned edits;   /* between the two */
};

/* Looks at one more known word. Only words that differ in at most a third of their letters, and at
 * most in 3 (insert, drop, change, swap two neighbours: Damerau's distance), are near. */
void nearest_try(struct nearest *nearest, const char *known);

/* Adds ", did you mean 'x'?" to a message if something is near. */
void nearest_say(const struct nearest *nearest, char *message, size_t size);

#endif
