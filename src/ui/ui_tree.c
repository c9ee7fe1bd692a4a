#include "ui/ui_state.h"

static bool on_group(const struct ui *ui)
{
    return ui->tree && ui->selected == SNAPSHOT_NO_SERIES && ROW_KIND(ui->other_row) == ROW_GROUP;
}

static void select_group(struct ui *ui, uint32_t id)
{
    ui->selected = SNAPSHOT_NO_SERIES;
    ui->other_row = id;
}

void ui_tree_toggle(struct ui *ui)
{
    ui->screen = SCREEN_MAIN;
    ui->maximised = false;
    ui->tree = !ui->tree;
    ui->sideways = 0; /* the arrows fold now */
}

bool ui_fold_toggle(struct ui *ui)
{
    if (!on_group(ui))
        return false;
    uint32_t group = ROW_INDEX(ui->other_row);
    bits_set(&ui->folded, group, !bits_has(&ui->folded, group));
    return true;
}

void ui_fold(struct ui *ui)
{
    if (!ui->tree) {
        ui_scroll_columns(ui, -1);
        return;
    }
    if (on_group(ui) && !bits_has(&ui->folded, ROW_INDEX(ui->other_row)))
        bits_set(&ui->folded, ROW_INDEX(ui->other_row), true);
    else if (ui->above != ROW_NONE)
        select_group(ui, ui->above);
}

void ui_unfold(struct ui *ui)
{
    if (!ui->tree)
        ui_scroll_columns(ui, 1);
    if (!on_group(ui))
        return;
    if (bits_has(&ui->folded, ROW_INDEX(ui->other_row)))
        bits_set(&ui->folded, ROW_INDEX(ui->other_row), false);
    else
        ui->move = 1;
}
