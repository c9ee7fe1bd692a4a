/* What an anomaly's reason says: plain words with numbers and unit, for a person. Each function
 * fills verdict->reason, and takes from verdict->low and high how many decimals make sense. unit is
 * as the sensor wrote it. Times of the day are local. Pure but for the time zone; any thread. */
#ifndef DT_CORE_REASON_H
#define DT_CORE_REASON_H

#include "core/detector.h"

/* "spike: 28.5 °C, expected 21.5 to 22.7" */
void reason_spike(struct verdict *verdict, double value, const char *unit);

/* "level +3.1 °C since 14:02" */
void reason_level(struct verdict *verdict, double change, timestamp since, const char *unit);

/* "drift +2.4 °C in 10 min" */
void reason_drift(struct verdict *verdict, double change, timestamp duration, const char *unit);

/* "noise x4.2" */
void reason_burst(struct verdict *verdict, double ratio);

/* "stuck at 55.0 % for 40 s, longest so far 6 s"; where it was stuck for longer before: "stuck at
 * 55.0 % for 40 s, usually at most 6 s" */
void reason_stuck(struct verdict *verdict, double value, const char *unit, timestamp duration,
                  timestamp longest, timestamp usual);

/* "silent for 25 s, usual 2 s" */
void reason_silent(struct verdict *verdict, timestamp duration, timestamp usual);

/* "unusual level: 35.2 °C, usually 20.1 to 24.3" */
void reason_unusual_level(struct verdict *verdict, double value, const char *unit);

/* "unusual for 14:15: 35.2 °C, usually 20.1 to 24.3" */
void reason_unusual_time(struct verdict *verdict, timestamp time, double value, const char *unit);

/* "3.1 °C above the median of 8 temperature series, usually 0.2 °C below" */
void reason_peers(struct verdict *verdict, double distance, double usual, unsigned count,
                  const char *quantity, const char *unit);

/* "unusual shape of the last 32 readings" */
void reason_unusual_shape(struct verdict *verdict, unsigned readings);

#endif
