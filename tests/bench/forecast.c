/* How good the forecasts are: their error relative to "it stays as it is" at each horizon, how
 * often the band held what came, and for series on their way to a limit the ETA against the truth.
 *
 *     forecast [FOLDER]
 *
 * FOLDER/files.txt names recordings (CSV, design.md section 8) below FOLDER, one a line; of those
 * the ones that begin with "real" are used. Without it there are only the synthetic series. */
#include "core/forecast.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/random.h"
#include "core/xalloc.h"
#include "source/csv.h"

#define LONGEST 20000
#define RECORDINGS 64
#define SYNTHETIC 8000
#define STEP (2 * TIMESTAMP_SECOND)
#define TURN 6.283185307179586

static const unsigned horizons[FORECAST_HORIZONS] = {1, 10, FORECAST_FURTHEST};

struct course {
    unsigned count;
    double values[LONGEST];
    timestamp times[LONGEST];
};

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(double *values, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof *values, compare);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* Error and band. */
struct figures {
    double ratio[FORECAST_HORIZONS];
    double held[FORECAST_HORIZONS]; /* share of values inside the band */
};

struct sum {
    double error, naive;
    unsigned held, count;
};

static void look(const struct course *course, const struct forecast *forecast, unsigned at,
                 struct sum sums[FORECAST_HORIZONS])
{
    for (unsigned h = 0; h < FORECAST_HORIZONS; h++) {
        double value, low, high;
        if (at + horizons[h] >= course->count ||
            !forecast_at(forecast, (float)horizons[h], &value, &low, &high))
            continue;
        double truth = course->values[at + horizons[h]];
        sums[h].error += fabs(truth - value);
        sums[h].naive += fabs(truth - course->values[at]);
        sums[h].held += truth >= low && truth <= high;
        sums[h].count++;
    }
}

static struct figures measure(const struct course *course)
{
    struct forecast forecast;
    struct sum sums[FORECAST_HORIZONS] = {{0}};
    struct figures figures;
    forecast_init(&forecast);
    for (unsigned i = 0; i < course->count; i++) {
        forecast_add(&forecast, course->times[i], course->values[i]);
        look(course, &forecast, i, sums);
    }
    for (unsigned h = 0; h < FORECAST_HORIZONS; h++) {
        figures.ratio[h] = sums[h].naive > 0 ? sums[h].error / sums[h].naive : 1;
        figures.held[h] = sums[h].count > 0 ? (double)sums[h].held / sums[h].count : 1;
    }
    return figures;
}

static void print_figures(const char *name, const struct figures *figures)
{
    printf("%-40.40s", name);
    for (unsigned h = 0; h < FORECAST_HORIZONS; h++)
        printf(" %6.3f", figures->ratio[h]);
    for (unsigned h = 0; h < FORECAST_HORIZONS; h++)
        printf(" %4.0f%%", 100 * figures->held[h]);
    putchar('\n');
}

/* Geometric means of ratios, plain ones of shares, over every `stride`-th from `first` on. */
static void print_mean(const char *name, const struct figures *figures, unsigned count,
                       unsigned first, unsigned stride)
{
    struct figures mean = {.ratio = {0}};
    unsigned n = count > first ? (count - first + stride - 1) / stride : 0;
    if (n == 0)
        return;
    for (unsigned h = 0; h < FORECAST_HORIZONS; h++) {
        for (unsigned i = first; i < count; i += stride) {
            mean.ratio[h] += log(fmax(figures[i].ratio[h], 1e-6)) / n;
            mean.held[h] += figures[i].held[h] / n;
        }
        mean.ratio[h] = exp(mean.ratio[h]);
    }
    print_figures(name, &mean);
}

static void print_means(const char *of, const struct figures *figures, unsigned count)
{
    printf("%s, geometric means\n", of);
    print_mean("  of all", figures, count, 0, 1);
    print_mean("  of one half (every other one)", figures, count, 0, 2);
    print_mean("  of the other half", figures, count, 1, 2);
}

