#include "core/forecast.h"

#include <math.h>
#include <stddef.h>

#include "core/average.h"

#define SCORE_GAIN 0.05f
#define MEASURED_FROM 3    /* scores: fewer say nothing */
#define STRETCH_FIRST 2.3f /* 90 % of a Laplace distribution lie within so many mean sizes */
#define STRETCH_LEAST 1.0f
#define STRETCH_MOST 30.0f
#define STRETCH_GAIN 0.05f
#define INTERVAL_GAIN 0.05f
#define INTERVAL_CUT 4    /* intervals: the rest of a longer gap is absence */
#define INTERVAL_EARLY 20 /* values: so long a short gap tells as much as a long one */
#define GAP_MOST 1e15     /* µs: sums of them fit a timestamp */
#define STEPS_MOST 100    /* of a gap: twice 60 and that fits a byte */
#define CHANGE_MOST 1e30  /* sums of them fit a float */
#define FREE UINT8_MAX    /* age of a pending prediction that is none */
#define DEVIATION                                                                   \
    1.2533f /* standard deviation / mean size, of a normal distribution: sqrt(pi/2) \
             */

/* Far ahead, the errors at neighbouring readings are nearly the same error. So a prediction is kept
 * and scored only now and then, which loses little and saves a ring of the last 60 predictions of
 * everybody. How often: no two at the same place of the cycles that sensors usually have (10, 12,
 * 24, 60 steps ...), and not so often that all places for pending ones are taken. */
static const struct horizon {
    uint8_t steps;
    uint8_t every;        /* so many steps a prediction is made */
    uint8_t first, count; /* of forecast.pending */
} horizons[FORECAST_HORIZONS] = {
    {1, 1, 0, 0}, /* scored at each reading, with nothing kept */
    {10, 7, 0, FORECAST_NEAR},
    {FORECAST_FURTHEST, 23, FORECAST_NEAR, FORECAST_FAR},
};

void forecast_init(struct forecast *forecast)
{
    *forecast = (struct forecast){.time = TIMESTAMP_NONE};
    for (unsigned i = 0; i < FORECAST_NEAR + FORECAST_FAR; i++)
        forecast->pending[i].age = FREE;
    for (unsigned i = 0; i < FORECAST_HORIZONS; i++)
        forecast->scores[i].stretch = STRETCH_FIRST;
}

void forecast_prefetch(const struct forecast *forecast)
{
    const char *place = (const char *)forecast;
    for (size_t at = 0; at < offsetof(struct forecast, scores[1]); at += 64)
        __builtin_prefetch(place + at, 1);
}

static void learn_interval(struct forecast *forecast, float length, unsigned steps)
{
    float gain = average_gain(INTERVAL_GAIN, forecast->seen - 1);
    if (steps > INTERVAL_CUT) {
        steps = INTERVAL_CUT;
        length = INTERVAL_CUT * forecast->interval;
    }
    if (forecast->seen < INTERVAL_EARLY && length > 0 && forecast->interval > INTERVAL_CUT * length)
        forecast->interval = INTERVAL_CUT * length;
    forecast->interval += gain * (length - forecast->interval);
    forecast->stride += gain * ((float)steps - forecast->stride);
}

/* The steps since the last value, at least 1. */
static unsigned elapse(struct forecast *forecast, timestamp time)
{
    double gap = (double)time - (double)forecast->time; /* the difference might overflow */
    if (gap < 0)
        return 1;
    float length = (float)(gap < GAP_MOST ? gap : GAP_MOST), usual = forecast->interval;
    unsigned steps = 1;
    if (usual > 0 && length > 1.5f * usual)
        steps = length < STEPS_MOST * usual ? (unsigned)(length / usual + 0.5f) : STEPS_MOST;
    learn_interval(forecast, length, steps);
    return steps;
}

/* Adaptive conformal inference (Gibbs and Candès 2021) on the factor: a value outside the band
 * widens it so much more than one inside narrows it that the shares come out as promised, whatever
 * the distribution. */
static void adapt_band(struct forecast_score *score, float size)
{
    bool inside = size <= score->stretch * score->told;
    float stretch = score->stretch * (inside ? 1 - STRETCH_GAIN * (1 - FORECAST_BAND)
                                             : 1 + STRETCH_GAIN * FORECAST_BAND);
    if (stretch >= STRETCH_LEAST && stretch <= STRETCH_MOST)
        score->stretch = stretch;
}

static uint8_t best(const float error[FORECASTERS])
{
    float least = error[FORECASTER_NAIVE];
    unsigned best = FORECASTER_NAIVE;
    for (unsigned i = 1; i < FORECASTERS; i++) {
        best = error[i] < least ? i : best;
        least = error[i] < least ? error[i] : least;
    }
    return (uint8_t)best;
}

/* A mean size that follows the latest ones. */
static float follow(float mean, float size, float gain)
{
    mean += gain * (size - mean);
    return mean < FORECASTER_TINY ? 0 : mean;
}

