#include "core/query.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "core/nearest.h"
#include "core/text.h"
#include "core/topic.h"

static const struct {
    const char *name;
    enum query_key key;
} keys[] = {
    {"sensor", QUERY_SENSOR},
    {"twin", QUERY_SENSOR},
    {"series", QUERY_SERIES},
    {"topic", QUERY_TOPIC},
    {"unit", QUERY_UNIT},
    {"state", QUERY_STATE},
    {"kind", QUERY_KIND},
    {"severity", QUERY_SEVERITY},
    {"value", QUERY_VALUE},
    {"z", QUERY_Z},
    {"score", QUERY_SCORE},
    {"mean", QUERY_MEAN},
    {"sd", QUERY_SD},
    {"stdev", QUERY_SD},
    {"σ", QUERY_SD},
    {"min", QUERY_MIN},
    {"max", QUERY_MAX},
    {"rate", QUERY_RATE},
    {"age", QUERY_AGE},
    {"count", QUERY_COUNT},
    {"anomalies", QUERY_ANOMALIES},
    {"anom", QUERY_ANOMALIES},
};
#define KEYS (sizeof keys / sizeof *keys)

const char *query_key_name(enum query_key key)
{
    for (size_t i = 0; i < KEYS; i++)
        if (keys[i].key == key)
            return keys[i].name;
    return "";
}

/* A walk over the text of a query. */
struct parser {
    struct query query;
    const char *at;
    size_t used; /* of query.words */
    char *error;
    size_t size;
};

/* Columns as a person counts them, from 1. */
static bool fail(struct parser *parser, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct parser *parser, const char *at, const char *format, ...)
{
    unsigned column = 1;
    for (const char *c = parser->query.text; c < at; c++)
        column += ((unsigned char)*c & 0xC0) != 0x80;
    int used = snprintf(parser->error, parser->size, "column %u: ", column);
    if (used >= 0 && (size_t)used < parser->size) {
        va_list list;
        va_start(list, format);
        vsnprintf(parser->error + used, parser->size - (size_t)used, format, list);
        va_end(list);
    }
    return false;
}

