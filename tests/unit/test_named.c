#include "unit/suites.h"

#include <math.h>

#include "core/front.h"
#include "core/named.h"
#include "core/random.h"
#include "core/silence.h"

#define SECOND TIMESTAMP_SECOND

/* A series as the named detectors see it, a value every two seconds. */
struct bench {
    struct predictor predictor;
    struct spike spike;
    struct shift shift;
    struct drift drift;
    struct burst burst;
    struct random random;
    double slow;
    uint32_t seen;
    struct finding spiked, shifted, drifted, bursted; /* by the last value */
};

static void feed(struct bench *bench, double value)
{
    struct named_input in = {.time = (timestamp)bench->seen * 2 * SECOND,
                             .value = value,
                             .slow = bench->seen > 0 ? bench->slow : value,
                             .prediction = predictor_step(&bench->predictor, value, bench->seen),
                             .seen = bench->seen};
    bench->spiked = spike_step(&bench->spike, &in);
    bench->shifted = shift_step(&bench->shift, &in);
    bench->drifted = drift_step(&bench->drift, &in);
    bench->bursted = burst_step(&bench->burst, &in);
    bench->slow = in.slow + 0.002 * (value - in.slow);
    bench->seen++;
}

/* Normal noise of deviation 1 around level; how many values were told as anything. */
static int feed_noise(struct bench *bench, double level, double deviation, int count)
{
    int told = 0;
    for (int i = 0; i < count; i++) {
        feed(bench, level + deviation * random_normal(&bench->random));
        told +=
            bench->spiked.told || bench->shifted.told || bench->drifted.told || bench->bursted.told;
    }
    return told;
}

static struct bench quiet_bench(uint64_t seed)
{
    struct bench bench = {.slow = 0};
    random_init(&bench.random, seed);
    feed_noise(&bench, 20, 1, 2000);
    return bench;
}

START_TEST(prediction_knows_its_error)
{
    struct bench bench = quiet_bench(1);
    ck_assert_double_eq_tol(predictor_scale(&bench.predictor), 1.05, 0.3);
    ck_assert_double_eq_tol(bench.predictor.level, 20, 1);
}
END_TEST

START_TEST(prediction_follows_a_ramp_and_not_a_spike)
{
    struct predictor predictor = {0};
    struct prediction told = {0};
    for (uint32_t i = 0; i < 2000; i++)
        told = predictor_step(&predictor, 0.5 * i, i);
    ck_assert(fabsf(told.residual) < 0.2);
    double before = predictor.level;
    told = predictor_step(&predictor, 1e6, 2000);
    ck_assert(told.z > 1000);
    ck_assert(predictor.level - before < 2);
}
END_TEST

START_TEST(prediction_is_no_finer_than_the_rounding)
{
    struct predictor predictor = {0};
    for (uint32_t i = 0; i < 500; i++)
        predictor_step(&predictor, i % 100 == 50 ? 21 : 20, i);
    ck_assert(predictor.quantum == 1);
    ck_assert(predictor_scale(&predictor) >= 0.35f);
    ck_assert(fabsf(predictor_look(&predictor, 21, 500).z) < 3);
}
END_TEST

START_TEST(noise_is_left_alone)
{
    struct bench bench = quiet_bench(2);
    ck_assert_int_le(feed_noise(&bench, 20, 1, 20000), 2);
}
END_TEST

START_TEST(spike_is_told_and_a_large_value_is_not)
{
    struct bench bench = quiet_bench(3);
    feed(&bench, 30);
    ck_assert(bench.spiked.told && bench.spiked.size > 8);
    feed_noise(&bench, 20, 1, 100);
    feed(&bench, 16.5);
    ck_assert(!bench.spiked.told && bench.spiked.size > 2);
}
END_TEST

START_TEST(shift_is_told_with_size_and_time)
{
    struct bench bench = quiet_bench(4);
    timestamp start = (timestamp)bench.seen * 2 * SECOND;
    int values = 0;
    do {
        feed_noise(&bench, 15, 1, 1);
        values++;
    } while (!bench.shifted.told && values < 30);
    ck_assert(bench.shifted.told);
    ck_assert_int_le(values, 8);
    ck_assert_double_eq_tol(bench.shifted.change, -5, 1.5);
    ck_assert_double_eq_tol(bench.shifted.start, 20, 1.2);
    ck_assert(bench.shifted.since <= start && bench.shifted.since > start - 30 * SECOND);
    shift_reset(&bench.shift);
    predictor_move(&bench.predictor, 15);
    for (int i = 0; i < 300; i++) {
        feed_noise(&bench, 15, 1, 1);
        ck_assert(!bench.shifted.told && !bench.spiked.told);
    }
}
END_TEST

