#include "core/incident.h"

#include <math.h>
#include <string.h>

/* One anomaly in so many may begin an incident by mere chance, ... */
#define BEGINS 1e-3
/* ... and of those that join one, one in so many may have nothing to do with it. */
#define JOINS 0.05
/* What happens within a second happens at once: clocks and transport tell no less. */
#define AT_ONCE TIMESTAMP_SECOND

void incidents_init(struct incidents *incidents, timestamp start)
{
    memset(incidents, 0, sizeof *incidents);
    incidents->start = start;
}

double incident_chance(unsigned k, double expected)
{
    if (k == 0)
        return 1;
    if (expected <= 0)
        return 0;
    double sum = 0;
    if (k <= expected) { /* likely: 1 less what is below */
        for (unsigned i = 0; i < k; i++)
            sum += exp((double)i * log(expected) - expected - lgamma(i + 1.0));
        return fmax(1 - sum, 0);
    }
    double term = exp((double)k * log(expected) - expected - lgamma(k + 1.0));
    for (unsigned i = k; term > sum * 1e-12; i++) {
        sum += term;
        term *= expected / (i + 1.0);
    }
    return fmin(sum, 1);
}

static unsigned class_of(uint64_t count)
{
    unsigned class = 63u - (unsigned)__builtin_clzll(count);
    return class < INCIDENT_CLASSES ? class : INCIDENT_CLASSES - 1;
}

/* A series that had `from` anomalies has `to`. */
static void move(struct tally *tally, uint64_t from, uint64_t to)
{
    if (from > 0) {
        tally->series[class_of(from)]--;
        tally->anomalies[class_of(from)] -= from;
    }
    if (to > 0) {
        tally->series[class_of(to)]++;
        tally->anomalies[class_of(to)] += to;
    }
}

void incidents_count(struct incidents *incidents, uint64_t before)
{
    move(&incidents->tally, before, before + 1);
}

/* How probable it is that a series which had `count` anomalies in a time `windows` times as long
 * has one in a window. */
static double within(double count, double windows)
{
    return 1 - exp(-count / windows);
}

/* A series that is likely to be anomalous in any such window says nothing by being so: it neither
 * counts nor hides what the others do. All of a class are taken alike. */
static bool telling(uint64_t count, double windows)
{
    return within(count > 0 ? (double)(UINT64_C(1) << class_of(count)) : 1, windows) < JOINS;
}

/* Of one series of the class. */
static double class_rate(const struct tally *tally, unsigned class, double windows)
{
    double count = tally->series[class];
    if (count == 0 || !telling(UINT64_C(1) << class, windows))
        return 0;
    return within((double)tally->anomalies[class] / count, windows);
}

/* How often the window fits into the time from the beginning until `since`. */
static double windows_until(const struct incidents *incidents, timestamp since, timestamp window)
{
    timestamp past = since - incidents->start;
    return past > window ? (double)past / (double)window : 1;
}

/* Is it the first of its series in the list? Only that one tells what it had before. */
static bool is_first(const struct stray *list, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (list[k].series == list[i].series)
            return false;
    return true;
}

static uint64_t count_now(const struct stray *list, uint32_t count, uint32_t series)
{
    uint64_t now = 0;
    for (uint32_t i = 0; i < count; i++)
        now = list[i].series == series ? list[i].before + 1 : now;
    return now;
}

/* How many telling series are expected to be anomalous in a window, by what they were until now but
 * for the list: that is what is being judged, no evidence for what is usual. And as what has not
 * happened yet may happen, one anomaly more is taken to have been somewhere. */
static double expected(const struct tally *tally, const struct stray *list, uint32_t count,
                       double windows)
{
    double least = within(1, windows), sum = least;
    for (unsigned class = 0; class < INCIDENT_CLASSES; class ++)
        sum += tally->series[class] * class_rate(tally, class, windows);
    for (uint32_t i = 0; i < count; i++) {
        if (!is_first(list, i))
            continue;
        sum -= class_rate(tally, class_of(count_now(list, count, list[i].series)), windows);
        if (telling(list[i].before, windows))
            sum += within((double)list[i].before, windows);
    }
    return fmax(sum, least);
}

/* ---- the beginning ---- */

static timestamp window_of(timestamp first, timestamp last)
{
    return last - first > AT_ONCE ? last - first : AT_ONCE;
}

/* The strays from `from` on, as a group. */
struct group {
    const struct stray *list;
    uint32_t count;
    double windows;
};

static struct group group_from(const struct incidents *incidents, uint32_t from)
{
    const struct stray *list = &incidents->recent[from];
    timestamp last = incidents->recent[incidents->recent_count - 1].time;
    return (struct group){list, incidents->recent_count - from,
                          windows_until(incidents, list->time, window_of(list->time, last))};
}

static bool is_telling(const struct group *group, uint32_t i)
{
    return is_first(group->list, i) && telling(group->list[i].before, group->windows);
}

/* How improbable the group is, all such questions taken together: groups of k series are asked
 * about for each k, and 1 / k (k - 1) of the allowance for each adds up to all of it. */
static double group_chance(const struct incidents *incidents, const struct group *group)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < group->count; i++)
        k += is_telling(group, i);
    if (k < 2 || !is_telling(group, 0))
        return 1;
    double usual = expected(&incidents->tally, group->list, group->count, group->windows);
    return incident_chance(k - 1, usual) * k * (k - 1);
}

