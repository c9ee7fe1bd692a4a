#include "unit/suites.h"

#include <check.h>
#include <math.h>
#include <string.h>

#include "core/window.h"
#include "sim/model.h"

#define SECONDS(n) ((timestamp)((n)*1e6))
#define HOUR 3600
#define START SECONDS(1000)

static struct model a_model(enum sim_kind kind, uint64_t seed)
{
    struct model model;

    model_init(&model, kind, seed);
    return model;
}

static double next(struct model *model, timestamp now, bool spike)
{
    double value = NAN;

    if (spike)
        model_inject(model, FAULT_SPIKE);
    ck_assert(model_next(model, now, &value));
    return value;
}

START_TEST(same_seed_same_values)
{
    struct model one = a_model((enum sim_kind)_i, 7), two = a_model((enum sim_kind)_i, 7);
    struct model other = a_model((enum sim_kind)_i, 8);
    int differ = 0;

    for (int i = 0; i < 1000; i++) {
        timestamp now = START + i * SECONDS(0.7);
        double value = next(&one, now, i % 100 == 99);

        ck_assert(value == next(&two, now, i % 100 == 99));
        differ += value != next(&other, now, i % 100 == 99);
    }
    ck_assert_int_gt(differ, 50);
}
END_TEST

/* Asked ten times a second or once in ten: the same drift, burst and door at the same time. */
START_TEST(course_depends_on_time_alone)
{
    struct model often = a_model((enum sim_kind)_i, 3), seldom = a_model((enum sim_kind)_i, 3);

    for (int i = 0; i <= 6000; i++) {
        timestamp now = START + i * SECONDS(0.1);

        next(&often, now, false);
        if (i % 100 != 0)
            continue;
        next(&seldom, now, false);
        ck_assert(often.drift == seldom.drift);
        ck_assert(often.gain == seldom.gain);
        ck_assert(often.open == seldom.open);
    }
}
END_TEST

START_TEST(temperature_is_the_labs)
{
    struct model model = a_model(SIM_TEMPERATURE, (uint64_t)_i);
    double before = 0.0;

    ck_assert_double_ge(model.base, 18.0);
    ck_assert_double_le(model.base, 26.0);
    for (int i = 0; i < HOUR; i++) {
        double value = next(&model, START + SECONDS(i), false);

        ck_assert_double_le(fabs(value - model.base), 3.0);
        ck_assert_double_le(fabs(model.drift - before), 0.1);
        before = model.drift;
    }
}
END_TEST

/* Within one second there is no drift: what varies is the noise. */
START_TEST(temperature_noise_has_sigma_0_3)
{
    struct model model = a_model(SIM_TEMPERATURE, 5);
    double values[5000];
    struct window_stats stats;

    for (int i = 0; i < 5000; i++)
        values[i] = next(&model, START + i * 100, false);
    stats = window_stats_of(values, 5000);
    ck_assert_double_eq_tol(stats.mean, model.base, 0.02);
    ck_assert_double_eq_tol(stats.stdev, 0.3, 0.01);
}
END_TEST

