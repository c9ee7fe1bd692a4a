#include "core/reason.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/text.h"
#include "core/unit.h"

#define UNIT_COLUMNS 12
#define QUANTITY_COLUMNS 20
#define MOST_DECIMALS 6
#define PLAIN_BELOW 1e9 /* larger numbers are written with an exponent */
#define NUMBER 24       /* bytes of a number or a duration */
#define HOUR 8          /* of a time of the day */
#define QUANTITY (NUMBER + UNIT_COLUMNS * 4 + 1)
#define RANGE (2 * NUMBER + 3)
#define OUTSIDER (QUANTITY + RANGE + 10)

static double rounded(double number, int decimals)
{
    double scale = pow(10, decimals);
    return round(number * scale) / scale;
}

/* As many decimals as a tenth of the band's width needs. */
static int decimals_of(const struct verdict *verdict)
{
    double tenth = (verdict->high - verdict->low) / 10;
    if (!isfinite(tenth) || tenth <= 0)
        return 1;
    return (int)fmax(0, fmin(MOST_DECIMALS, -floor(log10(tenth))));
}

static void write_number(char out[NUMBER], double number, int decimals, const char *sign)
{
    double shown = rounded(number, decimals);
    sign = number > 0 ? sign : "";
    if (fabs(number) >= PLAIN_BELOW || (shown == 0 && number != 0))
        snprintf(out, NUMBER, "%s%.3g", sign, number);
    else
        snprintf(out, NUMBER, "%s%.*f", sign, decimals, shown + 0.0); /* + 0.0: never "-0" */
}

/* A number with its unit. sign goes before a positive one. */
static void write_quantity(char out[QUANTITY], double number, int decimals, const char *sign,
                           const char *unit)
{
    char digits[NUMBER], word[UNIT_COLUMNS * 4 + 1];
    const char *symbol = unit_symbol(unit);
    text_sanitise(word, sizeof word, symbol, strlen(symbol), UNIT_COLUMNS);
    write_number(digits, number, decimals, sign);
    snprintf(out, QUANTITY, "%s%s%s", digits, *word ? " " : "", word);
}

static void write_range(char out[RANGE], const struct verdict *verdict, int decimals)
{
    char low[NUMBER], high[NUMBER];
    write_number(low, verdict->low, decimals, "");
    write_number(high, verdict->high, decimals, "");
    snprintf(out, RANGE, "%s to %s", low, high);
}

