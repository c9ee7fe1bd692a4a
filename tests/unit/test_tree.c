/* The tree of the table: mended arrangements, sums, searches in folds. */
#include "unit/suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/random.h"
#include "core/snapshot.h"
#include "unit/build.h"
#include "unit/stage.h"

static struct fleet *fleet;
static struct batch batch;
static struct bits folded;
static struct query filter;
static struct random dice;
static timestamp now;

static void start(void)
{
    fleet = fleet_new(&(struct fleet_options){0});
    now = 1700000000 * TIMESTAMP_SECOND;
    random_init(&dice, 7);
}

static void stop(void)
{
    bits_fini(&folded);
    batch_fini(&batch);
    fleet_free(fleet);
}

static unsigned below(unsigned limit)
{
    return (unsigned)(random_uniform(&dice) * limit);
}

static void reading(unsigned sensor, double value)
{
    char topic[64], name[16];
    snprintf(name, sizeof name, "s%u", sensor);
    snprintf(topic, sizeof topic, "site/hall%u/line%u/%s", sensor % 7, sensor % 31, name);
    build_reading(&batch, topic, name, "x", "m", value, now);
    fleet_ingest(fleet, &batch, NULL);
    batch_reset(&batch);
}

static struct snapshot_request request_of(enum sort_key sort, const char *text)
{
    char error[100];
    ck_assert(query_parse(&filter, text, error, sizeof error));
    return (struct snapshot_request){.now = now,
                                     .as_of = TIMESTAMP_NONE,
                                     .selected = SNAPSHOT_NO_SERIES,
                                     .other_row = ROW_NONE,
                                     .rows = UINT32_MAX,
                                     .sort = sort,
                                     .tree = true,
                                     .twins = true,
                                     .folded = &folded,
                                     .filter = &filter};
}

static void assert_same(const struct snapshot *a, const struct snapshot *b)
{
    ck_assert_uint_eq(a->row_count, b->row_count);
    for (uint32_t i = 0; i < a->row_count; i++) {
        const struct row *x = &a->rows[i], *y = &b->rows[i];
        ck_assert_str_eq(x->twin, y->twin);
        ck_assert_uint_eq(ROW_KIND(x->id), ROW_KIND(y->id));
        ck_assert_uint_eq(x->rows, y->rows);
        ck_assert_uint_eq(x->depth, y->depth);
        ck_assert_int_eq(x->state, y->state);
        ck_assert(fabs(x->rate - y->rate) < 1e-6);
    }
}

/* The same group tree, some of it folded: what is in a fold is missing, and nothing else. */
static void assert_folds(const struct snapshot *open, const struct snapshot *some)
{
    struct bits hidden = {0};
    uint32_t at = 0;
    for (uint32_t i = 0; i < open->row_count; i++) {
        const struct row *row = &open->rows[i];
        uint32_t above = ROW_INDEX(row->above);
        if (row->above != ROW_NONE && (bits_has(&folded, above) || bits_has(&hidden, above))) {
            if (ROW_KIND(row->id) == ROW_GROUP)
                bits_set(&hidden, ROW_INDEX(row->id), true);
            continue;
        }
        ck_assert_uint_lt(at, some->row_count);
        ck_assert_uint_eq(some->rows[at++].id, row->id);
    }
    ck_assert_uint_eq(at, some->row_count);
    bits_fini(&hidden);
}

/* Whatever is folded, filtered and sorted: the order that is kept is the one made anew. */
START_TEST(a_mended_tree_is_a_new_tree)
{
    static const char *const filters[] = {"", "s1", "value>50", "nothing", "hall3"};
    struct snapshot_order kept = {0};
    struct snapshot some = {0}, open = {0}, made = {0};
    struct bits none = {0};
    for (int round = 0; round < 150; round++) {
        struct snapshot_order anew = {0};
        now += TIMESTAMP_SECOND;
        for (int i = 0; i < 10; i++)
            reading(below(10 + 2 * (unsigned)round), below(100));
        fleet_tick(fleet, now, NULL);
        for (uint32_t i = 0; i < 4 && kept.tree.count > 0; i++)
            bits_set(&folded, below(kept.tree.count), below(2) == 0);
        struct snapshot_request request =
            request_of(below(2) ? SORT_VALUE : SORT_NAME, filters[below(10) < 6 ? 0 : below(5)]);
        snapshot_take(fleet, &request, &kept, &some);
        request.folded = &none;
        snapshot_take(fleet, &request, &kept, &open);
        snapshot_take(fleet, &request, &anew, &made);
        assert_same(&open, &made);
        assert_folds(&open, &some);
        snapshot_order_fini(&anew);
    }
    snapshot_fini(&some);
    snapshot_fini(&open);
    snapshot_fini(&made);
    snapshot_order_fini(&kept);
}
END_TEST

