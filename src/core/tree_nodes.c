#include "core/tree_nodes.h"

#include <stdlib.h>
#include <string.h>

#include "core/snapshot_order.h"
#include "core/text.h"
#include "core/xalloc.h"

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

uint32_t tree_nodes_find(const struct tree *tree, const char *path, size_t len)
{
    struct wanted wanted = {tree, path, len};
    uint32_t node = hash_find(&tree->hash, hash_path(path, len), same_path, &wanted);
    return node == HASH_NONE ? TREE_ROOT : node;
}

uint32_t tree_nodes_make(struct tree *tree, const char *path, size_t len)
{
    uint32_t node = tree_nodes_find(tree, path, len);
    if (node != TREE_ROOT)
        return node;
    size_t up = len;
    while (up > 0 && path[up - 1] != '/')
        up--;
    uint32_t parent = up > 1 ? tree_nodes_make(tree, path, up - 1) : TREE_ROOT;
    if (tree->count == tree->room) {
        tree->room = tree->room > 0 ? 2 * tree->room : 64;
        tree->nodes = xrealloc(tree->nodes, tree->room * sizeof *tree->nodes);
        tree->sorted = xrealloc(tree->sorted, tree->room * sizeof *tree->sorted);
        tree->touched = xrealloc(tree->touched, tree->room * sizeof *tree->touched);
        tree->groups = xrealloc(tree->groups, tree->room * sizeof *tree->groups);
        tree->told = xrealloc(tree->told, tree->room * sizeof *tree->told);
    }
    tree->nodes[tree->count] =
        (struct tree_node){.path = path, .len = (uint32_t)len, .parent = parent};
    hash_add(&tree->hash, hash_path(path, len), tree->count);
    return tree->count++;
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

void tree_nodes_sort(struct tree *tree)
{
    uint32_t fresh = tree->count - tree->sorted_count, old = tree->sorted_count, to = tree->count;
    if (fresh == 0)
        return;
    /* New nodes are sorted among themselves and merged, the last first. */
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
    for (uint32_t i = 0; i < tree->count; i++)
        tree->nodes[tree->sorted[i]].place = i;
    free(added);
}
