#include "ui/card.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "core/unit.h"
#include "ui/draw.h"
#include "ui/format.h"

#define INCIDENT_LINES 8 /* members of an incident */
#define LABEL_WIDTH 12
#define NARROW_LABEL 10
#define VOTES 3       /* of the strongest are shown, */
#define VOTE_LEAST 10 /* that found it rarer than one in ten */
#define VOTE_MOST 6   /* in powers of ten: beyond, a number means nothing */
#define NARROW 34     /* columns of a card that has no room for the longer labels */
#define CARD_MARGINS 3

/* Weights of the lines that hold names; of the rest, the numbers themselves say which go first. */
enum { IDENTITY = 101, TOPIC = 71 };

static bool is_narrow(const struct frame *frame)
{
    return frame->layout->card.width - CARD_MARGINS < NARROW;
}

struct writer_of_lines {
    struct card_line *lines;
    int count;
};

/* Opens a line and returns where its text goes, CARD_TEXT bytes. Past the last line there is, that
 * one is written over. */
static char *add(struct writer_of_lines *out, int weight, unsigned style, const char *label)
{
    struct card_line *line = &out->lines[out->count < CARD_LINES ? out->count++ : CARD_LINES - 1];
    *line = (struct card_line){
        .style = style, .weight = weight, .name = weight == IDENTITY || weight == TOPIC};
    snprintf(line->label, sizeof line->label, "%s", label);
    return line->text;
}

static void add_presence(struct writer_of_lines *out, const struct frame *frame)
{
    const struct card *card = &frame->snapshot->card;
    char age[FORMAT_TEXT] = "", clock[FORMAT_TEXT], since[2 * FORMAT_TEXT + 16] = "";
    if (card->presence_since != TIMESTAMP_NONE) {
        format_age(frame->snapshot->now - card->presence_since, age);
        format_clock(card->presence_since, clock);
        snprintf(since, sizeof since, is_narrow(frame) ? "%s" : "%s, %s", age, clock);
    }
    if (card->presence == STATUS_ONLINE)
        snprintf(add(out, 90, STYLE_GOOD, "presence"), CARD_TEXT, "online  %s", since);
    else if (card->presence == STATUS_OFFLINE)
        snprintf(add(out, 90, STYLE_WARN, "presence"), CARD_TEXT, "offline  %s", since);
    else
        snprintf(add(out, 60, STYLE_DIM, "presence"), CARD_TEXT, "told by no status topic");
}

/* "firmware_version" to "firmware": a label is to be read, not parsed. */
static void fact_label(const char *name, char out[CARD_LABEL])
{
    format_middle(name, LABEL_WIDTH + 8, out, CARD_LABEL);
    size_t length = strlen(out);
    static const char version[] = "_version";
    if (length > sizeof version && strcmp(out + length - (sizeof version - 1), version) == 0)
        out[length - (sizeof version - 1)] = '\0';
    for (char *c = out; *c; c++)
        if (*c == '_')
            *c = ' ';
}

static void add_facts(struct writer_of_lines *out, const struct card *card)
{
    for (unsigned i = 0; i < card->fact_count; i++) {
        char label[CARD_LABEL];
        fact_label(card->facts[i].name, label);
        snprintf(add(out, 58 - (int)i, STYLE_NORMAL, label), CARD_TEXT, "%s", card->facts[i].text);
    }
    if (card->last_text && *card->last_text)
        snprintf(add(out, 57, STYLE_NORMAL, "says"), CARD_TEXT, "%s", card->last_text);
}

/* "0.25 s", "40 ms", "-1.5 s", "2h03". */
static void short_time(timestamp time, int decimals, char out[FORMAT_TEXT])
{
    double seconds = (double)time / TIMESTAMP_SECOND, size = fabs(seconds);
    if (size < 0.1 && size > 0)
        snprintf(out, FORMAT_TEXT, "%.0f ms", seconds * 1000);
    else if (size < 60)
        snprintf(out, FORMAT_TEXT, "%.*f s", size < 1 ? decimals : 1, seconds);
    else
        format_age((timestamp)(size * TIMESTAMP_SECOND), out);
}

