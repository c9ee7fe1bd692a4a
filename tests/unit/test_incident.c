#include "unit/suites.h"

#include "core/incident.h"
#include "core/random.h"

#include <math.h>

#define SECOND TIMESTAMP_SECOND
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define SERIES 200

static struct incidents incidents;
static uint64_t anomalies[SERIES];
static const timestamp beginning = 1700000000 * SECOND;
static timestamp now;

static void start(void)
{
    incidents_init(&incidents, beginning);
    for (int i = 0; i < SERIES; i++)
        anomalies[i] = 0;
    now = beginning;
}

static const struct incident *anomaly_after(timestamp interval, uint32_t series)
{
    now += interval;
    return incidents_take(&incidents, series, now, anomalies[series]++);
}

/* By adding up what is left out. */
START_TEST(chance_of_k_or_more)
{
    for (double expected = 0.01; expected < 60; expected *= 1.7) {
        double term = exp(-expected), rest = 1;
        for (unsigned k = 0; k < 40; k++) {
            if (rest > 1e-9)
                ck_assert_double_eq_tol(incident_chance(k, expected), rest, 1e-10);
            rest -= term;
            term *= expected / (k + 1);
        }
    }
    ck_assert_double_eq(incident_chance(3, 0), 0);
    ck_assert_double_eq(incident_chance(1, 800), 1);
    ck_assert_double_eq(incident_chance(17, 5000), 1);
}
END_TEST

START_TEST(several_series_at_once_are_an_incident)
{
    ck_assert_ptr_null(anomaly_after(HOUR, 7));
    const struct incident *incident = NULL;
    static const uint32_t members[] = {3, 1, 4, 9};
    for (int i = 0; i < 4; i++)
        incident = anomaly_after(i == 0 ? 10 * MINUTE : 4 * SECOND, members[i]);
    ck_assert_ptr_nonnull(incident);
    ck_assert_uint_eq(incident->count, 4);
    for (int i = 0; i < 4; i++) {
        ck_assert_uint_eq(incident->members[i].series, members[i]);
        ck_assert_int_eq(incident->members[i].time - incident->first, i * 4 * SECOND);
    }
    ck_assert_ptr_eq(incidents_of(&incidents, 4), incident);
    ck_assert_ptr_null(incidents_of(&incidents, 7));
    ck_assert_uint_eq(incidents.last_id, 1);
}
END_TEST

START_TEST(it_grows_while_anomalies_keep_coming_and_then_ends)
{
    now += 2 * HOUR;
    for (uint32_t i = 0; i < 3; i++)
        anomaly_after(SECOND, i);
    ck_assert_uint_eq(incidents.last_id, 1);
    ck_assert_ptr_null(anomaly_after(SECOND, 1)); /* a member again is no news */
    const struct incident *incident = anomaly_after(20 * SECOND, 5);
    ck_assert_ptr_nonnull(incident);
    ck_assert_uint_eq(incident->count, 4);
    ck_assert_ptr_null(anomaly_after(HOUR, 6));
    ck_assert_uint_eq(incident->count, 4);
    ck_assert_uint_eq(incidents.last_id, 1);
}
END_TEST

/* However long the pause: then no single anomaly says that it goes on. */
START_TEST(days_later_there_is_another_one)
{
    now += HOUR;
    for (uint32_t day = 1; day <= 10; day++) {
        for (uint32_t i = 0; i < 6; i++)
            anomaly_after(SECOND / 10, 6 * day % SERIES + i);
        ck_assert_uint_eq(incidents.last_id, day);
        now += 24 * HOUR;
    }
}
END_TEST

START_TEST(one_series_alone_is_none)
{
    now += HOUR;
    for (int i = 0; i < 100; i++)
        ck_assert_ptr_null(anomaly_after(SECOND, 3));
}
END_TEST

/* One that is anomalous all the time is beside every anomaly, which means nothing; and its many
 * anomalies do not hide what the others do. */
START_TEST(a_noisy_series_neither_makes_nor_hides_incidents)
{
    for (int i = 0; i < 2000; i++)
        ck_assert_ptr_null(anomaly_after(5 * SECOND, 0));
    ck_assert_ptr_null(anomaly_after(SECOND, 1));
    for (int i = 0; i < 20; i++)
        ck_assert_ptr_null(anomaly_after(5 * SECOND, 0));
    anomaly_after(SECOND, 2);
    anomaly_after(SECOND, 0);
    anomaly_after(SECOND, 3);
    ck_assert_ptr_nonnull(anomaly_after(SECOND, 4));
}
END_TEST

/* Independent anomalies of many series: about one in a thousand may begin an incident. */
START_TEST(chance_alone_makes_hardly_any)
{
    struct random random;
    random_init(&random, 11);
    for (int i = 0; i < 5000; i++) {
        double gap = -log(1 - random_uniform(&random)) * 7;
        anomaly_after((timestamp)(gap * (double)SECOND),
                      (uint32_t)(random_uniform(&random) * SERIES));
    }
    ck_assert_uint_le(incidents.last_id, 15);
}
END_TEST

START_TEST(many_members_are_counted)
{
    now += HOUR;
    const struct incident *incident = NULL;
    for (uint32_t i = 0; i < 100; i++) {
        const struct incident *grown = anomaly_after(SECOND / 10, i);
        incident = grown ? grown : incident;
    }
    ck_assert_ptr_nonnull(incident);
    ck_assert_uint_eq(incident->count, 100);
    ck_assert_uint_eq(incident->listed, INCIDENT_MEMBERS);
}
END_TEST

START_TEST(a_clock_set_back_moves_all_along)
{
    now += HOUR;
    for (uint32_t i = 0; i < 3; i++)
        anomaly_after(SECOND, i);
    incidents_set_back(&incidents, HOUR);
    now -= HOUR;
    const struct incident *incident = anomaly_after(2 * SECOND, 8);
    ck_assert_ptr_nonnull(incident);
    ck_assert_int_eq(incident->members[3].time - incident->first, 4 * SECOND);
}
END_TEST

Suite *incident_suite(void)
{
    Suite *suite = suite_create("incident");
    TCase *tests = tcase_create("incident");
    tcase_add_checked_fixture(tests, start, NULL);
    tcase_add_test(tests, chance_of_k_or_more);
    tcase_add_test(tests, several_series_at_once_are_an_incident);
    tcase_add_test(tests, it_grows_while_anomalies_keep_coming_and_then_ends);
    tcase_add_test(tests, days_later_there_is_another_one);
    tcase_add_test(tests, one_series_alone_is_none);
    tcase_add_test(tests, a_noisy_series_neither_makes_nor_hides_incidents);
    tcase_add_test(tests, chance_alone_makes_hardly_any);
    tcase_add_test(tests, many_members_are_counted);
    tcase_add_test(tests, a_clock_set_back_moves_all_along);
    suite_add_tcase(suite, tests);
    return suite;
}
