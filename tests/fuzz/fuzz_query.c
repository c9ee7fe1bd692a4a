/* Queries of any bytes: nothing reads past their ends, an error has words and changes nothing, and
 * a query that is understood gives the same answer when it is parsed again, and the other one when
 * a single term of it is negated. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <locale.h>

#include "core/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setlocale(LC_CTYPE, "C.UTF-8");
    return 0;
}

static void require(bool condition)
{
    if (!condition)
        abort();
}

static struct query_row a_row(const char *text)
{
    struct query_row row;
    query_row_clear(&row);
    row.twin = "boiler 1";
    row.series = text;
    row.topic = "plant/boiler/rx";
    row.unit = "Celsius";
    row.state = STATE_LATE;
    row.kind = ANOMALY_DRIFT;
    row.severity = SEVERITY_NOTICE;
    for (int i = 0; i < QUERY_NUMBERS; i++)
        row.numbers[i] = i - 3;
    return row;
}

static void check_negation(const struct query *query, const char *text, const struct query_row *row)
{
    char negated[QUERY_TEXT + 1], error[200];
    struct query other;
    snprintf(negated, sizeof negated, "!%s", text);
    if (query->count == 1 && *text != ' ' && *text != '\t' &&
        query_parse(&other, negated, error, sizeof error))
        require(query_matches(&other, row) != query_matches(query, row));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[200] = "";
    struct query query = {.count = 99}, again;
    char *text = malloc(size + 1);
    require(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    struct query_row row = a_row(text);
    if (!query_parse(&query, text, error, sizeof error)) {
        require(error[0] != '\0' && query.count == 99);
    } else {
        require(query.count <= QUERY_TERMS && strcmp(query.text, text) == 0);
        require(query_parse(&again, query.text, error, sizeof error));
        require(query_matches(&again, &row) == query_matches(&query, &row));
        check_negation(&query, text, &row);
    }
    query_word(&query, text);
    query_matches(&query, &row);
    free(text);
    return 0;
}
