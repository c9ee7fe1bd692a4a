#include "core/fleet.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ahead.h"
#include "core/fleet_state.h"
#include "core/xalloc.h"

#define DEFAULT_SERIES 100000
#define DEFAULT_MEMORY ((size_t)256 << 20)
#define LEAST_MEMORY ((size_t)1 << 20) /* for a few hundred series */
#define DEFAULT_THRESHOLD 3.0
#define DEFAULT_MIN_SAMPLES 10

struct fleet *fleet_new(const struct fleet_options *options)
{
    struct fleet *fleet = xcalloc(1, sizeof *fleet);
    fleet->options = *options;
    struct fleet_options *mine = &fleet->options;
    if (!mine->detector)
        mine->detector = &detector_auto;
    if (mine->detection.threshold <= 0)
        mine->detection.threshold = DEFAULT_THRESHOLD;
    if (mine->detection.min_samples == 0)
        mine->detection.min_samples = DEFAULT_MIN_SAMPLES;
    if (mine->window == 0)
        mine->window = WINDOW_DEFAULT;
    if (mine->max_series == 0)
        mine->max_series = DEFAULT_SERIES;
    if (mine->memory == 0)
        mine->memory = DEFAULT_MEMORY;
    fleet->clock = INT64_MIN + FLEET_UNORDERED; /* nothing lies before it */
    fleet->due_first = FLEET_NEVER;
    registry_init(&fleet->registry, mine->max_series,
                  mine->memory > LEAST_MEMORY ? mine->memory : LEAST_MEMORY);
    journal_init(&fleet->journal);
    return fleet;
}

void fleet_free(struct fleet *fleet)
{
    if (!fleet)
        return;
    for (uint32_t i = 0; i < fleet->simulated_count; i++)
        free(fleet->simulated[i]);
    free(fleet->simulated);
    free(fleet->due);
    fleet_forget_thresholds(fleet);
    fleet_free_families(fleet);
    registry_fini(&fleet->registry);
    journal_fini(&fleet->journal);
    free(fleet);
}

void outcomes_fini(struct outcomes *outcomes)
{
    free(outcomes->list);
    outcomes->list = NULL;
    outcomes->count = outcomes->room = 0;
}

struct outcome *fleet_outcome(struct outcomes *out, enum outcome_type type, timestamp time,
                              const struct twin *twin)
{
    if (!out)
        return NULL;
    if (out->count == out->room) {
        out->room = out->room > 0 ? out->room * 2 : 64;
        out->list = xrealloc(out->list, out->room * sizeof *out->list);
    }
    struct outcome *outcome = &out->list[out->count++];
    memset(outcome, 0,
           offsetof(struct outcome, verdict)); /* the verdict is long, and rarely used */
    verdict_clear(&outcome->verdict);
    outcome->type = type;
    outcome->time = time;
    outcome->twin = twin;
    return outcome;
}

void fleet_count_online(struct fleet *fleet, struct twin *twin)
{
    bool online = twin->presence != STATUS_OFFLINE && !twin_silent(twin);
    if (online == twin->online)
        return;
    twin->online = online;
    fleet->totals.online += online ? 1u : -1u;
}

static bool is_simulated(const struct fleet *fleet, const char *name, uint32_t *at)
{
    for (*at = 0; *at < fleet->simulated_count; ++*at)
        if (strcmp(fleet->simulated[*at], name) == 0)
            return true;
    return false;
}

static void twin_init(struct intake *in, struct twin *twin)
{
    uint32_t at;
    twin->first_seen = twin->session_start = in->message->arrival;
    twin->presence_since = TIMESTAMP_NONE;
    twin->topic = in->topic ? in->topic->name : twin->name;
    twin->simulated = is_simulated(in->fleet, twin->name, &at);
    in->fleet->totals.twins++;
    fleet_count_online(in->fleet, twin);
}

static void twin_touch(struct intake *in, struct twin *twin)
{
    if (twin->last_message == in->fleet->totals.messages)
        return;
    if (twin->messages == 0)
        twin_init(in, twin);
    twin->last_message = in->fleet->totals.messages;
    twin->messages++;
    twin->last_seen = in->message->arrival;
    twin->last_retain = in->message->retain;
    twin->last_qos = in->message->qos;
}

struct twin *fleet_item_twin(struct intake *in, const char *sensor)
{
    if (in->twin && (sensor == in->sensor || strcmp(sensor, in->twin->name) == 0))
        return in->twin;
    struct topic *topic = in->topic;
    struct twin *twin = topic ? topic->twin : NULL;
    if (!twin || strcmp(sensor, twin->name) != 0)
        twin = registry_twin(&in->fleet->registry, sensor);
    if (!twin)
        return NULL;
    twin_touch(in, twin);
    if (topic)
        topic->twin = twin;
    in->twin = twin;
    in->sensor = sensor;
    return twin;
}