static void write_duration(char out[NUMBER], timestamp duration)
{
    static const struct {
        double seconds;
        const char *word;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
    double seconds = (double)duration / TIMESTAMP_SECOND;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (seconds >= 2 * units[i].seconds) {
            snprintf(out, NUMBER, "%.0f %s", seconds / units[i].seconds, units[i].word);
            return;
        }
    if (seconds < 0.1)
        snprintf(out, NUMBER, "%.2g ms", seconds * 1000);
    else
        snprintf(out, NUMBER, seconds < 10 ? "%.2g s" : "%.0f s", seconds);
}

static void write_time_of_day(char out[HOUR], timestamp time)
{
    time_t seconds = (time_t)(time / TIMESTAMP_SECOND);
    struct tm local = {0};
    localtime_r(&seconds, &local);
    strftime(out, HOUR, "%H:%M", &local);
}

/* "28.5 °C, expected 21.5 to 22.7", with as many decimals as it takes for the value to read as the
 * outsider that it is, if it is one. */
static void write_outsider(char out[OUTSIDER], const struct verdict *verdict, double value,
                           const char *expected, const char *unit)
{
    char quantity[QUANTITY], range[RANGE];
    int decimals = decimals_of(verdict);
    bool outside = value < verdict->low || value > verdict->high;
    while (outside && decimals < MOST_DECIMALS &&
           rounded(value, decimals) >= rounded(verdict->low, decimals) &&
           rounded(value, decimals) <= rounded(verdict->high, decimals))
        decimals++;
    write_quantity(quantity, value, decimals, "", unit);
    write_range(range, verdict, decimals);
    snprintf(out, OUTSIDER, "%s, %s %s", quantity, expected, range);
}

void reason_spike(struct verdict *verdict, double value, const char *unit)
{
    char words[OUTSIDER];
    write_outsider(words, verdict, value, "expected", unit);
    snprintf(verdict->reason, DETECTOR_REASON, "spike: %s", words);
}

void reason_level(struct verdict *verdict, double change, timestamp since, const char *unit)
{
    char quantity[QUANTITY], when[HOUR];
    write_quantity(quantity, change, decimals_of(verdict), "+", unit);
    write_time_of_day(when, since);
    snprintf(verdict->reason, DETECTOR_REASON, "level %s since %s", quantity, when);
}

void reason_drift(struct verdict *verdict, double change, timestamp duration, const char *unit)
{
    char quantity[QUANTITY], span[NUMBER];
    write_quantity(quantity, change, decimals_of(verdict), "+", unit);
    write_duration(span, duration);
    snprintf(verdict->reason, DETECTOR_REASON, "drift %s in %s", quantity, span);
}

void reason_burst(struct verdict *verdict, double ratio)
{
    snprintf(verdict->reason, DETECTOR_REASON, "noise x%.*f", ratio < 10 ? 1 : 0, ratio);
}

void reason_stuck(struct verdict *verdict, double value, const char *unit, timestamp duration,
                  timestamp longest, timestamp usual)
{
    char quantity[QUANTITY], span[NUMBER], before[NUMBER];
    int decimals = decimals_of(verdict);
    for (int i = 0; i < 2 && rounded(value, decimals) != value; i++)
        decimals++; /* that very value is what matters here */
    write_quantity(quantity, value, decimals, "", unit);
    write_duration(span, duration);
    bool record = duration > longest;
    write_duration(before, record ? longest : usual);
    snprintf(verdict->reason, DETECTOR_REASON, "stuck at %s for %s, %s %s", quantity, span,
             record ? "longest so far" : "usually at most", before);
}

void reason_silent(struct verdict *verdict, timestamp duration, timestamp usual)
{
    char span[NUMBER], interval[NUMBER];
    write_duration(span, duration);
    write_duration(interval, usual);
    snprintf(verdict->reason, DETECTOR_REASON, "silent for %s, usual %s", span, interval);
}

void reason_unusual_level(struct verdict *verdict, double value, const char *unit)
{
    char words[OUTSIDER];
    write_outsider(words, verdict, value, "usually", unit);
    snprintf(verdict->reason, DETECTOR_REASON, "unusual level: %s", words);
}

void reason_unusual_time(struct verdict *verdict, timestamp time, double value, const char *unit)
{
    char words[OUTSIDER], when[HOUR];
    write_outsider(words, verdict, value, "usually", unit);
    write_time_of_day(when, time);
    snprintf(verdict->reason, DETECTOR_REASON, "unusual for %s: %s", when, words);
}

void reason_unusual_shape(struct verdict *verdict, unsigned readings)
{
    snprintf(verdict->reason, DETECTOR_REASON, "unusual shape of the last %u readings", readings);
}

static const char *side(double distance)
{
    return distance < 0 ? "below" : "above";
}

void reason_peers(struct verdict *verdict, double distance, double usual, unsigned count,
                  const char *quantity, const char *unit)
{
    char now[QUANTITY], before[QUANTITY], name[QUANTITY_COLUMNS * 4 + 1];
    int decimals = decimals_of(verdict);
    text_sanitise(name, sizeof name, quantity, strlen(quantity), QUANTITY_COLUMNS);
    write_quantity(now, fabs(distance), decimals, "", unit);
    write_quantity(before, fabs(usual), decimals, "", unit);
    char line[3 * QUANTITY + sizeof name];
    snprintf(line, sizeof line, "%s %s the median of %u %s series, usually %s %s", now,
             side(distance), count, name, before, side(usual));
    text_sanitise(verdict->reason, sizeof verdict->reason, line, strlen(line),
                  sizeof verdict->reason);
}
