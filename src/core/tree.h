/* The rows of a table as a tree of topic levels: groups that fold, with sums over the rows below
 * them. A group is a topic's beginning, such as "plant/boiler". Levels that only lead to another
 * one are shown with it ("digital_twin/lab/sensor"), and a level with a single row is no group, so
 * that headings tell something. One thread at a time; a zeroed struct is an empty tree. */
#ifndef DT_CORE_TREE_H
#define DT_CORE_TREE_H

#include "core/bits.h"
#include "core/fleet.h"
#include "core/hash.h"

/* What a row of the table shows. Rows are named by a kind and a number: the index of a series or
 * twin in the fleet, of a group in the tree. The name of a series' row is its index. */
enum row_kind { ROW_SERIES, ROW_TWIN, ROW_GROUP };
#define ROW_ID(kind, index) ((uint32_t)(kind) << 30 | (index))
#define ROW_KIND(id) ((enum row_kind)((id) >> 30))
#define ROW_INDEX(id) ((id)&0x3FFFFFFF)
#define ROW_NONE UINT32_MAX

#define TREE_ROOT UINT32_MAX

struct tree_node {
    const char *path; /* somebody's topic, of which len bytes belong to it */
    uint32_t len;
    uint32_t parent;   /* TREE_ROOT: none */
    uint32_t place;    /* in tree.sorted */
    uint32_t arranged; /* the arrangement that the rest is of: rows are below it, or were */
    uint32_t rows;     /* below it */
    uint32_t own;      /* right below it: those whose home it is */
    uint32_t groups;   /* shown right below it */
    uint32_t home;     /* the group that its rows stand in: itself, one above, TREE_ROOT */
    /* Where it is a group: */
    uint32_t above; /* the group that is shown above it */
    uint32_t first,
        at;         /* where its own rows begin in the spare list, and where the next one goes */
    uint16_t depth; /* of its heading; its own rows are one deeper */
    bool hidden;    /* in a fold */
    uint32_t heard; /* rows below it that had been heard of by the moment shown; of these: */
    enum state worst;
    uint32_t worst_row; /* whose it is */
    uint64_t anomalies;
    double rate; /* messages a second: of the topics below it, by their learned periods */
};

/* What a series brings to its group. */
struct tree_leaf {
    uint32_t node; /* of its topic */
    uint32_t home; /* of that, as arranged last with a row for it */
    float rate;
    enum state state;
    uint32_t anomalies;
    bool heard; /* by the moment shown; if not there is no more to it */
};

struct tree {
    struct tree_node *nodes;
    uint32_t count, room;
    struct hash hash;
    uint32_t *sorted; /* parents before children, siblings by name */
    uint32_t sorted_count;
    struct tree_leaf *leaves; /* by series */
    uint32_t leaf_count, leaf_room;
    uint32_t turn;  /* the next series that is asked anew */
    bool stale;     /* the tree was not shown meanwhile: all are asked */
    timestamp then; /* the moment that they have told of; TIMESTAMP_NONE: of now */
    uint32_t arrangement;
    uint64_t arranged_hash; /* of the rows and folds that it is of */
    uint32_t *touched;      /* nodes with rows below them, in the order of sorted */
    uint32_t touched_count;
    uint32_t *groups; /* those that are groups, hidden ones among them */
    uint32_t group_count;
    uint32_t root_rows;
    float *told;     /* scratch, by node: the rate that its group has been told */
    uint32_t *spare; /* the rows by their home */
    uint32_t *homes; /* of each row; scratch */
    uint32_t spare_room;
};

void tree_fini(struct tree *tree);

/* Puts headings (ROW_ID(ROW_GROUP, node)) between count rows, which keep their order within a
 * group, and leaves out what is in a fold. *rows has *room places and may be reallocated. Returns
 * how many rows there are now. folded: nodes. With many series, what groups tell (worst, rate) may
 * be some frames late. then: the moment that it is of; TIMESTAMP_NONE: now. */
uint32_t tree_arrange(struct tree *tree, const struct fleet *fleet, const struct bits *folded,
                      timestamp then, uint32_t **rows, uint32_t *room, uint32_t count);

/* tree_leaf.c: what the series tells at that moment. */
void tree_leaf_ask(struct tree_leaf *leaf, const struct fleet *fleet, const struct series *series,
                   timestamp then);

/* The same rows as if nothing were folded: as many as were arranged last, and tree.group_count. */
uint32_t tree_list_all(const struct tree *tree, uint32_t *rows);

/* The group that a row of a series or twin, or a group's heading, stands in; TREE_ROOT: none. As
 * arranged last. */
uint32_t tree_above(const struct tree *tree, const struct fleet *fleet, uint32_t id);

/* How far a row is indented, in levels. */
unsigned tree_depth(const struct tree *tree, const struct fleet *fleet, uint32_t id);

/* The words of a group's heading: its levels below the group above it. *len gets their bytes. */
const char *tree_name(const struct tree *tree, uint32_t node, size_t *len);

#endif
