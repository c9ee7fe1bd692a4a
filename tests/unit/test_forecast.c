#include "unit/suites.h"

#include <float.h>
#include <math.h>

#include "core/forecast.h"
#include "core/random.h"

#define SECOND TIMESTAMP_SECOND
#define STEP (2 * SECOND)

static struct forecast forecast;
static struct random noise;
static timestamp now;

static void start(void)
{
    forecast_init(&forecast);
    random_init(&noise, 7);
    now = 1700000000 * SECOND;
}

static void add(double value)
{
    forecast_add(&forecast, now += STEP, value);
}

static double at(float steps)
{
    double value = NAN, low = NAN, high = NAN;
    ck_assert(forecast_at(&forecast, steps, &value, &low, &high));
    ck_assert_double_le(low, value);
    ck_assert_double_le(value, high);
    return value;
}

static double width(float steps)
{
    double value, low = NAN, high = NAN;
    ck_assert(forecast_at(&forecast, steps, &value, &low, &high));
    return high - low;
}

/* In steps; negative if none is told. */
static double eta(double low, double high)
{
    struct forecast_eta eta;
    if (!forecast_eta(&forecast, low, high, &eta))
        return -1;
    ck_assert_int_gt(eta.time, 0);
    ck_assert_int_ge(eta.spread, 0);
    ck_assert(eta.limit == low || eta.limit == high);
    return (double)eta.time / STEP;
}

static bool is_finite(const struct forecast *state)
{
    bool good = isfinite(state->value) && isfinite(state->interval) && isfinite(state->stride);
    for (unsigned i = 0; i < FORECASTERS; i++)
        good = good && isfinite(state->forecasters.level[i]);
    for (unsigned i = 0; i < FORECASTER_TRENDS; i++)
        good = good && isfinite(state->forecasters.trend[i]);
    for (unsigned h = 0; h < FORECAST_HORIZONS; h++) {
        good = good && isfinite(state->scores[h].told) && isfinite(state->scores[h].stretch);
        for (unsigned i = 0; i < FORECASTERS; i++)
            good = good && isfinite(state->scores[h].error[i]);
    }
    return good;
}

START_TEST(nothing_is_told_before_it_is_measured)
{
    double value, low, high;
    ck_assert(!forecast_at(&forecast, 1, &value, &low, &high));
    ck_assert_double_lt(eta(-1, 1), 0);
    add(5);
    add(5.5);
    ck_assert_float_eq(forecast_skill(&forecast, 1), 1);
    add(6);
    add(6.5);
    ck_assert(forecast_at(&forecast, 1, &value, &low, &high));
    ck_assert(!forecast_at(&forecast, 2, &value, &low, &high));
    ck_assert_float_eq(forecast_skill(&forecast, 10), 1);
}
END_TEST

/* The predictions for 10 steps ahead are made at readings 1, 8, 15, ... and scored 10 later; those
 * for 60 at 1, 24, 47, ... */
START_TEST(one_prediction_in_so_many_is_scored)
{
    for (unsigned i = 1; i <= 250; i++) {
        add(i % 7);
        unsigned near = i < 11 ? 0 : (i - 11) / 7 + 1, far = i < 61 ? 0 : (i - 61) / 23 + 1;
        ck_assert_uint_eq(forecast.scores[0].scored, i - 1);
        ck_assert_uint_eq(forecast.scores[1].scored, near);
        ck_assert_uint_eq(forecast.scores[2].scored, far);
    }
}
END_TEST

/* On a line the naive forecast is wrong by exactly the slope times the steps. */
START_TEST(naive_error_of_a_line)
{
    for (int i = 0; i < 200; i++)
        add(3 * i);
    ck_assert_float_eq_tol(forecast.scores[0].error[FORECASTER_NAIVE], 3, 1e-4f);
    ck_assert_float_eq_tol(forecast.scores[1].error[FORECASTER_NAIVE], 30, 1e-3f);
    ck_assert_float_eq_tol(forecast.scores[2].error[FORECASTER_NAIVE], 180, 1e-2f);
}
END_TEST

