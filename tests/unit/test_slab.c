#include "core/slab.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

#include "unit/suites.h"

#define PIECES 4000

static size_t size_of(unsigned i)
{
    static const size_t sizes[] = {1, 64, 65, 400, 512, 513, 1024, 4024, 65536, 65537, 0};
    return sizes[i % (sizeof sizes / sizeof *sizes)];
}

/* Each piece filled with its own number: one that reached into another would change it. */
START_TEST(pieces_do_not_overlap)
{
    struct slab slab = {0};
    static unsigned char *pieces[PIECES];
    for (unsigned i = 0; i < PIECES; i++) {
        pieces[i] = slab_take(&slab, size_of(i));
        memset(pieces[i], (int)(i % 251), size_of(i));
        if (i % 3 == 2) {
            slab_give(&slab, pieces[i - 1], size_of(i - 1));
            pieces[i - 1] = NULL;
        }
    }
    for (unsigned i = 0; i < PIECES; i++) {
        for (size_t k = 0; pieces[i] && k < size_of(i); k++)
            if (pieces[i][k] != i % 251)
                ck_abort_msg("piece %u was written to at byte %zu", i, k);
        slab_give(&slab, pieces[i], size_of(i));
    }
    slab_fini(&slab);
}
END_TEST

START_TEST(what_is_given_back_serves_again)
{
    struct slab slab = {0};
    void *large = slab_take(&slab, 4096);
    slab_give(&slab, large, 4096);
    ck_assert_ptr_eq(slab_take(&slab, 4000), large);
    slab_give(&slab, large, 4000);
    /* A smaller one, too, once the block has nothing left: it is cut up. */
    uintptr_t from = (uintptr_t)large, cut = 0;
    for (int i = 0; i < 256 * 1024 / 512 && cut == 0; i++) {
        uintptr_t piece = (uintptr_t)slab_take(&slab, 512);
        cut = piece >= from && piece < from + 4096 ? piece : 0;
    }
    ck_assert_uint_ne(cut, 0);
    slab_fini(&slab);
}
END_TEST

START_TEST(pieces_begin_on_a_line)
{
    struct slab slab = {0};
    for (unsigned i = 0; i < 100; i++)
        if (size_of(i) <= 65536)
            ck_assert_uint_eq((uintptr_t)slab_take(&slab, size_of(i)) % 64, 0);
    slab_fini(&slab);
}
END_TEST

START_TEST(without_a_slab_the_heap_serves)
{
    char *piece = slab_take(NULL, 10);
    memset(piece, 1, 10);
    slab_give(NULL, piece, 10);
    slab_give(NULL, NULL, 10);
}
END_TEST

Suite *slab_suite(void)
{
    Suite *suite = suite_create("slab");
    TCase *tests = tcase_create("slab");
    tcase_add_test(tests, pieces_do_not_overlap);
    tcase_add_test(tests, without_a_slab_the_heap_serves);
    if (!slab_is_watched()) { /* there each piece is one of the heap's */
        tcase_add_test(tests, what_is_given_back_serves_again);
        tcase_add_test(tests, pieces_begin_on_a_line);
    }
    suite_add_tcase(suite, tests);
    return suite;
}
