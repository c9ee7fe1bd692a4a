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
};

struct verdict {
    bool learning; /* nothing to say yet: the numbers below mean nothing */
    double z;
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
};

/* The lab's rule (design.md, section 5): |z| > threshold over the window before the reading. */
extern const struct detector_type detector_lab;

/* NULL if there is none of this name. */
const struct detector_type *detector_find(const char *name);

/* The names, one after the other, ending in NULL. */
const struct detector_type *const *detector_all(void);

const char *anomaly_kind_name(enum anomaly_kind kind); /* "spike", ...; "" for none */
const char *severity_name(enum severity severity);     /* "notice", "alarm"; "" for none */

#endif