void query_fold(char *out, size_t size, const char *text)
{
    size_t used = 0, left = strlen(text);
    while (left > 0) {
        char folded[4];
        uint32_t code = (unsigned char)*text;
        size_t len = code < 0x80 ? 1 : text_decode(text, left, &code), more = 1;
        if (len == 0) { /* no UTF-8: itself */
            folded[0] = *text;
            len = 1;
        } else if (code < 0x80) {
            folded[0] = (char)(code >= 'A' && code <= 'Z' ? code + 'a' - 'A' : code);
        } else {
            more = text_encode(folded, (uint32_t)towlower((wint_t)code));
        }
        if (used + more >= size)
            break;
        memcpy(out + used, folded, more);
        used += more;
        text += len;
        left -= len;
    }
    if (size > 0)
        out[used] = '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* Bytes of the operator at this place, 0 if there is none. */
static size_t read_op(const char *at, enum query_op *op)
{
    switch (*at) {
    case '=':
        *op = QUERY_IS;
        return at[1] == '=' ? 2 : 1;
    case '!':
        *op = QUERY_IS_NOT;
        return at[1] == '=' ? 2 : 0;
    case '<':
        *op = at[1] == '=' ? QUERY_AT_MOST : QUERY_BELOW;
        return at[1] == '=' ? 2 : 1;
    case '>':
        *op = at[1] == '=' ? QUERY_AT_LEAST : QUERY_ABOVE;
        return at[1] == '=' ? 2 : 1;
    default:
        return 0;
    }
}

/* A word in quotes (\" and \\ stand for themselves in it) or up to a blank, or an operator where
 * one may follow. out has QUERY_TEXT bytes. */
static bool read_word(struct parser *parser, bool before_op, char *out, bool *quoted)
{
    const char *start = parser->at;
    enum query_op op;
    size_t used = 0;
    *quoted = *parser->at == '"';
    if (!*quoted) {
        while (*parser->at && !is_blank(*parser->at) &&
               !(before_op && read_op(parser->at, &op) > 0))
            out[used++] = *parser->at++;
        out[used] = '\0';
        return true;
    }
    parser->at++;
    while (*parser->at && *parser->at != '"') {
        if (*parser->at == '\\' && (parser->at[1] == '"' || parser->at[1] == '\\'))
            parser->at++;
        out[used++] = *parser->at++;
    }
    out[used] = '\0';
    if (*parser->at != '"')
        return fail(parser, start, "the closing \" is missing");
    parser->at++;
    return true;
}

/* Keeps a text; folded may be as long again. */
static uint16_t keep(struct parser *parser, const char *text, bool folded)
{
    uint16_t at = (uint16_t)parser->used;
    char *to = parser->query.words + at;
    size_t room = sizeof parser->query.words - at;
    if (folded)
        query_fold(to, room, text);
    else
        snprintf(to, room, "%s", text);
    parser->used += strlen(to) + 1;
    return at;
}

static struct query_term *add_term(struct parser *parser, enum query_key key, bool negated)
{
    struct query_term *term = &parser->query.terms[parser->query.count++];
    *term = (struct query_term){.key = key, .negated = negated};
    parser->query.uses |= QUERY_USES(key);
    return term;
}

/* "5 min" is not one number, so units stand right behind it; as the AGE column writes them:
 * "90", "1.5h", "3d02h", "9m04". */
static bool read_duration(const char *text, double *out)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"us", 1e-6}, {"ms", 1e-3}, {"min", 60}, {"s", 1},
                 {"m", 60},    {"h", 3600},  {"d", 86400}};
    double total = 0, unit = 1;
    while (*text) {
        char *end;
        double number = strtod(text, &end);
        if (end == text || *text == '-' || *text == '+')
            return false;
        double before = unit;
        unit = 0;
        for (size_t i = 0; unit == 0 && i < sizeof units / sizeof *units; i++) {
            size_t len = strlen(units[i].name);
            if (strncmp(end, units[i].name, len) == 0) {
                unit = units[i].seconds;
                end += len;
            }
        }
        if (unit == 0 && *end)
            return false;
        if (unit == 0) /* what follows hours are minutes, what follows minutes seconds */
            unit = before == 86400 ? 3600 : before == 3600 ? 60 : 1;
        total += number * unit;
        text = end;
    }
    *out = total;
    return true;
}

/* What a rate's unit makes of it in readings a second; 0 for none. */
static double rate_factor(const char *unit)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"", 1},      {"/s", 1},    {"hz", 1},    {"/m", 60},
                 {"/min", 60}, {"/h", 3600}, {"/d", 86400}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0)
            return 1 / units[i].seconds;
    return 0;
}

/* Takes a thousand, a million or a thousand million from the front of a unit. */
static double take_prefix(const char **unit)
{
    static const char prefixes[] = "kMG";
    const char *prefix = **unit ? strchr(prefixes, **unit) : NULL;
    if (!prefix || (*unit)[1])
        return 1;
    ++*unit;
    return pow(1000, (double)(prefix - prefixes + 1));
}

static bool has_unit(enum query_key key)
{
    return key == QUERY_VALUE || key == QUERY_MEAN || key == QUERY_SD || key == QUERY_MIN ||
           key == QUERY_MAX;
}

