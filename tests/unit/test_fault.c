#include "unit/suites.h"

#include <math.h>

#include "sim/fault.h"

static struct random a_random(uint64_t seed)
{
    struct random random;
    random_init(&random, seed);
    return random;
}

/* The value that a fault makes of 10 with a noise of 0.5, whose deviation is usually 2. */
static double made_of_10(const struct fault *fault, uint64_t at)
{
    double value;
    ck_assert(fault_apply(fault, at, 10, 0.5, 2, 7, &value));
    return value;
}

START_TEST(nothing_happens_outside)
{
    struct random random = a_random(1);
    for (int kind = FAULT_SPIKE; kind < FAULT_KINDS; kind++) {
        struct fault fault = fault_draw((enum fault_kind)kind, 100, 1, &random);
        ck_assert(fault.start == 100 && fault.end > fault.start);
        ck_assert(made_of_10(&fault, 99) == 10.5 && made_of_10(&fault, fault.end) == 10.5);
        ck_assert(fault_running(&fault, 100) && fault_running(&fault, fault.end - 1));
        ck_assert(!fault_running(&fault, 99) && !fault_running(&fault, fault.end));
    }
    struct fault none = {.kind = FAULT_NONE, .end = 10};
    ck_assert(!fault_running(&none, 5) && made_of_10(&none, 5) == 10.5);
}
END_TEST

START_TEST(what_each_kind_does)
{
    double value;
    struct fault fault = {.kind = FAULT_SPIKE, .start = 100, .end = 104, .size = -6};
    ck_assert(made_of_10(&fault, 100) == 10.5 - 12);
    fault.kind = FAULT_LEVEL;
    ck_assert(made_of_10(&fault, 103) == 10.5 - 12);
    fault.kind = FAULT_DRIFT;
    ck_assert(made_of_10(&fault, 100) == 10.5 - 3 && made_of_10(&fault, 103) == 10.5 - 12);
    fault.kind = FAULT_BURST;
    fault.size = 6;
    ck_assert(made_of_10(&fault, 101) == 13);
    fault.kind = FAULT_STUCK;
    ck_assert(made_of_10(&fault, 101) == 7);
    fault.kind = FAULT_SILENT;
    ck_assert(!fault_apply(&fault, 101, 10, 0.5, 2, 7, &value));
}
END_TEST

START_TEST(draws_differ_and_go_both_ways)
{
    struct random random = a_random(2);
    int up = 0;
    for (int i = 0; i < 200; i++) {
        struct fault fault = fault_draw(FAULT_LEVEL, 0, 1, &random);
        up += fault.size > 0;
        ck_assert(fabs(fault.size) >= 4 && fabs(fault.size) <= 8);
        ck_assert(fault.end >= 150 && fault.end <= 300);
        fault = fault_draw(FAULT_DRIFT, 0, 0.25, &random);
        ck_assert(fault.end >= 50 && fault.end <= 100);
        fault = fault_draw(FAULT_SPIKE, 0, 0.25, &random);
        ck_assert(fault.end >= 1 && fault.end <= 2);
        fault = fault_draw(FAULT_BURST, 0, 1, &random);
        ck_assert(fault.size >= 4 && fault.size <= 8);
    }
    ck_assert(up > 60 && up < 140);
}
END_TEST

START_TEST(a_plan_has_every_kind_in_turn_and_room_between)
{
    struct fault_plan plan, same;
    fault_plan_init(&plan, false, 1500, 3);
    fault_plan_init(&same, false, 1500, 3);
    uint64_t end = 1500 - 450;
    for (int round = 0; round < 20; round++) {
        unsigned seen = 0;
        for (int i = FAULT_SPIKE; i < FAULT_KINDS; i++) {
            struct fault fault = fault_plan_next(&plan), twin = fault_plan_next(&same);
            ck_assert(fault.start == twin.start && fault.end == twin.end &&
                      fault.kind == twin.kind && fault.size == twin.size);
            ck_assert_uint_ge(fault.start, end + 450);
            end = fault.end;
            seen |= 1u << fault.kind;
        }
        ck_assert_uint_eq(seen, (1u << FAULT_KINDS) - (1u << FAULT_SPIKE));
    }
}
END_TEST

START_TEST(a_switch_has_no_faults_of_size)
{
    struct fault_plan plan;
    fault_plan_init(&plan, true, 0, 4);
    for (int i = 0; i < 40; i++) {
        struct fault fault = fault_plan_next(&plan);
        ck_assert(fault.kind == FAULT_STUCK || fault.kind == FAULT_SILENT);
        ck_assert(fault_suits_switch(fault.kind));
        if (fault.kind == FAULT_STUCK)
            ck_assert_uint_ge(fault.end - fault.start, 320);
    }
}
END_TEST

START_TEST(names)
{
    ck_assert_str_eq(fault_name(FAULT_NONE), "");
    ck_assert_str_eq(fault_name(FAULT_SPIKE), "spike");
    ck_assert_str_eq(fault_name(FAULT_SILENT), "silent");
}
END_TEST

Suite *fault_suite(void)
{
    Suite *suite = suite_create("fault");
    TCase *tests = tcase_create("fault");
    tcase_add_test(tests, nothing_happens_outside);
    tcase_add_test(tests, what_each_kind_does);
    tcase_add_test(tests, draws_differ_and_go_both_ways);
    tcase_add_test(tests, a_plan_has_every_kind_in_turn_and_room_between);
    tcase_add_test(tests, a_switch_has_no_faults_of_size);
    tcase_add_test(tests, names);
    suite_add_tcase(suite, tests);
    return suite;
}
