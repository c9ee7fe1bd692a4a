#include "unit/suites.h"

#include <math.h>
#include <string.h>

#include "core/random.h"
#include "core/tail.h"

#define SIZES 1000

/* The definition in tail.h worked out from all sizes at once, in double precision and with nothing
 * shared: the histogram's lower edges are the quarter octaves. */
static double slow_rarity(const double *sizes, int count, double size)
{
    double bins[200] = {0}, above = 0, sum = 0, squares = 0;
    int edge = 200;
    for (int i = 0; i < count; i++)
        bins[100 + (int)floor(4 * log2(sizes[i]))]++;
    while (above < (int)(0.1 * count) + 1)
        above += bins[--edge];
    for (int i = edge; i < 200; i++) {
        double excess = exp2((i - edge + 0.5) / 4) - 1;
        sum += bins[i] * excess;
        squares += bins[i] * excess * excess;
    }
    double weight = above + 15, mean = (sum + 15 * 0.19) / weight;
    double variance = (squares + 15 * 3 * 0.19 * 0.19) / weight - mean * mean;
    double shape = (above * 0.5 * (1 - mean * mean / variance) + 15 * 0.3) / weight;
    shape = fmin(fmax(shape, 0.02), 0.5);
    double excess = size / exp2((edge - 100) / 4.0) - 1;
    if (excess <= 0)
        return 0;
    double scale = mean * (1 - shape);
    return -log10((above + 1) / (count + 1)) + log10(1 + shape * excess / scale) / shape;
}

START_TEST(agrees_with_a_slow_computation)
{
    struct tail tail = {0};
    struct random random;
    double sizes[SIZES];
    random_init(&random, 1);
    for (int i = 0; i < SIZES; i++) {
        bool fitted = i < 200 || i % 16 == 7; /* the 200th size is the first of 16 */
        float size = (float)exp(random_normal(&random));
        float probe = 4 * (float)exp(random_normal(&random));
        if (i >= 10 && fitted)
            ck_assert_double_eq_tol(tail_rarity(&tail, probe), slow_rarity(sizes, i, probe), 1e-3);
        sizes[i] = size;
        tail_learn(&tail, size);
    }
}
END_TEST

START_TEST(little_known_nothing_rare)
{
    struct tail tail = {0};
    ck_assert(tail_rarity(&tail, 1e9f) == 0);
    for (int i = 0; i < 9; i++)
        tail_learn(&tail, 1);
    ck_assert(tail_rarity(&tail, 1e9f) == 0);
    tail_learn(&tail, 1);
    ck_assert(tail_rarity(&tail, 1e9f) > 3);
    ck_assert(tail_rarity(&tail, 0) == 0);
    ck_assert(tail_rarity(&tail, 0.5f) == 0);
}
END_TEST

START_TEST(first_size_above_zero_is_as_rare_as_its_turn)
{
    struct tail tail = {0};
    for (int i = 0; i < 99; i++)
        tail_learn(&tail, 0);
    ck_assert_double_eq_tol(tail_rarity(&tail, 1), 2, 1e-6);
    ck_assert_double_eq_tol(tail_rarity(&tail, 1e-30f), 2, 1e-6);
}
END_TEST

START_TEST(exponential_tails_are_right)
{
    struct tail tail = {0};
    struct random random;
    random_init(&random, 2);
    for (int i = 0; i < 10000; i++)
        tail_learn(&tail, (float)-log(1 - random_uniform(&random)));
    for (int rarity = 2; rarity <= 5; rarity++)
        ck_assert_double_eq_tol(tail_rarity(&tail, (float)(rarity * log(10))), rarity, 0.4);
}
END_TEST

/* P(|x| >= 3.29) = .001 and P(|x| >= 4.42) = .00001 for a normal x: its tail is thinner than the
 * thinnest that is believed, so what it has is never called rarer than it is. */
START_TEST(normal_tails_are_sober)
{
    struct tail tail = {0};
    struct random random;
    random_init(&random, 2);
    for (int i = 0; i < 10000; i++)
        tail_learn(&tail, (float)fabs(random_normal(&random)));
    float three = tail_rarity(&tail, 3.29f), five = tail_rarity(&tail, 4.42f);
    ck_assert(three > 2.3 && three < 3.1);
    ck_assert(five > 3 && five < 5.1);
    ck_assert(tail_rarity(&tail, 8) > 5);
}
END_TEST

START_TEST(size_is_the_inverse_of_rarity)
{
    struct tail tail = {0};
    struct random random;
    random_init(&random, 3);
    for (int i = 0; i < 1000; i++)
        tail_learn(&tail, (float)exp(random_normal(&random)));
    for (float rarity = 1.5f; rarity < 8; rarity += 0.5f)
        ck_assert_double_eq_tol(tail_rarity(&tail, tail_size(&tail, rarity)), rarity, 1e-3);
    ck_assert(tail_size(&tail, 0) == tail.edge);
}
END_TEST