static bool read_number(struct parser *parser, const char *at, const char *name, const char *text,
                        struct query_term *term)
{
    char folded[QUERY_TEXT];
    const char *digits = text + (*text == '-' || *text == '+');
    bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    char *end;
    if (!*text)
        return fail(parser, at, "%s is compared with a number, as in %s>3", name, name);
    term->has_sign = digits != text;
    term->number = strtod(text, &end);
    if (!((*digits >= '0' && *digits <= '9') || *digits == '.') || end == text || hex)
        return fail(parser, at, "'%s' is no number", text);
    if (!isfinite(term->number))
        return fail(parser, at, "'%s' is too large", text);
    if (term->key == QUERY_AGE)
        return read_duration(text, &term->number) ||
               fail(parser, at, "'%s' is no duration, as in age>90s, 5m, 1.5h or 2d", text);
    const char *unit = end;
    term->number *= take_prefix(&unit);
    if (term->key == QUERY_RATE) {
        query_fold(folded, sizeof folded, unit);
        term->number *= rate_factor(folded);
        return rate_factor(folded) > 0 ||
               fail(parser, at, "'%s' is no rate, as in rate>2, 6/min or 3/h", text);
    }
    if (term->key == QUERY_Z && strcmp(unit, "σ") == 0)
        unit = "";
    if (*unit && !has_unit(term->key))
        return fail(parser, at, "%s is a plain number, without '%s'", name, unit);
    term->text = keep(parser, unit, false);
    if (*unit)
        parser->query.uses |= QUERY_USES(QUERY_UNIT);
    return true;
}

/* The i-th word of a key that takes words; NULL behind the last, "" for one without a name. */
static const char *word_of(enum query_key key, int i)
{
    switch (key) {
    case QUERY_STATE:
        return i <= STATE_OFFLINE ? state_name((enum state)i) : NULL;
    case QUERY_KIND:
        if (i <= ANOMALY_LIMIT)
            return anomaly_kind_name((enum anomaly_kind)i);
        i -= QUERY_EVENT_KINDS;
        return i < EVENT_TYPES ? event_type_name((enum event_type)i) : NULL;
    default:
        return i <= SEVERITY_ALARM ? severity_name((enum severity)i) : NULL;
    }
}

static bool fail_word(struct parser *parser, const char *at, enum query_key key, const char *name,
                      const char *word)
{
    char message[160];
    struct nearest nearest = {.word = word};
    const char *known;
    if (*word)
        snprintf(message, sizeof message, "no %s '%.40s'", name, word);
    else
        snprintf(message, sizeof message, "%s= what", name);
    for (int i = 0; (known = word_of(key, i)) != NULL; i++)
        if (*word)
            nearest_try(&nearest, known);
    nearest_say(&nearest, message, sizeof message);
    for (int i = 0, first = 1; !nearest.best && (known = word_of(key, i)) != NULL; i++) {
        size_t len = strlen(message);
        if (*known)
            snprintf(message + len, sizeof message - len, "%s%s", first ? ": " : " ", known);
        first &= !*known;
    }
    return fail(parser, at, "%s", message);
}

/* "late,lost" */
static bool read_words(struct parser *parser, const char *at, const char *name, const char *text,
                       struct query_term *term)
{
    char list[QUERY_TEXT];
    query_fold(list, sizeof list, text);
    for (char *word = list, *next; word; word = next) {
        const char *known;
        int i = 0;
        next = strchr(word, ',');
        if (next)
            *next++ = '\0';
        while ((known = word_of(term->key, i)) != NULL && (!*word || strcmp(known, word) != 0))
            i++;
        if (!known)
            return fail_word(parser, at, term->key, name, word);
        term->names |= 1u << i;
    }
    return true;
}

static bool read_value(struct parser *parser, const char *at, const char *name, const char *text,
                       struct query_term *term)
{
    char why[160];
    switch (term->key) {
    case QUERY_STATE:
    case QUERY_KIND:
    case QUERY_SEVERITY:
        return read_words(parser, at, name, text, term);
    case QUERY_TOPIC:
        if (!topic_filter_valid(text, why, sizeof why))
            return fail(parser, at, "topic filter: %s", why);
        term->text = keep(parser, text, false);
        return true;
    case QUERY_UNIT:
        term->text = keep(parser, text, false);
        return true;
    case QUERY_SENSOR:
    case QUERY_SERIES:
    case QUERY_WORD:
        term->text = keep(parser, text, true);
        return true;
    default:
        return read_number(parser, at, name, text, term);
    }
}

