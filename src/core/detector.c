#include "core/detector.h"

#include <math.h>
#include <string.h>

static const struct detector_type *const detectors[] = {&detector_auto, &detector_lab,
                                                        &detector_robust, NULL};

const struct detector_type *detector_find(const char *name)
{
    for (const struct detector_type *const *type = detectors; *type; type++)
        if (strcmp((*type)->name, name) == 0)
            return *type;
    return NULL;
}

const struct detector_type *const *detector_all(void)
{
    return detectors;
}

void verdict_clear(struct verdict *verdict)
{
    verdict->learning = false;
    verdict->z = verdict->score = verdict->low = verdict->high = NAN;
    verdict->kind = ANOMALY_NONE;
    verdict->severity = SEVERITY_NONE;
    verdict->reason[0] = '\0';
}

const char *anomaly_kind_name(enum anomaly_kind kind)
{
    static const char *const names[] = {
        [ANOMALY_NONE] = "",         [ANOMALY_SPIKE] = "spike",     [ANOMALY_LEVEL] = "level",
        [ANOMALY_DRIFT] = "drift",   [ANOMALY_BURST] = "burst",     [ANOMALY_STUCK] = "stuck",
        [ANOMALY_SILENT] = "silent", [ANOMALY_UNUSUAL] = "unusual", [ANOMALY_LIMIT] = "limit",
    };
    return names[kind];
}

const char *severity_name(enum severity severity)
{
    static const char *const names[] = {
        [SEVERITY_NONE] = "", [SEVERITY_NOTICE] = "notice", [SEVERITY_ALARM] = "alarm"};
    return names[severity];
}
