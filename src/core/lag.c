#include "core/lag.h"

bool lag_add(struct lag *lag, timestamp time, timestamp arrival)
{
    if (lag->next == LAG_READINGS / 2)
        lag->middle = arrival;
    /* The difference of two extreme times might overflow; in single precision even decades of lag
     * are told to the minute. */
    lag->seconds[lag->next++] =
        (float)(((double)arrival - (double)time) / (double)TIMESTAMP_SECOND);
    if (lag->count < lag->next)
        lag->count = lag->next;
    if (lag->next < LAG_READINGS)
        return false;
    lag->next = 0;
    return true;
}

bool lag_median(const struct lag *lag, timestamp *median)
{
    float sorted[LAG_READINGS];
    if (lag->count == 0)
        return false;
    for (unsigned i = 0; i < lag->count; i++) {
        unsigned at = i;
        for (; at > 0 && sorted[at - 1] > lag->seconds[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = lag->seconds[i];
    }
    *median = (timestamp)((double)sorted[lag->count / 2] * (double)TIMESTAMP_SECOND);
    return true;
}

void lag_set_back(struct lag *lag, timestamp step)
{
    /* What was measured by the wrong clock is measured anew. */
    lag->count = lag->next = 0;
    lag->middle -= step;
}