START_TEST(humidity_is_a_wave)
{
    struct model model = a_model(SIM_HUMIDITY, (uint64_t)_i);
    double sum = 0.0, low = 1000.0, high = 0.0;

    for (int i = 0; i < 600; i++) {
        double value = next(&model, START + SECONDS(i), false);

        sum += value;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    ck_assert_double_eq_tol(sum / 600.0, model.base, 0.2);
    ck_assert_double_eq_tol(high - model.base, 8.0, 2.0);
    ck_assert_double_eq_tol(model.base - low, 8.0, 2.0);
}
END_TEST

START_TEST(pressure_walks_slowly_around_1013)
{
    struct model model = a_model(SIM_PRESSURE, (uint64_t)_i);
    double before = next(&model, START, false);

    for (int i = 1; i < 24 * HOUR; i++) {
        double value = next(&model, START + SECONDS(i), false);

        ck_assert_double_eq_tol(value, 1013.0, 8.0);
        ck_assert_double_le(fabs(value - before), 0.6);
        before = value;
    }
}
END_TEST

START_TEST(vibration_bursts_and_is_never_negative)
{
    struct model model = a_model(SIM_VIBRATION, (uint64_t)_i);
    int quiet = 0, loud = 0;

    for (int i = 0; i < HOUR; i++) {
        double value = next(&model, START + SECONDS(i), false);

        ck_assert_double_ge(value, 0.0);
        ck_assert_double_le(value, 10.0 * model.base);
        quiet += value < 1.6 * model.base;
        loud += value > 3.0 * model.base;
    }
    ck_assert_int_gt(loud, 30);
    ck_assert_int_gt(quiet, 8 * loud);
    ck_assert_int_gt(quiet + loud, HOUR - 20);
}
END_TEST

START_TEST(level_drains_slowly_and_refills_quickly)
{
    struct model model = a_model(SIM_LEVEL, (uint64_t)_i);
    double before = next(&model, START, false);
    int falls = 0, rises = 0;

    for (int i = 10; i < HOUR; i += 10) {
        double value = next(&model, START + SECONDS(i), false);

        ck_assert_double_ge(value, 1.1);
        ck_assert_double_le(value, 3.9);
        falls += value < before;
        rises += value > before;
        before = value;
    }
    ck_assert_int_gt(rises, 30);
    ck_assert_int_gt(falls, 2 * rises);
}
END_TEST

START_TEST(door_opens_now_and_then)
{
    struct model model = a_model(SIM_DOOR, (uint64_t)_i);
    int open = 0, changes = 0;
    double before = 0.0;

    for (int i = 0; i < HOUR; i++) {
        double value = next(&model, START + SECONDS(i), false);

        ck_assert(value == 0.0 || value == 1.0);
        open += value == 1.0;
        changes += value != before;
        before = value;
    }
    ck_assert_int_gt(changes, 60);
    ck_assert_int_lt(open, HOUR / 2);
}
END_TEST

START_TEST(door_toggles_instead_of_a_spike)
{
    struct model model = a_model(SIM_DOOR, 1);

    ck_assert(next(&model, START, false) == 0.0);
    ck_assert(next(&model, START + 1, true) == 1.0);
    ck_assert(next(&model, START + SECONDS(2), false) == 1.0);
    ck_assert(next(&model, START + SECONDS(2.5), true) == 0.0);
}
END_TEST

/* Whatever the sensor did before: the lab's window of 50 readings tells a spike from the usual, and
 * the value after it is usual again. */
START_TEST(spike_stands_out)
{
    enum sim_kind kind = (enum sim_kind)_i;

    for (uint64_t seed = 0; seed < 50; seed++) {
        struct model model = a_model(kind, seed);
        timestamp now = START;
        double values[50], spike;
        struct window_stats stats;
        unsigned readings = 12 + 20 * (unsigned)seed;

        for (unsigned i = 0; i < readings; i++, now += SECONDS(2))
            values[i % 50] = next(&model, now, false);
        stats = window_stats_of(values, readings < 50 ? (uint16_t)readings : 50);
        spike = next(&model, now, true);
        ck_assert_msg(fabs(window_z(&stats, spike)) > 4.5, "seed %d: %g is usual", (int)seed,
                      spike);
        ck_assert_double_lt(fabs(next(&model, now + 1, false) - model.mean),
                            fabs(spike - model.mean));
        if (kind != SIM_TEMPERATURE)
            ck_assert_double_ge(spike, 0.0);
        if (kind == SIM_HUMIDITY)
            ck_assert_double_le(spike, 100.0);
    }
}
END_TEST

static double spread(struct model *model, timestamp *now, int count)
{
    double values[64];

    for (int i = 0; i < count; i++, *now += SECONDS(2))
        values[i] = next(model, *now, false);
    return window_stats_of(values, (uint16_t)count).stdev;
}

START_TEST(every_fault_shows_and_ends)
{
    enum sim_kind kind = (enum sim_kind)_i;

    for (uint64_t seed = 0; seed < 20; seed++) {
        for (int fault = FAULT_SPIKE; fault < FAULT_KINDS; fault++) {
            struct model model = a_model(kind, seed);
            timestamp now = START;
            double value, last = 0.0, farthest = 0.0;
            int silent = 0, same = 0;

            spread(&model, &now, 60);
            double mean = model.mean, deviation = sqrt(model.variance);
            model_inject(&model, (enum fault_kind)fault);
            uint64_t end = model.fault.end;
            ck_assert(model.fault.kind == (enum fault_kind)fault && end < model.count + 130);
            while (model.count < end) {
                if (!model_next(&model, now += SECONDS(2), &value)) {
                    silent++;
                    continue;
                }
                same += value == last;
                last = value;
                farthest = fmax(farthest, fabs(value - mean));
            }
            if (fault == FAULT_SILENT)
                ck_assert_int_ge(silent, 12);
            else
                ck_assert_int_eq(silent, 0);
            if (fault == FAULT_STUCK)
                ck_assert_int_ge(same, 22);
            if (fault == FAULT_LEVEL || fault == FAULT_DRIFT)
                ck_assert_double_ge(farthest, 3.0 * deviation);
            spread(&model, &now, 30);
            ck_assert(model.variance > 0.0 && !fault_running(&model.fault, model.count));
        }
    }
}
END_TEST

START_TEST(door_can_be_stuck_and_silent)
{
    struct model model = a_model(SIM_DOOR, 1);
    timestamp now = START;
    double value, before = next(&model, now, false);
    int said = 0;

    model_inject(&model, FAULT_DRIFT);
    ck_assert_int_eq(model.fault.kind, FAULT_NONE);
    model_inject(&model, FAULT_STUCK);
    while (fault_running(&model.fault, model.count))
        ck_assert(next(&model, now += SECONDS(2), false) == before);
    model_inject(&model, FAULT_SILENT);
    while (fault_running(&model.fault, model.count))
        said += model_next(&model, now += SECONDS(2), &value);
    ck_assert_int_eq(said, 0);
    ck_assert(model_next(&model, now + SECONDS(2), &value));
}
END_TEST

static void expect_value(enum sim_kind kind, double value, const char *expected)
{
    char text[MODEL_MESSAGE];

    model_message("X", kind, value, 0, text, sizeof(text));
    ck_assert_msg(strstr(text, expected) != NULL, "%s is not in %s", expected, text);
}

START_TEST(message_is_the_labs)
{
    const char *expected =
        "{\"timestamp_utc\":\"2024-01-15T14:23:45.123456Z\",\"sensor_id\":\"SIM_TEMP_001\","
        "\"value\":22.4,\"unit\":\"Celsius\",\"metadata\":{\"location\":\"Lab Environment\","
        "\"sensor_type\":\"Simulated Thermistor\",\"firmware_version\":\"1.0.0\"}}";
    char text[MODEL_MESSAGE];
    size_t len = model_message("SIM_TEMP_001", SIM_TEMPERATURE, 22.3987,
                               SECONDS(1705328625) + 123456, text, sizeof(text));

    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(len, strlen(expected));
}
END_TEST

START_TEST(values_are_rounded)
{
    expect_value(SIM_TEMPERATURE, 22.0, "\"value\":22.0,");
    expect_value(SIM_TEMPERATURE, -0.004, "\"value\":0.0,");
    expect_value(SIM_TEMPERATURE, -1.236, "\"value\":-1.24,");
    expect_value(SIM_HUMIDITY, 54.96, "\"value\":55.0,\"unit\":\"percent\"");
    expect_value(SIM_PRESSURE, 1013.256, "\"value\":1013.26,\"unit\":\"hPa\"");
    expect_value(SIM_VIBRATION, 0.83049, "\"value\":0.83,\"unit\":\"mm/s\"");
    expect_value(SIM_LEVEL, 3.614, "\"value\":3.61,\"unit\":\"m\"");
    expect_value(SIM_DOOR, 1.0, "\"value\":1,\"unit\":\"\"");
}
END_TEST

START_TEST(presence_is_the_labs)
{
    char text[128];
    size_t len = model_presence("SIM_TEMP_001", true, text, sizeof(text));

    ck_assert_str_eq(text, "{\"sensor_id\":\"SIM_TEMP_001\",\"status\":\"online\"}");
    ck_assert_uint_eq(len, strlen(text));
    model_presence("SIM_TEMP_001", false, text, sizeof(text));
    ck_assert_str_eq(text, "{\"sensor_id\":\"SIM_TEMP_001\",\"status\":\"offline\"}");
}
END_TEST

Suite *model_suite(void)
{
    Suite *suite = suite_create("model");
    TCase *tc = tcase_create("model");

    tcase_add_loop_test(tc, same_seed_same_values, 0, SIM_KINDS);
    tcase_add_loop_test(tc, course_depends_on_time_alone, 0, SIM_KINDS);
    tcase_add_loop_test(tc, temperature_is_the_labs, 0, 10);
    tcase_add_test(tc, temperature_noise_has_sigma_0_3);
    tcase_add_loop_test(tc, humidity_is_a_wave, 0, 10);
    tcase_add_loop_test(tc, pressure_walks_slowly_around_1013, 0, 3);
    tcase_add_loop_test(tc, vibration_bursts_and_is_never_negative, 0, 10);
    tcase_add_loop_test(tc, level_drains_slowly_and_refills_quickly, 0, 10);
    tcase_add_loop_test(tc, door_opens_now_and_then, 0, 10);
    tcase_add_test(tc, door_toggles_instead_of_a_spike);
    tcase_add_loop_test(tc, every_fault_shows_and_ends, 0, SIM_DOOR);
    tcase_add_test(tc, door_can_be_stuck_and_silent);
    tcase_add_loop_test(tc, spike_stands_out, 0, SIM_DOOR);
    tcase_add_test(tc, message_is_the_labs);
    tcase_add_test(tc, values_are_rounded);
    tcase_add_test(tc, presence_is_the_labs);
    suite_add_tcase(suite, tc);
    return suite;
}