/* miss: of each forecaster at this horizon; speaker: the one that was believed. */
static void score_add(struct forecast_score *restrict score, const float miss[restrict FORECASTERS],
                      unsigned speaker)
{
    float gain = average_gain(SCORE_GAIN, score->scored), size = fabsf(miss[speaker]);
    if (score->scored >= MEASURED_FROM && score->told > 0)
        adapt_band(score, size);
    score->told = follow(score->told, size, gain);
    for (unsigned i = 0; i < FORECASTERS; i++)
        score->error[i] = follow(score->error[i], fabsf(miss[i]), gain);
    if (score->scored < UINT8_MAX)
        score->scored++;
    if (score->scored >= MEASURED_FROM)
        score->speaker = best(score->error);
}

static float clip(double change)
{
    return (float)(change > CHANGE_MOST    ? CHANGE_MOST
                   : change < -CHANGE_MOST ? -CHANGE_MOST
                                           : change);
}

/* Scores the predictions that have come to their value, unless a gap made it come too late. */
static void judge(struct forecast *forecast, unsigned h)
{
    const struct horizon *horizon = &horizons[h];
    struct forecast_pending *pending = &forecast->pending[horizon->first];
    for (unsigned i = 0; i < horizon->count; i++, pending++) {
        if (pending->age == FREE)
            continue;
        pending->age = (uint8_t)(pending->age + forecast->passed);
        if (pending->age < horizon->steps)
            continue;
        float change = clip(forecast->value - pending->value);
        for (unsigned k = 0; k < FORECASTERS; k++)
            pending->miss[k] += change;
        if (pending->age <= horizon->steps + horizon->every)
            score_add(&forecast->scores[h], pending->miss, pending->speaker);
        pending->age = FREE;
    }
}

static void predict(const struct forecast *forecast, unsigned h, struct forecast_pending *pending)
{
    pending->age = 0;
    pending->speaker = forecast->scores[h].speaker;
    pending->value = forecast->value;
    forecasters_miss(&forecast->forecasters, 0, horizons[h].steps, pending->miss);
}

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Makes a prediction when the youngest is old enough and there is room. Returns after how many
 * steps there will be something to do. */
static unsigned look_ahead(struct forecast *forecast, unsigned h)
{
    const struct horizon *horizon = &horizons[h];
    struct forecast_pending *room = NULL, *pending = &forecast->pending[horizon->first];
    unsigned youngest = FREE, left = horizon->steps;
    for (unsigned i = 0; i < horizon->count; i++, pending++) {
        if (pending->age == FREE) {
            room = pending;
            continue;
        }
        youngest = smaller(youngest, pending->age);
        left = smaller(left, horizon->steps - pending->age);
    }
    if (room && youngest >= horizon->every) {
        predict(forecast, h, room);
        return smaller(left, horizon->every);
    }
    return room ? smaller(left, horizon->every - youngest) : left;
}

/* Does one with a trend speak at this horizon, and well? */
static bool is_heading(const struct forecast *forecast, unsigned h)
{
    const struct forecast_score *score = &forecast->scores[h];
    return score->scored >= MEASURED_FROM && score->speaker >= FORECASTER_TREND_QUICK &&
           score->error[score->speaker] < FORECAST_USEFUL * score->error[FORECASTER_NAIVE];
}

/* Most readings have nothing to do with the predictions that wait. */
static void look(struct forecast *forecast, unsigned steps)
{
    forecast->passed = (uint8_t)(forecast->passed + steps);
    if (forecast->passed < forecast->idle)
        return;
    unsigned idle = FORECAST_FURTHEST;
    for (unsigned h = 1; h < FORECAST_HORIZONS; h++) {
        judge(forecast, h);
        idle = smaller(idle, look_ahead(forecast, h));
    }
    forecast->heading = is_heading(forecast, 1) || is_heading(forecast, 2);
    forecast->idle = (uint8_t)idle;
    forecast->passed = 0;
}

static void learn(struct forecast *forecast, float change, unsigned steps)
{
    float miss[FORECASTERS];
    struct forecast_score *next = &forecast->scores[0];
    forecasters_miss(&forecast->forecasters, change, steps, miss);
    forecasters_learn(&forecast->forecasters, miss, steps, forecast->seen, next->error);
    if (steps == 1)
        score_add(next, miss, next->speaker);
}

void forecast_add(struct forecast *forecast, timestamp time, double value)
{
    if (!isfinite(value))
        return;
    unsigned steps = 0;
    if (forecast->seen > 0) {
        steps = elapse(forecast, time);
        learn(forecast, clip(value - forecast->value), steps);
    }
    forecast->value = value;
    forecast->time = time;
    if (forecast->seen < UINT32_MAX)
        forecast->seen++;
    look(forecast, steps);
}

/* The two horizons around a number of steps, and how near it is to the second, 0 to 1. What lies
 * between follows the square root of the steps, as the error of a random walk does. */
struct place {
    unsigned from, to;
    float share;
};

static struct place locate(float steps)
{
    steps = fminf(fmaxf(steps, 1), FORECAST_FURTHEST);
    unsigned to = steps > horizons[1].steps ? 2 : 1;
    float low = sqrtf(horizons[to - 1].steps), high = sqrtf(horizons[to].steps);
    return (struct place){to - 1, to, (sqrtf(steps) - low) / (high - low)};
}

