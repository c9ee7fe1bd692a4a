#include "unit/suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/random.h"
#include "core/snapshot.h"
#include "core/snapshot_order.h"
#include "unit/build.h"

#define SECOND TIMESTAMP_SECOND
#define START (1700000000 * SECOND)

static struct fleet *fleet;
static struct batch batch;
static struct snapshot snapshot;
static struct snapshot_order order;
static struct snapshot_request request;
static timestamp now;

static void start(void)
{
    fleet = fleet_new(&(struct fleet_options){0});
    now = START;
    request = (struct snapshot_request){.now = now,
                                        .as_of = TIMESTAMP_NONE,
                                        .selected = SNAPSHOT_NO_SERIES,
                                        .rows = 5,
                                        .spark_columns = 10,
                                        .span = 100 * SECOND,
                                        .chart_columns = 20,
                                        .events = 10};
}

static void stop(void)
{
    snapshot_fini(&snapshot);
    snapshot_order_fini(&order);
    fleet_free(fleet);
    batch_fini(&batch);
}

static void ingest(void)
{
    fleet_ingest(fleet, &batch, NULL);
    batch_reset(&batch);
}

static void reading(const char *twin, double value)
{
    char topic[64];
    snprintf(topic, sizeof topic, "plant/%s", twin);
    build_reading(&batch, topic, twin, "x", "Celsius", value, now);
    ingest();
}

/* Twins T1 to Tn, in an order that is none; Tk has the value k. */
static void make_twins(int n)
{
    for (int i = 0; i < n; i++) {
        char name[16];
        int k = (i * 7) % n + 1;
        snprintf(name, sizeof name, "T%d", k);
        reading(name, k);
    }
}

/* count readings of T1, each 2 s after the one before, about 20. */
static void regular(int count)
{
    for (int i = 0; i < count; i++) {
        now += 2 * SECOND;
        reading("T1", 20 + 0.1 * (i % 3));
    }
}

static void take(void)
{
    request.now = now;
    snapshot_take(fleet, &request, &order, &snapshot);
    request = snapshot.request;
}

static void assert_row(uint32_t i, const char *twin)
{
    ck_assert_uint_lt(i, snapshot.row_count);
    ck_assert_str_eq(snapshot.rows[i].twin, twin);
}

START_TEST(an_empty_fleet)
{
    take();
    ck_assert(snapshot.total_rows == 0 && snapshot.row_count == 0 && snapshot.event_count == 0);
    ck_assert(!snapshot.card.valid && request.selected == SNAPSHOT_NO_SERIES);
    request.move = MOVE_END;
    take();
    ck_assert_uint_eq(snapshot.row_count, 0);
}
END_TEST

START_TEST(names_sort_naturally)
{
    ck_assert_int_lt(natural_compare("s2", "s10"), 0);
    ck_assert_int_gt(natural_compare("s10x", "s10"), 0);
    ck_assert_int_lt(natural_compare("a1b2", "a1b10"), 0);
    ck_assert_int_lt(natural_compare("a9", "b1"), 0);
    ck_assert_int_eq(natural_compare("same7", "same7"), 0);
    ck_assert_int_ne(natural_compare("s01", "s1"), 0);
    ck_assert_int_lt(natural_compare("s99999999999999999998", "s99999999999999999999"), 0);
    ck_assert_int_lt(natural_compare("", "0"), 0);
    make_twins(12);
    take();
    assert_row(0, "T1");
    assert_row(4, "T5");
    ck_assert_uint_eq(snapshot.total_rows, 12);
    ck_assert_uint_eq(snapshot.row_count, 5);
    request.rows = UINT32_MAX;
    request.descending = true;
    take();
    assert_row(0, "T12");
    assert_row(11, "T1");
}
END_TEST

