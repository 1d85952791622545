#include "daemon/ahead.h"

#include <stdlib.h>
#include <uv.h>

#include "feeds/base/mem.h"

struct ahead {
	uv_thread_t thread;
	int root;
	struct scan_rules rules;
	struct scan_result result;
	struct err err;
	int rc;
};

static void run(void *arg)
{
	struct ahead *ahead = arg;

	ahead->rc = scan_run(ahead->root, &ahead->rules, &ahead->result, &ahead->err);
}

struct ahead *ahead_start(const struct site *site, bool stamps)
{
	struct ahead *ahead = mem_zalloc(1, sizeof(*ahead));

	ahead->root = site->content;
	ahead->rules = site->scan;
	ahead->rules.stamps = stamps;
	if (uv_thread_create(&ahead->thread, run, ahead) == 0)
		return ahead;
	free(ahead);
	return NULL;
}

int ahead_take(struct ahead *take_ahead, struct scan_result *out, struct err *err)
{
	int rc;

	(void)uv_thread_join(&take_ahead->thread); /* it is joined once */
	rc = take_ahead->rc;
	*out = take_ahead->result;
	if (rc < 0)
		*err = take_ahead->err;
	free(take_ahead);
	return rc;
}

void ahead_drop(struct ahead *take_ahead)
{
	struct scan_result result;
	struct err ignored;

	if (!take_ahead)
		return;
	(void)ahead_take(take_ahead, &result, &ignored); /* nobody wants it any more */
	scan_free(&result);
}
