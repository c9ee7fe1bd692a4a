#include "core/nearest.h"

#include <stdio.h>
#include <string.h>

#define LONGEST 40 /* bytes; longer words have no near ones */
#define MOST_EDITS 3

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Three rows of the usual table: two back (for swaps), one back, and the one being filled. */
static unsigned distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    unsigned rows[3][LONGEST + 1];
    unsigned *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_len; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_len; j++) {
            unsigned changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = least(changed, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        unsigned *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_len];
}

void nearest_try(struct nearest *nearest, const char *known)
{
    size_t len = strlen(nearest->word), known_len = strlen(known);
    if (len > LONGEST || known_len > LONGEST)
        return;
    unsigned edits = distance(nearest->word, len, known, known_len);
    unsigned bound = least(MOST_EDITS, (unsigned)(known_len + 2) / 3);
    if (edits <= bound && (!nearest->best || edits < nearest->edits)) {
        nearest->best = known;
        nearest->edits = edits;
    }
}

void nearest_say(const struct nearest *nearest, char *message, size_t size)
{
    size_t len = strlen(message);
    if (nearest->best && len < size)
        snprintf(message + len, size - len, ", did you mean '%s'?", nearest->best);
}
