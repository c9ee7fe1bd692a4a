#include "unit/fleet_fixture.h"

struct fleet *fleet;
struct batch batch;
struct outcomes out;
timestamp now;

void fleet_with(struct fleet_options options)
{
    if (!options.detector)
        options.detector = &detector_lab;
    fleet_free(fleet);
    fleet = fleet_new(&options);
}

static void start(void)
{
    now = 1700000000 * SECOND;
    out = (struct outcomes){.readings = true};
    batch = (struct batch){0};
    fleet = NULL;
    fleet_with((struct fleet_options){0});
}

static void stop(void)
{
    fleet_free(fleet);
    batch_fini(&batch);
    outcomes_fini(&out);
}

TCase *fleet_case(const char *name)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, start, stop);
    return tests;
}

void ingest(void)
{
    out.count = 0;
    fleet_ingest(fleet, &batch, &out);
    batch_reset(&batch);
}

void tick_at(timestamp when)
{
    out.count = 0;
    fleet_tick(fleet, when, &out);
}

void reading(double value)
{
    now += 2 * SECOND;
    build_reading(&batch, TOPIC, "T1", "temperature", "Celsius", value, now);
    ingest();
}

void status(enum status what)
{
    now += SECOND;
    build_presence(&batch, STATUS, "T1", what, now);
    ingest();
}

void learn(void)
{
    for (int i = 0; i < 10; i++)
        reading(20 + 0.1 * (i % 3));
}

const struct outcome *outcome_of(enum outcome_type type)
{
    for (size_t i = 0; i < out.count; i++)
        if (out.list[i].type == type)
            return &out.list[i];
    return NULL;
}

size_t outcomes_of(enum outcome_type type)
{
    size_t count = 0;
    for (size_t i = 0; i < out.count; i++)
        count += out.list[i].type == type;
    return count;
}

const struct event *newest(size_t i)
{
    ck_assert_uint_lt(i, fleet_journal(fleet)->count);
    return journal_newest(fleet_journal(fleet), i);
}

size_t events_of(enum event_type type)
{
    const struct journal *journal = fleet_journal(fleet);
    size_t count = 0;
    for (size_t i = 0; i < journal->count; i++)
        count += journal_newest(journal, i)->type == type;
    return count;
}