/* What the status topic says is another line: the two may disagree. */
static void add_cadence(struct writer_of_lines *out, const struct card *card)
{
    char age[FORMAT_TEXT] = "", usual[FORMAT_TEXT];
    if (card->silence != TIMESTAMP_NONE)
        format_age(card->silence, age);
    if (card->beat == BEAT_LOST)
        snprintf(add(out, 89, STYLE_WARN, "cadence"), CARD_TEXT, "lost  %s", age);
    else if (card->beat == BEAT_LATE)
        snprintf(add(out, 89, STYLE_WARN, "cadence"), CARD_TEXT, "late  %s", age);
    else if (card->beat == BEAT_LIVE && card->pace == PACE_FAST) {
        short_time(card->usual, 2, usual);
        snprintf(add(out, 88, STYLE_WARN, "cadence"), CARD_TEXT, "too fast, usually %s", usual);
    } else if (card->beat == BEAT_LIVE)
        snprintf(add(out, 45, STYLE_NORMAL, "cadence"), CARD_TEXT, "live");
}

static void add_period(struct writer_of_lines *out, const struct frame *frame)
{
    const struct card *card = &frame->snapshot->card;
    char period[FORMAT_TEXT], lag[FORMAT_TEXT];
    bool has_lag = card->lag != TIMESTAMP_NONE;
    if (has_lag)
        short_time(card->lag, 1, lag);
    if (has_lag && card->clock_off)
        snprintf(add(out, 87, STYLE_WARN, "clock"), CARD_TEXT, "%s %s", *lag == '-' ? lag + 1 : lag,
                 card->lag < 0 ? "ahead" : "behind");
    if (card->period <= 0) {
        snprintf(add(out, 20, STYLE_DIM, "period"), CARD_TEXT, "not known yet");
        return;
    }
    short_time(card->period, 2, period);
    if (has_lag && !card->clock_off)
        snprintf(add(out, 55, STYLE_NORMAL, "period"), CARD_TEXT, "%s%slag %s", period,
                 is_narrow(frame) ? " " : "   ", lag);
    else
        snprintf(add(out, 55, STYLE_NORMAL, "period"), CARD_TEXT, "%s", period);
}

static void add_traffic(struct writer_of_lines *out, const struct frame *frame)
{
    const struct card *card = &frame->snapshot->card;
    char clock[FORMAT_TEXT], age[FORMAT_TEXT], count[FORMAT_TEXT];
    if (card->valid)
        add_period(out, frame);
    if (card->first_seen != TIMESTAMP_NONE) {
        format_clock(card->first_seen, clock);
        format_age(frame->snapshot->now - card->first_seen, age);
        snprintf(add(out, 30, STYLE_NORMAL, "first seen"), CARD_TEXT, "%s, %s ago", clock, age);
    }
    format_count(card->messages, count);
    if (card->malformed > 0)
        snprintf(add(out, 80, STYLE_WARN, "messages"), CARD_TEXT, "%s, %" PRIu64 " malformed",
                 count, card->malformed);
    else
        snprintf(add(out, 50, STYLE_NORMAL, "messages"), CARD_TEXT,
                 is_narrow(frame) ? "%s" : "%s, none malformed", count);
    snprintf(add(out, 40, STYLE_NORMAL, "last one"), CARD_TEXT, "QoS %d%s", card->last_qos,
             card->last_retain ? ", RETAINED" : "");
}

