/* The inside of snapshot_take(), shared by the files that make it up and by nobody else: snapshot.c
 * (rows, selection), snapshot_card.c (the selected series in full), snapshot_events.c (the log).
 * What it copies lies in the snapshot's arena. */
#ifndef DT_CORE_SNAPSHOT_SHOT_H
#define DT_CORE_SNAPSHOT_SHOT_H

#include "core/snapshot.h"

/* The fleet as it is being copied: what every piece needs to know. */
struct shot {
    const struct fleet *fleet;
    struct snapshot *out;
    timestamp now; /* the moment shown */
    bool past;     /* not live: told from histories */
};

/* What a row or card needs to know of a series' numbers at the moment shown. */
struct numbers {
    double value, z, low, high;
    struct window_stats window; /* with the last reading in it */
    timestamp arrival;          /* TIMESTAMP_NONE: none yet */
    enum state state;
    timestamp last_anomaly;
};

/* snapshot.c */

const char *shot_copy(struct shot *shot, const char *text);

/* So many pieces of this size, zeroed. */
void *shot_array(struct shot *shot, size_t count, size_t size);

/* The last n buckets of the request's span. */
const struct bucket *shot_buckets(struct shot *shot, const struct series *series, unsigned n);

struct numbers shot_numbers(struct shot *shot, const struct series *series);

void shot_row(struct shot *shot, const struct series *series, const struct numbers *numbers,
              struct row *row);

/* How long ago at the moment shown; TIMESTAMP_NONE for TIMESTAMP_NONE. */
timestamp shot_since(const struct shot *shot, timestamp when);

/* snapshot_card.c */

/* Fills the card of the snapshot. */
void shot_card(struct shot *shot, const struct series *series);

/* The same for a twin that has no series; but for the card's row. */
void shot_twin_card(struct shot *shot, const struct twin *twin);

/* snapshot_readings.c */

/* Fills the card's last readings. */
void shot_readings(struct shot *shot, const struct series *series);

/* snapshot_events.c */

/* Fills the events of the snapshot. */
void shot_events(struct shot *shot);

#endif
