#include "source/backoff.h"

#define LAST_STEP (BACKOFF_LAST * 2 / 3) /* and half of it again is the longest wait */

timestamp backoff_next(struct backoff *backoff, struct random *random)
{
    timestamp step = BACKOFF_FIRST << backoff->doublings;

    if (step >= LAST_STEP)
        step = LAST_STEP;
    else
        backoff->doublings++;
    return step + (timestamp)((double)step / 2 * random_uniform(random));
}

void backoff_lived(struct backoff *backoff, timestamp lived)
{
    if (lived > BACKOFF_STEADY)
        backoff->doublings = 0;
    else if (backoff->doublings > 1)
        backoff->doublings = 1;
}