static const struct row *row_of(const struct snapshot *snapshot, const char *name)
{
    for (uint32_t i = 0; i < snapshot->row_count; i++)
        if (strcmp(snapshot->rows[i].twin, name) == 0)
            return &snapshot->rows[i];
    return NULL;
}

START_TEST(with_many_series_sums_come_within_some_frames)
{
    enum { MANY = 9000 };
    struct snapshot_order order = {0};
    struct snapshot snapshot = {0};
    for (int i = 0; i < 10; i++, now += TIMESTAMP_SECOND)
        for (unsigned sensor = 0; sensor < MANY; sensor++)
            reading(sensor, 1);
    struct snapshot_request request = request_of(SORT_NAME, "");
    for (int frame = 0; frame < 4; frame++)
        snapshot_take(fleet, &request, &order, &snapshot);
    ck_assert(fabs(row_of(&snapshot, "site")->rate - MANY) < 1);
    now += 600 * TIMESTAMP_SECOND;
    fleet_tick(fleet, now, NULL);
    request.now = now;
    for (int frame = 0; frame < 4; frame++)
        snapshot_take(fleet, &request, &order, &snapshot);
    ck_assert_int_eq(row_of(&snapshot, "site")->state, STATE_LOST);
    ck_assert(row_of(&snapshot, "site")->rate == 0);
    /* Not shown meanwhile: then all at once. */
    request.tree = false;
    snapshot_take(fleet, &request, &order, &snapshot);
    for (unsigned sensor = 0; sensor < MANY; sensor++)
        reading(sensor, 1);
    request.tree = true;
    snapshot_take(fleet, &request, &order, &snapshot);
    ck_assert(row_of(&snapshot, "site")->rate > MANY * 0.99);
    snapshot_fini(&snapshot);
    snapshot_order_fini(&order);
}
END_TEST

static struct stage stage;

static void open_stage(void)
{
    stage_open(&stage, 80, 40, false);
    for (int i = 0; i < 12; i++) {
        char topic[64], sensor[16];
        snprintf(sensor, sizeof sensor, "pump%d", i);
        snprintf(topic, sizeof topic, "site/hall%d/%s", i / 4, sensor);
        batch_reset(&stage.batch);
        build_reading(&stage.batch, topic, sensor, "x", "m", i, stage.now);
        engine_ingest(stage.engine, &stage.batch);
    }
    stage_key(&stage, 't');
    stage_key(&stage, 'g');
    stage_key(&stage, KEY_ARROW_LEFT); /* folds the site */
}

static void close_stage(void)
{
    stage_close(&stage);
}

static bool shows(const char *text)
{
    return stage_find(&stage, text) >= 0;
}

static void type(const char *text)
{
    while (*text)
        stage_key(&stage, (unsigned char)*text++);
}

START_TEST(a_search_opens_folds)
{
    ck_assert(shows("▸ site"));
    stage_key(&stage, '/');
    type("pump");
    ck_assert_str_eq(stage.snapshot.card.row.twin, "pump0");
    type("9");
    ck_assert(shows("▾ hall2"));
    ck_assert(shows("pump9/x"));
    ck_assert_str_eq(stage.snapshot.card.row.twin, "pump9");
    stage_key(&stage, KEY_ESC);
    ck_assert(shows("▸ site"));
    ck_assert(!shows("pump9/x"));
    stage_key(&stage, '/');
    type("pump9");
    stage_key(&stage, KEY_RETURN);
    ck_assert_str_eq(stage.snapshot.card.row.twin, "pump9");
    stage_key(&stage, KEY_ARROW_LEFT); /* to hall2 */
    stage_key(&stage, KEY_ARROW_LEFT); /* folds it */
    ck_assert(!shows("pump9/x"));
    stage_key(&stage, 'n');
    ck_assert(shows("▾ hall2"));
    ck_assert_str_eq(stage.snapshot.card.row.twin, "pump9");
}
END_TEST

