#include "core/text.h"

#include <string.h>
#include <wchar.h>

#define REPLACEMENT 0xFFFD /* the mark of what could not be read or must not be shown */
#define CONTROL_MARK 0xB7  /* a middle dot in a control's place */
#define ELLIPSIS 0x2026
#define ELLIPSIS_BYTES 3
#define SUFFIX_BYTES 7 /* '~' and six hex digits; as many columns */

/* What becomes of a code point that cannot be shown as it is. */
enum fate {
    SHOW,
    MARK,    /* a control or line separator: a middle dot, so that its place is seen */
    REPLACE, /* without an agreed glyph: private use, non-characters; U+FFFD instead */
    DROP,    /* invisible, or it changes the characters around it */
};

struct range {
    uint32_t first, last;
    enum fate fate;
};

/* Sorted, without overlap. The dropped ones are Unicode's default-ignorable code points, the
 * other format controls, and the skin tones, on whose joining terminals do not agree. */
static const struct range ranges[] = {
    {0x0000, 0x001F, MARK},      /* C0 controls */
    {0x007F, 0x009F, MARK},      /* DEL, C1 controls */
    {0x00AD, 0x00AD, DROP},      /* soft hyphen */
    {0x034F, 0x034F, DROP},      /* grapheme joiner */
    {0x0600, 0x0605, DROP},      /* Arabic number signs: they enclose what follows */
    {0x061C, 0x061C, DROP},      /* Arabic letter mark (bidi) */
    {0x06DD, 0x06DD, DROP},      /* Arabic end of ayah: encloses what follows */
    {0x070F, 0x070F, DROP},      /* Syriac abbreviation mark */
    {0x0890, 0x0891, DROP},      /* Arabic currency marks above */
    {0x08E2, 0x08E2, DROP},      /* Arabic disputed end of ayah */
    {0x115F, 0x1160, DROP},      /* Hangul fillers */
    {0x17B4, 0x17B5, DROP},      /* Khmer inherent vowels */
    {0x180B, 0x180F, DROP},      /* Mongolian variation selectors, vowel separator */
    {0x200B, 0x200F, DROP},      /* zero-width space and joiners, bidi marks */
    {0x2028, 0x2029, MARK},      /* line and paragraph separators */
    {0x202A, 0x202E, DROP},      /* bidi embeddings and overrides */
    {0x2060, 0x206F, DROP},      /* word joiner, invisible operators, bidi isolates */
    {0x3164, 0x3164, DROP},      /* Hangul filler */
    {0xD800, 0xDFFF, REPLACE},   /* surrogates */
    {0xE000, 0xF8FF, REPLACE},   /* private use */
    {0xFDD0, 0xFDEF, REPLACE},   /* non-characters */
    {0xFE00, 0xFE0F, DROP},      /* variation selectors */
    {0xFEFF, 0xFEFF, DROP},      /* byte order mark */
    {0xFFA0, 0xFFA0, DROP},      /* half-width Hangul filler */
    {0xFFF0, 0xFFFB, DROP},      /* reserved ignorables, interlinear annotation */
    {0x110BD, 0x110BD, DROP},    /* Kaithi number sign: encloses what follows */
    {0x110CD, 0x110CD, DROP},    /* Kaithi number sign above */
    {0x13430, 0x1343F, DROP},    /* Egyptian hieroglyph joiners */
    {0x1BCA0, 0x1BCA3, DROP},    /* shorthand format controls */
    {0x1D173, 0x1D17A, DROP},    /* musical beams and slurs */
    {0x1F3FB, 0x1F3FF, DROP},    /* skin tones */
    {0xE0000, 0xE0FFF, DROP},    /* tags, more variation selectors */
    {0xF0000, 0x10FFFF, REPLACE} /* private use planes */
};

static enum fate fate_of(uint32_t code)
{
    size_t low = 0, high = sizeof ranges / sizeof *ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sizeof ranges / sizeof *ranges && code >= ranges[low].first)
        return ranges[low].fate;
    return (code & 0xFFFE) == 0xFFFE ? REPLACE : SHOW; /* the last two of each plane */
}