START_TEST(scale_does_not_matter)
{
    struct tail one = {0}, other = {0};
    struct random random;
    random_init(&random, 4);
    for (int i = 0; i < 1000; i++) {
        float size = (float)exp(3 * random_normal(&random));
        float rarity = tail_judge(&one, size);
        ck_assert_double_eq_tol(rarity, tail_judge(&other, ldexpf(size, 40)), 1e-4);
    }
}
END_TEST

/* Told as anomalies, forty outliers leave the next one an outlier. */
START_TEST(capped_learning_keeps_sight)
{
    struct tail capped = {0}, open = {0};
    struct random random;
    random_init(&random, 5);
    for (int i = 0; i < 2000; i++) {
        float size = (float)fabs(random_normal(&random));
        tail_learn(&capped, size);
        tail_learn(&open, size);
    }
    float before = tail_rarity(&capped, 20);
    for (int i = 0; i < 40; i++) {
        ck_assert(tail_judge_capped(&capped, 20, 3) > 5);
        tail_judge(&open, 20);
    }
    ck_assert(tail_rarity(&capped, 20) < before);
    ck_assert(tail_rarity(&open, 20) < tail_rarity(&capped, 20) - 1.5f);
}
END_TEST

START_TEST(follows_sizes_up)
{
    struct tail tail = {0};
    for (int i = 0; i < 300; i++)
        tail_learn(&tail, 1e-3f * (float)(1 + i % 7));
    for (int i = 0; i < 2000; i++)
        tail_learn(&tail, 1e3f * (float)(1 + i % 7));
    ck_assert_uint_eq(tail.count, 2300);
    ck_assert(tail_rarity(&tail, 7e3f) < 1.5 && tail_rarity(&tail, 9e5f) > 3);
}
END_TEST

START_TEST(follows_sizes_down)
{
    struct tail tail = {0};
    for (int i = 0; i < 5; i++)
        tail_learn(&tail, 1e12f);
    for (int i = 0; i < 2000; i++)
        tail_learn(&tail, 1 + (float)(i % 10) / 10);
    ck_assert(tail.edge > 1 && tail.edge < 3);
    ck_assert(tail_rarity(&tail, 100) > 1 && tail_rarity(&tail, 1.5f) == 0);
}
END_TEST

START_TEST(one_freak_blinds_nobody)
{
    struct tail tail = {0};
    for (int i = 0; i < 1000; i++)
        tail_learn(&tail, 1 + (float)(i % 10) / 10);
    float before = tail_rarity(&tail, 20);
    tail_learn(&tail, 1e30f);
    tail_learn(&tail, 1e-30f);
    for (int i = 0; i < 100; i++)
        tail_learn(&tail, 1 + (float)(i % 10) / 10);
    ck_assert_uint_eq(tail.count, 1102);
    ck_assert(tail_rarity(&tail, 20) > 2 && tail_rarity(&tail, 20) <= before);
    ck_assert(isfinite(tail_rarity(&tail, 1e38f)));
}
END_TEST

START_TEST(forgets_slowly)
{
    struct tail tail = {0};
    for (int i = 0; i < 12000; i++)
        tail_learn(&tail, 10 + (float)(i % 10));
    ck_assert(tail_rarity(&tail, 15) < 1);
    for (int i = 0; i < 200000; i++) {
        tail_learn(&tail, i % 2 ? 0 : 1 + (float)(i % 10) / 10);
        ck_assert_uint_le(tail.count, TAIL_FORGETS_AT);
    }
    ck_assert(tail_rarity(&tail, 15) > 3);
    unsigned above = 0;
    for (int i = 0; i < TAIL_BINS; i++)
        above += tail.bins[i];
    ck_assert_double_eq_tol((double)above / tail.count, 0.5, 0.01); /* zeros fade alike */
}
END_TEST

Suite *tail_suite(void)
{
    Suite *suite = suite_create("tail");
    TCase *tcase = tcase_create("tail");
    tcase_add_test(tcase, agrees_with_a_slow_computation);
    tcase_add_test(tcase, little_known_nothing_rare);
    tcase_add_test(tcase, first_size_above_zero_is_as_rare_as_its_turn);
    tcase_add_test(tcase, exponential_tails_are_right);
    tcase_add_test(tcase, normal_tails_are_sober);
    tcase_add_test(tcase, size_is_the_inverse_of_rarity);
    tcase_add_test(tcase, scale_does_not_matter);
    tcase_add_test(tcase, capped_learning_keeps_sight);
    tcase_add_test(tcase, follows_sizes_up);
    tcase_add_test(tcase, follows_sizes_down);
    tcase_add_test(tcase, one_freak_blinds_nobody);
    tcase_add_test(tcase, forgets_slowly);
    suite_add_tcase(suite, tcase);
    return suite;
}