START_TEST(line_is_continued)
{
    for (int i = 0; i <= 1000; i++)
        add(100 - 0.25 * i);
    ck_assert_double_eq_tol(at(1), -150.25, 0.01);
    ck_assert_double_eq_tol(at(5), -151.25, 0.02);
    ck_assert_double_eq_tol(at(10), -152.5, 0.05);
    ck_assert_double_eq_tol(at(60), -165, 0.2);
    ck_assert_float_lt(forecast_skill(&forecast, 1), 0.05f);
    ck_assert_float_lt(forecast_skill(&forecast, 30), 0.05f);
    double value, low, high;
    ck_assert(!forecast_at(&forecast, 61, &value, &low, &high));
    ck_assert(!forecast_at(&forecast, -1, &value, &low, &high));
    ck_assert(!forecast_at(&forecast, NAN, &value, &low, &high));
}
END_TEST

START_TEST(line_reaches_its_limit)
{
    for (int i = 0; i <= 1000; i++)
        add(100 - 0.25 * i);
    ck_assert_double_eq_tol(eta(-155, 200), 20, 0.5);
    ck_assert_double_eq_tol(eta(-151, INFINITY), 4, 0.5);
    ck_assert_double_eq_tol(eta(-163, NAN), 52, 1);
    ck_assert_double_lt(eta(-170, 200), 0);      /* 80 steps */
    ck_assert_double_lt(eta(-200, -149), 0);     /* it moves away from that */
    ck_assert_double_lt(eta(-149, 0), 0);        /* it is beyond already */
    ck_assert_double_lt(eta(-INFINITY, NAN), 0); /* no limit */
}
END_TEST

START_TEST(rise_reaches_its_limit)
{
    for (int i = 0; i <= 300; i++)
        add(5 * i);
    ck_assert_double_eq_tol(eta(-INFINITY, 1600), 20, 0.5);
    ck_assert_double_lt(eta(0, INFINITY), 0);
}
END_TEST

/* Noise of deviation 1 on a rise of 0.1 a step: the first reading at the limit comes some 10 steps
 * before the level does, and the ETA means that reading. */
START_TEST(noise_reaches_its_limit_early)
{
    double off = 0;
    unsigned told = 0;
    for (unsigned run = 0; run < 100; run++) {
        start();
        random_init(&noise, run);
        for (int i = 0; i <= 1000; i++)
            add(0.1 * i + random_normal(&noise));
        double steps = eta(-INFINITY, 105);
        if (steps < 0)
            continue;
        unsigned truth = 1;
        while (0.1 * (1000 + truth) + random_normal(&noise) < 105)
            truth++;
        off += steps - truth;
        told++;
    }
    ck_assert_uint_gt(told, 80);
    ck_assert_double_eq_tol(off / told, 0, 5);
}
END_TEST

/* A forecaster that is hardly better than none, or whose way its own error drowns, gives no ETA. */
START_TEST(eta_must_be_earned)
{
    for (int i = 0; i < 300; i++)
        add(i);
    struct forecast_score *score = &forecast.scores[2];
    ck_assert_double_gt(eta(0, 320), 0);
    score->error[FORECASTER_NAIVE] = 50;
    score->error[score->speaker] = 44;
    ck_assert_double_gt(eta(0, 320), 0);
    score->error[score->speaker] = 46;
    ck_assert_double_lt(eta(0, 320), 0);
    score->error[FORECASTER_NAIVE] = 1000;
    score->error[score->speaker] = 58;
    ck_assert_double_gt(eta(0, 320), 0);
    score->error[score->speaker] = 62;
    ck_assert_double_lt(eta(0, 320), 0);
}
END_TEST

START_TEST(constant_has_nothing_to_tell)
{
    for (int i = 0; i < 1000; i++)
        add(21.5);
    ck_assert_double_eq(at(60), 21.5);
    ck_assert_double_eq(width(60), 0);
    ck_assert_float_eq(forecast_skill(&forecast, 60), 1);
    ck_assert_double_lt(eta(21, 22), 0);
}
END_TEST

START_TEST(band_holds_what_it_promises)
{
    static const float horizons[] = {1, 10, 30, 60};
    static double values[6000];
    for (unsigned i = 0; i < 6000; i++)
        values[i] = random_uniform(&noise); /* no long tails: the band must learn that */
    for (unsigned h = 0; h < 4; h++) {
        unsigned held = 0, count = 0;
        start();
        for (unsigned i = 0; i + 60 < 6000; i++) {
            double value, low, high, truth = values[i + (unsigned)horizons[h]];
            add(values[i]);
            if (!forecast_at(&forecast, horizons[h], &value, &low, &high))
                continue;
            held += truth >= low && truth <= high;
            count++;
        }
        ck_assert_double_gt((double)held / count, 0.86);
        ck_assert_double_lt((double)held / count, 0.94);
    }
}
END_TEST

