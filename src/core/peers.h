/* Series of one kind (the same quantity in the same unit) against each other: one that moves away
 * from the median of its kind, further than the others move from it, drifts. Where it always stood
 * (a freezer among rooms) is its own affair. Plain data, one thread at a time. */
#ifndef DT_CORE_PEERS_H
#define DT_CORE_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEERS_LEAST 5 /* fewer have no median worth the name */

/* One of a kind. Zeroed but for its series: new. */
struct peer {
    uint32_t series;
    uint16_t checks; /* that its usual place has been learnt from */
    uint8_t streak;  /* checks in a row at which it stood out */
    bool apart;      /* it has moved away, and has not come back */
    double usual;    /* its distance from the median */
};

/* Where it stands at the moment of a check. */
struct standing {
    double level; /* NAN: nowhere (silent, or too young) */
    double noise; /* standard error of the level */
};

struct peers {
    struct peer *list;
    uint32_t count, room;
    uint32_t standing; /* that stood somewhere at the last check */
    double median;     /* of those */
};

void peers_fini(struct peers *peers);

/* Returns by how many bytes the list grew. */
size_t peers_add(struct peers *peers, uint32_t series);

/* The i-th leaves; the last takes its place. */
void peers_remove(struct peers *peers, uint32_t i);

/* What stands out at a check. */
struct departure {
    uint32_t member; /* index in the list */
    double distance; /* from the median now */
    double usual;    /* before it left */
    double scale;    /* one robust deviation of the changes of all */
    double z;        /* of its change, in these */
};

/* A check, to be made at regular intervals; standings[i] belongs to list[i]. Fills out (count of
 * the list is enough) with those who have moved away by it, and returns how many. A member has when
 * the change of its distance, measured in robust deviations (1.4826 MAD) of all members' changes,
 * is larger than Student's law with n - 2 degrees of freedom allows to one of n in a thousand
 * checks, at three checks in a row; its usual place is an average over a day of checks, and waits
 * meanwhile. */
size_t peers_check(struct peers *peers, const struct standing *standings, struct departure *out);

/* The probability of a value beyond ±t under Student's law (Abramowitz and Stegun, 26.7.3 and
 * 26.7.4). freedom ≥ 1. */
double student_beyond(double t, unsigned freedom);

#endif