/* A longer text needs room in the budget; else what was there stays. */
static void replace_text(struct fleet *fleet, char **text, const char *with)
{
    if (*text && strcmp(*text, with) == 0)
        return;
    struct registry *registry = &fleet->registry;
    size_t old = *text ? strlen(*text) + 1 : 0, size = strlen(with) + 1;
    if (size > old && registry_full(registry)) {
        fleet->totals.overflow++;
        return;
    }
    registry->memory = registry->memory - old + size;
    free(*text);
    *text = xstrdup(with);
}

/* Where the fact stands on the card, or would: TWIN_FACTS if there is no room. */
static unsigned find_fact(const struct twin *twin, unsigned guess, const char *name)
{
    if (guess < twin->fact_count && strcmp(twin->facts[guess].name, name) == 0)
        return guess;
    unsigned n = 0;
    while (n < twin->fact_count && strcmp(twin->facts[n].name, name) != 0)
        n++;
    return n;
}

static void add_fact(struct fleet *fleet, struct twin *twin, const struct item *item)
{
    if (registry_full(&fleet->registry)) {
        fleet->totals.overflow++;
        return;
    }
    struct fact *fact = &twin->facts[twin->fact_count++];
    fact->name = xstrdup(item->series);
    fact->text = xstrdup(item->text);
    fleet->registry.memory += strlen(fact->name) + strlen(fact->text) + 2;
}

/* Every message of a sensor tells its metadata again: mostly the hash of all of it has not changed,
 * and if it has, then by one of them. */
static void take_fact(struct intake *in, const struct item *item)
{
    if (in->facts_known)
        return;
    unsigned n = in->facts++;
    struct twin *twin = item->sensor ? fleet_item_twin(in, item->sensor) : NULL;
    if (!twin)
        return;
    uint64_t told = in->message->facts;
    if (n == 0 && told != 0 && told == twin->facts_told) {
        in->facts_known = true;
        return;
    }
    uint64_t overflow = in->fleet->totals.overflow;
    n = find_fact(twin, n, item->series);
    if (n < twin->fact_count)
        replace_text(in->fleet, &twin->facts[n].text, item->text);
    else if (n < TWIN_FACTS) /* the card has room */
        add_fact(in->fleet, twin, item);
    in->facts_refused |= in->fleet->totals.overflow != overflow;
    twin->facts_told = in->facts_refused ? 0 : told;
}

static void take_text(struct intake *in, const struct item *item)
{
    struct twin *twin = item->sensor ? fleet_item_twin(in, item->sensor) : NULL;
    if (twin && item->text)
        replace_text(in->fleet, &twin->last_text, item->text);
}

static void take_command(struct intake *in, const struct item *item)
{
    const char *subject = item->sensor ? item->sensor : in->message->topic;
    uint32_t changed;
    bool threshold = fleet_threshold(in->fleet, in->message, item, &changed);
    struct event *event = fleet_note(in->fleet, in->message->arrival, EVENT_COMMAND, subject,
                                     item->text ? item->text : "");
    if (threshold)
        fleet_log_text(event, "%s: at most %g for %u series", item->text, item->value,
                       (unsigned)changed);
}

/* Only noted: what was learned of the twin stays readable. */
static void take_gone(struct intake *in, const struct item *item)
{
    static const char gone[] = "gone: an empty retained message took it back";
    struct twin *twin = in->topic ? in->topic->twin : NULL;
    if (item->sensor)
        twin = registry_find_twin(&in->fleet->registry, item->sensor);
    if (!twin)
        return;
    twin_touch(in, twin);
    replace_text(in->fleet, &twin->last_text, gone);
    fleet_note(in->fleet, in->message->arrival, EVENT_NOTE, twin->name, gone);
}

static void take_malformed(struct intake *in, const struct item *item)
{
    struct fleet *fleet = in->fleet;
    const char *reason = item->text ? item->text : "";
    struct twin *twin = in->topic ? in->topic->twin : NULL;
    fleet->totals.malformed++;
    if (twin) {
        twin_touch(in, twin);
        twin->malformed++;
    }
    if (in->topic) {
        in->topic->malformed++;
        fleet_log_malformed(fleet, in->topic, reason, in->message->arrival);
    }
    struct outcome *outcome = fleet_outcome(in->out, OUTCOME_MALFORMED, in->message->arrival, twin);
    if (!outcome)
        return;
    outcome->topic = in->message->literal;
    outcome->bytes = in->message->bytes;
    outcome->reason = reason;
}

static void take_item(struct intake *in, const struct item *item)
{
    switch (item->type) {
    case ITEM_READING:
        fleet_reading(in, item);
        break;
    case ITEM_FACT:
        take_fact(in, item);
        break;
    case ITEM_PRESENCE:
        fleet_presence(in, item);
        break;
    case ITEM_TEXT:
        take_text(in, item);
        break;
    case ITEM_COMMAND:
        take_command(in, item);
        break;
    case ITEM_GONE:
        take_gone(in, item);
        break;
    case ITEM_MALFORMED:
        take_malformed(in, item);
        break;
    }
}