/* For white noise the mean is the best forecast: its error is 1 / sqrt(2) of the naive one. */
START_TEST(skill_on_noise)
{
    for (int i = 0; i < 5000; i++)
        add(20 + random_normal(&noise));
    ck_assert_float_lt(forecast_skill(&forecast, 1), 0.85f);
    ck_assert_float_lt(forecast_skill(&forecast, 10), 0.85f);
    ck_assert_float_lt(forecast_skill(&forecast, 60), 0.9f);
    ck_assert_double_eq_tol(at(60), 20, 0.5);
    ck_assert_double_lt(eta(10, 30), 0);
}
END_TEST

START_TEST(spike_starts_no_eta)
{
    for (int i = 0; i < 1000; i++)
        add(random_normal(&noise));
    add(40);
    ck_assert_double_lt(eta(-60, 60), 0);
    for (int i = 0; i < 60; i++) {
        add(random_normal(&noise));
        ck_assert_double_lt(eta(-15, 15), 0);
    }
}
END_TEST

START_TEST(step_is_followed)
{
    for (int i = 0; i < 1000; i++)
        add((i < 500 ? 10 : 50) + 0.1 * random_normal(&noise));
    ck_assert_double_eq_tol(at(10), 50, 2);
    ck_assert_double_eq_tol(at(60), 50, 2);
}
END_TEST

START_TEST(counter_is_continued)
{
    double total = 4e9; /* beyond the whole numbers of single precision */
    for (int i = 0; i < 1000; i++)
        add(total += floor(20 + 8 * random_uniform(&noise)));
    ck_assert_double_eq_tol(at(10), total + 235, 15);
    ck_assert_double_eq_tol(eta(0, total + 705), 30, 2);
}
END_TEST

/* Some readings are lost at random: steps are those of the clock, not of the readings. */
START_TEST(lost_readings)
{
    for (int i = 0; i < 2000; i++) {
        now += STEP;
        if (random_uniform(&noise) > 0.15)
            forecast_add(&forecast, now, 0.5 * i);
    }
    double last = forecast.value;
    ck_assert_double_eq_tol(at(10), last + 5, 0.1);
    ck_assert_double_eq_tol(eta(0, last + 15), 30, 2);
}
END_TEST

START_TEST(long_gap_is_not_scored)
{
    for (int i = 0; i < 300; i++)
        add(i % 5);
    struct forecast_score near = forecast.scores[1], far = forecast.scores[2];
    now += 3600 * SECOND;
    add(1000);
    ck_assert_mem_eq(&forecast.scores[1], &near, sizeof near);
    ck_assert_mem_eq(&forecast.scores[2], &far, sizeof far);
    ck_assert(is_finite(&forecast));
}
END_TEST

/* As when a retained message of long ago comes first. */
START_TEST(first_interval_out_of_line)
{
    forecast_add(&forecast, now - 86400 * SECOND, 0);
    for (int i = 0; i < 200; i++)
        add(i);
    ck_assert_double_eq_tol(eta(-10, 219), 20, 1);
}
END_TEST

START_TEST(clock_that_stands_or_falls)
{
    for (int i = 0; i < 300; i++)
        forecast_add(&forecast, now, i);
    ck_assert_double_eq_tol(at(10), 309, 0.5);
    ck_assert_double_lt(eta(0, 310), 0); /* nobody knows how long a step is */
    forecast_add(&forecast, INT64_MAX, 300);
    forecast_add(&forecast, INT64_MIN, 301);
    forecast_add(&forecast, INT64_MAX, 302);
    ck_assert(is_finite(&forecast));
    eta(0, 310);
}
END_TEST

START_TEST(what_is_not_finite_stays_out)
{
    for (int i = 0; i < 100; i++)
        add(random_normal(&noise));
    struct forecast before = forecast;
    add(NAN);
    add(INFINITY);
    add(-INFINITY);
    ck_assert_mem_eq(&forecast, &before, sizeof before);
}
END_TEST

START_TEST(extreme_values_stay_finite)
{
    for (int i = 0; i < 2000; i++) {
        add(i % 3 == 0 ? DBL_MAX : i % 3 == 1 ? -DBL_MAX : 4e-320);
        ck_assert(is_finite(&forecast));
        eta(-1, 1);
    }
    double value, low, high;
    ck_assert(forecast_at(&forecast, 60, &value, &low, &high));
    ck_assert(isfinite(value));
}
END_TEST

