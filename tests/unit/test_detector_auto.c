#include "unit/suites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/detector_auto.h"
#include "core/random.h"
#include "core/xalloc.h"

#define SECOND TIMESTAMP_SECOND
#define START (INT64_C(1700000000) * SECOND) /* 22:13:20 UTC */

static const struct detector_options options = {.threshold = 3, .min_samples = 10};

/* A series under the detector, a reading every two seconds. */
struct bench {
    const struct detector_type *type;
    void *state;
    struct window window;
    struct random random;
    timestamp time;
    const char *unit;
    struct verdict verdict; /* of the last reading */
    int told[ANOMALY_LIMIT + 1];
    int alarms;
};

static void bench_init(struct bench *bench, const struct detector_type *type, uint64_t seed)
{
    *bench = (struct bench){.type = type, .time = START, .unit = "Celsius"};
    bench->state = xcalloc(1, type->state_size);
    window_init(&bench->window, 50, NULL);
    random_init(&bench->random, seed);
}

static void bench_fini(struct bench *bench)
{
    window_fini(&bench->window);
    free(bench->state);
}

static const struct verdict *feed(struct bench *bench, double value)
{
    struct observation seen = {.time = bench->time,
                               .value = value,
                               .unit = bench->unit,
                               .before = window_stats(&bench->window),
                               .window = &bench->window};
    memset(&bench->verdict, 0x55, sizeof bench->verdict); /* whatever was there must not matter */
    bench->type->observe(&options, bench->state, &seen, &bench->verdict);
    if (isfinite(value))
        window_add(&bench->window, value);
    bench->time += 2 * SECOND;
    bench->told[bench->verdict.kind]++;
    bench->alarms += bench->verdict.severity == SEVERITY_ALARM;
    return &bench->verdict;
}

/* Normal noise, rounded to hundredths. */
static double noise(struct bench *bench, double level, double deviation)
{
    return round(100 * (level + deviation * random_normal(&bench->random))) / 100;
}

static void feed_noise(struct bench *bench, double level, double deviation, int count)
{
    for (int i = 0; i < count; i++)
        feed(bench, noise(bench, level, deviation));
}

static void forget_told(struct bench *bench)
{
    memset(bench->told, 0, sizeof bench->told);
    bench->alarms = 0;
}

static void bench_quiet(struct bench *bench, uint64_t seed, int count)
{
    bench_init(bench, &detector_auto, seed);
    feed_noise(bench, 20, 0.3, count);
    forget_told(bench);
}

START_TEST(sizes)
{
    ck_assert_uint_le(detector_auto.state_size, 4096);
    ck_assert_uint_le(detector_auto_small.state_size, 1024);
    ck_assert_uint_le(detector_auto_tiny.state_size, 128);
}
END_TEST

START_TEST(nothing_is_said_before_the_tenth)
{
    struct bench bench;
    bench_init(&bench, &detector_auto, 1);
    for (int i = 1; i < 10; i++) {
        feed(&bench, i == 9 ? 1000 : noise(&bench, 20, 0.3));
        ck_assert(bench.verdict.learning && isnan(bench.verdict.z) && isnan(bench.verdict.score));
        ck_assert(bench.verdict.kind == ANOMALY_NONE && bench.verdict.reason[0] == '\0');
    }
    bench_fini(&bench);
}
END_TEST

START_TEST(early_spike_is_told_while_learning)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct bench bench;
        bench_init(&bench, &detector_auto, seed);
        feed_noise(&bench, 20, 0.3, 12);
        ck_assert_int_eq(bench.told[ANOMALY_SPIKE], 0);
        feed(&bench, 24.5);
        ck_assert(bench.verdict.learning && bench.verdict.z > 6 && bench.verdict.score > 0.3);
        ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
        ck_assert(strncmp(bench.verdict.reason, "spike: 24.5", 11) == 0);
        bench_fini(&bench);
    }
}
END_TEST

START_TEST(learning_ends_with_the_fiftieth)
{
    struct bench bench;
    bench_init(&bench, &detector_auto, 1);
    for (int i = 1; i <= 100; i++)
        ck_assert(feed(&bench, noise(&bench, 20, 0.3))->learning == (i <= 50));
    bench_fini(&bench);
}
END_TEST

