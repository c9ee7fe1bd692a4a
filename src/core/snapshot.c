#include "core/snapshot.h"

#include <math.h>
#include <string.h>

#include "core/snapshot_filter.h"
#include "core/snapshot_order.h"

#define WAITING 2 /* steps that the last reading may be ago, and mostly is not */

/* The fleet as it is being copied: what every piece needs to know. */
struct shot {
    const struct fleet *fleet;
    struct snapshot *out;
    timestamp now; /* the moment shown */
    bool past;     /* not live: told from histories */
};

static const char *copy(struct shot *shot, const char *text)
{
    return arena_text(&shot->out->arena, text, strlen(text));
}

static void *array(struct shot *shot, size_t count, size_t size)
{
    void *list = arena_alloc(&shot->out->arena, count * size);
    memset(list, 0, count * size);
    return list;
}

/* The history as it was at the moment shown: the same samples, without the later ones. */
static struct history history_then(const struct shot *shot, const struct series *series)
{
    struct history history = series->history;
    if (shot->past)
        history.count = history_until(&series->history, shot->now);
    return history;
}

/* A series says nothing between two readings, which is no silence yet: empty buckets hold the value
 * before them for as long as it takes to be late. */
static void hold_values(const struct shot *shot, const struct history *history,
                        struct bucket *buckets, unsigned n, timestamp start, timestamp width,
                        timestamp patience)
{
    uint32_t seen = history_until(history, start);
    for (unsigned i = 0; i < n; i++, start += width) {
        if (buckets[i].count > 0) {
            seen += buckets[i].count;
            continue;
        }
        if (seen == 0 || start > shot->now)
            continue;
        const struct sample *before = history_at(history, seen - 1);
        if (start - before->time > patience)
            continue;
        buckets[i] = (struct bucket){
            .min = before->value, .max = before->value, .last = before->value, .count = 1};
    }
}

static const struct bucket *take_buckets(struct shot *shot, const struct series *series, unsigned n)
{
    timestamp width = n > 0 ? shot->out->request.span / n : 0;
    if (width <= 0)
        return array(shot, n, sizeof(struct bucket));
    struct bucket *buckets = array(shot, n, sizeof *buckets);
    struct history history = history_then(shot, series);
    timestamp end = (shot->now / width + 1) * width;
    history_buckets(&history, end, width * n, buckets, n);
    timestamp patience = cadence_late_after(&series->cadence);
    if (patience > 0)
        hold_values(shot, &history, buckets, n, end - width * n, width, patience);
    return buckets;
}

/* What a row or card needs to know of a series' numbers at the moment shown. */
struct numbers {
    double value, z, low, high;
    struct window_stats window; /* with the last reading in it */
    timestamp arrival;          /* TIMESTAMP_NONE: none yet */
    enum state state;
    timestamp last_anomaly;
};

static struct numbers numbers_live(const struct series *series)
{
    const struct verdict *verdict = &series->verdict;
    return (struct numbers){
        .value = series->value,
        .z = verdict->z,
        .low = verdict->low,
        .high = verdict->high,
        .window = window_stats(&series->window),
        .arrival = series->retained ? TIMESTAMP_NONE : series->arrival,
        .state = series_state(series),
        .last_anomaly = series->last_anomaly,
    };
}

static enum state state_then(const struct shot *shot, const struct series *series,
                             const struct history *history, bool scored)
{
    const struct twin *twin = series->twin;
    const struct sample *last = history_at(history, history->count - 1);
    if (twin->presence == STATUS_OFFLINE && twin->presence_since <= shot->now)
        return STATE_OFFLINE;
    struct cadence cadence = series->cadence; /* the period as learned by now */
    cadence.last = last->time;
    enum beat beat = cadence_judge(&cadence, shot->now);
    if (beat == BEAT_LOST || beat == BEAT_LATE)
        return beat == BEAT_LOST ? STATE_LOST : STATE_LATE;
    if (history_mark(history, history->count - 1) != MARK_NONE)
        return STATE_ANOMALY;
    return scored ? STATE_OK : STATE_LEARNING;
}

