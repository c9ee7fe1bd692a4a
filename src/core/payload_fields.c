#include "core/payload_json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plain.h"
#include "core/xalloc.h"

#define LONGEST_FIELDS 8192 /* bytes that are looked through for fields that nobody announced */
#define MOST_FIELDS 1024
#define LONGEST_KEY 64

/* One field of a text: key (none: len 0) and value. */
struct field {
    const char *key, *value;
    size_t key_len, value_len;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && is_blank((*text)[*len - 1]))
        --*len;
    for (; *len > 0 && is_blank(**text); --*len)
        ++*text;
}

/* Reads the field at *at and steps behind its separator; false at the end. A blank as separator
 * stands for any run of white space. */
static bool next_field(const char *text, size_t len, char separator, size_t *at, struct field *out)
{
    if (*at > len)
        return false;
    size_t end = *at;
    while (end < len && (separator == ' ' ? !is_blank(text[end]) : text[end] != separator))
        end++;
    const char *field = text + *at, *sign = memchr(field, '=', end - *at);
    size_t field_len = end - *at;
    *out = (struct field){.value = field, .value_len = field_len};
    if (sign) {
        *out = (struct field){field, sign + 1, (size_t)(sign - field),
                              field_len - (size_t)(sign - field) - 1};
        trim(&out->key, &out->key_len);
    }
    trim(&out->value, &out->value_len);
    *at = end + 1;
    while (separator == ' ' && *at < len && is_blank(text[*at]))
        ++*at;
    return true;
}

static bool is_key(const char *key, size_t len)
{
    if (len == 0 || len > LONGEST_KEY || !(isalpha((unsigned char)*key) || *key == '_'))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)key[i]) && !strchr("_-.", key[i]))
            return false;
    return true;
}

/* Is all of the text k=v with this separator, with a number among the values, and no text that says
 * something else when it is read otherwise? */
static bool are_pairs(const char *text, size_t len, char separator)
{
    struct field field;
    size_t at = 0, count = 0, numbers = 0;
    while (next_field(text, len, separator, &at, &field)) {
        if (field.key_len == 0 && field.value_len == 0 && at > len && count > 0)
            break; /* a separator at the end */
        if (!is_key(field.key, field.key_len) || memchr(field.value, '=', field.value_len))
            return false;
        numbers += plain_read(field.value, field.value_len).kind == PLAIN_NUMBER;
        count++;
    }
    return count >= 2 && numbers >= 1 && count <= MOST_FIELDS;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A copy with its end, "+" and "%41" undone for forms. */
static char *copy_field(const char *text, size_t len, bool form)
{
    char *copy = xmalloc(len + 1);
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (form && c == '+') {
            c = ' ';
        } else if (form && c == '%' && i + 2 < len && hex_digit(text[i + 1]) >= 0 &&
                   hex_digit(text[i + 2]) >= 0) {
            c = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        copy[used++] = c;
    }
    copy[used] = '\0';
    return copy;
}

/* As an object of strings; a field without a key is called by its number. */
static cJSON *make_object(const char *text, size_t len, char separator)
{
    cJSON *root = cJSON_CreateObject();
    struct field field;
    size_t at = 0;
    for (size_t i = 0; i < MOST_FIELDS && next_field(text, len, separator, &at, &field); i++) {
        char number[24];
        if (field.key_len == 0 && field.value_len == 0)
            continue;
        char *key = copy_field(field.key_len > 0 ? field.key : "", field.key_len, separator == '&');
        char *value = copy_field(field.value, field.value_len, separator == '&');
        snprintf(number, sizeof number, "%zu", i);
        cJSON_AddStringToObject(root, *key ? key : number, value);
        free(key);
        free(value);
    }
    return root;
}

static void tell_fields(struct decoding *decoding, char separator)
{
    decoding->plain = false;
    cJSON *root = make_object(decoding->text, decoding->len, separator);
    json_tell(decoding, root);
    cJSON_Delete(root);
}

bool decode_pairs(struct decoding *decoding)
{
    if (decoding->len > LONGEST_FIELDS || !memchr(decoding->text, '=', decoding->len))
        return false;
    for (const char *separator = "&;,\n "; *separator; separator++) {
        if (!memchr(decoding->text, *separator, decoding->len) ||
            !are_pairs(decoding->text, decoding->len, *separator))
            continue;
        decoding_trace(decoding, "decoder", "", "key=value, parted by '%c'", *separator);
        tell_fields(decoding, *separator);
        return true;
    }
    return false;
}

bool decode_split(struct decoding *decoding)
{
    if (decoding->mapping->split == SPLIT_NONE)
        return false;
    decoding_trace(decoding, "decoder", "", "the mapping's split");
    switch (decoding->mapping->split) {
    case SPLIT_LINE:
        return decode_line(decoding);
    case SPLIT_FORM:
        tell_fields(decoding, '&');
        return true;
    case SPLIT_SEMICOLON:
        tell_fields(decoding, ';');
        return true;
    default:
        tell_fields(decoding, ',');
        return true;
    }
}
