#include "ui/columns.h"

#include <stdio.h>
#include <string.h>

#include "core/nearest.h"

static const char *const names[COLUMN_COUNT] = {
    [COLUMN_VALUE] = "value", [COLUMN_UNIT] = "unit",
    [COLUMN_TREND] = "trend", [COLUMN_Z] = "z",
    [COLUMN_MEAN] = "mean",   [COLUMN_SD] = "sd",
    [COLUMN_MIN] = "min",     [COLUMN_MAX] = "max",
    [COLUMN_RATE] = "rate",   [COLUMN_ANOMALIES] = "anomalies",
    [COLUMN_ETA] = "eta",     [COLUMN_AGE] = "age",
};

const char *columns_name(enum column column)
{
    return names[column];
}

void columns_init(struct columns *columns)
{
    *columns = (struct columns){.order = {COLUMN_GLYPH}};
    for (int i = 0; i < COLUMN_COUNT; i++)
        columns->order[i] = (enum column)i;
}

static int find(const char *word, struct nearest *nearest)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (!names[i])
            continue;
        nearest_try(nearest, names[i]);
        if (strcmp(word, names[i]) == 0)
            return i;
    }
    return -1;
}

/* What was not named comes last, hidden. */
static void add_rest(struct columns *columns, int count, const bool *named)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (named[i])
            continue;
        columns->hidden[i] = true;
        columns->order[count++] = (enum column)i;
    }
}

bool columns_parse(const char *text, struct columns *columns, char *error, size_t size)
{
    bool named[COLUMN_COUNT] = {[COLUMN_GLYPH] = true, [COLUMN_NAME] = true};
    int count = 2;
    char word[32];
    columns_init(columns);
    if (!*text || strcmp(text, "all") == 0)
        return true;
    while (*text) {
        text += strspn(text, " ,");
        size_t len = strcspn(text, " ,");
        if (len == 0)
            break;
        snprintf(word, sizeof word, "%.*s", (int)len, text);
        text += len;
        struct nearest nearest = {.word = word};
        int which = find(word, &nearest);
        if (which < 0 || named[which]) {
            snprintf(error, size, "%s column '%s'", which < 0 ? "unknown" : "twice the same", word);
            if (which < 0)
                nearest_say(&nearest, error, size);
            return false;
        }
        named[which] = true;
        columns->order[count++] = (enum column)which;
    }
    add_rest(columns, count, named);
    return true;
}

void columns_print(const struct columns *columns, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < COLUMN_COUNT; i++) {
        enum column column = columns->order[i];
        if (names[column] && !columns->hidden[column] && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? "," : "",
                                     names[column]);
    }
}