START_TEST(the_next_match_may_be_folded)
{
    stage_key(&stage, '/');
    type("hall");
    stage_key(&stage, KEY_RETURN); /* headings match, too */
    ck_assert_uint_eq(ROW_KIND(stage.snapshot.request.other_row), ROW_GROUP);
    stage_key(&stage, KEY_ARROW_LEFT);
    ck_assert(shows("▸ hall0"));
    stage_key(&stage, '/');
    type("pump3");
    stage_key(&stage, KEY_RETURN);
    ck_assert(shows("▾ hall0"));
    stage_key(&stage, '/');
    type("pump");
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, 'n');
    ck_assert_str_eq(stage.snapshot.card.row.twin, "pump4");
    stage_key(&stage, 'N');
    ck_assert_str_eq(stage.snapshot.card.row.twin, "pump3");
}
END_TEST

static void quiet(const char *sensor, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        stage.now += TIMESTAMP_SECOND;
        stage_reading(&stage, sensor, "x", "m", 20 + 0.1 * (i % 3));
    }
}

START_TEST(the_selection_follows_alarms)
{
    quiet("alpha", 40);
    quiet("beta", 40);
    stage_draw(&stage);
    stage_key(&stage, 'W');
    ck_assert(shows("FOLLOW"));
    stage_reading(&stage, "beta", "x", "m", 900);
    stage_draw(&stage);
    ck_assert(!shows("▸ digital_twin"));
    ck_assert_str_eq(stage.snapshot.card.row.twin, "beta");
    stage_key(&stage, 'k'); /* ends it */
    ck_assert(!shows("FOLLOW"));
    const char *there = stage.snapshot.card.valid ? stage.snapshot.card.row.twin : "";
    ck_assert_str_ne(there, "beta");
    stage_reading(&stage, "beta", "x", "m", -900);
    stage_draw(&stage);
    ck_assert_str_ne(stage.snapshot.card.valid ? stage.snapshot.card.row.twin : "", "beta");
}
END_TEST

START_TEST(an_alarm_behind_the_filter_is_not_followed)
{
    close_stage(); /* one in which nothing has ever been folded */
    stage_open(&stage, 100, 40, false);
    quiet("alpha", 40);
    quiet("beta", 40);
    stage_key(&stage, 't');
    stage_key(&stage, '\\');
    type("alpha");
    stage_key(&stage, KEY_RETURN);
    stage_key(&stage, 'W');
    stage_reading(&stage, "beta", "x", "m", 900);
    stage_draw(&stage);
    ck_assert_str_eq(stage.snapshot.card.row.twin, "alpha");
}
END_TEST

/* By value: who is larger now is seen a second later, not ten times a second. */
START_TEST(rows_stand_still_for_a_second)
{
    stage_key(&stage, 't');
    stage_key(&stage, '>');
    ck_assert_int_eq(stage.snapshot.request.sort, SORT_VALUE);
    int before = stage_find(&stage, "pump3/x");
    batch_reset(&stage.batch);
    build_reading(&stage.batch, "site/hall0/pump3", "pump3", "x", "m", 500, stage.now);
    engine_ingest(stage.engine, &stage.batch);
    stage.now += TIMESTAMP_SECOND / 2;
    stage_draw(&stage);
    ck_assert_int_eq(stage_find(&stage, "pump3/x"), before);
    stage.now += TIMESTAMP_SECOND;
    stage_draw(&stage);
    ck_assert_int_lt(stage_find(&stage, "pump3/x"), before);
    /* A key of its own holds at once. */
    stage_key(&stage, 'I');
    ck_assert_int_gt(stage_find(&stage, "pump3/x"), before);
}
END_TEST

Suite *tree_suite(void)
{
    Suite *suite = suite_create("tree");
    TCase *arranging = tcase_create("arranging"), *searching = tcase_create("searching");
    tcase_add_checked_fixture(arranging, start, stop);
    tcase_set_timeout(arranging, 60);
    tcase_add_test(arranging, a_mended_tree_is_a_new_tree);
    tcase_add_test(arranging, with_many_series_sums_come_within_some_frames);
    suite_add_tcase(suite, arranging);
    tcase_add_checked_fixture(searching, open_stage, close_stage);
    tcase_add_test(searching, a_search_opens_folds);
    tcase_add_test(searching, the_next_match_may_be_folded);
    tcase_add_test(searching, the_selection_follows_alarms);
    tcase_add_test(searching, an_alarm_behind_the_filter_is_not_followed);
    tcase_add_test(searching, rows_stand_still_for_a_second);
    suite_add_tcase(suite, searching);
    return suite;
}
