#include "ui/ui_state.h"

#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

/* The tagged series if there are any, else the selected one. */
uint32_t ui_aim(struct ui *ui)
{
    uint32_t tagged = ui->tagged.count, most = ui->tagged.room * 64;
    ui->targets = xrealloc(ui->targets, (tagged > 0 ? tagged : 1) * sizeof *ui->targets);
    ui->target_count = 0;
    for (uint32_t i = 0; i < most && ui->target_count < tagged; i++)
        if (bits_has(&ui->tagged, i))
            ui->targets[ui->target_count++] = i;
    if (tagged == 0 && ui->has_twin)
        ui->targets[ui->target_count++] = ui->selected;
    if (ui->target_count == 0)
        ui_message(ui, "No series is selected.");
    return ui->target_count;
}

static void add_twin(struct ui *ui, const char *name)
{
    for (size_t i = 0; i < ui->target_twins.count; i++)
        if (strcmp(ui->target_twins.lines[i], name) == 0)
            return;
    listing_add(&ui->target_twins, name, strlen(name));
}

/* Their simulated twins, each once. Returns of how many series the twin is a real one. */
uint32_t ui_aim_twins(struct ui *ui, struct engine *engine)
{
    uint32_t real = 0;
    listing_reset(&ui->target_twins);
    for (uint32_t i = 0; i < ui->target_count; i++) {
        struct engine_series series;
        engine_get_series(engine, ui->targets[i], &series);
        if (series.simulated)
            add_twin(ui, series.twin);
        else
            real++;
    }
    if (ui->tagged.count == 0 && ui->lone_twin && ui->twin_simulated)
        add_twin(ui, ui->twin);
    return real;
}

const char *const *ui_targets(const struct ui *ui, size_t *count)
{
    *count = ui->target_twins.count;
    return ui->target_twins.lines;
}