START_TEST(quiet_series_stay_quiet)
{
    int notices = 0, alarms = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct bench bench;
        bench_init(&bench, &detector_auto, seed);
        for (int i = 0; i < 10000; i++) {
            const struct verdict *verdict = feed(&bench, noise(&bench, 20, 0.3));
            if (i < 9)
                continue;
            ck_assert_double_ge(verdict->score, 0);
            ck_assert_double_lt(verdict->low, 20);
            ck_assert_double_gt(verdict->high, 20);
        }
        notices += 10000 - bench.told[ANOMALY_NONE] - bench.alarms;
        alarms += bench.alarms;
        bench_fini(&bench);
    }
    ck_assert_int_le(alarms, 1); /* in 50,000 */
    ck_assert_int_le(notices, 5);
}
END_TEST

START_TEST(spike)
{
    struct bench bench;
    bench_quiet(&bench, 1, 2000);
    feed(&bench, 26.5);
    ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
    ck_assert(bench.verdict.z > 15 && bench.verdict.high < 22 && bench.verdict.low > 18);
    ck_assert(strncmp(bench.verdict.reason, "spike: 26.5 °C, expected 19", 28) == 0);
    bench_fini(&bench);
}
END_TEST

START_TEST(level)
{
    struct bench bench;
    bench_quiet(&bench, 2, 2000);
    while (bench.told[ANOMALY_LEVEL] == 0 && bench.time < START + 4100 * SECOND)
        feed_noise(&bench, 22, 0.3, 1);
    ck_assert_int_eq(bench.told[ANOMALY_LEVEL], 1);
    ck_assert(strncmp(bench.verdict.reason, "level +", 7) == 0);
    ck_assert_double_eq_tol(strtod(bench.verdict.reason + 6, NULL), 2, 0.6);
    ck_assert_ptr_nonnull(strstr(bench.verdict.reason, " °C since 23:")); /* 4,000 s later */
    bench_fini(&bench);
}
END_TEST

START_TEST(drift)
{
    struct bench bench;
    bench_quiet(&bench, 3, 3000);
    for (int i = 0; i < 400 && bench.told[ANOMALY_DRIFT] == 0; i++)
        feed_noise(&bench, 20 + 0.006 * i, 0.3, 1);
    ck_assert_int_eq(bench.told[ANOMALY_DRIFT], 1);
    ck_assert(strncmp(bench.verdict.reason, "drift +", 7) == 0);
    ck_assert_ptr_nonnull(strstr(bench.verdict.reason, " min"));
    bench_fini(&bench);
}
END_TEST

START_TEST(burst)
{
    struct bench bench;
    bench_quiet(&bench, 4, 2000);
    for (int i = 0; i < 40 && bench.told[ANOMALY_BURST] == 0; i++)
        feed_noise(&bench, 20, 1.2, 1);
    ck_assert_int_eq(bench.told[ANOMALY_BURST], 1);
    ck_assert(strncmp(bench.verdict.reason, "noise x", 7) == 0);
    bench_fini(&bench);
}
END_TEST

START_TEST(stuck)
{
    struct bench bench;
    bench_quiet(&bench, 5, 2000);
    bench.unit = "percent";
    for (int i = 0; i < 40; i++)
        feed(&bench, 20.05);
    ck_assert_int_ge(bench.told[ANOMALY_STUCK], 1);
    ck_assert_int_le(bench.told[ANOMALY_STUCK], 2); /* a notice, then an alarm, then no more */
    ck_assert_int_eq(bench.alarms, 1);
    forget_told(&bench);
    feed_noise(&bench, 20, 0.3, 300); /* what it was stuck at has taught it nothing */
    ck_assert_int_eq(bench.told[ANOMALY_NONE], 300);
    for (int i = 0; i < 40 && bench.told[ANOMALY_STUCK] == 0; i++)
        feed(&bench, 20.05);
    ck_assert(strncmp(bench.verdict.reason, "stuck at 20.05 % for ", 21) == 0);
    ck_assert_ptr_nonnull(strstr(bench.verdict.reason, " s, usually at most "));
    bench_fini(&bench);
}
END_TEST

