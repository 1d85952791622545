/* watch_tree: places and numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/watch_tree.h"

static const char *path_of(const struct watch_tree *tree, int32_t wd)
{
	static struct buf path;
	uint32_t node = watch_tree_by_wd(tree, wd);

	buf_free(&path);
	if (!node)
		return "(unknown)";
	return watch_tree_path(tree, node, &path) ? buf_string(&path) : "(adrift)";
}

static uint32_t put(struct watch_tree *tree, const char *path, int32_t wd)
{
	return watch_tree_put(tree, slice_of(path), wd);
}

static void test_places(void **state)
{
	struct watch_tree tree;

	(void)state;
	watch_tree_init(&tree);
	assert_int_equal(tree.len, 1);
	assert_int_equal(tree.unwatched, 1);
	assert_int_equal(put(&tree, "", 1), WATCH_ROOT);
	assert_int_equal(tree.unwatched, 0);
	assert_int_not_equal(put(&tree, "a", 2), WATCH_NONE);
	assert_int_not_equal(put(&tree, "a/b", 3), WATCH_NONE);
	assert_int_not_equal(put(&tree, "a/b/c", 4), WATCH_NONE);
	assert_int_equal(put(&tree, "x/y", 5), WATCH_NONE);
	assert_string_equal(path_of(&tree, 1), "");
	assert_string_equal(path_of(&tree, 4), "a/b/c");
	assert_string_equal(path_of(&tree, 5), "(unknown)");
	/* The same number at another place: moved, with all below. */
	assert_int_not_equal(put(&tree, "z", 3), WATCH_NONE);
	assert_string_equal(path_of(&tree, 4), "z/c");
	assert_int_equal(watch_tree_find(&tree, SLICE("a/b")), WATCH_NONE);
	assert_int_equal(watch_tree_find(&tree, SLICE("z/c")), watch_tree_by_wd(&tree, 4));
	/* Not below itself, as a mount might have it; the root not anywhere. */
	assert_int_equal(put(&tree, "z/c/d", 3), WATCH_NONE);
	assert_int_equal(put(&tree, "a/r", 1), WATCH_NONE);
	assert_string_equal(path_of(&tree, 3), "z");
	/* Another folder at the same place: the old one goes, with all below. */
	assert_int_equal(tree.dropped.len, 0);
	assert_int_not_equal(put(&tree, "z", 9), WATCH_NONE);
	assert_int_equal(tree.dropped.len, 2);
	assert_int_equal(tree.dropped.items[0], 4);
	assert_int_equal(tree.dropped.items[1], 3);
	assert_string_equal(path_of(&tree, 9), "z");
	assert_int_equal(tree.len, 3);
	watch_tree_free(&tree);
}

static void test_unwatched(void **state)
{
	struct watch_tree tree;
	uint32_t node;

	(void)state;
	watch_tree_init(&tree);
	(void)put(&tree, "", 1);
	node = put(&tree, "a", WATCH_NO_WD);
	assert_int_equal(put(&tree, "a", WATCH_NO_WD), node);
	(void)put(&tree, "a/b", 2);
	assert_int_equal(tree.unwatched, 1);
	assert_int_equal(put(&tree, "a", 3), node);
	assert_int_equal(tree.unwatched, 0);
	assert_string_equal(path_of(&tree, 2), "a/b");
	/* Refused where one was watched: that is another folder. */
	(void)put(&tree, "a", WATCH_NO_WD);
	assert_int_equal(tree.dropped.len, 2);
	assert_int_equal(tree.unwatched, 1);
	watch_tree_drop(&tree, watch_tree_find(&tree, SLICE("a")));
	assert_int_equal(tree.unwatched, 0);
	assert_int_equal(tree.len, 1);
	watch_tree_free(&tree);
}

static void test_moves(void **state)
{
	struct watch_tree tree;
	uint32_t a;

	(void)state;
	watch_tree_init(&tree);
	(void)put(&tree, "", 1);
	a = put(&tree, "a", 2);
	(void)put(&tree, "a/b", 3);
	(void)put(&tree, "c", 4);
	watch_tree_detach(&tree, a);
	watch_tree_detach(&tree, a);
	assert_string_equal(path_of(&tree, 3), "(adrift)");
	watch_tree_move(&tree, a, watch_tree_by_wd(&tree, 4), SLICE("a2"));
	assert_string_equal(path_of(&tree, 3), "c/a2/b");
	watch_tree_move(&tree, a, WATCH_ROOT, SLICE("c"));
	assert_string_equal(path_of(&tree, 3), "c/b");
	assert_string_equal(path_of(&tree, 4), "(unknown)");
	watch_tree_move(&tree, a, WATCH_ROOT, SLICE("c"));
	assert_string_equal(path_of(&tree, 3), "c/b");
	/* Another root: all goes, but what was said of it. */
	tree.dropped.len = 0;
	(void)put(&tree, "", 3);
	assert_string_equal(path_of(&tree, 3), "");
	assert_int_equal(tree.len, 1);
	assert_int_equal(tree.dropped.len, 2); /* 2 and 1 */
	(void)put(&tree, "", 3);
	assert_int_equal(tree.dropped.len, 2);
	watch_tree_drop(&tree, WATCH_ROOT);
	assert_int_equal(tree.unwatched, 1);
	watch_tree_free(&tree);
}

