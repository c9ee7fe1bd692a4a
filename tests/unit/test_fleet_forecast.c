#include "unit/fleet_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/random.h"

static struct random noise;

/* A tank that empties by 0.1 a reading, with noise. */
static void drain(int count, double *level)
{
    for (int i = 0; i < count; i++) {
        *level -= 0.1;
        reading(*level + 0.05 * random_normal(&noise));
    }
}

static const struct series *only(void)
{
    return fleet_series(fleet, 0);
}

START_TEST(a_drain_reaches_its_limit)
{
    double level = 100;
    struct forecast_eta eta;
    random_init(&noise, 1);
    drain(600, &level); /* now at 40 */
    ck_assert(series_live(only()));
    ck_assert(series_eta(only(), 37, 1000, now, &eta));
    ck_assert_double_eq_tol((double)eta.time / SECOND, 60, 8); /* 30 readings */
    ck_assert_double_eq(eta.limit, 37);
    timestamp later = eta.time;
    ck_assert(series_eta(only(), 37, 1000, now + SECOND, &eta));
    ck_assert_int_eq(eta.time, later - SECOND);
    ck_assert(!series_eta(only(), 10, 1000, now, &eta)); /* too far to say */
    ck_assert(!series_eta(only(), -INFINITY, INFINITY, now, &eta));
}
END_TEST

START_TEST(a_limit_that_was_set_is_where_it_ends)
{
    double level = 100;
    struct forecast_eta eta;
    struct limits limits = limits_none;
    random_init(&noise, 1);
    drain(600, &level); /* now at 40 */
    limits.min = 37;
    fleet_limit(fleet, 0, &limits);
    ck_assert(series_outlook(only(), now, &eta));
    ck_assert_double_eq(eta.limit, 37);
    ck_assert_double_eq_tol((double)eta.time / SECOND, 60, 8);
    limits.min = 50; /* below it already */
    fleet_limit(fleet, 0, &limits);
    ck_assert(!series_outlook(only(), now, &eta) || eta.limit > 40);
}
END_TEST

START_TEST(only_what_is_live_has_an_eta)
{
    double level = 100;
    struct forecast_eta eta;
    random_init(&noise, 1);
    drain(600, &level);
    tick_at(now + 7 * SECOND); /* late */
    ck_assert(!series_eta(only(), 37, 1000, now + 7 * SECOND, &eta));
    drain(1, &level);
    ck_assert(series_eta(only(), 37, 1000, now, &eta));
    status(STATUS_OFFLINE);
    ck_assert(!series_eta(only(), 37, 1000, now, &eta));
}
END_TEST

/* Expects 35 to 1000, and calls it a drift below 40. */
static void expect(const struct detector_options *options, void *state,
                   const struct observation *seen, struct verdict *verdict)
{
    (void)options;
    (void)state;
    verdict_clear(verdict);
    verdict->low = 35;
    verdict->high = 1000;
    if (seen->value >= 40)
        return;
    verdict->kind = ANOMALY_DRIFT;
    verdict->severity = SEVERITY_NOTICE;
    snprintf(verdict->reason, sizeof verdict->reason, "drift");
}

START_TEST(the_edge_of_the_band_is_told_from_afar)
{
    static const struct detector_type type = {.name = "expect", .observe = expect};
    double level = 100;
    struct forecast_eta eta;
    random_init(&noise, 1);
    fleet_with((struct fleet_options){.detector = &type});
    drain(605, &level); /* 39.5 */
    ck_assert_ptr_nonnull(strstr(newest(0)->text, "drift; crosses 35 °C in 1m"));
    drain(25, &level); /* 37 */
    ck_assert(series_outlook(only(), now, &eta));
    ck_assert_double_eq(eta.limit, 35);
    ck_assert_int_le(2 * eta.spread, eta.time);
    drain(18, &level); /* 35.2 */
    ck_assert(series_eta(only(), 35, 1000, now, &eta));
    ck_assert(!series_outlook(only(), now, &eta));
    ck_assert_str_eq(newest(0)->text, "drift");
}
END_TEST

START_TEST(noise_has_no_eta)
{
    struct forecast_eta eta;
    random_init(&noise, 2);
    for (int i = 0; i < 500; i++) {
        reading(20 + random_normal(&noise));
        ck_assert(!series_eta(only(), 10, 30, now, &eta));
    }
    ck_assert_ptr_nonnull(only()->forecast);
    ck_assert_uint_gt(only()->forecast->seen, 490);
}
END_TEST

START_TEST(another_unit_is_another_course)
{
    double level = 100;
    struct forecast_eta eta;
    random_init(&noise, 1);
    drain(600, &level);
    now += 2 * SECOND;
    build_reading(&batch, TOPIC, "T1", "temperature", "Fahrenheit", 150, now);
    ingest();
    ck_assert_uint_eq(only()->forecast->seen, 1);
    ck_assert(!series_eta(only(), 37, 1000, now, &eta));
}
END_TEST

START_TEST(what_has_no_course_gets_no_forecast)
{
    for (int i = 0; i < 50; i++) {
        now += SECOND;
        build_message(&batch, "door", now);
        build_value(&batch, "door", "state", "", i % 2, now);
        batch.items[batch.item_count - 1].binary_state = true;
        build_retained(&batch, "old", "old", "x", "", i, now);
        ingest();
    }
    ck_assert_ptr_null(fleet_series(fleet, 0)->forecast);
    ck_assert_ptr_null(fleet_series(fleet, 1)->forecast);
}
END_TEST

START_TEST(no_forecast_without_memory)
{
    fleet_with((struct fleet_options){.memory = 1});
    size_t kept = 0;
    for (int i = 0; i < 20; i++, now += SECOND)
        for (int k = 0; k < 1500; k++) {
            char name[] = "S0000";
            for (int at = 4, rest = k; at > 0; at--, rest /= 10)
                name[at] = (char)('0' + rest % 10);
            build_reading(&batch, name, name, "x", "", i, now);
        }
    ingest();
    uint32_t count = fleet_series_count(fleet);
    for (uint32_t i = 0; i < count; i++)
        kept += fleet_series(fleet, i)->forecast != NULL;
    ck_assert_uint_lt(kept, count);
    ck_assert_uint_gt(fleet_totals(fleet)->memory, count * sizeof(struct series));
}
END_TEST

TCase *fleet_forecast_case(void)
{
    TCase *tests = fleet_case("forecast");
    tcase_add_test(tests, a_drain_reaches_its_limit);
    tcase_add_test(tests, a_limit_that_was_set_is_where_it_ends);
    tcase_add_test(tests, only_what_is_live_has_an_eta);
    tcase_add_test(tests, the_edge_of_the_band_is_told_from_afar);
    tcase_add_test(tests, noise_has_no_eta);
    tcase_add_test(tests, another_unit_is_another_course);
    tcase_add_test(tests, what_has_no_course_gets_no_forecast);
    tcase_add_test(tests, no_forecast_without_memory);
    return tests;
}