START_TEST(silent)
{
    struct bench bench;
    struct verdict verdict;
    bench_init(&bench, &detector_auto, 6);
    ck_assert(detector_auto.due(bench.state) == DETECTOR_NEVER);
    feed_noise(&bench, 20, 0.3, 60);
    timestamp due = detector_auto.due(bench.state), last = bench.time - 2 * SECOND;
    ck_assert(due > last + 15 * SECOND && due < last + 20 * SECOND);
    ck_assert(!detector_auto.elapse(&options, bench.state, due - 1, &verdict));
    ck_assert(detector_auto.elapse(&options, bench.state, due, &verdict));
    ck_assert_int_eq(verdict.kind, ANOMALY_SILENT);
    ck_assert_int_eq(verdict.severity, SEVERITY_ALARM);
    ck_assert_str_eq(verdict.reason, "silent for 16 s, usual 2 s");
    ck_assert(!detector_auto.elapse(&options, bench.state, due + 1000 * SECOND, &verdict));
    ck_assert(detector_auto.due(bench.state) == DETECTOR_NEVER);
    bench.time = due + 100 * SECOND;
    feed_noise(&bench, 20, 0.3, 1);
    ck_assert(detector_auto.due(bench.state) < bench.time + 60 * SECOND);
    bench_fini(&bench);
}
END_TEST

/* A day of 20 and 30 degrees by turns of six hours, a reading every five minutes. */
static double six_hours(const struct bench *bench)
{
    return bench->time / (6 * 3600 * SECOND) % 2 ? 30 : 20;
}

START_TEST(unusual_for_the_hour)
{
    struct bench bench;
    bench_init(&bench, &detector_auto, 7);
    for (int i = 0; i < 288 * 20; i++) {
        feed_noise(&bench, six_hours(&bench), 0.3, 1);
        bench.time += 298 * SECOND;
    }
    while (bench.time % (6 * 3600 * SECOND) > 300 * SECOND || six_hours(&bench) > 25)
        bench.time += 300 * SECOND;
    forget_told(&bench);
    for (int i = 0; i < 30 && bench.told[ANOMALY_UNUSUAL] == 0; i++) {
        bench.time += 298 * SECOND;
        feed_noise(&bench, 30, 0.3, 1);
    }
    ck_assert_int_eq(bench.told[ANOMALY_UNUSUAL], 1);
    ck_assert(strncmp(bench.verdict.reason, "unusual for ", 12) == 0);
    ck_assert_ptr_nonnull(strstr(bench.verdict.reason, " °C, usually "));
    bench_fini(&bench);
}
END_TEST

START_TEST(after_an_alarm_there_is_rest_but_for_worse)
{
    struct bench bench;
    bench_quiet(&bench, 8, 4000);
    feed(&bench, 40);
    ck_assert_int_eq(bench.alarms, 1);
    feed_noise(&bench, 20, 0.3, 20);
    feed(&bench, 40);
    ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
    ck_assert_int_eq(bench.verdict.severity, SEVERITY_NOTICE);
    ck_assert(bench.verdict.score < 0.5);
    feed_noise(&bench, 20, 0.3, 20);
    feed(&bench, 1e9);
    ck_assert_int_eq(bench.verdict.severity, SEVERITY_ALARM);
    feed_noise(&bench, 20, 0.3, 400);
    feed(&bench, 60);
    ck_assert_int_eq(bench.verdict.severity, SEVERITY_ALARM);
    bench_fini(&bench);
}
END_TEST

START_TEST(votes_tell_who)
{
    struct bench bench;
    float votes[VOTERS];
    bench_quiet(&bench, 9, 2000);
    feed(&bench, 26.5);
    detector_auto_votes(bench.state, votes);
    for (enum voter voter = 0; voter < VOTERS; voter++) {
        ck_assert(isfinite(votes[voter]) && votes[voter] >= 0);
        ck_assert(voter_name(voter)[0] != '\0');
    }
    ck_assert(votes[VOTER_SPIKE] > 4);
    ck_assert(votes[VOTER_STUCK] == 0 && votes[VOTER_DAYTIME] == 0);
    bench_fini(&bench);
}
END_TEST

/* A series with a fault for 60 values in each odd 400, the same for the same index. */
static double troubled(struct random *random, int i)
{
    double value = 20 + 0.3 * random_normal(random) + sin(i * 0.003);
    const double faulty[] = {value + (i % 400 == 10 ? 5 : 0), value - 2, value + i % 400 * 0.05,
                             20.125, 20 + 6 * (value - 20)};
    int part = i / 400;
    return i >= 600 && part % 2 == 1 && i % 400 < 60 ? faulty[part / 2 % 5] : value;
}