/* What a person said of the series. */
static void add_rules(struct writer_of_lines *out, const struct frame *frame)
{
    const struct card *card = &frame->snapshot->card;
    char words[LIMITS_TEXT], age[FORMAT_TEXT];
    if (limits_any(&card->limits)) {
        limits_words(&card->limits, card->row.unit, words);
        snprintf(add(out, 85, STYLE_NORMAL, "limits"), CARD_TEXT, "%s", words);
    }
    if (!isnan(card->threshold))
        snprintf(add(out, 60, STYLE_NORMAL, "threshold"), CARD_TEXT, "%g, its own",
                 card->threshold);
    if (card->muted_until == MUTED_FOR_GOOD) {
        snprintf(add(out, 84, STYLE_DIM, "muted"), CARD_TEXT, "until unmuted");
    } else if (card->muted_until != TIMESTAMP_NONE) {
        format_age(card->muted_until - frame->snapshot->now, age);
        snprintf(add(out, 84, STYLE_DIM, "muted"), CARD_TEXT, "for %s", age);
    }
}

int card_twin(const struct frame *frame, struct card_line lines[CARD_LINES])
{
    const struct card *card = &frame->snapshot->card;
    struct writer_of_lines out = {lines, 0};
    snprintf(add(&out, IDENTITY, STYLE_NORMAL, "identity"), CARD_TEXT, "%s", card->row.twin);
    if (card->row.simulated)
        snprintf(add(&out, 45, STYLE_SIM, "source"), CARD_TEXT, "simulated");
    snprintf(add(&out, TOPIC, STYLE_NORMAL, "topic"), CARD_TEXT, "%s", card->topic);
    add_rules(&out, frame);
    add_facts(&out, card);
    add_presence(&out, frame);
    add_cadence(&out, card);
    add_traffic(&out, frame);
    return out.count;
}

/* One in how many the voters found the last anomaly: "16k (spike), 120 (level)", the rarest first.
 */
static void add_votes(struct writer_of_lines *out, const struct card *card)
{
    char text[CARD_TEXT] = "";
    size_t at = 0;
    bool told[VOTERS] = {false};
    for (int place = 0; place < VOTES; place++) {
        int best = -1;
        for (int i = 0; i < VOTERS; i++)
            if (!told[i] && card->votes[i] >= VOTE_LEAST &&
                (best < 0 || card->votes[i] > card->votes[best]))
                best = i;
        if (best < 0)
            break;
        char odds[FORMAT_TEXT];
        told[best] = true;
        double rarity = fmin(card->votes[best] / 10.0, VOTE_MOST);
        format_count((uint64_t)round(pow(10, rarity)), odds);
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s%s (%s)", at > 0 ? ", " : "",
                               rarity < VOTE_MOST ? "" : ">", odds, voter_name((enum voter)best));
    }
    if (at == 0)
        return;
    snprintf(add(out, 57, STYLE_DIM, "one in"), CARD_TEXT, "%s", text);
    out->lines[out->count - 1].wraps = true;
}

static void add_reason(struct writer_of_lines *out, unsigned style, const char *reason)
{
    snprintf(add(out, 59, style, ""), CARD_TEXT, "%s", reason);
    out->lines[out->count - 1].wraps = true;
}

static void add_anomalies(struct writer_of_lines *out, const struct card *card)
{
    const struct row *row = &card->row;
    if (row->anomalies == 0 || row->since_anomaly == TIMESTAMP_NONE) { /* paused before the first */
        snprintf(add(out, 40, STYLE_DIM, "anomalies"), CARD_TEXT, "none");
        return;
    }
    char age[FORMAT_TEXT], words[48];
    format_age(row->since_anomaly, age);
    unsigned style = draw_row_fresh(row) ? draw_state_words(row, words) : STYLE_NORMAL;
    snprintf(add(out, 60, style, "anomalies"), CARD_TEXT, "%" PRIu64 ", last %s ago",
             row->anomalies, age);
    if (*card->reason)
        add_reason(out, style, card->reason);
    add_votes(out, card);
}