/* Is any of the eight bytes at text not printable ASCII? With all high bits clear no byte's sum or
 * difference reaches its neighbour: adding 1 sets the high bit for DEL alone, and subtracting 0x20
 * borrows only below a blank. */
static uint64_t foreign_in_word(const char *text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return (word | (word + ones) | (word - ones * 0x20)) & (ones * 0x80);
}

/* How many printable ASCII bytes text[0..len) starts with. */
static size_t plain_prefix(const char *text, size_t len)
{
    size_t i = 0;
    while (len - i >= sizeof(uint64_t) && !foreign_in_word(text + i))
        i += sizeof(uint64_t);
    while (i < len && text[i] >= 0x20 && text[i] <= 0x7E)
        i++;
    return i;
}

/* Every message's topic passes here: whole words only, the last one overlapping. */
bool text_is_plain(const char *text, size_t len)
{
    if (len < sizeof(uint64_t))
        return plain_prefix(text, len) == len;
    for (size_t i = 0; i < len - sizeof(uint64_t); i += sizeof(uint64_t)) {
        if (foreign_in_word(text + i))
            return false;
    }
    return !foreign_in_word(text + len - sizeof(uint64_t));
}

/* The well-formed sequences of the Unicode standard, table 3-7: the first byte tells the length
 * and what the second may be, which rules out overlong forms and surrogates. */