/* Without its end; false at the end of the file. */
static bool read_line(FILE *file, char *line, int size)
{
    if (!fgets(line, size, file))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

static bool course_read(struct course *course, const char *path)
{
    char line[512], error[128];
    struct csv_columns columns;
    struct csv_row row;
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    course->count = 0;
    bool good = read_line(file, line, sizeof line) && csv_read_header(line, strlen(line), &columns);
    while (good && course->count < LONGEST && read_line(file, line, sizeof line)) {
        if (!csv_read_row(&columns, line, strlen(line), &row, error, sizeof error) || row.empty)
            continue;
        course->times[course->count] = row.time;
        course->values[course->count++] = row.value;
    }
    fclose(file);
    return course->count > 0;
}

static void bench_recordings(struct course *course, const char *folder)
{
    struct figures figures[RECORDINGS];
    char path[1024], line[256];
    unsigned count = 0;
    snprintf(path, sizeof path, "%s/files.txt", folder);
    FILE *list = fopen(path, "r");
    if (!list) {
        printf("recordings: cannot read %s, left out\n", path);
        return;
    }
    while (count < RECORDINGS && read_line(list, line, sizeof line)) {
        snprintf(path, sizeof path, "%s/%s", folder, line);
        if (strncmp(line, "real", 4) != 0 || !course_read(course, path))
            continue;
        figures[count] = measure(course);
        print_figures(line, &figures[count++]);
    }
    fclose(list);
    print_means("recordings", figures, count);
}

/* Sensors of many kinds; the state is their own. */
struct maker {
    struct random random;
    double state;
};

static double noise(struct maker *maker)
{
    return random_normal(&maker->random);
}

static double make_noise(struct maker *maker, unsigned t)
{
    (void)t;
    return 20 + 0.3 * noise(maker);
}

static double make_walk(struct maker *maker, unsigned t)
{
    (void)t;
    return maker->state += noise(maker);
}

static double make_room(struct maker *maker, unsigned t)
{
    maker->state = fmin(fmax(maker->state + 0.05 * noise(maker), -3), 3);
    return maker->state + make_noise(maker, t);
}

static double make_reverting(struct maker *maker, unsigned t)
{
    (void)t;
    return maker->state = 0.95 * maker->state + noise(maker);
}

static double make_day(struct maker *maker, unsigned t)
{
    double angle = TURN * t / 720;
    return 5 * sin(angle) + 1.5 * sin(2 * angle + 1) + make_noise(maker, t);
}

static double make_whole(struct maker *maker, unsigned t)
{
    return round(2 * make_room(maker, t));
}

static double make_counter(struct maker *maker, unsigned t)
{
    (void)t;
    return maker->state += fmax(round(20 + 4 * noise(maker)), 0);
}

static double make_switch(struct maker *maker, unsigned t)
{
    (void)t;
    if (random_uniform(&maker->random) < 0.04)
        maker->state = 1 - maker->state;
    return maker->state;
}

static double make_tank(struct maker *maker, unsigned t)
{
    double place = fmod(t / 130.0, 1);
    double full = place < 0.78 ? 1 - place / 0.78 : (place - 0.78) / 0.22;
    return 1 + 2 * full + 0.02 * noise(maker);
}

static double make_battery(struct maker *maker, unsigned t)
{
    return make_noise(maker, t) - 0.005 * t;
}

static double make_spiky(struct maker *maker, unsigned t)
{
    return make_room(maker, t) + (random_uniform(&maker->random) < 0.01 ? 10 : 0);
}

/* Those with a limit take part in the second table. A drift has been at rest for long when a ramp
 * of 8 to 15 such sizes in 200 to 400 steps begins, at 80 % of which stands the limit. */
static const struct kind {
    const char *name;
    double (*make)(struct maker *maker, unsigned t);
    double drift, limit;
} kinds[] = {
    {"noise", make_noise, 0.3, 0},
    {"random walk", make_walk, 0, 0},
    {"room temperature", make_room, 0.3, 0},
    {"reverting to a mean", make_reverting, 0, 0},
    {"daily wave", make_day, 0, 24},
    {"whole numbers", make_whole, 0.6, 0},
    {"counter", make_counter, 0, 100000},
    {"switch", make_switch, 0, 0},
    {"tank", make_tank, 0, 2.9},
    {"battery", make_battery, 0, 0},
    {"room temperature with spikes", make_spiky, 0, 0},
};
#define KINDS (sizeof kinds / sizeof *kinds)

static void course_make(struct course *course, const struct kind *kind, uint64_t seed,
                        unsigned count)
{
    struct maker maker = {.state = 0};
    random_init(&maker.random, seed);
    course->count = count;
    for (unsigned t = 0; t < count; t++) {
        course->times[t] = t * STEP;
        course->values[t] = kind->make(&maker, t);
    }
}

static void bench_synthetic(struct course *course)
{
    struct figures figures[KINDS];
    for (unsigned i = 0; i < KINDS; i++) {
        course_make(course, &kinds[i], i + 1, SYNTHETIC);
        figures[i] = measure(course);
        print_figures(kinds[i].name, &figures[i]);
    }
    print_means("synthetic", figures, KINDS);
}

#define REST 1500
#define RAMP 400
#define COURSES 100
#define SOON FORECAST_FURTHEST        /* steps: the limit is so near that an ETA is due */
#define NEVER (3 * FORECAST_FURTHEST) /* steps: an ETA with nothing so far is a false one */
#define ETAS_MOST (COURSES * SYNTHETIC)

/* What became of the ETAs told. */
struct tally {
    double *ratios; /* to the time until the first reading at or beyond the limit */
    unsigned told, right, due, due_told, quiet, quiet_told;
};

/* Makes a course, up to where a drift has reached its limit, and returns the limit. */
static double make_limited(struct course *course, const struct kind *kind, uint64_t seed)
{
    if (kind->drift == 0) {
        course_make(course, kind, seed, SYNTHETIC);
        return kind->limit;
    }
    struct random random;
    double mean = 0;
    course_make(course, kind, seed, REST + RAMP);
    random_init(&random, seed + COURSES);
    double size = kind->drift * (8 + 7 * random_uniform(&random));
    double slope = size / (RAMP * (1 + random_uniform(&random)) / 2);
    for (unsigned t = 0; t < course->count; t++)
        if (t < REST)
            mean += course->values[t] / REST;
        else
            course->values[t] += slope * (t - REST);
    double limit = mean + 0.8 * size;
    unsigned end = REST;
    while (end < course->count && course->values[end] < limit)
        end++;
    course->count = end < course->count ? end + 1 : end;
    return limit;
}

/* How many steps after each reading the first one at or beyond the limit comes. */
static void count_down(const struct course *course, double limit, unsigned left[LONGEST])
{
    unsigned to_go = UINT32_MAX;
    for (unsigned i = course->count; i-- > 0;) {
        left[i] = to_go;
        if (course->values[i] >= limit)
            to_go = 0;
        to_go += to_go < UINT32_MAX;
    }
}

static void tally_add(struct tally *tally, bool told, double eta, double spread, unsigned left)
{
    tally->due += left <= SOON;
    tally->due_told += left <= SOON && told;
    tally->quiet += left > NEVER;
    tally->quiet_told += left > NEVER && told;
    if (!told || left > NEVER)
        return;
    tally->right += fabs(eta - left) <= spread;
    tally->ratios[tally->told++] = eta / left;
}

static void hunt(const struct course *course, double limit, struct tally *tally)
{
    static unsigned left[LONGEST];
    struct forecast forecast;
    count_down(course, limit, left);
    forecast_init(&forecast);
    for (unsigned i = 0; i < course->count; i++) {
        struct forecast_eta eta = {0};
        forecast_add(&forecast, course->times[i], course->values[i]);
        if (course->values[i] >= limit || (left[i] == UINT32_MAX && i + NEVER >= course->count))
            continue;
        bool told = forecast_eta(&forecast, -INFINITY, limit, &eta);
        tally_add(tally, told, (double)eta.time / STEP, (double)eta.spread / STEP, left[i]);
    }
}

static void print_tally(const char *name, const struct tally *tally)
{
    double ratio = median(tally->ratios, tally->told);
    for (unsigned i = 0; i < tally->told; i++)
        tally->ratios[i] = fabs(log(tally->ratios[i]));
    printf("%-40s %7.2f %6.2f %5.0f%% %6.0f%% %6.2f%%\n", name, ratio,
           exp(median(tally->ratios, tally->told)), 100.0 * tally->due_told / fmax(tally->due, 1),
           100.0 * tally->right / fmax(tally->told, 1),
           100.0 * tally->quiet_told / fmax(tally->quiet, 1));
}

static void bench_etas(struct course *course)
{
    double *ratios = xmalloc(ETAS_MOST * sizeof *ratios);
    for (unsigned k = 0; k < KINDS; k++) {
        struct tally tally = {.ratios = ratios};
        char name[64];
        if (kinds[k].drift == 0 && kinds[k].limit == 0)
            continue;
        for (unsigned i = 0; i < COURSES; i++)
            hunt(course, make_limited(course, &kinds[k], i + 1), &tally);
        snprintf(name, sizeof name, "%s%s", kinds[k].drift > 0 ? "drift of " : "", kinds[k].name);
        print_tally(name, &tally);
    }
    free(ratios);
}

/* ns a reading: the least of some passes, as others use the machine too. */
static double cost(const struct course *course)
{
    double least = INFINITY;
    struct forecast forecast;
    forecast_init(&forecast);
    for (unsigned pass = 0; pass < 30; pass++) {
        struct timespec begin, end;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
        for (unsigned i = 0; i < course->count; i++)
            forecast_add(&forecast, course->times[i] + pass * SYNTHETIC * STEP, course->values[i]);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
        double ns =
            (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
        least = fmin(least, ns / course->count);
    }
    return least;
}

int main(int argc, char **argv)
{
    struct course *course = xmalloc(sizeof *course);
    if (argc > 2) {
        fprintf(stderr, "usage: forecast [FOLDER]\n");
        free(course);
        return 2;
    }
    setenv("TZ", "UTC", 1);
    printf("%-40s %20s %17s\n%-40s %6s %6s %6s %5s %5s %5s\n", "", "error / naive at",
           "band held at", "", "1", "10", "60", "1", "10", "60");
    if (argc > 1)
        bench_recordings(course, argv[1]);
    bench_synthetic(course);
    printf(
        "\nETA / truth: median, factor off; told when due (60 steps); inside the spread; false\n");
    bench_etas(course);
    course_make(course, &kinds[2], 1, SYNTHETIC);
    printf("\n%.0f ns a reading, %zu bytes a series\n", cost(course), sizeof(struct forecast));
    free(course);
    return EXIT_SUCCESS;
}