START_TEST(new_series_find_their_place)
{
    make_twins(6);
    take();
    reading("T10", 1);
    reading("T0", 1);
    reading("T3b", 1);
    request.rows = UINT32_MAX;
    take();
    static const char *const expected[] = {"T0", "T1", "T2", "T3", "T3b", "T4", "T5", "T6", "T10"};
    for (uint32_t i = 0; i < 9; i++)
        assert_row(i, expected[i]);
    ck_assert_str_eq(snapshot.card.row.twin, "T1"); /* still the one that was selected */
    ck_assert_uint_eq(snapshot.selected_row, 1);
}
END_TEST

START_TEST(moving_and_scrolling)
{
    make_twins(20);
    take();
    ck_assert_str_eq(snapshot.card.row.twin, "T1");
    request.move = 4;
    take();
    ck_assert_str_eq(snapshot.card.row.twin, "T5");
    ck_assert_uint_eq(request.first_row, 0);
    ck_assert_int_eq(request.move, 0);
    request.move = 1;
    take();
    ck_assert_uint_eq(request.first_row, 1);
    assert_row(4, "T6");
    request.move = -3;
    take();
    ck_assert_uint_eq(request.first_row, 1); /* still in sight */
    request.move = MOVE_END;
    take();
    ck_assert(snapshot.selected_row == 19 && request.first_row == 15);
    request.move = 100;
    take();
    ck_assert_uint_eq(snapshot.selected_row, 19);
    request.move = -5;
    take();
    ck_assert(snapshot.selected_row == 14 && request.first_row == 14);
    request.move = MOVE_HOME;
    take();
    ck_assert(snapshot.selected_row == 0 && request.first_row == 0);
}
END_TEST

START_TEST(scroll_follows_the_window_size)
{
    make_twins(20);
    request.move = MOVE_END;
    take();
    request.rows = 10;
    take();
    ck_assert(request.first_row == 10 && snapshot.row_count == 10);
    request.rows = 2;
    take();
    ck_assert(request.first_row == 18 && snapshot.row_count == 2);
    request.rows = 0;
    take();
    ck_assert_uint_eq(snapshot.row_count, 0);
    ck_assert(snapshot.card.valid);
    request.rows = 30;
    take();
    ck_assert(request.first_row == 0 && snapshot.row_count == 20);
}
END_TEST

START_TEST(selection_stays_with_its_series)
{
    make_twins(9);
    request.sort = SORT_VALUE;
    request.move = 2;
    take();
    ck_assert_str_eq(snapshot.card.row.twin, "T3");
    reading("T3", 100);
    take();
    ck_assert_str_eq(snapshot.card.row.twin, "T3");
    ck_assert_uint_eq(snapshot.selected_row, 8);
    ck_assert_uint_eq(request.first_row, 4);
}
END_TEST

START_TEST(sorts_by_value_both_ways)
{
    make_twins(12);
    request.sort = SORT_VALUE;
    request.descending = true;
    take();
    assert_row(0, "T12");
    request.descending = false;
    request.move = MOVE_HOME; /* the selected row has gone to the end, and the table with it */
    take();
    assert_row(0, "T1");
}
END_TEST

START_TEST(unknown_comes_last_and_ties_go_by_name)
{
    make_twins(4);
    regular(12);
    request.sort = SORT_Z;
    take();
    assert_row(0, "T1");
    assert_row(1, "T2");
    assert_row(2, "T3");
    request.descending = true;
    take();
    assert_row(0, "T1");
    assert_row(1, "T2");
    assert_row(3, "T4");
}
END_TEST

/* T2 climbs quicker than T1, T3 stands still, T4 sends no more. */
static void climb(int count)
{
    for (int i = 0; i < count; i++) {
        now += 2 * SECOND;
        reading("T1", i + (i % 2 ? 0.2 : -0.2));
        reading("T2", 3 * (i + (i % 2 ? 0.2 : -0.2)) * (1 + i / 400.0));
        reading("T3", i % 2);
        if (i < count - 20)
            reading("T4", i);
    }
}

