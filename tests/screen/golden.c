#include "screen/golden.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/xalloc.h"

#define LOOKS 52 /* one letter each */
#define STILL 4  /* frames: the layout learns from a frame what the next one is to have */
#define FRAME 60 /* milliseconds between them */
#define TOLD 12  /* rows that differ, and are shown */
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char columns_ruler[] = "---------+";

struct looks {
    struct vt_cell list[LOOKS];
    int count;
};

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

static bool same_look(const struct vt_cell *one, const struct vt_cell *two)
{
    return one->foreground == two->foreground && one->background == two->background &&
           one->bold == two->bold && one->underline == two->underline &&
           one->reverse == two->reverse;
}

/* The letter of a cell's look; '.' for the plain one. The ink of a blank is not seen. */
static char letter_of(struct looks *looks, struct vt_cell cell)
{
    static const struct vt_cell plain = {.foreground = VT_DEFAULT, .background = VT_DEFAULT};
    if ((*cell.text == '\0' || strcmp(cell.text, " ") == 0) && !cell.underline && !cell.reverse) {
        cell.foreground = VT_DEFAULT;
        cell.bold = false;
    }
    if (same_look(&cell, &plain))
        return '.';
    int at = 0;
    while (at < looks->count && !same_look(&cell, &looks->list[at]))
        at++;
    if (at == LOOKS)
        return '?';
    if (at == looks->count)
        looks->list[looks->count++] = cell;
    return LETTERS[at];
}

static void put_colour(FILE *out, const char *what, int colour)
{
    if (colour >= VT_RGB)
        fprintf(out, " %s #%06x", what, (unsigned)(colour - VT_RGB));
    else if (colour != VT_DEFAULT)
        fprintf(out, " %s %d", what, colour);
}

static void put_legend(FILE *out, const struct looks *looks)
{
    for (int i = 0; i < looks->count; i++) {
        const struct vt_cell *look = &looks->list[i];
        fprintf(out, "%c", LETTERS[i]);
        put_colour(out, "ink", look->foreground);
        put_colour(out, "paper", look->background);
        fprintf(out, "%s%s%s\n", look->bold ? " bold" : "", look->underline ? " underline" : "",
                look->reverse ? " reverse" : "");
    }
}

static void put_looks(FILE *out, struct vt *vt, struct looks *looks, int row, int columns)
{
    char *line = xcalloc((size_t)columns + 1, 1);
    int end = 0;
    for (int x = 0; x < columns; x++) {
        line[x] = letter_of(looks, vt_cell(vt, x, row));
        if (line[x] != '.')
            end = x + 1;
    }
    fprintf(out, "%.*s\n", end, line);
    free(line);
}

/* Digits before "K of 2": structures have other sizes on other machines, and in the next commit. */
static void put_row(FILE *out, const char *text)
{
    char *row = xstrdup(text);
    for (char *of = row; (of = strstr(of, " of ")) != NULL; of++) {
        char *digit = of - 1;
        if (of == row || !strchr("BKMG", *digit))
            continue;
        while (digit > row && strchr("0123456789.", digit[-1]))
            *--digit = '#';
    }
    fprintf(out, "%s\n", row);
    free(row);
}

static void put_ruler(FILE *out, const char *title, int columns)
{
    int used = fprintf(out, "-- %s ", title);
    for (int x = used; x < columns; x++)
        fputc(columns_ruler[x % 10], out);
    fputc('\n', out);
}

char *golden_text(struct vt *vt, const char *title)
{
    struct looks looks = {.count = 0};
    char *text = NULL;
    size_t size;
    int columns, rows;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        abort();
    vt_size(vt, &columns, &rows);
    put_ruler(out, title, columns);
    for (int y = 0; y < rows; y++)
        put_row(out, vt_row_text(vt, y));
    put_ruler(out, "looks", columns);
    for (int y = 0; y < rows; y++)
        put_looks(out, vt, &looks, y, columns);
    put_ruler(out, "legend", columns);
    put_legend(out, &looks);
    fclose(out);
    return text;
}

static char *read_file(const char *path)
{
    char *text = NULL;
    size_t size;
    int byte;
    FILE *file = fopen(path, "r");
    FILE *out = file ? open_memstream(&text, &size) : NULL;
    while (out && (byte = fgetc(file)) != EOF)
        fputc(byte, out);
    if (out)
        fclose(out);
    if (file)
        fclose(file);
    return text;
}

static size_t line_length(const char *text)
{
    return strcspn(text, "\n");
}

static const char *next_line(const char *text)
{
    size_t len = line_length(text);
    return text + len + (text[len] == '\n');
}

static void tell_difference(const char *path, const char *golden, const char *screen)
{
    int told = 0;
    fprintf(stderr, "\ndiffers from %s (- golden, + screen; `make golden` takes the screen):\n",
            path);
    for (int row = 0; *golden || *screen; row++) {
        size_t left = line_length(golden), right = line_length(screen);
        if ((left != right || memcmp(golden, screen, left) != 0) && told++ < TOLD)
            fprintf(stderr, "%3d-%.*s\n%3d+%.*s\n", row, (int)left, golden, row, (int)right,
                    screen);
        golden = next_line(golden);
        screen = next_line(screen);
    }
    if (told > TOLD)
        fprintf(stderr, "... and %d more lines\n", told - TOLD);
}

static bool never(struct vt *vt, const void *context)
{
    (void)vt;
    (void)context;
    return false;
}

/* Another frame now, rather than after a second in which nothing happens. */
static bool next_frame(struct vt *vt)
{
    kill(vt_pid(vt), SIGWINCH);
    vt_wait(vt, never, NULL, FRAME);
    return vt_drain(vt);
}

bool golden_wait(struct vt *vt, const char *title, const char *path, int deadline)
{
    long end = now_ms() + deadline;
    char *golden = read_file(path);
    bool same = false, open = true;
    if (!golden)
        fprintf(stderr, "no golden screen %s; `make golden` writes it\n", path);
    while (golden && !same) {
        char *screen = golden_text(vt, title);
        same = strcmp(golden, screen) == 0;
        if (!same && (!open || now_ms() >= end)) {
            tell_difference(path, golden, screen);
            free(screen);
            break;
        }
        free(screen);
        open = same || next_frame(vt);
    }
    free(golden);
    return same;
}

bool golden_settle(struct vt *vt, int deadline)
{
    long end = now_ms() + deadline;
    char *before = golden_text(vt, "");
    int still = 0;
    while (still < STILL && now_ms() < end && next_frame(vt)) {
        char *after = golden_text(vt, "");
        still = strcmp(before, after) == 0 ? still + 1 : 0;
        free(before);
        before = after;
    }
    free(before);
    return still == STILL;
}

bool golden_write(struct vt *vt, const char *title, const char *path, int deadline)
{
    bool settled = golden_settle(vt, deadline);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        return false;
    }
    char *text = golden_text(vt, title);
    fputs(text, file);
    free(text);
    return fclose(file) == 0 && settled;
}
