#include "core/snapshot_shot.h"

#include <math.h>
#include <string.h>

/* The newest anomaly of a series, as far as the event log goes back. NULL: none. */
static const struct event *last_anomaly(struct shot *shot, const struct series *series)
{
    const struct journal *journal = fleet_journal(shot->fleet);
    for (size_t i = 0; series->anomalies > 0 && i < journal->count; i++) {
        const struct event *event = journal_newest(journal, i);
        if (event->type == EVENT_ANOMALY && event->series == series->index &&
            event->time <= shot->now)
            return event;
    }
    return NULL;
}

static void take_anomaly(struct shot *shot, const struct series *series, struct card *card)
{
    const struct event *event = last_anomaly(shot, series);
    card->reason = event ? shot_copy(shot, event->text) : "";
    if (event)
        memcpy(card->votes, event->votes, sizeof card->votes);
}

static const struct fact *take_facts(struct shot *shot, const struct twin *twin)
{
    struct fact *facts = shot_array(shot, twin->fact_count, sizeof *facts);
    for (unsigned i = 0; i < twin->fact_count; i++) {
        const struct fact *fact = &twin->facts[i];
        facts[i].name = arena_text(&shot->out->arena, fact->name, strlen(fact->name));
        facts[i].text = arena_text(&shot->out->arena, fact->text, strlen(fact->text));
    }
    return facts;
}

static void take_limits(const struct shot *shot, const struct series *series, struct card *card)
{
    const struct guard *guard = series->guard;
    double usual = fleet_options(shot->fleet)->detection.threshold;
    card->limits = guard ? guard->limits.limits : limits_none;
    card->threshold =
        guard && guard->detection.threshold != usual ? guard->detection.threshold : NAN;
    bool muted = guard && guard->muted_until > shot->now;
    card->muted_until = muted ? guard->muted_until : TIMESTAMP_NONE;
    const struct family *family = fleet_family_of(shot->fleet, series);
    if (!family || family->peers.standing < PEERS_LEAST)
        return;
    card->peers = family->peers.standing;
    card->peers_median = family->peers.median;
}

static void take_incident(struct shot *shot, const struct series *series, struct card *card)
{
    const struct incident *incident = fleet_incident_of(shot->fleet, series->index);
    if (!incident || incident->first > shot->now)
        return;
    struct incident_row *rows = shot_array(shot, incident->listed, sizeof *rows);
    for (uint32_t i = 0; i < incident->listed; i++) {
        const struct incident_member *member = &incident->members[i];
        const struct series *other = fleet_series(shot->fleet, member->series);
        rows[i] =
            (struct incident_row){shot_copy(shot, other->twin->name), shot_copy(shot, other->name),
                                  member->time - incident->first};
    }
    card->incident = rows;
    card->incident_count = incident->listed;
    card->incident_total = incident->count;
    card->incident_time = incident->first;
}

static void take_detectors(const struct fleet *fleet, const struct series *series,
                           struct card *card)
{
    card->detector_size = series->detector_size;
    if (!series->beside)
        return;
    card->detectors[0].name = fleet_options(fleet)->detector->name;
    card->detectors[0].anomalies = series->anomalies;
    card->detector_count = 1;
    for (const struct beside *other = series->beside; other->type; other++) {
        card->detectors[card->detector_count].name = other->type->name;
        card->detectors[card->detector_count++].anomalies = other->anomalies;
    }
}

static void take_timing(const struct shot *shot, const struct series *series, struct card *card)
{
    const struct cadence *cadence = &series->cadence;
    card->period = cadence_period(cadence);
    card->usual = cadence_usual(cadence);
    card->pace = cadence->pace;
    card->beat = series->beat;
    card->silence = shot_since(shot, cadence->last);
    card->clock_off = series->twin->clock_off;
    if (!lag_median(&series->lag, &card->lag))
        card->lag = TIMESTAMP_NONE;
}

static void take_payload(struct shot *shot, const char *topic_name)
{
    struct card *card = &shot->out->card;
    const struct topic *topic =
        shot->out->request.payload ? fleet_find_topic(shot->fleet, topic_name) : NULL;
    size_t len = topic ? topic->payload_len : 0;
    card->payload = arena_text(&shot->out->arena, len > 0 ? topic->payload : "", len);
    card->payload_len = len;
    card->payload_bytes = topic ? topic->payload_bytes : 0;
}

/* What is said of twins. */
static struct card twin_card(struct shot *shot, const struct twin *twin)
{
    return (struct card){
        .presence = twin->presence,
        .presence_since = twin->presence_since,
        .first_seen = twin->first_seen,
        .last_seen = twin->last_seen,
        .session_start = twin->session_start,
        .messages = twin->messages,
        .malformed = twin->malformed,
        .last_qos = twin->last_qos,
        .last_retain = twin->last_retain,
        .last_text = twin->last_text ? shot_copy(shot, twin->last_text) : NULL,
        .fact_count = twin->fact_count,
        .facts = take_facts(shot, twin),
        .limits = limits_none,
        .threshold = NAN,
        .muted_until = TIMESTAMP_NONE,
        .silence = TIMESTAMP_NONE,
        .lag = TIMESTAMP_NONE,
        .oldest = TIMESTAMP_NONE,
        .reason = "",
    };
}

void shot_twin_card(struct shot *shot, const struct twin *twin)
{
    struct card *card = &shot->out->card;
    *card = twin_card(shot, twin);
    card->twin = true;
    card->topic = shot_copy(shot, twin->topic);
    card->path = "";
    card->chart = shot_array(shot, 0, sizeof(struct bucket));
    card->readings = shot_array(shot, 0, sizeof *card->readings);
    take_payload(shot, twin->topic);
}

void shot_card(struct shot *shot, const struct series *series)
{
    struct numbers numbers = shot_numbers(shot, series);
    struct card *card = &shot->out->card;
    *card = twin_card(shot, series->twin);
    card->valid = true;
    card->topic = shot_copy(shot, series->topic);
    card->path = shot_copy(shot, series->path);
    card->low = numbers.low;
    card->high = numbers.high;
    /* What is on or off is not expected in between. */
    card->has_band = isfinite(numbers.low) && isfinite(numbers.high) && !series->binary_state;
    take_anomaly(shot, series, card);
    take_detectors(shot->fleet, series, card);
    take_payload(shot, series->topic);
    shot_row(shot, series, &numbers, &card->row);
    take_limits(shot, series, card);
    take_incident(shot, series, card);
    take_timing(shot, series, card);
    shot_chart(shot, series);
}
