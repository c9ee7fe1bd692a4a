#include "core/query.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/topic.h"
#include "core/unit.h"

#define FOLDED (2 * TEXT_NAME_BYTES) /* holds any name in lower case */

/* Does the text match a pattern in which * is any text, also none? */
static bool matches_pattern(const char *pattern, const char *text)
{
    const char *star = NULL, *back = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            back = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++back;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static bool is_name(const char *pattern, const char *name)
{
    char folded[FOLDED];
    query_fold(folded, sizeof folded, name);
    return matches_pattern(pattern, folded);
}

/* As on the screen, so that a word may span the slash between twin and series. */
static bool has_word(const char *word, const struct query_row *row)
{
    char folded[2 * FOLDED];
    query_fold(folded, FOLDED, row->twin);
    size_t len = strlen(folded);
    if (*row->series) {
        folded[len++] = '/';
        query_fold(folded + len, FOLDED, row->series);
    }
    if (strstr(folded, word))
        return true;
    query_fold(folded, sizeof folded, row->topic);
    if (strstr(folded, word))
        return true;
    query_fold(folded, sizeof folded, row->text);
    return strstr(folded, word) != NULL;
}

static bool is_unit(const char *asked, const char *unit)
{
    return strcmp(asked, unit) == 0 || strcmp(unit_symbol(asked), unit_symbol(unit)) == 0;
}

static bool compare(const struct query *query, const struct query_term *term,
                    const struct query_row *row)
{
    double value = QUERY_NUMBER(row, term->key);
    bool met = false;
    if (isnan(value))
        return false;
    if (term->key == QUERY_Z && !term->has_sign)
        value = fabs(value);
    switch (term->op) {
    case QUERY_IS:
        met = value == term->number;
        break;
    case QUERY_IS_NOT:
        met = value != term->number;
        break;
    case QUERY_BELOW:
        met = value < term->number;
        break;
    case QUERY_AT_MOST:
        met = value <= term->number;
        break;
    case QUERY_ABOVE:
        met = value > term->number;
        break;
    case QUERY_AT_LEAST:
        met = value >= term->number;
        break;
    }
    const char *unit = query->words + term->text;
    return met && (!*unit || is_unit(unit, row->unit));
}

/* An anomaly has two kinds: that it is one, and which. */
static bool is_kind(uint32_t names, const struct query_row *row)
{
    int event = row->event >= 0 || row->kind == ANOMALY_NONE ? row->event : EVENT_ANOMALY;
    return (names >> row->kind & 1) || (event >= 0 && (names >> (QUERY_EVENT_KINDS + event) & 1));
}

static bool meets(const struct query *query, const struct query_term *term,
                  const struct query_row *row)
{
    const char *text = query->words + term->text;
    switch (term->key) {
    case QUERY_WORD:
        return has_word(text, row);
    case QUERY_SENSOR:
        return is_name(text, row->twin);
    case QUERY_SERIES:
        return is_name(text, row->series);
    case QUERY_TOPIC:
        return *row->topic && topic_matches(text, row->topic);
    case QUERY_UNIT:
        return is_unit(text, row->unit);
    case QUERY_STATE:
        return row->state >= 0 && (term->names >> row->state & 1);
    case QUERY_KIND:
        return is_kind(term->names, row);
    case QUERY_SEVERITY:
        return term->names >> row->severity & 1;
    default:
        return compare(query, term, row);
    }
}

bool query_matches_keys(const struct query *query, const struct query_row *row, uint32_t keys)
{
    for (unsigned i = 0; i < query->count; i++) {
        const struct query_term *term = &query->terms[i];
        if (!(keys & QUERY_USES(term->key)))
            continue;
        /* For words "is not" is the negation of "is". */
        bool other = term->key < QUERY_VALUE && term->op == QUERY_IS_NOT;
        if (meets(query, term, row) == (term->negated != other))
            return false;
    }
    return true;
}

bool query_matches(const struct query *query, const struct query_row *row)
{
    return query_matches_keys(query, row, UINT32_MAX);
}

void query_row_clear(struct query_row *row)
{
    *row = (struct query_row){
        .twin = "", .series = "", .topic = "", .unit = "", .text = "", .state = -1, .event = -1};
    for (int i = 0; i < QUERY_NUMBERS; i++)
        row->numbers[i] = NAN;
}

static double seconds(timestamp span)
{
    return span > 0 ? (double)span / (double)TIMESTAMP_SECOND : 0;
}

void query_row_series(struct query_row *row, const struct series *series, timestamp now,
                      uint32_t keys)
{
    query_row_clear(row);
    if (keys & QUERY_FIXED) {
        row->twin = series->twin->name;
        row->series = series->name;
        row->topic = series->topic;
        row->unit = series->unit;
    }
    if (keys & QUERY_USES(QUERY_STATE))
        row->state = (int)series_state(series);
    if (keys & (QUERY_USES(QUERY_KIND) | QUERY_USES(QUERY_SEVERITY)) && series->anomalies > 0) {
        row->kind = series->last_kind;
        row->severity = series->last_severity;
    }
    if (keys & QUERY_USES(QUERY_VALUE))
        QUERY_NUMBER(row, QUERY_VALUE) = series->value;
    if (keys & QUERY_USES(QUERY_MEAN))
        QUERY_NUMBER(row, QUERY_MEAN) = series->mean;
    if (keys & QUERY_USES(QUERY_COUNT))
        QUERY_NUMBER(row, QUERY_COUNT) = (double)series->count;
    if (keys & QUERY_USES(QUERY_ANOMALIES))
        QUERY_NUMBER(row, QUERY_ANOMALIES) = (double)series->anomalies;
    if (keys & QUERY_USES(QUERY_Z))
        QUERY_NUMBER(row, QUERY_Z) = series->verdict.z;
    if (keys & QUERY_USES(QUERY_SCORE))
        QUERY_NUMBER(row, QUERY_SCORE) = series->verdict.score;
    timestamp period = keys & QUERY_USES(QUERY_RATE) ? cadence_period(&series->cadence) : 0;
    if (period > 0)
        QUERY_NUMBER(row, QUERY_RATE) = (double)TIMESTAMP_SECOND / (double)period;
    if (keys & QUERY_USES(QUERY_AGE) && !series->retained)
        QUERY_NUMBER(row, QUERY_AGE) = seconds(now - series->arrival);
    if (keys & QUERY_SLOW & ~QUERY_FIXED) {
        struct window_stats stats = window_stats(&series->window);
        QUERY_NUMBER(row, QUERY_SD) = stats.stdev;
        QUERY_NUMBER(row, QUERY_MIN) = stats.min;
        QUERY_NUMBER(row, QUERY_MAX) = stats.max;
    }
}

void query_row_twin(struct query_row *row, const struct twin *twin, timestamp now)
{
    query_row_clear(row);
    row->twin = twin->name;
    row->topic = twin->topic;
    if (twin->presence != STATUS_UNKNOWN)
        row->state = twin->presence == STATUS_ONLINE ? STATE_OK : STATE_OFFLINE;
    QUERY_NUMBER(row, QUERY_AGE) = seconds(now - twin->last_seen);
}

static void take_verdict(struct query_row *row, const struct outcome *outcome)
{
    const struct verdict *verdict = &outcome->verdict;
    QUERY_NUMBER(row, QUERY_VALUE) = outcome->value;
    QUERY_NUMBER(row, QUERY_Z) = verdict->z;
    QUERY_NUMBER(row, QUERY_SCORE) = verdict->score;
    if (verdict->kind != ANOMALY_NONE) {
        row->kind = verdict->kind;
        row->severity = verdict->severity;
    }
}

void query_row_outcome(struct query_row *row, const struct outcome *outcome, uint32_t keys)
{
    query_row_clear(row);
    /* What a sensor's clock says is no age: only a silence has its time from ours. */
    bool silent = outcome->type == OUTCOME_ANOMALY && outcome->verdict.kind == ANOMALY_SILENT;
    if (outcome->series)
        query_row_series(row, outcome->series, silent ? outcome->time : outcome->series->arrival,
                         keys);
    else if (outcome->twin)
        query_row_twin(row, outcome->twin, outcome->time);
    switch (outcome->type) {
    case OUTCOME_READING:
        take_verdict(row, outcome);
        row->state = (int)outcome->state;
        row->unit = outcome->unit;
        row->topic = outcome->topic;
        QUERY_NUMBER(row, QUERY_AGE) = 0;
        break;
    case OUTCOME_ANOMALY:
        take_verdict(row, outcome);
        break;
    case OUTCOME_PRESENCE:
        row->state = outcome->status == STATUS_ONLINE ? STATE_OK : STATE_OFFLINE;
        break;
    case OUTCOME_MALFORMED:
        row->topic = outcome->topic;
        break;
    }
}
