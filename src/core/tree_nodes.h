/* The nodes of a tree of topic levels: found by their path, made when they are new, sorted. Part of
 * tree.c. */
#ifndef DT_CORE_TREE_NODES_H
#define DT_CORE_TREE_NODES_H

#include "core/tree.h"

#include <stddef.h>

/* The node of a topic's first len bytes; TREE_ROOT: none yet. */
uint32_t tree_nodes_find(const struct tree *tree, const char *path, size_t len);

/* The same, made when it is new, and those above it; path must stay. */
uint32_t tree_nodes_make(struct tree *tree, const char *path, size_t len);

/* Puts new nodes in their places. */
void tree_nodes_sort(struct tree *tree);

#endif
