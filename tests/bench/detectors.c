/* (d) all detectors on the same faulty series: what they find, what they invent, what they cost. */
#include "bench/bench.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/detector_auto.h"
#include "core/xalloc.h"
#include "sim/fault.h"

#define START (INT64_C(1700006400) * TIMESTAMP_SECOND) /* a midnight */
#define VALUES 8000
#define SETTLED 500  /* values: what is told before is neither right nor wrong */
#define QUIET 1500   /* values before the first fault */
#define FAULTS 32    /* in a series, at most */
#define EPISODE 10   /* values: anomalies closer than this are one */
#define LATE 10      /* values after its end a fault may still be found */
#define RECOVERY 150 /* values after its end in which nothing is a false alarm */
#define LOST 0.005   /* of all values never arrive, which is no fault */
#define COPIES 5     /* series of each form */
#define TIMED 40000  /* readings a pass */
#define TIMED_PASSES 8

enum form { FORM_NOISE, FORM_WALK, FORM_DAILY, FORM_ROUNDED, FORM_COUNTER, FORM_SWITCH, FORMS };

/* Usual noise of a form. A counter's is that of its increments. */
static const double deviations[FORMS] = {0.3, 0.3, 0.3, 0.5, 4, 0};

struct sensor {
    enum form form;
    struct random random;
    double base, walk, phase, total, before;
    bool on;
    int left; /* values until a switch turns */
};

static double course(struct sensor *sensor, uint64_t at)
{
    const double turn = 6.283185307179586;
    double day = turn * ((double)at / 720 + sensor->phase);
    switch (sensor->form) {
    case FORM_WALK:
    case FORM_ROUNDED:
        sensor->walk += 0.05 * random_normal(&sensor->random);
        if (fabs(sensor->walk) > 3)
            sensor->walk = copysign(6, sensor->walk) - sensor->walk;
        return sensor->base + sensor->walk;
    case FORM_DAILY:
        return sensor->base + 5 * sin(day) + 1.5 * sin(2 * day + 1);
    case FORM_COUNTER:
        return 20;
    case FORM_SWITCH:
        if (sensor->left-- <= 0) {
            sensor->on = !sensor->on;
            sensor->left = (int)(-25 * log(1 - random_uniform(&sensor->random)));
        }
        return sensor->on;
    default:
        return sensor->base;
    }
}

/* false: it says nothing. */
static bool say(struct sensor *sensor, const struct fault *fault, uint64_t at, double *value)
{
    double middle = course(sensor, at), deviation = deviations[sensor->form];
    double noise = deviation * random_normal(&sensor->random);
    double before = sensor->form == FORM_COUNTER ? 0 : sensor->before;
    bool arrives = random_uniform(&sensor->random) >= LOST;
    double scale = sensor->form == FORM_ROUNDED ? 1 : deviation; /* of sizes: what can be seen */
    arrives &= fault_apply(fault, at, middle, noise, scale, before, value);
    if (sensor->form == FORM_COUNTER)
        *value = sensor->total += fmax(0, round(*value));
    else if (sensor->form == FORM_ROUNDED)
        *value = round(*value);
    sensor->before = *value;
    return arrives;
}

static struct sensor make_sensor(enum form form, uint64_t seed)
{
    struct sensor sensor = {.form = form};
    random_init(&sensor.random, seed);
    sensor.base = 15 + 45 * random_uniform(&sensor.random);
    sensor.phase = random_uniform(&sensor.random);
    return sensor;
}

struct score {
    int found, missed, named, false_alarms;
    long clean;
};

/* What a detector told at a value. */
struct told {
    enum anomaly_kind kind;
    enum severity severity;
};

static bool is_named(enum fault_kind fault, enum anomaly_kind told)
{
    return strcmp(fault_name(fault), anomaly_kind_name(told)) == 0;
}

/* The fault that explains an anomaly at this value; NULL if none does. */
static const struct fault *fault_of(const struct fault *faults, int count, uint64_t at)
{
    for (int i = 0; i < count; i++)
        if (at >= faults[i].start && at < faults[i].end + LATE)
            return &faults[i];
    return NULL;
}

static bool is_recovery(const struct fault *faults, int count, uint64_t at)
{
    for (int i = 0; i < count; i++)
        if (at >= faults[i].start && at < faults[i].end + RECOVERY)
            return true;
    return false;
}

static void judge(const struct told told[VALUES], const struct fault *faults, int count,
                  enum severity least, struct score *score)
{
    bool found[FAULTS] = {false}, named[FAULTS] = {false};
    int64_t last = -EPISODE - 1;
    for (int at = 0; at < VALUES; at++) {
        bool excused = is_recovery(faults, count, (uint64_t)at);
        score->clean += at >= SETTLED && !excused;
        if (told[at].kind == ANOMALY_NONE || told[at].severity < least)
            continue;
        const struct fault *fault = fault_of(faults, count, (uint64_t)at);
        if (fault) {
            found[fault - faults] = true;
            named[fault - faults] |= is_named(fault->kind, told[at].kind);
        }
        score->false_alarms += !excused && at >= SETTLED && at - last > EPISODE;
        last = at;
    }
    for (int i = 0; i < count; i++) {
        score->found += found[i];
        score->missed += !found[i];
        score->named += named[i];
    }
}

