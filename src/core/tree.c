#include "core/tree.h"

#include <stdlib.h>
#include <string.h>

#include "core/snapshot_order.h"
#include "core/tree_nodes.h"
#include "core/xalloc.h"

#define RENEWED 4000     /* so many series, or ... */
#define RENEWED_PARTS 16 /* ... such a part of all, are asked anew in one frame */
#define FEW_PARTS 8      /* fewer nodes than this part of all are sorted, not looked for */

void tree_fini(struct tree *tree)
{
    free(tree->nodes);
    hash_fini(&tree->hash);
    free(tree->sorted);
    free(tree->touched);
    free(tree->groups);
    free(tree->told);
    free(tree->leaves);
    free(tree->spare);
    free(tree->homes);
    *tree = (struct tree){0};
}

/* ---- what series tell their groups ---- */

static void add_leaves(struct tree *tree, const struct fleet *fleet)
{
    uint32_t total = fleet_series_count(fleet);
    if (total > tree->leaf_room) {
        tree->leaf_room = 2 * total;
        tree->leaves = xrealloc(tree->leaves, tree->leaf_room * sizeof *tree->leaves);
    }
    for (; tree->leaf_count < total; tree->leaf_count++) {
        const struct series *series = fleet_series(fleet, tree->leaf_count);
        struct tree_leaf *leaf = &tree->leaves[tree->leaf_count];
        leaf->node = tree_nodes_make(tree, series->topic, strlen(series->topic));
        tree_leaf_ask(leaf, fleet, series, tree->then);
    }
}

/* Series are spread over much memory, so many of them are asked in turns. Of a moment they are
 * asked once: it stays as it was. */
static void renew_leaves(struct tree *tree, const struct fleet *fleet, timestamp then)
{
    if (then == tree->then && then != TIMESTAMP_NONE && !tree->stale)
        return;
    tree->stale = tree->stale || then != tree->then;
    tree->then = then;
    uint32_t share = tree->leaf_count / RENEWED_PARTS;
    share = share > RENEWED ? share : RENEWED;
    if (tree->stale || share > tree->leaf_count)
        share = tree->leaf_count;
    tree->stale = false;
    for (uint32_t i = 0; i < share; i++, tree->turn++) {
        if (tree->turn >= tree->leaf_count)
            tree->turn = 0;
        tree_leaf_ask(&tree->leaves[tree->turn], fleet, fleet_series(fleet, tree->turn), then);
    }
}

static struct tree_leaf leaf_of(struct tree *tree, const struct fleet *fleet, uint32_t id)
{
    if (ROW_KIND(id) == ROW_SERIES)
        return tree->leaves[id];
    const struct twin *twin = fleet_twin(fleet, ROW_INDEX(id));
    uint32_t node = tree_nodes_make(tree, twin->topic, strlen(twin->topic));
    return (struct tree_leaf){.node = node,
                              .home = tree->nodes[node].home,
                              .state = snapshot_twin_state(twin),
                              .heard =
                                  tree->then == TIMESTAMP_NONE || twin->first_seen <= tree->then};
}

static bool is_worse(enum state state, enum state than)
{
    return snapshot_urgency(state) > snapshot_urgency(than);
}

/* ---- which groups there are: found out anew only when other rows come, or folds change ---- */

static uint64_t mix(uint64_t hash, uint64_t number)
{
    number = (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
    return hash + ((number ^ number >> 29) * UINT64_C(0xBF58476D1CE4E5B9));
}

/* The same whatever the order of the rows. */
static uint64_t hash_of(const struct bits *folded, const uint32_t *rows, uint32_t count)
{
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++)
        hash = mix(hash, rows[i]);
    for (uint32_t i = 0; folded && i < folded->room; i++)
        if (folded->words[i] != 0)
            hash = mix(hash, folded->words[i] ^ (uint64_t)(i + 1) << 32);
    return hash;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Lists the nodes above the rows, parents before children, siblings by name. */
static void touch(struct tree *tree, uint32_t count)
{
    uint32_t *touched = tree->touched, used = 0;
    tree->arrangement++;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t at = tree->homes[i]; at != TREE_ROOT; at = tree->nodes[at].parent) {
            struct tree_node *node = &tree->nodes[at];
            if (node->arranged == tree->arrangement)
                break;
            node->arranged = tree->arrangement;
            node->rows = node->own = node->groups = 0;
            node->depth = 0;
            node->hidden = false;
            touched[used++] = node->place;
        }
        tree->nodes[tree->homes[i]].rows++;
    }
    tree->touched_count = used;
    if (used < tree->count / FEW_PARTS) {
        qsort(touched, used, sizeof *touched, by_number);
        for (uint32_t i = 0; i < used; i++)
            touched[i] = tree->sorted[touched[i]];
        return;
    }
    for (uint32_t i = used = 0; i < tree->count; i++)
        if (tree->nodes[tree->sorted[i]].arranged == tree->arrangement)
            touched[used++] = tree->sorted[i];
}