static timestamp anomaly_then(const struct history *history)
{
    for (uint32_t i = history->count; i > 0; i--)
        if (history_mark(history, i - 1) != MARK_NONE)
            return history_at(history, i - 1)->time;
    return TIMESTAMP_NONE;
}

/* The statistics of up to `window` values before position end. */
static struct window_stats stats_then(struct shot *shot, const struct history *history,
                                      uint32_t end, uint16_t window)
{
    uint32_t count = end < window ? end : window;
    double *values = array(shot, count, sizeof *values);
    for (uint32_t i = 0; i < count; i++)
        values[i] = history_at(history, end - count + i)->value;
    return window_stats_of(values, (uint16_t)count);
}

static struct numbers numbers_then(struct shot *shot, const struct series *series)
{
    const struct fleet_options *options = fleet_options(shot->fleet);
    struct history history = history_then(shot, series);
    struct numbers numbers = {.value = NAN,
                              .z = NAN,
                              .low = NAN,
                              .high = NAN,
                              .arrival = TIMESTAMP_NONE,
                              .state = STATE_LEARNING,
                              .last_anomaly = TIMESTAMP_NONE};
    if (history.count == 0)
        return numbers;
    const struct sample *last = history_at(&history, history.count - 1);
    struct window_stats before = stats_then(shot, &history, history.count - 1, options->window);
    const struct detector_options *detection =
        series->guard ? &series->guard->detection : &options->detection;
    double reach = detection->threshold * before.stdev;
    numbers.value = last->value;
    /* A value that was retained then still is, unless something newer has come. */
    bool retained = series->retained && history.count == series->history.count;
    numbers.arrival = retained ? TIMESTAMP_NONE : last->time;
    numbers.window = stats_then(shot, &history, history.count, options->window);
    bool scored = before.count > 0 && before.count + 1u >= options->detection.min_samples;
    if (scored) {
        numbers.z = window_z(&before, last->value);
        numbers.low = before.mean - reach;
        numbers.high = before.mean + reach;
    }
    numbers.state = state_then(shot, series, &history, scored);
    numbers.last_anomaly = anomaly_then(&history);
    return numbers;
}

static timestamp since(const struct shot *shot, timestamp when)
{
    if (when == TIMESTAMP_NONE)
        return TIMESTAMP_NONE;
    return when < shot->now ? shot->now - when : 0;
}

static void take_eta(const struct shot *shot, const struct series *series, struct row *row)
{
    struct forecast_eta eta;
    row->has_eta = !shot->past && series_outlook(series, shot->now, &eta);
    if (!row->has_eta)
        return;
    row->eta = eta.time;
    row->eta_spread = eta.spread;
    row->eta_limit = eta.limit;
}

static void take_row(struct shot *shot, const struct series *series, const struct numbers *numbers,
                     struct row *row)
{
    const struct twin *twin = series->twin;
    timestamp period = cadence_period(&series->cadence);
    *row = (struct row){
        .series = series->index,
        .twin = copy(shot, twin->name),
        .name = copy(shot, series->name),
        .unit = copy(shot, series->unit),
        .value = numbers->value,
        .z = numbers->z,
        .has_z = !isnan(numbers->z),
        .mean = numbers->window.mean,
        .stdev = numbers->window.stdev,
        .min = numbers->window.min,
        .max = numbers->window.max,
        .rate = period > 0 ? (double)TIMESTAMP_SECOND / (double)period : 0,
        .age = since(shot, numbers->arrival),
        .state = numbers->state,
        .simulated = twin->simulated,
        .binary_state = series->binary_state,
        .count = numbers->window.count > 0 ? series->count : 0,
        .anomalies = series->anomalies,
        .since_anomaly = since(shot, numbers->last_anomaly),
        .last_severity = series->last_severity,
        .hush = series_hush(series, shot->now),
        .last_kind = series->last_kind,
        .spark = take_buckets(shot, series, shot->out->request.spark_columns),
    };
    take_eta(shot, series, row);
}