/* Against a table of strings, with renames, drops and returns by the thousand. */
enum { FOLDERS = 400, STEPS = 20000, PATH = 512 };

struct model {
	struct place {
		char path[PATH]; /* by number; "" but for the root: not in the tree */
	} places[FOLDERS];
};

static bool is_at_or_below(const char *path, const char *above)
{
	size_t len = strlen(above);

	return strncmp(path, above, len) == 0 && (path[len] == '/' || !path[len] || !len);
}

static void model_drop(struct model *model, const char *place)
{
	char path[PATH];

	(void)snprintf(path, sizeof(path), "%s", place); /* it may be one that goes */
	for (int i = 1; i < FOLDERS; i++)
		if (model->places[i].path[0] && is_at_or_below(model->places[i].path, path))
			model->places[i].path[0] = '\0';
}

static void model_put(struct model *model, const char *path, int wd)
{
	char old[PATH], moved[2 * PATH];
	int there = 0;

	(void)snprintf(old, sizeof(old), "%s", model->places[wd].path);
	if (strcmp(old, path) == 0)
		return;
	for (int i = 1; i < FOLDERS; i++)
		if (strcmp(model->places[i].path, path) == 0)
			there = i;
	if (old[0]) {
		/* Lift it out first: it may have lain below what it replaces. */
		for (int i = 1; i < FOLDERS; i++)
			if (model->places[i].path[0] &&
			    is_at_or_below(model->places[i].path, old)) {
				(void)snprintf(moved, sizeof(moved), "//%s",
				    model->places[i].path + strlen(old));
				(void)snprintf(
				    model->places[i].path, PATH, "%.*s", PATH - 1, moved);
			}
	} else {
		(void)snprintf(model->places[wd].path, PATH, "//");
	}
	if (there)
		model_drop(model, path);
	for (int i = 1; i < FOLDERS; i++)
		if (strncmp(model->places[i].path, "//", 2) == 0) {
			(void)snprintf(
			    moved, sizeof(moved), "%s%s", path, model->places[i].path + 2);
			(void)snprintf(model->places[i].path, PATH, "%.*s", PATH - 1, moved);
		}
}

static void test_model(void **state)
{
	struct model *model = calloc(1, sizeof(*model));
	struct watch_tree tree;
	unsigned seed = 7;
	size_t len;

	(void)state;
	watch_tree_init(&tree);
	(void)put(&tree, "", FOLDERS);
	for (int step = 0; step < STEPS; step++) {
		int wd = 1 + rand_r(&seed) % (FOLDERS - 1), parent = rand_r(&seed) % FOLDERS;
		char path[PATH + 16];

		if (rand_r(&seed) % 16 == 0) {
			if (model->places[wd].path[0]) {
				watch_tree_drop(&tree, watch_tree_by_wd(&tree, wd));
				model_drop(model, model->places[wd].path);
			}
		} else if ((parent == 0 || model->places[parent].path[0]) &&
			   strlen(model->places[parent].path) < 60) {
			const char *above = model->places[parent].path;

			(void)snprintf(path, sizeof(path), "%s%sn%d", above, *above ? "/" : "",
			    rand_r(&seed) % 9);
			if (model->places[wd].path[0] &&
			    is_at_or_below(path, model->places[wd].path) &&
			    strcmp(path, model->places[wd].path) != 0) {
				assert_int_equal(put(&tree, path, wd), WATCH_NONE);
			} else {
				assert_int_not_equal(put(&tree, path, wd), WATCH_NONE);
				model_put(model, path, wd);
			}
		}
		tree.dropped.len = 0;
		if (step % 50)
			continue;
		len = 1;
		for (int i = 1; i < FOLDERS; i++) {
			len += model->places[i].path[0] != '\0';
			assert_string_equal(path_of(&tree, i),
			    model->places[i].path[0] ? model->places[i].path : "(unknown)");
		}
		assert_int_equal(tree.len, len);
	}
	watch_tree_free(&tree);
	free(model);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_unwatched),
	    cmocka_unit_test(test_moves),
	    cmocka_unit_test(test_model),
	};

	return cmocka_run_group_tests_name("watch_tree", tests, NULL, NULL);
}
