#include "daemon/watch_tree.h"

#include <assert.h>
#include <string.h>

#include "feeds/base/hash.h"
#include "feeds/base/mem.h"

enum { TABLE_START = 64 };

struct watch_node *watch_tree_node(const struct watch_tree *tree, uint32_t node)
{
	return &tree->nodes.items[node];
}

static uint32_t hash_wd(int32_t wd)
{
	return (uint32_t)wd * 2654435769u >> 7;
}

static uint32_t hash_name(uint32_t parent, struct slice name)
{
	return (uint32_t)hash_of(name, parent);
}

static uint32_t *head_wd(const struct watch_tree *tree, int32_t wd)
{
	return &tree->by_wd[hash_wd(wd) & (tree->table_len - 1)];
}

static uint32_t *head_name(const struct watch_tree *tree, uint32_t parent, struct slice name)
{
	return &tree->by_name[hash_name(parent, name) & (tree->table_len - 1)];
}

static void chain_wd(struct watch_tree *tree, uint32_t node, int32_t wd)
{
	struct watch_node *at = watch_tree_node(tree, node);

	at->wd = wd;
	if (wd == WATCH_NO_WD) {
		tree->unwatched++;
	} else {
		at->next_by_wd = *head_wd(tree, wd);
		*head_wd(tree, wd) = node;
	}
}

static void unchain_wd(struct watch_tree *tree, uint32_t node)
{
	struct watch_node *at = watch_tree_node(tree, node);
	uint32_t *link;

	if (at->wd == WATCH_NO_WD) {
		tree->unwatched--;
		return;
	}
	for (link = head_wd(tree, at->wd); *link != node;)
		link = &watch_tree_node(tree, *link)->next_by_wd;
	*link = at->next_by_wd;
}

/* Among the children of its parent. */
static void attach(struct watch_tree *tree, uint32_t node, uint32_t parent)
{
	struct watch_node *at = watch_tree_node(tree, node), *above = watch_tree_node(tree, parent);
	uint32_t *head = head_name(tree, parent, slice_of(at->name));

	at->parent = parent;
	at->next_by_name = *head;
	*head = node;
	at->previous = WATCH_NONE;
	at->next = above->child;
	if (at->next)
		watch_tree_node(tree, at->next)->previous = node;
	above->child = node;
}

void watch_tree_detach(struct watch_tree *tree, uint32_t node)
{
	struct watch_node *at = watch_tree_node(tree, node);
	uint32_t *link;

	if (!at->parent)
		return;
	for (link = head_name(tree, at->parent, slice_of(at->name)); *link != node;)
		link = &watch_tree_node(tree, *link)->next_by_name;
	*link = at->next_by_name;
	if (at->next)
		watch_tree_node(tree, at->next)->previous = at->previous;
	if (at->previous)
		watch_tree_node(tree, at->previous)->next = at->next;
	else
		watch_tree_node(tree, at->parent)->child = at->next;
	at->parent = at->next = at->previous = WATCH_NONE;
}

/* As many chains as there are nodes. */
static void grow_tables(struct watch_tree *tree)
{
	tree->table_len = tree->table_len ? tree->table_len * 2 : TABLE_START;
	free(tree->by_wd);
	free(tree->by_name);
	tree->by_wd = mem_zalloc(tree->table_len, sizeof(*tree->by_wd));
	tree->by_name = mem_zalloc(tree->table_len, sizeof(*tree->by_name));
	for (uint32_t i = WATCH_ROOT; i < tree->nodes.len; i++) {
		struct watch_node *node = watch_tree_node(tree, i);
		uint32_t *head;

		if (!node->name)
			continue;
		if (node->wd != WATCH_NO_WD) {
			node->next_by_wd = *head_wd(tree, node->wd);
			*head_wd(tree, node->wd) = i;
		}
		if (node->parent) {
			head = head_name(tree, node->parent, slice_of(node->name));
			node->next_by_name = *head;
			*head = i;
		}
	}
}

static uint32_t new_node(struct watch_tree *tree, struct slice name, int32_t wd)
{
	uint32_t node = tree->free_node;

	if (tree->len >= tree->table_len)
		grow_tables(tree);
	if (node) {
		tree->free_node = watch_tree_node(tree, node)->next;
	} else {
		node = (uint32_t)tree->nodes.len;
		vec_push(&tree->nodes, (struct watch_node){0});
	}
	*watch_tree_node(tree, node) = (struct watch_node){.name = mem_dup(name.ptr, name.len)};
	chain_wd(tree, node, wd);
	tree->len++;
	return node;
}

void watch_tree_init(struct watch_tree *tree)
{
	*tree = (struct watch_tree){0};
	vec_push(&tree->nodes, (struct watch_node){0}); /* WATCH_NONE */
	(void)new_node(tree, SLICE(""), WATCH_NO_WD);	/* WATCH_ROOT */
}

void watch_tree_free(struct watch_tree *tree)
{
	for (size_t i = 0; i < tree->nodes.len; i++)
		free(tree->nodes.items[i].name);
	vec_free(&tree->nodes);
	vec_free(&tree->dropped);
	free(tree->by_wd);
	free(tree->by_name);
	*tree = (struct watch_tree){0};
}

