#include "out/csv_lines.h"

#include <string.h>

void csv_lines_header(struct writer *writer)
{
    writer_text(writer, "timestamp,sensor_id,series,value,unit\n");
}

/* Quoted where a reader could take it apart, or cut the blanks off its ends. */
static void put_field(struct writer *writer, const char *text)
{
    size_t len = strlen(text);
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0' ||
                  (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));
    writer_bytes(writer, "\"", quoted);
    if (len > 0 && strchr("=+-@'", text[0]))
        writer_bytes(writer, "'", 1);
    for (const char *quote; (quote = strchr(text, '"')) != NULL; text = quote + 1) {
        writer_bytes(writer, text, (size_t)(quote - text));
        writer_bytes(writer, "\"\"", 2);
    }
    writer_text(writer, text);
    writer_bytes(writer, "\"", quoted);
}

void csv_lines_outcome(struct writer *writer, const struct outcome *outcome)
{
    char time[TIMESTAMP_TEXT];
    if (outcome->type != OUTCOME_READING)
        return;
    writer_bytes(writer, time, timestamp_format(outcome->time, time));
    writer_bytes(writer, ",", 1);
    put_field(writer, outcome->series->twin->name);
    writer_bytes(writer, ",", 1);
    put_field(writer, outcome->series->name);
    writer_bytes(writer, ",", 1);
    writer_number(writer, outcome->value);
    writer_bytes(writer, ",", 1);
    put_field(writer, outcome->unit);
    writer_text(writer, "\n");
}
