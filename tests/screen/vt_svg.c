#include "screen/vt_svg.h"

#include <stdbool.h>
#include <string.h>

#define CELL_WIDTH 8
#define CELL_HEIGHT 17
#define BASELINE 13
#define PAPER 0x101216 /* for the terminal's own colours */
#define INK 0xC8CCD0

/* xterm's palette; libvterm has an evenly stepped one, which no common terminal shows. */
static unsigned palette_rgb(unsigned index)
{
    static const unsigned basic[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x4a7bd0, 0xcd00cd,
                                       0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                       0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
    static const unsigned levels[6] = {0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff};
    if (index < 16)
        return basic[index];
    if (index >= 232)
        return (8 + 10 * (index - 232)) * 0x010101;
    index -= 16;
    return levels[index / 36] << 16 | levels[index / 6 % 6] << 8 | levels[index % 6];
}

static unsigned rgb_of(VTermColor colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(&colour))
        return INK;
    if (VTERM_COLOR_IS_DEFAULT_BG(&colour))
        return PAPER;
    if (VTERM_COLOR_IS_INDEXED(&colour))
        return palette_rgb(colour.indexed.idx);
    return (unsigned)(colour.rgb.red << 16 | colour.rgb.green << 8 | colour.rgb.blue);
}

struct look {
    unsigned ink, paper;
    bool bold, underline;
};

static struct look look_of(const VTermScreenCell *cell)
{
    struct look look = {rgb_of(cell->fg), rgb_of(cell->bg), cell->attrs.bold,
                        cell->attrs.underline != 0};
    if (cell->attrs.reverse) {
        unsigned ink = look.ink;
        look.ink = look.paper;
        look.paper = ink;
    }
    return look;
}

static void box(FILE *out, double x, double y, double width, double height, unsigned colour)
{
    fprintf(out, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"#%06x\"/>\n", x, y,
            width, height, colour);
}

/* The same as a part of a path, which has its colour once for all of them. */
static void path_box(FILE *out, double x, double y, double width, double height)
{
    fprintf(out, "M%g %gh%gv%gh%gz", x, y, width, height, -width);
}

/* The eight dots of a braille cell; fonts differ too much to leave them to the reader's. */
static void braille(FILE *out, int x, int y, unsigned dots)
{
    static const struct {
        int column, row;
    } places[8] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}};
    for (int i = 0; i < 8; i++)
        if (dots & 1U << i)
            path_box(out, x + 1.2 + places[i].column * 4.0, y + 1.4 + places[i].row * 4.25, 1.8,
                     1.8);
}

static void escaped(FILE *out, uint32_t code)
{
    if (code == '&' || code == '<' || code == '>' || code >= 0x7F)
        fprintf(out, "&#%u;", (unsigned)code);
    else
        fputc((int)code, out);
}

static bool is_block(uint32_t code)
{
    return code >= 0x2581 && code <= 0x2588;
}

static bool is_braille(uint32_t code)
{
    return code >= 0x2800 && code <= 0x28FF;
}

static bool is_text(const VTermScreenCell *cell)
{
    uint32_t code = cell->chars[0];
    return code > ' ' && code != UINT32_MAX && !is_block(code) && !is_braille(code);
}

static VTermScreenCell cell_at(const VTermScreen *screen, int x, int y)
{
    VTermScreenCell cell;
    memset(&cell, 0, sizeof cell);
    vterm_screen_get_cell(screen, (VTermPos){.row = y, .col = x}, &cell);
    return cell;
}

static bool is_shape(const VTermScreenCell *cell)
{
    return is_block(cell->chars[0]) || is_braille(cell->chars[0]);
}

/* Draws the shapes from column x on that have one ink; returns the first column that it left. */
static int row_shape_run(const VTermScreen *screen, int x, int y, int columns, FILE *out)
{
    VTermScreenCell cell = cell_at(screen, x, y);
    unsigned ink = look_of(&cell).ink;
    fprintf(out, "<path fill=\"#%06x\" d=\"", ink);
    while (x < columns && is_shape(&cell) && look_of(&cell).ink == ink) {
        uint32_t code = cell.chars[0];
        int from = x;
        do
            cell = cell_at(screen, ++x, y);
        while (x < columns && is_block(code) && cell.chars[0] == code && look_of(&cell).ink == ink);
        double height = CELL_HEIGHT * (code - 0x2580) / 8.0;
        if (is_block(code))
            path_box(out, from * CELL_WIDTH, (y + 1) * CELL_HEIGHT - height,
                     (x - from) * CELL_WIDTH, height);
        else
            braille(out, from * CELL_WIDTH, y * CELL_HEIGHT, code - 0x2800);
    }
    fputs("\"/>\n", out);
    return x;
}

