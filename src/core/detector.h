/* The interface that every anomaly detector stands behind. One state a series, no clock, no I/O:
 * each reading is scored against what was there before it, then learnt. One thread at a time. */
#ifndef DT_CORE_DETECTOR_H
#define DT_CORE_DETECTOR_H

#include "core/timestamp.h"
#include "core/window.h"

#include <stdbool.h>
#include <stddef.h>

enum anomaly_kind {
    ANOMALY_NONE,
    ANOMALY_SPIKE,
    ANOMALY_LEVEL,
    ANOMALY_DRIFT,
    ANOMALY_BURST,
    ANOMALY_STUCK,
    ANOMALY_SILENT,
    ANOMALY_UNUSUAL,
    ANOMALY_LIMIT,
};

enum severity { SEVERITY_NONE, SEVERITY_NOTICE, SEVERITY_ALARM };

#define DETECTOR_REASON 160
#define DETECTORS_MOST 4 /* that judge the same series, to be compared */
#define DETECTOR_NEVER INT64_MAX

struct detector_options {
    double threshold;     /* lab: |z| above this is an anomaly */
    uint16_t min_samples; /* lab: the n-th reading is the first to be scored */
};

/* What a detector is told of a reading. before is the window without it. */
struct observation {
    timestamp time; /* arrival */
    double value;
    const char *unit; /* for the words */
    struct window_stats before;
    const struct window *window; /* what before is of: the readings without this one */
};

struct verdict {
    bool learning;    /* the state of the series, nothing else */
    double z;         /* NAN: not known; so with the next three */
    double score;     /* 0 to 1, 0.5 is the bar of an alarm */
    double low, high; /* the expected band */
    enum anomaly_kind kind;
    enum severity severity;
    char reason[DETECTOR_REASON]; /* for a person; "" without an anomaly */
};

struct detector_type {
    const char *name;  /* as in --detector */
    size_t state_size; /* bytes a series; the state is zeroed before its first reading */
    void (*observe)(const struct detector_options *options, void *state,
                    const struct observation *seen, struct verdict *out);
    /* Time passed without a reading. true: *out says something new. NULL if the detector has no
     * timer. */
    bool (*elapse)(const struct detector_options *options, void *state, timestamp now,
                   struct verdict *out);
    /* When elapse() will have something to say if no reading comes; DETECTOR_NEVER if it will not.
     * NULL exactly if elapse is. */
    timestamp (*due)(const void *state);
    /* So much of the time until the next reading is no silence and no interval, as nobody could
     * have heard one; DETECTOR_NEVER: all of it, as the sensor rests. NULL exactly if elapse is. */
    void (*pardon)(void *state, timestamp length);
    /* The clock was set back by so much. NULL: no time is kept. */
    void (*set_back)(void *state, timestamp step);
};

/* A verdict that says nothing: no anomaly, all numbers unknown, not learning. Its reason is "". */
void verdict_clear(struct verdict *verdict);

/* The lab's rule (design.md, section 5): |z| > threshold over the window before the reading. */
extern const struct detector_type detector_lab;

/* Rarity against the series' own history, and detectors that name what they see
 * (detector_auto.h). */
extern const struct detector_type detector_auto;

/* As the lab's rule, with median and MAD in place of mean and deviation. */
extern const struct detector_type detector_robust;

/* NULL if there is none of this name. */
const struct detector_type *detector_find(const char *name);

/* Reads names joined with commas, each at most once. How many there are; 0: that is no such list.
 */
unsigned detector_parse(const char *text, const struct detector_type *list[DETECTORS_MOST]);

/* The names, one after the other, ending in NULL. */
const struct detector_type *const *detector_all(void);

const char *anomaly_kind_name(enum anomaly_kind kind); /* "spike", ...; "" for none */
const char *severity_name(enum severity severity);     /* "notice", "alarm"; "" for none */

#endif
