#include "ui/ui_state.h"

/* Whom faults would hit: the tagged or selected simulated sensors; where a real one is selected,
 * any simulated one. false: nobody, and that has been said. */
static bool aim(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    if (facts->readonly || facts->sim_sensors == 0) {
        ui_message(ui, facts->readonly
                           ? "Read-only: nothing is published from here."
                           : "No simulated sensor to inject a fault into: F8 spawns one.");
        return false;
    }
    ui->target_count = 0;
    if (ui->tagged.count > 0 || ui->has_twin)
        ui_aim(ui); /* a twin without a series is no reason to complain */
    ui_aim_twins(ui, engine);
    if (ui->tagged.count > 0 && ui->target_twins.count == 0) {
        ui_message(ui, "None of the tagged sensors is simulated: U untags them.");
        return false;
    }
    return true;
}

void ui_ask_fault(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    if (!aim(ui, engine, facts))
        return;
    ui->faults = true;
    ui->fault_at = ui->fault;
    ui->fault_count = facts->fault_count;
}

enum intent ui_fault_again(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    if (!aim(ui, engine, facts))
        return INTENT_NONE;
    return ui_publish(ui, INTENT_SIM_FAULT, engine, facts);
}

unsigned ui_fault(const struct ui *ui)
{
    return ui->fault;
}

static enum intent inject(struct ui *ui, struct engine *engine, const struct ui_facts *facts)
{
    ui->faults = false;
    ui->fault = ui->fault_at;
    return ui_publish(ui, INTENT_SIM_FAULT, engine, facts);
}

enum intent ui_fault_key(struct ui *ui, uint32_t key, struct engine *engine,
                         const struct ui_facts *facts)
{
    unsigned count = facts->fault_count > 0 ? facts->fault_count : 1; /* the next in turn */
    for (unsigned i = 0; i < count; i++)
        if (key == (unsigned char)view_faults_letter(facts, i)) {
            ui->fault_at = i;
            return inject(ui, engine, facts);
        }
    switch (keys_command(key)) {
    case COMMAND_UP:
        ui->fault_at = (ui->fault_at + count - 1) % count;
        break;
    case COMMAND_DOWN:
        ui->fault_at = (ui->fault_at + 1) % count;
        break;
    case COMMAND_HOME:
        ui->fault_at = 0;
        break;
    case COMMAND_END:
        ui->fault_at = count - 1;
        break;
    case COMMAND_OPEN:
    case COMMAND_SIM_FAULT_AGAIN:
        return inject(ui, engine, facts);
    case COMMAND_BACK:
    case COMMAND_QUIT:
    case COMMAND_SIM_FAULT:
        ui->faults = false;
        break;
    default:
        break;
    }
    return INTENT_NONE;
}
