/* Where a series is heading: its next values with a band, and the time until it reaches a limit. A
 * tournament: at each of three horizons the forecaster with the smallest error of late speaks, and
 * what it said is held against what came, so that the forecast knows how good it is. Plain data, no
 * memory of its own, one thread at a time. */
#ifndef DT_CORE_FORECAST_H
#define DT_CORE_FORECAST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/forecaster.h"
#include "core/timestamp.h"

#define FORECAST_HORIZONS 3  /* 1, 10 and 60 steps */
#define FORECAST_FURTHEST 60 /* steps; a step is the typical interval between readings */
#define FORECAST_BAND 0.9f   /* the share of values to come that the band is to hold */
#define FORECAST_USEFUL 0.9f /* an error of less than so much of the naive one earns an ETA */
#define FORECAST_NEAR 2      /* predictions that wait for their value 10 steps ahead, */
#define FORECAST_FAR 3       /* and 60 */

/* How the forecasters did at one horizon. Errors are mean sizes over about the last 20 scores. */
struct forecast_score {
    float error[FORECASTERS];
    float told;      /* error of whichever spoke */
    float stretch;   /* half the band / told */
    uint8_t scored;  /* how often so far, up to 255 */
    uint8_t speaker; /* enum forecaster: the best of late */
};

/* A prediction that waits for its value. */
struct forecast_pending {
    double value;            /* the last one when it was made */
    float miss[FORECASTERS]; /* that minus what each one said */
    uint8_t age;             /* steps */
    uint8_t speaker;         /* when it was made */
};

struct forecast {
    double value; /* the last */
    timestamp time;
    float interval; /* µs between readings, on average; longer gaps are cut */
    float stride;   /* steps between readings, on average */
    uint32_t seen;
    uint8_t passed; /* steps since the pending predictions were looked at */
    uint8_t idle;   /* steps for which there is nothing to do with them */
    bool heading;   /* forecast_eta() may have something to tell */
    struct forecasters forecasters;
    struct forecast_score scores[FORECAST_HORIZONS];
    struct forecast_pending pending[FORECAST_NEAR + FORECAST_FAR]; /* those at 10 steps first */
};

void forecast_init(struct forecast *forecast);

/* Asks the processor to have at hand what forecast_add() will touch. */
void forecast_prefetch(const struct forecast *forecast);

/* Takes in a value: first it judges what was said about it, then it is learnt. What is not finite
 * is ignored. Times may stand still or fall: then the value counts as the next in line. */
void forecast_add(struct forecast *forecast, timestamp time, double value);

/* The mean error so many steps ahead (1 to FORECAST_FURTHEST; others count as the nearest) of
 * whichever forecaster speaks there, relative to saying that the value stays as it is. 1 while not
 * yet measured. */
float forecast_skill(const struct forecast *forecast, float steps);

/* So many steps ahead it was measured: FORECAST_FURTHEST, or fewer while it is young, or 0. */
float forecast_reach(const struct forecast *forecast);

/* The value so many steps after the last one, and the band that holds FORECAST_BAND of such values:
 * it is as wide as what was said of late was wrong. false, and nothing is set: steps are outside 0
 * to FORECAST_FURTHEST, or nothing so far ahead was measured yet. */
bool forecast_at(const struct forecast *forecast, float steps, double *value, double *low,
                 double *high);

/* When a limit is reached. */
struct forecast_eta {
    timestamp time;   /* µs from the last value until the first reading at or beyond it */
    timestamp spread; /* ± µs that the usual error makes of it */
    double limit;
};

/* When the first of these limits is reached (±INFINITY or NAN: none). true only where that is worth
 * telling: the last value is inside the limits; a forecaster with a trend speaks for 10 or
 * for 60 steps ahead, its error there is below FORECAST_USEFUL of the naive one and smaller than
 * the way it predicts; and it gets to the limit within those steps. Else nothing is set. */
bool forecast_eta(const struct forecast *forecast, double limit_low, double limit_high,
                  struct forecast_eta *out);

/* The usual time from one step to the next, in µs; 0 while not known. */
double forecast_step(const struct forecast *forecast);

/* The clock that times are told by was set back by this much. */
void forecast_set_back(struct forecast *forecast, timestamp step);

#endif
