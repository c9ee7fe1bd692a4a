#include "core/json_scan.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/text.h"

#define LANES 16
#define MOST_ROUNDS 127 /* a lane counts so far */

/* Sixteen bytes at once, on whatever the machine has for it (a GCC and Clang extension). */
typedef int8_t lanes __attribute__((vector_size(LANES)));

struct first_look {
    lanes suspicious; /* anything but 0: a byte above 0x7E or below a blank, or a backslash */
    lanes open;       /* '{' and '[' counted */
};

static void look_at_lanes(const char *text, struct first_look *look)
{
    lanes bytes;
    memcpy(&bytes, text, sizeof bytes);
    look->suspicious |= (bytes < ' ') | (bytes == 0x7F) | (bytes == '\\'); /* 0x80 up: below 0 */
    look->open -= (bytes | 0x20) == '{';
}

static unsigned sum(lanes counts)
{
    unsigned total = 0;
    for (int i = 0; i < LANES; i++)
        total += (unsigned)counts[i];
    return total;
}

static bool is_zero(lanes bytes)
{
    uint64_t halves[LANES / sizeof(uint64_t)];
    memcpy(halves, &bytes, sizeof halves);
    return (halves[0] | halves[1]) == 0;
}

/* Can this text be wrong in one of our ways at all? */
static bool is_suspicious(const char *text, size_t len, unsigned max_depth)
{
    struct first_look look = {.open = {0}};
    unsigned brackets = 0, rounds = 0;
    size_t i = 0;
    for (; i + LANES <= len; i += LANES) {
        look_at_lanes(text + i, &look);
        if (++rounds == MOST_ROUNDS) {
            brackets += sum(look.open);
            look.open = (lanes){0};
            rounds = 0;
        }
    }
    char rest[LANES] = "               "; /* blanks: nothing to see */
    rest[LANES - 1] = ' ';
    memcpy(rest, text + i, len - i);
    look_at_lanes(rest, &look);
    return !is_zero(look.suspicious) || brackets + sum(look.open) > max_depth;
}

struct scanner {
    const char *text;
    size_t len, at;
    unsigned depth, max_depth;
    const char *fault;
    bool nul;
};

static const char nul_escape[] = "\\u0000";
#define NUL_ESCAPE_BYTES (sizeof nul_escape - 1)

static bool is_nul_escape(const char *text, size_t len)
{
    return len >= NUL_ESCAPE_BYTES && memcmp(text, nul_escape, NUL_ESCAPE_BYTES) == 0;
}

/* Steps over the inside of a string, its closing quote included. An open end is the parser's. */
static void scan_string(struct scanner *scan)
{
    while (!scan->fault && scan->at < scan->len) {
        unsigned char c = (unsigned char)scan->text[scan->at];
        if (c == '"') {
            scan->at++;
            return;
        }
        if (c < 0x20) {
            scan->fault = "a control byte in a string";
        } else if (c == '\\') {
            scan->nul = scan->nul || is_nul_escape(scan->text + scan->at, scan->len - scan->at);
            scan->at += 2;
        } else {
            scan->at++;
        }
    }
}

static void scan_structure(struct scanner *scan)
{
    while (!scan->fault && scan->at < scan->len) {
        char c = scan->text[scan->at];
        if ((c == '{' || c == '[') && ++scan->depth > scan->max_depth) {
            scan->fault = "objects nested too deep";
            return;
        }
        if ((c == '}' || c == ']') && scan->depth > 0)
            scan->depth--;
        scan->at++;
        if (c == '"')
            scan_string(scan);
    }
}

static size_t first_bad_byte(const char *text, size_t len)
{
    size_t at = 0, used;
    uint32_t code;
    while (at < len && (used = text_decode(text + at, len - at, &code)) > 0)
        at += used;
    return at;
}

bool json_scan(const char *text, size_t len, unsigned max_depth, struct json_scan *out)
{
    *out = (struct json_scan){.plain = !is_suspicious(text, len, max_depth)};
    if (out->plain)
        return true;
    if (!text_is_utf8(text, len)) {
        out->fault = "bytes that are not UTF-8";
        out->at = first_bad_byte(text, len);
        return false;
    }
    struct scanner scan = {.text = text, .len = len, .max_depth = max_depth};
    scan_structure(&scan);
    out->fault = scan.fault;
    out->at = scan.at;
    out->nul = scan.nul;
    return scan.fault == NULL;
}

/* Every escape is two bytes at least, so that no backslash is taken for the beginning of one that
 * another has already begun. */
void json_scan_mark_nuls(char *text, size_t len)
{
    for (size_t at = 0; at < len; at += text[at] == '\\' ? 2 : 1)
        if (is_nul_escape(text + at, len - at))
            text[at + NUL_ESCAPE_BYTES - 1] = '1';
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Bytes of the number that is none at text, 0 if another word or no word begins there. */
static size_t gap_length(const char *text, size_t len)
{
    static const char *const gaps[] = {"nan", "infinity", "inf"};
    size_t sign = len > 0 && (text[0] == '-' || text[0] == '+');
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        size_t end = sign + strlen(gaps[i]);
        if (len >= end && strncasecmp(text + sign, gaps[i], end - sign) == 0 &&
            (len == end || !is_word_byte(text[end])))
            return end;
    }
    return 0;
}

static const char null_word[] = {'n', 'u', 'l', 'l'};

size_t json_scan_gaps(const char *text, size_t len, char *out)
{
    struct scanner scan = {.text = text, .len = len};
    size_t used = 0;
    bool any = false;
    while (scan.at < len) {
        size_t start = scan.at;
        size_t gap =
            start > 0 && is_word_byte(text[start - 1]) ? 0 : gap_length(text + start, len - start);
        if (gap > 0) {
            memcpy(out + used, null_word, sizeof null_word);
            used += sizeof null_word;
            scan.at += gap;
            any = true;
            continue;
        }
        scan.at++;
        if (text[start] == '"')
            scan_string(&scan);
        if (scan.at > len)
            scan.at = len;
        if (scan.fault)
            return 0;
        memcpy(out + used, text + start, scan.at - start);
        used += scan.at - start;
    }
    return any ? used : 0;
}
