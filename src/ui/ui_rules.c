#include "ui/ui_state.h"

#include <stdio.h>
#include <string.h>

#include "ui/draw.h"

#define NAME_COLUMNS 40 /* of a series in a question */
#define MINUTE (60 * TIMESTAMP_SECOND)

static bool nothing_selected(struct ui *ui)
{
    if (ui->has_twin)
        return false;
    ui_message(ui, "No series is selected.");
    return true;
}

void ui_acknowledge(struct ui *ui, struct engine *engine)
{
    if (nothing_selected(ui))
        return;
    if (!engine_acknowledge(engine, ui->selected))
        ui_message(ui, "There is no anomaly to acknowledge.");
}

/* ---- mute ---- */

void ui_mute(struct ui *ui, struct engine *engine)
{
    char name[4 * NAME_COLUMNS + 16];
    if (nothing_selected(ui))
        return;
    if (ui->muted) {
        engine_mute(engine, ui->selected, 0);
        return;
    }
    draw_name(ui->twin, ui->series, NAME_COLUMNS, name, sizeof name);
    ui->prompt.kind = PROMPT_MUTE;
    ui->asked_series = ui->selected;
    snprintf(ui->prompt.text, sizeof ui->prompt.text,
             "Mute %s for   m 10 minutes   h an hour   d 8 hours   u until unmuted   n no", name);
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
        engine_mute(engine, ui->asked_series, answers[i].duration);
    }
}

/* ---- limits ---- */

void ui_ask_limits(struct ui *ui)
{
    char text[LIMITS_TEXT];
    if (nothing_selected(ui))
        return;
    ui->ask = ASK_LIMITS;
    ui->asked_series = ui->selected;
    ui->input_error[0] = '\0';
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
    engine_limit(engine, ui->asked_series, &limits);
    ui->ask = ASK_NOTHING;
}