START_TEST(sorts_by_what_comes_first)
{
    fleet_free(fleet); /* a band of three deviations, whose edge a ramp never comes near */
    fleet = fleet_new(&(struct fleet_options){.detector = &detector_lab});
    climb(300);
    request.sort = SORT_ETA;
    take();
    for (int i = 0; i < 2; i++) {
        const struct row *row = &snapshot.rows[i];
        ck_assert(row->has_eta && row->eta > 0 && row->eta_spread >= 0);
        ck_assert_double_gt(row->eta_limit, row->value);
    }
    ck_assert_int_le(snapshot.rows[0].eta, snapshot.rows[1].eta);
    ck_assert(!snapshot.rows[2].has_eta && !snapshot.rows[3].has_eta);
    assert_row(2, "T3");
    assert_row(3, "T4");
    request.as_of = now - 10 * SECOND; /* what was to come then is known now */
    take();
    ck_assert(!snapshot.rows[0].has_eta);
    ck_assert_uint_eq(snapshot.card.ahead_count, 0);
}
END_TEST

START_TEST(the_chart_looks_ahead)
{
    climb(300);
    request.chart_columns = 50; /* of 2 s, so that 10 look ahead */
    take();
    const struct card *card = &snapshot.card;
    ck_assert_str_eq(card->row.twin, "T1");
    ck_assert_uint_eq(card->ahead_count, 10);
    ck_assert_float_lt(card->skill, 0.5f);
    for (unsigned i = 0; i < card->ahead_count; i++) {
        ck_assert_double_le(card->ahead[i].low, card->ahead[i].value);
        ck_assert_double_ge(card->ahead[i].high, card->ahead[i].value);
        /* Its bucket's middle lies 1 to 3 s after the last reading's, and so on. */
        ck_assert_double_eq_tol(card->ahead[i].value, card->row.value + 1 + i, 0.8);
    }
    request.span = 200 * SECOND;                       /* 60 readings are 30 buckets */
    for (int i = 0; i < 40; i++, now += SECOND / 10) { /* nothing trembles between two readings */
        take();
        ck_assert_uint_eq(snapshot.card.ahead_count, 10);
    }
    now -= 4 * SECOND;
    request.span = 3600 * SECOND; /* 60 readings are less than two buckets */
    take();
    ck_assert_uint_le(snapshot.card.ahead_count, 2);
    now += 60 * SECOND;
    fleet_tick(fleet, now, NULL);
    take(); /* not live */
    ck_assert_uint_eq(snapshot.card.ahead_count, 0);
}
END_TEST

START_TEST(the_card_tells_of_timing)
{
    for (int i = 0; i < 40; i++) {
        now += 2 * SECOND;
        build_message(&batch, "plant/T1", now);
        build_value(&batch, "T1", "x", "value", i % 3, now - SECOND / 4);
        ingest();
    }
    now += 7 * SECOND;
    fleet_tick(fleet, now, NULL);
    take();
    const struct card *card = &snapshot.card;
    ck_assert_int_eq(card->lag / 1000, 250);
    ck_assert_int_eq(card->period, 2 * SECOND);
    ck_assert_int_eq(card->beat, BEAT_LATE);
    ck_assert_int_eq(card->silence, 7 * SECOND);
    ck_assert(!card->clock_off && card->pace == PACE_USUAL);
}
END_TEST

START_TEST(sorts_by_urgency)
{
    make_twins(3);
    regular(12);
    reading("T1", 99);
    build_presence(&batch, "plant/T2/status", "T2", STATUS_OFFLINE, now);
    ingest();
    request.sort = SORT_STATE;
    request.descending = true;
    take();
    assert_row(0, "T1");
    assert_row(1, "T2");
    assert_row(2, "T3");
    ck_assert_int_eq(snapshot.rows[1].state, STATE_OFFLINE);
}
END_TEST

