#include "out/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "core/xalloc.h"

#define RATE_SECONDS 10 /* messages a second are the mean over so many */

enum column {
    COLUMN_NAME,
    COLUMN_VALUE,
    COLUMN_UNIT,
    COLUMN_Z,
    COLUMN_MEAN,
    COLUMN_SD,
    COLUMN_MIN,
    COLUMN_MAX,
    COLUMN_RATE,
    COLUMN_ANOM,
    COLUMN_AGE,
    COLUMN_STATE,
    COLUMNS_,
};

static const struct {
    const char *title;
    bool left; /* words are flush left, numbers flush right */
} columns[COLUMNS_] = {
    [COLUMN_NAME] = {"TWIN/SERIES", true}, [COLUMN_VALUE] = {"VALUE", false},
    [COLUMN_UNIT] = {"UNIT", true},        [COLUMN_Z] = {"Z", false},
    [COLUMN_MEAN] = {"MEAN", false},       [COLUMN_SD] = {"SD", false},
    [COLUMN_MIN] = {"MIN", false},         [COLUMN_MAX] = {"MAX", false},
    [COLUMN_RATE] = {"RATE", false},       [COLUMN_ANOM] = {"ANOM", false},
    [COLUMN_AGE] = {"AGE", false},         [COLUMN_STATE] = {"STATE", true},
};

#define CELL_TEXT (2 * TEXT_NAME_BYTES) /* holds twin/series */

struct line {
    char cells[COLUMNS_][CELL_TEXT];
};

static void put_value(char *out, double value)
{
    snprintf(out, CELL_TEXT, "%.6g", value);
}

/* Decimals that go with the deviation, so that a column of one series does not jitter. */
static void put_statistic(char *out, const struct row *row, double value)
{
    if (!(row->stdev > 0) || fabs(value) >= 1e6)
        put_value(out, value);
    else if (row->stdev >= 10)
        snprintf(out, CELL_TEXT, "%.1f", value);
    else if (row->stdev >= 0.01)
        snprintf(out, CELL_TEXT, "%.3f", value);
    else
        put_value(out, value);
}

static void put_age(char *out, timestamp age)
{
    double seconds = (double)age / (double)TIMESTAMP_SECOND;
    if (age == TIMESTAMP_NONE)
        snprintf(out, CELL_TEXT, "-");
    else if (seconds < 100)
        snprintf(out, CELL_TEXT, "%.1fs", seconds > 0 ? seconds : 0);
    else if (seconds < 6000)
        snprintf(out, CELL_TEXT, "%.0fm", floor(seconds / 60));
    else if (seconds < 360000)
        snprintf(out, CELL_TEXT, "%.0fh", floor(seconds / 3600));
    else
        snprintf(out, CELL_TEXT, "%.0fd", floor(seconds / 86400));
}

static void fill_line(struct line *line, const struct row *row)
{
    snprintf(line->cells[COLUMN_NAME], CELL_TEXT, "%s/%s", row->twin, row->name);
    put_value(line->cells[COLUMN_VALUE], row->value);
    snprintf(line->cells[COLUMN_UNIT], CELL_TEXT, "%s", row->unit != NULL ? row->unit : "");
    if (row->has_z)
        snprintf(line->cells[COLUMN_Z], CELL_TEXT, "%+.1f", row->z);
    else
        snprintf(line->cells[COLUMN_Z], CELL_TEXT, "-");
    put_statistic(line->cells[COLUMN_MEAN], row, row->mean);
    put_statistic(line->cells[COLUMN_SD], row, row->stdev);
    put_value(line->cells[COLUMN_MIN], row->min);
    put_value(line->cells[COLUMN_MAX], row->max);
    if (row->rate > 0)
        snprintf(line->cells[COLUMN_RATE], CELL_TEXT, "%.3g/s", row->rate);
    else
        snprintf(line->cells[COLUMN_RATE], CELL_TEXT, "-");
    snprintf(line->cells[COLUMN_ANOM], CELL_TEXT, "%" PRIu64, row->anomalies);
    put_age(line->cells[COLUMN_AGE], row->age);
    snprintf(line->cells[COLUMN_STATE], CELL_TEXT, "%s%s", state_name(row->state),
             row->simulated ? " (simulated)" : "");
}

