/* What one frame of the screen shows, copied out of a fleet: only the visible rows, the chart of
 * the selected series, its twin's card, the last events. A pure function of a fleet and a request,
 * so it is quick under the engine's lock and testable without one. The snapshot owns all it points
 * to. */
#ifndef DT_CORE_SNAPSHOT_H
#define DT_CORE_SNAPSHOT_H

#include "core/arena.h"
#include "core/query.h"
#include "core/tree.h"

/* As the columns stand beside each other, and then around. */
enum sort_key {
    SORT_NAME,
    SORT_VALUE,
    SORT_UNIT,
    SORT_Z,
    SORT_MEAN,
    SORT_SD,
    SORT_MIN,
    SORT_MAX,
    SORT_RATE,
    SORT_ANOMALIES,
    SORT_ETA,
    SORT_AGE,
    SORT_STATE,
    SORT_KEYS,
};

#define SNAPSHOT_NO_SERIES UINT32_MAX
#define SNAPSHOT_AHEAD 5

/* How far to move the selection, in rows of the sorted table. */
#define MOVE_HOME INT32_MIN
#define MOVE_END INT32_MAX

struct snapshot_request {
    timestamp now;      /* the clock of the screen */
    timestamp as_of;    /* show the world as it was then; TIMESTAMP_NONE: live */
    timestamp set_back; /* fleet_totals.set_back when as_of was chosen: if the clock was set back
                           since, as_of goes along */
    uint32_t selected;  /* series index or SNAPSHOT_NO_SERIES: then the row below is selected */
    uint32_t other_row; /* a row that is no series; none or ROW_NONE: the first row */
    int32_t move;       /* applied to the selection before anything is taken */
    uint32_t first_row; /* scroll position so far; moved only as much as the selection needs */
    uint32_t rows;      /* visible rows of the table; UINT32_MAX for all */
    unsigned spark_columns; /* buckets a row; 0 for none */
    timestamp span;         /* of sparklines and chart */
    unsigned chart_columns; /* buckets of the chart; 0 for none. Up to a SNAPSHOT_AHEADth of so many
                               look ahead, if its end is the moment shown */
    timestamp chart_end;    /* the moment in its last bucket, 0: the one shown. It goes along with a
                               clock that is set back, as as_of does */
    timestamp chart_span;   /* 0: as the sparklines' */
    bool samples;           /* are the chart's readings themselves wanted? */
    const uint32_t *others; /* further series in the chart; the selected one may be among them */
    unsigned other_count;
    uint32_t events;       /* so many of the log are wanted */
    uint64_t events_top;   /* id of the event in its first line; 0: the newest, as more come */
    int32_t events_scroll; /* by so many lines from there, MOVE_HOME, MOVE_END */
    uint64_t event;        /* id of the selected event, 0: none */
    uint32_t event_line;   /* from 1: the event in this line is selected instead; 0: none */
    int32_t event_move;    /* applied to it; with none the event in the first line is selected */
    bool event_seen;       /* scroll as far as it takes to see the selected event */
    bool events_all;       /* as of a moment, also those after it */
    const struct query *event_filter; /* NULL: all events */
    enum sort_key sort;
    bool descending;
    bool tree;                  /* group the rows by the levels of their topics */
    const struct bits *folded;  /* groups that don't show their rows; NULL without a tree */
    bool twins;                 /* twins without a series have rows, too */
    const struct query *filter; /* NULL: all rows. As of a moment it is asked of the past */
    const struct query *find;   /* NULL, or where the selection goes, after move: */
    bool follow;            /* the selection goes to the series of each alarm, if there is ... */
    uint64_t followed;      /* ... a newer one than this event */
    timestamp calm;         /* rows stay where they are for so long, whatever their values do */
    int find_step;          /* the next row (1) or the one before (-1) that matches, or this one
                               if it does (0); all rows in turn, folded ones too */
    bool payload;           /* is the selected topic's last payload wanted? */
    uint32_t readings;      /* so many of the selected series' last ones are wanted */
    uint32_t readings_skip; /* scrolled away from the newest, */
    uint64_t readings_seen; /* when the series had so many; 0: as of now */
};