static float between(struct place place, float from, float to)
{
    return from + place.share * (to - from);
}

static bool is_measured(const struct forecast *forecast, struct place place)
{
    return forecast->scores[place.from].scored >= MEASURED_FROM &&
           (place.share <= 0 || forecast->scores[place.to].scored >= MEASURED_FROM);
}

float forecast_reach(const struct forecast *forecast)
{
    unsigned h = FORECAST_HORIZONS;
    while (h > 0 && forecast->scores[h - 1].scored < MEASURED_FROM)
        h--;
    return h > 0 ? horizons[h - 1].steps : 0;
}

static float score_skill(const struct forecast_score *score)
{
    float naive = score->error[FORECASTER_NAIVE];
    return naive > 0 ? score->error[score->speaker] / naive : 1;
}

float forecast_skill(const struct forecast *forecast, float steps)
{
    struct place place = locate(steps);
    if (!is_measured(forecast, place))
        return 1;
    return between(place, score_skill(&forecast->scores[place.from]),
                   score_skill(&forecast->scores[place.to]));
}

/* What the speaker of a horizon expects so many steps ahead, minus the last value. */
static float heard(const struct forecast *forecast, unsigned h, float steps)
{
    enum forecaster speaker = (enum forecaster)forecast->scores[h].speaker;
    return forecaster_at(&forecast->forecasters, speaker, steps);
}

bool forecast_at(const struct forecast *forecast, float steps, double *value, double *low,
                 double *high)
{
    struct place place = locate(steps);
    if (!(steps >= 0 && steps <= FORECAST_FURTHEST) || !is_measured(forecast, place))
        return false;
    const struct forecast_score *from = &forecast->scores[place.from];
    const struct forecast_score *to = &forecast->scores[place.to];
    double half = between(place, from->told * from->stretch, to->told * to->stretch);
    *value = forecast->value +
             between(place, heard(forecast, place.from, steps), heard(forecast, place.to, steps));
    *low = *value - half;
    *high = *value + half;
    return true;
}

/* How far a level must still go until a reading is as likely as not to have been at the limit,
 * which lies `room` above it now: noise brings readings there before their level. With normal noise
 * the expected number of readings beyond is the integral of its tail over the way; this is where it
 * comes to ln 2, with .45 exp(-x / .55) for the integral of the tail beyond x deviations (good to
 * an eighth from 0 to 1.7, whence most of it comes). */
static float way_to(float room, float noise, float slope)
{
    float scale = 0.55f * noise;
    if (!(scale > 0))
        return room;
    return room + scale * logf(expf(-room / scale) + 0.85f * slope / scale);
}

/* An ETA in steps, from the line of the forecaster that speaks at horizon h. */
struct arrival {
    float steps, spread;
    double limit;
};

static bool arrive(const struct forecast *forecast, unsigned h, double limit_low, double limit_high,
                   struct arrival *out)
{
    const struct forecast_score *score = &forecast->scores[h];
    enum forecaster speaker = (enum forecaster)score->speaker;
    if (!is_heading(forecast, h))
        return false;
    float far = horizons[h].steps;
    float rise = heard(forecast, h, far) - heard(forecast, h, 0);
    if (fabsf(rise) <= score->error[speaker])
        return false; /* no trend, or one that its own error drowns */
    float level = heard(forecast, h, 0), toward = rise > 0 ? 1 : -1;
    double limit = rise > 0 ? limit_high : limit_low, room = (limit - forecast->value) * toward;
    if (!(room < CHANGE_MOST))
        return false;
    out->limit = limit;
    float slope = fabsf(rise) / far, noise = DEVIATION * forecast->scores[0].told;
    float way = way_to((float)room - level * toward, noise, slope);
    out->steps = fmaxf(forecaster_reach(&forecast->forecasters, speaker, level + toward * way), 1);
    struct place place = locate(out->steps);
    out->spread = between(place, forecast->scores[place.from].error[speaker],
                          forecast->scores[place.to].error[speaker]) /
                  slope;
    return out->steps <= far;
}

double forecast_step(const struct forecast *forecast)
{
    return forecast->stride > 0 ? (double)forecast->interval / (double)forecast->stride : 0;
}

void forecast_set_back(struct forecast *forecast, timestamp step)
{
    if (forecast->seen > 0)
        forecast->time -= step;
}

bool forecast_eta(const struct forecast *forecast, double limit_low, double limit_high,
                  struct forecast_eta *out)
{
    double value = forecast->value;
    if (forecast->seen == 0 || value <= limit_low || value >= limit_high)
        return false;
    double step = forecast_step(forecast);
    struct arrival arrival;
    for (unsigned h = 1; step > 0 && h < FORECAST_HORIZONS; h++)
        if (arrive(forecast, h, limit_low, limit_high, &arrival)) {
            out->time = (timestamp)(arrival.steps * step);
            out->spread = (timestamp)(fminf(arrival.spread, FORECAST_FURTHEST) * step);
            out->limit = arrival.limit;
            return true;
        }
    return false;
}