START_TEST(two_spikes_are_no_shift)
{
    struct bench bench = quiet_bench(5);
    feed(&bench, 40);
    ck_assert(!bench.shifted.told);
    feed(&bench, 40);
    ck_assert(!bench.shifted.told);
}
END_TEST

START_TEST(drift_is_told_with_size_and_time)
{
    struct bench bench = quiet_bench(6);
    int values = 0;
    do {
        feed_noise(&bench, 20 + 0.04 * values, 1, 1);
        values++;
    } while (!bench.drifted.told && values < 400);
    ck_assert(bench.drifted.told && values < 400);
    ck_assert(bench.drifted.change > 2 && bench.drifted.change < 0.04 * values + 1);
    ck_assert(bench.drifted.since < (timestamp)bench.seen * 2 * SECOND - 60 * SECOND);
}
END_TEST

START_TEST(burst_is_told_and_a_step_is_not)
{
    struct bench bench = quiet_bench(7);
    int values = 0;
    do {
        feed_noise(&bench, 20, 6, 1);
        values++;
    } while (!bench.bursted.told && values < 40);
    ck_assert(bench.bursted.told && bench.bursted.size >= 2);
    bench = (struct bench){.slow = 0};
    for (int i = 0; i < 1000; i++)
        feed(&bench, 20 + i / 333);
    for (int i = 0; i < 100; i++) {
        feed(&bench, 24);
        ck_assert(!bench.bursted.told);
    }
}
END_TEST

/* Repeats one value until it is told; 0 if that never happens. */
static int repeats_until_told(struct stuck *stuck, int most)
{
    for (int i = 1; i <= most; i++)
        if (stuck_step(stuck, i * SECOND, true, 0).told)
            return i;
    return 0;
}

START_TEST(stuck_where_values_never_repeat)
{
    struct stuck stuck = {0};
    for (int i = 1; i <= 1000; i++)
        ck_assert(!stuck_step(&stuck, i * SECOND, false, 0).told);
    ck_assert_int_eq(repeats_until_told(&stuck, 50), 5);
}
END_TEST

/* A switch with runs of 25 on average: 200 of the same is one in 3,000 runs. */
START_TEST(stuck_where_values_often_repeat)
{
    struct stuck stuck = {0};
    struct random random;
    random_init(&random, 8);
    int runs_told = 0;
    bool told = false;
    for (int i = 1; i <= 20000; i++) {
        bool before = told;
        told = stuck_step(&stuck, i * SECOND, random_uniform(&random) > 1 / 25.0, 0).told;
        runs_told += told && !before;
    }
    ck_assert_int_le(runs_told, 4); /* a rarity of 4 is 2 of 20,000 */
    stuck_step(&stuck, 0, false, 0);
    int repeats = repeats_until_told(&stuck, 1000);
    ck_assert_int_gt(repeats, 150);
    ck_assert_int_lt(repeats, 350);
}
END_TEST

/* Runs of very different lengths ask for a longer one than even runs of the same mean. */
START_TEST(stuck_minds_how_much_runs_vary)
{
    struct stuck even = {0}, uneven = {0};
    for (int i = 1; i <= 40000; i++) {
        stuck_step(&even, i * SECOND, i % 10 != 0, 0);
        stuck_step(&uneven, i * SECOND, i % 100 > 10, 0);
    }
    stuck_step(&even, SECOND, false, 0);
    stuck_step(&uneven, SECOND, false, 0);
    ck_assert_int_lt(repeats_until_told(&even, 1000), repeats_until_told(&uneven, 1000));
}
END_TEST

static enum front_form form_of(double (*value)(int), int count, struct front *front)
{
    double seen;
    *front = (struct front){0};
    for (int i = 0; i < count; i++)
        front_step(front, value(i), 1, &seen);
    return front->form;
}

static double total(int i)
{
    return 1e9 + 20 * i + i % 3;
}

static double wave(int i)
{
    return 20 + sin(i);
}

static double toggle(int i)
{
    return i / 7 % 2;
}

START_TEST(front_tells_gauges_counters_and_switches_apart)
{
    struct front front;
    ck_assert_int_eq(form_of(total, 19, &front), FRONT_UNDECIDED);
    ck_assert_int_eq(form_of(total, 40, &front), FRONT_COUNTER);
    ck_assert(!front_is_switch(&front) || front.distinct <= 3);
    ck_assert_int_eq(form_of(wave, 40, &front), FRONT_GAUGE);
    ck_assert(!front_is_switch(&front));
    ck_assert_int_eq(form_of(toggle, 40, &front), FRONT_GAUGE);
    ck_assert(front_is_switch(&front));
}
END_TEST