size_t text_decode(const char *text, size_t len, uint32_t *code)
{
    const unsigned char *byte = (const unsigned char *)text;
    unsigned char low = 0x80, high = 0xBF;
    size_t size;

    if (byte[0] < 0x80) {
        *code = byte[0];
        return 1;
    }
    if (byte[0] < 0xC2 || byte[0] > 0xF4)
        return 0;
    size = byte[0] < 0xE0 ? 2 : byte[0] < 0xF0 ? 3 : 4;
    if (size > len)
        return 0;
    if (byte[0] == 0xE0)
        low = 0xA0;
    else if (byte[0] == 0xED)
        high = 0x9F;
    else if (byte[0] == 0xF0)
        low = 0x90;
    else if (byte[0] == 0xF4)
        high = 0x8F;
    uint32_t value = byte[0] & (0xFFU >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if (byte[i] < low || byte[i] > high)
            return 0;
        value = value << 6 | (byte[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    *code = value;
    return size;
}

bool text_is_utf8(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        uint32_t code;
        size_t size = plain_prefix(text + at, len - at);
        if (size == 0)
            size = text_decode(text + at, len - at, &code);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

int text_columns(uint32_t code)
{
    if (code >= 0x20 && code < 0x7F)
        return 1;
    if (code > 0x10FFFF || fate_of(code) != SHOW)
        return -1;
    return wcwidth((wchar_t)code);
}

unsigned text_width(const char *text)
{
    size_t len = strlen(text), at = 0;
    unsigned width = 0;
    while (at < len) {
        uint32_t code;
        size_t size = plain_prefix(text + at, len - at);
        if (size > 0) {
            width += (unsigned)size;
        } else {
            size = text_decode(text + at, len - at, &code);
            int columns = size > 0 ? text_columns(code) : 1;
            width += columns > 0 ? (unsigned)columns : 0;
        }
        at += size > 0 ? size : 1;
    }
    return width;
}

/* Text being written, cut in time: `safe` is the last place where an ellipsis still fits behind
 * what is there. */
struct writer {
    char *out;
    size_t size, used, safe;
    unsigned columns, width;
};

size_t text_encode(char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static void mark_safe(struct writer *writer)
{
    if (writer->width < writer->columns && writer->used + ELLIPSIS_BYTES < writer->size)
        writer->safe = writer->used;
}

static bool write_code(struct writer *writer, uint32_t code, unsigned columns)
{
    char bytes[4];
    size_t size = text_encode(bytes, code);
    if (columns > writer->columns - writer->width || writer->used + size >= writer->size)
        return false;
    memcpy(writer->out + writer->used, bytes, size);
    writer->used += size;
    writer->width += columns;
    mark_safe(writer);
    return true;
}

static void write_ellipsis(struct writer *writer)
{
    writer->used = writer->safe;
    if (writer->columns > 0 && writer->used + ELLIPSIS_BYTES < writer->size)
        writer->used += text_encode(writer->out + writer->used, ELLIPSIS);
}

/* Writes one decoded code point, or what stands for it. *marks counts the combining marks on the
 * character before; *changed is set if something else than the code point itself was written.
 * false if there is no room. */
static bool write_shown(struct writer *writer, uint32_t code, unsigned *marks, bool *changed)
{
    bool plain = code >= 0x20 && code < 0x7F;
    enum fate fate = plain ? SHOW : fate_of(code);
    int columns = plain ? 1 : fate == SHOW ? wcwidth((wchar_t)code) : -1;

    if (columns == 0) { /* a combining mark: one on each base, none without */
        if (writer->width > 0 && *marks == 0) {
            *marks = 1;
            return write_code(writer, code, 0);
        }
        fate = DROP;
    } else if (columns > 0) {
        *marks = 0;
        return write_code(writer, code, (unsigned)columns);
    }
    *changed = true;
    if (fate == DROP)
        return true;
    *marks = 0;
    return write_code(writer, fate == MARK ? CONTROL_MARK : REPLACEMENT, 1);
}

/* The part of text_sanitise() for what is not all plain. */
static bool sanitise_mixed(struct writer *writer, const char *in, size_t len)
{
    bool changed = false;
    unsigned marks = 0;

    for (size_t at = 0; at < len;) {
        uint32_t code;
        size_t size = text_decode(in + at, len - at, &code);
        bool fits;
        if (size > 0) {
            fits = write_shown(writer, code, &marks, &changed);
        } else {
            size = 1;
            changed = true;
            marks = 0;
            fits = write_code(writer, REPLACEMENT, 1);
        }
        if (!fits) {
            write_ellipsis(writer);
            changed = true;
            break;
        }
        at += size;
    }
    writer->out[writer->used] = '\0';
    return !changed;
}

bool text_sanitise(char *out, size_t size, const char *in, size_t len, unsigned columns)
{
    if (size == 0)
        return len == 0;
    if (len < size && len <= columns && text_is_plain(in, len)) {
        if (len > 0)
            memcpy(out, in, len);
        out[len] = '\0';
        return true;
    }
    struct writer writer = {.out = out, .size = size, .columns = columns};
    return sanitise_mixed(&writer, in, len);
}

/* FNV-1a (Fowler, Noll and Vo), 32 bits folded to 24. */
static uint32_t hash24(const char *in, size_t len)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)in[i]) * 16777619U;
    return (hash >> 24 ^ hash) & 0xFFFFFF;
}

static bool has_blank_end(const char *text, size_t len)
{
    return len > 0 && (text[0] == ' ' || text[len - 1] == ' ');
}

bool text_is_name(const char *text, size_t len)
{
    return len <= TEXT_NAME_COLUMNS && !has_blank_end(text, len) && text_is_plain(text, len);
}

void text_name(char *out, const char *in, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    if (text_sanitise(out, TEXT_NAME_BYTES, in, len, TEXT_NAME_COLUMNS) && !has_blank_end(in, len))
        return;
    text_sanitise(out, TEXT_NAME_BYTES - SUFFIX_BYTES, in, len, TEXT_NAME_COLUMNS - SUFFIX_BYTES);
    char *suffix = out + strlen(out);
    uint32_t hash = hash24(in, len);
    *suffix++ = '~';
    for (int shift = 20; shift >= 0; shift -= 4)
        *suffix++ = digits[hash >> shift & 0xF];
    *suffix = '\0';
}