uint32_t watch_tree_by_wd(const struct watch_tree *tree, int32_t wd)
{
	uint32_t node = *head_wd(tree, wd);

	while (node && watch_tree_node(tree, node)->wd != wd)
		node = watch_tree_node(tree, node)->next_by_wd;
	return node;
}

uint32_t watch_tree_child(const struct watch_tree *tree, uint32_t parent, struct slice name)
{
	uint32_t node = *head_name(tree, parent, name);

	for (; node; node = watch_tree_node(tree, node)->next_by_name) {
		const struct watch_node *at = watch_tree_node(tree, node);

		if (at->parent == parent && slice_equal_str(name, at->name))
			break;
	}
	return node;
}

uint32_t watch_tree_find(const struct watch_tree *tree, struct slice path)
{
	uint32_t node = WATCH_ROOT;

	for (size_t at = 0; node && at < path.len;) {
		size_t slash = slice_find_byte(path, at, '/');

		node = watch_tree_child(tree, node, slice_sub(path, at, slash));
		at = slash + 1;
	}
	return node;
}

static bool lies_below(const struct watch_tree *tree, uint32_t node, uint32_t above)
{
	while (node && node != above)
		node = watch_tree_node(tree, node)->parent;
	return node == above;
}

/* A node without children goes. */
static void remove_leaf(struct watch_tree *tree, uint32_t node)
{
	struct watch_node *at = watch_tree_node(tree, node);

	if (at->wd != WATCH_NO_WD)
		vec_push(&tree->dropped, at->wd);
	unchain_wd(tree, node);
	if (node == WATCH_ROOT) {
		chain_wd(tree, node, WATCH_NO_WD);
		return;
	}
	watch_tree_detach(tree, node);
	free(at->name);
	*at = (struct watch_node){.next = tree->free_node};
	tree->free_node = node;
	tree->len--;
}

void watch_tree_drop(struct watch_tree *tree, uint32_t node)
{
	uint32_t at = node;

	for (;;) {
		struct watch_node *here = watch_tree_node(tree, at);
		uint32_t above = here->parent;

		if (here->child) {
			at = here->child;
			continue;
		}
		remove_leaf(tree, at);
		if (at == node)
			break;
		at = above;
	}
}

void watch_tree_move(struct watch_tree *tree, uint32_t node, uint32_t parent, struct slice name)
{
	uint32_t there = watch_tree_child(tree, parent, name);
	struct watch_node *at;

	assert(!lies_below(tree, parent, node));
	if (there == node)
		return;
	watch_tree_detach(tree, node);
	if (there)
		watch_tree_drop(tree, there);
	at = watch_tree_node(tree, node);
	free(at->name);
	at->name = mem_dup(name.ptr, name.len);
	attach(tree, node, parent);
}

/* Another root: nothing that was known before lies below it, detached nodes aside. */
static uint32_t put_root(struct watch_tree *tree, int32_t wd)
{
	uint32_t known = wd == WATCH_NO_WD ? WATCH_NONE : watch_tree_by_wd(tree, wd);

	if (known == WATCH_ROOT)
		return WATCH_ROOT;
	if (known) {
		watch_tree_drop(tree, known);
		tree->dropped.len--; /* but not this number itself, which came last */
	}
	watch_tree_drop(tree, WATCH_ROOT);
	unchain_wd(tree, WATCH_ROOT);
	chain_wd(tree, WATCH_ROOT, wd);
	return WATCH_ROOT;
}

uint32_t watch_tree_put(struct watch_tree *tree, struct slice path, int32_t wd)
{
	size_t slash = path.len;
	uint32_t parent, there, known;
	struct slice name;

	if (path.len == 0)
		return put_root(tree, wd);
	while (slash > 0 && path.ptr[slash - 1] != '/')
		slash--;
	name = slice_from(path, slash);
	parent = watch_tree_find(tree, slice_sub(path, 0, slash ? slash - 1 : 0));
	if (!parent)
		return WATCH_NONE;
	known = wd == WATCH_NO_WD ? WATCH_NONE : watch_tree_by_wd(tree, wd);
	if (known && lies_below(tree, parent, known))
		return WATCH_NONE;
	if (known) {
		watch_tree_move(tree, known, parent, name);
		return known;
	}
	there = watch_tree_child(tree, parent, name);
	if (there && watch_tree_node(tree, there)->wd == WATCH_NO_WD) {
		/* Known, not watched until now, or still not. */
		unchain_wd(tree, there);
		chain_wd(tree, there, wd);
		return there;
	}
	if (there)
		watch_tree_drop(tree, there); /* another folder stands there now */
	there = new_node(tree, name, wd);
	attach(tree, there, parent);
	return there;
}

bool watch_tree_path(const struct watch_tree *tree, uint32_t node, struct buf *out)
{
	VEC(uint32_t) way = VEC_INIT;
	uint32_t at = node;

	while (watch_tree_node(tree, at)->parent) {
		vec_push(&way, at);
		at = watch_tree_node(tree, at)->parent;
	}
	if (at == WATCH_ROOT)
		for (size_t i = way.len; i-- > 0;) {
			buf_puts(out, watch_tree_node(tree, way.items[i])->name);
			if (i)
				buf_putc(out, '/');
		}
	vec_free(&way);
	return at == WATCH_ROOT;
}
