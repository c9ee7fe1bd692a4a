#include "bench/bench.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "bench/lab.h"
#include "core/payload.h"
#include "core/payload_json.h"
#include "core/xalloc.h"
#include "engine.h"

#define SENSORS 1000
#define VALUES 16
#define BATCH 64
#define PASSES 15      /* medians are over so many, the two sides in turn */
#define MESSAGES 32000 /* a pass */

/* One behind the other, as a client has them in its buffer. */
struct load {
    const char *topics[SENSORS];
    const char *payloads[SENSORS * VALUES];
    size_t sizes[SENSORS * VALUES];
    struct arena texts;
};

static struct load *make_load(void)
{
    struct load *load = xcalloc(1, sizeof(*load));
    char text[LAB_TEXT];
    for (unsigned i = 0; i < SENSORS; i++)
        load->topics[i] = arena_text(&load->texts, text, lab_topic(i, text));
    for (unsigned i = 0; i < SENSORS * VALUES; i++) {
        load->sizes[i] = lab_payload(i % SENSORS, i / SENSORS, text);
        load->payloads[i] = arena_text(&load->texts, text, load->sizes[i]);
    }
    return load;
}

/* ns a message, with the memory functions that cJSON comes with. */
static double time_cjson(const struct load *load)
{
    cJSON_InitHooks(NULL);
    double begin = bench_clock();
    for (unsigned i = 0; i < MESSAGES; i++) {
        unsigned at = i % (SENSORS * VALUES);
        cJSON_Delete(cJSON_ParseWithLength(load->payloads[at], load->sizes[at]));
    }
    double time = (bench_clock() - begin) / MESSAGES;
    json_install_memory();
    return time;
}

static double time_engine(const struct load *load, struct engine *engine, struct decoder *decoder,
                          struct batch *batch, timestamp *now)
{
    double begin = bench_clock();
    for (unsigned i = 0; i < MESSAGES; i++) {
        unsigned at = i % (SENSORS * VALUES);
        struct message message = {.topic = load->topics[at % SENSORS],
                                  .payload = load->payloads[at],
                                  .bytes = load->sizes[at],
                                  .arrival = *now += TIMESTAMP_SECOND / SENSORS};
        decoder_decode(decoder, &message, batch);
        if (batch->message_count == BATCH || i + 1 == MESSAGES) {
            engine_ingest(engine, batch);
            batch_reset(batch);
        }
    }
    return (bench_clock() - begin) / MESSAGES;
}

static void bench_detector(const struct load *load, const char *detector)
{
    struct fleet_options options = {.detector = detector_find(detector),
                                    .detection = {.threshold = 3, .min_samples = 10}};
    struct engine *engine = engine_new(&options, NULL);
    struct decoder *decoder = decoder_new(NULL);
    struct batch batch = {0};
    timestamp now = INT64_C(1772460000) * TIMESTAMP_SECOND;
    double ours[PASSES], theirs[PASSES];

    for (int i = 0; i < 3; i++) /* fills every window */
        time_engine(load, engine, decoder, &batch, &now);
    for (int i = 0; i < PASSES; i++) {
        theirs[i] = time_cjson(load);
        ours[i] = time_engine(load, engine, decoder, &batch, &now);
    }
    double our = bench_median(ours, PASSES), their = bench_median(theirs, PASSES);
    printf("(a) decode + engine, detector %-4s               %8.0f ns a message\n", detector, our);
    printf("    cJSON_ParseWithLength alone, same bytes      %8.0f ns a message\n", their);
    printf("    ratio                                        %8.2f    goal 2.00 or less\n",
           our / their);
    batch_fini(&batch);
    decoder_free(decoder);
    engine_free(engine);
}

void bench_decode(void)
{
    struct load *load = make_load();
    bench_detector(load, "lab");
    bench_detector(load, "auto");
    arena_fini(&load->texts);
    free(load);
}
