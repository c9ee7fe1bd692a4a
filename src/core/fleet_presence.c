#include "core/fleet_state.h"

#include <stdlib.h>

#include "core/xalloc.h"

#define PASS_EVERY (TIMESTAMP_SECOND / 4)

bool twin_silent(const struct twin *twin)
{
    return twin->lost > 0 && twin->beating == 0;
}

static void tell(struct outcomes *out, const struct twin *twin, timestamp time, enum status status,
                 bool by_cadence)
{
    struct outcome *outcome = fleet_outcome(out, OUTCOME_PRESENCE, time, twin);
    if (!outcome)
        return;
    outcome->topic = twin->topic;
    outcome->status = status;
    outcome->by_cadence = by_cadence;
}

static void set_presence(struct fleet *fleet, struct twin *twin, enum status status, timestamp time)
{
    if (twin->presence == STATUS_OFFLINE && status != STATUS_OFFLINE)
        twin->session_start = time;
    twin->presence = status;
    twin->presence_since = time;
    fleet_count_online(fleet, twin);
}

/* At the first connect the broker tells the state of every sensor: programs want to know it, but
 * nothing has happened that belongs in the log. */
void fleet_presence(struct intake *in, const struct item *item)
{
    struct fleet *fleet = in->fleet;
    struct twin *twin = item->sensor ? fleet_item_twin(in, item->sensor) : NULL;
    if (!twin || item->status == STATUS_UNKNOWN || item->status == twin->presence)
        return;
    timestamp time = in->message->arrival;
    bool first_told = in->message->retain && twin->presence_since == TIMESTAMP_NONE;
    set_presence(fleet, twin, item->status, time);
    tell(in->out, twin, time, item->status, false);
    if (first_told)
        return;
    struct event *event = fleet_log_twin(fleet, time, EVENT_PRESENCE, twin);
    event->status = item->status;
    fleet_log_text(event, "%s",
                   item->status == STATUS_ONLINE ? "online: status message"
                                                 : "offline: last will or status message");
}

static void set_beat(struct fleet *fleet, struct series *series, enum beat beat)
{
    struct twin *twin = series->twin;
    twin->lost -= series->beat == BEAT_LOST;
    twin->beating -= series->beat == BEAT_LIVE || series->beat == BEAT_LATE;
    series->beat = beat;
    twin->lost += beat == BEAT_LOST;
    twin->beating += beat == BEAT_LIVE || beat == BEAT_LATE;
    fleet_count_online(fleet, twin);
}

/* One series' silence came to mean something new: a worse beat, or something to tell for the
 * detector. In the order of urgency. */
enum news { NEWS_LATE, NEWS_SILENT, NEWS_LOST, NEWS };

struct turn {
    timestamp time;
    uint32_t series;
    enum news news;
};

static timestamp late_at(const struct series *series)
{
    return series->cadence.last + cadence_late_after(&series->cadence) + 1;
}

static timestamp lost_at(const struct series *series)
{
    return series->cadence.last + cadence_lost_after(&series->cadence) + 1;
}

/* When the detector finds the silence anomalous: not before the series is late, so that state and
 * anomaly agree. */
static timestamp silent_at(const struct fleet *fleet, const struct series *series)
{
    timestamp due = fleet_detector_due(fleet, series);
    if (due == DETECTOR_NEVER)
        return FLEET_NEVER;
    return due > late_at(series) ? due : late_at(series);
}

/* When the series turns to each of the news if nothing arrives; FLEET_NEVER if it has, or never. */
static void turn_times(const struct fleet *fleet, const struct series *series,
                       timestamp times[NEWS])
{
    bool at_rest = series->cadence.last == TIMESTAMP_NONE;
    enum beat beat = series->beat;
    times[NEWS_LATE] = !at_rest && beat == BEAT_LIVE ? late_at(series) : FLEET_NEVER;
    times[NEWS_SILENT] = !at_rest ? silent_at(fleet, series) : FLEET_NEVER;
    times[NEWS_LOST] =
        !at_rest && (beat == BEAT_LIVE || beat == BEAT_LATE) ? lost_at(series) : FLEET_NEVER;
}

void fleet_wind(struct fleet *fleet, const struct series *series)
{
    timestamp times[NEWS], first = FLEET_NEVER;
    turn_times(fleet, series, times);
    for (int i = 0; i < NEWS; i++)
        first = times[i] < first ? times[i] : first;
    fleet->due[series->index] = first;
    if (first < fleet->due_first)
        fleet->due_first = first;
}

/* Of the present silence. */
static bool silence_told(const struct series *series)
{
    return series->last_kind == ANOMALY_SILENT && series->last_anomaly > series->cadence.last;
}