static bool fail_key(struct parser *parser, const char *at, const char *name)
{
    char folded[QUERY_TEXT], message[160];
    query_fold(folded, sizeof folded, name);
    struct nearest nearest = {.word = folded};
    for (size_t i = 0; i < KEYS && folded[0] && folded[1]; i++) /* 'a' is not a mistyped 'z' */
        nearest_try(&nearest, keys[i].name);
    snprintf(message, sizeof message, "no key '%.60s'", name);
    nearest_say(&nearest, message, sizeof message);
    if (!nearest.best)
        snprintf(message, sizeof message, "no key '%.60s': a word with < > or = stands in quotes",
                 name);
    return fail(parser, at, "%s", message);
}

/* Behind a name an operator was found: the value, and what it means. */
static bool read_comparison(struct parser *parser, const char *at, const char *name,
                            enum query_op op, bool negated)
{
    char value[QUERY_TEXT], folded[QUERY_TEXT];
    bool quoted;
    size_t i = 0;
    query_fold(folded, sizeof folded, name);
    while (i < KEYS && strcmp(keys[i].name, folded) != 0)
        i++;
    if (i == KEYS)
        return fail_key(parser, at, name);
    parser->at = skip_blanks(parser->at);
    const char *value_at = parser->at;
    if (!read_word(parser, false, value, &quoted))
        return false;
    if (keys[i].key < QUERY_VALUE && op > QUERY_IS_NOT)
        return fail(parser, at, "%s takes = or !=", keys[i].name);
    if (!*value && !quoted && keys[i].key < QUERY_STATE)
        return fail(parser, value_at, "%s= what", keys[i].name);
    struct query_term *term = add_term(parser, keys[i].key, negated);
    term->op = op;
    return read_value(parser, value_at, keys[i].name, value, term);
}

static bool read_term(struct parser *parser)
{
    char word[QUERY_TEXT];
    const char *at = parser->at;
    enum query_op op;
    bool negated = false, quoted;
    for (; *parser->at == '!' && parser->at[1] != '='; parser->at++)
        negated = !negated;
    if (parser->at != at && (!*parser->at || is_blank(*parser->at)))
        return fail(parser, at, "'!' stands right before what it negates");
    if (parser->query.count == QUERY_TERMS)
        return fail(parser, at, "more than %d terms", QUERY_TERMS);
    const char *word_at = parser->at;
    if (read_op(parser->at, &op) > 0)
        return fail(parser, word_at, "a comparison begins with a name, as in z>3");
    if (!read_word(parser, true, word, &quoted))
        return false;
    const char *behind = quoted ? parser->at : skip_blanks(parser->at);
    size_t op_len = read_op(behind, &op);
    if (quoted && op_len > 0)
        return fail(parser, word_at, "a name to compare stands without quotes");
    if (op_len > 0) {
        parser->at = behind + op_len;
        return read_comparison(parser, word_at, word, op, negated);
    }
    /* Some write the "and" that a blank means. */
    if (!quoted && !negated && parser->query.count > 0 && strcmp(word, "and") == 0)
        return true;
    if (!*word)
        return fail(parser, word_at, "nothing between the quotes");
    struct query_term *term = add_term(parser, QUERY_WORD, negated);
    return read_value(parser, word_at, "", word, term);
}

bool query_parse(struct query *out, const char *text, char *error, size_t size)
{
    struct parser parser = {.error = error, .size = size};
    if (strlen(text) >= sizeof parser.query.text) {
        snprintf(error, size, "longer than %d bytes", QUERY_TEXT - 1);
        return false;
    }
    if (!text_is_utf8(text, strlen(text))) {
        snprintf(error, size, "it is not UTF-8");
        return false;
    }
    snprintf(parser.query.text, sizeof parser.query.text, "%s", text);
    parser.at = skip_blanks(parser.query.text);
    parser.used = 1; /* words[0] is "" */
    while (*parser.at) {
        if (!read_term(&parser))
            return false;
        parser.at = skip_blanks(parser.at);
    }
    *out = parser.query;
    return true;
}

void query_word(struct query *out, const char *text)
{
    struct parser parser = {.used = 1};
    snprintf(parser.query.text, sizeof parser.query.text, "%s", text);
    if (*text)
        add_term(&parser, QUERY_WORD, false)->text = keep(&parser, parser.query.text, true);
    *out = parser.query;
}
