#include "core/tree.h"

#include <stdlib.h>
#include <string.h>

#include "core/snapshot_order.h"
#include "core/text.h"
#include "core/xalloc.h"

void tree_fini(struct tree *tree)
{
    free(tree->nodes);
    hash_fini(&tree->hash);
    free(tree->sorted);
    free(tree->leaves);
    free(tree->spare);
    free(tree->homes);
    free(tree->past);
    *tree = (struct tree){0};
}

struct wanted {
    const struct tree *tree;
    const char *path;
    size_t len;
};

static bool same_path(const void *context, uint32_t number)
{
    const struct wanted *wanted = context;
    const struct tree_node *node = &wanted->tree->nodes[number];
    return node->len == wanted->len && memcmp(node->path, wanted->path, wanted->len) == 0;
}

/* FNV-1a: paths share their beginnings, and are no text of their own. */
static uint32_t hash_path(const char *path, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)path[i]) * 16777619u;
    return hash;
}

/* The node of a topic's first len bytes, made when it is new; path must stay. */
static uint32_t find_node(struct tree *tree, const char *path, size_t len)
{
    struct wanted wanted = {tree, path, len};
    uint32_t hash = hash_path(path, len);
    uint32_t node = hash_find(&tree->hash, hash, same_path, &wanted);
    if (node != HASH_NONE)
        return node;
    size_t up = len;
    while (up > 0 && path[up - 1] != '/')
        up--;
    uint32_t parent = up > 1 ? find_node(tree, path, up - 1) : TREE_ROOT;
    if (tree->count == tree->room) {
        tree->room = tree->room > 0 ? 2 * tree->room : 64;
        tree->nodes = xrealloc(tree->nodes, tree->room * sizeof *tree->nodes);
        tree->sorted = xrealloc(tree->sorted, tree->room * sizeof *tree->sorted);
    }
    tree->nodes[tree->count] =
        (struct tree_node){.path = path, .len = (uint32_t)len, .parent = parent};
    hash_add(&tree->hash, hash, tree->count);
    return tree->count++;
}

static uint32_t leaf_of(struct tree *tree, const struct fleet *fleet, uint32_t id)
{
    if (ROW_KIND(id) == ROW_SERIES)
        return tree->leaves[id];
    const char *topic = fleet_twin(fleet, ROW_INDEX(id))->topic;
    return find_node(tree, topic, strlen(topic));
}

static void add_leaves(struct tree *tree, const struct fleet *fleet)
{
    uint32_t total = fleet_series_count(fleet);
    if (total > tree->leaf_room) {
        tree->leaf_room = 2 * total;
        tree->leaves = xrealloc(tree->leaves, tree->leaf_room * sizeof *tree->leaves);
    }
    for (; tree->leaf_count < total; tree->leaf_count++) {
        const char *topic = fleet_series(fleet, tree->leaf_count)->topic;
        tree->leaves[tree->leaf_count] = find_node(tree, topic, strlen(topic));
    }
}

/* A node among its siblings: by the levels' names, numbers in them by value. */
static int compare_paths(const struct tree_node *a, const struct tree_node *b)
{
    char left[TEXT_NAME_BYTES], right[TEXT_NAME_BYTES];
    const char *x = a->path, *x_end = x + a->len, *y = b->path, *y_end = y + b->len;
    while (x < x_end && y < y_end) {
        const char *x_slash = memchr(x, '/', (size_t)(x_end - x));
        const char *y_slash = memchr(y, '/', (size_t)(y_end - y));
        size_t x_len = (size_t)((x_slash ? x_slash : x_end) - x);
        size_t y_len = (size_t)((y_slash ? y_slash : y_end) - y);
        if (x_len != y_len || memcmp(x, y, x_len) != 0) {
            x_len = x_len < sizeof left ? x_len : sizeof left - 1;
            y_len = y_len < sizeof right ? y_len : sizeof right - 1;
            memcpy(left, x, x_len);
            memcpy(right, y, y_len);
            left[x_len] = right[y_len] = '\0';
            int result = natural_compare(left, right);
            if (result != 0)
                return result;
        }
        x += (x_slash ? 1 : 0) + x_len;
        y += (y_slash ? 1 : 0) + y_len;
    }
    if (x < x_end || y < y_end)
        return x < x_end ? 1 : -1;
    return (a->len > b->len) - (a->len < b->len); /* "a" is above "a/" */
}

/* qsort() knows no context, so pointers are sorted rather than numbers. */
static int by_path(const void *a, const void *b)
{
    return compare_paths(*(const struct tree_node *const *)a, *(const struct tree_node *const *)b);
}

/* New nodes are sorted among themselves and merged, the last first. */
static void sort_nodes(struct tree *tree)
{
    uint32_t fresh = tree->count - tree->sorted_count, old = tree->sorted_count, to = tree->count;
    if (fresh == 0)
        return;
    const struct tree_node **added = xmalloc(fresh * sizeof(const struct tree_node *));
    for (uint32_t i = 0; i < fresh; i++)
        added[i] = &tree->nodes[tree->sorted_count + i];
    qsort(added, fresh, sizeof(const struct tree_node *), by_path);
    while (fresh > 0) {
        if (old > 0 && compare_paths(&tree->nodes[tree->sorted[old - 1]], added[fresh - 1]) > 0)
            tree->sorted[--to] = tree->sorted[--old];
        else
            tree->sorted[--to] = (uint32_t)(added[--fresh] - tree->nodes);
    }
    tree->sorted_count = tree->count;
    free(added);
}

