#include "core/limits.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/unit.h"
#include "core/xalloc.h"

#define UNIT_COLUMNS 16
#define UNIT_TEXT (4 * UNIT_COLUMNS + 1)
#define NUMBER_TEXT 32
#define WORD_TEXT 64
#define MINUTE (60 * TIMESTAMP_SECOND)
#define HOUR (60 * MINUTE)

const struct limits limits_none = {NAN, NAN, NAN, TIMESTAMP_SECOND};

bool limits_any(const struct limits *limits)
{
    return !isnan(limits->min) || !isnan(limits->max) || !isnan(limits->rate);
}

/* ---- reading ---- */

static bool read_number(const char *text, double *out)
{
    char *end;
    errno = 0;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && errno == 0 && isfinite(*out);
}

bool limits_parse_rate(const char *text, double *rate, timestamp *span)
{
    static const struct {
        const char *word;
        timestamp span;
    } units[] = {
        {"s", TIMESTAMP_SECOND},
        {"sec", TIMESTAMP_SECOND},
        {"second", TIMESTAMP_SECOND},
        {"min", MINUTE},
        {"m", MINUTE},
        {"minute", MINUTE},
        {"h", HOUR},
        {"hour", HOUR},
    };
    char number[WORD_TEXT];
    const char *slash = strchr(text, '/');
    snprintf(number, sizeof number, "%.*s", (int)(slash ? (size_t)(slash - text) : strlen(text)),
             text);
    if (!read_number(number, rate) || *rate <= 0)
        return false;
    *span = TIMESTAMP_SECOND;
    if (!slash)
        return true;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(slash + 1, units[i].word) == 0) {
            *span = units[i].span;
            return true;
        }
    }
    return false;
}

/* "10..80", either end left out, or an upper limit alone. */
static bool read_range(char *word, struct limits *out)
{
    char *dots = strstr(word, "..");
    if (!dots)
        return read_number(word, &out->max);
    *dots = '\0';
    if (*word && !read_number(word, &out->min))
        return false;
    return !dots[2] || read_number(dots + 2, &out->max);
}

static bool read_word(char *word, struct limits *out)
{
    return strchr(word, '/') ? limits_parse_rate(word, &out->rate, &out->span)
                             : read_range(word, out);
}

/* The limit that this word announces, as in "max 20"; NULL: none. */
static double *named_limit(const char *word, struct limits *out)
{
    return strcmp(word, "min") == 0 ? &out->min : strcmp(word, "max") == 0 ? &out->max : NULL;
}

bool limits_parse(const char *text, struct limits *out, char *error, size_t size)
{
    char word[WORD_TEXT] = "";
    double *named = NULL;
    *out = limits_none;
    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        size_t len = strcspn(text, " \t");
        snprintf(word, sizeof word, "%.*s", (int)len, text);
        double *to = named;
        named = to ? NULL : named_limit(word, out);
        bool known = named || (to ? read_number(word, to) : read_word(word, out));
        if (len >= sizeof word || !known) {
            snprintf(error, size,
                     "'%.*s' is no limit: MIN..MAX, MIN.., ..MAX, min 10, max 80, or 5/min",
                     (int)(len < 40 ? len : 40), text);
            return false;
        }
        text += len;
    }
    if (named) {
        snprintf(error, size, "%s of what? A number follows, as in %s 80", word, word);
        return false;
    }
    if (out->min >= out->max) {
        snprintf(error, size, "the least value must be below the largest");
        return false;
    }
    return true;
}

/* ---- words ---- */

/* To be read back as it is. */
static void write_exactly(double value, char out[NUMBER_TEXT])
{
    snprintf(out, NUMBER_TEXT, "%.15g", value + 0.0);
}

static void write_number(double value, char out[NUMBER_TEXT])
{
    snprintf(out, NUMBER_TEXT, "%.6g", value + 0.0);
}