/* What a person would not expect: several detectors, or a cheaper one. */
static void add_detectors(struct writer_of_lines *out, const struct card *card)
{
    static const char *const sizes[] = {
        [DETECTOR_SMALL] = "small: knows no days and shapes, as memory is short",
        [DETECTOR_TINY] = "tiny: knows only the last readings, as memory is short"};
    if (card->detector_size != DETECTOR_FULL)
        snprintf(add(out, 45, STYLE_DIM, "detector"), CARD_TEXT, "%s", sizes[card->detector_size]);
    if (card->detector_count == 0)
        return;
    char text[CARD_TEXT];
    size_t at = 0;
    for (unsigned i = 0; i < card->detector_count && at < sizeof text; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s %" PRIu64, i > 0 ? ", " : "",
                               card->detectors[i].name, card->detectors[i].anomalies);
    snprintf(add(out, 58, STYLE_NORMAL, "found by"), CARD_TEXT, "%s", text);
}

/* Where it stands among its kind. */
static void add_peers(struct writer_of_lines *out, const struct card *card, int precision)
{
    const struct row *row = &card->row;
    char number[FORMAT_TEXT];
    double distance = row->mean - card->peers_median;
    if (card->peers == 0)
        return;
    format_value(fabs(distance), precision, 12, number);
    snprintf(add(out, 45, STYLE_NORMAL, "peers"), CARD_TEXT, "%s %s %s the median of %u", number,
             unit_symbol(row->unit), distance < 0 ? "below" : "above", card->peers);
}

/* Its newest incident: who moved first, and how far behind the others were. */
static void add_incident(struct writer_of_lines *out, const struct card *card)
{
    char clock[FORMAT_TEXT], lag[FORMAT_TEXT];
    uint32_t listed = card->incident_count < INCIDENT_LINES ? card->incident_count : INCIDENT_LINES;
    if (card->incident_total == 0)
        return;
    format_clock(card->incident_time, clock);
    snprintf(add(out, 74, STYLE_STRONG, "incident"), CARD_TEXT, "%s, %u series", clock,
             (unsigned)card->incident_total);
    for (uint32_t i = 0; i < listed; i++) {
        const struct incident_row *member = &card->incident[i];
        format_age(member->lag, lag);
        snprintf(add(out, 73 - (int)i, STYLE_NORMAL, i == 0 ? "first" : ""), CARD_TEXT,
                 "%s%s%s%s/%s", i == 0 ? "" : "+", i == 0 ? "" : lag, i == 0 ? "" : "  ",
                 member->twin, member->name);
    }
    if (card->incident_total > listed)
        snprintf(add(out, 73 - INCIDENT_LINES, STYLE_DIM, ""), CARD_TEXT, "and %u more",
                 (unsigned)(card->incident_total - listed));
}

/* "4 min (±1)": in the unit that fits the time, as the spread leaves no more digits anyway. */
static void eta_words(const struct row *row, char *out, size_t size)
{
    static const struct {
        const char *name;
        timestamp length;
    } units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
    size_t i = 0;
    while (units[i].length > 1 && row->eta < 2 * units[i].length * TIMESTAMP_SECOND)
        i++;
    timestamp unit = units[i].length * TIMESTAMP_SECOND;
    timestamp spread = (row->eta_spread + unit / 2) / unit;
    timestamp half = unit > TIMESTAMP_SECOND ? unit / 2 : 0; /* seconds as the table has them */
    snprintf(out, size, "%" PRId64 " %s (±%" PRId64 ")", (row->eta + half) / unit, units[i].name,
             spread > 1 ? spread : 1);
}

int card_ahead(const struct frame *frame, struct card_line lines[CARD_LINES])
{
    const struct row *row = &frame->snapshot->card.row;
    struct writer_of_lines out = {lines, 0};
    char limit[FORMAT_TEXT], eta[64];
    if (!row->has_eta)
        return 0;
    int precision = format_precision(row->value, row->stdev, row->min, row->max);
    format_value(row->eta_limit, precision, 12, limit);
    eta_words(row, eta, sizeof eta);
    bool narrow = is_narrow(frame);
    if (narrow) /* the least that says it */
        *strchr(eta, '(') = '\0';
    snprintf(add(&out, 95, STYLE_WARN, "crosses"), CARD_TEXT, "%s%s%s in %s", limit,
             narrow ? "" : " ", narrow ? "" : unit_symbol(row->unit), eta);
    return out.count;
}

