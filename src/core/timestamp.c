#include "core/timestamp.h"

#include <time.h>

#define DAY_SECONDS 86400
#define DAY (DAY_SECONDS * TIMESTAMP_SECOND)
#define PLAUSIBLE_FIRST (INT64_C(946684800) * TIMESTAMP_SECOND) /* 2000-01-01 */
#define PLAUSIBLE_END (INT64_C(4102444800) * TIMESTAMP_SECOND)  /* 2100-01-01 */
#define WRITABLE_FIRST (INT64_C(-62167219200) * TIMESTAMP_SECOND)
#define WRITABLE_LAST (INT64_C(253402300800) * TIMESTAMP_SECOND - 1)

/* The fields of a time as they are written. */
struct fields {
    int year, month, day;
    int hour, minute, second, micro;
};

/* What is left to read. */
struct reader {
    const char *at, *end;
};

bool timestamp_plausible(timestamp when)
{
    return when >= PLAUSIBLE_FIRST && when < PLAUSIBLE_END;
}

/* Days since 1970-01-01 of a date, and back: Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms" (days_from_civil, civil_from_days). Years begin in March, so that the leap day is
 * the last of its year; 400 of them, an era, have 146,097 days. Here no year is before 0000, which
 * makes -1 the smallest year that begins in March. */
static int64_t days_of_date(int year, int month, int day)
{
    int march_year = month > 2 ? year : year - 1;
    int era = (march_year + 400) / 400 - 1;
    int year_of_era = march_year - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * 146097 + day_of_era - 719468;
}

