#include "ui/glyph.h"

#include <stddef.h>

/* Sorted by code point. Blocks become a ramp that reads as height; the dot of silence and the tilde
 * of a cut text stay apart from it. */
static const struct {
    uint32_t code;
    char ascii;
} stand_ins[] = {
    {0x00A0, ' '}, {0x00A6, '|'}, {0x00A9, 'c'},  {0x00AB, '<'},  {0x00B0, 'o'}, {0x00B1, '~'},
    {0x00B2, '2'}, {0x00B3, '3'}, {0x00B5, 'u'},  {0x00B7, '.'},  {0x00B9, '1'}, {0x00BB, '>'},
    {0x00D7, 'x'}, {0x00F7, '/'}, {0x0394, 'D'},  {0x03A9, 'O'},  {0x03B1, 'a'}, {0x03B2, 'b'},
    {0x03BC, 'u'}, {0x03C0, 'p'}, {0x03C3, 's'},  {0x2010, '-'},  {0x2011, '-'}, {0x2012, '-'},
    {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'},
    {0x2022, '*'}, {0x2026, '~'}, {0x2030, '%'},  {0x2032, '\''}, {0x20AC, 'E'}, {0x2126, 'O'},
    {0x2190, '<'}, {0x2191, '^'}, {0x2192, '>'},  {0x2193, 'v'},  {0x2194, '-'}, {0x2195, '|'},
    {0x2212, '-'}, {0x2248, '~'}, {0x2260, '#'},  {0x2264, '<'},  {0x2265, '>'}, {0x2502, '|'},
    {0x2503, '|'}, {0x2506, '|'}, {0x250A, '|'},  {0x254E, '|'},  {0x2551, '|'}, {0x2575, '\''},
    {0x2577, ','}, {0x2580, '"'}, {0x2581, '_'},  {0x2582, ','},  {0x2583, '-'}, {0x2584, '~'},
    {0x2585, '='}, {0x2586, '+'}, {0x2587, '*'},  {0x2588, '#'},  {0x2591, '.'}, {0x2592, ':'},
    {0x2593, '%'}, {0x2594, '"'}, {0x25A0, '#'},  {0x25A1, '.'},  {0x25AA, '#'}, {0x25AB, '.'},
    {0x25B2, '^'}, {0x25B4, '^'}, {0x25B6, '>'},  {0x25B8, '>'},  {0x25BA, '>'}, {0x25BC, 'v'},
    {0x25BE, 'v'}, {0x25C0, '<'}, {0x25C2, '<'},  {0x25C4, '<'},  {0x25C6, '+'}, {0x25C7, 'o'},
    {0x25CB, 'o'}, {0x25CF, '*'}, {0x25D0, '~'},  {0x25D1, '~'},  {0x26A0, '!'}, {0x2713, 'v'},
    {0x2715, 'x'}, {0x2717, 'x'},
};

/* U+00C0 to U+00FF: the letter without its accent, so that names stay readable. */
static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy";

/* Whole blocks of code points that share one rule. */
static char stand_in_of_range(uint32_t code)
{
    if (code >= 0xC0 && code <= 0xFF)
        return latin[code - 0xC0];
    if (code == 0x2500 || code == 0x2501 || code == 0x2504 || code == 0x2505 || code == 0x2508 ||
        code == 0x2509 || code == 0x254C || code == 0x254D || code == 0x2550 || code == 0x2574 ||
        code == 0x2576)
        return '-';
    if (code >= 0x250C && code <= 0x2570)
        return '+'; /* corners, tees, crossings */
    if (code >= 0x2589 && code <= 0x2590)
        return code <= 0x258B ? '#' : '|'; /* vertical parts of a block */
    if (code == 0x2800)
        return ' ';
    if (code > 0x2800 && code <= 0x28FF)
        return '*'; /* braille dots */
    return '?';
}

char glyph_ascii(uint32_t code)
{
    if (code >= 0x20 && code < 0x7F)
        return (char)code;
    size_t low = 0, high = sizeof stand_ins / sizeof stand_ins[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (stand_ins[middle].code == code)
            return stand_ins[middle].ascii;
        if (stand_ins[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return stand_in_of_range(code);
}

#define LIVE 0x25CF   /* ● */
#define LATE 0x25D0   /* ◐ */
#define GONE 0x25CB   /* ○ */
#define BROKEN 0x00D7 /* × */
#define LINK 0x2194   /* ↔ */
#define ORDER 0x00BB  /* » */
#define DOT 0x00B7    /* · */
#define MARK 0x25C6   /* ◆ */

uint32_t glyph_state(enum state state, bool simulated, bool fresh)
{
    switch (state) {
    case STATE_OFFLINE:
    case STATE_LOST:
        return GONE;
    case STATE_LATE:
        return LATE;
    case STATE_STUCK:
        return '=';
    case STATE_ANOMALY:
        return '!';
    case STATE_OK:
    case STATE_LEARNING:
        break;
    }
    if (fresh)
        return '!';
    if (simulated)
        return 's';
    return state == STATE_LEARNING ? DOT : LIVE;
}

static uint32_t presence_glyph(enum status status, uint32_t unknown)
{
    if (status == STATUS_ONLINE)
        return LIVE;
    return status == STATUS_OFFLINE ? GONE : unknown;
}

uint32_t glyph_event(const struct event *event)
{
    switch (event->type) {
    case EVENT_ANOMALY:
        return event->kind == ANOMALY_STUCK ? '=' : '!';
    case EVENT_INCIDENT:
        return '#';
    case EVENT_PRESENCE:
        return presence_glyph(event->status, DOT);
    case EVENT_CADENCE:
        return presence_glyph(event->status, LATE);
    case EVENT_CONNECTION:
        return LINK;
    case EVENT_MALFORMED:
        return BROKEN;
    case EVENT_COMMAND:
        return ORDER;
    case EVENT_BOOKMARK:
        return MARK;
    case EVENT_NOTE:
    case EVENT_TYPES:
        break;
    }
    return DOT;
}

char glyph_kind(enum anomaly_kind kind)
{
    static const char letters[] = {
        [ANOMALY_NONE] = '^',   [ANOMALY_SPIKE] = 'S',   [ANOMALY_LEVEL] = 'L',
        [ANOMALY_DRIFT] = 'D',  [ANOMALY_BURST] = 'B',   [ANOMALY_STUCK] = 'K',
        [ANOMALY_SILENT] = 'Q', [ANOMALY_UNUSUAL] = 'U', [ANOMALY_LIMIT] = 'X'};
    return kind < sizeof letters ? letters[kind] : '^';
}

const char *glyph_sigma(bool ascii)
{
    return ascii ? "sd" : "σ";
}
