#include "hostile/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include "core/text.h"

#define COLUMNS 156 /* wide, and the table over the whole of it */
#define ROWS 60

struct vt *screen_start_with(int port, const char *locale, const char *const *arguments)
{
    char number[8], all[64];
    snprintf(number, sizeof number, "%d", port);
    snprintf(all, sizeof all, "LC_ALL=%s", locale);
    const char *argv[16] = {getenv("DT_TOP"), "-h", "127.0.0.1", "-p", number, "-t", "#", "-t",
                            "$internal/#"};
    const char *env[] = {all, "XDG_CONFIG_HOME=/nonexistent", "NO_COLOR", NULL};
    MUST(argv[0] != NULL, "DT_TOP names no program");
    for (int i = 0; arguments[i] && i < 6; i++)
        argv[9 + i] = arguments[i];
    return vt_start(argv, env, COLUMNS, ROWS);
}

struct vt *screen_start(int port, const char *locale)
{
    return screen_start_with(port, locale, (const char *const[]){NULL});
}

/* The cells of a row cover it exactly: a wide one is followed by its empty half. */
static const char *wrong_width(struct vt *vt, int row, int columns)
{
    int x = 0;
    while (x < columns) {
        struct vt_cell cell = vt_cell(vt, x, row);
        if (cell.width == 2 && x + 1 < columns && vt_cell(vt, x + 1, row).text[0] != '\0')
            return "a wide character without its second half";
        x += cell.width == 2 ? 2 : 1;
    }
    return x == columns ? NULL : "a row too wide";
}

static bool is_blank(struct vt *vt, int column, int row)
{
    struct vt_cell cell = vt_cell(vt, column, row);
    return cell.text[0] == '\0' || cell.text[0] == ' ';
}

/* Between its columns the table is empty, down to the title of the chart. */
static const char *wrong_table(struct vt *vt, int titles, int end)
{
    int value = 0, trend = 0, age = 0;
    if (vt_find(vt, " VALUE", &value) != titles || vt_find(vt, "LAST ", &trend) != titles ||
        vt_find(vt, "AGE", &age) != titles)
        return "no titles";
    for (int row = titles + 1; row < end; row++) {
        if (!is_blank(vt, value + 6, row) || !is_blank(vt, trend - 1, row))
            return "something between the columns";
        if (!is_blank(vt, age - 2, row) && is_blank(vt, age - 3, row))
            return "something before the age";
        if (!is_blank(vt, 0, row) || !is_blank(vt, 2, row))
            return "something beside the glyph";
    }
    return NULL;
}

/* What is not in its place; NULL if all is. */
static const char *wrong(struct vt *vt)
{
    int columns, rows, wall = 0;
    vt_size(vt, &columns, &rows);
    for (int row = 0; row < rows; row++) {
        const char *width = wrong_width(vt, row, columns);
        if (width)
            return width;
    }
    if (!strstr(vt_row_text(vt, 0), "dt-top "))
        return "no header";
    int titles = vt_find(vt, "TWIN", NULL), chart = titles + 1;
    while (titles > 0 && chart < rows && strncmp(vt_row_text(vt, chart), "──", strlen("──")) != 0)
        chart++;
    if (titles < 1 || chart == rows)
        return "no table";
    const char *table = wrong_table(vt, titles, chart);
    if (table)
        return table;
    int anomalies = 0;
    if (vt_find(vt, "Anomalies", &anomalies) == 1 && !is_blank(vt, anomalies - 1, 1))
        return "no gap in the header's second row";
    int events = vt_find(vt, "── Events ", NULL);
    if (events < chart)
        return "no events";
    if (!strstr(vt_row_text(vt, rows - 1), "F10"))
        return "no keys in the last row";
    /* The wall between chart and card stands straight. */
    int identity = vt_find(vt, "identity  ", &wall);
    for (int row = chart + 1; identity > 0 && row < events; row++)
        if (strcmp(vt_cell(vt, wall - 2, row).text, "│") != 0)
            return "no straight wall beside the card";
    return NULL;
}

static bool is_right(struct vt *vt, const void *context)
{
    (void)context;
    return wrong(vt) == NULL;
}

void screen_check(struct vt *vt, const char *who)
{
    if (!vt_wait(vt, is_right, NULL, 1000)) /* a frame may be on its way */
        ck_abort_msg("%s ...: %s", who, wrong(vt));
}

void screen_is_alive(struct vt *vt, const char *who)
{
    vt_type(vt, "?");
    MUST(vt_wait_text(vt, "move the selection", 1000), "%s ...: no answer to a key", who);
    vt_type(vt, "\033");
    MUST(vt_wait_gone(vt, "move the selection", 1000), "%s ...: no answer to Esc", who);
}

/* The sequence after an ESC; returns its bytes, 0 if no screen needs it. */
static size_t needed(const char *at, size_t len)
{
    static const char finals[] = "ABCDGHJKLMPSTX@`bdfhlmr";
    if (len == 0)
        return 0;
    if (strchr("()", at[0]))
        return 2;
    if (strchr("78=>M", at[0]))
        return 1;
    if (at[0] != '[')
        return 0;
    if (len > 8 && (memcmp(at, "[22;0;0t", 8) == 0 || memcmp(at, "[23;0;0t", 8) == 0))
        return 8; /* keeps the window's title, gives it back */
    if (len > 3 && memcmp(at, "[5n", 3) == 0)
        return 3; /* has it drawn the last frame? (ui/pace.h) */
    size_t i = 1 + strspn(at + 1, "0123456789;?");
    return i < len && strchr(finals, at[i]) ? i + 1 : 0;
}

/* Only what a screen needs: text in UTF-8, no bell, no charset switch, no question to the terminal
 * but ours, nothing that turns the direction of text. */
static void check_stream(struct vt *vt, const char *who)
{
    size_t len, at = 0;
    const char *raw = vt_raw(vt, &len);
    while (at < len) {
        uint32_t code = 0;
        size_t size = text_decode(raw + at, len - at, &code);
        if (code == 0x1B && size > 0)
            size = 1 + needed(raw + at + 1, len - at - 1);
        bool bad = size == 0 || (code == 0x1B && size == 1) ||
                   (code < 0x20 && !strchr("\b\t\n\r\033", (int)code)) || code == 0 ||
                   (code >= 0x7F && code < 0xA0) ||
                   (code > 0x7F && text_columns(code) < 0 && code != 0xFFFD);
        size_t from = at > 20 ? at - 20 : 0;
        MUST(!bad, "%s ...: byte %zu of the stream: U+%04X behind '%.*s'", who, at, (unsigned)code,
             (int)(at - from), raw + from);
        at += size;
    }
}

void screen_quit(struct vt *vt, const char *who)
{
    vt_type(vt, "q");
    MUST(vt_exit_status(vt, 5000) == 0, "%s ...: does not quit", who);
    struct termios modes = vt_modes(vt);
    MUST(!vt_in_alternate_screen(vt) && vt_cursor_visible(vt) && (modes.c_lflag & ECHO) &&
             (modes.c_lflag & ICANON),
         "%s ...: the terminal is not restored", who);
    check_stream(vt, who);
}

void screen_never_wrote(struct vt *vt, const struct attack *attack)
{
    size_t len;
    const char *raw = vt_raw(vt, &len);
    for (size_t i = 0; i + 8 <= attack->bytes; i++) {
        unsigned char byte = (unsigned char)attack->payload[i];
        if (byte < 0x20 && byte != '\n' && byte != '\r')
            MUST(!memmem(raw, len, attack->payload + i, 8), "%s: its bytes are in the stream",
                 attack->id);
    }
}