static void count_message(struct fleet *fleet, const struct decoded *message, struct topic *topic)
{
    struct fleet_totals *totals = &fleet->totals;
    int64_t second = fleet_second(message->arrival) % FLEET_RATE_SECONDS;
    totals->rate[second]++;
    totals->byte_rate[second] += (uint32_t)message->bytes;
    totals->messages++;
    totals->bytes += message->bytes;
    if (topic) {
        topic->messages++;
        topic->bytes += message->bytes;
    }
}

/* A flag as published comes with live messages too, and stays on what a bridge or another relay
 * sends on long after we subscribed. What was stored somewhere comes once, as the first message on
 * its topic since we subscribed; whatever follows it was sent just now. */
static bool is_stored(const struct decoded *message, struct topic *topic)
{
    if (message->session == 0 || !topic)
        return message->retain;
    bool first = topic->session != message->session;
    topic->session = message->session;
    return message->retain && first;
}

void fleet_ingest(struct fleet *fleet, const struct batch *batch, struct outcomes *out)
{
    struct ahead ahead;
    ahead_begin(&ahead, &fleet->registry, batch);
    for (size_t i = 0; i < batch->message_count; i++) {
        struct decoded message = batch->messages[i];
        ahead_go(&ahead, i);
        struct intake in = {.fleet = fleet,
                            .message = &message,
                            .topic = registry_topic(&fleet->registry, &message),
                            .out = out};
        message.retain = is_stored(&message, in.topic);
        fleet_clock(fleet, message.arrival);
        fleet_judge(fleet, message.arrival, out);
        count_message(fleet, &message, in.topic);
        for (size_t k = 0; k < message.count; k++)
            take_item(&in, &batch->items[message.first + k]);
        fleet_keep_payload(&in, &batch->items[message.first]);
    }
    fleet->totals.memory = fleet->registry.memory;
}

void fleet_tick(struct fleet *fleet, timestamp now, struct outcomes *out)
{
    fleet_clock(fleet, now);
    fleet_judge(fleet, now, out);
}

static void mark_remember(struct fleet *fleet, const char *name, bool simulated)
{
    uint32_t at;
    bool known = is_simulated(fleet, name, &at);
    if (known == simulated)
        return;
    if (known) {
        fleet->registry.memory -= strlen(name) + 1;
        free(fleet->simulated[at]);
        fleet->simulated[at] = fleet->simulated[--fleet->simulated_count];
        return;
    }
    fleet->simulated =
        xrealloc(fleet->simulated, (fleet->simulated_count + 1) * sizeof *fleet->simulated);
    fleet->simulated[fleet->simulated_count++] = xstrdup(name);
    fleet->registry.memory += strlen(name) + 1;
}

void fleet_mark_simulated(struct fleet *fleet, const char *name, bool simulated)
{
    mark_remember(fleet, name, simulated);
    struct twin *twin = registry_find_twin(&fleet->registry, name);
    if (twin)
        twin->simulated = simulated;
}

uint32_t fleet_twin_count(const struct fleet *fleet)
{
    return fleet->registry.twin_count;
}

uint32_t fleet_series_count(const struct fleet *fleet)
{
    return fleet->registry.series_count;
}

uint32_t fleet_topic_count(const struct fleet *fleet)
{
    return fleet->registry.topic_count;
}

const struct twin *fleet_twin(const struct fleet *fleet, uint32_t index)
{
    return fleet->registry.twins[index];
}

const struct series *fleet_series(const struct fleet *fleet, uint32_t index)
{
    return registry_at(&fleet->registry, index);
}

const struct topic *fleet_topic(const struct fleet *fleet, uint32_t index)
{
    return fleet->registry.topics[index];
}

const struct topic *fleet_find_topic(const struct fleet *fleet, const char *name)
{
    return registry_find_topic(&fleet->registry, name);
}

const struct journal *fleet_journal(const struct fleet *fleet)
{
    return &fleet->journal;
}

const struct fleet_totals *fleet_totals(const struct fleet *fleet)
{
    return &fleet->totals;
}

const struct fleet_options *fleet_options(const struct fleet *fleet)
{
    return &fleet->options;
}

enum state series_state(const struct series *series)
{
    if (series->twin->presence == STATUS_OFFLINE)
        return STATE_OFFLINE;
    if (series->beat == BEAT_LOST)
        return STATE_LOST;
    if (series->beat == BEAT_LATE)
        return STATE_LATE;
    if (series->stuck)
        return STATE_STUCK;
    if (series->verdict.kind != ANOMALY_NONE || series_broken(series))
        return STATE_ANOMALY;
    return series->verdict.learning ? STATE_LEARNING : STATE_OK;
}

void series_title(const struct series *series, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", series->twin->name, series->name);
}

const char *state_name(enum state state)
{
    static const char *const names[] = {
        [STATE_OK] = "ok",          [STATE_LEARNING] = "learning", [STATE_ANOMALY] = "anomaly",
        [STATE_STUCK] = "stuck",    [STATE_LATE] = "late",         [STATE_LOST] = "lost",
        [STATE_OFFLINE] = "offline"};
    return names[state];
}