/* Mending must give what sorting anew gives, whatever changed. */
START_TEST(mended_order_is_the_sorted_order)
{
    struct random random;
    random_init(&random, 3);
    make_twins(300);
    request.rows = UINT32_MAX;
    for (int round = 0; round < 60; round++) {
        int changes = round % 3 == 0 ? 300 : 5;
        for (int i = 0; i < changes; i++) {
            char name[16];
            snprintf(name, sizeof name, "T%d",
                     (int)(random_next(&random) % (300 + (unsigned)round)));
            reading(name, (double)(random_next(&random) % 50));
        }
        request.sort = round / 10 % 2 ? SORT_VALUE : SORT_MEAN;
        request.descending = round / 20 % 2;
        take();
        for (uint32_t i = 1; i < snapshot.row_count; i++) {
            const struct row *a = &snapshot.rows[i - 1], *b = &snapshot.rows[i];
            double difference =
                request.sort == SORT_VALUE ? b->value - a->value : b->mean - a->mean;
            if (request.descending)
                difference = -difference;
            ck_assert(difference >= -1e-9);
            if (request.sort == SORT_VALUE && difference == 0)
                ck_assert_int_lt(natural_compare(a->twin, b->twin), 0);
        }
    }
}
END_TEST

START_TEST(a_row_tells_all)
{
    regular(60);
    now += SECOND;
    take();
    const struct row *row = &snapshot.rows[0];
    const struct series *series = fleet_series(fleet, 0);
    struct window_stats stats = window_stats(&series->window);
    ck_assert_str_eq(row->name, "x");
    ck_assert_str_eq(row->unit, "Celsius");
    ck_assert(row->mean == stats.mean && row->stdev == stats.stdev && row->max == stats.max);
    ck_assert(row->has_z && row->z == series->verdict.z);
    ck_assert_double_eq_tol(row->rate, 0.5, 1e-9);
    ck_assert_int_eq(row->age, SECOND);
    ck_assert_int_eq(row->state, STATE_OK);
    ck_assert(row->count == 60 && row->since_anomaly == TIMESTAMP_NONE);
    const struct card *card = &snapshot.card;
    ck_assert_str_eq(card->topic, "plant/T1");
    ck_assert(card->has_band && card->low < 20.1 && card->high > 20.1);
    ck_assert_int_eq(card->period, 2 * SECOND);
    ck_assert_uint_eq(card->messages, 60);
    ck_assert_str_eq(card->reason, "");
    reading("T1", 99);
    take();
    ck_assert_int_eq(snapshot.card.row.since_anomaly, 0);
    ck_assert_ptr_nonnull(strstr(snapshot.card.reason, "spike: 99"));
}
END_TEST

START_TEST(a_card_says_who_voted)
{
    fleet_free(fleet);
    fleet =
        fleet_new(&(struct fleet_options){.detector = &detector_auto, .beside = {&detector_lab}});
    for (int i = 0; i < 300; i++)
        reading("T1", 20 + 0.1 * (i * 37 % 13));
    reading("T1", 40);
    take();
    const struct card *card = &snapshot.card;
    ck_assert_uint_eq(card->votes[VOTER_STUCK], 0);
    ck_assert_uint_ge(card->votes[VOTER_SPIKE], 20);
    ck_assert_uint_eq(card->detector_count, 2);
    ck_assert_str_eq(card->detectors[0].name, "auto");
    ck_assert_str_eq(card->detectors[1].name, "lab");
    ck_assert_uint_eq(card->detectors[1].anomalies, 1);
    ck_assert_int_eq(card->detector_size, DETECTOR_FULL);
}
END_TEST

START_TEST(a_retained_value_has_no_age)
{
    build_retained(&batch, "plant/T1", "T1", "x", "", 5, now);
    ingest();
    take();
    ck_assert_int_eq(snapshot.rows[0].age, TIMESTAMP_NONE);
    ck_assert(!snapshot.rows[0].has_z && snapshot.rows[0].value == 5);
    request.as_of = now;
    take();
    ck_assert_int_eq(snapshot.rows[0].age, TIMESTAMP_NONE);
    ck_assert(snapshot.rows[0].value == 5);
}
END_TEST