/* Constant, two-valued, counting, saw-toothed and noisy, each for long. */
START_TEST(millions_of_readings)
{
    double total = 0;
    for (unsigned i = 0; i < 10000000; i++) {
        unsigned part = i / 500000 % 5;
        total += part == 2;
        add(part == 0   ? 7
            : part == 1 ? i / 1000 % 2
            : part == 2 ? total
            : part == 3 ? i % 130
                        : random_uniform(&noise));
        if (i % 1000 == 0)
            ck_assert(is_finite(&forecast));
    }
    ck_assert_uint_eq(forecast.seen, 10000000);
    for (int i = 0; i < 10000; i++)
        add(3);
    for (unsigned i = 0; i < FORECASTERS; i++) {
        ck_assert_int_ne(fpclassify(forecast.scores[0].error[i]), FP_SUBNORMAL);
        ck_assert_int_ne(fpclassify(forecast.forecasters.level[i]), FP_SUBNORMAL);
    }
    ck_assert_double_eq(at(60), 3);
}
END_TEST

/* The same course on another scale: what is told is on that scale too. */
START_TEST(scale_and_origin_do_not_matter)
{
    static const struct {
        double scale, origin, tolerance;
    } units[] = {
        {1024, 0, 1e-9}, {-1, 0, 1e-9}, {1.8, 32, 1e-3}, {1e-6, 0, 1e-3}, {1000, 1e6, 1e-3}};
    for (unsigned u = 0; u < sizeof units / sizeof *units; u++) {
        struct forecast other;
        double scale = units[u].scale, origin = units[u].origin, value, low, high;
        unsigned told = 0;
        start();
        forecast_init(&other);
        for (int i = 0; i < 1500; i++) {
            double in = fmax(i - 1000, 0) * 0.05 + random_normal(&noise);
            double limits[2] = {origin - 20 * scale, origin + 20 * scale};
            struct forecast_eta found;
            add(in);
            forecast_add(&other, now, origin + scale * in);
            if (i < 200 || i % 50 != 0)
                continue;
            float skill = forecast_skill(&forecast, 60);
            ck_assert_float_eq_tol(forecast_skill(&other, 60), skill, (float)units[u].tolerance);
            ck_assert(forecast_at(&other, 10, &value, &low, &high));
            ck_assert_double_eq_tol((value - origin) / scale, at(10), units[u].tolerance);
            ck_assert_double_eq_tol((high - low) / fabs(scale), width(10),
                                    units[u].tolerance * width(10));
            bool is_told = forecast_eta(&other, fmin(limits[0], limits[1]),
                                        fmax(limits[0], limits[1]), &found);
            ck_assert_double_eq_tol(is_told ? (double)found.time / STEP : -1, eta(-20, 20), 0.1);
            told += is_told;
        }
        ck_assert_uint_gt(told, 0);
    }
}
END_TEST

START_TEST(small)
{
    ck_assert_uint_le(sizeof(struct forecast), 456);
}
END_TEST

/* The forecasters by themselves, against numbers worked out by hand. */
static struct forecasters crowd;
static float miss[FORECASTERS];
static const float generous[FORECASTERS] = {9, 9, 9, 9, 9, 9, 9, 9};

static void crowd_add(float change, unsigned steps, uint32_t seen, const float *usual)
{
    forecasters_miss(&crowd, change, steps, miss);
    forecasters_learn(&crowd, miss, steps, seen, usual);
}

START_TEST(first_step_by_hand)
{
    crowd = (struct forecasters){.level = {0}};
    crowd_add(1, 1, 1000, generous);
    for (unsigned i = 0; i < FORECASTERS; i++)
        ck_assert_float_eq(miss[i], 1);
    ck_assert_float_eq(crowd.level[FORECASTER_NAIVE], 0);
    ck_assert_float_eq_tol(crowd.level[FORECASTER_QUICK], -0.85f, 1e-6f);
    ck_assert_float_eq_tol(crowd.level[FORECASTER_SLOW], -0.995f, 1e-6f);
    ck_assert_float_eq_tol(crowd.trend[0], 0.5f * 0.3f, 1e-6f);
    ck_assert_float_eq_tol(crowd.trend[2], 0.1f * 0.02f, 1e-6f);
    /* level -0.9 and trend 0.002 after two more steps */
    ck_assert_float_eq_tol(forecaster_at(&crowd, FORECASTER_TREND_SLOW, 2), -0.896f, 1e-6f);
    /* damped: 0.3 * 0.05 * (0.97 + 0.97^2) above its level of -0.7 */
    ck_assert_float_eq_tol(forecaster_at(&crowd, FORECASTER_TREND_DAMPED, 2), -0.6713365f, 1e-6f);
    crowd_add(0, 1, 1001, generous);
    ck_assert_float_eq_tol(miss[FORECASTER_TREND_SLOW], 0.898f, 1e-6f);
}
END_TEST