static void scaled_and_shifted(double scale, double shift)
{
    struct bench one, other;
    struct random random;
    int told = 0;
    bench_init(&one, &detector_auto, 1);
    bench_init(&other, &detector_auto, 1);
    random_init(&random, 10);
    for (int i = 0; i < 12000; i++) {
        double value = troubled(&random, i);
        const struct verdict *a = feed(&one, value), *b = feed(&other, scale * value + shift);
        ck_assert_int_eq(a->kind, b->kind);
        ck_assert_int_eq(a->severity, b->severity);
        ck_assert_int_eq(a->learning, b->learning);
        if (i >= 9)
            ck_assert_double_eq_tol(a->score, b->score, 1e-3);
        told += a->kind != ANOMALY_NONE;
    }
    ck_assert_int_gt(told, 20);
    bench_fini(&one);
    bench_fini(&other);
}

START_TEST(scale_and_shift_do_not_matter)
{
    scaled_and_shifted(1024, 0);
    scaled_and_shifted(1e-9, 0);
    scaled_and_shifted(3.7e8, 0);
    scaled_and_shifted(1, 4096);
    scaled_and_shifted(1.8, 32);
    scaled_and_shifted(1e200, -1e200);
}
END_TEST

START_TEST(what_is_not_finite_never_enters)
{
    struct bench bench;
    bench_quiet(&bench, 11, 500);
    void *before = xmalloc(detector_auto.state_size);
    memcpy(before, bench.state, detector_auto.state_size);
    const double values[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 3; i++) {
        feed(&bench, values[i]);
        ck_assert_int_eq(bench.verdict.kind, ANOMALY_NONE);
        ck_assert(isnan(bench.verdict.z) && isnan(bench.verdict.score));
        ck_assert_mem_eq(bench.state, before, detector_auto.state_size);
    }
    free(before);
    bench_fini(&bench);
}
END_TEST

static void check_finite(const struct bench *bench)
{
    const struct verdict *verdict = &bench->verdict;
    float votes[VOTERS];
    detector_auto_votes(bench->state, votes);
    for (int i = 0; i < VOTERS; i++)
        ck_assert(isfinite(votes[i]) && votes[i] >= 0);
    ck_assert(isnan(verdict->z) == isnan(verdict->score));
    ck_assert(isnan(verdict->z) || isfinite(verdict->z));
    ck_assert(isnan(verdict->score) || (verdict->score >= 0 && verdict->score <= 1));
    ck_assert((verdict->kind == ANOMALY_NONE) == (verdict->reason[0] == '\0'));
    ck_assert((verdict->kind == ANOMALY_NONE) == (verdict->severity == SEVERITY_NONE));
    ck_assert(memchr(verdict->reason, '\0', DETECTOR_REASON) != NULL);
    if (verdict->severity == SEVERITY_ALARM)
        ck_assert(verdict->score > 0.5);
    else if (!isnan(verdict->score))
        ck_assert(verdict->score < 0.5);
}

START_TEST(any_values_leave_it_finite)
{
    static const double odd[] = {0, -0.0, 1e308, -1e308, 5e-324, 1e-300, 1, 1e18, -1, 1e9 + 0.1};
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct bench bench;
        bench_init(&bench, seed % 2 ? &detector_auto : &detector_auto_small, seed);
        for (int i = 0; i < 2000; i++) {
            uint64_t draw = random_next(&bench.random);
            double value = noise(&bench, 20, pow(10, (double)(seed % 20) - 10));
            if (draw % 50 < seed % 5)
                value = odd[draw / 64 % 10];
            if (draw % 97 == 0)
                bench.time += (timestamp)(draw >> 24) - (timestamp)(draw % 3) * 1000 * SECOND;
            feed(&bench, value);
            check_finite(&bench);
        }
        bench_fini(&bench);
    }
}
END_TEST

