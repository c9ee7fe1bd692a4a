#include "core/plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/unitword.h"
#include "core/words.h"

#define LONGEST_NUMBER 320  /* the largest double takes 309 digits */
#define LABEL_DIGITS 16     /* a double keeps 15 for sure */
#define LONGEST_WORD 32     /* no word that plain_read() knows is longer */
#define LATIN1_DEGREE 0xB0u /* what small devices send for °: no UTF-8 */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t digits(const char *text, size_t len, size_t at)
{
    size_t first = at;
    while (at < len && is_digit(text[at]))
        at++;
    return at - first;
}

/* Bytes of the number that text begins with, 0 if with none. *comma gets the place of a decimal
 * comma, which needs digits on both sides and allows no exponent, or 0. */
static size_t number_length(const char *text, size_t len, size_t *comma)
{
    size_t at = len > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    size_t whole = digits(text, len, at);
    size_t fraction = 0;
    at += whole;
    *comma = 0;
    if (at < len && text[at] == ',' && whole > 0) {
        fraction = digits(text, len, at + 1);
        *comma = at;
        return fraction > 0 ? at + 1 + fraction : 0;
    }
    if (at < len && text[at] == '.') {
        fraction = digits(text, len, at + 1);
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return 0;
    if (at < len && (text[at] | 0x20) == 'e') {
        size_t sign = at + 1 < len && (text[at + 1] == '-' || text[at + 1] == '+');
        size_t exponent = digits(text, len, at + 1 + sign);
        if (exponent > 0)
            at += 1 + sign + exponent;
    }
    return at;
}

static double number_value(const char *text, size_t len, size_t comma)
{
    char copy[LONGEST_NUMBER + 1];
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (comma > 0 && comma < len)
        copy[comma] = '.';
    return strtod(copy, NULL) + 0.0; /* no negative zero */
}

/* Directly behind the digits a lone letter is as often no unit at all ("11g" is a radio's mode). */
static bool unit_fits(const char *unit, size_t len, bool attached)
{
    if (attached && len == 1 && !strchr("CFKVAWshm%", unit[0]))
        return false;
    return unitword_known(unit, len);
}

static struct plain read_number(const char *text, size_t len)
{
    size_t comma;
    size_t used = number_length(text, len, &comma);
    if (used == 0 || used > LONGEST_NUMBER)
        return (struct plain){.kind = PLAIN_TEXT};

    size_t unit = used;
    while (unit < len && is_blank(text[unit]))
        unit++;
    if (unit < len && !unit_fits(text + unit, len - unit, unit == used)) {
        if ((unsigned char)text[unit] != LATIN1_DEGREE || len - unit != 2 ||
            !unitword_known(text + unit + 1, 1))
            return (struct plain){.kind = PLAIN_TEXT};
        unit++;
    }
    double value = number_value(text, used, comma);
    if (!isfinite(value))
        return (struct plain){.kind = PLAIN_GAP};
    return (struct plain){PLAIN_NUMBER, value, text + unit, len - unit};
}

/* "- %": a gap that keeps its unit. */
static bool is_dash_with_unit(const char *text, size_t len)
{
    return len > 2 && text[0] == '-' && text[1] == ' ' && unitword_known(text + 2, len - 2);
}

struct plain plain_read(const char *text, size_t len)
{
    for (; len > 0 && is_blank(text[0]); len--)
        text++;
    while (len > 0 && is_blank(text[len - 1]))
        len--;
    struct plain plain = read_number(text, len);
    if (plain.kind != PLAIN_TEXT || len == 0 || len > LONGEST_WORD)
        return plain;
    int state = words_state(text, len);
    if (state >= 0)
        return (struct plain){.kind = PLAIN_STATE, .value = state};
    if (words_gap(text, len) || is_dash_with_unit(text, len))
        plain.kind = PLAIN_GAP;
    return plain;
}

bool plain_is_label(const char *text, size_t len)
{
    return len > 1 && digits(text, len, 0) == len && (text[0] == '0' || len >= LABEL_DIGITS);
}