/* A blank and the unit, or nothing. */
static void write_unit(const char *unit, char out[UNIT_TEXT + 1])
{
    const char *symbol = unit_symbol(unit);
    out[0] = '\0';
    if (!*symbol)
        return;
    out[0] = ' ';
    text_sanitise(out + 1, UNIT_TEXT, symbol, strlen(symbol), UNIT_COLUMNS);
}

static const char *span_letter(timestamp span)
{
    return span == HOUR ? "h" : span == MINUTE ? "min" : "s";
}

void limits_words(const struct limits *limits, const char *unit, char out[LIMITS_TEXT])
{
    char low[NUMBER_TEXT], high[NUMBER_TEXT], rate[NUMBER_TEXT], symbol[UNIT_TEXT + 1];
    bool range = !isnan(limits->min) || !isnan(limits->max);
    int len = 0;
    write_number(limits->min, low);
    write_number(limits->max, high);
    write_number(limits->rate, rate);
    write_unit(unit, symbol);
    if (!isnan(limits->min) && !isnan(limits->max))
        len = snprintf(out, LIMITS_TEXT, "%s to %s%s", low, high, symbol);
    else if (range)
        len = snprintf(out, LIMITS_TEXT, "at %s %s%s", isnan(limits->max) ? "least" : "most",
                       isnan(limits->max) ? low : high, symbol);
    else
        snprintf(out, LIMITS_TEXT, "none");
    if (!isnan(limits->rate))
        snprintf(out + len, LIMITS_TEXT - (size_t)len, "%s%s%s/%s", range ? ", " : "", rate, symbol,
                 span_letter(limits->span));
}

void limits_format(const struct limits *limits, char out[LIMITS_TEXT])
{
    char low[NUMBER_TEXT] = "", high[NUMBER_TEXT] = "", rate[NUMBER_TEXT];
    int len = 0;
    out[0] = '\0';
    if (!isnan(limits->min))
        write_exactly(limits->min, low);
    if (!isnan(limits->max))
        write_exactly(limits->max, high);
    write_exactly(limits->rate, rate);
    if (*low || *high)
        len = snprintf(out, LIMITS_TEXT, "%s..%s", low, high);
    if (!isnan(limits->rate))
        snprintf(out + len, LIMITS_TEXT - (size_t)len, "%s%s/%s", len > 0 ? " " : "", rate,
                 span_letter(limits->span));
}

/* ---- watching ---- */

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

void limit_watch_set(struct limit_watch *watch, const struct limits *limits)
{
    const struct limits was = watch->limits;
    unsigned kept = (same(was.min, limits->min) ? LIMIT_MIN : 0) |
                    (same(was.max, limits->max) ? LIMIT_MAX : 0) |
                    (same(was.rate, limits->rate) && was.span == limits->span ? LIMIT_RATE : 0);
    if (kept == (LIMIT_MIN | LIMIT_MAX | LIMIT_RATE))
        return;
    unsigned broken = watch->broken & kept & ~(unsigned)LIMIT_RATE;
    limit_watch_fini(watch);
    watch->limits = *limits;
    watch->broken = broken;
    if (!isnan(limits->rate))
        watch->pace = xcalloc(1, sizeof *watch->pace);
}

void limit_watch_fini(struct limit_watch *watch)
{
    free(watch->pace);
    *watch = (struct limit_watch){.limits = limits_none};
}

/* The largest move to `value` from within the span before it; falling is negative. */
static double moved_within(const struct pace_watch *pace, int64_t slot, double value)
{
    double least = value, most = value;
    for (int i = 0; i < LIMITS_SLOTS; i++) {
        if (pace->slots[i].at > slot || pace->slots[i].at <= slot - LIMITS_SLOTS)
            continue;
        least = fmin(least, pace->slots[i].min);
        most = fmax(most, pace->slots[i].max);
    }
    return value - least >= most - value ? value - least : value - most;
}

