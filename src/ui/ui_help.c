#include "ui/ui_state.h"

#include <stdio.h>

void ui_help(struct ui *ui)
{
    ui->help_wanted[0] = '\0';
    ui->help_scroll = 0;
    if (ui->screen == SCREEN_HELP) {
        ui->screen = ui->behind_help;
        return;
    }
    ui->behind_help = ui->screen;
    ui->screen = SCREEN_HELP;
}

void ui_ask_help(struct ui *ui)
{
    ui->ask = ASK_HELP;
    ui->input_error[0] = '\0';
    input_begin(&ui->input, ui->help_wanted, &ui->help_words);
}

/* The lines follow while it is typed. */
void ui_help_key(struct ui *ui, uint32_t key)
{
    if (key == KEY_ESC) {
        ui->help_wanted[0] = '\0';
        ui->ask = ASK_NOTHING;
    } else if (key == KEY_RETURN) {
        input_remember(&ui->help_words, ui->input.text);
        ui->ask = ASK_NOTHING;
    } else if (input_key(&ui->input, key)) {
        snprintf(ui->help_wanted, sizeof ui->help_wanted, "%s", ui->input.text);
        ui->help_scroll = 0;
    }
}
