#include "ui/ui_state.h"

#include <stdio.h>
#include <string.h>

#include "ui/draw.h"

#define NAME_COLUMNS 40 /* of a series in a question */
#define MINUTE (60 * TIMESTAMP_SECOND)

void ui_acknowledge(struct ui *ui, struct engine *engine)
{
    uint32_t count = ui_aim(ui), seen = 0;
    char text[80];
    for (uint32_t i = 0; i < count; i++)
        seen += engine_acknowledge(engine, ui->targets[i]);
    if (count == 0)
        return;
    if (seen == 0)
        ui_message(ui, count == 1 ? "There is no anomaly to acknowledge."
                                  : "None of the tagged series has an anomaly to acknowledge.");
    else if (count > 1) {
        snprintf(text, sizeof text, "Acknowledged %u of %u tagged series.", (unsigned)seen,
                 (unsigned)count);
        ui_message(ui, text);
    }
}

/* ---- mute ---- */

/* Unmutes where all of them are muted. */
static bool unmute(struct ui *ui, struct engine *engine)
{
    struct engine_series series;
    for (uint32_t i = 0; i < ui->target_count; i++) {
        engine_get_series(engine, ui->targets[i], &series);
        if (!series.muted)
            return false;
    }
    for (uint32_t i = 0; i < ui->target_count; i++)
        engine_mute(engine, ui->targets[i], 0);
    return true;
}

void ui_mute(struct ui *ui, struct engine *engine)
{
    char name[4 * NAME_COLUMNS + 16];
    struct engine_series series;
    if (ui_aim(ui) == 0 || unmute(ui, engine))
        return;
    engine_get_series(engine, ui->targets[0], &series);
    if (ui->target_count > 1)
        snprintf(name, sizeof name, "%u tagged series", (unsigned)ui->target_count);
    else
        draw_name(series.twin, series.name, NAME_COLUMNS, name, sizeof name);
    ui->prompt.kind = PROMPT_MUTE;
    snprintf(ui->prompt.text, sizeof ui->prompt.text,
             "Mute %s for  m 10 minutes   h an hour   d 8 hours   u until unmuted   n no", name);
}

void ui_mute_answer(struct ui *ui, uint32_t key, struct engine *engine)
{
    static const struct {
        uint32_t key;
        timestamp duration;
    } answers[] = {
        {'m', 10 * MINUTE}, {'h', 60 * MINUTE}, {'d', 480 * MINUTE}, {'u', MUTED_FOR_GOOD}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (answers[i].key != key)
            continue;
        ui->prompt.kind = PROMPT_NONE;
        for (uint32_t at = 0; at < ui->target_count; at++)
            engine_mute(engine, ui->targets[at], answers[i].duration);
    }
}

/* ---- limits ---- */

void ui_ask_limits(struct ui *ui)
{
    char text[LIMITS_TEXT] = ""; /* those of several may differ */
    if (ui_aim(ui) == 0)
        return;
    ui->ask = ASK_LIMITS;
    ui->input_error[0] = '\0';
    if (ui->targets[0] == ui->selected && ui->target_count == 1)
        limits_format(&ui->limits, text);
    input_begin(&ui->input, text, &ui->limit_lines);
}

void ui_limits_key(struct ui *ui, uint32_t key, struct engine *engine)
{
    struct limits limits;
    if (key == KEY_ESC) {
        ui->ask = ASK_NOTHING;
        return;
    }
    if (key != KEY_RETURN && !input_key(&ui->input, key))
        return;
    /* What is being typed is told to be wrong only when it is meant. */
    ui->input_error[0] = '\0';
    if (key != KEY_RETURN ||
        !limits_parse(ui->input.text, &limits, ui->input_error, sizeof ui->input_error))
        return;
    input_remember(&ui->limit_lines, ui->input.text);
    for (uint32_t i = 0; i < ui->target_count; i++)
        engine_limit(engine, ui->targets[i], &limits);
    ui->ask = ASK_NOTHING;
}
