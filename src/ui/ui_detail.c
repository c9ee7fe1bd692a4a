#include "ui/ui_state.h"

void ui_detail_next(struct ui *ui)
{
    ui->detail = (enum detail)((ui->detail + 1) % DETAILS);
    if (ui->detail == DETAIL_READINGS && ui->lone_twin)
        ui->detail = DETAIL_PAYLOAD;
}

static uint32_t scrolled(uint32_t from, int32_t lines)
{
    if (lines == MOVE_HOME)
        return 0;
    return lines == MOVE_END ? INT32_MAX : (uint32_t)ui_clamp((int64_t)from + lines, 0, INT32_MAX);
}

/* What is beyond the end is settled with the answer. */
void ui_detail_scroll(struct ui *ui, int32_t lines)
{
    if (ui->detail == DETAIL_READINGS)
        ui->readings_skip = scrolled(ui->readings_skip, lines);
    else if (ui->detail == DETAIL_PAYLOAD)
        ui->payload_skip = scrolled(ui->payload_skip, lines);
    else
        ui_move(ui, lines);
}

void ui_detail_answer(struct ui *ui, const struct snapshot *snapshot)
{
    const struct card *card = &snapshot->card;
    ui->readings_skip = snapshot->request.readings_skip;
    ui->readings_seen = snapshot->request.readings_seen;
    if (card->row.id != ui->detail_row || ui->screen != SCREEN_DETAIL)
        ui->payload_skip = ui->readings_skip = 0;
    ui->detail_row = card->row.id;
    if (ui->payload_skip > 0) {
        unsigned most = view_detail_payload_most(&ui->layout, card);
        ui->payload_skip = ui->payload_skip < most ? ui->payload_skip : most;
    }
}