static void log_turn(struct fleet *fleet, const struct series *series, const struct turn *turn)
{
    char period[FLEET_DURATION_TEXT], silence[FLEET_DURATION_TEXT];
    timestamp learned = cadence_period(&series->cadence);
    timestamp silent = turn->time - series->cadence.last;
    struct event *event = fleet_log_series(fleet, turn->time, EVENT_CADENCE, series);
    fleet_duration(learned, period);
    if (turn->news == NEWS_LATE) {
        fleet_duration(silent - learned, silence);
        fleet_log_text(event, "late by %s, learned period %s", silence, period);
        return;
    }
    event->status = STATUS_OFFLINE;
    fleet_duration(silent, silence);
    fleet_log_text(event, "lost: silent for %s, learned period %s", silence, period);
}

static void take_beat(struct fleet *fleet, struct series *series, const struct turn *turn, bool log,
                      struct outcomes *out)
{
    bool silent = twin_silent(series->twin);
    set_beat(fleet, series, turn->news == NEWS_LATE ? BEAT_LATE : BEAT_LOST);
    if (log)
        log_turn(fleet, series, turn);
    if (!silent && twin_silent(series->twin))
        tell(out, series->twin, turn->time, STATUS_OFFLINE, true);
}

/* The verdict is about the silence: what was said of the last reading stays. */
static void take_silence(struct fleet *fleet, struct series *series, const struct turn *turn,
                         bool log, struct outcomes *out)
{
    if (!fleet_detector_elapse(fleet, series, turn->time, out))
        return;
    fleet_mind(fleet, series, turn->time);
    if (log)
        fleet_log_anomaly(fleet, series, turn->time);
    fleet_tell_anomaly(fleet, series, turn->time, turn->time, out);
}

/* A silence that the log has called anomalous needs no second line. */
static void take_turn(struct fleet *fleet, const struct turn *turn, bool log, struct outcomes *out)
{
    struct series *series = registry_at(&fleet->registry, turn->series);
    if (turn->news == NEWS_SILENT)
        take_silence(fleet, series, turn, log, out);
    else
        take_beat(fleet, series, turn, log && !silence_told(series), out);
    fleet_wind(fleet, series);
}

static int by_time(const void *left, const void *right)
{
    const struct turn *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return a->news < b->news ? -1 : a->news > b->news;
}

/* In the order in which they came to be. */
static void sort_turns(struct turn *turns, size_t count)
{
    if (count > 1)
        qsort(turns, count, sizeof *turns, by_time);
}

/* The turns of one series that are due. A sensor that said it goes offline is not late: its series
 * rests until it sends again. */
static unsigned due_turns(struct fleet *fleet, uint32_t index, timestamp now,
                          struct turn turns[NEWS])
{
    struct series *series = registry_at(&fleet->registry, index);
    if (series->twin->presence == STATUS_OFFLINE) {
        cadence_rest(&series->cadence);
        fleet_detector_pardon(fleet, series, DETECTOR_NEVER);
        set_beat(fleet, series, BEAT_UNKNOWN);
        fleet->due[index] = FLEET_NEVER;
        return 0;
    }
    timestamp times[NEWS];
    turn_times(fleet, series, times);
    unsigned count = 0;
    for (int i = 0; i < NEWS; i++)
        if (times[i] <= now)
            turns[count++] = (struct turn){times[i], index, (enum news)i};
    if (count == 0)
        fleet_wind(fleet, series);
    return count;
}

static void log_back(struct fleet *fleet, const struct series *series, timestamp arrival)
{
    if (++fleet->back > FLEET_LOGGED_A_PASS)
        return;
    char silence[FLEET_DURATION_TEXT];
    struct event *event = fleet_log_series(fleet, arrival, EVENT_CADENCE, series);
    event->status = STATUS_ONLINE;
    fleet_duration(arrival - series->cadence.last, silence);
    fleet_log_text(event, "back after %s", silence);
}

/* A twin told offline sent something live: it is not offline any more. */
static void revive(struct fleet *fleet, struct twin *twin, timestamp arrival, struct outcomes *out)
{
    set_presence(fleet, twin, STATUS_UNKNOWN, arrival);
    tell(out, twin, arrival, STATUS_ONLINE, true);
    struct event *event = fleet_log_twin(fleet, arrival, EVENT_PRESENCE, twin);
    event->status = STATUS_ONLINE;
    fleet_log_text(event, "online: sends readings again");
}

