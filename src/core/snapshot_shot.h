/* The inside of snapshot_take(), shared by the files that make it up and by nobody else: snapshot.c
 * (rows, selection), snapshot_card.c (the selected series in full), snapshot_chart.c (its chart),
 * snapshot_events.c (the log), snapshot_find.c (the row that is looked for), snapshot_held.c (what
 * detectors said at a moment). What it copies lies in the snapshot's arena. */
#ifndef DT_CORE_SNAPSHOT_SHOT_H
#define DT_CORE_SNAPSHOT_SHOT_H

#include "core/snapshot.h"

/* The fleet as it is being copied: what every piece needs to know. */
struct shot {
    const struct fleet *fleet;
    struct snapshot *out;
    timestamp now;                    /* the moment shown */
    bool past;                        /* not live: told from histories ... */
    const struct snapshot_held *held; /* ... and from this; NULL: nothing is */
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

/* The history as it was at the moment shown: the same samples, without the later ones. */
struct history shot_history(const struct shot *shot, const struct series *series);

/* n buckets of so much time, the last one with this moment in it. */
const struct bucket *shot_buckets(struct shot *shot, const struct series *series, unsigned n,
                                  timestamp moment, timestamp span);

struct numbers shot_numbers(struct shot *shot, const struct series *series);

void shot_row(struct shot *shot, const struct series *series, const struct numbers *numbers,
              struct row *row);

/* How long ago at the moment shown; TIMESTAMP_NONE for TIMESTAMP_NONE. */
timestamp shot_since(const struct shot *shot, timestamp when);

/* The place of the row of this name; false: it is not shown. */
bool shot_find_row(const struct snapshot_order *order, uint32_t id, uint32_t *row);

void shot_select(struct snapshot_request *request, uint32_t id);

/* snapshot_held.c */

/* The first time that a moment is shown: keeps what detectors say of all series that have not been
 * heard since, as histories do not have that. */
void shot_hold(struct shot *shot, struct snapshot_held *held);

/* Puts it in the place of what the lab's rule makes of the history. */
void shot_take_held(const struct shot *shot, const struct series *series, struct numbers *numbers);

void snapshot_held_fini(struct snapshot_held *held);

/* snapshot_find.c */

/* Moves the selection to the series of a new alarm, if that is wanted. */
void shot_follow(struct shot *shot, struct snapshot_order *order);

/* Moves the selection to the row that is looked for, if any, and unfolds what hides it. */
void shot_search(struct shot *shot, struct snapshot_order *order);

/* The first reading that is kept; TIMESTAMP_NONE: none. */
timestamp shot_oldest(const struct series *series);

/* snapshot_chart.c */

/* Fills in what the chart shows: of the card's series, and of others beside it. */
void shot_chart(struct shot *shot, const struct series *series);

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
