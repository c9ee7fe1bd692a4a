/* Foreign text made safe. Every byte that comes from outside (topics, payloads, file names, broker
 * messages) passes here before it reaches any sink: screen, log, stderr, JSON, CSV. Pure; any
 * thread. Column widths are the C library's wcwidth(), so LC_CTYPE must be a UTF-8 one (app.c sees
 * to it). */
#ifndef DT_CORE_TEXT_H
#define DT_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_NAME_COLUMNS 128 /* names are cut here */
#define TEXT_NAME_BYTES 520   /* holds any name that text_name() writes, NUL included */

/* Decodes one code point of strict UTF-8 (no overlong form, no surrogate, ≤ U+10FFFF) at
 * text[0..len), len > 0. Returns the bytes read, 0 if they are not UTF-8. */
size_t text_decode(const char *text, size_t len, uint32_t *code);

/* Writes a code point as UTF-8, without a NUL. Returns the bytes written. */
size_t text_encode(char out[4], uint32_t code);

/* Is all of text[0..len) strict UTF-8? */
bool text_is_utf8(const char *text, size_t len);

/* Is all of text[0..len) printable ASCII? Such text is safe as it is: len columns, no change. */
bool text_is_plain(const char *text, size_t len);

/* Columns that one code point takes: 0, 1 or 2; -1 if it must not be shown (control, invisible,
 * bidirectional, tag, private use, non-character, line separator). */
int text_columns(uint32_t code);

/* Columns that sanitised, NUL-terminated text takes. */
unsigned text_width(const char *text);

/* Writes in[0..len) so that it can go to any sink: a bad byte becomes U+FFFD, a C0, C1 or DEL
 * control '·', invisible, bidi and tag characters go, at most one combining mark stays on a base
 * character, and what does not fit in `columns` columns or `size` bytes is cut, with '…' as its
 * last column. Always NUL-terminated when size > 0. Returns true if nothing had to be changed. */
bool text_sanitise(char *out, size_t size, const char *in, size_t len, unsigned columns);

/* Is text[0..len) a name as it is: plain, not too long, no blank at its ends that nobody would see?
 */
bool text_is_name(const char *text, size_t len);

/* As text_sanitise() for a name that tells things apart (sensor, series, topic): where anything was
 * changed or cut, or a blank begins or ends it, "~" and six hex digits of a hash of the original
 * bytes follow, so that look-alikes keep their own identity and the difference can be seen. out has
 * TEXT_NAME_BYTES. */
void text_name(char *out, const char *in, size_t len);

#endif
