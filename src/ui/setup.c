#include "ui/setup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ui/keys.h"
#include "ui/theme_file.h"

static const struct {
    const char *name;
    timestamp span;
} spans[] = {{"1m", 60 * TIMESTAMP_SECOND},
             {"5m", 300 * TIMESTAMP_SECOND},
             {"1h", 3600 * TIMESTAMP_SECOND},
             {"24h", 86400 * TIMESTAMP_SECOND}};
#define THRESHOLD_STEP 0.5
#define THRESHOLD_STEPS 40
#define SPANS ((int)(sizeof spans / sizeof *spans))

bool setup_span_parse(const char *text, timestamp *span)
{
    for (int i = 0; i < SPANS; i++)
        if (strcmp(text, spans[i].name) == 0) {
            *span = spans[i].span;
            return true;
        }
    *span = 0;
    return strcmp(text, "auto") == 0;
}

const char *setup_span_name(timestamp span)
{
    for (int i = 0; i < SPANS; i++)
        if (spans[i].span == span)
            return spans[i].name;
    return "auto";
}

timestamp setup_next_span(timestamp span)
{
    int at = 0;
    while (at < SPANS && spans[at].span != span)
        at++;
    return spans[at < SPANS ? (at + 1) % SPANS : 0].span;
}

/* The next of the list, round and round; one from outside of it comes to its beginning. */
static void change_theme(struct setup *setup, int step)
{
    int count = 0, at = -1;
    for (; theme_name((size_t)count); count++)
        if (strcmp(theme_name((size_t)count), setup->theme) == 0)
            at = count;
    at = at < 0 ? 0 : (at + step + count) % count;
    snprintf(setup->theme, sizeof setup->theme, "%s", theme_name((size_t)at));
    setup->changed |= SETUP_THEME;
}

static void change_span(struct setup *setup, int step)
{
    int at = -1;
    for (int i = 0; i < SPANS; i++)
        if (spans[i].span == setup->span)
            at = i;
    at = at < 0 ? 1 : at + step;
    at = at < 0 ? 0 : at >= SPANS ? SPANS - 1 : at;
    setup->span = spans[at].span;
    setup->changed |= SETUP_SPAN;
}

/* By halves, from a half up; one that lies between two goes to the next. */
static void change_threshold(struct setup *setup, int step)
{
    double steps = setup->threshold / THRESHOLD_STEP;
    steps = step > 0 ? floor(steps + 1e-9) + 1 : ceil(steps - 1e-9) - 1;
    setup->threshold = fmin(fmax(steps, 1), THRESHOLD_STEPS) * THRESHOLD_STEP;
    setup->changed |= SETUP_THRESHOLD;
}

/* Glyph and name keep their two places at the left. */
static void move_column(struct setup *setup, int step)
{
    enum column *order = setup->columns.order;
    int other = setup->row + step;
    if (other < SETUP_FIRST_COLUMN || other >= SETUP_ROWS)
        return;
    enum column moved = order[SETUP_COLUMN(setup->row)];
    order[SETUP_COLUMN(setup->row)] = order[SETUP_COLUMN(other)];
    order[SETUP_COLUMN(other)] = moved;
    setup->row = other;
    setup->changed |= SETUP_COLUMNS;
}

static enum setup_key change(struct setup *setup, int step)
{
    switch (setup->row) {
    case SETUP_ROW_THEME:
        change_theme(setup, step);
        return SETUP_KEY_NEW_THEME;
    case SETUP_ROW_SPAN:
        change_span(setup, step);
        return SETUP_KEY_NEW_SPAN;
    case SETUP_ROW_TREND:
        setup->trend.tier =
            (enum spark_tier)(((int)setup->trend.tier + step + SPARK_TIERS) % SPARK_TIERS);
        setup->changed |= SETUP_TREND;
        return SETUP_KEY_DONE;
    case SETUP_ROW_SCALE:
        setup->trend.common = !setup->trend.common;
        setup->changed |= SETUP_SCALE;
        return SETUP_KEY_DONE;
    case SETUP_ROW_THRESHOLD:
        change_threshold(setup, step);
        return SETUP_KEY_NEW_THRESHOLD;
    default:
        move_column(setup, step);
        return SETUP_KEY_DONE;
    }
}

static enum setup_key toggle(struct setup *setup)
{
    if (setup->row < SETUP_FIRST_COLUMN)
        return change(setup, 1);
    enum column column = setup->columns.order[SETUP_COLUMN(setup->row)];
    setup->columns.hidden[column] = !setup->columns.hidden[column];
    setup->changed |= SETUP_COLUMNS;
    return SETUP_KEY_DONE;
}

enum setup_key setup_key(struct setup *setup, uint32_t key)
{
    switch (key) {
    case KEY_ARROW_UP:
    case 'k':
        setup->row -= setup->row > 0;
        return SETUP_KEY_DONE;
    case KEY_ARROW_DOWN:
    case 'j':
        setup->row += setup->row < SETUP_ROWS - 1;
        return SETUP_KEY_DONE;
    case KEY_HOME_:
    case 'g':
        setup->row = 0;
        return SETUP_KEY_DONE;
    case KEY_END_:
    case 'G':
        setup->row = SETUP_ROWS - 1;
        return SETUP_KEY_DONE;
    case KEY_ARROW_LEFT:
        return change(setup, -1);
    case KEY_ARROW_RIGHT:
        return change(setup, 1);
    case ' ':
    case KEY_RETURN:
        return toggle(setup);
    case 'w':
        return SETUP_KEY_SAVE;
    default:
        return SETUP_KEY_NOT_MINE;
    }
}