START_TEST(front_counts_in_increments)
{
    struct front front;
    double one, two;
    form_of(total, 40, &front);
    double last = front.last;
    front_step(&front, last + 30, 1, &one);
    ck_assert_double_eq_tol(front_value(&front, one, last), last + 30, 1e-6);
    front_step(&front, last + 30 + 120, 4, &two); /* three were lost: 30 each */
    ck_assert_double_eq_tol(two, one, 1e-9);
    ck_assert_int_eq(front_step(&front, 25, 1, &two), FRONT_VALUE); /* began anew */
    ck_assert_double_eq_tol(two / one, 25.0 / 30, 1e-9);
}
END_TEST

START_TEST(front_changes_its_mind_about_a_counter)
{
    struct front front;
    double seen;
    form_of(total, 40, &front);
    ck_assert_int_eq(front_step(&front, front.last - 5, 1, &seen), FRONT_RESTART);
    ck_assert_int_eq(front.form, FRONT_GAUGE);
    ck_assert_int_eq(front_step(&front, front.last - 5, 1, &seen), FRONT_VALUE);
}
END_TEST

START_TEST(front_stays_finite)
{
    const double values[] = {1.7e308, -1.7e308, 5e-324, 0, 1, -1e-300, 1e300};
    struct front front = {0};
    double seen = 0;
    for (int i = 0; i < 200; i++) {
        front_step(&front, values[i % 7], 1, &seen);
        ck_assert(isfinite(seen) && fabs(seen) <= 1e18);
        ck_assert(isfinite(front.unit) && isfinite(front.origin));
    }
}
END_TEST

START_TEST(silence_is_due_after_eight_intervals)
{
    struct silence silence = {0};
    for (int i = 0; i < 50; i++) {
        ck_assert(silence_due(&silence) == SILENCE_NEVER);
        silence_beat(&silence, i * 2 * SECOND);
    }
    timestamp silent = silence_due(&silence) - silence.last;
    ck_assert(silent >= 16 * SECOND && silent < 16 * SECOND + 1000);
    silence.told = true;
    ck_assert(silence_due(&silence) == SILENCE_NEVER);
    ck_assert(silence_beat(&silence, 200 * SECOND) == 102e6f);
    ck_assert(silence_due(&silence) != SILENCE_NEVER);
}
END_TEST

START_TEST(silence_learns_gaps_slowly)
{
    struct silence silence = {0};
    timestamp time = 0;
    for (int i = 0; i < 100; i++)
        silence_beat(&silence, time += 2 * SECOND);
    silence_beat(&silence, time += 3600 * SECOND); /* an outage */
    ck_assert(silence_due(&silence) - time < 40 * SECOND);
    for (int i = 0; i < 20; i++) { /* it is usual to pause for a minute */
        silence_beat(&silence, time += 60 * SECOND);
        for (int j = 0; j < 20; j++)
            silence_beat(&silence, time += 2 * SECOND);
    }
    ck_assert(silence_due(&silence) - time > 60 * SECOND);
    silence_beat(&silence, time - 1000 * SECOND); /* the clock was set back */
    ck_assert(silence_due(&silence) > time - 1000 * SECOND);
}
END_TEST

Suite *named_suite(void)
{
    Suite *suite = suite_create("named");
    TCase *tcase = tcase_create("named");
    tcase_add_test(tcase, prediction_knows_its_error);
    tcase_add_test(tcase, prediction_follows_a_ramp_and_not_a_spike);
    tcase_add_test(tcase, prediction_is_no_finer_than_the_rounding);
    tcase_add_test(tcase, noise_is_left_alone);
    tcase_add_test(tcase, spike_is_told_and_a_large_value_is_not);
    tcase_add_test(tcase, shift_is_told_with_size_and_time);
    tcase_add_test(tcase, two_spikes_are_no_shift);
    tcase_add_test(tcase, drift_is_told_with_size_and_time);
    tcase_add_test(tcase, burst_is_told_and_a_step_is_not);
    tcase_add_test(tcase, stuck_where_values_never_repeat);
    tcase_add_test(tcase, stuck_where_values_often_repeat);
    tcase_add_test(tcase, stuck_minds_how_much_runs_vary);
    tcase_add_test(tcase, front_tells_gauges_counters_and_switches_apart);
    tcase_add_test(tcase, front_counts_in_increments);
    tcase_add_test(tcase, front_changes_its_mind_about_a_counter);
    tcase_add_test(tcase, front_stays_finite);
    tcase_add_test(tcase, silence_is_due_after_eight_intervals);
    tcase_add_test(tcase, silence_learns_gaps_slowly);
    suite_add_tcase(suite, tcase);
    return suite;
}
