#include "ui/format.h"

#include "core/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* "-0.00" would blink beside "0.00" for a value that wavers around zero. */
static void drop_negative_zero(char *text)
{
    if (text[0] == '-' && strspn(text + 1, "0.") == strlen(text + 1))
        memmove(text, text + 1, strlen(text));
}

/* Writes scaled with as many decimals (≤ most) as leave it within columns, suffix included. */
static int fit_decimals(double scaled, int most, int columns, const char *suffix, char *out)
{
    for (int decimals = most; decimals >= 0; decimals--) {
        char text[400]; /* the largest double has 309 digits */
        int length = snprintf(text, sizeof text, "%.*f%s", decimals, scaled, suffix);
        if (length <= columns) {
            snprintf(out, FORMAT_TEXT, "%.*s", FORMAT_TEXT - 1, text);
            drop_negative_zero(out);
            return length;
        }
    }
    return 0;
}

/* Three significant digits with a letter for the power of a thousand. */
static int fit_si(double value, int columns, char *out)
{
    static const char *const suffixes[] = {"", "k", "M", "G", "T", "P", "E"};
    double scaled = value;
    size_t power = 0;
    /* 999.5 would round up to a fourth digit. */
    while (fabs(scaled) >= 999.5 && power + 1 < sizeof suffixes / sizeof *suffixes) {
        scaled /= 1000;
        power++;
    }
    if (fabs(scaled) >= 999.5)
        return 0;
    int decimals = fabs(scaled) < 9.995 ? 2 : fabs(scaled) < 99.95 ? 1 : 0;
    return fit_decimals(scaled, power > 0 ? decimals : 0, columns, suffixes[power], out);
}

/* "3.1e-9": C's own form without the padding of its exponent. */
static int fit_exponent(double value, int columns, char *out)
{
    for (int decimals = 2; decimals >= 0; decimals--) {
        char text[64];
        snprintf(text, sizeof text, "%.*e", decimals, value);
        char *e = strchr(text, 'e');
        if (!e)
            return 0;
        int power = 0;
        if (sscanf(e + 1, "%d", &power) != 1)
            return 0;
        *e = '\0';
        char shown[96];
        int length = snprintf(shown, sizeof shown, "%se%d", text, power);
        if (length <= columns) {
            snprintf(out, FORMAT_TEXT, "%.*s", FORMAT_TEXT - 1, shown);
            return length;
        }
    }
    return 0;
}

void format_value(double value, int precision, int columns, char *out)
{
    if (columns > FORMAT_TEXT - 1)
        columns = FORMAT_TEXT - 1;
    if (columns < 1)
        columns = 1;
    if (!isfinite(value)) {
        snprintf(out, FORMAT_TEXT, "-");
        return;
    }
    /* Precision ends at FORMAT_DECIMALS: what is smaller still must not look like zero. */
    bool tiny =
        value != 0 && precision >= FORMAT_DECIMALS && fabs(value) < 0.5 * pow(10, -precision);
    if (tiny && fit_exponent(value, columns, out))
        return;
    if (fit_decimals(value, precision, columns, "", out) || fit_si(value, columns, out) ||
        fit_exponent(value, columns, out))
        return;
    memset(out, '#', (size_t)columns);
    out[columns] = '\0';
}

void format_align(char *text, int decimals, int columns)
{
    size_t len = strlen(text), digits = strspn(text, "+-.0123456789");
    const char *point = strchr(text, '.');
    if (len == 0 || digits < len || strpbrk(text, "0123456789") == NULL)
        return;
    int blanks = decimals + (decimals > 0) - (point ? (int)strlen(point) : 0);
    if (blanks > columns - (int)len)
        blanks = columns - (int)len;
    if (blanks > FORMAT_TEXT - 1 - (int)len)
        blanks = FORMAT_TEXT - 1 - (int)len;
    for (; blanks > 0; blanks--)
        text[len++] = ' ';
    text[len] = '\0';
}

/* The fewest decimals that show value in full. */
static int own_decimals(double value)
{
    for (int decimals = 0; decimals < FORMAT_DECIMALS; decimals++) {
        double scaled = value * pow(10, decimals);
        if (fabs(scaled - round(scaled)) < 1e-9 * fmax(1, fabs(scaled)))
            return decimals;
    }
    return FORMAT_DECIMALS;
}

int format_precision(double value, double stdev, double min, double max)
{
    double magnitude = fmax(fabs(value), fmax(fabs(min), fabs(max)));
    double spread = stdev > 0 ? stdev : max - min;
    int wanted;
    if (isfinite(spread) && spread > 0)
        wanted = 1 - (int)floor(log10(spread));
    else
        wanted = isfinite(value) ? own_decimals(value) : 0;
    int room = FORMAT_DECIMALS;
    for (double limit = 10; room > 0 && magnitude >= limit; limit *= 10)
        room--;
    /* Five digits in all: 1.2345 has room for four decimals, 1013.2 for one. */
    if (wanted > room)
        wanted = room;
    return wanted < 0 ? 0 : wanted;
}