int card_statistics(const struct frame *frame, struct card_line lines[CARD_LINES])
{
    const struct card *card = &frame->snapshot->card;
    const struct row *row = &card->row;
    struct writer_of_lines out = {lines, 0};
    char value[FORMAT_TEXT], other[FORMAT_TEXT], z[FORMAT_TEXT];
    int precision = format_precision(row->value, row->stdev, row->min, row->max);
    const char *unit = unit_symbol(row->unit);

    format_value(row->value, precision, 12, value);
    snprintf(add(&out, 100, STYLE_STRONG, "value"), CARD_TEXT, "%s %s", value, unit);
    format_value(row->mean, precision, 12, value);
    format_value(row->stdev, precision, 12, other);
    snprintf(add(&out, 90, STYLE_NORMAL, "mean"), CARD_TEXT, "%s   sd %s", value, other);
    format_value(row->min, precision, 12, value);
    format_value(row->max, precision, 12, other);
    snprintf(add(&out, 80, STYLE_NORMAL, "range"), CARD_TEXT, "%s to %s", value, other);
    if (card->has_band) {
        format_value(card->low, precision, 12, value);
        format_value(card->high, precision, 12, other);
        snprintf(add(&out, 75, STYLE_NORMAL, "expected"), CARD_TEXT, "%s to %s %s", value, other,
                 unit);
    }
    if (row->has_z) {
        format_z(row->z, z);
        snprintf(add(&out, 70, STYLE_NORMAL, "z"), CARD_TEXT, "%s", z);
    } else {
        snprintf(add(&out, 30, STYLE_DIM, "z"), CARD_TEXT, "%s",
                 row->state == STATE_LEARNING ? "learning" : "none");
    }
    out.count += card_ahead(frame, lines + out.count);
    format_count(row->count, value);
    format_rate(row->rate, other);
    if (*other)
        snprintf(add(&out, 50, STYLE_NORMAL, "readings"), CARD_TEXT, "%s, %s%s", value, other,
                 strchr(other, '/') ? "" : " a second");
    else
        snprintf(add(&out, 50, STYLE_NORMAL, "readings"), CARD_TEXT, "%s", value);
    add_anomalies(&out, card);
    add_detectors(&out, card);
    add_peers(&out, card, precision);
    add_incident(&out, card);
    return out.count;
}

static int lightest(const struct card_line *lines, const bool *dropped, int count)
{
    int least = 0;
    for (int i = 1; i < count; i++)
        if (!dropped[i] && (dropped[least] || lines[i].weight < lines[least].weight))
            least = i;
    return least;
}

int card_draw_lines(struct canvas *canvas, struct rect rect, const struct card_line *lines,
                    int count)
{
    bool dropped[CARD_LINES] = {false};
    int left = count;
    for (; left > rect.height && left > 0; left--)
        dropped[lightest(lines, dropped, count)] = true;
    int y = rect.y, spare = rect.height - left;
    for (int i = 0; i < count; i++) {
        char text[sizeof lines->text];
        if (dropped[i])
            continue;
        int label = rect.width < NARROW ? NARROW_LABEL : LABEL_WIDTH;
        int room = rect.width - label;
        canvas_text(canvas, rect.x, y, label - 1, STYLE_DIM, lines[i].label);
        if (room > 0 && lines[i].wraps && spare > 0) {
            struct rect all = {rect.x + label, y, room, 1 + spare};
            int used = draw_wrapped(canvas, all, lines[i].style, lines[i].text);
            spare -= used > 1 ? used - 1 : 0;
            y += used > 1 ? used - 1 : 0;
        } else if (room > 0) {
            unsigned columns = lines[i].name ? (unsigned)room : sizeof text;
            format_middle(lines[i].text, columns, text, sizeof text);
            canvas_text(canvas, rect.x + label, y, room, lines[i].style, text);
        }
        y++;
    }
    return y - rect.y;
}
