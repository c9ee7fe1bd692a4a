#include "core/payload_quick.h"

#include <float.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_DIGITS 15 /* so many make a whole number that a double holds, ... */
#define LONGEST_NUMBER 60

/* ... and so is each of these: one division, and it is rounded once, as strtod() does. */
static const double powers[EXACT_DIGITS + 1] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* In a copy of the text: a NUL ends it, and takes the place of the quotes that end its strings. */
struct reader {
    char *at;
    struct arena *memory;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct reader *reader)
{
    while (*reader->at == ' ')
        reader->at++;
}

static bool skip(struct reader *reader, char expected)
{
    skip_blanks(reader);
    if (*reader->at != expected)
        return false;
    reader->at++;
    skip_blanks(reader);
    return true;
}

static cJSON *new_item(struct reader *reader, int type)
{
    cJSON *item = arena_alloc(reader->memory, sizeof *item);
    memset(item, 0, sizeof *item);
    item->type = type;
    return item;
}

static char *read_text(struct reader *reader)
{
    if (*reader->at != '"')
        return NULL;
    char *text = reader->at + 1;
    char *end = strchr(text, '"');
    if (!end)
        return NULL;
    *end = '\0';
    reader->at = end + 1;
    return text;
}

static cJSON *number_item(struct reader *reader, double number)
{
    cJSON *item = new_item(reader, cJSON_Number);
    item->valuedouble = number;
    item->valueint = number >= INT_MAX ? INT_MAX : number <= INT_MIN ? INT_MIN : (int)number;
    return item;
}

/* Steps over digits, one at least, and appends them to the whole number. */
static bool read_digits(const char **at, uint64_t *whole)
{
    const char *start = *at;
    for (; is_digit(**at); ++*at)
        *whole = *whole * 10 + (uint64_t)(**at - '0');
    return *at > start;
}

static cJSON *read_number(struct reader *reader)
{
    const char *start = reader->at, *at = start + (*start == '-'), *first = at;
    uint64_t whole = 0;
    size_t decimals = 0, digits;
    if (!read_digits(&at, &whole) || (*first == '0' && at > first + 1))
        return NULL;
    digits = (size_t)(at - first);
    if (*at == '.') {
        const char *point = at++;
        if (!read_digits(&at, &whole))
            return NULL;
        decimals = (size_t)(at - point) - 1;
        digits += decimals;
    }
    if (FLT_EVAL_METHOD == 0 && digits <= EXACT_DIGITS && *at != 'e' && *at != 'E') {
        double number = (double)whole / powers[decimals];
        reader->at += at - start;
        return number_item(reader, *start == '-' ? -number : number);
    }
    char *end;
    double number = strtod(start, &end);
    if (end < at || end - start > LONGEST_NUMBER)
        return NULL;
    reader->at = end;
    return number_item(reader, number);
}

static cJSON *read_word(struct reader *reader)
{
    static const struct {
        const char *word;
        size_t len;
        int type;
    } words[] = {{"true", 4, cJSON_True}, {"false", 5, cJSON_False}, {"null", 4, cJSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strncmp(reader->at, words[i].word, words[i].len) != 0)
            continue;
        reader->at += words[i].len;
        cJSON *item = new_item(reader, words[i].type);
        item->valueint = words[i].type == cJSON_True;
        return item;
    }
    return NULL;
}

static cJSON *read_list(struct reader *reader, int type, char close);

static cJSON *read_value(struct reader *reader)
{
    cJSON *item;
    switch (*reader->at) {
    case '"':
        item = new_item(reader, cJSON_String);
        item->valuestring = read_text(reader);
        return item->valuestring ? item : NULL;
    case '{':
        return read_list(reader, cJSON_Object, '}');
    case '[':
        return read_list(reader, cJSON_Array, ']');
    default:
        if (*reader->at == '-' || is_digit(*reader->at))
            return read_number(reader);
        return read_word(reader);
    }
}

/* Adds the next member; the first one's prev is the last one, as cJSON has it. */
static bool read_member(struct reader *reader, cJSON *list)
{
    char *name = NULL;
    if (list->type == cJSON_Object && (!(name = read_text(reader)) || !skip(reader, ':')))
        return false;
    cJSON *item = read_value(reader);
    if (!item)
        return false;
    item->string = name;
    if (list->child) {
        item->prev = list->child->prev;
        item->prev->next = item;
    } else {
        list->child = item;
    }
    list->child->prev = item;
    return true;
}

static cJSON *read_list(struct reader *reader, int type, char close)
{
    cJSON *list = new_item(reader, type);
    reader->at++;
    if (skip(reader, close))
        return list;
    do {
        if (!read_member(reader, list))
            return NULL;
    } while (skip(reader, ','));
    return skip(reader, close) ? list : NULL;
}

cJSON *quick_read(struct arena *memory, const char *text, size_t len)
{
    if (len == 0 || (text[0] != '{' && text[0] != '[') || text[len - 1] == ' ')
        return NULL;
    char *copy = arena_text(memory, text, len);
    struct reader reader = {copy, memory};
    cJSON *root = read_value(&reader);
    return root && reader.at == copy + len ? root : NULL;
}
