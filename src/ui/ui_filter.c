#include "ui/ui_state.h"

#include <stdio.h>
#include <string.h>

_Static_assert(INPUT_TEXT <= QUERY_TEXT, "whatever can be typed can be parsed");

/* The filter that is being typed: of the table or of the log. */
static struct query *asked_filter(struct ui *ui)
{
    return ui->ask == ASK_EVENTS ? &ui->event_filter : &ui->filter;
}

static struct input_history *asked_history(struct ui *ui)
{
    return ui->ask == ASK_EVENTS   ? &ui->event_filters
           : ui->ask == ASK_FILTER ? &ui->filters
                                   : &ui->searches;
}

void ui_ask(struct ui *ui, enum ask what)
{
    ui->ask = what;
    ui->screen = SCREEN_MAIN; /* where its effect can be seen */
    ui->maximised = ui->maximised && what == ASK_EVENTS;
    ui->filter_before = *asked_filter(ui);
    ui->event_before = ui->event;
    ui->selected_before = ui->selected;
    ui->other_before = ui->other_row;
    bits_copy(&ui->folded_before, &ui->folded);
    ui->input_error[0] = '\0';
    ui->found = true;
    input_begin(&ui->input, what == ASK_SEARCH ? "" : asked_filter(ui)->text, asked_history(ui));
}

bool ui_set_filter(struct ui *ui, const char *text, char *error, size_t size)
{
    if (!query_parse(&ui->filter, text, error, size))
        return false;
    input_remember(&ui->filters, text);
    return true;
}

static void select_again(struct ui *ui)
{
    ui->selected = ui->selected_before;
    ui->other_row = ui->other_before;
    ui->event = ui->event_before;
    bits_copy(&ui->folded, &ui->folded_before); /* what the search opened on its way */
}

/* From the row where the search began, so that a longer word does not skip a row. */
static void look_for(struct ui *ui, const char *text)
{
    query_word(&ui->search, text);
    select_again(ui);
    ui->follow = false;
    ui->find_step = 0;
    ui->finding = ui->search.count > 0;
    ui->found = true;
}

static bool parse(struct ui *ui, const char *text, char *error, size_t size)
{
    struct query query;
    if (!query_parse(&query, text, error, size) ||
        (ui->ask == ASK_EVENTS && !query_suits_events(&query, error, size)))
        return false;
    *asked_filter(ui) = query;
    return true;
}

/* The text has changed: it applies at once, unless it says nothing yet. */
static void apply(struct ui *ui)
{
    if (ui->ask == ASK_SEARCH) {
        look_for(ui, ui->input.text);
        return;
    }
    char head[INPUT_TEXT], ignored[sizeof ui->input_error];
    ui->input_error[0] = '\0';
    select_again(ui); /* back, once it passes again */
    if (parse(ui, ui->input.text, ui->input_error, sizeof ui->input_error))
        return;
    /* What stands before the term that is not finished yet applies meanwhile. */
    snprintf(head, sizeof head, "%s", ui->input.text);
    do {
        char *blank = strrchr(head, ' ');
        *(blank ? blank : head) = '\0';
    } while (!parse(ui, head, ignored, sizeof ignored));
}

void ui_ask_key(struct ui *ui, uint32_t key)
{
    if (key == KEY_ESC) {
        if (ui->ask != ASK_SEARCH)
            *asked_filter(ui) = ui->filter_before;
        select_again(ui);
        ui->ask = ASK_NOTHING;
    } else if (key == KEY_RETURN && !*ui->input_error) {
        input_remember(asked_history(ui), ui->input.text);
        ui->ask = ASK_NOTHING;
    } else if (input_key(&ui->input, key)) {
        apply(ui);
    }
}

void ui_search(struct ui *ui, int step)
{
    if (ui->search.count == 0) {
        ui_message(ui, "Nothing to search for yet: F3 or / asks for it.");
        return;
    }
    ui->follow = false;
    ui->find_step = step;
    ui->finding = true;
}
