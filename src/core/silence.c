#include "core/silence.h"

#include <math.h>

#include "core/bounds.h"

#define GAIN 0.05f
#define GAIN_CUT 4 /* usual intervals */
#define FADE 0.9995f
#define KNOWN_FROM 50 /* readings */
#define INTERVALS 8
#define LONGEST 3
#define LONGEST_GROWTH 1.5f

static float limit(const struct silence *silence)
{
    return larger_of(INTERVALS * silence->interval, LONGEST * silence->longest);
}

/* The longest usual interval grows by half at most, so that one outage does not excuse the next. */
static void learn(struct silence *silence, float interval)
{
    float most = LONGEST_GROWTH / LONGEST * limit(silence);
    if (silence->interval == 0)
        silence->interval = silence->longest = interval;
    else if (interval > silence->longest)
        silence->longest = smaller_of(interval, most);
    else
        silence->longest *= FADE;
    float cut = smaller_of(interval, GAIN_CUT * silence->interval);
    silence->interval += GAIN * (cut - silence->interval);
}

float silence_beat(struct silence *silence, timestamp time)
{
    float interval = 0;
    if (silence->count > 0 && time > silence->last) {
        interval = (float)(time - silence->last);
        if (silence->pardoned < interval)
            learn(silence, interval - silence->pardoned);
    }
    if (silence->count < UINT16_MAX)
        silence->count++;
    silence->last = time;
    silence->pardoned = 0;
    silence->told = false;
    return interval;
}

void silence_pardon(struct silence *silence, timestamp length)
{
    silence->pardoned += length == SILENCE_NEVER ? INFINITY : (float)length;
}

timestamp silence_due(const struct silence *silence)
{
    if (silence->told || silence->count < KNOWN_FROM || !(silence->interval > 0) ||
        isinf(silence->pardoned))
        return SILENCE_NEVER;
    return silence->last + (timestamp)silence->pardoned + (timestamp)limit(silence) + 1;
}
