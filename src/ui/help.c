#include "ui/help.h"

#include <string.h>

#include "core/query.h"
#include "ui/keys.h"

#define TEXT 256
#define BLOCK 0x2587

static const struct help_line glyphs[] = {
    {"", 0x25cf, false, STYLE_GOOD, "live"},
    {"", 's', false, STYLE_SIM, "live, simulated by dt-top"},
    {"", 0x00b7, false, STYLE_DIM, "learning: too few readings to judge"},
    {"", '!', false, STYLE_ALARM, "anomaly: fades over a minute"},
    {"", '=', false, STYLE_WARN, "stuck: the value does not change"},
    {"", 0x25d0, false, STYLE_WARN, "late: silent for three periods"},
    {"", 0x25cb, false, STYLE_DIM, "lost or offline"},
    {"", 0x00d7, false, STYLE_WARN, "a payload that could not be decoded"},
    {"", 0x25c6, false, STYLE_ACCENT, "bookmark"},
    {"", 0x2194, false, STYLE_NORMAL, "of the connection to the broker"},
    {"", 0x00bb, false, STYLE_NORMAL, "a command seen"},
    {"", '#', false, STYLE_ALARM, "incident: several series within a short time"},
    {"", 'S', false, STYLE_FADING, "below a chart: when a spike was"},
    {"", ' ', false, STYLE_NORMAL, "L level, D drift, B burst, U unusual,"},
    {"", ' ', false, STYLE_NORMAL, "K stuck, Q silent, X limit"},
    {"", 0x250a, false, STYLE_BAND, "now, in a chart: dots beyond are a forecast"},
    {"", 0x25b2, false, STYLE_FADING, "at a chart's edge: what is outside it"},
};

static const struct help_line colours[] = {
    {"", BLOCK, true, STYLE_ALARM, "alarm: it has just happened"},
    {"", BLOCK, true, STYLE_FADING, "an alarm of the last minute"},
    {"", BLOCK, true, STYLE_WARN, "worth a look: late, stuck, a notice"},
    {"", BLOCK, true, STYLE_GOOD, "online, back again"},
    {"", BLOCK, true, STYLE_SIM, "simulated"},
    {"", BLOCK, true, STYLE_ACCENT, "names of panes and groups"},
    {"", BLOCK, true, STYLE_SPARK, "values of a series that is heard"},
    {"", BLOCK, true, STYLE_SPARK_OFF, "values of one that is silent"},
    {"", BLOCK, true, STYLE_AHEAD, "forecast"},
    {"", BLOCK, true, STYLE_DIM, "all is usual; what is not of the moment"},
};

static bool has(const char *text, const char *wanted)
{
    char folded[TEXT], word[TEXT];
    query_fold(folded, sizeof folded, text);
    query_fold(word, sizeof word, wanted);
    return strstr(folded, word) != NULL;
}

static void add(struct help *help, struct help_line line)
{
    if (help->count < HELP_LINES)
        help->lines[help->count++] = line;
}

static void add_section(struct help *help, const char *title, const struct help_line *lines,
                        size_t count, const char *wanted)
{
    bool titled = false;
    for (size_t i = 0; i < count; i++) {
        if (!has(lines[i].text, wanted))
            continue;
        if (!titled && help->count > 0)
            add(help, (struct help_line){.keys = "", .text = ""});
        if (!titled)
            add(help, (struct help_line){.keys = "", .style = STYLE_ACCENT, .text = title});
        titled = true;
        add(help, lines[i]);
    }
}

void help_fill(struct help *help, const char *wanted)
{
    size_t count;
    const struct key_help *keys = keys_help(&count);
    help->count = 0;
    for (size_t i = 0; i < count; i++)
        if (has(keys[i].keys, wanted) || has(keys[i].does, wanted))
            add(help, (struct help_line){
                          .keys = keys[i].keys, .style = STYLE_STRONG, .text = keys[i].does});
    help->keys = help->count;
    add_section(help, "Glyphs", glyphs, sizeof glyphs / sizeof *glyphs, wanted);
    add_section(help, "Colours", colours, sizeof colours / sizeof *colours, wanted);
}

static int count_lines(const char *wanted)
{
    struct help help;
    int count = 0;
    help_fill(&help, wanted);
    for (int i = 0; i < help.count; i++)
        count += *help.lines[i].keys || help.lines[i].glyph != 0;
    return count;
}

int help_matches(const char *wanted, int *all)
{
    *all = count_lines("");
    return count_lines(wanted);
}