START_TEST(surprise_tilts_no_trend)
{
    float usual[FORECASTERS];
    for (unsigned i = 0; i < FORECASTERS; i++)
        usual[i] = 0.1f;
    crowd = (struct forecasters){.level = {0}};
    crowd_add(100, 1, 1000, usual);
    ck_assert_float_eq_tol(crowd.trend[2], 0.3f * 0.1f * 0.02f, 1e-7f);
    ck_assert_float_eq_tol(crowd.level[FORECASTER_QUICK], -85, 1e-4f);
}
END_TEST

/* Three steps at once: the level keeps 0.85^3 of its weight. */
START_TEST(late_value_weighs_more)
{
    crowd = (struct forecasters){.level = {0}};
    crowd_add(1, 3, 1000, generous);
    ck_assert_float_eq_tol(crowd.level[FORECASTER_QUICK], -0.614125f, 1e-6f);
    ck_assert_float_eq_tol(crowd.trend[0], 0.875f * 0.657f / 3, 1e-6f);
}
END_TEST

START_TEST(reach_inverts_at)
{
    crowd = (struct forecasters){.level = {0, 1, 1, 1, 2, 2, 2, 2}, .trend = {1, 1, -1, 1}};
    for (unsigned i = FORECASTER_TREND_QUICK; i < FORECASTERS; i++)
        for (float steps = 1; steps < 100; steps *= 3) {
            float away = forecaster_at(&crowd, (enum forecaster)i, steps);
            ck_assert_float_eq_tol(forecaster_reach(&crowd, (enum forecaster)i, away), steps,
                                   1e-3f * steps);
        }
    ck_assert_float_eq(forecaster_reach(&crowd, FORECASTER_TREND_QUICK, 1.5f), 0);
    ck_assert_float_infinite(forecaster_reach(&crowd, FORECASTER_TREND_DAMPED, 2 + 33));
    ck_assert_float_infinite(forecaster_reach(&crowd, FORECASTER_QUICK, 5));
    ck_assert_float_eq(forecaster_at(&crowd, FORECASTER_QUICK, 60), 1);
}
END_TEST

static TCase *tournament_tests(void)
{
    TCase *tests = tcase_create("tournament");
    tcase_add_checked_fixture(tests, start, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, nothing_is_told_before_it_is_measured);
    tcase_add_test(tests, one_prediction_in_so_many_is_scored);
    tcase_add_test(tests, naive_error_of_a_line);
    tcase_add_test(tests, line_is_continued);
    tcase_add_test(tests, line_reaches_its_limit);
    tcase_add_test(tests, rise_reaches_its_limit);
    tcase_add_test(tests, noise_reaches_its_limit_early);
    tcase_add_test(tests, eta_must_be_earned);
    tcase_add_test(tests, constant_has_nothing_to_tell);
    tcase_add_test(tests, band_holds_what_it_promises);
    tcase_add_test(tests, skill_on_noise);
    tcase_add_test(tests, spike_starts_no_eta);
    tcase_add_test(tests, step_is_followed);
    tcase_add_test(tests, counter_is_continued);
    tcase_add_test(tests, lost_readings);
    tcase_add_test(tests, long_gap_is_not_scored);
    tcase_add_test(tests, first_interval_out_of_line);
    tcase_add_test(tests, clock_that_stands_or_falls);
    tcase_add_test(tests, what_is_not_finite_stays_out);
    tcase_add_test(tests, extreme_values_stay_finite);
    tcase_add_test(tests, millions_of_readings);
    tcase_add_test(tests, scale_and_origin_do_not_matter);
    tcase_add_test(tests, small);
    return tests;
}

Suite *forecast_suite(void)
{
    Suite *suite = suite_create("forecast");
    TCase *tests = tcase_create("forecasters");
    tcase_add_test(tests, first_step_by_hand);
    tcase_add_test(tests, surprise_tilts_no_trend);
    tcase_add_test(tests, late_value_weighs_more);
    tcase_add_test(tests, reach_inverts_at);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, tournament_tests());
    return suite;
}