static int plan_faults(enum form form, uint64_t seed, struct fault faults[FAULTS])
{
    struct fault_plan plan;
    int count = 0;
    fault_plan_init(&plan, form == FORM_SWITCH, QUIET, seed);
    for (;;) {
        faults[count] = fault_plan_next(&plan);
        if (faults[count].end + RECOVERY > VALUES || count + 1 == FAULTS)
            return count;
        count++;
    }
}

/* One detector over one series. */
static void watch(const struct detector_type *type, enum form form, uint64_t seed,
                  const struct fault *faults, int count, struct told told[VALUES])
{
    static const struct detector_options options = {.threshold = 3, .min_samples = 10};
    const timestamp tick = (form == FORM_DAILY ? 120 : 2) * TIMESTAMP_SECOND;
    struct sensor sensor = make_sensor(form, seed);
    struct window window;
    void *state = type->state_size > 0 ? xcalloc(1, type->state_size) : NULL;
    window_init(&window, WINDOW_DEFAULT, NULL);
    memset(told, 0, VALUES * sizeof *told);
    for (int at = 0, next = 0; at < VALUES; at++) {
        struct verdict verdict;
        struct observation seen = {.time = START + at * tick, .unit = "", .window = &window};
        while (next < count && faults[next].end <= (uint64_t)at)
            next++;
        static const struct fault none;
        if (type->due && type->due(state) <= seen.time &&
            type->elapse(&options, state, seen.time, &verdict))
            told[at] = (struct told){verdict.kind, verdict.severity};
        if (!say(&sensor, next < count ? &faults[next] : &none, (uint64_t)at, &seen.value))
            continue;
        seen.before = window_stats(&window);
        type->observe(&options, state, &seen, &verdict);
        window_add(&window, seen.value);
        if (verdict.kind != ANOMALY_NONE)
            told[at] = (struct told){verdict.kind, verdict.severity};
    }
    free(state);
    window_fini(&window);
}

/* ns a reading, with the detector or (NULL) without: what the series and its window take. */
static double time_pass(const struct detector_type *type)
{
    static const struct detector_options options = {.threshold = 3, .min_samples = 10};
    struct sensor sensor = make_sensor(FORM_DAILY, 1);
    struct fault none = {.kind = FAULT_NONE};
    struct window window;
    struct verdict verdict;
    void *state = type && type->state_size > 0 ? xcalloc(1, type->state_size) : NULL;
    window_init(&window, WINDOW_DEFAULT, NULL);
    double begin = bench_clock();
    for (int at = 0; at < TIMED; at++) {
        struct observation seen = {
            .time = START + at * 120 * TIMESTAMP_SECOND, .unit = "", .window = &window};
        say(&sensor, &none, (uint64_t)at, &seen.value);
        seen.before = window_stats(&window);
        if (type)
            type->observe(&options, state, &seen, &verdict);
        window_add(&window, seen.value);
    }
    double spent = (bench_clock() - begin) / TIMED;
    free(state);
    window_fini(&window);
    return spent;
}

/* What the detector adds. The quickest of some passes: whatever else runs only makes them slower.
 */
static double time_reading(const struct detector_type *type)
{
    double with = INFINITY, without = INFINITY;
    for (int i = 0; i < TIMED_PASSES; i++) {
        with = fmin(with, time_pass(type));
        without = fmin(without, time_pass(NULL));
    }
    return with - without;
}

static void print_score(const char *name, const struct score *score)
{
    int all = score->found + score->missed;
    double recall = (double)score->found / all;
    double precision = (double)score->found / fmax(1, score->found + score->false_alarms);
    printf("    %-18s %7.1f %10.2f %7.3f %10.1f", name, 100 * recall,
           1e4 * score->false_alarms / (double)score->clean,
           2 * recall * precision / fmax(recall + precision, 1e-9),
           100.0 * score->named / fmax(1, score->found));
}

static void compare(const struct detector_type *type, struct told told[VALUES])
{
    struct score all = {0}, alarms = {0};
    for (int form = 0; form < FORMS; form++) {
        for (int copy = 0; copy < COPIES; copy++) {
            struct fault faults[FAULTS];
            uint64_t seed = (uint64_t)(form * 1000 + copy);
            int count = plan_faults((enum form)form, seed, faults);
            watch(type, (enum form)form, seed, faults, count, told);
            judge(told, faults, count, SEVERITY_NOTICE, &all);
            judge(told, faults, count, SEVERITY_ALARM, &alarms);
        }
    }
    print_score(type->name, &all);
    printf(" %9.0f %8zu\n", time_reading(type), type->state_size);
    if (alarms.found == all.found && alarms.false_alarms == all.false_alarms)
        return;
    print_score("  alarms alone", &alarms);
    printf("\n");
}

void bench_detectors(void)
{
    const struct detector_type *types[] = {&detector_auto, &detector_auto_small,
                                           &detector_auto_tiny, &detector_lab, &detector_robust};
    struct told *told = xmalloc(VALUES * sizeof *told);
    printf("(d) %d series of %d values with known faults\n", FORMS * COPIES, VALUES);
    printf("    detector          recall %%  false/10k      F1  kind right ns/reading  bytes\n");
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        compare(types[i], told);
    printf("    goals of auto         94.0       1.00   0.950       80.0       300     4096\n");
    free(told);
}