static struct tree_node *node_at(const struct tree *tree, uint32_t i)
{
    return &tree->nodes[tree->sorted[i]];
}

static void sum_up(struct tree *tree)
{
    for (uint32_t i = tree->count; i-- > 0;) {
        const struct tree_node *node = node_at(tree, i);
        if (node->parent == TREE_ROOT || node->rows == 0)
            continue;
        tree_add_sums(&tree->nodes[node->parent], node);
    }
}

static void find_homes(struct tree *tree)
{
    for (uint32_t i = 0; i < tree->count; i++) {
        struct tree_node *node = node_at(tree, i);
        if (node->rows > 1) {
            node->home = tree->sorted[i];
            if (node->parent != TREE_ROOT)
                tree->nodes[node->parent].groups++;
        } else {
            node->home = node->parent == TREE_ROOT ? TREE_ROOT : tree->nodes[node->parent].home;
        }
    }
}

/* Only leads to another group. */
static bool is_passage(const struct tree_node *node)
{
    return node->own == 0 && node->groups == 1;
}

static bool is_group(const struct tree *tree, uint32_t number)
{
    const struct tree_node *node = &tree->nodes[number];
    return node->home == number && !is_passage(node);
}

/* Depths and folds, and where each group's own rows begin in the spare list. */
static void place_groups(struct tree *tree, const struct bits *folded)
{
    uint32_t at = tree->root_rows;
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t number = tree->sorted[i];
        struct tree_node *node = &tree->nodes[number];
        node->at = at;
        at += node->own;
        node->above = TREE_ROOT;
        if (node->home != number || node->parent == TREE_ROOT)
            continue;
        const struct tree_node *parent = &tree->nodes[node->parent];
        bool passage = is_passage(parent);
        node->above = passage ? parent->above : node->parent;
        node->depth = passage ? parent->depth : (uint16_t)(parent->depth + 1);
        node->hidden = parent->hidden || (!passage && bits_has(folded, node->parent));
    }
}

static void reserve(uint32_t **list, uint32_t *room, uint32_t count)
{
    if (count <= *room)
        return;
    *room = 2 * count;
    *list = xrealloc(*list, *room * sizeof **list);
}

static void clear_sums(struct tree *tree)
{
    tree->root_rows = 0;
    for (uint32_t i = 0; i < tree->count; i++) {
        struct tree_node *node = &tree->nodes[i];
        node->rows = node->own = node->groups = 0;
        node->depth = 0;
        node->hidden = false;
        node->rate = 0;
        node->heard = 0;
        node->anomalies = 0;
    }
}

/* The headings in order, each with its own rows behind it. */
static uint32_t list_groups(const struct tree *tree, const struct bits *folded, uint32_t *rows)
{
    uint32_t used = tree->root_rows;
    if (used > 0)
        memcpy(rows, tree->spare, used * sizeof *rows);
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t number = tree->sorted[i];
        const struct tree_node *node = &tree->nodes[number];
        if (node->hidden || !is_group(tree, number))
            continue;
        rows[used++] = ROW_ID(ROW_GROUP, number);
        if (bits_has(folded, number) || node->own == 0)
            continue;
        memcpy(rows + used, tree->spare + node->at - node->own, node->own * sizeof *rows);
        used += node->own;
    }
    return used;
}

uint32_t tree_arrange(struct tree *tree, const struct fleet *fleet, const struct bits *folded,
                      timestamp then, uint32_t **rows, uint32_t *room, uint32_t count)
{
    uint32_t root_at = 0, homes_room = tree->spare_room;
    add_leaves(tree, fleet);
    reserve(&tree->homes, &homes_room, count);
    reserve(&tree->spare, &tree->spare_room, count);
    for (uint32_t i = 0; i < count; i++)
        tree->homes[i] = leaf_of(tree, fleet, (*rows)[i]);
    sort_nodes(tree);
    clear_sums(tree);
    for (uint32_t i = 0; i < count; i++)
        tree_count_row(tree, fleet, then, (*rows)[i], &tree->nodes[tree->homes[i]]);
    sum_up(tree);
    find_homes(tree);
    for (uint32_t i = 0; i < count; i++) {
        tree->homes[i] = tree->nodes[tree->homes[i]].home;
        ++*(tree->homes[i] == TREE_ROOT ? &tree->root_rows : &tree->nodes[tree->homes[i]].own);
    }
    place_groups(tree, folded);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t home = tree->homes[i];
        tree->spare[home == TREE_ROOT ? root_at++ : tree->nodes[home].at++] = (*rows)[i];
    }
    reserve(rows, room, count + tree->count);
    return list_groups(tree, folded, *rows);
}

uint32_t tree_above(const struct tree *tree, const struct fleet *fleet, uint32_t id)
{
    if (ROW_KIND(id) == ROW_GROUP)
        return tree->nodes[ROW_INDEX(id)].above;
    struct wanted wanted = {.tree = tree};
    uint32_t leaf;
    if (ROW_KIND(id) == ROW_SERIES) {
        leaf = tree->leaves[id];
    } else {
        wanted.path = fleet_twin(fleet, ROW_INDEX(id))->topic;
        wanted.len = strlen(wanted.path);
        leaf = hash_find(&tree->hash, hash_path(wanted.path, wanted.len), same_path, &wanted);
    }
    return leaf == HASH_NONE ? TREE_ROOT : tree->nodes[leaf].home;
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