static void find_homes(struct tree *tree)
{
    for (uint32_t i = tree->touched_count; i-- > 0;) {
        const struct tree_node *node = &tree->nodes[tree->touched[i]];
        if (node->parent != TREE_ROOT)
            tree->nodes[node->parent].rows += node->rows;
    }
    for (uint32_t i = 0; i < tree->touched_count; i++) {
        struct tree_node *node = &tree->nodes[tree->touched[i]];
        struct tree_node *parent = node->parent == TREE_ROOT ? NULL : &tree->nodes[node->parent];
        if (node->rows > 1) {
            node->home = tree->touched[i];
            if (parent)
                parent->groups++;
        } else {
            node->home = parent ? parent->home : TREE_ROOT;
        }
    }
}

/* Only leads to another group. */
static bool is_passage(const struct tree_node *node)
{
    return node->own == 0 && node->groups == 1;
}

/* Depths and folds, and where each group's own rows begin in the spare list. */
static void place_groups(struct tree *tree, const struct bits *folded)
{
    uint32_t first = tree->root_rows;
    tree->group_count = 0;
    for (uint32_t i = 0; i < tree->touched_count; i++) {
        uint32_t number = tree->touched[i];
        struct tree_node *node = &tree->nodes[number];
        if (node->home != number)
            continue;
        node->first = first;
        first += node->own;
        node->above = TREE_ROOT;
        if (!is_passage(node))
            tree->groups[tree->group_count++] = number;
        if (node->parent == TREE_ROOT)
            continue;
        const struct tree_node *parent = &tree->nodes[node->parent];
        bool passage = is_passage(parent);
        node->above = passage ? parent->above : node->parent;
        node->depth = passage ? parent->depth : (uint16_t)(parent->depth + 1);
        node->hidden = parent->hidden || (!passage && bits_has(folded, node->parent));
    }
}

static void find_groups(struct tree *tree, const struct bits *folded, const uint32_t *rows,
                        uint32_t count)
{
    tree_nodes_sort(tree);
    touch(tree, count);
    find_homes(tree);
    tree->root_rows = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t home = tree->nodes[tree->homes[i]].home;
        ++*(home == TREE_ROOT ? &tree->root_rows : &tree->nodes[home].own);
        if (ROW_KIND(rows[i]) == ROW_SERIES)
            tree->leaves[rows[i]].home = home;
    }
    place_groups(tree, folded);
}

/* ---- each time: rows to their groups, and what they bring there ---- */

static void add_to_group(struct tree_node *group, enum state state, uint32_t row)
{
    if (group->heard > 0 && (state == group->worst || !is_worse(state, group->worst)))
        return;
    group->worst = state;
    group->worst_row = row;
}

static void add_leaf(struct tree_node *group, const struct tree_leaf *leaf, uint32_t row)
{
    if (!leaf->heard)
        return;
    add_to_group(group, leaf->state, row);
    group->heard++;
    group->anomalies += leaf->anomalies;
}

static void add_group(struct tree_node *group, const struct tree_node *below)
{
    group->rate += below->rate;
    if (below->heard == 0)
        return;
    add_to_group(group, below->worst, below->worst_row);
    group->heard += below->heard;
    group->anomalies += below->anomalies;
}

/* Each row behind the others of its group. Series of one topic share its messages. */
static void deal_rows(struct tree *tree, const struct fleet *fleet, const uint32_t *rows,
                      uint32_t count)
{
    uint32_t root_at = 0;
    for (uint32_t i = 0; i < tree->group_count; i++) {
        struct tree_node *group = &tree->nodes[tree->groups[i]];
        group->at = group->first;
        group->worst = STATE_OK;
        group->heard = 0;
        group->anomalies = 0;
        group->rate = 0;
    }
    memset(tree->told, 0, tree->count * sizeof *tree->told);
    for (uint32_t i = 0; i < count; i++) {
        struct tree_leaf leaf = leaf_of(tree, fleet, rows[i]);
        if (leaf.home == TREE_ROOT) {
            tree->spare[root_at++] = rows[i];
            continue;
        }
        struct tree_node *group = &tree->nodes[leaf.home];
        float more = leaf.rate - tree->told[leaf.node];
        if (more > 0)
            tree->told[leaf.node] = leaf.rate;
        tree->spare[group->at++] = rows[i];
        add_leaf(group, &leaf, rows[i]);
        group->rate += more > 0 ? more : 0;
    }
    for (uint32_t i = tree->group_count; i-- > 0;) {
        const struct tree_node *group = &tree->nodes[tree->groups[i]];
        if (group->above != TREE_ROOT)
            add_group(&tree->nodes[group->above], group);
    }
}