START_TEST(constant_and_two_valued_series)
{
    struct bench bench;
    bench_init(&bench, &detector_auto, 12);
    for (int i = 0; i < 20000; i++) {
        feed(&bench, 7.5);
        check_finite(&bench);
    }
    ck_assert_int_eq(bench.told[ANOMALY_NONE], 20000);
    bench_fini(&bench);
    bench_init(&bench, &detector_auto, 13);
    double value = 0;
    for (int i = 0; i < 20000; i++) {
        if (random_uniform(&bench.random) < 0.05)
            value = 1 - value;
        feed(&bench, value);
        check_finite(&bench);
    }
    ck_assert_int_ge(bench.told[ANOMALY_NONE] + bench.told[ANOMALY_STUCK], 20000);
    ck_assert_int_le(bench.told[ANOMALY_STUCK], 2);
    bench_fini(&bench);
}
END_TEST

START_TEST(counters)
{
    struct bench bench;
    bench_init(&bench, &detector_auto, 14);
    double total = 1e6;
    for (int i = 0; i < 20000; i++) {
        total += 20 + round(4 * random_normal(&bench.random));
        if (i == 10000)
            total = 0; /* the meter began anew */
        feed(&bench, total);
        check_finite(&bench);
    }
    ck_assert_int_le(20000 - bench.told[ANOMALY_NONE], 3);
    ck_assert(bench.verdict.low > total - 40 && bench.verdict.high < total + 40);
    forget_told(&bench);
    for (int i = 0; i < 40; i++)
        feed(&bench, total);
    ck_assert_int_ge(bench.told[ANOMALY_STUCK], 1);
    bench_fini(&bench);
}
END_TEST

START_TEST(a_rise_at_first_is_no_counter_for_ever)
{
    struct bench bench;
    bench_init(&bench, &detector_auto, 15);
    for (int i = 0; i < 60; i++)
        feed(&bench, 20 + 0.5 * i);
    feed_noise(&bench, 49, 0.3, 1000);
    ck_assert(!bench.verdict.learning);
    ck_assert(bench.verdict.low > 47 && bench.verdict.high < 51);
    forget_told(&bench);
    feed(&bench, 44);
    ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
    bench_fini(&bench);
}
END_TEST

START_TEST(a_step_is_told_and_then_usual)
{
    struct bench bench;
    bench_quiet(&bench, 16, 1000);
    feed_noise(&bench, 2000, 0.3, 100);
    ck_assert_int_ge(bench.alarms, 1);
    feed_noise(&bench, 2000, 0.3, 2000);
    forget_told(&bench);
    feed_noise(&bench, 2000, 0.3, 2000);
    ck_assert_int_ge(bench.told[ANOMALY_NONE], 1998);
    ck_assert(bench.verdict.low > 1995 && bench.verdict.high < 2005);
    bench_fini(&bench);
}
END_TEST

START_TEST(same_input_same_output)
{
    struct bench one, other;
    bench_init(&one, &detector_auto, 17);
    bench_init(&other, &detector_auto, 17);
    struct random first, second;
    random_init(&first, 18);
    random_init(&second, 18);
    for (int i = 0; i < 5000; i++) {
        feed(&one, troubled(&first, i));
        feed(&other, troubled(&second, i));
        ck_assert_str_eq(one.verdict.reason, other.verdict.reason);
    }
    ck_assert_mem_eq(one.state, other.state, detector_auto.state_size);
    bench_fini(&one);
    bench_fini(&other);
}
END_TEST

/* 10 million readings, with the noise drawn beforehand. */
START_TEST(ten_million_readings)
{
    static double drawn[4096];
    struct bench bench;
    bench_quiet(&bench, 19, 1000);
    for (int i = 0; i < 4096; i++)
        drawn[i] = noise(&bench, 20, 0.3);
    struct observation seen = {.unit = "Celsius", .before = window_stats(&bench.window)};
    struct verdict verdict;
    uint32_t at = 1;
    int alarms = 0;
    for (int i = 0; i < 10 * 1000 * 1000; i++) {
        at = at * 1664525 + 1013904223;
        seen.time = bench.time += 2 * SECOND;
        seen.value = drawn[at >> 20];
        detector_auto.observe(&options, bench.state, &seen, &verdict);
        alarms += verdict.severity == SEVERITY_ALARM;
    }
    ck_assert_int_lt(alarms, 200);
    feed(&bench, 30);
    check_finite(&bench);
    ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
    bench_fini(&bench);
}
END_TEST

