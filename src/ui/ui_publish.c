#include "ui/ui_state.h"

#include <stdio.h>
#include <string.h>

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

static void take_target(struct ui *ui)
{
    memcpy(ui->target, ui->twin, sizeof ui->target);
}

void ui_ask_kill(struct ui *ui)
{
    char name[4 * NAME_COLUMNS + 8], text[sizeof ui->prompt.text];
    if (!ui->has_twin) {
        ui_message(ui, "No sensor is selected.");
        return;
    }
    format_middle(ui->twin, NAME_COLUMNS, name, sizeof name);
    if (!ui->twin_simulated) {
        snprintf(text, sizeof text, "%s is a real sensor: only simulated ones can be killed.",
                 name);
        ui_message(ui, text);
        return;
    }
    take_target(ui);
    snprintf(text, sizeof text, "Kill %s?  y graceful   c crash   n no", name);
    ui_say(ui, PROMPT_KILL, text);
}

enum intent ui_fault(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    if (facts->sim_sensors == 0) {
        ui_message(ui, "No simulated sensor to inject a fault into: F8 spawns one.");
        return INTENT_NONE;
    }
    ui->target[0] = '\0';
    if (ui->has_twin && ui->twin_simulated)
        take_target(ui);
    return ui_publish(ui, INTENT_SIM_FAULT, engine, facts);
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