static void remember(struct pace_watch *pace, int64_t slot, timestamp time, double value)
{
    int i = (int)(slot & (LIMITS_SLOTS - 1));
    if (pace->slots[i].at != slot) {
        pace->slots[i].at = slot;
        pace->slots[i].min = pace->slots[i].max = value;
    }
    pace->slots[i].min = fmin(pace->slots[i].min, value);
    pace->slots[i].max = fmax(pace->slots[i].max, value);
    pace->value = value;
    pace->time = time;
    pace->moving = true;
}

/* A clock that went back makes the speed unknown. */
static void forget(struct pace_watch *pace)
{
    pace->moving = false;
    for (int i = 0; i < LIMITS_SLOTS; i++)
        pace->slots[i].at = INT64_MIN / 2;
}

static bool too_fast(const struct limits *limits, struct pace_watch *pace, timestamp time,
                     double value)
{
    _Static_assert((LIMITS_SLOTS & (LIMITS_SLOTS - 1)) == 0, "a slot's place is its low bits");
    int64_t slot = time / (limits->span / LIMITS_SLOTS);
    if (!pace->moving || time < pace->time)
        forget(pace);
    if (pace->moving && time - pace->time > limits->span) {
        pace->change = value - pace->value;
        pace->changed = time - pace->time;
    } else {
        pace->change = moved_within(pace, slot, value);
        pace->changed = limits->span;
    }
    remember(pace, slot, time, value);
    return fabs(pace->change) / (double)pace->changed * (double)limits->span > limits->rate;
}

unsigned limit_watch_observe(struct limit_watch *watch, timestamp time, double value, bool timed)
{
    unsigned before = watch->broken, now = before & LIMIT_RATE;
    if (timed && watch->pace)
        now = too_fast(&watch->limits, watch->pace, time, value) ? LIMIT_RATE : 0;
    if (value < watch->limits.min)
        now |= LIMIT_MIN;
    if (value > watch->limits.max)
        now |= LIMIT_MAX;
    watch->broken = now;
    return now & ~before;
}

/* "a minute", "2.5 h": what a change took. */
static void write_time(timestamp time, char out[NUMBER_TEXT])
{
    double seconds = (double)time / TIMESTAMP_SECOND;
    if (time == TIMESTAMP_SECOND || time == MINUTE || time == HOUR)
        snprintf(out, NUMBER_TEXT, "%s",
                 time == HOUR     ? "an hour"
                 : time == MINUTE ? "a minute"
                                  : "a second");
    else if (time < 2 * MINUTE)
        snprintf(out, NUMBER_TEXT, "%.3g s", seconds);
    else if (time < 2 * HOUR)
        snprintf(out, NUMBER_TEXT, "%.3g min", seconds / 60);
    else
        snprintf(out, NUMBER_TEXT, "%.3g h", seconds / 3600);
}

void limit_reason(const struct limit_watch *watch, unsigned which, double value, const char *unit,
                  char out[LIMIT_REASON])
{
    char number[NUMBER_TEXT], limit[NUMBER_TEXT], symbol[UNIT_TEXT + 1], time[NUMBER_TEXT];
    const struct limits *limits = &watch->limits;
    write_unit(unit, symbol);
    if (which == LIMIT_RATE) {
        write_number(fabs(watch->pace->change), number);
        write_number(limits->rate, limit);
        write_time(watch->pace->changed, time);
        char line[2 * LIMIT_REASON];
        snprintf(line, sizeof line, "%s %s%s within %s, the limit is %s/%s",
                 watch->pace->change > 0 ? "rose" : "fell", number, symbol, time, limit,
                 span_letter(limits->span));
        text_sanitise(out, LIMIT_REASON, line, strlen(line), LIMIT_REASON);
        return;
    }
    write_number(value, number);
    write_number(which == LIMIT_MAX ? limits->max : limits->min, limit);
    snprintf(out, LIMIT_REASON, "%s%s %s the limit of %s", number, symbol,
             which == LIMIT_MAX ? "above" : "below", limit);
}