START_TEST(facts_are_copied)
{
    build_lab(&batch, "plant/T1", "T1", "x", "", 5, now);
    ingest();
    take();
    ck_assert_uint_eq(snapshot.card.fact_count, 3);
    ck_assert_str_eq(snapshot.card.facts[0].text, "Lab Environment");
    ck_assert(snapshot.card.facts[0].text != fleet_twin(fleet, 0)->facts[0].text);
}
END_TEST

/* Buckets of 10 s: a 2 s sensor fills all; after a stop its last value is held until it is late,
 * then there is silence. */
START_TEST(sparklines_hold_values_and_show_silence)
{
    regular(100);
    take();
    for (int i = 0; i < 10; i++)
        ck_assert_uint_gt(snapshot.rows[0].spark[i].count, 0);
    double last = fleet_series(fleet, 0)->value;
    now += 5 * SECOND;
    take();
    ck_assert(snapshot.rows[0].spark[9].last == last);
    now += 45 * SECOND;
    take();
    const struct bucket *spark = snapshot.rows[0].spark;
    ck_assert_uint_gt(spark[3].count, 0);
    for (int i = 6; i < 10; i++)
        ck_assert_uint_eq(spark[i].count, 0);
}
END_TEST

START_TEST(slow_sensors_have_no_holes)
{
    for (int i = 0; i < 20; i++) {
        now += 30 * SECOND;
        reading("T1", i);
    }
    for (int step = 0; step < 30; step++, now += SECOND) {
        take();
        for (int i = 0; i < 20; i++)
            ck_assert_uint_gt(snapshot.card.chart[i].count, 0);
    }
}
END_TEST

/* The same sample stays with the same neighbours while time goes on. */
START_TEST(buckets_do_not_shimmer)
{
    regular(99);
    now += 2 * SECOND;
    reading("T1", 77);
    int width = 10, at = -1;
    for (int step = 0; step < 30; step++, now += SECOND) {
        take();
        for (int i = 0; i < width; i++)
            if (snapshot.rows[0].spark[i].max == 77 && snapshot.rows[0].spark[i].min != 77)
                at = i;
        ck_assert_uint_eq(snapshot.rows[0].spark[at].count, 5);
    }
}
END_TEST

START_TEST(as_it_was)
{
    regular(30);
    timestamp then = now;
    double value_then = fleet_series(fleet, 0)->value;
    double z_then = fleet_series(fleet, 0)->verdict.z;
    take();
    double mean_then = snapshot.rows[0].mean;
    reading("T2", 5);
    regular(40);
    reading("T1", 500);
    request.as_of = then + SECOND;
    take();
    ck_assert_int_eq(snapshot.now, then + SECOND);
    const struct row *row = &snapshot.rows[0];
    ck_assert(row->value == value_then && row->mean == mean_then);
    ck_assert_double_eq_tol(row->z, z_then, 1e-12);
    ck_assert_int_eq(row->age, SECOND);
    ck_assert_int_eq(row->state, STATE_OK);
    ck_assert_uint_eq(snapshot.event_count, 0);
    ck_assert_str_eq(snapshot.card.reason, "");
    ck_assert_uint_eq(snapshot.total_rows, 1); /* T2 was not there yet */
    for (int i = 0; i < 10; i++)
        ck_assert(row->spark[i].max < 21);
    request.as_of = START - SECOND;
    take();
    ck_assert(isnan(snapshot.rows[0].value) && !snapshot.rows[0].has_z);
    ck_assert_uint_eq(snapshot.rows[0].count, 0);
    request.as_of = TIMESTAMP_NONE;
    take();
    ck_assert_uint_eq(snapshot.total_rows, 2);
    ck_assert_uint_eq(snapshot.event_count, 1);
}
END_TEST