struct row {
    uint32_t id;     /* ROW_ID() */
    uint32_t series; /* SNAPSHOT_NO_SERIES for a twin: then there is no more than names, age, state;
                        and for a group: then twin is its name, state the worst of its rows, rate
                        its messages a second */
    uint32_t rows;   /* of a group; not counting groups */
    bool folded;     /* a group */
    uint32_t above;  /* ROW_ID() of the group that it is in; ROW_NONE: none */
    unsigned depth;  /* so many of them */
    const char *twin, *name, *unit;
    double value, z, mean, stdev, min, max;
    bool has_z;
    double rate;   /* readings a second by the learned period, 0 while unknown */
    timestamp age; /* since the last arrival; TIMESTAMP_NONE for a retained value */
    enum state state;
    bool simulated, binary_state;
    bool has_eta;              /* live, and its forecast has earned it: */
    timestamp eta, eta_spread; /* it reaches eta_limit in so many µs, ± so many */
    double eta_limit;
    uint64_t count, anomalies;
    timestamp since_anomaly; /* TIMESTAMP_NONE if never */
    enum severity last_severity;
    enum hush hush; /* why it does not stand out */
    enum anomaly_kind last_kind;
    const struct bucket *spark; /* spark_columns of them */
};

/* A series of an incident. */
struct incident_row {
    const char *twin, *name;
    timestamp lag; /* behind the first */
};

/* A series beside the selected one in the chart. */
struct other_series {
    uint32_t series;
    const char *twin, *name, *unit;
    double value; /* at the moment shown */
    bool off;     /* it is silent */
    const struct bucket *chart;
};

/* What is expected at one moment to come. */
struct prospect {
    double value, low, high;
};

/* One of the last readings. */
struct reading_row {
    timestamp time; /* of its arrival */
    double value, z;
    bool has_z;
    enum mark mark;
    enum anomaly_kind kind; /* of the mark */
};

/* The selected heading of a group: sums over the rows below it, at the moment shown. */
struct group_card {
    bool valid;
    const char *path; /* whole */
    uint32_t rows;
    enum state state;        /* the worst, */
    const char *twin, *name; /* and whose; name "" for a twin without a series */
    double rate;             /* messages a second */
    uint64_t anomalies;
};

/* The selected series and its twin, in full. */
struct card {
    bool valid;
    bool twin; /* it is a twin without a series: then valid is false, and only what is said of twins
                  holds */
    struct row row;
    const char *topic, *path, *reason; /* reason: of its last anomaly, "" if none */
    struct {
        const char *name;
        uint64_t anomalies;
    } detectors[DETECTORS_MOST]; /* where several are compared, the one that counts first */
    unsigned detector_count;     /* 0 where there is only one */
    enum detector_size detector_size;
    uint8_t votes[VOTERS];        /* for the last anomaly, as in its event */
    const struct bucket *chart;   /* chart_columns of them */
    const struct sample *samples; /* the readings in it, if asked for */
    uint32_t sample_count;
    unsigned other_count; /* without the selected series */
    const struct other_series *others;
    timestamp oldest; /* the first reading that is kept; TIMESTAMP_NONE: none */
    double low, high; /* expected band; has_band tells whether known */
    bool has_band;
    struct limits limits;
    double threshold;      /* of its own; NAN: as all */
    timestamp muted_until; /* MUTED_FOR_GOOD; TIMESTAMP_NONE: not muted */
    unsigned peers;        /* series of its kind, itself among them; 0: too few to compare */
    double peers_median;
    uint32_t incident_total; /* series in its newest incident; 0: none */
    uint32_t incident_count; /* of them in the list below */
    timestamp incident_time; /* of the first */
    const struct incident_row *incident;
    const struct prospect *ahead; /* one a bucket, from the chart's end on, as far as is known */
    unsigned ahead_count;         /* 0 unless live */
    float skill; /* error of the farthest of them, relative to saying that all stays as it is */
    enum beat beat;
    enum pace pace;
    timestamp silence; /* since its last beat; TIMESTAMP_NONE: it never had one, or rests */
    timestamp lag;     /* that its readings come after their own time; TIMESTAMP_NONE: unknown */
    timestamp usual;   /* the period before its pace changed */
    bool clock_off;    /* its clock is off by more than its period */
    enum status presence;
    timestamp presence_since, first_seen, last_seen, session_start, period;
    uint64_t messages, malformed;
    int last_qos;
    bool last_retain;
    const char *last_text;
    const void *payload; /* of the topic's last message, as it came: NOT sanitised; never NULL */
    size_t payload_len;  /* bytes of it that were kept */
    size_t payload_bytes;
    const struct reading_row *readings; /* the newest first */
    uint32_t reading_count;
    uint32_t reading_total; /* that are kept */
    unsigned fact_count;
    const struct fact *facts;
};