static void reserve(uint32_t **list, uint32_t *room, uint32_t count)
{
    if (count <= *room)
        return;
    *room = 2 * count;
    *list = xrealloc(*list, *room * sizeof **list);
}

/* The headings in order, each with its own rows behind it; folded NULL: as if nothing were. */
static uint32_t list_groups(const struct tree *tree, const struct bits *folded, uint32_t *rows)
{
    uint32_t used = tree->root_rows;
    if (used > 0)
        memcpy(rows, tree->spare, used * sizeof *rows);
    for (uint32_t i = 0; i < tree->group_count; i++) {
        uint32_t number = tree->groups[i];
        const struct tree_node *node = &tree->nodes[number];
        if (folded && node->hidden)
            continue;
        rows[used++] = ROW_ID(ROW_GROUP, number);
        if ((folded && bits_has(folded, number)) || node->own == 0)
            continue;
        memcpy(rows + used, tree->spare + node->first, node->own * sizeof *rows);
        used += node->own;
    }
    return used;
}

uint32_t tree_arrange(struct tree *tree, const struct fleet *fleet, const struct bits *folded,
                      timestamp then, uint32_t **rows, uint32_t *room, uint32_t count)
{
    uint32_t homes_room = tree->spare_room;
    renew_leaves(tree, fleet, then);
    add_leaves(tree, fleet);
    reserve(&tree->homes, &homes_room, count);
    reserve(&tree->spare, &tree->spare_room, count);
    uint64_t hash = hash_of(folded, *rows, count);
    if (hash != tree->arranged_hash || tree->arrangement == 0) {
        for (uint32_t i = 0; i < count; i++)
            tree->homes[i] = leaf_of(tree, fleet, (*rows)[i]).node;
        find_groups(tree, folded, *rows, count);
        tree->arranged_hash = hash;
    }
    if (count > 0)
        deal_rows(tree, fleet, *rows, count);
    reserve(rows, room, count + tree->count);
    return list_groups(tree, folded, *rows);
}

uint32_t tree_list_all(const struct tree *tree, uint32_t *rows)
{
    return list_groups(tree, NULL, rows);
}

/* ---- questions ---- */

/* What is filtered out stands where it would stand. */
static uint32_t home_of(const struct tree *tree, uint32_t node)
{
    while (node != TREE_ROOT && tree->nodes[node].arranged != tree->arrangement)
        node = tree->nodes[node].parent;
    return node == TREE_ROOT ? TREE_ROOT : tree->nodes[node].home;
}

uint32_t tree_above(const struct tree *tree, const struct fleet *fleet, uint32_t id)
{
    if (ROW_KIND(id) == ROW_SERIES)
        return home_of(tree, tree->leaves[id].node);
    if (ROW_KIND(id) == ROW_GROUP) {
        uint32_t home = home_of(tree, ROW_INDEX(id));
        return home == ROW_INDEX(id) ? tree->nodes[home].above : home;
    }
    const char *topic = fleet_twin(fleet, ROW_INDEX(id))->topic;
    return home_of(tree, tree_nodes_find(tree, topic, strlen(topic)));
}

unsigned tree_depth(const struct tree *tree, const struct fleet *fleet, uint32_t id)
{
    if (ROW_KIND(id) == ROW_GROUP)
        return tree->nodes[ROW_INDEX(id)].depth;
    uint32_t above = tree_above(tree, fleet, id);
    return above == TREE_ROOT ? 0 : tree->nodes[above].depth + 1u;
}

const char *tree_name(const struct tree *tree, uint32_t node, size_t *len)
{
    const struct tree_node *group = &tree->nodes[node];
    size_t skip = group->above == TREE_ROOT ? 0 : tree->nodes[group->above].len + 1;
    *len = group->len - skip;
    return group->path + skip;
}