START_TEST(the_past_knows_anomalies_and_silence)
{
    regular(30);
    now += 2 * SECOND;
    reading("T1", 99);
    timestamp spike = now;
    regular(5);
    request.as_of = spike + SECOND;
    take();
    ck_assert_int_eq(snapshot.rows[0].state, STATE_ANOMALY);
    ck_assert_int_eq(snapshot.rows[0].since_anomaly, SECOND);
    ck_assert_ptr_nonnull(strstr(snapshot.card.reason, "spike"));
    now += 100 * SECOND;
    request.as_of = now - SECOND;
    take();
    ck_assert_int_eq(snapshot.rows[0].state, STATE_LOST);
}
END_TEST

/* Each frame finds out a share of the keys: with so many series it takes a few to be right. */
START_TEST(many_rows_are_in_order_within_four_frames)
{
    fleet_free(fleet);
    fleet = fleet_new(&(struct fleet_options){.detector = &detector_lab});
    make_twins(20000);
    request.sort = SORT_VALUE;
    take();
    assert_row(0, "T1");
    reading("T20", -5);
    reading("T19000", -4);
    for (int i = 0; i < 4; i++)
        take();
    assert_row(0, "T20");
    assert_row(1, "T19000");
    assert_row(2, "T1");
}
END_TEST

/* Its z, state and band are the detector's, and stay so whatever comes. */
START_TEST(a_pause_changes_nothing)
{
    struct random random;
    random_init(&random, 1);
    for (int i = 0; i < 300; i++) {
        now += 2 * SECOND;
        reading("T1", 20 + random_normal(&random));
    }
    for (int i = 0; i < 40; i++) {
        now += 2 * SECOND;
        reading("T1", 20.5);
    }
    take();
    struct row live = snapshot.rows[0];
    double low = snapshot.card.low, high = snapshot.card.high;
    ck_assert_int_eq(live.state, STATE_STUCK);
    request.as_of = now;
    for (int i = 0; i < 3; i++) {
        take();
        ck_assert_int_eq(snapshot.rows[0].state, live.state);
        ck_assert(snapshot.rows[0].z == live.z && snapshot.rows[0].has_z == live.has_z);
        ck_assert(snapshot.card.low == low && snapshot.card.high == high);
        now += 2 * SECOND;
        reading("T1", 30 + i);
        reading("T2", 1);
    }
    request.as_of = now - 4 * SECOND; /* what was said then is not known: the window's z */
    take();
    ck_assert_double_eq(snapshot.rows[0].value, 30);
    request.as_of = TIMESTAMP_NONE;
    take();
    ck_assert_double_eq(snapshot.rows[0].value, 32);
}
END_TEST

START_TEST(rows_stay_put_while_paused)
{
    make_twins(5);
    request.sort = SORT_VALUE;
    take();
    request.as_of = now;
    take();
    reading("T1", 1000);
    take();
    assert_row(0, "T1");
    request.as_of = TIMESTAMP_NONE;
    take();
    assert_row(4, "T1");
}
END_TEST

START_TEST(events_newest_first_with_skip)
{
    for (int i = 0; i < 30; i++) {
        char text[16];
        snprintf(text, sizeof text, "note %d", i);
        fleet_note(fleet, now + i, EVENT_NOTE, "me", text);
    }
    now += SECOND;
    take();
    ck_assert_uint_eq(snapshot.event_count, 10);
    ck_assert_str_eq(snapshot.events[0].text, "note 29");
    ck_assert_uint_eq(snapshot.event_total, 30);
    request.events_scroll = 15;
    take();
    ck_assert_uint_eq(snapshot.event_count, 10);
    ck_assert_str_eq(snapshot.events[0].text, "note 14");
    ck_assert_uint_eq(snapshot.events_newer, 15);
    request.as_of = START + 9;
    request.events_scroll = 0;
    take();
    ck_assert_str_eq(snapshot.events[0].text, "note 9");
    ck_assert_uint_eq(snapshot.event_total, 30);
}
END_TEST

