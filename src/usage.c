#include "usage.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static timestamp microseconds(const struct timeval *time)
{
    return (timestamp)time->tv_sec * TIMESTAMP_SECOND + time->tv_usec;
}

/* 0 where nobody tells. */
static uint64_t resident_bytes(void)
{
    unsigned long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%lu %lu", &pages, &resident) != 2)
        resident = 0;
    fclose(file);
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

void usage_take(struct usage *usage, timestamp now, timestamp busy, uint64_t resident)
{
    timestamp passed = now - usage->looked;
    if (usage->looked > 0 && passed > 0) {
        double percent = 100.0 * (double)(busy - usage->busy) / (double)passed;
        usage->percent = percent > 0 ? percent : 0;
        usage->ring[usage->count++ % USAGE_SECONDS] = (uint32_t)(usage->percent * 100 + 0.5);
    }
    usage->looked = now;
    usage->busy = busy;
    usage->resident = resident;
}

void usage_look(struct usage *usage, timestamp now)
{
    struct rusage own;
    if (usage->looked > 0 && now - usage->looked < TIMESTAMP_SECOND)
        return;
    if (getrusage(RUSAGE_SELF, &own) == 0)
        usage_take(usage, now, microseconds(&own.ru_utime) + microseconds(&own.ru_stime),
                   resident_bytes());
}