static struct numbers take_numbers(struct shot *shot, const struct series *series)
{
    return shot->past ? numbers_then(shot, series) : numbers_live(series);
}

static void take_rows(struct shot *shot, const struct snapshot_order *order)
{
    struct snapshot *out = shot->out;
    uint32_t first = out->request.first_row, left = order->count - first;
    out->row_count = left < out->request.rows ? left : out->request.rows;
    out->rows = array(shot, out->row_count, sizeof *out->rows);
    for (uint32_t i = 0; i < out->row_count; i++) {
        const struct series *series = fleet_series(shot->fleet, order->series[first + i]);
        struct numbers numbers = take_numbers(shot, series);
        take_row(shot, series, &numbers, &out->rows[i]);
    }
}

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
    card->reason = event ? copy(shot, event->text) : "";
    if (event)
        memcpy(card->votes, event->votes, sizeof card->votes);
}

static const struct fact *take_facts(struct shot *shot, const struct twin *twin)
{
    struct fact *facts = array(shot, twin->fact_count, sizeof *facts);
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
    struct incident_row *rows = array(shot, incident->listed, sizeof *rows);
    for (uint32_t i = 0; i < incident->listed; i++) {
        const struct incident_member *member = &incident->members[i];
        const struct series *other = fleet_series(shot->fleet, member->series);
        rows[i] = (struct incident_row){copy(shot, other->twin->name), copy(shot, other->name),
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

/* The middle of each bucket that follows the chart's last one, as far ahead as the forecast was
 * measured. */
static void take_ahead(struct shot *shot, const struct series *series, struct card *card)
{
    const struct snapshot_request *request = &shot->out->request;
    unsigned most = request->chart_columns / SNAPSHOT_AHEAD;
    timestamp width = most > 0 ? request->span / request->chart_columns : 0;
    double step = series->forecast ? forecast_step(series->forecast) : 0;
    if (shot->past || width <= 0 || !(step > 0) || series->binary_state || !series_live(series))
        return;
    float reach = forecast_reach(series->forecast);
    /* Not less the longer ago the last reading is: the picture would tremble. */
    double room = (reach - WAITING) * step / (double)width - 1;
    most = room < most ? room > 0 ? (unsigned)room : 0 : most;
    struct prospect *ahead = array(shot, most, sizeof *ahead);
    timestamp end = (shot->now / width + 1) * width;
    for (unsigned i = 0; i < most; i++) {
        double way = (double)(end - series->arrival) + (i + 0.5) * (double)width;
        float steps = (float)fmin(way / step, reach);
        struct prospect *at = &ahead[i];
        if (!forecast_at(series->forecast, steps, &at->value, &at->low, &at->high))
            return;
        card->skill = forecast_skill(series->forecast, steps);
    }
    card->ahead = ahead;
    card->ahead_count = most;
}

static void take_timing(const struct shot *shot, const struct series *series, struct card *card)
{
    const struct cadence *cadence = &series->cadence;
    card->period = cadence_period(cadence);
    card->usual = cadence_usual(cadence);
    card->pace = cadence->pace;
    card->beat = series->beat;
    card->silence = since(shot, cadence->last);
    card->clock_off = series->twin->clock_off;
    if (!lag_median(&series->lag, &card->lag))
        card->lag = TIMESTAMP_NONE;
}

static void take_payload(struct shot *shot, const struct series *series)
{
    struct card *card = &shot->out->card;
    const struct topic *topic =
        shot->out->request.payload ? fleet_find_topic(shot->fleet, series->topic) : NULL;
    size_t len = topic ? topic->payload_len : 0;
    card->payload = arena_text(&shot->out->arena, len > 0 ? topic->payload : "", len);
    card->payload_len = len;
    card->payload_bytes = topic ? topic->payload_bytes : 0;
}

static void take_card(struct shot *shot, const struct series *series)
{
    const struct twin *twin = series->twin;
    struct numbers numbers = take_numbers(shot, series);
    struct card *card = &shot->out->card;
    *card = (struct card){
        .valid = true,
        .topic = copy(shot, series->topic),
        .path = copy(shot, series->path),
        .chart = take_buckets(shot, series, shot->out->request.chart_columns),
        .low = numbers.low,
        .high = numbers.high,
        .has_band = isfinite(numbers.low) && isfinite(numbers.high),
        .presence = twin->presence,
        .presence_since = twin->presence_since,
        .first_seen = twin->first_seen,
        .last_seen = twin->last_seen,
        .session_start = twin->session_start,
        .messages = twin->messages,
        .malformed = twin->malformed,
        .last_qos = twin->last_qos,
        .last_retain = twin->last_retain,
        .last_text = twin->last_text ? copy(shot, twin->last_text) : NULL,
        .fact_count = twin->fact_count,
        .facts = take_facts(shot, twin),
    };
    take_anomaly(shot, series, card);
    take_detectors(shot->fleet, series, card);
    take_payload(shot, series);
    take_row(shot, series, &numbers, &card->row);
    take_limits(shot, series, card);
    take_incident(shot, series, card);
    take_timing(shot, series, card);
    take_ahead(shot, series, card);
}

static void take_events(struct shot *shot)
{
    const struct journal *journal = fleet_journal(shot->fleet);
    struct snapshot *out = shot->out;
    uint32_t wanted = out->request.events, skip = out->request.events_skip;
    if (wanted > journal->count)
        wanted = (uint32_t)journal->count;
    out->events = array(shot, wanted, sizeof *out->events);
    out->event_total = journal->next_id - 1;
    for (size_t i = 0; i < journal->count && out->event_count < wanted; i++) {
        const struct event *event = journal_newest(journal, i);
        if (shot->past && event->time > shot->now)
            continue;
        if (skip > 0)
            skip--;
        else
            out->events[out->event_count++] = *event;
    }
}

static uint32_t find_row(const struct snapshot_order *order, uint32_t series)
{
    for (uint32_t i = 0; i < order->count; i++)
        if (order->series[i] == series)
            return i;
    return 0;
}

/* Settles which row is selected. */
static void resolve(struct snapshot_request *request, const struct snapshot_order *order,
                    uint32_t *selected)
{
    *selected = 0;
    if (order->count == 0) {
        request->selected = SNAPSHOT_NO_SERIES;
        return;
    }
    int64_t last = (int64_t)order->count - 1;
    int64_t row = 0;
    if (request->selected != SNAPSHOT_NO_SERIES)
        row = find_row(order, request->selected);
    row += request->move;
    row = row < 0 ? 0 : row > last ? last : row;
    *selected = (uint32_t)row;
    request->selected = order->series[row];
}

/* Scrolls no more than it takes to see the selected row. */
static void show_selected(struct snapshot_request *request, const struct snapshot_order *order,
                          uint32_t selected)
{
    if (request->rows == 0 || request->rows >= order->count) {
        request->first_row = 0;
        return;
    }
    uint32_t top = order->count - request->rows;
    if (request->first_row > selected)
        request->first_row = selected;
    if (selected - request->first_row >= request->rows)
        request->first_row = selected - request->rows + 1;
    if (request->first_row > top)
        request->first_row = top;
}

/* Moves the selection to the row that is looked for, once around the table at most. */
static void find(struct shot *shot, const struct snapshot_order *order)
{
    struct snapshot *out = shot->out;
    const struct query *query = out->request.find;
    int64_t row = out->selected_row, step = out->request.find_step < 0 ? -1 : 1;
    if (!query || query->count == 0)
        return;
    if (out->request.find_step != 0)
        row += step;
    for (uint32_t i = 0; i < order->count && !out->found; i++, row += step) {
        uint32_t at = (uint32_t)((row + order->count) % order->count);
        struct query_row names;
        query_row_series(&names, fleet_series(shot->fleet, order->series[at]), shot->now,
                         QUERY_FIXED);
        if (query_matches(query, &names)) {
            out->found = true;
            out->selected_row = at;
            out->request.selected = order->series[at];
        }
    }
}

void snapshot_row_then(const struct fleet *fleet, const struct series *series, timestamp then,
                       struct query_row *row)
{
    struct snapshot scratch = {.now = then};
    struct shot shot = {.fleet = fleet, .out = &scratch, .now = then, .past = true};
    struct numbers numbers = numbers_then(&shot, series);
    bool heard = numbers.window.count > 0;
    query_row_series(row, series, then, QUERY_FIXED | QUERY_USES(QUERY_RATE));
    row->state = (int)numbers.state;
    QUERY_NUMBER(row, QUERY_VALUE) = numbers.value;
    QUERY_NUMBER(row, QUERY_Z) = numbers.z;
    QUERY_NUMBER(row, QUERY_SCORE) = NAN;
    QUERY_NUMBER(row, QUERY_MEAN) = heard ? numbers.window.mean : NAN;
    QUERY_NUMBER(row, QUERY_SD) = heard ? numbers.window.stdev : NAN;
    QUERY_NUMBER(row, QUERY_MIN) = heard ? numbers.window.min : NAN;
    QUERY_NUMBER(row, QUERY_MAX) = heard ? numbers.window.max : NAN;
    QUERY_NUMBER(row, QUERY_AGE) =
        numbers.arrival == TIMESTAMP_NONE
            ? NAN
            : (double)since(&shot, numbers.arrival) / (double)TIMESTAMP_SECOND;
    snapshot_fini(&scratch);
}

void snapshot_take(const struct fleet *fleet, const struct snapshot_request *request,
                   struct snapshot_order *order, struct snapshot *out)
{
    struct arena arena = out->arena;
    arena_reset(&arena);
    bool past = request->as_of != TIMESTAMP_NONE;
    struct fleet_totals totals = *fleet_totals(fleet);
    timestamp as_of =
        past ? request->as_of - (totals.set_back - request->set_back) : TIMESTAMP_NONE;
    *out = (struct snapshot){.request = *request,
                             .now = past ? as_of : request->now,
                             .totals = totals,
                             .history_limit_kb = (uint32_t)(fleet_options(fleet)->memory / 1024),
                             .arena = arena};
    out->request.as_of = as_of;
    out->request.set_back = totals.set_back;
    struct shot shot = {.fleet = fleet, .out = out, .now = out->now, .past = past};
    snapshot_order_update(order, fleet, request);
    resolve(&out->request, order, &out->selected_row);
    find(&shot, order);
    show_selected(&out->request, order, out->selected_row);
    out->request.move = 0;
    out->total_rows = out->matches = order->count;
    out->all = order->known;
    take_rows(&shot, order);
    if (order->count > 0)
        take_card(&shot, fleet_series(fleet, out->request.selected));
    take_events(&shot);
}

void snapshot_fini(struct snapshot *snapshot)
{
    arena_fini(&snapshot->arena);
    *snapshot = (struct snapshot){0};
}

uint32_t snapshot_hop(const struct fleet *fleet, int step, uint64_t from, uint64_t *id)
{
    const struct journal *journal = fleet_journal(fleet);
    uint64_t oldest = journal->next_id - journal->count;
    uint64_t at = from > 0 ? from + (uint64_t)(int64_t)step : journal->next_id - 1;
    if (from == 0)
        step = -1; /* the newest there is, whichever way */
    if (at < oldest && step > 0)
        at = oldest; /* it has left the log meanwhile */
    for (; at >= oldest && at < journal->next_id; at += (uint64_t)(int64_t)step) {
        const struct event *event = journal_find(journal, at);
        if (event && event->type == EVENT_ANOMALY) {
            *id = at;
            return event->series;
        }
    }
    return SNAPSHOT_NO_SERIES;
}
