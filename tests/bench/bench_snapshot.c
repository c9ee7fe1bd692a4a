#include "bench/bench.h"

#include <stdio.h>

#include "bench/lab.h"
#include "core/payload.h"
#include "core/snapshot.h"

#define SERIES 50000
#define FRAMES 40
#define FRAME (TIMESTAMP_SECOND / 10) /* a sensor reports once a second */

struct scene {
    struct fleet *fleet;
    struct decoder *decoder;
    struct batch batch;
    timestamp now;
    unsigned next;
};

static void feed(struct scene *scene, unsigned count)
{
    char topic[LAB_TEXT], payload[LAB_TEXT];
    for (unsigned i = 0; i < count; i++, scene->next++) {
        struct message message = {.topic = topic, .payload = payload, .arrival = scene->now};
        lab_topic(scene->next % SERIES, topic);
        message.bytes = lab_payload(scene->next % SERIES, scene->next / SERIES, payload);
        decoder_decode(scene->decoder, &message, &scene->batch);
    }
    fleet_ingest(scene->fleet, &scene->batch, NULL);
    batch_reset(&scene->batch);
    scene->now += FRAME;
    fleet_tick(scene->fleet, scene->now, NULL);
}

/* What a frame costs under the engine's lock, while every sensor goes on reporting. */
static void measure(struct scene *scene, const char *what, enum sort_key sort, const char *filter,
                    bool tree)
{
    struct snapshot snapshot = {0};
    struct snapshot_order order = {0};
    struct bits folded = {0};
    struct query query;
    char error[200];
    double ms[FRAMES];
    query_parse(&query, filter, error, sizeof(error));
    struct snapshot_request request = {.as_of = TIMESTAMP_NONE,
                                       .selected = SNAPSHOT_NO_SERIES,
                                       .rows = 40,
                                       .spark_columns = 60,
                                       .span = 60 * TIMESTAMP_SECOND,
                                       .sort = sort,
                                       .descending = sort != SORT_NAME,
                                       .filter = &query,
                                       .tree = tree,
                                       .folded = &folded,
                                       .twins = true};
    for (int i = -1; i < FRAMES; i++) { /* the first one sorts all */
        feed(scene, SERIES / 10);
        request.now = scene->now;
        double begin = bench_clock();
        snapshot_take(scene->fleet, &request, &order, &snapshot);
        if (i >= 0)
            ms[i] = (bench_clock() - begin) / 1e6;
    }
    printf("    snapshot of %d series, %-26s %8.3f ms CPU %8u rows\n", SERIES, what,
           bench_median(ms, FRAMES), (unsigned)snapshot.total_rows);
    snapshot_fini(&snapshot);
    snapshot_order_fini(&order);
    bits_fini(&folded);
}

static void measure_sorts(struct scene *scene)
{
    static const char *const names[SORT_KEYS] = {
        [SORT_NAME] = "by name",   [SORT_VALUE] = "by value",
        [SORT_UNIT] = "by unit",   [SORT_Z] = "by z",
        [SORT_MEAN] = "by mean",   [SORT_SD] = "by deviation",
        [SORT_MIN] = "by minimum", [SORT_MAX] = "by maximum",
        [SORT_RATE] = "by rate",   [SORT_ANOMALIES] = "by anomalies",
        [SORT_ETA] = "by ETA",     [SORT_AGE] = "by age",
        [SORT_STATE] = "by state"};
    for (int sort = 0; sort < SORT_KEYS; sort++)
        measure(scene, names[sort], (enum sort_key)sort, "", false);
}

void bench_snapshot(void)
{
    struct fleet_options options = {.detector = detector_find("lab"),
                                    .detection = {.threshold = 3, .min_samples = 10},
                                    .memory = (size_t)1 << 30};
    struct scene scene = {.fleet = fleet_new(&options),
                          .decoder = decoder_new(NULL),
                          .now = INT64_C(1772460000) * TIMESTAMP_SECOND};
    for (int i = 0; i < 120; i++)
        feed(&scene, SERIES / 10);
    measure_sorts(&scene);
    measure(&scene, "filter: a word", SORT_NAME, "7", false);
    measure(&scene, "filter: z>2", SORT_NAME, "z>2", false);
    measure(&scene, "filter: sd>0.1 unit=°C", SORT_Z, "sd>0.1 unit=°C", false);
    measure(&scene, "tree by name", SORT_NAME, "", true);
    measure(&scene, "tree by z", SORT_Z, "", true);
    measure(&scene, "tree by z, filter: z>2", SORT_Z, "z>2", true);
    batch_fini(&scene.batch);
    decoder_free(scene.decoder);
    fleet_free(scene.fleet);
}
