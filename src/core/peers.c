#include "core/peers.h"

#include <math.h>
#include <stdlib.h>

#include "core/xalloc.h"

#define FIRST_CHECKS 10 /* that a member's usual place is learnt from before it is judged */
#define MEMORY 1440     /* checks: a day of minutes */
#define STREAK 3
#define CHANCE 1e-3 /* of one of all to stand out at a check by chance */
#define BACK 0.05   /* what chance brings about so often is nothing to stand out by */
#define MAD_TO_SIGMA 1.4826
#define MOST_FREEDOM 200 /* from there on Student's law is the normal one */

void peers_fini(struct peers *peers)
{
    free(peers->list);
    *peers = (struct peers){.list = NULL};
}

size_t peers_add(struct peers *peers, uint32_t series)
{
    size_t grown = 0;
    if (peers->count == peers->room) {
        uint32_t room = peers->room > 0 ? peers->room * 2 : 1;
        peers->list = xrealloc(peers->list, room * sizeof *peers->list);
        grown = (room - peers->room) * sizeof *peers->list;
        peers->room = room;
    }
    peers->list[peers->count++] = (struct peer){.series = series};
    return grown;
}

void peers_remove(struct peers *peers, uint32_t i)
{
    peers->list[i] = peers->list[--peers->count];
}

double student_beyond(double t, unsigned freedom)
{
    if (freedom > MOST_FREEDOM)
        return erfc(fabs(t) / sqrt(2));
    double angle = atan(fabs(t) / sqrt(freedom)), cosine = cos(angle), term, sum = 0;
    bool odd = freedom % 2 == 1;
    term = odd ? cosine : 1;
    for (unsigned i = odd ? 3 : 2; i <= freedom; i += 2) {
        sum += term;
        term *= cosine * cosine * (i - 1.0) / i;
    }
    double inside = odd ? 2 / M_PI * (angle + sin(angle) * sum) : sin(angle) * sum;
    return fmax(1 - inside, 0);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Sorts the values. */
static double median_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : values[count / 2 - 1] / 2 + values[count / 2] / 2;
}

/* The check at hand. */
struct check {
    struct peers *peers;
    const struct standing *standings;
    double *values; /* scratch, one a member */
    size_t judged;  /* members that are old enough */
    double centre;  /* the median of their changes */
    double scale;   /* one robust deviation of them */
};

static bool is_judged(const struct check *check, uint32_t i)
{
    return !isnan(check->standings[i].level) && check->peers->list[i].checks >= FIRST_CHECKS;
}

static double change_of(const struct check *check, uint32_t i)
{
    return check->standings[i].level - check->peers->median - check->peers->list[i].usual;
}

static void find_median(struct check *check)
{
    size_t count = 0;
    for (uint32_t i = 0; i < check->peers->count; i++)
        if (!isnan(check->standings[i].level))
            check->values[count++] = check->standings[i].level;
    check->peers->standing = (uint32_t)count;
    if (count > 0)
        check->peers->median = median_of(check->values, count);
}

/* Levels are never known better than their noise, however well the others agree. */
static void find_scale(struct check *check)
{
    size_t count = 0;
    for (uint32_t i = 0; i < check->peers->count; i++)
        if (is_judged(check, i))
            check->values[count++] = change_of(check, i);
    check->judged = count;
    if (count < PEERS_LEAST)
        return;
    check->centre = median_of(check->values, count);
    for (size_t i = 0; i < count; i++)
        check->values[i] = fabs(check->values[i] - check->centre);
    check->scale = MAD_TO_SIGMA * median_of(check->values, count);
    count = 0;
    for (uint32_t i = 0; i < check->peers->count; i++)
        if (is_judged(check, i))
            check->values[count++] = check->standings[i].noise;
    check->scale = fmax(check->scale, median_of(check->values, count));
}

static void learn(struct peer *peer, double change)
{
    if (peer->checks < MEMORY)
        peer->checks++;
    peer->usual += change / peer->checks;
}

static void look_for_return(struct peer *peer, double chance)
{
    if (chance <= BACK)
        return;
    peer->apart = false;
    peer->streak = 0;
}

/* Has it moved away by this check? */
static bool judge(const struct check *check, uint32_t i, double *z)
{
    struct peer *peer = &check->peers->list[i];
    double change = change_of(check, i) - check->centre;
    *z = check->scale > 0 ? change / check->scale : 0;
    double chance = student_beyond(*z, (unsigned)check->judged - 2);
    bool out = chance * (double)check->judged < CHANCE;
    if (peer->apart || peer->streak > 0)
        look_for_return(peer, chance);
    if (!out && !peer->apart) {
        peer->streak = 0;
        learn(peer, change_of(check, i));
    }
    if (!out || peer->apart || ++peer->streak < STREAK)
        return false;
    peer->apart = true;
    return true;
}

size_t peers_check(struct peers *peers, const struct standing *standings, struct departure *out)
{
    struct check check = {peers, standings, xcalloc(peers->count + 1, sizeof(double)), 0, 0, 0};
    size_t count = 0;
    find_median(&check);
    if (peers->standing >= PEERS_LEAST)
        find_scale(&check);
    for (uint32_t i = 0; i < peers->count && peers->standing >= PEERS_LEAST; i++) {
        double z, distance = standings[i].level - peers->median, usual = peers->list[i].usual;
        if (isnan(distance))
            continue;
        if (!is_judged(&check, i) || check.judged < PEERS_LEAST)
            learn(&peers->list[i], change_of(&check, i));
        else if (judge(&check, i, &z))
            out[count++] = (struct departure){i, distance, usual, check.scale, z};
    }
    free(check.values);
    return count;
}