START_TEST(hops_between_anomalies)
{
    uint64_t id = 0;
    ck_assert_uint_eq(snapshot_hop(fleet, NULL, now, -1, 0, &id), SNAPSHOT_NO_SERIES);
    regular(20);
    reading("T1", 99); /* event 1 */
    fleet_note(fleet, now, EVENT_NOTE, "me", "between");
    regular(60);
    reading("T1", 99); /* event 3 */
    fleet_note(fleet, now, EVENT_NOTE, "me", "after");
    ck_assert_uint_eq(snapshot_hop(fleet, NULL, now, 1, 0, &id), 0);
    ck_assert_uint_eq(id, 3);
    ck_assert_uint_eq(snapshot_hop(fleet, NULL, now, -1, id, &id), 0);
    ck_assert_uint_eq(id, 1);
    ck_assert_uint_eq(snapshot_hop(fleet, NULL, now, -1, id, &id), SNAPSHOT_NO_SERIES);
    ck_assert_uint_eq(snapshot_hop(fleet, NULL, now, 1, id, &id), 0);
    ck_assert_uint_eq(id, 3);
    ck_assert_uint_eq(snapshot_hop(fleet, NULL, now, 1, id, &id), SNAPSHOT_NO_SERIES);
    ck_assert_uint_eq(id, 3);
}
END_TEST

START_TEST(nothing_to_draw)
{
    regular(20);
    request.spark_columns = request.chart_columns = request.events = 0;
    request.span = 0;
    take();
    ck_assert_uint_eq(snapshot.row_count, 1);
    request.spark_columns = 4;
    take();
    ck_assert_uint_eq(snapshot.rows[0].spark[3].count, 0);
}
END_TEST

START_TEST(orders_by_statistics_and_units)
{
    make_twins(4);
    for (int i = 0; i < 3; i++) { /* T2 swings most, T3 a little */
        now += 2 * SECOND;
        reading("T2", i % 2 ? 50 : -50);
        reading("T3", 3 + 0.1 * i);
    }
    request.sort = SORT_SD;
    request.descending = true;
    take();
    assert_row(0, "T2");
    assert_row(1, "T3");
    request.sort = SORT_MIN;
    request.descending = false;
    take();
    assert_row(0, "T2");
    assert_row(1, "T1");
    request.sort = SORT_MAX;
    take();
    assert_row(0, "T1");
    assert_row(3, "T2");
    request.sort = SORT_UNIT;
    take();
    assert_row(0, "T1");
    ck_assert_uint_eq(snapshot.row_count, 4);
}
END_TEST

/* More series than a frame finds slow keys out for. */
START_TEST(slow_keys_come_right_within_some_frames)
{
    make_twins(2500);
    request.sort = SORT_MAX;
    request.descending = true;
    take();
    assert_row(0, "T2500");
    reading("T7", 9999);
    for (int i = 0; i < 16; i++)
        take();
    assert_row(0, "T7");
}
END_TEST

static void presence(const char *name, enum status what)
{
    char topic[64];
    snprintf(topic, sizeof topic, "digital_twin/lab/sensor/%s/status", name);
    batch_reset(&batch);
    build_presence(&batch, topic, name, what, now);
    fleet_ingest(fleet, &batch, NULL);
}

