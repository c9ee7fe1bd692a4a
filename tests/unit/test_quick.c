/* The quick reader of JSON documents against cJSON itself: where it reads one, the trees are the
 * same to the last bit. */
#include "unit/suites.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_scan.h"
#include "core/payload_quick.h"
#include "core/random.h"

#define MAX_DEPTH 32
#define TEXT_BYTES 256

static bool same_text(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

static void check_same(const cJSON *mine, const cJSON *other, const char *text)
{
    for (; mine && other; mine = mine->next, other = other->next) {
        ck_assert_msg(mine->type == other->type && mine->valueint == other->valueint &&
                          memcmp(&mine->valuedouble, &other->valuedouble, sizeof(double)) == 0 &&
                          same_text(mine->string, other->string) &&
                          same_text(mine->valuestring, other->valuestring),
                      "another tree of %s", text);
        ck_assert(!mine->prev == !other->prev);
        ck_assert(!mine->next || mine->next->prev == mine);
        check_same(mine->child, other->child, text);
    }
    ck_assert_msg(!mine && !other, "more or fewer members in %s", text);
}

/* Reads it as the decoder would; returns whether the quick reader did. */
static bool compare(const char *text)
{
    struct json_scan scan;
    struct arena memory = {0};
    size_t len = strlen(text);
    const char *end = NULL;
    char *bare = malloc(len > 0 ? len : 1); /* so that a sanitizer sees a step beyond it */

    ck_assert_ptr_nonnull(bare);
    memcpy(bare, text, len);
    cJSON *mine = NULL;
    if (json_scan(bare, len, MAX_DEPTH, &scan) && scan.plain)
        mine = quick_read(&memory, bare, len);
    cJSON *other = cJSON_ParseWithLengthOpts(bare, len, &end, false);
    bool read = mine != NULL;
    ck_assert_msg(!read || (other && end == bare + len), "read, but wrong: %s", text);
    if (read)
        check_same(mine, other, text);
    cJSON_Delete(other);
    arena_fini(&memory);
    free(bare);
    return read;
}

static const char *const usual[] = {
    "{}",
    "[]",
    "[ ]",
    "{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }",
    "{\"a\":1,\"a\":2}",
    "{\"\":\"\"}",
    "[0,-0,-0.0,0.0,7,-7,2147483647,2147483648,-2147483648,-2147483649]",
    "[22.4,0.1,0.3,1.005,-17.25,1e5,1E-7,1.5e+300,1e400,-1e400,4.9e-324]",
    "[123456789012345,1234567890123456,12345678901234567890,0.123456789012345]",
    "[22.400000000000002,0.1234567890123456789,1732312345.678901,9007199254740993]",
    "[true,false,null,[],{},[[]],{\"a\":{\"b\":{\"c\":null}}}]",
    "{\"text\":\"with, {all} [of] it: 1\"}",
};

START_TEST(reads_what_is_usual)
{
    ck_assert_msg(compare(usual[_i]), "not read: %s", usual[_i]);
}
END_TEST

static const char *const others[] = {
    "",
    "1",
    "\"text\"",
    "{",
    "[",
    "[1",
    "{\"a\"",
    "{\"a\":",
    "[1,]",
    "{\"a\":1,}",
    "[,]",
    "{1:2}",
    "{a:1}",
    "[01]",
    "[1.]",
    "[.5]",
    "[+1]",
    "[-]",
    "[1e]",
    "[0x10]",
    "[nan]",
    "[1] ",
    "{}  ",
    " []",
    "[1 2]",
    "[\"a\"b]",
    "[1]]",
    "[1]x",
    "[truth]",
    "[tru",
    "{\"a\"}",
    "[\"a]",
    "[1}",
    "{\"a\":1]",
    "[\"\\n\"]",
    "[\"\xc3\xa4\"]",
    "[1\n]",
    "[1e5.5]",
    "[\"a\",\"b]",
    "[1234567890123456789012345678901234567890123456789012345678901234567890]",
};

START_TEST(leaves_all_else)
{
    ck_assert_msg(!compare(others[_i]), "read: %s", others[_i]);
}
END_TEST

static void add(char text[TEXT_BYTES], const char *piece)
{
    size_t len = strlen(text);
    snprintf(text + len, TEXT_BYTES - len, "%s", piece);
}

/* Pieces of documents in any order are mostly wrong, in every way; with luck they are right. */
START_TEST(agrees_with_cjson)
{
    static const char *const pieces[] = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\":",
        "\"",
        "1",
        "-",
        "0",
        "0.5",
        "e5",
        "E-",
        ".",
        "12345678901234567",
        "true",
        "false",
        "null",
        " ",
        "x",
        "1.5",
        "},",
        "],",
        "{\"k\":",
        "[[",
        "]]",
        "}}",
    };
    struct random random;
    unsigned read = 0;

    random_init(&random, (uint64_t)_i);
    for (int i = 0; i < 20000; i++) {
        char text[TEXT_BYTES] = "";
        unsigned count = 1 + (unsigned)(random_next(&random) % 12);
        add(text, random_next(&random) % 2 ? "[" : "{\"k\":");
        for (unsigned k = 0; k < count; k++)
            add(text, pieces[random_next(&random) % (sizeof(pieces) / sizeof(*pieces))]);
        add(text, text[0] == '[' ? "]" : "}");
        read += compare(text);
    }
    ck_assert_uint_gt(read, 100);
}
END_TEST

/* Every way to write a number of up to 20 digits. */
START_TEST(numbers_are_rounded_as_strtod_does)
{
    struct random random;

    random_init(&random, 7);
    for (int i = 0; i < 100000; i++) {
        char text[64];
        uint64_t digits = random_next(&random) >> (random_next(&random) % 64);
        size_t len = (size_t)snprintf(text, sizeof(text), "[%s%llu", i % 3 ? "" : "-",
                                      (unsigned long long)digits);
        size_t decimals = (size_t)(random_next(&random) % 18);
        if (decimals > 0)
            len += (size_t)snprintf(text + len, sizeof(text) - len, ".%0*llu", (int)decimals,
                                    (unsigned long long)(random_next(&random) % 1000000));
        snprintf(text + len, sizeof(text) - len, "]");
        ck_assert_msg(compare(text), "not read: %s", text);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *quick_suite(void)
{
    Suite *suite = suite_create("quick");
    TCase *tests = tcase_create("quick");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, reads_what_is_usual, 0, COUNT(usual));
    tcase_add_loop_test(tests, leaves_all_else, 0, COUNT(others));
    tcase_add_loop_test(tests, agrees_with_cjson, 0, 3);
    tcase_add_test(tests, numbers_are_rounded_as_strtod_does);
    suite_add_tcase(suite, tests);
    return suite;
}
