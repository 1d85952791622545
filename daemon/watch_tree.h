/*
 * watch_tree: the folders that are watched, by place and by the kernel's number.
 *
 * A node knows its parent and its own name, so that a rename changes one node
 * whatever lies below it. The root is always there. A node that was renamed to
 * a place not yet known is detached: it, and all below, has no path until it
 * is put somewhere. What is dropped, or pushed out of its place by another
 * folder, leaves its numbers in `dropped`: the kernel is to be told.
 *
 * Some 80 bytes for a folder. Only memory; no thread of its own, no lock.
 */
#ifndef DAEMON_WATCH_TREE_H
#define DAEMON_WATCH_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "feeds/base/buf.h"
#include "feeds/base/slice.h"
#include "feeds/base/vec.h"

enum {
	WATCH_NONE = 0, /* no node */
	WATCH_ROOT = 1,
	WATCH_NO_WD = -1, /* in the tree, but not watched */
};

struct watch_node {
	uint32_t parent; /* WATCH_NONE: the root, or detached */
	uint32_t child;	 /* the first one */
	uint32_t next, previous;
	uint32_t next_by_wd, next_by_name; /* chains of the tables */
	int32_t wd;
	bool moved; /* for the user: its folder told that it is moved, itself not yet */
	char *name; /* NULL: free */
};

struct watch_tree {
	VEC(struct watch_node) nodes;
	uint32_t *by_wd, *by_name; /* heads of chains; `table_len` each, a power of two */
	uint32_t table_len;
	uint32_t free_node; /* chained by `next` */
	size_t len, unwatched;
	VEC(int32_t) dropped; /* for the user to empty */
};

void watch_tree_init(struct watch_tree *tree);
void watch_tree_free(struct watch_tree *tree);

struct watch_node *watch_tree_node(const struct watch_tree *tree, uint32_t node);
/* Or WATCH_NONE. */
uint32_t watch_tree_by_wd(const struct watch_tree *tree, int32_t wd);
uint32_t watch_tree_child(const struct watch_tree *tree, uint32_t parent, struct slice name);
/* The node of a path; "" is the root. */
uint32_t watch_tree_find(const struct watch_tree *tree, struct slice path);

/*
 * The folder at `path` has this number (or WATCH_NO_WD): a new node, or one
 * that moves here with all below it since the number is known. WATCH_NONE, and
 * nothing done, when the folder above is not known, or lies below this one.
 */
uint32_t watch_tree_put(struct watch_tree *tree, struct slice path, int32_t wd);
/* Put a node, with all below it, under a parent that does not lie below it. */
void watch_tree_move(struct watch_tree *tree, uint32_t node, uint32_t parent, struct slice name);
void watch_tree_detach(struct watch_tree *tree, uint32_t node);
/* Take a node and all below it away; of the root, only what is below and its number. */
void watch_tree_drop(struct watch_tree *tree, uint32_t node);

/* Append the path of a node, "" for the root; false, and nothing appended, when it has none. */
bool watch_tree_path(const struct watch_tree *tree, uint32_t node, struct buf *out);

#endif
