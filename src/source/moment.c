#include "source/moment.h"

#include <time.h>

static timestamp read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (timestamp)now.tv_sec * TIMESTAMP_SECOND + now.tv_nsec / 1000;
}

struct moment moment_now(void)
{
    return (struct moment){.wall = read_clock(CLOCK_REALTIME),
                           .steady = read_clock(CLOCK_MONOTONIC)};
}

timestamp moment_jump(const struct moment *before, const struct moment *now)
{
    return (now->wall - before->wall) - (now->steady - before->steady);
}
