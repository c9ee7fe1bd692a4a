#include "ui/ui_state.h"

#include "ui/headings.h"

void ui_sort_by(struct ui *ui, enum sort_key sort)
{
    ui->sort = sort;
    ui->descending = headings_sort_descends(sort);
}

void ui_sort_step(struct ui *ui, int step)
{
    ui_sort_by(ui, (enum sort_key)(((int)ui->sort + step + SORT_KEYS) % SORT_KEYS));
}

void ui_sort_menu(struct ui *ui)
{
    ui->screen = SCREEN_MAIN;
    ui->maximised = false;
    ui->menu = true;
    ui->menu_at = ui->sort;
}

void ui_menu_key(struct ui *ui, uint32_t key)
{
    int step = 0;
    switch (keys_command(key)) {
    case COMMAND_UP:
        step = -1;
        break;
    case COMMAND_DOWN:
        step = 1;
        break;
    case COMMAND_HOME:
        ui->menu_at = (enum sort_key)0;
        break;
    case COMMAND_END:
        ui->menu_at = (enum sort_key)(SORT_KEYS - 1);
        break;
    case COMMAND_OPEN:
        if (ui->menu_at != ui->sort)
            ui_sort_by(ui, ui->menu_at);
        ui->menu = false;
        break;
    case COMMAND_BACK:
    case COMMAND_QUIT:
    case COMMAND_SORT_MENU:
        ui->menu = false;
        break;
    case COMMAND_SORT_INVERT:
        ui->descending = !ui->descending;
        break;
    default:
        break;
    }
    ui->menu_at = (enum sort_key)(((int)ui->menu_at + step + SORT_KEYS) % SORT_KEYS);
}