START_TEST(small_detector_names_the_same_faults)
{
    struct bench bench;
    bench_init(&bench, &detector_auto_small, 20);
    feed_noise(&bench, 20, 0.3, 2000);
    ck_assert_int_eq(bench.alarms, 0);
    feed(&bench, 26.5);
    ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
    feed_noise(&bench, 20, 0.3, 500);
    for (int i = 0; i < 20; i++)
        feed(&bench, 20.01);
    ck_assert_int_ge(bench.told[ANOMALY_STUCK], 1);
    bench_fini(&bench);
}
END_TEST

START_TEST(tiny_detector_sees_spikes_and_silence)
{
    struct bench bench;
    struct verdict verdict;
    bench_init(&bench, &detector_auto_tiny, 20);
    feed_noise(&bench, 20, 0.3, 9);
    ck_assert(bench.verdict.learning && isnan(bench.verdict.z));
    feed_noise(&bench, 20, 0.3, 2000);
    ck_assert(!bench.verdict.learning && bench.verdict.score < 0.5);
    ck_assert_int_eq(bench.alarms, 0);
    feed(&bench, 26.5);
    ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
    ck_assert_int_eq(bench.verdict.severity, SEVERITY_ALARM);
    timestamp due = detector_auto_tiny.due(bench.state);
    ck_assert(detector_auto_tiny.elapse(&options, bench.state, due, &verdict));
    ck_assert_int_eq(verdict.kind, ANOMALY_SILENT);
    bench_fini(&bench);
}
END_TEST

/* To the small one, then to the tiny one: at no reading does anything look odd. */
START_TEST(a_state_can_shrink)
{
    struct bench bench;
    bench_init(&bench, &detector_auto, 21);
    feed_noise(&bench, 20, 0.3, 2000);
    bench.type = &detector_auto_small;
    bench.state = xrealloc(bench.state, bench.type->state_size);
    feed_noise(&bench, 20, 0.3, 200);
    ck_assert(!bench.verdict.learning);
    feed(&bench, 26.5);
    ck_assert_int_eq(bench.verdict.kind, ANOMALY_SPIKE);
    forget_told(&bench);
    bench.type = &detector_auto_tiny;
    bench.state = xrealloc(bench.state, bench.type->state_size);
    feed_noise(&bench, 20, 0.3, 200);
    ck_assert(!bench.verdict.learning && bench.type->due(bench.state) != DETECTOR_NEVER);
    ck_assert_int_eq(bench.alarms, 0);
    bench_fini(&bench);
}
END_TEST

static void use_utc(void)
{
    setenv("TZ", "UTC", 1);
    tzset();
}

Suite *detector_auto_suite(void)
{
    Suite *suite = suite_create("detector_auto");
    TCase *tcase = tcase_create("detector_auto");
    tcase_add_checked_fixture(tcase, use_utc, NULL);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, sizes);
    tcase_add_test(tcase, nothing_is_said_before_the_tenth);
    tcase_add_test(tcase, early_spike_is_told_while_learning);
    tcase_add_test(tcase, learning_ends_with_the_fiftieth);
    tcase_add_test(tcase, quiet_series_stay_quiet);
    tcase_add_test(tcase, spike);
    tcase_add_test(tcase, level);
    tcase_add_test(tcase, drift);
    tcase_add_test(tcase, burst);
    tcase_add_test(tcase, stuck);
    tcase_add_test(tcase, silent);
    tcase_add_test(tcase, unusual_for_the_hour);
    tcase_add_test(tcase, after_an_alarm_there_is_rest_but_for_worse);
    tcase_add_test(tcase, votes_tell_who);
    tcase_add_test(tcase, scale_and_shift_do_not_matter);
    tcase_add_test(tcase, what_is_not_finite_never_enters);
    tcase_add_test(tcase, any_values_leave_it_finite);
    tcase_add_test(tcase, constant_and_two_valued_series);
    tcase_add_test(tcase, counters);
    tcase_add_test(tcase, a_rise_at_first_is_no_counter_for_ever);
    tcase_add_test(tcase, a_step_is_told_and_then_usual);
    tcase_add_test(tcase, same_input_same_output);
    tcase_add_test(tcase, ten_million_readings);
    tcase_add_test(tcase, small_detector_names_the_same_faults);
    tcase_add_test(tcase, tiny_detector_sees_spikes_and_silence);
    tcase_add_test(tcase, a_state_can_shrink);
    suite_add_tcase(suite, tcase);
    return suite;
}
