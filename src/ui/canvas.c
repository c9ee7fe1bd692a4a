#include "ui/canvas.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/xalloc.h"
#include "ui/glyph.h"

#define ELLIPSIS 0x2026
#define REPLACEMENT 0xFFFD
#define FORMAT_BYTES 2048 /* more than the widest row needs */

static const struct cell blank = {.text = " ", .style = STYLE_NORMAL, .columns = 1};

/* What goes into one cell: a base character and the mark on it. */
struct piece {
    char text[CELL_BYTES];
    int columns;
};

void canvas_init(struct canvas *canvas, bool ascii)
{
    memset(canvas, 0, sizeof *canvas);
    canvas->ascii = ascii;
}

void canvas_fini(struct canvas *canvas)
{
    free(canvas->cells);
    memset(canvas, 0, sizeof *canvas);
}

void canvas_resize(struct canvas *canvas, int width, int height)
{
    assert(width >= 0 && height >= 0);
    if (width != canvas->width || height != canvas->height) {
        size_t count = (size_t)width * (size_t)height;
        free(canvas->cells);
        canvas->cells = count > 0 ? xcalloc(count, sizeof *canvas->cells) : NULL;
        canvas->width = width;
        canvas->height = height;
    }
    canvas_unclip(canvas);
    canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas)
{
    size_t count = (size_t)canvas->width * (size_t)canvas->height;
    for (size_t i = 0; i < count; i++)
        canvas->cells[i] = blank;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static struct rect intersect(struct rect a, struct rect b)
{
    int x = larger(a.x, b.x), y = larger(a.y, b.y);
    int right = smaller(a.x + a.width, b.x + b.width);
    int bottom = smaller(a.y + a.height, b.y + b.height);
    return (struct rect){x, y, larger(right - x, 0), larger(bottom - y, 0)};
}

void canvas_clip(struct canvas *canvas, struct rect rect)
{
    canvas->clip = intersect(rect, (struct rect){0, 0, canvas->width, canvas->height});
}

void canvas_unclip(struct canvas *canvas)
{
    canvas->clip = (struct rect){0, 0, canvas->width, canvas->height};
}

static bool inside(const struct canvas *canvas, int x, int y)
{
    const struct rect *clip = &canvas->clip;
    return x >= clip->x && x < clip->x + clip->width && y >= clip->y && y < clip->y + clip->height;
}

static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
    return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

static void set_text(char *out, const char *text, size_t len)
{
    /* The rest is zeroed so that cells can be compared as bytes. */
    memset(out, 0, CELL_BYTES);
    memcpy(out, text, len);
}

/* One cell gets new contents; the other half of a wide character that was there becomes a blank. */
static void set_cell(struct canvas *canvas, int x, int y, const struct cell *contents)
{
    struct cell *cell = cell_at(canvas, x, y);
    struct cell *other = NULL;
    if (cell->columns == 0 && x > 0)
        other = cell - 1;
    else if (cell->columns == 2 && x + 1 < canvas->width)
        other = cell + 1;
    if (other) {
        set_text(other->text, " ", 1);
        other->columns = 1;
    }
    *cell = *contents;
}

static void set_blank(struct canvas *canvas, int x, int y, unsigned style)
{
    struct cell contents = blank;
    contents.style = (uint8_t)style;
    if (inside(canvas, x, y))
        set_cell(canvas, x, y, &contents);
}

static void set_piece(struct canvas *canvas, int x, int y, unsigned style,
                      const struct piece *piece)
{
    if (piece->columns == 2 && !(inside(canvas, x, y) && inside(canvas, x + 1, y))) {
        set_blank(canvas, x, y, style);
        set_blank(canvas, x + 1, y, style);
        return;
    }
    if (!inside(canvas, x, y))
        return;
    struct cell contents = {.style = (uint8_t)style, .columns = (uint8_t)piece->columns};
    memcpy(contents.text, piece->text, CELL_BYTES);
    if (piece->columns == 2 && canvas->ascii) {
        contents.columns = 1;
        set_blank(canvas, x + 1, y, style);
    } else if (piece->columns == 2) {
        struct cell half = {.style = (uint8_t)style, .columns = 0};
        set_cell(canvas, x + 1, y, &half);
    }
    set_cell(canvas, x, y, &contents);
}

static size_t encode(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)(lead[len] | code);
    return len;
}

static void ascii_piece(struct piece *piece, char stand_in, int columns)
{
    set_text(piece->text, &stand_in, 1);
    piece->columns = columns;
}

/* text_columns(), quicker for the lines, blocks and dots that fill most of a busy screen. */
static int columns_of(uint32_t code)
{
    if ((code >= 0x2500 && code <= 0x25EF) || (code >= 0x2800 && code <= 0x28FF))
        return 1;
    return text_columns(code);
}

/* Decodes one character; what sanitised text cannot hold shows as U+FFFD. */
static size_t decode(const char *text, uint32_t *code)
{
    size_t len = text_decode(text, strnlen(text, 4), code);
    if (len == 0 || columns_of(*code) < 0) {
        *code = REPLACEMENT;
        return len > 0 ? len : 1;
    }
    return len;
}

