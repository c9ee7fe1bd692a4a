#include "core/fleet_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/reason.h"
#include "core/unit.h"
#include "core/xalloc.h"

#define CHECK_EVERY (60 * TIMESTAMP_SECOND)
#define LEAST_READINGS 10 /* of a level worth comparing */
/* What one pass may do, so that nobody waits for it: new series, families looked at, members
 * checked.
 */
#define JOINS_A_PASS 1000
#define FAMILIES_A_PASS 1000
#define MEMBERS_A_PASS 2000
/* A family has no more members than this: further ones of its kind make another one, as the median
 * of so many is as good as that of all. */
#define MEMBERS_MOST 1000
#define BAND 3 /* deviations on either side are expected */

void fleet_free_families(struct fleet *fleet)
{
    for (uint32_t i = 0; i < fleet->families.count; i++) {
        peers_fini(&fleet->families.list[i].peers);
        free(fleet->families.list[i].unit);
    }
    free(fleet->families.list);
    hash_fini(&fleet->families.hash);
}

/* ---- which family ---- */

struct wanted {
    const struct families *families;
    const char *name, *unit;
};

static bool same_family(const void *context, uint32_t number)
{
    const struct wanted *wanted = context;
    const struct family *family = &wanted->families->list[number];
    return family->peers.count < MEMBERS_MOST && strcmp(family->name, wanted->name) == 0 &&
           strcmp(family->unit, wanted->unit) == 0;
}

static uint32_t find_family(struct fleet *fleet, const struct series *series)
{
    struct families *families = &fleet->families;
    struct wanted wanted = {families, series->name, unit_symbol(series->unit)};
    uint32_t hash = hash_text(wanted.unit, hash_text(wanted.name, 0));
    uint32_t found = hash_find(&families->hash, hash, same_family, &wanted);
    if (found != HASH_NONE)
        return found;
    if (families->count == families->room) {
        uint32_t room = families->room > 0 ? families->room * 2 : 16;
        families->list = xrealloc(families->list, room * sizeof *families->list);
        fleet->registry.memory += (room - families->room) * sizeof *families->list;
        families->room = room;
    }
    families->list[families->count] =
        (struct family){.name = series->name, .unit = xstrdup(wanted.unit), .checked = fleet->now};
    fleet->registry.memory += strlen(wanted.unit) + 1;
    fleet->registry.memory += hash_add(&families->hash, hash, families->count);
    return families->count++;
}

/* Where the budget gets short, new series are not compared before they do without a past. */
static bool has_room(const struct fleet *fleet)
{
    return fleet->registry.memory < fleet->options.memory / 4;
}

static void join(struct fleet *fleet, struct series *series)
{
    series->family = 0;
    if (series->binary_state || !has_room(fleet))
        return;
    series->family = find_family(fleet, series) + 1;
    fleet->registry.memory +=
        peers_add(&fleet->families.list[series->family - 1].peers, series->index);
}

/* What a sensor calls its unit may change, or come late. */
static void sort_out(struct fleet *fleet, uint32_t at)
{
    for (uint32_t i = 0; i < fleet->families.list[at].peers.count;) {
        struct family *family = &fleet->families.list[at];
        struct series *series = registry_at(&fleet->registry, family->peers.list[i].series);
        if (strcmp(family->unit, unit_symbol(series->unit)) == 0) {
            i++;
            continue;
        }
        peers_remove(&family->peers, i);
        join(fleet, series); /* the list of families may move by this */
    }
}

/* ---- checks ---- */

static struct standing standing_of(const struct series *series)
{
    struct window_stats stats = window_stats(&series->window);
    bool known = stats.count >= LEAST_READINGS && !series->retained && series->beat != BEAT_LOST &&
                 series->twin->presence != STATUS_OFFLINE;
    return (struct standing){known ? stats.mean : NAN, stats.stdev / sqrt(stats.count)};
}

/* What only ever rises counts something, each at its own pace: there, no distance is usual. */
static bool is_counter(const struct series *series)
{
    const struct history *history = &series->history;
    uint32_t from = history->count > WINDOW_DEFAULT ? history->count - WINDOW_DEFAULT : 0;
    for (uint32_t i = from + 1; i < history->count; i++)
        if (history_at(history, i)->value < history_at(history, i - 1)->value)
            return false;
    return true;
}

static void tell(struct fleet *fleet, const struct family *family,
                 const struct departure *departure, timestamp now, struct outcomes *out)
{
    struct series *series =
        registry_at(&fleet->registry, family->peers.list[departure->member].series);
    struct verdict *verdict = &fleet->verdict;
    if (is_counter(series))
        return;
    verdict_clear(verdict);
    verdict->kind = ANOMALY_DRIFT;
    verdict->severity = SEVERITY_NOTICE;
    verdict->score = 0.5 * fabs(departure->z) / (fabs(departure->z) + BAND);
    verdict->low = family->peers.median + departure->usual - BAND * departure->scale;
    verdict->high = family->peers.median + departure->usual + BAND * departure->scale;
    reason_peers(verdict, departure->distance, departure->usual, family->peers.standing,
                 family->name, family->unit);
    fleet_mind(fleet, series, now);
    fleet_log_anomaly(fleet, series, now);
    struct event *event = journal_find(&fleet->journal, fleet->journal.next_id - 1);
    memset(event->votes, 0, sizeof event->votes); /* its own detector has no part in it */
    fleet_tell_anomaly(fleet, series, now, now, out);
}

static void check(struct fleet *fleet, uint32_t at, timestamp now, struct outcomes *out)
{
    sort_out(fleet, at);
    struct family *family = &fleet->families.list[at];
    struct peers *peers = &family->peers;
    struct standing *standings = xcalloc(peers->count + 1, sizeof *standings);
    struct departure *departures = xcalloc(peers->count + 1, sizeof *departures);
    for (uint32_t i = 0; i < peers->count; i++)
        standings[i] = standing_of(registry_at(&fleet->registry, peers->list[i].series));
    size_t count = peers_check(peers, standings, departures);
    family->checked = now;
    for (size_t i = 0; i < count; i++)
        tell(fleet, family, &departures[i], now, out);
    free(standings);
    free(departures);
}

/* Returns how many members were checked. */
static uint32_t visit(struct fleet *fleet, uint32_t at, timestamp now, struct outcomes *out)
{
    struct family *family = &fleet->families.list[at];
    if (now < family->checked)
        family->checked = now; /* the clock was set back */
    if (family->peers.count < PEERS_LEAST || now - family->checked < CHECK_EVERY)
        return 0;
    check(fleet, at, now, out);
    return fleet->families.list[at].peers.count;
}

void fleet_compare(struct fleet *fleet, timestamp now, struct outcomes *out)
{
    struct families *families = &fleet->families;
    for (int i = 0; i < JOINS_A_PASS && families->known < fleet->registry.series_count; i++)
        join(fleet, registry_at(&fleet->registry, families->known++));
    uint32_t checked = 0;
    for (uint32_t i = 0; i < families->count && i < FAMILIES_A_PASS && checked < MEMBERS_A_PASS;
         i++) {
        families->next = families->next + 1 < families->count ? families->next + 1 : 0;
        checked += visit(fleet, families->next, now, out);
    }
}

const struct family *fleet_family_of(const struct fleet *fleet, const struct series *series)
{
    return series->family > 0 ? &fleet->families.list[series->family - 1] : NULL;
}