START_TEST(twins_without_a_series_have_rows)
{
    request.rows = UINT32_MAX;
    request.twins = true;
    presence("T2", STATUS_OFFLINE);
    presence("T10", STATUS_ONLINE);
    take();
    ck_assert_uint_eq(snapshot.total_rows, 2);
    assert_row(0, "T2");
    ck_assert(ROW_KIND(snapshot.rows[0].id) == ROW_TWIN && isnan(snapshot.rows[0].value));
    ck_assert_int_eq(snapshot.rows[0].state, STATE_OFFLINE);
    ck_assert(!snapshot.card.valid && request.selected == SNAPSHOT_NO_SERIES);
    reading("T1", 5);
    reading("T3", 5);
    now += 5 * SECOND;
    take();
    assert_row(0, "T1");
    assert_row(1, "T2");
    assert_row(3, "T10");
    ck_assert_uint_eq(snapshot.selected_row, 1); /* still T2 */
    ck_assert_int_eq(snapshot.rows[1].age, 5 * SECOND);
    request.descending = true;
    take();
    assert_row(0, "T10");
    assert_row(2, "T2");
    request.sort = SORT_STATE;
    take();
    assert_row(0, "T2"); /* offline; learning; fine */
    request.sort = SORT_VALUE;
    take();
    assert_row(2, "T2"); /* what has no value comes last */
    reading("T2", 7);
    take();
    ck_assert_uint_eq(snapshot.total_rows, 4);
    ck_assert_uint_eq(snapshot.all, 4);
    ck_assert_int_eq(snapshot.rows[3].state, STATE_OK); /* T10 */
    request.twins = false;
    take();
    ck_assert_uint_eq(snapshot.total_rows, 3);
}
END_TEST

START_TEST(a_filter_asks_twins_too)
{
    struct query query;
    char error[100];
    request.twins = true;
    presence("T2", STATUS_OFFLINE);
    reading("T1", 5);
    ck_assert(query_parse(&query, "state=offline", error, sizeof error));
    request.filter = &query;
    take();
    ck_assert_uint_eq(snapshot.matches, 1);
    ck_assert_uint_eq(snapshot.all, 2);
    assert_row(0, "T2");
    ck_assert(query_parse(&query, "value>1", error, sizeof error));
    take();
    assert_row(0, "T1");
    ck_assert_uint_eq(snapshot.row_count, 1);
}
END_TEST

Suite *snapshot_suite(void)
{
    Suite *suite = suite_create("snapshot");
    TCase *tests = tcase_create("snapshot");
    tcase_add_checked_fixture(tests, start, stop);
    tcase_add_test(tests, an_empty_fleet);
    tcase_add_test(tests, names_sort_naturally);
    tcase_add_test(tests, twins_without_a_series_have_rows);
    tcase_add_test(tests, a_filter_asks_twins_too);
    tcase_add_test(tests, orders_by_statistics_and_units);
    tcase_add_test(tests, slow_keys_come_right_within_some_frames);
    tcase_add_test(tests, new_series_find_their_place);
    tcase_add_test(tests, moving_and_scrolling);
    tcase_add_test(tests, scroll_follows_the_window_size);
    tcase_add_test(tests, selection_stays_with_its_series);
    tcase_add_test(tests, sorts_by_value_both_ways);
    tcase_add_test(tests, unknown_comes_last_and_ties_go_by_name);
    tcase_add_test(tests, sorts_by_what_comes_first);
    tcase_add_test(tests, the_chart_looks_ahead);
    tcase_add_test(tests, the_card_tells_of_timing);
    tcase_add_test(tests, sorts_by_urgency);
    tcase_add_test(tests, mended_order_is_the_sorted_order);
    tcase_add_test(tests, a_row_tells_all);
    tcase_add_test(tests, a_card_says_who_voted);
    tcase_add_test(tests, a_retained_value_has_no_age);
    tcase_add_test(tests, facts_are_copied);
    tcase_add_test(tests, sparklines_hold_values_and_show_silence);
    tcase_add_test(tests, slow_sensors_have_no_holes);
    tcase_add_test(tests, buckets_do_not_shimmer);
    tcase_add_test(tests, as_it_was);
    tcase_add_test(tests, the_past_knows_anomalies_and_silence);
    tcase_add_test(tests, rows_stay_put_while_paused);
    tcase_add_test(tests, many_rows_are_in_order_within_four_frames);
    tcase_add_test(tests, a_pause_changes_nothing);
    tcase_add_test(tests, events_newest_first_with_skip);
    tcase_add_test(tests, hops_between_anomalies);
    tcase_add_test(tests, nothing_to_draw);
    suite_add_tcase(suite, tests);
    return suite;
}