static void date_of_days(int64_t days, struct fields *out)
{
    int64_t shifted = days + 719468 + 146097; /* one era up, so that nothing is negative */
    int era = (int)(shifted / 146097) - 1;
    int day_of_era = (int)(shifted % 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153; /* 0 is March */
    out->day = day_of_year - (153 * month + 2) / 5 + 1;
    out->month = month < 10 ? month + 3 : month - 9;
    out->year = year_of_era + era * 400 + (out->month <= 2 ? 1 : 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_digits(struct reader *in, int count, int *out)
{
    int value = 0;
    if (in->end - in->at < count)
        return false;
    for (int i = 0; i < count; i++) {
        if (!is_digit(in->at[i]))
            return false;
        value = value * 10 + (in->at[i] - '0');
    }
    in->at += count;
    *out = value;
    return true;
}

/* Reads one character if it is any of these. */
static bool read_any(struct reader *in, const char *these)
{
    if (in->at == in->end)
        return false;
    while (*these != '\0' && *these != *in->at)
        these++;
    if (*these == '\0')
        return false;
    in->at++;
    return true;
}

/* Up to nine decimals; what is finer than a microsecond is let go. */
static bool read_decimals(struct reader *in, int *micro)
{
    int count = 0;
    for (; in->at < in->end && is_digit(*in->at); in->at++, count++) {
        if (count < 6)
            *micro = *micro * 10 + (*in->at - '0');
    }
    for (int i = count; i < 6; i++)
        *micro *= 10;
    return count >= 1 && count <= 9;
}

static bool read_fields(struct reader *in, struct fields *out)
{
    *out = (struct fields){0};
    if (!read_digits(in, 4, &out->year) || !read_any(in, "-") || !read_digits(in, 2, &out->month) ||
        !read_any(in, "-") || !read_digits(in, 2, &out->day) || !read_any(in, "Tt ") ||
        !read_digits(in, 2, &out->hour) || !read_any(in, ":") || !read_digits(in, 2, &out->minute))
        return false;
    if (read_any(in, ":")) {
        if (!read_digits(in, 2, &out->second))
            return false;
        if (read_any(in, ".,") && !read_decimals(in, &out->micro))
            return false;
    }
    return out->month >= 1 && out->month <= 12 && out->day >= 1 &&
           out->day <= days_in_month(out->year, out->month) && out->hour <= 23 &&
           out->minute <= 59 && out->second <= 60;
}

/* Reads the zone that ends the text. mosquitto_sub 2.0 writes local time, a 'Z', and then the
 * offset of that local time: there the offset is what counts. */
static bool read_zone(struct reader *in, bool *local, int *offset_seconds)
{
    int hours, minutes = 0;
    bool utc = read_any(in, "Zz");

    *local = !utc && in->at == in->end;
    *offset_seconds = 0;
    if (in->at == in->end)
        return true;
    bool west = *in->at == '-';
    if (!read_any(in, "+-") || !read_digits(in, 2, &hours))
        return false;
    if (in->at < in->end) {
        (void)read_any(in, ":");
        if (!read_digits(in, 2, &minutes))
            return false;
    }
    *offset_seconds = (hours * 60 + minutes) * (west ? -60 : 60);
    return in->at == in->end && hours <= 23 && minutes <= 59;
}

/* mktime() returns -1 on failure and for a second of 1969 alike; it sets the weekday only when it
 * succeeds. */
static bool seconds_of_local(const struct fields *fields, int64_t *out)
{
    struct tm local = {
        .tm_year = fields->year - 1900,
        .tm_mon = fields->month - 1,
        .tm_mday = fields->day,
        .tm_hour = fields->hour,
        .tm_min = fields->minute,
        .tm_sec = fields->second,
        .tm_isdst = -1,
        .tm_wday = -1,
    };
    *out = mktime(&local);
    return local.tm_wday >= 0;
}

bool timestamp_parse(const char *text, size_t len, timestamp *out)
{
    struct fields fields;
    bool local;
    int offset_seconds;
    int64_t seconds;

    if (len == 0)
        return false;
    struct reader in = {.at = text, .end = text + len};
    if (!read_fields(&in, &fields) || !read_zone(&in, &local, &offset_seconds))
        return false;
    if (local) {
        if (!seconds_of_local(&fields, &seconds))
            return false;
    } else {
        seconds = days_of_date(fields.year, fields.month, fields.day) * DAY_SECONDS +
                  fields.hour * 3600 + fields.minute * 60 + fields.second - offset_seconds;
    }
    *out = seconds * TIMESTAMP_SECOND + fields.micro;
    return true;
}

bool timestamp_from_epoch(double number, timestamp *out)
{
    static const double micros_per_unit[] = {1e6, 1e3, 1, 1e-3}; /* s, ms, µs, ns */

    for (size_t i = 0; i < sizeof micros_per_unit / sizeof *micros_per_unit; i++) {
        double micros = number * micros_per_unit[i];
        if (micros >= (double)PLAUSIBLE_FIRST && micros < (double)PLAUSIBLE_END - 0.5) {
            *out = (timestamp)(micros + 0.5);
            return true;
        }
    }
    return false;
}

static char *write_digits(char *out, int value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + count;
}

size_t timestamp_format(timestamp when, char out[TIMESTAMP_TEXT])
{
    struct fields date;

    if (when < WRITABLE_FIRST)
        when = WRITABLE_FIRST;
    if (when > WRITABLE_LAST)
        when = WRITABLE_LAST;
    timestamp since = when - WRITABLE_FIRST; /* never negative, so '/' and '%' round down */
    int second = (int)(since / TIMESTAMP_SECOND % DAY_SECONDS);
    date_of_days(since / DAY + WRITABLE_FIRST / DAY, &date);

    char *at = write_digits(out, date.year, 4);
    *at++ = '-';
    at = write_digits(at, date.month, 2);
    *at++ = '-';
    at = write_digits(at, date.day, 2);
    *at++ = 'T';
    at = write_digits(at, second / 3600, 2);
    *at++ = ':';
    at = write_digits(at, second / 60 % 60, 2);
    *at++ = ':';
    at = write_digits(at, second % 60, 2);
    *at++ = '.';
    at = write_digits(at, (int)(since % TIMESTAMP_SECOND), 6);
    *at++ = 'Z';
    *at = '\0';
    return (size_t)(at - out);
}