/* Blocks, dots and underlines of a row. */
static void row_shapes(const VTermScreen *screen, int y, int columns, FILE *out)
{
    for (int x = 0; x < columns;) {
        VTermScreenCell cell = cell_at(screen, x, y);
        x = is_shape(&cell) ? row_shape_run(screen, x, y, columns, out) : x + 1;
    }
    for (int x = 0; x < columns; x++) {
        VTermScreenCell cell = cell_at(screen, x, y);
        struct look look = look_of(&cell);
        if (look.underline)
            box(out, x * CELL_WIDTH, y * CELL_HEIGHT + BASELINE + 2, CELL_WIDTH, 1, look.ink);
    }
}

/* Where the run of text that begins at column x ends: one look, no gap. A combining mark ends it,
 * because each character of a run is placed by itself. */
static int run_end(const VTermScreen *screen, int x, int y, int columns)
{
    VTermScreenCell first = cell_at(screen, x, y);
    struct look look = look_of(&first);
    VTermScreenCell cell = first;
    while (cell.chars[1] == 0 && ++x < columns) {
        cell = cell_at(screen, x, y);
        struct look other = look_of(&cell);
        if (!is_text(&cell) || cell.chars[1] || other.ink != look.ink || other.bold != look.bold)
            return x;
    }
    return x < columns ? x + 1 : columns;
}

/* The text of a row, one element a run, with a place for each character. */
static void row_text(const VTermScreen *screen, int y, int columns, FILE *out)
{
    for (int x = 0, end; x < columns; x = end) {
        VTermScreenCell cell = cell_at(screen, x, y);
        end = x + 1;
        if (!is_text(&cell))
            continue;
        struct look look = look_of(&cell);
        end = run_end(screen, x, y, columns);
        fprintf(out, "<text y=\"%d\" fill=\"#%06x\"%s x=\"", y * CELL_HEIGHT + BASELINE, look.ink,
                look.bold ? " font-weight=\"bold\"" : "");
        for (int i = x; i < end; i++)
            fprintf(out, i > x ? " %d" : "%d", i * CELL_WIDTH);
        fputs("\">", out);
        for (int i = x; i < end; i++) {
            cell = cell_at(screen, i, y);
            for (int mark = 0; mark < VTERM_MAX_CHARS_PER_CELL && cell.chars[mark]; mark++)
                escaped(out, cell.chars[mark]);
        }
        fputs("</text>\n", out);
    }
}

/* Backgrounds of a row, one rectangle a run. */
static void row_paper(const VTermScreen *screen, int y, int columns, FILE *out)
{
    for (int x = 0, next; x < columns; x = next) {
        VTermScreenCell cell = cell_at(screen, x, y);
        unsigned paper = look_of(&cell).paper;
        for (next = x + 1; next < columns; next++) {
            cell = cell_at(screen, next, y);
            if (look_of(&cell).paper != paper)
                break;
        }
        if (paper != PAPER)
            box(out, x * CELL_WIDTH, y * CELL_HEIGHT, (next - x) * CELL_WIDTH, CELL_HEIGHT, paper);
    }
}

void vt_svg_write(const VTermScreen *screen, const VTerm *terminal, FILE *out)
{
    int rows, columns;
    vterm_get_size(terminal, &rows, &columns);
    int width = columns * CELL_WIDTH, height = rows * CELL_HEIGHT;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" font-family=\"DejaVu Sans Mono, monospace\" "
            "font-size=\"13.3\">\n",
            width, height, width, height);
    box(out, 0, 0, width, height, PAPER);
    for (int y = 0; y < rows; y++) {
        row_paper(screen, y, columns, out);
        row_shapes(screen, y, columns, out);
        row_text(screen, y, columns, out);
    }
    fputs("</svg>\n", out);
}