struct snapshot {
    struct snapshot_request request; /* as answered: selection, scroll and move resolved */
    timestamp now;                   /* the moment shown: request.as_of or request.now */
    uint32_t total_rows, selected_row;
    uint32_t matches, all; /* rows that the filter lets through, and without it */
    bool found;            /* by request.find */
    bool unfolded;         /* it was in a fold: request.folded are the folds without it */
    uint32_t row_count;
    struct row *rows;
    struct card card;
    struct group_card group;
    uint32_t event_count;
    struct event *events;                /* newest first */
    uint32_t events_newer;               /* above these, of those that the filter lets through: */
    uint32_t event_matches, event_all;   /* so many of so many in the log */
    uint64_t event_total;                /* id of the newest event */
    uint32_t event_hours[JOURNAL_HOURS]; /* all events of each hour, the last one's still comes */
    timestamp oldest; /* reading that is kept of a series above; TIMESTAMP_NONE: none */
    struct fleet_totals totals;
    uint32_t history_limit_kb; /* the memory budget */
    struct arena arena;
};

struct order_entry {
    double key; /* smaller comes first; infinite where unknown, so those come last */
    uint32_t rank, series;
};

/* The twins without a series. */
struct snapshot_twins {
    uint32_t *list; /* all of them */
    uint32_t count, room;
    uint32_t known; /* so many twins of the fleet have been looked at */
    struct order_entry *entries;
    uint32_t listed; /* of those that pass the filter */
};

/* Which series a filter lets through, by series: what only names and units decide is remembered,
 * the rest is asked anew for each frame. */
struct snapshot_filter {
    struct query query; /* the one that the bits below are for; no terms: everything passes */
    uint8_t *fixed, *passes;
    uint32_t known, room;
    uint32_t turn; /* the next series whose slow terms are asked again */
};

/* What was said of each series when a moment was first shown: a pause changes nothing. */
struct snapshot_held {
    timestamp moment; /* TIMESTAMP_NONE: none */
    uint32_t count, room;
    struct held {
        double z, low, high;
        enum state state;
        bool valid; /* not heard since */
    } * list;       /* by series */
};

/* The sorted rows of the last time, mended rather than sorted anew. Scratch memory that the caller
 * keeps between calls, zeroed at first, always used with the same fleet. */
struct snapshot_order {
    uint32_t *rows; /* in the order shown, headings of groups among them */
    uint32_t count; /* rows shown */
    uint32_t *list; /* the rows that pass the filter, sorted */
    uint32_t listed;
    uint32_t *names; /* all series in natural order of their names */
    uint32_t *ranks; /* by series: its place in names */
    double *keys;    /* by series */
    struct order_entry *entries, *spare;
    uint32_t known, room; /* series in names; room of each array */
    enum sort_key sort;
    bool descending;
    uint32_t turn;    /* the next series whose slow key is found out again */
    timestamp mended; /* when the rows were put in order; TIMESTAMP_NONE: it is due */
    struct snapshot_filter filter;
    struct snapshot_twins twins;
    struct tree tree;
    struct snapshot_held held;
    uint32_t rows_room, list_room;
};

/* Fills a zeroed or used snapshot. Rows with equal keys keep the order of their names: twin,
 * series, topic, numbers in them by value. SORT_STATE goes by urgency (ok least, anomaly most),
 * SORT_Z by |z|, SORT_AGE from young to old, SORT_ETA from soon to late, SORT_UNIT by its first
 * letters; what has no such value comes last in either direction. With more than 10,000 series keys
 * may be up to four frames late, and those of SORT_SD, SORT_MIN, SORT_MAX, SORT_UNIT and SORT_ETA
 * with more than 1,000 up to sixteen.
 * Shown as of a moment, rows stay where they are. In sparklines and chart a series that is not late
 * holds its last value through buckets without a reading of their own; their ends are multiples of
 * a bucket's width, so that a value does not wander between buckets as time goes on. As of a moment
 * before its first reading a row's value is NAN and its count 0. */
void snapshot_take(const struct fleet *fleet, const struct snapshot_request *request,
                   struct snapshot_order *order, struct snapshot *out);
void snapshot_fini(struct snapshot *snapshot);
void snapshot_order_fini(struct snapshot_order *order);

/* The next (step 1) or previous (-1) anomaly or bookmark from event id `from` (0: the newest); with
 * a filter the next event that passes it, whatever it is. *id gets the event's id, or stays if
 * there is none. Returns its row as snapshot_event_row() does. */
uint32_t snapshot_hop(const struct fleet *fleet, const struct query *filter, timestamp now,
                      int step, uint64_t from, uint64_t *id);

/* The row that an event is about: ROW_ID() of its series, of its twin's first one, of a twin that
 * has none; ROW_NONE. */
uint32_t snapshot_event_row(const struct fleet *fleet, const struct event *event);

#endif
