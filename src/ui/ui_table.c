#include "ui/ui_state.h"

/* Several keys may come between two frames: their moves add up. Home and End are places, so what
 * follows them counts from the rows of the last answer. */
void ui_move(struct ui *ui, int32_t rows)
{
    int64_t before = ui->move;
    ui->follow = false; /* who goes elsewhere wants to stay there */
    if (rows == MOVE_HOME || rows == MOVE_END || ui->move == 0) {
        ui->move = rows;
        return;
    }
    if (ui->move == MOVE_HOME)
        before = -(int64_t)ui->selected_row;
    else if (ui->move == MOVE_END)
        before = (int64_t)ui->total_rows - 1 - (int64_t)ui->selected_row;
    ui->move = ui_clamp(before + rows, MOVE_HOME + 1, MOVE_END - 1);
}

void ui_open(struct ui *ui)
{
    if (ui->screen != SCREEN_MAIN || ui_fold_toggle(ui))
        return;
    if (!ui->has_twin && !ui->lone_twin)
        return;
    ui->screen = SCREEN_DETAIL;
    ui->detail = DETAIL_TWIN;
}

/* A group folds; a series is tagged, and the next one is at hand. */
void ui_tag(struct ui *ui)
{
    if (ui->screen != SCREEN_MAIN || ui_fold_toggle(ui) || ui->selected == SNAPSHOT_NO_SERIES)
        return;
    bits_set(&ui->tagged, ui->selected, !bits_has(&ui->tagged, ui->selected));
    ui_move(ui, 1);
}

void ui_scroll_columns(struct ui *ui, int steps)
{
    if (ui->screen == SCREEN_MAIN && !ui->maximised)
        ui->sideways = (unsigned)ui_clamp((int64_t)ui->sideways + steps, 0, 1000);
}

/* At once to the newest alarm that the log has. */
void ui_follow(struct ui *ui)
{
    ui->follow = !ui->follow;
    ui->followed = 0;
}
