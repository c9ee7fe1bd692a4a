#include "ui/ui_state.h"

#include <stdio.h>

#include "ui/format.h"

#define NAME_COLUMNS 40 /* of a twin in a question */

/* What publishes asks once on a broker that is not ours. */
enum intent ui_publish(struct ui *ui, enum intent intent, struct engine *engine,
                       const struct ui_facts *facts)
{
    if (facts->readonly) {
        ui_message(ui, "Read-only: nothing is published from here.");
        return INTENT_NONE;
    }
    /* Sensors that run already were asked for on the command line. */
    if (facts->own_broker || ui->consent || facts->sim_running || facts->sim_sensors > 0)
        return intent;
    struct connection connection;
    char text[sizeof ui->prompt.text];
    engine_get_connection(engine, &connection);
    snprintf(text, sizeof text,
             "Publish simulated sensors to %s? Everyone on that broker will see them.  y yes  n no",
             connection.where);
    ui_say(ui, PROMPT_CONSENT, text);
    ui->asked = intent;
    return INTENT_NONE;
}

/* "Kill T1?", "Kill 3 simulated sensors? 2 tagged series of real ones stay." */
void ui_ask_kill(struct ui *ui, struct engine *engine)
{
    char name[4 * NAME_COLUMNS + 8], text[sizeof ui->prompt.text], stays[80] = "";
    uint32_t tagged = ui->tagged.count;
    ui->target_count = 0;
    if ((tagged > 0 || !ui->lone_twin) && ui_aim(ui) == 0)
        return;
    uint32_t real = ui_aim_twins(ui, engine);
    size_t count = ui->target_twins.count;
    if (count == 0 && tagged > 0) {
        ui_message(ui, "None of the tagged sensors is simulated: only such can be killed.");
        return;
    }
    format_middle(count > 0 ? ui->target_twins.lines[0] : ui->twin, NAME_COLUMNS, name,
                  sizeof name);
    if (count == 0) {
        snprintf(text, sizeof text, "%s is a real sensor: only simulated ones can be killed.",
                 name);
        ui_message(ui, text);
        return;
    }
    if (count > 1)
        snprintf(name, sizeof name, "%zu simulated sensors", count);
    if (real > 0)
        snprintf(stays, sizeof stays, " %u tagged series of real ones stay%s.", (unsigned)real,
                 real == 1 ? "s" : "");
    snprintf(text, sizeof text, "Kill %s?%s  y graceful   c crash   n no", name, stays);
    ui_say(ui, PROMPT_KILL, text);
}

/* A prompt swallows every key but its answers. */
enum intent ui_answer_prompt(struct ui *ui, uint32_t key, struct engine *engine)
{
    enum prompt_kind kind = ui->prompt.kind;
    if (key == KEY_ESC || key == 'n' || key == 'N') {
        ui->prompt.kind = PROMPT_NONE;
        return INTENT_NONE;
    }
    if (kind == PROMPT_KILL && (key == 'y' || key == 'Y' || key == 'c' || key == 'C')) {
        ui->prompt.kind = PROMPT_NONE;
        return key == 'y' || key == 'Y' ? INTENT_SIM_KILL : INTENT_SIM_CRASH;
    }
    if (kind == PROMPT_MUTE)
        ui_mute_answer(ui, key, engine);
    if (kind == PROMPT_CONSENT && (key == 'y' || key == 'Y')) {
        ui->prompt.kind = PROMPT_NONE;
        ui->consent = true;
        return ui->asked;
    }
    return INTENT_NONE;
}
