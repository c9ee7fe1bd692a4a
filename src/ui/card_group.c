#include "ui/card.h"

#include <inttypes.h>
#include <stdio.h>

#include "ui/format.h"

static void add(struct card_line *line, int weight, unsigned style, const char *label)
{
    *line = (struct card_line){.style = style, .weight = weight};
    snprintf(line->label, sizeof line->label, "%s", label);
}

/* The worst of its states in words, and whose that is. */
static void write_state(const struct group_card *group, struct card_line *line)
{
    bool well = group->state == STATE_OK || group->state == STATE_LEARNING;
    add(line, 90,
        well                            ? STYLE_GOOD
        : group->state == STATE_ANOMALY ? STYLE_ALARM
                                        : STYLE_WARN,
        "worst");
    if (well)
        snprintf(line->text, sizeof line->text, "%s",
                 group->state == STATE_OK ? "all is well" : "some still learn what is usual");
    else
        snprintf(line->text, sizeof line->text, "%s: %.250s%s%.250s", state_name(group->state),
                 group->twin, *group->name ? "/" : "", group->name);
}

static void write_rate(const struct group_card *group, struct card_line *line)
{
    char count[FORMAT_TEXT];
    add(line, 80, group->rate > 0 ? STYLE_NORMAL : STYLE_DIM, "messages");
    if (group->rate <= 0)
        snprintf(line->text, sizeof line->text, "%s",
                 group->state == STATE_LEARNING ? "not known yet" : "none");
    else if (group->rate < 0.1)
        snprintf(line->text, sizeof line->text, "%.1f a minute", group->rate * 60);
    else if (group->rate < 10)
        snprintf(line->text, sizeof line->text, "%.1f a second", group->rate);
    else {
        format_count((uint64_t)(group->rate + 0.5), count);
        snprintf(line->text, sizeof line->text, "%s a second", count);
    }
}

int card_group(const struct frame *frame, struct card_line lines[CARD_LINES])
{
    const struct group_card *group = &frame->snapshot->group;
    char count[FORMAT_TEXT];
    int used = 0;
    add(&lines[used], 60, STYLE_NORMAL, "topics");
    lines[used].name = true;
    snprintf(lines[used++].text, CARD_TEXT, "%s/#", group->path);
    format_count(group->rows, count);
    add(&lines[used], 85, STYLE_NORMAL, "series");
    snprintf(lines[used++].text, CARD_TEXT, "%s", count);
    if (group->rows == 0)
        return used;
    write_state(group, &lines[used++]);
    write_rate(group, &lines[used++]);
    add(&lines[used], 70, group->anomalies > 0 ? STYLE_NORMAL : STYLE_DIM, "anomalies");
    if (group->anomalies > 0)
        snprintf(lines[used++].text, CARD_TEXT, "%" PRIu64, group->anomalies);
    else
        snprintf(lines[used++].text, CARD_TEXT, "none");
    return used;
}
