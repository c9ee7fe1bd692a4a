#include "core/listing.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/xalloc.h"

#define INDENT 2
#define DEEPEST 16    /* levels that are indented further */
#define SHORT_LIST 60 /* bytes of an array or object that stays on its line */
#define HEX_BYTES 16  /* a line */

void listing_reset(struct listing *listing)
{
    listing->count = 0;
    arena_reset(&listing->arena);
}

void listing_fini(struct listing *listing)
{
    arena_fini(&listing->arena);
    free(listing->lines);
    *listing = (struct listing){0};
}

void listing_add(struct listing *listing, const char *text, size_t len)
{
    char line[4 * LISTING_COLUMNS + 8];
    if (listing->count == LISTING_LINES)
        return;
    if (listing->count == listing->room) {
        listing->room = listing->room > 0 ? listing->room * 2 : 32;
        listing->lines = xrealloc(listing->lines, listing->room * sizeof *listing->lines);
    }
    text_sanitise(line, sizeof line, text, len, LISTING_COLUMNS);
    listing->lines[listing->count++] = arena_text(&listing->arena, line, strlen(line));
}

void listing_format(struct listing *listing, const char *format, ...)
{
    char line[4 * LISTING_COLUMNS + 8];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len >= 0)
        listing_add(listing, line, (size_t)len < sizeof line ? (size_t)len : sizeof line - 1);
}

/* ---- JSON ---- */

/* A document on its way to lines. */
struct printer {
    struct listing *listing;
    const char *text, *end;
    char line[2 * LISTING_COLUMNS];
    size_t len;
    unsigned depth;
};

static void put(struct printer *printer, char c)
{
    if (printer->len < sizeof printer->line)
        printer->line[printer->len++] = c;
}

static void new_line(struct printer *printer)
{
    unsigned levels = printer->depth < DEEPEST ? printer->depth : DEEPEST;
    listing_add(printer->listing, printer->line, printer->len);
    memset(printer->line, ' ', (size_t)levels * INDENT);
    printer->len = (size_t)levels * INDENT;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* From a quote to the one that ends it. */
static const char *put_string(struct printer *printer, const char *at)
{
    put(printer, *at++);
    for (; at < printer->end && *at != '"'; at++) {
        put(printer, *at);
        if (*at == '\\' && at + 1 < printer->end)
            put(printer, *++at);
    }
    if (at < printer->end)
        put(printer, *at++);
    return at;
}

/* Where a short object or array without others in it ends; NULL: it is none. */
static const char *short_end(const char *at, const char *end)
{
    bool quoted = false;
    for (const char *c = at + 1; c < end && c - at < SHORT_LIST; c++) {
        if (*c == '"')
            quoted = !quoted;
        else if (quoted && *c == '\\')
            c++;
        else if (!quoted && (*c == '{' || *c == '['))
            return NULL;
        else if (!quoted && (*c == '}' || *c == ']'))
            return c;
    }
    return NULL;
}

static void put_document(struct printer *printer)
{
    const char *flat = NULL; /* up to here everything stays on the line */
    for (const char *at = printer->text; at < printer->end;) {
        char c = *at;
        if (c == '"') {
            at = put_string(printer, at);
            continue;
        }
        at++;
        if (is_blank(c))
            continue;
        if ((c == '}' || c == ']') && printer->depth > 0 && !flat) {
            printer->depth--;
            new_line(printer);
        }
        put(printer, c);
        if (c == ':' || (c == ',' && flat))
            put(printer, ' ');
        else if (c == ',')
            new_line(printer);
        if ((c == '{' || c == '[') && !flat) {
            flat = printer->depth > 0 ? short_end(at - 1, printer->end) : NULL;
            printer->depth += !flat;
            if (!flat)
                new_line(printer);
        } else if (flat && at > flat) {
            flat = NULL;
        }
    }
    listing_add(printer->listing, printer->line, printer->len);
}

/* ---- anything else ---- */

static void add_text(struct listing *listing, const char *text, size_t len)
{
    for (const char *end = text + len; text < end;) {
        size_t left = (size_t)(end - text);
        const char *stop = memchr(text, '\n', left);
        size_t line = stop ? (size_t)(stop - text) : left;
        listing_add(listing, text, line > 0 && text[line - 1] == '\r' ? line - 1 : line);
        text += line + (stop ? 1 : 0);
    }
}

static void add_hex(struct listing *listing, const unsigned char *bytes, size_t len)
{
    for (size_t at = 0; at < len; at += HEX_BYTES) {
        char hex[3 * HEX_BYTES + 1] = "", text[HEX_BYTES + 1];
        size_t count = len - at < HEX_BYTES ? len - at : HEX_BYTES;
        for (size_t i = 0; i < count; i++) {
            unsigned char c = bytes[at + i];
            snprintf(hex + 3 * i, sizeof hex - 3 * i, "%02x ", c);
            text[i] = (char)(c >= ' ' && c < 0x7f ? c : '.');
        }
        text[count] = '\0';
        listing_format(listing, "%04zx  %-*s %s", at, 3 * HEX_BYTES, hex, text);
    }
}

static bool is_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' && !is_blank(text[i]))
            return false;
    /* What was cut may end in the middle of a character. */
    for (size_t cut = 0; cut < 4 && cut <= len; cut++)
        if (text_is_utf8(text, len - cut))
            return true;
    return false;
}

void listing_payload(struct listing *listing, const void *payload, size_t len, size_t bytes)
{
    const char *text = payload;
    size_t first = 0;
    if (bytes == 0)
        listing_format(listing, "(empty)");
    while (first < len && is_blank(text[first]))
        first++;
    if (len > 0 && !is_text(text, len)) {
        add_hex(listing, payload, len);
    } else if (first < len && (text[first] == '{' || text[first] == '[')) {
        struct printer printer = {.listing = listing, .text = text + first, .end = text + len};
        put_document(&printer);
    } else if (len > 0) {
        add_text(listing, text, len);
    }
    if (len < bytes)
        listing_format(listing, "… %zu bytes in all, the first %zu are kept", bytes, len);
}
