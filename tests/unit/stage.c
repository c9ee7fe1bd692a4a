#include "unit/stage.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit/build.h"

static const char *const faults[] = {"", "spike", "level", "drift", "burst", "stuck", "silent"};

void stage_open(struct stage *stage, int width, int height, bool ascii)
{
    setenv("TZ", "UTC", 1);
    tzset();
    *stage = (struct stage){
        .engine =
            engine_new(&(struct fleet_options){.detector = &detector_lab,
                                               .detection = {.threshold = 3, .min_samples = 10},
                                               .memory = 32u << 20},
                       NULL),
        .ui = ui_new(ascii),
        .connection = {.state = CONNECTION_LIVE,
                       .since = STAGE_START,
                       .where = "mqtt://pi4:1883",
                       .filter = "digital_twin/#"},
        .facts = {.own_broker = true, .started = STAGE_START, .faults = faults, .fault_count = 7},
        .now = STAGE_START,
    };
    engine_connection(stage->engine, &stage->connection, stage->now, NULL);
    ui_resize(stage->ui, width, height);
}

void stage_close(struct stage *stage)
{
    snapshot_fini(&stage->snapshot);
    batch_fini(&stage->batch);
    ui_free(stage->ui);
    engine_free(stage->engine);
}

void stage_reading(struct stage *stage, const char *sensor, const char *series, const char *unit,
                   double value)
{
    char topic[256];
    snprintf(topic, sizeof topic, "digital_twin/lab/sensor/%s/%s", sensor, series);
    batch_reset(&stage->batch);
    build_lab(&stage->batch, topic, sensor, series, unit, value, stage->now);
    engine_ingest(stage->engine, &stage->batch);
}

void stage_quiet(struct stage *stage, const char *sensor, const char *series, const char *unit,
                 int count)
{
    for (int i = 0; i < count; i++) {
        stage->now += TIMESTAMP_SECOND;
        stage_reading(stage, sensor, series, unit, 22.4 + (i % 2 ? 0.3 : -0.3));
    }
}

void stage_wait(struct stage *stage, timestamp span)
{
    stage->now += span;
    engine_tick(stage->engine, stage->now);
}

void stage_draw(struct stage *stage)
{
    for (int i = 0; i < 2; i++) {
        struct snapshot_request request;
        ui_request(stage->ui, stage->now, &request);
        engine_snapshot(stage->engine, &request, &stage->snapshot);
        ui_answer(stage->ui, &stage->snapshot);
        stage->canvas =
            ui_draw(stage->ui, &stage->snapshot, &stage->connection, &stage->facts, stage->now);
    }
}

enum intent stage_key(struct stage *stage, uint32_t key)
{
    enum intent intent = ui_key(stage->ui, key, stage->engine, &stage->facts, stage->now);
    stage_draw(stage);
    return intent;
}

const char *stage_row(struct stage *stage, int y)
{
    canvas_row_text(stage->canvas, y, stage->row, sizeof stage->row);
    return stage->row;
}

int stage_find(struct stage *stage, const char *text)
{
    for (int y = 0; y < stage->canvas->height; y++)
        if (strstr(stage_row(stage, y), text))
            return y;
    return -1;
}

unsigned stage_style(struct stage *stage, const char *text)
{
    int y = stage_find(stage, text);
    ck_assert_msg(y >= 0, "\"%s\" is not on the screen", text);
    for (int x = 0; x < stage->canvas->width; x++) {
        char rest[STAGE_TEXT] = "";
        size_t used = 0;
        for (int i = x; i < stage->canvas->width && used + CELL_BYTES < sizeof rest; i++)
            used += (size_t)snprintf(rest + used, sizeof rest - used, "%s",
                                     canvas_at(stage->canvas, i, y)->text);
        if (strncmp(rest, text, strlen(text)) == 0)
            return canvas_at(stage->canvas, x, y)->style;
    }
    ck_abort_msg("\"%s\" was found and lost", text);
    return 0;
}
