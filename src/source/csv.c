#include "source/csv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define UNIT_COLUMNS 32

/* Takes blanks off both ends. */
static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL)
        len--;
    text[len] = '\0';
    return text;
}

/* Unquotes the field at text in place; returns what follows it (a comma, the end, or junk), NULL if
 * the quote never ends. */
static char *unquote(char *text)
{
    char *to = text;
    for (char *from = text + 1; *from != '\0'; from++) {
        if (*from == '"' && *++from != '"') {
            *to = '\0';
            return from + strspn(from, " \t\r");
        }
        *to++ = *from;
    }
    return NULL;
}

/* Cuts a line into its fields, in place. Returns how many there are, -1 if it is no CSV. */
static int split_fields(char *line, char *fields[CSV_FIELDS])
{
    int count = 0;
    for (;;) {
        if (count == CSV_FIELDS)
            return -1;
        char *field = line + strspn(line, " \t");
        bool quoted = *field == '"';
        char *end;
        if (quoted) {
            end = unquote(field);
            if (end == NULL || (*end != ',' && *end != '\0'))
                return -1;
        } else {
            end = field + strcspn(field, ",");
        }
        bool last = *end == '\0';
        *end = '\0';
        fields[count++] = quoted ? field : trim(field);
        if (last)
            return count;
        line = end + 1;
    }
}

bool csv_read_header(const char *line, size_t len, struct csv_columns *out)
{
    static const char mark[] = "\xef\xbb\xbf";
    char copy[1024];
    if (len >= 3 && memcmp(line, mark, 3) == 0) {
        line += 3;
        len -= 3;
    }
    if (len >= sizeof(copy) || memchr(line, '\0', len) != NULL)
        return false;
    memcpy(copy, line, len);
    copy[len] = '\0';

    char *fields[CSV_FIELDS];
    int count = split_fields(copy, fields);
    *out =
        (struct csv_columns){.timestamp = -1, .sensor = -1, .series = -1, .value = -1, .unit = -1};
    const struct {
        const char *name;
        int *column;
    } known[] = {{"timestamp", &out->timestamp},
                 {"sensor_id", &out->sensor},
                 {"series", &out->series},
                 {"value", &out->value},
                 {"unit", &out->unit}};
    for (int i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
            if (*known[k].column < 0 && strcasecmp(fields[i], known[k].name) == 0)
                *known[k].column = i;
        }
    }
    return out->timestamp >= 0 && out->value >= 0;
}

/* A whole decimal number. Words that strtod() would take ("inf", "0x10") are none. */
static bool read_number(const char *text, double *out)
{
    char *end;
    if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
        return false;
    *out = strtod(text, &end);
    return *end == '\0' && isfinite(*out);
}

static bool read_time(const char *text, timestamp *out)
{
    double epoch;
    return timestamp_parse(text, strlen(text), out) ||
           (read_number(text, &epoch) && timestamp_from_epoch(epoch, out));
}

/* A column's text; NULL where the row has none. */
static const char *text_in(char *const *fields, int count, int column)
{
    if (column < 0 || column >= count || fields[column][0] == '\0')
        return NULL;
    const char *text = fields[column];
    return text[0] == '\'' && text[1] != '\0' && strchr("=+-@'", text[1]) ? text + 1 : text;
}

bool csv_read_row(const struct csv_columns *columns, char *line, size_t len, struct csv_row *out,
                  char *error, size_t size)
{
    char *fields[CSV_FIELDS];
    *out = (struct csv_row){.unit = ""};
    if (memchr(line, '\0', len) != NULL) {
        snprintf(error, size, "a NUL in it");
        return false;
    }
    int count = split_fields(line, fields);
    if (count < 0) {
        snprintf(error, size, "a quote is not closed, or there are too many columns");
        return false;
    }
    if (columns->timestamp >= count || columns->value >= count || columns->sensor >= count) {
        snprintf(error, size, "%d columns only, fewer than in the header", count);
        return false;
    }
    if (!read_time(fields[columns->timestamp], &out->time)) {
        snprintf(error, size, "the timestamp is neither ISO 8601 nor an epoch number");
        return false;
    }
    out->sensor = text_in(fields, count, columns->sensor);
    out->series = text_in(fields, count, columns->series);
    const char *unit = text_in(fields, count, columns->unit);
    out->unit = unit != NULL ? unit : "";
    out->empty = fields[columns->value][0] == '\0';
    if (!out->empty && !read_number(fields[columns->value], &out->value)) {
        snprintf(error, size, "the value is not a number");
        return false;
    }
    return true;
}

void csv_add(const struct csv_row *row, const char *name, const struct message *message,
             struct batch *batch)
{
    batch_open(batch, message);
    struct item *item = batch_add(batch, ITEM_READING);
    const char *sensor = row->sensor != NULL ? row->sensor : name;
    item->sensor = batch_name(batch, sensor, strlen(sensor));
    item->series = row->series != NULL   ? batch_name(batch, row->series, strlen(row->series))
                   : row->sensor != NULL ? "value"
                                         : item->sensor;
    item->path = row->series != NULL ? item->series : "value";
    item->unit = batch_words(batch, row->unit, strlen(row->unit), UNIT_COLUMNS);
    item->value = row->value;
    item->time = row->time;
}
