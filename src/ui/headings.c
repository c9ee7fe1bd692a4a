#include "ui/headings.h"

#include "ui/glyph.h"

static const char *const headings[COLUMN_COUNT] = {
    [COLUMN_GLYPH] = "",      [COLUMN_NAME] = "TWIN / SERIES",
    [COLUMN_VALUE] = "VALUE", [COLUMN_UNIT] = "UNIT",
    [COLUMN_TREND] = "",      [COLUMN_Z] = "Z",
    [COLUMN_MEAN] = "MEAN",   [COLUMN_SD] = "σ",
    [COLUMN_MIN] = "MIN",     [COLUMN_MAX] = "MAX",
    [COLUMN_RATE] = "RATE",   [COLUMN_ANOMALIES] = "ANOM",
    [COLUMN_AGE] = "AGE",     [COLUMN_ETA] = "ETA",
};

static const struct {
    enum column column;
    const char *name;
} sorts[SORT_KEYS] = {
    [SORT_STATE] = {COLUMN_GLYPH, "state"}, [SORT_NAME] = {COLUMN_NAME, "twin / series"},
    [SORT_VALUE] = {COLUMN_VALUE, "value"}, [SORT_UNIT] = {COLUMN_UNIT, "unit"},
    [SORT_Z] = {COLUMN_Z, "|z|"},           [SORT_MEAN] = {COLUMN_MEAN, "mean"},
    [SORT_SD] = {COLUMN_SD, "σ"},           [SORT_MIN] = {COLUMN_MIN, "min"},
    [SORT_MAX] = {COLUMN_MAX, "max"},       [SORT_ETA] = {COLUMN_ETA, "ETA"},
    [SORT_RATE] = {COLUMN_RATE, "rate"},    [SORT_ANOMALIES] = {COLUMN_ANOMALIES, "anomalies"},
    [SORT_AGE] = {COLUMN_AGE, "age"},
};

const char *headings_text(enum column column, bool ascii)
{
    return column == COLUMN_SD && ascii ? "SD" : headings[column];
}

bool headings_is_left(enum column column)
{
    return column == COLUMN_GLYPH || column == COLUMN_NAME || column == COLUMN_UNIT ||
           column == COLUMN_TREND;
}

enum column headings_of_sort(enum sort_key sort)
{
    return sorts[sort].column;
}

enum sort_key headings_sort(enum column column)
{
    for (int i = 0; i < SORT_KEYS; i++)
        if (sorts[i].column == column)
            return (enum sort_key)i;
    return SORT_KEYS;
}

const char *headings_sort_name(enum sort_key sort, bool ascii)
{
    return sort == SORT_SD ? glyph_sigma(ascii) : sorts[sort].name;
}

bool headings_sort_descends(enum sort_key sort)
{
    return sort != SORT_NAME && sort != SORT_UNIT && sort != SORT_ETA;
}