void fleet_beat(struct fleet *fleet, struct series *series, timestamp arrival, struct outcomes *out)
{
    uint32_t index = series->index;
    if (fleet->due[index] <= arrival) {
        struct turn turns[NEWS];
        unsigned count = due_turns(fleet, index, arrival, turns);
        sort_turns(turns, count);
        for (unsigned i = 0; i < count; i++)
            take_turn(fleet, &turns[i], true, out);
    }
    bool silent = twin_silent(series->twin);
    bool was_offline = series->twin->presence == STATUS_OFFLINE;
    if (was_offline)
        revive(fleet, series->twin, arrival, out);
    if (series->beat == BEAT_LATE || series->beat == BEAT_LOST)
        log_back(fleet, series, arrival);
    enum pace pace = series->cadence.pace;
    cadence_beat(&series->cadence, arrival);
    if (series->cadence.pace != pace && pace == PACE_USUAL)
        fleet_pace(fleet, series, arrival);
    enum beat beat = cadence_period(&series->cadence) > 0 ? BEAT_LIVE : BEAT_UNKNOWN;
    if (beat != series->beat)
        set_beat(fleet, series, beat);
    if (silent && !twin_silent(series->twin) && !was_offline)
        tell(out, series->twin, arrival, STATUS_ONLINE, true);
}

void fleet_resume(struct fleet *fleet, timestamp gone, timestamp now)
{
    for (uint32_t i = 0; now > gone && i < fleet->registry.series_count; i++) {
        struct series *series = registry_at(&fleet->registry, i);
        fleet_detector_pardon(fleet, series, now - gone);
        if (series->beat == BEAT_LIVE || series->beat == BEAT_LATE)
            cadence_pardon(&series->cadence, now - gone);
        fleet_wind(fleet, series);
    }
}

/* Collects what is due in all series, in the order in which it came to be. */
static size_t collect_turns(struct fleet *fleet, timestamp now, struct turn **turns)
{
    size_t count = 0, room = 0;
    *turns = NULL;
    fleet->due_first = FLEET_NEVER;
    for (uint32_t i = 0; i < fleet->registry.series_count; i++) {
        if (fleet->due[i] > now) {
            if (fleet->due[i] < fleet->due_first)
                fleet->due_first = fleet->due[i];
            continue;
        }
        if (count + NEWS > room) {
            room = room > 0 ? room * 2 : 64;
            *turns = xrealloc(*turns, room * sizeof **turns);
        }
        count += due_turns(fleet, i, now, *turns + count);
    }
    sort_turns(*turns, count);
    return count;
}

/* When many fall silent together (a gateway went down), or come back, one line says so and the rest
 * of the log stays readable. */
static void log_crowd(struct fleet *fleet, timestamp time, enum status status, size_t count,
                      const char *what)
{
    if (count == 0)
        return;
    struct event *event = fleet_log_topic(fleet, time, EVENT_CADENCE, "many series");
    event->status = status;
    fleet_log_text(event, "%zu more are %s", count, what);
}

/* Those of a counter that had no line of their own since the last pass. */
static void log_rest(struct fleet *fleet, timestamp time, enum status status, uint32_t *counter,
                     const char *what)
{
    if (*counter > FLEET_LOGGED_A_PASS)
        log_crowd(fleet, time, status, *counter - FLEET_LOGGED_A_PASS, what);
    *counter = 0;
}

static void judge_silence(struct fleet *fleet, timestamp now, struct outcomes *out)
{
    static const char *const words[] = {"late", "silent", "lost"};
    if (now < fleet->due_first)
        return;
    struct turn *turns;
    size_t count = collect_turns(fleet, now, &turns), unlogged[NEWS] = {0};
    for (size_t i = 0; i < count; i++) {
        bool log = i < FLEET_LOGGED_A_PASS;
        unlogged[turns[i].news] +=
            !log && !silence_told(registry_at(&fleet->registry, turns[i].series));
        take_turn(fleet, &turns[i], log, out);
    }
    for (int i = 0; count > 0 && i < NEWS; i++)
        log_crowd(fleet, turns[count - 1].time, i == NEWS_LATE ? STATUS_UNKNOWN : STATUS_OFFLINE,
                  unlogged[i], words[i]);
    free(turns);
}

void fleet_judge(struct fleet *fleet, timestamp now, struct outcomes *out)
{
    bool unordered = now < fleet->judged;
    if (!unordered && now - fleet->judged < PASS_EVERY)
        return;
    fleet->judged = now;
    log_rest(fleet, now, STATUS_ONLINE, &fleet->back, "back");
    log_rest(fleet, now, STATUS_UNKNOWN, &fleet->hasty, "too fast");
    log_rest(fleet, now, STATUS_UNKNOWN, &fleet->off,
             "off with their clocks: is this machine's right?");
    judge_silence(fleet, now, out);
    fleet_compare(fleet, now, out);
}