/* The first stray of the most surprising group that ends with the newest; the number of strays if
 * none is surprising. */
static uint32_t most_surprising(const struct incidents *incidents)
{
    uint32_t best = incidents->recent_count;
    double least = BEGINS;
    for (uint32_t from = incidents->recent_count; from-- > 0;) {
        struct group group = group_from(incidents, from);
        double chance = group_chance(incidents, &group);
        if (chance < least) {
            least = chance;
            best = from;
        }
    }
    return best;
}

static struct incident *last_one(struct incidents *incidents)
{
    return &incidents->kept[incidents->last_id % INCIDENTS_KEPT];
}

static bool is_member(const struct incident *incident, uint32_t series)
{
    for (uint32_t i = 0; i < incident->listed; i++)
        if (incident->members[i].series == series)
            return true;
    return false;
}

static void add_member(struct incident *incident, uint32_t series, timestamp time)
{
    incident->last = time > incident->last ? time : incident->last;
    if (is_member(incident, series))
        return;
    incident->count++;
    if (incident->listed < INCIDENT_MEMBERS)
        incident->members[incident->listed++] = (struct incident_member){series, time};
}

static const struct incident *begin(struct incidents *incidents, uint32_t from)
{
    struct group group = group_from(incidents, from);
    incidents->last_id++;
    incidents->open = true;
    incidents->usual = incidents->tally;
    for (uint32_t i = group.count; i-- > 0;)
        move(&incidents->usual, group.list[i].before + 1, group.list[i].before);
    struct incident *incident = last_one(incidents);
    *incident = (struct incident){
        .id = incidents->last_id, .first = group.list->time, .last = group.list->time};
    for (uint32_t i = 0; i < group.count; i++)
        if (is_telling(&group, i))
            add_member(incident, group.list[i].series, group.list[i].time);
    return incident;
}

/* ---- going on ---- */

static void remember(struct incidents *incidents, const struct stray *stray)
{
    if (incidents->recent_count == INCIDENT_RECENT)
        memmove(incidents->recent, incidents->recent + 1,
                --incidents->recent_count * sizeof *incidents->recent);
    incidents->recent[incidents->recent_count++] = *stray;
}

/* Strays are in the order of their times. */
static timestamp in_order(const struct incidents *incidents, timestamp time)
{
    uint32_t count = incidents->recent_count;
    return count > 0 && incidents->recent[count - 1].time > time ? incidents->recent[count - 1].time
                                                                 : time;
}

enum relation { JOINING, APART, MEANINGLESS };

/* Would hardly any anomaly have come by chance since the incident's last? */
static enum relation relation(const struct incidents *incidents, const struct incident *incident,
                              const struct stray *stray)
{
    timestamp gap = window_of(incident->last, stray->time);
    double windows = windows_until(incidents, incident->first, gap);
    double usual = expected(&incidents->usual, NULL, 0, windows);
    /* After so long a pause no anomaly of anyone would say anything: it is over. */
    if (!telling(0, windows))
        return APART;
    if (is_member(incident, stray->series))
        return incident_chance(1, usual) < JOINS ? JOINING : MEANINGLESS;
    if (!telling(stray->before, windows))
        return MEANINGLESS;
    return incident_chance(1, usual) < JOINS ? JOINING : APART;
}

static const struct incident *grow(struct incidents *incidents, const struct stray *stray)
{
    struct incident *incident = last_one(incidents);
    uint32_t count = incident->count;
    switch (relation(incidents, incident, stray)) {
    case JOINING:
        add_member(incident, stray->series, stray->time);
        break;
    case APART:
        incidents->open = false;
        incidents->recent[0] = *stray;
        incidents->recent_count = 1;
        break;
    case MEANINGLESS:
        break;
    }
    return incident->count > count ? incident : NULL;
}

const struct incident *incidents_take(struct incidents *incidents, uint32_t series, timestamp time,
                                      uint64_t before)
{
    struct stray stray = {series, in_order(incidents, time), before};
    incidents_count(incidents, before);
    if (incidents->open)
        return grow(incidents, &stray);
    remember(incidents, &stray);
    uint32_t from = most_surprising(incidents);
    if (from == incidents->recent_count)
        return NULL;
    const struct incident *incident = begin(incidents, from);
    incidents->recent_count = 0;
    return incident;
}

const struct incident *incidents_of(const struct incidents *incidents, uint32_t series)
{
    for (uint64_t id = incidents->last_id; id > 0 && id + INCIDENTS_KEPT > incidents->last_id; id--)
        if (is_member(&incidents->kept[id % INCIDENTS_KEPT], series))
            return &incidents->kept[id % INCIDENTS_KEPT];
    return NULL;
}

void incidents_set_back(struct incidents *incidents, timestamp step)
{
    incidents->start -= step;
    for (uint32_t i = 0; i < incidents->recent_count; i++)
        incidents->recent[i].time -= step;
    for (uint32_t i = 0; i < INCIDENTS_KEPT; i++) {
        struct incident *incident = &incidents->kept[i];
        incident->first -= step;
        incident->last -= step;
        for (uint32_t k = 0; k < incident->listed; k++)
            incident->members[k].time -= step;
    }
}