static void put_blanks(struct writer *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        writer_bytes(writer, " ", 1);
}

static void put_line(struct writer *writer, const char *const *cells, const unsigned *widths)
{
    for (int i = 0; i < COLUMNS_; i++) {
        unsigned width = text_width(cells[i]);
        unsigned blanks = widths[i] > width ? widths[i] - width : 0;
        put_blanks(writer, (i > 0 ? 2 : 0) + (columns[i].left ? 0 : blanks));
        writer_text(writer, cells[i]);
        if (columns[i].left && i + 1 < COLUMNS_)
            put_blanks(writer, blanks);
    }
    writer_text(writer, "\n");
}

static void put_rows(struct writer *writer, const struct snapshot *snapshot)
{
    unsigned widths[COLUMNS_];
    const char *cells[COLUMNS_];
    for (int i = 0; i < COLUMNS_; i++)
        widths[i] = (unsigned)strlen(columns[i].title);

    struct line *line = xmalloc(sizeof(*line));
    for (uint32_t row = 0; row < snapshot->row_count; row++) {
        fill_line(line, &snapshot->rows[row]);
        for (int i = 0; i < COLUMNS_; i++) {
            unsigned width = text_width(line->cells[i]);
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    for (int i = 0; i < COLUMNS_; i++)
        cells[i] = columns[i].title;
    put_line(writer, cells, widths);
    for (uint32_t row = 0; row < snapshot->row_count; row++) {
        fill_line(line, &snapshot->rows[row]);
        for (int i = 0; i < COLUMNS_; i++)
            cells[i] = line->cells[i];
        put_line(writer, cells, widths);
    }
    free(line);
}

static const char *connection_word(enum connection_state state)
{
    switch (state) {
    case CONNECTION_NONE:
        return "not connected";
    case CONNECTION_TRYING:
        return "connecting to";
    case CONNECTION_LIVE:
        return "live";
    case CONNECTION_WAITING:
        return "waiting for";
    case CONNECTION_REPLAYING:
        return "replaying";
    case CONNECTION_ENDED:
        return "ended";
    }
    return "";
}

/* The mean over the last whole seconds; the second that is still running would read too low, and so
 * would the seconds before the very first message. */
static double message_rate(const struct snapshot *snapshot)
{
    const struct fleet_totals *totals = &snapshot->totals;
    timestamp now = snapshot->now / TIMESTAMP_SECOND;
    uint64_t sum = 0;
    timestamp heard = RATE_SECONDS;
    for (timestamp back = 1; back <= RATE_SECONDS; back++) {
        timestamp second = now - back;
        if (second < 0 || second > totals->rate_at ||
            second <= totals->rate_at - FLEET_RATE_SECONDS)
            continue;
        uint32_t count = totals->rate[second % FLEET_RATE_SECONDS];
        sum += count;
        if (count > 0 && sum + totals->rate[now % FLEET_RATE_SECONDS] >= totals->messages)
            heard = back;
    }
    return (double)sum / (double)heard;
}

static void put_head(struct writer *writer, const struct snapshot *snapshot,
                     const struct connection *connection)
{
    const struct fleet_totals *totals = &snapshot->totals;
    char time[TIMESTAMP_TEXT];
    timestamp_format(snapshot->now, time);
    writer_format(writer, "dt-top %.19sZ  %s", time, connection_word(connection->state));
    if (connection->where[0] != '\0')
        writer_format(writer, " %s", connection->where);
    writer_format(writer, "  twins %u  series %u  messages/s %.1f  malformed %" PRIu64,
                  totals->twins, totals->series, message_rate(snapshot), totals->malformed);
    if (totals->overflow > 0)
        writer_format(writer, "  dropped %" PRIu64, totals->overflow);
    writer_text(writer, "\n");
    if (connection->reason[0] != '\0')
        writer_format(writer, "%s\n", connection->reason);
}

void table_print(struct writer *writer, const struct snapshot *snapshot,
                 const struct connection *connection)
{
    put_head(writer, snapshot, connection);
    put_rows(writer, snapshot);
}
