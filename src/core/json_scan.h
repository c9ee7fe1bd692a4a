/* A look at JSON bytes before a parser sees them: what the parser would let pass or trip over. One
 * pass, eight bytes at a time as long as nothing is suspicious. Pure; any thread. */
#ifndef DT_CORE_JSON_SCAN_H
#define DT_CORE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct json_scan {
    const char *fault; /* in words, a constant: "JSON with …"; NULL if there is none */
    size_t at;         /* its byte offset */
    bool nul;          /* a string holds \u0000, behind which a C string ends */
    bool plain;        /* printable ASCII without escapes: every string in it is as it is written */
};

/* False for: nesting deeper than max_depth, bytes that are not UTF-8, control bytes inside a
 * string, and \u0000 in a string, behind which a C string would end. */
bool json_scan(const char *text, size_t len, unsigned max_depth, struct json_scan *out);

/* Makes every \u0000 in a string \u0001, so that what stands behind it still counts: "A\u0000B"
 * must not be taken for "A". */
void json_scan_mark_nuls(char *text, size_t len);

/* Many programs write bare NaN and Infinity, which JSON has not. Writes text with null in their
 * places to out, which has JSON_GAPS_ROOM(len) bytes, and returns its length; 0 if there are none.
 */
#define JSON_GAPS_ROOM(len) ((len) + (len) / 3 + 1)
size_t json_scan_gaps(const char *text, size_t len, char *out);

#endif