/* Takes the next cell's worth off *text; false at its end. A mark without a base is skipped. */
static bool next_piece(const struct canvas *canvas, const char **text, struct piece *piece)
{
    const char *at = *text;
    uint32_t code;
    size_t len;
    if (at[0] >= ' ' && at[0] < 0x7F && (at[1] & 0x80) == 0) {
        ascii_piece(piece, at[0], 1);
        *text = at + 1;
        return true;
    }
    do {
        if (*at == '\0')
            return false;
        len = decode(at, &code);
        at += len;
        piece->columns = columns_of(code);
    } while (piece->columns == 0);
    char base[4];
    size_t used = encode(base, code);
    set_text(piece->text, base, used);
    if (canvas->ascii)
        ascii_piece(piece, glyph_ascii(code), piece->columns);
    while (*at & 0x80) {
        len = decode(at, &code);
        if (columns_of(code) != 0)
            break;
        if (!canvas->ascii && used + len < CELL_BYTES)
            memcpy(piece->text + used, at, len);
        used = CELL_BYTES; /* a second mark finds no room */
        at += len;
    }
    *text = at;
    return true;
}

/* Columns of the text; exact up to limit, somewhere above it beyond. */
static int width_up_to(const struct canvas *canvas, const char *text, int limit)
{
    struct piece piece;
    int width = 0;
    while (width <= limit && next_piece(canvas, &text, &piece))
        width += piece.columns;
    return width;
}

static int draw_text(struct canvas *canvas, int x, int y, int columns, unsigned style,
                     const char *text, bool cut)
{
    int room = cut ? columns - 1 : columns, used = 0;
    struct piece piece;
    while (next_piece(canvas, &text, &piece) && used + piece.columns <= room) {
        set_piece(canvas, x + used, y, style, &piece);
        used += piece.columns;
    }
    if (cut) {
        canvas_put(canvas, x + used, y, style, ELLIPSIS);
        used++;
    }
    return used;
}

int canvas_text(struct canvas *canvas, int x, int y, int columns, unsigned style, const char *text)
{
    if (columns <= 0)
        return 0;
    /* No character has fewer bytes than columns: short text needs no measuring. */
    bool cut = strnlen(text, (size_t)columns + 1) > (size_t)columns &&
               width_up_to(canvas, text, columns) > columns;
    return draw_text(canvas, x, y, columns, style, text, cut);
}

int canvas_text_right(struct canvas *canvas, int x, int y, int columns, unsigned style,
                      const char *text)
{
    if (columns <= 0)
        return 0;
    int width = width_up_to(canvas, text, columns);
    if (width > columns)
        return draw_text(canvas, x, y, columns, style, text, true);
    return draw_text(canvas, x + columns - width, y, width, style, text, false);
}

int canvas_format(struct canvas *canvas, int x, int y, int columns, unsigned style,
                  const char *format, ...)
{
    char text[FORMAT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len < 0)
        return 0;
    if ((size_t)len >= sizeof text) {
        /* Not in the middle of a character. */
        size_t end = sizeof text - 1;
        while (end > 0 && (text[end - 1] & 0xC0) == 0x80)
            end--;
        if (end > 0 && (text[end - 1] & 0x80))
            end--;
        text[end] = '\0';
    }
    return canvas_text(canvas, x, y, columns, style, text);
}

static bool code_piece(const struct canvas *canvas, uint32_t code, struct piece *piece)
{
    char text[5] = "";
    const char *at = text;
    if (code == 0)
        return false;
    encode(text, code <= 0x10FFFF ? code : REPLACEMENT);
    return next_piece(canvas, &at, piece);
}

void canvas_put(struct canvas *canvas, int x, int y, unsigned style, uint32_t code)
{
    struct piece piece;
    if (code_piece(canvas, code, &piece))
        set_piece(canvas, x, y, style, &piece);
}

void canvas_fill(struct canvas *canvas, struct rect rect, unsigned style, uint32_t code)
{
    struct piece piece;
    if (!code_piece(canvas, code, &piece))
        return;
    int right = rect.x + rect.width;
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        int x = rect.x;
        for (; x + piece.columns <= right; x += piece.columns)
            set_piece(canvas, x, y, style, &piece);
        for (; x < right; x++)
            set_blank(canvas, x, y, style);
    }
}

static void change_style(struct canvas *canvas, struct rect rect, unsigned keep, unsigned add)
{
    struct rect part = intersect(rect, canvas->clip);
    for (int y = part.y; y < part.y + part.height; y++)
        for (int x = part.x; x < part.x + part.width; x++) {
            struct cell *cell = cell_at(canvas, x, y);
            cell->style = (uint8_t)((cell->style & keep) | add);
        }
}

void canvas_mark(struct canvas *canvas, struct rect rect, unsigned bits)
{
    change_style(canvas, rect, 0xFF, bits);
}

void canvas_restyle(struct canvas *canvas, struct rect rect, unsigned style)
{
    change_style(canvas, rect, 0, style);
}

const struct cell *canvas_at(const struct canvas *canvas, int x, int y)
{
    if (x < 0 || x >= canvas->width || y < 0 || y >= canvas->height)
        return NULL;
    return cell_at(canvas, x, y);
}

void canvas_row_text(const struct canvas *canvas, int y, char *out, size_t size)
{
    assert(size > 0);
    size_t used = 0, end = 0;
    for (int x = 0; y >= 0 && y < canvas->height && x < canvas->width; x++) {
        const char *text = cell_at(canvas, x, y)->text;
        size_t len = strlen(text);
        if (used + len >= size)
            break;
        memcpy(out + used, text, len);
        used += len;
        if (len > 0 && strcmp(text, " ") != 0)
            end = used;
    }
    out[end] = '\0';
}
