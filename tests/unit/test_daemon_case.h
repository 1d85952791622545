/*
 * A library of its own in a test: settings as text, articles as they are given, and a state
 * in a folder that goes with it.
 */
#ifndef TESTS_UNIT_TEST_DAEMON_CASE_H
#define TESTS_UNIT_TEST_DAEMON_CASE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/library.h"
#include "feeds/base/toml.h"

enum { CASE_NOW = 100 }; /* Unix seconds, when it is loaded */

struct library_case {
	char dir[64];
	struct site site;
	struct library library;
	VEC(struct index_change) changes; /* of the next update */
};

static inline struct config *case_config(const char *settings)
{
	struct value_rules rules = {.max_bytes = 65536, .max_nodes = 1000};
	struct diags diags = DIAGS_INIT;
	struct arena arena = ARENA_INIT;
	struct config *config;
	struct value *root;
	struct err err;

	if (toml_parse(slice_of(settings), &rules, &arena, &root, &err) < 0)
		fail_msg("%s", err.text);
	config = config_parse(root, &diags);
	if (!config)
		fail_msg("%s", diags.items[0].text);
	diags_free(&diags);
	arena_free(&arena);
	return config;
}

static inline void case_load(struct library_case *c)
{
	struct state *state;
	bool damaged;
	pid_t holder;
	struct err err;

	if (state_open(c->dir, &state, &holder, &damaged, &err) < 0)
		fail_msg("%s", err.text);
	library_start(&c->library, &c->site, state, false);
	if (library_load(&c->library, CASE_NOW, &err) < 0)
		fail_msg("%s", err.text);
}

static inline void case_start(struct library_case *c, const char *settings)
{
	*c = (struct library_case){.dir = "/tmp/feedd-library-XXXXXX",
	    .site = {.content = -1, .output = -1, .state_path = c->dir}};
	assert_non_null(mkdtemp(c->dir));
	c->site.config = case_config(settings);
	c->site.output_path = c->dir;
	case_load(c);
}

/* Nothing more is saved, and all that is in memory is forgotten. */
static inline void case_crash(struct library_case *c)
{
	state_close(library_close(&c->library));
	case_load(c);
}

static inline int case_remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void case_end(struct library_case *c)
{
	vec_free(&c->changes);
	state_close(library_close(&c->library));
	config_free(c->site.config);
	assert_int_equal(nftw(c->dir, case_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* What the next update brings: the article at this path, new or another than it was. */
static inline void case_put(struct library_case *c, const struct article *article)
{
	struct article full = *article;
	struct index_change change = {index_find(&c->library.index, article->path), NULL};

	if (!full.id.len)
		full.id = full.path;
	if (!full.url.len)
		full.url = full.path;
	if (!full.title.len)
		full.title = full.path;
	if (!full.updated)
		full.updated = full.published;
	change.take_new = article_pack(&full);
	vec_push(&c->changes, change);
}

static inline void case_remove(struct library_case *c, const char *path)
{
	struct index_change change = {index_find(&c->library.index, slice_of(path)), NULL};

	assert_non_null(change.old_article);
	vec_push(&c->changes, change);
}

static inline void case_apply(struct library_case *c, int64_t now)
{
	struct index_delta delta;

	library_apply(&c->library, c->changes.items, c->changes.len, now, &delta);
	index_delta_free(&delta);
	c->changes.len = 0;
	c->library.fresh = false; /* as a build does */
}

#endif