int format_step_precision(double step)
{
    if (!(step > 0) || !isfinite(step))
        return 0;
    /* 1e-9: log10(0.001) may come out a hair below -3. */
    int decimals = -(int)floor(log10(step) + 1e-9);
    return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

void format_z(double z, char *out)
{
    double size = fabs(z);
    if (!isfinite(z))
        snprintf(out, FORMAT_TEXT, "-");
    else if (size < 0.05)
        snprintf(out, FORMAT_TEXT, "0.0");
    else if (size < 9.95)
        snprintf(out, FORMAT_TEXT, "%+.1f", z);
    else
        snprintf(out, FORMAT_TEXT, "%+.0f", size > 99 ? copysign(99, z) : z);
}

void format_age(timestamp age, char *out)
{
    timestamp seconds = age < 0 ? 0 : age / TIMESTAMP_SECOND;
    if (seconds < 10)
        snprintf(out, FORMAT_TEXT, "%" PRId64 ".%" PRId64 "s", seconds,
                 age < 0 ? 0 : age % TIMESTAMP_SECOND * 10 / TIMESTAMP_SECOND);
    else if (seconds < MINUTE)
        snprintf(out, FORMAT_TEXT, "%" PRId64 "s", seconds);
    else if (seconds < HOUR)
        snprintf(out, FORMAT_TEXT, "%" PRId64 "m%02" PRId64, seconds / MINUTE, seconds % MINUTE);
    else if (seconds < DAY)
        snprintf(out, FORMAT_TEXT, "%" PRId64 "h%02" PRId64, seconds / HOUR,
                 seconds % HOUR / MINUTE);
    else if (seconds < 100 * DAY)
        snprintf(out, FORMAT_TEXT, "%" PRId64 "d%02" PRId64 "h", seconds / DAY,
                 seconds % DAY / HOUR);
    else
        snprintf(out, FORMAT_TEXT, "%" PRId64 "d", seconds / DAY);
}

void format_count(uint64_t count, char *out)
{
    if (count < 10000)
        snprintf(out, FORMAT_TEXT, "%" PRIu64, count);
    else if (!fit_si((double)count, 5, out))
        snprintf(out, FORMAT_TEXT, "many");
}

void format_bytes(uint64_t bytes, char *out)
{
    static const char suffixes[] = "BKMGTPE";
    double scaled = (double)bytes;
    size_t power = 0;
    while (scaled >= 999.5 && power + 2 < sizeof suffixes) {
        scaled /= 1024;
        power++;
    }
    bool whole = power == 0 || scaled >= 9.95 || scaled == floor(scaled);
    snprintf(out, FORMAT_TEXT, "%.*f%c", whole ? 0 : 1, scaled, suffixes[power]);
}

void format_span(timestamp span, char *out)
{
    timestamp seconds = span / TIMESTAMP_SECOND;
    if (seconds >= DAY && seconds % DAY == 0 && seconds > DAY)
        snprintf(out, FORMAT_TEXT, "%" PRId64 " d", seconds / DAY);
    else if (seconds >= HOUR && seconds % HOUR == 0)
        snprintf(out, FORMAT_TEXT, "%" PRId64 " h", seconds / HOUR);
    else if (seconds >= MINUTE && seconds % MINUTE == 0)
        snprintf(out, FORMAT_TEXT, "%" PRId64 " min", seconds / MINUTE);
    else
        snprintf(out, FORMAT_TEXT, "%" PRId64 " s", seconds);
}

void format_clock(timestamp when, char *out)
{
    time_t seconds = (time_t)(when / TIMESTAMP_SECOND);
    struct tm local;
    if (when == TIMESTAMP_NONE || !localtime_r(&seconds, &local) ||
        strftime(out, FORMAT_TEXT, "%H:%M:%S", &local) == 0)
        snprintf(out, FORMAT_TEXT, "-");
}

void format_clock_minute(timestamp when, char *out)
{
    format_clock(when, out);
    char *colon = strrchr(out, ':');
    if (colon)
        *colon = '\0';
}

void format_rate(double rate, char *out)
{
    if (!(rate > 0) || !isfinite(rate))
        out[0] = '\0';
    else if (rate < 1.0 / MINUTE)
        snprintf(out, FORMAT_TEXT, "%.0f/h", rate * HOUR);
    else if (rate < 0.995)
        snprintf(out, FORMAT_TEXT, "%.2f", rate);
    else if (rate < 99.95)
        snprintf(out, FORMAT_TEXT, "%.1f", rate);
    else
        format_count((uint64_t)(rate + 0.5), out);
}

size_t format_head(const char *text, unsigned columns, unsigned *used)
{
    size_t length = strlen(text), at = 0;
    *used = 0;
    while (at < length) {
        uint32_t code;
        size_t bytes = text_decode(text + at, length - at, &code);
        int wide = bytes == 0 ? 1 : text_columns(code);
        unsigned more = wide > 0 ? (unsigned)wide : 0;
        if (*used + more > columns)
            break;
        *used += more;
        at += bytes == 0 ? 1 : bytes;
    }
    return at;
}

unsigned format_middle(const char *text, unsigned columns, char *out, size_t size)
{
    unsigned width = text_width(text), used = 0;
    if (size == 0)
        return 0;
    if (width <= columns) {
        snprintf(out, size, "%s", text);
        return width;
    }
    out[0] = '\0';
    if (columns == 0)
        return 0;
    size_t head = format_head(text, columns / 2, &used);
    /* The tail is what follows the shortest head that leaves room for it. */
    unsigned room = columns - used - 1, skipped = 0;
    size_t tail = format_head(text, width - room, &skipped);
    if (width - skipped > room) { /* a wide character straddles the cut */
        tail = format_head(text, width - room + 1, &skipped);
    }
    if (snprintf(out, size, "%.*s…%s", (int)head, text, text + tail) >= (int)size)
        out[size - 1] = '\0';
    return used + 1 + (width - skipped);
}
