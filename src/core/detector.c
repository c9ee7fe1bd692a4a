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

unsigned detector_parse(const char *text, const struct detector_type *list[DETECTORS_MOST])
{
    for (unsigned count = 0; count < DETECTORS_MOST; count++) {
        char name[16];
        size_t length = strcspn(text, ",");
        if (length >= sizeof name)
            return 0;
        memcpy(name, text, length);
        name[length] = '\0';
        list[count] = detector_find(name);
        for (unsigned i = 0; i <= count; i++)
            if (!list[count] || (i < count && list[i] == list[count]))
                return 0;
        if (text[length] == '\0')
            return count + 1;
        text += length + 1;
    }
    return 0;
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
