#include "unit/suites.h"

#include <check.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/batch.h"
#include "core/text.h"
#include "core/xalloc.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

START_TEST(arena_pieces_are_aligned_and_apart)
{
    struct arena arena = {0};
    unsigned char *pieces[500];
    for (size_t i = 0; i < 500; i++) {
        pieces[i] = arena_alloc(&arena, i);
        ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)(i % 251), i);
    }
    for (size_t i = 0; i < 500; i++) {
        for (size_t k = 0; k < i; k++)
            ck_assert_uint_eq(pieces[i][k], i % 251);
    }
    arena_fini(&arena);
}
END_TEST

START_TEST(arena_takes_a_piece_of_any_size)
{
    struct arena arena = {0};
    char *large = arena_alloc(&arena, 5000000);
    char *small = arena_text(&arena, "small", 5);
    memset(large, 'x', 5000000);
    ck_assert_str_eq(small, "small");
    arena_fini(&arena);
}
END_TEST

START_TEST(arena_text_ends_with_nul)
{
    struct arena arena = {0};
    ck_assert_str_eq(arena_text(&arena, "temperature", 4), "temp");
    ck_assert_str_eq(arena_text(&arena, NULL, 0), "");
    arena_fini(&arena);
}
END_TEST

/* The second of two equal rounds comes from one block, and later ones from that same block. */
START_TEST(arena_keeps_its_memory)
{
    struct arena arena = {0};
    void *first = NULL;
    for (int round = 0; round < 5; round++) {
        arena_reset(&arena);
        void *piece = arena_alloc(&arena, 100);
        for (int i = 0; i < 1000; i++)
            memset(arena_alloc(&arena, 100), round, 100);
        if (round >= 1)
            ck_assert_ptr_eq(arena.first, arena.current);
        if (round == 1)
            first = piece;
        if (round > 1)
            ck_assert_ptr_eq(piece, first);
    }
    arena_fini(&arena);
    arena_fini(&arena);
    ck_assert_ptr_null(arena.first);
}
END_TEST

START_TEST(batch_keeps_messages_and_items_together)
{
    struct batch batch = {0};
    char topic[32];
    for (int i = 0; i < 300; i++) {
        snprintf(topic, sizeof topic, "plant/%d", i);
        struct message message = {.topic = topic, .bytes = 7, .qos = 1, .arrival = 1000 + i};
        message.retain = i % 2 == 1;
        batch_open(&batch, &message);
        for (int k = 0; k < i % 4; k++)
            batch_add(&batch, ITEM_READING)->value = i * 10 + k;
    }
    ck_assert_uint_eq(batch.message_count, 300);
    for (size_t i = 0; i < 300; i++) {
        const struct decoded *decoded = &batch.messages[i];
        snprintf(topic, sizeof topic, "plant/%d", (int)i);
        ck_assert_str_eq(decoded->topic, topic);
        ck_assert_uint_eq(decoded->bytes, 7);
        ck_assert_int_eq(decoded->qos, 1);
        ck_assert_int_eq(decoded->retain, i % 2 == 1);
        ck_assert_int_eq(decoded->arrival, 1000 + (int64_t)i);
        ck_assert_uint_eq(decoded->count, i % 4);
        for (size_t k = 0; k < decoded->count; k++)
            ck_assert_double_eq(batch.items[decoded->first + k].value, (double)(i * 10 + k));
    }
    batch_fini(&batch);
}
END_TEST

START_TEST(batch_items_start_zeroed)
{
    struct batch batch = {0};
    struct message message = {.topic = "a"};
    for (int round = 0; round < 2; round++) {
        batch_open(&batch, &message);
        struct item *item = batch_add(&batch, ITEM_FACT);
        ck_assert_int_eq(item->type, ITEM_FACT);
        ck_assert_ptr_null(item->sensor);
        ck_assert_double_eq(item->value, 0);
        item->sensor = "dirt";
        item->value = 7;
        batch_reset(&batch);
        ck_assert_uint_eq(batch.message_count, 0);
        ck_assert_uint_eq(batch.item_count, 0);
    }
    batch_fini(&batch);
}
END_TEST

START_TEST(batch_sanitises_topics)
{
    struct batch batch = {0};
    struct message message = {.topic = "plant/\x1b[2J/temp"};
    const char *topic = batch_open(&batch, &message)->topic;
    ck_assert_ptr_null(strchr(topic, '\x1b'));
    ck_assert_int_eq(strncmp(topic, "plant/·[2J/temp~", 17), 0);
    batch_fini(&batch);
}
END_TEST

START_TEST(batch_copies_text_as_text_does)
{
    static const char *const samples[] = {"", "TEMP_SENSOR_001", "温度", "a\033b", "\xff"};
    struct batch batch = {0};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char expected[TEXT_NAME_BYTES];
        size_t len = strlen(samples[i]);
        text_name(expected, samples[i], len);
        ck_assert_str_eq(batch_name(&batch, samples[i], len), expected);
        text_sanitise(expected, sizeof expected, samples[i], len, 3);
        ck_assert_str_eq(batch_words(&batch, samples[i], len, 3), expected);
    }
    ck_assert_str_eq(batch_words(&batch, "not terminated", 3, 10), "not");
    batch_fini(&batch);
}
END_TEST

START_TEST(xalloc_gives_memory)
{
    char *text = xstrdup("kept");
    text = xrealloc(text, 100);
    ck_assert_str_eq(text, "kept");
    free(text);
    unsigned char *zeroed = xcalloc(10, 10);
    for (int i = 0; i < 100; i++)
        ck_assert_uint_eq(zeroed[i], 0);
    free(zeroed);
    void *empty[] = {xmalloc(0), xcalloc(0, 8), xrealloc(NULL, 0)};
    for (int i = 0; i < 3; i++) {
        ck_assert_ptr_nonnull(empty[i]);
        free(empty[i]);
    }
}
END_TEST

#ifndef SANITIZED
static void say_restored(void)
{
    ck_assert_int_eq(write(STDERR_FILENO, "restored\n", 9), 9);
}

/* In a child: its stderr comes back through a pipe. */
START_TEST(xalloc_failure_restores_says_and_aborts)
{
    char said[512] = "";
    int ends[2], status;
    volatile size_t too_much = SIZE_MAX / 2;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        xalloc_on_failure(say_restored);
        free(xmalloc(too_much));
        _exit(0);
    }
    close(ends[1]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_gt(read(ends[0], said, sizeof said - 1), 0);
    close(ends[0]);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    ck_assert_int_eq(strncmp(said, "restored\n", 9), 0);
    ck_assert_ptr_nonnull(strstr(said, "out of memory"));
}
END_TEST
#endif

Suite *batch_suite(void)
{
    Suite *suite = suite_create("batch");
    TCase *tcase = tcase_create("batch");
    tcase_add_test(tcase, arena_pieces_are_aligned_and_apart);
    tcase_add_test(tcase, arena_takes_a_piece_of_any_size);
    tcase_add_test(tcase, arena_text_ends_with_nul);
    tcase_add_test(tcase, arena_keeps_its_memory);
    tcase_add_test(tcase, batch_keeps_messages_and_items_together);
    tcase_add_test(tcase, batch_items_start_zeroed);
    tcase_add_test(tcase, batch_sanitises_topics);
    tcase_add_test(tcase, batch_copies_text_as_text_does);
    tcase_add_test(tcase, xalloc_gives_memory);
#ifndef SANITIZED
    tcase_add_test(tcase, xalloc_failure_restores_says_and_aborts);
#endif
    suite_add_tcase(suite, tcase);
    return suite;
}
